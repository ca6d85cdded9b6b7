"""The description of a thing: its labels, its facts by date, its passages and identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from relations_kg.answers import attributes
from relations_kg.answers.claims import Claim, Claims
from relations_kg.answers.fact_dates import WHEN, FactDates
from relations_kg.answers.passages import Passage, passages_of
from relations_kg.names.names import Names
from relations_kg.rdf import markup
from relations_kg.rdf.namespaces import (
    DATES,
    IDENTIFIER,
    IDENTIFIERS,
    INFERRED,
    RDF,
    RDFS,
    RKG,
    SKOS,
    VOCABULARY,
    shorten,
)
from relations_kg.rdf.terms import (
    Statement,
    Term,
    named,
    objects,
    printable,
    statements,
    value,
)
from relations_kg.reader.identifiers import HAS_IDENTIFIER, LARGEST, SEE_ALSO
from relations_kg.reasoning.readings import grounds

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_LABELS = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
# Superproperties of the roles of an event, which would only repeat the roles.
_ROLES = tuple(
    RKG + name for name in ("involves", "directlyInvolves", "hasEvent", "isEventOf", "pertainsTo")
)
_HEAD_OF, _OFFICE = NamedNode(RKG + "headOf"), NamedNode(RKG + "office")
# Labels, kinds and passages are shown separately from the facts.
_LEFT_OUT = (*_LABELS, *_ROLES, RDF + "type", RKG + "statedIn")


@dataclass(frozen=True)
class Account:
    """Another account of a value, in words, and the IRI of the claim that gives it."""

    text: str
    claim: str

    @classmethod
    def of(cls, claim: Claim, property: Term, names: Names) -> Account:
        """Return the account of a claim about a fact with this property, or about its date.

        For a claim about another property, such as the date, the text begins with that property.
        """
        _, predicate, account = claim.fact
        text = names.shown(account)
        if predicate != property:
            text = f"{names.label(value(predicate))} {text}"
        return cls(text, claim.iri)


@dataclass(frozen=True)
class Fact:
    """A fact in words: the labels of its terms.

    `day` is the sort key, and `when` the date as the source gives it, in EDTF; both are empty if
    the thing that `FactDates.dated` returns for the fact has no date. If passages imply the fact
    without stating it, `ground` is the reason for this reading, and otherwise empty. `statement` is
    the fact as an RDF triple. `disputed` has the other accounts of its value, and of its date if
    this is not the date of the described thing.
    """

    day: str
    when: str
    subject: str
    predicate: str
    object: str
    inferred: bool
    ground: str
    statement: Statement
    disputed: tuple[Account, ...] = ()

    @property
    def notes(self) -> list[str]:
        """The other accounts, and the ground of the fact or a note that it is inferred."""
        accounts = "; ".join(account.text for account in self.disputed)
        notes = [f"disputed: {accounts}"] if accounts else []
        if self.ground:
            return [*notes, f"reading: {self.ground}"]
        return [*notes, "inferred"] if self.inferred else notes


@dataclass(frozen=True, order=True)
class Identifier:
    """An identifier in another dataset, of a thing or, if `near`, of something similar to it."""

    scheme: str
    text: str
    link: str
    near: bool
    note: str


@dataclass(frozen=True, repr=False)
class Description:
    """Everything about a thing in the graph, in words; `str` formats it as text.

    `left_out` counts the facts that a limit keeps out of `facts`. `heads` has the facts that link
    tenures with the office of head of the thing, such as the ambassadors of an embassy.
    """

    iri: str
    label: str
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    identifiers: tuple[Identifier, ...] = ()
    point: str = ""
    left_out: int = 0
    heads: tuple[Fact, ...] = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.unknown("description", name, self)

    @classmethod
    def of(cls, graph: Knowledge, iri: str, most: int | None = None) -> Description:
        """Return the description of a thing in a graph, limited to `most` facts if given.

        Stated facts whose subject is the thing take precedence, then other facts by date.
        """
        node = NamedNode(iri)
        quads = [*graph.quad_store.quads_for_pattern(node, None, None)]
        around = [*quads, *graph.quad_store.quads_for_pattern(None, None, node)]
        # Dates are shown with the facts, and identifiers in their own section unless one is
        # described. The graph of an extension's shapes and prefixes is of no use here.
        apart = DATES, VOCABULARY, *(() if iri.startswith(IDENTIFIER) else (IDENTIFIERS,))
        read, claims = grounds(graph.quad_store), Claims(graph.quad_store)
        dates = FactDates(graph.quad_store)
        shown = [
            quad
            for quad in around
            if quad.predicate.value not in _LEFT_OUT and value(quad.graph_name) not in apart
        ]
        left_out = max(0, len(shown) - most) if most is not None else 0
        if left_out:
            # The facts are limited before they are put into words, which takes most of the time.
            shown = sorted(shown, key=lambda quad: _rank(quad, node, dates))[:most]
        facts = {_fact(graph, quad, node, read, claims, dates) for quad in shown}
        heads = {
            _fact(graph, quad, office, read, claims, dates)
            for office in named(q.subject for q in around if q.predicate == _HEAD_OF)
            for quad in graph.quad_store.quads_for_pattern(None, _OFFICE, office)
            if office != node
        }
        labels = sorted(
            printable(f'"{quad.object.value}"@{quad.object.language or ""}'.removesuffix("@"))
            for quad in quads
            if quad.predicate.value in _LABELS
            and value(quad.graph_name) != INFERRED
            and isinstance(quad.object, Literal)
        )
        kinds = sorted(
            graph.names.label(quad.object.value)
            for quad in quads
            if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode)
        )
        return cls(
            iri,
            graph.names.label(iri),
            tuple(labels),
            tuple(kinds),
            tuple(sorted(facts, key=_order)),
            tuple(passages_of(graph.quad_store, [iri])),
            tuple(identifiers_of(graph, iri)),
            point_of(graph, iri),
            left_out,
            tuple(sorted(heads, key=_order)),
        )

    def __str__(self) -> str:
        lines = [self.label, f"  {shorten(self.iri)}"]
        lines += [f"  called  {', '.join(self.labels)}"] if self.labels else []
        lines += [f"  a kind of  {', '.join(self.kinds)}"] if self.kinds else []
        lines += [f"  lies at  {self.point} (WGS 84)"] if self.point else []
        for title, facts in (("Facts", self.facts), ("Heads", self.heads)):
            lines += ["", title] if facts else []
            width = max((len(fact.when) for fact in facts), default=0)
            for fact in facts:
                mark = "".join(f"  ({note})" for note in fact.notes)
                words = f"{fact.subject} · {fact.predicate} · {fact.object}"
                lines.append(f"  {fact.when:<{width}}  {words}{mark}")
        lines += ["", "Passages"] if self.passages else []
        lines += [f"  {p.curie}  {p.cited_gist}" for p in self.passages]
        lines += ["", "Identifiers"] if self.identifiers else []
        widths = [max(map(len, column), default=0) for column in zip(*self._columns, strict=True)]
        for cells in self._columns:
            padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
            lines.append("  " + "  ".join(padded))
        return "".join(f"{line.rstrip()}\n" for line in lines)

    @property
    def _columns(self) -> list[tuple[str, str, str]]:
        return [
            (one.scheme, f"near {one.text}" if one.near else one.text, one.link)
            for one in self.identifiers
        ]

    def __repr__(self) -> str:
        counts = f"facts: {len(self.facts)}, passages: {len(self.passages)}"
        return f"<Description: {self.label}, {shorten(self.iri)}: {counts}>"

    def _repr_html_(self) -> str:
        head = [f"called {', '.join(self.labels)}"] if self.labels else []
        head += [f"a kind of {', '.join(self.kinds)}"] if self.kinds else []
        head += [f"lies at {self.point} (WGS 84)"] if self.point else []
        facts = [
            (fact.when, fact.subject, fact.predicate, fact.object, "; ".join(fact.notes))
            for fact in (*self.facts, *self.heads)
        ]
        return "".join(
            (
                markup.element("h3", self.label),
                *(markup.element("p", line) for line in (shorten(self.iri), *head)),
                markup.section("Facts", ("when", "subject", "property", "object", "notes"), facts),
                markup.section(
                    "Passages",
                    ("passage", "gist"),
                    [(p.curie, p.cited_gist) for p in self.passages],
                ),
                markup.section("Identifiers", ("scheme", "identifier", "link"), self._columns),
            )
        )


def _order(fact: Fact) -> tuple[object, ...]:
    words = (fact.subject, fact.predicate, fact.object)
    return (not fact.day, fact.day, fact.when, *words, fact.inferred, str(fact.statement))


def _rank(quad: Quad, node: NamedNode, dates: FactDates) -> tuple[object, ...]:
    """Return the key that sorts the facts about a thing before some are left out."""
    is_own = quad.subject == node and value(quad.graph_name) != INFERRED
    day = "" if is_own else dates.day(dates.dated(quad, node))
    return not is_own, not day, day, str(quad)


def _fact(
    graph: Knowledge,
    quad: Quad,
    node: NamedNode,
    read: Mapping[Statement, str],
    claims: Claims,
    dates: FactDates,
) -> Fact:
    dated = dates.dated(quad, node)
    (statement,) = statements([quad])
    inferred = value(quad.graph_name) == INFERRED
    disputed = claims.against(statement)
    if dated is not None and dated != node:
        disputed += [
            claim
            for date in statements(graph.quad_store.quads_for_pattern(dated, WHEN, None))  # type: ignore[arg-type]
            for claim in claims.against(date)
        ]
    return Fact(
        dates.day(dated),
        dates.when(dated),
        graph.names.shown(quad.subject),
        graph.names.label(quad.predicate.value),
        graph.names.shown(quad.object),
        inferred,
        printable(read.get(statement, "")) if inferred else "",
        statement,
        tuple(Account.of(claim, quad.predicate, graph.names) for claim in disputed),
    )


def identifiers_of(graph: Knowledge, thing: str) -> list[Identifier]:
    """Return the identifiers of a thing: exact ones before near ones, each sorted by scheme.

    >>> import relations_kg as rk
    >>> identifiers_of(rk.load(), "https://w3id.org/relations-kg/id/lima")[0].link
    'https://sws.geonames.org/3936456/'
    """
    found = (
        (node, predicate == SEE_ALSO)
        for predicate in (HAS_IDENTIFIER, SEE_ALSO)
        for node in named(objects(graph.quad_store, NamedNode(thing), predicate))
        if node.value.startswith(IDENTIFIER)
    )
    return sorted((_identifier(graph, *each) for each in found), key=lambda one: (one.near, one))


def _identifier(graph: Knowledge, node: NamedNode, near: bool) -> Identifier:
    scheme, text, link, note = (
        " ".join(sorted(map(value, objects(graph.quad_store, node, name))))
        for name in (SKOS + "inScheme", SKOS + "notation", SEE_ALSO, SKOS + "note")
    )
    label = graph.names.label(scheme)
    return Identifier(label, printable(text), printable(link), near, printable(note))


def point_of(graph: Knowledge, thing: str) -> str:
    """Return the latitude and longitude of a thing in degrees, or "" if they are not known."""
    found: list[str] = []
    for name in LARGEST:
        # A thing without a latitude has no longitude, so a remote store is asked once.
        if not (terms := objects(graph.quad_store, NamedNode(thing), name)):
            return ""
        found.append(printable(value(terms[0])))
    return ", ".join(found)
