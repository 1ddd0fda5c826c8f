"""Real trainings, recorded: ailments are named in time, healthy runs raise no alarm.

`tests/reliability/ailments.py` made the recordings (seed 1) and judges three seeds.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from gan_core import recipes
from gan_core.cli import main
from gan_core.doctor.record import evidence_of, last_verdict, logged, probes, replay, verdict_of
from gan_core.doctor.report import report_of
from gan_core.doctor.words import numbers, sentence
from gan_core.runs.saved.checkpoints import save_checkpoint
from gan_core.runs.store import RunStore
from tests.reliability.ailment_cases import CASES, FRESH
from tests.reliability.recordings import DIGITS, alarms, as_run, doctor_for, follow, named, unpack

OWN_D_LR = recipes.config("fast_gan", "mnist_5k").d_lr
PACKED = Path(__file__).resolve().parents[2] / "data" / "ailments.zip"


@pytest.fixture(scope="module")
def recorded():
    return unpack(PACKED)


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_ailment_is_named_in_time_and_not_before(case, recorded):
    recording = recorded[case.name]
    found = named(recording, case.expected)
    assert found is not None, f"said {[v.name for v in follow(recording)]}"
    assert case.onset < found.step <= case.onset + case.within
    assert not [v for v in alarms(recording) if v.step <= case.onset]


@pytest.mark.parametrize(
    ("name", "steps"),
    [("healthy_fast_gan", 2000), ("healthy_mlp_gan", 2000), ("healthy_dcgan", 2344)],
)
def test_healthy_runs_raise_no_alarm(name, steps, recorded):
    assert len(recorded[name].metrics) == steps
    said = [v.name for v in follow(recorded[name])]
    assert "healthy" in said and {*said} <= {"healthy", "unsure", "warming_up"}


def test_words_and_numbers_can_be_said_of_every_recording(recorded):
    for recording in recorded.values():
        doctor = doctor_for(recording)
        follow(recording, doctor)
        evidence = doctor.evidence()
        name = doctor.verdict.name
        assert sentence(name, evidence).endswith((".", "?"))
        facts = numbers(name, evidence)
        assert 2 <= len(facts) <= 5 and all(label and value for label, value in facts)


def test_lost_classes_are_told(recorded):
    doctor = doctor_for(recorded["latent_1"])
    follow(recorded["latent_1"], doctor)
    assert doctor.verdict.name == "mode_collapse"
    text = sentence("mode_collapse", doctor.evidence())
    assert "no longer made" in text or "too alike" in text
    assert dict(numbers("mode_collapse", doctor.evidence()))["near-duplicates"] == "100%"


def test_any_process_reads_the_same_verdict_from_the_folder(recorded, store):
    run = as_run(store, recorded["dead_d"])
    doctor = doctor_for(recorded["dead_d"])
    said = follow(recorded["dead_d"], doctor)[-1]
    assert last_verdict(run) == said and said.name == "g_wins"
    report = report_of(run, DIGITS)
    assert report.verdict == said and report.word == "Generator wins"
    assert list(report.numbers) == numbers("g_wins", doctor.evidence(), said.rule)
    assert report.remedy.changes == {"d_lr": OWN_D_LR}  # the knob that the test turned to 0
    assert report.limits and "0.42" in report.limits[0]


def test_without_logged_verdicts_the_run_is_followed_again(recorded, store):
    run = as_run(store, recorded["exploding_rate"])
    said = last_verdict(run)
    (run.path / "events.jsonl").unlink()
    assert last_verdict(run) is None
    assert verdict_of(run, evidence_of(run, DIGITS), DIGITS) == said == replay(run, DIGITS).verdict


def test_steps_that_are_trained_again_count_once(recorded, store):
    run = as_run(store, recorded["dead_d"])
    assert [e["name"] for e in logged(run)] == ["healthy", "unsure", "g_wins"]
    run.write_status(step=500)  # back to a checkpoint
    assert [e["name"] for e in logged(run)] == ["healthy"]
    run.log_event(
        "verdict", step=450, who="doctor", name="d_wins", word="x", text="y", since=440, alarm=True
    )
    assert [e["name"] for e in logged(run)] == ["healthy", "d_wins"]
    steps = [line["step"] for line in probes(run)]
    assert steps == sorted(set(steps))


def test_events_that_are_no_verdicts_are_left_out(recorded, store):
    run = as_run(store, recorded["dead_d"])
    before = logged(run)
    run.log_event("verdict", step="x", who="somebody", name="d_wins")
    run.log_event("verdict", step=700, who="somebody", name="<b>", since=1, word="w", text="t")
    assert logged(run) == before


def test_evidence_of_an_empty_run_says_nothing(store, recorded):
    run = store.create(recorded["dead_d"].config)
    evidence = evidence_of(run)
    assert evidence.step == 0 and np.isnan(evidence.mean("g_loss"))
    assert report_of(run).verdict.name == "warming_up"


def test_the_command_says_it_in_words_and_as_data(recorded, store, tmp_path, capsys):
    run = as_run(store, recorded["d_lr_x20"])
    where = ["--runs-dir", str(store.root), "--data-dir", str(tmp_path / "data")]
    assert main(["doctor", run.id, *where]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Divergence (since step 6") and "g_loss has left all bounds" in text
    again = f"Try: Train again with the recipe's learning rates, d_lr {OWN_D_LR:g}"
    assert again in text and "Limits:" in text
    assert main(["doctor", run.id, "--json", "--history", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "divergence" and told["alarm"] and told["remedy"]["kind"] == "restart"
    assert [e["name"] for e in told["history"]] == ["healthy", "unsure", "divergence"]
    assert main(["doctor", "nothing", *where]) == 2
    assert "nothing" in capsys.readouterr().err


def test_the_page_of_limits_is_the_one_of_the_code():
    from gan_core.doctor.table import text

    page = Path(__file__).resolve().parents[3] / "docs" / "doctor.md"
    assert page.read_text("utf-8") == text(), "python -m gan_core.doctor.table > docs/doctor.md"


# ---- ill from the first step by their settings alone, on three seeds, and presets beside them ----

FRESH_PACKED = PACKED.with_name("ailments_fresh.zip")
PRESETS = (
    "fast_dcgan",
    "hinge_sn",
    "lsgan",
    "r3gan",
    "wgan_gp",
    "toy_mlp",
    "toy_mlp-2",
    "toy_mlp-3",
)


@pytest.fixture(scope="module")
def fresh():
    return unpack(FRESH_PACKED)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", FRESH, ids=lambda case: case.name)
def test_what_is_ill_from_the_start_is_named_in_time_and_never_praised(case, seed, fresh):
    recording = fresh[case.name if seed == 1 else f"{case.name}-{seed}"]
    assert all(recording.config[name] == value for name, value in case.settings.items())
    found = named(recording, case.expected)
    assert found is not None and found.step <= case.within
    assert "healthy" not in [v.name for v in follow(recording)]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_not_accused(preset, fresh):
    said = [v.name for v in follow(fresh[f"healthy_{preset}"])]
    assert said[-1] == "healthy" and {*said} <= {"healthy", "unsure", "warming_up"}


@pytest.mark.parametrize("case", FRESH, ids=lambda case: case.name)
def test_sentence_and_numbers_are_those_of_the_rule(case, fresh):
    """What is said when it is first named: its rule's own numbers, beyond the limit they are held to."""
    told = []

    def tell(verdict, doctor):
        evidence = doctor.evidence()
        facts = numbers(verdict.name, evidence, verdict.rule)
        told.append((verdict, sentence(verdict.name, evidence, verdict.rule), dict(facts)))

    follow(fresh[case.name], on_verdict=tell)
    verdict, text, facts = next(t for t in told if t[0].alarm)
    assert text.endswith(".") and facts
    if verdict.rule == "divergence/loss":
        assert text.split()[0] in facts and "at the start" in facts
    if verdict.rule == "divergence/beyond":
        network = text.split()[2]
        assert float(facts[f"gradient norm {network}"].replace(",", "")) > 1e5
    if verdict.rule == "d_wins/accuracy":
        assert min(float(facts["real accuracy"]), float(facts["fake accuracy"])) > 0.92
    if verdict.rule in ("mode_collapse/one", "mode_collapse/diversity"):
        assert float(facts["diversity"]) < 0.35


def test_remedies_of_what_is_ill_from_the_start_begin_again(fresh, store):
    """No state of these runs is worth going back to, whatever was stored."""
    for case in FRESH:
        run = as_run(store, fresh[case.name])
        for step in (20, 40, 400):
            save_checkpoint(run.path, step, {}, {})
        report = report_of(run, fresh[case.name].class_names)
        assert report.verdict.alarm and report.remedy.kind == "restart", case.name
        assert "the recipe's" in report.remedy.label
        assert report.command.startswith(f"python -m gan_core train --recipe {case.recipe} ")
        assert not any(f"--set {name}=" in report.command for name in case.settings)
        own = recipes.config(run.config["recipe"], run.config["dataset"])
        for name in case.settings:
            assert report.remedy.changes[name] == getattr(own, name), (case.name, name)
