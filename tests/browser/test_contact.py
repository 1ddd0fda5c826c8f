"""A server that is gone: what the page says then, and that it comes back by itself."""

import signal

from playwright.sync_api import expect

from tests.browser.helpers import PATIENCE, button, wait_for

OWN_SERVER = True  # it is killed here


def test_lost_contact_is_one_true_line_that_covers_nothing(server, open_tab):
    page = open_tab()
    page.goto(server.url)
    expect(button(page, "Train now")).to_be_visible()
    server.end(signal.SIGKILL)
    dialog = page.locator(".stDialog section")
    expect(dialog).to_be_attached(timeout=PATIENCE)
    said = dialog.evaluate("(d) => getComputedStyle(d, '::before').content")
    assert said.startswith('"No contact with the program that serves this page.')
    for words in ("Connection error", "internet", "yourscript.py", "Streamlit"):
        for found in page.get_by_text(words).all():
            expect(found).to_be_hidden()
    box = dialog.bounding_box()
    assert box["height"] < 120 and box["y"] > 800  # a line at the foot of a window of 1,000 px
    corner = page.evaluate("document.elementFromPoint(60, 200).closest('.stDialog')")
    assert corner is None
    server.start()
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    wait_for(page, lambda: button(page, "Train now").first.is_enabled(), "a page that goes on")
