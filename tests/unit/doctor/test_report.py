"""Sentence, numbers and "since" of a report are of one rule: the one that shows, for every verdict."""

from dataclasses import replace
from pathlib import Path

import pytest

from gan_core.cli.doctor import describe
from gan_core.doctor import rulebook
from gan_core.doctor.doctor import UNSURE
from gan_core.doctor.record import evidence_of, logged
from gan_core.doctor.report import report_of
from gan_core.doctor.signs import SIGNS
from gan_core.doctor.since import shown_since
from gan_core.doctor.thresholds import EVERY
from gan_core.doctor.words import numbers, sentence
from gan_core.runs.store import RunStore
from tests.reliability.ailment_cases import CASES, FRESH
from tests.reliability.recordings import as_run, unpack
from tests.unit.doctor.conftest import STEPS, probe, without

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def recorded():
    return unpack(DATA / "ailments.zip") | unpack(DATA / "ailments_fresh.zip")


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def cut(recording, step):
    """The same recording, stopped at a step."""
    return replace(
        recording,
        metrics=recording.metrics[:step],
        probes=[p for p in recording.probes if p["step"] <= step],
        evals=[e for e in recording.evals if e["step"] <= step],
        knobs=[k for k in recording.knobs if k[0] <= step],
    )


def rules_at(run, step, names):
    """Every rule that shows at a step, from the run's folder as it was then."""
    evidence = evidence_of(run, names, step=step)
    rules = rulebook.get(evidence.rules)
    return {*rules.showing(evidence).values(), *rules.doubts(evidence)}


@pytest.mark.sampled(10)
@pytest.mark.parametrize("case", (*CASES, *FRESH), ids=lambda case: case.name)
def test_sentence_numbers_and_since_are_of_the_rule_that_shows(case, recorded, store):
    recording = recorded[case.name]
    whole = len(recording.metrics)
    for step in {whole, *range(60, whole, max(whole // 9, EVERY))}:
        run = as_run(store, cut(recording, step), state="stopped")
        names, report = recording.class_names, report_of(run, recording.class_names)
        rule, since = report.verdict.rule, report.verdict.since
        if report.verdict.name in ("healthy", "warming_up"):
            continue
        events, now = logged(run), rules_at(run, run.status().step, names)
        if rule not in now:  # nothing of it shows any more: as it was logged
            last = events[-1]
            assert (report.sentence, rule, since) == (last["text"], last["rule"], last["since"])
            assert ("at step", f"{last['step']:,}") in report.numbers
            continue
        evidence = evidence_of(run, names)
        assert report.sentence == sentence(report.verdict.name, evidence, rule)
        assert list(report.numbers) == numbers(report.verdict.name, evidence, rule)
        if not events or rule != events[-1]["rule"]:
            assert rule in rules_at(run, since, names)
            looked = [since - EVERY] if since % EVERY == 0 else [since // EVERY * EVERY]
            assert all(rule not in rules_at(run, s, names) for s in looked if s >= EVERY)
        text = "\n".join(describe(report))
        assert f"(since step {since:,}). {report.sentence}" in text
        assert all(f"{label} {value}" in text for label, value in report.numbers)


def test_a_verdict_whose_rule_gave_way_to_another_tells_since_when_that_one_shows(evidence):
    """Few classes at first, then D is right on nearly all images, from step 700 on."""
    right = [0.6] * 600 + [0.99] * (STEPS - 600)
    probes = [probe(s, **without(*range(7))) for s in range(350, 500, 50)]
    probes += [probe(s) for s in range(500, STEPS + 1, 50)]
    found = evidence(real_accuracy=right, fake_accuracy=right, probes=probes)
    rules = rulebook.get(found.rules)
    assert rules.doubts(found)[0] == "d_wins/accuracy"
    since = shown_since("d_wins/accuracy", found)
    assert rules.shows("d_wins/accuracy", found.as_of(since))
    # 0.6 + share * 0.39 > 0.92 first where 83 of the 100 averaged steps are right
    assert since == 700
    assert shown_since("healthy/classes", found) == found.step


def test_every_rule_can_be_asked_whether_it_shows(evidence):
    found = evidence()
    rules = rulebook.get(found.rules)
    assert not [rule for rule in rules.sentences if rules.shows(rule, found)]
    early = found.as_of(60)
    assert early.early and not [rule for rule in rules.sentences if rules.shows(rule, early)]
    assert {rule.partition("/")[0] for rule in rules.sentences} - {"healthy"} == {*SIGNS}
    assert UNSURE not in SIGNS
