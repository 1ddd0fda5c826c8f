"""A run as one zip to download; it is packed while it is sent, so nothing waits on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from gan_core.archive import pack
from gan_core.web.answers import PLAIN, in_words

if TYPE_CHECKING:
    from gan_core.lab import Lab


def make_archive_routes(get_lab: Callable[[], Lab]) -> list[Route]:
    """The one route; uploads go through the page, which Streamlit guards."""

    def packed(request: Request) -> StreamingResponse:
        run = get_lab().store.get(request.path_params["id"])
        name = {"Content-Disposition": f'attachment; filename="{run.id}.zip"'}
        parts = pack.packed(run)
        return StreamingResponse(parts, media_type="application/zip", headers=PLAIN | name)

    return [Route("/api/runs/{id}/archive.zip", in_words(packed), methods=["GET"])]


def address(run_id: str) -> str:
    """Where a run's zip is downloaded from, seen from a page."""
    return f"api/runs/{run_id}/archive.zip"
