"""The settings of a run: one flat, frozen model that makes the flags, the form and `config.json`.

What is known of a setting stands at its field and nowhere else: `SETTINGS` reads it from there.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from gan_core.errors import ConfigError

AUGMENTS = Literal[
    "auto",
    "none",
    "color_translation_cutout",
    "color_translation",
    "color_cutout",
    "translation_cutout",
    "color",
    "translation",
    "cutout",
]
LOSS_NAMES = Literal[
    "non_saturating",
    "cross_entropy",
    "least_squares",
    "wasserstein",
    "hinge",
    "relativistic",
]
Group = Literal["Run", "Networks", "Loss", "Updates", "Kept on disk", "Speed"]  # in reading order
Speed = Literal["decides", "switch", "same"]
BOUNDS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "lt": "less than {}"}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting: all that forms, flags, resuming, branching, the doctor and estimates ask of it."""

    name: str  # in files
    label: str  # in words, for people
    help: str
    group: Group  # the heading under which it is asked; those of "Run" are asked by themselves
    place: int  # in its group
    kind: type[int] | type[float] | type[str]
    default: int | float | str | None
    optional: bool = False  # None is allowed: without
    choices: tuple[str, ...] = ()  # all values of a text; empty where it is free
    bounds: Mapping[str, float]  # limits of a number, of {"ge", "gt", "le", "lt"}
    unit: str = ""
    flag: str  # its name on the command line, without the two dashes
    limit: bool = False  # it says when a run ends
    live: bool = False  # a knob: it can be turned while a run trains
    step: float | None = None  # of a knob's + and - buttons; None: a tenth of its value
    resume: bool = False  # may change on resume: when to stop, what to write, where and how slowly
    branch: bool = True  # may change in a branch: no shape and no data of a checkpoint hang on it
    special: bool = False  # the form offers it for recipes that name it in their defaults
    penalty: bool = False  # weight of a gradient penalty, which needs float32
    restored: bool = False  # the doctor's new start sets it back to the recipe's own value
    # Whether it decides the time of a step. A switch costs the same whatever it is, except 0, which
    # leaves its part out. One that is added later decides, unless it says something else.
    speed: Speed = "decides"

    @property
    def apart(self) -> bool:
        """It is asked by itself: recipe, data, seed and limits."""
        return self.group == "Run"

    @property
    def allowed(self) -> str:
        """The limits in words: 'at least 1 and at most 8,192'; empty where there are none."""
        return " and ".join(BOUNDS[rule].format(f"{n:,.12g}") for rule, n in self.bounds.items())

    @property
    def described(self) -> str:
        """What it is, with its unit: 'real images per discriminator update (images)'."""
        return self.help + (f" ({self.unit})" if self.unit else "")


def _setting(default: Any, label: str, help: str, *, group: Group, place: int, **facts: Any) -> Any:
    """A field; `facts` are its bounds, and what a `Setting` has instead of its defaults."""
    bounds = {rule: facts.pop(rule) for rule in BOUNDS if rule in facts}
    extra = {"label": label, "group": group, "place": place, **facts}
    return Field(default, description=help, json_schema_extra=extra, **bounds)


class TrainConfig(BaseModel):
    """All settings of a run. Unknown names and values out of range are refused in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # fmt: off
    # A table: the words of a setting, where it is asked, its limits, and what is special about it.
    recipe: str = _setting(
        "fast_gan", "Recipe", "how the two networks are built and trained", group="Run", place=1,
        branch=False,
    )
    dataset: str = _setting(
        "mnist_5k", "Dataset", "what they learn from", group="Run", place=2, branch=False,
        speed="same",
    )
    seed: int = _setting(
        1, "Seed", "start of every random choice of the run", group="Run", place=3, ge=0, lt=2**31,
        branch=False, speed="same",
    )
    num_steps: int | None = _setting(
        None, "Steps", "stop after this many steps; empty: no limit", group="Run", place=4,
        unit="steps", ge=1, le=100_000_000, flag="steps", limit=True, resume=True, speed="same",
    )
    num_minutes: float | None = _setting(
        None, "Minutes", "stop after this training time; empty: no limit", group="Run", place=5,
        unit="min", gt=0, le=100_000, flag="minutes", limit=True, resume=True, speed="same",
    )
    batch_size: int = _setting(
        64, "Batch size", "real images per discriminator update", group="Updates", place=1,
        unit="images", ge=1, le=8192, restored=True,
    )
    latent_dim: int = _setting(
        64, "Length of z", "length of the latent vector z", group="Networks", place=2, ge=1,
        le=4096, branch=False,
    )
    width: int = _setting(
        32, "Network width", "channels of the narrowest generator layer", group="Networks", place=1,
        ge=1, le=1024, branch=False,
    )
    loss: LOSS_NAMES = _setting(
        "non_saturating", "Loss", "what both networks minimise", group="Loss", place=1,
        restored=True,
    )
    g_lr: float = _setting(
        2e-3, "Learning rate of G", "learning rate of the generator (Adam)", group="Updates",
        place=3, unit="per step", ge=0, le=10, live=True, restored=True, speed="same",
    )
    d_lr: float = _setting(
        1e-3, "Learning rate of D", "learning rate of the discriminator (Adam)", group="Updates",
        place=4, unit="per step", ge=0, le=10, live=True, restored=True, speed="same",
    )
    beta_1: float = _setting(
        0.5, "Adam, beta 1", "Adam's memory of the gradient", group="Updates", place=5, ge=0, lt=1,
        restored=True, speed="same",
    )
    beta_2: float = _setting(
        0.999, "Adam, beta 2", "Adam's memory of the squared gradient", group="Updates", place=6,
        ge=0, lt=1, restored=True, speed="same",
    )
    lr_half_steps: int = _setting(
        0, "Rates halve after", "both learning rates shrink as 1 / (1 + step / this); 0: constant",
        group="Updates", place=7, unit="steps", ge=0, le=100_000_000, speed="same",
    )
    n_critic: int = _setting(
        1, "D updates per G", "discriminator updates per generator update", group="Updates",
        place=2, ge=1, le=50, live=True, step=1, restored=True,
    )
    ema_half_life: float = _setting(
        500, "EMA half-life",
        "half-life of the averaged generator weights that make every displayed image; 0: the raw "
        "weights", group="Updates", place=8, unit="steps", ge=0, le=1_000_000, live=True, step=50,
        speed="same",
    )
    label_smoothing: float = _setting(
        0.0, "Label smoothing", "the discriminator's target for real images is 1 minus this",
        group="Loss", place=6, ge=0, le=0.5, live=True, restored=True, speed="same",
    )
    instance_noise: float = _setting(
        0.0, "Instance noise",
        "standard deviation of noise added to all images the discriminator sees", group="Loss",
        place=7, unit="of the range [-1, 1]", ge=0, le=2, live=True, restored=True, speed="switch",
    )
    gp_weight: float = _setting(
        10.0, "Gradient penalty", "weight of the WGAN-GP gradient penalty", group="Loss", place=2,
        ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    r1_gamma: float = _setting(
        0.0, "Penalty at real", "weight of the gradient penalty at real images", group="Loss",
        place=3, ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    r2_gamma: float = _setting(
        0.0, "Penalty at fake", "weight of the gradient penalty at fake images", group="Loss",
        place=4, ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    class_weight: float = _setting(
        1.0, "Class loss weight", "weight of the auxiliary classifier's loss", group="Loss",
        place=5, ge=0, le=1e3, special=True, speed="switch",
    )
    dropout: float = _setting(
        0.3, "Dropout in D", "share of discriminator features dropped", group="Networks", place=3,
        ge=0, lt=1, special=True, restored=True, speed="switch",
    )
    gan_weight: float = _setting(
        1.0, "Adversarial weight", "weight of what D says in the generator's loss", group="Loss",
        place=8, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    l1_weight: float = _setting(
        100.0, "L1 weight", "weight of the mean difference between output and target", group="Loss",
        place=9, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    cycle_weight: float = _setting(
        10.0, "Cycle weight", "weight of what is lost on the way there and back", group="Loss",
        place=10, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    identity_weight: float = _setting(
        5.0, "Identity weight",
        "weight of the change that a generator makes to an image of the side it makes", group="Loss",
        place=11, ge=0, le=1e4, live=True, special=True, restored=True, speed="switch",
    )
    nce_weight: float = _setting(
        10.0, "Patch weight",
        "weight of the contrastive loss: each patch of an output must tell its own of the input from "
        "others", group="Loss", place=12, ge=0, le=1e4, live=True, special=True, restored=True,
        speed="same",
    )
    pool_size: int = _setting(
        50, "Pool of past fakes", "fakes of each side that are kept to show D again; 0: none",
        group="Updates", place=9, unit="images", ge=0, le=10_000, branch=False, special=True,
        speed="same",
    )
    lr_decay_start: int = _setting(
        0, "Rates fall after",
        "both learning rates stay until this step and then fall in a straight line to 0 at twice as "
        "many; 0: constant", group="Updates", place=10, unit="steps", ge=0, le=100_000_000,
        special=True, speed="same",
    )
    jitter: Literal["auto", "none", "crop", "crop_mirror"] = _setting(
        "auto", "Jitter",
        "each training image is enlarged by 1.12 and cropped, and mirrored half the time, the two of a "
        "pair alike; auto: both from 64 pixels on, nothing below", group="Updates", place=11,
        special=True,
    )
    augment: AUGMENTS = _setting(
        "none", "Augmentation",
        "changes to every image the discriminator sees, real and fake, at a chance that follows how sure "
        "it is of real ones; auto: all three below 2,000 training images, nothing from there on",
        group="Updates", place=15, special=True,
    )
    content_weight: float = _setting(
        1.0, "Content weight", "weight of what the content picture shows", group="Loss", place=13,
        ge=0, le=1e9, live=True, special=True, speed="same",
    )
    style_weight: float = _setting(
        1.0, "Style weight", "weight of the manner of the style picture", group="Loss", place=14,
        ge=0, le=1e9, live=True, special=True, speed="same",
    )
    tv_weight: float = _setting(
        0.1, "Smoothness", "weight of the differences between neighbouring pixels", group="Loss",
        place=15, ge=0, le=1e9, live=True, special=True, speed="same",
    )
    style_layers: str = _setting(
        "block1_conv1,block2_conv1,block3_conv1,block4_conv1,block5_conv1", "Style layers",
        "layers of VGG19 whose channels must go together as in the style, with commas between",
        group="Loss", place=16, special=True,
    )
    content_layers: str = _setting(
        "block5_conv2", "Content layers",
        "layers of VGG19 that must answer as to the content, with commas between", group="Loss",
        place=17, special=True,
    )
    patch_levels: str = _setting(
        "1,2,3", "Patch levels",
        "where patches are compared, with commas between: 1 in the picture (dots), 2 in its half "
        "(strokes), 3 in its quarter (texture), 4 (motifs), 5 (objects)", group="Loss", place=18,
        special=True,
    )
    picture_lr: float = _setting(
        0.02, "Learning rate", "learning rate of the picture (Adam), of the range [0, 1]",
        group="Updates", place=12, unit="per step", ge=0, le=10, live=True, special=True,
        speed="same",
    )
    coarse_steps: int = _setting(
        300, "Coarse steps",
        "steps on smaller pictures before the whole one: half of them at a quarter of its size, half "
        "at the half; 0: none", group="Updates", place=13, unit="steps", ge=0, le=1_000_000,
        special=True,
    )
    start_from: Literal["content", "noise", "instant"] = _setting(
        "content", "Start from", "the picture before the first step", group="Updates", place=14,
        branch=False, special=True, speed="same",
    )
    picture_size: int = _setting(
        256, "Longer side", "pixels of the picture's longer side", group="Networks", place=4,
        unit="pixels", ge=32, le=1024, branch=False, special=True,
    )
    levels: int = _setting(
        2, "Most levels",
        "how often the size doubles on the way through the generator, and halves in the discriminator, "
        "as long as 4 pixels or more are left; at most twice up to 32 pixels a side", group="Networks",
        place=7, ge=1, le=7, branch=False, special=True,
    )
    picture_levels: int = _setting(
        4, "Levels", "levels of the pyramid that the picture is trained as; 1: its pixels",
        group="Networks", place=5, ge=1, le=8, branch=False, special=True,
    )
    upsampling: Literal["transposed", "resize"] = _setting(
        "transposed", "Way up",
        "how a generator doubles its maps: by transposed convolutions, as the papers, or by repeating each "
        "pixel and a 3 x 3 convolution, which leaves no grid", group="Networks", place=6, branch=False,
        special=True,
    )
    sample_every: int = _setting(
        0, "Sample grid every", "steps between sample grids; 0: by time, dense early",
        group="Kept on disk", place=1, unit="steps", ge=0, le=10_000_000, resume=True,
    )
    checkpoint_every: int = _setting(
        0, "Checkpoint every", "steps between full checkpoints; 0: by time, every 60 s",
        group="Kept on disk", place=2, unit="steps", ge=0, le=10_000_000, resume=True,
    )
    device: Literal["auto", "cpu", "gpu"] = _setting(
        "auto", "Processor", "processor to train on", group="Speed", place=1, resume=True,
    )
    steps_per_call: int = _setting(
        1, "Steps per call",
        "steps in one call of the compiled graph: more is faster where a step is short, and "
        "pauses, knobs and checkpoints wait for its end", group="Speed", place=3, unit="steps",
        ge=1, le=1000,
    )
    steps_per_second: float = _setting(
        0.0, "Slow motion",
        "slow motion: at most this many steps, for people who watch; can be changed while it "
        "trains; 0: as fast as it goes", group="Speed", place=4, unit="steps/s", ge=0, le=1000,
        resume=True,
    )
    precision: Literal["float32", "bfloat16"] = _setting(
        "float32", "Precision",
        "arithmetic of convolutions and dense layers; weights and losses stay float32; bfloat16 is "
        "for GPUs and goes with no gradient penalty", group="Speed", place=2,
    )
    # fmt: on

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> TrainConfig:
        """Check `fields` and fill the rest with defaults.

        Raises:
            ConfigError: an unknown name (with the nearest known one), a wrong type, or a value
                out of range.
        """
        if not isinstance(fields, dict):
            raise ConfigError(f"Settings must be a JSON object. Received: {type(fields).__name__}.")
        for name in fields:
            if name not in cls.model_fields:
                raise ConfigError(unknown("config key", name, cls.model_fields))
        try:
            return cls(**fields)
        except ValidationError as error:
            raise ConfigError(_in_words(error)) from None

    def replace(self, **changes: Any) -> TrainConfig:
        """A checked copy with some settings changed."""
        return self.from_dict(self.model_dump() | changes)

    def differences(self, other: TrainConfig) -> dict[str, tuple[Any, Any]]:
        """Settings that differ: name -> (own value, the other's value)."""
        own, others = self.model_dump(), other.model_dump()
        return {n: (own[n], others[n]) for n in own if own[n] != others[n]}


def _read(name: str, field: FieldInfo) -> Setting:
    kinds = get_args(field.annotation) or (field.annotation,)  # of a choice: its texts
    texts = tuple(kind for kind in kinds if isinstance(kind, str))
    return Setting(
        **{"name": name, "flag": name.replace("_", "-"), **field.json_schema_extra},
        help=field.description,
        kind=str if texts else kinds[0],
        default=field.default,
        optional=type(None) in kinds,
        choices=texts,
        bounds={
            rule: getattr(item, rule)
            for item in field.metadata
            for rule in BOUNDS
            if getattr(item, rule, None) is not None
        },
    )


SETTINGS = MappingProxyType({n: _read(n, field) for n, field in TrainConfig.model_fields.items()})
READING_ORDER = sorted(SETTINGS.values(), key=lambda s: (get_args(Group).index(s.group), s.place))
LIVE_KNOBS = tuple(setting.name for setting in SETTINGS.values() if setting.live)
LIMITS = tuple(setting.name for setting in SETTINGS.values() if setting.limit)
PACE = "steps_per_second"  # turned like a knob, but no number of the training depends on it


def unknown(kind: str, name: object, known) -> str:
    """'Unknown recipe `dcgn`. Did you mean `dcgan`? Available: ...'."""
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"Unknown {kind} `{str(name)[:80]}`.{hint} Available: {', '.join(sorted(known))}."


def _in_words(error: ValidationError) -> str:
    return " ".join(_one_in_words(e) for e in error.errors())


def _one_in_words(e: dict) -> str:
    name, received = str(e["loc"][0]), e.get("input")
    rules = {
        "greater_than_equal": "must be at least {ge}",
        "greater_than": "must be greater than {gt}",
        "less_than_equal": "must be at most {le}",
        "less_than": "must be less than {lt}",
        "literal_error": "must be one of {expected}",
        "finite_number": "must be a finite number",
    }
    rule = rules.get(e["type"], "must be a number" if "_" in e["type"] else e["msg"])
    if e["type"].startswith("int"):
        rule = "must be a whole number"
    if e["type"] == "string_type":
        rule = "must be a text"
    text = rule.format(**e.get("ctx", {}))
    return f"`{name}` {text}. Received: `{name}={str(received)[:80]}`."
