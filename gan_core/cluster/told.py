"""What Dask says, and what people are told instead."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
from collections.abc import Iterator

from gan_core.errors import GanError

PORT = "Is it the scheduler's port, and tls:// or tcp:// at both ends?"
CLOSED = f"it closed the connection. {PORT}"
LATE = "nothing came in time. Is it running, and does every firewall let its port through?"
REASONS = (  # what the connection broke with, the particular first
    (
        ssl.SSLCertVerificationError,
        "it has another certificate than this machine: copy cluster.pem and cluster-key.pem from there",
    ),
    (ssl.SSLError, f"what listens there speaks no TLS. {PORT}"),
    (ConnectionRefusedError, "nothing listens there"),
    (socket.gaierror, "there is no machine of this name"),
    (ConnectionError, CLOSED),
)


def why(error: BaseException) -> str:
    """Why a connection failed, for whoever started the program: by the first cause, not Dask's words."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    for each in reversed(chain):
        for kind, words in REASONS:
            if isinstance(each, kind):
                return words
    if str(error).startswith("Timed out"):  # in the midst of an attempt, which has no reason then
        return LATE
    closed = type(chain[-1]).__name__ in ("StreamClosedError", "CommClosedError")
    return CLOSED if closed else str(chain[-1]) or type(chain[-1]).__name__


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
