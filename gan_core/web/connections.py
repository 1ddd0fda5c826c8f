"""Connections that are idle, half open or too many must not stop the training or the reading.

A request has HEADERS seconds to come in whole and QUIET seconds from one piece of its body to the
next. There are at most as many connections as leave descriptors for the files of a training; the
one that has been idle longest makes room for a new one. The server has no settings for this, so its
protocol's `connection_made` is wrapped; where a later version has another form, nothing happens.
The loop accepts few connections a turn: it would take 2,048 before the first is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import logging
import os
import socket
import time
from typing import Any
from weakref import WeakKeyDictionary

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from gan_core.web.answers import answer

HEADERS = 15.0  # seconds for a request line and its headers, and between two requests
QUIET = 30.0  # seconds without a byte of a body that was announced
MOST = 1000  # connections
FEWEST = 24  # a page has up to seven
FILES = 90  # descriptors that training, TensorFlow and the pages' own files need; 68 were measured
AT_ONCE = 8  # connections that are accepted in one turn of the loop
WANTED = 4096  # descriptors; some systems allow 256 unless asked
BODILESS = ("GET", "HEAD")  # no endpoint reads a body of these
PAUSE = 60.0  # seconds between two words about it in the log

_log = logging.getLogger(__name__)


def allow_descriptors(wanted: int = WANTED) -> int:
    """Ask the system for as many descriptors, as far as it lets us; returns how many there are."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    most = wanted if hard == unlimited else min(wanted, hard)
    if soft != unlimited and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == unlimited else soft


def guard_server(most: int | None = None, headers: float = HEADERS) -> None:
    """Bound the connections of the server that runs this loop; call it before it listens.

    Args:
        most: connections; None: what the descriptors allow.
        headers: seconds for a request to come in whole.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    doors = Doors(most or max(FEWEST, min(MOST, allow_descriptors() - FILES)), headers)
    doors.watch(AutoHTTPProtocol)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(doors.failed)
    with contextlib.suppress(AttributeError):  # a loop that is not Python's own
        loop.create_server = _accepting_few(loop.create_server)  # type: ignore[method-assign]  # of this loop alone


def _accepting_few(create_server):
    """`loop.create_server` whose backlog, too, is not what the loop accepts in one turn."""

    async def wrapped(*args, backlog: int = 100, **options):
        server = await create_server(*args, backlog=min(backlog, AT_ONCE), **options)
        if os.name != "nt":
            for listening in server.sockets:  # as many may wait as before
                with socket.socket(fileno=os.dup(listening.fileno())) as copy:
                    copy.listen(backlog)
        return server

    return wrapped


class Doors:
    """At most `most` connections, none idle for longer than `headers` seconds."""

    def __init__(self, most: int, headers: float = HEADERS):
        self._most, self._headers = most, headers
        self._number = itertools.count()
        self._arrived: WeakKeyDictionary = WeakKeyDictionary()  # protocol -> its number
        self._said = -PAUSE

    def watch(self, protocol_class: Any) -> None:
        """Hear of every connection that a protocol of the server is made for."""
        made = protocol_class.connection_made

        def connection_made(protocol, transport):
            made(protocol, transport)
            with contextlib.suppress(AttributeError):  # the protocol has another form now
                self._enter(protocol)

        protocol_class.connection_made = connection_made

    def _enter(self, protocol) -> None:
        self._arrived[protocol] = next(self._number)
        if len(protocol.connections) > self._most:
            self._make_room(protocol)
        loop = asyncio.get_running_loop()
        loop.call_later(self._headers, self._look, protocol, protocol.cycle)

    def _make_room(self, newest) -> None:
        """End the connection that is idle longest; the newest one where none is."""
        opened = [p for p in newest.connections if not p.transport.is_closing()]
        if len(opened) <= self._most:
            return
        idle = [p for p in opened if p in self._arrived and _is_idle(p)]
        min(idle, key=self._arrived.__getitem__, default=newest).transport.abort()
        self._say("There are too many connections; those that are idle longest are closed.")

    def _look(self, protocol, cycle) -> None:
        """End a connection without a new request since the last look."""
        if protocol.transport.is_closing() or protocol not in protocol.connections:
            return  # closed, or a websocket by now
        if _is_idle(protocol) and protocol.cycle is cycle:
            protocol.transport.abort()
            return
        loop = asyncio.get_running_loop()
        loop.call_later(self._headers, self._look, protocol, protocol.cycle)

    def failed(self, loop, context) -> None:
        """The loop's exception handler: no descriptors left is said once, not thousands of times."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self._say("No file descriptors are left; new connections wait.")
            for protocol in [p for p in self._arrived if _is_idle(p)]:
                protocol.transport.abort()
            return
        loop.default_exception_handler(context)

    def _say(self, words: str) -> None:
        if time.monotonic() - self._said >= PAUSE:
            self._said = time.monotonic()
            _log.warning(words)


def _is_idle(protocol) -> bool:
    return protocol.cycle is None or protocol.cycle.response_complete


def middleware(quiet: float = QUIET) -> list[Middleware]:
    """The middleware for `st.App` that ends requests whose body does not come."""
    return [Middleware(Patience, quiet=quiet)]


class Patience:
    """ASGI middleware: a body has `quiet` seconds from one piece to the next, else 408."""

    def __init__(self, app, quiet: float):
        self.app = app
        self._quiet = quiet

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] in BODILESS:
            await self.app(scope, receive, send)
            return
        body = _Body(receive, self._quiet)
        try:
            await self.app(scope, body.receive, send)
        except ClientDisconnect:
            if not body.late:
                raise
            error = {"error": f"No byte of the body came for {self._quiet:g} s."}
            await answer(error, 408, {"Connection": "close"})(scope, receive, send)


class _Body:
    """A request's messages: one that is late counts as if its sender had gone."""

    def __init__(self, receive, quiet: float):
        self._receive, self._quiet = receive, quiet
        self._whole = self.late = False

    async def receive(self):
        if self._whole:  # what follows is only the news that the client has gone
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._quiet)
        except TimeoutError:
            self._whole = self.late = True
            return {"type": "http.disconnect"}
        self._whole = not message.get("more_body", False)
        return message
