"""Exploring a stored generator in a real browser: drag, link, follow, and what goes wrong."""

import re

from playwright.sync_api import expect

from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from tests.browser.explore_words import (
    STEPS,
    alike,
    frames,
    overflowing,
    pixels,
    quiet,
    server_draws,
    settle,
)
from tests.browser.helpers import PATIENCE, button, wait_for


def test_a_drag_shows_images_before_it_ends_and_a_busy_server_is_asked_again(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    before, start = pixels(page), frames(page)
    track = page.locator(".dimensions .track").first.bounding_box()
    y = track["y"] + track["height"] / 2
    page.locator(".dimensions .track").first.scroll_into_view_if_needed()
    track = page.locator(".dimensions .track").first.bounding_box()
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 16, y)
    page.mouse.down()
    for i in range(1, 5):  # the button stays down: each place of it is answered by an image
        page.mouse.move(track["x"] + 16 + i * (track["width"] - 32) / 5, y, steps=6)
        wait_for(page, lambda start=start: frames(page) > start, "an image while the drag goes on")
        start = frames(page)
    page.mouse.up()
    wait_for(page, lambda: "z=" in page.url, "z in the address")
    assert pixels(page) != before
    button(page, "Reset").first.click()
    wait_for(page, lambda: alike(pixels(page), before), "the first image again")
    browser_draws(page)
    a_busy_server_is_asked_again_and_only_for_the_newest(page)


def browser_draws(page):
    """Chosen by the person: the same image without a question to the server, and back."""
    server_draws(page)
    page.locator(".quiet.drawn-by").click()
    expect(page.locator(".quiet.drawn-by[data-choice=here][data-state=here]")).to_be_visible()
    quiet(page)
    shown, drawn, asked = pixels(page), frames(page), []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("radio", name="5", exact=True).click()
    wait_for(page, lambda: frames(page) > drawn and not alike(pixels(page), shown), "class 5")
    page.get_by_role("radio", name="4", exact=True).click()
    wait_for(page, lambda: alike(pixels(page), shown), "the image of before")
    quiet(page)
    assert not [url for url in asked if "/images" in url]
    page.locator(".quiet.drawn-by").click()
    expect(page.locator(".quiet.drawn-by")).to_have_text("drawn by the server")
    wait_for(page, lambda: any("/images" in url for url in asked), "a question to the server")
    quiet(page)
    assert alike(pixels(page), shown)


def a_busy_server_is_asked_again_and_only_for_the_newest(page):
    server_draws(page)
    quiet(page)
    asked, refuse = [], [3]

    def answer(route):
        asked.append(route.request.post_data_buffer)
        if refuse[0] == 0:
            return route.continue_()
        refuse[0] -= 1
        return route.fulfill(status=503, json={"error": "The generator is busy."})

    page.route("**/images?*", answer)
    for name in "56789":
        page.get_by_role("radio", name=name, exact=True).click()
    wait_for(page, lambda: "class=9" in page.url and len(asked) > 3, "an answer after the refusals")
    quiet(page)
    page.unroute("**/images?*")
    shown = pixels(page)
    expect(page.locator(".source .said")).to_be_empty()
    page.reload()
    wait_for(
        page, lambda: frames(page) > 0 and alike(pixels(page), shown), "the image of class 9", 150
    )
    width = 4 * (16 + 10)  # the first row of a body is the view
    views = [bytes(body[:width]) for body in asked[:4]]
    assert views[-1] != views[0]  # what was refused first is not what was asked at last


def test_a_link_restores_the_view(explore, open_tab):
    page = explore("&seed=11&class=7")
    settle(page)
    slider = page.locator(".directions .thumb").nth(1)
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    page.get_by_label("Checkpoint", exact=True).select_option(str(STEPS))
    wait_for(page, lambda: "z=" in page.url and f"step={STEPS}" in page.url, "the view in the link")
    quiet(page)
    shown = pixels(page)
    other = open_tab()
    other.goto(page.url)
    wait_for(other, lambda: frames(other) > 0, "first image", 150)
    wait_for(other, lambda: alike(pixels(other), shown), "the same image")
    assert other.get_by_role("radio", name="7", exact=True).get_attribute("aria-checked") == "true"
    assert other.get_by_role("switch").get_attribute("aria-checked") == "false"


def test_nothing_is_cut_when_narrow_and_newer_weights_are_followed(explore, run):
    page = explore(viewport={"width": 400, "height": 900}, color_scheme="dark")
    settle(page)
    between_a_telephone_and_a_desk_nothing_is_cut(page)
    newer_weights_are_followed_until_an_older_step_is_chosen(page, run)


def newer_weights_are_followed_until_an_older_step_is_chosen(page, run):
    arrays, meta = checkpoints.load_weights(run.path, 0)
    kept = {k: v for k, v in meta.items() if k not in ("format", "step", "created_at", "sha256")}
    checkpoints.save_weights(run.path, STEPS + 40, arrays, kept)
    expect(page.locator(f".image[data-step='{STEPS + 40}']")).to_be_attached()
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    checkpoints.save_weights(run.path, STEPS + 80, arrays, kept)
    expect(page.locator(f".source[data-newest='{STEPS + 80}']")).to_be_attached()
    quiet(page)
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    page.get_by_role("switch").click()
    expect(page.locator(f".image[data-step='{STEPS + 80}']")).to_be_attached()


def between_a_telephone_and_a_desk_nothing_is_cut(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    text = page.get_by_role("button", name="Open a file").locator("p").first
    for width in (683, 768, 853):
        page.set_viewport_size({"width": width, "height": 1000})
        wait_for(page, lambda: overflowing(page) == [], "nothing too wide")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".st-key-panel_opinion").bounding_box()["width"] >= 200
        assert text.evaluate("n => n.scrollWidth <= n.clientWidth + 1")


def every_part_fills(page, run):
    by_pixels = page.locator(".neighbours .tiles").first.locator("li")
    expect(by_pixels).to_have_count(9, timeout=PATIENCE)
    expect(page.locator(".opinion[data-score]")).to_be_visible(timeout=PATIENCE)
    steps = checkpoints.list_weights(run.path)
    wait_for(
        page,
        lambda: int(page.locator(".time").get_attribute("data-tiles") or 0) >= len(steps),
        "every checkpoint in the strip",
    )


def the_time_machine_goes_back(page):
    strip = page.locator(".time .well").first
    strip.focus()
    strip.press("Home")
    strip.press("Enter")
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    well = page.get_by_role("group", name="This z in every class").first
    well.focus()
    for _ in range(3):
        well.press("ArrowRight")
    well.press("Enter")
    expect(page.get_by_role("radio", name="3", exact=True)).to_have_attribute(
        "aria-checked", "true"
    )


def draw_by_keyboard(page):
    """A dot, a line to its right, and both taken back."""
    canvas = page.get_by_role("application", name="Your drawing")
    empty = pixels(page, ".drawing")
    canvas.press("ArrowDown")
    assert pixels(page, ".drawing") == empty  # the pencil is not down yet
    canvas.press(" ")
    dot = sum(pixels(page, ".drawing"))
    canvas.press("Shift+ArrowRight")
    assert sum(empty) < dot < sum(pixels(page, ".drawing"))
    canvas.press("Escape")
    canvas.press("Control+z")


def test_every_part_fills_and_the_tools_work(explore, run):
    page = explore("&seed=5&class=2")
    settle(page)
    every_part_fills(page, run)
    before = pixels(page)
    well = page.get_by_role("group", name="Map of latent space").first
    wait_for(page, lambda: page.locator(".toolbox[data-maps]").count(), "map")
    well.focus()
    well.press("Enter")
    wait_for(page, lambda: pixels(page) != before, "another image after a tile of the map")
    button(page, "Interpolate").click()
    play = page.locator(".between").get_by_role("button", name="Play")
    expect(play).to_be_disabled()
    button(page, "Keep this z").click()
    expect(play).to_be_disabled()
    button(page, "Keep a new one").click()
    wait_for(page, lambda: page.locator(".toolbox[data-path]").count(), "path")
    expect(play).to_be_enabled()
    button(page, "Mix").click()
    expect(page.get_by_role("slider", name="Blend")).to_be_visible()
    button(page, "Draw").click()
    drawing = pixels(page, ".drawing")
    button(page, "Copy the image shown").click()
    assert pixels(page, ".drawing") == pixels(page)
    button(page, "Invert").click()
    inverted = bytes(v if i % 4 == 3 else 255 - v for i, v in enumerate(pixels(page)))
    assert pixels(page, ".drawing") == inverted
    page.locator(".draw").get_by_role("button", name="Undo").click()
    page.locator(".draw").get_by_role("button", name="Undo").press("Control+z")
    assert pixels(page, ".drawing") == drawing
    draw_by_keyboard(page)
    assert pixels(page, ".drawing") == drawing
    button(page, "Copy the image shown").click()
    what_d_says_is_seen_beside_the_drawing(page)
    button(page, "Find its z").click()
    wait_for(page, lambda: page.locator(".toolbox[data-found]").count(), "answers", 200)
    assert float(page.locator(".toolbox").get_attribute("data-found")) < 0.01
    the_time_machine_goes_back(page)


def what_d_says_is_seen_beside_the_drawing(page):
    button(page, "What D thinks of it").click()
    said = page.locator(".draw > .cap")
    expect(said).to_contain_text(re.compile(r"^D of your image: .* More real than"))
    expect(said).to_be_in_viewport()
    edges = (
        "(node) => [node.clientWidth, node.clientHeight]"  # nothing black that cannot be drawn on
    )
    well, drawing = (
        page.locator(f".draw {part}").evaluate(edges) for part in (".drawn", ".drawing")
    )
    assert well == drawing and drawing[0] >= 300


def test_what_goes_wrong_is_said_in_words(explore, run, server):
    page = explore("&z=AAAA")
    expect(page.locator(".source .said")).to_contain_text("The z in the address does not fit")
    settle(page)
    RunStore(server.folder / "runs").delete(run.id, "test")
    expect(page.locator(".source .said")).to_contain_text(run.id)
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_contain_text(run.id.split("-")[0], timeout=PATIENCE)
