"""Files of facts read into quads, with a clear error for what is no such file."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from os import PathLike, fspath
from os.path import abspath, basename, splitext
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from relations_kg.errors import InputError
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import (
    CODE,
    DATES,
    IDENTIFIER,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RKG,
    SH,
    SKOS,
    STATED,
    shorten,
)
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reader import identifiers

Source = str | PathLike[str]

LARGEST, DEEPEST = 1 << 30, 500
_QUOTED = 200  # characters of a message that are shown at either end
# The longest token that the engine takes, in bytes.
LONGEST = 1 << 24
OVERLONG = (
    "a literal, an IRI or a comment is longer than 16 MiB",
    "shorten it, or break it into several",
)
# What can hold the brackets of a triple term without meaning them comes before these.
_TRIPLE_BRACKETS = rb"""
    "{3}(?:[^"\\]|\\.|"(?!""))*+"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
    | "(?:[^"\\\n]|\\[^\n])*+"? | '(?:[^'\\\n]|\\[^\n])*+'? | <[^<>"\s]*+> | \#[^\n]*+ | << | >>
"""
# Each name of such a namespace would be as long: a small file could fill the memory.
LONG_NAMESPACE = "a namespace is longer than 1,000 characters", "choose a shorter one"
_DECLARED = rb"(?:prefix\s+[^\s:<>\"']*+:|base)\s*+<[^<>\s\"]{1000}"
_JSON_STRING = rb'"(?:[^"\\]|\\.)*+"'
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WORKED_OUT = (DATES, INFERRED)
_STATED, _KNOWN, _APART = map(NamedNode, (STATED, ONTOLOGY, IDENTIFIERS))
_VOCABULARIES = (RDF, RDFS, OWL, SH)
FOR_FACTS = (RDF + "type", RDFS + "label", RDFS + "comment", RDFS + "seeAlso")
_SHORT = f"({'|'.join(PREFIXES)}):"
_NAMED = "|".join(_VOCABULARIES)
_SAID_OF = "|".join((*_VOCABULARIES, RKG, CODE, IDENTIFIER))
_SAID = "|".join((*_VOCABULARIES, PREFIXES["adms"], PREFIXES["geo"]))
# What a file may be refused for, or `identifiers` claim, if of one graph: never too little.
_SUSPECTS = f"""
SELECT ?s ?p ?o WHERE {{
  GRAPH <{STATED}> {{ ?s ?p ?o }}
  FILTER (
    REGEX(STR(?s), "^({_SAID_OF}|{_SHORT})")
    || ?p NOT IN (<{RDF}type>, <{RDFS}label>, <{RDFS}comment>)
       && REGEX(STR(?p), "^({_SAID}|{_SHORT})")
    || isIRI(?o) && REGEX(STR(?o), "^({_NAMED}|{_SHORT})")
    || isTRIPLE(?o)
  )
}}"""
# The labels of what has several in one language; one without a language is taken for English.
_RELABELLED = f"""
SELECT ?s ?p ?o WHERE {{
  VALUES ?p {{ <{RDFS}label> <{SKOS}prefLabel> }}
  GRAPH <{STATED}> {{ ?s ?p ?o }}
  {{
    SELECT ?s WHERE {{
      VALUES ?p {{ <{RDFS}label> <{SKOS}prefLabel> }}
      GRAPH <{STATED}> {{ ?s ?p ?o }}
      BIND(COALESCE(IF(LANG(?o) = "", "en", LANG(?o)), "") AS ?language)
    }}
    GROUP BY ?s ?language HAVING (COUNT(*) > 1)
  }}
}}"""


class Document(PathLike[str]):
    """A file of facts whose content is read once, and can stand wherever its path can.

    What is hashed, loaded and recorded is then the same, whoever writes the file meanwhile.
    """

    def __init__(self, source: str | PathLike[str]) -> None:
        self.path = fspath(source)

    def __fspath__(self) -> str:
        return self.path

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, without a byte order mark."""
        return content_of(self.path)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal digits."""
        from hashlib import sha256

        return sha256(self.content).hexdigest()


def document(source: str | PathLike[str]) -> Document:
    """Return a source as a document, which it may be already."""
    return source if isinstance(source, Document) else Document(source)


def read(
    source: str | PathLike[str],
    graph: NamedNode,
    refuse: Callable[[Quad], "Refusal | None"] | None = None,
) -> Iterator[Quad]:
    """Read a file of facts ("-" is standard input, as TriG) into quads of one graph.

    What identifies things for others goes into the graph of identifiers. Dates in days and
    inferred facts, which an export may hold in their own graphs, are left out: they are worked
    out anew. Raises InputError for a file that is missing, unreadable, empty, binary, larger than
    1 GiB, not in its format, or has a statement that `refuse` (by itself `refusal`) refuses, with
    line and column where they are known.

    >>> next(read("tests/facts/good/none.ttl", NamedNode("urn:g")))
    Traceback (most recent call last):
    relations_kg.errors.InputError: tests/facts/good/none.ttl: there is no such file
    """
    where, refuse = name_of(source), refuse or refusal
    content, format = content_of(source), format_of(source)
    with _told(where, content):
        for quad in _parsed(content, format, where):
            if reason := refuse(quad):
                first, line, column = _first_refused(content, format, refuse)
                reason = first or reason
                raise InputError(
                    reason.message, where=where, line=line, column=column, help=reason.help
                )
            if value(quad.graph_name) not in WORKED_OUT:
                of = _APART if identifiers.identifies(quad) else graph
                yield Quad(quad.subject, quad.predicate, quad.object, of)


def load(
    sources: Iterable[str | PathLike[str]],
    store: Store,
    refuse: Callable[[Quad], "Refusal | None"] | None = None,
    bundled: Sequence[Document] = (),
) -> Counter[Quad]:
    """Load files of facts, as `read` reads them, and bundled ones beside the ontology.

    Returns the facts that several files state, with the number of further files. The engine reads
    files without named graphs itself; only what may be none of the facts that are stated is then
    looked at one by one. What is largest comes first, because it is not compared with the others.
    """
    documents = {file.sha256: file for file in map(document, sources)}
    files = sorted(documents.values(), key=lambda file: -len(file.content))
    own = sum(len(file.content) for file in bundled)
    ahead = files[:1] if files and len(files[0].content) > own else []
    shared: Counter[Quad] = Counter()
    for file in ahead:
        _load(file, store, refuse)
    for file in bundled:
        if ahead:
            shared.update(_known(file, store))
        load_bundled(file, store)
    for file in files[len(ahead) :]:
        if ahead or bundled or file is not files[0]:
            shared.update(_known(file, store))
        _load(file, store, refuse)
    _sort_out(files, store, refuse or refusal)
    for fact in list(shared):
        if Quad(fact.subject, fact.predicate, fact.object, _KNOWN) in store:
            del shared[fact]
    return shared


def load_bundled(source: str | PathLike[str], store: Store) -> None:
    """Load a file of the bundled facts, which need no checks."""
    graph = _APART if basename(source) == "identifiers.ttl" else _STATED
    store.load(content_of(source), RdfFormat.TURTLE, to_graph=graph)


def _load(file: Document, store: Store, refuse: Callable[[Quad], "Refusal | None"] | None) -> None:
    if _is_whole(file):
        with _told(name_of(file), file.content):
            next(_parsed(file.content, format_of(file), name_of(file)))
            store.load(file.content, format_of(file), to_graph=_STATED)
    else:
        store.extend(
            quad
            for quad in read(file, _STATED, refuse)
            if Quad(quad.subject, quad.predicate, quad.object, _KNOWN) not in store
        )


def _is_whole(file: Document) -> bool:
    """Return whether the engine may read a file itself: one without named graphs."""
    return format_of(file) in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)


def _known(file: Document, store: Store) -> set[Quad]:
    """Return what a file states that other files in a store have stated.

    Facts are as the store has them, which writes numbers in one way.
    """
    known = set()
    if _is_whole(file):
        quads: Iterable[Quad] = by_engine(file.content, format_of(file), name_of(file))
    else:
        quads = read(file, _STATED)
    with _told(name_of(file), file.content):
        for quad in quads:
            graph = _APART if identifiers.identifies(quad) else _STATED
            # What identifies is in the graph of its own once a file has been sorted out.
            for place in {graph, _STATED}:
                for held in store.quads_for_pattern(
                    quad.subject, quad.predicate, quad.object, place
                ):
                    known.add(Quad(held.subject, held.predicate, held.object, graph))
    return known


def _sort_out(
    sources: Iterable[Document],
    store: Store,
    refuse: Callable[[Quad], "Refusal | None"],
) -> None:
    """Refuse, move or forget what files brought that is no fact to be stated."""
    suspects: Any = store.query(_SUSPECTS)
    relabelled: Any = store.query(_RELABELLED)
    for subject, predicate, object_ in [*suspects, *relabelled]:
        quad = Quad(subject, predicate, object_, _STATED)
        if refuse(quad):
            for source in sources:
                for _ in read(source, _STATED, refuse):
                    pass
        if identifiers.identifies(quad):
            store.remove(quad)
            store.add(Quad(subject, predicate, object_, _APART))
    for subject, predicate, object_, _ in list(store.quads_for_pattern(None, None, None, _KNOWN)):
        store.remove(Quad(subject, predicate, object_, _STATED))


def _parsed(content: bytes, format: RdfFormat, where: str) -> Iterator[Quad]:
    """Yield what is in a file, which must be something."""
    empty = True
    json = format == RdfFormat.JSON_LD
    for quad in _of_json(content, where) if json else by_engine(content, format, where):
        empty = False
        yield quad
    if empty:
        raise InputError(
            "there are no facts in it", where=where, help="give a file with at least one triple"
        )


def by_engine(content: bytes, format: RdfFormat, where: str) -> Iterator[Quad]:
    """Yield what is in a text; raise InputError for one that would crash the engine.

    That is one that is nested too deeply, or that has a namespace which makes all names too long.
    """
    if line := line_of_long_namespace(content):
        message, help = LONG_NAMESPACE
        raise InputError(message, where=where, line=line, help=help)
    depth, deep = 0, content.count(b"<<") > DEEPEST
    for token in re.finditer(_TRIPLE_BRACKETS, content, re.DOTALL | re.VERBOSE) if deep else ():
        depth += (token[0] == b"<<") - (token[0] == b">>")
        if depth > DEEPEST:
            line = content.count(b"\n", 0, token.start()) + 1
            help = "make each triple a thing of its own"
            raise InputError("this is nested too deeply", where=where, line=line, help=help)
    yield from parse(content, format, rename_blank_nodes=True)


def _of_json(content: bytes, where: str) -> list[Quad]:
    """Return what is in a JSON-LD document; raise InputError for the first mistake in it."""
    from relations_kg.reader import jsonld

    if is_overlong(content):
        raise MemoryError
    found = jsonld.read(content, where, scope=BlankNode().value)
    for mistake in found.errors:
        raise InputError(
            f"{mistake.pointer}: {mistake.message}" if mistake.pointer else mistake.message,
            where=where,
            line=mistake.place.line,
            column=mistake.place.column,
            help=mistake.help,
        )
    return found.quads


@contextmanager
def _told(where: str, content: bytes) -> Iterator[None]:
    """Report the engine's errors with the name of the file."""
    try:
        yield
    except SyntaxError as error:
        message = _clipped(error.msg.partition(": ")[2] or error.msg)
        raise InputError(message, where=where, line=error.lineno, column=error.offset) from None
    except MemoryError:
        line = line_of_longest(content)
        raise InputError(OVERLONG[0], where=where, line=line, help=OVERLONG[1]) from None
    except (ValueError, OSError) as error:
        raise InputError(_clipped(str(error)), where=where) from None


def _clipped(message: str) -> str:
    """Return what the engine says, which may quote a token of many megabytes."""
    if len(message) <= 2 * _QUOTED:
        return message
    return f"{message[:_QUOTED]}…{message[-_QUOTED:]}"


def line_of_long_namespace(content: bytes) -> int | None:
    """Return the line of a prefix or base that stands for too long an IRI, or None."""
    found = re.search(_DECLARED, content, re.IGNORECASE)
    return content.count(b"\n", 0, found.start()) + 1 if found else None


def is_overlong(content: bytes) -> bool:
    """Return whether JSON has a string that the engine could not read in another format."""
    strings = re.finditer(_JSON_STRING, content, re.DOTALL) if len(content) > LONGEST else ()
    return any(string.end() - string.start() > LONGEST for string in strings)


def line_of_longest(content: bytes) -> int | None:
    """Return the line of a token that the engine cannot take, or None where none is found."""
    for mark in (b"\n", b'"""', b"'''"):
        start = 0
        while len(content) - start > LONGEST:
            end = content.rfind(mark, start, start + LONGEST)
            if end < 0:
                # Only a string between three marks may have several lines.
                if mark == b"\n" or content.count(mark, 0, start) % 2:
                    return content.count(b"\n", 0, start) + 1
                end = start + LONGEST - len(mark)
            start = end + len(mark)
    return None


class Refusal(NamedTuple):
    """Say why a statement is none of fact, and which of its terms makes it so, counted from 0."""

    code: str
    message: str
    role: int
    help: str | None = None


def refusal(quad: Quad) -> Refusal | None:
    """Tell what is wrong with a statement that is not one of fact."""
    subject, predicate, object_ = value(quad.subject), quad.predicate.value, value(quad.object)
    if isinstance(quad.object, Triple):
        message = f"{shorten(predicate)} points to a triple; make it a thing of its own"
        return Refusal("triple-term", message, 2)
    if subject.startswith((*_VOCABULARIES, RKG)):
        message = f"{shorten(subject)} is vocabulary, of which facts say nothing"
        return Refusal("vocabulary", message, 0)
    identifies = identifiers.identifies(quad)
    if identifies and (flaw := identifiers.flaw(quad)):
        return Refusal(*flaw)
    if predicate.startswith(_VOCABULARIES) and predicate not in FOR_FACTS and not identifies:
        message = f"{shorten(predicate)} is said of vocabulary and not in facts"
        return Refusal("vocabulary", message, 1)
    if predicate == TYPE.value and object_.startswith(_VOCABULARIES):
        message = f"{shorten(object_)} is a class of vocabulary and not of things"
        return Refusal("vocabulary", message, 2)
    for role, term in enumerate((quad.subject, quad.predicate, quad.object)):
        if isinstance(term, NamedNode) and term.value.partition(":")[0] in PREFIXES:
            message = f"<{term.value}> is a short form; write it without the brackets"
            return Refusal("short-form", message, role)
    return None


def _first_refused(
    content: bytes, format: RdfFormat, refuse: Callable[[Quad], "Refusal | None"]
) -> tuple["Refusal | None", int | None, int | None]:
    """Return why the first statement that is refused is so, with line and column of its term.

    The engine has another order than the text where there are collections.
    """
    from relations_kg.reader import jsonld, places

    located: jsonld.JsonReading | places.Reading
    if format == RdfFormat.JSON_LD:
        located = jsonld.read(content, "")
    else:
        located = places.read(content.decode(errors="replace"), "", format)
    for index, quad in enumerate(located.quads):
        if reason := refuse(quad):
            place = located.where(index, reason.role)
            return reason, place.line, place.column
    return None, None, None


def name_of(source: str | PathLike[str]) -> str:
    """Name a source in messages."""
    return "standard input" if fspath(source) == "-" else fspath(source)


def path_of(source: str | PathLike[str]) -> str:
    """Return the absolute path of a source, by which it is known; standard input has its name."""
    return name_of(source) if fspath(source) == "-" else abspath(source)


def format_of(source: str | PathLike[str]) -> RdfFormat:
    """Return the format of a file by its suffix; raise InputError for an unknown suffix."""
    if fspath(source) == "-":
        return RdfFormat.TRIG
    suffix, known = splitext(source)[1].lower(), formats.suffixes()
    if suffix not in known:
        raise InputError(
            f'"{suffix}" is not the suffix of a format that can be read'
            if suffix
            else "the name has no suffix, which would be that of its format",
            where=name_of(source),
            help=f"use one of {', '.join(known)}",
        )
    return known[suffix]


def content_of(source: str | PathLike[str]) -> bytes:
    """Return the bytes of a file or of standard input, without a byte order mark."""
    if isinstance(source, Document):
        return source.content
    where = name_of(source)
    try:
        if where == "standard input":
            if sys.stdin is None:
                raise InputError("it is closed", where=where, help="name a file")
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(source, "rb") as file:
                content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InputError("there is no such file", where=where) from None
    except IsADirectoryError:
        raise InputError("this is a folder", where=where, help="name the files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be read: {reason}", where=where) from None
    if len(content) > LARGEST:
        raise InputError("the file is larger than 1 GiB", where=where, help="split it")
    if b"\0" in content[:8192]:
        raise InputError("this is a binary file", where=where, help="give RDF text in UTF-8")
    return content.removeprefix(BYTE_ORDER_MARK)


def text_of(source: str | PathLike[str]) -> str:
    """Return the text of a file or of standard input, which must be UTF-8."""
    try:
        return content_of(source).decode()
    except UnicodeDecodeError:
        raise InputError("this is not text in UTF-8", where=name_of(source)) from None
