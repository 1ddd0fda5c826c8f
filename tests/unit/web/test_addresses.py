"""Addresses that are none, methods that are none, and bodies of any kind: words, never a page."""

import json
import random

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gan_core.storage import images
from gan_core.web import (
    answers,
    archive_routes,
    compare_routes,
    explore_routes,
    guard,
    routes,
)
from tests.unit.web.conftest import TestClient


@pytest.fixture
def client(lab):
    """All our routes before a page that answers to everything, as Streamlit's does."""
    ours = [
        *routes.make_routes(lambda: lab),
        *archive_routes.make_archive_routes(lambda: lab),
        *compare_routes.make_compare_routes(lambda: lab),
        *explore_routes.make_explore_routes(lambda: lab),
    ]
    page = Route("/{path:path}", lambda _: PlainTextResponse("the page"), methods=["GET", "POST"])
    app = Starlette(routes=[*answers.closed(ours), page], middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501", raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/", "/api/nothing", "/api/runs", "/api/runs/x/y/z", "/api/explore/a/b/c"),
        *("/assets", "/assets/", "/assets/x.js"),
    ],
)
def test_an_unknown_address_is_said(client, path):
    for method in ("get", "post", "put", "options"):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": "There is no such address on this server."},
        )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/api/explore/a/images", "POST"),
        ("get", "/api/explore/a/clip", "POST"),
        ("delete", "/api/explore/a/notes", "GET, HEAD, POST"),
        ("post", "/api/runs/a/status", "GET, HEAD"),
        ("put", "/api/runs/a/archive.zip", "GET, HEAD"),
        ("options", "/api/compare/a/strip.png", "GET, HEAD"),
    ],
)
def test_another_method_is_said(client, method, path, allowed):
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert allowed in answer.json()["error"]


def test_what_is_ours_or_nobodys_passes(client, run):
    assert client.get(f"/api/runs/{run.id}/status").status_code == 200
    assert client.get("/train").text == "the page"


VALUES = [
    None, True, 0, -1, 1.5, 1e300, float("nan"), 10**400, "", "x", "\ud800", "favourites", [], [1],
    [[]], {}, {"what": []}, {"z": "AAAA"}, {"name": "a", "z": "AAAAPw"}, "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("what", [[], {}, ["favourites"], {"favourites": 1}, None, 1, "x", True])
def test_notes_of_a_wrong_kind_are_refused(client, run, what):
    answer = client.post(f"/api/explore/{run.id}/notes", json={"what": what})
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "`what` must be one of favourites, directions."},
    )


@pytest.mark.parametrize("seed", range(2))
def test_no_change_of_notes_is_an_internal_error(client, run, seed):
    draw = random.Random(seed)
    keys = ["what", "add", "remove", "rename", "z", "name", "mix", "psi", "seed", "step", "label"]

    def value(depth=2):
        if depth and draw.random() < 0.5:
            return {k: value(depth - 1) for k in draw.sample(keys, draw.randint(0, 5))}
        if depth and draw.random() < 0.3:
            return [value(depth - 1) for _ in range(draw.randint(0, 3))]
        return draw.choice(VALUES)

    for _ in range(120):
        change = {k: value() for k in draw.sample(keys[:4], draw.randint(1, 4))}
        if draw.random() < 0.7:
            change["what"] = draw.choice(["favourites", "directions"])
        text = json.dumps(change)
        answer = client.post(
            f"/api/explore/{run.id}/notes",
            content=text,
            headers={"content-type": "application/json"},
        )
        assert answer.status_code in (200, 400), text[:300]


@pytest.mark.parametrize("seed", range(2))
def test_no_address_is_an_internal_error(client, lab, run, train, seed):
    """Numbers, names and queries joined at random; every answer is one of ours and in words."""
    train(run, 1, 20)
    run.write_sample(5, images.png(images.to_uint8([[[[-1.0]]]])[0]))
    draw = random.Random(seed)
    words = [
        run.id, "00009-a-b", "%2e%2e", "%00", "x" * 300, "5", "-1", "1e9", "nan", "\u0663", "",
        "status", "curves", "window", "events", "samples", "5.png", "reals.png", "facts", "strip.png",
        "archive.zip", "about", "z", "notes", "images", "bundled-digits", "\U0001f600",
    ]  # fmt: skip
    names = ["since", "start", "stop", "points", "limit", "mark", "metrics", "after", "steps", "row",
             "column", "step", "raw", "seeds", "written", "status"]  # fmt: skip
    for _ in range(150):
        root = draw.choice(["/api/runs/", "/api/compare/", "/api/explore/", "/api/", "/assets/"])
        path = root + "/".join(draw.choices(words, k=draw.randint(1, 3)))
        if draw.random() < 0.6:
            path = f"{draw.choice(['/api/runs', '/api/compare'])}/{run.id}/{draw.choice(words)}"
        query = "&".join(f"{draw.choice(names)}={draw.choice(words)}" for _ in range(3))
        answer = client.request(
            draw.choice(["GET", "GET", "GET", "POST", "HEAD"]), f"{path}?{query}"
        )
        assert answer.status_code in (200, 400, 404, 405, 415), (path, query)
        assert answer.text != "the page", path
