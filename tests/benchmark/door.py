"""What the door adds to each request of somebody who is logged in: at most one millisecond is wanted.

    python tests/benchmark/door.py [--rounds 5] [--requests 2000]

The same answer through guard and door with a ticket's cookie, and through the guard alone, in turns, in
this process and without a network: processor time of one thread.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from starlette.applications import Starlette  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

from gan_core.storage import access  # noqa: E402
from gan_core.web import guard  # noqa: E402
from gan_core.web.door import door, settings, tickets  # noqa: E402


def app_of(lock):
    """An app that says hello to whoever comes in."""
    hello = Route("/{path:path}", lambda request: PlainTextResponse("hello"))
    return Starlette(routes=[hello], middleware=[*guard.middleware([]), *door.middleware(lock)])


async def ask(app, headers: list[tuple[bytes, bytes]]) -> int:
    """The status of one answer."""
    path = "/api/runs/x/status"
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 8501),
    }  # fmt: skip
    told = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        told.append(message.get("status"))

    await app(scope, receive, send)
    return told[0]


async def timed(app, headers, count: int) -> float:
    """Milliseconds of processor time a request."""
    began = time.process_time()
    for _ in range(count):
        if await ask(app, headers) != 200:
            raise RuntimeError("refused")
    return 1000 * (time.process_time() - began) / count


async def measure(rounds: int, count: int) -> None:
    lock = settings.read({"GAN_PASSWORD": "correct horse battery"})
    made = tickets.Tickets(lock.key)
    cookie = f"{made.name}={made.make(access.TRAINER)}"
    plain = [(b"host", b"localhost:8501"), (b"sec-fetch-site", b"same-origin")]
    known = [*plain, (b"cookie", cookie.encode())]
    behind, open_ = app_of(lock), app_of(None)
    if await ask(behind, plain) != 401:
        raise RuntimeError("the door is open")
    added = []
    for _ in range(rounds):
        alone = await timed(open_, known, count)
        with_door = await timed(behind, known, count)
        added.append(with_door - alone)
        print(f"without {alone:.3f} ms, with {with_door:.3f} ms", flush=True)
    print(f"the door adds {statistics.median(added):.3f} ms a request (median of {rounds})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=2000)
    args = parser.parse_args()
    asyncio.run(measure(args.rounds, args.requests))


if __name__ == "__main__":
    main()
