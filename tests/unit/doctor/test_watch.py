"""The doctor beside a real training on the ring: events, checkpoints, resuming, one line on stderr."""

import contextlib
import time

import pytest

from gan_core.cli import main
from gan_core.doctor.record import last_verdict, logged, probes
from gan_core.errors import RunError
from gan_core.lab import Lab
from gan_core.remedy import apply
from gan_core.runs.records import State

TOY = {"batch_size": 16, "width": 4, "seed": 5}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    lab = Lab(folder / "runs", folder / "data")
    yield lab
    lab.shutdown()


@pytest.fixture(scope="module")
def ill(lab):
    """560 steps in which D never learns, so that G fools it."""
    config = lab.make_config("toy_mlp", "ring", num_steps=560, **(TOY | {"d_lr": 0.0}))
    run = lab.create(config, who="test")
    told = []
    job = lab.make_job(run.id, who="test", on_verdict=lambda v, doctor: told.append(v))
    assert job.run() == State.FINISHED
    return run, told


def test_verdicts_are_logged_and_told(ill):
    run, told = ill
    assert [e["name"] for e in logged(run)] == [v.name for v in told]
    assert told[-1].name == "g_wins" and told[-1].alarm
    event = logged(run)[-1]
    assert event["who"] == "doctor" and event["alarm"] and event["step"] == told[-1].step > 400
    assert dict(event["numbers"])["d_loss"] and event["text"].endswith((".", "?"))


def test_what_is_not_sure_is_said_on_stderr(tmp_path, capsys):
    words = ["--recipe", "toy_mlp", "--dataset", "ring", "--batch-size", "16", "--set", "width=4"]
    folders = ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]
    assert main(["train", *words, "--steps", "405", "--seed", "5", *folders]) == 0
    heard = capsys.readouterr()
    assert ": Not sure yet: " in heard.err and "Healthy" not in heard.err + heard.out
    run = Lab(tmp_path / "runs").store.get(heard.out.split()[-1])
    assert logged(run)[-1]["name"] == "unsure" and logged(run)[-1]["rule"].startswith("healthy/")
    assert [len(line["modes"]) for line in probes(run)][-1] == 8  # points are looked at, too


@pytest.mark.thorough
def test_a_run_that_never_was_healthy_trains_again_with_the_recipes_own_rates(lab, ill):
    run, _ = ill
    report = lab.verdict(run.id)
    assert report.remedy.kind == "restart" and report.remedy.changes["d_lr"] > 0
    child = apply(lab, run.id, report.remedy, who="test")
    assert lab.store.get(child).parent is None
    assert lab.store.get(child).config["d_lr"] == report.remedy.changes["d_lr"]
    deadline = time.monotonic() + 120
    while not logged(lab.store.get(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(RunError):  # it may have finished
        lab.job(child).stop()
    assert lab.jobs.job(child).join(60)
    assert logged(lab.store.get(child))
    again = lab.verdict(run.id)
    assert again.remedy is None and again.tried  # no kind of remedy comes twice


def test_a_resumed_run_keeps_its_verdict_and_sees_what_was_before(lab, ill):
    run, _ = ill
    before = last_verdict(run)
    lab.prepare_resume(run.id, who="test", num_steps=600)
    assert lab.make_job(run.id, who="test").run() == State.FINISHED
    assert last_verdict(run) == before  # still ill: nothing new to be said
