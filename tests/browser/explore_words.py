"""What the browser tests of the Explore page share: how many frames were drawn, their pixels, rest."""

import base64
from weakref import WeakKeyDictionary

from playwright.sync_api import expect

from tests.browser.helpers import PATIENCE, wait_for

STEPS = 60  # of the run that the tests of this page look at
QUIET = 4  # looks in a row without a question: the page asks the next as soon as one is answered
UNDER_WAY = WeakKeyDictionary()  # page -> its questions to the generator without an answer yet


def frames(page) -> int:
    """Images that the large canvas has shown."""
    found = page.locator(".image")
    return int(found.get_attribute("data-frames") or 0) if found.count() else 0


PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return btoa(text);
}"""  # Playwright would look at each number of an array


def pixels(page, canvas=".image canvas") -> bytes:
    """The bytes of a canvas."""
    return base64.b64decode(page.locator(canvas).first.evaluate(PIXELS))


def alike(one, other) -> bool:
    """Whether two canvases show the same but for a grey level: server and browser may have drawn them."""
    return len(one) == len(other) and all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


def server_draws(page):
    """Choose that every image is asked for."""
    for _ in range(2):
        if not page.locator(".quiet.drawn-by[data-choice=server]").count():
            page.locator(".quiet.drawn-by").click()
    page.locator(".quiet.drawn-by[data-choice=server]").wait_for()


def settle(page):
    """Until the sliders' strips and the neighbours belong to the shown image."""
    wait_for(page, lambda: page.locator(".dimensions[data-filled]").count(), "filled strips")
    quiet(page)


def listen(page):
    """Count what the page asks of the generator from now on; `quiet` needs it."""
    asked = UNDER_WAY[page] = set()
    page.on("request", lambda request: asked.add(request) if "/api/explore/" in request.url else 0)
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: asked.discard(request))


BREATH = "() => new Promise((go) => requestAnimationFrame(() => setTimeout(go)))"


def quiet(page):
    """Until everything the page wants to know is answered and drawn.

    Between two looks the page draws: where it is busy, so are the looks.
    """
    looks = [0]

    def nothing_asked():
        page.evaluate(BREATH)
        looks[0] = 0 if UNDER_WAY[page] else looks[0] + 1
        return looks[0] >= QUIET

    wait_for(page, nothing_asked, "no question to the generator under way")


def overflowing(page) -> list[str]:
    """Parts that are wider than the panel they are in, once all panels have something."""
    expect(page.locator(".opinion[data-score]")).to_be_visible(timeout=PATIENCE)
    found = page.locator(
        ":is(.well, .radio, .labels, .line, .head, .tools, .strips, .tiles):visible"
    ).evaluate_all("""(parts) => parts.filter((n) => !n.closest(".scroller")).map((n) => {
        const panel = (n.getRootNode().host ?? n).closest("[class*='st-key-panel_']");
        const over = panel && n.getBoundingClientRect().right - panel.getBoundingClientRect().right;
        return [panel ? panel.className.match(/panel_\\w+/)[0] : "", n.className, over];
      })""")
    placed = [(panel, part, over) for panel, part, over in found if panel]
    assert len({panel for panel, _, _ in placed}) >= 8  # all panels were looked at
    return [f"{panel} {part} {over:.0f}" for panel, part, over in placed if over > 1]
