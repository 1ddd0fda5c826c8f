"""What several commands share: folders, JSON, tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gan_core.cli import streams
from gan_core.config import TrainConfig
from gan_core.errors import ConfigError, unknown


class Parser(argparse.ArgumentParser):
    """Says in one line what it cannot read; a flag with a value is given once."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for name in (None, "store"):
            self.register("action", name, _StoreOnce)

    def error(self, message: str):
        """Exit with 2 and one line on stderr."""
        shown = message if len(message) < 400 else message[:400] + " ..."
        self.exit(2, f"error: {shown}. See `{self.prog} --help`.\n")


class _StoreOnce(argparse.Action):
    """Store a value; which of two should count is not guessed."""

    def __call__(self, parser, namespace, values, option_string=None):
        given = vars(namespace).setdefault("flags_given", {})
        if option_string and self.dest in given:
            raise argparse.ArgumentError(self, "is given twice")
        given[self.dest] = option_string
        setattr(namespace, self.dest, values)


def measured(value: float) -> str:
    """A measured number in few digits, whatever its size: 0.512, 14,700, 3.4e+12."""
    size = abs(value)
    return f"{value:.3f}" if size < 1000 else f"{value:,.0f}" if size < 1e6 else f"{value:.1e}"


def command(commands, name: str, run, help_text: str, **options) -> argparse.ArgumentParser:
    """A new command with the flags that every command has; `options` of its parser."""
    parser = commands.add_parser(name, help=help_text, description=help_text, **options)
    parser.set_defaults(handler=run)  # not `run`: commands have options of that name
    parser.add_argument(
        "--runs-dir",
        metavar="DIR",
        help="where runs are kept (default: GAN_RUNS_DIR, else your data folder)",
    )
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="where data sets are kept (default: GAN_DATA_DIR, else your cache folder)",
    )
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    """The flag of commands whose output is data."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def lab_of(args):
    """The Lab of the command's folders."""
    from gan_core.lab import Lab

    return Lab(args.runs_dir, args.data_dir)


def print_json(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, indent=2, default=str))


def print_table(rows: Sequence[Sequence[Any]], head: Sequence[str]) -> None:
    """Columns padded to their widest cell, on stdout."""
    cells = [[str(c) for c in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for row in cells:
        print("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())


def note(text: str) -> None:
    """A line for the person, on stderr; left out where nothing can be written there."""
    streams.tell(text + "\n")


def parse_settings(pairs: Sequence[str], flags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`["g_lr=0.001", "loss=hinge"]` to typed values; checks of the values come later.

    Args:
        flags: settings that were given by flags of their own -> the words that gave them.

    Raises:
        ConfigError: a pair without "=", an unknown setting, or one that is given twice.
    """
    settings, words = {}, dict(flags or {})
    for pair in pairs:
        name, found, value = (part.strip() for part in pair.partition("="))
        if not found:
            raise ConfigError(f"`--set` needs field=value. Received: `{pair}`.")
        if name not in TrainConfig.model_fields:
            raise ConfigError(unknown("config key", name, TrainConfig.model_fields))
        if name in words:
            raise ConfigError(
                f"`{name}` is given twice: `{words[name]}` and `--set {pair}`. Give it once."
            )
        settings[name], words[name] = _typed(value), f"--set {pair}"
    return settings


def flags_of(args, fields: Mapping[str, str]) -> dict[str, str]:
    """Settings that were given by flags -> the words that gave them.

    Args:
        fields: name of a flag in `args` -> the setting that it is.
    """
    given = getattr(args, "flags_given", {})
    return {fields[n]: f"{flag} {getattr(args, n)}" for n, flag in given.items() if n in fields}


def _typed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
