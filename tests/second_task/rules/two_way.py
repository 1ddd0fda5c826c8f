"""What can go wrong with a translator: here only that it changes everything beyond recognition."""

from gan_core.doctor.explosions import unbounded
from gan_core.doctor.remedies import Remedy
from gan_core.doctor.rulebook import Rules
from gan_core.doctor.thresholds import Threshold
from gan_core.doctor.words import WORDS, Wording

LIMIT = "rewrites/changed"


def newest(e) -> float:
    return e.probes[-1]["values"]["changed"] if e.probes else 0.0


RULES = Rules(
    signs={"rewrites": lambda e: LIMIT if newest(e) > e.limit(LIMIT) else ""},
    early_signs={"divergence": lambda e: "divergence/finite" if unbounded(e) else ""},
    healthy={"healthy/probes": lambda e: len(e.probes) >= e.limit("healthy/probes")},
    early_healthy={},
    words={
        **{name: WORDS[name] for name in ("healthy", "unsure", "warming_up", "divergence")},
        "rewrites": Wording(
            "Rewrites", "Nothing of the input is left.", "The cycle weighs little."
        ),
    },
    sentences={LIMIT: lambda e: f"Outputs are {newest(e):.2f} away from their inputs."},
    numbers={"rewrites": lambda e: [("changed", f"{newest(e):.2f}")]},
    thresholds={
        LIMIT: Threshold(0.0, "mean change of an input, above", "a test"),
        "healthy/probes": Threshold(1, "looks", "a test"),
    },
    by_loss={},
    confirm={"rewrites": 1, "divergence": 1},
    probes={"rewrites": 1},
    remedies={"rewrites": lambda s: Remedy("restart", "Train again", {"g_lr": 1e-5})},
)
