"""A parser of rules in a subset of Notation3: `{ premises } => { conclusions } .`"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from relations_kg._files import content, folder
from relations_kg.errors import InputError
from relations_kg.rdf.durations import earlier, later
from relations_kg.rdf.terms import TYPE
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule, Shift

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<space>\s+)|<(?P<iri>[^<>\s]*)>|\?(?P<variable>\w+)"
    r"|(?P<prefix>@prefix)|(?P<name>[\w-]*:[\w-]*)|(?P<sign>a(?=\s)|true\b|=>|[{}().;,])"
    r'|"(?P<text>[^"\\\n]*)"|(?P<other>.)'
)
_KINDS = {"name": "a name with a colon", "iri": "an IRI in <…>", "variable": "a variable"}
_FORMS = "write { premises } => { conclusions } . or @prefix name: <IRI> ."
_MATH = "http://www.w3.org/2000/10/swap/math#"
# The built-ins of Notation3 for a day and a duration.
_SHIFTS = {NamedNode(_MATH + "sum"): later, NamedNode(_MATH + "difference"): earlier}
_TITLE = re.compile(r"#\s+([a-z][a-z-]*):\s+(.*)")


def time_rules() -> list[Rule]:
    """Return the rules about time that come with the ontology.

    >>> time_rules()[0].name
    'begins-with-its-start'
    """
    return parse_rules(content(folder("ontology"), "time.n3").decode(), "time.n3")


def parse_rules(text: str, where: str) -> list[Rule]:
    """Return the rules in a text, each named and described by the comment before it.

    A body joins triple patterns with `.` and `;`. Each triple of a head becomes a rule. A body may
    end with `(?day ?duration) math:sum ?later` or `math:difference ?earlier`, whose result is the
    object of each head. Raises InputError with file and line for any other syntax.

    >>> text = "# p-inverse: P reads backwards.\\n{ ?x <urn:p> ?y } => { ?y <urn:q> ?x } ."
    >>> [rule.name for rule in parse_rules(text, "example.n3")]
    ['p-inverse']
    """
    return list(_parsed(text, where))


@lru_cache(1)  # most calls are for the rules that come with the ontology
def _parsed(text: str, where: str) -> tuple[Rule, ...]:
    return tuple(_Parser(text, where).rules())


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self._where = where
        self._prefixes: dict[str, str] = {}
        self._name = self._words = ""
        self._tokens = list(self._scan(text))
        self._place = 0

    def rules(self) -> Iterator[Rule]:
        while True:
            self._title()
            if self._place == len(self._tokens):
                return
            if self._peek("prefix"):
                self._take("prefix")
                prefix = self._take("name")[:-1]
                self._prefixes[prefix] = self._take("iri")
                self._take("sign", ".")
                continue
            body, shift = self._formula()
            self._take("sign", "=>")
            heads, _ = self._formula(shift)
            self._take("sign", ".")
            for head in heads:
                yield Rule(self._name, tuple(body), head, self._words, shift)

    def _title(self) -> None:
        words: list[str] = []
        while self._peek("comment"):
            comment = self._take("comment")
            title = _TITLE.fullmatch(comment)
            if title:
                self._name, words = title[1], [title[2]]
            elif words:
                words.append(comment.removeprefix("#").strip())
        if words:
            self._words = " ".join(words)

    def _formula(self, given: Shift | None = None) -> tuple[list[Pattern], Shift | None]:
        """Return the patterns of a formula, and its built-in if it has one.

        For a head, `given` is the built-in of the body; each object must be its result.
        """
        patterns: list[Pattern] = []
        shift = None
        self._take("sign", "{")
        while not self._peek("sign", "}"):
            if self._peek("sign", "("):
                shift = self._shift()
                break
            subject = self._term()
            while True:
                predicate = self._term()
                if not isinstance(predicate, NamedNode):
                    raise self._error("a predicate must be an IRI", "name the property")
                patterns.append((subject, predicate, self._term()))
                if given and patterns[-1][2] != given.result:
                    message = "the head does not use the result of the sum or difference"
                    raise self._error(message, f"write ?{given.result}")
                if not self._peek("sign", ";"):
                    break
                self._take("sign", ";")
            if not self._peek("sign", "}"):
                self._take("sign", ".")
        self._take("sign", "}")
        return patterns, shift

    def _shift(self) -> Shift:
        self._take("sign", "(")
        day, duration = self._take("variable"), self._take("variable")
        self._take("sign", ")")
        name = self._term()
        shift = _SHIFTS.get(name) if isinstance(name, NamedNode) else None
        if shift is None:
            raise self._error("unknown built-in", "write math:sum or math:difference")
        return Shift(day, duration, self._take("variable"), shift)

    def _term(self) -> NamedNode | Literal | str:
        if self._peek("variable"):
            return self._take("variable")
        if self._peek("iri"):
            return NamedNode(self._take("iri"))
        if self._peek("text"):
            return Literal(self._take("text"))
        if self._peek("sign", "true"):
            self._take("sign", "true")
            return Literal(True)
        if self._peek("sign", "a"):
            self._take("sign", "a")
            return TYPE
        prefix, _, local = self._take("name").partition(":")
        if prefix not in self._prefixes:
            raise self._error(f'the prefix "{prefix}:" is not declared', "add a @prefix line")
        return NamedNode(self._prefixes[prefix] + local)

    def _peek(self, kind: str, text: str | None = None) -> bool:
        # A comment between rules names the next rule; any other comment is skipped.
        while kind != "comment" and self._at("comment"):
            self._place += 1
        return self._at(kind, text)

    def _at(self, kind: str, text: str | None = None) -> bool:
        if self._place == len(self._tokens):
            return False
        found, value, _ = self._tokens[self._place]
        return found == kind and text in (None, value)

    def _take(self, kind: str, text: str | None = None) -> str:
        if not self._peek(kind, text):
            raise self._error(f"expected {text or _KINDS[kind]}", _FORMS)
        self._place += 1
        return self._tokens[self._place - 1][1]

    def _error(self, message: str, help: str) -> InputError:
        last = min(self._place, len(self._tokens) - 1)
        line = self._tokens[last][2] if self._tokens else 1
        return InputError(message, where=self._where, line=line, help=help)

    def _scan(self, text: str) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "other"
            if kind != "space":
                yield kind, match[kind], text.count("\n", 0, match.start()) + 1
