"""Known holes in the locked packages, by pip-audit: `make audit` or `python tools/audit.py [LOCK ...]`.

Exit codes: 0 no hole is known, 1 one is, 2 what could not be asked: no pip-audit, no network, or an index
that knows nothing of holes. What was not asked is never called clean.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

LOCKS = Path(__file__).resolve().parents[1] / "locks"
CLEAN, HOLES, NOT_ASKED = 0, 1, 2
SECONDS = 600


def main(words: list[str]) -> int:
    """Audit these locks, or all of them; the worst exit code."""
    if importlib.util.find_spec("pip_audit") is None:
        return _say("NOT AUDITED: pip-audit is not installed (`pip install pip-audit`).")
    locks = [Path(word) for word in words] or sorted(LOCKS.glob("*.txt"))
    codes = [audit(lock) for lock in locks]
    return HOLES if HOLES in codes else max(codes)


def audit(lock: Path) -> int:
    """One lock: print what is known of its packages."""
    line = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--disable-pip", "--format", "json"]
    try:
        done = subprocess.run(
            [*line, "--progress-spinner", "off"], capture_output=True, text=True, timeout=SECONDS
        )
        found = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _say(f"{lock.name}: NOT AUDITED: no answer within {SECONDS} s.")
    except (ValueError, KeyError):  # it ended before it had a report
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return _say(f"{lock.name}: NOT AUDITED, most likely for want of a network: {why[:200]}")
    return judged(lock.name, found)


def judged(name: str, found: list[dict]) -> int:
    """What pip-audit's report says of one lock, in words and as an exit code."""
    holes = [(d["name"], d["version"], hole) for d in found for hole in d.get("vulns", ())]
    skipped = [d["name"] for d in found if "skip_reason" in d]
    for package, version, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "no release yet"
        print(f"{name}: {package} {version}: {hole['id']}, mended by {mended}")
    if skipped:
        few = ", ".join(skipped[:3])
        _say(
            f"{name}: NOT AUDITED: {len(skipped)} of {len(found)} packages ({few}, ...): no answer."
        )
    if not holes and not skipped:
        print(f"{name}: no hole is known in {len(found)} packages")
    return HOLES if holes else NOT_ASKED if skipped or not found else CLEAN


def _say(text: str) -> int:
    print(text, file=sys.stderr)
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
