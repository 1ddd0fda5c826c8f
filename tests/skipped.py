"""Which tests were skipped because a program is missing that they need: told loudly at the end."""

import re
from collections import Counter

PROGRAMS = re.compile(r"\b(node|npm)\b.*\bnot installed|no chromium here", re.I)


def not_run(reports):
    """Lines in words, one for each reason and file, of pytest's reports of skipped tests."""
    found = Counter()
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, (tuple, list)) else ""
        if PROGRAMS.search(reason):
            found[reason.removeprefix("Skipped: "), report.nodeid.partition("::")[0]] += 1
    return [
        f"{file}: {count} test{'s' * (count > 1)} did NOT run, {reason}"
        for (reason, file), count in sorted(found.items())
    ]
