"""The Translate page: how soon an output follows the hand, and what that costs a training.

python tests/benchmark/translate.py             # pencil to new output in Chromium, idle
python tests/benchmark/translate.py --training  # the same while fast_pix2pix trains, and its speed

The pencil is moved by the keyboard, one pixel at a time: what is measured is the time from the key to
the next frame after the new output was painted. Goals: p95 100 ms idle, 200 ms while it trains, and
at most 10 % of the training's speed.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from tests.benchmark.explore import TYPE, read_json, speed, spread, step_of  # noqa: E402
from tests.browser import helpers  # noqa: E402

ENDLESS = 1_000_000  # steps
SMALL = {"width": 4, "batch_size": 4, "num_steps": 2}
# Press a key on the drawing and wait until the output has been painted anew.
ONE_STROKE = """async (key) => {
  const drawing = window.theDrawing ??= find('.draw canvas.drawing');
  const output = window.theOutput ??= find('.output');
  function find(selector) {
    for (const host of document.querySelectorAll('*')) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    return document.querySelector(selector);
  }
  const before = output.dataset.answers, start = performance.now();
  drawing.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  while (output.dataset.answers === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def strokes(page, count: int, pause: int) -> list[float]:
    """Milliseconds of each pixel drawn, `pause` ms apart, so that the other panels come in between."""
    page.evaluate(ONE_STROKE, " ")
    found = []
    for i in range(count):
        found.append(page.evaluate(ONE_STROKE, "ArrowRight" if i % 16 < 8 else "ArrowLeft"))
        page.wait_for_timeout(pause)
    page.evaluate(ONE_STROKE, " ")
    return found


def opened(chrome, server, run: str):
    """The page of a run with everything on it drawn."""
    page = chrome.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{server.url}/translate?run={run}")
    for part in (".output[data-answers]", ".good[data-patches]", ".held_out[data-rows]"):
        page.locator(part).wait_for(timeout=180_000)
    page.wait_for_timeout(3000)
    return page


def stroke(chrome, server, args) -> None:
    """Pencil to output while nothing trains."""
    lab = Lab(server.folder / "runs", server.folder / "data")
    width = {} if args.width is None else {"width": args.width}
    settings = SMALL | {"width": lab.make_config(args.recipe, args.dataset).width} | width
    run = lab.create(lab.make_config(args.recipe, args.dataset, **settings), who="benchmark")
    lab.make_job(run.id, who="benchmark").run()
    spread(
        "pencil to output, idle", strokes(opened(chrome, server, run.id), args.count, args.pause)
    )


def training(chrome, server, args) -> None:
    """Pencil to output while the same run trains; its speed alone, with a hand, and with Chromium."""
    page, run = chrome.new_page(), begun(Lab(server.folder / "runs", server.folder / "data"), args)
    page.goto(f"{server.url}/train?run={run}")
    helpers.button(page, "Resume").click(timeout=180_000)
    helpers.wait_for(page, lambda: step_of(page, server.url, run) > 50, "50 steps")
    alone = speed(page, server.url, run, args.seconds)
    shown = opened(chrome, server, run)
    spread("pencil to output, training", strokes(shown, args.count, args.pause))
    drawn = during(shown, server.url, run, args.seconds)
    shown.close()
    asked = hand(server.port, run, args.seconds)
    alone = statistics.mean((alone, speed(page, server.url, run, args.seconds)))
    print(f"training: {alone:.1f} steps/s alone, before and after")
    print(f"a hand that draws, over HTTP: {asked:.1f}, {asked / alone:.2f} times")
    print(f"Chromium on the same cores as well: {drawn:.1f}, {drawn / alone:.2f} times")


def begun(lab: Lab, args) -> str:
    """A run that was stopped after its first steps; the server goes on with it."""
    run = lab.create(lab.make_config(args.recipe, args.dataset, num_steps=ENDLESS), who="benchmark")
    job = lab.make_job(run.id, who="benchmark")
    job.start()
    while run.status().step < 2:
        time.sleep(0.1)
    job.stop()
    job.join()
    return run.id


def during(page, url: str, run: str, seconds: float) -> float:
    """Steps a second while the pencil moves all the time."""
    first, began = step_of(page, url, run), time.monotonic()
    while time.monotonic() - began < seconds:
        strokes(page, 10, 16)
    return (step_of(page, url, run) - first) / (time.monotonic() - began)


def hand(port: int, run: str, seconds: float) -> float:
    """Steps a second while somebody draws whose browser paints elsewhere: what the page asks for
    (assets/components/shared/ask.js, shared/following.js), at its pace while a run trains."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    facts = f"/api/translate/{run}/facts"
    way = read_json(asked, facts)["ways"][0]
    pixels = np.random.default_rng(0).integers(0, 2, way["input_shape"], np.uint8) * 255
    status, count = f"/api/runs/{run}/status", 0
    first, began = read_json(asked, status)["step"], time.monotonic()
    looked = began
    while time.monotonic() - began < seconds:
        start = time.monotonic()
        address = f"/api/translate/{run}/image?towards={way['towards']}"
        asked.request("POST", address, pixels.tobytes(), TYPE)
        answer = asked.getresponse()
        answer.read()
        assert answer.status == 200
        time.sleep(max(0.060, 0.160 - (time.monotonic() - start)))
        count += 1
        if time.monotonic() - looked > 0.5:
            looked = time.monotonic()
            read_json(asked, facts)
    print(f"    {count / seconds:.1f} outputs a second asked for")
    return (read_json(asked, status)["step"] - first) / (time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--recipe", default="fast_pix2pix")
    parser.add_argument("--dataset", default="edges_to_digits")
    parser.add_argument("--width", type=int, help="of the idle network; default: the recipe's")
    parser.add_argument("--count", type=int, default=100, help="pixels that are drawn")
    parser.add_argument("--pause", type=int, default=50, help="ms between them")
    parser.add_argument("--seconds", type=float, default=20, help="of each training speed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as found:
        server = helpers.Server(Path(folder)).start()
        chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        try:
            (training if args.training else stroke)(chrome, server, args)
        finally:
            chrome.close()
            server.end()


if __name__ == "__main__":
    main()
