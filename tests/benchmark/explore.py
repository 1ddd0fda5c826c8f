"""The explore page: how soon an image follows the hand, how much at once, and whether memory stays.

python tests/benchmark/explore.py drag              # slider to new image in Chromium, idle
python tests/benchmark/explore.py drag --training   # the same while fast_gan trains, and its speed
python tests/benchmark/explore.py routes            # class strip, 1,024 tiles, 50 checkpoints
python tests/benchmark/explore.py samples           # 100,000 samples against plain batched inference
python tests/benchmark/explore.py memory --minutes 30
python tests/benchmark/explore.py recover           # z of 10 generated images, and `sample`'s pixels
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.explore.generators import BUDGET, Generators  # noqa: E402
from gan_core.explore.project import project  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402
from gan_core.storage import images  # noqa: E402  (the path above must come first)
from gan_core.tasks import latent  # noqa: E402
from tests.browser import helpers  # noqa: E402

TYPE = {"Content-Type": "application/octet-stream"}
# Press a key on a slider and wait until the large image has been painted anew.
ONE_MOVE = """async (key) => {
  const thumb = window.theThumb ??= find('.dimensions .thumb');
  const image = window.theImage ??= find('.image');
  function find(selector) {
    for (const host of document.querySelectorAll('*')) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    return document.querySelector(selector);
  }
  const before = image.dataset.frames, start = performance.now();
  thumb.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  while (image.dataset.frames === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def spread(name: str, times) -> None:
    """Median and 95th percentile in ms."""
    middle, high = np.percentile(times, [50, 95])
    print(f"{name}: median {middle:.0f} ms, p95 {high:.0f} ms, {len(times)} times")


def moves(page, count: int, pause: int) -> list[float]:
    """Milliseconds of each move, `pause` ms apart, so that the panels come in between too."""
    found = []
    for i in range(count):
        found.append(page.evaluate(ONE_MOVE, "ArrowRight" if i % 20 < 10 else "ArrowLeft"))
        page.wait_for_timeout(pause)
    return found


def drag(folder: Path, args) -> None:
    """Slider to image in a real browser; with --training also what dragging costs the training."""
    server = helpers.Server(folder).start()
    try:
        with sync_playwright() as found:
            chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
            if args.training:
                train = chrome.new_page()
                run = helpers.train_now(train, server.url)
                helpers.wait_for_progress(train, 100)
                alone = speed(train, server.url, run, args.seconds)
                train.goto("about:blank")
            page = chrome.new_page(viewport={"width": 1280, "height": 1000})
            address = f"?run={run}" if args.training else ""
            page.goto(f"{server.url}/explore{address}")
            page.locator(".dimensions[data-filled]").wait_for(timeout=180_000)
            page.wait_for_timeout(3000)
            spread("slider to image", moves(page, args.count, args.pause))
            if args.training:
                drawn = during(page, server.url, run, args.seconds)
                page.close()
                asked = hand(server.port, run, args.seconds)
                alone = statistics.mean(
                    (alone, speed(chrome.new_page(), server.url, run, args.seconds))
                )
                print(f"training: {alone:.1f} steps/s alone, before and after")
                print(f"a hand that drags, over HTTP: {asked:.1f}, {asked / alone:.2f} times")
                print(f"Chromium on the same cores as well: {drawn:.1f}, {drawn / alone:.2f} times")
            chrome.close()
    finally:
        server.end()


def step_of(page, url: str, run: str) -> int:
    """The step of a run that trains."""
    return page.request.get(f"{url}/api/runs/{run}/status").json()["step"]


def speed(page, url: str, run: str, seconds: float) -> float:
    """Steps a second while nobody looks."""
    first, began = step_of(page, url, run), time.monotonic()
    page.goto("about:blank")
    page.wait_for_timeout(1000 * seconds)
    return (step_of(page, url, run) - first) / (time.monotonic() - began)


def during(page, url: str, run: str, seconds: float) -> float:
    """Steps a second while a slider moves all the time."""
    first, began = step_of(page, url, run), time.monotonic()
    while time.monotonic() - began < seconds:
        moves(page, 10, 16)
    return (step_of(page, url, run) - first) / (time.monotonic() - began)


def hand(port: int, run: str, seconds: float) -> float:
    """Steps a second while somebody drags whose browser draws elsewhere: what the page asks for
    (assets/components/shared/ask.js, explore/store.js), at its pace while a run trains."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    rng, rows = np.random.default_rng(0), np.zeros((11, 74), "<f4")
    rows[0, 64] = 1
    rows[1:, 64:] = np.eye(10)
    count, status = 0, f"/api/runs/{run}/status"
    first = read_json(asked, status)["step"]
    began = looked = time.monotonic()
    while time.monotonic() - began < seconds:
        rows[:, :64] = rng.standard_normal(64)
        time.sleep(max(0.060, 0.160 - post(asked, run, "images", rows) / 1000))
        count += 1
        if time.monotonic() - looked > 0.5:
            looked = time.monotonic()
            read_json(asked, f"/api/explore/{run}/facts")
    print(f"    {count / seconds:.1f} images a second asked for")
    return (read_json(asked, status)["step"] - first) / (time.monotonic() - began)


def read_json(asked, path: str) -> dict:
    """The answer of a route that reads."""
    asked.request("GET", path)
    return json.loads(asked.getresponse().read())


def many_steps(lab: Lab, count: int) -> str:
    """A run of default fast_gan with weights at so many steps (fresh networks, no training)."""
    from gan_core import recipes
    from gan_core.algorithms.variables import copy_out, named
    from gan_core.startup import runtime

    runtime.start()
    config = lab.make_config("fast_gan", "mnist_5k")
    run = lab.store.create(config.model_dump())
    model = recipes.get("fast_gan").build(config, lab.check(config)).generator()
    arrays = copy_out(named("generator", model.variables))
    for step in range(count):
        checkpoints.save_weights(run.path, step, arrays, {"images_seen": 64 * step})
    run.write_status(state="finished", step=count - 1)
    return run.id


def routes(folder: Path, args) -> None:
    """What the page's routes take, without a browser."""
    run = many_steps(Lab(folder / "runs", folder / "data"), 50)
    server = helpers.Server(folder).start()
    rows = np.concatenate([latent.sample(1024, 64, seed=0), np.eye(10)[np.arange(1024) % 10]], 1)
    rows = rows.astype("<f4")
    steps = ",".join(map(str, range(50)))
    try:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        for name, path, body, count in (
            ("10-class strip", "images", rows[:11], 50),
            ("1,024 tiles", "images", rows, 10),
            ("50 checkpoints, first time", f"timeline?steps={steps}", rows[:1], 1),
            ("50 checkpoints, once read", f"timeline?steps={steps}", rows[:1], 10),
        ):
            if "first" not in name:
                post(asked, run, path, body)  # compiled, or read
            spread(name, [post(asked, run, path, body) for _ in range(count)])
    finally:
        server.end()


def post(asked, run: str, path: str, body: np.ndarray) -> float:
    """Milliseconds of one answer."""
    began = time.perf_counter()
    asked.request("POST", f"/api/explore/{run}/{path}", body.tobytes(), TYPE)
    answer = asked.getresponse()
    data = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {data[:300]}")
    return 1e3 * (time.perf_counter() - began)


def samples(folder: Path, args) -> None:
    """`sample` of 100,000 images against the same network called in plain batches of 250."""
    import tensorflow as tf

    generator = bundled(folder)
    plain = tf.function(lambda z, c: generator.model([z, c], training=False), autograph=False)
    z = latent.sample(250, generator.latent_dim, seed=0)
    rows = np.eye(10, dtype=np.float32)[np.arange(250) % 10]
    generator.sample(500, seed=0)
    plain(z, rows)
    ratios = []
    for _ in range(args.repeats):
        began = time.perf_counter()
        for _ in range(args.images // 250):
            plain(z, rows).numpy()
        middle = time.perf_counter()
        generator.sample(args.images, seed=0)
        end = time.perf_counter()
        ratios.append((middle - began) / (end - middle))
        rates = [args.images / t for t in (middle - began, end - middle)]
        print(f"plain {rates[0]:,.0f} images/s, sample {rates[1]:,.0f}, ratio {ratios[-1]:.2f}")
    print(f"median ratio {np.median(ratios):.2f}")


def memory(folder: Path, args) -> None:
    """Growth of the server while somebody drags over checkpoints, and the generators' budget."""
    lab = Lab(folder / "runs", folder / "data")
    run = many_steps(lab, 50)
    kept = Generators(lab.store, lab.data_dir, budget=64 * 2**20)
    for step in range(50):
        with kept.use(run, step):
            pass
    print(f"50 checkpoints at a budget of 64 MB keep {kept.bytes / 2**20:.0f} MB")
    server = helpers.Server(folder).start()
    process = psutil.Process(server.process.pid)
    rng = np.random.default_rng(0)
    try:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        first, count, began = None, 0, time.monotonic()
        while time.monotonic() - began < 60 * args.minutes:
            rows = np.zeros((11, 74), "<f4")
            rows[:, :64], rows[:, 64] = rng.standard_normal((11, 64)), 1
            post(asked, run, f"images?step={rng.integers(50)}", rows)
            time.sleep(args.pause / 1000)
            count += 1
            if first is None and time.monotonic() - began > 30:  # everything was read once
                first = process.memory_info().rss
        grown = (process.memory_info().rss - first) / 2**20
        print(f"{count:,} drags in {args.minutes:g} min: the server grew by {grown:+.1f} MB")
        print(f"generators may keep {BUDGET / 2**20:.0f} MB")
    finally:
        server.end()


def bundled(folder: Path):
    """The digits that come with the app."""
    with Generators(Lab(folder / "runs").store, folder).use("bundled-digits") as generator:
        return generator


def recover(folder: Path, args) -> None:
    """Images of known z, rounded to bytes as on the page: how near the z that is found comes."""
    generator = bundled(folder)
    z = latent.sample(10, generator.latent_dim, seed=args.seed)
    rows = np.eye(10, dtype=np.float32)
    made = images.to_uint8(generator.images(z, rows))
    near = 0
    for i in range(10):
        began = time.perf_counter()
        best = project(generator, images.to_float(made[i]), best=1, seconds=args.seconds)[0]
        error = float(np.mean((best.z - z[i]) ** 2))
        near += error < 0.01 and best.mse < 0.01
        print(
            f"class {i}: found class {best.classes.argmax()}, z MSE {error:.2g}, pixel MSE "
            f"{best.mse:.2g}, {time.perf_counter() - began:.1f} s"
        )
    print(f"{near} of 10 with z MSE under 0.01")
    print(f"pixels of `sample` and of the page equal: {same_pixels(folder)}")


def same_pixels(folder: Path) -> bool:
    """`sample --seed 5` of a run, and what the explorer makes of the z that it wrote."""
    lab = Lab(folder / "runs", folder / "data")
    run, out = many_steps(lab, 1), folder / "s.npz"
    command = [sys.executable, "-m", "gan_core", "sample", run, "--seed", "5", "--out", str(out)]
    subprocess.run(
        [*command, "--runs-dir", str(folder / "runs")], cwd=ROOT, check=True, capture_output=True
    )
    found = np.load(out)
    with Generators(lab.store, lab.data_dir).use(run) as generator:
        rows = latent.one_hot(found["labels"], 10)
        return bool((images.to_uint8(generator.images(found["z"], rows)) == found["images"]).all())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("drag", "routes", "samples", "memory", "recover"))
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--count", type=int, default=200, help="slider moves")
    parser.add_argument("--pause", type=int, default=50, help="ms after each move")
    parser.add_argument("--seconds", type=float, default=30, help="of each training speed")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=100)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        globals()[args.what](Path(folder), args)


if __name__ == "__main__":
    main()
