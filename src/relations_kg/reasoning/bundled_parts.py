"""The division of the bundled graph into two parts, and the queries that need only the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from sys import maxsize

from pyoxigraph import NamedNode, Quad

from relations_kg.rdf.namespaces import CODE, PREFIXES
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reasoning.bundled_store import BROADER, CODE_CLASS, OF_CODES, TEXTS, is_of_term
from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query, Scope, Triple

# The punctuation of property paths; all but / and ^ means the same in regular expressions.
_IN_PATHS = "()|/^*+?"


def second_part(quads: Iterable[Quad]) -> set[Quad]:
    """Return the quads of the second part: texts about terms, and the codes that no fact names.

    A code that no fact names is in the first part if another statement of the ontology names it, or
    if it is broader than a code of the first part.
    """
    about: dict[str, list[Quad]] = {}
    found, named = set[Quad](), set[str]()
    for quad in quads:
        subject = value(quad.subject)
        if is_of_term(quad) and quad.predicate in TEXTS:
            found.add(quad)
        elif is_of_term(quad) and subject.startswith(CODE) and _is_of_codes(quad):
            about.setdefault(subject, []).append(quad)
        else:
            named.update((subject, value(quad.object)))
    waiting = [code for code in about if code in named]
    while waiting:
        of_code = about.pop(waiting.pop(), ())
        waiting += [value(quad.object) for quad in of_code if quad.predicate == BROADER]
    return found.union(*about.values())


def _is_of_codes(quad: Quad) -> bool:
    return quad.predicate in OF_CODES and (quad.predicate != TYPE or quad.object == CODE_CLASS)


@dataclass(frozen=True)
class _Pattern:
    """A triple pattern: its ends, its path, and the properties at the beginning of the path.

    The `path` has its punctuation, and a colon for each property. An end is a variable, an IRI,
    the label of a blank node, or "" for another term. `is_of_class` is true if the subject is an
    instance of a class that no code has.
    """

    scope: Scope
    start: int
    subject: str
    object: str
    path: str
    properties: frozenset[NamedNode]
    first: frozenset[NamedNode]
    is_of_class: bool

    @property
    def may_be_empty(self) -> bool:
        return bool(re.fullmatch(self.path.replace("/", "").replace("^", ""), ""))

    @property
    def may_begin_with_code(self) -> bool:
        return not self.is_of_class and not self.first.isdisjoint(OF_CODES)

    @property
    def ends(self) -> list[str]:
        """The variables and blank nodes at both ends."""
        return [end for end in (self.subject, self.object) if end.startswith(("?", "_:", "["))]

    @property
    def restricted(self) -> list[str]:
        """The ends that cannot be a code that no fact names."""
        if self.may_be_empty:
            return []
        begins = self.may_begin_with_code
        leads_to_code = begins and ("^" in self.path or BROADER in self.properties)
        return [*([] if begins else [self.subject]), *([] if leads_to_code else [self.object])]


def needs_first_part_only(query: str) -> bool:
    """Return whether it is certain that no triple of the second part changes a query's answers.

    All properties of the query must be named, and none may be in TEXTS. If a path begins with a
    property of codes, its subject must be an IRI that is not a code, or a pattern of the same
    group, or of a group around it, must exclude the codes that no fact names. The same holds for an
    end of a path that may have length zero, unless one of its ends is an IRI that is not a code.

    >>> needs_first_part_only("ASK { ?s a rkg:Visit }"), needs_first_part_only("ASK { ?s ?p ?o }")
    (True, False)
    """
    try:
        return _Needs(parse(query)).are_in_first_part()
    except (Mistake, Unknown):
        return False


class _Needs:
    """A test of whether a query needs only the first part of the bundled graph."""

    def __init__(self, parsed: Query) -> None:
        self._parsed = parsed
        self._texts = [token[0] for token in parsed.tokens]
        declared = {self._texts[i][:-1]: self._texts[j][1:-1] for i, j in parsed.prefixes}
        self._prefixes = {**PREFIXES, **declared}

    def are_in_first_part(self) -> bool:
        # A sub-select with LIMIT may have other rows if there are more triples. DESCRIBE returns
        # the texts of a term.
        refused = ("BASE", "DESCRIBE", "LIMIT", "OFFSET")
        if any(word.upper() in refused for word in self._texts[: self._parsed.end]):
            return False
        # A group within HAVING can use only the variables by which solutions are grouped.
        groups = [(scope, scope.parent) for scope in self._parsed.scopes() if scope.parent]
        if any(not self._is_within(scope.start, outer) for scope, outer in groups):
            return False
        patterns = list(map(self._pattern, self._parsed.triples))
        restricted: dict[Scope, dict[str, int]] = {}
        for pattern in filter(None, patterns):
            for end in pattern.restricted:
                name = end[1:] if end.startswith("?") else None
                for scope in _binding(pattern.scope, name):
                    restricted.setdefault(scope, {}).setdefault(end, pattern.start)
        return all(pattern and _fits(pattern, restricted) for pattern in patterns)

    def _pattern(self, triple: Triple) -> _Pattern | None:
        """Return a triple pattern, or None if it may need the second part."""
        path, names, first = "", set(), set()
        for index in range(*triple.predicate):
            token = self._parsed.tokens[index]
            if token.lastgroup in ("name", "word", "iri", "variable"):
                properties = self._values(triple.scope, index)
                # The inverse of a property of codes leads from a broader code to its codes.
                if not properties or properties & (TEXTS | OF_CODES if path[-1:] == "^" else TEXTS):
                    return None
                is_later = re.search(r":\+?/$", path) or (
                    re.search(r"\)\+?/$", path) and not {"*", "?"} & {*path}
                )
                first |= set() if is_later else properties
                names |= properties
            elif token[0] == "!":
                return None
            path += token[0] if token[0] in _IN_PATHS else ":"
        if "^(" in path and not names.isdisjoint(OF_CODES):
            return None
        classes = self._values(triple.scope, triple.object) if path == ":" else set()
        return _Pattern(
            triple.scope,
            triple.predicate[0],
            self._end(triple.subject),
            self._end(triple.object),
            path,
            frozenset(names),
            frozenset(first),
            names == {TYPE} and bool(classes) and CODE_CLASS not in classes,
        )

    def _end(self, index: int) -> str:
        kind, text = self._parsed.tokens[index].lastgroup, self._texts[index]
        if kind == "variable":
            return f"?{text[1:]}"
        if kind == "anon" or text[0] in "[(":
            return f"[{index}"
        return text if kind == "blank" else "".join(name.value for name in self._iri(index))

    def _values(self, scope: Scope, index: int) -> set[NamedNode]:
        """Return the IRIs that a token can stand for, or an empty set if they are not known."""
        if self._parsed.tokens[index].lastgroup != "variable":
            return self._iri(index)
        name = self._texts[index][1:]
        for group, before in _joined(scope, name):
            for within, names, rows in self._parsed.values:
                is_within = rows and self._is_within(rows[0][0], within)
                if within is group and name in names and is_within and rows[0][0] < before:
                    found = [self._iri(row[names.index(name)]) for row in rows]
                    if all(found):
                        return set().union(*found)
        return set()

    def _is_within(self, index: int, scope: Scope) -> bool:
        """Return whether a token after the start of a group is in it, not in a clause after it."""
        return index < self._parsed.closing(scope.start)

    def _iri(self, index: int) -> set[NamedNode]:
        """Return the IRI of a token; return an empty set for other terms and names with escapes."""
        kind, text = self._parsed.tokens[index].lastgroup, self._texts[index]
        if text == "a":
            return {TYPE}
        prefix, _, local = text.partition(":")
        is_name = kind == "name" and prefix in self._prefixes
        iri = self._prefixes[prefix] + local if is_name else text[1:-1] if kind == "iri" else ""
        return {NamedNode(iri)} if iri and "\\" not in iri else set()


def _fits(pattern: _Pattern, restricted: Mapping[Scope, Mapping[str, int]]) -> bool:
    def is_restricted(end: str) -> bool:
        found = ((restricted.get(group, {}).get(end), last) for group, last in joined(end))
        return any(start is not None and start < last for start, last in found)

    def joined(end: str) -> Iterator[tuple[Scope, int]]:
        return _joined(pattern.scope, end[1:] if end.startswith("?") else None)

    # The engine finds a path of length zero from a term only if the term is in the store.
    if pattern.may_be_empty and not any(map(is_restricted, pattern.ends)):
        given = {pattern.subject, pattern.object}.difference(pattern.ends)
        if not given or any(not end or end.startswith(CODE) for end in given):
            return False
    if not pattern.may_begin_with_code:
        return True
    if pattern.subject in pattern.ends:
        return is_restricted(pattern.subject)
    return bool(pattern.subject) and not pattern.subject.startswith(CODE)


def _joined(scope: Scope, name: str | None) -> Iterator[tuple[Scope, int]]:
    """Yield a group, and the groups around it whose patterns are joined on a variable of it.

    Each comes with the position in the query before which its patterns must be.
    """
    yield scope, maxsize
    inner, outer = scope, scope.parent
    while outer and name:
        if not _is_visible(name, outer):
            return
        # Such a group is first joined with the patterns before it in the group around it.
        if inner.kind in ("OPTIONAL", "MINUS", "EXISTS"):
            yield outer, inner.start
            return
        yield outer, maxsize
        inner, outer = outer, outer.parent


def _binding(scope: Scope, name: str | None) -> Iterator[Scope]:
    """Yield a group, and those around it in which a variable always has a value from it."""
    yield scope
    while name and scope.parent and scope.kind in ("{", "SELECT"):
        scope = scope.parent
        if not _is_visible(name, scope):
            return
        yield scope


def _is_visible(name: str, scope: Scope) -> bool:
    """Return whether a variable within a group has the same value outside of it.

    A SELECT clause must project the variable and, if it groups solutions, group them by it.
    """
    if (select := scope.select) is None:
        return True
    is_grouped = select.aggregates is not None or select.grouped is not None
    return (select.projected is None or name in select.projected) and (
        not is_grouped or name in (select.grouped or {})
    )
