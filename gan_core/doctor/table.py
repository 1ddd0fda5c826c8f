"""docs/doctor.md: what each verdict means and every threshold behind it, made from the code.

python -m gan_core.doctor.table > docs/doctor.md
"""

from __future__ import annotations

import sys

from gan_core.doctor import rulebook
from gan_core.doctor.thresholds import (
    BY_LOSS,
    EARLY,
    EVERY,
    RECOVER,
    SOURCES,
    WARM_UP,
    WINDOW,
)

INTRO = f"""# What the doctor says, and by which numbers

For whoever wants to know why the doctor said what it said. How it was tried: [the doctor](doctor_trials.md).

Made by `python -m gan_core.doctor.table`; a test holds it to the code.

The doctor follows every step of a run and looks at it every {EVERY} steps, from step {WARM_UP} on, over
the last {WINDOW} steps. An explosion (a loss, score or gradient norm that has left all bounds, fakes that
are all the same) is told from step {EARLY} on. A sign must show in several looks in a row before it is
given its name, and be gone for {RECOVER} looks before it is over; while anything shows or lies outside the
limits of `healthy/...`, the verdict is "Not sure yet" and says what. Where several ailments show, the
first of this list is said, because it explains the others. Classes, variety and D's opinion of held-out
images come from probes: 256 fakes of the averaged generator every few seconds. Of points, 2,000 are
looked at: how many lie near each mode of the data, and how far they are from each other.

A remedy goes back only to a checkpoint at which the run was healthy by its log and by what is on disk of
that step. Without one, or if the family of runs was rewound once already, it trains again from the start
with the recipe's own settings; no kind of remedy comes twice in one family.
"""


TRANSLATORS = """# Of translators

Runs of Pix2Pix, CycleGAN and FastCUT are judged by other rules, by probes of held-out pictures: what
becomes of them, beside what should. Of two sides a rule is asked of each direction by itself.
"""


PICTURES = f"""# Of pictures that are trained

Runs of style are judged by looks at the picture every {EVERY} steps, from step 60 on: how much of the content
can be told, how grainy it is, how much it moves. Losses mean something else for each pair of pictures.
"""


def text() -> str:
    """The whole page."""
    first = rulebook.get(rulebook.ADVERSARIAL)
    parts = [INTRO, _verdicts(first), _thresholds(first), _losses(), _sources()]
    for head, name in ((TRANSLATORS, "translation"), (PICTURES, "stylisation")):
        rules = rulebook.get(name)
        parts += [head, _verdicts(rules), _thresholds(rules)]
    return "\n".join(parts)


def _verdicts(rules: rulebook.Rules) -> str:
    rows = ["## Verdicts", "", "| verdict | sentence | looks in a row |", "|---|---|---|"]
    for name in ("healthy", "unsure", "warming_up", *rules.signs):
        words = rules.words[name]
        rows.append(f"| {words.word} | {words.sentence} | {rules.confirm.get(name, '')} |")
    causes = [f"**{rules.words[name].word}.** {rules.words[name].cause}\n" for name in rules.signs]
    return "\n".join([*rows, "", "## Why it happens", "", *causes])


def _thresholds(rules: rulebook.Rules) -> str:
    rows = ["## Thresholds", "", "| threshold | value | what it is compared with | source |"]
    rows.append("|---|---|---|---|")
    for name, row in rules.thresholds.items():
        rows.append(f"| `{name}` | {row.value:g} | {row.meaning} | {row.source} |")
    return "\n".join([*rows, ""])


def _losses() -> str:
    rows = ["Under losses whose scores mean something else:", ""]
    rows += ["| loss | threshold | value |", "|---|---|---|"]
    for loss, changes in BY_LOSS.items():
        for name, value in changes.items():
            shown = "not asked" if value is None else f"{value:g}"
            rows.append(f"| `{loss}` | `{name}` | {shown} |")
    return "\n".join([*rows, ""])


def _sources() -> str:
    rows = [f"- {name}: {where}" for name, where in SOURCES.items()]
    return "\n".join(["## Sources", "", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(text())
