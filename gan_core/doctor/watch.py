"""The doctor beside a training: follows every step, keeps probes and verdicts in the run's folder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gan_core import tasks
from gan_core.doctor import rulebook
from gan_core.doctor.doctor import HEALTHY, Doctor, Verdict
from gan_core.doctor.evidence import probe_line
from gan_core.doctor.record import (
    evidence_of,
    keep_probe,
    last_verdict,
    log_verdict,
    probes,
    stored_baseline,
    stored_start,
)
from gan_core.doctor.thresholds import EVERY, HISTORY
from gan_core.doctor.treatment import worth_keeping
from gan_core.runs.lineage import line_of


def doctor_of(session, on_verdict) -> DoctorWriter | None:
    """What watches a training; None where its task has no rules for it."""
    return DoctorWriter(session, on_verdict) if tasks.of_config(session.config).rules else None


class DoctorWriter:
    """A writer for a TrainingJob.

    Args:
        session: training.session.Session.
        on_verdict: told of each new verdict, for example the command line.

    Attributes:
        keep: told at each new verdict up to which steps the newest checkpoint must stay, and whether
            the present state is healthy and worth a checkpoint.
    """

    def __init__(self, session, on_verdict: Callable[[Verdict, Doctor], None] = lambda v, d: None):
        self.session, self.on_verdict = session, on_verdict
        self.keep: Callable[[list[int], bool], None] = lambda steps, healthy: None
        run, spec = session.run, session.dataset.spec
        step = session.algorithm.counters()["step"]
        fork = run.parent["step"] if run.parent else 0
        self.doctor = Doctor(
            session.config.loss,
            session.algorithm.metric_names,
            class_names=spec.class_names,
            rules=rulebook.name_of(run),
            first_step=(step if step == fork else fork) + 1,
            verdict=last_verdict(run),
        )
        look = self.doctor.rules.look
        self._look = look(session) if look else None
        line = line_of(run)
        self.doctor.memory.baseline, self.doctor.memory.start = (
            stored_baseline(line),
            stored_start(line),
        )
        if step > fork:
            self._remember(step)

    def _remember(self, step: int) -> None:
        """What a resumed run's folder holds of the steps before this one."""
        run, doctor = self.session.run, self.doctor
        reader = run.metrics()
        if reader is None:
            return
        for row in reader.rows(max(reader.first_step, step - HISTORY + 1), step):
            values = [row[name] for name in doctor.memory.names]
            doctor.memory.add(int(row["step"]), np.array(values, np.float32))
        for line in probes(run):
            if line["step"] <= step:
                doctor.see_probe(line)
        for line in evidence_of(run).evals:
            if line["step"] <= step:
                doctor.see_eval(line)

    def on_result(self, result) -> None:
        if self._look is not None and result.step % EVERY == 0:
            self._keep({"step": result.step, "count": 1, "values": self._look()})
        found = self.doctor.see(result.step, result.values)
        if found is not None:
            log_verdict(self.session.run, found, self.doctor.evidence())
            self.keep(worth_keeping(self.session.run, found), found.name == HEALTHY)
            self.on_verdict(found, self.doctor)

    def on_probe(self, step: int, probe) -> None:
        """A probe of the averaged generator and of D (evaluation.measure.Probe)."""
        self._keep(probe_line(step, probe))

    def _keep(self, line: dict) -> None:
        keep_probe(self.session.run, line)
        self.doctor.see_probe(line)

    def on_measure(self, line: dict) -> None:
        """A full measurement, as kept in evals.jsonl."""
        self.doctor.see_eval(line)

    def close(self) -> None:
        """Nothing is open: findings were stored as they came."""
