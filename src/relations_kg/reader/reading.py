"""Loading of files of facts into quads or a store, with one clear error for an invalid file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from os.path import basename, dirname
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from relations_kg._background import background
from relations_kg.errors import InputError
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import statements, value
from relations_kg.reader import identifiers, limits, parsing
from relations_kg.reader.bundled import IDENTIFIERS_FILE, load_facts
from relations_kg.reader.files import Document, Source, check_beginning, format_of, name_of
from relations_kg.reader.refusals import RELABELLED, SUSPECTS, Refusal, Refuse, refusal

if TYPE_CHECKING:
    from relations_kg.reader.places import Place, Reading

DERIVED = (DATES, INFERRED)
_QUOTED = 200  # the characters shown of the start and of the end of a long message of the engine
# With more facts than this, it is faster to look up each statement of the ontology among the facts
# than each fact in the ontology.
_FEW = 5_000
_STATED, _KNOWN, _IDENTIFIERS = map(NamedNode, (STATED, ONTOLOGY, IDENTIFIERS))


def read(source: Source, graph: NamedNode, refuse: Refuse = refusal) -> Iterator[Quad]:
    """Yield the quads of a file of facts ("-" is standard input), in one graph.

    Statements about identifiers go into the graph of identifiers. An export's graphs of dates and
    of inferred facts are skipped, since they are derived again. Raises InputError for a file that
    is missing, unreadable, empty, binary, larger than 1 GiB, malformed, or has a statement that
    `refuse` rejects, with line and column if known, and for a file in which all graphs are skipped.

    >>> next(read("tests/facts/good/none.ttl", NamedNode("urn:g")))
    Traceback (most recent call last):
    relations_kg.errors.InputError: tests/facts/good/none.ttl: there is no such file
    """
    document = Document.of(source)
    format, where = format_of(document), name_of(document)
    content = document.content
    is_empty = True
    with _errors_of(content, where, format):
        for quad in _parsed(content, format, where):
            if reason := refuse(quad):
                raise _refused(reason, content, format, where, refuse)
            if value(quad.graph_name) not in DERIVED:
                is_empty = False
                target = _IDENTIFIERS if identifiers.identifies(quad) else graph
                yield Quad(quad.subject, quad.predicate, quad.object, target)
    if is_empty:
        help = f"put stated facts into the default graph or into <{STATED}>"
        raise InputError("all facts are in graphs of inferred facts", where=where, help=help)


def load(
    sources: Iterable[Source],
    store: Store,
    refuse: Refuse = refusal,
    bundled: Sequence[Document] = (),
) -> Counter[Quad]:
    """Load files of facts and bundled files into a store that has the ontology.

    Returns the facts that several files state, each with the number of files that repeat it.
    """
    shared, check = begin(sources, store, refuse, bundled)
    check()
    return shared


def begin(
    sources: Iterable[Source],
    store: Store,
    refuse: Refuse = refusal,
    bundled: Sequence[Document] = (),
) -> tuple[Counter[Quad], Callable[[], bool]]:
    """Load files as `load` does, and return with the repeated facts a check that must be called.

    The engine loads files without named graphs directly. It looks for statements that are not facts
    in another thread, and the check rejects, moves or removes them; it returns whether it has
    changed the facts. A file larger than all bundled files together is loaded first, because the
    first file is compared with no other. The bundled files of one document share no fact.
    """
    documents = {file.sha256: file for file in map(Document.of, sources)}
    files = sorted(documents.values(), key=lambda file: -len(file.content))
    own = sum(len(file.content) for file in bundled)
    ahead = files[:1] if files and len(files[0].content) > own else []
    compared = bool(ahead) or are_of_several_documents(bundled)
    shared: Counter[Quad] = Counter()
    for file in ahead:
        _load(file, store, refuse)
    for file in bundled:
        if compared:
            shared.update(_known(file, store))
        load_facts(store, file.path, file.content)
    for file in files[len(ahead) :]:
        if ahead or bundled or file is not files[0]:
            shared.update(_known(file, store))
        _load(file, store, refuse)
    suspects = background(partial(_suspects, store))
    for fact in list(shared):
        if Quad(fact.subject, fact.predicate, fact.object, _KNOWN) in store:
            del shared[fact]
    return shared, partial(_sort_out, files, store, refuse, suspects)


def are_of_several_documents(bundled: Iterable[Document]) -> bool:
    """Return whether bundled files are in several folders, one for each document."""
    files = (file.path for file in bundled if basename(file.path) != IDENTIFIERS_FILE)
    return len(set(map(dirname, files))) > 1


def _load(file: Document, store: Store, refuse: Refuse) -> None:
    if _is_one_graph(file):
        with _errors_of(file.content, name_of(file), format_of(file)):
            next(_parsed(file.content, format_of(file), name_of(file)))
            store.load(file.content, format_of(file), to_graph=_STATED)
    else:
        store.extend(
            quad
            for quad in read(file, _STATED, refuse)
            if Quad(quad.subject, quad.predicate, quad.object, _KNOWN) not in store
        )


def _is_one_graph(file: Document) -> bool:
    """Return whether a file's format has no named graphs, so that the engine can load it itself."""
    return format_of(file) in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)


def _known(file: Document, store: Store) -> set[Quad]:
    """Return the facts of a file that a store already contains, with literals in canonical form."""
    known = set()
    if _is_one_graph(file):
        quads: Iterable[Quad] = limits.parse(file.content, format_of(file), name_of(file))
    else:
        quads = read(file, _STATED)
    with _errors_of(file.content, name_of(file), format_of(file)):
        for quad in quads:
            graph = _IDENTIFIERS if identifiers.identifies(quad) else _STATED
            # Statements about identifiers are in the stated graph until `_sort_out` moves them.
            for place in {graph, _STATED}:
                triple = quad.subject, quad.predicate, quad.object
                for held in store.quads_for_pattern(*triple, place):
                    known.add(Quad(held.subject, held.predicate, held.object, graph))
    return known


def _suspects(store: Store) -> list[Any]:
    return [(s, p, o) for text in (SUSPECTS, RELABELLED) for s, p, o in store.query(text)]  # type: ignore[union-attr]


def _sort_out(
    sources: list[Document], store: Store, refuse: Refuse, suspects: Callable[[], list[Any]]
) -> bool:
    """Reject, move or remove loaded statements that are not facts; return whether any changed."""
    checked, changed = [*suspects()], False
    for term in extensions.terms(store):
        checked += statements(store.quads_for_pattern(term, None, None, _STATED))
    for subject, predicate, object_ in checked:
        quad = Quad(subject, predicate, object_, _STATED)
        if refuse(quad):
            for source in sources:
                for _ in read(source, _STATED, refuse):
                    pass
        if identifiers.identifies(quad):
            store.remove(quad)
            store.add(Quad(subject, predicate, object_, _IDENTIFIERS))
            changed = True
    # A statement that the ontology already has is not kept as a fact.
    facts = list(islice(store.quads_for_pattern(None, None, None, _STATED), _FEW))
    if len(facts) < _FEW:
        repeated = [q for q in facts if Quad(q.subject, q.predicate, q.object, _KNOWN) in store]
    else:
        repeated = [
            quad
            for quad in store.quads_for_pattern(None, None, None, _KNOWN)
            if Quad(quad.subject, quad.predicate, quad.object, _STATED) in store
        ]
    for subject, predicate, object_, _ in repeated:
        store.remove(Quad(subject, predicate, object_, _STATED))
    sources.clear()  # The texts are freed, since they may take as much memory as the store.
    return changed or bool(repeated)


def _parsed(content: bytes, format: RdfFormat, where: str) -> Iterator[Quad]:
    """Yield the quads of a file; raise InputError if there are none."""
    is_located = format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
    parse = _located_quads if is_located else limits.parse
    quads = iter(parse(content, format, where))
    first = next(quads, None)
    if first is None:
        help = "give a file with at least one triple"
        raise InputError("there are no facts", where=where, help=help)
    yield first
    yield from quads


def _located_quads(content: bytes, format: RdfFormat, where: str) -> list[Quad]:
    """Return the quads of JSON-LD or RDF/XML; raise InputError for the first mistake.

    Raises MemoryError, as the engine's parsers do, if a string is too long.
    """
    if limits.is_overlong(content):
        raise MemoryError
    found = _located(content, format, where)
    for mistake in found.errors:
        check_beginning(content, format, where)
        pointer = f"{mistake.pointer}: " if mistake.pointer else ""
        raise _error(f"{pointer}{mistake.message}", where, mistake.place, mistake.help)
    return found.quads


def _located(content: bytes, format: RdfFormat, where: str = "") -> Reading:
    """Parse a file with the places of terms, which is slower than the engine's parser."""
    return parsing.parse(content, where, format, scope=BlankNode().value)


@contextmanager
def _errors_of(content: bytes, where: str, format: RdfFormat) -> Iterator[None]:
    """Convert the engine's errors about a file to InputError."""
    try:
        yield
    except SyntaxError as error:
        check_beginning(content, format, where)
        # The engine's messages name its internal tokens, so the file is parsed again for a clear
        # message.
        for mistake in _located(content, format, where).errors:
            if mistake.code == "syntax" and mistake.place.line == error.lineno:
                raise _error(mistake.message, where, mistake.place, mistake.help) from None
        message, help = _clipped(error.msg.partition(": ")[2] or error.msg), None
        if message.startswith("Invalid UTF-8"):
            message, help = "this byte is not valid UTF-8", "save the file in UTF-8"
        line, column = error.lineno, error.offset
        raise InputError(message, where=where, line=line, column=column, help=help) from None
    except MemoryError:
        message, help = limits.OVERLONG
        line = limits.line_of_longest(content)
        raise InputError(message, where=where, line=line, help=help) from None
    except (ValueError, OSError) as error:
        raise InputError(_clipped(str(error)), where=where) from None


def _clipped(message: str) -> str:
    """Shorten a message of the engine, since it may quote a token of many megabytes."""
    if len(message) <= 2 * _QUOTED:
        return message
    return f"{message[:_QUOTED]}…{message[-_QUOTED:]}"


def _refused(
    reason: Refusal, content: bytes, format: RdfFormat, where: str, refuse: Refuse
) -> InputError:
    """Return the error for the first refused statement of a file, at the place of the wrong term.

    The file is parsed again, since the engine yields collections out of order.
    """
    located, place = _located(content, format), None
    for index, quad in enumerate(located.quads):
        if first := refuse(quad):
            reason, place = first, located.where(index, first.role)
            break
    if place is None and located.errors:
        place = located.errors[0].place
    return _error(reason.message, where, place, reason.help)


def _error(message: str, where: str, place: Place | None, help: str | None) -> InputError:
    line, column = (place.line, place.column) if place else (None, None)
    return InputError(message, where=where, line=line, column=column, help=help)
