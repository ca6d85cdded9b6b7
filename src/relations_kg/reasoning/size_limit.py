"""The largest number of inferred facts, and the error above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.terms import Term, value

# Real data entails fewer triples than it states. A long chain or a hub of a transitive property
# entails quadratically many.
MOST_INFERRED = 1_000_000
MOST_INFERRED_PER_FACT = 10


def most_inferred(given: int) -> int:
    """Return the largest number of facts that may be inferred from `given` facts."""
    return MOST_INFERRED + MOST_INFERRED_PER_FACT * given


def exceeded(given: int, predicates: Iterable[Term]) -> InputError:
    """Return the error for too many facts inferred from `given` facts, naming a predicate."""
    name = shorten(value(Counter(predicates).most_common(1)[0][0]))
    return InputError(
        f"{given:,} facts entail more than {most_inferred(given):,} inferred triples, "
        f"most of them {name}",
        where="facts",
        help=f"at most {MOST_INFERRED:,} and {MOST_INFERRED_PER_FACT} for each fact are "
        f"inferred; look for long chains or hubs of {name}, and state fewer of its links",
    )
