"""One thing to do about a verdict: a live knob, or going back to a checkpoint with other settings.

Turned knobs come first: what a person (or a test) set far from the recipe's own value is set back.
Weights that were thrown off do not heal, so those verdicts rewind. A live remedy that did not help is
followed by a rewind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FAR = 4.0  # times the recipe's own value (or below its fraction) is far off
BLAMED = 1000  # steps within which a turned knob may be the cause
PATIENCE = 300  # steps that a live remedy has before another one is proposed
SHORT_Z = 8  # a latent vector below this cannot hold the variety of images


@dataclass(frozen=True)
class Remedy:
    """What one click does.

    Attributes:
        kind: "knobs" (turned live), "branch" (a child from `step` with `changes`), "restart" (a new
            run with `changes`), "stop", or "show" (look at the copies).
        label: what the button says: exactly what will change.
        changes: settings and their new values.
        step: of the checkpoint to go back to.
    """

    kind: str
    label: str
    changes: dict[str, Any] = field(default_factory=dict)
    step: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For events and JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Situation:
    """What is known of a run when a remedy is chosen.

    Attributes:
        config: its settings; own: the recipe's own settings.
        knobs: live settings as they are now.
        since: the step at which the ailment was first seen.
        checkpoints: steps with a checkpoint.
        turns: name -> step at which a knob was last turned before the ailment was seen.
        turned: step of the last knob that was turned since the verdict; None without.
        step: the newest step.
        best: step of the best measurement.
        live: it is being trained now.
    """

    config: Mapping[str, Any]
    own: Mapping[str, Any]
    knobs: Mapping[str, float]
    since: int = 0
    checkpoints: tuple[int, ...] = ()
    turns: Mapping[str, int] = field(default_factory=dict)
    turned: int | None = None
    step: int = 0
    best: int | None = None
    live: bool = True

    @property
    def tried(self) -> bool:
        """A knob was turned, and the ailment is still there."""
        return self.turned is not None

    @property
    def waiting(self) -> int | None:
        """The step until which a turned knob is given time; None without."""
        if self.turned is None or not self.live or self.step >= self.turned + PATIENCE:
            return None
        return self.turned + PATIENCE

    def now(self, name: str) -> Any:
        """A setting as it is used now."""
        return self.knobs.get(name, self.config[name])

    def rewind(self, names: Iterable[str] = ()) -> int | None:
        """The newest checkpoint from before the ailment; None without one after step 0.

        If one of these settings was turned shortly before, from before that too.
        """
        turns = [self.turns[n] for n in names if self.since - self.turns.get(n, -BLAMED) < BLAMED]
        before = min([self.since, *turns])
        return max((s for s in self.checkpoints if 0 < s <= before), default=None)


def remedy(name: str, situation: Situation) -> Remedy | None:
    """The one remedy for a verdict now; None for those that need none, or while one is at work."""
    choose = CHOICES.get(name)
    if choose is None or situation.waiting is not None:
        return None
    found = choose(situation)
    return found if situation.live else _of_ended(found, situation)


def _of_ended(found: Remedy, s: Situation) -> Remedy | None:
    """The same for a run that is not being trained: knobs go into a branch of its last state."""
    if found.kind == "stop":
        return None
    if found.kind != "knobs":
        return found
    newest = max(s.checkpoints, default=None)
    if newest is None:
        return Remedy("restart", f"Start again with {_words(found.changes)}", found.changes)
    label = f"Branch from {newest:,} with {_words(found.changes)}"
    return Remedy("branch", label, found.changes, newest)


def set_back(s: Situation, names: tuple[str, ...] = ("g_lr", "d_lr")) -> dict[str, Any]:
    """Knobs that are far from the recipe's own value, with that value."""
    found = {}
    for name in names:
        now, own = float(s.now(name)), float(s.own[name])
        if own > 0 and not own / FAR < now < own * FAR:
            found[name] = own
    return found


def live(changes: dict[str, Any], label: str = "") -> Remedy:
    """Turn knobs now."""
    return Remedy("knobs", label or _setting(changes), changes)


def back(s: Situation, changes: dict[str, Any], words: str) -> Remedy:
    """Go back to before the ailment with changed settings; start anew where that is not possible."""
    step = s.rewind(changes)
    if step is None:
        return Remedy("restart", f"Start again with {words}", changes)
    return Remedy("branch", f"Rewind to {step:,} and branch with {words}", changes, step)


def _setting(changes: Mapping[str, Any]) -> str:
    parts = [f"{name} to {value:.6g}" for name, value in changes.items()]
    return f"Set {' and '.join(parts)}"


def _words(changes: Mapping[str, Any]) -> str:
    return " and ".join(
        f"{name} {value:.6g}" if isinstance(value, int | float) else f"{name} {value}"
        for name, value in changes.items()
    )


def _halved(s: Situation, *names: str) -> dict[str, Any]:
    return {name: float(f"{s.now(name) / 2:.3g}") for name in names}


def _noisier(s: Situation, least: float) -> dict[str, float]:
    """Instance noise of at least this much, or twice what there is; 2 is the most that is allowed."""
    now = float(s.now("instance_noise"))
    return {"instance_noise": least if now < least else min(2 * now, 2.0)}


def _add_noise(s: Situation, changes: dict[str, float]) -> Remedy:
    how = "Raise instance noise to" if s.now("instance_noise") else "Add instance noise"
    return live(changes, f"{how} {changes['instance_noise']:.6g}")


def _against_d(s: Situation) -> Remedy:
    if turned := set_back(s):
        return back(s, turned, _words(turned)) if s.tried else live(turned)
    if not s.tried:
        halved = _halved(s, "d_lr")
        return live(halved, f"Halve d_lr to {halved['d_lr']:.6g}")
    changes = _halved(s, "d_lr") | _noisier(s, 0.1)
    return back(s, changes, _words(changes))


def _against_vanishing(s: Situation) -> Remedy:
    if set_back(s) or s.tried:
        return _against_d(s)
    return _add_noise(s, _noisier(s, 0.1))


def _against_g(s: Situation) -> Remedy:
    if turned := set_back(s):
        return back(s, turned, _words(turned)) if s.tried else live(turned)
    steps = int(s.now("n_critic")) + 1
    words = {2: "Two", 3: "Three", 4: "Four"}.get(steps, str(steps))
    if not s.tried:
        return live({"n_critic": steps}, f"{words} D steps per G step")
    changes = {"n_critic": steps} | _halved(s, "g_lr")
    return back(s, changes, _words(changes))


def _against_collapse(s: Situation) -> Remedy:
    if s.config["latent_dim"] < SHORT_Z:
        changes = {"latent_dim": max(int(s.own["latent_dim"]), 64)}
        return Remedy("restart", f"Start again with {_words(changes)}", changes)
    if turned := set_back(s):
        return back(s, turned, _words(turned))
    if s.rewind() is None:  # ill from the start: the recipe's own settings, else smaller steps
        own = {n: v for n, v in s.own.items() if n in RESTORED and s.config[n] != v}
        changes = own or _halved(s, "g_lr", "d_lr")
        return back(s, changes, "the recipe's own settings" if own else _words(changes))
    loss = "non_saturating" if s.config["loss"] == "least_squares" else "least_squares"
    changes = {"loss": loss} | _halved(s, "g_lr")
    return back(s, changes, _words(changes))


RESTORED = (
    "loss", "g_lr", "d_lr", "beta_1", "beta_2", "n_critic", "dropout", "r1_gamma", "r2_gamma",
    "gp_weight", "instance_noise", "label_smoothing",
)  # fmt: skip


def _against_swing(s: Situation) -> Remedy:
    halved = _halved(s, "g_lr", "d_lr")
    return back(s, halved, _words(halved)) if s.tried else live(halved, "Halve both learning rates")


def _against_divergence(s: Situation) -> Remedy:
    changes = set_back(s) or _halved(s, "d_lr", "g_lr")
    return back(s, changes, _words(changes))


def _against_overfit(s: Situation) -> Remedy:
    changes = _noisier(s, 0.2)
    if not s.tried:
        return _add_noise(s, changes)
    return back(s, changes | _halved(s, "d_lr"), _words(changes | _halved(s, "d_lr")))


def _stop(s: Situation) -> Remedy:
    keep = f" and keep {s.best:,}" if s.best is not None else ""
    return Remedy("stop", f"Stop{keep}", step=s.best)


CHOICES: dict[str, Callable[[Situation], Remedy]] = {
    "d_wins": _against_d,
    "vanishing_gradient": _against_vanishing,
    "g_wins": _against_g,
    "mode_collapse": _against_collapse,
    "oscillation": _against_swing,
    "divergence": _against_divergence,
    "d_overfits": _against_overfit,
    "copying": lambda s: Remedy("show", "Show them"),
    "stalled": _stop,
}
