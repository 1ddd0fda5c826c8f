"""A model card: what a run is, what it learned from, how to make it again, how good it was measured.

Markdown with nothing but text of ours and escaped text of the run.
"""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gan_core import recipes, tasks
from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import ConfigError, DataError
from gan_core.runs import quality as best
from gan_core.runs.lineage import ancestors
from gan_core.runs.run import Run
from gan_core.setting import Setting
from gan_core.tasks import run_data

NAMES = 30  # of classes that are listed
MEASURES = (
    "precision", "recall", "density", "coverage", "missing_classes", "class_accuracy",
    "class_kept", "l1", "psnr", "ssim", "feature_distance", "sharpness", "cycle", "cycle_noise", "change",
)  # fmt: skip


def model_card(run: Run, data_dir: Path | str) -> str:
    """The card of a run as Markdown."""
    config = TrainConfig.from_dict(run.config)
    parts = [
        f"# {_plain(run.notes().name or run.id)}",
        _recipe(config),
        _table(_facts(run, config)),
        "## Data\n\n" + _data(run, config, data_dir),
        "## Make it again\n\n" + _commands(run, config),
        "## Measured quality\n\n" + _quality(run),
        "## Limits\n\n" + _limits(run, config),
        "## Settings\n\n" + _fenced(json.dumps(config.model_dump(), indent=2), "json"),
    ]
    if note := run.notes().note:
        parts.insert(3, "## Note\n\n" + _plain(note))
    return "\n\n".join(parts) + "\n"


def settings_json(run: Run) -> str:
    """The settings of a run, to paste into the form of a new one."""
    return json.dumps(TrainConfig.from_dict(run.config).model_dump(), indent=2) + "\n"


def _recipe(config: TrainConfig) -> str:
    try:
        recipe = recipes.get(config.recipe)
    except ConfigError:
        return f"Made with the recipe `{_code(config.recipe)}`."
    return f"**{recipe.title}** (`{config.recipe}`): {recipe.summary} {recipe.paper}".rstrip()


def _facts(run: Run, config: TrainConfig) -> dict[str, str]:
    status = run.status()
    versions = ", ".join(f"{k} {v}" for k, v in run.versions.items())
    return {
        "run": run.id,
        "state": f"{status.state} at step {status.step:,}",
        "training": f"{status.images_seen:,.0f} images, {status.wall_time / 60:.1f} minutes",
        "seed": str(config.seed),
        "latent vector": f"{config.latent_dim} numbers" if _task(config).takes_z else "",
        "precision": _precision(run),
        "made": _day(run.created_at),
        "made with": versions,
    }


def _precision(run: Run) -> str:
    """Which it trains in and why, where it was left to the first start."""
    told = [e.get("text") for e in run.events() if e.get("kind") == "precision"]
    return str(told[-1]) if told else ""


def _task(config: TrainConfig):
    """The task of its recipe; that of most, where the recipe is of another installation."""
    try:
        return tasks.of_config(config)
    except ConfigError:
        return tasks.get("synthesis")


def _day(seconds: float) -> str:
    """A date, or "" of a time that is none or is not known (0)."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}" if seconds else ""
    except (OverflowError, ValueError, OSError, TypeError):
        return ""


def _table(facts: dict[str, str]) -> str:
    rows = [f"| {name} | {_plain(value)} |" for name, value in facts.items() if value]
    return "\n".join(["| | |", "|---|---|", *rows])


def _data(run: Run, config: TrainConfig, data_dir: Path | str) -> str:
    try:
        spec = run_data.spec(run, data_dir)
    except DataError:
        return f"`{_code(config.dataset)}`, which is not on this machine; its licence is unknown."
    names = ", ".join(spec.class_names[:NAMES]) + (", …" if spec.num_classes > NAMES else "")
    kinds = f", {spec.num_classes} classes ({_plain(names)})" if spec.num_classes else ""
    two = spec.kind in ("pairs", "sides")
    count = spec.amount if two else f"{spec.num_train:,} examples"
    return (
        f"{_plain(spec.title)} (`{_code(spec.name)}`): {count} of {spec.shape}"
        f"{kinds}; {spec.num_held_out:,} were held out and never trained on.\n\n"
        f"Licence: {_plain(spec.licence) or 'unknown'}. Origin: {_origin(spec) or 'unknown'}."
    )


def _origin(spec) -> str:
    return _plain(spec.origin).replace(r"\:", ":")  # an address may be one to press


def _commands(run: Run, config: TrainConfig) -> str:
    """The commands that repeat it, the oldest ancestor's first."""
    line = ancestors(run)
    if run.parent and not line:
        return f"It branched from `{_code(run.parent.get('run'))}`, which is no longer there."
    chain = [(run, None), *line]  # with the step up to which each is needed
    oldest, stop = chain[-1]
    words = [_train(oldest, stop)]
    words += [_branch(child, stop) for child, stop in chain[-2::-1]]
    knobs = [e for each, _ in chain for e in each.events() if e.get("kind") == "knob"]
    turned = f"\n\nKnobs were turned {len(knobs)} times meanwhile; events.jsonl tells when."
    return _fenced("\n".join(words), "sh") + (turned if knobs else "")


def _train(run: Run, steps: int | None) -> str:
    config = TrainConfig.from_dict(run.config)
    base = recipes.config(config.recipe, config.dataset, run)
    changed = {n: own for n, (own, _) in config.differences(base).items() if _counts(SETTINGS[n])}
    parts = ["python -m gan_core train", "--recipe", config.recipe, "--dataset", config.dataset]
    parts += ["--seed", str(config.seed), *_limit(steps, config)]
    return " ".join([parts[0], *map(_word, parts[1:]), *_set(changed)])


def _counts(setting: Setting) -> bool:
    """Whether it decides what is learned and has no word of its own in the command."""
    return not (setting.resume or setting.apart)


def _limit(steps: int | None, config: TrainConfig) -> list[str]:
    if steps or config.num_steps:
        return ["--steps", str(steps or config.num_steps)]
    return ["--minutes", f"{config.num_minutes:g}"] if config.num_minutes else []


def _branch(child: Run, stop: int | None) -> str:
    """The command of a branch; what a stranger's run says is checked as settings are."""
    link, own = child.parent or {}, TrainConfig.from_dict(child.config)
    told = link.get("changes")
    changes = told if isinstance(told, dict) else {}
    free = {s.name for s in SETTINGS.values() if s.branch and not s.limit}
    known = {n: _checked(n, v) for n, v in changes.items() if n in free}
    known = {n: v for n, v in known.items() if v is not None}
    steps = stop or own.num_steps
    limit = f" --steps {steps}" if steps else ""
    start = f"python -m gan_core branch {_word(link.get('run'))} --step {_word(link.get('step'))}"
    return " ".join([start + limit, *_set(known)])


def _checked(name: str, value: Any) -> Any:
    """The value of a setting that a branch changed, or None if it is none."""
    try:
        return getattr(TrainConfig.from_dict({name: value}), name)
    except ConfigError:
        return None


def _set(changes: dict[str, Any]) -> list[str]:
    return [f"--set {_word(f'{name}={value}')}" for name, value in changes.items()]


def _word(value: object) -> str:
    """One word of a shell command, on one line."""
    return shlex.quote(_one_line(value))


def _one_line(value: object) -> str:
    """Without line breaks and other characters that steer instead of being read."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _fenced(text: str, language: str) -> str:
    """A code block that nothing in the text can end."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _quality(run: Run) -> str:
    measured = best.qualities(run.path)
    if not measured:
        return "Not measured."
    newest = measured[-1]
    found = best.best_of(measured) or newest
    lines = [_measured("Best", found)]
    if newest.step != found.step:
        lines.append(_measured("Newest", newest))
    lines.append(
        "Distances are taken in the features of a small judge network and are not comparable "
        "with any published FID."
    )
    return "\n\n".join(lines)


def _distance(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= value < 1e6 else f"{value:.3g}"


def _measured(name: str, quality: best.Quality) -> str:
    known = {n: quality.values.get(n) for n in MEASURES}
    what = "held-out images, translated" if "change" in quality.values else "generated images"
    more = "".join(f", {n} {v:.3g}" for n, v in known.items() if isinstance(v, int | float))
    by = ", by its L1" if quality.decider == best.OF_PAIRS and name == "Best" else ""
    return (
        f"{name}{by}: Fréchet distance {_distance(quality.value)} at step {quality.step:,}{more} "
        f"({quality.count:,} {what}, features `{_code(quality.extractor)}`)."
    )


def _limits(run: Run, config: TrainConfig) -> str:
    status, lines = run.status(), []
    if status.state != "finished":
        lines.append(f"- Training did not run to its end: it is {status.state}.")
    lines += [
        "- One run with one seed: other seeds give other results.",
        *(f"- {limit}" for limit in _task(config).limits),
    ]
    with_warnings = [e for e in run.events() if e.get("kind") == "warning"]
    if with_warnings:
        lines.append(f"- {len(with_warnings)} warnings while it trained; events.jsonl has them.")
    return "\n".join(lines)


def _plain(text: object) -> str:
    """Text that Markdown and HTML take as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~&:-])", r"\\\1", _one_line(text))


def _code(text: object) -> str:
    return _one_line(text).replace("`", "'")
