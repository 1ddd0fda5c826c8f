"""Bytes from an address, piece by piece; what goes wrong on the way is said in words."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Generator

from gan_core.errors import DataError, in_brief

PIECE = 1 << 16  # bytes
TIMEOUT = 30.0  # seconds without a single byte


def pieces(url: str, timeout: float = TIMEOUT) -> Generator[bytes, None, None]:
    """The body at `url`.

    Raises:
        DataError: it cannot be reached or answers something else; errors of the disk pass as they are.
    """
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:
            while piece := response.read(PIECE):
                yield piece
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise DataError(f"{url} answered {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise DataError(f"{url} cannot be reached ({in_brief(reason)}).") from error
