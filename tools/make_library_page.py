"""docs/library.md: Lab and what it hands out, made from their signatures and docstrings.

python -m tools.make_library_page > docs/library.md
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator

from gan_core import errors
from gan_core.lab import Lab
from gan_core.runs.run import Run
from gan_core.tasks.synthesis import TrainedGenerator
from gan_core.tasks.translator import Translator
from gan_core.training.job import TrainingJob

INTRO = """# The library

For whoever trains, opens or measures runs in a program of their own.

Made by `python -m tools.make_library_page` from signatures and docstrings; a test holds it to the code.
The command line and the app do everything by the same `Lab`. Importing it loads no TensorFlow; what needs
it says so.

```python
from gan_core.lab import Lab

lab = Lab()
run_id = lab.start(lab.make_config("fast_gan", "mnist_5k", num_steps=600))  # a background thread
lab.jobs.job(run_id).join()
images, labels, z = lab.open_generator(run_id).sample(100, seed=1)  # [100, 28, 28, 1] in [-1, 1]
```

A run without any of this, from another language or with NumPy alone: [the run folder](run_folder.md).
"""
CLASSES = {
    Lab: "",
    Run: "`lab.store.get(run_id)`",
    TrainingJob: "`lab.jobs.job(run_id)`, while this process trains it",
    TrainedGenerator: "`lab.open_generator(run_id)`",
    Translator: "`lab.open_translator(run_id)`",
}
HEADS = {"Args", "Returns", "Raises", "Yields", "Attributes"}


def text() -> str:
    """The whole page."""
    return "\n".join([INTRO, *(_class(kind, way) for kind, way in CLASSES.items()), _errors()])


def _class(kind: type, way: str) -> str:
    parts = [f"## {kind.__name__}\n"]
    if way:
        parts.append(f"By {way}.\n")
    parts.append(_described(inspect.getdoc(kind) or ""))
    for name, member in _members(kind):
        parts.append(f"### {kind.__name__}.{name}\n\n```python\n{_signature(name, member)}\n```\n")
        parts.append(_described(inspect.getdoc(member) or ""))
    return "\n".join(parts)


def _members(kind: type) -> Iterator[tuple[str, object]]:
    """Public methods and properties with a docstring, in the order of the source, own ones first."""
    seen = set()
    for owner in kind.__mro__[:-1]:
        for name, member in vars(owner).items():
            shown = getattr(member, "func", member)  # a cached_property's function
            if name.startswith("_") or name in seen or not inspect.getdoc(shown):
                continue
            if inspect.isfunction(shown) or isinstance(shown, property):
                seen.add(name)
                yield name, member if member is shown else property(shown)


def _signature(name: str, member) -> str:
    if isinstance(member, property):
        return name
    told = inspect.signature(member)
    shown, starred = [], False
    for parameter in told.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            shown.append("*")
        if parameter.name != "self":
            shown.append(_parameter(parameter))
    result = "" if told.return_annotation is told.empty else f" -> {told.return_annotation}"
    return f"{name}({', '.join(shown)}){result}"


def _parameter(parameter: inspect.Parameter) -> str:
    """As it stands in the source; a default that has no short form is `...`."""
    star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    kind = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
    value = "..." if callable(parameter.default) else repr(parameter.default)
    default = "" if parameter.default is parameter.empty else f" = {value}"
    return f"{star}{parameter.name}{kind}{default}"


def _described(docstring: str) -> str:
    """A docstring of ours as Markdown: its paragraphs, and a list under each of HEADS."""
    lines = []
    for line in docstring.splitlines():
        if line.strip().removesuffix(":") in HEADS and line.endswith(":"):
            lines.append(f"**{line.strip().removesuffix(':')}**\n")
        elif found := re.match(r" {4}([\w*, ]+|[A-Z]\w+): (.*)", line):
            lines.append(f"- `{found[1]}`: {found[2]}")
        else:
            lines.append(f"  {line.strip()}" if line.startswith("    ") else line)
    return "\n".join(lines) + "\n"


def _errors() -> str:
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass)
             if issubclass(k, errors.GanError)]  # fmt: skip
    rows = [f"| `{k.__name__}` | {(inspect.getdoc(k) or '').splitlines()[0]} |" for k in kinds]
    head = "## Errors\n\nAll of `gan_core.errors`; `GanError` is the parent of the others.\n"
    return "\n".join([head, "| error | when |\n|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(text())
