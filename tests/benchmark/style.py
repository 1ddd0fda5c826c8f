"""The Style page: how soon the first picture is there, and how soon a picture follows a slider.

python tests/benchmark/style.py               # fresh servers, then warm ones; then the slider at 256 pixels
python tests/benchmark/style.py --fresh 0     # the slider alone

The first picture is measured from the moment at which the page's address is given to a Chromium that has
never seen it, on a server process that has just answered its first health check. "press" is a press
on another style as soon as there is one to press. The slider is moved by its own events; what is
measured is the time from there to the next frame after the picture in that strength was painted.
Goals: a press shows a picture within 3 s of opening the page; slider p95 250 ms at 256 pixels; a
picture 100 ms at 256 pixels and 400 ms at 512.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmark.explore import spread  # noqa: E402
from tests.browser import helpers  # noqa: E402

FULL = ".result[data-full=true]"
PRESSED = "hatching"
# Move the slider and wait until the picture in that strength has been painted.
ONE_MOVE = """async (value) => {
  const find = (selector) => {
    for (const host of document.querySelectorAll('*')) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    return document.querySelector(selector);
  };
  const input = find("input[type=range][aria-label=Strength]"), result = find(".result");
  const start = performance.now();
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  while (Number(result.dataset.strength) !== value) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def first_pictures(chrome, server) -> dict[str, float]:
    """Seconds from opening the page: its parts drawn, its first picture, the one that was pressed."""
    profile = chrome.new_context(viewport={"width": 1280, "height": 1000})
    page, found = profile.new_page(), {}
    start = time.perf_counter()
    page.goto(f"{server.url}/style?size=512", wait_until="commit")
    page.locator(f".picker.style [data-id={PRESSED}]").click(timeout=60_000)
    found["pressed"] = time.perf_counter() - start
    page.locator(f"{FULL}[data-style={PRESSED}]").wait_for(timeout=60_000)
    found["picture"] = time.perf_counter() - start
    profile.close()
    return found


def openings(chrome, fresh: int) -> None:
    """On fresh servers, and a second time on each."""
    for _ in range(fresh):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            server = helpers.Server(Path(folder)).start()
            up = time.perf_counter() - start
            for words in ("fresh server", "warm server"):
                found = first_pictures(chrome, server)
                print(
                    f"{words} (up after {up:.1f} s): pressed {found['pressed']:.2f} s after opening, "
                    f"picture {found['picture']:.2f} s"
                )
            server.end()


def slides(chrome, server, count: int, pause: int) -> None:
    """The slider at 256 pixels, `pause` ms between two moves."""
    page = chrome.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{server.url}/style?size=256")
    page.locator(FULL).wait_for(timeout=60_000)
    page.locator(".every[data-tiles='6']").wait_for(timeout=60_000)
    found = []
    for i in range(count):
        found.append(page.evaluate(ONE_MOVE, round(0.02 + 0.96 * (i * 37 % 97) / 97, 2)))
        page.wait_for_timeout(pause)
    spread("slider to picture, 256 pixels", found)
    page.close()


def pictures(chrome, server, count: int) -> None:
    """What a picture takes the server, at 256 and 512 pixels."""
    page = chrome.new_page()
    page.goto(f"{server.url}/style?size=256")
    page.locator(FULL).wait_for(timeout=60_000)
    for size in (256, 512):
        address = f"/api/style/image?content=canal&styles=mosaic&size={size}&strength="
        ms = [page.evaluate(MS, f"{address}{0.3 + 0.01 * i:.2f}") for i in range(count)]
        print(f"a picture of {size} pixels: median {statistics.median(ms):.0f} ms")
    page.close()


MS = """async (address) => {
  const bytes = await (await fetch(address)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  return JSON.parse(new TextDecoder().decode(bytes.slice(4, 4 + length))).ms;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", type=int, default=3, help="servers that are started anew")
    parser.add_argument("--count", type=int, default=100, help="moves of the slider")
    parser.add_argument("--pause", type=int, default=50, help="ms between them")
    args = parser.parse_args()
    with sync_playwright() as found, tempfile.TemporaryDirectory() as folder:
        chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        openings(chrome, args.fresh)
        server = helpers.Server(Path(folder)).start()
        try:
            slides(chrome, server, args.count, args.pause)
            pictures(chrome, server, 21)
        finally:
            chrome.close()
            server.end()


if __name__ == "__main__":
    main()
