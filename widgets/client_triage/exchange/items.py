"""Quiz items as every format needs them: gathered, with all their words in one language."""

import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from client_triage.content import Content, Item
from client_triage.domain.quiz import ItemType
from client_triage.words import Words

Items = Mapping[str, Sequence[Item]]
"""Items by the id of their scenario or lesson, in order."""

MARKED: tuple[ItemType, ...] = ("choose-one", "choose-many", "order", "number")
"""The types that have a right answer."""


class LeftOutWarning(UserWarning):
    """A format has no counterpart for an item, so that it is left out."""


def gather(content: Content, names: Iterable[str] = ()) -> Items:
    """Take the items of some scenarios and lessons; of all of them by default.

    Raises
    ------
    KeyError
        Nothing has such a name.
    """
    return {name: content.topic_quiz(name).items for name in names or content.topics}


def kept(items: Items, types: Collection[ItemType], program: str) -> Iterator[tuple[str, Item]]:
    """Go through the items that a program can take; warn of each that it can't."""
    for source, own in items.items():
        for item in own:
            if item.type in types:
                yield source, item
                continue
            problem = f"left out: {program} has no questions of type {item.type!r}"
            warnings.warn(f"{source}: {item.id}: {problem}", LeftOutWarning, stacklevel=3)


def title(source: str, words: Words) -> str:
    """Give the title of a scenario or a lesson."""
    if source in words.content.lessons:
        return words.content.lesson_title(source, words.language)
    return words.scenario(source).title


def question(item: Item, words: Words) -> str:
    """Ask an item's question in full, as the interface does around the stem."""
    parts = [item.stem[words.language].strip()]
    if item.use == "vignette":
        parts.append(words.text("practice.prompts.action"))
    elif item.type == "choose-many":
        parts.append(words.text("practice.prompts.choose-many"))
    if item.unit is not None:
        parts.append(words.text("quiz.in_unit", unit=item.unit[words.language]))
    return "\n\n".join(parts)


def options(item: Item, words: Words) -> dict[str, str]:
    """Name the options by id; those of a vignette are actions, named by the interface."""
    return {
        option.id: words.text(f"practice.actions.{option.id}")
        if option.text is None
        else option.text[words.language].strip()
        for option in item.options
    }


def feedback(item: Item, words: Words) -> dict[str, str]:
    """Give what is said to each option, by id."""
    return {option.id: option.feedback[words.language].strip() for option in item.options}


def right(item: Item) -> tuple[str, ...]:
    """List the right options; of an order all of them, the first one first."""
    return item.answer if isinstance(item.answer, tuple) else (str(item.answer),)


def number(item: Item) -> tuple[Decimal, Decimal]:
    """Give the key of a number, and how far off an answer may be."""
    return Decimal(str(item.answer)), Decimal(str(item.tolerance or 0))
