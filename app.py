"""GANscope in the browser: `streamlit run app.py`. Joins the pages, the routes and the Lab."""

from gan_core.startup import runtime  # isort: skip  (the environment must be set before anything else)

import atexit
import contextlib
from pathlib import Path

import anyio
import streamlit as st

from gan_core.storage.assets import ASSETS
from gan_core.web import (
    answers,
    archive_routes,
    bundle,
    compare_routes,
    connections,
    data_routes,
    explore_routes,
    guard,
    process,
    routes,
    style_routes,
    translate_routes,
    waiting_routes,
    warmup,
)
from pages.ui.shared import failure

ROOT = Path(__file__).parent
FIRST_PAGE = (
    "gan_core.lab.lab",
    "pages.ui.home.first",
    "pages.ui.home.recent",
    "pages.ui.shared.job_chip",
)
runtime.in_web_server()
atexit.register(process.shutdown)


@contextlib.asynccontextmanager
async def lifespan(app):
    """The first page is made ready; told to stop, every running job first writes a checkpoint."""
    connections.guard_server()
    process.end_on_hang_up()
    await anyio.to_thread.run_sync(warmup.before_first_page, FIRST_PAGE)
    try:
        yield {}
    finally:
        await anyio.to_thread.run_sync(process.shutdown)


app = st.App(
    ROOT / "pages" / "shell.py",
    routes=answers.closed(
        [
            *routes.make_routes(process.get_lab),
            *archive_routes.make_archive_routes(process.get_lab),
            *compare_routes.make_compare_routes(process.get_lab),
            *data_routes.make_data_routes(process.get_lab),
            *explore_routes.make_explore_routes(process.get_lab),
            *style_routes.make_style_routes(process.get_lab),
            *translate_routes.make_translate_routes(process.get_lab),
            *waiting_routes.make_waiting_routes(process.get_lab),
        ]
    ),
    middleware=[
        *guard.middleware(st.get_option("server.allowedHosts")),
        *connections.middleware(),
        *warmup.middleware(),
        *bundle.middleware(Path(st.__file__).parent / "static", ASSETS / "shell.css"),
    ],
    lifespan=lifespan,
    on_script_error=failure.show,
)
