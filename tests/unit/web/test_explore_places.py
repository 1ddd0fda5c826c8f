"""Many who ask for generators: few get in, the others are told at once, and reads never wait."""

import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.routing import Route

from gan_core.storage import access
from gan_core.web import assets
from gan_core.web.answers import answer, in_words
from gan_core.web.explore_wire import BYTES, MOST_ASKERS, Places, placed, posted
from tests.unit.web.conftest import TestClient


@pytest.fixture
def gate():
    """Closed: whoever uses the generator waits for it."""
    found = threading.Event()
    yield found
    found.set()


@pytest.fixture
def client(gate):
    def generate(request, *body):
        gate.wait(300)
        return answer({"made": True})

    places = Places()
    routes = [
        Route("/images", posted(generate, places), methods=["POST"]),
        Route("/about", placed(generate, places), methods=["GET"]),
        Route("/status", in_words(lambda request: answer({})), methods=["GET"]),
    ]
    with TestClient(Starlette(routes=routes)) as found:
        yield found


def ask(client, i):
    if i % 3 == 0:
        return client.get("/about")
    return client.post("/images", content=b"x", headers={"content-type": BYTES})


def test_sixty_askers_are_answered_at_once_and_reads_with_them(client, gate):
    with ThreadPoolExecutor(60) as pool:
        waiting = [pool.submit(ask, client, i) for i in range(60)]
        end = time.monotonic() + 60
        while sum(w.done() for w in waiting) < 60 - MOST_ASKERS and time.monotonic() < end:
            time.sleep(0.01)
        refused = [w.result() for w in waiting if w.done()]
        assert len(refused) == 60 - MOST_ASKERS
        assert {r.status_code for r in refused} == {503}
        assert refused[0].headers["retry-after"] == "1"
        assert "busy" in refused[0].json()["error"]
        assert client.get("/status").status_code == 200
        assert sum(w.done() for w in waiting) == 60 - MOST_ASKERS  # it waited for none of them
        gate.set()
        assert sorted(w.result().status_code for w in waiting) == [200] * MOST_ASKERS + [503] * 52
    assert ask(client, 0).status_code == 200  # all places are free again
    assert ask(client, 1).status_code == 200


class Acting:
    """The role that the header `role` names, as the door says it."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        role = Headers(raw=scope.get("headers", [])).get("role", access.TRAINER)
        with access.acting(role):
            await self.app(scope, receive, send)


def test_viewers_take_no_place_of_a_trainer_s(gate):
    def generate(request):
        gate.wait(300)
        return answer({})

    routes = [Route("/about", placed(generate, Places()), methods=["GET"])]
    app = Starlette(routes=routes, middleware=[Middleware(Acting)])
    with TestClient(app) as client, ThreadPoolExecutor(60) as pool:
        crowd = [
            pool.submit(client.get, "/about", headers={"role": access.VIEWER}) for _ in range(40)
        ]
        end = time.monotonic() + 60
        while sum(each.done() for each in crowd) < 36 and time.monotonic() < end:
            time.sleep(0.01)
        trainers = [pool.submit(client.get, "/about") for _ in range(MOST_ASKERS)]
        gate.set()
        assert {each.result().status_code for each in trainers} == {200}
        assert sorted(each.result().status_code for each in crowd) == [200] * 4 + [503] * 36


def test_pictures_wait_since_a_browser_asks_for_one_only_once(gate):
    inside, most = threading.Semaphore(0), []

    def draw(request):
        inside.release()
        most.append(1)
        gate.wait(300)
        return answer({})

    routes = [Route("/about", placed(draw, Places(2, waiting=40)), methods=["GET"])]
    with TestClient(Starlette(routes=routes)) as client, ThreadPoolExecutor(60) as pool:
        asked = [pool.submit(ask, client, 0) for _ in range(60)]
        for _ in range(2):
            inside.acquire()
        end = time.monotonic() + 60
        while sum(a.done() for a in asked) < 18 and time.monotonic() < end:
            time.sleep(0.01)
        before = len(most)
        gate.set()
        assert before == 2
        assert sorted(a.result().status_code for a in asked) == [200] * 42 + [503] * 18


def test_a_place_is_free_again_after_an_error():
    def fails(request, *body):
        raise RuntimeError("a bug")

    routes = [Route("/images", posted(fails, Places(1)), methods=["POST"])]
    with TestClient(Starlette(routes=routes), raise_server_exceptions=False) as client:
        assert [ask(client, 1).status_code for _ in range(3)] == [500] * 3


# ---- the page, which asks again ----

SCRIPT = """
const { Asker, call } = await import(%r);
const sent = [];
let busy = 2;
globalThis.fetch = async (path, options) => {
  sent.push(path);
  if (busy-- > 0) return new Response('{"error": "busy"}', { status: 503 });
  return new Response('{"ok": 1}', { headers: { "content-type": "application/json" } });
};
globalThis.setTimeout = (go, ms) => { waits.push(ms); queueMicrotask(go); };
const waits = [];
const found = await call("a", "about");
console.log(JSON.stringify([found, sent.length, waits.length, waits[1] > waits[0] / 3]));

sent.length = 0;
busy = 1;
const asker = new Asker("a");
const done = [], failed = [];
const z = (n) => () => ({ route: "images", params: { n }, body: null });
asker.ask("image", 0, z(1), () => done.push(1), (e) => failed.push(e.message));
asker.ask("image", 0, z(2), () => done.push(2), (e) => failed.push(e.message));
while (asker.far.busy || asker.near.busy) await new Promise((go) => setImmediate(go));
console.log(JSON.stringify([done, failed, sent.map((path) => path.match(/n=(.)/)[1])]));

const now = performance.now.bind(performance);
let late = 0;
performance.now = () => now() + (late += 9000);
busy = 99;
console.log(await call("a", "about").catch((e) => `${e.status} ${e.message}`));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_page_asks_again_with_its_newest_question_and_gives_up_in_words():
    script = SCRIPT % (assets.COMPONENTS / "shared/ask.js").as_uri()
    run = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, timeout=300
    )
    assert run.stdout.splitlines() == [
        '[{"ok":1},3,2,true]',
        '[[2],[],["1","2"]]',
        "503 busy",
    ], run.stderr
