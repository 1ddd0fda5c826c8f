"""Measuring runs that nobody trains, behind the page that asked: one at a time, in a thread."""

from __future__ import annotations

import threading
from pathlib import Path

from gan_core.runs.run import Run
from gan_core.storage import access


class Behind:
    """Measures runs one after another; their results are lines of their evals.jsonl.

    Args:
        data_dir: where data sets, judges and real statistics are.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._one = threading.Lock()  # measuring takes all cores: a second run waits
        self._phases: dict[str, str] = {}
        self._problems: dict[str, str] = {}

    @access.for_trainers
    def start(self, run: Run) -> None:
        """Measure the newest weights of a run; nothing if that is being done."""
        if self.phase(run.id):
            return
        self._problems.pop(run.id, None)
        self._phases[run.id] = "waiting"
        threading.Thread(target=self._measure, args=(run,), name="measuring", daemon=True).start()

    def phase(self, run_id: str) -> str:
        """What is being done for this run; empty when nothing is."""
        return self._phases.get(run_id, "")

    def problem(self, run_id: str) -> str:
        """Why the last measuring of this run failed; empty when it did not."""
        return self._problems.get(run_id, "")

    def _measure(self, run: Run) -> None:
        from gan_core.evaluation.run_evals import evaluate_run
        from gan_core.startup import runtime

        def tell(phase: str) -> None:
            self._phases[run.id] = phase

        try:
            with self._one:
                tell("starting TensorFlow")
                runtime.start()
                evaluate_run(run, self._data_dir, phase=tell)
        except Exception as error:  # said on the page that asked; nothing else depends on it
            self._problems[run.id] = str(error) or type(error).__name__
        finally:
            self._phases.pop(run.id, None)
