"""Fifteen minutes of somebody who never heard of GANs: from Home to a collapse that was predicted and healed.

    python tests/benchmark/first_lesson.py                     # the first lesson: three chapters
    python tests/benchmark/first_lesson.py --pictures FOLDER   # and what was seen, step by step
    python tests/benchmark/first_lesson.py --all               # every chapter, one by one
    python tests/benchmark/first_lesson.py --all digits        # this one

A fresh browser on a fresh server walks as such a person would, by what the page offers and nothing else: it
reads whatever stands in the window and was not read before, thinks about each question, presses, waits for
what trains. Printed for each part: words read, seconds of waiting (measured), presses, how often what
comes next was out of the window, and the minutes that come of it at a reader's speed. Steps a second depend
on the machine: waiting is an upper bound on a busy one.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser import helpers  # noqa: E402  (the path above must come first)

READING, THINKING, PRESSING = 200, 15, 3  # words a minute; seconds a question; seconds a press
ALLOWED = 15  # minutes for the first lesson
LAPTOP = {"width": 1366, "height": 768}  # what schools have
GAME = "beat"  # nothing is trained for it
SERVED = ("digits", "sees")  # trained on the server
SHUFFLED = 60  # patches, at most
TOUR = ("two-networks", "no-rest", "collapse")
FLAGS = [flag for flag in helpers.FLAGS if "motion" not in flag]  # the person sees all that moves
IN_WINDOW = """() => {
  const found = [], seen = { visibilityProperty: true, opacityProperty: true };
  const read = (node) => {
    const text = node.textContent.trim(), range = document.createRange(), above = node.parentElement;
    if (!/\\p{L}{2}/u.test(text) || !above?.checkVisibility(seen) || above.closest(".hush")) return;
    range.selectNodeContents(node);
    const { top, bottom, width } = range.getBoundingClientRect(), middle = (top + bottom) / 2;
    if (width > 2 && middle > 0 && middle < innerHeight) found.push(text);
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) read(node);
    else if (!["STYLE", "SCRIPT", "OPTION"].includes(node.nodeName))
      (node.shadowRoot ?? node).childNodes.forEach(walk);
  };
  walk(document.body);
  return found;
}"""


@dataclass
class Part:
    """What one part of the way cost."""

    name: str
    words: int = 0
    waited: float = 0.0  # seconds
    presses: int = 0
    questions: int = 0
    beyond: list[str] = field(default_factory=list)  # what had to be scrolled to

    @property
    def minutes(self) -> float:
        seconds = self.waited + THINKING * self.questions + PRESSING * self.presses
        return self.words / READING + seconds / 60

    def line(self) -> str:
        beyond = f"; scrolled to {', '.join(self.beyond)}" if self.beyond else ""
        return (
            f"{self.name:34} {self.words:5} words {self.questions:2} questions {self.presses:3} presses "
            f"{self.waited:5.0f} s waited {self.minutes:5.1f} min{beyond}"
        )


class Person:
    """Reads once what comes into the window, and presses what is there to be pressed."""

    def __init__(self, page: Page, pictures: Path | None):
        self.page, self.pictures = page, pictures
        self.read, self.parts = set(), []

    def begins(self, name: str) -> None:
        self.parts.append(Part(name))

    @property
    def part(self) -> Part:
        return self.parts[-1]

    def looks(self, what: str) -> None:
        """Reads what is new in the window; numbers that change are no new text."""
        self.page.wait_for_timeout(400)
        for text in self.page.evaluate(IN_WINDOW):
            told = re.sub(r"[\d.,]+", "#", text)
            if told not in self.read:
                self.read.add(told)
                self.part.words += len(re.findall(r"[^\W\d_]{2,}", text))
        if self.pictures:
            number = len(list(self.pictures.glob("*.png"))) + 1
            self.page.screenshot(path=self.pictures / f"{number:02d}_{what}.png")

    def presses(self, node: Locator, name: str) -> None:
        expect(node).to_be_enabled(timeout=helpers.PATIENCE)
        box = node.bounding_box()
        if not 56 <= box["y"] <= LAPTOP["height"] - box["height"]:
            self.part.beyond.append(name)
            node.scroll_into_view_if_needed()
            self.looks(f"scrolled_to_{re.sub(r'[^a-z]+', '_', name.lower())}")
        node.click()
        self.part.presses += 1

    def waits_for(self, node: Locator, seconds: float = 300) -> None:
        began = time.monotonic()
        expect(node).to_be_visible(timeout=1000 * seconds)
        self.part.waited += time.monotonic() - began


def from_home(person: Person, url: str) -> None:
    """The first visit: what is this, and where does somebody begin who knows nothing?"""
    person.begins("Home")
    person.page.goto(url)
    helpers.at_rest(person.page)
    person.looks("home")
    person.presses(person.page.get_by_role("button", name="Learn shows it"), "Learn")
    person.begins("Learn, before any chapter")
    expect(person.page.get_by_role("region", name="The plane")).to_be_visible()
    helpers.at_rest(person.page)
    person.looks("learn")
    person.presses(person.page.get_by_role("button", name="Begin here"), "the first chapter")


def chapter(person: Person, id_: str, *, guess: int = 0) -> None:
    """Predict (not knowing), watch, check, heal."""
    page, go = person.page, "Train and see" if id_ in SERVED else "Let me see"
    course = page.get_by_role("region", name="Chapter", exact=True)
    if id_ in SERVED:
        course = page.locator(".panel.served:visible")
    person.begins(course.locator("h2").inner_text())
    person.looks(f"{id_}_predict")
    person.part.questions += 1
    person.presses(course.locator(".option").nth(guess), "an answer")
    person.presses(course.get_by_role("button", name=go), go)
    page.wait_for_timeout(1500)
    person.looks(f"{id_}_watch")
    person.waits_for(course.get_by_role("heading", name="Check"))
    person.looks(f"{id_}_check")
    person.part.questions += 1
    person.presses(
        course.get_by_role("radiogroup").last.locator(".option").first, "a second answer"
    )
    person.presses(course.get_by_role("button", name="Check my answer"), "Check my answer")
    person.waits_for(course.get_by_role("heading", name="Try"))
    person.looks(f"{id_}_try")
    HEALS.get(id_, heals)(person, course)
    person.looks(f"{id_}_healed")


def heals(person: Person, course: Locator) -> None:
    """Does what Try says; Both is pressed already."""
    sets = course.get_by_role("button", name="Set it so")
    if sets.count():
        person.presses(sets, "Set it so")
        person.looks("set")
    play = person.page.get_by_role("button", name="Play", exact=True)
    if play.count():
        person.presses(play, "Play")
    person.waits_for(course.get_by_text("Reached at step"))


def trains_again(person: Person, course: Locator) -> None:
    """With the numbers of z that are offered."""
    person.presses(course.get_by_role("button", name="Train again"), "Train again")
    person.looks("again")
    person.waits_for(course.get_by_text("Reached:"))


def shuffles(person: Person, course: Locator) -> None:
    """Shuffles the middle of one digit after the other, until D takes one for a fake."""
    reached = course.get_by_text("Reached:")
    tiles = course.locator(".tile canvas").all()
    for i in range(SHUFFLED):
        canvas = tiles[i // 5 % len(tiles)]
        box = canvas.bounding_box()
        across, down = ((0.5, 0.5), (0.4, 0.3), (0.6, 0.7), (0.6, 0.3), (0.4, 0.7))[i % 5]
        canvas.click(position={"x": across * box["width"], "y": down * box["height"]})
        person.part.presses += 1
        person.page.wait_for_timeout(1500)
        if reached.count():
            return
    raise AssertionError(f"{SHUFFLED} patches, and D was never fooled")


HEALS = {"digits": trains_again, "sees": shuffles}


def goes_on(person: Person) -> None:
    person.presses(person.page.get_by_role("button", name="Go on:").first, "Go on")


def first_lesson(person: Person, url: str) -> float:
    """Minutes from Home to the healed collapse."""
    from_home(person, url)
    for i, id_ in enumerate(TOUR):
        if i:
            goes_on(person)
        chapter(person, id_)
    return sum(part.minutes for part in person.parts)


def every_chapter(person: Person, url: str, wanted: list[str]) -> None:
    person.page.goto(f"{url}/learn")
    cards = person.page.locator(".card[data-chapter]")
    cards.first.wait_for()
    ids = cards.evaluate_all("(all) => all.map((each) => each.dataset.chapter)")
    for id_ in [each for each in ids if each != GAME and each in (wanted or ids)]:
        person.page.goto(f"{url}/learn?chapter={id_}")
        person.page.locator(".panel:is(.course, .served):visible").wait_for()
        chapter(person, id_)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, help="a folder for what was seen")
    parser.add_argument(
        "--all", nargs="*", metavar="ID", help="every chapter, or these, from its own address"
    )
    parser.add_argument("--language", default="en-US", help="of the browser")
    args = parser.parse_args()
    if args.pictures:
        args.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as found:
        server = helpers.Server(Path(folder)).start()
        browser = found.chromium.launch(executable_path=helpers.chromium(), args=FLAGS)
        page = browser.new_context(viewport=LAPTOP, locale=args.language).new_page()
        page.set_default_timeout(helpers.EACH)
        person = Person(page, args.pictures)
        try:
            if args.all is not None:
                every_chapter(person, server.url, args.all)
                minutes = 0.0
            else:
                minutes = first_lesson(person, server.url)
        finally:
            print(*(part.line() for part in person.parts), sep="\n")
            browser.close()
            server.end()
    if args.all is None:
        print(f"{minutes:.1f} of {ALLOWED} minutes at {READING} words a minute")
    return int(minutes > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
