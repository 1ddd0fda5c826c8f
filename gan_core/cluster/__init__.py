"""Runs on many machines: the queue's runs as tasks of Dask distributed, an optional package."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.cluster.facts import Worker as Worker
    from gan_core.cluster.jobs import ClusterJobs as ClusterJobs
    from gan_core.cluster.jobs import join as join
    from gan_core.cluster.waiting import follow as follow
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "ClusterJobs": "jobs",
            "Worker": "facts",
            "follow": "waiting",
            "join": "jobs",
        },
    )
