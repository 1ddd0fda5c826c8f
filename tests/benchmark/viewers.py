"""What fifty open Train pages cost the run that they follow, and how long their questions take.

    python tests/benchmark/viewers.py                      # 50 viewers, polling, in turns with nobody
    python tests/benchmark/viewers.py --pages              # each with a Streamlit session, too

Viewers have no browser: they ask what the live page asks (assets/components/shared/feed.js), at its pace,
one connection each, all in one process. They are on the machine that trains, so their own work counts
against the training. Wanted: no question over 500 ms at the 95th percentile, and 0.85 of the steps a
second of a run that nobody follows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import statistics
import struct
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmark.visitors import measured, served_run  # noqa: E402  (the path comes first)
from tests.benchmark.watchers import DRAWN  # noqa: E402

LEAST, BUSY, SHARE = (
    0.5,
    1.5,
    0.12,
)  # seconds between polls and their share of the time, as the page's


class Viewer:
    """One open page: status with new rows, events and grids when the status names new ones."""

    def __init__(self, port: int, run_id: str, times: list[float]):
        self.port, self.run_id, self.times = port, run_id, times
        self.last = self.events = 0
        self.grid = None

    async def look(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        path = f"/api/runs/{self.run_id}/"
        while True:
            began = time.monotonic()
            status = await self._poll(path)
            took = time.monotonic() - began
            await asyncio.sleep(max(LEAST, min(BUSY, took / SHARE), status.get("rest", 0) / 1000))

    async def _poll(self, path: str) -> dict:
        body = await self._get(f"{path}curves?since={self.last}&metrics={DRAWN}&status=1")
        (length,) = struct.unpack_from("<I", body)
        header = json.loads(body[4 : 4 + length])
        status = header["status"]
        self.last = status["step"] if header["count"] else self.last
        if status["event_bytes"] != self.events:
            self.events = status["event_bytes"]
            await self._get(f"{path}events?after=0")
        if status.get("sample_step") not in (None, self.grid):
            self.grid = status["sample_step"]
            await self._get(f"{path}samples?after={self.grid - 1}")
            await self._get(f"{path}samples/{self.grid}.png")
        return status

    async def _get(self, path: str) -> bytes:
        began = time.monotonic()
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"{path} was answered with {head[:60]!r}")
        self.times.append(time.monotonic() - began)
        return body


class Session:
    """Streamlit's side of an open page: its fragments run when their timers say."""

    def __init__(self, port: int, run_id: str):
        from tests.benchmark.watchers import Page

        self.page = Page(port, run_id)  # its messages; the thread is never started
        self.port = port

    async def look(self) -> None:
        from websockets.asyncio.client import connect

        url, origin = f"ws://127.0.0.1:{self.port}/_stcore/stream", f"http://127.0.0.1:{self.port}"
        async with connect(url, origin=origin, subprotocols=["streamlit"], max_size=None) as socket:
            await socket.send(self.page.rerun())
            while True:
                due = min((at for _, at in self.page.timers.values()), default=float("inf"))
                with contextlib.suppress(TimeoutError):
                    left = max(0.0, min(5.0, due - time.monotonic()))
                    self.page.hear(await asyncio.wait_for(socket.recv(), left))
                for message in self.page.due():
                    await socket.send(message)


def crowd(port: int, run_id: str, count: int, seconds: float, pages: bool, told) -> None:
    """So many viewers for so long, in this process; sends the seconds that each question took."""

    async def all_of_them() -> list[float]:
        times: list[float] = []
        people = [Viewer(port, run_id, times).look() for _ in range(count)]
        people += [Session(port, run_id).look() for _ in range(count * pages)]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*people), seconds)
        return times

    told.send(asyncio.run(all_of_them()))


def followed(server, run, process, args) -> tuple[tuple[float, float], list[float]]:
    """((processor seconds for 1,000 steps, steps a second), seconds of each question)."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    warm = 4 + 6 * args.pages  # seconds until all are there
    given = (server.port, run.id, args.viewers, warm + args.seconds, args.pages, there)
    people = multiprocessing.get_context("spawn").Process(target=crowd, args=given)
    people.start()
    time.sleep(warm)
    found = measured(run, process, args.seconds)
    times = here.recv()
    people.join(30)
    return found, times


def report(server, run, process, args) -> None:
    ratios, shares, slow = [], [], []
    before = measured(run, process, args.seconds)
    for _ in range(args.rounds):
        found, times = followed(server, run, process, args)
        after = measured(run, process, args.seconds)
        alone = [statistics.mean(pair) for pair in zip(before, after, strict=True)]
        shares.append(found[1] / alone[1])
        ratios.append(found[0] / alone[0])
        times = sorted(1000 * each for each in times)
        slow.append(times[int(0.95 * len(times))])
        print(
            f"{found[1]:.1f} steps/s, alone {alone[1]:.1f}; processor time a step x {ratios[-1]:.3f}; "
            f"{len(times):,} questions, median {statistics.median(times):.0f} ms, "
            f"p95 {slow[-1]:.0f}, most {times[-1]:.0f}",
            flush=True,
        )  # fmt: skip
        before = after
    print(
        f"{args.viewers} viewers: {statistics.median(shares):.3f} times the steps/s, "
        f"{statistics.median(ratios):.3f} times the server's processor time a step, "
        f"p95 of a question {statistics.median(slow):.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", action="store_true", help="each with a Streamlit session, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_run(Path(folder)) as (server, run):
        report(server, run, psutil.Process(server.process.pid), args)


if __name__ == "__main__":
    main()
