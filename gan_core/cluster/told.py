"""What Dask says, and what people are told instead."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from gan_core.errors import GanError


def in_words(error: BaseException) -> str:
    """Why a task failed, for the person who looks at its run."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return (
            "The workers that trained it died one after the other, most likely for want of memory. "
            "Resume goes on from its newest checkpoint."
        )
    return str(error) if isinstance(error, GanError) else f"{type(error).__name__}: {error}"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without Dask's own lines about connections that come and go, also later: `problem` tells of them."""
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
