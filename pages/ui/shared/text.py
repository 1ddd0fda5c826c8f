"""Numbers, times and states as the pages write them; text from runs is made harmless here."""

from __future__ import annotations

import html
import math
import re
import time

from gan_core.runs.values import unturned
from pages.ui.shared.language import N_, NN_, t, tn, told

STATES = {  # state: (icon, glyph for tables, word)
    "queued": ("schedule", "◷", N_("Queued")),
    "ready": ("play_arrow", "▶", N_("Preparing")),
    "running": ("play_arrow", "▶", N_("Training")),
    "paused": ("pause", "❚❚", N_("Paused")),
    "finished": ("check", "✓", N_("Finished")),
    "stopped": ("stop", "■", N_("Stopped")),
    "failed": ("warning", "△", N_("Failed")),
    "interrupted": ("incomplete_circle", "◌", N_("Interrupted")),
}
NOUNS = {
    "step": NN_("{n:,} step", "{n:,} steps"),
    "run": NN_("{n:,} run", "{n:,} runs"),
    "other": NN_("{n:,} other", "{n:,} others"),
    "change": NN_("{n:,} change", "{n:,} changes"),
    "class": NN_("{n:,} class", "{n:,} classes"),
    "worker": NN_("{n:,} worker", "{n:,} workers"),
    "seed": NN_("{n:,} seed", "{n:,} seeds"),
    "file": NN_("{n:,} file", "{n:,} files"),
    "picture": NN_("{n:,} picture", "{n:,} pictures"),
    "core": NN_("{n:,} core", "{n:,} cores"),
}
ACTIVE = ("ready", "running", "paused")
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
WORD_JOINER = "\u2060"  # invisible; keeps links and icon codes from being recognised


def plain(text: object) -> str:
    """Text of a run (name, note, error) for Markdown: shown as it was typed, never as markup."""
    one_line = " ".join(unturned(str(text)).split())
    unlinked = re.sub(r"([:@]|www)", rf"\1{WORD_JOINER}", one_line, flags=re.IGNORECASE)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", unlinked)


def said(error: object) -> str:
    """An error's text for Markdown: what stands in backticks as code, the rest as it was typed."""
    parts = [" ".join(part.split()) for part in unturned(told(str(error))).split("`")]
    closed = len(parts) - (len(parts) % 2 == 0)  # an unpaired backtick opens nothing
    return " ".join(
        f"`{part}`" if i % 2 and i < closed else plain(part) for i, part in enumerate(parts) if part
    ).replace("` \\", "`\\")


def unmarked(error: object) -> str:
    """The same for a component, which shows text as it is: one line, without backticks."""
    return " ".join(unturned(told(str(error))).replace("`", "").split())


def escaped(text: object) -> str:
    """The same for HTML."""
    return html.escape(" ".join(unturned(str(text)).split()))


def state_mark(state: str, *, sick: bool = False) -> str:
    """A state as Markdown: shape and word; red only for a failure, the accent for training.

    Args:
        sick: the run ended with an ailment: no tick then, a warning.
    """
    icon, _, english = STATES[state]
    word = t(english)
    if state == "failed":
        return f":red[:material/{icon}: **{word}**]"
    if sick:
        return f":red[:material/warning:] **{word}**"
    if state in ("running", "ready"):
        return f":violet[:material/{icon}:] **{word}**"
    return f":material/{icon}: **{word}**"


def state_text(state: str, *, sick: bool = False) -> str:
    """A state for a table cell: glyph and word; `sick` as in `state_mark`."""
    _, glyph, word = STATES[state]
    return f"{STATES['failed'][1] if sick else glyph} {t(word)}"


def state_word(state: str) -> str:
    """A state in a word: 'Training'."""
    return t(STATES[state][2])


def number(value: float | None) -> str:
    """Whole numbers with thousands separated; an empty text for None."""
    return "" if value is None else f"{value:,.0f}"


def counted(count: int, noun: str) -> str:
    """'1 step', '6,000 steps', of a noun in NOUNS."""
    return tn(*NOUNS[noun], count)


def measured(value: float | None, digits: int = 2) -> str:
    """A measured number in few digits, whatever its size: 0.87, 14,700, 1.5×10⁶, −0.003; – for none.

    Args:
        digits: after the point, from 0.1 to 1,000.
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 99_999.5 or 0 < size < 1e-4:
        factor, power = f"{value:.1e}".split("e")
        shown = f"{factor}×10{str(int(power)).translate(RAISED)}"
    elif size >= 1000:
        shown = f"{value:,.0f}"
    else:
        shown = (
            f"{value:.{digits}f}" if size >= 0.1 or value == 0 else f"{value:.{max(digits, 2)}g}"
        )
    return shown.replace("-", "\u2212")


def setting(value: object) -> str:
    """A setting for reading: 6,000, 10, 0.0002, none; float32's 0.0010000000475 is 0.001."""
    if value is None:
        return t("none")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def steps(step: int, num_steps: int | None) -> str:
    """'2,340 of 6,000', or '2,340' without a limit."""
    return (
        t("{step:,} of {num_steps:,}", step=step, num_steps=num_steps) if num_steps else f"{step:,}"
    )


def clock(seconds: float | None) -> str:
    """m:ss or h:mm:ss."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def about(seconds: float) -> str:
    """A time to plan with: '30 s', '2 min', '3.8 h', '2.1 days'."""
    if seconds < 55:
        return t("{n} s", n=max(5, 5 * round(seconds / 5)))
    if seconds < 90 * 60:
        return t("{n} min", n=max(1, round(seconds / 60)))
    hours = seconds / 3600
    return t("{n:.1f} h", n=hours) if hours < 36 else t("{n:.1f} days", n=hours / 24)


def ago(when: float, now: float | None = None) -> str:
    """Age of a Unix time: 'now', '5 min ago', 'yesterday', '3 days ago'."""
    seconds = (time.time() if now is None else now) - when
    if seconds < 45:
        return t("now")
    if seconds < 3600:
        return t("{n} min ago", n=max(1, round(seconds / 60)))
    if seconds < 20 * 3600:
        return t("{n} h ago", n=round(seconds / 3600))
    days = max(1, round(seconds / 86400))
    return t("yesterday") if days == 1 else t("{n} days ago", n=days)


def size(num_bytes: float | None) -> str:
    """Bytes in the largest decimal unit that leaves a number of at least 1: '38 MB', '1.1 GB'."""
    if num_bytes is None:
        return ""
    value, unit = float(num_bytes), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000
    return f"{value:.1f} {unit}" if value < 10 and unit in ("GB", "TB") else f"{value:.0f} {unit}"


def short_id(run_id: str) -> str:
    """The number of a run: '00012' of '00012-fast_gan-mnist_5k'."""
    return run_id.split("-", 1)[0]
