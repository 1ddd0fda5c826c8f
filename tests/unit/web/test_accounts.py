"""Accounts (OpenID Connect): the cookie that Streamlit's own log-in sets opens our routes too."""

import asyncio
import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.responses import Response
from streamlit import auth_util, config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_auth_routes

from gan_core.errors import ConfigError
from gan_core.web.door import settings
from pages.ui.shared import login
from tests.unit.web.conftest import TestClient
from tests.unit.web.test_door import ORIGIN, app_of, log_in, opens

SECRETS = """
[auth]
redirect_uri = "{origin}/oauth2callback"
cookie_secret = "{secret}"
client_id = "ganscope"
client_secret = "x"
server_metadata_url = "https://id.example/.well-known/openid-configuration"
"""


@pytest.fixture
def use_secrets(tmp_path):
    """use_secrets(secret, origin): Streamlit reads these as its secrets.toml."""
    before = config.get_option("secrets.files")

    def use(secret="s" * 32, origin=ORIGIN, without=""):
        file = tmp_path / f"{secret[0]}{len(origin)}.toml"
        lines = SECRETS.format(secret=secret, origin=origin).splitlines(keepends=True)
        file.write_text("".join(line for line in lines if line.partition(" ")[0] != without))
        config.set_option("secrets.files", [str(file)])
        secrets_singleton._reset()

    yield use
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


def cookies(**user):
    """What Streamlit's log-in sets for this user: {name: value}; large ones come in pieces."""
    answer = Response()
    with ThreadPoolExecutor(1) as thread:  # this one may have an event loop that runs
        made = starlette_auth_routes._set_auth_cookie(answer, user, {})
        thread.submit(asyncio.run, made).result()
    lines = [v.decode() for n, v in answer.raw_headers if n == b"set-cookie"]
    pairs = (line.split(";")[0].split("=", 1) for line in lines)
    return {name: value for name, value in pairs if value != '""'}


def header(found):
    return {"cookie": "; ".join(f"{name}={value}" for name, value in found.items())}


LARGE = random.Random(1).randbytes(6_000).hex()  # nothing makes it smaller
ANN = {"is_logged_in": True, "email": "ann@lab.example", "origin": ORIGIN, "provider": "default"}


@pytest.fixture
def authlib(monkeypatch):
    """As if it were installed: it only makes the link and talks to the provider."""
    monkeypatch.setattr(auth_util, "is_authlib_installed", lambda: True)
    monkeypatch.setattr(auth_util, "encode_provider_token", lambda name: f"token-of-{name}")


@pytest.fixture
def client(use_secrets, authlib):
    use_secrets()
    lock = settings.read({"GAN_TRAINERS": "ann@lab.example", "GAN_VIEWERS": "*"}, login.oidc())
    with TestClient(app_of(lock), base_url=ORIGIN, follow_redirects=False) as found:
        yield found


@pytest.mark.parametrize("size", [0, len(LARGE)], ids=["one cookie", "in pieces"])
def test_a_cookie_of_streamlit_s_log_in_opens_routes_and_sockets(client, size):
    found = cookies(**ANN, picture=LARGE[:size])
    pieces = [name for name in found if not name.endswith("_tokens")]
    assert (len(pieces) > 1) is bool(size)
    for path in ("/train", "/api/runs", "/assets/x.js", "/_stcore/host-config"):
        assert client.get(path, headers=header(found)).json()["role"] == "trainer"
    assert opens(client, **header(found)) == "trainer trainer"
    other = cookies(**ANN | {"email": "bob@uni.example"})
    assert client.get("/api/runs", headers=header(other)).json()["role"] == "viewer"


def test_no_other_cookie_does(client, use_secrets):
    good = cookies(**ANN)
    name, value = next(iter(good.items()))
    wrong = [
        {name: value[:-4] + "AAAA"},
        {name: json.dumps(ANN)},
        {f"{name}_tokens": value},
        {name: ""},
        {name: "\xff\xfe"},
        cookies(**ANN | {"origin": "https://evil.example"}),
        cookies(**ANN | {"is_logged_in": False}),
        cookies(**ANN | {"email_verified": False}),
        {k: v for k, v in cookies(**ANN, picture=LARGE).items() if not k.endswith("_2")},
    ]
    use_secrets("t" * 32)
    wrong.append(cookies(**ANN))  # of another server's secret
    use_secrets()
    for found in wrong:
        sent = {"cookie": header(found)["cookie"].encode("latin-1")}
        assert client.get("/train", headers=sent).status_code == 401, found
        assert client.get("/api/runs", headers=sent).status_code == 401, found
    assert client.get("/api/runs", headers=header(good)).status_code == 200


def test_secrets_alone_make_no_door(use_secrets):
    """They may be another app's: on this machine everything stays as it was."""
    assert login.oidc() is None
    use_secrets()
    assert settings.of_server("127.0.0.1", {}, login.oidc()) is None


def test_without_authlib_it_says_so_at_the_start(use_secrets, monkeypatch):
    use_secrets()
    monkeypatch.setattr(auth_util, "is_authlib_installed", lambda: False)
    with pytest.raises(ConfigError, match="Authlib"):
        settings.read({"GAN_VIEWERS": "*"}, login.oidc())


@pytest.mark.parametrize(
    "key", ["redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"]
)
def test_what_the_secrets_lack_is_said_at_the_start(use_secrets, authlib, key):
    use_secrets(without=key)
    with pytest.raises(ConfigError, match=key):
        settings.of_server("0.0.0.0", {"GAN_VIEWERS": "*"}, login.oidc())


def test_a_cookie_secret_that_is_soon_guessed_is_refused(use_secrets, authlib):
    use_secrets("short")
    with pytest.raises(ConfigError, match="`cookie_secret` .* 16 characters or more"):
        settings.of_server("0.0.0.0", {"GAN_VIEWERS": "*"}, login.oidc())


def test_every_provider_has_its_link(client):
    assert 'href="./auth/login?provider=token-of-default"' in client.get("/train").text


def test_a_password_beside_accounts_works_too(use_secrets, authlib):
    use_secrets()
    env = {"GAN_PASSWORD": "correct horse battery", "GAN_VIEWERS": "*"}
    lock = settings.read(env, login.oidc())
    with TestClient(app_of(lock), base_url=ORIGIN, follow_redirects=False) as client:
        assert log_in(client, env["GAN_PASSWORD"]).status_code == 303
        assert client.get("/train").json()["role"] == "trainer"
