"""Other ways in: below a prefix that a proxy strips or keeps, through nginx with TLS, past the door."""

import contextlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.explore_words import frames
from tests.browser.helpers import (
    Server,
    at_rest,
    button,
    free_port,
    stop,
    train_small,
    wait_for,
    wait_for_progress,
)
from tests.browser.prefix_proxy import PrefixProxy
from tests.browser.test_compare import add_run

TRAINER, VIEWER = "correct horse battery", "only looking here"
BASE = "/lab/gan"
NO_NGINX = "NGINX TESTS SKIPPED: nginx and openssl are not installed here"


def refused(page) -> list[str]:
    """What the page asked for in vain, from now on; what D thinks is asked of generators without one."""
    found: list[str] = []
    page.on("response", lambda r: found.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    return found


def has_drawn(page) -> None:
    """The curves have lines, and the grid its pictures."""
    wait_for_progress(page)
    fakes = page.get_by_role("img", name="fakes").first
    expect(fakes).to_be_visible()
    wait_for(page, lambda: fakes.evaluate("i => i.naturalWidth > 0"), "the grid's picture")


@pytest.mark.thorough
def test_behind_a_proxy_that_strips_its_prefix(server, open_tab):
    """As jupyter-server-proxy does; the server knows nothing of it. All kinds of requests of all pages."""
    with PrefixProxy(server.port, "/user/me/proxy/8790", strip=True) as proxy:
        page = open_tab()
        bad = refused(page)
        run_id = train_small(page, proxy.url)
        has_drawn(page)
        stop(page)
        page.get_by_role("link", name="Explore", exact=True).first.click()
        expect(page).to_have_url(f"{proxy.url}/explore?run={run_id}", timeout=60_000)
        wait_for(page, lambda: frames(page) > 0, "an image of Explore", 150)
        page.goto(f"{proxy.url}/translate/")  # a slash too many: relative addresses would be wrong
        expect(page.locator(".gs canvas").first).to_be_visible()
        at_rest(page)
        assert page.url.startswith(f"{proxy.url}/translate")
        page.goto(f"{proxy.url}/runs")
        link = page.get_by_role("link", name="Download")

        def take_away() -> bool:
            page.get_by_role("tab", name="Take away").click()
            return link.is_visible()

        wait_for(page, take_away, "the link to download")
        with page.expect_download() as download:
            link.click()
        assert download.value.url == f"{proxy.url}/api/runs/{run_id}/archive.zip"
        assert [b for b in bad if "/opinion?" not in b] == []
        assert proxy.missed == []


# ---- the door ----


@pytest.fixture(scope="module")
def nginx_ports():
    return {"tls": free_port(), "plain": free_port()}


@pytest.fixture(scope="module")
def locked(tmp_path_factory, nginx_ports):
    """A server with passwords below a prefix, and a run; the origin is one of nginx."""
    folder = tmp_path_factory.mktemp("locked")
    served = Server(
        folder,
        GAN_PASSWORD=TRAINER,
        GAN_VIEWER_PASSWORD=VIEWER,
        STREAMLIT_SERVER_BASE_URL_PATH=BASE,
        STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS=f"http://localhost:{nginx_ports['plain']}",
    )
    served.url += BASE
    served.run_id = add_run(RunStore(folder / "runs"), 2, 40).id
    yield served.start()
    served.end()


def log_in(page, password: str) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page) -> None:
    page.get_by_role("link", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_door_below_a_prefix(locked, open_tab):
    with PrefixProxy(locked.port, BASE, strip=False) as proxy:
        page = open_tab()
        address = f"{proxy.url}/train?run={locked.run_id}"
        page.goto(address)
        log_in(page, "not the password")
        expect(page.get_by_text("This is not the password.")).to_be_visible()
        log_in(page, VIEWER)
        expect(page).to_have_url(address)  # where one wanted to go
        has_drawn(page)
        expect(page.locator(".gs-door")).to_have_text("viewer")
        at_rest(page)
        for name in ("Resume", "Branch", "Measure now", "More"):
            assert button(page, name).count() == 0, name
        (cookie,) = (c for c in page.context.cookies() if c["name"].startswith("ganscope_"))
        assert (cookie["path"], cookie["httpOnly"]) == (BASE, True)
        log_out(page)
        log_in(page, TRAINER)
        expect(page.locator(".gs-door")).to_have_text("trainer")
        page.goto(address)
        expect(button(page, "Branch").first).to_be_visible()
        assert proxy.missed == []


# ---- nginx ----


def configuration(folder, port: int, ports: dict[str, int]) -> str:
    """One nginx: TLS in front with the Host passed on, and plain with nginx's own Host; no root."""
    forward = """
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;"""
    return f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{ports["tls"]} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location {BASE}/ {{ proxy_pass http://127.0.0.1:{port};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-For $remote_addr;{forward} }}
  }}
  server {{
    listen 127.0.0.1:{ports["plain"]};
    location /stripped/ {{ proxy_pass http://127.0.0.1:{port}/;{forward} }}
  }}
}}
"""


@pytest.fixture(scope="module")
def nginx(locked, nginx_ports, tmp_path_factory):
    """nginx in front of the locked server; its ports."""
    program, openssl = shutil.which("nginx"), shutil.which("openssl")
    if not program or not openssl:
        pytest.skip(NO_NGINX)
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, locked.port, nginx_ports))
    process = subprocess.Popen([program, "-p", folder, "-c", file, "-e", folder / "error.log"])
    try:
        _until_it_listens(nginx_ports["plain"], process)
        yield nginx_ports
    finally:
        process.terminate()
        process.wait(30)


def _until_it_listens(port: int, process, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.HTTPError):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            except urllib.error.HTTPError:
                return  # nginx's own 404
            except OSError:
                time.sleep(0.1)
    raise AssertionError("nginx did not start")


def test_behind_nginx(nginx, locked, open_tab):
    """TLS in front and the prefix kept; and nginx's own Host, the prefix stripped, an allowed origin."""
    address = f"train?run={locked.run_id}"
    page = open_tab(ignore_https_errors=True)
    page.goto(f"https://localhost:{nginx['tls']}{BASE}/{address}")
    log_in(page, VIEWER)
    has_drawn(page)
    (cookie,) = (c for c in page.context.cookies() if c["name"].startswith("ganscope_"))
    assert (cookie["path"], cookie["secure"]) == (BASE, True)
    page.goto(f"http://localhost:{nginx['plain']}/stripped/{address}")
    log_in(page, VIEWER)
    has_drawn(page)
