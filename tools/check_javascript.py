"""Types, lint and format of the JavaScript: `make lint` or `python tools/check_javascript.py`.

Exit codes: 0 all is well, or it could not be asked: no npm, or no network to install what checks
(both are said, in words); 1 something is wrong. `--strict` makes what could not be asked 2.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
INSTALLED = MODULES / ".package-lock.json"  # npm writes it last
WELL, WRONG, NOT_ASKED = 0, 1, 2
SECONDS = 300  # for an installation
# No script of a package runs, and without a network it ends soon.
INSTALL = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=0",
    "--fetch-timeout=30000",
]


def main(words: list[str]) -> int:
    """Check; the exit code."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return _not_asked("Node and npm are not installed.", words)
    problem = _installed(npm)
    if problem:
        return _not_asked(problem, words)
    done = subprocess.run([npm, "run", "--silent", "check"], cwd=ROOT, check=False)
    return WELL if done.returncode == 0 else WRONG


def _installed(npm: str) -> str:
    """Install what package-lock.json says, where it is not there; why that failed, or ""."""
    if MODULES.is_symlink():  # another tree's: npm would empty it first
        return (
            "" if INSTALLED.is_file() else "node_modules is a link to where nothing is installed."
        )
    if INSTALLED.is_file() and INSTALLED.stat().st_mtime >= _changed():
        return ""
    try:
        done = subprocess.run(
            [npm, *INSTALL], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"npm installed nothing within {SECONDS} s."
    said = done.stderr.strip().splitlines() or ["it said nothing"]
    return "" if done.returncode == 0 else f"npm could not install: {said[0][:200]}"


def _changed() -> float:
    return (ROOT / "package-lock.json").stat().st_mtime


def _not_asked(why: str, words: list[str]) -> int:
    print(f"JavaScript is NOT checked: {why}", file=sys.stderr)
    return NOT_ASKED if "--strict" in words else WELL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
