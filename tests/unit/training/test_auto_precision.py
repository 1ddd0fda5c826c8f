"""`precision=auto`: who gets bfloat16, what the run says of it, and that it stays as it was decided."""

import json
import time
from types import SimpleNamespace

import numpy as np
import pytest

from gan_core import recipes
from gan_core.export.model_card import model_card
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.startup import runtime
from gan_core.training import auto_precision
from gan_core.training.auto_precision import decide, key_of, known
from tests.unit.training.conftest import rows, train

SMALL = {"batch_size": 16, "width": 4, "latent_dim": 4, "seed": 5, "num_steps": 4}


@pytest.mark.parametrize(
    ("native", "ratio", "precision", "why"),
    [
        (True, 1.28, "bfloat16", "A step with bfloat16 is 1.28 times as fast: bfloat16."),
        (True, 1.1, "bfloat16", "1.10 times as fast: bfloat16."),
        (True, 1.094, "float32", "1.09 times as fast, less than 1.1: float32."),
        (True, 0.3, "float32", "0.30 times as fast, less than 1.1: float32."),
        (False, None, "float32", "This processor does not compute bfloat16 itself: float32."),
        (False, 5.0, "float32", "does not compute bfloat16 itself: float32."),
    ],
)
@pytest.mark.parametrize("recipe", ["fast_gan", "dcgan", "acgan", "mlp_gan", "hinge_sn"])
def test_it_is_bfloat16_where_the_processor_has_it_and_it_pays(
    recipe, native, ratio, precision, why
):
    found = decide(native, ratio, recipes.config(recipe, "mnist_5k", precision="auto"))
    assert found.precision == precision and found.why.endswith(why)


def test_what_nobody_has_tried_is_to_be_tried():
    assert decide(True, None, recipes.config("fast_gan", "mnist_5k", precision="auto")) is None


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("ratio", [None, 9.0])
@pytest.mark.parametrize(
    ("recipe", "more", "why"),
    [
        ("r3gan", {}, "gradient penalties, which `r3gan` has (r1_gamma, r2_gamma)"),
        ("wgan_gp", {}, "gradient penalties, which `wgan_gp` has (gp_weight)"),
        ("toy_mlp", {}, "gradient penalties, which `toy_mlp` has"),
        ("fast_pix2pix", {}, "its instance normalisation needs float32"),
        ("cyclegan", {}, "its instance normalisation needs float32"),
        ("style_patches", {}, "A picture is trained, and no network: float32."),
        ("fast_gan", {"replicas": 2}, "Several devices share each batch: float32."),
    ],
)
def test_some_need_float32_whatever_the_processor_is(recipe, more, why, native, ratio):
    found = decide(native, ratio, recipes.config(recipe, "any", precision="auto", **more))
    assert found.precision == "float32" and why in found.why


@pytest.mark.parametrize(
    ("flags", "variables", "has"),
    [
        ({"avx512f", "avx512_bf16"}, {}, True),
        ({"amx_bf16", "avx512f"}, {}, True),
        ({"avx512f", "avx512_vnni"}, {}, False),
        ({"avx2"}, {}, False),
        (set(), {}, False),
        (
            {"avx512f", "avx512_bf16"},
            {"ONEDNN_MAX_CPU_ISA": "AVX2"},
            False,
        ),  # would end the process
        ({"avx512f", "avx512_bf16"}, {"TF_ENABLE_ONEDNN_OPTS": "0"}, False),
    ],
)
def test_which_processors_have_it(flags, variables, has, monkeypatch):
    for name in (*runtime.ISA, "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(runtime, "processor_flags", lambda: frozenset(flags))
    assert runtime.has_bfloat16() is has


def test_the_gain_is_that_of_the_least_of_each(monkeypatch):
    """Other work on the machine only makes steps longer, so the shortest are the nearest to the truth."""
    spent, took = [0.0], {"float32": iter([9.0, 0.3, 0.5]), "bfloat16": iter([7.0, 0.6, 0.2])}

    def build(config):
        def step():
            spent[0] += next(took[config.precision])
            return 0.0

        return SimpleNamespace(train_step=step)

    seconds = iter([0.0, 0.0, 0.3, 0.3, 0.3, 0.7, 0.7])  # a third turn of 0.4 s would end after 1 s
    monkeypatch.setattr(auto_precision, "time", SimpleNamespace(perf_counter=lambda: next(seconds)))
    config = recipes.config("fast_gan", "mnist_5k", precision="auto")
    found = auto_precision.gain(build, config, lambda: spent[0])
    assert found == pytest.approx(0.3 / 0.2) and not list(took["float32"])


def test_processors_are_asked_for_their_own_time_and_gpus_are_waited_for():
    assert auto_precision.clock_of("/CPU:0") is time.process_time
    assert auto_precision.clock_of("/GPU:0") is time.perf_counter


def test_a_ratio_counts_for_its_size_of_step_and_no_other(lab, tmp_path):
    config = recipes.config("fast_gan", "mnist_5k", precision="auto")
    spec = lab.check(config)
    key, path = key_of(config, spec, "/CPU:0"), tmp_path / "kept" / "precision.json"
    auto_precision.keep(path, key, 1.25)
    assert known(path, key) == 1.25
    same = config.replace(seed=9, g_lr=0.5, num_steps=7, sample_every=3, steps_per_second=2)
    assert key_of(same, spec, "/CPU:0") == key
    for change in ({"width": 16}, {"batch_size": 32}, {"levels": 1}):
        assert known(path, key_of(config.replace(**change), spec, "/CPU:0")) is None
    assert known(path, key_of(config, spec, "/GPU:0")) is None
    path.write_text(json.dumps({key: "fast"}))
    assert known(path, key) is None
    path.write_text("{")
    assert known(path, key) is None


@pytest.fixture
def able(monkeypatch):
    """A processor that has bfloat16, on which it is 1.3 times as fast; how often that was tried."""
    tried = []
    monkeypatch.setattr(runtime, "has_bfloat16", lambda: True)
    monkeypatch.setattr(auto_precision, "gain", lambda *_: tried.append(1) or 1.3)
    return tried


def new(lab, **settings):
    config = lab.make_config("mlp_gan", "mnist_5k", **SMALL, **settings)
    return lab.create(config, who="test")


@pytest.mark.fresh
def test_the_run_says_what_it_came_to_and_goes_on_with_that(lab, able, eagerly, monkeypatch):
    run = new(lab, precision="auto")
    job = lab.make_job(run.id, who="test", on_result=lambda result: result.step == 2 and job.stop())
    assert job.run() == State.STOPPED
    found = lab.store.get(run.id)
    assert found.config["precision"] == "bfloat16" and job.run_folder.config == found.config
    assert lab.store.summaries()[0].config["precision"] == "bfloat16"
    told = [e for e in found.events() if e["kind"] == "precision"]
    assert [e["text"] for e in told] == ["A step with bfloat16 is 1.30 times as fast: bfloat16."]
    card = model_card(found, lab.data_dir)
    assert "--set precision=bfloat16" in card and "1.30 times as fast" in card
    # It goes on so where the processor has none, and bit for bit as one that never stopped.
    monkeypatch.setattr(runtime, "has_bfloat16", lambda: False)
    lab.prepare_resume(run.id, who="test")
    assert train(lab, run) == State.FINISHED
    unbroken = new(lab, precision="bfloat16")
    assert train(lab, unbroken) == State.FINISHED
    assert np.array_equal(rows(run), rows(unbroken))
    states = [checkpoints.load_checkpoint(r.path, 4)[0] for r in (run, unbroken)]
    assert all(np.array_equal(array, states[1][name]) for name, array in states[0].items())


def test_a_machine_tries_once(lab, able, eagerly):
    for _ in range(2):
        run = new(lab, precision="auto")
        assert train(lab, run) == State.FINISHED
        assert lab.store.get(run.id).config["precision"] == "bfloat16"
    assert able == [1]


def test_without_bfloat16_nothing_is_tried_and_the_numbers_are_those_of_float32(
    lab, able, eagerly, monkeypatch
):
    monkeypatch.setattr(runtime, "has_bfloat16", lambda: False)
    left_open, plain = new(lab, precision="auto"), new(lab)
    for run in (left_open, plain):
        assert train(lab, run) == State.FINISHED
    assert able == [] and lab.store.get(left_open.id).config == plain.config
    assert np.array_equal(rows(left_open), rows(plain))
    assert not any(event["kind"] == "precision" for event in plain.events())
