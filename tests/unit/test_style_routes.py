"""The routes of the Style page: pictures by name and by file, painting, keeping."""

import io
import json
import struct
import warnings

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from gan_core.lab import Lab
from gan_core.storage import access
from gan_core.web import guard
from gan_core.web.style_routes import make_style_routes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BYTES = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}
SMALL = "content=canal&styles=mosaic&size=64"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def client(lab):
    app = Starlette(routes=make_style_routes(lambda: lab), middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


def unpacked(answer):
    """(header, arrays) of an answer, read by the words of gan_core/web/packed.py alone."""
    assert answer.status_code == 200, answer.text
    (length,) = struct.unpack("<I", answer.content[:4])
    header, at, arrays = json.loads(answer.content[4 : 4 + length]), 4 + length, []
    for _, kind, shape in header["parts"]:
        assert kind == "u1"
        count = int(np.prod(shape))
        arrays.append(np.frombuffer(answer.content, "u1", count, at).reshape(shape))
        at += -(-arrays[-1].nbytes // 8) * 8
    return header, arrays


def painted(client, query):
    return unpacked(client.get(f"/api/style/image?{query}"))[1]


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def sent(client, data, name="mine.png"):
    return client.post(f"/api/style/picture?name={name}", content=data, headers=BYTES)


def test_a_picture_is_painted_in_the_size_that_was_asked_for(client, lab):
    (made,) = painted(client, SMALL)
    assert made.shape == (48, 64, 3)  # canal is 4 : 3
    studio = lab.studio
    alone = lab.stylise(studio.picture("canal", 64), [studio.picture("mosaic", 1024)])
    np.testing.assert_array_equal(made, alone)


def test_the_content_comes_along_when_asked_for(client, lab):
    made, content = painted(client, SMALL + "&both=1")
    np.testing.assert_array_equal(content, lab.studio.picture("canal", 64))
    assert made.shape == content.shape


def test_more_strength_is_nearer_to_the_full_style(client):
    (full,) = painted(client, SMALL)

    def far(strength):
        (made,) = painted(client, f"{SMALL}&strength={strength}")
        return np.abs(made.astype(int) - full).mean()

    assert far(0) > far(0.5) > far(1) == 0


def test_a_mix_of_one_share_is_that_style_alone(client):
    both = painted(client, "content=canal&styles=mosaic,hatching&shares=0,1&size=64")
    alone = painted(client, "content=canal&styles=hatching&size=64")
    np.testing.assert_array_equal(both[0], alone[0])


def test_kept_colours_are_grey_where_the_content_is(client):
    grey = np.repeat(np.tile(np.linspace(60, 190, 40).astype(np.uint8), (40, 1))[..., None], 3, 2)
    own = sent(client, png(grey)).json()["id"]
    (made,) = painted(client, f"content={own}&styles=mosaic&size=64&colours=1")
    assert (made.max(axis=2).astype(int) - made.min(axis=2)).max() <= 1  # rounding
    (free,) = painted(client, f"content={own}&styles=mosaic&size=64")
    assert (free.max(axis=2).astype(int) - free.min(axis=2)).mean() > 10


def flat(*shape, value=128):
    return np.full(shape, value, np.uint8)


def encoded(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


ODD = {
    "one pixel": lambda: png(flat(1, 1, 3)),
    "one colour": lambda: png(flat(40, 30, 3)),
    "20 to 1": lambda: png(flat(10, 200, 3)),
    "1 to 300": lambda: png(flat(300, 1, 3)),
    "grey": lambda: png(flat(20, 20)),
    "16 bits": lambda: png(flat(20, 20).astype(np.uint16) * 257),
    "alpha": lambda: png(flat(20, 20, 4)),
    "CMYK": lambda: encoded(Image.new("CMYK", (20, 20), (9, 80, 7, 3)), "JPEG"),
    "palette": lambda: encoded(Image.new("P", (20, 20), 3), "GIF"),
    "animated": lambda: encoded(
        Image.new("RGB", (20, 20)),
        "GIF",
        save_all=True,
        append_images=[Image.new("RGB", (20, 20), "red")],
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_any_picture_is_taken_as_content_and_as_style(client, name):
    answer = sent(client, ODD[name]())
    assert answer.status_code == 200, answer.text
    own = answer.json()["id"]
    width, height = answer.json()["size"]
    assert max(width, height) == 1024
    (made,) = painted(client, f"content={own}&styles=mosaic&size=64")
    assert max(made.shape[:2]) == 64
    assert painted(client, f"content=canal&styles={own}&size=64")[0].shape == (48, 64, 3)
    assert client.get(f"/api/style/picture.png?id={own}&side=64").status_code == 200


BAD = {
    "nothing": (b"", "empty"),
    "text": (b"no picture at all", "no picture"),
    "cut off": (
        png(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8))[:900],
        "damaged",
    ),
    "too many pixels": (png(np.zeros((9000, 9000), np.uint8)), "at most 64,000,000"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_in_words(client, name):
    data, words = BAD[name]
    answer = sent(client, data, "holiday.png")
    assert answer.status_code == 400
    assert words in answer.json()["error"] and "holiday.png" in answer.json()["error"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("styles=mosaic", 400, "must be named"),
        ("content=canal", 400, "must be named"),
        ("content=canal&styles=nobody", 404, "Load it again"),
        ("content=own-0123&styles=mosaic", 404, "Load it again"),
        ("content=../../etc/passwd&styles=mosaic", 404, "not here"),
        ("content=00099-x:content&styles=mosaic", 404, "00099-x"),
        ("content=canal&styles=mosaic&size=4096", 400, "size"),
        ("content=canal&styles=mosaic&strength=nan", 400, "strength"),
        ("content=canal&styles=mosaic,hatching,marble,halftone", 400, "1 to 3 styles"),
        ("content=canal&styles=mosaic&shares=0", 400, "not all 0"),
        ("content=canal&styles=mosaic&shares=a", 400, "numbers with commas"),
    ],
)
def test_what_cannot_be_painted_is_said(client, query, status, words):
    answer = client.get(f"/api/style/image?{query}")
    assert answer.status_code == status and words in answer.json()["error"]


def test_a_result_is_kept_listed_shown_and_removed(client):
    names = json.dumps({"canal": "Canal", "mosaic": "Mosaic"})
    query = SMALL + "&strength=0.5"
    kept = client.post(f"/api/style/keep?{query}", content=names, headers=JSON).json()["id"]
    (found,) = [
        each for each in client.get("/api/style/results").json()["results"] if each["id"] == kept
    ]
    assert found["what"] == "kept" and found["strength"] == 0.5 and found["styles"] == ["mosaic"]
    assert (found["width"], found["height"]) == (64, 48) and found["names"]["canal"] == "Canal"
    shown = np.asarray(Image.open(io.BytesIO(client.get(f"/api/style/kept/{kept}.png").content)))
    np.testing.assert_array_equal(shown, painted(client, query)[0])
    gone = client.post("/api/style/remove", content=json.dumps({"id": kept}), headers=JSON)
    assert gone.status_code == 200
    assert client.get(f"/api/style/kept/{kept}.png").status_code == 404
    assert kept not in client.get("/api/style/results").text


@pytest.mark.parametrize("name", ["..%2Fx", "0000000000-zzzzzzzz", "1"])
def test_no_other_file_is_a_result(client, name):
    assert client.get(f"/api/style/kept/{name}.png").status_code == 404


def test_another_site_can_keep_nothing(client):
    answer = client.post(
        f"/api/style/keep?{SMALL}", content="{}", headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 415


def test_runs_of_style_are_results_and_their_pictures_have_names(client, lab):
    settings = {"picture_size": 32, "num_steps": 2, "coarse_steps": 0, "picture_levels": 1}
    config = lab.make_config("style_patches", "canal_in_mosaic", **settings)
    run = lab.create(config, who="test")
    other = lab.create(lab.make_config("fast_gan", "mnist_5k"), who="test")
    found = client.get("/api/style/results").json()["results"]
    ids = [each["id"] for each in found if each["what"] == "run"]
    assert run.id in ids and other.id not in ids
    (made,) = painted(client, f"content={run.id}:content&styles={run.id}:style&size=64")
    assert max(made.shape[:2]) == 64
    answer = client.get(f"/api/style/picture.png?id={run.id}:result")
    assert answer.status_code == 404  # it has taken no step
    assert client.get(f"/api/style/picture.png?id={other.id}:content").status_code == 404


def test_an_own_picture_that_had_to_go_says_so(lab):
    from gan_core.explore import studio

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studio, "OWN_KEPT", 1)
        made = studio.Studio(lab)
        first, _ = made.add(png(flat(8, 8, 3, value=1)))
        second, _ = made.add(png(flat(8, 8, 3, value=2)))
        with pytest.raises(studio.RunError, match="Load it again"):
            made.picture(first, 64)
        assert made.picture(second, 64).shape == (64, 64, 3)


def test_viewers_push_out_no_picture_of_trainers(lab):
    from gan_core.explore import studio

    made = studio.Studio(lab)
    mine, _ = made.add(png(flat(8, 8, 3, value=1)))
    with access.acting(access.VIEWER):
        theirs = [made.add(png(flat(8, 8, 3, value=v)))[0] for v in range(2, 32)]
        assert made.picture(theirs[-1], 64).shape == (64, 64, 3)
        with pytest.raises(studio.RunError, match="Load it again"):
            made.picture(theirs[0], 64)
    assert made.picture(mine, 64).shape == (64, 64, 3)
