"""Stored queries: files of SPARQL with a summary and typed parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from os.path import basename, isfile, join
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from relations_kg._files import content, folder, paths
from relations_kg.answers import attributes, empty, guesses
from relations_kg.answers.parameters import Parameter, check_window, unnamed
from relations_kg.answers.rows import Rows
from relations_kg.errors import InputError, QueryError
from relations_kg.rdf import markup
from relations_kg.rdf.spelling import asked_back, did_you_mean
from relations_kg.sparql.evaluation import is_sparql, names_graphs, parameter_rows
from relations_kg.sparql.lexer import begins_lines, place, tokens

if TYPE_CHECKING:
    from relations_kg.answers.rows import Triples
    from relations_kg.names.names import Names

    Ask = Callable[[str, bool], Rows | Triples | bool]

_WORDS = ("summary", "subject", "question", "asked")
_HELP = (
    'write one "#+ summary: …", a "#+ param NAME: TYPE" per parameter, and '
    '"#+ column NAME: HEADING" for columns of the query'
)
# The pattern is compiled at first use, since loading a graph does not need it.
_HEADER = r"#\+\s*(?:(?P<key>\w+)\s*(?P<name>[\w-]+)?\s*:)?\s*(?P<value>.*?)\s*"

# If this parameter is true, a query also lists the rows of unknown certainty.
_ALL = Parameter("all", "boolean", default="false")


class StoredQuery(NamedTuple):
    """A stored query: its SPARQL text and the content of its header.

    `subject` is the title of its group, `question` that of its page, `asked` has other words by
    which users ask for it, and `headings` has pairs of a column's variable and its heading.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    text: str
    subject: str = ""
    question: str = ""
    asked: str = ""
    headings: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"<StoredQuery: {self.name}({names}): {self.summary}>"

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Parse a query with its header; raise QueryError with file and line if it is malformed.

        >>> StoredQuery.parse("all", "#+ summary: All.\\nSELECT * WHERE { ?s ?p ?o }").summary
        'All.'
        """
        where = f"{name}.rq"
        words: dict[str, str] = {}
        headings: dict[str, str] = {}
        parameters: dict[str, Parameter] = {}
        for number, line in _header_lines(text):
            header = re.fullmatch(_HEADER, line)
            assert header  # the pattern matches any line, since all its parts are optional
            key, own, value = header["key"], header["name"], header["value"]
            if key in _WORDS and key not in words and value and not own:
                words[key] = value
            elif key == "param" and own:
                if own in parameters:
                    message = f"the parameter {own!r} is declared twice"
                    raise QueryError(message, where=where, line=number)
                try:
                    parameters[own] = Parameter.parse(own, value)
                except InputError as error:
                    message, help = error.message, error.help
                    raise QueryError(message, where=where, line=number, help=help) from None
            elif key == "column" and value and f"?{own}" in text:
                headings[own] = value
            else:
                message = f"not a header line: {line!r}"
                raise QueryError(message, where=where, line=number, help=_HELP)
        if "summary" not in words:
            raise QueryError("no summary", where=where, line=1, help='start with "#+ summary: …"')
        declared, pairs = tuple(parameters.values()), tuple(headings.items())
        query = cls(name, parameters=declared, text=text, headings=pairs, **words)
        query._check_values(where)
        return query

    def bind(self, values: Mapping[str, object], things: Names) -> str:
        """Return the SPARQL text with the given values inserted in its VALUES lines.

        Raises QueryError if a value is not of its parameter's type, if a parameter is unknown, if a
        required parameter has no value, and if a window of days or numbers ends before it begins.
        """
        self.check_names(values)
        self.check_required(values, things)
        if not self.parameters:
            return self.text
        given: dict[str, object] = {p.name: p.default for p in self.parameters if p.default}
        given.update(values)
        terms = [
            str(p.term(given[p.name], things, self.parameters)) if p.name in given else "UNDEF"
            for p in self.parameters
        ]
        names = (
            p.name if p.type in ("date", "integer", "non-negative-integer") else None
            for p in self.parameters
        )
        check_window(dict(zip(names, terms, strict=True)))
        return f"VALUES ({self._variables}) {{ ({' '.join(terms)}) }}".join(parts(self.text))

    def answer(self, values: Mapping[str, object], names: Names, ask: Ask) -> Rows:
        """Return the rows for the given values of parameters.

        The function `ask` evaluates SPARQL. Its arguments are the text and whether the default
        graph is the union of all graphs. The rows call `ask` again to count omitted rows, or to
        find why there are none. Raises QueryError as `bind` does, and unless the query is a SELECT.
        """

        def found(values: Mapping[str, object]) -> Rows:
            answer = ask(self.bind(values, names), not _names_graphs(self.text))
            if not isinstance(answer, Rows):
                raise QueryError("a stored query must be a SELECT", where=f"{self.name}.rq")
            return answer

        rows = found(values)
        if self.leaves_out_unknown(values):
            rows.count_unknown = lambda: len(found({**values, "all": True})) - len(rows)

        def reasons() -> tuple[str, ...]:
            return empty.reasons(
                self.parameters, values, lambda each: len(found(each)), names, self.text
            )

        # There are no warnings about the text of a stored query, since users cannot change it.
        rows.find_warnings = tuple if rows else reasons
        return rows

    def check_names(self, names: Iterable[str]) -> None:
        """Raise QueryError for the first name that is not a parameter of this query."""
        known = [parameter.name for parameter in self.parameters]
        for name in names:
            if name not in known:
                listed = f"it has {', '.join(known) or 'none'}"
                raise QueryError(
                    f"{self.name} has no parameter {name!r}",
                    help=guesses.instead_of_parameter(name, known) or listed,
                )

    def unnamed(self, value: object, things: Names) -> QueryError:
        """Return the error for a value without the name of a parameter."""
        return unnamed(self.parameters, value, things)

    def check_required(
        self, names: Collection[str], things: Names, form: str = '{name}="{value}"'
    ) -> None:
        """Raise QueryError for the first required parameter that is not among these names.

        `form` is the template of the example in the error.
        """
        for parameter in self.parameters:
            if parameter.required and parameter.name not in names:
                what, value = parameter.asked_for(things)
                example = form.format(name=parameter.name, value=value)
                raise QueryError(f"{self.name} asks for {what}: {example}")

    def leaves_out_unknown(self, values: Mapping[str, object]) -> bool:
        """Return whether an answer with these values may leave out rows of unknown certainty."""
        return _ALL in self.parameters and str(values.get(_ALL.name) or "false").lower() != "true"

    def _binds(self, variables: Sequence[str]) -> bool:
        """Return whether a VALUES line has the parameters of the query, in their order."""
        return list(variables) == [parameter.name for parameter in self.parameters]

    @property
    def _variables(self) -> str:
        return " ".join(f"?{parameter.name}" for parameter in self.parameters)

    def _check_values(self, where: str) -> None:
        rows = list(parameter_rows(self.text))
        for row, variables in rows:
            named = " ".join(f"?{name}" for name in variables)
            if not self._binds(variables):
                raise QueryError(
                    f"this VALUES line names {named}",
                    where=where,
                    line=place(self.text, row.start)[0],
                    help=f"name the parameters in their order: {self._variables or 'none'}",
                )
        if self.parameters and not rows:
            raise QueryError(
                "no VALUES line binds the parameters",
                where=where,
                line=1,
                help=f"begin WHERE with VALUES ({self._variables}) {{ (UNDEF …) }}",
            )


Kept = TypeVar("Kept", bound=StoredQuery)
_names_graphs = cache(names_graphs)


@cache
def parts(text: str) -> list[str]:
    """Return the parts of a query before, between and after the VALUES lines of its parameters."""
    rows = [row for row, _ in parameter_rows(text)]
    ends = [0, *(row.stop for row in rows)]
    return [text[i:j] for i, j in zip(ends, [*(row.start for row in rows), None], strict=True)]


def _header_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of the header, which are comments, with their numbers."""
    if begins_lines(text):
        lines = enumerate(text.split("\n"), 1)
        yield from ((n, line.partition("\r")[0]) for n, line in lines if line.startswith("#+"))
        return
    for token in tokens(text):
        if token.lastgroup == "comment" and token[0].startswith("#+"):
            number, column = place(text, token.start())
            if column == 1:
                yield number, token[0]


class Stored(Mapping[str, Kept]):
    """The queries or forms in a folder by name, each parsed at first use.

    `what` is the noun for errors, and `listed` the command that lists them.
    """

    def __init__(self, folder: str, kind: type[Kept], what: str, listed: str) -> None:
        self._folder, self._kind, self._what, self._listed = folder, kind, what, listed
        self._read: dict[str, Kept] = {}

    def __getitem__(self, name: str) -> Kept:
        if name not in self._read:
            if name not in self:
                raise self._unknown(name)
            text = content(self._path(name)).decode("utf-8-sig")
            self._read[name] = self._kind.parse(name, text)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        names = (basename(path).removesuffix(".rq") for path in paths(self._folder, ".rq"))
        return iter(sorted(names))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the query with a name, or the default if there is none."""
        if name not in self:
            return default
        return self[name]

    def __contains__(self, name: object) -> bool:
        return re.fullmatch(r"[a-z0-9-]+", str(name)) is not None and isfile(self._path(str(name)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        rows = [
            (query.name, query.summary, ", ".join(each.name for each in query.parameters))
            for query in self.values()
        ]
        return markup.table(("query", "summary", "parameters"), rows, len(rows))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            stored = name.replace("_", "-")
            is_stored = not name.startswith("_") and stored in self
            raise attributes.unknown(
                "queries", name, self, f'write queries["{stored}"]' if is_stored else ""
            )

    @cached_property
    def asked(self) -> dict[str, str]:
        """The words by which users ask for each query, other than its name."""
        return {name: query.asked for name, query in self.items()}

    def _path(self, name: str) -> str:
        return join(self._folder, f"{name}.rq")

    def _unknown(self, given: object) -> QueryError:
        name = str(given)
        slug = "-".join(name.lower().replace("_", " ").split())
        if slug in self:
            return QueryError(f"there is no {self._what} {name!r}", help=f"write {slug!r}")
        if is_sparql(name) and self._what == "stored query":
            message = "this is SPARQL, not the name of a stored query"
            return QueryError(message, help="give it to query(…)")
        first = name.split()[0].removesuffix(".rq").lower() if name.strip() else ""
        rest = " ".join(name.split()[1:])
        if first != name and first in self and (not rest or "-" in rest or "=" in rest):
            message = f"there is no {self._what} {name!r}"
            form = f"{rest}, each word apart" if "--" in rest else "--NAME VALUE"
            help = f"write {first} {form}" if rest else f"write {first!r}"
            return QueryError(message, help=help)
        summaries = {each: self[each].summary for each in self}
        help = (
            guesses.queries_meant(name, self.asked)
            or asked_back([first] if first in self else [])
            or guesses.by_summary(name, summaries, 8)
            or did_you_mean(name, self)
            or guesses.by_summary(name, summaries, 5)
            or f"see relations-kg {self._listed}"
        )
        if " " in name or first in guesses.OF_QUESTIONS:
            help += "; relations-kg search finds things by words"
        return QueryError(f"there is no {self._what} {name!r}", help=help)


class Queries(Stored[StoredQuery]):
    """The stored queries in a folder by name."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder, StoredQuery, "stored query", "query --list")


def check_text(sparql: str) -> None:
    """Raise QueryError for a value that is not a str, or is the name of a query or of a file."""
    if not isinstance(sparql, str):
        raise QueryError(f"{sparql!r} is not a text", where="query", help="give SPARQL as a str")
    word = sparql.strip()
    if "{" in word or not re.fullmatch(r"[^\s<>?*]+", word):
        return
    if word.endswith((".rq", ".sparql")):
        message, help = f"{word!r} is the name of a file", "give the text of the file"
    elif word in stored_queries():
        message = f"{word!r} is a stored query"
        help = f'use kg.run("{word}"), or q/{word} on a server'
    else:
        return
    raise QueryError(message, where="query", help=help)


@cache
def stored_queries() -> Queries:
    """Return the stored queries of the project; each file is parsed once in a process."""
    return Queries(folder("queries"))
