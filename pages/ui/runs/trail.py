"""What was done with a run, when, and by whom: its event log, the newest first."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared import text

MOST = 300  # events that are listed
FEW = 7  # events that are shown without scrolling
WORDS = {
    "started": "started", "resumed": "resumed", "paused": "paused", "stopped": "stopped",
    "finished": "finished", "interrupted": "interrupted", "checkpoint": "checkpoint",
    "snapshot": "checkpoint and weights on demand", "deleted": "moved to the bin",
    "restored": "brought back from the bin", "imported": "imported", "renamed": "renamed",
    "noted": "notes changed", "knob": "knob turned", "settings": "changed on resume",
    "failed": "failed", "warning": "warning", "branched": "branch",
}  # fmt: skip


def show(run) -> None:
    """A table of the events; checkpoints of the schedule are left out."""
    events = [e for e in run.events() if e.get("kind") not in ("sample", "checkpoint")]
    if not events:
        st.caption("Nothing happened yet.")
        return
    shown = events[::-1][:MOST]
    data = {
        "When": [text.ago(e["time"]) if _is_number(e.get("time")) else "" for e in shown],
        "Who": [str(e.get("who", ""))[:40] for e in shown],
        "Step": [e.get("step") for e in shown],
        "What": [described(e) for e in shown],
    }
    st.dataframe(
        data, hide_index=True, height="content" if len(shown) <= FEW else 260, key="trail",
        alt="What happened, the newest first",
        column_config={"What": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    if len(events) > MOST:
        st.caption(f"The newest {MOST} of {len(events):,}; all are in events.jsonl.")


def described(event: dict) -> str:
    """An event in words: what changed from what to what, or what was said."""
    kind = str(event.get("kind", ""))
    parts = [WORDS.get(kind, kind[:40])]
    changes = event.get("changes")
    if isinstance(changes, dict):
        told = [(name, value) for name, value in changes.items() if value is not None]
        parts += [_change(str(name), value) for name, value in told[:8]]
    for name in ("text", "error", "parent", "child", "run"):
        if event.get(name):
            parts.append(str(event[name])[:300])
    return ": ".join([parts[0], ", ".join(parts[1:])]) if len(parts) > 1 else parts[0]


def _change(name: str, value) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{name} {_short(value[0])} → {_short(value[1])}"
    return f"{name} {_short(value)}"


def _short(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))[:60] or "none"
    return text.setting(value)[:60] or "none"


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
