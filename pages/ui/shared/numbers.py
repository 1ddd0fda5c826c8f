"""Fields of numbers that say what is wrong with what was typed, and never use another number instead.

Streamlit's own bounds keep a number beyond them in the browser, and a field of integers makes 1.5 a 1;
either way the page goes on with a number that nobody typed. These fields are of floats without bounds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from pages.ui.shared.language import t


class Typed(NamedTuple):
    """What a field holds: an int where whole numbers are wanted; None where it is empty or of no use."""

    value: int | float | None
    problem: str  # what is wrong with it, "" if nothing


def field(
    place: Any, label: str, value: float | None, least: float, most: float, *,
    whole: bool = True, step: float = 1, **options: Any,
) -> Typed:  # fmt: skip
    """A field, and below it what is wrong.

    Args:
        place: a container or column of Streamlit.
        value: what it holds at first; with None it may be left empty.
        least, most: the smallest and the largest number of use.
        whole: whether only whole numbers are.
        step: how far the buttons + and - go.
        options: of `st.number_input`.
    """
    typed = place.number_input(
        label,
        value=None if value is None else float(value),
        step=float(step),
        format="%.12g",
        **options,
    )
    problem = problem_of(typed, least, most, whole=whole, optional=value is None)
    if problem:
        place.markdown(f":red[:material/warning: {problem}]")
    return _of(typed, problem, whole)


def problem_of(
    typed: float | None, least: float, most: float, *, whole: bool = True, optional: bool = False
) -> str:
    """What was received and what is allowed; "" if the number can be used."""
    if typed is None:
        return "" if optional else t("{allowed}.", allowed=_allowed(least, most, whole))
    if least <= typed <= most and not (whole and typed % 1):
        return ""
    return t(
        "{allowed}. Received: {typed:,.12g}.", allowed=_allowed(least, most, whole), typed=typed
    )


def _allowed(least: float, most: float, whole: bool) -> str:
    kind = t("A whole number") if whole else t("A number")
    if most == float("inf"):
        return t("{kind}, {least:,} or more", kind=kind, least=least)
    return t("{kind} from {least:,} to {most:,}", kind=kind, least=least, most=most)


def _of(typed: float | None, problem: str, whole: bool) -> Typed:
    if typed is None or problem:
        return Typed(None, problem)
    return Typed(int(typed) if whole else typed, "")


def usable(*typed: Typed) -> bool:
    """Whether none of the fields has a problem."""
    return not any(one.problem for one in typed)


def show_disabled(label: str, key: str) -> None:
    """The button of a form that cannot be used as it is."""
    st.button(
        label, key=key, type="primary", disabled=True, help=t("A number above cannot be used")
    )
