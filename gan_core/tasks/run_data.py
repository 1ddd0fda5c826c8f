"""The data of a run: what the run itself knows of them, and its images where they are here.

A run made since there are records (data/record.py) needs no data to be sampled, exported or
explored. One from before falls back on the data folder, with its classes as they were then.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gan_core import data, recipes
from gan_core.data import content_style, derived, plane, record
from gan_core.errors import ConfigError, DataError, UnknownDataError
from gan_core.runs import inputs
from gan_core.runs.run import Run
from gan_core.storage import files

ABOUT = "other_data"  # what the warning is about that allows other data from its step on


def spec(run: Run, data_dir: Path | str) -> data.DatasetSpec:
    """Shape, classes and names of a run's data; DataError where neither it nor the folder knows."""
    name, found = str(run.config["dataset"]), record.checked(run.header.get("data"))
    if found is not None:
        return record.spec_of(name, found)
    with in_words(run, data_dir):
        return record.numbered(data.spec(name, data_dir))


def known_spec(run: Run, data_dir: Path | str) -> data.DatasetSpec | None:
    """The same; None where neither knows."""
    try:
        return spec(run, data_dir)
    except DataError:
        return None


def load(
    run: Run, data_dir: Path | str, progress: Callable[[int, int], None] | None = None
) -> data.Dataset:
    """The images that a run learned from, in the run's own classes, downloaded where needed.

    Raises:
        DataError: they are not in the data folder, or others are under their name.
    """
    if own_data := given(run):
        return own_data
    with in_words(run, data_dir):
        dataset = data.load(run.config["dataset"], data_dir, progress=progress)
    return own(run, dataset, data_dir)


def given(run: Run) -> data.Dataset | None:
    """The content and the style, or the points, that a run was given and keeps; None of any other run.

    Raises:
        RunError: they are missing or damaged.
    """
    found, name = record.checked(run.header.get("data")), str(run.config["dataset"])
    if found is not None and found["kind"] == content_style.KIND:
        kept = inputs.read(run.path)
        known = record.spec_of(name, found)
        return content_style.dataset(known, kept["content"], kept["style"])
    if found is not None and found["kind"] == "points" and name == plane.NAME:
        return plane.dataset(record.spec_of(name, found), **inputs.read_points(run.path))
    return None


@contextlib.contextmanager
def in_words(run: Run, data_dir: Path | str) -> Iterator[None]:
    """Say of lost data whose they are and where they were looked for."""
    try:
        yield
    except UnknownDataError as error:
        name = run.config["dataset"]
        raise DataError(
            f"`{name}`, which {run.id} learned from, is not here. "
            f"Looked for {derived.file_of(name)} in {Path(data_dir).absolute()}."
        ) from error


def own(run: Run, dataset: data.Dataset, data_dir: Path | str) -> data.Dataset:
    """A loaded data set in a run's own classes; DataError if the run did not learn from it."""
    found = record.checked(run.header.get("data"))
    if found is None:
        return record.numbered_set(dataset)
    problem = differing(run, dataset.spec, data_dir)
    if problem:
        raise DataError(problem)
    known = record.spec_of(dataset.spec.name, found)
    if known.num_classes != dataset.spec.num_classes:  # other data, which were allowed
        return dataset
    spec = replace(dataset.spec, labels=known.labels, class_names=known.class_names)
    return replace(dataset, spec=spec)


def differing(run: Run, here: data.DatasetSpec, data_dir: Path | str) -> str:
    """Why the data in the folder are not those of a run, in words; "" where they may be."""
    found = record.checked(run.header.get("data"))
    if found is None:
        return ""
    if problem := misfit(run, here, data_dir):
        return problem
    known = [found["digest"], *(event["digest"] for event in _allowed(run))]
    if not found["digest"] or not here.digest or here.digest in known:
        return ""
    return (
        f"`{here.name}` in {Path(data_dir)} holds other images or labels than {run.id} learned "
        f"from: their digest is {here.digest[:8]}, that of the run {found['digest'][:8]}."
    )


def _allowed(run: Run) -> list[dict[str, Any]]:
    """The events that allowed other data, oldest first."""
    told = [e for e in run.events() if e.get("about") == ABOUT]
    return [e for e in told if isinstance(e.get("digest"), str)]


def misfit(run: Run, here: data.DatasetSpec, data_dir: Path | str) -> str:
    """Why a run's networks cannot take the data in the folder; "" where they can."""
    found = record.checked(run.header.get("data"))
    if found is None:
        return ""
    told = _needs_labels(run)  # the others have no layer that depends on the classes
    its, theirs = (_form(s, told) for s in (record.spec_of(here.name, found), here))
    if its == theirs:
        return ""
    return (
        f"`{here.name}` in {Path(data_dir)} has {theirs}, but the networks of {run.id} were made "
        f"for {its}."
    )


def _needs_labels(run: Run) -> bool:
    try:
        return recipes.get(run.config["recipe"]).needs == "labels"
    except ConfigError:  # a recipe of another installation
        return True


def _form(spec_: data.DatasetSpec, with_classes: bool) -> str:
    classes = f"{spec_.num_classes} classes" if spec_.num_classes else "no labels"
    return f"{spec_.kind} of {spec_.shape}" + (f" with {classes}" if with_classes else "")


def check_resume(run: Run, data_dir: Path | str, *, other_data: bool) -> str:
    """The digest of other data that a run is about to go on with; "" where they are its own.

    Raises:
        DataError: its data are not here or, unless `other_data` allows it, others are; never
            allowed are data that do not fit its networks.
    """
    if given(run):
        return ""  # they are in its folder
    with in_words(run, data_dir):
        here = data.spec(run.config["dataset"], data_dir)
    if here.problem:
        raise DataError(f"`{here.name}` cannot be used: {here.problem}")
    if problem := misfit(run, here, data_dir):
        raise DataError(f"{problem} Put the old file back.")
    problem = differing(run, here, data_dir)
    if problem and not other_data:
        raise DataError(
            f"{problem} Put the old file back. Or train on with these data all the same, which "
            f"marks the run: `resume {run.id} --other-data` on the command line."
        )
    return here.digest if problem else ""


def mark(run: Run, digest: str, *, step: int, who: str) -> None:
    """Note that a run goes on with other data; its real images are drawn anew."""
    name = run.config["dataset"]
    text = f"Trained on from here with other images or labels under the name `{name}`."
    run.log_event("warning", step=step, who=who, text=text, about=ABOUT, digest=digest)
    with files.in_words(run.path):
        (run.path / "reals.png").unlink(missing_ok=True)


def for_branch(parent: Run, step: int) -> dict[str, Any] | None:
    """The record for a branch at a step: with the digest of the data trained on just then."""
    found = record.checked(parent.header.get("data"))
    later = [event for event in _allowed(parent) if event.get("step", 0) < step]
    if found is None or not later:
        return found
    return record.checked(found | {"digest": later[-1]["digest"]}) or found
