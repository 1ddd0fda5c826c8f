"""One setting of a run: what is known of it, made at its field; and why a value is refused, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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


def setting(default: Any, label: str, help: str, *, group: Group, place: int, **facts: Any) -> Any:
    """A field; `facts` are its bounds, and what a `Setting` has instead of its defaults."""
    bounds = {rule: facts.pop(rule) for rule in BOUNDS if rule in facts}
    extra = {"label": label, "group": group, "place": place, **facts}
    return Field(default, description=help, json_schema_extra=extra, **bounds)


def read(name: str, field: FieldInfo) -> Setting:
    """What is known of a setting, from a field that `setting` made."""
    kinds = get_args(field.annotation) or (field.annotation,)  # of a choice: its texts
    texts = tuple(kind for kind in kinds if isinstance(kind, str))
    facts = cast(dict[str, Any], field.json_schema_extra)  # of `setting`
    return Setting(
        **{"name": name, "flag": name.replace("_", "-"), **facts},
        help=field.description or "",
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


def in_words(error: ValidationError) -> str:
    """Why values were refused: '`width` must be at least 1. Received: `width=0`.'"""
    return " ".join(_one_in_words(e) for e in error.errors())


def _one_in_words(e: ErrorDetails) -> str:
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
