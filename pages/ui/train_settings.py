"""What settings are called and in which groups they are asked; the names in files stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Group(NamedTuple):
    """Settings under one heading, in reading order."""

    title: str
    names: tuple[str, ...]


GROUPS = (
    Group("Networks", ("width", "latent_dim", "dropout")),
    Group(
        "Loss",
        (
            "loss", "gp_weight", "r1_gamma", "r2_gamma", "class_weight", "label_smoothing",
            "instance_noise",
        ),
    ),
    Group(
        "Updates",
        ("batch_size", "n_critic", "g_lr", "d_lr", "beta_1", "beta_2", "lr_half_steps",
         "ema_half_life"),
    ),
    Group("Kept on disk", ("sample_every", "checkpoint_every")),
    Group("Speed", ("device", "precision", "steps_per_call", "steps_per_second")),
)  # fmt: skip
REST = "More"  # heading of settings that no group names

LABELS = {
    "seed": "Seed",
    "num_steps": "Steps",
    "num_minutes": "Minutes",
    "width": "Network width",
    "latent_dim": "Length of z",
    "dropout": "Dropout in D",
    "loss": "Loss",
    "gp_weight": "Gradient penalty",
    "r1_gamma": "Penalty at real",
    "r2_gamma": "Penalty at fake",
    "class_weight": "Class loss weight",
    "label_smoothing": "Label smoothing",
    "instance_noise": "Instance noise",
    "batch_size": "Batch size",
    "n_critic": "D updates per G",
    "g_lr": "Learning rate of G",
    "d_lr": "Learning rate of D",
    "beta_1": "Adam, beta 1",
    "beta_2": "Adam, beta 2",
    "lr_half_steps": "Rates halve after",
    "ema_half_life": "EMA half-life",
    "sample_every": "Sample grid every",
    "checkpoint_every": "Checkpoint every",
    "device": "Processor",
    "precision": "Precision",
    "steps_per_call": "Steps per call",
    "steps_per_second": "Slow motion",
}


def label(name: str) -> str:
    """A setting in words: 'Learning rate of G'; one without words of its own loses its underscores."""
    words = name.replace("_", " ")
    return LABELS.get(name, words[:1].upper() + words[1:])


def grouped(names: Iterable[str]) -> list[Group]:
    """The settings by group, in reading order; none is left out."""
    wanted = list(names)
    known = {name for group in GROUPS for name in group.names}
    rest = Group(REST, tuple(name for name in wanted if name not in known))
    found = [Group(g.title, tuple(n for n in g.names if n in wanted)) for g in GROUPS]
    return [group for group in (*found, rest) if group.names]
