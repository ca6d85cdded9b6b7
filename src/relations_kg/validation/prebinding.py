"""The restrictions of SHACL-SPARQL on constraints, which bind $this before the query runs."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Store

from relations_kg.errors import RelationsError
from relations_kg.sparql.lexer import tokens

_FORBIDDEN = {
    "MINUS": "use FILTER NOT EXISTS",
    "VALUES": "use FILTER (?x IN (…))",
    "SERVICE": "state the facts in the graph",
}
_UNSUPPORTED = ("PATH", "currentShape", "shapesGraph")


def check(name: str, select: str, body: str) -> None:
    """Raise RelationsError for a constraint that SHACL forbids or this project does not support.

    `select` is its SELECT with an IRI in place of $this, and `body` the original text after the
    first brace of its WHERE.
    """
    code = [(each.lastgroup, each[0]) for each in tokens(body) if each.lastgroup != "comment"]
    for place, (kind, text) in enumerate(code):
        if kind == "word":
            _check_word(name, text.upper(), [each for _, each in code[place + 1 : place + 3]])
        elif kind == "variable":
            _check_variable(name, text)
    try:
        Store().query(select)
    except (SyntaxError, ValueError) as error:
        help = "write $this only where an IRI is allowed"
        message = f"the constraint is not SPARQL: {error}"
        raise RelationsError(message, where=name, help=help) from None


def _check_word(name: str, word: str, following: Sequence[str]) -> None:
    if word in _FORBIDDEN:
        message = f"SHACL does not allow {word} in a constraint"
        raise RelationsError(message, where=name, help=_FORBIDDEN[word])
    if word == "SELECT":
        message = "a sub-select of a constraint would not see $this"
        raise RelationsError(message, where=name, help="write its patterns in the constraint")
    if word == "BOUND" and [*following] in (["(", "$this"], ["(", "?this"]):
        raise RelationsError("$this is always bound", where=name, help="leave out BOUND($this)")
    if word == "AS" and following and following[0][1:] in ("this", *_UNSUPPORTED):
        message = f"SHACL does not allow AS {following[0]} in a constraint"
        raise RelationsError(message, where=name, help="give the value another name")


def _check_variable(name: str, variable: str) -> None:
    if variable == "?this":
        raise RelationsError("?this is not replaced by the node", where=name, help="write $this")
    if variable[1:] in _UNSUPPORTED:
        message = f"{variable} is not supported in a constraint"
        raise RelationsError(message, where=name, help="name the property or the shape itself")
