"""The subjects of the stored queries, as questions."""

from __future__ import annotations

from collections.abc import Iterable

_OTHERS = "Further questions"
_SUBJECTS = {
    "How did two parties stand to each other?": (
        "relations relations-on phases stages levels levels-on statuses statuses-on assessments"
        " frameworks counterparts compare-counterparts relations-without-embassy"
    ),
    "Who recognised whom, and committed to what?": "recognitions recognitions-on policies",
    "Who was represented where?": (
        "missions mission-history mission-phases representation one-sided-representation seats"
        " facilities"
    ),
    "Who held which office?": (
        "office-holders office-holders-on postings people person-profile governments successions"
        " legal-statuses"
    ),
    "Who visited, met and spoke to whom?": (
        "visits visit-counts repeat-visitors meetings attendance participations statements"
        " announcements exchanges"
    ),
    "What was agreed?": (
        "agreements agreements-on treaty-parties days-to-force negotiations instruments terms"
        " undertakings alliances memberships shared-organizations votes"
    ),
    "Trade, money and numbers": (
        "trade-balances investments payments projects ownerships services figures figure-totals"
        " estimates counted"
    ),
    "Who moved where?": "migrations voyages voyage-totals prohibitions descent groups",
    "War, disputes and law": (
        "conflicts occupations disputes legal-cases sentences requests sanctions"
    ),
    "Places, names and who governed": (
        "administrations administrations-on containments containments-on dependences neighbours"
        " names names-on names-in-languages identifiers"
    ),
    "What happened when, and why?": (
        "timeline party-profile changes around situations-on acts causes precedents motives models"
        " ordinals recurrences days-between durations imprecise-dates"
    ),
    "What do the sources say, and where do they disagree?": (
        "evidence disagreements claims rival-claims discrepancies corroboration readings"
        " allegations absences works passages-without-facts"
    ),
}


def by_subject(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of stored queries by subject, names without a subject last.

    >>> by_subject(["own", "missions"])
    {'Who was represented where?': ['missions'], 'Further questions': ['own']}
    """
    left = dict.fromkeys(names)
    found: dict[str, list[str]] = {}
    for subject, listed in _SUBJECTS.items():
        members = [name for name in listed.split() if name in left]
        for name in members:
            del left[name]
        if members:
            found[subject] = members
    return {**found, _OTHERS: list(left)} if left else found
