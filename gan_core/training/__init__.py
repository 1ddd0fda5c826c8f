"""Training: the loop that yields a result a step, the writers that keep them, the job that drives both."""

from gan_core import shown

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
