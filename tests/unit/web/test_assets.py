"""Files for the browser: under addresses that may be kept for ever, and nothing outside them."""

import gzip
import re

import pytest

from gan_core.web import assets


def test_components_are_served_under_their_checksum(client):
    answer = client.get(assets.component_url("shared/feed.js"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == (assets.COMPONENTS / "shared/feed.js").read_bytes()


def test_an_old_checksum_is_not_kept(client):
    answer = client.get("/assets/components/000000000000/shared/feed.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    ["none.js", "..%2Flogo.svg", "..", "shared", "shared/../../logo.svg", "shared/feed.js.map"],
)
def test_nothing_else_is_served(client, name):
    answer = client.get(f"/assets/components/{assets.component_version()}/{name}")
    assert answer.status_code == 404


def test_plotly_is_served_packed_and_plain(client):
    packed = client.get(assets.PLOTLY_URL, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    plain = client.get(assets.PLOTLY_URL, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content  # the client has unpacked it
    assert b"plotly.js v" in plain.content[:200]
    assert len(gzip.compress(plain.content, 1)) < len(plain.content) / 2


def modules():
    return sorted(assets.COMPONENTS.rglob("*.js"))


def wrong(paths, look):
    """{file: what `look` finds in its text}, of those in which it finds something."""
    found = {
        path.relative_to(assets.COMPONENTS).as_posix(): look(path, path.read_text("utf-8"))
        for path in paths
    }
    return {name: what for name, what in found.items() if what}


def test_modules_import_only_modules_that_exist():
    def missing(path, text):
        names = re.findall(r'from "(\.[^"]+)"', text)
        files = [f"{name}.d.ts" if name.endswith("/types") else name for name in names]
        return [name for name in files if not (path.parent / name).exists()]

    assert len(modules()) > 100
    assert wrong(modules(), missing) == {}


def test_pages_share_by_the_room_that_is_shared():
    def other_rooms(path, text):
        return set(re.findall(r'from "\.\./(\w+)/', text)) - {"shared"}

    assert wrong(modules(), other_rooms) == {}


# A constant of the module (in capitals) is no text of a run.
MARKUP = r"((?:inner|outer)HTML\s*=(?!\s*[A-Z_]+;)|insertAdjacentHTML|document\.write|\beval\()"


def test_modules_never_turn_text_into_markup_and_call_nobody():
    def forbidden(path, text):
        urls = set(re.findall(r"https?://[^\"'` )]+", text)) - {"http://www.w3.org/2000/svg"}
        return [*re.findall(MARKUP, text), *urls]

    assert wrong(modules(), forbidden) == {}


def test_sliders_are_drawn_by_one_sheet_for_both_themes():
    """The browser's own track is white where the accent is dark; other sheets say how large they are."""

    def own(path, text):
        rules = re.findall(r'input\[type="range"\] \{([^}]*)\}', text)
        return [rule for rule in rules if re.search("accent-color|appearance", rule)]

    sheets = sorted(assets.COMPONENTS.rglob("*.css"))
    assert list(wrong(sheets, own)) == ["shared/base.css"]


def test_a_photograph_that_is_not_there_yet_is_no_black_square():
    assert "#000" not in (assets.COMPONENTS / "data" / "desk.css").read_text("utf-8")


def test_component_files_are_short():
    """Of a script what runs is counted: no comments (types among them), no empty lines."""

    def long(path, text):
        code = re.sub(r"^\s*(/\*[\s\S]*?\*/|//.*)$", "", text, flags=re.MULTILINE)
        limit = TABLES.get(path.name, LONGEST[path.suffix])
        return max(sum(bool(line.strip()) for line in code.splitlines()) - limit, 0)

    assert wrong(modules() + sorted(assets.COMPONENTS.rglob("*.css")), long) == {}


# Biome breaks a long call over many lines, one argument each.
LONGEST = {".js": 400, ".css": 300}
TABLES = {"chapters.js": 600}  # eight chapters with all their texts
