"""Streamlit's own files are answered from memory, with the bytes and types that they have."""

from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from gan_core.web import bundle

FOLDER = Path(streamlit.__file__).parent


@pytest.fixture
def front(tmp_path):
    """A front end of three files: one named by its page, one loaded later, one too large."""
    (tmp_path / "static").mkdir()
    (tmp_path / "index.html").write_text('<script src="./static/now.js"></script>')
    (tmp_path / "static" / "now.js").write_bytes(b"now")
    (tmp_path / "static" / "later.css").write_bytes(b"later")
    (tmp_path / "static" / "large.js").write_bytes(b" " * (bundle.LARGEST + 1))
    return tmp_path


def client(folder):
    """Whatever the bundle does not answer says *behind*."""
    behind = [
        Route("/page", lambda _: HTMLResponse("behind")),
        Route("/media/a.html", lambda _: HTMLResponse("behind")),
        Route("/{path:path}", lambda _: PlainTextResponse("behind"), methods=["GET", "POST"]),
    ]
    packed = Middleware(GZipMiddleware, minimum_size=1)
    return TestClient(Starlette(routes=behind, middleware=[*bundle.middleware(folder), packed]))


def test_small_files_are_answered_for_keeps(front):
    answer = client(front).get("/static/later.css")
    assert answer.content == b"later"
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


def test_what_the_page_names_is_in_memory_from_the_start(front):
    asked = client(front)
    asked.get("/")
    (front / "static" / "now.js").unlink()
    assert asked.get("/static/now.js").content == b"now"


@pytest.mark.parametrize(
    "path", ["/", "/static/", "/static/large.js", "/static/no.js", "/static/%2e%2e/index.html"]
)
def test_all_else_passes_by(front, path):
    assert client(front).get(path).text == "behind"


def test_a_page_names_what_its_elements_will_need(front):
    (front / "static" / "Button.1a2b.js").write_bytes(b"button")
    answer = client(front).get("/page")
    assert answer.headers["link"] == "<./static/Button.1a2b.js>; rel=modulepreload"
    assert "link" not in client(front).get("/other").headers


PAGE = """<!DOCTYPE html><html><head><title>a</title></head><body>page</body></html>"""


def test_the_page_knows_where_its_server_is(front):
    """Whatever of the front end's own page Streamlit would send: whole, packed, under any path."""
    (front / "index.html").write_text(PAGE)
    asked = client(front).get("/page", headers={"accept-encoding": "gzip"})
    head, script, rest = asked.text.partition(bundle.BASE.decode())
    assert head + rest == PAGE
    assert head.endswith("<head>") and "new URL('.', location.href)" in script
    assert int(asked.headers["content-length"]) == len(asked.content)
    assert "content-encoding" not in asked.headers
    assert client(front).head("/page").text == ""


def test_the_page_brings_the_style_sheet_after_all_of_its_head(front):
    """The front end appends its own rules to the head; of two equal ones the later wins."""
    (front / "index.html").write_text(PAGE)
    (front / "own.css").write_text("p { margin: 0 }")
    page = bundle.Bundle(None, front, front / "own.css")._page.decode()
    assert page.endswith("page<style>p { margin: 0 }</style></body></html>")
    assert page.replace("<style>p { margin: 0 }</style>", "") == client(front).get("/page").text


def test_other_html_is_left_alone(front):
    (front / "index.html").write_text(PAGE)
    assert client(front).get("/media/a.html").text == "behind"
    (front / "index.html").write_text("<html></html>")  # of a form that nobody foresaw
    assert client(front).get("/page").text == "behind"


def test_only_reading_is_answered(front):
    assert client(front).post("/static/now.js").text == "behind"


def test_one_switch_leaves_the_front_end_as_it_is(front, monkeypatch):
    (front / "index.html").write_text(PAGE)
    assert client(front).get("/page").text != "behind"
    monkeypatch.setenv(bundle.PLAIN, "1")
    assert client(front).get("/page").text == "behind"
    assert client(front).get("/static/now.js").text == "behind"


def test_it_knows_where_the_installed_streamlit_names_its_files():
    found = bundle.Bundle(None, FOLDER / "static")
    assert len(found._data) > 30
    assert all(name in found._paths for name in found._data)
    assert found._links.count("modulepreload") == len(bundle.SOON)
    assert found._page.count(bundle.BASE) == 1
