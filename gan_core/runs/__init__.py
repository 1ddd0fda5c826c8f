"""Runs on disk: one run, the folder of runs, families, quality, costs. Knows no network and no data set."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.runs.records import State as State
    from gan_core.runs.records import Status as Status
    from gan_core.runs.run import Run as Run
    from gan_core.runs.store import RunStore as RunStore
    from gan_core.runs.store import default_runs_dir as default_runs_dir
else:
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
