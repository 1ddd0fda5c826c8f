"""Whether the ten questions are found on the site: one search, one click; and that it asks no other host.

    mkdocs build --strict && python -m tools.try_docs_search site [--disk] [--shots FOLDER]

Types each question into the site's own search in Chromium and looks at the first three pages that it
shows. `--disk` opens the files without a server.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.helpers import FLAGS, chromium

ASKED = {  # as people would type it -> the page that answers
    "own data": "howto/own_data.html",
    "resume": "howto/resume.html",
    "gif": "howto/film.html",
    "collapse": "howto/collapse.html",
    "gpu": "howto/gpu.html",
    "export to my script": "howto/script.html",
    "class demo": "howto/class.html",
    "server": "howto/server.html",
    "add a loss": "howto/loss.html",
    "cite": "howto/cite.html",
}
SEEN = 3  # pages of the list that need no scrolling
RESULT = ".md-search-result__item > a.md-search-result__link"


def place_of(page: Page, words: str, wanted: str) -> int:
    """At which place of the results the page stands, from 1; 0: not among those that are seen."""
    field = page.locator("[data-md-component=search-query]")
    field.click()
    field.press_sequentially(words)  # it listens to keys
    page.locator(RESULT).first.wait_for()
    page.wait_for_timeout(700)
    links = page.locator(RESULT).evaluate_all("(all) => all.map((a) => a.href.split(/[?#]/)[0])")
    return next((i for i, link in enumerate(links[:SEEN], 1) if link.endswith(wanted)), 0)


def look(page: Page, start: str, shots: Path | None) -> list[str]:
    """The questions that are not answered by one search and one click."""
    missed = []
    for words, wanted in ASKED.items():
        page.goto(start)
        place = place_of(page, words, wanted)
        print(f"{words}: {f'place {place}' if place else 'NOT SEEN'}")
        if shots:
            page.screenshot(path=shots / f"search_{words.replace(' ', '_')}.png")
        if not place:
            missed.append(words)
            continue
        page.locator(RESULT).nth(place - 1).click()
        page.wait_for_url(lambda url, wanted=wanted: wanted in url)
    return missed


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--disk", action="store_true", help="open the files without a server")
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the results")
    args = parser.parse_args()
    server = serve(args.site)
    home = f"http://127.0.0.1:{server.server_port}/"
    start = (args.site.resolve() / "index.html").as_uri() if args.disk else f"{home}index.html"
    elsewhere = []
    with sync_playwright() as found:
        browser = found.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        ours = (home, "file:", "data:", "blob:", "about:")
        page.on("request", lambda r: r.url.startswith(ours) or elsewhere.append(r.url))
        missed = look(page, start, args.shots)
        browser.close()
    server.shutdown()
    print(f"not found: {missed or 'none'}; asked elsewhere: {elsewhere or 'none'}")
    return 1 if missed or elsewhere else 0


if __name__ == "__main__":
    raise SystemExit(main())
