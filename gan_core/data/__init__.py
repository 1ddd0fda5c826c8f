"""Data sets: listing them takes milliseconds, loading one gives NumPy arrays; no TensorFlow."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.data.base import Dataset as Dataset
    from gan_core.data.base import DatasetSpec as DatasetSpec
    from gan_core.data.catalogue import default_data_dir as default_data_dir
    from gan_core.data.catalogue import load as load
    from gan_core.data.catalogue import picture as picture
    from gan_core.data.catalogue import spec as spec
    from gan_core.data.catalogue import specs as specs
    from gan_core.data.memory import available_memory as available_memory
else:
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
