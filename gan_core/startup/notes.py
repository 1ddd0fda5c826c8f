"""What TensorFlow tells developers on stderr while it is imported, kept from people in a terminal.

Neither `TF_CPP_MIN_LOG_LEVEL` nor Python's logging reaches these lines: they are written before
TensorFlow sets up its log. Everything else that was written meanwhile follows when the import is done.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator

NOTES = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog\(\)"
    rb"|I0000 .* (port|cudart_stub|cpu_feature_guard|cuda_executor)\.cc:"
)
STDERR = 2


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Hold what this process writes to stderr, and pass on all but the known notes at the end."""
    with tempfile.TemporaryFile() as held:
        terminal = os.dup(STDERR)
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(terminal, STDERR)
            os.close(terminal)
            held.seek(0)
            kept = b"".join(line for line in held if not NOTES.match(line))
            with contextlib.suppress(OSError):  # closed or full: no reason to fail an import
                os.write(STDERR, kept)
