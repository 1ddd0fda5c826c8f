"""Data sets: listing them takes milliseconds, loading one gives NumPy arrays; no TensorFlow."""

from gan_core.data.base import Dataset, DatasetSpec
from gan_core.data.catalogue import default_data_dir, load, picture, spec, specs, unread
from gan_core.data.memory import available_memory
from gan_core.data.toy import ring_modes

__all__ = [
    "Dataset",
    "DatasetSpec",
    "available_memory",
    "default_data_dir",
    "load",
    "picture",
    "ring_modes",
    "spec",
    "specs",
    "unread",
]
