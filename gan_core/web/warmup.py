"""What is done before the first page is asked for, and TensorFlow's import after it was drawn.

The import holds Python's lock for seconds, so it must not start while the first page loads: it
starts DELAY seconds after the last file of that page was asked for; later where loading the page took
longer than that, because then drawing it does too, and later while pictures are painted on Style. It
stands back for what is asked for meanwhile, until somebody needs TensorFlow.
"""

from __future__ import annotations

import importlib
import inspect
import threading
import time
from collections.abc import Iterable

from PIL import Image
from starlette.middleware import Middleware

from gan_core.startup import libraries, runtime
from gan_core.web.prompt import Prompt

SOONER = 1.0  # quiet seconds before its libraries are loaded, which holds up nobody
DELAY = 4.0  # quiet seconds; the files of a first page load come closer together than this
TRAINING = ("gan_core.algorithms.adversarial", "gan_core.algorithms.batches")  # every job's
SOON = ("/api/",)  # polls of a drawn page: they must not put the import off for ever
HAND = (
    "/api/style/image",
    "/api/style/picture",
)  # asked for by a hand, answered without TensorFlow
QUIET = 0.3  # seconds after a request in which a page is probably drawn
MOST = 6.0  # seconds that the import stands back altogether


def before_first_page(modules: Iterable[str]) -> None:
    """Do once what would make the first visitor wait: imports, and Streamlit's look at the stack.

    Streamlit asks once for the whole stack, to know who runs it, and Python then looks up the file
    of every module there is: half of the first run's time, unless it was done before.
    """
    for name in modules:
        importlib.import_module(name)
    Image.preinit()  # the readers of PNG, JPEG and GIF
    inspect.stack()


def start(pause=None) -> None:
    """TensorFlow, and what every job imports after it: the first press of Train waits for less."""
    runtime.start(pause)
    for name in TRAINING:
        importlib.import_module(name)


def middleware() -> list[Middleware]:
    """What the first requests set going: prompt answers, and TensorFlow's import."""
    return [Middleware(Prompt), Middleware(WarmUp)]


class WarmUp:
    """ASGI middleware that starts TensorFlow in a thread of its own once a page is drawn."""

    def __init__(self, app, delay: float = DELAY, start=start, load=libraries.load):
        self.app = app
        self._delay = delay
        self._start, self._load = start, load
        self._opened = self._last = 0.0  # when a page's address, and when anything was asked for
        self._thread: threading.Thread | None = None
        self._left = MOST

    async def __call__(self, scope, receive, send):
        path = scope.get("path", "")
        poll = path.startswith(SOON) and not path.startswith(HAND)
        if scope["type"] in ("http", "websocket") and not poll:
            self._last = time.monotonic()
            if "." not in path and not path.startswith(("/_", *SOON)):
                self._opened = self._last
            # The websocket is opened by a real page; a health check never is one.
            if scope["type"] == "websocket" and self._thread is None:
                took = self._last - self._opened if self._opened else 0.0
                self._delay = max(self._delay, took)
                self._thread = threading.Thread(target=self._wait, name="warm-up", daemon=True)
                self._thread.start()
        await self.app(scope, receive, send)

    def _wait(self) -> None:
        self._quiet(min(SOONER, self._delay))
        self._load()
        self._quiet(self._delay)
        self._start(self._stand_back)

    def _quiet(self, seconds: float) -> None:
        """Wait until nothing was asked for in so many seconds."""
        while (left := self._last + seconds - time.monotonic()) > 0:
            time.sleep(left)

    def _stand_back(self) -> None:
        """Wait while a page is loaded or painted, so that the import does not slow it."""
        while self._left > 0 and (rest := self._last + QUIET - time.monotonic()) > 0:
            time.sleep(rest)
            self._left -= rest
