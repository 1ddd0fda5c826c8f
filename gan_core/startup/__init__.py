"""How TensorFlow is started: environment, threads, memory, and what its import may print."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "device": "runtime",
        "start": "runtime",
        "versions": "runtime",
    },
)
