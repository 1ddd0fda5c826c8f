"""Choosing and starting a run in a real browser, with the keyboard where that differs."""

import re

from playwright.sync_api import expect

from tests.browser.helpers import PATIENCE, at_rest, button, slow_motion, until


def chosen(page, group: str):
    return page.get_by_role("radiogroup", name=group).locator(
        "[role=radio][aria-checked=true] .name"
    )


def open_form(page, server):
    page.goto(f"{server.url}/train")
    expect(chosen(page, "Recipe")).to_have_text("fast_gan")
    expect(button(page, "Train")).to_be_visible()


def test_a_tour_pasted_settings_and_cards_for_the_keyboard(server, open_tab):
    page = open_tab()
    open_form(page, server)
    a_tour_goes_from_stop_to_stop_moves_nothing_and_ends_at_once(page)
    paste_fills_the_form(page)
    cards_are_a_radio_group_for_the_keyboard(page)


def a_tour_goes_from_stop_to_stop_moves_nothing_and_ends_at_once(page):
    expect(page.locator(".st-key-summary")).to_be_visible()
    at_rest(page)
    tour = page.get_by_role("button", name="What am I looking at?")
    expect(tour).to_be_visible()
    assert not page.get_by_role("dialog").count()  # never unasked
    places = "(nodes) => nodes.map((node) => node.getBoundingClientRect().x)"
    before = page.locator(".stMainBlockContainer [class*=st-key-]").evaluate_all(places)
    tour.click()
    words = page.get_by_role("dialog")
    expect(words).to_contain_text("1 of 4")
    page.keyboard.press("Enter")
    expect(words).to_contain_text("What they learn from")
    page.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("How they learn")
    assert page.locator(".stMainBlockContainer [class*=st-key-]").evaluate_all(places) == before
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    expect(tour).to_be_focused()


def paste_fills_the_form(page):
    button(page, "Paste settings").click()
    box = page.get_by_role("textbox", name="Paste settings")
    box.fill('{"recipe": "hinge_sn", "batch_size": 0}')
    button(page, "Check").click()
    expect(page.get_by_text("must be at least 1")).to_be_visible()
    expect(chosen(page, "Recipe")).to_have_text("fast_gan")
    box.fill('{"recipe": "hinge_sn", "batch_size": 32}')
    button(page, "Check").click()
    expect(chosen(page, "Recipe")).to_have_text("hinge_sn")
    expect(page.get_by_text(re.compile(r"\d+ settings, 1 changed"))).to_be_visible()


def cards_are_a_radio_group_for_the_keyboard(page):
    at_rest(page)
    recipes = page.get_by_role("radiogroup", name="Recipe")
    recipes.get_by_role("radio", checked=True).focus()
    page.keyboard.press("End")
    expect(chosen(page, "Recipe")).to_have_text("toy_mlp")
    expect(chosen(page, "Data")).to_have_text("ring")
    expect(page.get_by_text("Data changed from mnist_5k to ring")).to_be_visible()
    focused = "document.activeElement.shadowRoot?.activeElement?.dataset.name"
    assert page.evaluate(focused) == "toy_mlp"  # a page run does not take the focus away
    data = page.get_by_role("radiogroup", name="Data")
    misfit = data.get_by_role("radio", name="mnist_5k default")
    expect(misfit).to_have_attribute("aria-disabled", "true")
    misfit.click(force=True)  # it says that it is disabled
    expect(chosen(page, "Data")).to_have_text("ring")
    page.keyboard.press("End")  # what does not fit comes last
    assert page.evaluate(focused) == "horse2zebra"  # can be read, not chosen
    expect(chosen(page, "Data")).to_have_text("ring")


def test_start_queue_and_cancel(server, open_tab):
    page = open_tab()
    open_form(page, server)
    page.get_by_role("radio", name="toy_mlp").click()
    expect(page.locator(".st-key-summary")).to_contain_text("ring")
    limit = page.get_by_role("radio", name="30 min", exact=True)
    chosen_limit = page.get_by_role("radio", name="30 min", exact=True, checked=True)
    until(page, limit.click, chosen_limit, "half an hour: it goes on until it is stopped")
    at_rest(page)
    button(page, "Train").click()
    page.wait_for_url("**/train?run=*-toy_mlp-ring")
    first = page.url.split("run=")[1]
    expect(button(page, "Pause")).to_be_visible(timeout=PATIENCE)
    slow_motion(page)

    runs = page.get_by_role("link", name="Runs", exact=True).first
    chip = page.locator(".st-key-job", has_text=first[:5])
    until(page, runs.click, chip, "the chip of the run on another page")
    expect(chip).to_contain_text("step", timeout=PATIENCE)

    at_rest(page)
    page.get_by_role("link", name="Train", exact=True).first.click()
    expect(page.get_by_text("joins the queue")).to_be_visible()
    button(page, "Train").click()
    page.wait_for_url(lambda url: "run=" in url and first not in url)
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("Queued", exact=True)).to_be_visible()
    button(page, "Cancel").click()
    expect(page.get_by_text("Queued", exact=True)).to_have_count(0)
    button(page, "Watch").click()
    page.wait_for_url(f"**/train?run={first}")
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible(timeout=PATIENCE)
