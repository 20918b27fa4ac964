"""A lesson: its text, and its questions."""

from typing import Any

from client_triage.views.modules import script
from client_triage.views.practice import PracticeView
from client_triage.views.prose import as_html
from client_triage.views.view import View
from client_triage.views.workspace import Workspace


class LessonView(View):
    """One lesson's text behind its title; the first has the heading of all.

    Examples
    --------
    >>> LessonView(Workspace(), "cash-flow")  # doctest: +SKIP
    """

    _esm = script("lesson.js")

    def __init__(self, workspace: Workspace, lesson: str, *, shown: bool = True) -> None:
        self.lesson = lesson
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the text as HTML made from our own Markdown, its headings two lower."""
        workspace = self.workspace
        text = workspace.content.lesson(self.lesson, workspace.language)
        _, _, body = text.partition("\n")
        is_first = self.lesson == workspace.content.lessons[0]
        return {
            "heading": workspace.words.text("lessons.title") if is_first else "",
            "intro": workspace.words.text("lessons.intro") if is_first else "",
            "title": workspace.content.lesson_title(self.lesson, workspace.language),
            "html": as_html(_lowered(body)),
        }


def lessons(workspace: Workspace) -> list[View]:
    """Make the views of all lessons, each with its questions under it."""
    return [
        view
        for lesson in workspace.content.lessons
        for view in (
            LessonView(workspace, lesson),
            PracticeView(workspace, lesson, folded=True),
        )
    ]


def _lowered(markdown: str) -> str:
    return markdown.replace("\n## ", "\n#### ")
