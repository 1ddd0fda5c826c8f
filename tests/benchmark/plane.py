"""How fast the plane of Learn runs: frames drawn, steps and heat maps a second, in a real browser.

    python tests/benchmark/plane.py                # 10 s each, with every layer on
    python tests/benchmark/plane.py --seconds 20

Promised where the browser has a core to itself: 20 frames, 60 steps and 10 heat maps a second. So what the
browser's page process took of a core is printed beside them: near 100 % the machine is the limit, and
figures of a busy machine say nothing. Drawn without a graphics card (`--disable-gpu`), as on a server.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser import helpers  # noqa: E402  (the path above must come first)

FLAGS = [flag for flag in helpers.FLAGS if "motion" not in flag]
PROMISED = {"frames": 20, "steps": 60, "heat maps": 10}  # a second
SLACK = 0.97  # a step of sixty or a map of ten may fall on the other side of the end
CASES = {  # what is asked for in the address, and whether anything is promised of it
    "as it opens": ("", True),
    "Wasserstein with its penalty": (
        "?loss=wasserstein&penalty=gradient_penalty&penalty_weight=1",
        True,
    ),
    "64 neurons, 3 D steps": ("?hidden=64&n_critic=3", False),
}
COUNTING = """
window.drawn = { frames: 0, maps: 0 };
const { ImageData: Pixels, OffscreenCanvas: Canvas } = window;
window.ImageData = class extends Pixels { constructor(...all) { super(...all); window.drawn.maps++; } };
window.OffscreenCanvas = class extends Canvas {
  constructor(...all) { super(...all); window.drawn.frames++; }
};
"""  # the plane makes pixels for each heat map, and lays the newest one down in each frame


def counted(page: Page) -> dict[str, float]:
    """Counters so far, and seconds of the page."""
    step = int(page.get_by_role("region", name="The plane").get_attribute("data-step"))
    drawn = page.evaluate("({ ...window.drawn, seconds: performance.now() / 1000 })")
    return {"frames": drawn["frames"], "heat maps": drawn["maps"], "steps": step} | drawn


def busy(parent: psutil.Process) -> float:
    """Processor seconds so far of the browser's pages."""
    found = 0.0
    for process in parent.children(recursive=True):
        if "--type=renderer" in process.cmdline():
            found += sum(process.cpu_times()[:2])
    return found


def measured(page: Page, seconds: float) -> dict[str, float]:
    """Rates a second while it plays, and the share of a core."""
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(2000)  # compiled by then
    before, core = counted(page), busy(psutil.Process())
    page.wait_for_timeout(1000 * seconds)
    after = counted(page)
    passed = after["seconds"] - before["seconds"]
    rates = {name: (after[name] - before[name]) / passed for name in PROMISED}
    return rates | {"core": (busy(psutil.Process()) - core) / passed}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10, help="for each case")
    args = parser.parse_args()
    short = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as found:
        server = helpers.Server(Path(folder)).start()
        browser = found.chromium.launch(executable_path=helpers.chromium(), args=FLAGS)
        load = psutil.getloadavg()[0]
        print(f"{time.strftime('%Y-%m-%d')}, {psutil.cpu_count()} cores, load before {load:.1f}")
        for name, (query, promised) in CASES.items():
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.add_init_script(COUNTING)
            page.goto(f"{server.url}/learn{query}")
            page.get_by_role("button", name="Play", exact=True).wait_for()
            helpers.at_rest(page)
            rates = measured(page, args.seconds)
            page.close()
            short += promised and any(rates[kind] < SLACK * PROMISED[kind] for kind in PROMISED)
            told = ", ".join(f"{rates[kind]:.1f} {kind}" for kind in PROMISED)
            print(f"{name:30} {told} a second; {100 * rates['core']:.0f} % of a core", flush=True)
        browser.close()
        server.end()
    return int(short > 0)


if __name__ == "__main__":
    sys.exit(main())
