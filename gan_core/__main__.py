"""`python -m gan_core`: the command line. `ganscope`: the same, and without a command it opens the app."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from gan_core.storage.assets import APP

MORE = (
    "Without a command it opens the app. Options with a dot are Streamlit's, for the app: "
    "`ganscope --server.port 8600`; `streamlit run --help` lists them."
)


def ganscope(argv: Sequence[str] | None = None) -> int:
    """The console script; returns the exit code of a command, and of the app where it comes back."""
    words = list(sys.argv[1:] if argv is None else argv)
    return _open(words) if opens_app(words) else _command(words, program="ganscope", more=MORE)


def opens_app(words: Sequence[str]) -> bool:
    """Whether there is no command: nothing, or an option of Streamlit's such as `--server.port`."""
    return not words or (words[0].startswith("--") and "." in words[0].partition("=")[0])


def _command(words: Sequence[str], **called: str) -> int:
    from gan_core.cli import main  # here: the app opens sooner without it
    from gan_core.startup import runtime

    runtime.in_terminal()
    return main(words, **called)


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


if __name__ == "__main__":
    sys.exit(_command(sys.argv[1:]))
