"""The part of the state of a closure that the graphs of a store lack, in a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from relations_kg.names.database import Database
from relations_kg.rdf.namespaces import ID, RKG, XSD
from relations_kg.rdf.terms import Statement, Term
from relations_kg.reasoning.traces import Trace, Traces

_TABLES = (
    "CREATE TABLE days (subject TEXT, predicate TEXT, day TEXT,"
    " PRIMARY KEY (subject, predicate, day)) WITHOUT ROWID",
    "CREATE INDEX by_day ON days (predicate, day)",
    "CREATE TABLE links (subject TEXT, predicate TEXT, object TEXT,"
    " PRIMARY KEY (subject, predicate, object)) WITHOUT ROWID",
    "CREATE TABLE traces (party TEXT PRIMARY KEY, first TEXT, of_first TEXT, last TEXT,"
    " of_last TEXT) WITHOUT ROWID",
    "CREATE TABLE counts (given INTEGER)",
    "INSERT INTO counts VALUES (0)",
)
# The namespaces of most terms, which the file abbreviates.
_ID, _RKG = f"<{ID}", f"<{RKG}"
_DATE = re.compile(rf'^"(\d+-\d\d-\d\d)"\^\^<{re.escape(XSD)}date>$')
_XSD_DATE = NamedNode(XSD + "date")


class Content(NamedTuple):
    """The content of a state or, unless `is_whole`, the part of it that may have changed.

    `given` is the number of given facts. `days` are bounds, each with whether rules derive it. Each
    item of `links` is a subject, a predicate and all objects that they link.
    """

    given: int
    days: Iterable[tuple[Statement, bool]]
    links: Iterable[tuple[Term, Term, Collection[Term]]]
    traces: Traces
    is_whole: bool = True


class StoredState:
    """The derived days of bounds, the links and the traces of parties of a closure, in SQLite.

    The graphs of a store have only the closest day of a bound, and do not distinguish the links of
    transitive predicates from the facts that they compose.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def make(cls, path: str) -> StoredState:
        """Make an empty state in a file, which replaces an existing one."""
        database = Database.make(path)
        with database.changing() as connection:
            for statement in _TABLES:
                connection.execute(statement)
        return cls(database)

    @classmethod
    def open(cls, path: str, *, writable: bool = False) -> StoredState | None:
        """Open the state in a file; return None if there is none or it cannot be used."""
        database = Database.open(path, writable=writable)
        return cls(database) if database else None

    @property
    def given(self) -> int:
        """The number of given facts."""
        ((number,),) = self._rows("SELECT given FROM counts")
        return int(number)

    def days(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the derived days of a bound of a thing."""
        asked = "SELECT day FROM days WHERE subject = ? AND predicate = ?"
        return [_term(day) for (day,) in self._rows(asked, subject, predicate)]

    def dated(self, predicate: Term, day: Term) -> list[Term]:
        """Return the things for which a day of a bound is derived."""
        asked = "SELECT subject FROM days WHERE predicate = ? AND day = ?"
        return [_term(subject) for (subject,) in self._rows(asked, predicate, day)]

    def bounds(self, subject: Term) -> list[tuple[Term, Term]]:
        """Return the bounds of a thing that are derived, each with a day."""
        asked = "SELECT predicate, day FROM days WHERE subject = ?"
        return [(_term(bound), _term(day)) for bound, day in self._rows(asked, subject)]

    def all_days(self, predicate: Term) -> list[tuple[Term, Term]]:
        """Return the things with a derived day of a bound, each with the day."""
        asked = "SELECT subject, day FROM days WHERE predicate = ?"
        return [(_term(subject), _term(day)) for subject, day in self._rows(asked, predicate)]

    def linked(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the objects to which a transitive predicate links a subject."""
        asked = "SELECT object FROM links WHERE subject = ? AND predicate = ?"
        return [_term(object_) for (object_,) in self._rows(asked, subject, predicate)]

    def with_links(self, predicate: Term) -> list[Term]:
        """Return the subjects that a transitive predicate links."""
        asked = "SELECT DISTINCT subject FROM links WHERE predicate = ?"
        return [_term(subject) for (subject,) in self._rows(asked, predicate)]

    def parties(self) -> list[Term]:
        """Return the parties with traces."""
        return [_term(party) for (party,) in self._rows("SELECT party FROM traces")]

    def traces_of(self, party: Term) -> tuple[Trace, Trace]:
        """Return the first and the last trace of a party."""
        asked = "SELECT first, of_first, last, of_last FROM traces WHERE party = ?"
        for first, of_first, last, of_last in self._rows(asked, party):
            return (
                (first, _term(of_first)) if first is not None else None,
                (last, _term(of_last)) if last is not None else None,
            )
        return None, None

    def keep(self, content: Content) -> None:
        """Write content into the file, and close it; raise OSError if it cannot be written."""
        with self._database.changing() as connection:
            run, many = connection.execute, connection.executemany
            run("UPDATE counts SET given = ?", (content.given,))
            for fact, is_derived in content.days:
                verb = "INSERT OR IGNORE INTO days VALUES (?, ?, ?)"
                if not is_derived:
                    verb = "DELETE FROM days WHERE subject = ? AND predicate = ? AND day = ?"
                run(verb, tuple(map(_text, fact)))
            for subject, predicate, objects in content.links:
                ends = _text(subject), _text(predicate)
                run("DELETE FROM links WHERE subject = ? AND predicate = ?", ends)
                many("INSERT INTO links VALUES (?, ?, ?)", [(*ends, _text(o)) for o in objects])
            for party, (first, last) in content.traces.items():
                run("DELETE FROM traces WHERE party = ?", (_text(party),))
                if first or last:
                    days = (*_columns(first), *_columns(last))
                    run("INSERT INTO traces VALUES (?, ?, ?, ?, ?)", (_text(party), *days))
        self._database.close()

    def _rows(self, query: str, *terms: Term) -> list[tuple[str, ...]]:
        return self._database.rows(query, *map(_text, terms))


def _columns(trace: Trace) -> tuple[str | None, str | None]:
    return (trace[0], _text(trace[1])) if trace else (None, None)


def _text(term: Term) -> str:
    """Return a term in N-Triples, or a shorter text for a frequent kind of term.

    >>> [_text(term) for term in (NamedNode(ID + "peru"), NamedNode(RKG + "when"))]
    ['i:peru', 'r:when']
    >>> _text(Literal("1971-11-02", datatype=_XSD_DATE))
    '1971-11-02'
    """
    text = str(term)
    if text.startswith(_ID):
        return f"i:{text[len(_ID) : -1]}"
    if text.startswith(_RKG):
        return f"r:{text[len(_RKG) : -1]}"
    return _DATE.sub(r"\1", text) if text.startswith('"') else text


def _term(text: str) -> Term:
    """Return the term that `_text` wrote.

    >>> terms = [NamedNode(ID + "a"), NamedNode("urn:a"), Literal("a", language="en")]
    >>> [_term(_text(term)) for term in terms] == terms
    True
    """
    start = text[:2]
    if start in ("i:", "r:"):
        return NamedNode((ID if start == "i:" else RKG) + text[2:])
    if start[0] == "<":
        return NamedNode(text[1:-1])
    if start == "_:":
        return BlankNode(text[2:])
    if start[0] != '"':
        return Literal(text, datatype=_XSD_DATE)
    (triple,) = parse(f"<urn:x> <urn:x> {text} .", RdfFormat.N_TRIPLES)
    found: Term = triple.object
    return found
