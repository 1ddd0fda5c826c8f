"""What every request must pass and every answer must carry: host and origin checks, headers.

The server has no log-in, so two tricks of other web sites must fail: pointing their own name at
127.0.0.1 (DNS rebinding: the Host header then carries that name) and calling us from their pages
(the browser then says so in Sec-Fetch-Site and Origin). A page on another port of this machine is
another site, too.

An origin of `server.corsAllowedOrigins` counts as ours: a proxy that asks under a Host of its own
makes our very pages look foreign. A page that is really elsewhere may read what we answer it then, but
it is sent no cookies of ours.

Websockets pass the same checks, for no browser asks their server first: an open socket presses
every button. Streamlit has a check of its own, which takes every port of this machine for its own
and asks the internet for its address when it meets a name it does not know; neither is reached, because
a socket of an allowed origin goes on under that origin's own name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from gan_core.errors import ConfigError

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# Whatever is here is asked for by our own pages only; all else may be a link on somebody's page.
GUARDED = ("/api/", "/assets/", "/_stcore/", "/media/", "/component/", "/logout")
POLICY_VIOLATION = 1008  # the code that closes a websocket
_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?")
_FRAMER = re.compile(r"'self'|https?://(?:\*\.)?[a-z0-9_.-]+(?::(?:[0-9]{1,5}|\*))?")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([0-9]{1,5}))?", re.IGNORECASE)
# What Streamlit's own front end needs: inline styles, modules and workers from blobs, WebAssembly,
# images made in the browser. Nothing from another site; nobody may frame the page unless a setting
# says who. The sockets of this very host are named: not every browser counts them as 'self'.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' {sockets}data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors {framers}",
    )
)
NOT_FRAMED = {"X-Frame-Options": "DENY"}  # it knows no other site that may
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def middleware(
    hosts: Iterable[str] = (), origins: Iterable[str] = (), framers: str = ""
) -> list[Middleware]:
    """The middleware for `st.App`.

    Args:
        hosts: further names the server may be reached by.
        origins: `https://name` or `http://name:port` of pages that count as ours.
        framers: who may frame the page, with spaces between: origins, `https://*.name`, `'self'`.

    Raises:
        ConfigError: one of these is none.
    """
    names = frozenset(host.strip().lower().rstrip(".") for host in hosts)
    origins = frozenset(_checked(origins, _ORIGIN, "server.corsAllowedOrigins"))
    framed = " ".join(_checked(framers.split(), _FRAMER, "GAN_FRAME_ANCESTORS"))
    return [Middleware(Guard, hosts=names, origins=origins, framers=framed)]


def names(hosts: Iterable[str], origins: Iterable[str]) -> list[str]:
    """Every name that passes the guard: the local ones, `hosts`, and those of allowed `origins`."""
    of_origins = {urlsplit(origin.strip()).hostname or "" for origin in origins}
    return sorted({*LOCAL_HOSTS, *hosts, *of_origins} - {""})


def _checked(texts: Iterable[str], form: re.Pattern, setting: str) -> list[str]:
    found = [text.strip().rstrip("/").lower() for text in texts if text.strip()]
    for text in found:
        if not form.fullmatch(text):
            example = "`https://lab.example` or `http://lab.example:8080`"
            raise ConfigError(f"`{setting}` names origins such as {example}. Received: `{text}`.")
    return found


class Guard:
    """Refuses foreign hosts and foreign origins everywhere; adds security headers.

    A browser that names no origin follows a link, which anybody may set; under the addresses that
    only our own pages ask for, `Sec-Fetch-Site` is looked at, too.
    """

    def __init__(
        self,
        app,
        hosts: frozenset[str] = frozenset(),
        origins: frozenset[str] = frozenset(),
        framers: str = "",
    ):
        self.app = app
        self.hosts = LOCAL_HOSTS | hosts
        self.origins = origins
        self.framers = framers or "'none'"
        headers = HEADERS | ({} if framers else NOT_FRAMED)
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket" and (refusal := self._refusal(scope)):
            # Closed before it was accepted: the server answers 403.
            await send(
                {"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal[:99]}
            )
        elif scope["type"] == "websocket":
            await self.app(_under_own_name(scope, self._allowed(scope)), receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope, receive, send) -> None:
        refusal = self._refusal(scope)
        allowed = "" if refusal else self._allowed(scope)
        host = "" if refusal else Headers(scope=scope).get("host", "")
        send = self._with_headers(send, host, allowed)
        if refusal:
            await JSONResponse({"error": refusal}, 403)(scope, receive, send)
        elif allowed and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope) -> str:
        """Why this request is refused, in words; empty when it is fine."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = name_of(hosts[0]) if len(hosts) == 1 else ""
        if not self._knows(host):
            return (
                f"This server does not answer to the name `{(host or ', '.join(hosts))[:80]}`. "
                "Open it as `localhost` or `127.0.0.1`, or add the name to `server.allowedHosts`."
            )
        if self._allowed(scope):
            return ""
        # Browsers differ in what they call the site of a socket; its origin they all name.
        ours = scope["type"] == "http" and scope["path"].startswith(GUARDED)
        if _is_foreign_origin(headers) or (ours and _is_foreign_site(headers)):
            return "Only pages of this server may call this address."
        return ""

    def _allowed(self, scope) -> str:
        """The origin of this request where it is one of those that count as ours; else ""."""
        found = Headers(scope=scope).getlist("origin") if self.origins else []
        return found[0] if len(found) == 1 and found[0] in self.origins else ""

    def _knows(self, host: str) -> bool:
        if not host:
            return False
        if host in self.hosts or "*" in self.hosts:
            return True
        return any(h.startswith("*.") and host.endswith(h[1:]) for h in self.hosts)

    def _with_headers(self, send, host: str, allowed: str):
        rules = policy(host, self.framers, tuple(sorted(self.origins)) if host else ())
        ours = [(b"content-security-policy", rules.encode()), *self.headers]

        async def wrapped(message):
            if message["type"] == "http.response.start":
                carried = message["headers"] = list(message.get("headers", ()))
                known = {name.lower() for name, _ in carried}
                carried.extend(header for header in ours if header[0] not in known)
                if allowed:
                    headers = MutableHeaders(scope=message)
                    headers["Access-Control-Allow-Origin"] = allowed
                    headers.add_vary_header("Origin")
            await send(message)

        return wrapped


@functools.lru_cache(maxsize=64)
def name_of(host: str) -> str:
    """The name in a Host header, in lower case, without port, brackets and a last dot.

    Empty where it is no `name`, `name:port`, `[IPv6]` or `[IPv6]:port` with a port up to 65535.
    """
    found = _HOST.fullmatch(host)
    if not found or int(found[3] or 0) > 65535:
        return ""
    return (found[1] or found[2]).lower().rstrip(".")


def _is_foreign_origin(headers: Headers) -> bool:
    """Whether a page of another host, or of another port of this one, asks."""
    origins = headers.getlist("origin")
    if not origins:
        return False
    try:
        parts = urlsplit(origins[0])
    except ValueError:
        return True
    own = parts.scheme in ("http", "https") and parts.netloc == headers.get("host")
    return len(origins) > 1 or not own


def _is_foreign_site(headers: Headers) -> bool:
    sites = headers.getlist("sec-fetch-site")
    return any(site not in ("same-origin", "none") for site in sites) or len(sites) > 1


def _under_own_name(scope, origin: str):
    """The scope as if the socket had been opened under the name that its allowed origin has."""
    if not origin:
        return scope
    host = urlsplit(origin).netloc.encode()
    headers = [(name, host if name == b"host" else value) for name, value in scope["headers"]]
    return scope | {"headers": headers}


@functools.lru_cache(maxsize=64)
def policy(host: str, framers: str = "'none'", origins: tuple[str, ...] = ()) -> str:
    """The content security policy of pages under a Host that was checked; "": no socket is open.

    Behind a proxy the page's own host may be that of an allowed origin.
    """
    hosts = [h for h in (host, *(urlsplit(origin).netloc for origin in origins)) if h]
    sockets = "".join(f"ws://{name} wss://{name} " for name in dict.fromkeys(hosts))
    return POLICY.format(sockets=sockets, framers=framers)
