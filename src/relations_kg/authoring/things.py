"""The things that values of forms name, and the keys of the rows that describe them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from relations_kg.authoring.value_texts import slug
from relations_kg.errors import InputError
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import ID, RKG, shorten
from relations_kg.rdf.terms import named, objects, value

# The parameter for a column of keys, which identify rows in place of row numbers.
ROW = "row"


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a row in a table, which identifies the thing that the row describes."""

    table: str
    row: str

    def iri(self, name: str) -> str:
        """Return the IRI of the thing that a parameter composes for this row.

        >>> Key("missions", "P1").iri("opening")
        'https://w3id.org/relations-kg/id/missions-p1-opening'
        """
        return f"{ID}{slug(self.table)}-{slug(self.row)}-{slug(name)}"

    def shares_table(self, iri: str) -> bool:
        """Return whether an IRI begins like those made from the keys of the same table."""
        return iri.startswith(f"{ID}{slug(self.table)}-")


def is_keyed(iri: str, names: Names) -> bool:
    """Return whether the IRI of a thing is made from the key of the row of a table that states it.

    >>> from relations_kg.reasoning import bundled_graph, materialization
    >>> names = Names(bundled_graph.store(materialization.make_again).whole)
    >>> is_keyed("https://w3id.org/relations-kg/id/embassy-of-peru-in-beijing", names)
    False
    """
    store = names.store
    passages = named(objects(store, NamedNode(iri), RKG + "statedIn"))
    rows = (value(row) for each in passages for row in objects(store, each, RKG + "row"))
    return any(f"-{slug(row)}-" in iri for row in rows)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a value names.

    `kind` describes a new thing in words, such as "a person". `type` is the required class, or the
    first of several; `form` is the form that describes things of the other classes.
    """

    iri: str
    label: str
    is_new: bool = False
    kind: str = ""
    type: str = ""
    form: str = ""

    def __str__(self) -> str:
        other = f" (for another kind of {self.form}, use the form {self.form} first)"
        return f"{shorten(self.iri)} ({self.label}), {self.kind}{other * bool(self.form)}"


class SimilarNames(InputError):
    """The error for a new name, `text`, that is similar to the names of `others`.

    The others are all new things or all known ones.
    """

    def __init__(self, text: str, others: Sequence[Thing], *, same_iri: bool = False) -> None:
        listed = ", ".join(repr(thing.label) for thing in others)
        which = "new" if all(thing.is_new for thing in others) else "known"
        another = "a longer name" if same_iri else f'"new: {text}"'
        super().__init__(
            f"{text!r} is nearly the same as the {which} {listed}",
            help=f"write the same name for the same thing, or {another} for another thing",
        )
        self.text, self.others = text, tuple(others)
