"""What a minute of looking at a run that trains costs: CPU of the browser and of the server, long tasks.

    python tests/benchmark/drawing.py                  # two turns of 60 s: the page, then no page
    python tests/benchmark/drawing.py --against OLD    # in turns with another checkout of the project
    python tests/benchmark/drawing.py --trace          # and where the browser's time goes

The run's steps are held at a rate, so that each view draws as many points. CPU seconds are read from the
kernel per process (renderer, browser, network) and per thread of the server, so that what else the machine
does matters little; what the training itself takes is the server's CPU without a page.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import sys
import tempfile
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from gan_core.storage import files  # noqa: E402  (the path above must come first)
from tests.browser import helpers  # noqa: E402

LONG = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration)))
  .observe({ entryTypes: ["longtask"] });
"""
CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,v8,toplevel"
SMALL = {"width": 8, "latent_dim": 16, "batch_size": 16}  # steps of 4 ms
READY = 120  # steps before it counts: compiled, drawn, TensorFlow at rest


@contextlib.contextmanager
def served(root: Path, folder: Path, rate: float):
    """A server of the checkout `root` that trains a small run at `rate` steps per second: (server, run)."""
    server = helpers.Server(folder)
    server.command = (sys.executable, "-m", "streamlit", "run", str(root / "app.py"))
    server.cwd = root
    lab = Lab(folder / "runs", folder / "data")
    config = lab.make_config(
        "fast_gan", "mnist_5k", num_steps=10**6, steps_per_second=rate, **SMALL
    )
    run = lab.create(config, who="benchmark")
    files.write_json(lab.store.root / "queue.json", [run.id])
    server.start()
    try:
        yield server, run
    finally:
        server.end()


def of_browser(chrome_parent: psutil.Process) -> dict[str, float]:
    """CPU seconds so far by kind of Chromium process."""
    found: dict[str, float] = collections.defaultdict(float)
    for process in chrome_parent.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            words = process.cmdline()
            if not any("chrom" in word for word in words[:1]):
                continue
            kinds = [
                w.partition("=")[2] for w in words if w.startswith(("--type=", "--utility-sub"))
            ]
            times = process.cpu_times()
            kind = (kinds or ["browser"])[-1].split(".")[0]
            found[kind] += times.user + times.system
    return found


def of_server(pid: int) -> dict[str, float]:
    times = psutil.Process(pid).cpu_times()
    return {"server": times.user + times.system}


def look(chrome, root: Path, args, *, watch: bool, trace: bool = False) -> dict[str, float]:
    """What `args.seconds` cost with the page open (`watch`) or without any page, per minute."""
    with (
        tempfile.TemporaryDirectory() as name,
        served(root, Path(name), args.rate) as (server, run),
    ):
        chrome.new_context().request.get(
            f"{server.url}/api/runs/{run.id}/status"
        )  # wakes the queue
        page = chrome.new_page(viewport={"width": 1280, "height": args.height})
        page.add_init_script(LONG)
        asked = collections.Counter()
        page.on("request", lambda request: asked.update([kind_of(request.url)]))
        page.on(
            "websocket", lambda socket: socket.on("framereceived", lambda _: asked.update(["ws"]))
        )
        page.goto(f"{server.url}/train?run={run.id}" if watch else "about:blank")
        while run.status().step < READY:
            page.wait_for_timeout(200)
        if watch:
            helpers.wait_for_progress(page, READY)
        page.wait_for_timeout(args.settle * 1000)
        asked.clear()
        page.evaluate("window.longTasks.length = 0")
        step = run.status().step
        before = {**of_browser(psutil.Process()), **of_server(server.process.pid)}
        traced = Trace(page) if trace else None
        page.wait_for_timeout(args.seconds * 1000)
        if traced:
            traced.tell()
        after = {**of_browser(psutil.Process()), **of_server(server.process.pid)}
        minutes = args.seconds / 60
        tasks = page.evaluate("window.longTasks")
        found = {kind: (after[kind] - before.get(kind, 0)) / minutes for kind in after}
        found["steps"] = (run.status().step - step) / minutes
        found["long tasks"], found["long tasks s"] = (
            len(tasks) / minutes,
            sum(tasks) / 1e3 / minutes,
        )
        found |= {f"n {kind}": count / minutes for kind, count in asked.items()}
        if watch and args.picture:
            page.screenshot(path=args.picture)
        page.close()
    return found


def kind_of(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[-1].replace("0", "").strip("123456789") or "page"


class Trace:
    """A trace of Chromium's own: time by kind of work in the renderer, and our functions by name."""

    def __init__(self, page):
        self.page, self.events, self.done = page, [], False
        self.session = page.context.browser.new_browser_cdp_session()
        self.session.on("Tracing.dataCollected", lambda found: self.events.extend(found["value"]))
        self.session.on("Tracing.tracingComplete", lambda _: setattr(self, "done", True))
        self.session.send(
            "Tracing.start", {"traceConfig": {"includedCategories": CATEGORIES.split(",")}}
        )
        self.script = page.context.new_cdp_session(page)
        self.script.send("Profiler.enable")
        self.script.send("Profiler.setSamplingInterval", {"interval": 500})
        self.script.send("Profiler.start")

    def tell(self) -> None:
        profile = self.script.send("Profiler.stop")["profile"]
        self.session.send("Tracing.end")
        while not self.done:
            self.page.wait_for_timeout(100)
        spent: dict[str, float] = collections.defaultdict(float)
        count = collections.Counter()
        for event in self.events:
            if event.get("ph") == "X":
                spent[event["name"]] += event.get("tdur", 0) / 1e6
                count[event["name"]] += 1
        for name, seconds in sorted(spent.items(), key=lambda item: -item[1])[:40]:
            print(f"    {seconds:6.2f} s {count[name]:7,} {name}")
        for name, seconds in sorted(inclusive(profile).items(), key=lambda item: -item[1])[:60]:
            print(f"    js {seconds:6.2f} s {name}")


def inclusive(profile) -> dict[str, float]:
    """Seconds in a function or what it called, of our own modules and of what they call in Plotly."""
    nodes = {node["id"]: node for node in profile["nodes"]}
    parents = {child: node["id"] for node in profile["nodes"] for child in node.get("children", ())}
    found: dict[str, float] = collections.defaultdict(float)
    for leaf, micros in zip(profile["samples"], profile["timeDeltas"], strict=True):
        names, at = set(), leaf
        while at is not None:
            call = nodes[at]["callFrame"]
            names.add(f"{call['functionName']} {call['url'].split('?')[0].rsplit('/', 1)[-1]}")
            at = parents.get(at)
        for name in names:
            found[name] += micros / 1e6
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--settle", type=int, default=5)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--rate", type=float, default=30, help="steps per second of the run")
    parser.add_argument("--height", type=int, default=1000, help="of the window, pixels")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turns")
    parser.add_argument("--trace", action="store_true")
    parser.add_argument("--picture", help="where a screenshot goes")
    args = parser.parse_args()
    roots = {"this": ROOT} | ({"other": args.against.resolve()} if args.against else {})
    views = (True,) if args.trace else (True, False)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        for _ in range(args.turns):
            for watch in views:
                for name, root in roots.items():
                    found = look(chrome, root, args, watch=watch, trace=args.trace)
                    told = ", ".join(f"{kind} {value:.2f}" for kind, value in sorted(found.items()))
                    print(f"{name}, {'page' if watch else 'no page'}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
