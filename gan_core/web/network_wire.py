"""A network to draw with in the browser, in two answers: what it is, and its weights, kept for good.

The first says when the weights were written; their address has that time in it, so a browser may keep
them: another step, or a run that went back and wrote this one again, has another address.
"""

from __future__ import annotations

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from gan_core.explore.by_browser import Carried
from gan_core.web import packed
from gan_core.web.answers import BYTES, PRIVATE_FOREVER, PRIVATE_ONCE, answer


def described(carried: Carried, **more) -> Response:
    """Step, plan and the address of the weights, or why no browser draws it."""
    told = {"step": carried.step, "written": str(carried.stamp), "bytes": len(carried.data)}
    if carried.refused:
        return answer(told | {"refused": carried.refused} | more)
    return answer(told | {"plan": carried.plan} | more)


def weights(request: Request, carried: Carried) -> Response:
    """{"entries"} and all weights as one row of bytes, as network/unpack.js reads them."""
    data = packed.pack({"entries": carried.entries}, [np.frombuffer(carried.data, np.uint8)])
    same = request.query_params.get("written", "") == str(carried.stamp)
    caching = PRIVATE_FOREVER if same else PRIVATE_ONCE
    headers = caching | {"Content-Encoding": "identity"}  # hardly any smaller when packed
    return Response(data, media_type=BYTES, headers=headers)
