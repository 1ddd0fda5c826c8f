"""Files for the browser, our components' modules and plotly.js, under addresses that never change.

The address of the components holds a checksum of all of them and that of plotly.js its version, so
browsers may keep both for ever and still load new ones after an update.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
from importlib.metadata import version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gan_core.errors import RunError
from gan_core.storage.assets import COMPONENTS
from gan_core.web.answers import FOREVER

TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
PLOTLY_URL = f"/assets/plotly-{version('plotly')}.min.js"


@functools.cache
def component_files() -> dict[str, bytes]:
    """Every component file by its path, read once: a running server never mixes two versions."""
    files = sorted(p for p in COMPONENTS.rglob("*") if p.suffix in TYPES)
    return {p.relative_to(COMPONENTS).as_posix(): p.read_bytes() for p in files}


@functools.cache
def component_version() -> str:
    """A checksum of all component files."""
    parts = [name.encode() + b"\0" + data for name, data in component_files().items()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def component_url(name: str) -> str:
    """The address of a component's module, such as `/assets/components/3f2a.../train/curves.js`."""
    return f"/assets/components/{component_version()}/{name}"


def component(request: Request) -> Response:
    """A module or style sheet; an old checksum gets the newest file, but not for keeps."""
    name = request.path_params["name"]
    data = component_files().get(name)
    if data is None:
        raise RunError(f"There is no component file `{name[:80]}`.")
    current = request.path_params["version"] == component_version()
    caching = FOREVER if current else {"Cache-Control": "no-store"}
    return Response(data, media_type=TYPES[Path(name).suffix], headers=caching)


def plotly(request: Request) -> Response:
    """plotly.js from the installed plotly package, compressed once (1.4 instead of 4.8 MB)."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(_plotly_file().read_bytes(), media_type=TYPES[".js"], headers=FOREVER)
    headers = FOREVER | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_plotly_packed(), media_type=TYPES[".js"], headers=headers)


def _plotly_file() -> Path:
    # The package is found, not imported: importing plotly takes longer than serving the file.
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


@functools.cache
def _plotly_packed() -> bytes:
    return gzip.compress(_plotly_file().read_bytes(), compresslevel=5)
