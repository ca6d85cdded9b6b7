"""The subjects of the stored queries, as questions."""

from __future__ import annotations

from collections.abc import Iterable

from relations_kg.answers.queries import StoredQuery

# Other subjects come after these, in the order of the queries.
SUBJECTS = (
    "How did two parties relate to each other?",
    "Who recognised whom, and committed to what?",
    "Who was represented where?",
    "Who held which office?",
    "Who visited, met and spoke to whom?",
    "What was agreed?",
    "Trade, money and numbers",
    "Who moved where?",
    "War, disputes and law",
    "Places, names and who governed",
    "What happened when, and why?",
    "What do the sources say, and where do they disagree?",
)
_NONE = "Further questions"


def by_subject(queries: Iterable[StoredQuery]) -> dict[str, list[StoredQuery]]:
    """Return stored queries by subject; queries without a subject come last.

    >>> own = StoredQuery.parse("own", "#+ summary: All.\\nSELECT * WHERE { ?s ?p ?o }")
    >>> by_subject([own, own._replace(subject="What was agreed?")]).keys()
    dict_keys(['What was agreed?', 'Further questions'])
    """
    found: dict[str, list[StoredQuery]] = {subject: [] for subject in SUBJECTS}
    for query in sorted(queries, key=lambda query: not query.subject):
        found.setdefault(query.subject or _NONE, []).append(query)
    return {subject: members for subject, members in found.items() if members}
