"""The doctor's strip without a browser: what it says of recorded runs, and what one click does."""

from dataclasses import replace
from pathlib import Path

import pytest

from gan_core import recipes
from gan_core.runs.saved.checkpoints import save_checkpoint
from gan_core.web.process import get_lab
from tests.app.conftest import labels, texts
from tests.reliability.recordings import as_run, unpack

CONFIG = recipes.config("fast_gan", "mnist_5k")
OWN = {
    "g_lr": CONFIG.g_lr,
    "d_lr": CONFIG.d_lr,
}  # the recipe's own rates: what a remedy goes back to
PACKED = Path(__file__).resolve().parents[1] / "data" / "ailments.zip"


@pytest.fixture(scope="module")
def recorded():
    return unpack(PACKED)


def strip(at) -> str:
    """The strip's own HTML."""
    return next(
        (h.value for h in at.get("html") if "gs-verdict" in h.value and "<b" in h.value), ""
    )


def test_an_ailment_is_said_with_numbers_and_a_remedy(open_page, store, recorded):
    run = as_run(store, recorded["exploding_rate"])
    save_checkpoint(run.path, 600, {}, {})
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert "gs-mark-alarm" in strip(at) and "Divergence" in strip(at)
    assert "g_loss has left all bounds" in strip(at) and "at the start" in strip(at)
    assert "Rewind to 600 and branch with g_lr {g_lr} and d_lr {d_lr}".format(**OWN) in labels(at)
    assert "A step was so long that the loss became steeper" in texts(at)  # Why
    assert "soumith" in texts(at) or "ganhacks" in texts(at)


def test_health_is_said_without_a_remedy(open_page, store, recorded):
    run = as_run(store, recorded["healthy_fast_gan"])
    at = open_page("train.py", run=run.id)
    assert "gs-mark-well" in strip(at) and "all 10 classes are made" in strip(at)
    assert "remedy" not in {b.key for b in at.button}
    assert "Warming up" not in strip(at)


def test_a_run_that_ended_in_the_warm_up_has_no_strip(open_page, make_run):
    at = open_page("train.py", run=make_run(step=100).id)
    assert not at.exception and strip(at) == ""


def test_a_foreign_run_is_diagnosed_but_not_treated(open_page, store, recorded):
    run = as_run(store, recorded["exploding_rate"], state="running")
    save_checkpoint(run.path, 600, {}, {})
    with run.writer_lock():
        at = open_page("train.py", run=run.id)
    assert "Divergence" in strip(at)
    assert "remedy" not in {b.key for b in at.button}
    assert "To try: Rewind to 600" in texts(at).replace("\\", "")
    sets = "--set g_lr={g_lr} --set d_lr={d_lr}".format(**OWN)
    assert f"branch {run.id} --step 600 {sets}" in at.code[0].value


def test_one_click_branches_from_before_the_ailment(open_page, store, recorded, monkeypatch):
    run = as_run(store, recorded["exploding_rate"])
    save_checkpoint(run.path, 600, {}, {})
    at = open_page("train.py", run=run.id)
    started = []
    monkeypatch.setattr(get_lab(), "resume", lambda run_id, **kw: started.append(run_id))
    at.button(key="remedy").click().run()
    assert not at.exception
    (child,) = started
    parent = store.get(child).parent
    assert (parent["run"], parent["step"]) == (run.id, 600)
    assert parent["changes"].items() >= OWN.items()


def test_every_class_is_listed_and_the_gap_is_said(open_page, store, recorded):
    from gan_core.storage import files

    run = as_run(store, recorded["healthy_fast_gan"])
    values = {
        "fd_judge_2k": 6.0,
        "d_gap_auc": 0.55,
        "d_score_train": 0.2,
        "d_score_held_out": 0.1,
        "d_score_fake": -0.3,
        "class_accuracy/3": 0.97,
        "class_diversity/3": 0.91,
    }
    line = {
        "step": 2000,
        "time": 1.0,
        "count": 2000,
        "extractor": "judge:x",
        "values": values,
        "seconds": 1.0,
        "class_counts": [200] * 9 + [20],
        "missing": ["9"],
        "thin": [],
    }
    files.append_jsonl(run.path / "evals.jsonl", line)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    table = next(
        h.value for h in at.get("html") if "gs-coverage" in h.value and "<table" in h.value
    )
    assert "97%" in table and "0.91" in table and "missing" in table and "11.0%" in table
    assert "above a held-out one 55% of the time" in texts(at)
    assert "fake \u22120.30" in texts(at)


def test_every_measure_stands_beside_real_images_and_noise(open_page, make_run):
    from gan_core.storage import files

    run = make_run()
    values = {
        "fd_judge_2k": 10.59,
        "fd_judge_2k_error": 0.86,
        "precision": 0.8385,
        "recall": None,
        "kd_judge_2k": -3.69,
        "duplicates": 0.0045,
        "support": 333166.7,
        "class_accuracy/3": 1.0,
    }
    line = {
        "step": 100,
        "time": 1.0,
        "count": 2000,
        "extractor": "judge:abc",
        "values": values,
        "seconds": 1.0,
        "class_counts": [],
        "missing": [],
        "thin": [],
        "floor": 1.46,
        "ceiling": 979.2,
        "real": {"fd_judge_2k": 1.46, "precision": 0.98},
        "noise": {"fd_judge_2k": 979.2},
        "judge_accuracy": 0.985,
    }
    files.append_jsonl(run.path / "evals.jsonl", line)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    table = next(h.value for h in at.get("html") if "birthday" in h.value)
    assert "<td>10.6 ± 0.86</td><td>1.46</td><td>979</td>" in table
    assert "<td>83.9%</td><td>98.0%</td><td>–</td>" in table and "333,167" in table
    assert "<td>\u22123.69</td>" in table
    assert "On 2,000 fakes" in texts(at) and "right about 98.5% of held-out images" in texts(at)
    files.append_jsonl(run.path / "evals.jsonl", line | {"values": {"fd_judge_2k": None}})
    assert not open_page("train.py", run=run.id).exception  # a value that cannot be had


def test_what_is_not_sure_is_said_quietly_and_with_what_shows(open_page, store, recorded):
    young = recorded["healthy_mlp_gan"]
    few = [p for p in young.probes if p["step"] <= 500]
    run = as_run(store, replace(young, metrics=young.metrics[:500], probes=few, evals=[]))
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert "Not sure yet:" in strip(at) and "gs-mark-wait" in strip(at)
    assert "Only 4 of 10 classes are made so far." in strip(at) and "Healthy" not in strip(at)
    assert "remedy" not in {b.key for b in at.button}


def test_points_are_measured_by_their_modes(open_page, make_run):
    from gan_core.storage import files

    run = make_run(recipe="toy_mlp", dataset="ring")
    values = {"fd_points_2k": 1.8, "precision": 0.91, "diversity": 1.0, "modes": 7.0, "near": 0.893}
    line = {
        "step": 100,
        "time": 1.0,
        "count": 2000,
        "extractor": "points:abc",
        "values": values,
        "seconds": 0.3,
        "class_counts": [],
        "missing": [],
        "thin": [],
        "floor": 0.05,
        "ceiling": 4.4,
        "real": {"modes": 8.0, "near": 0.987},
        "noise": {"near": 0.1},
    }
    files.append_jsonl(run.path / "evals.jsonl", line)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert "7 of 8 modes covered**, 89.3% of points within 3 sigma of one, diversity 1.00" in texts(
        at
    )
    table = next(h.value for h in at.get("html") if "near a mode" in h.value)
    assert "<td>89.3%</td><td>98.7%</td><td>10.0%</td>" in table
    assert "random Fourier features" in texts(at)
