"""The draft of a new run: what was changed, the widgets that change it, and the checks.

The draft is plain data in the session: {"recipe", "dataset", "limit", "changes", "note"}. Widgets
mirror it, so nothing is lost when they are redrawn, hidden, or when another page is visited.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from gan_core import recipes
from gan_core.config import LIMITS, SETTINGS, TrainConfig
from gan_core.errors import ConfigError
from gan_core.startup import devices
from pages.ui.shared import text
from pages.ui.shared.language import t, told
from pages.ui.shared.state import get_lab

if TYPE_CHECKING:
    from gan_core.runs.run import Run

OWN, OTHER = "own", "other"  # limits: the recipe's, and both typed by hand
MINUTES = (1, 5, 30)
DATASET = str(SETTINGS["dataset"].default)
SHARED = "replicas"


def draft() -> dict[str, Any]:
    """The draft of this tab, made on first use."""
    first: dict[str, Any] = {
        "recipe": recipes.DEFAULT,
        "dataset": DATASET,
        "limit": OWN,
        "changes": {},
        "note": "",
    }
    return st.session_state.setdefault("draft", first)


def defaults() -> TrainConfig:
    """What the chosen recipe would use if nothing were changed."""
    chosen = draft()
    return get_lab().own_config(chosen["recipe"], chosen["dataset"])


def advanced_fields() -> list[str]:
    """Settings that are asked under Advanced; special ones only if the recipe names them.

    Several devices only where there are several, or where somebody pasted them.
    """
    named, changes = recipes.get(draft()["recipe"]).defaults, draft()["changes"]
    left_out = set() if devices.likely() > 1 or SHARED in changes else {SHARED}
    return [
        setting.name
        for setting in SETTINGS.values()
        if not setting.apart
        and (not setting.special or setting.name in named)
        and setting.name not in left_out
    ]


def overrides() -> dict[str, Any]:
    """Everything that differs from the recipe's own settings."""
    chosen = draft()
    shown = (*advanced_fields(), "seed")
    found = {name: value for name, value in chosen["changes"].items() if name in shown}
    if chosen["limit"] == OTHER:
        return found | {name: chosen["changes"].get(name) for name in LIMITS}
    return found if chosen["limit"] == OWN else found | {"num_minutes": float(chosen["limit"])}


def reset(names: list[str]) -> None:
    """Undo the changes of these settings."""
    for name in names:
        draft()["changes"].pop(name, None)


def choose_data(name: str) -> None:
    """Take other data; a recipe that cannot train on them gives them back to the next one that can."""
    draft().update(dataset=name, wanted=name)


def begin_with(spec) -> None:
    """Take a set, and for it the recipe that a person chose, or else the one to begin with."""
    choose_data(spec.name)
    fitting = [] if spec.problem else recipes.fitting(spec)
    wanted = draft().get("wanted_recipe")
    if fitting:
        draft()["recipe"] = wanted if wanted in fitting else fitting[0]


def choose_recipe(name: str, datasets: list) -> str:
    """Take another recipe, and data that fit it where the present ones do not; `swapped` says so.

    Data that a person chose come back with the first recipe that they fit; then that is said.
    """
    chosen, recipe = draft(), recipes.get(name)
    chosen["recipe"] = chosen["wanted_recipe"] = name
    fitting = [s.name for s in datasets if not s.problem and not recipe.misfit(s)]
    wanted = chosen.get("wanted", chosen["dataset"])
    if not fitting or (chosen["dataset"] == wanted and wanted in fitting):
        return ""
    old = chosen["dataset"]
    chosen["wanted"] = wanted
    if wanted in fitting:
        chosen["dataset"] = wanted
        return t("Data is {wanted} again, as you chose.", wanted=wanted)
    if old not in fitting:
        chosen["dataset"] = fitting[0]
    return ""


def swapped() -> str:
    """That other data are taken than a person chose, and why; nothing where they are the same."""
    chosen = draft()
    wanted = chosen.get("wanted", chosen["dataset"])
    if chosen["dataset"] == wanted:
        return ""
    return t(
        "Data changed from {old} to {fitting}: {name} cannot train on {old}.",
        old=wanted,
        fitting=chosen["dataset"],
        name=chosen["recipe"],
    )


def load(fields: dict[str, Any]) -> None:
    """Fill the draft from settings, all of them or only some.

    Raises:
        ConfigError: as on the command line; the draft is then as it was.
    """
    if not isinstance(fields, dict):
        raise ConfigError(
            t("Settings must be a JSON object. Received: {name}.", name=type(fields).__name__)
        )
    recipe, dataset = fields.get("recipe", recipes.DEFAULT), fields.get("dataset", DATASET)
    rest = {name: value for name, value in fields.items() if name not in ("recipe", "dataset")}
    config = get_lab().own_config(recipe, dataset, **rest)
    base = get_lab().own_config(recipe, dataset)
    changes = {name: own for name, (own, _) in config.differences(base).items()}
    choose_data(dataset)
    draft().update(
        recipe=recipe, wanted_recipe=recipe, changes=changes, limit=_limit(config, changes)
    )


def load_run(run: Run) -> None:
    """Fill the draft with a run's settings; one that it knows nothing of is as it was before there was one.

    Raises:
        ConfigError: the run has a setting or a value that this version does not know.
    """
    load(TrainConfig.from_dict(run.config).model_dump())


def _limit(config: TrainConfig, changes: dict[str, Any]) -> str | int:
    if not set(LIMITS) & set(changes):
        return OWN
    if config.num_steps is None and config.num_minutes in MINUTES:
        return int(config.num_minutes)
    changes |= {name: getattr(config, name) for name in LIMITS}
    return OTHER


def parse(pasted: str) -> dict[str, Any]:
    """Settings from pasted JSON.

    Raises:
        ConfigError: not JSON; the text says where.
    """
    try:
        return json.loads(pasted.removeprefix("\ufeff"))  # some editors begin files with this mark
    except json.JSONDecodeError as error:
        where = t("line {lineno}, column {colno}", lineno=error.lineno, colno=error.colno)
        raise ConfigError(
            t("This is not JSON: {msg} at {where}.", msg=error.msg, where=where)
        ) from None
    except (ValueError, RecursionError):
        raise ConfigError(t("These are no settings: a number or the nesting has no end.")) from None


def as_json(config: TrainConfig) -> str:
    """All settings, to copy."""
    return json.dumps(config.model_dump(), indent=2)


def problem_of(name: str) -> str:
    """What is wrong with a changed setting, in words; empty where nothing is."""
    changes = draft()["changes"]
    if name not in changes:
        return ""
    try:
        TrainConfig.from_dict({name: changes[name]})
    except ConfigError as error:
        return str(error)
    return ""


def field(name: str, base: TrainConfig) -> None:
    """The widget of one setting, made from the setting's own description and unit; what is wrong
    with its value stands below it."""
    default, key = getattr(base, name), f"set_{name}"
    st.session_state[key] = _for_widget(name, draft()["changes"].get(name, default))
    widget(name, default, key=key, on_change=_take, args=(name, default))
    if problem := problem_of(name):
        st.markdown(f":red[:material/warning: {text.said(problem)}]")


def widget(name: str, default: Any, *, key: str, **options: Any) -> Any:
    """A setting's widget, with `default` unless the session has a value under `key`."""
    setting, help_ = SETTINGS[name], help_text(name, default)
    common = {"label": t(setting.label), "key": key, "help": help_, **options}
    choices = setting.choices
    first: dict[str, Any] = {}
    if key not in st.session_state:
        first = (
            {"index": choices.index(default)} if choices else {"value": _for_widget(name, default)}
        )
    if choices:
        return st.selectbox(options=list(choices), **common, **first)
    return st.number_input(**common, **_number_options(name), **first)


def help_text(name: str, default: Any) -> str:
    """Description, unit, allowed range, default and name of a setting."""
    setting = SETTINGS[name]
    parts = [_described(setting), told(setting.allowed)]
    parts.append(
        t("default: none")
        if default is None
        else t("default: {value}", value=text.setting(default))
    )
    live = t("can be turned while training") if setting.live else ""
    about = ". ".join(part[0].upper() + part[1:] for part in (*parts, live) if part)
    return t("{about}. In files and on the command line: `{name}`.", about=about, name=name)


def _described(setting) -> str:
    return t(setting.help) + (f" ({t(setting.unit)})" if setting.unit else "")


def _number_options(name: str) -> dict[str, Any]:
    """No bounds: a browser would keep a number beyond them to itself, and the page would go on with
    another one. What is typed arrives; `problem_of` says what is wrong with it."""
    return {"placeholder": t("no limit"), **number_steps(name)}


def number_steps(name: str, now: float | None = None) -> dict[str, Any]:
    """Step and format of a number's field. Those of whole numbers are fields of floats, too: one of
    integers would make 1.5 a 1 and keep that to itself."""
    setting = SETTINGS[name]
    if setting.kind is int:
        return {"step": float(setting.step or 1), "format": "%.12g"}
    return {"step": _step(name) if now is None else now, "format": "%.6g"}


def whole(name: str, value: Any) -> Any:
    """What a number's field gives, as the setting has it: 64.0 of a whole one is 64, 1.5 stays."""
    exact = SETTINGS[name].kind is int and isinstance(value, float) and value.is_integer()
    return int(value) if exact else value


def _step(name: str) -> float:
    """How far the + and - buttons go: about a tenth of the default."""
    default = SETTINGS[name].default
    return float(f"{abs(float(default)) / 10:.0e}") if default else 0.05


def _for_widget(name: str, value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return float(value)


def _take(name: str, default: Any) -> None:
    """Keep what was typed; what equals the default is no change."""
    value, changes = whole(name, st.session_state[f"set_{name}"]), draft()["changes"]
    if value == default or (value is None and not SETTINGS[name].optional):
        changes.pop(name, None)
    else:
        changes[name] = value
