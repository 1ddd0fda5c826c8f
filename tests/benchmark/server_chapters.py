"""Do chapters of the server end as they are told, and can they be healed? On five seeds, as people meet them.

    python tests/benchmark/server_chapters.py                        # both, seeds 1 to 5
    python tests/benchmark/server_chapters.py digits --seeds 2       # one of them
    python tests/benchmark/server_chapters.py --pictures FOLDER      # and what was seen

For each seed a fresh server whose chapters train with it, and a real browser: answers, trains, checks,
heals by what the page offers. Printed: what happened, what was right, whether the goal was reached and by
how many presses, seconds of training as the run counts them, seconds until the chapter said what happened,
and CPU seconds of the server meanwhile. Seconds depend on the machine; that all seeds agree does not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.runs.store import RunStore  # noqa: E402  (the path above must come first)
from pages.ui.learn.digits import CHAPTERS  # noqa: E402
from tests.browser import helpers  # noqa: E402

WINDOW = {"width": 1366, "height": 768}
PRESSES = 60  # within which the goal is reached
SEEDED = """
import sys
from streamlit.web import cli
from pages.ui.learn import digits
seed = int(sys.argv.pop(1))
for settings in (digits.SHORT, digits.CRITIC):
    settings["seed"] = seed
cli.main(prog_name="streamlit")
"""


class Seeded(helpers.Server):
    """A server whose chapters train with this seed."""

    def __init__(self, folder: Path, seed: int):
        super().__init__(folder)
        app = str(ROOT / "app.py")
        self.command = (sys.executable, "-c", SEEDED, str(seed), "run", app)

    @property
    def cpu(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@dataclass
class Seen:
    """What one chapter came to."""

    outcome: str
    answer: str
    told: list[str]
    trained: float  # seconds of the run itself
    waited: float  # seconds from the press to what happened
    cpu: float
    presses: int  # until the goal was reached; 0 where it was not


def walk(page: Page, server: Seeded, chapter: str, picture) -> Seen:
    """Predicts, watches, checks, heals."""
    page.goto(f"{server.url}/learn?chapter={chapter}")
    panel = page.locator(".panel.beat:visible")
    panel.locator(".option").first.click()
    began, cpu = time.monotonic(), server.cpu
    panel.get_by_role("button", name="Train and see").click()
    expect(panel.get_by_role("heading", name="Check")).to_be_visible(timeout=10 * helpers.PATIENCE)
    waited, cpu = time.monotonic() - began, server.cpu - cpu
    picture(f"{chapter}_happened")
    panel.get_by_role("radiogroup").last.locator(".option").first.click()
    panel.get_by_role("button", name="Check my answer").click()
    expect(panel.get_by_role("heading", name="Try")).to_be_visible(timeout=helpers.PATIENCE)
    picture(f"{chapter}_checked")
    run = RunStore(server.folder / "runs").summaries()[0]
    trained = RunStore(server.folder / "runs").get(run.id).status().wall_time
    presses = HEALS[chapter](page, panel)
    picture(f"{chapter}_tried")
    return Seen(
        panel.get_attribute("data-seen"),
        panel.get_attribute("data-answer"),
        panel.locator(".told").all_inner_texts(),
        trained,
        waited,
        cpu,
        presses,
    )


def trains_again(page: Page, panel: Locator) -> int:
    """With the numbers of z that are offered."""
    more = panel.get_by_role("button", name="Train again")
    for press in range(1, PRESSES):
        more.click()
        page.wait_for_timeout(500)
        expect(more).to_have_attribute("aria-disabled", "false", timeout=10 * helpers.PATIENCE)
        if panel.get_attribute("data-healed"):
            return press
    return 0


def shuffles(page: Page, panel: Locator) -> int:
    """Patch after patch, by the keyboard, of one digit after the other."""
    presses = 0
    for tile in panel.locator(".tile").all():
        tile.focus()
        for _ in range(PRESSES // 10):
            with page.expect_response(lambda answer: "/opinion?" in answer.url):
                page.keyboard.press("Enter")
            presses += 1
            page.wait_for_timeout(200)  # for what is done with the answer
            if panel.get_attribute("data-healed"):
                return presses
    return 0


HEALS = {"digits": trains_again, "sees": shuffles}


def tell(chapter: str, seen: list[Seen]) -> bool:
    """Whether all seeds agree and were healed."""
    outcomes, answers = {s.outcome for s in seen}, {s.answer for s in seen}
    same = len(outcomes) == len(answers) == 1
    healed = sum(s.presses > 0 for s in seen)
    presses = ", ".join(str(s.presses) for s in seen)
    print(
        f"{chapter:8} {'same' if same else 'DIFFERS'} on {len(seen)}: {' '.join(sorted(outcomes))} / "
        f"{' '.join(sorted(answers))}; healed {healed} of {len(seen)}, by {presses} presses; at most "
        f"{max(s.trained for s in seen):.0f} s of training, {max(s.waited for s in seen):.0f} s waited, "
        f"{max(s.cpu for s in seen):.0f} s of CPU"
    )
    for each in seen:
        print("   ", *each.told)
    return same and healed == len(seen)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", choices=[[], *CHAPTERS], help="these alone")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--pictures", type=Path, help="a folder for what was seen")
    args = parser.parse_args()
    chapters = args.chapters or CHAPTERS
    seen: dict[str, list[Seen]] = {chapter: [] for chapter in chapters}
    with sync_playwright() as found:
        browser = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        for seed in range(1, args.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                server = Seeded(Path(folder), seed).start()
                page = browser.new_context(viewport=WINDOW).new_page()
                page.set_default_timeout(helpers.EACH)

                def picture(name: str, page=page, seed=seed) -> None:
                    if args.pictures:
                        args.pictures.mkdir(parents=True, exist_ok=True)
                        page.screenshot(path=args.pictures / f"{seed}_{name}.png", full_page=True)

                for chapter in chapters:
                    seen[chapter].append(walk(page, server, chapter, picture))
                    print(f"seed {seed}, {chapter}: {seen[chapter][-1]}", flush=True)
                page.context.close()
                server.end()
        browser.close()
    wrong = [chapter for chapter in chapters if not tell(chapter, seen[chapter])]
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
