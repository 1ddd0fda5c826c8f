"""Streamlit's own scripts and styles from memory: the first page asks for sixty of them.

Streamlit reads each in 64 kB pieces, every piece in a thread of its own: 6 ms of processor time a
file. Their names hold a checksum, so what was read once stays right, here and in the browser.

Parts that Streamlit loads only when an element of their kind arrives, a button say, are named in
the page's headers, so that the browser has them by then.

The page itself is told where its server is. Else the front end tries the page's own path first:
on `/train` that is two answers 404 and a round trip before anything is drawn. And it brings the
app's own style sheet: sent by the first page run it comes after the first elements, which then jump.
"""

from __future__ import annotations

import mimetypes
import os
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response

from gan_core.web.answers import FOREVER, ROOTS

PLAIN = "GAN_PLAIN_PAGE"  # set: Streamlit serves its own page, should a new version of it disagree
LARGEST = 1_000_000  # bytes; plotting and maps of Streamlit's own are larger, and no page of ours
ADDRESS = "/static/"
SOON = ("Button", "Html", "ImageList", "purify.es", "withFullScreenWrapper")  # what Home shows
# Scripts are named relative to the page, so their folder is the server's, also behind a prefix.
BASE = b"<script>window.__streamlit = {BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
# Never the page, though it may be HTML; polls pass here often.
OTHER = (*ROOTS, "/component/", "/media/", "/app/static/", "/_stcore/")
NAMED = re.compile(r'(?:src|href)="\./static/([^"]+)"')  # in index.html: what every page loads


def middleware(folder: Path, style: Path | None = None) -> list[Middleware]:
    """The middleware for `st.App`; none where the variable PLAIN is set.

    Args:
        folder: where the front end's `index.html` is.
        style: a style sheet that the page brings with it.
    """
    return [] if os.environ.get(PLAIN) else [Middleware(Bundle, folder=folder, style=style)]


class Bundle:
    """ASGI middleware that answers for small files under `/static/`, all else passes by."""

    def __init__(self, app, folder: Path, style: Path | None = None):
        self.app = app
        self._paths = {
            path.relative_to(folder / "static").as_posix(): path
            for path in sorted((folder / "static").rglob("*"))
            if path.is_file() and path.stat().st_size <= LARGEST
        }
        soon = [n for n in self._paths if n.endswith(".js") and _part(n) in SOON]
        self._links = ", ".join(f"<.{ADDRESS}{name}>; rel=modulepreload" for name in soon)
        self._page = _page(folder, style.read_bytes() if style else b"")
        self._data = {n: self._paths[n].read_bytes() for n in (*self._first(folder), *soon)}

    def _first(self, folder: Path) -> list[str]:
        page = folder / "index.html"
        named = NAMED.findall(page.read_text("utf-8")) if page.is_file() else []
        return [name for name in named if name in self._paths]

    async def __call__(self, scope, receive, send):
        name = scope.get("path", "").removeprefix(ADDRESS)
        if scope["type"] == "http" and scope["method"] == "GET" and name in self._paths:
            await self._answer(name)(scope, receive, send)
        else:
            ours = scope["type"] == "http" and not scope["path"].startswith(OTHER)
            await self.app(scope, receive, self._linking(scope, send) if ours else send)

    def _linking(self, scope, send):
        """Send, with the page in place of Streamlit's own, and its Link header."""
        replaced = False

        async def wrapped(message):
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    if self._links:
                        headers.append("Link", self._links)
                    replaced = message["status"] == 200 and scope["method"] == "GET"
                    if replaced and self._page:
                        _describe(headers, self._page)
            elif replaced and self._page:
                last = not message.get("more_body", False)
                message = message | {"body": self._page if last else b""}
            await send(message)

        return wrapped

    def _answer(self, name: str) -> Response:
        if name not in self._data:
            self._data[name] = self._paths[name].read_bytes()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(self._data[name], media_type=kind, headers=FOREVER)


def _page(folder: Path, style: bytes) -> bytes:
    """index.html with the address of its server and the style; b"" where it has another form."""
    page = folder / "index.html"
    head, found, rest = (page.read_bytes() if page.is_file() else b"").partition(b"<head>")
    if not found:
        return b""
    body, end, after = rest.rpartition(b"</body>")  # after all that is put into the head
    styled = body + b"<style>" + style + b"</style>" + end + after if style and end else rest
    return head + found + BASE + styled


def _describe(headers: MutableHeaders, page: bytes) -> None:
    """Headers of the page: neither packed nor known to the browser by the original's marks."""
    for name in ("content-encoding", "etag", "last-modified", "accept-ranges"):
        del headers[name]
    headers["content-length"] = str(len(page))


def _part(name: str) -> str:
    """`js/purify.es.BXhPiKO5.js` is the part `purify.es`."""
    return Path(name).name.rsplit(".", 2)[0]
