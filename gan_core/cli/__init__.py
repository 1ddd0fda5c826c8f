"""The command line: a thin skin over Lab. Data goes to stdout, progress and errors to stderr.

Exit codes: 0 done, 1 the run failed or stdout is full, 2 bad input (one clear line), 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence

from gan_core import __version__
from gan_core.cli import streams
from gan_core.cli.common import Parser, note
from gan_core.errors import GanError
from gan_core.startup import runtime  # the runtime first: it sets what NumPy reads too

PROGRAM = "python -m gan_core"

# Each module has add(subparsers), which declares its commands; none imports TensorFlow at its top.
MODULES = (
    "listing", "datasets", "training", "branch", "checkpoints", "sweep", "cluster", "sampling",
    "translate", "style", "evaluate", "doctor", "outputs", "archive", "password", "bench",
)  # fmt: skip


def build_parser(program: str = PROGRAM, more: str = "") -> argparse.ArgumentParser:
    """All commands with their flags.

    Args:
        program: what it was called by, for its help.
        more: what its help says at the end.
    """
    parser = Parser(
        prog=program,
        description="Train generative adversarial networks and look at what they learned.",
        epilog=more,
    )
    parser.add_argument("--version", action="version", version=f"GANscope {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}").add(commands)
    return parser


def main(argv: Sequence[str] | None = None, *, program: str = PROGRAM, more: str = "") -> int:
    """Run one command; returns the exit code. For `program` and `more` see `build_parser`."""
    runtime.prepare()
    streams.prepare()
    try:
        return streams.finish(_run(argv, program, more))
    except SystemExit as leaving:  # argparse: help, or one line on what it cannot read
        code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        raise SystemExit(streams.finish(code)) from None


def _run(argv: Sequence[str] | None, program: str, more: str) -> int:
    try:
        args = build_parser(program, more).parse_args(argv)
        return args.handler(args) or 0
    except GanError as error:
        note(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        note("interrupted")
        return 130
    except MemoryError as error:
        note(f"error: there is not enough memory for this. {error}".rstrip())
        return 1
    except OSError as error:
        if error.filename is None and error.errno in streams.LOST:
            return streams.lost(error)
        where = f"`{error.filename}`: " if error.filename else ""
        note(f"error: {where}{error.strerror or error}.")
        return 2
