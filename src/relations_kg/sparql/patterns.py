"""The part of the SPARQL parser that reads triple patterns and VALUES."""

from __future__ import annotations

from relations_kg.sparql.expressions import Expressions
from relations_kg.sparql.structure import Scope, Triple

_TERMS = frozenset(("variable", "iri", "name", "string", "number", "blank", "nil", "anon"))


class Patterns(Expressions):
    """The parser of triple patterns and VALUES."""

    def values(self, scope: Scope) -> None:
        """Parse what follows VALUES."""
        names: list[str] = []
        several = self.kind != "variable"
        if several and self.kind != "nil":
            self.expect("(", "VALUES", opens=True)
        while self.kind == "variable":
            names.append(self.words[self.i][1:])
            scope.bound.setdefault(names[-1], self.i)
            self.i += 1
            if not several:
                break
        if several:
            if self.kind == "nil":
                self.i += 1
            else:
                self.expect(")", "the variables of VALUES")
        rows: list[list[int]] = []
        opening = self.i
        self.expect("{", "VALUES", opens=True)
        while not self.is_at("}"):
            if self.kind == "end":
                raise self.unclosed(opening)
            row: list[int] = []
            if not several:
                row.append(self._value())
            else:
                start = self.i
                self._row(row)
                if len(row) != len(names):
                    values = f"{len(row) or 'no'} value{'s' if len(row) != 1 else ''}"
                    variables = f"{len(names)} variable{'s' if len(names) != 1 else ''}"
                    raise self.mistake(
                        f"this row of VALUES has {values} for {variables}",
                        "give one value, or UNDEF, for each variable",
                        start,
                    )
            rows.append(row)
        self.i += 1
        self.found.values.append((scope, names, rows))

    def _row(self, row: list[int]) -> None:
        if self.kind == "nil":
            self.i += 1
            return
        if not self.is_at("("):
            raise self.mistake(
                f"a row of VALUES begins with {self.shown()}",
                "VALUES (?a ?b) has each row in brackets; VALUES ?a has none",
            )
        self.i += 1
        while not self.is_at(")"):
            row.append(self._value())
        self.i += 1

    def _value(self) -> int:
        start = self.i
        if self.word in ("UNDEF", "TRUE", "FALSE") or self.kind in ("iri", "name"):
            self.i += 1
        elif not self.literal():
            raise self.mistake(
                f"{self.shown()} is not a value in VALUES",
                "write IRIs, names, literals or UNDEF, without commas",
            )
        return start

    def triples_block(self, scope: Scope) -> None:
        """Parse the triples of a template."""
        while self.is_term():
            self.triples(scope)
            if not self.is_at("."):
                if self.is_term():
                    raise self.missing_dot()
                return
            self.i += 1

    def is_term(self) -> bool:
        """Return whether a term is at the cursor."""
        kind = self.kind
        if kind in _TERMS:
            return True
        if kind == "word":
            return self.words[self.i] in ("TRUE", "FALSE")
        return kind == "punctuation" and self.words[self.i] in ("(", "[")

    def triples(self, scope: Scope) -> None:
        """Parse the triples of one subject."""
        subject, alone = self.i, self.is_at("[") or self.is_at("(")
        self._node(scope)
        if not alone or self._is_verb():
            self._properties(scope, subject)

    def _is_verb(self) -> bool:
        kind, word = self.kind, self.words[self.i]
        return (
            kind in ("name", "variable", "iri")
            or (kind == "word" and word == "A")
            or (kind == "punctuation" and word in ("^", "(", "!"))
        )

    def _properties(self, scope: Scope, subject: int) -> None:
        while True:
            if not self._is_verb():
                raise self.no_property(subject)
            start = self.i
            if self.kind == "variable":
                scope.bound.setdefault(self.words[start][1:], start)
                self.i += 1
            else:
                self._path()
            predicate = (start, self.i)
            while True:
                if not self.is_term() and self.kind != "number" and not self.is_sign():
                    raise self.no_object(subject, start)
                self.found.triples.append(Triple(scope, subject, predicate, self.i))
                self._node(scope)
                if not self.is_at(","):
                    break
                self.i += 1
            if not self.is_at(";"):
                return
            while self.is_at(";"):
                self.i += 1
            if not self._is_verb():
                return

    def _path(self) -> None:
        while True:
            while self.is_at("^") or self.is_at("!"):
                self.i += 1
            if self.is_at("("):
                self.enter()
                opening = self.i
                self.i += 1
                self._path()
                if not self.is_at(")"):
                    raise self.unclosed(opening)
                self.i += 1
                self.depth -= 1
            elif self.kind in ("iri", "name") or self.word == "A":
                self.i += 1
            else:
                raise self.mistake(
                    f"{self.shown()} does not belong in a property path",
                    "a path is made of properties",
                )
            if self._is_repetition():
                self.i += 1
            if self._is_repetition():
                raise self.mistake(
                    f"{self.shown()} follows another repetition", "delete one of the two"
                )
            if not (self.is_at("/") or self.is_at("|")):
                return
            self.i += 1

    def _is_repetition(self) -> bool:
        return self.kind == "punctuation" and self.words[self.i] in ("*", "+", "?")

    def _node(self, scope: Scope) -> None:
        kind, start = self.kind, self.i
        if kind == "variable":
            scope.bound.setdefault(self.words[start][1:], start)
            self.i += 1
        elif kind == "blank":
            self.found.blanks.append((scope, start))
            self.i += 1
        elif kind == "punctuation" and self.words[start] in ("[", "("):
            self.enter()
            self.i += 1
            if self.words[start] == "[":
                self._properties(scope, start)
                closing = "]"
            else:
                closing = ")"
                while self.is_term() or self.is_sign():
                    self._node(scope)
            if not self.is_at(closing):
                raise self.unclosed(start)
            self.i += 1
            self.depth -= 1
        elif kind in ("iri", "name", "nil", "anon") or self.word in ("TRUE", "FALSE"):
            self.i += 1
        elif not self.literal():
            raise self.mistake(
                f"{self.shown()} is not a term", "write a variable, a name or a literal"
            )

    def expect(self, token: str, place: str, opens: bool = False) -> None:
        """Move past a punctuation token; `place` describes for a message what it begins or ends."""
        if self.is_at(token):
            self.i += 1
            return
        message = (
            f"{place} is followed by {self.shown()}"
            if opens
            else f"{place} is not closed before {self.shown()}"
        )
        raise self.mistake(message, f'write "{token}" here')
