"""What several commands share: folders, JSON, tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from gan_core.errors import ConfigError


def command(commands, name: str, run, help_text: str) -> argparse.ArgumentParser:
    """A new command with the flags that every command has."""
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(handler=run)  # not `run`: commands have options of that name
    parser.add_argument(
        "--runs-dir", metavar="DIR",
        help="where runs are kept (default: GAN_RUNS_DIR, else your data folder)",
    )  # fmt: skip
    parser.add_argument(
        "--data-dir", metavar="DIR",
        help="where data sets are kept (default: GAN_DATA_DIR, else your cache folder)",
    )  # fmt: skip
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
    """A line for the person, on stderr."""
    print(text, file=sys.stderr, flush=True)


def parse_settings(pairs: Sequence[str]) -> dict[str, Any]:
    """`["g_lr=0.001", "loss=hinge"]` to typed values; checks come later.

    Raises:
        ConfigError: a pair without "=".
    """
    settings = {}
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not found:
            raise ConfigError(f"`--set` needs field=value. Received: `{pair}`.")
        settings[name.strip()] = _typed(value.strip())
    return settings


def _typed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
