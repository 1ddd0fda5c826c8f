"""Many runs and long runs in a real Chromium: how soon the pages of runs are there.

    python tests/benchmark/runs.py            # all three, 5 times each: medians and spread
    python tests/benchmark/runs.py list       # Runs with 2,000 runs: the table drawn (goal 1.5 s)
    python tests/benchmark/runs.py train      # Train with a run of a million steps: curves (1.5 s)
    python tests/benchmark/runs.py compare    # Compare with eight of them: all curves (3 s)

Times run from a click in the open app to what is drawn; the first visit, which also loads the page's
scripts, is given by itself, as "first". Processor seconds of server and browser
tell how much of it is work, where a busy machine makes the times long.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.metrics.pyramid import Layout  # noqa: E402
from gan_core.runs.metrics.writer import MetricsWriter  # noqa: E402
from gan_core.storage import files, images  # noqa: E402  (the path above must come first)
from tests.browser import helpers  # noqa: E402

NAMES = (
    "g_loss",
    "d_loss",
    "real_accuracy",
    "fake_accuracy",
    "real_score",
    "fake_score",
    "real_prob",
    "fake_prob",
    "g_grad_norm",
    "d_grad_norm",
)
GOALS = {"list": 1.5, "train": 1.5, "compare": 3.0}
MANY, LONG = 2000, 1_000_000


def add_run(lab: Lab, steps: int):
    """A run with a sample grid and twenty measurements, like one that was trained."""
    run = lab.store.create(lab.make_config("fast_gan", "mnist_5k", num_steps=steps).model_dump())
    tiles = np.random.default_rng(0).integers(0, 256, (80, 28, 28, 1), dtype=np.uint8)
    run.write_sample(steps, images.png(images.grid(tiles, 10)))
    header = {"columns": 10, "rows": 8, "tile": [28, 28], "names": [str(k) for k in range(10)]}
    files.write_json(run.path / "samples" / "grid.json", header)
    for k in range(1, 21):
        values = {"fd_judge_2k": 5 + 90 / k, "recall": 0.6}
        line = {"step": steps * k // 20, "count": 2000, "extractor": "digits-1", "values": values}
        files.append_jsonl(run.path / "evals.jsonl", line)
    said = {"name": "healthy", "word": "Healthy", "alarm": False, "since": 400, "text": "Healthy."}
    run.log_event("verdict", step=400, who="doctor", **said)
    run.write_status(state="finished", step=steps, num_steps=steps, wall_time=steps / 40)
    return run


def many(folder: Path) -> list[str]:
    """2,000 runs; the pictures and measurements of all are links to one."""
    lab = Lab(folder / "runs", folder / "data")
    first = add_run(lab, 3000)
    for number in range(2, MANY + 1):
        copy = lab.store.root / f"{number:05d}-fast_gan-mnist_5k"
        shutil.copytree(first.path, copy, copy_function=os.link)
    return lab.store.ids()


def long(folder: Path, count: int) -> list[str]:
    """Runs of a million steps each."""
    lab = Lab(folder / "runs", folder / "data")
    rng = np.random.default_rng(0)
    for _ in range(count):
        run = add_run(lab, LONG)
        MetricsWriter(run.path, NAMES).close()
        table = np.zeros(LONG, Layout(NAMES).dtype(0))
        table["step"] = np.arange(1, LONG + 1)
        table["images_seen"] = 64.0 * table["step"]
        table["wall_time"] = table["step"] / 40
        table["values"] = rng.random((LONG, len(NAMES)), np.float32)
        table.tofile(run.path / "metrics.bin")
        MetricsWriter(run.path, NAMES).close()  # builds the levels
    return lab.store.ids()


def list_page(page, ids: list[str]) -> None:
    """From Home to the table of 2,000 runs, with the chosen run's family below."""
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_test_id("stDataFrame").first.locator("canvas").first.wait_for()
    page.locator(".family[data-count]").wait_for()


def before_train(page, ids: list[str]) -> None:
    """On the Runs page, where the run is the first."""
    page.get_by_role("link", name="Runs", exact=True).click()
    helpers.button(page, "Open in Train").wait_for()


def train_page(page, ids: list[str]) -> None:
    """From the Runs page to a run of a million steps, until its curves are drawn."""
    helpers.button(page, "Open in Train").click()
    helpers.wait_for(page, lambda: helpers.last_step(page) == LONG, "curves of every step")
    page.locator(".curves .js-plotly-plot .main-svg").first.wait_for()


def compare_page(page, ids: list[str]) -> None:
    """From Home to eight such runs that were chosen before, until all of their curves are drawn."""
    page.get_by_role("link", name="Compare", exact=True).click()
    page.locator(f".compare[data-lines='{len(ids)}']").wait_for()


def before_compare(page, ids: list[str]) -> None:
    """Home, with the runs chosen in this tab."""
    if "/compare" not in page.url and not page.evaluate("window.chosen"):
        page.get_by_role("link", name="Runs", exact=True).click()
        _tick_all(page, len(ids))
        page.locator(".st-key-sm_bulk_compare").get_by_role("button").click()
        page.locator(f".compare[data-lines='{len(ids)}']").wait_for()
        page.evaluate("window.chosen = true")
    home(page, ids)


def _tick_all(page, count: int) -> None:
    page.locator(".family[data-count]").wait_for()
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    for row in range(count):
        page.mouse.click(box["x"] + 18, box["y"] + 37 + 39 * row + 19)
        page.get_by_text(f"{row + 1} selected").wait_for()


def home(page, ids: list[str]) -> None:
    """The start page."""
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("heading", name="Recent runs").wait_for()


WHAT = {  # what: (makes the runs, goes where the time starts, goes where it ends)
    "list": (many, home, list_page),
    "train": (lambda folder: long(folder, 1), before_train, train_page),
    "compare": (lambda folder: long(folder, 8), before_compare, compare_page),
}


def busy(process: psutil.Process) -> float:
    """Processor seconds of a process and all below it so far."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            found = each.cpu_times()
            total += found.user + found.system
    return total


def browsers() -> psutil.Process:
    """This process; below it are the driver, the browser and the server."""
    return psutil.Process()


def measure(chrome, what: str, rounds: int) -> list[tuple[float, float, float]]:
    """Seconds, and processor seconds of server and browser, of each visit of one tab."""
    make, before, visit = WHAT[what]
    times = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = make(folder)
        server = helpers.Server(folder).start()
        own = psutil.Process(server.process.pid)
        page = chrome.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(120_000)
        try:
            page.goto(server.url)
            page.get_by_role("link", name="Runs", exact=True).wait_for()
            for _ in range(rounds + 1):
                before(page, ids)
                page.wait_for_timeout(1500)  # what that page still loads is not measured
                known = busy(own), busy(browsers())
                started = time.perf_counter()
                visit(page, ids)
                seconds = time.perf_counter() - started
                served = busy(own) - known[0]
                times.append((seconds, served, busy(browsers()) - known[1] - served))
        finally:
            page.close()
            server.end()
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", nargs="?", choices=tuple(WHAT))
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    slow = False
    with sync_playwright() as found:
        chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        for what in [args.what] if args.what else WHAT:
            first, *visits = measure(chrome, what, args.rounds)
            times, served, drawn = zip(*visits, strict=True)
            middle = statistics.median(times)
            slow |= middle > GOALS[what]
            print(
                f"{what}: median {middle:.2f} s of {len(times)} ({min(times):.2f} to "
                f"{max(times):.2f}), first {first[0]:.2f} s, goal {GOALS[what]} s; processor: "
                f"server {statistics.median(served):.2f} s, browser {statistics.median(drawn):.2f} s",
                flush=True,
            )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
