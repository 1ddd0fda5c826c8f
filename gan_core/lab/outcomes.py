"""What came of a run: its networks opened, its measurements, verdicts and films."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from gan_core import data, tasks
from gan_core.explore import unowned
from gan_core.runs.store import RunStore
from gan_core.storage import access
from gan_core.tasks import run_data


class Outcomes:
    """The part of the Lab that only reads what runs have stored."""

    store: RunStore
    data_dir: Path

    def open(self, run_id: str, step: int | None = None):
        """What a run trained, at a step (None: the newest), as its task opens it; imports TensorFlow."""
        run = self.store.get(run_id)
        return tasks.of_run(run).open(run, self.data_dir, step)

    def open_generator(self, run_id: str, step: int | None = None):
        """A TrainedGenerator of a run at a step (None: the newest); imports TensorFlow.

        Raises:
            RunError: its networks make no images out of z.
        """
        from gan_core.tasks.synthesis import open_generator

        return open_generator(self.store.get(run_id), self.data_dir, step)

    def open_translator(self, run_id: str, step: int | None = None, towards: str | None = None):
        """A Translator of a run at a step (None: the newest); imports TensorFlow.

        Args:
            towards: "b" or "a" of two sides, "target" of pairs; None: what the run was made for first.

        Raises:
            RunError: its networks do not translate pictures, or it has no weights there.
            ConfigError: it does not translate in that direction.
        """
        from gan_core.tasks.translation import open_translator

        return open_translator(self.store.get(run_id), self.data_dir, step, towards)

    def ways(self, run_id: str) -> dict[str, str]:
        """The directions of a run that translates, in words, the main one first; {} of others."""
        from gan_core.tasks.translation import ways_of_run
        from gan_core.tasks.translator import WAYS

        return {way: WAYS[way] for way in ways_of_run(self.store.get(run_id))}

    def held_out(self, run_id: str, count: int, towards: str | None = None) -> dict[str, Any]:
        """Held-out images of a run that translates, evenly over its classes, and what is known of them.

        `input` and `target` are uint8 [N, H, W, C], `labels` [N] their classes as the data have
        them.

        Raises:
            RunError, ConfigError: as for `open_translator`; or so many are not held out.
            DataError: the data are not here.
        """
        from gan_core.tasks.translation import held_out

        return held_out(self.store.get(run_id), self.data_dir, count, towards)

    def about(self, trained):
        """What a web page says of networks that were opened here (export.models.About)."""
        from gan_core.export.models import About
        from gan_core.export.web import card

        if unowned.is_id(trained.run_id):
            found = unowned.card_of(trained.run_id, self.store.root, self.data_dir)
            texts, load = card.of_library(found), lambda: data.load(found["dataset"], self.data_dir)
        else:
            run = self.store.get(trained.run_id)
            texts = card.of_run(run, self.data_dir, trained.step)
            load = functools.partial(run_data.load, run, self.data_dir)
        return About(texts, card.pictures(trained, load))

    def evals(self, run_id: str) -> list[dict[str, Any]]:
        """The quality measurements of a run, oldest first; see evaluation/run_evals.py."""
        from gan_core.evaluation.run_evals import evals

        return evals(self.store.get(run_id))

    def verdict(self, run_id: str):
        """What the doctor says of a run (doctor.report.Report); from its folder alone."""
        from gan_core.doctor.report import report_of

        return report_of(self.store.get(run_id), self.class_names(run_id))

    def class_names(self, run_id: str) -> tuple[str, ...]:
        """Names of the classes of a run's data; empty without, or where the data are gone."""
        spec = run_data.known_spec(self.store.get(run_id), self.data_dir)
        return spec.class_names if spec else ()

    def verdicts(self, run_id: str) -> list[dict[str, Any]]:
        """The verdicts on a run so far, oldest first, as they were logged."""
        from gan_core.doctor.record import logged

        return logged(self.store.get(run_id))

    def film(self, run_id: str, kind: str = "gif", **wanted: Any) -> tuple[bytes, Any]:
        """A film of a run's samples so far, and what it became; see film.py for what is `wanted`."""
        from gan_core.export import film

        with access.in_turn():
            return film.as_bytes(self.store.get(run_id), kind, wanted)
