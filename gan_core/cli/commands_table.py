"""docs/commands.md: every command with its arguments and flags, made from the parser.

python -m gan_core.cli.commands_table > docs/commands.md
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from gan_core import cli
from gan_core.config import READING_ORDER

INTRO = """# Every command

For whoever looks up a flag. Which command does what: [the command line](command_line.md).

Made by `python -m gan_core.cli.commands_table`; a test holds it to the code. Every command also takes
`--help` and, where it reads or writes runs, `--runs-dir DIR` (otherwise `GAN_RUNS_DIR`, else your data
folder) and `--data-dir DIR` (otherwise `GAN_DATA_DIR`, else your cache folder).
"""
EVERYWHERE = {"help", "runs_dir", "data_dir"}
SETTINGS = {f"--{setting.flag}" for setting in READING_ORDER}
OWN = {"--steps", "--minutes"}  # settings that `train` lists itself
MORE = "And a flag for every [setting](settings.md).\n"


def text() -> str:
    """The whole page."""
    sections = [_section(name, parser) for name, parser in _commands(cli.build_parser())]
    return "\n".join([INTRO, *sections])


def _commands(parser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """(words, parser) of every command, those of a command after it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, found in action.choices.items():
                yield f"{before}{name}", found
                yield from _commands(found, f"{before}{name} ")


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    actions = [a for a in parser._actions if a.dest not in EVERYWHERE and not _is_command(a)]
    settings = [a for a in actions if SETTINGS & {*a.option_strings} - OWN]
    many = len(settings) > len(SETTINGS) / 2
    rows = [_row(parser, a) for a in actions if not (many and a in settings)]
    places = "".join(f" {_metavar(a)}" for a in actions if not a.option_strings)
    parts = [f"## {name}\n", f"`python -m gan_core {name}{places}`\n", f"{parser.description}\n"]
    if rows:
        parts.append("| argument | what |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join([*parts, *([MORE] if many else [])])


def _is_command(action: argparse.Action) -> bool:
    return isinstance(action, argparse._SubParsersAction)


def _row(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    told = parser._get_formatter()._expand_help(action) if action.help else ""
    names = ", ".join(action.option_strings)
    takes = _metavar(action) if action.nargs != 0 else ""
    word = " ".join(part for part in (names, takes) if part)
    needed = "needed; " if action.option_strings and action.required else ""
    return f"| `{_cell(word)}` | {needed}{_cell(told)} |"


def _metavar(action: argparse.Action) -> str:
    if action.metavar:
        return str(action.metavar)
    if action.choices:
        return "|".join(map(str, action.choices))
    return action.dest.upper()


def _cell(words: str) -> str:
    """As one cell of a table."""
    return " ".join(words.split()).replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(text())
