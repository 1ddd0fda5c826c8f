"""A second task, only in the tests: images in, images out, between even and odd digits.

Two generators, two discriminators and a pool of past fakes (CycleGAN in small; Zhu et al., 2017,
https://arxiv.org/abs/1703.10593). Its recipe and its task are found as any other by their folders.
"""

from pathlib import Path

HERE = Path(__file__).parent


def register(monkeypatch):
    """Add the recipe `two_way`, the task `swapping` and its ways of measuring and judging for one test."""
    from gan_core import recipes, tasks
    from gan_core.doctor import rules
    from gan_core.evaluation import measuring

    for package in (recipes, tasks, measuring, rules):
        folder = package.__name__.rpartition(".")[2]
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(HERE / folder)])
