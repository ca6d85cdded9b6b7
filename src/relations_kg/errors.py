"""The errors for users, in the form `where: what is wrong; what would be right`."""


class RelationsError(Exception):
    """An error with its location and a remedy.

    `line` and `column` count from one; `help` is None if no remedy is known.

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
    """A file, text or value that cannot be read or used."""


def missing(error: ModuleNotFoundError, extra: str, where: str) -> InputError:
    """Return the error for a missing library, which an extra installs.

    >>> print(missing(ModuleNotFoundError(name="pandas"), "frames", "to_pandas"))
    to_pandas: this needs pandas, which is not installed; pip install 'relations-kg[frames]'
    """
    problem = f"this needs {error.name}, which is not installed"
    return InputError(problem, where=where, help=f"pip install 'relations-kg[{extra}]'")


class QueryError(RelationsError):
    """A query that cannot be run: its SPARQL, its name or its parameters are wrong."""


class QueryTimeout(QueryError):
    """A query that took longer than its timeout."""


class CutOff(QueryError):
    """An answer that ended after only a part of it had been written."""


class Refused(QueryError):
    """A query that is not allowed: an update, or a call to another host."""


class UnknownName(RelationsError):
    """A name that matches nothing in the graph, or more than one thing."""


class QueryWarning(UserWarning):
    """A warning about a query whose answer is a bool, which cannot have an attribute `warnings`."""
