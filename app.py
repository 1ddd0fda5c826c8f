"""GANscope in the browser: `streamlit run app.py`. Joins the pages, the routes and the Lab."""

from gan_core.startup import runtime  # isort: skip  (the environment must be set before anything else)

runtime.in_web_server()

import atexit
import contextlib
import os
import sys
from pathlib import Path

import anyio
import streamlit as st
from streamlit import config

from gan_core.errors import GanError
from gan_core.storage import access
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
    place,
    process,
    routes,
    style_routes,
    translate_routes,
    waiting_routes,
    warmup,
)
from gan_core.web.door import door, settings
from pages.ui.shared import failure, login

ROOT = Path(__file__).parent
FIRST_PAGE = (
    "gan_core.lab.lab",
    "pages.ui.home.first",
    "pages.ui.home.recent",
    "pages.ui.shared.job_chip",
)
BASE = place.base_of(st.get_option("server.baseUrlPath"))
HOSTS, ORIGINS = st.get_option("server.allowedHosts"), st.get_option("server.corsAllowedOrigins")
# Streamlit's own check of sockets comes after ours, and must know every name that ours knows.
config.set_option("server.allowedHosts", guard.names(HOSTS, ORIGINS))
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


made = [
    *routes.make_routes(process.get_lab),
    *archive_routes.make_archive_routes(process.get_lab),
    *compare_routes.make_compare_routes(process.get_lab),
    *data_routes.make_data_routes(process.get_lab),
    *explore_routes.make_explore_routes(process.get_lab),
    *style_routes.make_style_routes(process.get_lab),
    *translate_routes.make_translate_routes(process.get_lab),
    *waiting_routes.make_waiting_routes(process.get_lab),
]
try:
    process.check_environment()
    lock = settings.of_server(st.get_option("server.address"), os.environ, login.oidc())
    guarding = guard.middleware(HOSTS, ORIGINS, os.environ.get("GAN_FRAME_ANCESTORS", ""))
except GanError as error:
    sys.exit(str(error))
if lock:
    access.ask(login.role)
app = st.App(
    ROOT / "pages" / "shell.py",
    routes=answers.closed(place.under(BASE, made), BASE),
    middleware=place.around(
        BASE,
        guarding,
        [
            *connections.middleware(),
            *door.middleware(lock, login.speech),
            *warmup.middleware(),
            *bundle.middleware(Path(st.__file__).parent / "static", ASSETS / "shell.css"),
        ],
    ),
    lifespan=lifespan,
    on_script_error=failure.show,
)
