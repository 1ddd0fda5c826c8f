"""Reading numbers from addresses, and errors as JSON in words."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from gan_core.errors import BusyError, GanError, RoleError, RunError

ROOTS = ("/api/", "/assets/")  # below these all addresses are ours
MAX_STEP = 2**32  # steps are stored as 32-bit numbers
BYTES = "application/octet-stream"
# Small and already packed: gzip would cost more time than it saves (it is keyed on this header).
PLAIN = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # our own files, never a run's
# A run's picture may be another tomorrow, or in another folder of runs behind the same address.
PRIVATE_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
PRIVATE_ONCE = {"Cache-Control": "private, no-store"}


class BadRequest(GanError):
    """A number in the address is missing, not a number, or out of range."""


def number(request: Request, name: str, *, default: float, low: float, high: float) -> float:
    """The finite number `name` of the address, between `low` and `high`."""
    text = request.query_params.get(name, "")
    if text == "":
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:  # also refuses nan
        raise BadRequest(
            f"`{name}` must be a number from {low} to {high}. Received: `{text[:40]}`."
        )
    return value


def whole(request: Request, name: str, *, default: int, low: int = 0, high: int = MAX_STEP) -> int:
    """The whole number `name` of the address, between `low` and `high`."""
    value = number(request, name, default=default, low=low, high=high)
    if value != int(value):
        raise BadRequest(f"`{name}` must be a whole number. Received: `{value}`.")
    return int(value)


def finite(value):
    """A copy of JSON-like data in which NaN and infinities are None; JSON has no word for them."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def picture(png: bytes, asked: str, written: Sequence[float | None]) -> Response:
    """A PNG of a run. The browser may keep it where its address says when it was written.

    Args:
        asked: what the address says, Unix times with commas; "" for nothing.
        written: when each of the files was written that the picture is made of; None: gone.
    """
    try:
        same = [float(time) for time in asked.split(",")] == list(written)
    except ValueError:
        same = False
    caching = PRIVATE_FOREVER if same else PRIVATE_ONCE
    return Response(png, media_type="image/png", headers=caching)


def answer(data, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """Data as JSON that every browser reads."""
    headers = PLAIN | (headers or {})
    try:
        return JSONResponse(data, status, headers=headers)
    except ValueError:  # a NaN or an infinity; to look for one each time would cost as much again
        return JSONResponse(finite(data), status, headers=headers)


def binary(data: bytes) -> Response:
    """What packed.py wrote, as an answer."""
    return Response(data, media_type=BYTES, headers=PLAIN)


def closed(routes: Sequence[Route], base: str = "") -> list[Route]:
    """The routes, and words for every other address and method below theirs.

    Without these the page would be the answer, with a 200. `base` is the prefix of their addresses.
    """
    unknown, roots = _Unknown(routes), [base + root for root in ROOTS]
    rests = [Route(path, unknown) for root in roots for path in (root[:-1], root + "{rest:path}")]
    return [*routes, *rests]


class _Unknown:
    """ASGI app: 405 where a route has this address for other methods, else 404."""

    def __init__(self, routes: Sequence[Route]):
        self._routes = list(routes)

    async def __call__(self, scope, receive, send):
        alike = [r for r in self._routes if r.matches(scope)[0] == Match.PARTIAL]
        methods = sorted({method for route in alike for method in route.methods or ()})
        if methods:
            allowed = ", ".join(methods)
            error = f"This address answers to {allowed} only."
            found = answer({"error": error}, 405, {"Allow": allowed})
        else:
            found = answer({"error": "There is no such address on this server."}, 404)
        await found(scope, receive, send)


def in_words(endpoint):
    """The endpoint, with its errors answered as {"error": words} and the right status."""

    @functools.wraps(endpoint)
    def wrapped(request: Request) -> Response:
        try:
            return endpoint(request)
        except BadRequest as error:
            return answer({"error": str(error)}, 400)
        except RunError as error:
            return answer({"error": str(error)}, 404)
        except RoleError as error:
            return answer({"error": str(error)}, 403)
        except BusyError as error:
            return answer({"error": str(error)}, 503)
        except GanError as error:
            return answer({"error": str(error)}, 400)

    return wrapped
