"""Training: the loop that yields a result a step, the writers that keep them, the job that drives both."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.training.job import TrainingJob as TrainingJob
    from gan_core.training.loop import train_loop as train_loop
    from gan_core.training.manager import JobManager as JobManager
    from gan_core.training.observers import Observers as Observers
    from gan_core.training.session import open_session as open_session
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "JobManager": "manager",
            "Observers": "observers",
            "TrainingJob": "job",
            "open_session": "session",
            "train_loop": "loop",
        },
    )
