"""What every request must pass and every answer must carry: host and origin checks, headers.

The server has no log-in, so two tricks of other web sites must fail: pointing their own name at
127.0.0.1 (DNS rebinding: the Host header then carries that name) and calling our routes from
their pages (the browser then says so in Sec-Fetch-Site and Origin).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
GUARDED = ("/api/", "/assets/")
# What Streamlit's own front end needs: inline styles, modules and workers from blobs, WebAssembly,
# images made in the browser. Nothing from another site; nobody may frame the page.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def middleware(hosts: Iterable[str] = ()) -> list[Middleware]:
    """The middleware for `st.App`; `hosts` are further names the server may be reached by."""
    return [Middleware(Guard, hosts=frozenset(hosts))]


class Guard:
    """Refuses foreign hosts everywhere and foreign origins on our routes; adds security headers."""

    def __init__(self, app, hosts: frozenset[str] = frozenset()):
        self.app = app
        self.hosts = LOCAL_HOSTS | {host.lower() for host in hosts}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        answer = JSONResponse({"error": refusal}, 403) if refusal else self.app
        await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope) -> str:
        """Why this request is refused, in words; empty when it is fine."""
        headers = Headers(scope=scope)
        host = _name(headers.get("host", ""))
        if not self._knows(host):
            return (
                f"This server does not answer to the name `{host[:80]}`. Open it as "
                "`localhost` or `127.0.0.1`, or add the name to `server.allowedHosts`."
            )
        if scope["path"].startswith(GUARDED) and self._is_foreign(headers):
            return "Only pages of this server may call this address."
        return ""

    def _knows(self, host: str) -> bool:
        if host in self.hosts or "*" in self.hosts:
            return True
        return any(h.startswith("*.") and host.endswith(h[1:]) for h in self.hosts)

    def _is_foreign(self, headers: Headers) -> bool:
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return True
        origin = headers.get("origin")
        return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of IPv6, in lower case."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _with_headers(send):
    async def wrapped(message):
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
