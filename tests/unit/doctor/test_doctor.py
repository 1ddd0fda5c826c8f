"""Slow to speak, slow to take back, one verdict at a time, and no praise while anything shows."""

import numpy as np
import pytest

from gan_core.doctor.doctor import Doctor, Verdict
from gan_core.doctor.facts import NUMBERS, decimal
from gan_core.doctor.health import INSIDE
from gan_core.doctor.signs import SIGNS
from gan_core.doctor.thresholds import CONFIRM, EVERY, RECOVER, TABLE, WARM_UP, WINDOW
from gan_core.doctor.words import SENTENCES, WORDS, numbers, sentence
from tests.unit.doctor.conftest import DIGITS, HEALTHY, probe, without

WINNING = HEALTHY | {"real_accuracy": 1.0, "fake_accuracy": 1.0}


def tell(doctor, values, first, last, **probed):
    """Every verdict while these metrics and probes last from one step to another."""
    row, found = np.array(list(values.values()), np.float32), []
    for step in range(first, last + 1):
        if step % 20 == 0:
            doctor.see_probe(probe(step, **probed))
        found.append(doctor.see(step, row))
    return [(v.step, v.name) for v in found if v]


def blind(doctor, values, first, last):
    """The same without any probe."""
    row = np.array(list(values.values()), np.float32)
    found = [doctor.see(step, row) for step in range(first, last + 1)]
    return [(v.step, v.name) for v in found if v]


def test_it_is_silent_in_the_warm_up_and_then_says_how_it_is():
    doctor = Doctor("non_saturating", list(HEALTHY))
    assert doctor.verdict.name == "warming_up" and not doctor.verdict.alarm
    assert tell(doctor, WINNING, 1, WARM_UP - 1) == []
    doctor = Doctor("non_saturating", list(HEALTHY))
    assert tell(doctor, HEALTHY, 1, 1000) == [(WARM_UP, "healthy")]


def test_a_sign_must_last_before_it_is_said_and_be_gone_before_it_is_over():
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 600)
    (doubt, unsure), (step, name) = tell(doctor, WINNING, 601, 900)
    seen = step - (CONFIRM["d_wins"] - 1) * EVERY
    assert name == "d_wins" and 600 < seen <= 600 + WINDOW and doctor.verdict.since == seen
    assert unsure == "unsure" and doubt <= seen
    assert doctor.verdict.alarm and doctor.verdict.rule == "d_wins/accuracy"
    told = tell(doctor, HEALTHY, 901, 1300)
    over, name = told[-1]
    assert name == "healthy" and over >= 900 + RECOVER * EVERY


def test_a_sign_for_a_moment_is_no_ailment_but_no_health_either():
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 600)
    said = tell(doctor, WINNING, 601, 680) + tell(doctor, HEALTHY, 681, 1000)
    assert [name for _, name in said] == ["unsure", "healthy"]
    assert said[1][0] >= 680 + RECOVER * EVERY


@pytest.mark.parametrize("name", sorted(SIGNS))
def test_nothing_is_healthy_at_the_first_look_of_any_sign(name, monkeypatch):
    """Praise ends with the first look, whatever shows and however long it must last."""
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 600)
    assert doctor.verdict.name == "healthy"
    monkeypatch.setitem(SIGNS, name, lambda evidence: f"{name}/x")
    doctor.see(620, np.array(list(HEALTHY.values()), np.float32))
    assert doctor.verdict.name == (name if CONFIRM[name] == 1 else "unsure")
    assert doctor.verdict.rule == f"{name}/x"


@pytest.mark.parametrize(
    ("metrics", "probed", "rule"),
    [
        ({"real_accuracy": 1.0, "fake_accuracy": 0.05}, {}, "healthy/accuracy"),
        ({}, {"diversity": 0.1, **without(*"012345678")}, "healthy/classes"),
        ({}, {"diversity": 0.4}, "healthy/diversity"),
        ({}, {"diversity": 1.9}, "healthy/diversity_most"),
        ({}, {"duplicates": 0.3}, "healthy/duplicates"),
        ({"g_grad_norm": 0.0, "d_grad_norm": 0.0}, {}, "healthy/norm"),
        ({"d_loss": 4.7e1}, {}, "healthy/loss"),
        ({"g_loss": 11.0, "d_loss": 0.0}, {}, "healthy/d_loss"),
    ],
)
def test_health_needs_every_value_inside_its_limits(metrics, probed, rule):
    doctor = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    said = tell(doctor, HEALTHY | metrics, 1, WARM_UP, **probed)
    assert said[-1][1] == "unsure" and rule in doctor.rules.doubts(doctor.evidence())
    assert sentence("unsure", doctor.evidence(), rule).endswith(".")
    assert numbers("unsure", doctor.evidence(), rule)


def test_health_is_not_said_before_samples_were_looked_at():
    doctor = Doctor("non_saturating", list(HEALTHY))
    assert blind(doctor, HEALTHY, 1, 1000) == [(WARM_UP, "unsure")]
    assert doctor.verdict.rule == "healthy/probes"
    assert tell(doctor, HEALTHY, 1001, 1100) == [(1060, "healthy")]


@pytest.mark.parametrize(
    ("metrics", "rule"),
    [
        ({"g_loss": 4.7e6}, "divergence/loss"),
        ({"d_loss": -2e4}, "divergence/loss"),
        ({"d_grad_norm": 3.8e12}, "divergence/beyond"),
        ({"fake_score": -4e7}, "divergence/score"),
    ],
)
def test_an_explosion_is_named_in_the_warm_up(metrics, rule):
    doctor = Doctor("non_saturating", list(HEALTHY))
    assert tell(doctor, HEALTHY, 1, 40) == []
    (doubt, unsure), (step, name) = tell(doctor, HEALTHY | metrics, 41, 120)
    assert (unsure, name, doctor.verdict.rule) == ("unsure", "divergence", rule)
    assert doubt <= 60 and step == doubt + EVERY
    assert any(
        decimal(value) in dict(numbers("divergence", doctor.evidence(), rule)).values()
        for value in metrics.values()
    )


def test_fakes_that_are_all_the_same_are_named_in_the_warm_up():
    one = {"diversity": 3e-8, **without(*"012345678")}
    doctor = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    assert tell(doctor, HEALTHY, 1, 200, **one) == [(20, "unsure"), (60, "mode_collapse")]
    assert sentence("mode_collapse", doctor.evidence(), doctor.verdict.rule).startswith("All fakes")
    young = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    said = tell(young, HEALTHY, 1, 200, **(one | {"diversity": 0.07}))
    assert said == [(20, "unsure")] and young.verdict.rule == "healthy/classes"
    assert [n for _, n in tell(young, HEALTHY, 201, 420)] == ["warming_up", "healthy"]


def test_a_collapse_is_not_over_because_nobody_looked():
    """Probes of the warm-up do not count after it; until there are others the verdict stands."""
    one = {"diversity": 3e-8, **without(*"012345678")}
    doctor = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    tell(doctor, HEALTHY, 1, 200, **one)
    assert blind(doctor, HEALTHY, 201, 900) == [] and doctor.verdict.name == "mode_collapse"
    assert [name for _, name in tell(doctor, HEALTHY, 901, 1300)] == ["healthy"]


def test_a_single_network_that_is_stepped_alone_has_not_exploded():
    """The other one's metrics are NaN then: not measured."""
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 600)
    alone = HEALTHY | {"g_loss": np.nan, "g_grad_norm": np.nan}
    assert "divergence" not in [name for _, name in tell(doctor, alone, 601, 800)]


def test_the_cause_comes_before_its_consequence():
    doctor = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    tell(doctor, HEALTHY, 1, 600)
    told = tell(doctor, HEALTHY, 601, 900, **without("1", "2"))
    assert [name for _, name in told] == ["mode_collapse"]
    exploding = HEALTHY | {"d_grad_norm": 500.0}
    assert [n for _, n in tell(doctor, exploding, 901, 1000, **without("1", "2"))] == ["divergence"]


def test_a_branch_waits_for_a_window_of_its_own():
    doctor = Doctor("non_saturating", list(HEALTHY), first_step=2001)
    assert tell(doctor, HEALTHY, 2001, 2000 + WINDOW - 1) == []
    assert tell(doctor, HEALTHY, 2000 + WINDOW, 2300) == [(2000 + WINDOW, "healthy")]


def test_a_resumed_run_keeps_its_verdict():
    before = Verdict("d_wins", 900, 820)
    doctor = Doctor("non_saturating", list(HEALTHY), verdict=before)
    for step in range(600, 901):
        doctor.memory.add(step, np.array(list(WINNING.values()), np.float32))
    assert tell(doctor, WINNING, 901, 1100) == [] and doctor.verdict == before


def test_memory_is_bounded_and_keeps_the_newest():
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 10_000)
    steps, metrics = doctor.memory.columns()
    assert steps[-1] == 10_000 and (np.diff(steps) == 1).all() and len(steps) <= 1200
    assert set(metrics) == set(HEALTHY) and doctor.memory.baseline["g_grad_norm"] > 0


def test_every_ailment_has_words_a_limit_and_a_number_of_looks():
    for name in SIGNS:
        assert len(WORDS[name].cause.split(". ")) >= 2 and WORDS[name].sentence
        assert CONFIRM[name] >= 1
        assert any(key.startswith(f"{name}/") for key in TABLE)


def test_every_rule_has_words_and_numbers_and_every_limit_of_health_a_rule():
    for rule in SENTENCES:
        ailment = rule.partition("/")[0]
        assert ailment in SIGNS or ailment == "healthy"
        assert rule in NUMBERS or ailment in NUMBERS
    assert set(INSIDE) == {key for key in TABLE if key.startswith("healthy/")} <= set(SENTENCES)
