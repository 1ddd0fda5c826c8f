"""Who may ask: this server's own pages under its own names; and what every answer carries."""

import random

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from gan_core.errors import ConfigError
from gan_core.web import guard, routes
from tests.unit.web.conftest import TestClient

URL = "/api/runs/00001-fast_gan-mnist_5k/status"


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "LOCALHOST"])
def test_own_names_are_served(client, run, host):
    assert client.get(URL, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
@pytest.mark.parametrize("path", [URL, "/", "/assets/components/x/base.js"])
def test_foreign_names_are_refused(client, run, host, path):
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 403
    assert f"does not answer to the name `{host}`" in answer.json()["error"]


def test_further_names_can_be_allowed(lab, run):
    from gan_core.web import routes

    app = Starlette(
        routes=routes.make_routes(lambda: lab),
        middleware=guard.middleware(["*.lab.example", "box"]),
    )
    for host, status in {"a.lab.example": 200, "box:80": 200, "lab.example": 403}.items():
        with TestClient(app, base_url=f"http://{host}") as client:
            assert client.get(URL).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://localhost:8501"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),  # another port of localhost is another program
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://localhost"}, 403),
        ({"origin": "http://evil.example@localhost:8501"}, 403),
        ({"origin": "http://[localhost:8501"}, 403),
        ([("origin", "http://localhost:8501"), ("origin", "http://evil.example")], 403),
        ([("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], 403),
    ],
)
def test_pages_of_others_are_refused(client, run, headers, status):
    answer = client.get(URL, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": "Only pages of this server may call this address."}


@pytest.mark.parametrize("path", [URL, "/nothing", "/api/runs/none/status"])
def test_every_answer_carries_the_security_headers(client, run, path):
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_only_this_server_may_be_connected_to(client):
    found = client.get("/nothing").headers
    rules = dict(r.split(" ", 1) for r in found["content-security-policy"].split("; "))
    assert rules["connect-src"].split() == [
        "'self'",
        "ws://localhost:8501",
        "wss://localhost:8501",
        "data:",
        "blob:",
    ]
    assert found["cross-origin-resource-policy"] == "same-origin"


def test_refusals_carry_them_too(client):
    answer = client.get(URL, headers={"host": "evil.example"})
    assert answer.headers["x-frame-options"] == "DENY"
    assert "evil" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost.:80", "localhost"),
        ("[::1]:8501", "::1"),
        ("evil@127.0.0.1", ""),
        ("127.0.0.1#.evil.example", ""),
        ("127.0.0.1/.evil.example", ""),
        ("127.0.0.1?x", ""),
        ("127.0.0.1:99999", ""),
        ("127.0.0.1:", ""),
        ("::1", ""),
        (" localhost", ""),
        ("localhost\n", ""),
    ],
)
def test_names_are_read_strictly(host, name):
    assert guard.name_of(host) == name


# ---- websockets ----

OWN = "http://localhost:8501"


@pytest.fixture
def sockets():
    """connect(headers): whether a websocket of the app behind the guard opens; counts them."""

    async def stream(socket):
        reached.append(socket.headers.get("origin"))
        await socket.accept()
        await socket.close()

    reached = []
    route = WebSocketRoute("/_stcore/stream", stream)
    app = Starlette(routes=[route], middleware=guard.middleware())
    client = TestClient(app)
    own = {"host": "localhost:8501"}

    def connect(headers):
        before = len(reached)
        try:
            with client.websocket_connect("/_stcore/stream", headers=own | headers):
                pass
        except WebSocketDisconnect as refused:
            assert refused.code == 1008
            assert len(reached) == before, "a refused socket must not reach the app"
            return False
        return True

    return connect


@pytest.mark.parametrize("headers", [{}, {"origin": OWN}, {"sec-fetch-site": "cross-site"}])
def test_sockets_of_own_pages_and_of_programs_open(sockets, headers):
    assert sockets(headers)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://localhost",
        "http://127.0.0.1:8501",
        "http://0.0.0.0:8501",
        "https://localhost",
        "http://evil.example",
        "http://evil.example@localhost:8501",
        "null",
        "file://",
        "",
        "http://[::1]:8501",
        "ftp://localhost:8501",
    ],
)
def test_sockets_of_other_pages_do_not_open(sockets, origin):
    assert not sockets({"origin": origin})


@pytest.mark.parametrize("host", ["evil.example", "evil.example@localhost:8501", "localhost#a", ""])
def test_sockets_under_foreign_names_do_not_open(sockets, host):
    assert not sockets({"host": host, "origin": f"http://{host}"})


@pytest.mark.parametrize("seed", range(3))
def test_no_made_up_origin_or_host_opens_a_socket(sockets, seed):
    """Only the pair (own host, that very origin) may; parts are joined at random."""
    draw = random.Random(seed)
    names = ["localhost", "127.0.0.1", "[::1]", "evil.example", "0.0.0.0", "localhost.evil.example"]
    parts = [*names, "http://", "https://", "ws://", ":8501", ":3000", "@", "#", "/", ".", "?", ","]
    for _ in range(150):
        host = draw.choice(names[:3]) + draw.choice(["", ":8501", ":3000"])
        origin = "".join(draw.choices(parts, k=draw.randint(1, 5)))
        if draw.random() < 0.2:
            origin = f"http://{host}"
        assert sockets({"host": host, "origin": origin}) == (
            origin in (f"http://{host}", f"https://{host}")
        ), (host, origin)


# ---- origins that count as ours ----

OURS = "https://lab.example"
BEHIND = {"host": "127.0.0.1:8501", "origin": OURS}  # a proxy that asks under a Host of its own


@pytest.fixture
def behind(lab):
    """The routes of a server that is told that its pages come from OURS."""
    app = Starlette(
        routes=routes.make_routes(lambda: lab), middleware=guard.middleware(origins=[OURS + "/"])
    )
    with TestClient(app, base_url="http://127.0.0.1:8501") as found:
        yield found


def test_an_allowed_origin_is_answered_and_told_so(behind, run):
    answer = behind.get(URL, headers=BEHIND | {"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == OURS
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers
    asked = behind.options(URL, headers=BEHIND | {"access-control-request-method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, POST")
    rules = answer.headers["content-security-policy"]
    assert "wss://lab.example" in rules and "wss://127.0.0.1:8501" in rules


@pytest.mark.parametrize(
    "origin",
    [
        "http://lab.example",
        "https://lab.example:8443",
        "https://lab.example.evil.example",
        "https://evil.example",
        "https://a@lab.example",
        "https://lab.example/",
        "https://LAB.example",  # browsers write origins in lower case
        "null",
        "",
    ],
)
def test_others_are_not(behind, run, origin):
    answer = behind.get(URL, headers=BEHIND | {"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_an_allowed_origin_beside_another_is_none(behind, run):
    headers = [("origin", OURS), ("origin", "http://evil.example")]
    assert behind.get(URL, headers=headers).status_code == 403


def test_a_link_from_an_allowed_origin_needs_to_name_it(behind, run):
    assert behind.get(URL, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_socket_of_an_allowed_origin_goes_on_under_its_name():
    """So that Streamlit, which would ask the internet for its own address, sees its own page."""
    seen = []

    async def stream(socket):
        seen.append((socket.headers["host"], socket.headers["origin"]))
        await socket.accept()
        await socket.close()

    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", stream)],
        middleware=guard.middleware(origins=[OURS]),
    )
    with TestClient(app).websocket_connect("/_stcore/stream", headers=BEHIND):
        pass
    assert seen == [("lab.example", OURS)]


@pytest.mark.parametrize("origin", ["lab.example", "*", "https://*", "https://lab.example/app"])
def test_what_is_no_origin_is_said(origin):
    with pytest.raises(ConfigError, match=r"server\.corsAllowedOrigins"):
        guard.middleware(origins=[origin])


def test_names_are_added_to_the_local_ones():
    names = guard.names(["gan.example"], ["https://lab.example:8443"])
    assert {"localhost", "127.0.0.1", "::1", "gan.example", "lab.example"} == {*names}


# ---- frames ----


@pytest.mark.parametrize(
    ("framers", "said"),
    [
        ("", "frame-ancestors 'none'"),
        ("'self'", "frame-ancestors 'self'"),
        (
            " https://huggingface.co  https://*.hf.space ",
            "frame-ancestors https://huggingface.co https://*.hf.space",
        ),
    ],
)
def test_a_setting_says_who_may_frame_the_page(lab, framers, said):
    app = Starlette(
        routes=routes.make_routes(lambda: lab), middleware=guard.middleware(framers=framers)
    )
    with TestClient(app, base_url="http://localhost:8501") as client:
        headers = client.get(URL).headers
    assert headers["content-security-policy"].split("; ")[-1] == said
    assert ("x-frame-options" in headers) is (not framers)


@pytest.mark.parametrize("framers", ["*", "https://a; script-src *", "self", "javascript:", "none"])
def test_what_is_no_framer_is_said(framers):
    with pytest.raises(ConfigError, match="GAN_FRAME_ANCESTORS"):
        guard.middleware(framers=framers)
