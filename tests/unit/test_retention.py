"""Which checkpoints stay: rules with known answers, the budget, and the warning before it."""

import numpy as np
import pytest

from gan_core.errors import RunError
from gan_core.runs.quality import QualityCache, best_quality
from gan_core.runs.saved import checkpoints, retention
from gan_core.runs.store import RunStore
from gan_core.storage import files

CONFIG = {"recipe": "toy_mlp", "dataset": "ring"}


@pytest.fixture
def run(runs_dir):
    return RunStore(runs_dir).create(CONFIG)


def save(run, *steps, size=1000):
    for step in steps:
        checkpoints.save_checkpoint(run.path, step, {"a": np.zeros(size, np.uint8)}, {})


def measure(run, step, value, *, count=2000, extractor="judge"):
    line = {"step": step, "count": count, "extractor": extractor, "values": {"fd_judge_2k": value}}
    files.append_jsonl(run.path / "evals.jsonl", line)


def steps(run):
    return [info.step for info in checkpoints.list_checkpoints(run.path)]


def test_the_newest_the_best_every_nth_and_the_pinned_stay(run):
    save(run, *range(100, 2600, 100))
    measure(run, 700, 5.0)
    measure(run, 1300, 9.0)
    run.update_notes("test", keep_last=2, keep_every=1000, pinned_steps=[400])
    assert {k.step: k.reasons for k in retention.kept(run) if k.reasons} == {
        100: ("every",),
        400: ("pinned",),
        700: ("best",),
        1000: ("every",),
        2000: ("every",),
        2400: ("newest",),
        2500: ("newest",),
    }
    retention.Keeper(run).tidy(2500)
    assert steps(run) == [100, 400, 700, 1000, 2000, 2400, 2500]


def test_what_every_nth_kept_stays_when_the_rule_is_asked_again(run):
    keeper = retention.Keeper(run)
    run.update_notes("test", keep_last=1, keep_every=50)
    for step in range(7, 300, 7):
        save(run, step)
        keeper.tidy(step)
    assert steps(run) == [7, 56, 105, 154, 203, 252, 294]


def test_a_budget_thins_evenly_and_spares_pinned_and_best(run):
    save(run, *range(100, 1100, 100), size=100_000)
    measure(run, 300, 1.0)
    run.update_notes("test", keep_last=1, keep_every=100, pinned_steps=[200], budget_bytes=10**6)
    other = run.size() - sum(i.bytes for i in checkpoints.list_checkpoints(run.path))
    run.update_notes("test", budget_bytes=10**6)
    (run.path / "filler").write_bytes(bytes(10**6 - 520_000 - other))
    retention.Keeper(run).tidy(1000)
    left = steps(run)
    assert {200, 300, 1000} <= set(left) and 100 in left
    assert run.size() <= 10**6
    assert max(np.diff(left)) <= 700


def test_prune_within_a_budget_leaves_even_gaps(run):
    save(run, *range(100, 1700, 100))
    size = sum(p.stat().st_size for p in (run.path / "checkpoints" / "000100").iterdir())
    checkpoints.prune(run.path, keep_last=1, keep_every=100, budget_bytes=9 * size + 99)
    assert set(np.diff(steps(run))) <= {100, 200}
    assert len(steps(run)) == 9


def test_the_warning_comes_before_the_budget_is_reached_and_once(run):
    run.update_notes("test", budget_bytes=1_000_000)
    keeper = retention.Keeper(run)

    def warnings():
        return [e["text"] for e in run.events() if e["kind"] == "warning"]

    keeper.tidy(1)
    assert warnings() == []
    (run.path / "filler").write_bytes(bytes(850_000))
    keeper.tidy(2)
    keeper.tidy(3)
    assert len(warnings()) == 1 and "of the 1 MB it may take. At the limit older" in warnings()[0]
    (run.path / "filler").write_bytes(b"")
    keeper.tidy(4)
    (run.path / "filler").write_bytes(bytes(1_100_000))
    keeper.tidy(5)
    assert len(warnings()) == 2 and "What is left is the newest, best or pinned" in warnings()[1]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"keep_last": 0}, "`keep_last` in the notes of .* must be 1 to 1,000. Received: 0"),
        ({"keep_every": -1}, "`keep_every` .* must be 0 to"),
        ({"budget_bytes": 5}, "`budget_bytes` .* must be 1,000,000 to"),
        ({"keep_last": "3"}, "`keep_last` .* cannot be '3'"),
    ],
)
def test_rules_out_of_range_are_refused(run, rule, words):
    with pytest.raises(RunError, match=words):
        run.update_notes("test", **rule)


def test_the_best_is_of_one_kind(run):
    cache = QualityCache()
    assert cache.best(run.path) is None and retention.best_step(run) is None
    measure(run, 10, 1.0, count=500)
    measure(run, 20, 8.0)
    measure(run, 30, 7.0)
    files.append_jsonl(run.path / "evals.jsonl", {"step": 9, "values": {"fd_x": 0.1}})
    found = cache.best(run.path)
    assert (found.step, found.value, found.kind) == (30, 7.0, ("judge", 2000))
    measure(run, 40, 6.5)
    assert cache.best(run.path) == best_quality(run.path)
    assert best_quality(run.path).step == 40


def test_nothing_goes_while_notes_cannot_be_read_and_that_is_said_once(run):
    save(run, 100, 200, 300, 400)
    run.update_notes("test", keep_last=1, keep_every=0, pinned_steps=[200], budget_bytes=10**6)
    (run.path / "notes.json").write_bytes(b'{"pinned_steps": [20')
    keeper = retention.Keeper(run)
    assert keeper.tidy(400) == keeper.tidy(400) == []
    assert steps(run) == [100, 200, 300, 400]
    (warning,) = [event for event in run.events() if event["kind"] == "warning"]
    assert "notes.json is damaged" in warning["text"] and "pinned: 200" in warning["text"]
    assert [k.step for k in retention.kept(run) if "pinned" in k.reasons] == [200]
    run.update_notes("test")
    assert sorted(keeper.tidy(400)) == [100, 300] and steps(run) == [200, 400]
