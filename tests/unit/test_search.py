"""Searches: their plan and refusals, equal images, the median, and going on from the runs alone."""

import statistics

import pytest

pytest.importorskip("optuna", reason="the extra `search` is not installed")

from gan_core.cli import main
from gan_core.errors import ConfigError
from gan_core.lab import Lab
from gan_core.runs import searches
from gan_core.runs.quality import FILE
from gan_core.runs.records import State
from gan_core.storage import files
from gan_core.sweeps import queue, search, trials


@pytest.fixture
def lab(runs_dir, tmp_path):
    lab = Lab(runs_dir, tmp_path / "data")
    yield lab
    lab.shutdown()


def planned(lab, texts=("g_lr=0.0001..0.01", "batch_size=8,32"), num_steps=20, count=6):
    ranges = search.parse_ranges(texts)
    return search.plan(lab, "toy_mlp", "ring", ranges, num_steps=num_steps, trials=count)


def test_ranges_are_read_with_their_scale():
    found = search.parse_ranges(["g_lr=1e-4..1e-2", "width=4..8", "loss=hinge,minimax"])
    assert found == {
        "g_lr": {"low": 1e-4, "high": 1e-2, "log": True},
        "width": {"low": 4, "high": 8, "log": False},
        "loss": {"choices": ["hinge", "minimax"]},
    }


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "A search needs a range"),
        (["g_lr"], "needs field=value"),
        (["glr=1..2"], "Did you mean `g_lr`"),
        (["seed=1..2"], "has a flag of its own"),
        (["g_lr=2..1"], "`g_lr` takes numbers, low..high"),
        (["width=1.5..3"], "`width` takes whole numbers"),
        (["loss=a..b"], "no range; list its values"),
        (["g_lr=1..2", "g_lr=3..4"], "comes twice"),
    ],
)
def test_bad_ranges_are_refused(texts, words):
    with pytest.raises(ConfigError, match=words):
        search.parse_ranges(texts)


def test_what_cannot_be_trained_is_refused_before_any_run(lab):
    with pytest.raises(ConfigError, match="must be at most 10"):
        planned(lab, ["g_lr=1..99"])
    with pytest.raises(ConfigError, match="1 to 200 runs"):
        planned(lab, count=201)
    with pytest.raises(ConfigError, match="5 steps or more"):
        planned(lab, num_steps=4)
    assert lab.store.ids() == []


def test_more_runs_are_the_same_search_and_other_ranges_are_another(lab):
    assert planned(lab).name == planned(lab, count=9).name
    assert planned(lab).name != planned(lab, ["g_lr=0.0001..0.02"]).name


def test_all_runs_see_the_same_images_and_are_measured_at_the_same(lab):
    spec = planned(lab, num_steps=40)
    small, large = (
        trials.config_of(lab, spec, {"g_lr": 0.001, "batch_size": size}) for size in (8, 32)
    )
    assert small.num_steps * 8 == large.num_steps * 32 == spec.images
    assert spec.every(8) * 8 == spec.every(32) * 32 == spec.images / spec.rungs


def made(lab, spec, distances, state=State.FINISHED, g_lr=0.001):
    """A run of the search with these distances at its rungs."""
    config = trials.config_of(lab, spec, {"g_lr": g_lr, "batch_size": 8})
    run = lab.create(config, who="test", note=spec.name)
    for rung, distance in enumerate(distances, 1):
        line = {"step": rung * spec.every(8), "time": 1.0, "count": 100, "extractor": "points"}
        files.append_jsonl(run.path / FILE, line | {"values": {"fd_points": distance}})
    run.write_status(state=state, step=len(distances) * spec.every(8))
    return run


ENDED = [[9, 8, 7, 6, 5], [8, 6, 5, 4, 3], [7, 7, 6, 5, 4], [9, 9, 9, 9, 9]]


@pytest.mark.parametrize("second", [6.9, 7.6])
def test_a_run_ends_early_exactly_if_it_is_worse_than_the_median_at_the_same_images(lab, second):
    spec = planned(lab, num_steps=40)
    for distances in ENDED:
        made(lab, spec, distances)
    young = made(lab, spec, [9.9, second], state=State.STOPPED)
    found = search.Search(lab, spec, who="test", tell=lambda text: None)
    for run in trials.runs_of(lab, spec.name)[:4]:
        found.study.add_trial(trials.trial_of(spec, run))
    found.study.enqueue_trial(trials.params_of(spec, young))
    worse = found._report(young, found.study.ask(trials.space_of(spec)))
    # The best that it has had so far against the median of what the others had at the second rung.
    assert worse == (second > statistics.median(d[1] for d in ENDED))


def test_importance_names_what_decides(lab):
    spec = planned(lab, num_steps=40)
    for at in range(8):
        g_lr = 0.0001 * 1.8**at
        made(lab, spec, [5, 4, 3, 2, 1 + abs(at - 5)], g_lr=g_lr)
    study, ids = trials.study_of(lab, spec)
    shares = trials.importance(study)
    assert next(iter(shares)) == "g_lr" and sum(shares.values()) == pytest.approx(1)
    assert ids == lab.store.ids()[::-1]


def test_a_search_trains_and_goes_on_from_its_runs_alone(lab, runs_dir, capsys):
    where = ["--runs-dir", str(runs_dir), "--data-dir", str(lab.data_dir)]
    words = [
        *("sweep", "--search", "--recipe", "toy_mlp", "--dataset", "ring", "--steps", "10"),
        *("--range", "g_lr=0.0001..0.01", "--trials"),
    ]
    assert main([*words, "2", *where]) == 0
    first = capsys.readouterr().out.split()
    assert first == ["00001-toy_mlp-ring", "00002-toy_mlp-ring"]
    assert main([*words, "3", *where]) == 0  # one more, and the two are not trained again
    assert capsys.readouterr().out.split() == [*first, "00003-toy_mlp-ring"]
    (progress,) = queue.sweeps(lab, lab.store.summaries())
    assert progress.done == 3 and searches.read(lab.store.root, progress.name).trials == 3
    for run_id in lab.store.ids():
        run = lab.store.get(run_id)
        assert [e["step"] for e in lab.evals(run_id)] == [2, 4, 6, 8, 10, 10]
        assert [e["kind"] for e in run.events()].count("started") == 1


def test_a_flag_of_a_search_without_it_is_refused(lab, capsys):
    assert main(["sweep", "--steps", "9", "--range", "g_lr=1..2"]) == 2
    assert "give `--search` too" in capsys.readouterr().err
