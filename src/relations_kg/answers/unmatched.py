"""Why a SPARQL text has no rows: the patterns and conditions of it that nothing meets.

They are found by asking for parts of the text. What only a part in a nested group leaves out is not
found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.sparql_cursor import Mistake, Unknown
from relations_kg.rdf.sparql_lexer import place
from relations_kg.rdf.sparql_parser import parse
from relations_kg.rdf.sparql_structure import Call, Query, Scope, Span, Triple

# The number of rows that a text has, up to a limit; None if it is not found, which ends the search.
Count = Callable[[str, int], int | None]

_MOST_PATTERNS, _MOST_CONDITIONS, _MOST_ROWS = 20, 8, 1000
_MOST, _LONGEST_SHOWN = 3, 80
_ANY_CASE = "for any case"
# The clauses after the group that leave rows out.
_AFTER = ("HAVING", "OFFSET", "LIMIT", "VALUES")
_WHAT = {
    "FILTER": "no row passes {}",
    "VALUES": "no row has the values of {}",
    "MINUS": "{} leaves no row",
}
_OF_TEXT = ("REGEX", "CONTAINS", "STRSTARTS", "STRENDS")


def reasons(sparql: str, count: Count) -> tuple[str, ...]:
    """Return why a query has no rows, each reason with its place; none if that is not found.

    ASK may well be false: its only reasons are conditions that depend on letter case.

    >>> import relations_kg as rk
    >>> found = rk.load().query("SELECT ?x { ?x rdfs:label ?l FILTER STRSTARTS(?l, 'lim') }")
    >>> found.warnings[0].partition(": ")[2]
    "no row passes FILTER STRSTARTS(?l, 'lim'); write STRSTARTS(LCASE(STR(?l)), 'lim') for any case"
    """
    try:
        query = parse(sparql)
    except (Mistake, Unknown):
        return ()
    is_ask = query.form == "ASK"
    if query.where is None or query.where.select or not (query.select or is_ask):
        return ()
    if is_ask and not any(call.name in _OF_TEXT for call in query.calls):
        return ()
    texts = []
    with suppress(_GaveUp):
        for index, message in islice(_Unmatched(query, query.where, count).findings(), _MOST):
            line, column = place(sparql, query.tokens[index].start())
            if not is_ask or message.endswith(_ANY_CASE):
                texts.append(f"query:{line}:{column}: {message}")
    return tuple(texts)


class _GaveUp(Exception):
    """A part of the query takes long, or fails."""


class _Unmatched:
    def __init__(self, query: Query, where: Scope, count: Count) -> None:
        self.query, self.where, self.count = query, where, count
        form = next(token for token in query.tokens if token[0].upper() == query.form)
        self.before = query.text[: form.start()]
        self.triples = [triple for triple in query.triples if triple.scope is where]
        self.conditions = [span for scope, span in query.conditions if scope is where]

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield the places of what is met by nothing, with what is wrong there."""
        if self._asked([], 1):
            for index in range(self.query.end, len(self.query.tokens)):
                if self.query.tokens[index][0].upper() in _AFTER:
                    yield index, f"{self._text((index, len(self.query.tokens)))} leaves no row"
                    break
            return
        if len(self.triples) == 1 and not self.conditions and not self.where.children:
            return  # that nothing matches is what the answer says
        is_plain = not self.query.graphs and 0 < len(self.triples) <= _MOST_PATTERNS
        unmatched = [*self._unmatched()] if is_plain else []
        yield from unmatched
        if not unmatched and len(self.conditions) <= _MOST_CONDITIONS:
            yield from self._conditions()

    def _counted(self, sparql: str, most: int) -> int:
        number = self.count(f"{self.before}{sparql} LIMIT {most}", most)
        if number is None:
            raise _GaveUp
        return number

    def _asked(self, changes: list[tuple[Span, str]], most: int) -> int:
        """Return the number of matches of the group with other texts for some spans."""
        tokens = self.query.tokens
        start, end = tokens[self.where.start].start(), tokens[self.query.end - 1].end()
        text = self.query.text[:end]
        for (first, last), new in sorted(changes, reverse=True):
            text = text[: tokens[first].start()] + new + text[tokens[last - 1].end() :]
        named = self.query.text[self._dataset() : start]
        named = re.sub(r"(?i)\bWHERE\s*$", "", named)
        return self._counted(f"SELECT * {named} WHERE {text[start:]}", most)

    def _dataset(self) -> int:
        """Return the offset of the FROM clauses, or of the group without any."""
        tokens = self.query.tokens
        froms = (t.start() for t in tokens[: self.where.start] if t[0].upper() == "FROM")
        return next(froms, tokens[self.where.start].start())

    def _unmatched(self) -> Iterator[tuple[int, str]]:
        """Yield the triple patterns that match nothing, or nothing together with the others."""
        alone = [each for each in self.triples if not self._match([each])]
        for each in alone:
            yield each.predicate[0], f"nothing matches {self._shown(each)}"
        if alone or len(self.triples) < 2 or self._match(self.triples):
            return
        apart = [
            each
            for each in self.triples
            if self._match([other for other in self.triples if other is not each])
        ]
        if len(apart) == 1:
            shown = self._shown(apart[0])
            yield apart[0].predicate[0], f"{shown} matches nothing that the other patterns match"
        elif apart:
            listed = " and ".join(map(self._shown, apart[:_MOST]))
            yield apart[-1].predicate[0], f"nothing matches {listed} together"

    def _match(self, triples: list[Triple]) -> bool:
        texts = " . ".join(map(self._pattern, triples))
        return self._counted(f"SELECT * WHERE {{ {texts} }}", 1) > 0

    def _conditions(self) -> Iterator[tuple[int, str]]:
        """Yield the conditions without which there are rows."""
        for span in self.conditions:
            number = self._asked([(span, "")], _MOST_ROWS)
            if not number:
                continue
            help = next(filter(None, map(self._in_any_case, self._calls(span))), None)
            if help is None:
                rows = f"{number}{' or more' if number == _MOST_ROWS else ''} without it"
                help = f"there {'is' if number == 1 else 'are'} {rows}"
            what = _WHAT[self.query.tokens[span[0]][0].upper()].format(self._text(span))
            yield span[0], f"{what}; {help}"

    def _calls(self, span: Span) -> list[Call]:
        calls = (call for call in self.query.calls if span[0] < call.index < span[1])
        return [call for call in calls if call.name in _OF_TEXT and len(call.arguments) > 1]

    def _in_any_case(self, call: Call) -> str | None:
        """Return what to write so that a function ignores case, if there are rows then."""
        text, sought, *flags = map(self._source, call.arguments)
        if call.name == "REGEX":
            if flags and ("i" in flags[0] or flags[0][0] not in "\"'"):
                return None
            flag = f"{flags[0][:-1]}i{flags[0][-1]}" if flags else '"i"'
            new = f"REGEX({text}, {sought}, {flag})"
        else:
            lower = sought.lower() if sought[0] in "\"'" else f"LCASE(STR({sought}))"
            new = f"{call.name}(LCASE({_plain(text)}), {lower})"
        end = call.arguments[-1][1] + 1
        return f"write {new} {_ANY_CASE}" if self._asked([((call.index, end), new)], 1) else None

    def _source(self, span: Span) -> str:
        tokens = self.query.tokens
        return self.query.text[tokens[span[0]].start() : tokens[span[1] - 1].end()]

    def _text(self, span: Span) -> str:
        text = " ".join(re.sub(r"<(\w+:[^<>\s]*)>", _short, self._source(span)).split())
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"

    def _shown(self, triple: Triple) -> str:
        text = " ".join(self._pattern(triple).split())
        return re.sub(r"\?_\w+", "[]", text)

    def _pattern(self, triple: Triple) -> str:
        predicate = self._source(triple.predicate)
        return f"{self._term(triple.subject)} {predicate} {self._term(triple.object)}"

    def _term(self, index: int) -> str:
        """Return the text of a term; a node in brackets or a blank one is a variable."""
        tokens = self.query.tokens
        if tokens[index][0] in ("[", "(") or tokens[index].lastgroup in ("blank", "anon"):
            name = tokens[index][0].removeprefix("_:") if tokens[index][0][0] == "_" else index
            return f"?_{name}"
        end = index + (2 if tokens[index][0] in ("+", "-") else 1)
        if tokens[end][0].startswith("@"):
            end += 1
        elif tokens[end][0] == "^^" and tokens[index].lastgroup == "string":
            end += 2
        return self._source((index, end))


def _short(address: re.Match[str]) -> str:
    """Return an address as a prefixed name, if its prefix is known."""
    short = shorten(address[1])
    return address[0] if short == address[1] else short


def _plain(text: str) -> str:
    """Return an expression as text without a language."""
    return text if re.match(r"(?i)STR\s*\(", text) else f"STR({text})"
