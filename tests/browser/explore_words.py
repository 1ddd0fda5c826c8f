"""What the browser tests of the Explore page share: how many frames were drawn, their pixels, rest."""

from tests.browser.helpers import wait_for

STEPS = 60  # of the run that the tests of this page look at


def frames(page) -> int:
    """Images that the large canvas has shown."""
    found = page.locator(".image")
    return int(found.get_attribute("data-frames") or 0) if found.count() else 0


def pixels(page, canvas=".image canvas") -> list[int]:
    """The bytes of a canvas."""
    script = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    return page.locator(canvas).first.evaluate(script)


def settle(page):
    """Until the sliders' strips and the neighbours belong to the shown image."""
    wait_for(page, lambda: page.locator(".dimensions[data-filled]").count(), "filled strips")
    page.wait_for_timeout(400)
