"""The units of an article: title, headings, fields of the infobox, sentences and items of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile, zip_longest

from relations_kg.articles.sentences import sentences

INFOBOX = "Infobox"

_MARKED = re.compile(r"(?P<marks>=+)\s*(?P<words>[^=\s].*?)\s*=+")
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<words>\S.*?)(?:\s+#+)?")
_UNDERLINE = re.compile(r"(=|-){3,}")
_REMARK = re.compile(r"#+\s*")
_BULLET = re.compile(r"(?:[-*+•·‣◦–—|]+|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")
_BOX = re.compile(r"(?:\{\{)?(?:infobox|fact ?box|(?:quick|key) facts)\b[^.]*", re.IGNORECASE)
_FIELD = re.compile(r"(?P<name>[^\W_][\w ./()-]{0,40}?)(?:\s*[:=]|\t)\s*(?P<value>.*)", re.DOTALL)
_ENDED = re.compile(r".*[.!?…。\uff01\uff1f:;,][\"'”’»)\]」』\uff09]*", re.DOTALL)
_WORD = re.compile(r"\w")
# The least width of wrapped text, and the longest line that can be a heading, in characters.
_NARROWEST, _LONGEST_HEADING = 60, 100


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of an article: its kind, and its place in characters of the text.

    `path` are the headings above the unit, title first; the path of a heading ends with its own
    text. `parent` is the index of the heading above a heading, among the units.
    """

    kind: str
    begin: int
    end: int
    path: tuple[str, ...]
    name: str = ""
    value: str = ""
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    begin: int
    text: str
    indent: int

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def units(text: str, name: str) -> list[Unit]:
    """Return the units of an article in order.

    `name` is the title if the text has none. All text is in exactly one unit, except white space
    and the markers of lists and remarks.

    >>> text = "= Aldora–Borduria relations =\\n\\nThey began. They ended.\\n\\n- a visit\\n"
    >>> [(unit.kind, text[unit.begin:unit.end]) for unit in units(text, "article")][1:]
    [('sentence', 'They began.'), ('sentence', 'They ended.'), ('list-item', 'a visit')]
    """
    return list(_Reader(text, name))


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Yield the runs of lines between blank lines; an infobox with its fields is one run."""
    block: list[_Line] = []
    position = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            indent = len(line) - len(line.lstrip())
            block.append(_Line(position + indent, stripped, indent))
        elif block and not (len(block) == 1 and _BOX.fullmatch(block[0].text)):
            yield block
            block = []
        position += len(line)
    if block:
        yield block


class _Reader:
    """A reader of the blocks of an article that keeps track of the current headings."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._blocks = list(_blocks(text))
        lines = [line.text for block in self._blocks for line in block]
        self._with_marks = any(map(_MARKED.fullmatch, lines))
        self._is_plain = not any(map(self._marked, lines)) and not any(
            map(_UNDERLINE.fullmatch, lines)
        )
        self._plain_title = self._find_plain_title(lines)
        self._title = self._plain_title or self._find_title(lines) or name
        # The current headings, each with its level, its words and the index of its unit.
        self._headings: list[tuple[int, str, int]] = []
        self._number = 0

    def __iter__(self) -> Iterator[Unit]:
        for number, block in enumerate(self._blocks, 1):
            following = next(iter(self._blocks[number : number + 1]), [])
            for unit in self._block(block, following):
                yield unit
                self._number += 1

    def _marked(self, line: str) -> tuple[int, str] | None:
        """Return the level and the words of a line that is marked as a heading, or None."""
        marked = _MARKED.fullmatch(line)
        if marked is None and not self._with_marks:
            marked = _MARKDOWN.fullmatch(line)
            if marked and _ENDED.fullmatch(marked["words"]):
                return None
        return (len(marked["marks"]), marked["words"]) if marked else None

    def _find_title(self, lines: list[str]) -> str:
        """Return the words of the first heading if it can be the title, or "".

        It can if it is underlined, has the first level or precedes all text.
        """
        for number, (line, after) in enumerate(zip_longest(lines, lines[1:], fillvalue="")):
            if found := self._marked(line):
                return found[1] if found[0] == 1 or number == 0 else ""
            if _UNDERLINE.fullmatch(after):
                return line
        return ""

    def _find_plain_title(self, lines: list[str]) -> str:
        """Return the words of the first line if it is an unmarked title, or ""."""
        first = self._blocks[0] if self._blocks else []
        has_title = any(found and found[0] == 1 for found in map(self._marked, lines))
        is_above_text = len(first) == 1 or (
            bool(first) and bool(_ENDED.fullmatch(first[1].text)) and not _is_wrapped(first)
        )
        is_title = is_above_text and not has_title and _is_plain_heading(first[:1])
        return first[0].text if is_title else ""

    def _path(self) -> tuple[str, ...]:
        return tuple(words for _, words, _ in self._headings) or (self._title,)

    def _open(self, level: int, words: str, begin: int, end: int) -> Unit:
        """Return the unit of a heading, and place the next units under it."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        parent = self._headings[-1][2] if self._headings else None
        self._headings.append((level, words, self._number))
        return Unit("heading", begin, end, self._path(), parent=parent)

    def _block(self, block: list[_Line], following: list[_Line]) -> Iterator[Unit]:
        is_title = bool(self._plain_title) and self._number == 0
        if is_title or (self._is_plain and _is_plain_heading(block)):
            first, *block = block
            yield self._open(1 if is_title else 2, first.text, first.begin, first.end)
        run: list[_Line] = []
        fields = 0
        for number, line in enumerate(block, 1):
            if fields:
                fields -= 1
                continue
            if found := self._marked(line.text):
                yield from self._run(run)
                yield self._open(*found, line.begin, line.end)
            elif run and not _is_item(run[-1]) and (rule := _UNDERLINE.fullmatch(line.text)):
                yield from self._run(run[:-1])
                level = 1 if rule[1] == "=" else 2
                yield self._open(level, run[-1].text, run[-1].begin, line.end)
            elif not run and _BOX.fullmatch(line.text):
                yield Unit("layout", line.begin, line.end, (INFOBOX,))
                box = list(takewhile(_is_field, block[number:]))
                fields = len(box)
                yield from self._fields(box)
            elif not _WORD.search(line.text):
                yield from self._run(run)
                yield Unit("layout", line.begin, line.end, self._path())
            else:
                run.append(line)
                continue
            run = []
        yield from self._run(run, before_list=bool(following and _is_item(following[0])))

    def _fields(self, lines: list[_Line]) -> Iterator[Unit]:
        """Yield the units of the lines of an infobox."""
        for begin, end in _items(lines):
            field = _FIELD.fullmatch(self._text, begin, end)
            kind = "field" if _WORD.search(self._text, begin, end) else "layout"
            name, value = (field["name"], " ".join(field["value"].split())) if field else ("", "")
            yield Unit(kind, begin, end, (INFOBOX,), name, value)

    def _run(self, run: list[_Line], *, before_list: bool = False) -> Iterator[Unit]:
        """Yield the units of lines that form paragraphs and lists, without a heading."""
        stretches = list(_stretches(run))
        for number, stretch in enumerate(stretches, 1):
            if _is_item(stretch[0]):
                for begin, end in _items(stretch):
                    yield Unit("list-item", begin, end, self._path())
            else:
                yield from self._paragraph(stretch, before_list or number < len(stretches))

    def _paragraph(self, lines: list[_Line], before_list: bool) -> Iterator[Unit]:
        """Yield the units of lines of text."""
        spans = [(line.begin, line.end) for line in lines]
        if _is_wrapped(lines):
            spans = [(spans[0][0], spans[-1][1])]
        for number, (start, end) in enumerate(spans, 1):
            remark = _REMARK.match(self._text, start, end)
            begin = remark.end() if remark else start
            words = self._text[begin:end]
            is_ended = bool(_ENDED.fullmatch(words))
            if before_list and number == len(spans) and (words.endswith(":") or not is_ended):
                yield Unit("caption", begin, end, self._path())
            elif len(spans) > 1 and not is_ended:
                yield Unit("list-item", begin, end, self._path())
            else:
                for first, last in sentences(self._text, begin, end):
                    yield Unit("sentence", first, last, self._path())


def _stretches(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Split lines into stretches, each a list or a paragraph."""
    stretch: list[_Line] = []
    for line in lines:
        is_list = bool(stretch) and _is_item(stretch[0])
        is_listed = _is_item(line) or (is_list and line.indent > stretch[0].indent)
        if stretch and is_listed != is_list:
            yield stretch
            stretch = []
        stretch.append(line)
    if stretch:
        yield stretch


def _is_item(line: _Line) -> bool:
    return bool(_BULLET.match(line.text))


def _is_field(line: _Line) -> bool:
    return _is_item(line) or bool(line.indent or _FIELD.fullmatch(line.text) or line.text == "}}")


def _items(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each item, without its list marker.

    A line without a marker continues an item if it is indented more than the item's first line.
    """
    item: list[_Line] = []
    for line in [*lines, None]:
        if line and item and not _is_item(line) and line.indent > item[0].indent:
            item.append(line)
        else:
            if item:
                mark = _BULLET.match(item[0].text)
                yield item[0].begin + (mark.end() if mark else 0), item[-1].end
            item = [line] if line else []


def _is_plain_heading(block: list[_Line]) -> bool:
    """Return whether a block is one short line that is no sentence, item, remark or the like."""
    return len(block) == 1 and not (
        len(block[0].text) > _LONGEST_HEADING
        or _ENDED.fullmatch(block[0].text)
        or block[0].text.endswith(")")
        or _is_item(block[0])
        or _REMARK.match(block[0].text)
        or _BOX.fullmatch(block[0].text)
        or _MARKED.fullmatch(block[0].text)
        or not _WORD.search(block[0].text)
    )


def _is_wrapped(lines: list[_Line]) -> bool:
    """Return whether each line is broken only where the next word would not fit."""
    widest = max(len(line.text) for line in lines)
    return widest >= _NARROWEST and all(
        len(line.text) + 1 + len(after.text.split()[0]) > widest for line, after in pairwise(lines)
    )
