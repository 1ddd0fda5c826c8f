"""Texts in the language of whoever looks: English as they stand in the code, others from a catalogue.

`t` where a text is shown; `N_` where it only stands, at the top of a module say, which is read once for
everybody. How texts get into the catalogue: docs/languages.md.
"""

from __future__ import annotations

import functools
import gettext
import html
import json
import re
import weakref
from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gan_core.storage.assets import ASSETS

LANGUAGES = {"en": "English", "ko": "한국어"}  # each in its own words
PARAMETER, COOKIE = "lang", "ganscope_language"
GAP = re.compile(r"\{(\w+)\}")  # a placeholder of a sentence of the engine
NUMBER = r"[\d,.\u2212-]+"  # in a gap that is called n, n1 or n2
SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
MOST_HEADER = 4096  # characters of a header that are looked at
MOST_SENTENCES = 8  # that are looked at one by one
YEAR = 365 * 24 * 3600  # seconds that a browser remembers a choice


class Spoken:
    """The language of one session, other than English."""

    def __init__(self, code: str):
        self.code = code
        self.catalogue = _catalogue(code)


@functools.cache
def _templates(code: str) -> list[tuple[re.Pattern[str], str]]:
    """What the engine's sentences with numbers look like, the longest first, and their translations."""
    engine = gettext.translation("engine", ASSETS / "languages", [code], fallback=True)
    found = vars(engine).get("_catalog", {})
    with_gaps = sorted((text for text in found if GAP.search(text)), key=len, reverse=True)
    return [(_pattern(text), found[text]) for text in with_gaps]


def _pattern(template: str) -> re.Pattern[str]:
    """Each gap but the last ends where the text after it first comes (atomic groups).

    A sentence may hold what somebody else wrote; so its time grows with its length and no faster. Of gaps
    side by side the first takes all. Behind a full stop there may be nothing: a hint is not always given.
    """
    parts = GAP.split(template)  # text, name, text, name, ...
    segments = [""]  # gaps with the text after them
    before, taken = parts[0], False  # the text before a gap, and whether a gap has just taken all
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        is_number = name[:2].rstrip("12") == "n"
        rest = "" if taken and not before else ".*?" if before.endswith(".") else ".+?"
        gap = NUMBER if is_number else rest
        before, taken = text, not is_number
        segments[-1] += f"(?P<{name}>{gap}){re.escape(text)}"
        segments += [""] if text else []  # gaps without a text between them end together
    *inner, last = [segment for segment in segments if segment]
    return re.compile(re.escape(parts[0]) + "".join(f"(?>{s})" for s in inner) + last)


@functools.lru_cache(maxsize=2048)
def _told(code: str, sentence: str, deeper: int = 3) -> str:
    """A text of the engine, whole or by sentences, and so what stands in its gaps, at most so deep."""
    known = _catalogue(code).gettext(sentence) if sentence else ""
    if known != sentence or not sentence:
        return known
    for pattern, translated in _templates(code) if deeper else ():
        if match := pattern.fullmatch(sentence):
            values = {
                name: _told(code, value, deeper - 1) for name, value in match.groupdict().items()
            }
            return translated.format(**values)
    if sentence[0] == " " and sentence[1:2].strip():  # a hint, with the space before it
        return " " + _told(code, sentence[1:], deeper)
    parts = SENTENCES.split(sentence) if deeper else []
    if 1 < len(parts) <= MOST_SENTENCES:
        return " ".join(_told(code, part, deeper - 1) for part in parts)
    return sentence


# By session; a session's own state holds the one reference, so an entry ends with its session.
_spoken: weakref.WeakValueDictionary[str, Spoken] = weakref.WeakValueDictionary()


@functools.cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """What the pages say, then what the engine says."""
    pages, engine = (
        gettext.translation(domain, ASSETS / "languages", [code], fallback=True)
        for domain in ("ganscope", "engine")
    )
    pages.add_fallback(engine)
    return pages


def _of_session() -> Spoken | None:
    """The language of the session that this thread runs for; None for English and outside of pages."""
    if not _spoken:
        return None
    context = get_script_run_ctx(suppress_warning=True)
    return _spoken.get(context.session_id) if context else None


def N_(text: str) -> str:
    """The text as it is, marked for the catalogue; `t` translates it where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:
    """Both forms of a text with the number `n`, marked for the catalogue; for `tn`."""
    return one, many


def t(text: str, /, **values: object) -> str:
    """A text in the session's language, as it stands where the catalogue lacks it.

    Args:
        values: what its placeholders stand for, with formats as of `str.format`: `"{n:,} images"`.
    """
    spoken = _of_session()
    found = spoken.catalogue.gettext(text) if spoken and text else text
    return found.format(**values) if values else found


def tn(one: str, many: str, n: float, /, **values: object) -> str:
    """The form for a number: `one` for 1 and `many` for others in English; it is the placeholder `n`."""
    spoken = _of_session()
    if spoken:
        found = spoken.catalogue.ngettext(one, many, n if isinstance(n, int) else 2)
    else:
        found = one if n == 1 else many
    return found.format(n=n, **values)


def told(sentence: str) -> str:
    """A whole sentence of the engine, with its numbers in it, by the template that it was made from."""
    spoken = _of_session()
    return _told(spoken.code, sentence) if spoken and sentence else sentence


def code() -> str:
    """The language of the session: a key of LANGUAGES."""
    spoken = _of_session()
    return spoken.code if spoken else "en"


def begin() -> None:
    """Once at the start of every page run: the language that was asked for, else the one before.

    `?lang=ko` goes first and leaves the address; then what this browser chose before; then its own.
    """
    state = st.session_state
    asked = st.query_params.get(PARAMETER)
    if asked is None and "language" in state:
        return
    if asked is not None:
        del st.query_params[PARAMETER]
    state["language_chosen"] = asked in LANGUAGES
    _speak(asked if asked in LANGUAGES else _preferred())


def _preferred() -> str:
    """What the browser remembers, else its own language, else English."""
    remembered = st.context.cookies.get(COOKIE, "")
    own = (st.context.locale or "").split("-")[0].lower()
    return next((each for each in (remembered, own) if each in LANGUAGES), "en")


def asked_for(cookies: str, accepted: str) -> str:
    """The same of a request without a session, by its headers `Cookie` and `Accept-Language`."""
    remembered = re.findall(rf"(?:^|;\s*){COOKIE}=(\w+)", cookies[:MOST_HEADER])
    own = re.findall(r"(?:^|,)\s*(\w+)", accepted[:MOST_HEADER])
    asked = [each.lower() for each in (*remembered, *own)]
    return next((each for each in asked if each in LANGUAGES), "en")


def teller(code: str) -> Callable[[str], str]:
    """`told` in a language, outside of sessions."""
    return str if code == "en" else functools.partial(_told, code)


def _speak(language: str) -> None:
    st.session_state["language"] = None
    if (context := get_script_run_ctx(suppress_warning=True)) is None:
        return
    session = context.session_id
    _spoken.pop(session, None)
    if language != "en":
        st.session_state["language"] = _spoken[session] = Spoken(language)


def switch() -> str:
    """Links to this page in the other languages, each in its own words: HTML."""
    now, kept = code(), st.query_params.to_dict()
    links = [
        f'<a class="gs-language" lang="{other}" hreflang="{other}" target="_self" '
        f'href="?{html.escape(urlencode({**kept, PARAMETER: other}))}">{name}</a>'
        for other, name in LANGUAGES.items()
        if other != now
    ]
    return "".join(links)


def settle() -> None:
    """At the end of a page: tells the browser the page's language, and to remember a choice."""
    chosen = st.session_state.get("language_chosen", False)
    if not chosen and code() == "en":
        return
    script = f"document.documentElement.lang = {json.dumps(code())};"
    if chosen:
        cookie = f"{COOKIE}={code()}; path=/; max-age={YEAR}; samesite=lax"
        script += f"document.cookie = {json.dumps(cookie)};"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
