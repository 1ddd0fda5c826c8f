"""One browser and one server for the browser tests of a process, pages for each; pictures of what failed."""

import fcntl
import itertools
import os
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright import sync_api as playwright

from gan_core.cli import main
from gan_core.runs.records import LIVE
from gan_core.runs.store import RunStore
from tests.browser.explore_words import STEPS, frames, listen
from tests.browser.helpers import EACH, FLAGS, Server, chromium, wait_for
from tests.lent import uncompiled

NUMBERS = itertools.count(1)  # of copied runs
IDS: dict[Path, str] = {}  # of the copies of a run; a server remembers what an id stood for


def pytest_collection_modifyitems(items, config):
    """One more try, told in the summary, where Playwright has waited in vain; none after a wrong answer."""
    has_reruns = config.pluginmanager.hasplugin("rerunfailures")
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if has_reruns:
                item.add_marker(pytest.mark.flaky(reruns=1, only_rerun="TimeoutError"))


@pytest.fixture(scope="session")
def browser():
    """An installed Chromium, else Playwright's own; without any, the tests say so and are skipped."""
    with playwright.sync_playwright() as found:
        try:
            chrome = found.chromium.launch(executable_path=chromium(), args=FLAGS)
        except playwright.Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"BROWSER TESTS SKIPPED: no Chromium here ({str(error).splitlines()[0]})")
        yield chrome
        chrome.close()


@pytest.fixture(scope="session")
def new_server(tmp_path_factory):
    """new_server(): a server that trains with one thread, which leaves a core to the browser."""
    made = []

    def make():
        made.append(Server(tmp_path_factory.mktemp("served"), OMP_NUM_THREADS="1"))
        return made[-1]

    yield make
    for server in made:
        server.end()


@pytest.fixture(scope="session")
def shared(new_server):
    """TensorFlow is imported once for all files that use it."""
    return new_server()


@pytest.fixture(scope="module")
def served(request):
    """The server of a file's tests: the shared one, or its own where the file says OWN_SERVER."""
    if not getattr(request.module, "OWN_SERVER", False):
        yield request.getfixturevalue("shared")
        return
    own = request.getfixturevalue("new_server")()
    yield own
    own.end()


@pytest.fixture
def server(served):
    """A running server that trains nothing and shows no run: started anew where a test left one."""
    store = RunStore(served.folder / "runs")
    locked = [run for run in map(store.get, store.ids()) if run.is_locked()]
    if any(run.status().state in LIVE for run in locked):
        served.end()
    end = time.monotonic() + 60
    while served.is_running and any(run.is_locked() for run in locked):
        assert time.monotonic() < end, "a run that has ended is still written"
        time.sleep(0.05)
    for run_id in store.ids():
        store.delete(run_id, "test")
    shutil.rmtree(store.root / ".bin", ignore_errors=True)  # numbers may be used again
    for kind in ("*.npz", "*.card.json"):  # sets that a test has kept
        for left in (served.folder / "data").glob(kind):
            left.unlink()
    if not served.is_running:
        served.start()
    return served


@pytest.fixture(scope="session")
def profiles(browser):
    """Two that are strangers to each other and keep what they have downloaded and compiled.

    That is two thirds of the cost of a page. The first tab of each stays open: the process that it
    has for localhost (`--process-per-site`) is that of all later ones, with the scripts it has compiled.
    """
    made = [browser.new_context(locale="en-US") for _ in range(2)]
    for profile in made:
        first = profile.new_page()
        first.route("**", lambda route: route.fulfill(body=""))
        first.goto("http://localhost/")
    return made


@pytest.fixture
def open_tab(browser, profiles, request, tmp_path):
    """Open a tab; errors in its console fail the test, and a failing test leaves pictures.

    The first two are in profiles that all tests share, emptied of what pages have stored; others are
    strangers to them, as is one with options of a whole profile.
    """
    pages, errors = [], []

    def open_(*, viewport=None, color_scheme=None, reduced_motion=None, **options):
        own = browser.new_context(**options) if len(pages) >= len(profiles) or options else None
        page = (own or profiles[len(pages)]).new_page()
        visited = set()
        pages.append((page, own, visited))
        page.set_viewport_size(viewport or {"width": 1280, "height": 1000})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.set_default_timeout(EACH)
        listen(page)
        page.on("framenavigated", lambda frame: visited.add(frame.url))
        page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
        page.on("console", lambda message: _note(message, errors))
        return page

    yield open_
    failed = request.node.stash.get(FAILED, False)
    for i, (page, own, visited) in enumerate(pages):
        if failed:
            page.screenshot(path=tmp_path / f"failed-{i}.png", full_page=True)
        own.close() if own else _leave(page, visited)
    assert failed or not errors, errors


def _leave(page, visited: set[str]) -> None:
    """Close a tab of the shared profile and forget what the pages at these addresses have stored."""
    page.goto("about:blank")  # nothing writes any more
    tools = page.context.new_cdp_session(page)
    for origin in {address for url in visited if (address := _origin(url))}:
        what = {"origin": origin, "storageTypes": "local_storage,indexeddb,cache_storage"}
        tools.send("Storage.clearDataForOrigin", what)
    page.context.clear_cookies()
    page.close()


def _origin(url: str) -> str:
    """Scheme and host of an address; "" where it has none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _note(message, errors: list[str]) -> None:
    """What must not be in the console: refused policies and scripts that broke."""
    if "Content Security Policy" in message.text or "Uncaught" in message.text:
        errors.append(message.text)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    if report.when != "teardown":
        item.stash[FAILED] = report.when == "call" and report.failed


@pytest.fixture(scope="session")
def trained_small():
    """trained_small(*settings): a command line's training of a few steps, which are not compiled."""

    def train(*settings) -> None:
        with uncompiled():
            assert main(["train", *map(str, settings)]) == 0

    return train


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A small run that was really trained, by the first worker that asks for it."""
    everyone = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        everyone = everyone.parent
    folder = everyone / "trained"
    settings = ["--steps", str(STEPS), "--latent-dim", "16", "--set", "width=8"]
    with (everyone / "trained.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits for it
        if not folder.exists():
            assert main(["train", "--runs-dir", str(folder), *settings]) == 0
    store = RunStore(folder)
    return store.get(store.ids()[0])


@pytest.fixture
def copied(server):
    """copied(trained): a copy of a run in the folder that the server shows.

    Its id is that of the copy before it, whose networks the server has built, until a test has changed
    what this id stands for; then the next copy has another one.
    """
    made = []

    def copy(trained):
        if trained.path not in IDS:
            IDS[trained.path] = f"{next(NUMBERS):05d}-{trained.id.split('-', 1)[1]}"
        path = server.folder / "runs" / IDS[trained.path]
        assert not path.exists(), "one copy of a run for a test"
        shutil.copytree(trained.path, path)
        made.append((trained.path, path))
        return RunStore(path.parent).get(path.name)

    yield copy
    for trained, path in made:
        if _contents(path) != _contents(trained):
            del IDS[trained]


def _contents(folder) -> dict[str, bytes]:
    """What the files of a run hold, but for its locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files if p.name != "lock"}


@pytest.fixture
def run(trained, copied):
    """A copy of the trained run in the folder that the server shows."""
    return copied(trained)


@pytest.fixture
def explore(run, server, open_tab):
    """explore(query): the page of the run, its first image drawn."""

    def open_(query="", **options):
        page = open_tab(**options)
        page.goto(f"{server.url}/explore?run={run.id}{query}")
        wait_for(page, lambda: frames(page) > 0, "first image", 150)
        return page

    return open_
