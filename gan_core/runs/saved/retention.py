"""Which checkpoints of a run stay: the newest, the best, every n-th and the pinned, in a budget.

The rules are notes of the run (`keep_last`, `keep_every`, `budget_bytes`, `pinned_steps`), so they
can be changed while it trains, from the page or the command line, and every change is in its log.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gan_core.runs.quality import best_quality
from gan_core.runs.records import Notes
from gan_core.runs.saved import checkpoints

WARN_AT = 0.8  # share of the budget
CALM_AT = 0.7  # below this share the next warning is due again
WEIGHTS_SHARE = 0.3  # of the budget, for the small weights of the time machine


class Run(Protocol):
    """What the rules ask of a run, and where they log; runs.run.Run says what the words mean."""

    path: Path

    def notes(self) -> Notes: ...

    def notes_problem(self) -> str: ...

    def size(self) -> int: ...

    def log_event(self, kind: str, *, step: int, who: str, **details: Any) -> None: ...


class Kept(NamedTuple):
    """A checkpoint that is there, and why it stays: of newest, best, every, pinned; () if it goes."""

    step: int
    bytes: int
    created_at: float
    reasons: tuple[str, ...]


def kept(run: Run) -> list[Kept]:
    """All checkpoints of a run by ascending step."""
    found = checkpoints.list_checkpoints(run.path)
    why = _reasons([info.step for info in found], run, best_step(run))
    return [Kept(i.step, i.bytes, i.created_at, why[i.step]) for i in found]


def _reasons(steps: list[int], run: Run, best: int | None) -> dict[int, tuple[str, ...]]:
    notes = run.notes()
    groups: dict[str, Collection[int | None]] = {
        "newest": steps[-notes.keep_last :],
        "best": (best,),
        "every": checkpoints.first_of_each(steps, notes.keep_every),
        "pinned": notes.pinned_steps,
    }
    return {s: tuple(name for name, members in groups.items() if s in members) for s in steps}


def best_step(run: Run) -> int | None:
    """The step with the best measured quality, if there is one."""
    best = best_quality(run.path)
    return best.step if best else None


def weights_budget(run: Run) -> int:
    """Bytes that the small weights of a run may take."""
    return int(WEIGHTS_SHARE * run.notes().budget_bytes)


class Keeper:
    """Applies the rules after each checkpoint; warns once before the budget is reached."""

    def __init__(self, run: Run):
        self.run = run
        self._warned = False
        self._told = ""
        self.needed: set[int] = set()  # steps that somebody may want to go back to

    def tidy(self, step: int) -> list[int]:
        """Remove what no rule keeps, or the budget has no room for; returns those steps.

        Nothing goes while the notes, which hold rules and pins, cannot be read.
        """
        if problem := self.run.notes_problem():
            self._tell(problem, step)
            return []
        notes, used = self.run.notes(), self.run.size()
        own = sum(info.bytes for info in checkpoints.list_checkpoints(self.run.path))
        best = best_step(self.run)
        gone = checkpoints.prune(
            self.run.path,
            keep_last=notes.keep_last,
            keep_every=notes.keep_every,
            keep={*notes.pinned_steps, *self.needed, *(() if best is None else (best,))},
            budget_bytes=max(0, notes.budget_bytes - (used - own)),
        )
        after = self.run.size() if gone else used
        self._warn(after, notes.budget_bytes, step)
        return gone

    def _tell(self, problem: str, step: int) -> None:
        """Log a problem with the notes once."""
        if problem != self._told:
            self._told = problem
            self.run.log_event("warning", step=step, who="training", text=problem)

    def _warn(self, used: int, budget: int, step: int) -> None:
        if used < CALM_AT * budget:
            self._warned = False
        text = budget_notice(used, budget)
        if text and not self._warned:
            self._warned = True
            self.run.log_event("warning", step=step, who="training", text=text)


def budget_notice(used: int, budget: int) -> str:
    """What there is to say about the disk that a run takes; empty while there is plenty."""
    sizes = f"This run takes {_size(used)} of the {_size(budget)} it may take."
    if used > budget:
        return (
            f"{sizes} What is left is the newest, best or pinned: unpin some, or allow more on "
            "the Runs page."
        )
    if used >= WARN_AT * budget:
        return (
            f"{sizes} At the limit older checkpoints go, pinned and best ones stay. The limit is "
            "set on the Runs page."
        )
    return ""


def _size(value: int) -> str:
    return f"{value / 1e9:.2g} GB" if value >= 1e9 else f"{value / 1e6:.3g} MB"
