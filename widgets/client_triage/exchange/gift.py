r"""Quiz items as Moodle's GIFT: a text file that Moodle imports as questions.

The format is read by Moodle's ``question/format/gift/format.php``: ``~ = # { } :`` and the
backslash are escaped by one, a line break is ``\n``.
"""

from collections.abc import Iterator
from decimal import Decimal

from client_triage.content import Item
from client_triage.exchange import items as ours
from client_triage.words import Words

_ESCAPES = str.maketrans({char: f"\\{char}" for char in "\\~=#{}:"} | {"\n": "\\n", "\r": None})
_COURSE = "$course$/top/Client Triage"
_BEYOND = 10**12  # no number in a question is as large as this
_WHOLE = 100


def dump(items: ours.Items, words: Words) -> str:
    """Give items as GIFT, in a category for each scenario or lesson.

    An order becomes a matching of place and step. Ratings have no counterpart: each is named in
    a `LeftOutWarning`. Hints, objectives and the question "why" are left out as well.
    """
    blocks, last = [], None
    for source, item in ours.kept(items, ours.MARKED, "GIFT"):
        if source != last:
            blocks.append(f"$CATEGORY: {_COURSE}/{_category(source, words)}")
            last = source
        blocks.append(_block(source, item, words))
    return "".join(f"{block}\n\n" for block in blocks)


def _block(source: str, item: Item, words: Words) -> str:
    lines = {
        "choose-one": _one,
        "choose-many": _many,
        "order": _order,
        "number": _number,
    }[item.type](item, words)
    start = "{#" if item.type == "number" else "{"
    head = f"::{source}/{item.id}::[plain]{_escaped(ours.question(item, words))}{start}"
    return "\n".join([head, *(f"\t{line}" for line in lines), "}"])


def _one(item: Item, words: Words) -> Iterator[str]:
    said, right = ours.feedback(item, words), ours.right(item)
    for option, text in ours.options(item, words).items():
        yield f"{'=' if option in right else '~'}{_text(text)}#{_text(said[option])}"


def _many(item: Item, words: Words) -> Iterator[str]:
    """Weigh the options so that all right ones give 100, and all options nothing."""
    said, right = ours.feedback(item, words), ours.right(item)
    texts = ours.options(item, words)
    good, bad = _weight(len(right)), _weight(len(texts) - len(right))
    for option, text in texts.items():
        weight = good if option in right else f"-{bad}"
        yield f"~%{weight}%{_text(text)}#{_text(said[option])}"


def _order(item: Item, words: Words) -> Iterator[str]:
    """Match places and steps; feedback has its place after all of them only."""
    said, texts, right = ours.feedback(item, words), ours.options(item, words), ours.right(item)
    for place, option in enumerate(right, 1):
        yield f"={place}. -> {_escaped(texts[option])}"
    told = (f"{place}. {texts[option]}\n{said[option]}" for place, option in enumerate(right, 1))
    yield "####" + _escaped("\n\n".join(told))


def _number(item: Item, words: Words) -> Iterator[str]:
    """Give the key first: of those that fit, Moodle takes the first."""
    said = ours.feedback(item, words)
    key, tolerance = ours.number(item)
    start = Decimal(0 if key > 0 else -_BEYOND)
    yield f"=%100%{key:f}:{tolerance:f}#{_text(said['right'])}"
    yield f"=%0%{start:f}..{key:f}#{_text(said['below'])}"
    yield f"=%0%{key:f}..{_BEYOND}#{_text(said['above'])}"


def _weight(count: int) -> str:
    """Share 100 per cent as Moodle writes it: with five decimals at most."""
    return f"{round(Decimal(_WHOLE) / count, 5).normalize():f}"


def _text(text: str) -> str:
    # At the start of a text [ … ] would be a format, and % … % a weight.
    return ("[plain]" if text.startswith(("[", "%")) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _category(source: str, words: Words) -> str:
    return " ".join(ours.title(source, words).split()).replace("/", "//")
