"""The pictures of the documentation, taken of the real app: docs/pictures/*.webp.

    python -m tools.make_docs_pictures                  # all, in some ten minutes on two cores
    python -m tools.make_docs_pictures learn sketch     # these alone
    python -m tools.make_docs_pictures --keep FOLDER    # with the runs of an earlier time, which stay

Needs Playwright and a Chromium. Trains the runs that the tutorials train, with their commands, in a folder
of its own; the app runs on this machine alone.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.helpers import (
    FLAGS,
    PATIENCE,
    Server,
    at_rest,
    button,
    chromium,
    until,
    wait_for,
)

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
DIGITS, ILL, EDGES = (
    "00001-fast_gan-mnist_5k",
    "00002-fast_gan-mnist_5k",
    "00003-fast_pix2pix-edges_to_digits",
)
RUNS = {  # in this order, as the tutorials say
    DIGITS: ["train", "--steps", "800"],
    ILL: ["branch", DIGITS, "--step", "800", "--set", "d_lr=0", "--steps", "1200"],
    EDGES: ["train", "--recipe", "fast_pix2pix", "--dataset", "edges_to_digits", "--steps", "500"],
}
SIZE = {"width": 1200, "height": 760}
SHAPES = 240  # drawn pictures for the tutorial on own ones
SEVEN = ((7, 6.5), (21, 6.5), (21, 9), (15, 22.5), (12, 22.5), (17.5, 9.5), (7, 9.5), (7, 6.5))


def command(server: Server, *words: str) -> None:
    """A command of GANscope in the server's folders."""
    where = ["--runs-dir", server.folder / "runs", "--data-dir", server.folder / "data"]
    line = [sys.executable, "-m", "gan_core", words[0], *where, *words[1:]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(list(map(str, line)), check=True, cwd=ROOT, **quiet)


def train(server: Server) -> None:
    """Those of RUNS that are not there."""
    for run, words in RUNS.items():
        if not (server.folder / "runs" / run).exists():
            command(server, *words)


def keep(page: Page, name: str, height: int = SIZE["height"]) -> None:
    """What the window shows now, down to `height` pixels, as docs/pictures/NAME.webp."""
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": SIZE["width"], "height": height})
    path = PICTURES / f"{name}.webp"
    Image.open(io.BytesIO(shot)).convert("RGB").save(path, quality=78, method=6)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def opened(page: Page, server: Server, address: str) -> None:
    page.goto(server.url + address)
    at_rest(page)


def painted(page: Page) -> None:
    """Until the curves of a run are drawn."""
    wait_for(page, lambda: page.locator(".curves[data-last]").count(), "curves", PATIENCE / 1000)
    page.wait_for_timeout(1500)


# ---- one function a picture ----


def home(page: Page, server: Server) -> None:
    """What a first visit shows: a server without a run."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as empty:
        opened(page, empty, "/")
        page.wait_for_timeout(1500)
        keep(page, "home", 620)


def run(page: Page, server: Server) -> None:
    """A run that is healthy and finished."""
    opened(page, server, f"/train?run={DIGITS}")
    painted(page)
    keep(page, "run")


def explore(page: Page, server: Server) -> None:
    opened(page, server, f"/explore?run={DIGITS}")
    wait_for(page, lambda: page.locator(".dimensions[data-filled]").count(), "filled strips")
    wait_for(page, lambda: page.locator("[data-score]").count(), "what D thinks")
    page.wait_for_timeout(1500)
    keep(page, "explore")


def ill(page: Page, server: Server) -> None:
    """The generator wins, and why."""
    opened(page, server, f"/train?run={ILL}")
    painted(page)
    button(page, "Why").click()
    expect(page.get_by_text("found images that D accepts")).to_be_visible()
    page.mouse.move(SIZE["width"] / 2, 90)  # away from the button and its help
    page.wait_for_timeout(800)
    keep(page, "ill")


def compare(page: Page, server: Server) -> None:
    opened(page, server, f"/compare?runs={DIGITS},{ILL}")
    page.wait_for_timeout(12_000)
    keep(page, "compare")


def shapes(folder: Path) -> Path:
    """Discs, squares and triangles in colours, of two sizes, and one file that is cut off."""
    draw_random = np.random.default_rng(1)
    for i in range(SHAPES):
        kind = ("discs", "squares", "triangles")[i % 3]
        picture = Image.new("RGB", ((96, 72), (72, 96))[i % 2], (245, 242, 235))
        middle = np.array(picture.size) / 2 + draw_random.uniform(-8, 8, 2)
        half, colour = draw_random.uniform(14, 28), tuple(draw_random.integers(30, 200, 3).tolist())
        sides = {"discs": 60, "squares": 4, "triangles": 3}[kind]
        turned = draw_random.uniform(0, 360)
        ImageDraw.Draw(picture).regular_polygon((*middle, half), sides, turned, colour)
        (folder / kind).mkdir(parents=True, exist_ok=True)
        picture.save(folder / kind / f"{i:03d}.png")
    whole = (folder / "discs" / "000.png").read_bytes()
    (folder / "discs" / "cut_off.png").write_bytes(whole[: len(whole) // 2])
    return folder


def own(page: Page, server: Server) -> None:
    """The check-up of a folder of pictures."""
    folder = shapes(server.folder / "shapes")
    opened(page, server, "/data")
    page.locator(".card[data-name=mnist_5k]").wait_for(timeout=PATIENCE)
    page.wait_for_timeout(800)
    keep(page, "data", 560)
    page.get_by_label("or a path on this machine").fill(str(folder))
    button(page, "Check").click()
    page.locator(".gs.desk[data-phase=ready]").wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2500)
    keep(page, "own_pictures")


def sketch(page: Page, server: Server) -> None:
    """The outline of a 7 is drawn by hand, and answered."""
    opened(page, server, f"/translate?run={EDGES}")
    wait_for(page, lambda: page.locator(".output[data-answers]").count(), "an output")
    button(page, "Clear").click()
    page.wait_for_timeout(600)
    box = page.locator(".draw canvas.drawing").bounding_box()
    side = box["width"] / 28  # of a pixel of the drawing
    places = [(box["x"] + x * side, box["y"] + y * side) for x, y in SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    page.wait_for_timeout(2500)
    keep(page, "sketch")


def choose(page: Page, run: str) -> None:
    """Click the row of a run, the newest being the first; the table is painted on a canvas."""
    row = list(reversed(RUNS)).index(run)
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 400, box["y"] + 37 + 39 * row + 19)


def take_away(page: Page, server: Server) -> None:
    opened(page, server, f"/runs?run={DIGITS}")
    page.set_viewport_size({**SIZE, "height": 1000})
    at_rest(page)
    until(page, lambda: choose(page, DIGITS), page.get_by_text(f"Family of {DIGITS}"), "its panel")
    page.get_by_role("tab", name="Take away").click()
    page.wait_for_timeout(1500)
    page.get_by_role("tab", name="Take away").scroll_into_view_if_needed()
    keep(page, "take_away", 1000)
    page.set_viewport_size(SIZE)


def web_page(page: Page, server: Server) -> None:
    """The digits of the app as one page, opened from the disk."""
    path = server.folder / "digits.html"
    command(server, "export", "bundled-digits", "--format", "web", "--out", str(path))
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]")
    page.wait_for_timeout(1000)
    keep(page, "web_page")


def learn(page: Page, server: Server) -> None:
    opened(page, server, "/learn?chapter=collapse")
    page.get_by_text("Three to seven.").click()
    button(page, "Let me see").click()
    page.wait_for_timeout(12_000)
    page.get_by_role("heading", name="Learn", exact=True).scroll_into_view_if_needed()
    keep(page, "learn")


def door(page: Page, server: Server) -> None:
    """The form that asks for the password."""
    password = {"GAN_PASSWORD": "a long sentence"}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), **password) as closed:
        page.set_viewport_size({**SIZE, "height": 420})
        page.goto(closed.url)
        page.wait_for_timeout(1500)
        keep(page, "door", 420)


TAKEN = {
    made.__name__: made
    for made in (
        *(home, run, explore, ill, compare, own),
        *(sketch, take_away, web_page, learn, door),
    )
}
NEED_RUNS = {"run", "explore", "ill", "compare", "sketch", "take_away"}


@contextlib.contextmanager
def serving(folder: Path, **env: str) -> Iterator[Server]:
    server = Server(folder, **env).start()
    try:
        yield server
    finally:
        server.end()


def take(names: list[str], folder: Path) -> None:
    """The pictures of these names."""
    PICTURES.mkdir(exist_ok=True)
    if NEED_RUNS & {*names}:
        train(Server(folder))
    with serving(folder) as server, sync_playwright() as found:
        browser = found.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name in names:
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            TAKEN[name](page, server)
            page.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *TAKEN], help="these pictures alone")
    parser.add_argument("--keep", type=Path, help="a folder for the runs, which stay there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = args.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        take(args.names or list(TAKEN), folder)


if __name__ == "__main__":
    main()
