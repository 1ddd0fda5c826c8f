"""Silent in the warm-up, slow to speak, slow to take back, and one verdict at a time."""

import numpy as np

from gan_core.doctor.doctor import Doctor, Verdict
from gan_core.doctor.signs import SIGNS
from gan_core.doctor.thresholds import CONFIRM, EVERY, RECOVER, TABLE, WARM_UP, WINDOW
from gan_core.doctor.words import WORDS
from tests.unit.doctor.conftest import DIGITS, HEALTHY, probe, without

WINNING = HEALTHY | {"real_accuracy": 1.0, "fake_accuracy": 1.0}


def tell(doctor, values, first, last):
    """Every verdict while these metrics last from one step to another."""
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
    said = tell(doctor, WINNING, 601, 900)
    ((step, name),) = said
    seen = step - (CONFIRM["d_wins"] - 1) * EVERY
    assert name == "d_wins" and 600 < seen <= 600 + WINDOW and doctor.verdict.since == seen
    assert doctor.verdict.alarm
    ((over, name),) = tell(doctor, HEALTHY, 901, 1300)
    assert name == "healthy" and over >= 900 + RECOVER * EVERY


def test_a_sign_for_a_moment_is_not_said():
    doctor = Doctor("non_saturating", list(HEALTHY))
    tell(doctor, HEALTHY, 1, 600)
    assert tell(doctor, WINNING, 601, 660) + tell(doctor, HEALTHY, 661, 1000) == []


def test_the_cause_comes_before_its_consequence():
    doctor = Doctor("non_saturating", list(HEALTHY), class_names=DIGITS)
    tell(doctor, HEALTHY, 1, 600)
    for step in range(350, 600, 50):
        doctor.see_probe(probe(step))
    for step in (600, 650, 700):
        doctor.see_probe(probe(step, **without("1", "2")))
    assert tell(doctor, HEALTHY, 601, 720) == [(700, "mode_collapse")]
    exploding = HEALTHY | {"d_grad_norm": 500.0}
    assert [n for _, n in tell(doctor, exploding, 721, 900)] == ["divergence"]


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
