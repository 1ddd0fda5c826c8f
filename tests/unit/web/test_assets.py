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


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.name)
def test_modules_import_only_modules_that_exist(path):
    for name in re.findall(r'from "(\.[^"]+)"', path.read_text("utf-8")):
        assert (path.parent / name).exists(), name


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.name)
def test_pages_share_by_the_room_that_is_shared(path):
    rooms = set(re.findall(r'from "\.\./(\w+)/', path.read_text("utf-8")))
    assert rooms <= {"shared"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.name)
def test_modules_never_turn_text_into_markup_and_call_nobody(path):
    source = path.read_text("utf-8")
    # A constant of the module (in capitals) is no text of a run.
    forbidden = r"(inner|outer)HTML\s*=(?!\s*[A-Z_]+;)|insertAdjacentHTML|document\.write|\beval\("
    assert not re.search(forbidden, source)
    urls = set(re.findall(r"https?://[^\"'` )]+", source))
    assert urls <= {"http://www.w3.org/2000/svg"}, urls


@pytest.mark.parametrize(
    "path", modules() + sorted(assets.COMPONENTS.rglob("*.css")), ids=lambda p: p.name
)
def test_component_files_are_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300
