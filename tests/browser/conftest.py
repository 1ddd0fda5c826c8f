"""One browser for all browser tests, a server and a page for each; a picture of what failed."""

import os
import shutil
import subprocess
import sys

import pytest

from gan_core.runs import RunStore
from tests.browser.explore_words import STEPS, frames
from tests.browser.helpers import FLAGS, ROOT, Server, chromium, wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


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


@pytest.fixture
def server(tmp_path):
    """A running server with empty folders."""
    found = Server(tmp_path)
    try:
        yield found.start()
    finally:
        found.end()


@pytest.fixture
def open_tab(browser, request, tmp_path):
    """Open a tab; errors in its console fail the test, and a failing test leaves pictures."""
    contexts, errors = [], []

    def open_(**options):
        size = {"width": 1280, "height": 1000}
        context = browser.new_context(**({"viewport": size} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _note(message, errors))
        return page

    yield open_
    failed = request.node.stash.get(FAILED, False)
    for i, context in enumerate(contexts):
        if failed and context.pages:
            context.pages[0].screenshot(path=tmp_path / f"failed-{i}.png", full_page=True)
        context.close()
    assert failed or not errors, errors


def _note(message, errors: list[str]) -> None:
    """What must not be in the console: refused policies and scripts that broke."""
    if "Content Security Policy" in message.text or "Uncaught" in message.text:
        errors.append(message.text)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A small run that was really trained; copied into each server's folder."""
    folder = tmp_path_factory.mktemp("trained")
    env = os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-m", "gan_core", "train", "--runs-dir", str(folder)]
    settings = ["--steps", str(STEPS), "--latent-dim", "16", "--set", "width=8"]
    done = subprocess.run([*command, *settings], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(trained, server):
    """The run in the folder that the server shows."""
    shutil.copytree(trained, server.folder / "runs", dirs_exist_ok=True)
    store = RunStore(server.folder / "runs")
    return store.get(store.ids()[0])


@pytest.fixture
def explore(run, server, open_tab):
    """explore(query): the page of the run, its first image drawn."""

    def open_(query="", **options):
        page = open_tab(**options)
        page.goto(f"{server.url}/explore?run={run.id}{query}")
        wait_for(page, lambda: frames(page) > 0, "first image", 150)
        return page

    return open_
