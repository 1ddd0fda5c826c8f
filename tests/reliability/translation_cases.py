"""Ailments of translators, each brought about in a real training, and the presets without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

PAIRS, SIDES = "fast_pix2pix", "fast_cyclegan"
ONE_WAY = "fastcut"
SMALL = {PAIRS: {"width": 8, "batch_size": 8}, SIDES: {"width": 8, "batch_size": 4}}
SMALL[ONE_WAY] = SMALL[SIDES]


@dataclass(frozen=True)
class TranslationCase:
    """One training, its ailment, and by which names it may be called.

    Attributes:
        changes: splits["train"] -> the arrays that are trained on instead.
        harm: called with the algorithm after every step.
    """

    name: str
    recipe: str
    dataset: str
    expected: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    changes: Callable[[dict], dict] = lambda train: train
    harm: Callable[[Any], None] = lambda algorithm: None
    steps: int = 700

    def of(self, dataset):
        """The data that it trains on; held-out images stay as they are."""
        train = self.changes(dict(dataset.splits["train"]))
        return replace(dataset, splits={**dataset.splits, "train": train})


def _shuffled(train: dict) -> dict:
    order = np.random.default_rng(0).permutation(len(train["target"]))
    return train | {"target": train["target"][order]}


def _few(count: int) -> Callable[[dict], dict]:
    return lambda train: {
        name: array[:: len(array) // count][:count] for name, array in train.items()
    }


def _silenced(name: str) -> Callable[[Any], None]:
    """Its last layer says nothing."""

    def harm(algorithm):
        last = algorithm.networks[name].layers[-1]
        last.set_weights([np.zeros_like(w) for w in last.get_weights()])

    return harm


def _uneven(name: str, taps: int) -> Callable[[Any], None]:
    """Its last kernel, 4 x 4 with stride 2, keeps so many taps a side: some pixels get fewer."""

    def harm(algorithm):
        last = algorithm.networks[name].layers[-1]
        kernel, *rest = last.get_weights()
        kernel[taps:], kernel[:, taps:] = 0.0, 0.0
        last.set_weights([kernel, *rest])

    return harm


class _Kept:
    """One network does not learn: it is put back after every step."""

    def __init__(self, name: str):
        self.name, self.start = name, None

    def __call__(self, algorithm) -> None:
        network = algorithm.networks[self.name]
        if self.start is None:
            self.start = [v.numpy().copy() for v in network.variables]
        for variable, value in zip(network.variables, self.start, strict=True):
            variable.assign(value)


def cases() -> list[TranslationCase]:
    """All that are ill."""
    return [
        TranslationCase(
            "copies", PAIRS, "edges_to_digits", ("copies_input",),
            changes=lambda train: train | {"target": train["input"]},
        ),
        TranslationCase(
            "d_wins_sides", SIDES, "digits_and_paper", ("d_wins",),
            {"gan_weight": 0.0, "identity_weight": 20.0},
        ),
        TranslationCase(
            "copies_sides", SIDES, "digits_and_paper", ("copies_input",),
            changes=lambda train: train | {"b": train["a"][::-1]},
        ),
        TranslationCase(
            "ignores", PAIRS, "edges_to_digits", ("ignores_input", "averages"), changes=_shuffled,
        ),
        TranslationCase(
            "inverted", SIDES, "digits_and_inverted", ("inverted", "copies_input"),
            {"identity_weight": 0.0},
            changes=lambda train: train | {"b": 255 - train["b"], "a": train["a"]},
        ),
        TranslationCase(
            "inverted_pairs", PAIRS, "half_to_digits", ("inverted",),
            changes=lambda train: train | {"target": 255 - train["target"]},
        ),
        TranslationCase(
            "rotated", SIDES, "digits_and_rotated", ("hides_input", "copies_input"),
        ),
        TranslationCase(
            "silent_d", SIDES, "digits_and_paper", ("d_silent",), harm=_silenced("d_b"),
        ),
        TranslationCase(
            "silent_d_pairs", PAIRS, "edges_to_digits", ("d_silent",),
            harm=_silenced("discriminator"),
        ),
        TranslationCase(
            "one_way", SIDES, "digits_and_inverted", ("one_way",), harm=_Kept("g_ba"),
            settings={"cycle_weight": 0.0},
        ),
        TranslationCase(
            "d_wins", PAIRS, "half_to_digits", ("d_wins", "ignores_input"),
            {"l1_weight": 0.0, "d_lr": 5e-3, "g_lr": 1e-4},
        ),
        TranslationCase(
            "knows", PAIRS, "half_to_digits", ("knows_pairs",), changes=_few(40), steps=1200,
        ),
        TranslationCase(
            "averages", PAIRS, "half_to_digits", ("averages",), {"gan_weight": 0.0},
        ),
        TranslationCase(
            "grid", PAIRS, "edges_to_digits", ("grid",), harm=_uneven("generator", 1),
        ),
        TranslationCase(
            "grid_faces", PAIRS, "grey_to_faces", ("grid",), harm=_uneven("generator", 1),
        ),
        TranslationCase(
            "grid_3", PAIRS, "grey_to_faces", ("grid",), harm=_uneven("generator", 3),
        ),
    ]  # fmt: skip


def healthy() -> list[TranslationCase]:
    """The presets on what comes with the app, grey and in colour."""
    sets = {
        PAIRS: ("edges_to_digits", "half_to_digits", "quarter_to_digits", "grey_to_faces"),
        SIDES: ("digits_and_paper", "digits_and_inverted", "faces_and_glasses"),
        ONE_WAY: ("digits_and_paper",),
    }
    return [
        TranslationCase(f"healthy-{recipe}-{name}", recipe, name, ("healthy",))
        for recipe, names in sets.items()
        for name in names
    ]
