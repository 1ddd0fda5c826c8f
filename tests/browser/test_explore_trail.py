"""Explore in a real browser: going back, many classes, words, the wheel, the focus."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core import __version__
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from tests.browser.explore_words import alike, frames, overflowing, pixels, quiet, settle
from tests.browser.helpers import PATIENCE, button, wait_for


def is_settled(page) -> int:
    """How many views the trail of this page has so far."""
    return page.evaluate("history.state?.explore?.at ?? -1")


def step_to(page, act) -> tuple[str, list[int]]:
    """Do something that leads to another view; its address and pixels once it has settled."""
    before = is_settled(page)
    act()
    wait_for(page, lambda: is_settled(page) > before, "a settled view")
    quiet(page)
    return page.url, pixels(page)


def shows(page, view: tuple[str, list[int]]) -> bool:
    return page.url == view[0] and alike(pixels(page), view[1])


def test_back_and_forward_undo_and_redo_walk_one_trail(explore, run):
    page = explore("&seed=3&class=4")
    settle(page)
    wait_for(page, lambda: is_settled(page) == 0, "the first view")
    page.evaluate("window.sameDocument = true")
    views = [(page.url, pixels(page))]
    expect(button(page, "Undo").first).to_be_disabled()
    views.append(step_to(page, lambda: button(page, "New z").click()))
    views.append(step_to(page, page.get_by_role("radio", name="7", exact=True).click))
    slider = page.locator(".directions .thumb").first
    views.append(step_to(page, lambda: slider.press("End")))
    assert len({url for url, _ in views}) == 4
    page.go_back()
    wait_for(page, lambda: shows(page, views[2]), "the browser's Back")
    button(page, "Undo").first.click()
    wait_for(page, lambda: shows(page, views[1]), "Undo")
    page.locator(".image .radio button[tabindex='0']").focus()
    page.keyboard.press("Control+z")
    wait_for(page, lambda: shows(page, views[0]), "Ctrl+Z")
    expect(button(page, "Undo").first).to_be_disabled()
    button(page, "Redo").click()
    wait_for(page, lambda: shows(page, views[1]), "Redo")
    page.go_forward()
    page.go_forward()
    wait_for(page, lambda: shows(page, views[3]), "the browser's Forward")
    expect(button(page, "Redo")).to_be_disabled()
    assert page.evaluate("window.sameDocument") is True
    page.go_back()
    wait_for(page, lambda: shows(page, views[2]), "back once more")
    page.reload()
    wait_for(
        page, lambda: frames(page) > 0 and shows(page, views[2]), "the same after a reload", 150
    )
    page.go_back()
    wait_for(page, lambda: shows(page, views[1]), "back by the address alone")
    back_leads_to_the_generator_before(page, run)


def back_leads_to_the_generator_before(page, run):
    quiet(page)
    first = pixels(page)
    page.locator(".st-key-explore_run input").first.click()
    page.get_by_role("option", name="Digits (comes with the app)").click()
    wait_for(page, lambda: "run=bundled-digits" in page.url, "another generator")
    wait_for(page, lambda: page.locator(".image[data-step='6000']").count(), "its image", 60)
    wait_for(page, lambda: "seed=" in page.url, "its view in the address")
    page.go_back()
    wait_for(page, lambda: f"run={run.id}" in page.url, "the address of the run")
    wait_for(page, lambda: alike(pixels(page), first), "its image", 60)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory, trained_small):
    """crowd(K): a run that was trained for two steps on K classes."""
    folder = tmp_path_factory.mktemp("crowd")
    rng = np.random.default_rng(0)

    def make(num_classes):
        y = np.arange(2 * num_classes) % num_classes
        x = rng.integers(0, 256, (len(y), 28, 28), np.uint8)
        (folder / "data").mkdir(exist_ok=True)
        np.savez(folder / "data" / f"k{num_classes}.npz", x_train=x, y_train=y)
        known = set(RunStore(folder).ids())
        place = ["--runs-dir", str(folder), "--data-dir", str(folder / "data")]
        small = ["--steps", "2", "--latent-dim", "8", "--set", "width=8", "--batch-size", "8"]
        trained_small("--dataset", f"k{num_classes}", *place, *small)
        (name,) = set(RunStore(folder).ids()) - known
        return folder / name, folder / "data" / f"k{num_classes}.npz"

    return make


@pytest.mark.sampled(1)
@pytest.mark.parametrize("num_classes", [27, 1000])
def test_many_classes_stay_in_their_panels(num_classes, crowd, server, open_tab):
    import shutil

    path, data = crowd(num_classes)
    name = f"{90000 + num_classes:05d}-fast_gan-{data.stem}"
    shutil.copytree(path, server.folder / "runs" / name)
    (server.folder / "data").mkdir(exist_ok=True)
    shutil.copy(data, server.folder / "data")
    page = open_tab()
    last = num_classes - 1
    page.goto(f"{server.url}/explore?run={name}&class={last}")
    wait_for(page, lambda: frames(page) > 0, "first image", 150)
    settle(page)
    expect(page.locator(".matrix .pager, .matrix .head .right").first).to_be_visible()
    assert page.locator(".matrix .labels span").last.inner_text() == str(last)
    assert page.locator(".matrix .labels span").count() <= 20
    button(page, "Next classes").click()  # from the end to the beginning
    expect(page.locator(".matrix .labels span").first).to_have_text("0")
    wait_for(page, lambda: page.locator(".matrix[data-from='0']").count(), "the first classes")
    assert f"class={last}" in page.url  # looking at others chooses none
    page.get_by_label("Find a class").fill("11")
    page.get_by_role("radio", name="11", exact=True).click()
    wait_for(page, lambda: "class=11" in page.url, "the class that was found")
    for width in (1280, 1000, 768, 683, 400):
        page.set_viewport_size({"width": width, "height": 1000})
        wait_for(page, lambda: overflowing(page) == [], f"nothing too wide at {width} px")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    (server.folder / "data" / data.name).unlink()


def test_words_the_wheel_the_menu_and_play_with_less_motion(explore, run):
    page = explore(reduced_motion="reduce")
    assert page.title() == f"Explore {run.id.split('-')[0]} - GANscope"
    settle(page)
    the_wheel_moves_the_page_until_the_map_is_asked(page)
    words_explain_themselves(page)
    play_goes_one_step_a_press(page, run)
    the_menu_opens(page)


def words_explain_themselves(page):
    """By keyboard and pointer."""
    word = button(page, "What would change its mind")
    expect(word).to_be_visible(timeout=PATIENCE)
    word.hover()
    tip = page.locator(".opinion .tip")
    expect(tip).to_contain_text("score would rise or fall")
    page.mouse.move(5, 5)
    expect(tip).to_have_count(0)
    button(page, "SeFa").focus()
    page.keyboard.press("Tab")  # a focus by keyboard
    expect(page.locator(".directions .tip")).to_contain_text("Local")
    page.keyboard.press("Escape")
    expect(page.locator(".directions .tip")).to_have_count(0)
    button(page, "Real").click()
    colours = pixels(page, ".opinion canvas")
    assert colours[0::4] == colours[1::4] == colours[2::4]  # told apart without any colour
    page.locator(".gs-words summary").click()
    expect(page.locator(".gs-words")).to_contain_text("Spectral normalisation")


def the_wheel_moves_the_page_until_the_map_is_asked(page):
    wait_for(page, lambda: page.locator(".toolbox[data-maps]").count(), "map")
    well = page.locator(".map .well")
    well.scroll_into_view_if_needed()
    scale = page.locator(".map .scale span").first
    before, top = scale.inner_text(), page.locator(".stMain").evaluate("n => n.scrollTop")
    well.hover()
    page.mouse.wheel(0, 120)
    wait_for(page, lambda: page.locator(".stMain").evaluate("n => n.scrollTop") != top, "scrolling")
    assert scale.inner_text() == before
    button(page, "Zoom in").click()
    wait_for(page, lambda: scale.inner_text() != before, "a nearer map")


def play_goes_one_step_a_press(page, run):
    steps = sorted(checkpoints.list_weights(run.path))
    page.get_by_label("Checkpoint", exact=True).select_option(str(steps[0]))
    expect(page.locator(f".image[data-step='{steps[0]}']")).to_be_attached()
    play = page.locator(".time").get_by_role("button", name="Play")
    for step in steps[1:4]:  # were it playing, a second press would hold it
        play.click()
        expect(page.locator(f".image[data-step='{step}']")).to_be_attached()
        quiet(page)
        expect(page.locator(f".image[data-step='{step}']")).to_be_attached()
    expect(play).to_have_text("Play")


def the_menu_opens(page):
    page.get_by_test_id("stMainMenuButton").click()
    menu = page.get_by_test_id("stMainMenuPopover")
    for name in ("Light", "Dark"):
        expect(menu.get_by_role("menuitemradio", name=name)).to_be_visible()
    menu.get_by_role("menuitem", name="About").click()
    expect(page.get_by_role("dialog")).to_contain_text(__version__)


def outlined(page) -> list[str]:
    """Width, style and gap of the outlines round what has the focus, innermost first."""
    return page.evaluate("""() => {
      let node = document.activeElement;
      while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
      const found = [];
      for (let i = 0; i < 4 && node; i++, node = node.parentElement) {
        const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(node);
        if (outlineStyle !== "none") found.push(`${outlineWidth} ${outlineStyle} ${outlineOffset}`);
      }
      return found;
    }""")


def test_the_focus_is_seen_wherever_the_keyboard_goes(server, open_tab):
    page = open_tab()
    page.goto(f"{server.url}/train")
    button(page, "Train").last.wait_for()
    wanted, seen = "2px solid 2px", 0
    for _ in range(22):
        page.keyboard.press("Tab")
        if page.evaluate("['BODY', 'MAIN'].includes(document.activeElement.tagName)"):
            continue
        seen += 1
        assert outlined(page) == [wanted], page.evaluate("document.activeElement.outerHTML")[:200]
    assert seen >= 15
    page.goto(f"{server.url}/explore")
    box = page.locator(".st-key-explore_run input")
    box.wait_for()
    box.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert wanted in outlined(page)
