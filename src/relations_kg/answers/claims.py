"""Claims: accounts of values in the sources, which may dispute facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode, Store

from relations_kg.rdf.namespaces import CODE, RKG
from relations_kg.rdf.terms import Statement, Term, objects, statements, value

_PREFERRED = CODE + "preferred"


@dataclass(frozen=True)
class Claim:
    """A source's account of a value: the claimed fact, and whether the graph asserts it."""

    iri: str
    fact: Statement
    preferred: bool


class Claims:
    """The claims of a store, which can be looked up by a fact that they dispute.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> fact = graph.names.statement("taipei-trade-office", "seat", "taiwan")
    >>> [value(claim.fact[2]) for claim in Claims(graph.store).against(fact)]
    ['https://w3id.org/relations-kg/id/taipei']
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # Claims are read when their subject is first asked for, since a large graph has many.
        self._about = cache(self._read_about)
        self._claim = cache(self._read)

    def against(self, fact: Statement) -> list[Claim]:
        """Return the claims that dispute a fact, sorted by their IRIs.

        A claim disputes the fact if it gives another value of the property. There are two
        exceptions: if the claims for both values are preferred, both are accepted; and if no claim
        gives the value of the fact, but a claim for another value is preferred, no claim disputes
        the fact. A claim that is linked by rkg:contradicts with a claim of the fact always
        disputes it.
        """
        every = self._about(fact[0])
        if not every:
            return []
        nodes = {node: claim for node, claim in every.items() if claim.fact[1] == fact[1]}
        about = list(nodes.values())
        own = [claim for claim in about if claim.fact == fact]
        alternatives = [claim for claim in about if not claim.preferred]
        found = {
            rival
            for node, claim in nodes.items()
            if claim.fact == fact
            for rival in self._rivals(node)
        }
        if own or len(alternatives) == len(about):
            found.update(alternatives if not own or own[0].preferred else about)
        return sorted((claim for claim in found if claim.fact != fact), key=lambda claim: claim.iri)

    def _read_about(self, subject: Term) -> dict[Term, Claim]:
        """Return the claims about a subject, by their nodes."""
        nodes = sorted(_subjects(self._store, "claimSubject", subject), key=value)
        read = {node: self._claim(node) for node in nodes}
        return {node: claim for node, claim in read.items() if claim}

    def _read(self, node: Term) -> Claim | None:
        """Return the claim at a node, or None if its subject, property or value is missing."""
        # The whole claim is read in one look-up, since the store may be a remote server.
        found = {
            predicate: object_
            for _, predicate, object_ in sorted(
                statements(self._store.quads_for_pattern(node, None, None)),  # type: ignore[arg-type]
                key=str,
            )
        }
        subject, property, account, text, status = (
            found.get(NamedNode(RKG + name))
            for name in (
                *("claimSubject", "claimProperty", "claimedObject", "claimedValue"),
                "claimStatus",
            )
        )
        account = account or text
        if subject is None or property is None or account is None:
            return None
        is_preferred = status is not None and value(status) == _PREFERRED
        return Claim(value(node), (subject, property, account), is_preferred)

    def _rivals(self, node: Term) -> Iterator[Claim]:
        """Yield the claims that contradict a claim, or that it contradicts."""
        found = _subjects(self._store, "contradicts", node)
        for other in (*found, *objects(self._store, node, RKG + "contradicts")):
            if rival := self._claim(other):
                yield rival


def _subjects(store: Store, name: str, object: Term) -> list[Term]:
    find = store.quads_for_pattern
    return [s for s, _, _ in statements(find(None, NamedNode(RKG + name), object))]
