"""A report as a test reads it: its elements, their text, and what it may load and run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from greenroom.review.report import write_report

VOID = {"meta", "br", "img", "input", "link", "hr", "path", "rect", "col"}
RAW = {"script", "style"}
INLINE = {"a", "b", "kbd", "label", "mark", "span"}


@dataclass(repr=False)
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees of it, with single spaces."""
        return " ".join(self._words().split())

    def _words(self) -> str:
        if self.tag in RAW:
            return ""
        inside = "".join(child if isinstance(child, str) else child._words() for child in self.children)
        return inside if self.tag in INLINE else f" {inside} "

    @property
    def raw(self) -> str:
        return "".join(child for child in self.children if isinstance(child, str))

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def find(self, tag: str = "", name: str = "", **attributes: str) -> list[Element]:
        """Elements of this tag, with this class, and these attributes ("data_t" for data-t)."""
        wanted = {key.strip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            each
            for each in self.all()
            if (not tag or each.tag == tag)
            and (not name or name in each.classes)
            and wanted.items() <= each.attributes.items()
        ]

    def one(self, tag: str = "", name: str = "", **attributes: str) -> Element:
        (found,) = self.find(tag, name, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(path: Path) -> Element:
    """The page in a file. AssertionError where a tag is not closed as it should be."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader._open == [reader.root], [each.tag for each in reader._open]
    return reader.root


def report(folder: Path, *, embed: bool = False) -> Element:
    """The report of a session's folder, written and read."""
    return read(write_report(folder, embed=embed))
