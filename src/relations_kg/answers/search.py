"""Search: things by the words of their names and texts, with what matched and their passages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from relations_kg.answers.names import Names
from relations_kg.answers.passages import passages_of
from relations_kg.answers.rows import Rows
from relations_kg.answers.search_index import texts_of, word_forms
from relations_kg.errors import QueryError, UnknownName
from relations_kg.export.kinds import kind_of
from relations_kg.rdf.namespaces import OWL
from relations_kg.rdf.terms import LIST
from relations_kg.rdf.words import words

_CLASS = OWL + "Class"
_COLUMNS = ("thing", "kind", "text", "passages")


def class_of(names: Names, kind: str | None) -> str | None:
    """Return the class with a name, in the singular or plural; raise UnknownName for another."""
    if kind is None:
        return None
    for form in word_forms(kind) if kind.endswith("s") else [kind]:
        with suppress(UnknownName):
            found = names.find(form, [_CLASS])
            if names.is_a(found, [_CLASS]):
                return found
    near = [iri for iri in names.suggestions.of(kind, [_CLASS]) if names.is_a(iri, [_CLASS])]
    help = f"did you mean {names.suggestions.listed(near)}?" if near else "write embassy or visit"
    raise UnknownName(f"there is no class {kind!r}", where="kind", help=help)


def check_limit(limit: int) -> None:
    """Raise QueryError unless a number of things is at least one."""
    if limit < 1:
        raise QueryError(f"{limit} things cannot be listed", where="limit", help="give 1 or more")


def rows(
    store: Store, names: Names, things: Sequence[str], text: str, kind: str | None = None
) -> Rows:
    """Return a row for each thing that was found: its class, the text that matched, its passages.

    The passages are those that state the thing, or the thing itself if it is one. If nothing was
    found, a warning has the nearest names.
    """
    lines = []
    for iri in things:
        thing = NamedNode(iri)
        own, matched = kind_of(store, thing), _matched(store, thing, words(text))
        cited = " ".join(passage.iri for passage in passages_of(store, [iri]))
        cells = (thing, own, matched, Literal(cited, datatype=LIST) if cited else None)
        lines.append(f"({' '.join('UNDEF' if cell is None else str(cell) for cell in cells)})")
    variables = " ".join(f"?{column}" for column in _COLUMNS)
    select = f"SELECT {variables} WHERE {{ VALUES ({variables}) {{ {' '.join(lines)} }} }}"
    answer = Rows([*_COLUMNS], _solutions(select), names)
    answer.warnings = () if things else (_nothing_found(names, text, kind),)
    return answer


def _solutions(select: str) -> list[QuerySolution]:
    """Return the engine's rows of a query of no graph, which only lists values."""
    found = Store().query(select)
    assert isinstance(found, QuerySolutions)
    return list(found)


def _nothing_found(names: Names, text: str, kind: str | None) -> str:
    if not words(text):
        return f"{text!r} has no words; write those of a name or a description"
    of_class = f" of the class {names.label(kind)}" if kind else ""
    help = names.suggestions.instead_of(text, [kind] if kind else ())
    return f"nothing{of_class} has the words {text!r}" + (f"; {help}" if help else "")


def _matched(store: Store, thing: NamedNode, asked: list[str]) -> Literal | None:
    """Return the name or else the text of a thing that has the most of the words."""

    def missing(text: Literal) -> tuple[int, bool]:
        found = words(text.value)
        absent = [word for word in asked if not set(word_forms(word)) & set(found)]
        return len(absent), found != asked

    return min(texts_of(store, thing), key=missing, default=None)
