"""What was practised and learnt so far, and what comes next."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from client_triage import plots
from client_triage.domain import edits
from client_triage.domain.practice import Confidence, When
from client_triage.domain.quiz import Calibrated, calibration, gain
from client_triage.views.modules import script
from client_triage.views.plots import PicturesView
from client_triage.views.standings import Practised, dropped, judged, results, sitting_of
from client_triage.views.undo import UndoView
from client_triage.views.view import Action
from client_triage.views.workspace import Workspace

_PLOT = "calibration"
_WHENS: tuple[When, ...] = ("before", "after")


class ProgressView(UndoView, PicturesView):
    """How far one has come: practice and tests by topic, what changed, how sure one may be.

    Parameters
    ----------
    on_step
        Called with the id of the scenario that the person wants to go on with; without it the
        scenarios are named only.

    Examples
    --------
    >>> ProgressView(Workspace())  # doctest: +SKIP
    """

    _esm = script("progress.js")

    follows: ClassVar = (*PicturesView.follows, "is_sample", "stored")
    described: ClassVar = {_PLOT: plots.describe_calibration}

    def __init__(
        self,
        workspace: Workspace,
        on_step: Callable[[str], None] | None = None,
        *,
        shown: bool = True,
    ) -> None:
        self._on_step = on_step
        every = ((topic, Practised(workspace.content, topic)) for topic in workspace.content.topics)
        self._practised = {topic: practised for topic, practised in every if practised.items}
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give what is next, a row a topic, the tests in words, the plot, and what is kept."""
        workspace, words, own = self.workspace, self.workspace.words, self.workspace.own
        lost, is_judged = dropped(workspace.content, own), self.data is not None
        return {
            "words": {**words.texts("progress"), **words.texts("actions")},
            "as_table": words.text("plots.as_table"),
            "is_empty": not self._practised,
            "next": self._next(),
            "rows": self._rows(),
            "tests": self._tests(),
            "no_plot": words.text("plots.calibration.none"),
            "plot": self.plot(_PLOT) if is_judged else None,
            "dropped": words.text("progress.dropped", count=lost) if lost else "",
            "kept": self._kept(),
            "can_forget": bool(own.practice or own.tests),
            "can_undo": workspace.can_undo and not workspace.is_sample,
        }

    @property
    def data(self) -> Mapping[Confidence, Calibrated] | None:
        """Confidence against what was right; None while no answer has both."""
        found = calibration(judged(self.workspace.content, self.workspace.own))
        return found if any(one.n for one in found.values()) else None

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "see": self.see,
            "go": self._on_go,
            "forget": self._on_forget,
        }

    # --- what is done, and what is next -----------------------------------------------------

    def _next(self) -> str:
        words, content, own = self.workspace.words, self.workspace.content, self.workspace.own
        scenarios = {scenario.id for scenario in content.scenarios}
        left = [topic for topic, one in self._practised.items() if one.waiting(own)]
        first = next((topic for topic in left if topic in scenarios), None)
        after = own.tests.get("after")
        if first is None and (after is None or not after.is_finished):
            return words.text("progress.next_after")
        topic = first or next(iter(left), None)
        if topic is None:
            return words.text("progress.nothing")
        return words.text("progress.next_topic", topic=self._name(topic), **self._figures(topic))

    def _rows(self) -> list[dict[str, str]]:
        words = self.workspace.words
        both = {when: self._results(when) for when in _WHENS}
        return [
            {
                "topic": topic,
                "name": self._name(topic),
                "step": topic if self._can_go(topic) else "",
                "practice": words.text("progress.done_of", **self._figures(topic)),
                **{when: self._marked(both[when].get(topic)) for when in _WHENS},
            }
            for topic in self._practised
        ]

    def _figures(self, topic: str) -> dict[str, int]:
        one = self._practised[topic]
        return {"done": one.done(self.workspace.own), "all": one.count}

    def _marked(self, right: bool | None) -> str:  # noqa: FBT001 - a mark, not a switch
        if right is None:
            return ""
        return self.workspace.words.text("test.was_right" if right else "test.was_not")

    def _name(self, topic: str) -> str:
        content, words = self.workspace.content, self.workspace.words
        if topic not in content.lessons:
            return words.scenario(topic).short
        return content.lesson_title(topic, words.language)

    def _can_go(self, topic: str) -> bool:
        return self._on_step is not None and topic not in self.workspace.content.lessons

    # --- the tests --------------------------------------------------------------------------

    def _results(self, when: When) -> Mapping[str, bool]:
        return results(self.workspace.content, self.workspace.own, when)

    def _tests(self) -> list[str]:
        """Say how the tests came out, and what one may make of it."""
        words = self.workspace.words
        before, after = (self._results(when) for when in _WHENS)
        said = [sentence for when in _WHENS if (sentence := self._score(when))]
        if not said:
            return [words.text("progress.not_taken")]
        if before and after:
            return [*said, *self._difference(before, after)]
        return [*said, words.text("test.noise")] if before or after else said

    def _score(self, when: When) -> str:
        words, found = self.workspace.words, self._results(when)
        if found:
            right = sum(found.values())
            return words.text(f"progress.score_{when}", right=right, of=len(found))
        sitting = sitting_of(self.workspace.content, self.workspace.own, when)
        if sitting is None:
            return ""
        done, of = len(sitting.answers), len(sitting.items)
        return words.text(f"progress.begun_{when}", done=done, of=of)

    def _difference(self, before: Mapping[str, bool], after: Mapping[str, bool]) -> list[str]:
        """Compare what both tests have, and nothing else."""
        words = self.workspace.words
        common = before.keys() & after.keys()
        if not common:
            return [words.text("progress.incomparable"), words.text("test.noise")]
        pre, post = (sum(one[topic] for topic in common) for one in (before, after))
        figures = {"before": pre, "after": post}
        said = (
            [words.text("progress.common", count=len(common), **figures)]
            if before.keys() != after.keys()
            else []
        )
        way = "more" if post > pre else "fewer"
        change = abs(post - pre)
        said.append(
            words.text(f"progress.{way}", count=change) if change else words.text("progress.same")
        )
        learnt = gain(pre, post, of=len(common))
        if learnt is None:
            return [*said, words.text("progress.no_gain"), words.text("test.noise")]
        value = words.number(round(learnt, 2))
        return [*said, words.text("progress.gain", gain=value), words.text("progress.noise")]

    # --- what is kept -----------------------------------------------------------------------

    def _kept(self) -> str:
        workspace, words = self.workspace, self.workspace.words
        if workspace.path:
            return words.text("file.kept_in_file", file=workspace.path.name)
        return words.text("device.kept" if workspace.stored else "file.kept_in_memory")

    # --- what is done here ------------------------------------------------------------------

    def _on_go(self, step: str) -> None:
        if self._on_step is None or step not in self._practised or not self._can_go(step):
            raise KeyError(step)
        self._on_step(step)

    def _on_forget(self) -> None:
        workspace = self.workspace
        if not (workspace.own.practice or workspace.own.tests):
            return
        workspace.apply_own(edits.reset_practice)
        which = "forgotten_sample" if workspace.is_sample else "forgotten"
        self.say(workspace.words.text(f"progress.{which}"))
