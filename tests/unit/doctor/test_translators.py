"""Ailments of translators: what the doctor says of the numbers of real trainings, and what it proposes.

The numbers are those of `tests/reliability/translation_ailments.py`, seed 1, at step 700.
"""

import numpy as np
import pytest

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.doctor import rulebook
from gan_core.doctor.doctor import Doctor
from gan_core.doctor.remedies import Situation, remedy
from gan_core.doctor.translator_words import WORDS
from gan_core.doctor.words import numbers, sentence

RULES = rulebook.get("translation")
STEPS = 700

# accuracy of D on real and on made patches, values of a probe: of small trainings of Pix2Pix
PAIRS = {
    "healthy": ((0.735, 0.736), {
        "l1": 0.121, "l1_input": 0.141, "agreement": 0.787, "sharpness": 0.885, "change": 0.14,
        "diversity": 0.865, "class_kept": 0.828,
    }),
    "copies_input": ((0.8, 0.738), {
        "l1": 0.374, "l1_input": 0.377, "agreement": 0.41, "sharpness": 1.915, "change": 0.008,
        "diversity": 1.088, "class_kept": 0.422,
    }),
    "ignores_input": ((0.82, 0.946), {
        "l1": 0.287, "l1_input": 0.377, "agreement": 0.284, "sharpness": 0.693, "change": 0.426,
        "diversity": 0.299, "class_kept": 0.109,
    }),
    "inverted": ((0.742, 0.744), {
        "l1": 1.835, "l1_input": 0.141, "agreement": -0.804, "sharpness": 0.877, "change": 1.831,
        "diversity": 0.522, "class_kept": 0.297,
    }),
    "grid": ((1.0, 1.0), {
        "l1": 0.341, "l1_input": 0.377, "agreement": 0.457, "sharpness": 1.414, "change": 0.541,
        "diversity": 0.308, "class_kept": 0.703, "grid": 0.0319, "grid_real": 0.0073,
    }),
    "averages": ((0.946, 0.952), {
        "l1": 0.123, "l1_input": 0.141, "agreement": 0.79, "sharpness": 0.782, "change": 0.111,
        "diversity": 0.792, "class_kept": 0.812,
    }),
    "d_wins": ((0.91, 0.921), {
        "l1": 0.239, "l1_input": 0.141, "agreement": 0.612, "sharpness": 0.983, "change": 0.194,
        "diversity": 0.48, "class_kept": 0.578,
    }),
}  # fmt: skip
SIDES = {
    "to_b/l1": 0.341, "to_b/l1_input": 1.65, "to_b/change": 1.4, "to_b/diversity": 0.8,
    "to_b/class_kept": 0.93, "to_b/class_known": 0.98, "to_b/cycle": 0.046, "to_b/cycle_noise": 0.048,
    "to_b/agreement": 0.6, "to_b/sharpness": 1.0,
}  # fmt: skip
SIDES |= {name.replace("to_b", "to_a"): value for name, value in SIDES.items()}
GOOD = {"to_b/fd_judge_200": 60.0, "to_a/fd_judge_200": 80.0}
INPUT = {"to_b/fd_judge_200": 1060.0, "to_a/fd_judge_200": 556.0}


def line(step, values, before=INPUT):
    return {"step": step, "values": values, "beside": {"input": before}, "missing": []}


def followed(*, accuracy=(0.7, 0.7), probe=None, evals=(), still="", sides=False, l1=0.1):
    """A doctor that has seen STEPS steps of such numbers; losses scatter unless they are `still`."""
    ends = ("", "_a", "_b") if sides else ("",)
    names = ["g_loss", "g_grad_norm", "d_grad_norm", "real_score", "fake_score", "l1"]
    for end in ends:
        names += [f"d_loss{end}", f"real_accuracy{end}", f"fake_accuracy{end}"]
    doctor, rng = Doctor("least_squares", names, rules="translation"), np.random.default_rng(0)
    verdicts = []
    for step in range(1, STEPS + 1):
        row = dict.fromkeys(names, 0.5) | {"l1": l1, "g_grad_norm": 5.0, "d_grad_norm": 1.0}
        for end in ends:
            row[f"real_accuracy{end}"], row[f"fake_accuracy{end}"] = accuracy
            row[f"d_loss{end}"] = (
                0.4 if f"d_loss{end}" == still else 0.4 + 0.04 * rng.standard_normal()
            )
        if step % 50 == 0 and probe is not None:
            doctor.see_probe({"step": step, "count": 64, "values": probe, "diversity": 1.0,
                              "class_counts": [], "missing": []})  # fmt: skip
        for found in evals:
            if found["step"] == step:
                doctor.see_eval(found)
        verdict = doctor.see(step, np.array([row[name] for name in names], np.float32))
        verdicts += [verdict.name] if verdict is not None else []
    return doctor, verdicts


@pytest.mark.parametrize("name", PAIRS)
def test_recorded_pairs_are_called_by_their_names(name):
    accuracy, probe = PAIRS[name]
    doctor, said = followed(accuracy=accuracy, probe=probe)
    assert doctor.verdict.name == name
    assert {*said} <= {name, "unsure", "warming_up"}


def test_two_sides_that_learn_are_healthy():
    doctor, _ = followed(probe=SIDES, sides=True, evals=[line(500, GOOD), line(600, GOOD)])
    assert doctor.verdict.name == "healthy"


@pytest.mark.parametrize("way", ["to_b", "to_a"])
def test_of_two_sides_it_says_which_direction(way):
    probe = SIDES | {f"{way}/change": 0.07, f"{way}/l1": 1.6}
    doctor, _ = followed(probe=probe, sides=True)
    assert doctor.verdict.name == "copies_input"
    words = "From a to b: output" if way == "to_b" else "From b to a: output"
    assert sentence("copies_input", doctor.evidence()).startswith(words)


def test_rules_of_real_paper_are_no_pattern():
    """Real sheets have 0.0232 of it, real digits 0.0071."""
    probe = SIDES | {
        "to_b/grid": 0.0236,
        "to_b/grid_real": 0.0232,
        "to_a/grid": 0.0082,
        "to_a/grid_real": 0.0071,
    }
    assert followed(probe=probe, sides=True)[0].verdict.name == "healthy"
    doctor, _ = followed(probe=probe | {"to_b/grid": 0.05}, sides=True)
    assert doctor.verdict.name == "grid"
    assert sentence("grid", doctor.evidence()).startswith(
        "From a to b: a grid of every second pixel"
    )


def test_a_perfect_way_back_with_a_wrong_middle_is_no_health():
    """As digits and rotated digits were at full size: cycle 0.045, 17 % keep their class."""
    doctor, _ = followed(probe=SIDES | {"to_b/class_kept": 0.17, "to_b/cycle": 0.045}, sides=True)
    assert (doctor.verdict.name, doctor.verdict.rule) == ("hides_input", "hides_input/cycle")


def test_a_small_change_with_a_small_error_hides_nothing():
    """Glasses on a face: the truth is near the input, and no network is exact."""
    small = {"l1": 0.05, "l1_input": 0.03, "change": 0.06, "cycle": 0.05, "cycle_noise": 0.06}
    probe = SIDES | {f"{way}/{n}": v for way in ("to_a", "to_b") for n, v in small.items()}
    doctor, _ = followed(probe=probe, sides=True)
    assert doctor.verdict.name == "healthy"


def test_a_judge_that_hardly_knows_the_classes_accuses_nobody():
    probe = SIDES | {"to_b/class_kept": 0.3, "to_b/class_known": 0.4}
    assert followed(probe=probe, sides=True)[0].verdict.name == "healthy"


def test_a_code_that_noise_destroys_is_found():
    doctor, _ = followed(probe=SIDES | {"to_a/cycle_noise": 0.4}, sides=True)
    assert doctor.verdict.rule == "hides_input/noise"


def test_one_direction_that_stands_still_is_named():
    bad = GOOD | {"to_a/fd_judge_200": 500.0}
    doctor, _ = followed(probe=SIDES, sides=True, evals=[line(500, bad), line(600, bad)])
    assert doctor.verdict.name == "one_way"
    assert "direction b to a has stopped" in sentence("one_way", doctor.evidence())
    assert ("distance left, b to a", "90%") in numbers("one_way", doctor.evidence())


def test_doing_nothing_is_seen_where_nobody_knows_the_truth():
    same = dict(INPUT) | {"to_b/change": 0.01, "to_a/change": 0.01}
    probe = {n: v for n, v in SIDES.items() if "l1" not in n}
    doctor, _ = followed(probe=probe, sides=True, evals=[line(500, same), line(600, same)])
    assert doctor.verdict.name == "copies_input"


@pytest.mark.parametrize(
    ("still", "sides", "words"),
    [("d_loss_b", True, "of side b says"), ("d_loss", False, "A discriminator says the same")],
)
def test_a_discriminator_whose_loss_does_not_move_is_silent(still, sides, words):
    probe = SIDES if sides else PAIRS["healthy"][1]
    doctor, _ = followed(still=still, sides=sides, probe=probe)
    assert doctor.verdict.name == "d_silent"
    assert words in sentence("d_silent", doctor.evidence())


HELD_OUT = [0.169, 0.1523, 0.1519, 0.1536, 0.1542, 0.1534]  # of 40 pairs, every 100 steps


@pytest.mark.parametrize(
    ("training", "held_out", "name"),
    [
        (0.032, HELD_OUT, "knows_pairs"),
        (0.121, HELD_OUT, "healthy"),
        (0.032, [0.4 / (1 + k) for k in range(6)], "healthy"),  # still falling
    ],
)
def test_pairs_known_by_heart(training, held_out, name):
    evals = [line(100 * (k + 1), {"l1": v, "psnr": 20.0}) for k, v in enumerate(held_out)]
    doctor, _ = followed(l1=training, probe=PAIRS["healthy"][1], evals=evals)
    assert doctor.verdict.name == name


def test_nothing_is_praised_before_it_was_looked_at():
    doctor, _ = followed()
    assert (doctor.verdict.name, doctor.verdict.rule) == ("unsure", "healthy/probes")


def test_everything_that_is_said_has_words_numbers_and_a_remedy():
    for name in RULES.signs:
        assert WORDS[name].sentence and WORDS[name].cause
        assert name in RULES.remedies and name in RULES.confirm
        assert name in RULES.numbers
    rules = {key for key in RULES.sentences if not key.startswith(("healthy", "divergence"))}
    assert rules <= {*RULES.thresholds}
    assert all(key.partition("/")[0] in RULES.signs for key in rules)


def situation(recipe, **more):
    own = recipes.config(recipe, "x").model_dump()
    settings = own | more.pop("settings", {})
    knobs = {n: settings[n] for n in ("l1_weight", "cycle_weight", "identity_weight", "d_lr")}
    return Situation(
        rules="translation",
        config=TrainConfig(**settings).model_dump(),
        own=own,
        knobs=knobs,
        **more,
    )


@pytest.mark.parametrize(
    ("name", "recipe", "settings", "kind", "changes"),
    [
        ("grid", "fast_pix2pix", {}, "restart", {"upsampling": "resize"}),
        ("grid", "fast_cyclegan", {"upsampling": "resize"}, "knobs", {"g_lr": 5e-4}),
        ("averages", "fast_pix2pix", {}, "knobs", {"l1_weight": 30.0}),
        ("averages", "fast_pix2pix", {"gan_weight": 0.0}, "restart", {"gan_weight": 1.0}),
        ("copies_input", "fast_pix2pix", {"l1_weight": 40.0}, "knobs", {"l1_weight": 100.0}),
        ("d_wins", "fast_pix2pix", {}, "knobs", {"d_lr": 5e-4}),
        ("knows_pairs", "fast_pix2pix", {}, "stop", {}),
        ("d_silent", "fast_cyclegan", {"d_lr": 0.0}, "restart", {"d_lr": 5e-4}),
    ],
)
def test_each_has_one_thing_to_do(name, recipe, settings, kind, changes):
    found = remedy(name, situation(recipe, settings=settings))
    assert (found.kind, found.changes) == (kind, changes)


def test_what_is_known_by_heart_goes_back_to_mirrored_pairs():
    known = situation("fast_pix2pix", healthy=lambda before: 400)
    found = remedy("knows_pairs", known)
    assert (found.kind, found.step, found.changes) == ("branch", 400, {"jitter": "crop_mirror"})


def test_the_cycle_weighs_half_of_what_it_did():
    own = recipes.config("fast_cyclegan", "x").cycle_weight
    found = remedy("hides_input", situation("fast_cyclegan"))
    assert found.changes == {"cycle_weight": own / 2} and found.label.startswith("Halve")
