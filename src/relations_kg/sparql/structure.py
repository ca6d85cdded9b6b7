"""The structure of a SPARQL query: its groups, triple patterns, expressions and variables.

Tokens are identified by their index in the list of the query's tokens without comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from relations_kg.sparql.lexer import Token, place

Span = tuple[int, int]

CLOSING = {"{": "}", "(": ")", "[": "]"}

# The kinds of groups whose variables are not bound outside of them.
_CLOSED = ("MINUS", "EXISTS")


@dataclass(eq=False, repr=False)
class Use:
    """A variable in an expression; `early` if it sees only earlier bindings, as in BIND."""

    name: str
    index: int
    early: bool = False


@dataclass(eq=False, repr=False)
class Scope:
    """A group of patterns with the variables that it binds and uses.

    `kind` is the keyword before the group: UNION for each alternative, "{" for a nested group
    without a keyword, TEMPLATE for a template. `bound` has the index of the token that first binds
    each variable.
    """

    kind: str
    start: int
    parent: Scope | None = None
    bound: dict[str, int] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    children: list[Scope] = field(default_factory=list)
    select: Select | None = None
    _visible: dict[str, int] | None = None

    def visible(self) -> dict[str, int]:
        """Return the variables of the group that are in scope in the enclosing group.

        The result is cached, so call this only when the whole query has been parsed.
        """
        if self._visible is None:
            self._visible = self.select.visible() if self.select else self._collected()
        return self._visible

    def _collected(self) -> dict[str, int]:
        found = dict(self.bound)
        for child in self.children:
            if child.kind not in _CLOSED:
                for name, index in child.visible().items():
                    found[name] = min(index, found.get(name, index))
        return found

    def sees(self) -> dict[str, int]:
        """Return the variables that an expression in the group can have a value for."""
        scope, found = self, self.visible()
        while scope.parent:
            # EXISTS and LATERAL pass the outer variables to the groups within.
            if scope.kind in ("EXISTS", "LATERAL") or (scope is self and scope.kind == "OPTIONAL"):
                return scope.parent.sees() | found
            scope = scope.parent
        return found

    def is_within(self, *kinds: str) -> bool:
        """Return whether the group, or a group around it, is of one of these kinds."""
        return self.kind in kinds or (self.parent is not None and self.parent.is_within(*kinds))

    def scopes(self) -> Iterator[Scope]:
        """Yield the group and all groups within it, also those of sub-selects."""
        yield self
        for child in self.children:
            yield from child.scopes()
        if self.select:
            yield from self.select.where.scopes()


@dataclass(eq=False, repr=False)
class Select:
    """A SELECT, its clauses and its group; `projected` is None for `*`.

    `named` are the variables after AS, also in GROUP BY, and `grouped` those of GROUP BY, or None
    if there is no GROUP BY. `plain` are the uses of variables outside of aggregates.
    """

    start: int
    where: Scope
    projected: dict[str, int] | None = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    plain: list[Use] = field(default_factory=list)
    grouped: dict[str, int] | None = None
    # The calls in GROUP BY without AS, whose values have no name.
    keys: list[Span] = field(default_factory=list)
    # The indices of the first aggregate, of HAVING, and of a variable that is projected twice.
    aggregates: int | None = None
    having: int | None = None
    repeated: int | None = None

    def visible(self) -> dict[str, int]:
        """Return the variables that the clause projects, except those that nothing binds."""
        bound = self.where.visible() | self.named
        if self.projected is None:
            return bound
        return {name: bound[name] for name in self.projected if name in bound}


@dataclass(eq=False, repr=False)
class Triple:
    """A triple pattern: the indices of its subject and object, and the span of its predicate."""

    scope: Scope
    subject: int
    predicate: Span
    object: int


@dataclass(eq=False, repr=False)
class Call:
    """A call of a function; its name is in upper case unless it is an IRI."""

    name: str
    index: int
    arguments: list[Span]


@dataclass(eq=False, repr=False)
class Query:
    """A query: its tokens, groups, expressions and clauses."""

    text: str
    tokens: list[Token]
    form: str = ""
    where: Scope | None = None
    select: Select | None = None
    template: Scope | None = None
    prefixes: list[Span] = field(default_factory=list)
    triples: list[Triple] = field(default_factory=list)
    # The left side, the index of the operator, and the right side of each comparison.
    comparisons: list[tuple[Span, int, Span]] = field(default_factory=list)
    operands: list[Span] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    values: list[tuple[Scope, list[str], list[list[int]]]] = field(default_factory=list)
    binds: list[tuple[Scope, int]] = field(default_factory=list)
    # The restrictions on the matches of a group: FILTER, VALUES and MINUS.
    conditions: list[tuple[Scope, Span]] = field(default_factory=list)
    graphs: list[int] = field(default_factory=list)
    blanks: list[tuple[Scope, int]] = field(default_factory=list)
    # Aggregates in FILTER or BIND, which SPARQL forbids. In a query with GROUP BY, the engine
    # accepts them and then finds no rows.
    misplaced: list[int] = field(default_factory=list)
    # The index of the token after the outermost group, where its solution modifiers begin.
    end: int = 0

    def has_values(self) -> bool:
        """Return whether it has a string, number, call, comparison, arithmetic, VALUES or DESC."""
        return bool(self.comparisons or self.operands or self.calls or self.values) or any(
            token.lastgroup in ("string", "number") or token[0].upper() == "DESC"
            for token in self.tokens
        )

    def misplacements(self) -> Iterator[tuple[int, str, str]]:
        """Yield the aggregates in FILTER or BIND, each with the mistake and a correction."""
        for index in self.misplaced:
            help = "write it in SELECT, and a condition on it in HAVING"
            yield index, f"{self.tokens[index][0].upper()} is used in a pattern", help

    def location(self, index: int) -> str:
        """Return the place of a token for a warning: `query:LINE:COLUMN`."""
        line, column = place(self.text, self.tokens[index].start())
        return f"query:{line}:{column}"

    def word(self, index: int) -> str:
        """Return the text of a token, or "" after the last one."""
        return self.tokens[index][0] if index < len(self.tokens) else ""

    def members(self, span: Span) -> list[int]:
        """Return the indices of the first tokens of the members of a list in brackets."""
        return [index for index in range(*span) if self.word(index - 1) in ("(", ",")]

    def compared(self) -> Iterator[tuple[Span, str, Span]]:
        """Yield each side of each comparison, with the operator and the other side."""
        for left, index, right in self.comparisons:
            operator = self.word(index).upper()
            yield left, operator, right
            yield right, operator, left

    def source(self, span: Span) -> str:
        """Return the text from the first token of a span to its last."""
        return self.text[self.tokens[span[0]].start() : self.tokens[span[1] - 1].end()]

    def dataset(self) -> str:
        """Return the text of the FROM clauses of the outermost query."""
        assert self.where
        start = self.where.start
        first = next((i for i in range(start) if self.tokens[i][0].upper() == "FROM"), start)
        last = start - (self.tokens[start - 1][0].upper() == "WHERE")
        return self.source((first, last)) if first < last else ""

    def closing(self, opening: int) -> int:
        """Return the index of the bracket that closes a bracket, or of the end of the query."""
        bracket, depth = self.word(opening)[0], 0
        for index in range(opening, len(self.tokens)):
            depth += (self.word(index) == bracket) - (self.word(index) == CLOSING[bracket])
            if not depth:
                return index
        return len(self.tokens)

    def scopes(self) -> Iterator[Scope]:
        """Yield all groups of the query."""
        if self.where:
            yield from self.where.scopes()

    def selects(self) -> Iterator[Select]:
        """Yield all SELECTs, the outermost first."""
        if self.select:
            yield self.select
        for scope in self.scopes():
            if scope.select:
                yield scope.select
