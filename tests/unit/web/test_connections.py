"""Idle, half open and too many connections, at a real server: others are served all the while."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time

import pytest

from gan_core.web import connections

# A server like the app's: few connections, short patience; it says how it got on when told to end.
SERVER = """
import asyncio, contextlib, os, resource, sys, threading, time
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from gan_core.web import connections

most, limit = map(int, sys.argv[1:3])
headers, quiet = map(float, sys.argv[3:])
if limit:
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

@contextlib.asynccontextmanager
async def lifespan(app):
    connections.guard_server(most, headers=headers)
    threading.Thread(target=train, daemon=True).start()
    yield

failures = []

def train():
    while True:
        try:
            with open(os.devnull), open(os.devnull):
                time.sleep(0.001)
        except OSError as error:
            failures.append(str(error))

async def echo(request):
    return JSONResponse({"bytes": len(await request.body())})

async def slow(request):
    await asyncio.sleep(1.2 * quiet)
    return JSONResponse({"slow": True})

async def failed(request):
    return JSONResponse({"failures": len(failures)})

app = Starlette(
    routes=[Route("/failed", failed), Route("/echo", echo, methods=["POST"]), Route("/slow", slow)],
    middleware=connections.middleware(quiet=quiet), lifespan=lifespan,
)
uvicorn.run(app, port=0, log_level="info", access_log=False)
"""


@contextlib.contextmanager
def serving(most, limit=0, headers=0.5, quiet=0.5):
    """(port, process) of a server; its log is read from the process's stderr in the end."""
    command = [sys.executable, "-c", SERVER, *map(str, (most, limit, headers, quiet))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stderr:
                if "running on" in line:
                    yield int(line.rsplit(":", 1)[1].split()[0]), process
                    break
        finally:
            process.terminate()


def ask(port, method="POST", path="/echo", data=b"abc"):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
        asked.request(method, path, data)
        with asked.getresponse() as answer:
            return json.loads(answer.read())


def connect(port, data=b""):
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.sendall(data)
    return made


def ends(connection):
    """What the server still says on a connection that it closes."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(4096):
            said += part
    return said


@pytest.fixture(scope="module")
def port():
    with serving(most=1000) as (found, _):
        yield found


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /echo HT",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nX-Long: ",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET /half",
    ],
    ids=["idle", "request line", "headers", "after a whole one"],
)
def test_half_a_request_is_ended_in_time(port, sent):
    start = time.monotonic()
    with connect(port, sent) as half:
        ends(half)
    assert 0.4 < time.monotonic() - start < 60


def test_half_a_body_is_ended_in_words(port):
    with connect(port, b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc") as half:
        said = ends(half)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"No byte of the body came for 0.5 s." in said


@pytest.mark.thorough
def test_a_slow_body_and_a_slow_answer_are_not_ended():
    """A quarter of the patience between two bytes, so that a busy machine does not use it up."""
    with serving(most=1000, quiet=1.6) as (port, _):
        head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
        with connect(port, head) as slow:
            for letter in b"abcdef":
                time.sleep(0.4)
                slow.sendall(bytes([letter]))
            assert b'{"bytes":6}' in ends(slow)
        assert ask(port, "GET", "/slow") == {"slow": True}


def test_who_is_idle_longest_makes_room():
    with serving(most=20, headers=60) as (port, _):
        idle = [connect(port) for _ in range(30)]
        assert ask(port) == {"bytes": 3}
        assert [ended(c) for c in idle[:10]] == [True] * 10
        idle[-1].settimeout(0.2)
        assert not ended(idle[-1])
        for connection in idle:
            connection.close()


def ended(connection):
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_training_keeps_its_descriptors_in_a_burst():
    """The server's own files are 15; 24 connections and 8 that are just accepted fit into 64."""
    with serving(most=24, limit=64) as (port, _):
        for _ in range(4):
            idle = [connect(port, b"GET / HT") for _ in range(150)]
            assert ask(port) == {"bytes": 3}
            for connection in idle:
                connection.close()
        assert ask(port, "GET", "/failed") == {"failures": 0}


@pytest.mark.thorough
def test_without_descriptors_it_serves_again_soon_and_the_log_stays_small():
    with serving(most=1000, limit=48) as (port, process):
        idle = [connect(port) for _ in range(120)]
        end = time.monotonic() + 60
        served = False
        while not served and time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                served = ask(port) == {"bytes": 3}
        assert served
        for connection in idle:
            connection.close()
        process.terminate()
        log = process.stderr.read()
    assert log.count("No file descriptors are left") == 1
    assert len(log) < 5000, log[:2000]


def test_descriptors_are_asked_for_and_never_given_back():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert connections.allow_descriptors(16) >= 16
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[0]
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert connections.allow_descriptors(300) == 300
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_installed_server_has_the_form_that_is_wrapped():
    import asyncio

    from uvicorn import Config
    from uvicorn.protocols.http.auto import AutoHTTPProtocol
    from uvicorn.server import ServerState

    config = Config(None)
    config.load()
    loop = asyncio.new_event_loop()
    try:
        made = AutoHTTPProtocol(config, ServerState(), {}, _loop=loop)
    finally:
        loop.close()
    assert made.cycle is None
    assert made.connections == set()
