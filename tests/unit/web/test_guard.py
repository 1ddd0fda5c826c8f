"""Who may ask: this server's own pages under its own names; and what every answer carries."""

import pytest

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
    from starlette.applications import Starlette

    from gan_core.web import guard, routes
    from tests.unit.web.conftest import TestClient

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


def test_refusals_carry_them_too(client):
    answer = client.get(URL, headers={"host": "evil.example"})
    assert answer.headers["x-frame-options"] == "DENY"
