"""What the doctor says of a picture that is trained: by looks at real pictures, and by hand-made evidence."""

import numpy as np
import pytest

from gan_core.doctor import painting, rulebook
from gan_core.doctor.doctor import Doctor
from gan_core.doctor.remedies import Situation, remedy

NAMES = ("content_loss", "style_loss", "tv_loss", "total_loss")
OWN = {"content_weight": 0.15, "style_weight": 1.0, "tv_weight": 0.04, "picture_lr": 0.03}
WELL = {"content_kept": 0.8, "grain": 0.9, "change": 0.01}


def blocks(seed, side=64):
    rng = np.random.default_rng(seed)
    return np.kron(rng.random((side // 8, side // 8, 3)), np.ones((8, 8, 1))).astype(np.float32)


class Session:
    """A training whose picture is what the test says."""

    def __init__(self, content, style):
        given = {"content": content, "style": style}
        given = {k: np.rint(255 * v).astype(np.uint8) for k, v in given.items()}
        self.dataset = type("Dataset", (), {"splits": {"train": given}})
        self.algorithm = self
        self.picture = content

    def sample(self):
        return 2 * self.picture[None] - 1


def test_looks_tell_the_content_noise_and_what_moved():
    content, style = blocks(1), blocks(2)
    session = Session(content, style)
    look = painting.Look(session)
    first = look()
    assert first["content_kept"] > 0.999 and first["grain"] <= 1.01 and np.isnan(first["change"])
    session.picture = 0.5 + 0.5 * content  # another brightness, the same shapes
    assert look()["content_kept"] > 0.999
    session.picture = style
    other = look()
    assert abs(other["content_kept"]) < 0.2 and other["change"] > 0.05
    noise = np.random.default_rng(3).uniform(-0.3, 0.3, content.shape).astype(np.float32)
    session.picture = np.clip(content + noise, 0, 1)
    assert look()["grain"] > 1.5


def told(values, steps=200, start=1, losses=None):
    """Verdicts of a doctor that sees these looks each 20 steps and falling losses."""
    doctor = Doctor("", NAMES, rules="stylisation", first_step=start)
    said = []
    for step in range(start, start + steps):
        if step % 20 == 0:
            doctor.see_probe({"step": step, "count": 1, "values": values})
        loss = losses(step) if losses else 1 / step
        verdict = doctor.see(step, np.full(4, loss, np.float32))
        said += [(verdict.step, verdict.name)] if verdict else []
    return said, doctor


def test_a_picture_that_gets_closer_is_called_so_after_the_warm_up():
    assert told(WELL)[0] == [(60, "healthy")]


@pytest.mark.parametrize(
    "values, name",
    [
        ({"content_kept": 0.1}, "content_lost"),
        ({"grain": 3.0}, "grainy"),
        ({"change": 0.0004}, "stalled"),
    ],
)
def test_what_three_looks_agree_on_is_said(values, name):
    assert told(WELL | values)[0] == [(60, name)]


def test_a_loss_without_bound_is_told_at_once():
    losses = lambda step: float("inf") if step > 30 else 1.0  # noqa: E731
    assert told(WELL, 60, losses=losses)[0][0] == (40, "divergence")


def test_losses_that_jump_are_no_ailment():
    """They do where a weight was turned, or the next size begins."""
    said, _ = told(WELL, 400, losses=lambda step: 1.0 if step < 150 else 9.0)
    assert said == [(60, "healthy")]


def situation(**more):
    return Situation(config=OWN, own=OWN, knobs=dict(OWN) | more, rules="stylisation", step=200)


def test_remedies_are_those_of_their_names():
    assert remedy("content_lost", situation()).changes == {"content_weight": 0.45}
    assert remedy("content_lost", situation(content_weight=0.0)).changes == {"content_weight": 0.45}
    smoother = remedy("grainy", situation(tv_weight=0.0))
    assert (smoother.label, smoother.changes) == ("Smoothness to 0.1", {"tv_weight": 0.1})
    assert remedy("stalled", situation()).label == "Stop and keep"
    broken = situation(picture_lr=5.0, style_weight=1e9)
    assert remedy("divergence", broken).changes == {"picture_lr": 0.03, "style_weight": 1.0}


def test_every_rule_has_words():
    rules = rulebook.get("stylisation")
    assert set(rules.signs) <= set(rules.words) and set(rules.signs) == set(rules.confirm)
    assert {name.partition("/")[0] for name in rules.thresholds} == {*rules.signs}
