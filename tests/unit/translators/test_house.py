"""The house holds translators: small real runs are trained, resumed, measured, exported and used."""

import io
import json
import warnings
import zipfile

import keras
import numpy as np
import pytest

from gan_core import recipes
from gan_core.cli import main
from gan_core.errors import ConfigError, RunError
from gan_core.evaluation.run_evals import evaluate_run
from gan_core.lab import Lab
from gan_core.runs.quality import best_quality
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.storage import images
from gan_core.training.estimate import checkpoint_bytes
from tests.lent import uncompiled
from tests.unit.translators.conftest import NAMES

SMALL = {"width": 4, "batch_size": 4, "seed": 3}
STEPS, FEW = 6, 2  # of the run of pairs, whose steps are compiled, and of the others
SETS = {
    "fast_pix2pix": "edges_to_digits",
    "fast_cyclegan": "digits_and_paper",
    "fastcut": "digits_and_inverted",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    lab = Lab(folder / "runs", folder / "data")
    yield lab
    lab.shutdown()


def new_run(lab, recipe, steps=STEPS, **settings):
    config = lab.make_config(recipe, SETS[recipe], num_steps=steps, **(SMALL | settings))
    return lab.create(config, who="test")


def train(lab, run):
    job = lab.make_job(run.id, who="test")
    assert job.run() == State.FINISHED, job.snapshot().error
    return run


@pytest.fixture(scope="module")
def paired(lab):
    return train(lab, new_run(lab, "fast_pix2pix"))


@pytest.fixture(scope="module")
def both(lab):
    with uncompiled():
        return train(lab, new_run(lab, "fast_cyclegan", FEW))


@pytest.fixture(scope="module")
def one_way(lab):
    with uncompiled():
        return train(lab, new_run(lab, "fastcut", FEW))


@pytest.fixture(scope="module")
def opened(lab):
    """opened(run): what it trained, at its newest step; opening takes longer than using."""
    translators = {}

    def open_(run):
        if run.id not in translators:
            translators[run.id] = lab.open(run.id)
        return translators[run.id]

    return open_


@pytest.fixture
def folders(lab):
    return ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir)]


def tiles_of(run, step):
    grid = json.loads((run.path / "samples" / "grid.json").read_text())
    pixels = images.from_png(run.sample_png(step))
    tiles = images.split_grid(pixels, *grid["tile"])
    return grid, tiles.reshape(grid["rows"], grid["columns"], *tiles.shape[1:])


@pytest.mark.sampled(2)
@pytest.mark.parametrize("recipe", NAMES)
def test_a_recipe_names_the_networks_that_its_algorithm_shows(recipe, make):
    assert recipes.get(recipe).shown == make(recipe).shown


class TestGrids:
    def test_of_pairs_show_input_output_and_target(self, lab, paired, opened):
        grid, tiles = tiles_of(paired, STEPS)
        assert grid["names"] == ["input", "output", "target"] * 3
        assert (grid["kind"], grid["rows"], grid["columns"]) == ("pairs", 7, 9)
        assert [part["made"] for part in grid["parts"]] == [False, True, False] * 3
        made = images.to_uint8(opened(paired).images(tiles[:, 0]))
        assert np.abs(made.astype(int) - tiles[:, 1]).max() <= 1
        rows = lab.held_out(paired.id, 21)
        np.testing.assert_array_equal(tiles[:, ::3].reshape(21, 28, 28, 1), rows["input"])
        np.testing.assert_array_equal(tiles[:, 2::3].reshape(21, 28, 28, 1), rows["target"])

    @pytest.mark.thorough
    def test_of_sides_show_there_and_back_both_ways(self, both, opened):
        grid, tiles = tiles_of(both, FEW)
        assert grid["names"] == ["a", "to b", "back to a", "b", "to a", "back to b"]
        assert [part["towards"] for part in grid["parts"]] == ["", "b", "a", "", "a", "b"]
        translator = opened(both)
        for first, way, home in ((0, "b", "a"), (3, "a", "b")):
            there = images.to_uint8(translator.images(tiles[:, first], way)).astype(int)
            back = images.to_uint8(translator.images(tiles[:, first + 1], home)).astype(int)
            assert np.abs(there - tiles[:, first + 1]).max() <= 1
            assert np.abs(back - tiles[:, first + 2]).max() <= 1  # made from whole pixels

    @pytest.mark.thorough
    def test_of_one_direction_show_no_way_back(self, one_way):
        assert tiles_of(one_way, FEW)[0]["names"] == ["a", "to b"]

    def test_real_images_stand_beside(self, both):
        reals = images.split_grid(images.from_png(both.reals_png()), 28, 28)
        assert len(reals) == 6 and reals[:3].mean() > 128 > reals[3:].mean()  # paper, then digits


class TestTrained:
    def test_held_out_rows_are_of_all_classes(self, lab, paired, both):
        rows = lab.held_out(paired.id, 20)
        assert sorted(rows["labels"].tolist()) == sorted([*range(10)] * 2)
        assert lab.held_out(both.id, 10, "a")["labels"].tolist() == [*range(10)]
        assert set(lab.held_out(both.id, 10)) == {"input", "target", "labels"}

    def test_it_knows_its_ways(self, lab, paired, both, one_way):
        assert lab.ways(paired.id) == {"target": "input to target"}
        assert lab.ways(both.id) == {"b": "a to b", "a": "b to a"}
        assert lab.ways(one_way.id) == {"b": "a to b"}
        assert lab.open_translator(paired.id, towards="b").towards == "target"
        assert lab.open_translator(both.id, towards="a").what == "translator (b to a)"

    def test_a_way_that_there_is_not_is_refused(self, lab, paired, one_way):
        with pytest.raises(ConfigError, match="does not translate towards `a`.*`b` .a to b."):
            lab.open_translator(one_way.id, towards="a")
        with pytest.raises(ConfigError, match="Allowed: `target`"):
            lab.open_translator(paired.id).images(np.zeros((1, 28, 28, 1), np.uint8), "x" * 99)

    def test_its_two_networks_differ(self, both, opened):
        x = np.random.default_rng(0).uniform(-1, 1, (2, 28, 28, 3)).astype("f4")
        translator = opened(both)
        assert not np.allclose(translator.images(x, "b"), translator.images(x, "a"))

    @pytest.mark.parametrize("size", [(28, 28), (29, 40), (64, 31), (9, 12), (1, 1)])
    def test_pictures_of_any_size_keep_it(self, paired, both, size, opened):
        x = np.random.default_rng(0).integers(0, 256, (2, *size, 1), np.uint8)
        assert opened(paired).images(x).shape == (2, *size, 1)
        colour = np.repeat(x, 3, axis=3)
        assert opened(both).images(colour, "a").shape == (2, *size, 3)

    def test_a_fitting_size_goes_through_as_it_is(self, paired, opened):
        translator = opened(paired)
        x = np.random.default_rng(0).uniform(-1, 1, (1, 56, 32, 1)).astype("f4")
        direct = np.asarray(translator.models["target"](x, training=False))
        np.testing.assert_allclose(translator.images(x), direct, atol=1e-5)

    def test_a_padded_picture_is_the_middle_of_its_mirrored_self(self, paired, opened):
        translator = opened(paired)
        x = np.random.default_rng(0).uniform(-1, 1, (1, 30, 34, 1)).astype("f4")
        whole = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")  # 32 x 36
        direct = np.asarray(translator.models["target"](whole, training=False))
        np.testing.assert_allclose(translator.images(x), direct[:, 1:31, 1:35], atol=1e-5)

    @pytest.mark.parametrize(
        ("pictures", "words"),
        [
            (
                np.zeros((1, 28, 28, 3), np.uint8),
                r"\[N, H, W, 1\]. Received: uint8 \[1, 28, 28, 3\]",
            ),
            (np.zeros((28, 28, 1), np.uint8), r"Received: uint8 \[28, 28, 1\]"),
            (np.full((1, 28, 28, 1), 2.0), "numbers outside"),
            (np.full((1, 28, 28, 1), np.nan), "numbers outside"),
            (np.zeros((1, 28, 28, 1), bool), "Received: bool"),
            (np.zeros((1, 0, 28, 1), np.uint8), "28 x 0"),
        ],
    )
    def test_pictures_of_another_kind_are_refused(self, paired, pictures, words, opened):
        with pytest.raises(ConfigError, match=words):
            opened(paired).images(pictures)

    def test_other_tasks_say_how_they_are_used(self, lab, paired):
        with pytest.raises(RunError, match=f"translate {paired.id} --in FILE"):
            lab.open_generator(paired.id)
        config = lab.make_config("toy_mlp", "ring", num_steps=1, width=4)
        run = lab.create(config, who="test")
        with pytest.raises(RunError, match=f"does not translate.*sample {run.id} --out"):
            lab.open_translator(run.id)
        assert lab.ways(run.id) == {}


class TestMeasured:
    def test_a_run_of_pairs(self, lab, paired):
        found = evaluate_run(paired, lab.data_dir, count=40)
        line = lab.evals(paired.id)[-1]
        assert line["count"] == 40
        assert line["values"]["l1"] == pytest.approx(found.values["l1"])
        assert set(line["beside"]) == {"input", "mean"} and line["real"]["l1"] == 0.0
        assert 0.3 < line["beside"]["input"]["class_kept"] < 0.6 < line["real"]["class_kept"]
        best = best_quality(paired.path)
        assert (best.value, best.step) == (found.values["fd_judge_40"], STEPS)
        assert best.rank == pytest.approx(found.values["l1"])

    @pytest.mark.thorough
    def test_the_command_shows_what_learns_nothing_beside(self, paired, folders, capsys):
        assert main(["evaluate", paired.id, "--count", "20", *folders]) == 0
        out = capsys.readouterr().out
        assert "input as it is" in out and "mean image" in out and "20 held-out images" in out

    @pytest.mark.thorough
    def test_one_direction_needs_no_judge_of_the_other_side(self, lab, one_way):
        values = evaluate_run(one_way, lab.data_dir, count=20).values
        assert "to_b/class_kept" in values and not any(n.startswith("to_a") for n in values)

    def test_it_is_measured_while_it_trains(self, lab):
        from gan_core.evaluation import measuring
        from gan_core.training.evaluator import Evaluator
        from gan_core.training.session import open_session

        run = new_run(lab, "fast_pix2pix")
        session = open_session(run, lab.data_dir, lambda phase: None)
        evaluator = Evaluator(session, lab.data_dir, measuring.of_session(session), count=20)
        assert evaluator.wait() and evaluator.reference.count == 20
        for _ in range(2):
            session.algorithm.train_step()
        probe, found = evaluator.probe_now(), evaluator.measure_now()
        assert probe.count == 20 and probe.values["l1"] == pytest.approx(
            found.values["l1"], rel=0.3
        )
        assert evaluator.best_step == 2


class TestKept:
    @pytest.mark.fresh
    def test_a_resumed_run_is_equal_bit_for_bit(self, lab, paired):
        run = train(lab, new_run(lab, "fast_pix2pix", 3))
        lab.prepare_resume(run.id, who="test", num_steps=STEPS)
        train(lab, run)
        one, other = (checkpoints.load_checkpoint(r.path, STEPS)[0] for r in (paired, run))
        assert all(np.array_equal(one[name], other[name]) for name in one)

    def test_a_branch_turns_a_weight(self, lab, paired):
        child = lab.branch(paired.id, STEPS, who="test", l1_weight=30.0, num_steps=STEPS + 2)
        train(lab, child)
        turned = checkpoints.load_checkpoint(child.path, STEPS + 2)[1]["knobs"]
        assert turned["l1_weight"] == 30.0 and turned["gan_weight"] == 1.0

    def test_what_leaves_the_house_takes_it(self, lab, both, tmp_path, opened):
        from gan_core.archive import pack
        from gan_core.export import curves, events
        from gan_core.export.model_card import model_card

        card = model_card(both, lab.data_dir)
        assert "latent vector" not in card and "It has learned pictures of one kind" in card
        assert curves.history(both, tmp_path / "history.png").stat().st_size > 1000
        assert lab.film(both.id)[0][:3] == b"GIF" and events.as_bytes(both)
        copy = pack.import_run(lab.store, pack.export_run(both, tmp_path / "r.zip"), "test")
        x = np.zeros((1, 28, 28, 3), np.uint8)
        np.testing.assert_array_equal(lab.open(copy.id).images(x), opened(both).images(x))

    @pytest.mark.parametrize("towards", ["b", "a"])
    def test_exports_make_the_same_pixels(self, lab, both, tmp_path, towards):
        from gan_core.export import models

        translator = lab.open_translator(both.id, towards=towards)
        x = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 3)).astype("f4")
        wanted = translator.images(x)
        made = models.export(translator, "keras", tmp_path / "t.keras")
        words = (tmp_path / "t.keras.txt").read_text()
        assert translator.words in words and "image   float32 [N, 28, 28, 3]" in words
        loaded = keras.models.load_model(made.path)
        np.testing.assert_allclose(np.asarray(loaded([x])), wanted, atol=1e-5)

    @pytest.mark.thorough
    def test_other_formats_make_the_same_pixels(self, paired, tmp_path, opened):
        import tensorflow as tf

        from gan_core.export import models

        translator = opened(paired)
        x = np.random.default_rng(0).uniform(-1, 1, (1, 28, 28, 1)).astype("f4")
        wanted = translator.images(x)
        folder = models.export(translator, "saved_model", tmp_path / "sm").path
        serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
        made = next(iter(serve(image=tf.constant(x)).values())).numpy()
        np.testing.assert_allclose(made, wanted, atol=1e-5)
        lite = models.export(translator, "litert", tmp_path / "t.tflite").path
        np.testing.assert_allclose(by_litert(lite, x), wanted, atol=1e-4)

    @pytest.mark.slow
    @pytest.mark.parametrize("towards", ["b", "a"])
    def test_both_directions_make_the_same_pixels_in_litert(self, lab, both, tmp_path, towards):
        from gan_core.export import models

        translator = lab.open_translator(both.id, towards=towards)
        x = lab.held_out(both.id, 10, towards)["input"]
        lite = models.export(translator, "litert", tmp_path / "t.tflite").path
        made = [by_litert(lite, images.to_float(image[None])) for image in x]
        levels = [
            images.to_uint8(m).astype(int) for m in (np.concatenate(made), translator.images(x))
        ]
        assert np.abs(levels[0] - levels[1]).max() <= 1 and levels[1].std() > 1

    @pytest.mark.slow
    def test_a_sweep_over_a_weight_of_both_directions(self, tmp_path, capsys):
        """Two runs that differ in one weight, each with pictures, weights and its own measurement."""
        where = ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]
        grid = ["cycle_weight=2,10", "width=4", "batch_size=4"]
        words = ["--recipe", "fast_cyclegan", "--dataset", "digits_and_paper", "--steps", "2"]
        grids = [word for each in grid for word in ("--grid", each)]
        assert main(["sweep", *words, *grids, "--seeds", "1", *where]) == 0
        swept = Lab(tmp_path / "runs", tmp_path / "data")
        runs = [swept.store.get(name) for name in sorted(swept.store.ids())]
        assert [run.config["cycle_weight"] for run in runs] == [2.0, 10.0]
        x = swept.held_out(runs[0].id, 2)["input"]
        made = [swept.open_translator(run.id).images(x) for run in runs]
        assert made[0].shape == x.shape and not np.allclose(*made)
        assert all(tiles_of(run, 2)[0]["kind"] == "sides" for run in runs)


def by_litert(path, x):
    """What a .tflite file makes of one image."""
    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*tf.lite.Interpreter is deprecated", UserWarning)
        runner = tf.lite.Interpreter(str(path)).get_signature_runner()
    return next(iter(runner(image=x).values()))


class TestCommand:
    def run(self, *words):
        return main(["translate", *map(str, words)])

    def test_held_out_rows(self, both, folders, tmp_path, opened):
        out = tmp_path / "rows.npz"
        assert self.run(both.id, "--held-out", 12, "--towards", "a", "--out", out, *folders) == 0
        with np.load(out) as rows:
            assert set(rows.files) == {"input", "output", "target", "labels"}
            made = images.to_uint8(opened(both).images(rows["input"], "a"))
            np.testing.assert_array_equal(rows["output"], made)
            assert rows["input"].mean() > 128 > rows["target"].mean()  # paper to digits

    def test_a_picture_of_any_size(self, paired, folders, tmp_path, capsys):
        pixels = np.random.default_rng(0).integers(0, 256, (40, 51, 3), np.uint8)
        (tmp_path / "in.png").write_bytes(images.png(pixels))
        out = tmp_path / "out.png"
        assert self.run(paired.id, "--in", tmp_path / "in.png", "--out", out, *folders) == 0
        assert images.from_png(out.read_bytes()).shape == (40, 51, 1)
        assert capsys.readouterr().out.strip() == str(out)

    def test_a_folder_with_a_damaged_picture(self, paired, folders, tmp_path, capsys):
        source, out = tmp_path / "in", tmp_path / "out"
        (source / "deep").mkdir(parents=True)
        for name in ("a.png", "deep/b.png"):
            (source / name).write_bytes(images.png(np.zeros((28, 28, 1), np.uint8)))
        (source / "bad.png").write_bytes(b"no picture")
        assert self.run(paired.id, "--in", source, "--out", out, "--json", *folders) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["count"] == 2 and "bad.png" in told["skipped"]
        assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*.png")) == [
            "a.png",
            "deep/b.png",
        ]

    def test_a_zip_to_arrays_and_back(self, paired, folders, tmp_path):
        source = tmp_path / "in.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for name in ("1.png", "2.png", "../3.png"):
                archive.writestr(name, images.png(np.zeros((30, 20, 1), np.uint8)))
        assert self.run(paired.id, "--in", source, "--out", tmp_path / "o.npz", *folders) == 0
        with np.load(tmp_path / "o.npz") as arrays:
            assert {n: arrays[n].shape for n in arrays.files} == dict.fromkeys(
                ("images", "input", "output"), (3, 30, 20, 1)
            )
        again = tmp_path / "again.zip"
        assert self.run(paired.id, "--in", tmp_path / "o.npz", "--out", again, *folders) == 0
        with zipfile.ZipFile(again) as archive:
            assert len([n for n in archive.namelist() if n.endswith(".png")]) == 3

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--in", "nowhere.png", "--out", "o.png"], "There is no file or folder"),
            (["--in", "{text}", "--out", "o.png"], "text.png` is no picture that can be read here"),
            (["--in", "{text}", "--out", "o.jpg"], "written as .png"),
            (["--in", "{zip}", "--out", "o.zip"], "holds no pictures"),
            (["--in", "{npz}", "--out", "o.npz"], "must hold `images`"),
            (["--in", "{folder}", "--out", "o.png"], "Many pictures go into"),
            (["--held-out", "0", "--out", "o.npz"], "Received: 0. Allowed: 1 to 500"),
            (["--held-out", "501", "--out", "o.npz"], "Received: 501"),
            (["--held-out", "5", "--out", "o.png"], "must end in .npz"),
            (["--held-out", "5", "--towards", "a", "--out", "o.npz"], "does not translate towards"),
            (["--held-out", "5", "--step", "77", "--out", "o.npz"], "no weights at step 77"),
        ],
    )
    def test_what_it_cannot_do_it_says(
        self, paired, folders, tmp_path, capsys, monkeypatch, words, said
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "text.png").write_text("text")
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "a.png").write_bytes(images.png(np.zeros((9, 9, 1), np.uint8)))
        zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
        np.savez(tmp_path / "other.npz", x=np.zeros(3))
        places = {"text": "text.png", "zip": "empty.zip", "npz": "other.npz", "folder": "folder"}
        words = [word.format(**places) for word in words]
        assert self.run(paired.id, *words, *folders) == 2
        assert said in capsys.readouterr().err
        assert not list(tmp_path.glob("o.*"))

    def test_its_export_has_a_direction(self, both, folders, tmp_path):
        out = tmp_path / "m.keras"
        words = ["export", both.id, "--format", "keras", "--towards", "a", "--out", str(out)]
        assert main([*words, *folders]) == 0
        assert "translator (b to a)" in (tmp_path / "m.keras.txt").read_text()


def test_pictures_in_bytes_are_read_as_they_look():
    """Cameras' turns, 16-bit greys, palettes and what is transparent."""
    from PIL import Image

    from gan_core.storage.picture_files import decoded

    def bytes_of(picture, **how):
        file = io.BytesIO()
        picture.save(file, "PNG", **how)
        return file.getvalue()

    deep = Image.fromarray(np.array([[0, 65535], [257, 32896]], np.uint16))
    assert decoded(bytes_of(deep), "d")[..., 0].tolist() == [[0, 255], [1, 128]]
    clear = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    assert decoded(bytes_of(clear), "c").tolist() == [[[255] * 3] * 2]
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    assert decoded(bytes_of(Image.new("L", (3, 5)), exif=exif), "e").shape == (3, 5, 1)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_a_checkpoint_is_as_large_as_counted_before_it_trains(name, make, datasets):
    """Networks, averages, moments and pools; all but a few counters and seeds."""
    algorithm, spec = make(name), datasets[name].spec
    kept = sum(array.nbytes for array in algorithm.state().values())
    sizes = recipes.get(name).sizes(algorithm.config, spec)
    assert kept == pytest.approx(checkpoint_bytes(sizes), rel=0.01, abs=2_000)
