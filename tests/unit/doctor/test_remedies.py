"""One remedy at a time: what was turned is set back, what was thrown off is rewound."""

from dataclasses import replace

import pytest

from gan_core import recipes
from gan_core.config import LIVE_KNOBS
from gan_core.doctor.remedies import CHOICES, Situation, remedy
from gan_core.doctor.signs import SIGNS

OWN = recipes.config(
    "fast_gan", "mnist_5k", g_lr=0.002, d_lr=0.001, instance_noise=0.0
).model_dump()


def situation(*, knobs=None, since=700, healthy=(300, 600), turned=None, **rest):
    config = OWN | rest.pop("config", {})
    now = {name: config[name] for name in LIVE_KNOBS} | (knobs or {})
    return Situation(
        config=config,
        own=OWN,
        knobs=now,
        since=since,
        turned=turned,
        healthy=lambda before: max((s for s in healthy if s <= before), default=None),
        step=rest.pop("step", 1000),
        **rest,
    )


def test_every_ailment_has_a_remedy_and_health_has_none():
    assert set(CHOICES) == set(SIGNS)
    assert remedy("healthy", situation()) is None and remedy("warming_up", situation()) is None


@pytest.mark.parametrize(
    ("name", "kind", "label", "changes"),
    [
        ("d_wins", "knobs", "Halve d_lr to 0.0005", {"d_lr": 0.0005}),
        ("g_wins", "knobs", "Two D steps per G step", {"n_critic": 2}),
        ("vanishing_gradient", "knobs", "Add instance noise 0.1", {"instance_noise": 0.1}),
        ("d_overfits", "knobs", "Add instance noise 0.2", {"instance_noise": 0.2}),
        ("oscillation", "knobs", "Halve both learning rates", {"g_lr": 0.001, "d_lr": 0.0005}),
        (
            "divergence",
            "branch",
            "Rewind to 600 and branch with d_lr 0.0005 and g_lr 0.001",
            {"d_lr": 0.0005, "g_lr": 0.001},
        ),
        (
            "mode_collapse",
            "branch",
            "Rewind to 600 and branch with loss least_squares and g_lr 0.001",
            {"loss": "least_squares", "g_lr": 0.001},
        ),
        ("copying", "show", "Show them", {}),
        ("stalled", "stop", "Stop", {}),
    ],
)
def test_first_remedies(name, kind, label, changes):
    found = remedy(name, situation())
    assert (found.kind, found.label, found.changes) == (kind, label, changes)


@pytest.mark.parametrize(
    ("now", "then", "at_rewind"), [(0.05, 0.2, 0.1), (0.3, 0.6, 0.6), (1.5, 2.0, 2.0)]
)
def test_noise_that_is_there_is_raised(now, then, at_rewind):
    found = remedy("d_overfits", situation(knobs={"instance_noise": now}))
    assert found.changes == {"instance_noise": then}
    assert found.label == f"Raise instance noise to {then:.6g}"
    tried = situation(knobs={"instance_noise": now}, turned=900, step=1200)
    assert remedy("d_wins", tried).changes["instance_noise"] == at_rewind


def test_a_d_that_knows_its_images_by_heart_is_shown_changed_ones():
    """Where noise did not help; not where it is augmented already, or the recipe cannot."""
    tried = {"turned": 900, "step": 1200}
    plain = {"augment": "none"}
    found = remedy("d_overfits", situation(config=plain, **tried))
    assert (found.kind, found.changes) == ("branch", {"augment": "translation_cutout"})
    for config, own in ((OWN, OWN), (plain, OWN | plain)):
        found = remedy("d_overfits", replace(situation(config=config, **tried), own=own))
        assert set(found.changes) == {"instance_noise", "d_lr"}


def test_a_turned_knob_is_set_back_first():
    found = remedy("d_wins", situation(knobs={"g_lr": 0.0}))
    assert (found.kind, found.label) == ("knobs", "Set g_lr to 0.002")
    found = remedy("g_wins", situation(knobs={"d_lr": 0.0}))
    assert (found.kind, found.changes) == ("knobs", {"d_lr": 0.001})
    found = remedy("divergence", situation(knobs={"g_lr": 1.0, "d_lr": 1.0}))
    assert found.kind == "branch" and found.step == 600
    assert found.changes == {"g_lr": 0.002, "d_lr": 0.001}


def test_a_rewind_goes_back_to_before_the_knob_that_did_it():
    knobs = {"g_lr": 0.04}
    found = remedy("mode_collapse", situation(knobs=knobs, turns={"g_lr": 300}))
    assert (found.step, found.changes) == (300, {"g_lr": 0.002})
    long_ago = situation(knobs=knobs, turns={"g_lr": 300}, since=5000, healthy=(300, 4800))
    assert remedy("mode_collapse", long_ago).step == 4800


def test_a_live_remedy_has_time_and_is_followed_by_a_rewind():
    assert remedy("d_wins", situation(turned=900)) is None
    assert situation(turned=900).waiting == 1200
    later = situation(turned=900, step=1200, knobs={"d_lr": 0.0005})
    found = remedy("d_wins", later)
    assert found.kind == "branch" and found.step == 600
    assert found.changes == {"d_lr": 0.00025, "instance_noise": 0.1}


@pytest.mark.parametrize(
    ("config", "changes", "words"),
    [
        ({}, {"d_lr": 0.0005, "g_lr": 0.001}, "d_lr 0.0005 and g_lr 0.001"),
        (
            {"g_lr": 10.0, "d_lr": 0.5},
            {"g_lr": 0.002, "d_lr": 0.001},
            "the recipe's learning rates, g_lr 0.002 and d_lr 0.001",
        ),
        ({"d_lr": 0.002}, {"d_lr": 0.001}, "the recipe's learning rates, d_lr 0.001"),
        ({"batch_size": 1}, {"batch_size": OWN["batch_size"]}, "the recipe's own settings"),
    ],
)
def test_without_a_healthy_checkpoint_it_trains_again(config, changes, words):
    found = remedy("divergence", situation(config=config, healthy=()))
    assert (found.kind, found.step, found.changes) == ("restart", None, changes)
    assert found.label == f"Train again with {words}"


def test_no_kind_of_remedy_comes_twice_in_a_family():
    rates = {"g_lr": 10.0, "d_lr": 10.0}
    for name in ("divergence", "mode_collapse", "d_wins", "g_wins"):
        kinds, used = [], set()
        while found := remedy(name, situation(config=rates, used=frozenset(used))):
            kinds.append(found.kind)
            used.add(found.kind)
        assert kinds == ["branch", "restart"]
        never = remedy(name, situation(config=rates, healthy=(), used=frozenset({"restart"})))
        assert never is None
    tried = situation(used=frozenset({"knobs"}))
    assert remedy("oscillation", tried).kind == "branch"


def test_a_short_z_cannot_be_changed_in_a_branch():
    found = remedy("mode_collapse", situation(config={"latent_dim": 1}))
    assert (found.kind, found.changes) == ("restart", {"latent_dim": 64})


def test_settings_far_from_the_recipe_go_back_to_it():
    odd = {"beta_1": 0.9, "dropout": 0.0}
    found = remedy("mode_collapse", situation(config=odd, healthy=(), since=0))
    assert found.label == "Train again with the recipe's own settings"
    assert found.changes == {"beta_1": OWN["beta_1"], "dropout": OWN["dropout"]}


def test_an_ended_run_goes_back_to_where_it_was_healthy_too():
    found = remedy("d_wins", situation(live=False))
    assert (found.kind, found.step) == ("branch", 600)
    assert found.label == "Rewind to 600 and branch with d_lr 0.0005"
    assert remedy("d_wins", situation(live=False, healthy=())).kind == "restart"
    assert remedy("stalled", situation(live=False)) is None


def test_stopping_names_the_step_that_is_kept():
    assert remedy("stalled", situation(best=3100)).label == "Stop and keep 3,100"
