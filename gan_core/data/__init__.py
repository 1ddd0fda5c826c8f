"""Data sets: listing them takes milliseconds, loading one gives NumPy arrays; no TensorFlow."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "Dataset": "base",
        "DatasetSpec": "base",
        "available_memory": "memory",
        "default_data_dir": "catalogue",
        "load": "catalogue",
        "picture": "catalogue",
        "spec": "catalogue",
        "specs": "catalogue",
    },
)
