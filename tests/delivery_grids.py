"""References of recordings as test_delivery_references and test_evaluate_delivery write them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from delivery_references import Reference, references

Words = Sequence[tuple[str, float, float]]

SPOKEN: Words = (
    ("so", 0.5, 0.8),
    ("um", 1.0, 1.4),
    ("we", 1.5, 1.6),
    ("shipped", 1.6, 2.0),
    ("it", 2.0, 2.2),
    ("on", 2.9, 3.0),
    ("Monday", 3.0, 3.5),
    ("and", 5.0, 5.2),
    ("uh", 5.2, 5.6),
    ("nobody", 5.6, 6.0),
    ("don't", 6.0, 6.2),
    ("noticed", 6.2, 6.5),
)


def long_form(words: Words, tier: str = "words") -> str:
    """A TextGrid as Praat saves it, with a tier before and points behind."""
    rows = _with_silence(words)
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0 ", "xmax = 7 "]
    lines += [
        "tiers? <exists> ",
        "size = 3 ",
        "item []: ",
        "    item [1]:",
        '        class = "IntervalTier" ',
    ]
    lines += [
        '        name = "phones" ',
        "        xmin = 0 ",
        "        xmax = 7 ",
        "        intervals: size = 1",
    ]
    lines += [
        "        intervals [1]:",
        "            xmin = 0 ",
        "            xmax = 7 ",
        '            text = "AH"',
    ]
    lines += ["    item [2]:", '        class = "IntervalTier" ', f'        name = "{tier}" ']
    lines += ["        xmin = 0 ", "        xmax = 7 ", f"        intervals: size = {len(rows)} "]
    for number, (text, start, end) in enumerate(rows, start=1):
        lines += [
            f"        intervals [{number}]:",
            f"            xmin = {start} ",
            f"            xmax = {end} ",
        ]
        lines += [f'            text = "{text}" ']
    lines += ["    item [3]:", '        class = "TextTier" ', '        name = "marks" ', "        xmin = 0 "]
    lines += [
        "        xmax = 7 ",
        "        points: size = 1 ",
        "        points [1]:",
        "            number = 2 ",
    ]
    lines += ['            mark = "a ""quoted"" mark" ']
    return "\n".join(lines)


def short_form(words: Words) -> str:
    rows = _with_silence(words)
    head = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "0", "7", "<exists>", "1"]
    head += ['"IntervalTier"', '"words"', "0", "7", str(len(rows))]
    return "\n".join(head + [f'{start}\n{end}\n"{text}"' for text, start, end in rows])


def _with_silence(words: Words) -> list[tuple[str, float, float]]:
    rows, now = list[tuple[str, float, float]](), 0.0
    for text, start, end in words:
        rows += [("", now, start)] if start > now else []
        rows.append((text, start, end))
        now = end
    return [*rows, ("", now, 7)]


def index(folder: Path, **kinds: str) -> list[Reference]:
    rows = [f"{name}.flac\t7.0\t{kind}" for name, kind in kinds.items()]
    (folder / "INDEX.tsv").write_text("file\tseconds\tkind\n" + "\n".join(rows) + "\n")
    return references(folder)


def spoken(folder: Path, text: str | None = None, words: Words = SPOKEN) -> Reference:
    (folder / "references" / "a.TextGrid").write_text(short_form(words))
    if text is not None:
        (folder / "references" / "a.ref.txt").write_text(text)
    return index(folder, a="spontaneous")[0]


def written(folder: Path, text: str, kind: str = "spontaneous") -> Reference:
    (folder / "references" / "a.ref.txt").write_text(text)
    return index(folder, a=kind)[0]
