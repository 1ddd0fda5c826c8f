"""What was done with a run, when, and by whom: its event log, the newest first."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared import text
from pages.ui.shared.language import N_, t, told

MOST = 300  # events that are listed
FEW = 7  # events that are shown without scrolling
WORDS = {
    "started": N_("started"), "resumed": N_("resumed"), "paused": N_("paused"), "stopped": N_("stopped"),
    "finished": N_("finished"), "interrupted": N_("interrupted"), "checkpoint": N_("checkpoint"),
    "snapshot": N_("checkpoint and weights on demand"), "deleted": N_("moved to the bin"),
    "restored": N_("brought back from the bin"), "imported": N_("imported"), "renamed": N_("renamed"),
    "noted": N_("notes changed"), "knob": N_("knob turned"), "settings": N_("changed on resume"),
    "failed": N_("failed"), "warning": N_("warning"), "branched": N_("branch"),
}  # fmt: skip


def show(run) -> None:
    """A table of the events; checkpoints of the schedule are left out."""
    events = [e for e in run.events() if e.get("kind") not in ("sample", "checkpoint")]
    if not events:
        st.caption(t("Nothing happened yet."))
        return
    shown = events[::-1][:MOST]
    data = {
        t("When"): [text.ago(e["time"]) if _is_number(e.get("time")) else "" for e in shown],
        t("Who"): [str(e.get("who", ""))[:40] for e in shown],
        t("Step"): [e.get("step") for e in shown],
        t("What"): [described(e) for e in shown],
    }
    st.dataframe(
        data, hide_index=True, height="content" if len(shown) <= FEW else 260, key="trail",
        alt=t("What happened, the newest first"),
        column_config={t("What"): st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    if len(events) > MOST:
        st.caption(
            t(
                "The newest {MOST} of {events:,}; all are in events.jsonl.",
                MOST=MOST,
                events=len(events),
            )
        )


def described(event: dict) -> str:
    """An event in words: what changed from what to what, or what was said."""
    kind = str(event.get("kind", ""))
    parts = [t(WORDS.get(kind, kind[:40]))]
    changes = event.get("changes")
    if isinstance(changes, dict):
        given = [(name, value) for name, value in changes.items() if value is not None]
        parts += [_change(str(name), value) for name, value in given[:8]]
    for name in ("text", "error", "parent", "child", "run"):
        if event.get(name):
            parts.append(told(str(event[name]))[:300])
    return ": ".join([parts[0], ", ".join(parts[1:])]) if len(parts) > 1 else parts[0]


def _change(name: str, value) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{name} {_short(value[0])} → {_short(value[1])}"
    return f"{name} {_short(value)}"


def _short(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))[:60] or t("none")
    return text.setting(value)[:60] or t("none")


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
