"""Runs on disk: one run, the folder of runs, families, quality, costs. Knows no network and no data set."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "Run": "run",
        "RunStore": "store",
        "State": "records",
        "Status": "records",
        "default_runs_dir": "store",
    },
)
