"""The Learn page: the plane trains in the page, is stepped through, changed, sprayed; nobody is asked."""

from playwright.sync_api import expect

from tests.browser.helpers import PATIENCE, at_rest, wait_for


def plane(page):
    return page.get_by_role("region", name="The plane")


def step(page):
    return int(plane(page).get_attribute("data-step"))


def test_a_person_trains_watches_and_changes_the_plane(server, open_tab):
    page = open_tab()
    page.goto(f"{server.url}/learn")
    play = page.get_by_role("button", name="Play", exact=True)
    play.click()
    wait_for(page, lambda: step(page) > 20, "twenty steps")
    page.get_by_role("button", name="Pause", exact=True).click()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    paused = step(page)
    page.get_by_role("button", name="One step").click()
    wait_for(page, lambda: step(page) == paused + 1, "one step more")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Together they are called z.").wait_for()
    for _ in range(6):
        page.get_by_role("button", name="Next", exact=True).click()
    wait_for(page, lambda: step(page) == paused + 2, "a round by hand")
    page.get_by_label("Loss", exact=True).select_option("wasserstein")
    page.get_by_label("D learning rate", exact=True).select_option("0.01")
    page.keyboard.press("Alt+Shift+S")
    wait_for(page, lambda: step(page) == paused + 3, "a step by the keyboard")
    page.get_by_role("button", name="Two moons").click()
    canvas = page.locator("canvas.plane")
    canvas.focus()
    before = canvas.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    wait_for(page, lambda: canvas.get_attribute("aria-label") != before, "another fake ringed")
    page.get_by_role("button", name="Draw").click()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + 250, steps=15)
    page.mouse.up()
    wait_for(page, lambda: step(page) > paused + 5, "G follows what was sprayed")
    page.get_by_role("button", name="Restart").click()
    wait_for(page, lambda: step(page) < paused, "a new start")
    assert not [url for url in asked if "/api/" in url]
    wait_for(page, lambda: step(page) > 0, "something that can be kept")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Keep as a run").click()
    page.get_by_label("Name of the run").fill("Mine")
    page.get_by_role("button", name="Keep", exact=True).click()
    kept = step(page)
    link = page.get_by_role("link", name="See it on Train")
    expect(link).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(f"Kept at step {kept}.")).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()


FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const name = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent;
  return { name, line: `${outlineStyle} ${outlineWidth}` };
}"""


def tab_to(page, name, most=60):
    """Tab by Tab to what has this name; there it can be seen where the keyboard is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if name in at["name"]:
            assert at["line"] == "solid 2px", at
            return
    raise AssertionError(f"{most} times Tab, and never at {name}")


def test_a_person_walks_through_a_chapter_by_keyboard_and_a_teachers_lesson(server, open_tab):
    page = open_tab()
    page.emulate_media(reduced_motion="reduce")  # fifty steps between two pictures
    page.goto(f"{server.url}/learn")
    begin = page.get_by_role("button", name="Begin here: 1. What are the two networks?")
    expect(begin).to_be_visible()
    at_rest(page)
    tab_to(page, "Begin here")
    page.keyboard.press("Enter")
    chapter = page.get_by_role("region", name="Chapter")
    play = page.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_disabled()
    tab_to(page, "They stay where they are.")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Let me see")
    page.keyboard.press("Enter")
    expect(chapter.get_by_role("heading", name="Check")).to_be_visible()
    expect(play).to_be_focused()
    tab_to(page, "Higher scores for real points")
    page.keyboard.press("Space")
    expect(chapter.locator(".option.true").first).to_contain_text("They stay where they are.")
    expect(chapter.locator(".option", has_text="your prediction")).to_contain_text("teal points")
    tab_to(page, "Check my answer")
    page.keyboard.press("Enter")
    expect(play).to_be_focused()
    page.keyboard.press("Enter")
    expect(chapter.get_by_role("status")).to_contain_text("Reached at step")
    tab_to(page, "Go on: 2.")
    for _ in range(30):  # and back to the head of the chapter
        page.keyboard.press("Shift+Tab")
        if "All chapters" in page.evaluate(FOCUSED)["name"]:
            break
    page.keyboard.press("Enter")
    card = page.get_by_role("button", name="1. What are the two networks?")
    expect(card).to_contain_text("done, 1 of 2 right")
    expect(card).to_be_focused()
    page.goto(f"{server.url}/learn?chapter=collapse&lesson=Okoye&lock=loss&hide=loop")
    lesson = page.get_by_role("region", name="Lesson")
    expect(lesson).to_contain_text("Lesson: Okoye. Loss is fixed")
    expect(page.get_by_role("heading", name="3. Mode collapse")).to_be_visible()
    expect(page.get_by_label("Loss", exact=True)).to_be_disabled()
    lesson.get_by_role("button", name="Leave the lesson").click()
    expect(page.get_by_label("Loss", exact=True)).to_be_enabled()
    assert "lesson" not in page.url
