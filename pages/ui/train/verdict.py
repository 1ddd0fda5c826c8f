"""The doctor's strip: verdict, sentence, numbers, and one remedy that is one click away."""

from __future__ import annotations

import re

import streamlit as st

from gan_core.errors import GanError
from gan_core.remedy import apply
from gan_core.storage import access
from gan_core.storage.assets import COMPONENTS
from pages.ui.shared import text
from pages.ui.shared.language import t, told
from pages.ui.shared.state import EXPLORE, TRAIN, get_lab, open_page

LIMIT = re.compile(r"(.+): (\S+) \((.+)\)\.")
EVERY = 10.0  # seconds between looks at a run that trains; charts and events tell a verdict at once
ICONS = {
    "knobs": ":material/check:",
    "branch": ":material/call_split:",
    "restart": ":material/restart_alt:",
    "stop": ":material/stop:",
    "show": ":material/grid_view:",
}


def show(run, snapshot) -> None:
    """The strip; it looks again by itself while the run trains."""
    st.html(COMPONENTS / "train/verdict.css")
    live = snapshot.active
    st.fragment(_strip, run_every=EVERY if live else None)(run, live, snapshot.owned)


def _strip(run, live: bool, owned: bool) -> None:
    try:
        report = get_lab().verdict(run.id)
    except GanError as error:
        st.caption(text.said(error))
        return
    name = report.verdict.name
    if name == "warming_up" and not live:
        return  # a run that ended this early has nothing to be said about
    quiet = name in ("warming_up", "unsure", "stalled")
    box = "verdict_alarm" if report.verdict.alarm else "verdict_quiet" if quiet else "verdict"
    with st.container(key=box, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_sentence(report, quiet))
        with st.container(key="verdict_acts", horizontal=True, width="content", gap="small"):
            _remedy(run, report, live, owned)
            _why(report, live, owned)
            _history(run)


def _sentence(report, quiet: bool) -> str:
    mark = "alarm" if report.verdict.alarm else "wait" if quiet else "well"
    facts = "".join(
        f"<span>{text.escaped(told(label))} <b>{text.escaped(told(value))}</b></span>"
        for label, value in (*report.numbers, *_since(report))
    )
    return (
        f'<div class="gs-verdict gs-mark-{mark}" role="status" aria-live="polite">'
        f'<b class="gs-word"><i></i>{text.escaped(told(report.word))}{mark_after(report)}</b>'
        f"<span>{text.escaped(told(report.sentence))}</span>"
        f'<span class="gs-facts" aria-live="off">{facts}</span></div>'
    )


def mark_after(report) -> str:
    """The colon between "Not sure yet" and what shows."""
    return ":" if report.verdict.name == "unsure" else ""


def _since(report) -> list[tuple[str, str]]:
    if report.verdict.name == "warming_up":
        return []
    rows = [(t("since step"), f"{report.verdict.since:,}")]
    if report.waiting is not None:
        rows.append((t("a knob was turned, given time until"), f"{report.waiting:,}"))
    return rows


def _remedy(run, report, live: bool, owned: bool) -> None:
    remedy = report.remedy
    if remedy is None or (live and not owned):
        return
    if remedy.kind != "show" and not access.may_change():
        return
    if st.button(
        told(remedy.label),
        key="remedy",
        type="primary",
        icon=ICONS[remedy.kind],
        help=_what(remedy),
    ):
        _apply(run.id, remedy)


def _what(remedy) -> str:
    return {
        "knobs": t("Turns these knobs before the next step; a checkpoint is written first"),
        "branch": t(
            "Ends this run and trains a child from that checkpoint, at which it was healthy; "
            "this run stays as it is"
        ),
        "restart": t("Ends this run and trains a new one with these settings"),
        "stop": t("Ends this run with a checkpoint; the best step is kept"),
        "show": t("Opens Explore, where the nearest real images stand beside each fake"),
    }[remedy.kind]


def _apply(run_id: str, remedy) -> None:
    if remedy.kind == "show":
        open_page(EXPLORE, run_id)
        return
    try:
        watched = apply(get_lab(), run_id, remedy, who="doctor")
    except GanError as error:
        st.error(text.said(error))
        return
    if watched != run_id:
        open_page(TRAIN, watched)


def _why(report, live: bool, owned: bool) -> None:
    with st.popover(
        t("Why"), key="verdict_why", icon=":material/info:", help=t("Cause and thresholds")
    ):
        st.markdown(f"**{text.plain(told(report.word))}**")
        st.markdown(text.plain(told(report.cause)))
        for line in report.limits:
            st.caption(text.plain(_limit(line)))
        if report.tried:
            st.caption(t("What the doctor knows was tried in this family of runs."))
        if report.remedy is not None and live and not owned:
            st.markdown(t("To try: {label}", label=text.plain(told(report.remedy.label))))
            if words := report.command:
                st.code(words, language=None, wrap_lines=True)


def _limit(line: str) -> str:
    """A threshold's line, `What it asks: 0.9 (source).`, in the session's language."""
    found = LIMIT.fullmatch(line)
    if not found:
        return told(line)
    asks, value, source = found.groups()
    small = asks[:1].lower() + asks[1:]
    said = next((told(each) for each in (asks, small, f"or: {small}") if told(each) != each), asks)
    return f"{said}: {value} ({told(source)})."


def _history(run) -> None:
    with st.popover(
        t("History"),
        key="verdict_history",
        icon=":material/history:",
        help=t("All verdicts so far"),
    ):
        found = get_lab().verdicts(run.id)
        if not found:
            st.caption(t("No verdict yet."))
        for event in reversed(found[-20:]):
            mark = ":red[:material/warning:] " if event["alarm"] else ""
            facts = ", ".join(
                f"{told(label)} {told(value)}" for label, value in event.get("numbers", [])
            )
            st.markdown(f"{mark}**{event['step']:,}** {text.plain(told(event['word']))}")
            st.caption(text.plain(f"{told(event['text'])} {facts}"))
