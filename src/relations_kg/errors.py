"""The errors that users meet: where, what is wrong, what would be right."""


class RelationsError(Exception):
    """Tell where something is wrong, what it is and what would be right.

    `line` and `column` count from one; `help` is None where no remedy is known.

    >>> print(RelationsError("no such day", where="facts.ttl", line=3, help="June has 30 days"))
    facts.ttl:3: no such day; June has 30 days
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        line: int | None = None,
        column: int | None = None,
        help: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.line = line
        self.column = column
        self.help = help

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.where, self.line, self.column) if part)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}; {self.help}" if self.help else text


class InputError(RelationsError):
    """Tell of a file, text or value that cannot be read."""


class QueryError(RelationsError):
    """Tell of a query that cannot be run: its SPARQL, its name or its parameters."""


class QueryTimeout(QueryError):
    """Tell of a query that took longer than it may."""


class Refused(QueryError):
    """Tell of a query that asks for what is not allowed: an update, or a call to another host."""


class UnknownName(RelationsError):
    """Tell of a name that fits nothing in the graph, or more than one thing."""
