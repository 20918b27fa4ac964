"""Somebody else's quiz, in the JSON of jupyterquiz, in our own form."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from client_triage.exchange.jupyterquiz import ChoiceQuestion, NumericQuestion, Question
from client_triage.views.modules import script
from client_triage.views.view import View
from client_triage.views.workspace import Workspace
from client_triage.words import Words


class QuizView(View):
    """All questions of a quiz, each with its feedback; nothing is kept of the answers.

    Examples
    --------
    >>> QuizView(Workspace(), load("quiz.json"))  # doctest: +SKIP
    """

    _esm = script("quiz.js")

    def __init__(
        self, workspace: Workspace, questions: Sequence[Question], *, shown: bool = True
    ) -> None:
        self._questions = questions
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the questions as ``question.js`` draws them."""
        words, count = self.workspace.words, len(self._questions)
        return {
            # Nothing here is held against our rules.
            "words": {**words.texts("practice"), "not_yet": words.text("practice.wrong")},
            "questions": [
                {
                    "ref": str(place),
                    "language": words.language,
                    "title": words.text("practice.question", place=place, of=count),
                    "stem": question.question.split("\n\n"),
                    "code": question.code,
                    "unit": "",
                    "hints": [],
                    "why": "",
                    "objective": "",
                    "asks_confidence": False,
                    **_asked(question, words),
                }
                for place, question in enumerate(self._questions, start=1)
            ],
        }


def _asked(question: Question, words: Words) -> dict[str, Any]:
    if isinstance(question, ChoiceQuestion):
        kind = "choose-many" if question.many else "choose-one"
        options = [
            {"id": str(place), "text": one.answer, "code": one.code, "feedback": one.feedback}
            for place, one in enumerate(question.answers)
        ]
        right = [str(place) for place, one in enumerate(question.answers) if one.correct]
        key = right if question.many else next(iter(right), None)
        return {"type": kind, "prompt": _prompt(kind, words), "options": options, "key": key}
    kind = "number" if isinstance(question, NumericQuestion) else "text"
    rules = [asdict(one) for one in getattr(question, "answers", ())]
    precision = question.precision if isinstance(question, NumericQuestion) else 0
    return {
        "type": kind,
        "prompt": _prompt(kind, words),
        "options": [],
        "key": None,
        "rules": rules,
        "precision": precision,
    }


def _prompt(kind: str, words: Words) -> str:
    return words.text(f"practice.prompts.{kind}")
