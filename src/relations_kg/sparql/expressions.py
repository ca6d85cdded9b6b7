"""The part of the SPARQL parser that reads expressions."""

from __future__ import annotations

from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.cursor import Cursor, Mistake, mistakes
from relations_kg.sparql.structure import Call, Scope, Span, Use

_ANY = 99
# The functions, by their minimum and maximum numbers of arguments.
_FUNCTIONS = {
    (0, 0): "NOW RAND UUID STRUUID",
    (0, 1): "BNODE",
    (1, 1): (
        "STR LANG LANGDIR DATATYPE BOUND IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE "
        "ENCODE_FOR_URI YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 "
        "SHA512 ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG HASLANGDIR ISTRIPLE SUBJECT "
        "PREDICATE OBJECT"
    ),
    (2, 2): (
        "LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT SAMETERM ADJUST"
    ),
    (2, 3): "REGEX SUBSTR",
    (3, 3): "IF STRLANGDIR TRIPLE",
    (3, 4): "REPLACE",
    (0, _ANY): "CONCAT COALESCE",
}
_ARGUMENTS = {name: most for most, names in _FUNCTIONS.items() for name in names.split()}
_AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_COMPARING = frozenset(("=", "!=", "<", ">", "<=", ">="))
_ARITHMETIC = frozenset("+-*/")
_LOGICAL = frozenset(("&&", "||"))
_BINARY = _COMPARING | _ARITHMETIC | _LOGICAL
# Operators of other languages, with their equivalents in SPARQL.
_WRITTEN = {"AND": "&&", "OR": "||", "==": "=", "<>": "!="}


class Expressions(Cursor):
    """The parser of expressions."""

    def exists(self, scope: Scope) -> None:
        """Parse the group after EXISTS."""
        raise NotImplementedError

    def constraint(self, scope: Scope, word: str) -> None:
        """Parse what follows FILTER or HAVING."""
        bracketed = self.is_at("(")
        is_call = self.kind in ("iri", "name") or (
            self.kind == "word" and (self.words[self.i + 1].startswith("(") or self._is_exists())
        )
        if not bracketed and not is_call:
            if self.kind in ("variable", "string", "number") or self.is_at("!"):
                start = self.i
                self.expression(scope)
                condition = self.source(start, self.i)
                raise self.mistake(f"{word} has no brackets", f"write {word} ({condition})", start)
            help = "write NOT EXISTS { … }" if self.word == "NOT" else f"write {word} (…)"
            raise self.mistake(f"{word} has no condition", help)
        self.in_pattern = word == "FILTER"
        self.primary(scope)
        self.in_pattern = False

    def _is_exists(self) -> bool:
        word = self.words[self.i]
        return word == "EXISTS" or (word == "NOT" and self.words[self.i + 1] == "EXISTS")

    def assigned(self, opening: int) -> str:
        """Move the cursor to the variable after AS, and return its name."""
        if self.word != "AS":
            if self.is_at(")") or self.kind == "end":
                content = self.source(opening + 1, self.i)
                if self.i == opening + 2 and self.kinds[opening + 1] == "variable":
                    help = f"write {content}, or ({content} AS ?name)"
                    raise self.mistake(f"{content} cannot be in brackets here", help, opening)
                name = "?n" if content.isascii() and "(" in content else "?value"
                help = f"write ({content} AS {name})"
                raise self.mistake(f"{content} has no name", help, opening + 1)
            raise self._between()
        self.i += 1
        if self.kind != "variable":
            shown = self.shown(bare=True).strip("\"'")
            raise self.mistake("there is no variable after AS", f"write AS ?{shown}")
        return self.words[self.i][1:]

    def _between(self) -> Mistake:
        word = self.shown(bare=True)
        if self.is_at(","):
            return self.mistake("there is a comma in an expression", "write IN (…, …) for a list")
        if other := mistakes()["others"].get(word.upper()):
            return self.mistake(f"SPARQL has no {word.upper()}", f"write {other}")
        if word.upper() in _WRITTEN:
            instead = _WRITTEN[word.upper()]
            return self.mistake(f"SPARQL has no {word.upper()} between terms", f"write {instead}")
        if self.kind == "end":
            return self.mistake("the query ends within an expression", 'add ")"')
        message = f"an operator is missing before {self.shown()}"
        return self.mistake(message, "write &&, ||, = or the like")

    def expression(self, scope: Scope) -> None:
        """Parse an expression, and record its comparisons and the operands of its arithmetic."""
        side = self.i
        operator, left = 0, (0, 0)
        is_operand = False
        while True:
            while self.kind == "punctuation" and self.words[self.i] in ("!", "+", "-"):
                self.i += 1
            start = self.i
            self.primary(scope)
            end = self.i
            if self.word == "IN" or (self.word == "NOT" and self.words[self.i + 1] == "IN"):
                self._in(scope, (side, self.i))
            symbol = self.words[self.i] if self.kind == "punctuation" else ""
            if is_operand or symbol in _ARITHMETIC:
                self.found.operands.append((start, end))
            is_operand = symbol in _ARITHMETIC
            if not is_operand:
                if operator:
                    self.found.comparisons.append((left, operator, (side, self.i)))
                operator, left = (self.i, (side, self.i)) if symbol in _COMPARING else (0, (0, 0))
                side = self.i + 1
            if symbol not in _BINARY:
                return
            following = self.words[self.i + 1]
            if symbol + following in _WRITTEN and self.kinds[self.i + 1] == "punctuation":
                wrong = symbol + following
                raise self.mistake(f"SPARQL has no {wrong}", f"write {_WRITTEN[wrong]}")
            self.i += 1

    def _in(self, scope: Scope, left: Span) -> None:
        operator = self.i
        self.i += 1 + (self.word == "NOT")
        if self.kind != "nil" and not self.is_at("("):
            raise self.mistake("IN has no list in brackets", "write IN (…, …)")
        listed = self.i
        self._arguments(scope)
        self.found.comparisons.append((left, operator, (listed, self.i)))

    def primary(self, scope: Scope) -> None:
        """Parse a variable, a term, a call or an expression in brackets."""
        kind = self.kind
        if kind == "variable":
            use = Use(self.words[self.i][1:], self.i)
            scope.uses.append(use)
            if self.selecting:
                self.selecting.plain.append(use)
            self.i += 1
        elif kind in ("iri", "name"):
            self.i += 1
            if self.is_at("(") or self.kind == "nil":
                name = self.i - 1
                arguments = self._arguments(scope)
                self.found.calls.append(Call(self.words[name], name, arguments))
        elif kind == "punctuation" and self.words[self.i] == "(":
            opening = self.enter()
            self.expression(scope)
            self._close(opening)
        elif kind == "word":
            self._keyword(scope)
        elif not self.literal():
            if kind == "end":
                raise self.mistake("the query ends within an expression", 'add a value and ")"')
            message = f"{self.shown()} is not a value in an expression"
            raise self.mistake(message, "write a variable, a name or a literal")

    def _close(self, opening: int) -> None:
        if not self.is_at(")"):
            is_open = self.kind == "end" or (self.kind == "punctuation" and not self.is_at(","))
            raise self.unclosed(opening) if is_open else self._between()
        self.leave(opening)

    def _keyword(self, scope: Scope) -> None:
        word, start = self.words[self.i], self.i
        if word in ("TRUE", "FALSE"):
            self.i += 1
            return
        if self._is_exists():
            self.i += 1 + (word == "NOT")
            outer = self.selecting, self.in_pattern
            self.selecting, self.in_pattern = None, False
            self.exists(scope)
            self.selecting, self.in_pattern = outer
            return
        if word in _AGGREGATES:
            self._aggregate(scope, word)
            return
        if word == "NOT":
            raise self.mistake("SPARQL has no NOT before a condition", "write ! (…)")
        if not self.words[start + 1].startswith("("):
            if word in _ARGUMENTS:
                raise self.mistake(f"{word} has no brackets", f"write {word}(…)")
            shown = self.shown(bare=True)
            message = f"{shown} is not a value in an expression"
            raise self.mistake(message, f'write ?{shown} or "{shown}"')
        if word not in _ARGUMENTS:
            raise self._no_function(word)
        self.i += 1
        arguments = self._arguments(scope)
        least, most = _ARGUMENTS[word]
        if not least <= len(arguments) <= most:
            wanted = f"{least} or {most}" if least < most else f"{least or 'no'}"
            given = f"{len(arguments) or 'no'} argument{'s' if len(arguments) != 1 else ''}"
            raise self.mistake(f"{word} has {given}", f"it takes {wanted}", start)
        if word == "BOUND" and self.kinds[arguments[0][0]] != "variable":
            raise self.mistake("BOUND takes a variable", "write BOUND(?x)", start)
        self.found.calls.append(Call(word, start, arguments))

    def _no_function(self, word: str) -> Mistake:
        if other := mistakes()["others"].get(word):
            return self.mistake(f"SPARQL has no function {word}", f"write {other}")
        near = nearest(word, [*_ARGUMENTS, *_AGGREGATES])
        help = "functions that SPARQL does not define have a prefix"
        help = f"did you mean {near[0]}?" if near else help
        return self.mistake(f"there is no function {self.shown(bare=True)}", help)

    def _arguments(self, scope: Scope) -> list[Span]:
        if self.kind == "nil":
            self.i += 1
            return []
        opening = self.enter()
        self.i += self.word == "DISTINCT"
        found = []
        while True:
            start = self.i
            self.expression(scope)
            found.append((start, self.i))
            if not self.is_at(","):
                break
            self.i += 1
        if self.kind in ("variable", "string", "number", "iri", "name"):
            message = f"a comma is missing before {self.shown()}"
            raise self.mistake(message, "write one between them")
        self._close(opening)
        return found

    def _aggregate(self, scope: Scope, word: str) -> None:
        start = self.i
        self.i += 1
        if not self.is_at("("):
            raise self.mistake(f"{word} has no value in brackets", f"write {word}(?x)", start)
        if self.in_pattern:
            self.found.misplaced.append(start)
        if self.selecting and self.selecting.aggregates is None:
            self.selecting.aggregates = start
        outer, self.selecting = self.selecting, None
        opening = self.enter()
        self.i += self.word == "DISTINCT"
        first = self.i
        if word == "COUNT" and self.is_at("*"):
            self.i += 1
        else:
            self.expression(scope)
        self.found.calls.append(Call(word, start, [(first, self.i)]))
        if word == "GROUP_CONCAT" and self.is_at(";"):
            if self.words[self.i + 1 : self.i + 3] != ["SEPARATOR", "="]:
                raise self.mistake("GROUP_CONCAT has no separator", 'write ; SEPARATOR=", "')
            self.i += 3
            if self.kind != "string":
                raise self.mistake("SEPARATOR is not a string", 'write SEPARATOR=", "')
            self.i += 1
        if self.is_at(","):
            help = 'write ; SEPARATOR=", "' if word == "GROUP_CONCAT" else "delete the comma"
            raise self.mistake(f"{word} takes one value", help)
        self._close(opening)
        self.selecting = outer
