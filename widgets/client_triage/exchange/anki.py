"""Quiz items as flash cards: a CSV file that Anki imports, with front, back and tags."""

import csv
import io

from client_triage.content import Item
from client_triage.exchange import items as ours
from client_triage.words import Words

# No "#columns": Anki would look for fields of these names, and they differ by its language.
_HEAD = "#separator:Comma\n#html:false\n#tags column:3\n"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def dump(items: ours.Items, words: Words) -> str:
    """Give items as cards: the question and its options in front, what is right and why behind.

    A card has a right answer: ratings are left out, and each is named in a `LeftOutWarning`.
    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO(_HEAD)
    out.seek(0, io.SEEK_END)
    # All quoted: Anki takes a line that begins with # for a comment.
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for source, item in ours.kept(items, ours.MARKED, "Anki"):
        tags = f"client-triage::{source} {item.use}"
        writer.writerow([_cell(_front(item, words)), _cell(_back(item, words)), tags])
    return out.getvalue()


def _front(item: Item, words: Words) -> str:
    asked = ours.question(item, words)
    if item.type == "number":
        return asked
    listed = (f"• {text}" for text in ours.options(item, words).values())
    return "\n".join([asked, "", *listed])


def _back(item: Item, words: Words) -> str:
    said = ours.feedback(item, words)
    if item.type == "number":
        return f"{_number(item, words)}\n\n{said['right']}"
    texts, right = ours.options(item, words), ours.right(item)
    if item.type == "choose-one":
        return f"{texts[right[0]]}\n\n{said[right[0]]}"
    signs = [f"{place}." for place in range(1, len(right) + 1)] if item.type == "order" else None
    return "\n\n".join(
        f"{sign} {texts[option]}\n{said[option]}"
        for sign, option in zip(signs or ["•"] * len(right), right, strict=True)
    )


def _number(item: Item, words: Words) -> str:
    key, tolerance = ours.number(item)
    said = words.number(key) + (f" (± {words.number(tolerance)})" if tolerance else "")
    return said if item.unit is None else f"{said} {item.unit[words.language]}"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
