"""A second task, only in the tests: images in, images out, between even and odd digits.

Two generators, two discriminators and a pool of past fakes (CycleGAN in small; Zhu et al., 2017,
https://arxiv.org/abs/1703.10593). Its recipe and its task are found as any other by their folders.
"""

from pathlib import Path

HERE = Path(__file__).parent


def register(monkeypatch):
    """Add the recipe `two_way` and the task `translation` for one test."""
    from gan_core import recipes, tasks

    for package, folder in ((recipes, "recipes"), (tasks, "tasks")):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(HERE / folder)])
