"""The panel of the chosen run: what it is, where it came from, and everything one can do with it."""

from __future__ import annotations

import streamlit as st

from gan_core.config import LIMITS
from gan_core.errors import GanError
from gan_core.runs.quality import OF_PAIRS
from gan_core.runs.saved import retention
from gan_core.runs.saved.weights import list_weights
from gan_core.storage import access
from pages.ui.runs import archive, bulk, sweeps, take_away
from pages.ui.runs import keep as runs_keep
from pages.ui.runs import trail as runs_trail
from pages.ui.shared import branch, parts, rows, start, text, verdicts
from pages.ui.shared.language import t
from pages.ui.shared.state import COMPARE, TRAIN, attempt, get_lab, open_page


def panel(chosen, member, shapes: dict, everything=()) -> None:
    """Everything about one run.

    Args:
        member: its place in its family (gan_core.runs.family.Member).
        everything: all runs; those of its sweep say what it was made to try.
    """
    with st.container(border=True, height="stretch", key="detail"):
        try:
            run = get_lab().store.get(chosen.id)
            notes = run.notes()
            _head(chosen, shapes)
            checkpoints = retention.kept(run)
            swept = [run for run in everything[::-1] if chosen.sweep and run.sweep == chosen.sweep]
            kept = _kept(run, checkpoints, notes.keep_every)
            st.html(_facts(chosen, member, kept, notes, swept))
        except GanError as error:
            st.error(text.said(error))
            return
        _warn_of_notes(run)
        if notice := retention.budget_notice(_size(chosen), notes.budget_bytes):
            st.warning(text.said(notice))
        _open_buttons(chosen)
        _commands(chosen)
        about, keep, trail, out = st.tabs(
            [t("Notes"), t("Checkpoints"), t("History"), t("Take away")]
        )
        with about:
            _edit(chosen, notes)
        with keep:
            runs_keep.show(chosen.id, checkpoints, notes)
        with trail:
            runs_trail.show(run)
        with out:
            archive.download(chosen.id)
            take_away.show(chosen)


def _warn_of_notes(run) -> None:
    """Damaged notes are said, and saved again with one press."""
    if problem := run.notes_problem():
        st.warning(text.said(problem))
        if not access.may_change():
            return
        st.button(
            t("Save these notes"), key="sm_save_notes", on_click=attempt,
            args=(run.update_notes, "page"), help=t("The damaged file is kept beside them"),
        )  # fmt: skip


def _size(chosen) -> int:
    return get_lab().store.size_of(chosen) or 0


def _head(chosen, shapes: dict) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(text.plain(chosen.name or chosen.id), width="stretch", anchor=False)
        sick = verdicts.sick(chosen)
        st.markdown(text.state_mark(chosen.state, sick=sick), width="content")
    png = rows.picture(chosen.id, shapes, columns=5)
    if png is not None:
        st.image(png, width=2 * rows.png_size(png)[0], output_format="PNG", alt=t("newest samples"))
    if chosen.error:
        st.error(text.said(chosen.error))


def _facts(chosen, member, kept, notes, swept) -> str:
    pairs = {t("Run"): chosen.id, t("Made"): text.ago(chosen.created_at)}
    if chosen.parent:
        link = chosen.parent
        pairs[t("Branched from")] = t(
            "{run} at step {step}",
            run=text.short_id(str(link.get("run"))),
            step=text.setting(link.get("step")),
        )
        pairs[t("Changed")] = changed(member.changes) if member else ""
    if told := verdicts.last(chosen):
        pairs[t("Doctor")] = t(told.word)
    best = get_lab().store.best(chosen.id)
    if best:
        pairs |= _best(best)
    if len(swept) > 1:
        pairs[t("Sweep")] = f"{text.counted(len(swept), 'run')}: {sweeps.varied(swept)}"
    pairs[t("Trained")] = t(
        "{time}, {n:,.0f} images", time=text.clock(chosen.wall_time), n=chosen.images_seen
    )
    pairs[t("Checkpoints")] = kept
    pairs[t("Size")] = t(
        "{size} of {budget_bytes} allowed",
        size=text.size(_size(chosen)),
        budget_bytes=text.size(notes.budget_bytes),
    )
    rows_ = "".join(
        f"<dt>{text.escaped(name)}</dt><dd>{text.escaped(value)}</dd>"
        for name, value in pairs.items()
        if value
    )
    return f'<dl class="gs-pairs">{rows_}</dl>'


def _best(best) -> dict[str, str]:
    """The best measurement, by the value that decides it."""
    value = rows.frechet(best.value)
    if best.decider == OF_PAIRS:
        told = t(
            "{rank:.3f} at step {step:,}, {count:,} held-out pairs",
            rank=best.rank,
            step=best.step,
            count=best.count,
        )
        return {t("Best L1"): told, t("Fréchet there"): value}
    named = t("Fréchet, like noise") if best.ruined else t("Best Fréchet")
    return {
        named: t(
            "{value} at step {step:,}, {count:,} fakes",
            value=value,
            step=best.step,
            count=best.count,
        )
    }


def changed(changes: dict) -> str:
    """'d_lr 0.001 → 0.0005' for each change of a branch; limits are no changes of the recipe."""
    return ", ".join(
        f"{name} {_short(old)} → {_short(new)}"
        for name, (old, new) in changes.items()
        if name not in LIMITS
    )


def _short(value: object) -> str:
    return text.setting(value)[:40]


def _kept(run, checkpoints, every: int) -> str:
    """How many checkpoints there are and why, and how many more steps can be explored: '4: …; 17 more …'."""
    found = [f"{len(checkpoints)}: {_reasons(checkpoints, every)}"] if checkpoints else []
    more = len(set(list_weights(run.path)) - {c.step for c in checkpoints})
    if more and parts.trying(run.config.get("recipe", "")):
        found.append(t("{n} more with weights alone, to look at", n=more))
    return "; ".join(found)


def _reasons(checkpoints, every: int) -> str:
    """'the newest 3, the best, 7 by every 1,000 steps, some both': why they stay, with how many.

    Of one alone its reasons: 'the newest, by every 1,000 steps'.
    """
    count = {name: sum(name in c.reasons for c in checkpoints) for name in runs_keep.REASONS}
    alone, steps = len(checkpoints) == 1, text.counted(every, "step")
    words = {
        "newest": t("the newest {newest}", newest=count["newest"])
        if count["newest"] > 1
        else t("the newest"),
        "best": t("the best"),
        "every": t("by every {steps}", steps=steps)
        if alone
        else t("{count} by every {steps}", count=count["every"], steps=steps),
        "pinned": t("pinned") if alone else t("{count} pinned", count=count["pinned"]),
    }
    return ", ".join([words[name] for name in words if count[name]] + _both(checkpoints))


def _both(checkpoints) -> list[str]:
    """That the numbers add up to more than there are, because some have more than one reason."""
    found = sum(len(c.reasons) > 1 for c in checkpoints)
    if not found or len(checkpoints) == 1:
        return []
    return [t("one both") if found == 1 else t("some both")]


def _open_buttons(chosen) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(
            t("Open in Train"), key="sm_open", type="primary", help=t("Curves and controls")
        ):
            open_page(TRAIN, chosen.id)
        place = parts.trying(chosen.recipe)
        if place and st.button(t(place.label), key="sm_explore", help=t(rows.TRY)):
            open_page(place.page, chosen.id)
        if st.button(
            t("Compare"), key="sm_compare", help=t("Beside its parent, or the run before it")
        ):
            st.switch_page(COMPARE, query_params={"runs": f"{chosen.id},{_companion(chosen)}"})
        if access.may_change() and st.button(t("Branch"), key="sm_branch", icon=":material/call_split:",
                     help=t("A child run from one of its checkpoints, with other settings")):  # fmt: skip
            branch.open_form(chosen.id)


def _commands(chosen) -> None:
    if not access.may_change():
        return
    with st.container(
        horizontal=True, vertical_alignment="center", key="detail_commands", gap="small"
    ):
        if st.button(
            t("Clone settings"), key="sm_clone", help=t("A new run with the same settings")
        ):
            start.clone(chosen.id)
        st.button(
            t("Unpin") if chosen.pinned else t("Pin"), key="sm_pin", on_click=attempt,
            args=(bulk.update, chosen.id, {"pinned": not chosen.pinned}),
            help=t("Pinned runs come first in the table"),
        )  # fmt: skip
        st.button(
            t("Bring back") if chosen.archived else t("Archive"), key="sm_archive", on_click=attempt,
            args=(bulk.update, chosen.id, {"archived": not chosen.archived}),
            help=t("Archived runs are kept, but out of the way"),
        )  # fmt: skip
        st.button(t("Delete"), key="sm_delete", on_click=bulk.delete, args=([chosen.id],),
                  disabled=chosen.state in text.ACTIVE,
                  help=t("Move to the bin, from where it can be brought back"))  # fmt: skip


def _companion(chosen) -> str:
    """The run that this one is most likely to be compared with; empty if there is no other."""
    ids = get_lab().store.ids()
    parent = (chosen.parent or {}).get("run")
    if parent is not None and parent in ids:
        return parent
    older = [i for i in ids if i < chosen.id]
    return next(iter(older), next((i for i in ids if i != chosen.id), ""))


def _edit(chosen, notes) -> None:
    """Name, note and tags; saved together. Viewers read them."""
    if not access.may_change():
        st.markdown(text.plain(notes.note) or t(":gray[No note.]"))
        st.caption(text.plain(", ".join(notes.tags)))
        return
    with st.form(f"notes_{chosen.id}", border=False):
        name = st.text_input(
            t("Name"), notes.name, key=f"name_{chosen.id}", max_chars=80, placeholder=chosen.id,
            help=t("Shown instead of the id"),
        )  # fmt: skip
        tags = st.text_input(
            t("Tags"), ", ".join(notes.tags), key=f"tags_{chosen.id}", max_chars=200,
            placeholder=t("separated by commas"), help=t("Words to find this run by"),
        )  # fmt: skip
        note = st.text_area(
            t("Note"), notes.note, key=f"note_{chosen.id}", max_chars=2000, height=80,
            placeholder=t("What was tried, what was seen"), help=t("For yourself"),
        )  # fmt: skip
        if st.form_submit_button(t("Save"), key=f"sm_save_{chosen.id}", help=t("Keep all three")):
            words = tuple(dict.fromkeys(tag.strip() for tag in tags.split(",") if tag.strip()))
            fields = {"name": name.strip(), "note": note.strip(), "tags": words}
            attempt(bulk.update, chosen.id, fields)
            st.rerun()
