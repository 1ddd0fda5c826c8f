"""Asking: which questions there are, and what each is answered with, given or likely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gan_core.errors import DataError
from gan_core.importing.base import NO_ANSWERS, Answers, Question


class Interview:
    """Collects the questions of one file in the order in which they are asked.

    Attributes:
        questions: those that somebody should see.
    """

    def __init__(self, answers: Answers):
        self.questions: list[Question] = []
        self._answers = answers
        self._asked: set[str] = set()

    def ask(
        self,
        name: str,
        text: str,
        choices: Iterable[str],
        likely: str,
        *,
        why: str = "",
        shown: bool = True,
        free: bool = False,
        also: Mapping[str, str] = NO_ANSWERS,
    ) -> str:
        """The answer.

        Args:
            shown: False where there is nothing to ask, as a rule; an answer is taken all the same.
            free: whether other answers than `choices` may be good; whoever asks checks them.
            also: other words for choices, as commands and code have them.

        Raises:
            DataError: it was answered with something else than the choices.
        """
        choices = tuple(choices)
        self._asked.add(name)
        if shown or name in self._answers:
            self.questions.append(Question(name, text, choices, likely, why))
        answer = self._answers.get(name, likely)
        answer = also.get(answer, answer)
        if answer not in choices and not free:
            offered = ", ".join(f'"{choice}"' for choice in choices)
            raise DataError(f"`{name}` must be one of {offered}. Received: {str(answer)[:60]!r}.")
        return answer

    def check_names(self) -> None:
        """DataError where an answer belongs to no question that was asked."""
        unknown = next((name for name in self._answers if name not in self._asked), None)
        if unknown is not None:
            asked = ", ".join(f"`{name}`" for name in sorted(self._asked)) or "nothing"
            raise DataError(f"Nothing asks for `{unknown[:40]}` here. Asked: {asked}.")


def settled(
    asked: Sequence[Question], before: Answers, given: Answers
) -> tuple[dict[str, str], dict[str, str]]:
    """(answers that hold, answers that may hold no more).

    A later question may depend on an earlier answer. So where one has changed, answers after it that
    nobody touched are taken only if the same is asked again.

    Args:
        asked: in their order.
        before: what was answered until now.
        given: what is answered now; a page sends all answers, also those that are as likely.
    """
    if not asked:
        return dict(before) | dict(given), {}
    names = {question.name for question in asked}
    kept = {name: answer for name, answer in given.items() if name not in names}
    untouched: dict[str, str] = {}
    changed = False
    for question in asked:
        name, old = question.name, before.get(question.name, question.likely)
        answer = given.get(name, before.get(name))
        if answer is None:
            continue
        (untouched if changed and answer == old else kept)[name] = answer
        changed = changed or answer != old
    return kept, untouched
