"""What CHANGELOG.md says of a version, for its release: `python tools/release_notes.py 1.0.0`.

Ends with words and exit code 1 where the changelog has no dated section of it, or where the package
has another version.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d\d-\d\d))?[ \t]*$", re.M)


def notes(changelog: str, version: str) -> str:
    """The section of a version, without its heading.

    Raises:
        ValueError: there is none, or it has no date.
    """
    headings = list(HEADING.finditer(changelog))
    at = next((i for i, found in enumerate(headings) if found["version"] == version), None)
    if at is None:
        known = ", ".join(found["version"] for found in headings)
        raise ValueError(f"CHANGELOG.md has no section [{version}]. It has: {known}.")
    if headings[at]["date"] is None:
        raise ValueError(f"The section [{version}] of CHANGELOG.md has no date.")
    end = headings[at + 1].start() if at + 1 < len(headings) else len(changelog)
    return changelog[headings[at].end() : end].strip() + "\n"


def main(version: str) -> None:
    """Print the notes of a release."""
    sys.path.insert(0, str(ROOT))
    from gan_core import __version__

    if version != __version__:
        sys.exit(f"The tag says {version}, gan_core/__init__.py says {__version__}.")
    try:
        print(notes((ROOT / "CHANGELOG.md").read_text("utf-8"), version), end="")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1])
