"""The door under attack: nobody comes in without a key, as more than the key is for, or for longer."""

import base64
import hashlib
import itertools
import random
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from gan_core.errors import ConfigError
from gan_core.storage import access, passwords
from gan_core.web import (
    answers,
    data_routes,
    explore_routes,
    guard,
    place,
    routes,
    style_routes,
    translate_routes,
    waiting_routes,
)
from gan_core.web.door import door, settings, tickets, tries
from gan_core.web.door.people import Oidc, People, Proxy
from pages.ui.shared import login
from tests.unit.web.conftest import TestClient

TRAINER, VIEWER = "correct horse battery", "only looking here"
ORIGIN = "http://localhost:8501"
PAGES = ("/", "/train", "/explore", "/nothing", "/oauth2callback")
OTHERS = (
    "/api/runs", "/api", "/api/explore/x/images", "/assets/x.js", "/static/js/index.js", "/favicon.png",
    "/_stcore/host-config", "/_stcore/stream", "/_stcore/upload_file/a/b", "/media/x.png",
    "/_stcore/script-health-check", "/component/x/y", "/a/b", "/auth/login",
    "//api/runs", "//", "/train/x", "/.env", "/_stcore/health/", "/_stcore/healthx", "/x/_stcore/health",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def cheap():
    """scrypt with the least cost that is taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "N", 2**14)
        yield


@pytest.fixture(scope="module")
def locked():
    return settings.read({"GAN_PASSWORD": TRAINER, "GAN_VIEWER_PASSWORD": VIEWER})


async def stream(socket):
    await socket.accept()
    await socket.send_text(f"{socket.headers.get(door.ROLE_HEADER)} {access.now()}")
    await socket.receive()


def seen(request):
    """What the app is told, by header and by context: threads of routes inherit it."""
    headers = [(n.decode(), v.decode("latin-1")) for n, v in request.scope["headers"]]
    return JSONResponse({"headers": headers, "role": access.now(), "path": request.url.path})


def app_of(lock, base="", ours=()):
    """An app that answers everything, behind guard and door as in app.py."""
    page = Route(base + "/{path:path}", seen, methods=["GET", "POST", "PUT", "DELETE"])
    socket = WebSocketRoute(base + "/_stcore/stream", stream)
    closed = answers.closed(place.under(base, ours), base) if ours else []
    doors = door.middleware(lock, login.speech)
    middleware = place.around(base, guard.middleware(["lab.example"]), doors)
    return Starlette(routes=[socket, *closed, page], middleware=middleware)


@pytest.fixture
def client(locked):
    with TestClient(app_of(locked), base_url=ORIGIN, follow_redirects=False) as found:
        yield found


def log_in(client, password, path="/train", **headers):
    return client.post(path, data={"password": password}, headers={"origin": ORIGIN} | headers)


def own(client):
    """Headers of a page's own socket; the client sends no cookies with those by itself."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"host": "localhost:8501", "origin": ORIGIN} | ({"cookie": cookies} if cookies else {})


def opens(client, path="/_stcore/stream", **headers):
    """What a websocket says first; "" where it does not open."""
    try:
        with client.websocket_connect(path, headers=own(client) | headers) as socket:
            return socket.receive_text()
    except WebSocketDisconnect:
        return ""


# ---- without a key ----


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "", "ko"), ("fr-FR, ko", "", "ko"), ("fr", "", "en"), ("", "", "en"),
        ("ko", "a=1; ganscope_language=en", "en"), ("en", "ganscope_language=ko", "ko"),
        ("<script>", "ganscope_language=../ko", "en"), ("k" * 100_000, ";" * 100_000, "en"),
    ],
)  # fmt: skip
def test_the_form_is_in_the_language_of_whoever_asks(client, accepted, cookie, language):
    words = {
        "en": ("Password", "This is not the password."),
        "ko": ("비밀번호", "비밀번호가 틀립니다."),
    }
    headers = {"accept-language": accepted, "cookie": cookie}
    answer = client.get("/", headers=headers)
    assert f'<html lang="{language}">' in answer.text and words[language][0] in answer.text
    assert "Accept-Language" in answer.headers["vary"]
    wrong = log_in(client, "wrong password", **headers)
    assert words[language][1] in wrong.text and (language == "en" or "Log in" not in wrong.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_a_form_where_it_was_asked_for(client, path):
    answer = client.get(path)
    assert answer.status_code == 401
    assert 'type="password"' in answer.text and "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", OTHERS)
def test_everything_else_is_refused_in_words(client, path):
    for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
        answer = client.request(method, ORIGIN + path)
        assert answer.status_code == 401, method
        assert method == "HEAD" or answer.json() == {"error": "Log in first."}


def test_who_watches_over_the_server_is_answered(client):
    assert client.get("/_stcore/health").status_code == 200


def test_no_socket_opens(client):
    assert opens(client) == ""
    assert opens(client, "/anything") == ""


# ---- with a key ----


@pytest.mark.parametrize(("password", "role"), [(TRAINER, "trainer"), (VIEWER, "viewer")])
def test_a_password_opens_in_its_role(client, password, role):
    answer = log_in(client, password, "/train?run=00001-a&x=%2F")
    assert (answer.status_code, answer.headers["location"]) == (303, "./train?run=00001-a&x=%2F")
    told = client.get("/train").json()
    assert told["role"] == role
    assert dict(told["headers"])[door.ROLE_HEADER] == role
    assert opens(client) == f"{role} {role}"


def test_the_cookie_is_no_page_s_business(client):
    cookie = log_in(client, VIEWER).headers["set-cookie"]
    parts = cookie.split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=43200"} <= {*parts}
    assert not any(p.startswith(("Path", "Domain", "Secure")) for p in parts)


@pytest.mark.parametrize(
    "headers", [{"origin": "https://lab.example", "host": "lab.example"}], ids=["by origin"]
)
def test_it_is_secure_over_https(client, headers):
    """Browsers name the origin of a form, also where the proxy in front does not say `https`."""
    assert "; Secure" in log_in(client, VIEWER, **headers).headers["set-cookie"]


def test_it_is_secure_where_the_server_itself_speaks_https(locked):
    with TestClient(app_of(locked), base_url="https://lab.example") as client:
        answer = client.post("/", data={"password": VIEWER}, follow_redirects=False)
    assert "; Secure" in answer.headers["set-cookie"]


def test_a_framed_page_gets_it_over_https_only():
    env = {"GAN_PASSWORD": TRAINER, "GAN_FRAME_ANCESTORS": "https://huggingface.co"}
    with TestClient(app_of(settings.read(env)), base_url="https://lab.example") as client:
        answer = client.post("/", data={"password": TRAINER}, follow_redirects=False)
    assert answer.headers["set-cookie"].endswith("SameSite=None; Secure; Partitioned")


def test_where_the_browser_comes_back_to_is_never_another_host(client):
    for path in (
        "//evil.example",
        "/\\evil.example",
        "/https:evil.example",
        "/%2F%2Fevil.example",
        "/@x",
    ):
        answer = client.post(ORIGIN + path, data={"password": VIEWER})
        location = answer.headers.get("location", "./")
        assert location.startswith("./"), path
        client.cookies.clear()


def test_below_a_prefix_the_form_and_the_cookie_are_there(locked):
    for base, asked in (("/lab/gan", "/lab/gan/train"), ("/lab/gan", "/train"), ("", "/train")):
        with TestClient(app_of(locked, base), base_url=ORIGIN, follow_redirects=False) as client:
            assert client.get(asked).status_code == 401
            assert client.get(f"{asked.removesuffix('train')}api/runs").status_code == 401
            assert client.get("/lab/gan").status_code == (307 if base else 401)
            answer = log_in(client, VIEWER, asked)
            assert answer.headers["location"] == "./train"
            cookie = answer.headers["set-cookie"].split(";")[0]
            told = client.get(asked, headers={"cookie": cookie}).json()
            assert (told["role"], told["path"]) == ("viewer", f"{base}/train")


# ---- log-out ----


def test_log_out_ends_the_ticket_and_its_sockets(client):
    log_in(client, TRAINER)
    kept = dict(client.cookies)
    with client.websocket_connect("/_stcore/stream", headers=own(client)) as socket:
        assert socket.receive_text() == "trainer trainer"
        answer = client.get("/logout")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert (answer.status_code, answer.headers["location"]) == (303, "./")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    client.cookies.update(kept)  # somebody had copied it
    assert client.get("/train").status_code == 401
    assert opens(client) == ""


def test_another_site_logs_nobody_out(client):
    log_in(client, TRAINER)
    assert client.get("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get("/train").status_code == 200


def test_a_ticket_ends_by_itself():
    now = [1e9]
    made = tickets.Tickets(b"k" * 32, clock=lambda: now[0])
    text = made.make("trainer")
    now[0] += tickets.HOURS * 3600 - 2
    assert made.read([text]).role == "trainer"
    now[0] += 3
    assert made.read([text]) is None


def test_a_socket_ends_with_its_ticket(locked, monkeypatch):
    with TestClient(app_of(locked), base_url=ORIGIN, follow_redirects=False) as client:
        log_in(client, TRAINER)
        real = time.time
        monkeypatch.setattr(door.time, "time", lambda: real() + tickets.HOURS * 3600)
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            client.websocket_connect("/_stcore/stream", headers=own(client)) as socket,
        ):
            socket.receive_text()
            socket.receive_text()
    assert closed.value.reason == "Logged out."


# ---- forged ----


def forgeries(name, good):
    """Cookies made of a good viewer's ticket, and from nothing."""
    role, number, made, signature = good.split(".")
    other = "A" if signature[0] != "A" else "B"
    yield f"{name}=trainer.{number}.{made}.{signature}"
    yield f"{name}=trainer.{good}"
    yield f"{name}={role}.{number}.{made}.{other}{signature[1:]}"
    yield f"{name}={role}.{number}.{made}."
    yield f"{name}={role}.{number}.zzzzzz.{signature}"
    yield f"{name}={good}x"
    yield f"{name}="
    yield f"{name}=trainer"
    yield f"x{name}={good}"
    yield f"{name}x={good}"
    yield f"{name}={'a.' * 2000}"
    yield f"{name}=\xff\xfe.a.b.c"
    for key in (b"", b"dev-secret", b"\0" * 32):
        forged = tickets.Tickets(key)
        yield f"{name}={forged.make('trainer')}"
        yield f"{forged.name}={forged.make('trainer')}"


def test_no_forged_ticket_opens(client, locked):
    name, good = next(iter(dict(client.cookies, **_ticket(client)).items()))
    client.cookies.clear()
    for cookie in forgeries(name, good):
        header = {"cookie": cookie.encode("latin-1")}
        assert client.get("/train", headers=header).status_code == 401, cookie
        assert client.get("/api/runs", headers=header).status_code == 401, cookie
    assert client.get("/train", headers={"cookie": f"{name}={good}"}).json()["role"] == "viewer"


def _ticket(client):
    log_in(client, VIEWER)
    return dict(client.cookies)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(3))
def test_no_changed_ticket_opens(client, seed):
    draw = random.Random(seed)
    name, good = next(iter(_ticket(client).items()))
    client.cookies.clear()
    signs = "ABCabc012-_.=; "
    for _ in range(200):
        at = draw.randrange(len(good))
        changed = good[:at] + draw.choice(signs) + good[at + draw.randint(0, 2) :]
        answer = client.get("/train", headers={"cookie": f"{name}={changed}"})
        # The last sign of base64 holds bits that nobody reads: the same signature in other letters.
        if answer.status_code == 200:
            assert answer.json()["role"] == "viewer"
            assert _meant(changed) == _meant(good), changed


def _meant(ticket):
    value, made, signature = ticket.split(";")[0].strip().rsplit(".", 2)
    return value, made, base64.urlsafe_b64decode(signature + "==")[:32]


def test_cookies_of_other_paths_do_not_stand_in_the_way(client):
    """Another app on the same host may set a cookie of our name for a longer path; it comes first."""
    name, good = next(iter(_ticket(client).items()))
    client.cookies.clear()
    header = {"cookie": f"{name}=planted; a=b; {name}={good}"}
    assert client.get("/train", headers=header).json()["role"] == "viewer"
    many = "; ".join([f"{name}=planted"] * 20)
    assert client.get("/train", headers={"cookie": many}).status_code == 401


@pytest.mark.parametrize("header", ["x-ganscope-role", "X-GANscope-Role", "x_ganscope_role"])
def test_headers_of_ours_that_others_send_are_taken_off(client, header):
    assert client.get("/train", headers={header: "trainer"}).status_code == 401
    assert opens(client, **{header: "trainer"}) == ""
    log_in(client, VIEWER)
    headers = [(header, "trainer"), (header, "viewer"), ("x-ganscope-proxy", "x" * 20)]
    told = client.get("/train", headers=headers).json()
    ours = [(n, v) for n, v in told["headers"] if "ganscope" in n and n != "cookie"]
    assert ours == [("x-ganscope-role", "viewer"), ("x-ganscope-way", "ticket")]
    assert opens(client, **{header: "trainer"}) == "viewer viewer"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-host": "localhost", "x-forwarded-proto": "https"},
        {"forwarded": "for=127.0.0.1;host=localhost"},
        {"x-real-ip": "127.0.0.1"},
        {"x-original-url": "/_stcore/health"},
        {"x-rewrite-url": "/_stcore/health"},
        {"x-forwarded-prefix": "/_stcore/health"},
        {"x-forwarded-user": "ann", "x-forwarded-email": "ann@lab.example", "remote-user": "ann"},
        {"authorization": "Basic YW5uOmFubg=="},
        {"upgrade": "websocket", "connection": "upgrade"},
    ],
)
def test_nothing_that_proxies_say_opens(client, headers):
    for path in ("/train", "/api/runs"):
        assert client.get(path, headers=headers).status_code == 401


def test_another_site_s_form_logs_nobody_in(client):
    answer = log_in(client, VIEWER, origin="http://evil.example")
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


# ---- tries ----


@pytest.mark.parametrize(
    "body",
    [
        b"", b"password=", b"password=%ff%fe", b"\xff\xfe", b"password=" + b"x" * 5000, b"{}",
        b"&".join(b"a=b" for _ in range(50)), b"word=" + TRAINER.encode(), b"password=%00" + TRAINER.encode(),
    ],
)  # fmt: skip
def test_what_is_no_password_opens_nothing(client, body):
    answer = client.post(
        "/", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in (400, 401) and "set-cookie" not in answer.headers
    assert 'type="password"' in answer.text


def test_a_wrong_password_is_said_and_too_many_are_stopped(client):
    for _ in range(tries.MOST_OF_ONE):
        answer = log_in(client, "wrong")
        assert answer.status_code == 401 and "This is not the password." in answer.text
    answer = log_in(client, TRAINER)
    assert answer.status_code == 429 and "set-cookie" not in answer.headers
    assert 0 < int(answer.headers["retry-after"]) <= tries.WINDOW + 1


def test_the_way_of_wrong_passwords():
    now = [0.0]
    count = tries.Tries(clock=lambda: now[0])
    assert [count.begin("1.2.3.4") for _ in range(tries.MOST_OF_ONE)] == [0] * tries.MOST_OF_ONE
    now[0] = 100
    assert count.begin("1.2.3.4") == tries.WINDOW - 100
    assert count.begin("::ffff:1.2.3.4") > 0  # the same address, written otherwise
    assert count.begin("1.2.3.5") == 0
    now[0] = tries.WINDOW + 1
    assert count.begin("1.2.3.4") == 0


def test_a_household_s_addresses_are_one():
    count = tries.Tries(clock=lambda: 0.0)
    waits = [count.begin(f"2001:db8:1:2::{i:x}") for i in range(tries.MOST_OF_ONE + 1)]
    assert waits[-2:] == [0, tries.WINDOW]
    assert count.begin("2001:db8:1:3::1") == 0


def test_a_right_password_in_between_buys_no_wrong_ones():
    """A viewer may not guess the trainer's by logging in after every seventh try."""
    count, wrong = tries.Tries(clock=lambda: 0.0), 0
    for i in range(100):
        if count.begin("1.2.3.4") > 0:
            break
        if i % 2:
            count.right("1.2.3.4")
        else:
            wrong += 1
    assert wrong <= tries.MOST_OF_ONE


def test_many_addresses_are_stopped_together():
    count = tries.Tries(clock=lambda: 0.0)
    waits = [count.begin(f"10.0.{i // 250}.{i % 250}") for i in range(tries.MOST_OF_ALL + 5)]
    assert waits.index(tries.WINDOW) == tries.MOST_OF_ALL
    assert len(count._of_one) <= tries.REMEMBERED


# ---- passwords ----


def test_a_verifier_is_scrypt_s(locked):
    kind, n, r, p, salt, hashed = passwords.verifier("pässword").split(":")
    salt, hashed = base64.b64decode(salt), base64.b64decode(hashed)
    n, r, p = int(n), int(r), int(p)
    own = hashlib.scrypt("pässword".encode(), salt=salt, n=n, r=r, p=p, maxmem=2**26, dklen=32)
    assert (kind, hashed) == ("scrypt", own)
    assert TRAINER not in repr(locked) and VIEWER not in repr(locked)


def test_what_scrypt_s_own_paper_says():
    """RFC 7914, section 12, the third vector, cut to 32 bytes: any prefix of scrypt's output is its."""
    salt = base64.b64encode(b"SodiumChloride").decode()
    hashed = base64.b64encode(
        bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    ).decode()
    text = f"scrypt:16384:8:1:{salt}:{hashed}"
    assert passwords.checked(text, "GAN_PASSWORD") == text
    assert passwords.role_of("pleaseletmein", {"viewer": text}) == "viewer"
    assert passwords.role_of("pleaseletmeIn", {"viewer": text}) == ""


def test_every_verifier_is_tried_whatever_comes(locked, monkeypatch):
    """So that the time it takes does not tell whose password it was, or nobody's."""
    real, counts = passwords._hash, []
    monkeypatch.setattr(passwords, "_hash", lambda *given: counts.append(1) or real(*given))
    for password in (TRAINER, VIEWER, "wrong", ""):
        counts.clear()
        passwords.role_of(password, locked.verifiers)
        assert len(counts) == 2, password


@pytest.mark.parametrize(
    "text",
    [
        "short", "scrypt:", "scrypt:1:8:1:AAAA:AAAA", "scrypt:16384:8:1::", "scrypt:16383:8:1:{s}:{h}",
        "scrypt:1073741824:8:1:{s}:{h}", "scrypt:16384:8:999:{s}:{h}", "scrypt:16384:8:1:{s}:{s}",
        "scrypt:1024:8:1:{s}:{h}", "scrypt:16384:8:1:!!!!:{h}",
    ],
)  # fmt: skip
def test_what_is_no_verifier_is_said(text):
    given = text.format(
        s=base64.b64encode(b"s" * 16).decode(), h=base64.b64encode(b"h" * 32).decode()
    )
    with pytest.raises(ConfigError, match="GAN_PASSWORD"):
        settings.read({"GAN_PASSWORD": given})


# ---- a proxy that logs in ----

SECRET = "0123456789abcdef"
BY_PROXY = {
    "GAN_PROXY_USER_HEADER": "X-Forwarded-Email",
    "GAN_PROXY_SECRET": SECRET,
    "GAN_TRAINERS": "ann@lab.example",
    "GAN_VIEWERS": "*@lab.example, bob@uni.example",
}


@pytest.fixture
def behind():
    lock = settings.read(BY_PROXY)
    with TestClient(app_of(lock), base_url=ORIGIN, follow_redirects=False) as found:
        yield found


def by_proxy(user, secret=SECRET):
    return {"x-forwarded-email": user, "x-ganscope-proxy": secret}


@pytest.mark.parametrize(
    ("user", "role"),
    [
        ("ann@lab.example", "trainer"),
        ("ANN@Lab.Example", "trainer"),
        ("cid@lab.example", "viewer"),
        ("bob@uni.example", "viewer"),
    ],
)
def test_a_proxy_says_who_it_is(behind, user, role):
    told = behind.get("/train", headers=by_proxy(user)).json()
    assert told["role"] == role
    assert "x-forwarded-email" not in dict(told["headers"])
    assert "x-ganscope-proxy" not in dict(told["headers"])
    assert opens(behind, **by_proxy(user)) == f"{role} {role}"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-email": "ann@lab.example"},
        by_proxy("ann@lab.example", ""),
        by_proxy("ann@lab.example", SECRET[:-1]),
        by_proxy("ann@lab.example", SECRET + "x"),
        by_proxy("ann@lab.example", "ö" * 16),
        by_proxy(""),
        by_proxy("eve@evil.example"),
        by_proxy("ann@lab.example.evil.example"),
        by_proxy("xann@uni.example"),
        {"x-ganscope-proxy": SECRET},
        [("x-forwarded-email", "eve@x"), *by_proxy("ann@lab.example").items()],
        [*by_proxy("ann@lab.example").items(), ("x-ganscope-proxy", "x")],
        {"x_forwarded_email": "ann@lab.example", "x_ganscope_proxy": SECRET},
    ],
)
def test_nobody_else_says_it(behind, headers):
    headers = (
        {n: v.encode("latin-1") for n, v in headers.items()}
        if isinstance(headers, dict)
        else headers
    )
    answer = behind.get("/train", headers=headers)
    assert answer.status_code in (401, 403)
    assert behind.get("/api/runs", headers=headers).status_code == 401


def test_who_is_not_listed_is_told(behind):
    answer = behind.get("/train", headers=by_proxy("<b>eve</b>@x"))
    assert answer.status_code == 403
    assert "&lt;b&gt;eve&lt;/b&gt;@x may not come in here." in answer.text


def test_without_passwords_there_is_no_field_for_one(behind):
    answer = behind.get("/train")
    assert "password" not in answer.text.lower() and "proxy" in answer.text
    assert behind.post("/train", data={"password": ""}).status_code == 401


# ---- OpenID Connect ----


def test_an_account_comes_in_by_its_checked_address():
    users = {
        "ann": {"is_logged_in": True, "email": "ann@lab.example", "email_verified": True},
        "out": {"is_logged_in": False, "email": "ann@lab.example"},
        "bad": {"is_logged_in": True, "email": "ann@lab.example", "email_verified": False},
        "none": {"is_logged_in": True},
    }
    oidc = Oidc(
        lambda cookies: users.get(cookies.get("user", ""), {}),
        lambda: {"default": "./auth/login?provider=t"},
    )
    lock = settings.read({"GAN_TRAINERS": "ann@lab.example"}, oidc)
    with TestClient(app_of(lock), base_url=ORIGIN, follow_redirects=False) as client:
        page = client.get("/train")
        assert page.status_code == 401 and 'href="./auth/login?provider=t"' in page.text
        assert (
            client.get("/auth/login").status_code
            == client.get("/oauth2callback").status_code
            == 200
        )
        for name, status in {"ann": 200, "out": 401, "bad": 401, "none": 401, "": 401}.items():
            header = {"cookie": f"user={name}"}
            assert client.get("/api/runs", headers=header).status_code == status, name
        left = client.get("/logout", headers={"cookie": "user=ann"})
        assert left.headers["location"] == "./auth/logout"


# ---- settings ----


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"GAN_PASSWORD": "short"}, "10 characters"),
        ({"GAN_PASSWORD": TRAINER, "GAN_VIEWER_PASSWORD": TRAINER}, "must not be the same"),
        ({"GAN_PROXY_USER_HEADER": "X-User"}, "GAN_PROXY_SECRET"),
        ({"GAN_PROXY_SECRET": SECRET}, "GAN_PROXY_USER_HEADER"),
        ({**BY_PROXY, "GAN_PROXY_SECRET": "short"}, "16 or more"),
        ({**BY_PROXY, "GAN_PROXY_USER_HEADER": "X User"}, "name of a header"),
        ({**BY_PROXY, "GAN_TRAINERS": "", "GAN_VIEWERS": " "}, "Say who may come in"),
        ({"GAN_TRAINERS": "*"}, "beside it"),
        ({"GAN_DOOR_KEY": "x" * 20}, "beside it"),
        ({"GAN_PASSWORD": TRAINER, "GAN_DOOR_KEY": "x"}, "16 characters"),
    ],
)
def test_wrong_settings_are_said(env, words):
    with pytest.raises(ConfigError, match=words):
        settings.read(env)


def test_a_key_keeps_people_inside_over_a_restart_but_not_over_a_new_password():
    env = {"GAN_PASSWORD": TRAINER, "GAN_DOOR_KEY": "k" * 20}
    first, again = settings.read(env), settings.read(env)
    other = settings.read(env | {"GAN_PASSWORD": TRAINER + "!"})
    assert first.key == again.key != other.key
    assert (
        settings.read({"GAN_PASSWORD": TRAINER}).key != settings.read({"GAN_PASSWORD": TRAINER}).key
    )


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("127.8.8.8", True),
        ("::ffff:127.0.0.1", True), ("unix:///tmp/a.sock", True), ("0.0.0.0", False), ("::", False),
        ("192.168.1.5", False), ("localhost.evil.example", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_only_this_machine_needs_no_door(address, local):
    assert settings.is_local(address) is local
    if local:
        assert settings.of_server(address, {}) is None
    else:
        with pytest.raises(ConfigError) as refused:
            settings.of_server(address, {})
        for words in ("1. A password", "2. A proxy that logs people in", "docs/serving.md"):
            assert words in str(refused.value)
    assert settings.of_server(address, {"GAN_PASSWORD": TRAINER}).verifiers.keys() == {"trainer"}


@pytest.mark.parametrize(
    ("server", "status"), [("192.168.1.5", 403), ("127.0.0.1", 200), ("::1", 200)]
)
def test_without_a_door_others_stay_outside_however_the_server_was_started(server, status):
    """`uvicorn app:app --host 0.0.0.0` asks nobody for an option of ours."""
    page = Route("/{path:path}", lambda _: PlainTextResponse("page"))
    inner = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", stream), page], middleware=door.middleware(None)
    )

    async def app(scope, receive, send):
        if scope["type"] != "lifespan":
            scope = scope | {"server": (server, 8501)}
        await inner(scope, receive, send)

    client = TestClient(app)
    assert client.get("/train").status_code == status
    assert bool(opens(client)) is (status == 200)


# ---- roles, over the real routes ----


def test_viewers_read_and_change_nothing(lab, run, locked):
    ours = [*routes.make_routes(lambda: lab), *explore_routes.make_explore_routes(lambda: lab)]
    app = app_of(locked, "", ours)
    change = {"what": "favourites", "add": {"z": "AAAAAA", "name": "a"}}
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        log_in(client, VIEWER)
        assert client.get(f"/api/runs/{run.id}/status").status_code == 200
        answer = client.post(f"/api/explore/{run.id}/notes", json=change)
        assert (answer.status_code, "viewer" in answer.json()["error"]) == (403, True)
        assert run.notes().favourites == ()
        assert client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 403
        client.cookies.clear()
        log_in(client, TRAINER)
        assert client.post(f"/api/explore/{run.id}/notes", json=change).status_code == 200
        assert len(run.notes().favourites) == 1
        assert client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 200


def test_whatever_a_viewer_sends_is_answered_in_words(lab, run, locked):
    """Every address that takes something, with what it takes and with what it does not."""
    ours = [
        each
        for make in (
            data_routes.make_data_routes,
            explore_routes.make_explore_routes,
            style_routes.make_style_routes,
            translate_routes.make_translate_routes,
            waiting_routes.make_waiting_routes,
        )
        for each in make(lambda: lab)
        if "POST" in each.methods
    ]
    assert len(ours) > 25
    kinds = {"application/json": b"{}", "application/octet-stream": b"abc"}
    with TestClient(app_of(locked, "", ours), base_url=ORIGIN, follow_redirects=False) as client:
        log_in(client, VIEWER)
        for path in (each.path.replace("{id}", run.id) for each in ours):
            for kind, body in kinds.items():
                answer = client.post(path, content=body, headers={"content-type": kind})
                assert 400 <= answer.status_code < 500 and answer.json()["error"], path
        sent = {"content": b"abc", "headers": {"content-type": "application/octet-stream"}}
        answer = client.post("/api/data/waiting/0123456789ab/files", **sent)
        assert (answer.status_code, "viewer" in answer.json()["error"]) == (403, True)
        answer = client.post("/api/data/waiting/0123456789ab/keep", json={})
        assert answer.json()["error"].startswith("Nothing waits under '0123456789ab'")


def test_tickets_of_two_servers_have_two_names():
    names = [tickets.Tickets(key).name for key in (b"a" * 32, b"b" * 32)]
    assert len({*names}) == 2


def test_no_made_up_request_comes_in(client):
    """Paths, methods and headers joined at random: none is answered by the app itself."""
    draw = random.Random(7)
    parts = ["/", "//", "api", "_stcore", "health", "train", "..", "%2e", "%2F", "static", "logout", "login",
             "auth", ".", ";", "\\", "?x=", "#", "_stcore/health", "oauth2callback", "@", ":"]  # fmt: skip
    names = [
        "x-forwarded-for",
        "x-ganscope-role",
        "cookie",
        "origin",
        "forwarded",
        "x-original-url",
    ]
    values = ["127.0.0.1", "trainer", "ganscope=trainer", ORIGIN, "/_stcore/health", "null"]
    for _ in range(300):
        path = "/" + "".join(draw.choices(parts, k=draw.randint(1, 5)))
        headers = {draw.choice(names): draw.choice(values) for _ in range(draw.randint(0, 3))}
        method = draw.choice(["GET", "POST", "PUT", "HEAD", "DELETE"])
        answer = client.request(method, ORIGIN + path, headers=headers)
        let_in = answer.headers.get("content-type") == "application/json" and "role" in answer.text
        assert not let_in or answer.json()["path"] == "/_stcore/health", (method, path, headers)


def test_people_are_listed_by_patterns():
    people = People(trainers=("ann@*",), viewers=("*",))
    assert [people.role_of(n) for n in ("ann@x", "bob", "", " ")] == ["trainer", "viewer", "", ""]
    two = (
        "eve, ann@x",
        "eve,ann@x",
        "eve;ann@x",
        "eve ann@x",
        "ann@x\n",
        "\u212aim@x",
    )  # Kelvin's K
    assert [people.role_of(n) for n in two] == [""] * len(two)
    assert Proxy("x-user", SECRET).headers == ("x-user", "x-ganscope-proxy")
    assert all(r in access.ROLES for r in itertools.chain(("viewer",), ("trainer",)))
