"""The settings of a run: one flat, frozen model that makes the flags, the form and `config.json`."""

from __future__ import annotations

import difflib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gan_core.errors import ConfigError

LOSS_NAMES = Literal[
    "non_saturating",
    "cross_entropy",
    "least_squares",
    "wasserstein",
    "hinge",
    "relativistic",
]


def _setting(default: Any, description: str, *, unit: str = "", live: bool = False, **bounds: Any):
    """A field with its help text, unit and bounds; `live` ones can be turned while training."""
    extra = {"unit": unit, "live": live}
    return Field(default, description=description, json_schema_extra=extra, **bounds)


class TrainConfig(BaseModel):
    """All settings of a run. Unknown names and values out of range are refused in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    recipe: str = _setting("fast_gan", "how the two networks are built and trained")
    dataset: str = _setting("mnist_5k", "what they learn from")
    seed: int = _setting(1, "start of every random choice of the run", ge=0, lt=2**31)
    num_steps: int | None = _setting(
        None, "stop after this many steps; empty: no limit", unit="steps", ge=1, le=100_000_000
    )
    num_minutes: float | None = _setting(
        None, "stop after this training time; empty: no limit", unit="min", gt=0, le=100_000
    )
    batch_size: int = _setting(
        64, "real images per discriminator update", unit="images", ge=1, le=8192
    )
    latent_dim: int = _setting(64, "length of the latent vector z", ge=1, le=4096)
    width: int = _setting(32, "channels of the narrowest generator layer", ge=1, le=1024)
    loss: LOSS_NAMES = _setting("non_saturating", "what both networks minimise")
    g_lr: float = _setting(
        2e-3, "learning rate of the generator (Adam)", unit="per step", live=True, ge=0, le=10
    )
    d_lr: float = _setting(
        1e-3, "learning rate of the discriminator (Adam)", unit="per step", live=True, ge=0, le=10
    )
    beta_1: float = _setting(0.5, "Adam's memory of the gradient", ge=0, lt=1)
    beta_2: float = _setting(0.999, "Adam's memory of the squared gradient", ge=0, lt=1)
    lr_half_steps: int = _setting(
        0, "both learning rates shrink as 1 / (1 + step / this); 0: constant", unit="steps",
        ge=0, le=100_000_000,
    )  # fmt: skip
    n_critic: int = _setting(
        1, "discriminator updates per generator update", live=True, ge=1, le=50
    )
    ema_half_life: float = _setting(
        500, "half-life of the averaged generator weights that make every displayed image; "
        "0: the raw weights", unit="steps", live=True, ge=0, le=1_000_000,
    )  # fmt: skip
    label_smoothing: float = _setting(
        0.0, "the discriminator's target for real images is 1 minus this", live=True, ge=0, le=0.5
    )
    instance_noise: float = _setting(
        0.0, "standard deviation of noise added to all images the discriminator sees",
        unit="of the range [-1, 1]", live=True, ge=0, le=2,
    )  # fmt: skip
    gp_weight: float = _setting(10.0, "weight of the WGAN-GP gradient penalty", ge=0, le=1e6)
    r1_gamma: float = _setting(0.0, "weight of the gradient penalty at real images", ge=0, le=1e6)
    r2_gamma: float = _setting(0.0, "weight of the gradient penalty at fake images", ge=0, le=1e6)
    class_weight: float = _setting(1.0, "weight of the auxiliary classifier's loss", ge=0, le=1e3)
    dropout: float = _setting(0.3, "share of discriminator features dropped", ge=0, lt=1)
    sample_every: int = _setting(
        0, "steps between sample grids; 0: by time, dense early", unit="steps", ge=0, le=10_000_000
    )
    checkpoint_every: int = _setting(
        0, "steps between full checkpoints; 0: by time, every 60 s", unit="steps", ge=0, le=10_000_000
    )  # fmt: skip
    device: Literal["auto", "cpu", "gpu"] = _setting("auto", "processor to train on")
    steps_per_call: int = _setting(
        1, "steps in one call of the compiled graph: more is faster where a step is short, and pauses, "
        "knobs and checkpoints wait for its end", unit="steps", ge=1, le=1000,
    )  # fmt: skip
    steps_per_second: float = _setting(
        0.0, "slow motion: at most this many steps, for people who watch; can be changed while it "
        "trains; 0: as fast as it goes", unit="steps/s", ge=0, le=1000,
    )  # fmt: skip
    precision: Literal["float32", "bfloat16"] = _setting(
        "float32",
        "arithmetic of convolutions and dense layers; weights and losses stay float32; "
        "bfloat16 is for GPUs and goes with no gradient penalty",
    )

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


LIVE_KNOBS = tuple(
    name for name, f in TrainConfig.model_fields.items() if f.json_schema_extra.get("live")
)
PACE = "steps_per_second"  # turned like a knob, but no number of the training depends on it
# May change on resume: they say when to stop, what to write, where to run and how slowly, never what
# is learned.
# They decide the shape or the data of what a checkpoint holds, so a branch cannot change them.
FIXED = ("recipe", "dataset", "seed", "latent_dim", "width")
FREE_ON_RESUME = ("num_steps", "num_minutes", "sample_every", "checkpoint_every", "device", PACE)


def unknown(kind: str, name: object, known) -> str:
    """'Unknown recipe `dcgn`. Did you mean `dcgan`? Available: ...'."""
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"Unknown {kind} `{str(name)[:80]}`.{hint} Available: {', '.join(sorted(known))}."


def bounds(name: str) -> dict[str, float]:
    """The limits of a numeric setting, of {'ge', 'gt', 'le', 'lt'}; empty where there are none."""
    found = {}
    for item in TrainConfig.model_fields[name].metadata:
        for key in ("ge", "gt", "le", "lt"):
            if getattr(item, key, None) is not None:
                found[key] = getattr(item, key)
    return found


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
