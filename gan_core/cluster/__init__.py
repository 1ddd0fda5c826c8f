"""Runs on many machines: the queue's runs as tasks of Dask distributed, an optional package."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "ClusterJobs": "jobs",
        "Worker": "facts",
        "follow": "waiting",
        "join": "jobs",
    },
)
