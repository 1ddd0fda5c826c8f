"""Watchers without a browser: they ask what the live page asks, at its pace, over HTTP and WebSocket."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.unit.web.decoding import decode

POLL = 0.5  # seconds, as assets/components/shared/feed.js
# The metrics of the charts that a page shows at first (assets/components/train/curves_controls.js).
DRAWN = "g_loss,d_loss,real_accuracy,fake_accuracy,real_score,fake_score"


class Watcher(threading.Thread):
    """One open Train page of a run: status with new curve rows, new grids, page reruns."""

    def __init__(self, port: int, run_id: str):
        super().__init__(daemon=True)
        self.port, self.run_id = port, run_id
        self.ended = threading.Event()
        self.answers = 0
        self.bytes = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        page = Page(self.port, self.run_id)
        page.start()
        seen, last = 0, 0
        while not self.ended.wait(POLL):
            path = f"/api/runs/{self.run_id}/"
            query = f"since={last}&metrics={DRAWN}&status=1"
            header, columns = decode(self._get(connection, f"{path}curves?{query}"))
            status = header["status"]
            last = int(columns["step"][-1]) if header["count"] else last
            if status.get("sample_step") not in (None, seen):
                seen = status["sample_step"]
                self._get(connection, path + "samples")
                self._get(connection, f"{path}samples/{seen}.png")
        page.ended.set()

    def _get(self, connection, path: str) -> bytes:
        connection.request("GET", path)
        data = connection.getresponse().read()
        self.answers += 1
        self.bytes += len(data)
        return data


class Page(threading.Thread):
    """Streamlit's own side of an open page: one session, whose fragments run when their timers say."""

    def __init__(self, port: int, run_id: str):
        super().__init__(daemon=True)
        self.port, self.query = port, f"run={run_id}"
        self.ended = threading.Event()
        self.timers: dict[str, list[float]] = {}  # fragment -> [interval, next time]
        self.script = ""  # hash of the page, which Streamlit says at the first run

    def run(self) -> None:
        url = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        options = {"subprotocols": ["streamlit"], "max_size": None}
        with (
            contextlib.suppress(ConnectionClosed),  # the server ends with the measurement
            connect(url, origin=f"http://127.0.0.1:{self.port}", **options) as socket,
        ):
            socket.send(self.rerun())
            while not self.ended.is_set():
                self._read(socket)
                for message in self.due():
                    socket.send(message)

    def rerun(self, fragment: str = "") -> bytes:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = "train"
        if fragment:  # without the page's hash this would be another page: Home, all of it
            message.rerun_script.fragment_id = fragment
            message.rerun_script.page_script_hash = self.script
            message.rerun_script.is_auto_rerun = True
        return message.SerializeToString()

    def _read(self, socket) -> None:
        with contextlib.suppress(TimeoutError):
            self.hear(socket.recv(timeout=0.1))

    def hear(self, data: bytes) -> None:
        """Take a message of the server: the page's hash, or a fragment's timer."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "navigation":
            self.script = message.navigation.page_script_hash
        if message.WhichOneof("type") == "auto_rerun":
            timer = message.auto_rerun
            self.timers[timer.fragment_id] = [timer.interval, time.monotonic() + timer.interval]

    def due(self) -> list[bytes]:
        """Messages that ask for a run of each fragment whose time has come."""
        late = [name for name, timer in self.timers.items() if time.monotonic() >= timer[1]]
        for name in late:
            self.timers[name][1] = time.monotonic() + self.timers[name][0]
        return [self.rerun(name) for name in late]
