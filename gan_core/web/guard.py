"""What every request must pass and every answer must carry: host and origin checks, headers.

The server has no log-in, so two tricks of other web sites must fail: pointing their own name at
127.0.0.1 (DNS rebinding: the Host header then carries that name) and calling us from their pages
(the browser then says so in Sec-Fetch-Site and Origin). A page on another port of this machine is
another site, too.

Websockets pass the same checks, for no browser asks their server first: an open socket presses
every button. Streamlit has a check of its own, which takes every port of this machine for its own
and asks the internet for its address when it meets a name it does not know; neither is reached.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# Whatever is here is asked for by our own pages only; all else may be a link on somebody's page.
GUARDED = ("/api/", "/assets/", "/_stcore/", "/media/", "/component/")
POLICY_VIOLATION = 1008  # the code that closes a websocket
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([0-9]{1,5}))?", re.IGNORECASE)
# What Streamlit's own front end needs: inline styles, modules and workers from blobs, WebAssembly,
# images made in the browser. Nothing from another site; nobody may frame the page. The sockets of
# this very host are named: not every browser counts them as 'self'.
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
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def middleware(hosts: Iterable[str] = ()) -> list[Middleware]:
    """The middleware for `st.App`; `hosts` are further names the server may be reached by."""
    return [Middleware(Guard, hosts=frozenset(hosts))]


class Guard:
    """Refuses foreign hosts and foreign origins everywhere; adds security headers.

    A browser that names no origin follows a link, which anybody may set; under the addresses that
    only our own pages ask for, `Sec-Fetch-Site` is looked at, too.
    """

    def __init__(self, app, hosts: frozenset[str] = frozenset()):
        self.app = app
        self.hosts = LOCAL_HOSTS | {host.strip().lower().rstrip(".") for host in hosts}

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            answer = JSONResponse({"error": refusal}, 403) if refusal else self.app
            host = "" if refusal else Headers(scope=scope).get("host", "")
            await answer(scope, receive, _with_headers(send, host))
        elif scope["type"] == "websocket" and (refusal := self._refusal(scope)):
            # Closed before it was accepted: the server answers 403.
            await send(
                {"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal[:99]}
            )
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
        # Browsers differ in what they call the site of a socket; its origin they all name.
        ours = scope["type"] == "http" and scope["path"].startswith(GUARDED)
        if _is_foreign_origin(headers) or (ours and _is_foreign_site(headers)):
            return "Only pages of this server may call this address."
        return ""

    def _knows(self, host: str) -> bool:
        if not host:
            return False
        if host in self.hosts or "*" in self.hosts:
            return True
        return any(h.startswith("*.") and host.endswith(h[1:]) for h in self.hosts)


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


@functools.lru_cache(maxsize=64)
def policy(host: str) -> str:
    """The content security policy of pages under a Host that was checked; "": no socket is open."""
    return POLICY.format(sockets=f"ws://{host} wss://{host} " if host else "")


def _with_headers(send, host: str):
    async def wrapped(message):
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", policy(host))
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
