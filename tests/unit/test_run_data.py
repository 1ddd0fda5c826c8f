"""A run is whole without its data, and never goes on with other data unasked."""

import json
import shutil
import warnings

import numpy as np
import pytest

from gan_core import data
from gan_core.archive import pack
from gan_core.cli import main
from gan_core.data import record
from gan_core.errors import DataError, RunError
from gan_core.explore.explorer import At, Explorer
from gan_core.export.model_card import model_card
from gan_core.lab import Lab
from gan_core.runs.records import State
from gan_core.tasks import grids, run_data

SMALL = {"width": 8, "latent_dim": 6, "batch_size": 8, "num_steps": 2}


def numbers(own, count=80):
    """Images whose brightness tells their label, and the labels."""
    labels = np.array(own)[np.arange(count) % len(own)]
    noise = np.random.default_rng(0).integers(0, 20, (count, 8, 8), np.uint8)
    level = (np.searchsorted(own, labels) * (230 // len(own))).astype(np.uint8)
    return {"x_train": noise + level[:, None, None], "y_train": labels}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A Lab with a run of two steps on a set of its own with the labels 3, 8 and 20."""
    root = tmp_path_factory.mktemp("whole")
    (root / "data").mkdir()
    names = {"class_names": np.array(["three", "eight", "twenty"])}
    np.savez(root / "data" / "mine.npz", **numbers((3, 8, 20)), **names)
    lab = Lab(root / "runs", root / "data")
    run = lab.create(lab.make_config("fast_gan", "mine", **SMALL), who="test")
    assert lab.make_job(run.id).run() == State.FINISHED
    return lab


@pytest.fixture
def lab(trained, tmp_path):
    """A copy that a test may spoil."""
    for name in ("runs", "data"):
        shutil.copytree(trained.store.root.parent / name, tmp_path / name)
    return Lab(tmp_path / "runs", tmp_path / "data")


@pytest.fixture
def run(lab):
    return lab.store.get(lab.store.ids()[0])


def lose(lab):
    (lab.data_dir / "mine.npz").unlink()


def replace_by(lab, arrays):
    np.savez(lab.data_dir / "mine.npz", **arrays)


@pytest.mark.thorough
def test_the_record_tells_shape_classes_names_and_digest(lab, run):
    kept = json.loads((run.path / "config.json").read_text())["data"]
    assert kept == record.checked(kept)
    assert (kept["image_shape"], kept["kind"]) == ([8, 8, 1], "images")
    assert kept["labels"] == [3, 8, 20]
    assert kept["class_names"] == ["three", "eight", "twenty"]
    assert (kept["num_train"], kept["num_held_out"]) == (71, 9)
    assert kept["digest"] == data.spec("mine", lab.data_dir).digest
    assert kept["origin"] == "mine.npz"  # not where it lies


def test_everything_that_needs_no_image_works_without_the_data(lab, run, tmp_path):
    before, _, _ = lab.open_generator(run.id).sample(6, seed=1)
    lose(lab)
    made, labels, _ = lab.open_generator(run.id).sample(6, seed=1)
    assert np.array_equal(before, made)
    assert labels.tolist() == [3, 8, 20, 3, 8, 20]
    assert lab.class_names(run.id) == ("three", "eight", "twenty")
    assert lab.snapshot(run.id).epoch == pytest.approx(16 / 71)
    assert lab.verdict(run.id).run == run.id
    card = model_card(run, lab.data_dir)
    assert "3 classes (three, eight, twenty)" in card
    assert "71 examples of 8 x 8 x 1" in card
    out = tmp_path / "g.tflite"
    words = ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir)]
    assert main(["export", run.id, "--format", "litert", "--out", str(out), *words]) == 0
    assert main(["sample", run.id, "--class", "8", "--out", str(tmp_path / "s.npz"), *words]) == 0
    assert set(np.load(tmp_path / "s.npz")["labels"]) == {8}
    assert main(["sample", run.id, "--class", "1", "--out", str(tmp_path / "s.npz"), *words]) == 2


def test_the_command_line_refuses_other_data_until_it_is_told(lab, run, capsys):
    replace_by(lab, INVERTED)
    words = ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir), "--steps", "3"]
    assert main(["resume", run.id, *words]) == 2
    assert "other images or labels than" in (err := capsys.readouterr().err)
    assert f"`resume {run.id} --other-data`" in err
    assert main(["resume", run.id, "--other-data", *words]) == 0
    assert run.status().step == 3


def test_explore_works_without_the_data_and_says_where_it_looked(lab, run):
    lose(lab)
    explorer = Explorer(lab)
    facts = explorer.facts(run.id)
    assert facts["class_names"] == ["three", "eight", "twenty"]
    assert (facts["num_train"], facts["image_shape"]) == (71, [8, 8, 1])
    about = explorer.about(At(run.id))
    assert (about["num_classes"], about["epoch"]) == (3, pytest.approx(16 / 71))
    z, rows = np.zeros((1, 6), np.float32), np.eye(3, dtype=np.float32)[:1]
    assert explorer.images(At(run.id), z, rows)[2].shape == (1, 8, 8, 1)
    with pytest.raises(DataError, match=f"`mine` is not on this.*mine.npz in {lab.data_dir}"):
        explorer.neighbours(At(run.id), z, rows)


def test_an_unpacked_run_is_whole_where_the_data_never_were(lab, run, tmp_path):
    packed = pack.export_run(run, tmp_path / "run.zip")
    other = Lab(tmp_path / "there", tmp_path / "nothing")
    moved = pack.import_run(other.store, packed, "test")
    assert moved.header["data"] == run.header["data"]
    _, labels, _ = other.open_generator(moved.id).sample(3, seed=0)
    assert labels.tolist() == [3, 8, 20]
    with pytest.raises(
        DataError, match=f"learned from, is not here. Looked for mine.npz in {tmp_path}/nothing"
    ):
        other.prepare_resume(moved.id, who="test", num_steps=4)


INVERTED = numbers((3, 8, 20))
INVERTED["x_train"] = 255 - INVERTED["x_train"]
SWAPPED = numbers((3, 8, 20))
SWAPPED["y_train"] = np.roll(SWAPPED["y_train"], 1)
OTHERS = {"inverted": INVERTED, "labels swapped": SWAPPED, "other classes": numbers((1, 2, 5))}


@pytest.mark.parametrize("other", OTHERS)
def test_resume_on_other_data_is_refused_until_it_is_allowed(lab, run, other):
    replace_by(lab, OTHERS[other])
    with pytest.raises(DataError, match=r"other images or labels than .*--other-data"):
        lab.prepare_resume(run.id, who="test", num_steps=4)
    assert run.status().num_steps == 2
    assert [e for e in run.events() if "digest" in e] == []
    lab.prepare_resume(run.id, who="test", num_steps=4, other_data=True)
    (event,) = (e for e in run.events() if e.get("about") == "other_data")
    assert event["kind"] == "warning"  # so that every page and the model card tell it
    assert event["digest"] == data.spec("mine", lab.data_dir).digest
    lab.prepare_resume(run.id, who="test", num_steps=5)  # these are its data now
    assert lab.class_names(run.id) == ("three", "eight", "twenty")


def test_a_run_trains_on_with_other_data_and_shows_its_new_images(lab, run):
    before = run.reals_png()
    replace_by(lab, INVERTED)
    refused = lab.make_job(run.id)
    assert refused.run() == State.FAILED  # also where nobody asked before
    assert "other images or labels" in refused.snapshot().error
    lab.prepare_resume(run.id, who="test", num_steps=3, other_data=True)
    assert lab.make_job(run.id).run() == State.FINISHED
    assert run.reals_png() != before
    child = lab.branch(run.id, 3, num_steps=4)
    assert (
        lab.store.get(child.id).header["data"]["digest"] == data.spec("mine", lab.data_dir).digest
    )
    lab.prepare_resume(child.id, who="test")
    early = lab.branch(run.id, 2, num_steps=4)
    with pytest.raises(DataError, match="other images or labels"):
        lab.prepare_resume(early.id, who="test")


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        (numbers((3, 8)), "with 2 classes, but the networks .* with 3 classes"),
        ({"x_train": numbers((3, 8, 20))["x_train"]}, "with no labels, but"),
        ({**numbers((3, 8, 20)), "x_train": np.zeros((80, 12, 12), "u1")}, "12 x 12 x 1 with 3"),
    ],
)
def test_data_that_do_not_fit_the_networks_are_never_allowed(lab, run, arrays, match):
    replace_by(lab, arrays)
    with pytest.raises(DataError, match=match):
        lab.prepare_resume(run.id, who="test", num_steps=4, other_data=True)


def test_recipes_without_classes_take_data_with_other_classes(lab):
    free = lab.create(lab.make_config("mlp_gan", "mine", **SMALL), who="test")
    replace_by(lab, numbers((3, 8)))
    with pytest.raises(DataError, match="other images or labels"):
        lab.prepare_resume(free.id, who="test", num_steps=4)
    lab.prepare_resume(free.id, who="test", num_steps=4, other_data=True)
    assert run_data.load(free, lab.data_dir).spec.class_names == ("3", "8")


def test_the_same_data_packed_anew_are_no_other_data(lab, run):
    with np.load(lab.data_dir / "mine.npz") as found:
        arrays = dict(found)
    arrays["y_train"] = arrays["y_train"].astype(np.int16)
    np.savez_compressed(lab.data_dir / "mine.npz", **arrays)
    lab.prepare_resume(run.id, who="test", num_steps=4)


def test_explore_and_evaluate_do_not_compare_with_other_data(lab, run):
    from gan_core.evaluation.run_evals import run_reference

    explorer = Explorer(lab)
    assert explorer.dataset(run.id).spec.class_names == ("three", "eight", "twenty")
    replace_by(lab, INVERTED)  # while the server goes on
    with pytest.raises(DataError, match="other images or labels"):
        explorer.dataset(run.id)
    with pytest.raises(DataError, match="other images or labels"):
        run_reference(run, lab.data_dir, count=20)


def test_lost_data_are_said_with_where_it_looked(lab, run):
    lose(lab)
    for act in (
        lambda: lab.prepare_resume(run.id, who="test", num_steps=4),
        lambda: run_data.load(run, lab.data_dir),
    ):
        with pytest.raises(
            DataError, match=f"learned from, is not here. Looked for mine.npz in {lab.data_dir}"
        ):
            act()


# ---- pictures stand under their own labels ----


def test_real_images_stand_under_their_own_label(lab, run):
    loaded = run_data.load(run, lab.data_dir)
    plan = grids.plan(
        lab.make_config("fast_gan", "mine"), loaded.spec, labels_used=True, prior="normal"
    )
    assert (
        plan.header(loaded.spec.class_names)["names"]
        == np.repeat(["three", "eight", "twenty"], 3).tolist()
    )
    from gan_core.storage import images

    grid = images.from_png(run.reals_png())
    tiles = images.split_grid(grid, 8, 8).reshape(grids.REAL_ROWS, 9, -1).mean(-1)
    assert np.array_equal(tiles // 76, [[0, 0, 0, 1, 1, 1, 2, 2, 2]] * grids.REAL_ROWS)


def test_explore_sends_a_real_image_of_each_class_in_order(lab, run):
    from starlette.applications import Starlette

    from gan_core.web import explore_routes
    from tests.unit.explore.wire import unpack

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    app = Starlette(routes=explore_routes.make_explore_routes(lambda: lab))
    with TestClient(app, base_url="http://localhost:8501") as client:
        answer = client.get(f"/api/explore/{run.id}/reals?seed=3")
    _, (shown,) = unpack(answer)
    assert shown.shape == (3, 8, 8, 1)
    assert np.array_equal(shown.reshape(3, -1).mean(-1) // 76, [0, 1, 2])


@pytest.mark.parametrize("count", [20, 40])
def test_few_images_without_labels_are_shown_too(tmp_path, count):
    images_ = np.random.default_rng(0).integers(0, 256, (count, 8, 8), np.uint8)
    np.savez(tmp_path / "few.npz", x_train=images_)
    loaded = data.load("few", tmp_path)
    plan = grids.GridPlan(10, 8, (), np.zeros((80, 2), np.float32), None, (8, 8))
    from gan_core.storage import images

    tiles = images.split_grid(images.from_png(grids.real_grid(loaded, plan, 0)), 8, 8)
    known = {image.tobytes() for image in loaded.train}
    assert {tile.tobytes() for tile in tiles} <= known
    assert len({tile.tobytes() for tile in tiles}) == min(20, len(loaded.train))


# ---- runs of before ----


def forget(run):
    """The run as an older version would have made it, with a class for each number up to 20."""
    path = run.path / "config.json"
    header = json.loads(path.read_text())
    del header["data"]
    path.write_text(json.dumps(header))


@pytest.mark.thorough
def test_an_older_run_on_labels_with_gaps_still_opens(lab):
    old = lab.store.create(lab.make_config("fast_gan", "mine", **SMALL).model_dump())
    old.write_status(state="stopped", num_steps=1)
    spec = run_data.spec(old, lab.data_dir)
    assert (spec.num_classes, spec.labels) == (21, tuple(range(21)))
    assert spec.class_names[3:9] == ("three", "4", "5", "6", "7", "eight")
    assert lab.make_job(old.id).run() == State.FINISHED
    loaded = run_data.load(old, lab.data_dir)
    assert set(loaded.train_labels) == {3, 8, 20}
    assert lab.open_generator(old.id).num_classes == 21
    assert Explorer(lab).dataset(old.id).spec.num_classes == 21
    plan = grids.plan(
        lab.make_config("fast_gan", "mine"), loaded.spec, labels_used=True, prior="normal"
    )
    from gan_core.storage import images

    tiles = images.split_grid(images.from_png(grids.real_grid(loaded, plan, 0)), 8, 8)
    shown = {k: tile.any() for k, tile in zip(plan.labels, tiles[: plan.columns], strict=True)}
    assert [k for k, there in shown.items() if there] == [k for k in plan.labels if k in (3, 8, 20)]


def test_an_older_run_falls_back_on_the_data_folder(lab, run):
    header = dict(run.header)
    forget(run)
    run = lab.store.get(run.id)
    assert run_data.spec(run, lab.data_dir).num_classes == 21
    lose(lab)
    with pytest.raises(DataError, match="`mine`, which .* learned from, is not here"):
        run_data.spec(run, lab.data_dir)
    assert lab.class_names(run.id) == ()
    assert header["data"]


# ---- a record of a stranger ----

GOOD = {
    "title": "t", "kind": "images", "image_shape": [8, 8, 1], "labels": [3, 8],
    "class_names": ["a", "b"], "num_train": 5, "num_held_out": 0, "licence": "", "origin": "",
    "digest": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [
        {"title": 5}, {"title": "\x1b[2J"}, {"kind": "sound"}, {"image_shape": [8, 8]},
        {"image_shape": [8, 8, 4]}, {"image_shape": [10**6, 8, 1]}, {"image_shape": [True, 8, 1]},
        {"image_shape": [2]}, {"kind": "points"}, {"labels": [8, 3]}, {"labels": [3, 3]},
        {"labels": [-1, 3]}, {"labels": [3]}, {"labels": "ab"}, {"class_names": ["a", ""]},
        {"class_names": ["a", "b" * 65]}, {"class_names": ["a", 1]}, {"num_train": 0},
        {"num_train": 1.5}, {"num_held_out": -1}, {"digest": "x"}, {"digest": "A" * 32},
        {"origin": "x" * 301}, {"labels": list(range(1001)), "class_names": ["a"] * 1001},
    ],
    ids=str,
)  # fmt: skip
def test_a_record_that_cannot_be_relied_on_is_none(bad):
    assert record.checked(GOOD) == GOOD
    assert record.checked(GOOD | {"more": 1}) == GOOD
    assert record.checked(GOOD | bad) is None


PAIRS = GOOD | {"kind": "pairs", "target_shape": [8, 8, 3]}
SIDES = PAIRS | {"kind": "sides", "num_train_b": 40, "num_held_out_b": 0}


@pytest.mark.parametrize("good", [PAIRS, SIDES], ids=["pairs", "sides"])
def test_a_record_of_two_sets_keeps_both_shapes(good):
    assert record.checked(good | {"more": 1}) == good
    spec = record.spec_of("any", good)
    assert (spec.kind, spec.target_shape) == (good["kind"], (8, 8, 3))
    assert record.checked(record.record(spec)) == good


@pytest.mark.parametrize(
    "bad",
    [
        {"target_shape": []},
        {"target_shape": [2]},
        {"target_shape": [8, 8, 2]},
        {"target_shape": [10**6, 8, 1]},
        {"image_shape": [2]},
        {"kind": "sides"},
        {"kind": ["pairs"]},
        {"kind": "twins"},
    ],
)
def test_a_record_of_pairs_that_cannot_be_relied_on_is_none(bad):
    assert record.checked(PAIRS | bad) is None


@pytest.fixture
def of_derived(tmp_path):
    """A run that says it learned from pairs made of a set of one's own; it was not trained."""
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data" / "mine.npz", **numbers((3, 8)))
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    config = lab.make_config("fast_gan", "mine", **SMALL).replace(dataset="edges_to_mine")
    spec = data.spec("edges_to_mine", lab.data_dir)
    return lab, lab.store.create(config.model_dump(), versions={}, data=record.record(spec))


def test_a_run_on_a_derived_set_is_whole_without_the_set_it_was_made_from(of_derived):
    lab, run = of_derived
    assert len(run_data.load(run, lab.data_dir).splits["held_out"]["target"]) == 8
    assert not run_data.differing(run, data.spec("edges_to_mine", lab.data_dir), lab.data_dir)
    assert "72 pairs of 8 x 8 x 1 -> 8 x 8 x 1" in model_card(run, lab.data_dir)
    lose(lab)
    spec = run_data.spec(run, lab.data_dir)
    assert (spec.kind, spec.target_shape, spec.class_names) == ("pairs", (8, 8, 1), ("3", "8"))
    with pytest.raises(
        DataError, match="`edges_to_mine`, which .* is not here. Looked for mine.npz"
    ):
        run_data.load(run, lab.data_dir)


def test_a_derived_set_of_other_images_or_another_shape_is_other_data(of_derived):
    lab, run = of_derived
    changed = numbers((3, 8))
    np.savez(lab.data_dir / "mine.npz", **changed | {"x_train": 255 - changed["x_train"]})
    with pytest.raises(DataError, match="`edges_to_mine` in .* holds other images or labels"):
        run_data.load(run, lab.data_dir)
    colour = changed["x_train"][..., None].repeat(3, 3)
    np.savez(lab.data_dir / "mine.npz", **changed | {"x_train": colour})
    with pytest.raises(DataError, match="has pairs of 8 x 8 x 1 -> 8 x 8 x 3.* but the networks"):
        run_data.load(run, lab.data_dir)


@pytest.mark.parametrize("found", [None, [], "x", 5, {}, {"title": "t"}])
def test_what_is_no_record_is_none(found):
    assert record.checked(found) is None


def test_a_strangers_record_is_left_out(lab, run, tmp_path):
    path = run.path / "config.json"
    header = json.loads(path.read_text())
    header["data"]["class_names"][0] = {"<script>": 1}
    path.write_text(json.dumps(header))
    packed = pack.export_run(lab.store.get(run.id), tmp_path / "run.zip")
    moved = pack.import_run(Lab(tmp_path / "there").store, packed, "test")
    assert moved.header["data"] is None


def test_a_strangers_run_cannot_ask_for_a_huge_network(lab, run):
    from gan_core.errors import CheckpointError

    path = run.path / "config.json"
    header = json.loads(path.read_text())
    header["data"]["image_shape"] = [256, 256, 3]
    header["config"] |= {"width": 1024, "latent_dim": 4096}
    path.write_text(json.dumps(header))
    with pytest.raises(
        CheckpointError, match="of another network: they are .* numbers, and one for"
    ):
        lab.open_generator(run.id)


def test_a_generator_knows_its_own_labels_only(lab, run):
    from gan_core.errors import ConfigError

    with pytest.raises(ConfigError, match=r"Classes are 3, 8, 20. Received: 1."):
        lab.open_generator(run.id).sample(2, seed=0, label=1)
    with pytest.raises(RunError):
        lab.store.get("00099-fast_gan-mine")
