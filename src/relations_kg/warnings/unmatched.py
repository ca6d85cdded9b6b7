"""Reasons why a SPARQL text has no rows: patterns and conditions that match nothing.

They are found by running parts of the query. A nested group is one part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from relations_kg.rdf.namespaces import shorten
from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Call, Query, Scope, Span, Triple

# A function that counts the rows of a text up to a limit; None (too slow) ends the search.
Count = Callable[[str, int], int | None]

_MOST_PATTERNS, _MOST_CONDITIONS, _MOST_ROWS = 20, 8, 1000
_MOST, _LONGEST_SHOWN = 3, 80
_ANY_CASE = "for any case"
# The clauses after the group that may exclude rows.
_AFTER = ("HAVING", "OFFSET", "LIMIT", "VALUES")
_WHAT = {
    "FILTER": "no row passes {}",
    "VALUES": "no row has the values of {}",
    "MINUS": "{} leaves no row",
}
_OF_TEXT = ("REGEX", "CONTAINS", "STRSTARTS", "STRENDS")


def reasons(sparql: str, count: Count, *, is_row: bool = False) -> tuple[str, ...]:
    """Return the reasons found for a query without rows, each with its place in the text.

    ASK is often false as expected, so its only reasons are conditions that depend on letter case.
    With `is_row`, the answer is one row with a count of 0 or no values.

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
    if query.where is None or query.where.select:
        return ()
    if is_ask and not any(call.name in _OF_TEXT for call in query.calls):
        return ()
    texts = []
    with suppress(_GaveUp):
        for index, message in islice(_Unmatched(query, query.where, count).findings(is_row), _MOST):
            if not is_ask or message.endswith(_ANY_CASE):
                texts.append(f"{query.location(index)}: {message}")
    return tuple(texts)


class _GaveUp(Exception):
    """The end of the search, since a part of the query is too slow or fails."""


class _Part(NamedTuple):
    """A triple pattern or a nested group: its first token, its text, and its text for messages."""

    start: int
    text: str
    shown: str
    graph: str = ""
    # If the object is a text, the patterns to write instead, which search within texts.
    sought: str = ""
    triple: Triple | None = None


class _Unmatched:
    def __init__(self, query: Query, where: Scope, count: Count) -> None:
        self.query, self.where, self.count = query, where, count
        form = next(token for token in query.tokens if token[0].upper() == query.form)
        self.before = query.text[: form.start()]
        triples = [triple for triple in query.triples if triple.scope is where]
        self.parts = sorted([*map(self._of_triple, triples), *self._groups()])
        self.conditions = [span for scope, span in query.conditions if scope is where]

    def findings(self, is_row: bool) -> Iterator[tuple[int, str]]:
        """Yield the place of each pattern or condition without a match, and a message."""
        if self._asked([], 1):
            for index in () if is_row else range(self.query.end, len(self.query.tokens)):
                if self.query.word(index).upper() in _AFTER:
                    yield index, f"{self._text((index, len(self.query.tokens)))} leaves no row"
                    break
            return
        dataset = [index for index in self.query.graphs if index < self.where.start]
        if dataset and self._match(self.parts):
            yield dataset[0], "no row is in the graphs of FROM; there are rows without FROM"
        is_plain = 0 < len(self.parts) <= _MOST_PATTERNS and not dataset
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
        """Return the number of rows of the group after some spans are replaced by other texts."""
        tokens = self.query.tokens
        start, end = tokens[self.where.start].start(), tokens[self.query.end - 1].end()
        text = self.query.text[:end]
        for (first, last), new in sorted(changes, reverse=True):
            text = text[: tokens[first].start()] + new + text[tokens[last - 1].end() :]
        return self._counted(f"SELECT * {self.query.dataset()} WHERE {text[start:]}", most)

    def _unmatched(self) -> Iterator[tuple[int, str]]:
        """Yield the parts that match nothing, alone or together with the others."""
        alone = [each for each in self.parts if not self._match([each])]
        for each in alone:
            found = each.graph and self._match([each._replace(text=each.text[len(each.graph) :])])
            help = "; there are rows without GRAPH" if found else ""
            if each.sought and self._match([each._replace(text=each.sought)]):
                help = f"; write {each.sought} to search in texts"
            if not help and each.triple:
                help = self._absent(each.triple)
            yield each.start, f"nothing matches {each.shown}{help}"
        if alone or len(self.parts) < 2 or self._match(self.parts):
            return
        apart = [
            each
            for each in self.parts
            if self._match([other for other in self.parts if other is not each])
        ]
        if len(apart) == 1:
            message = f"{apart[0].shown} matches nothing that the other patterns match"
            yield apart[0].start, message
        elif apart:
            listed = " and ".join(each.shown for each in apart[:_MOST])
            yield apart[-1].start, f"nothing matches {listed} together"

    def _absent(self, triple: Triple) -> str:
        """Return why a pattern matches nothing: what the graph lacks, or what it has instead."""
        start, end = triple.predicate
        slashes = [i for i in range(start, end) if self.query.word(i) == "/"]
        ends = [*slashes, end]
        paths = [self.query.source((start, each)) for each in ends]
        if self.query.tokens[start].lastgroup == "variable" or "(" in paths[-1]:
            return ""
        met = [path for path in paths if self._counted(f"SELECT * WHERE {{ ?s {path} ?o }}", 1)]
        if len(met) < len(paths):
            if not met:
                return f"; nothing in the graph has {self._text((start, ends[0]))}"
            last, following = ends[len(met) - 1 : len(met) + 1]
            step = self._text((last + 1, following))
            return f"; no such value of {self._text((start, last))} has {step}"
        subject, object = (self._term(each) for each in (triple.subject, triple.object))
        if paths[-1] == "a":
            return "" if object[0] in "?$" else "; the graph has no instance of it"
        if object[0] not in "?$":
            equal = f"SELECT * WHERE {{ ?s {paths[-1]} ?o FILTER (?o = {object}) }}"
            if object.strip("+-")[:1].isdigit() and self._counted(equal, 1):
                # 50 and 50.0 are the same number and two terms.
                return f"; write a variable and FILTER (?number = {object}) to compare numbers"
            return f"; {self._text((start, end))} has other values"
        return "" if subject[0] in "?$" else f"; other things have {self._text((start, end))}"

    def _match(self, parts: list[_Part]) -> bool:
        texts = " ".join(each.text for each in parts)
        return self._counted(f"SELECT * WHERE {{ {texts} }}", 1) > 0

    def _groups(self) -> Iterator[_Part]:
        """Yield the nested groups; alternatives are one part."""
        tokens, end = self.query.tokens, 0
        for child in self.where.children:
            if child.kind not in ("{", "GRAPH", "UNION") or child.start < end:
                continue
            first = child.start - 2 * (child.kind == "GRAPH")
            end = self.query.closing(child.start) + 1
            while tokens[end][0].upper() == "UNION":
                end = self.query.closing(end + 1) + 1
            graph = self.query.source((first, child.start)) if child.kind == "GRAPH" else ""
            yield _Part(first, self.query.source((first, end)), self._text((first, end)), graph)

    def _conditions(self) -> Iterator[tuple[int, str]]:
        """Yield the conditions without which there are rows."""
        for span in self.conditions:
            number = self._asked([(span, "")], _MOST_ROWS)
            if not number:
                continue
            found = (*map(self._in_any_case, self._calls(span)), *self._equal(span))
            help = next(filter(None, found), None) or self._by_other_names(span)
            if help is None:
                rows = f"{number}{' or more' if number == _MOST_ROWS else ''} without it"
                help = f"there {'is' if number == 1 else 'are'} {rows}"
            what = _WHAT[self.query.word(span[0]).upper()].format(self._text(span))
            yield span[0], f"{what}; {help}"

    def _calls(self, span: Span) -> list[Call]:
        calls = (call for call in self.query.calls if span[0] < call.index < span[1])
        return [call for call in calls if call.name in _OF_TEXT and len(call.arguments) > 1]

    def _in_any_case(self, call: Call) -> str | None:
        """Return how to make a function ignore case, if there would then be rows."""
        text, sought, *flags = map(self.query.source, call.arguments)
        if call.name == "REGEX":
            if flags and ("i" in flags[0] or flags[0][0] not in "\"'"):
                return None
            flag = f"{flags[0][:-1]}i{flags[0][-1]}" if flags else '"i"'
            new = f"REGEX({text}, {sought}, {flag})"
        else:
            lower = sought.lower() if sought[0] in "\"'" else f"LCASE(STR({sought}))"
            new = f"{call.name}(LCASE({_plain(text)}), {lower})"
            if re.match(r"(?i)LCASE\s*\(", text):
                new = f"{call.name}({text}, {lower})"
        end = call.arguments[-1][1] + 1
        return f"write {new} {_ANY_CASE}" if self._asked([((call.index, end), new)], 1) else None

    def _equal(self, span: Span) -> Iterator[str | None]:
        """Yield how to compare two texts regardless of case, if there would then be rows."""
        for first, operator, last in self.query.comparisons:
            left, right = self.query.source(first), self.query.source(last).lower()
            if not span[0] < operator < span[1] or right[0] not in "\"'":
                continue
            if self.query.word(operator) == "=" and re.match(r"(?i)STR\s*\(", left):
                new = f"LCASE({left}) = {right}"
                is_met = self._asked([((first[0], last[1]), new)], 1)
                yield f"write {new} {_ANY_CASE}" if is_met else None

    def _by_other_names(self, span: Span) -> str | None:
        """Return what to write instead of rdfs:label, if another name meets a condition."""
        tokens = self.query.tokens
        used = {tokens[index][0] for index in range(*span)}
        for each in self.query.triples:
            is_named = self.query.source(each.predicate) == "rdfs:label"
            if is_named and each.scope is self.where and tokens[each.object][0] in used:
                new = "rdfs:label|skos:altLabel"
                is_met = self._asked([(each.predicate, new)], 1)
                return f"write {new} to match other names too" if is_met else None
        return None

    def _text(self, span: Span) -> str:
        text = " ".join(re.sub(r"<(\w+:[^<>\s]*)>", _short, self.query.source(span)).split())
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"

    def _of_triple(self, triple: Triple) -> _Part:
        predicate = self.query.source(triple.predicate)
        text = f"{self._term(triple.subject)} {predicate} {self._term(triple.object)}"
        shown = re.sub(r"\?_\w+", "[]", " ".join(text.split()))
        token, sought = self.query.tokens[triple.object], ""
        if token.lastgroup == "string" and "\\" not in token[0]:
            found = f"CONTAINS(LCASE(STR(?text)), {token[0].lower()})"
            sought = f"{self._term(triple.subject)} {predicate} ?text FILTER {found}"
        return _Part(triple.predicate[0], f"{text} .", shown, sought=sought, triple=triple)

    def _term(self, index: int) -> str:
        """Return the text of a term; a blank node becomes a variable."""
        tokens = self.query.tokens
        if tokens[index][0] in ("[", "(") or tokens[index].lastgroup in ("blank", "anon"):
            name = tokens[index][0].removeprefix("_:") if tokens[index][0][0] == "_" else index
            return f"?_{name}"
        end = index + (2 if tokens[index][0] in ("+", "-") else 1)
        if tokens[end][0].startswith("@"):
            end += 1
        elif tokens[end][0] == "^^" and tokens[index].lastgroup == "string":
            end += 2
        return self.query.source((index, end))


def _short(address: re.Match[str]) -> str:
    """Return an address as a prefixed name, if its prefix is known."""
    short = shorten(address[1])
    return address[0] if short == address[1] else short


def _plain(text: str) -> str:
    """Return an expression within STR, unless it is a call of STR, LCASE or UCASE."""
    return text if re.match(r"(?i)(STR|[LU]CASE)\s*\(", text) else f"STR({text})"
