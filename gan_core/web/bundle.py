"""Streamlit's own scripts and styles from memory: the first page asks for sixty of them.

Streamlit reads each in 64 kB pieces, every piece in a thread of its own: 6 ms of processor time a
file. Their names hold a checksum, so what was read once stays right, here and in the browser.

Parts that Streamlit loads only when an element of their kind arrives, a button say, are named in
the page's headers, so that the browser has them by then.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response

from gan_core.web.answers import FOREVER

LARGEST = 1_000_000  # bytes; plotting and maps of Streamlit's own are larger, and no page of ours
ADDRESS = "/static/"
SOON = ("Button", "Html", "ImageList", "purify.es", "withFullScreenWrapper")  # what Home shows
NAMED = re.compile(r'(?:src|href)="\./static/([^"]+)"')  # in index.html: what every page loads


def middleware(folder: Path) -> list[Middleware]:
    """The middleware for `st.App`; `folder` is where the front end's `index.html` is."""
    return [Middleware(Bundle, folder=folder)]


class Bundle:
    """ASGI middleware that answers for small files under `/static/`, all else passes by."""

    def __init__(self, app, folder: Path):
        self.app = app
        self._paths = {
            path.relative_to(folder / "static").as_posix(): path
            for path in sorted((folder / "static").rglob("*"))
            if path.is_file() and path.stat().st_size <= LARGEST
        }
        soon = [n for n in self._paths if n.endswith(".js") and _part(n) in SOON]
        self._links = ", ".join(f"<.{ADDRESS}{name}>; rel=modulepreload" for name in soon)
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
            await self.app(scope, receive, self._linking(send))

    def _linking(self, send):
        async def wrapped(message):
            if message["type"] == "http.response.start" and self._links:
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Link", self._links)
            await send(message)

        return wrapped

    def _answer(self, name: str) -> Response:
        if name not in self._data:
            self._data[name] = self._paths[name].read_bytes()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(self._data[name], media_type=kind, headers=FOREVER)


def _part(name: str) -> str:
    """`js/purify.es.BXhPiKO5.js` is the part `purify.es`."""
    return Path(name).name.rsplit(".", 2)[0]
