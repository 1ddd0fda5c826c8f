"""The app below a prefix: one view of every address, whichever way a proxy passes it on."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from gan_core.web import answers, archive_routes, assets, guard, place, routes
from gan_core.web.warmup import WarmUp
from tests.unit.web.conftest import TestClient

STATUS = "/api/runs/{}/status"


@pytest.mark.parametrize(
    ("setting", "base"),
    [
        (None, ""),
        ("", ""),
        ("/", ""),
        ("foo", "/foo"),
        ("/foo", "/foo"),
        ("/foo/", "/foo"),
        ("lab/gan", "/lab/gan"),
        ("lab//gan", "/lab/gan"),
    ],
)
def test_the_setting_is_read_however_it_is_written(setting, base):
    assert place.base_of(setting) == base


async def stream(socket):
    await socket.accept()
    await socket.close()


class Seen:
    """ASGI middleware between Enter and Leave: the addresses as guard and door see them."""

    paths: list[str] = []

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            self.paths.append(scope["path"])
        await self.app(scope, receive, send)


@pytest.fixture
def app(lab):
    """app(base): our routes and a page that answers to everything else below the base."""

    def make(base):
        ours = [*routes.make_routes(lambda: lab), *archive_routes.make_archive_routes(lambda: lab)]
        page = Route(base + "/{path:path}", lambda r: PlainTextResponse(f"page {r.url.path}"))
        socket = WebSocketRoute(base + "/_stcore/stream", stream)
        Seen.paths = []
        middleware = place.around(base, guard.middleware(), [place.Middleware(Seen)])
        closed = answers.closed(place.under(base, ours), base)
        return Starlette(routes=[socket, *closed, page], middleware=middleware)

    return make


@pytest.fixture
def client(app):
    with TestClient(app("/lab/gan"), base_url="http://localhost:8501") as found:
        yield found


@pytest.mark.parametrize("prefix", ["/lab/gan", ""])  # kept, stripped
def test_every_kind_of_address_is_answered_with_the_prefix_and_without(client, run, prefix):
    own = assets.component_url("shared/place.js")
    for path, kind in {
        STATUS.format(run.id): "application/json",
        archive_routes.address(run.id): "application/zip",
        own: "text/javascript; charset=utf-8",
        assets.PLOTLY_URL: "text/javascript; charset=utf-8",
    }.items():
        answer = client.get(f"{prefix}/{path.lstrip('/')}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), path
    assert client.get(f"{prefix}/train").text == "page /lab/gan/train"
    assert client.get(f"{prefix}/api/none").json() == {
        "error": "There is no such address on this server."
    }
    assert client.post(f"{prefix}{STATUS.format(run.id)}").status_code == 405


@pytest.mark.parametrize("prefix", ["/lab/gan", ""])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:3000"},
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example"},
    ],
)
def test_the_guard_holds_below_a_prefix_too(client, run, prefix, headers):
    for path in (STATUS.format(run.id), "/assets/x.js", "/_stcore/health", "/media/x"):
        assert client.get(f"{prefix}{path}", headers=headers).status_code == 403, path
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(
            f"{prefix}/_stcore/stream", headers={"origin": "http://localhost:3000"}
        ),
    ):
        pass
    assert refused.value.code == 1008
    with client.websocket_connect(f"{prefix}/_stcore/stream", headers={"host": "localhost:8501"}):
        pass


@pytest.mark.parametrize(
    "path",
    [
        "/lab/ganevil/api/runs", "/lab", "/labgan/x", "/lab/gan/lab/gan/x", "/LAB/gan/x",
        "/lab/gan//api/x", "/lab/gan%2Fapi/x", "/lab%2Fgan/api/x", "/lab/gan/..%2Fapi/x", "/lab/./gan/x",
    ],
)  # fmt: skip
def test_what_guard_and_door_see_is_what_is_answered(client, path):
    """Whatever a path looks like: the base and what they saw, no more and no less, is the route's."""
    answer = client.get(path)
    seen = Seen.paths[-1]
    if seen.startswith("/api/"):
        assert answer.status_code == 404 and "error" in answer.json()
    else:
        assert answer.text == f"page /lab/gan{seen}"


@pytest.mark.parametrize(
    ("base", "path", "to"),
    [
        ("/lab/gan", "/lab/gan", "./gan/"),
        ("/lab/gan", "/lab/gan?run=a", "./gan/?run=a"),
        ("/lab/gan", "/lab/gan/train/?run=a&b=%2F", "../train?run=a&b=%2F"),
        ("", "/train/", "../train"),
        ("", "/evil.example%5C/", "../evil.example%5C"),
        ("", "/https:/", "../https%3A"),
        ("/lab/gan", "/lab/gan/api/", "../api"),
    ],
)
def test_addresses_from_which_relative_ones_would_be_wrong_lead_on(app, base, path, to):
    with TestClient(app(base), base_url="http://localhost:8501") as client:
        answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, to)
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["//", "//evil.example/", "/a/b/", "///train/"])
def test_others_lead_nowhere(app, path):
    with TestClient(app(""), base_url="http://localhost:8501") as client:
        assert client.get(f"http://localhost:8501{path}", follow_redirects=False).status_code == 200


def test_a_server_that_mounts_the_app_is_a_prefix_too(app, run):
    outer = Starlette(routes=[Mount("/outer", app=app("/lab/gan"))])
    with TestClient(outer, base_url="http://localhost:8501") as client:
        for prefix in ("/outer/lab/gan", "/outer"):
            assert client.get(prefix + STATUS.format(run.id)).status_code == 200
            foreign = {"sec-fetch-site": "cross-site"}
            answer = client.get(prefix + STATUS.format(run.id), headers=foreign)
            assert answer.status_code == 403


def test_warm_up_knows_the_polls_below_a_prefix(app):
    """A poll of a drawn page is none of its files: it must not put TensorFlow's import off."""
    noticed = []

    class Noticing(WarmUp):
        async def __call__(self, scope, receive, send):
            await super().__call__(scope, receive, send)
            noticed.append((scope["path"], self._last))

    page = Route("/foo/{path:path}", lambda _: PlainTextResponse("page"))
    middleware = place.around("/foo", [], [place.Middleware(Noticing, start=lambda: None)])
    with TestClient(Starlette(routes=[page], middleware=middleware)) as client:
        client.get("/foo/api/runs")
        client.get("/foo/train")
    assert [path for path, _ in noticed] == ["/api/runs", "/train"]
    assert noticed[0][1] == 0.0 < noticed[1][1]
