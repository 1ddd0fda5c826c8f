"""What a training has to say besides progress: its warnings, and that it waits for room on the disk."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from gan_core.cli.common import note
from gan_core.runs.records import State

EVERY = 3.0  # seconds between looks
PAUSED = "Paused: "  # how the event of a full disk begins
RETRY = 10.0  # seconds that a full disk is given before the next try


@contextlib.contextmanager
def notices(job, every: float = EVERY, retry: float = RETRY) -> Iterator[None]:
    """Tell the warnings of a job's run as they come; take up a training that a full disk has paused.

    On the command line nothing else pauses, and there is no button that would resume.
    """
    watch = _Watch(job, retry)
    ended = threading.Event()
    thread = threading.Thread(target=watch.follow, args=(ended, every), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        watch.tell()


class _Watch:
    """Which warnings were told, and how long the disk has been full."""

    def __init__(self, job, retry: float):
        self.job, self.retry = job, retry
        self.known = len(job.run_folder.events())
        self.said, self.waited = "", 0.0

    def follow(self, ended: threading.Event, every: float) -> None:
        while not ended.wait(every):
            self.tell()
            self.take_up(every)

    def tell(self) -> None:
        """The warnings that were logged since the last call."""
        events = self.job.run_folder.events(self.known)
        self.known += len(events)
        for event in events:
            text = str(event.get("text", ""))
            if event.get("kind") != "warning" or not text:
                continue
            if text.startswith(PAUSED):
                self.say(text.removeprefix(PAUSED))
            else:
                note(f"warning: {text}")

    def say(self, error: str) -> None:
        """That the training waits: once, whether its event or its state is seen first."""
        if error != self.said:
            self.said = error
            note(f"paused: {error} It tries again every {self.retry:g} s; Ctrl-C ends it.")

    def take_up(self, every: float) -> None:
        """Say that the training waits, and try again now and then."""
        found = self.job.snapshot()
        if found.state != State.PAUSED or not found.error:
            return
        self.say(found.error)
        self.waited += every
        if self.waited >= self.retry:
            self.waited = 0.0
            self.job.resume()
