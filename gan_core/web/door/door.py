"""The one middleware that asks who comes: pages, routes, files and websockets alike.

It stands behind the guard, which has refused foreign hosts and origins, and before all else. Who has no
key sees a form in the place of a page, whose address stays as it was; 401 in words everywhere else; and
no websocket. Who has one goes on in a role, which the app is told in a header of ours: what others
send in its place is taken off.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs, quote

import anyio
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response

from gan_core.storage import access, passwords
from gan_core.web.door import form
from gan_core.web.door.people import SECRET_HEADER
from gan_core.web.door.settings import Settings, is_local
from gan_core.web.door.tickets import HOURS, Ticket, Tickets
from gan_core.web.door.tries import Tries

ROLE_HEADER = "x-ganscope-role"
WAY_HEADER = "x-ganscope-way"  # how they came in: "ticket", "proxy" or "account"
OPEN = ("/_stcore/health",)  # for who watches over the server; it says "ok"
OF_OIDC = ("/auth/login", "/auth/logout", "/oauth2callback")
LEAVE = "/logout"
UPLOAD = "/_stcore/upload_file"  # whatever is sent there lies in memory
NO_PAGES = ("/api", "/assets", LEAVE)
MOST_BODY = 4096  # bytes of a form
LOG_IN = "Log in first."
POLICY_VIOLATION = 1008


class Known(NamedTuple):
    """Who a request is from: the role, the way, the ticket if that was it, and the name if not."""

    role: str = ""
    way: str = ""
    ticket: Ticket | None = None
    name: str = ""


def middleware(
    settings: Settings | None, speech: Callable[[Headers], form.Speech] = lambda _: form.ENGLISH
) -> list[Middleware]:
    """The middleware for `st.App`; without a door only this machine comes in.

    Args:
        speech: headers of a request -> the language that its form is in.
    """
    if not settings:
        return [Middleware(OnlyHere)]
    return [Middleware(Door, settings=settings, speech=speech)]


class OnlyHere:
    """ASGI middleware that refuses what did not come by loopback, however the server was started."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        server = scope.get("server") or ("localhost",)
        if scope["type"] not in ("http", "websocket") or is_local(server[0]):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            words = "This server is for its own machine only. Set `GAN_PASSWORD`: docs/serving.md."
            await JSONResponse({"error": words}, 403)(scope, receive, send)


class Door:
    """ASGI middleware that lets people in by `settings`."""

    def __init__(self, app, settings: Settings, speech: Callable[[Headers], form.Speech]):
        self.app = app
        self._settings, self._speech = settings, speech
        self._tickets, self._tries = Tickets(settings.key), Tries()
        self._sockets: defaultdict[str, set[_Socket]] = defaultdict(set)  # by number of ticket
        self._one: anyio.CapacityLimiter | None = (
            None  # a limiter belongs to the loop it is made in
        )

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        known = self._known(Headers(scope=scope))
        scope = self._announced(scope, known)
        with access.acting(known.role or access.VIEWER):
            if scope["type"] == "websocket":
                await self._socket(known, scope, receive, send)
            else:
                await self._http(known, scope, receive, send)

    # ---- who it is ----

    def _known(self, headers: Headers) -> Known:
        cookies = headers.getlist("cookie")
        if ticket := self._tickets.read(_values(cookies, self._tickets.name)):
            return Known(ticket.role, "ticket", ticket)
        people, proxy, oidc = self._settings.people, self._settings.proxy, self._settings.oidc
        if proxy and (name := proxy.name(headers)):
            return Known(people.role_of(name), "proxy", name=name)
        if oidc and (name := oidc.name(cookie_parser("; ".join(cookies)))):
            return Known(people.role_of(name), "account", name=name)
        return Known()

    def _announced(self, scope, known: Known):
        """The scope with our headers, and without what others have put in their place."""
        ours = {ROLE_HEADER, WAY_HEADER, SECRET_HEADER}
        ours |= set(self._settings.proxy.headers) if self._settings.proxy else set()
        kept = [(n, v) for n, v in scope["headers"] if _plain(n) not in ours]
        if known.role:
            kept += [
                (ROLE_HEADER.encode(), known.role.encode()),
                (WAY_HEADER.encode(), known.way.encode()),
            ]
        return scope | {"headers": kept}

    # ---- sockets ----

    async def _socket(self, known: Known, scope, receive, send) -> None:
        if not known.role:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": LOG_IN})
            return
        socket = _Socket(send)
        with self._until_leaving(known.ticket, socket):
            await self.app(scope, receive, socket.send)

    @contextlib.contextmanager
    def _until_leaving(self, ticket: Ticket | None, socket: _Socket):
        """The socket is closed when its ticket ends or is given back."""
        if ticket is None:
            yield
            return
        loop = asyncio.get_running_loop()
        ending = loop.call_later(max(0.0, ticket.ends - time.time()), socket.close_soon)
        self._sockets[ticket.number].add(socket)
        try:
            yield
        finally:
            ending.cancel()
            self._sockets[ticket.number].discard(socket)
            if not self._sockets[ticket.number]:
                del self._sockets[ticket.number]

    # ---- pages and routes ----

    async def _http(self, known: Known, scope, receive, send) -> None:
        path, answer = scope["path"], self.app
        if path == LEAVE:
            answer = self._leave(known, scope)
        elif not known.role and not self._is_open(path):
            answer = await self._stop(known, scope, receive)
        elif known.role == access.VIEWER and path.startswith(UPLOAD):
            answer = JSONResponse({"error": "Viewers send no files."}, 403)
        await answer(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return path in OPEN or (self._settings.oidc is not None and path in OF_OIDC)

    async def _stop(self, known: Known, scope, receive) -> Response:
        """The answer to somebody without a role: the form, what came of it, or words."""
        if not is_page(scope["path"]):
            return JSONResponse({"error": LOG_IN}, 401, headers=form.HEADERS)
        if scope["method"] == "POST" and self._settings.verifiers:
            return await self._try(scope, receive)
        if known.name:
            said = f"{known.name} may not come in here."
            return form.page(403, password=False, said=said, speech=self._speech_of(scope))
        return self._form(scope, 401)

    def _speech_of(self, scope) -> form.Speech:
        return self._speech(Headers(scope=scope))

    def _form(self, scope, status: int, problem: str = "", wait: float = 0.0) -> Response:
        by_password, oidc = bool(self._settings.verifiers), self._settings.oidc
        said = "Log in to see the runs of this server."
        if not by_password and not oidc:
            said = (
                "People come in here through a proxy that logs them in. It did not say who you are."
            )
        return form.page(
            status,
            password=by_password,
            said=said,
            problem=problem,
            links=oidc.links() if oidc else {},
            headers={"Retry-After": str(int(wait) + 1)} if wait else None,
            speech=self._speech_of(scope),
        )

    async def _try(self, scope, receive) -> Response:
        """A password was sent: the page it stands before, or the form again."""
        password = await _password(receive)
        if password is None:
            return self._form(scope, 400, "This is no password.")
        address = (scope.get("client") or ("",))[0]
        if wait := self._tries.begin(address):
            minutes = int(wait / 60) + 1
            said = f"Too many wrong passwords. Try again in {minutes} min."
            return self._form(scope, 429, said, wait)
        if self._one is None:
            self._one = anyio.CapacityLimiter(1)
        role = await anyio.to_thread.run_sync(
            passwords.role_of, password, self._settings.verifiers, limiter=self._one
        )
        if not role:
            return self._form(scope, 401, "This is not the password.")
        self._tries.right(address)
        answer = RedirectResponse(_same(scope), 303, headers=form.HEADERS)
        answer.headers.append(
            "Set-Cookie", self._cookie(scope, self._tickets.make(role), HOURS * 3600)
        )
        return answer

    def _leave(self, known: Known, scope) -> Response:
        """Log-out: the ticket is good for nothing, its sockets close, the cookie goes."""
        place = "./auth/logout" if known.way == "account" else "./"
        answer = RedirectResponse(place, 303, headers=form.HEADERS)
        if known.ticket:
            self._tickets.leave(known.ticket)
            for socket in list(self._sockets.get(known.ticket.number, ())):
                socket.close_soon()
        answer.headers.append("Set-Cookie", self._cookie(scope, "", 0))
        return answer

    def _cookie(self, scope, value: str, seconds: int) -> str:
        """Without a path it is sent to the folder that the browser sees the page in: the prefix.

        A page that another site frames is sent cookies only if they say so, and only over https.
        """
        secure = scope["scheme"] == "https" or _from_https(Headers(scope=scope))
        parts = [f"{self._tickets.name}={value}", f"Max-Age={seconds}", "HttpOnly"]
        if secure and self._settings.framed:
            parts += ["SameSite=None", "Secure", "Partitioned"]
        else:
            parts += ["SameSite=Lax", *(["Secure"] if secure else [])]
        return "; ".join(parts)


class _Socket:
    """What the app sends to a websocket; nothing after it was closed here."""

    def __init__(self, send):
        self._send, self._closed = send, False
        self._closing: asyncio.Task | None = None

    async def send(self, message) -> None:
        if not self._closed:
            self._closed = message["type"] == "websocket.close"
            await self._send(message)

    def close_soon(self) -> None:
        if not self._closed:
            message = {"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "Logged out."}
            self._closing = asyncio.ensure_future(self.send(message))


def is_page(path: str) -> bool:
    """Whether people see a page at this address: one name, which is no file and no part of the server."""
    name = path.removeprefix("/")
    return "/" not in name and "." not in name and name[:1] != "_" and path not in NO_PAGES


def _plain(name: bytes) -> str:
    """A header's name as servers that take `_` for `-` would read it."""
    return name.decode("latin-1").lower().replace("_", "-")


def _values(cookies: list[str], name: str) -> list[str]:
    """All values of a cookie: other paths of the host may have set more of that name."""
    parts = [part.strip() for line in cookies for part in line.split(";")]
    return [part[len(name) + 1 :] for part in parts if part.startswith(f"{name}=")]


def _same(scope) -> str:
    """The page that was asked for, named from itself: no other host can be meant."""
    query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
    return f"./{quote(scope['path'].removeprefix('/'))}{query}"


def _from_https(headers: Headers) -> bool:
    """Whether the page was, whatever the proxy in front says of it: browsers name a form's origin."""
    return headers.get("origin", "").startswith("https://")


async def _password(receive) -> str | None:
    """The password in a form's body; None where there is none, or far too much."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BODY or message["type"] == "http.disconnect":
            return None
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=8)
    except ValueError:
        return None
    given = fields.get("password")
    return given[0] if given else None
