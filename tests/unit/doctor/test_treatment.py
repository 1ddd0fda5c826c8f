"""Going back only to where the run was healthy by its record, and no remedy twice in a family."""

from pathlib import Path

import numpy as np
import pytest

from gan_core.doctor.doctor import Verdict
from gan_core.doctor.record import evidence_of, last_verdict, verdict_of
from gan_core.doctor.report import report_of
from gan_core.doctor.treatment import healthy_step, healthy_stretches, kinds_tried, worth_keeping
from gan_core.doctor.watch import stored_baseline
from gan_core.runs.lineage import line_of
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.saved.checkpoints import save_checkpoint
from gan_core.runs.store import RunStore
from gan_core.training import branching
from tests.reliability.recordings import DIGITS, as_run, unpack

PACKED = Path(__file__).resolve().parents[2] / "data" / "ailments.zip"
PRAISE = {"who": "doctor", "name": "healthy", "word": "Healthy", "alarm": False, "text": "Well."}


@pytest.fixture(scope="module")
def recorded():
    return unpack(PACKED)


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def weights():
    return {"generator/x": np.zeros(2, np.float32)}


def run_with_checkpoints(store, recording, *steps):
    run = as_run(store, recording)
    for step in steps:
        save_checkpoint(run.path, step, weights(), {})
    return run


def test_it_goes_back_to_the_newest_checkpoint_that_was_healthy(recorded, store):
    run = run_with_checkpoints(store, recorded["exploding_rate"], 300, 500, 600, 700)
    assert healthy_stretches(run) == [(400, 619)]
    assert healthy_step(run, 10_000, DIGITS) == 600 and healthy_step(run, 599, DIGITS) == 500
    assert healthy_step(run, 399, DIGITS) is None  # nobody had looked yet
    found = report_of(run, DIGITS).remedy
    assert (found.kind, found.step) == ("branch", 600)


def test_praise_that_the_numbers_on_disk_do_not_bear_out_counts_for_nothing(recorded, store):
    """Earlier versions called dead runs healthy at their first look."""
    run = run_with_checkpoints(store, recorded["mlp_collapse"], 400, 500)
    (run.path / "events.jsonl").unlink()
    run.log_event("verdict", step=400, since=400, **PRAISE)
    assert healthy_stretches(run) == [(400, 640)] and healthy_step(run, 640, DIGITS) is None
    said = verdict_of(run, evidence_of(run, DIGITS), DIGITS)
    assert said.name == "unsure" and said.rule == "d_wins/accuracy"
    report = report_of(run, DIGITS)
    assert report.word == "Not sure yet" and report.sentence.startswith("D is right on nearly")
    assert dict(report.numbers)["fake accuracy"] and report.remedy is None


def test_a_run_that_never_was_healthy_begins_again(recorded, store):
    run = run_with_checkpoints(store, recorded["no_norm"], 100, 400, 500)
    report = report_of(run, DIGITS)
    assert report.verdict.alarm and report.remedy.kind == "restart"
    assert report.remedy.label.startswith("Train again with ")


def test_a_rewind_is_offered_once_in_a_family(recorded, store):
    run = run_with_checkpoints(store, recorded["exploding_rate"], 600)
    remedy = report_of(run, DIGITS).remedy
    assert kinds_tried(run, "divergence") == frozenset()
    child = branching.branch(store, run.id, remedy.step, who="cli", changes=remedy.changes)
    assert kinds_tried(run, "x") == kinds_tried(child, "x") == {"branch"}
    assert report_of(run, DIGITS).remedy.kind == "restart"
    grown = {"name": "divergence", "word": "Divergence", "alarm": True, "rule": "divergence/norm"}
    said = {"text": "Grows.", "numbers": [["gradient norm D", "500"]]}
    child.log_event("verdict", step=700, since=620, who="doctor", **grown, **said)
    child.write_status(step=720, state="finished")
    report = report_of(child, DIGITS)
    assert report.remedy.kind == "restart"
    assert (report.sentence, report.numbers[0]) == ("Grows.", ("gradient norm D", "500"))
    child.log_event("restarted", step=720, who="test", child="00009-gone", changes={})
    found = report_of(child, DIGITS)
    assert found.remedy is None and found.tried


def test_a_persons_own_branch_is_no_remedy(recorded, store):
    run = run_with_checkpoints(store, recorded["healthy_fast_gan"], 600)
    branching.branch(store, run.id, 600, who="page", changes={"d_lr": 0.04})
    assert kinds_tried(run, "divergence") == frozenset()


def test_knobs_that_were_turned_against_an_ailment_were_tried(recorded, store):
    run = as_run(store, recorded["dead_d"])  # d_lr was set to 0 at 600, before anything was wrong
    assert kinds_tried(run, "g_wins") == frozenset()
    run.log_event("knob", step=800, who="page", changes={"d_lr": [0.0, 0.002]})
    assert kinds_tried(run, "g_wins") == {"knobs"} and kinds_tried(run, "d_wins") == frozenset()


def test_a_branch_is_compared_with_its_parents_warm_up(recorded, store):
    run = run_with_checkpoints(store, recorded["healthy_fast_gan"], 600)
    child = branching.branch(store, run.id, 600, who="page", changes={"d_lr": 0.04})
    writer = MetricsWriter(child.path, recorded["healthy_fast_gan"].names, first_step=601)
    writer.close()
    baseline = stored_baseline(line_of(child))
    assert baseline == stored_baseline(run.metrics()) and baseline["g_grad_norm"] > 0
    assert evidence_of(child).baseline == baseline and evidence_of(child).start


def test_the_last_healthy_checkpoint_is_kept_while_it_is_not_sure(recorded, store):
    run = as_run(store, recorded["exploding_rate"])
    assert worth_keeping(run, Verdict("healthy", 400, 400)) == []
    assert worth_keeping(run, Verdict("unsure", 620, 620)) == [619]
    assert worth_keeping(run, last_verdict(run))[:2] == [619, 620]


def test_a_number_that_is_not_finite_is_a_divergence(recorded, store):
    run = as_run(store, recorded["healthy_fast_gan"])
    text = (
        "g_loss became NaN at step 2001. The last finite values, at step 2000, were g_loss 9e+30."
    )
    run.write_status(state="failed", error=text)
    report = report_of(run, DIGITS)
    assert (report.verdict.name, report.verdict.rule) == ("divergence", "divergence/finite")
    assert report.sentence == text and report.remedy.kind == "restart"
