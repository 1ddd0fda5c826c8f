"""TensorFlow is imported once somebody looks, after the page is drawn, and only once."""

import importlib.util
import threading
import time

import pytest

from gan_core.web import warmup
from gan_core.web.warmup import WarmUp


class App:
    """Counts what reaches the app behind the middleware."""

    def __init__(self):
        self.calls = 0

    async def __call__(self, scope, receive, send):
        self.calls += 1


@pytest.fixture
def warm():
    started = threading.Event()
    starts = []

    def start(pause):
        starts.append(threading.current_thread().name)
        middleware.began = time.monotonic()
        started.set()

    app = App()
    middleware = WarmUp(app, delay=0.05, start=start, load=lambda: starts.append("libraries"))
    middleware.started, middleware.starts, middleware.behind = started, starts, app
    return middleware


def ask(warm, kind, path):
    call = warm({"type": kind, "path": path}, None, None)
    with pytest.raises(StopIteration):
        call.send(None)


def test_a_health_check_starts_nothing(warm):
    ask(warm, "http", "/_stcore/health")
    ask(warm, "lifespan", "")
    assert not warm.started.wait(0.3)
    assert warm.behind.calls == 2


def test_an_open_page_starts_it_once_in_a_thread_of_its_own(warm):
    for _ in range(3):
        ask(warm, "websocket", "/_stcore/stream")
    assert warm.started.wait(60)
    assert warm.starts == ["libraries", "warm-up"]


def test_where_loading_was_slow_drawing_may_be_too(warm):
    ask(warm, "http", "/")
    time.sleep(0.4)
    ask(warm, "http", "/static/js/index.js")
    drawn = time.monotonic()
    ask(warm, "websocket", "/_stcore/stream")
    assert warm.started.wait(60)
    assert warm.began - drawn >= 0.4


def test_polls_of_a_drawn_page_do_not_put_it_off(warm):
    ask(warm, "websocket", "/_stcore/stream")
    while not warm.started.wait(0.02):
        ask(warm, "http", "/api/runs/x/status")
    assert warm.starts == ["libraries", "warm-up"]


def test_a_picture_that_is_painted_puts_it_off_but_is_no_page(warm):
    ask(warm, "http", "/style")
    opened = warm._opened
    ask(warm, "http", "/api/style/image")
    assert warm._last > warm._opened == opened
    ask(warm, "http", "/api/style/results")
    later = warm._last
    ask(warm, "http", "/api/style/results")
    assert warm._last == later


def test_the_import_stands_back_for_a_page_but_not_for_ever(warm, monkeypatch):
    slept, now = [], [100.0]
    monkeypatch.setattr(warmup.time, "monotonic", lambda: now[0])

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(warmup.time, "sleep", sleep)
    warm._stand_back()
    assert not slept  # nobody asked for anything
    warm._last = now[0]
    warm._stand_back()
    assert slept == [pytest.approx(warmup.QUIET)]
    for _ in range(100):
        warm._last = now[0]
        warm._stand_back()
    assert sum(slept) < warmup.MOST + warmup.QUIET + 0.001


def test_the_first_page_finds_its_modules_imported(monkeypatch):
    asked = []
    monkeypatch.setattr(warmup.importlib, "import_module", asked.append)
    warmup.before_first_page(["pages.ui.home.first"])
    assert asked == ["pages.ui.home.first"]


def test_what_every_job_imports_is_there_too(monkeypatch):
    asked = []
    monkeypatch.setattr(warmup.runtime, "start", lambda pause: asked.append("tensorflow"))
    monkeypatch.setattr(warmup.importlib, "import_module", asked.append)
    warmup.start()
    assert asked == ["tensorflow", *warmup.TRAINING]
    monkeypatch.undo()
    assert all(importlib.util.find_spec(name) for name in warmup.TRAINING)
