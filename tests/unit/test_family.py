"""The family of a run: who branched from whom, where, and with which changes."""

import pytest

from gan_core import recipes
from gan_core.runs.family import MOST, family
from gan_core.runs.store import RunStore


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def make(store, parent=None, step=0, **changes):
    settings = recipes.config("toy_mlp", "ring").model_dump() | changes
    link = {"run": parent.id, "step": step, "changes": changes} if parent else None
    return store.create(settings, parent=link)


def shown(store, run):
    return [(m.run.id, m.parent, m.fork) for m in family(store, store.summaries(), run.id)]


def test_every_member_sees_the_same_tree_in_the_order_of_the_forks(store):
    root = make(store)
    late, early = make(store, root, 300, g_lr=0.1), make(store, root, 100, loss="hinge")
    grandchild = make(store, late, 400)
    make(store)  # a stranger
    expected = [
        (root.id, None, 0),
        (early.id, root.id, 100),
        (late.id, root.id, 300),
        (grandchild.id, late.id, 400),
    ]
    for run in (root, late, early, grandchild):
        assert shown(store, run) == expected
    changes = {m.run.id: m.changes for m in family(store, store.summaries(), root.id)}
    assert changes[late.id] == {"g_lr": (root.config["g_lr"], 0.1)}
    assert changes[early.id] == {"loss": (root.config["loss"], "hinge")}
    assert changes[root.id] == {}


def test_a_deleted_parent_leaves_its_branch_a_family_of_its_own(store):
    root = make(store)
    child = make(store, root, 5)
    store.delete(root.id, "test")
    assert shown(store, child) == [(child.id, None, 0)]


@pytest.mark.parametrize(
    "link", [{"run": 7, "step": 1}, {"run": "../x", "step": 1}, {"step": 1}, {"run": "self"}]
)
def test_links_that_make_no_sense_are_no_parents(store, link):
    run = store.create({"recipe": "toy_mlp", "dataset": "ring"}, parent=link)
    assert shown(store, run) == [(run.id, None, 0)]


def test_runs_that_name_each_other_as_parent_end(store):
    one = store.create({}, parent={"run": "00002-run-data", "step": 1})
    two = store.create({}, parent={"run": one.id, "step": 1})
    assert one.id == "00001-run-data"
    assert {m[0] for m in shown(store, one)} == {one.id, two.id}


def test_a_large_family_is_cut(store):
    root = make(store)
    for step in range(MOST + 5):
        make(store, root, step)
    assert len(shown(store, root)) == MOST


def test_a_run_that_is_gone_has_no_family(store):
    assert family(store, store.summaries(), "00009-a-b") == []
