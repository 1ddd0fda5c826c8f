"""`ganscope`: alone it opens the app; with a command it is `python -m gan_core`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from gan_core import cli
from gan_core.startup import runtime
from gan_core.storage.assets import APP

PROGRAM = "ganscope"
MORE = (
    "Without a command it opens the app. Options with a dot are Streamlit's, for the app: "
    "`ganscope --server.port 8600`; `streamlit run --help` lists them."
)


def main(argv: Sequence[str] | None = None) -> int:
    """The console script; returns the exit code of a command, and of the app where it comes back."""
    words = list(sys.argv[1:] if argv is None else argv)
    if opens_app(words):
        return _open(words)
    runtime.in_terminal()
    return cli.main(words, program=PROGRAM, more=MORE)


def opens_app(words: Sequence[str]) -> bool:
    """Whether there is no command: nothing, or an option of Streamlit's such as `--server.port`."""
    return not words or (words[0].startswith("--") and "." in words[0].partition("=")[0])


def _open(words: Sequence[str]) -> int:
    """Become `streamlit run`, so that signals reach the server; Windows has no such becoming."""
    # -P: what lies in the current folder is none of our modules
    line = [sys.executable, "-P", "-m", "streamlit", "run", str(APP), *words]
    if sys.platform == "win32":
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C is for the server, which ends in order
        return subprocess.call(line)
    return os.execv(line[0], line)  # never comes back
