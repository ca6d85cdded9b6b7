"""The file of an article's passages, which can be updated after the article is edited."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from os.path import basename, splitext

from pyoxigraph import NamedNode

from relations_kg.answers.calls import explained
from relations_kg.answers.passages import sha256_of
from relations_kg.articles.blocks import (
    GIST,
    KIND,
    NIF,
    NO_FACT,
    POSITION,
    SHA256,
    Values,
    Writer,
    new_head,
    passage_values,
)
from relations_kg.articles.units import Unit, units
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import CODE, RDF, RKG, SOURCE, STATED
from relations_kg.rdf.terms import value
from relations_kg.rdf.words import words
from relations_kg.reader.files import Source, name_of, text_of
from relations_kg.reader.reading import read

_GONE = "# Passages that are no longer in the article; facts that cite one need another passage.\n"
_SEVERAL = "the file does not describe exactly one document"
_OTHER_FILES = ("<!doctype", "<html", "{\\rtf")


@dataclass(frozen=True, slots=True, repr=False)
class ArticlePassages:
    """The passages of an article as Turtle, and the passages that need work.

    `units` are the units of the article, and `iris` the IRIs of their passages. `unwritten`
    passages have no gist. The words of `changed` passages have changed since their gist was
    written. `gone` passages of an earlier file are no longer in the article.
    """

    turtle: str
    units: list[Unit]
    iris: list[str]
    unwritten: list[str]
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.turtle

    def __repr__(self) -> str:
        return f"<ArticlePassages: {len(self.iris)}, {len(self.unwritten)} without a gist>"


@explained
def passages(
    article: Source, earlier: Source | None = None, *, cited: Collection[int] = ()
) -> ArticlePassages:
    """Split an article into passages; new gists are left for you to write.

    The passages of an earlier file of the same article, even of another version, keep their IRIs,
    gists and other added properties. New headings and layout lines are marked as stating no fact,
    unless their index among the units is in `cited`. Raises InputError for an article that is not
    text in UTF-8, and for an earlier file with other facts or of another article.

    >>> found = passages("tests/more_documents/aldora-peru/aldora-peru.txt")
    >>> len(found.units) == len(found.unwritten)
    True
    """
    text = article_text(article)
    known = _Earlier(earlier) if earlier is not None else None
    found = units(text, stem(article))
    iri = known.document if known else document_iri(article, found)
    hashes = [sha256_of(text[unit.begin : unit.end]) for unit in found]
    kept, changed = _matches(known, found, hashes) if known else ({}, [])
    if known and known.passages and not kept:
        raise InputError(
            f"none of its passages is in {name_of(article)}",
            where=known.where,
            help="write the passages of another article to another file",
        )
    names = _names(iri, kept, known, len(found))
    head = known.head if known else new_head(iri, found[0].path[0])
    writer = Writer(head, known.comments if known else {})
    blocks = [
        writer.document(
            iri, found[0].path[0], sha256_of(text), known.about_document if known else {}
        )
    ]
    unwritten = []
    for number, (unit, sha256) in enumerate(zip(found, hashes, strict=True)):
        earlier_values = known.passages[kept[number]] if known and number in kept else {}
        values = passage_values(unit, number, names, iri, sha256, earlier_values)
        if number in cited:
            values.pop(NO_FACT, None)
        if not any(re.search(r"\w", gist.rpartition('"')[0]) for gist in values[GIST]):
            unwritten.append(names[number])
        blocks.append(writer.passage(names[number], values))
    gone = sorted(set(known.passages) - set(kept.values())) if known else []
    tail = _tail(known, gone, writer) if known else ""
    turtle = "\n".join([writer.head, *blocks]) + tail
    return ArticlePassages(turtle, found, names, unwritten, [names[n] for n in changed], gone)


def article_text(article: Source) -> str:
    """Return the text of an article; raise InputError if it has none."""
    where, text = name_of(article), text_of(article)
    if not text.strip():
        raise InputError("the article is empty", where=where, help="give its text")
    if text.lstrip()[:9].casefold().startswith(_OTHER_FILES):
        raise InputError("this is not plain text", where=where, help="save the article as text")
    return text


def document_iri(article: Source, found: list[Unit]) -> str:
    """Return the IRI of an article, made from the name of its file or from its title.

    Raises InputError if neither has a Latin letter or a digit.
    """
    for name in (stem(article), found[0].path[0] if found else ""):
        if slug := "-".join(filter(str.isascii, words(name))):
            return SOURCE + slug
    help = "give it a name in Latin letters"
    raise InputError(
        "no IRI can be made from the name of the file", where=name_of(article), help=help
    )


def stem(article: Source) -> str:
    """Return the name of an article's file without its suffix, the default for its title."""
    name = name_of(article)
    return "article" if name == "standard input" else splitext(basename(name))[0]


class _Earlier:
    """A file of passages that an earlier run has written and a user may have edited."""

    def __init__(self, file: Source) -> None:
        self.where = name_of(file)
        self.text = text_of(file)
        things: dict[str, Values] = {}
        for quad in read(file, NamedNode(STATED)):
            values = things.setdefault(value(quad.subject), {})
            values.setdefault(quad.predicate.value, []).append(str(quad.object))
        documents = self._of_class(things, "SourceDocument")
        found = self._of_class(things, "Passage")
        if len(documents) != 1 or set(things) - {*documents, *found}:
            others = sorted(set(things) - {*documents, *found})
            problem = f"the file has facts about {others[0]}" if others else _SEVERAL
            help = "keep the passages of one article, and nothing else, in this file"
            raise InputError(problem, where=self.where, help=help)
        self.document = documents[0]
        self.about_document = things[self.document]
        self.passages = {iri: things[iri] for iri in sorted(found, key=lambda i: _place(things[i]))}
        self.head = re.match(r"(?:[ \t]*(?:#.*|@?prefix\b.*)?\r?\n)*", self.text, re.I)[0].rstrip()  # type: ignore[index]
        self.comments = dict(_comments(self.text[len(self.head) :].partition(_GONE)[0]))
        self.gone = self.text.partition(_GONE)[2]

    @staticmethod
    def _of_class(things: Mapping[str, Values], name: str) -> list[str]:
        return [
            iri
            for iri, values in things.items()
            if f"<{RKG}{name}>" in values.get(f"{RDF}type", ())
        ]


def _comments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the subject of each block, as written, with the comments above it."""
    for block in re.finditer(r"(?m)^((?:[ \t]*#.*\n)+)(\S+)[ \t]+a[ \t]", text):
        yield block[2], block[1]


def _place(values: Values) -> tuple[int, int]:
    numbers = (
        re.match(r'"([0-9]{1,18})"', next(iter(values.get(name, ())), ""))
        for name in (POSITION, f"{NIF}beginIndex")
    )
    position, begin = (int(number[1]) if number else 0 for number in numbers)
    return position, begin


def _matches(
    known: _Earlier, found: list[Unit], hashes: list[str]
) -> tuple[dict[int, str], list[int]]:
    """Return the earlier passages of units, and the units with changed words.

    A unit keeps a passage with the same words. Where other words are between two kept passages, and
    as many units of a kind as before, these units keep the passages of this kind in their order,
    and count as changed.
    """
    iris = list(known.passages)
    earlier = [value_of(known.passages[iri], SHA256) for iri in iris]
    kept: dict[int, str] = {}
    gaps: list[tuple[range, range]] = []
    # Numbering equal texts keeps the comparison linear if a sentence is repeated many times.
    steps = SequenceMatcher(
        None, _numbered(earlier), _numbered(hashes), autojunk=False
    ).get_opcodes()
    for step, first, last, start, end in steps:
        if step == "equal":
            kept.update(zip(range(start, end), iris[first:last], strict=True))
        else:
            gaps.append((range(first, last), range(start, end)))
    moved: dict[str, list[int]] = {}
    for old, _ in gaps:
        for index in old:
            moved.setdefault(earlier[index], []).append(index)
    used: set[int] = set()
    for _, new in gaps:
        for number in new:
            if same := moved.get(hashes[number]):
                used.add(index := same.pop(0))
                kept[number] = iris[index]
    changed = []
    for old, new in gaps:
        olds, news = defaultdict(list), defaultdict(list)
        for index in old:
            if index not in used:
                olds[value_of(known.passages[iris[index]], KIND)].append(iris[index])
        for number in new:
            if number not in kept:
                news[CODE + found[number].kind].append(number)
        for kind, numbers in news.items():
            if len(numbers) == len(olds[kind]):
                kept.update(zip(numbers, olds[kind], strict=True))
                changed += numbers
    return kept, changed


def _numbered(texts: list[str]) -> list[tuple[str, int]]:
    """Return each text with the number of equal texts before it."""
    seen = Counter[str]()
    found = []
    for text in texts:
        found.append((text, seen[text]))
        seen[text] += 1
    return found


def value_of(values: Values, name: str) -> str:
    """Return the first value of a property without quotes or brackets, or "" if it has none."""
    return next(iter(values.get(name, ())), "").partition("^^")[0].strip('"<>')


def _names(iri: str, kept: Mapping[int, str], known: _Earlier | None, number: int) -> list[str]:
    """Return the IRI of each passage; a new passage gets an unused number."""
    taken = [*known.passages, *re.findall(r"\S+", known.gone)] if known else []
    numbers = [int(found[1]) for name in taken if (found := re.search(r"s(\d{1,9})\W*$", name))]
    following = iter(range(1 + max(numbers, default=0), 2 + max(numbers, default=0) + number))
    return [kept.get(index) or f"{iri}/s{next(following):03d}" for index in range(number)]


def _tail(known: _Earlier, gone: list[str], writer: Writer) -> str:
    """Return comments on the passages of earlier files that are no longer in the article."""
    lines = [writer.gist(iri, known.passages[iri]) for iri in gone]
    return f"\n{_GONE}{known.gone}{''.join(lines)}" if known.gone or lines else ""
