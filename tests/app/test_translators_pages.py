"""Runs that translate on Home, Train, Runs: what is offered, and in which words."""

import json

import pytest

from gan_core import recipes, tasks
from gan_core.data import spec
from gan_core.doctor.record import PROBES
from gan_core.runs.quality import FILE
from gan_core.storage import files
from gan_core.web import held_out
from pages.ui.train import run_line
from tests.app.conftest import labels, texts

KINDS = {"fast_pix2pix": "edges_to_digits", "fast_cyclegan": "digits_and_paper"}


def components(at) -> list[str]:
    return [c.proto.id.rsplit("-", 1)[-1] for c in at.get("bidi_component")]


def data_of(at, key: str) -> dict:
    """What the page gives to a component."""
    [found] = [c for c in at.get("bidi_component") if c.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.json)


def measured(run, ways=()) -> None:
    """A line of evals.jsonl as evaluation writes it."""
    own = {"fd_judge_500": 7.5, "l1": 0.05, "class_kept": 0.96, "cycle": 0.02, "cycle_noise": 0.3}
    values = own | {f"{way}/{name}": value for way in ways for name, value in own.items()}
    beside = {"input": dict.fromkeys(values, 0.4), "mean": dict.fromkeys(values, 0.3)}
    line = {
        "step": 100,
        "count": 500,
        "values": values,
        "extractor": "judge:ab:pairs",
        "seconds": 1.0,
        "floor": 1.0,
        "beside": beside,
    }
    files.append_jsonl(run.path / FILE, line)


@pytest.mark.parametrize(("recipe", "data"), KINDS.items())
@pytest.mark.parametrize("state", ["queued", "finished"])
def test_samples_stand_in_groups_of_columns_also_before_the_first(
    recipe, data, state, open_page, make_run
):
    run = make_run(state, recipe=recipe, dataset=data, step=0 if state == "queued" else 100)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert "pair_grid" in components(at) and "sample_grid" not in components(at)


@pytest.mark.parametrize(
    ("recipe", "data", "part", "words"),
    [
        ("fast_gan", "mnist_5k", "sample_grid", "averaged weights"),
        ("mlp_gan", "mnist_5k", "sample_grid", "raw weights"),
        ("pix2pix", "edges_to_digits", "pair_grid", "raw weights"),
    ],
)
def test_a_run_without_an_average_does_not_speak_of_one(
    recipe, data, part, words, open_page, make_run
):
    run = make_run(recipe=recipe, dataset=data)
    at = open_page("train.py", run=run.id)
    assert data_of(at, part)["ema"] == run.config["ema_half_life"]
    assert f"judged on the {words}" in texts(at)


def test_each_kind_of_run_has_the_charts_that_it_is_about(open_page, make_run):
    run = make_run(recipe="fast_cyclegan", dataset="digits_and_paper")
    found = data_of(open_page("train.py", run=run.id), "curves")
    assert found["kind"] == "both_ways" and found["ends"] == ["digits", "paper"]
    assert found["first"] == ["losses", "cycles", "identities", "accuracies"]
    plain = data_of(open_page("train.py", run=make_run().id), "curves")
    assert (plain["kind"], plain["ends"]) == ("", [])


@pytest.mark.parametrize("recipe", KINDS)
def test_a_finished_translator_is_tried_on_translate(recipe, open_page, make_run):
    make_run(recipe=recipe, dataset=KINDS[recipe])
    run = make_run(recipe=recipe, dataset=KINDS[recipe])
    at = open_page("train.py", run=run.id)
    [best] = [b for b in at.button if b.key == "next_explore"]
    assert (best.label, best.proto.type) == ("Translate", "primary")
    home = open_page()
    assert "Translate" in labels(home) and "Explore" not in labels(home)


def test_home_offers_translators_by_name(open_page, make_run):
    offered = labels(open_page())  # before the first run
    assert "Edges to digits" in offered and "Faces in colour" in offered
    make_run()
    said = texts(open_page())
    assert "**Faces in colour**" in said
    assert "**Edges to digits**" in said and "**Digits and paper**" in said


def test_quality_of_pairs_stands_beside_what_learned_nothing(open_page, make_run):
    run = make_run(recipe="fast_pix2pix", dataset="edges_to_digits")
    measured(run)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    [shown] = [
        body for h in at.get("html") if "gs-coverage gs-translated" in (body := h.proto.body)
    ]
    for word in ("500 held-out pairs", "input as it is", "mean target", "96.0%", "40.0%", "30.0%"):
        assert word in shown, word
    assert "500 held-out images" in texts(at)


def test_quality_of_two_sides_has_a_column_a_direction(open_page, make_run):
    run = make_run(recipe="fast_cyclegan", dataset="digits_and_paper")
    measured(run, ("to_b", "to_a"))
    at = open_page("train.py", run=run.id)
    assert not at.exception
    [shown] = [
        body for h in at.get("html") if "gs-coverage gs-translated" in (body := h.proto.body)
    ]
    assert "digits → paper" in shown and "paper → digits" in shown
    assert shown.count("<small>40.0%</small>") == 2  # of the input as it is, both ways


def test_held_out_l1_is_drawn_from_the_quick_looks(make_run):
    run = make_run(recipe="fast_pix2pix", dataset="edges_to_digits")
    assert held_out.measures(run) == {}
    measured(run)
    assert held_out.measures(run) == {"l1": {"steps": [100], "values": [0.05], "input": 0.4}}
    for step in range(0, 3000, 3):
        values = {"l1": 1 / (1 + step), "l1_input": 0.38}
        line = {"step": step, "count": 64, "seconds": 0.1, "values": values}
        files.append_jsonl(run.path / PROBES, line)
    found = held_out.measures(run)["l1"]
    assert found["input"] == 0.38 and found["steps"][-1] == 2997
    assert len(found["steps"]) == len(found["values"]) <= held_out.MOST


def test_the_step_menu_speaks_of_all_networks_of_a_kind(open_page, make_run):
    open_page()
    pairs = make_run(recipe="fast_pix2pix", dataset="edges_to_digits")
    sides = make_run(recipe="fast_cyclegan", dataset="digits_and_paper")
    steps = ("both", "discriminator", "generator")
    assert [*map(run_line._step_words(pairs.id), steps)] == ["Both networks", "D only", "G only"]
    assert [*map(run_line._step_words(sides.id), steps)] == [
        "All four networks",
        "Both D only",
        "Both G only",
    ]


@pytest.mark.parametrize("recipe", ["pix2pix", "cyclegan", "fastcut", *KINDS])
def test_the_page_can_keep_the_place_of_every_translator(recipe, tmp_path):
    data = "edges_to_digits" if recipes.get(recipe).needs == "pairs" else "digits_and_paper"
    config = recipes.config(recipe, data)
    found = tasks.of_config(config).layout(config, spec(data, tmp_path))
    assert found["columns"] == len(found["parts"]) and found["tile"] == [28, 28]
