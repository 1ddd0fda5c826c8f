"""How TensorFlow is started: environment, threads, memory, and what its import may print."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.startup.runtime import device as device
    from gan_core.startup.runtime import start as start
    from gan_core.startup.runtime import versions as versions
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "device": "runtime",
            "start": "runtime",
            "versions": "runtime",
        },
    )
