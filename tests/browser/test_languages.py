"""Another language in a real browser: asked for, kept, left again; and nothing is wider than the window."""

import re

from playwright.sync_api import expect


def test_a_language_is_asked_for_remembered_and_left(server, open_tab):
    page, asked = open_tab(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/data?lang=ko")
    expect(page.get_by_role("heading", name="데이터", exact=True)).to_be_visible()
    expect(
        page.get_by_text("폴더, zip 또는 이미지를 여기에 놓으세요")
    ).to_be_visible()  # a component
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page).to_have_url(re.compile(r"/data$"))  # the address is as it was
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.reload()
    expect(page.get_by_text("폴더, zip 또는 이미지를 여기에 놓으세요")).to_be_visible()
    asked.clear()
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.get_by_text("Drop a folder, a zip or images here")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not [url for url in asked if "/languages/" in url]  # English needs no catalogue
