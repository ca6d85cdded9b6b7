"""Values for the variables of a user's own SPARQL text, bound by VALUES lines.

A text can declare its parameters as a stored query does: `#+ param thing: thing` in its header. A
value replaces UNDEF in the lines `VALUES (?thing) { (UNDEF) }` of the text, or is added in such a
line at the start of the outermost group. Engines evaluate a sub-select, MINUS or a branch of UNION
alone, so if such a group uses the variable, it needs a VALUES line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral, Real

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.answers import guesses
from relations_kg.answers.parameters import is_missing
from relations_kg.answers.queries import StoredQuery
from relations_kg.errors import QueryError, UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf import days
from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.spelling import asked_back, did_you_mean, nearest
from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.evaluation import ask, parameter_rows
from relations_kg.sparql.lexer import place
from relations_kg.sparql.mistakes import explain
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query, Scope, Use

# The keys of header lines that declare no parameter: headings of columns, and settings for grlc.
_OTHER_KEYS = (
    "column description endpoint endpoint_in_url tags method pagination enumerate transform"
    " defaults"
)
_PARAMETER = r"(?m)^#\+[ \t]*param\b"
_NEEDED = _PARAMETER + r".*(?:\brequired\b|=)"
# The names of groups in messages, by the keyword before the group. Engines evaluate the groups of
# _ALONE without the groups around them. The patterns of the groups of _JOINED are joined with the
# patterns around them, but their expressions do not see the values around them.
_ALONE = {"SELECT": "a sub-select", "MINUS": "MINUS", "UNION": "a branch of UNION"}
_JOINED = {"{": "a nested group", "GRAPH": "GRAPH", "SERVICE": "SERVICE"}

# The arguments of queries, and arguments that users guess, with advice. These names are not taken
# for variables.
_SETTINGS = ("timeout", "allow_service")
_OPTIONS = {
    "format": 'serialize("csv") of the answer writes CSV',
    "limit": "write LIMIT into the text",
    "offset": "write OFFSET into the text",
    "labels": "to_pandas(labels=True) shows labels",
    "inferred": "inferred facts are always included",
}


def declared(sparql: str, name: str = "query") -> StoredQuery | None:
    """Return the query that the header of a text declares, or None if it has no parameters.

    >>> declared("#+ param thing: thing\\nASK { ?thing a rkg:State }").parameters[0].name
    'thing'
    """
    if not re.search(_PARAMETER, sparql):
        return None
    lines = sparql.split("\n")
    header = [line if line.startswith("#+") and _is_ours(line) else "" for line in lines]
    names = " ".join(f"?{each}" for each in re.findall(_PARAMETER + r"[ \t]+([\w-]+)", sparql))
    undefined = " ".join("UNDEF" for _ in names.split())
    summary = "" if re.search(r"(?m)^#\+[ \t]*summary\b", sparql) else "#+ summary: A query."
    values = f"VALUES ({names}) {{ ({undefined}) }}"
    return StoredQuery.parse(name, "\n".join([*header, summary, values]))


def _is_ours(line: str) -> bool:
    key = re.match(r"#\+\s*(\w+)", line)
    return key is not None and key[1] not in _OTHER_KEYS.split()


def bind(sparql: str, values: Mapping[str, object], names: Names) -> str:
    """Return a text with values for its variables, inserted only as VALUES lines.

    Without a declaration, a `str` names a thing; pass text as a literal of rdflib or pyoxigraph.
    Raises QueryError if a value is missing or has no RDF type, if a variable is not in the text, or
    if a value cannot be bound at every use of its variable; UnknownName if a name is unknown.
    """
    if not values and not re.search(_NEEDED, sparql):
        return sparql
    for name, value in values.items():
        if not re.search(rf"[?$]{re.escape(name)}\b", sparql) and (help := _setting(name, value)):
            raise QueryError(f"the query has no variable ?{name}", where="query", help=help)
    query = declared(sparql)
    if not values and not (query and _lacks_value(query, sparql)):
        return sparql
    if query:
        cells = _cells(query.bind(values, names))
    else:
        cells = {name: _cell(name, value, names) for name, value in values.items()}
    return _Text(sparql, cells).bound() if cells else sparql


def still_unbound(found: Iterable[str], sparql: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return the warnings about a text, except that nothing binds a variable that has a value.

    A parameter that the text declares with a default has a value.

    >>> found = ["query:1:47: nothing binds ?other; write a pattern with it"]
    >>> still_unbound(found, "SELECT ?x { ?x a rkg:State FILTER (?x != ?other) }", ["other"])
    ()
    """
    query = declared(sparql)
    defaults = [each.name for each in query.parameters if each.default is not None] if query else ()
    given = {*values, *defaults}
    unbound = ((each, re.search(r": nothing binds [?](\w+);", each)) for each in found)
    return tuple(each for each, variable in unbound if not (variable and variable[1] in given))


def _setting(name: str, value: object) -> str | None:
    """Return what to write instead of a guessed argument, or None if the name may be a variable."""
    if isinstance(value, Mapping) and value:
        return f"give its values by name: {guesses.named(value)}"
    near = asked_back(nearest(name, _SETTINGS))
    if guesses.is_mapping(name):
        return "give each value by the name of its variable, such as party='peru'"
    return _OPTIONS.get(name) or near


def _lacks_value(query: StoredQuery, sparql: str) -> bool:
    """Return whether a parameter with a default or a required one lacks a value in the text."""
    needed = {each.name for each in query.parameters if each.required or each.default is not None}
    undefined = {name for _, names in parameter_rows(sparql) for name in names}
    named = set(re.findall(r"\?(\w+)", " ".join(re.findall(r"(?i)VALUES\s*\(([^)]*)\)", sparql))))
    return bool(needed & undefined or needed - named)


def _cells(sparql: str) -> dict[str, str]:
    """Return the values in the VALUES line at the end of a text, by name, without UNDEF."""
    line = sparql.rpartition("\n")[2]
    query = parse(f"ASK {{ {line} }}")
    [(_, variables, [row])] = query.values
    starts = [query.tokens[index].start() for index in row]
    ends = [*starts[1:], query.text.rindex(")")]
    texts = [query.text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return {name: text for name, text in zip(variables, texts, strict=True) if text != "UNDEF"}


def _cell(name: str, value: object, names: Names) -> str:
    """Return a Python value as a term of SPARQL.

    Raises QueryError if it has no RDF type, and UnknownName for a `str` that names nothing.
    """
    if is_missing(value):
        help = "leave the argument out to match anything"
        raise QueryError(f"{value!r} is not a value", where=name, help=help)
    if isinstance(value, NamedNode):
        return _thing(name, f"<{value.value}>", names)
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str) and hasattr(value, "n3") and hasattr(value, "datatype"):
        # The value is a literal of rdflib; its class is not used, since that would import rdflib.
        language, datatype = getattr(value, "language", None), value.datatype
        node = NamedNode(str(datatype)) if datatype and not language else None
        return str(Literal(str(value), language=language, datatype=node))
    if isinstance(value, str):
        return _thing(name, value, names)
    if isinstance(value, bool):
        return str(Literal(value))
    # numpy's integers are instances of Integral but not of int; its bool is an instance of neither.
    if type(value).__name__ in ("bool_", "bool"):
        return str(Literal(bool(value)))
    if isinstance(value, Integral):
        return str(Literal(str(int(value)), datatype=NamedNode(XSD + "integer")))
    if isinstance(value, Decimal):
        return str(Literal(f"{value:f}", datatype=NamedNode(XSD + "decimal")))
    if isinstance(value, Real):
        return str(Literal(float(value)))
    if isinstance(value, datetime) and (value.time() != time() or value.tzinfo):
        return str(Literal(value.isoformat(), datatype=NamedNode(XSD + "dateTime")))
    if isinstance(value, date):
        # pandas gives a day as a timestamp at midnight.
        return str(Literal(value.isoformat()[:10], datatype=NamedNode(XSD + "date")))
    raise QueryError(
        f"a {type(value).__name__} cannot be written as an RDF term",
        where=name,
        help="give the name of a thing, a date, a number, a bool or an rdflib Literal",
    )


def _thing(name: str, value: str, names: Names) -> str:
    try:
        return str(NamedNode(names.find(value)))
    except UnknownName as error:
        help = error.help or f'if {name} is not a thing, declare its type: "#+ param {name}: text"'
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            help = f"a str names a thing; give a number without quotes, as {name}={value}"
        elif day := next(filter(None, days.days_of(value)), None):
            help = f"a str names a thing; give a day as date({day.year}, {day.month}, {day.day})"
        raise UnknownName(error.message, where=name, help=help) from None


class _Text:
    """A SPARQL text, and terms for some of its variables."""

    def __init__(self, sparql: str, cells: Mapping[str, str]) -> None:
        self.sparql, self.cells = sparql, cells
        self.query = self._parse()
        self.lines = [
            (scope, names, rows[0])
            for scope, names, rows in self.query.values
            if len(rows) == 1 and rows[0] and all(self._word(i) == "UNDEF" for i in rows[0])
        ]

    def bound(self) -> str:
        """Return the text with the terms in its VALUES lines, of which one may be added."""
        where = self._where()
        changes = [
            (self.query.tokens[index].span(), self.cells[name])
            for _, names, row in self.lines
            for name, index in zip(names, row, strict=True)
            if name in self.cells
        ]
        named = {name for line, names, _ in self.lines if line is where for name in names}
        new = {name: cell for name, cell in self.cells.items() if name not in named}
        # If the outermost group is a sub-select, the VALUES line has to be inside the sub-select.
        if new and not where.select:
            variables = " ".join(f"?{name}" for name in new)
            end = self.query.tokens[where.start].end()
            line = f" VALUES ({variables}) {{ ({' '.join(new.values())}) }}"
            changes.append(((end, end), line))
        text = self.sparql
        for (start, end), piece in sorted(changes, reverse=True):
            text = text[:start] + piece + text[end:]
        return text

    def _parse(self) -> Query:
        try:
            query = parse(self.sparql)
            mistake = explain(self.sparql)
        except (Mistake, Unknown):
            query, mistake = None, None
        if query is None or mistake:
            # The engine's error is raised if the engine also rejects the text.
            ask(Store(), self.sparql)
        if query is None:
            help = "write the values into the query's text"
            raise QueryError("values cannot be inserted into this syntax", where="query", help=help)
        return query

    def _word(self, index: int) -> str:
        return self.query.word(index).upper()

    def _where(self) -> Scope:
        """Return the outermost group; raise QueryError if a value cannot be bound in the text."""
        query, where = self.query, self.query.where
        variables = {
            token[0][1:]: index
            for index, token in reversed([*enumerate(query.tokens)])
            if token.lastgroup == "variable"
        }
        for name in self.cells:
            if name not in variables:
                listed = f"it has {_listed(variables)}"
                help = did_you_mean(name, variables) or listed
                raise QueryError(f"the query has no variable ?{name}", where="query", help=help)
        if where is None or (query.form == "CONSTRUCT" and query.template is None):
            help = f"write {query.form} {{ … }} WHERE {{ … }}"
            raise QueryError("the query has no group for the values", where="query", help=help)
        for name in self.cells:
            self._check_assigned(name)
        given = set(self.cells)
        unreached = self._unreached(where, given, given, "the group", substituted=False)
        for index, name, group in sorted(unreached):
            help = f"begin this part with VALUES (?{name}) {{ (UNDEF) }}, which also gets the value"
            raise self._error(index, f"the value of ?{name} cannot be bound in {group}", help)
        return where

    def _check_assigned(self, name: str) -> None:
        assigned = [index for _, index in self.query.binds]
        assigned += [select.named.get(name, -1) for select in self.query.selects()]
        for index in assigned:
            if index >= 0 and self.query.word(index)[1:] == name:
                help = "give another variable a value"
                raise self._error(index, f"the query itself assigns a value to ?{name}", help)

    def _given(self, scope: Scope) -> set[str]:
        """Return the names that UNDEF lines bind in a group and in its joined nested groups.

        Of the names in a sub-select, only those that it projects are returned.
        """
        if scope.select:
            inner, projected = self._given(scope.select.where), scope.select.projected
            return inner if projected is None else inner & projected.keys()
        own = {name for line, names, _ in self.lines if line is scope for name in names}
        nested = (self._given(child) for child in scope.children if child.kind in _JOINED)
        return own.union(*nested)

    def _unreached(
        self, scope: Scope, reached: set[str], seen: set[str], place: str, *, substituted: bool
    ) -> Iterator[tuple[int, str, str]]:
        """Yield each use of a variable that gets no value: its index, its name, its group in words.

        In the groups around `scope`, the values of the names in `reached` are joined with the
        patterns, and those of the names in `seen` are visible in expressions. A group within EXISTS
        or LATERAL is `substituted`: the names that are visible around it are visible in it too.
        """
        given = self._given(scope)
        if scope.kind == "SELECT" or (scope.kind in _ALONE and not substituted):
            reached, seen, place = given, given, _ALONE[scope.kind]
        elif scope.kind in _JOINED and not substituted:
            reached, seen, place = reached | given, given, _JOINED[scope.kind]
        else:
            reached, seen = reached | given, seen | given
        substituted = substituted or scope.kind in ("EXISTS", "LATERAL")
        for name in self.cells.keys() & scope.bound.keys() - reached:
            yield scope.bound[name], name, place
        yield from ((use.index, use.name, place) for use in self._uses(scope.uses, seen))
        for child in scope.children:
            yield from self._unreached(child, reached, seen, place, substituted=substituted)
        if scope.select:
            inner = scope.select.where
            # The patterns of the sub-select are checked in the next step.
            for use in self._uses(scope.select.uses, inner.visible().keys()):
                yield use.index, use.name, _ALONE["SELECT"]
            yield from self._unreached(inner, reached, seen, place, substituted=substituted)

    def _uses(self, uses: Iterable[Use], known: Collection[str]) -> Iterator[Use]:
        return (use for use in uses if use.name in self.cells and use.name not in known)

    def _error(self, index: int, message: str, help: str) -> QueryError:
        line, column = place(self.sparql, self.query.tokens[index].start())
        return QueryError(message, where="query", line=line, column=column, help=help)


def _listed(variables: Mapping[str, int]) -> str:
    return ", ".join(f"?{name}" for name in sorted(variables, key=lambda name: variables[name]))
