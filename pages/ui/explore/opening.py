"""Opening a generator from a file or an address, and the card of one that has no run."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore.foreign import importing, joined, roles
from gan_core.explore.foreign.plan import MAX_CLASSES
from gan_core.explore.library import Library
from gan_core.storage import access
from pages.ui.explore import ready_made
from pages.ui.shared import numbers, text
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import get_lab

PRIORS = {N_("Usual for the format"): None, "N(0, 1)": "normal", "U(−1, 1)": "uniform"}
HELP = N_(
    "The numbers that z was drawn from in training; the file does not say. Keras files: mostly "
    "N(0, 1). The TensorFlow.js page: U(−1, 1)."
)
FOUND = "open_found"  # what was read and waits for answers: (inputs of the form, title, ...)
TURN = "open_turn"  # how many were opened
NOISE, CLASS = N_("No, all are noise"), N_("Yes, this many:")


def library() -> Library:
    """Bundled and opened generators of this process's runs folder."""
    return Library(get_lab().store.root)


def opener() -> None:
    """A popover that opens files or an http(s) address; goes there when it worked."""
    turn = st.session_state.get(TURN, 0)  # another one is another popover: closed and empty
    icon = ":material/folder_open:"
    with st.popover(t("Open a file"), icon=icon, width="stretch", key=f"opener_{turn}"):
        st.markdown(t("**Ready made**"))
        ready_made.rows(library(), _show)
        st.markdown(
            t(
                "**A file or an address.** A generator from elsewhere: a `.keras` or `.h5` file, or a "
                "TensorFlow.js `model.json` together with its `.bin` files (or a zip of them). Stock "
                "layers only; code in it is never run."
            )
        )
        given = st.file_uploader(
            t("Files of one model"), type=list(importing.SUFFIXES), key=f"open_file_{turn}",
            accept_multiple_files=True,
        )  # fmt: skip
        given = _of_one_model(given)
        url = st.text_input(
            t("or address"), key=f"open_url_{turn}", placeholder="https://…/model.json",
            max_chars=2000,
        ).strip()  # fmt: skip
        prior = st.radio(
            t("z was drawn from"),
            PRIORS,
            key="open_prior",
            help=t(HELP),
            horizontal=True,
            format_func=t,
        )
        form = (url, *(file.file_id for file in given))
        waiting = st.session_state.get(FOUND)
        if waiting and waiting[0] == form:
            _, found, title, origin = waiting
            _ask(found, title, origin, PRIORS[prior])
        elif st.button(
            t("Check and open"), key="open_go", type="primary", disabled=not (given or url)
        ):  # fmt: skip
            _check(form, given, url, PRIORS[prior])


def _of_one_model(given: list) -> list:
    """Of all chosen files those of the model that was chosen last: files are added, not replaced."""
    whole = [file for file in given if file.name.lower().endswith(importing.WHOLE)]
    parts = [file for file in given if file not in whole]
    taken = given[-1:] if given and given[-1] in whole else parts
    if left := [file.name for file in given if file not in taken]:
        st.caption(t("One model at a time. Left out: {left}.", left=text.plain(", ".join(left))))
    return taken


def _check(form: tuple, given, url: str, prior: str | None) -> None:
    """Read it; open it at once, or keep it until its questions are answered."""
    st.session_state.pop(FOUND, None)
    try:
        with st.spinner(t("Checking layers and sizes, then reading the weights")):
            if given and not url:
                found = importing.from_files({file.name: file.getvalue() for file in given})
                title, origin = importing.title_of([file.name for file in given]), N_("a file")
            else:
                found = importing.from_url(url)
                title = url.rsplit("/", 2)[-2] if found.kind == "tfjs" else url
                origin = url
            if joined.may_hold_class(found.plan) or "came_as" in found.plan:
                st.session_state[FOUND] = (form, found, title, origin)
            else:
                _keep(found, title, origin, prior)
    except GanError as error:
        st.error(text.said(error))
        return
    _go()


def _ask(found: importing.Found, title: str, origin: str, prior: str | None) -> None:
    """What the file does not say: whether a class is joined to z; and how a row is shown."""
    plan, count = found.plan, 0
    if "came_as" in plan:
        st.caption(told(roles.came_as(plan)))
    answered = True
    if joined.may_hold_class(plan):
        count, answered = _ask_class(plan)
    if not st.button(t("Open"), key="open_answered", type="primary", disabled=not answered):
        return
    try:
        _keep(found._replace(plan=joined.split(plan, count)), title, origin, prior)
    except GanError as error:
        st.error(text.said(error))
        return
    _go()


def _ask_class(plan: dict) -> tuple[int, bool]:
    """(how many of the last numbers are a class, whether that was answered)."""
    length, guess = plan["z"], joined.guess(plan)
    st.markdown(
        t("**{length:,} numbers go in.** Are the last of them a class (one-hot)?", length=length)
    )
    if guess:
        st.caption(
            t(
                "{length:,} is an unusual length of z: {rest:,} + {guess:,}? Noise in "
                "place of a class gives images that the network never learned to make.",
                length=length,
                rest=length - guess,
                guess=guess,
            )
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        said = st.radio(
            t("Are the last numbers a class?"), (NOISE, CLASS), index=None if guess else 0, format_func=t,
            key="open_class", horizontal=True, label_visibility="collapsed",
        )  # fmt: skip
        if said != CLASS:
            return 0, said is not None
        most = min(length - 1, MAX_CLASSES)
        count = numbers.field(
            *(st, t("How many of them"), min(guess or joined.COMMON, most), 2, most),
            key="open_classes",
            width=150,
            label_visibility="collapsed",
        )
    return int(count.value or 0), numbers.usable(count)


def _keep(found: importing.Found, title: str, origin: str, prior: str | None) -> None:
    name = library().add(
        found.plan, found.arrays, title=title, origin=origin,
        prior=prior or importing.USUAL_PRIOR[found.kind],
    )  # fmt: skip
    _taken(name)


def _taken(name: str) -> None:
    """It is what the page shows next; the popover is another one, closed and empty."""
    # At once, because any further call of Streamlit may end this page run.
    st.session_state["explore_run"] = name
    st.session_state.pop(FOUND, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _show(name: str) -> None:
    """Go to a ready one."""
    _taken(name)
    _go()


def _go() -> None:
    """Show what was opened, or what is left to ask."""
    if FOUND in st.session_state:
        st.rerun()
    name = st.session_state["explore_run"]
    st.query_params.clear()
    st.query_params["run"] = name
    st.rerun()


def card(name: str) -> None:
    """What a generator without a run is, in one line; how to make it again behind a button."""
    try:
        found = library().card(name)
    except GanError:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="card"):
        st.caption(_sentence(found), width="stretch")
        if name.startswith("opened-"):
            if access.may_change():
                st.button(t("Forget it"), key="forget", on_click=_forget, args=(name,))
        elif "command" in found:
            with st.popover(t("Card")):
                _details(found)


def _sentence(found: dict) -> str:
    if "recipe" not in found:
        drawn = "N(0, 1)" if found["prior"] == "normal" else "U(−1, 1)"
        plan = found["plan"]
        after = ""
        if plan.get("joined"):
            after += t(
                " The last {joined} numbers of its input are the class.", joined=plan["joined"]
            )
        if plan.get("came_as"):
            after += f" {told(roles.came_as(plan))}"
        origin = text.plain(t(found["origin"]))
        return t(
            "Opened from {origin}; z drawn from {prior}.{after}",
            origin=origin,
            prior=drawn,
            after=after,
        )
    return t(
        "`{recipe}` on `{data}`, {steps}, seed {seed}. Weights {licence}, data {data_licence}.",
        recipe=found["recipe"],
        data=found["dataset"],
        steps=text.counted(found["step"], "step"),
        seed=found["seed"],
        licence=found["licence"].split()[0],
        data_licence=found["data_licence"],
    )


def _details(found: dict) -> None:
    """Where a bundled generator is from, what was measured, how to make it again."""
    st.markdown(f"{t(found['data'])}. {t(found['data_origin'])}.")
    rows = [f"| {name} | {text.measured(value)} |" for name, value in found["quality"].items()]
    real = (
        t("Real images give {value}. ", value=text.measured(found["real_images"], 1))
        if found.get("real_images")
        else ""
    )
    st.markdown("\n".join([t("| measure | value |"), "|---|---|", *rows]))
    st.caption(
        t(
            "{real}Judge `{judge}`, {count:,} fakes. Train it again with:",
            real=real,
            judge=found["judge"],
            count=found["count"],
        )
    )
    st.code(found["command"], language="sh", wrap_lines=True)


def _forget(name: str) -> None:
    library().remove(name)
    st.query_params.clear()
    st.session_state.pop("explore_run", None)
