"""The traces of parties: the first and the last day on which each is known to have existed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from relations_kg.rdf.terms import Term

# The first or last trace of a party, with the thing known to have existed on that day.
Trace = tuple[str, Term] | None
Both = tuple[Trace, Trace]


class Traces(dict[Term, Both]):
    """The first and the last trace of each party.

    Those found earlier are read when they are needed: `known` returns those of a party, and
    `parties` returns all parties that have any.
    """

    def __init__(
        self,
        known: Callable[[Term], Both] = lambda _: (None, None),
        parties: Callable[[], Iterable[Term]] = lambda: (),
    ) -> None:
        super().__init__()
        self._known, self._parties = known, parties

    def __missing__(self, party: Term) -> Both:
        return self.setdefault(party, self._known(party))

    def copied(self) -> Traces:
        """Return a copy with all traces."""
        made = Traces()
        for party in {*self._parties(), *self}:
            made[party] = self[party]
        return made
