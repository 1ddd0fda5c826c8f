"""The rules by which the doctor judges a kind of training: a task names those of its runs.

Adding `rules/foo.py` with a `RULES` adds *foo*; it may take single signs, words and thresholds over
from another kind. Everything else of the doctor (memory, looks in a row, log, page, command line)
is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from gan_core import tasks
from gan_core.doctor import limits
from gan_core.doctor.limits import ADVERSARIAL as ADVERSARIAL
from gan_core.doctor.thresholds import WARM_UP
from gan_core.errors import ConfigError

if TYPE_CHECKING:
    from gan_core.doctor.evidence import Evidence
    from gan_core.doctor.thresholds import Threshold


@dataclass(frozen=True)
class Rules:
    """All that is particular to one kind of training.

    A rule is named "ailment/what" or "healthy/what", after the threshold that it asks.

    Attributes:
        signs: ailment to what says by which rule it shows; "" where it does not. In the order in
            which a doctor would look: what comes first explains what comes after.
        early_signs: those looked for before the warm-up is over.
        healthy: rule to whether a value is inside the limit that health asks of it.
        early_healthy: the same before the warm-up is over.
        words: verdict to words.Wording; "healthy", "unsure" and "warming_up" are among them.
        sentences: rule to its sentence or what says it; "" leaves that of the verdict.
        numbers: rule, or ailment, to what gives its (label, value) pairs.
        thresholds: rule to its limit; by_loss: loss to those that differ there, None: not asked.
        confirm: ailment to looks in a row before it is said.
        probes: ailment to probes in a row that must agree, where probes alone tell it.
        remedies: ailment to what chooses its remedies.Remedy in a Situation.
        warm_up: steps in which only `early_signs` are looked for.
        look: where the doctor looks by itself: what, made for an open training.session.Session, gives
            the values of a probe whenever it is called; None: others probe (training.evaluator).
    """

    signs: Mapping[str, Callable[[Evidence], str]]
    early_signs: Mapping[str, Callable[[Evidence], str]]
    healthy: Mapping[str, Callable[[Evidence], bool]]
    early_healthy: Mapping[str, Callable[[Evidence], bool]]
    words: Mapping[str, Any]
    sentences: Mapping[str, str | Callable[[Evidence], str]]
    numbers: Mapping[str, Callable[[Evidence], list[tuple[str, str]]]]
    thresholds: Mapping[str, Threshold]
    by_loss: Mapping[str, Mapping[str, float | None]]
    confirm: Mapping[str, int]
    probes: Mapping[str, int]
    remedies: Mapping[str, Callable[[Any], Any]]
    warm_up: int = WARM_UP
    look: Callable[[Any], Callable[[], dict[str, float]]] | None = None

    def limit(self, name: str, loss: str = "") -> float | None:
        """A threshold's value under a loss; None where the loss has no such sign."""
        return self.by_loss.get(loss, {}).get(name, self.thresholds[name].value)

    def showing(self, e: Evidence) -> dict[str, str]:
        """Every ailment that shows, with its rule."""
        signs = self.early_signs if e.early else self.signs
        return {name: rule for name, sign in signs.items() if (rule := sign(e))}

    def shows(self, rule: str, e: Evidence) -> bool:
        """Whether a rule, of an ailment or of what is not healthy, is what the evidence shows."""
        ailment = rule.partition("/")[0]
        if ailment in self.signs:
            signs = self.early_signs if e.early else self.signs
            return ailment in signs and signs[ailment](e) == rule
        healthy = self.early_healthy if e.early else self.healthy
        return rule in healthy and not healthy[rule](e)

    def doubts(self, e: Evidence, ailments: Mapping[str, str] | None = None) -> list[str]:
        """Rules by which the run is not healthy, those of ailments first; empty if it is.

        Args:
            ailments: what `showing` gave, if it is known.
        """
        shown = self.showing(e) if ailments is None else ailments
        healthy = self.early_healthy if e.early else self.healthy
        return [*shown.values(), *(rule for rule, inside in healthy.items() if not inside(e))]


def get(name: str) -> Rules:
    """The rules of that name."""
    return cast(Rules, limits.of(name))


def name_of(run) -> str:
    """The name of the rules of a run's task."""
    try:
        return tasks.of_run(run).rules or ADVERSARIAL
    except ConfigError:  # a recipe of another installation
        return ADVERSARIAL


def of_run(run) -> Rules:
    """The rules of a run's task."""
    return get(name_of(run))
