"""Each ailment shows in evidence that has it by construction, and in no healthy one."""

import numpy as np
import pytest

from gan_core.doctor import collapse, health, swings, words
from gan_core.doctor.signs import SIGNS
from gan_core.doctor.words import numbers, sentence
from tests.unit.doctor.conftest import STEPS, evaluated, of_points, probe, without

WAVE = np.sin(2 * np.pi * np.arange(STEPS) / 200)


def showing(evidence):
    return {name for name, sign in SIGNS.items() if sign(evidence)}


def series(make, first=350, every=50):
    """Probes up to the last step; `make(step)` gives what differs from a healthy one."""
    return [probe(step, **make(step)) for step in range(first, STEPS + 1, every)]


def test_nothing_shows_in_healthy_evidence(evidence):
    assert showing(evidence()) == set()
    assert showing(evidence(names=(), probes=[])) == set()


def test_nothing_shows_before_anything_was_seen(evidence):
    from gan_core.doctor.evidence import Evidence

    empty = Evidence("wasserstein", np.empty(0, np.int64), {})
    assert showing(empty) == set() and empty.step == 0


@pytest.mark.parametrize(
    ("metrics", "name"),
    [
        ({"real_accuracy": 0.99, "fake_accuracy": 0.98, "d_loss": 0.06}, "d_wins"),
        ({"fake_accuracy": 0.02, "real_accuracy": 0.6}, "g_wins"),
        ({"fake_accuracy": 0.05, "real_accuracy": 0.05}, "g_wins"),
        ({"fake_score": 3.0, "real_score": 0.2}, "g_wins"),
        ({"d_grad_norm": 140.0}, "divergence"),
        ({"real_score": 4e8, "fake_score": -7e7}, "divergence"),
    ],
)
def test_losses_and_scores(evidence, metrics, name):
    assert showing(evidence(**metrics)) == {name}


def test_a_vanished_gradient_is_seen_only_while_d_is_right(evidence):
    small = {"g_grad_norm": 0.0003}
    both = showing(evidence(**small, real_accuracy=0.99, fake_accuracy=0.99))
    assert next(iter(n for n in SIGNS if n in both)) == "vanishing_gradient"
    assert showing(evidence(**small)) == set()


def test_d_that_noise_leaves_some_doubt_wins_when_g_falls_behind(evidence):
    most = {"real_accuracy": 0.88, "fake_accuracy": 0.89}
    behind = evidence(**most, g_grad_norm=14.0)  # 20 times the 0.7 after the warm-up
    assert showing(behind) == {"d_wins"}
    assert sentence("d_wins", behind).endswith("its gradient is 20 times what it was.")
    assert showing(evidence(**most, g_grad_norm=6.0)) == set()
    assert showing(evidence(real_accuracy=0.88, fake_accuracy=0.8, g_grad_norm=14.0)) == set()
    assert showing(evidence(loss="relativistic", **most, g_grad_norm=14.0)) == set()


def test_a_critic_without_accuracy_is_never_said_to_win(evidence):
    drop = ("real_accuracy", "fake_accuracy")
    found = evidence(loss="wasserstein", drop=drop, real_score=30.0, fake_score=-30.0)
    assert showing(found) == set()
    assert showing(evidence(loss="wasserstein", drop=drop, fake_score=30.0)) == {"g_wins"}
    assert showing(evidence(loss="wasserstein", drop=drop, d_grad_norm=140.0)) == set()
    assert showing(evidence(loss="wasserstein", drop=drop, d_grad_norm=1400.0)) == {"divergence"}


def test_a_pair_accuracy_of_97_percent_is_no_win(evidence):
    pair = {"real_accuracy": 0.965, "fake_accuracy": 0.965}
    assert showing(evidence(loss="relativistic", **pair)) == set()
    assert showing(evidence(loss="hinge", **pair)) == {"d_wins"}


def test_classes_that_were_made_and_are_missing_are_named(evidence):
    found = evidence(probes=series(lambda step: without("4", "7") if step > 700 else {}))
    assert showing(found) == {"mode_collapse"}
    assert collapse.lost_classes(found) == ["4", "7"]


def test_two_probes_without_a_class_are_not_enough(evidence):
    assert showing(evidence(probes=series(lambda s: without("4") if s > 800 else {}))) == set()


def test_a_class_that_came_and_went_for_a_moment_is_not_lost(evidence):
    def flickering(step):
        return (
            without("4")
            if step > 700
            else {"missing": [], "class_counts": [28] * 4 + [4] + [28] * 5}
        )

    assert showing(evidence(probes=series(flickering))) == set()


def test_a_class_that_went_and_came_back_before_is_not_lost(evidence):
    """Raw weights of a DCGAN swing from one class to the next for hundreds of steps."""
    away = {550, 750, 800, 850, 900}
    assert showing(evidence(probes=series(lambda s: without("4") if s in away else {}))) == set()
    away.remove(550)
    found = evidence(probes=series(lambda s: without("4") if s in away else {}))
    assert collapse.lost_classes(found) == ["4"]


@pytest.mark.parametrize(("since", "shown"), [(760, set()), (740, {"mode_collapse"})])
def test_dense_probes_must_agree_for_150_steps(evidence, since, shown):
    found = series(lambda s: without("4", "7") if s > since else {}, first=300, every=10)
    assert showing(evidence(probes=found)) == shown


def test_a_class_that_is_seen_now_and_then_is_not_missing_all_along(evidence):
    few = {"missing": [], "class_counts": [28] * 9 + [4]}
    never = series(lambda s: without("9"), first=300)
    assert collapse.lost_classes(evidence(probes=never)) == ["9"]
    rare = series(lambda s: few if s == 600 else without("9"), first=300)
    assert collapse.lost_classes(evidence(probes=rare)) == []


def test_a_young_generator_that_makes_more_and_more_is_not_collapsed(evidence):
    def growing(step):
        gone = "9876543"[: max(0, (900 - step) // 100)]
        share = step / 1600
        return without(*gone) | {
            "diversity": share,
            "class_diversity": share,
            "duplicates": max(0, 1 - share),
            "class_kl": 2.3 * (1 - share),
        }

    assert showing(evidence(probes=series(growing))) == set()


@pytest.mark.parametrize(
    "alike",
    [{"class_diversity": 0.4}, {"diversity": 0.3}, {"duplicates": 0.4}],
)
def test_variety_that_was_there_and_is_lost(evidence, alike):
    assert showing(evidence(probes=series(lambda s: alike if s > 700 else {}))) == {"mode_collapse"}


def test_a_generator_that_never_gets_beyond_few_images(evidence):
    stuck = {"duplicates": 1.0, "class_kl": 1.2, "diversity": 0.55} | without("0", "4", "5")
    assert showing(evidence(probes=series(lambda step: stuck, first=300))) == {"mode_collapse"}


def ring(make, first=300, every=50):
    """Probes of points; `make(step)` gives what differs from those of a healthy run."""
    return [of_points(step, **make(step)) for step in range(first, STEPS + 1, every)]


@pytest.mark.parametrize(
    ("make", "name", "rule"),
    [
        (lambda s: {"modes": 5}, "mode_collapse", "mode_collapse/modes"),
        (lambda s: {"modes": 7 if s > 700 else 8}, "mode_collapse", "mode_collapse/modes"),
        (lambda s: {"modes": 1, "diversity": 1e-8}, "mode_collapse", "mode_collapse/one"),
        (
            lambda s: {"modes": 0, "near": 0.0, "diversity": 0.0},
            "mode_collapse",
            "mode_collapse/one",
        ),
        (lambda s: {"near": 0.12}, "off_data", "off_data/near"),
        (lambda s: {"near": 0.2 if s > 700 else 0.9}, "off_data", "off_data/near"),
    ],
)
def test_points_that_miss_modes_or_lie_between_them(evidence, make, name, rule):
    found = evidence(names=(), probes=ring(make))
    assert SIGNS[name](found) == rule
    assert sentence(name, found, rule).endswith(".")
    facts = dict(numbers(name, found, rule))
    assert facts["modes"].endswith(" of 8") and facts["within 3 sigma"]


@pytest.mark.parametrize(
    "make",
    [
        lambda s: {},
        lambda s: {"modes": min(8, s // 100)},  # more and more
        lambda s: {"near": min(0.95, s / 1500), "modes": min(8, s // 90)},
        lambda s: {"modes": 7 if s in (600, 850) else 8},  # for a moment
    ],
)
def test_points_that_learn_are_not_ill(evidence, make):
    assert showing(evidence(names=(), probes=ring(make))) == set()


def test_many_classes_are_not_counted_in_256_fakes(evidence):
    names = tuple(str(k) for k in range(1000))
    gone = {"missing": list(names[256:]), "class_counts": [1] * 256 + [0] * 744}
    assert showing(evidence(names=names, probes=series(lambda step: gone))) == set()


def test_losses_that_swing_against_each_other(evidence):
    swing = evidence(g_loss=1.0 + 0.7 * WAVE, d_loss=1.0 - 0.5 * WAVE)
    assert showing(swing) == {"oscillation"}
    assert showing(evidence(g_loss=1.0 + 0.7 * WAVE, d_loss=1.0 + 0.5 * WAVE)) == set()
    assert showing(evidence(g_loss=1.0 + 0.1 * WAVE, d_loss=1.0 - 0.1 * WAVE)) == set()
    drift = np.linspace(0.5, 3.0, STEPS)
    assert showing(evidence(g_loss=drift, d_loss=4.0 - drift)) == set()


def test_crossings_by_hand():
    assert swings.crossings(np.array([1, 1, -1, -1, 1, -1.0])) == 3
    assert swings.crossings(np.array([1, -0.01, 1, 1, -1, 0.01, -1])) == 1


def test_a_discriminator_that_knows_its_images(evidence):
    gap = {"train": 3.0, "held_out": -1.0, "fake": -2.0, "auc": 0.97, "share": 0.8}
    assert showing(evidence(probes=series(lambda step: {"gap": gap}))) == {"d_overfits"}
    near = gap | {"auc": 0.6}
    assert showing(evidence(probes=series(lambda step: {"gap": near}))) == set()
    one = evidence(probes=series(lambda step: {"gap": gap} if step == STEPS else {}))
    assert showing(one) == set()


def test_copies(evidence):
    assert showing(evidence(evals=[evaluated(800, copies=0.08)])) == {"copying"}
    assert showing(evidence(evals=[evaluated(700, copies=0.08), evaluated(800)])) == set()


def test_stalled_needs_time_and_measurements(evidence):
    def at(step, lines):
        from dataclasses import replace

        return replace(evidence(evals=lines), steps=np.arange(step - STEPS + 1, step + 1))

    later = [evaluated(s, 9.0) for s in (1000, 1500, 2000, 2500)]
    assert showing(at(2600, [evaluated(500), *later])) == {"stalled"}
    assert showing(at(2400, [evaluated(500), *later[:3]])) == set()
    assert showing(at(2600, [evaluated(500), *later[:3]])) == set()
    assert showing(at(2600, [evaluated(500, 2.0), *later])) == set()  # as good as real images


def test_a_generator_that_makes_one_image_a_class_is_told_so(evidence):
    def alike(step):
        return {"class_diversity": 0.4 if step > 600 else 0.9, "duplicates": 0.3}

    found = evidence(probes=series(alike))
    assert showing(found) == {"mode_collapse"}
    assert sentence("mode_collapse", found).startswith("Inside a class samples are too alike")
    assert ("inside a class", "0.40") in numbers("mode_collapse", found)
    everywhere = evidence(probes=series(lambda step: alike(step) | {"diversity": 0.3}))
    assert sentence("mode_collapse", everywhere).startswith("Samples are too alike")


def test_near_duplicates_of_a_young_generator_are_no_collapse_until_they_are_many(evidence):
    def always(share):
        return showing(evidence(probes=series(lambda step: {"duplicates": share}, first=250)))

    assert always(0.15) == set()
    assert always(0.3) == {"mode_collapse"}
    grown = series(lambda step: {"duplicates": 0.15 if step > 600 else 0.0})
    assert showing(evidence(probes=grown)) == {"mode_collapse"}


def test_one_class_says_nothing_where_the_judge_sees_no_other_in_the_data(evidence):
    """A judge that learned from 200 images may call all of them the same."""
    seen = {"class_counts": [0, 256], "missing": [], "diversity": 0.2, "duplicates": 1.0}
    names = ("cat", "dog")
    blind = evidence(names=names, probes=series(lambda s: seen | {"class_kl": 0.0}))
    assert not collapse.few_kinds(blind) and health.made(blind) is None
    assert "classes" not in sentence("unsure", blind) + sentence("healthy", blind)
    able = {"class_kl": 0.69, "missing": ["cat"]}
    told = evidence(names=names, probes=series(lambda s: seen | able))
    assert collapse.few_kinds(told) and health.made(told) == (1, 2)
    assert words.SENTENCES["healthy/classes"](told) == "Only 1 of 2 classes is made so far."
