"""One generator that makes images or points out of z, against one discriminator."""

from gan_core.doctor.facts import NUMBERS
from gan_core.doctor.health import EARLY, INSIDE
from gan_core.doctor.remedies import CHOICES
from gan_core.doctor.rulebook import Rules
from gan_core.doctor.signs import EARLY_SIGNS, SIGNS
from gan_core.doctor.thresholds import BY_LOSS, CONFIRM, PROBED, TABLE
from gan_core.doctor.words import SENTENCES, WORDS

RULES = Rules(
    signs=SIGNS,
    early_signs=EARLY_SIGNS,
    healthy=INSIDE,
    early_healthy=EARLY,
    words=WORDS,
    sentences=SENTENCES,
    numbers=NUMBERS,
    thresholds=TABLE,
    by_loss=BY_LOSS,
    confirm=CONFIRM,
    probes=PROBED,
    remedies=CHOICES,
)
