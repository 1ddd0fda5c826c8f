"""What a benchmark found, as Markdown for people and JSON for programs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from gan_core.startup import runtime

UNITS = {"seconds": "s", "steps": "steps"}  # of the marks of a quality table, and their signs


def machine() -> dict[str, str]:
    """Date, processor and versions: what every figure depends on."""
    return {"date": datetime.date.today().isoformat()} | runtime.versions()


def in_words(about: dict[str, str]) -> str:
    """The machine in one line below a table."""
    return f"{about['processor']}, TensorFlow {about['tensorflow']}, {about['date']}."


def markdown(rows: Sequence[Sequence[object]], head: Sequence[str]) -> str:
    """A Markdown table; the first column is text, all others are right-aligned."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def throughput_table(rows: Sequence[dict]) -> str:
    """Medians, quartiles, least and processor time, and how many times faster the first of the table is.

    By medians, by the least of each, and by processor time a real image, which is least disturbed by
    what else the machine does.
    """
    first = rows[0]

    def times(row, name):
        return row[name] / row["batch_size"] / (first[name] / first["batch_size"])

    cells = [
        (
            row["contender"],
            row["batch_size"],
            f"{row['ms_per_step']:.1f}",
            f"{row['ms_low']:.1f} to {row['ms_high']:.1f}",
            f"{row['ms_least']:.1f}",
            f"{row['cpu_ms']:.1f}",
            f"{row['images_per_second']:,.0f}"
            if row["images_per_second"] >= 10
            else f"{row['images_per_second']:.2f}",
            f"{row['gflops']:.0f}" if row["gflops"] else "",
            " / ".join(f"{times(row, n):.2f}" for n in ("ms_per_step", "ms_least", "cpu_ms")),
        )
        for row in rows
    ]
    faster = f"{first['contender']} is faster by (median / least / CPU)"
    head = (
        "", "batch", "ms a step", "quartiles", "least", "CPU ms", "images/s", "GFLOP/s", faster,
    )  # fmt: skip
    return markdown(cells, head)


def quality_table(rows: Sequence[dict], floor: float, unit: str = "seconds") -> str:
    """Median distance and its range over seeds, per contender and mark; the floor on top."""
    marks = sorted({row["mark"] for row in rows})
    names = list(dict.fromkeys(row["contender"] for row in rows))
    cells = []
    for name in names:
        at = {row["mark"]: row for row in rows if row["contender"] == name}
        cells.append((name, *(_cell(at.get(mark)) for mark in marks)))
    head = (f"real images: {floor:.2f}", *(f"{mark:g} {UNITS[unit]}" for mark in marks))
    return markdown(cells, head)


def against_table(rows: Sequence[dict]) -> str:
    """What a recorded training had after how long, and how soon each contender had it."""
    cells = [
        (
            f"{row['recorded']}, step {row['step']:,}",
            f"{row['ms_per_step']:,.0f}",
            _minutes(row["seconds"]),
            f"{row['fd']:.1f}",
            row["contender"],
            "not yet" if row["times"] is None else f"{row['reached']:g} s",
            "" if row["times"] is None else f"{row['times']:.0f}",
        )
        for row in rows
    ]
    return markdown(
        cells, ("recorded", "ms a step", "after", "distance", "", "as good after", "times sooner")
    )


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def _cell(row: dict | None) -> str:
    if row is None:
        return ""
    if row["seeds"] == 1:
        return f"{row['fd']:.1f}"
    return f"{row['fd']:.1f} ({row['fd_low']:.1f} to {row['fd_high']:.1f})"
