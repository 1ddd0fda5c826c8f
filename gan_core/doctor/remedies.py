"""One thing to do about a verdict: a live knob, going back to a healthy checkpoint, or a new start.

Turned knobs come first: what a person (or a test) set far from the recipe's own value is set back.
Weights that were thrown off do not heal, so those verdicts rewind, but only to a checkpoint that was
healthy; without one the training begins again, with the recipe's own settings. A live remedy that did
not help is followed by a rewind, and a family of runs that was rewound once begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gan_core.config import AUTO_AUGMENT, SETTINGS
from gan_core.doctor import rulebook

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
        healthy: step -> the newest checkpoint up to it that was healthy; None without one.
        turns: name -> step at which a knob was last turned before the ailment was seen.
        turned: step of the last knob that was turned since this was first said; None without.
        used: kinds of remedies that were tried in its family: "branch" and "restart", and "knobs" if
            some were turned against this ailment.
        step: the newest step.
        best: step of the best measurement.
        live: it is being trained now.
        rules: name of those it is judged by (doctor.rulebook).
    """

    config: Mapping[str, Any]
    own: Mapping[str, Any]
    knobs: Mapping[str, float]
    since: int = 0
    healthy: Callable[[int], int | None] = lambda before: None
    turns: Mapping[str, int] = field(default_factory=dict)
    turned: int | None = None
    used: frozenset[str] = frozenset()
    step: int = 0
    best: int | None = None
    live: bool = True
    rules: str = rulebook.ADVERSARIAL

    @property
    def tried(self) -> bool:
        """A knob was turned against it, here or in its family, and the ailment is still there."""
        return self.turned is not None or "knobs" in self.used

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
        """The newest healthy checkpoint from before the ailment; None without one after step 0.

        If one of these settings was turned shortly before, from before that too.
        """
        if "branch" in self.used:
            return None
        turns = [self.turns[n] for n in names if self.since - self.turns.get(n, -BLAMED) < BLAMED]
        before = min([self.since, *turns])
        return self.healthy(before)


def remedy(name: str, situation: Situation) -> Remedy | None:
    """The one remedy for a verdict now; None for those that need none, or while one is at work."""
    choose = rulebook.get(situation.rules).remedies.get(name)
    if choose is None or situation.waiting is not None:
        return None
    found = choose(situation)
    if found.kind == "knobs" and not situation.live:  # nothing can be turned any more
        found = back(situation, found.changes)
    if found.kind == "stop" and not situation.live:
        return None
    return None if found.kind in situation.used else found


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


def back(s: Situation, changes: dict[str, Any]) -> Remedy:
    """Go back to before the ailment with changed settings; begin again where that is not possible."""
    step = s.rewind(changes)
    if step is None:
        return anew(s, changes)
    label = f"Rewind to {step:,} and branch with {_words(changes)}"
    return Remedy("branch", label, changes, step)


def anew(s: Situation, changes: dict[str, Any]) -> Remedy:
    """Train from the start with the recipe's own settings; with these changes if it has them all."""
    odd = {n: s.own[n] for n in RESTORED if n in s.config and s.config[n] != s.own[n]}
    own = {n: v for n, v in changes.items() if n in s.own and v == s.own[n]}  # turned since
    changes = odd | own or changes
    words = _words(changes)
    if odd or own:
        words = (
            f"the recipe's learning rates, {words}"
            if {*changes} <= RATES
            else "the recipe's own settings"
        )
    return Remedy("restart", f"Train again with {words}", changes)


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


def _turned(s: Situation, changes: dict[str, Any]) -> Remedy:
    """Set back what is far off: live at first; anew where it was so from the start."""
    always = all(s.config[name] == s.now(name) for name in changes)
    return back(s, changes) if s.tried or always else live(changes)


def _against_d(s: Situation) -> Remedy:
    if turned := set_back(s):
        return _turned(s, turned)
    if not s.tried:
        halved = _halved(s, "d_lr")
        return live(halved, f"Halve d_lr to {halved['d_lr']:.6g}")
    return back(s, _halved(s, "d_lr") | _noisier(s, 0.1))


def _against_vanishing(s: Situation) -> Remedy:
    if set_back(s) or s.tried:
        return _against_d(s)
    return _add_noise(s, _noisier(s, 0.1))


def _against_g(s: Situation) -> Remedy:
    if turned := set_back(s):
        return _turned(s, turned)
    steps = int(s.now("n_critic")) + 1
    words = {2: "Two", 3: "Three", 4: "Four"}.get(steps, str(steps))
    if not s.tried:
        return live({"n_critic": steps}, f"{words} D steps per G step")
    return back(s, {"n_critic": steps} | _halved(s, "g_lr"))


def _against_collapse(s: Situation) -> Remedy:
    if s.config["latent_dim"] < min(SHORT_Z, s.own["latent_dim"]):
        changes = {"latent_dim": int(s.own["latent_dim"])}
        return Remedy("restart", f"Train again with {_words(changes)}", changes)
    if turned := set_back(s):
        return back(s, turned)
    if s.rewind() is None:  # ill from the start
        return anew(s, _halved(s, "g_lr", "d_lr"))
    loss = "non_saturating" if s.config["loss"] == "least_squares" else "least_squares"
    return back(s, {"loss": loss} | _halved(s, "g_lr"))


RATES = {"g_lr", "d_lr"}
RESTORED = tuple(s.name for s in SETTINGS.values() if s.restored)


def _against_off_data(s: Situation) -> Remedy:
    if s.rewind() is None and not set_back(s):  # ill from the start
        return anew(s, _halved(s, "g_lr"))
    return _against_g(s)


def _against_swing(s: Situation) -> Remedy:
    halved = _halved(s, "g_lr", "d_lr")
    return back(s, halved) if s.tried else live(halved, "Halve both learning rates")


def _against_divergence(s: Situation) -> Remedy:
    return back(s, set_back(s) or _halved(s, "d_lr", "g_lr"))


def _against_overfit(s: Situation) -> Remedy:
    changes = _noisier(s, 0.2)
    if not s.tried:
        return _add_noise(s, changes)
    if s.config.get("augment") == "none" and s.own.get("augment") == "auto":
        return back(s, {"augment": AUTO_AUGMENT})
    return back(s, changes | _halved(s, "d_lr"))


def _stop(s: Situation) -> Remedy:
    keep = f" and keep {s.best:,}" if s.best is not None else ""
    return Remedy("stop", f"Stop{keep}", step=s.best)


CHOICES: dict[str, Callable[[Situation], Remedy]] = {
    "d_wins": _against_d,
    "vanishing_gradient": _against_vanishing,
    "g_wins": _against_g,
    "mode_collapse": _against_collapse,
    "off_data": _against_off_data,
    "oscillation": _against_swing,
    "divergence": _against_divergence,
    "d_overfits": _against_overfit,
    "copying": lambda s: Remedy("show", "Show them"),
    "stalled": _stop,
}
