"""Where the app stands: at the root of a host, or under a path that a proxy keeps or strips.

Between `Enter`, which comes first, and `Leave`, which comes last, every address begins at `/`, as it
does where there is no prefix: who looks at a path (guard, door, warm-up, bundle) looks at the one that
is answered. `Leave` puts the prefix back, for the server's routes are below it. So an address with the
prefix and one whose prefix a proxy has taken off are the same address, and no third way leads in.

Browsers are told relative addresses only; what the proxy's prefix is, they know.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route

ROOT = "ganscope.root_path"  # where a scope keeps what `Enter` has taken off


def base_of(path: str | None) -> str:
    """`server.baseUrlPath` as a prefix: "foo", "/foo" and "/foo/" are "/foo"; "" for none."""
    parts = [part for part in (path or "").split("/") if part]
    return "".join(f"/{part}" for part in parts)


def around(
    base: str, guard: Iterable[Middleware], others: Iterable[Middleware]
) -> list[Middleware]:
    """The middleware for `st.App`; all that are given see addresses without the prefix.

    Args:
        guard: what even a redirection must pass.
    """
    enter, direct, leave = (Middleware(kind, base=base) for kind in (Enter, Direct, Leave))
    return [enter, *guard, direct, *others, leave]


def under(base: str, routes: Iterable[Route]) -> list[Route]:
    """The same routes below a prefix."""
    return [Route(base + route.path, route.endpoint, methods=route.methods) for route in routes]


class Enter:
    """ASGI middleware that takes the prefix off."""

    def __init__(self, app, base: str = ""):
        self.app = app
        self._base = base

    async def __call__(self, scope, receive, send):
        root = scope.get("root_path", "")  # of a server that mounts the whole app somewhere
        if scope["type"] not in ("http", "websocket") or not (root or self._base):
            await self.app(scope, receive, send)
            return
        path = _without(_without(scope["path"], root), self._base)
        inside = {"path": path, "raw_path": quote(path).encode(), "root_path": "", ROOT: root}
        await self.app(scope | inside, receive, send)


class Direct:
    """ASGI middleware that leads to the address from which relative ones are right.

    The prefix itself is a folder, and a page is none.
    """

    def __init__(self, app, base: str = ""):
        self.app = app
        self._base = base

    async def __call__(self, scope, receive, send):
        elsewhere = self._elsewhere(scope) if scope["type"] == "http" else ""
        answer = RedirectResponse(elsewhere, 307) if elsewhere else self.app
        await answer(scope, receive, send)

    def _elsewhere(self, scope) -> str:
        """A place relative to the address that was asked for, so on no other host; "" to stay."""
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        path = scope["path"]
        if path == "":
            last = (scope.get(ROOT, "") + self._base).rsplit("/", 1)[-1]
            return f"./{quote(last)}/{query}" if last else ""
        page = path.strip("/")
        is_page = path == f"/{page}/" and page and "/" not in page
        return f"../{quote(page)}{query}" if is_page else ""


class Leave:
    """ASGI middleware that puts the prefix back, whether it was there or not."""

    def __init__(self, app, base: str = ""):
        self.app = app
        self._base = base

    async def __call__(self, scope, receive, send):
        root = scope.get(ROOT, "")
        if scope["type"] in ("http", "websocket") and (root or self._base):
            path = root + self._base + scope["path"]
            scope = scope | {"path": path, "raw_path": quote(path).encode(), "root_path": root}
        await self.app(scope, receive, send)


def _without(path: str, prefix: str) -> str:
    """The path below a prefix; "" is the prefix itself, and "/foo" is no prefix of "/food"."""
    below = path == prefix or path.startswith(prefix + "/")
    return path[len(prefix) :] if prefix and below else path
