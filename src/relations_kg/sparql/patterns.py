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
        if self.kind == "nil":
            self.i += 1
        else:
            if several:
                self.expect("(", "VALUES", opens=True)
            while self.kind == "variable" and (several or not names):
                names.append(self.words[self.i][1:])
                scope.bound.setdefault(names[-1], self.i)
                self.i += 1
            if several:
                self.expect(")", "the variables of VALUES")
        rows: list[list[int]] = []
        opening = self.i
        self.expect("{", "VALUES", opens=True)
        while not self.is_at("}"):
            if self.kind == "end":
                raise self.unclosed(opening)
            start = self.i
            rows.append(self._row() if several else [self._value()])
            if (size := len(rows[-1])) != len(names):
                values = f"{size or 'no'} value{'s' if size != 1 else ''}"
                variables = f"{len(names)} variable{'s' if len(names) != 1 else ''}"
                message = f"this row of VALUES has {values} for {variables}"
                raise self.mistake(message, "give one value, or UNDEF, for each variable", start)
        self.i += 1
        self.found.values.append((scope, names, rows))

    def _row(self) -> list[int]:
        row: list[int] = []
        if self.kind != "nil":
            if not self.is_at("("):
                help = "VALUES (?a ?b) has each row in brackets; VALUES ?a has none"
                raise self.mistake(f"a row of VALUES begins with {self.shown()}", help)
            self.i += 1
            while not self.is_at(")"):
                row.append(self._value())
        self.i += 1
        return row

    def _value(self) -> int:
        start = self.i
        if self.word in ("UNDEF", "TRUE", "FALSE") or self.kind in ("iri", "name"):
            self.i += 1
        elif not self.literal():
            help = "write IRIs, names, literals or UNDEF, without commas"
            raise self.mistake(f"{self.shown()} is not a value in VALUES", help)
        return start

    def triples_block(self, scope: Scope) -> None:
        """Parse the triples of a template."""
        while self.is_term():
            self.triples(scope)
            if not self.is_at("."):
                if self.is_term():
                    raise self.described("dot")
                return
            self.i += 1

    def is_term(self) -> bool:
        """Return whether a term is at the cursor."""
        if self.kind == "punctuation":
            return self.words[self.i] in ("(", "[")
        return self.kind in _TERMS or self.word in ("TRUE", "FALSE")

    def triples(self, scope: Scope) -> None:
        """Parse the triples of one subject."""
        subject, alone = self.i, self.is_at("[") or self.is_at("(")
        self._node(scope)
        if not alone or self._is_verb():
            self._properties(scope, subject)

    def _is_verb(self) -> bool:
        if self.kind == "punctuation":
            return self.words[self.i] in ("^", "(", "!")
        return self.kind in ("name", "variable", "iri") or self.word == "A"

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
                opening = self.enter()
                self._path()
                self.leave(opening)
            elif self.kind in ("iri", "name") or self.word == "A":
                self.i += 1
            else:
                message = f"{self.shown()} does not belong in a property path"
                raise self.mistake(message, "a path is made of properties")
            self.i += self._is_repetition()
            if self._is_repetition():
                message = f"{self.shown()} follows another repetition"
                raise self.mistake(message, "delete one of the two")
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
            if self.words[start] == "[":
                self._properties(scope, start)
            else:
                while self.is_term() or self.is_sign():
                    self._node(scope)
            self.leave(start)
        elif kind in ("iri", "name", "nil", "anon") or self.word in ("TRUE", "FALSE"):
            self.i += 1
        elif not self.literal():
            help = "write a variable, a name or a literal"
            raise self.mistake(f"{self.shown()} is not a term", help)

    def expect(self, token: str, place: str, opens: bool = False) -> None:
        """Move past a punctuation token; `place` describes for a message what it begins or ends."""
        if self.is_at(token):
            self.i += 1
            return
        fault = "followed by" if opens else "not closed before"
        raise self.mistake(f"{place} is {fault} {self.shown()}", f'write "{token}" here')
