"""What axe finds on every page, in light and dark, English and Korean, wide and narrow.

    python tests/benchmark/accessible.py --axe axe.min.js    # axe-core's one file, of any 4.x
    python tests/benchmark/accessible.py learn train         # these places alone
    python tests/benchmark/accessible.py --pictures FOLDER   # and what each looked like

Without `--axe` the file is taken from the package `axe-playwright-python`, where that is installed. Serious
and critical findings make it fail; others are printed. Places are opened as a person would find them: with
a chapter, a game, a tour, a dialogue, the door's form. Not in the tests: it takes minutes.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.cli import main as command  # noqa: E402  (the path above must come first)
from tests.browser import helpers  # noqa: E402

BAD = ("serious", "critical")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}
STEPS = 20  # of the run that pages show
LOOK = """async () => {
  const streamlits = "[data-testid^=stSidebarNav]"; // its own list of pages, in a narrow window
  const found = await axe.run({ exclude: [[streamlits]] }, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help, count: nodes.length, first: nodes[0].target.flat(9).join(" "),
    why: nodes[0].failureSummary.split("\\n").slice(1).join(" ").trim(),
  }));
}"""


def press(*names: str) -> Callable[[Page], None]:
    """Presses buttons one after another."""

    def go(page: Page) -> None:
        for name in names:
            page.get_by_role("button", name=name).first.click()
            page.wait_for_timeout(800)

    return go


def nothing(page: Page) -> None:
    """The page as it opens."""


def answered(page: Page) -> None:
    """A chapter at its last stage."""
    course = page.get_by_role("region", name="Chapter", exact=True)
    course.locator(".option").first.click()
    course.get_by_role("button", name="Let me see").click()
    course.get_by_role("heading", name="Check").wait_for(timeout=helpers.PATIENCE)
    course.get_by_role("radiogroup").last.locator(".option").first.click()
    course.get_by_role("button", name="Check my answer").click()
    page.wait_for_timeout(500)


PLACES: dict[str, tuple[str, Callable[[Page], None]]] = {  # name: address, what is done there
    "home": ("/", nothing),
    "train": ("/train", nothing),
    "train_paste": ("/train", press("Paste settings")),
    "train_tour": ("/train", press("What am I looking at?")),
    "run": ("/train?run={run}", nothing),
    "explore": ("/explore?run={run}", nothing),
    "explore_app": ("/explore?run=bundled-digits", nothing),
    "compare": ("/compare?runs={run}", nothing),
    "runs": ("/runs", nothing),
    "one_run": ("/runs?run={run}", nothing),
    "data": ("/data", nothing),
    "one_set": ("/data?set=mnist_5k", nothing),
    "translate": ("/translate", nothing),
    "style": ("/style", nothing),
    "learn": ("/learn", nothing),
    "learn_link": ("/learn", press("Make a teacher link")),
    "learn_projector": ("/learn?chapter=collapse&projector=1&lesson=Class&lock=loss", nothing),
    "learn_digits": ("/learn", press("From points to digits")),
    "learn_sees": ("/learn", press("What a discriminator sees")),
    "learn_game": ("/learn", press("Beat the discriminator")),
    "learn_chapter": ("/learn?chapter=two-networks", answered),
    "words": ("/", lambda page: page.locator(".gs-words summary").click()),
}
LOOKS = [
    ("light", "en-US", WIDE), ("dark", "en-US", WIDE), ("light", "ko-KR", WIDE), ("light", "en-US", NARROW),
]  # fmt: skip


def axe_source(given: Path | None) -> str:
    if given:
        return given.read_text("utf-8")
    found = importlib.util.find_spec("axe_playwright_python")
    if not found or not found.origin:
        sys.exit("axe is not here: `pip install axe-playwright-python`, or --axe axe.min.js.")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


def looked_at(page: Page, axe: str, url: str, act: Callable[[Page], None]) -> list[dict]:
    page.goto(url)
    helpers.at_rest(page)
    page.wait_for_timeout(2500)  # components draw when they have asked
    act(page)
    page.evaluate(axe)
    return page.evaluate(LOOK)


def tell(name: str, found: list[dict]) -> int:
    bad = [each for each in found if each["impact"] in BAD]
    print(f"{name:44} {len(bad)} serious, {len(found) - len(bad)} others", flush=True)
    for each in found:
        print(f"    {each['impact']} {each['id']} x{each['count']}: {each['first']}: {each['why']}")
    return len(bad)


def door(browser, axe: str, folder: Path) -> int:
    """The form that asks for a password."""
    server, bad = helpers.Server(folder, GAN_PASSWORD="a long sentence").start(), 0
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(server.url)
        page.evaluate(axe)
        bad += tell(f"door, {scheme}", page.evaluate(LOOK))
        page.close()
    server.end()
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", choices=[[], *PLACES, "door"], help="these alone")
    parser.add_argument("--axe", type=Path, help="axe.min.js")
    parser.add_argument("--pictures", type=Path, help="a folder for what was seen")
    args = parser.parse_args()
    axe, bad = axe_source(args.axe), 0
    wanted = args.places or [*PLACES, "door"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as found:
        folder = Path(name)
        where = ["--runs-dir", str(folder / "runs"), "--data-dir", str(folder / "data")]
        command(["train", *where, "--steps", str(STEPS), "--latent-dim", "16", "--set", "width=8"])
        run = next(path.name for path in (folder / "runs").iterdir() if path.name[:5].isdigit())
        server = helpers.Server(folder).start()
        browser = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        for (scheme, locale, size), place in itertools.product(LOOKS, wanted):
            if place == "door":
                continue
            address, act = PLACES[place]
            if locale != "en-US" and act is not nothing:
                continue  # found by their English names
            page = browser.new_context(locale=locale, color_scheme=scheme, viewport=size).new_page()
            page.set_default_timeout(helpers.EACH)
            title = f"{place}, {scheme}, {locale[:2]}, {size['width']}"
            bad += tell(title, looked_at(page, axe, server.url + address.format(run=run), act))
            if args.pictures:
                args.pictures.mkdir(parents=True, exist_ok=True)
                picture = args.pictures / f"{place}_{scheme}_{locale[:2]}_{size['width']}.png"
                page.screenshot(path=picture)
            page.context.close()
        if "door" in wanted:
            bad += door(browser, axe, folder)
        browser.close()
        server.end()
    print(f"{bad} serious findings")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
