"""Claims: the accounts of a value that a source gives, and the facts that they dispute."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Store

from relations_kg.rdf.namespaces import CODE, RKG
from relations_kg.rdf.terms import Statement, Term, pairs, value

_PREFERRED = CODE + "preferred"


@dataclass(frozen=True)
class Claim:
    """A source's account of a value: the fact it asserts, and whether the source prefers it."""

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
        self._of: dict[tuple[Term, Term], list[Claim]] = defaultdict(list)
        # One query reads each property of all claims, since the store may be a remote server.
        subjects, properties, states = (
            dict(_pairs(store, name)) for name in ("claimSubject", "claimProperty", "claimStatus")
        )
        accounts = dict(_pairs(store, "claimedValue") + _pairs(store, "claimedObject"))
        known = {}
        for node in sorted(subjects.keys() & properties.keys() & accounts.keys(), key=value):
            fact = (subjects[node], properties[node], accounts[node])
            preferred = node in states and value(states[node]) == _PREFERRED
            known[node] = Claim(value(node), fact, preferred)
            self._of[fact[:2]].append(known[node])
        self._rivals: dict[Claim, set[Claim]] = defaultdict(set)
        for one, other in _pairs(store, "contradicts"):
            if one in known and other in known:
                self._rivals[known[one]].add(known[other])
                self._rivals[known[other]].add(known[one])

    def against(self, fact: Statement) -> list[Claim]:
        """Return the claims that dispute a fact, sorted by their IRIs.

        A claim disputes the fact if it contradicts a claim of the fact, or gives another value of
        the property; but two preferred values are both accepted. A value that no claim gives is not
        disputed if a claim for another value is preferred.
        """
        about = self._of.get(fact[:2], [])
        own = [claim for claim in about if claim.fact == fact]
        alternatives = [claim for claim in about if not claim.preferred]
        found = {rival for claim in own for rival in self._rivals.get(claim, ())}
        if own or len(alternatives) == len(about):
            found.update(alternatives if not own or own[0].preferred else about)
        return sorted((claim for claim in found if claim.fact != fact), key=lambda claim: claim.iri)


def _pairs(store: Store, name: str) -> list[tuple[Term, Term]]:
    return sorted(
        pairs(store, RKG + name),
        key=lambda pair: (value(pair[0]), str(pair[1])),
    )
