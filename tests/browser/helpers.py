"""Words for browser tests: a server of our own, and things on the page found by role or label."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-prefers-reduced-motion", "--process-per-site",
]  # fmt: skip
EACH = 60_000  # ms for whatever is drawn: a busy machine is slow, not wrong
expect.set_options(timeout=EACH)
PATIENCE = 150_000  # ms; TensorFlow's import and the first compiled step on a busy machine
SMALL = {  # steps of 4 ms, held back: what trains beside the page leaves it the processor
    "recipe": "fast_gan", "dataset": "mnist_5k", "width": 8, "latent_dim": 16, "batch_size": 16,
    "num_steps": 100_000, "steps_per_second": 40,
}  # fmt: skip
AT_REST = """() => {
  const app = document.querySelector("[data-testid=stApp]")?.dataset;
  return app?.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED"
    && !document.querySelector("[data-stale=true]");
}"""


class Server:
    """`streamlit run app.py` on a free port, with folders of its own; its output goes to a file.

    `env` is set for it, on top of this process's environment.
    """

    command = (sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"))
    cwd = ROOT

    def __init__(self, folder: Path, **env: str):
        self.folder, self.env = folder, env
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "server.log"
        self.process = None

    def start(self) -> "Server":
        env = os.environ | {
            "GAN_RUNS_DIR": str(self.folder / "runs"),
            "GAN_DATA_DIR": str(self.folder / "data"),
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        env.pop("OMP_NUM_THREADS", None)  # a thread each is for the tests, not for the app
        env |= self.env
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*self.command, *options], cwd=self.cwd, env=env, stdout=out, stderr=out
            )
        self.wait_until_healthy()
        return self

    def wait_until_healthy(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.is_healthy():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, f"the server did not answer:\n{self.log.read_text()}"
            time.sleep(0.1)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return answer.read() == b"ok"
        except OSError:
            return False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, how: int = signal.SIGTERM, seconds: float = 60) -> None:
        """Send a signal and wait until the process is gone."""
        if self.is_running:
            self.process.send_signal(how)
            self.process.wait(seconds)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def chromium() -> str | None:
    """An installed Chromium or Chrome, or None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def button(page: Page, name: str):
    """A button of the app; Streamlit shows a `Stop` of its own while a page run takes long."""
    own = page.locator(":not([data-testid=stBaseButton-header])")
    return page.get_by_role("button", name=name, exact=True).and_(own)


def train_small(page: Page, url: str) -> str:
    """Start a run of SMALL from the form; returns the run id."""
    page.goto(f"{url}/train")
    button(page, "Paste settings").click()
    page.get_by_role("textbox", name="Paste settings").fill(json.dumps(SMALL))
    button(page, "Check").click()
    expect(page.locator(".st-key-summary")).to_contain_text("100,000")
    at_rest(page)
    button(page, "Train").click()
    expect(button(page, "Pause")).to_be_visible(timeout=PATIENCE)
    return page.url.split("run=")[1]


def slow_motion(page: Page, choice: str = "5 steps a second") -> None:
    """Choose a pace: what only has to go on leaves the page the processor.

    The list closes when the page is drawn anew meanwhile, so it is opened again.
    """
    option = page.get_by_role("option", name=choice)
    box = page.get_by_role("combobox", name="Slow motion")
    until(page, box.click, option, "the list of paces", seconds=2)
    option.click()


def stop(page: Page) -> None:
    """Stop the run that the page shows, so that the next test finds a server at rest."""
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible(timeout=PATIENCE)


def last_step(page: Page) -> int:
    """Newest step that the curves have drawn; 0 before the first."""
    return _newest(page, ".curves", "last")


def shown_step(page: Page) -> int:
    """The step in the readouts."""
    return _newest(page, ".readouts", "step")


def _newest(page: Page, selector: str, name: str) -> int:
    """The largest `data-<name>`: while a page is drawn anew, the old part is still there for a moment."""
    read = f"(parts) => parts.map((part) => Number(part.dataset.{name} || 0))"
    return max(page.locator(selector).evaluate_all(read), default=0)


def wait_for(page: Page, condition, words: str, seconds: float = PATIENCE / 1000):
    """Poll until `condition()`, ever more seldom; the page goes on living meanwhile."""
    end, pause = time.monotonic() + seconds, 20.0
    while not (found := condition()):
        assert time.monotonic() < end, f"not in time: {words}"
        page.wait_for_timeout(pause)
        pause = min(1.5 * pause, 150)
    return found


def at_rest(page: Page) -> None:
    """Until Streamlit has drawn the whole page, with nothing left of the one before."""
    wait_for(page, lambda: page.evaluate(AT_REST), "a page at rest")


def until(page: Page, act, effect, words: str, seconds: float = 10) -> None:
    """Act on a page at rest, and again where a page that was drawn meanwhile has swallowed it.

    `effect` is a locator that is seen afterwards; `seconds` is how long one attempt may take.
    """

    def seen() -> bool:
        at_rest(page)
        if effect.count() == 0 or not effect.first.is_visible():
            act()
        try:
            expect(effect.first).to_be_visible(timeout=1000 * seconds)
        except AssertionError:
            return False
        return True

    wait_for(page, seen, words)


def tick(page: Page, row: int, selected: int) -> None:
    """Tick a row of the page's first table; `selected` rows are ticked then.

    The table's boxes are painted on a canvas, so the click is by place.
    """

    def click() -> None:
        box = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(box["x"] + 18, box["y"] + 37 + 39 * row + 19)

    words = f"{selected} selected"
    until(page, click, page.get_by_text(words, exact=True), words)


def answered(page: Page, part: str, count: int = 2) -> None:
    """Until the server has answered `count` more requests for an address with `part`.

    What must not happen would have been seen by then.
    """
    for _ in range(count):
        page.wait_for_event("response", lambda response: part in response.url)


def wait_for_progress(page: Page, beyond: int = 0) -> int:
    """Until the curves show a step after `beyond`; returns it."""
    wait_for(page, lambda: last_step(page) > beyond, f"curves beyond step {beyond}")
    return last_step(page)


def middle_of(page: Page, chart: str) -> tuple[float, float]:
    """A point in the middle of a chart's plot, in pixels of the page."""
    box = page.locator(f".chart[data-chart={chart}] .frame").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, chart: str, start: float, stop: float) -> None:
    """Drag over a chart from one share of its width to another, along one height."""
    box = page.locator(f".chart[data-chart={chart}] .frame").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + stop * box["width"], y + 2, steps=8)
    page.mouse.up()
