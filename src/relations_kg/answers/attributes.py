"""Errors for attributes that do not exist, with advice for each kind of object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from relations_kg.answers import guesses
from relations_kg.rdf.spelling import nearest

# The advice on how to get the first day of a date in EDTF, in a SPARQL text or from a stored query.
DAYS = (
    "select rkg:earliestStart, which is a day; for a stored query, pass since= or until= to run() "
    'if the query has them, or write kg.query("SELECT ?day { ?x rkg:earliestStart ?day }", '
    "x=row.visit) with your own column for visit"
)


def unknown(kind: str, name: str, owner: object, fallback: str = "") -> AttributeError:
    """Return the error for an attribute that an object of some kind does not have.

    >>> print(unknown("thing", "name", None))
    a thing has no 'name'; label is its name
    """
    known = guesses.table()["attributes"].get(kind, {}) if not name.startswith("_") else {}
    help = next((help for help, names in known.items() if name in names.split()), fallback)
    help = help.replace("DAYS", DAYS)
    article = "the module" if kind == "module" else f"a {kind}"
    # If `name` and `obj` are given, Python adds a suggestion of a similar attribute.
    return AttributeError(
        f"{article} has no {name!r}{f'; {help}' if help else ''}", name=name, obj=owner
    )


def of_graph(name: str, owner: object, queries: Callable[[], Mapping[str, str]]) -> AttributeError:
    """Return the error for a missing attribute of a graph.

    `queries` returns the names of the stored queries, each with other words that users ask with.
    """
    if name.startswith("_"):
        return unknown("graph", name, owner)
    slug, stored = name.replace("_", "-"), queries()
    if slug in stored:
        help = f'{slug} is a stored query; write run("{slug}", …)'
    elif near := nearest(slug, stored, 1):
        help = f'did you mean run("{near[0]}", …)?'
    else:
        other = f'show("{name}") describes a thing of this name, run("visits") runs a stored query'
        help = guesses.queries_meant(name, stored) or other
    return unknown("graph", name, owner, help)


def of_rows(name: str, columns: Collection[str]) -> AttributeError:
    """Return the error for a missing attribute of rows with these columns.

    >>> print(of_rows("head", ["visit", "who"]))
    rows have no head; to_pandas() and to_polars() copy them into a frame
    >>> print(of_rows("visitor", ["visit", "who"]))
    rows have no visitor; their columns are visit, who: write [row.visit for row in rows]
    """
    if name in columns:
        help = f"write [row.{name} for row in rows]"
    elif name.startswith(("to_", "save", "write")):
        help = 'write the text of serialize("csv"), or to_pandas(), to_polars(), to_arrow()'
    elif name in guesses.table()["frames"].split() or not columns:
        help = "to_pandas() and to_polars() copy them into a frame"
    else:
        first = next(iter(columns))
        listed = ", ".join(columns)
        help = f"their columns are {listed}: write [row.{first} for row in rows]"
    return AttributeError(f"rows have no {name}; {help}")


def of_row(name: str, columns: Collection[str]) -> AttributeError:
    """Return the error for a missing attribute of a row with these columns.

    >>> print(of_row("label", ["visit", "who"]))
    no column 'label'; the columns are visit, who; the label of a thing is row.visit.label
    """
    help = f"the columns are {', '.join(columns)}"
    if name in ("label", "curie") and columns:
        help += f"; the {name} of a thing is row.{next(iter(columns))}.{name}"
    return AttributeError(f"no column {name!r}; {help}")
