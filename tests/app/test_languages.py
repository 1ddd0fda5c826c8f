"""The language of a session: asked for, remembered or the browser's own; English where nothing is known."""

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from pages.ui.shared import language
from tests.app.conftest import SHELL


@pytest.fixture
def visit(store, monkeypatch):
    """Open Home in a browser of this locale and with these cookies; `lang` as in the address."""

    def visit_(locale="en-US", cookies=None, lang=None):
        monkeypatch.setattr(ContextProxy, "locale", property(lambda self: locale))
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: cookies or {}))
        at = AppTest.from_file(str(SHELL), default_timeout=300)
        if lang:
            at.query_params["lang"] = lang
        return at.run()

    return visit_


def foot(at):
    """The last line of a page, with the links to other languages."""
    return next(h.proto.body for h in at.get("html") if "gs-foot" in h.proto.body)


def scripts(at):
    return [h.proto.body for h in at.get("html") if "<script>" in h.proto.body]


def test_english_is_said_to_everybody_whose_language_is_not_there(visit):
    at = visit("fr-FR")
    assert not at.exception
    assert ">Words<" in foot(at) and ">한국어</a>" in foot(at) and "English" not in foot(at)
    assert scripts(at) == []  # nothing is sent for it


def test_the_language_of_the_browser(visit):
    at = visit("ko-KR")
    assert not at.exception
    assert ">용어<" in foot(at) and ">English</a>" in foot(at)
    assert 'lang = "ko"' in scripts(at)[0] and "cookie" not in scripts(at)[0]


def test_what_was_chosen_goes_before_the_browser_and_is_remembered(visit):
    at = visit("ko-KR", lang="en")
    assert ">Words<" in foot(at)
    assert "ganscope_language=en" in scripts(at)[0]
    assert "lang" not in at.query_params  # a link that is passed on says nothing of it
    assert ">Words<" in foot(at.run())
    assert ">Words<" in foot(visit("ko-KR", cookies={language.COOKIE: "en"}))
    assert ">용어<" in foot(visit("en-US", lang="ko"))


@pytest.mark.parametrize("asked", ["xx", "../ko", "ko_KR", "<b>"])
def test_a_language_that_is_not_there_is_not_taken(visit, asked):
    assert ">Words<" in foot(visit("en-US", lang=asked))
    assert ">Words<" in foot(visit("en-US", cookies={language.COOKIE: asked}))


def test_the_way_to_another_language_keeps_the_address(visit, open_page, make_run):
    run = make_run()
    at = open_page("train.py", run=run.id)
    assert f'href="?run={run.id}&amp;lang=ko"' in foot(at)


def test_sentences_of_the_engine_are_known_by_their_templates(monkeypatch):
    monkeypatch.setattr(language, "_of_session", lambda: language.Spoken("ko"))
    assert language.told("Healthy") == "건강함"
    told = language.told(
        "D is right on most images and G falls behind: its gradient is 12 times what it was."
    )
    assert "12배" in told
    assert language.told("4,500 images") == "이미지 4,500장"
    assert language.told("A sentence of another program.") == "A sentence of another program."
    assert language.tn("{n:,} run", "{n:,} runs", 1200) == "실행 1,200개"
    assert language.t("") == ""
