"""Fetching from an address that somebody typed in: limits on size and time, public addresses only.

A name is resolved once; every address it has must be public, and the connection goes to the very
address that was checked (a second look-up could answer otherwise). Redirects are followed by hand,
each through the same checks. Proxies and cookies are not used.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from gan_core import __version__
from gan_core.errors import DataError
from gan_core.explore.foreign.values import shown

MAX_BYTES = 160_000_000
SECONDS = 60.0  # for one file, redirects included
QUIET = 15.0  # seconds without a single byte
REDIRECTS = 5
# Private or relayed once, and by some networks still; Python calls them global.
RETIRED = tuple(map(ipaddress.ip_network, ("fec0::/10", "192.88.99.0/24")))
_MOVED = (301, 302, 303, 307, 308)
_CHUNK = 1 << 16


class Refused(DataError):
    """The address may not be fetched, or what it gave may not be used; the text says why."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where IPv6 wraps an IPv4 address."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    inner = [found]
    if found.version == 6:
        wrapped = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        inner += [a for a in wrapped if a is not None]
        if found.ipv4_mapped is not None:  # Python calls these private or not by version
            inner.remove(found)
    usual = all(a.is_global and not a.is_multicast and not a.is_reserved for a in inner)
    return usual and not any(a in net for a in inner for net in RETIRED if a.version == net.version)


def fetch(
    url: str,
    *,
    limit: int = MAX_BYTES,
    seconds: float = SECONDS,
    allowed: Callable[[str], bool] = is_public,
    resolve: Callable = socket.getaddrinfo,
) -> tuple[bytes, str]:
    """(body, the address it came from in the end).

    Raises:
        Refused: the address is none of the open internet, or its answer is too long, too slow or
            not there.
    """
    end = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        host, port, secure, path = _parts(url)
        address = _address(host, port, allowed, resolve)
        body, moved = _get(url, (host, port, secure, path), address, limit, end, seconds)
        if moved is None:
            return body, url
        url = urljoin(url, moved)
    raise Refused(f"The address leads on more than {REDIRECTS} times.")


def _parts(url: str) -> tuple[str, int, bool, str]:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"This is no address: `{shown(url, 80)}` ({shown(error, 200)}).") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Refused(f"An address begins with http:// or https://. Received: `{shown(url, 80)}`.")
    if parts.username is not None or any(ord(c) <= 32 or ord(c) == 127 for c in url.strip()):
        raise Refused("An address with a user name, spaces or control characters is not fetched.")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        path.encode("ascii")
    except UnicodeEncodeError as error:
        raise Refused(f"Write the address in plain ASCII. Received: `{shown(url, 80)}`.") from error
    return host, port or (443 if secure else 80), secure, path


def _address(host: str, port: int, allowed, resolve) -> str:
    """The first address of a host; refused if any of its addresses is not allowed."""
    try:
        found = [row[4][0] for row in resolve(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Refused(
            f"`{shown(host, 80)}` cannot be found: {error}. This server may be offline: what comes "
            "with the app and files of yours open without a network."
        ) from error
    bad = [address for address in found if not allowed(address)]
    if bad or not found:
        raise Refused(
            f"`{shown(host, 80)}` is at {bad[0] if bad else 'no address'}, which is not on the open "
            "internet. Addresses of this machine and of private networks are not fetched. Choose "
            "the file itself: `.keras`, `.h5`, or `model.json` together with its `.bin` files (or "
            "a zip of them)."
        )
    return found[0]


def _get(url, parts, address: str, limit: int, end: float, seconds: float):
    """(body, None) or (b"", where it moved to)."""
    host, port, secure, path = parts
    left = end - time.monotonic()
    if left <= 0:
        raise Refused(f"{shown(url, 80)} took over {seconds:g} s.")
    connection = _Pinned(host, port, secure, address, min(QUIET, left))
    timer = threading.Timer(left, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("GET", path, headers={"User-Agent": f"GANscope/{__version__}"})
        response = connection.getresponse()
        if response.status in _MOVED and response.getheader("Location"):
            return b"", response.getheader("Location")
        if response.status != 200:
            raise Refused(f"{shown(url, 80)} answered {response.status} {shown(response.reason)}.")
        body = _body(url, response, limit)
        if connection.over:  # an answer that was cut looks like one that ended
            raise TimeoutError("its time is over")
        return body, None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.over or time.monotonic() >= end:
            raise Refused(f"{shown(url, 80)} took over {seconds:g} s.") from error
        raise Refused(f"{shown(url, 80)} cannot be fetched: {error}.") from error
    finally:
        timer.cancel()
        connection.close()


def _body(url: str, response, limit: int) -> bytes:
    declared = response.getheader("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise Refused(f"{shown(url, 80)} has {int(declared):,} bytes. Allowed: {limit:,}.")
    parts, length = [], 0
    while part := response.read1(_CHUNK):
        length += len(part)
        if length > limit:
            raise Refused(f"{shown(url, 80)} gives more than the {limit:,} bytes that are allowed.")
        parts.append(part)
    if response.length:  # bytes that were promised and never came
        raise OSError("the answer broke off")
    return b"".join(parts)


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, secure: bool, address: str, timeout: float):
        super().__init__(host, port, timeout=timeout)
        self._address, self._secure, self.over = address, secure, False
        self._socket: socket.socket | None = None
        if secure:
            self.default_port = 443

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self._socket = self.sock  # the response takes `sock` over
        if self.over:
            raise TimeoutError("its time is over")

    def cut(self) -> None:
        """End the connection from another thread: its time is over."""
        self.over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
