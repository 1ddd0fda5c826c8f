"""The real app without a browser: every page over a runs folder of its own, with a real Lab."""

import functools
from pathlib import Path

import numpy as np
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from gan_core import recipes
from gan_core.runs.store import RunStore
from gan_core.startup import runtime
from gan_core.storage import images
from gan_core.web import process

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"


@pytest.fixture(scope="session", autouse=True)
def packages_are_scanned_once():
    """At every start AppTest looks for components in all installed packages, which takes 0.3 s."""
    scan = manifest_scanner.scan_component_manifests
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(scan))
        yield


@pytest.fixture(scope="session", autouse=True)
def hosted():
    """As app.py says it: Streamlit must not clear Keras's state under a training."""
    runtime.in_web_server()


@pytest.fixture
def store(runs_dir, tmp_path, monkeypatch):
    """The runs folder that the app will show; the Lab of the process is made anew for it."""
    monkeypatch.setenv("GAN_RUNS_DIR", str(runs_dir))
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    process.forget()
    yield RunStore(runs_dir)
    process.forget()


@pytest.fixture
def open_page(store):
    """Open a page of the app, `open_page("runs.py", run=id)`, and run it once, as a link to it does."""

    def open_(page="home.py", **query):
        at = AppTest.from_file(str(SHELL), default_timeout=300)
        if page != "home.py":
            tell_pages(at)
            at.switch_page(page)
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    return open_


PAGES: dict[str, dict] = {}  # as Streamlit registers them


def tell_pages(at) -> None:
    """What `switch_page` must know of `st.navigation`: from one run in a process, not from one each time.

    Where Streamlit keeps it elsewhere, every page costs a run of Home again.
    """
    if not PAGES:
        at.run()
        PAGES.update(getattr(at, "_registered_pages", None) or {})
    at._registered_pages = PAGES


@pytest.fixture
def make_run(store):
    """A run folder in a state, with one sample grid once it has taken a step."""

    def make(
        state="finished",
        *,
        recipe="fast_gan",
        dataset="mnist_5k",
        step=100,
        num_steps=200,
        error="",
        **notes,
    ):
        run = store.create(recipes.config(recipe, dataset).model_dump())
        if step:
            tiles = np.full((80, 28, 28, 1), 60, np.uint8)
            run.write_sample(step, images.png(images.grid(tiles, 10)))
            run.write_reals(images.png(images.grid(tiles[:20], 10)))
        run.write_status(
            state=state,
            step=step,
            num_steps=num_steps,
            wall_time=20.0,
            images_seen=64 * step,
            steps_per_second=step / 20,
            error=error,
        )
        if notes:
            run.update_notes("test", **notes)
        return run

    return make


@pytest.fixture
def held(make_run):
    """A run that another writer holds: running or paused, watched from here."""
    stack = []

    def hold(state="running", **fields):
        run = make_run(state, **fields)
        lock = run.writer_lock()
        lock.__enter__()
        stack.append(lock)
        return run

    yield hold
    for lock in stack:
        lock.__exit__(None, None, None)


def texts(at) -> str:
    """Everything the page says, for asserting a sentence."""
    kinds = (at.title, at.header, at.markdown, at.caption, at.error, at.button)
    said = ((getattr(e, "value", None), getattr(e, "label", "")) for kind in kinds for e in kind)
    return "\n".join(value if value and isinstance(value, str) else label for value, label in said)


def labels(at) -> list[str]:
    """What the buttons say."""
    return [button.label for button in at.button if isinstance(button.label, str)]


@pytest.fixture
def filmed(make_run):
    """A run with sample grids at steps 0, 25, 50, 75 and 100."""
    run = make_run("finished")
    for step in range(0, 100, 25):
        tiles = np.full((80, 28, 28, 1), step, np.uint8)
        run.write_sample(step, images.png(images.grid(tiles, 10)))
    return run
