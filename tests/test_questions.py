"""Tests of all stored queries: one row for each thing, disputes, and agreement with each other."""

from collections import Counter, defaultdict
from os.path import join
from pathlib import Path

import pytest
from examples import FACTS, GOOD, added
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from test_queries import ASKED_OF, GIVEN, NAMES, asked
from trials import trials

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf.namespaces import CODE, ID, OWL, PREFIXES, RDF, RKG, SH, SOURCE, STATED
from relations_kg.rdf.terms import value

# The columns that identify a row, by query; for other queries, the first column does.
KEYS = {
    "agreements-on": ("agreement", "step"),
    "attendance": ("event", "participant", "role"),
    "causes": ("effect", "cause"),
    "compare-counterparts": ("counterpart", "party"),
    "containments": ("part", "whole"),
    "containments-on": ("part", "whole"),
    "counted": ("event", "passage"),
    "counterparts": ("counterpart", "party"),
    "days-between": ("event", "other"),
    "disagreements": ("claim", "rival"),
    "evidence": ("passage", "thing"),
    "frameworks": ("inner", "outer"),
    "gaps": ("thing", "property", "gap"),
    "identifiers": ("thing", "scheme", "notation", "fit"),
    "memberships": ("membership", "party", "of"),
    "meetings": ("event", "person", "other", "basis"),
    "names-in-languages": ("thing", "name", "tag", "kind"),
    "neighbours": ("place", "neighbour", "relation"),
    "one-sided-representation": ("mission", "receiver"),
    "parties-without-mission": ("party", "mission"),
    "party-profile": ("thing", "party", "topic"),
    "person-profile": ("thing", "person", "topic"),
    "phases": ("phase", "relationship"),
    "precedents": ("thing", "earlier"),
    "relations": ("relations", "party"),
    "relations-on": ("relations", "party"),
    "relations-without-embassy": ("relations", "party"),
    "rival-claims": ("claim", "other"),
    "shared-organizations": ("membership", "other_membership"),
    "statuses-on": ("standing", "party"),
    "trade-balances": ("flow", "party", "other"),
    "treaty-parties": ("agreement", "party"),
    "visit-counts": ("party", "basis"),
}


def containing(facts: list[Quad], place: Path) -> rk.Graph:
    """Return a graph with only these facts."""
    path = place / "facts.nt"
    triples = (fact.triple for fact in facts)
    path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return rk.load(only=[path])


def several() -> set[NamedNode]:
    """Return the object properties that no shape limits to one value."""
    quads = list(parse(path=join(folder("ontology"), "shapes.ttl"), format=RdfFormat.TURTLE))
    one = {q.subject for q in quads if value(q.predicate) == SH + "maxCount"}
    limited = {q.object for q in quads if value(q.predicate) == SH + "path" and q.subject in one}
    ontology = parse(path=join(folder("ontology"), "relations.ttl"), format=RdfFormat.TURTLE)
    return {
        quad.subject
        for quad in ontology
        if quad.object == NamedNode(OWL + "ObjectProperty") and quad.subject not in limited
    }  # type: ignore[return-value]


@pytest.fixture(scope="module")
def doubled(kg: rk.Graph, tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    """The bundled graph with a second value wherever the shapes allow one."""
    facts = list(kg.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED)))
    values: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.object, NamedNode) and value(fact.object).startswith(ID):
            values[fact.predicate].append(fact.object)
    free = several()
    for fact in list(facts):
        known = values[fact.predicate]
        if fact.predicate in free and fact.object in known:
            second = known[(known.index(fact.object) + 1) % len(known)]  # type: ignore[arg-type]
            facts.append(Quad(fact.subject, fact.predicate, second, fact.graph_name))
    return containing(facts, tmp_path_factory.mktemp("doubled"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_thing_has_one_row_and_a_column_has_lists_or_single_values(
    kg: rk.Graph, doubled: rk.Graph, name: str
) -> None:
    """This holds even if every property that may have several values does."""
    for graph in (kg, doubled):
        rows = graph.run(name, **GIVEN.get(name, {}))
        key = KEYS.get(name, (rows.columns[0],))
        counts = Counter(tuple(row[column] for column in key) for row in rows)

        assert [] == [row for row, count in counts.items() if count > 1]
        for column in rows.columns:
            assert len({isinstance(row[column], list) for row in rows if row[column]}) < 2


# The stored query that lists each kind of thing.
KINDS = {
    "Event": "timeline",
    "Mission": "mission-history",
    "Agreement": "agreements",
    "Instrument": "instruments",
    "OfficeTenure": "office-holders",
    "Visit": "visits",
    "Statement": "statements",
    "Accusation": "statements",
    "Voyage": "voyages",
    "BilateralRelations": "relations",
    "Negotiation": "negotiations",
    "Recognition": "recognitions",
    "PolicyCommitment": "policies",
    "Government": "governments",
    "Administration": "administrations",
    "NameUse": "names",
    "RepresentationLevel": "levels",
    "HistoricalStage": "stages",
    "MigrationFlow": "migrations",
    "Participation": "participations",
    "InvestmentObservation": "investments",
    "ArmedConflict": "conflicts",
    "Alliance": "alliances",
    "Occupation": "occupations",
    "Undertaking": "undertakings",
    "Ownership": "ownerships",
    "Presence": "presences",
    "LivingConditions": "living-conditions",
    "FacilityUse": "facilities",
    "Service": "services",
    "Sanction": "sanctions",
    "Dispute": "disputes",
    "Dependence": "dependences",
    "LegalCase": "legal-cases",
    "Request": "requests",
    "RelationsQuality": "assessments",
    "RelationsStatus": "statuses",
    "MonetaryObservation": "payments",
    "TradeFlow": "exchanges",
    "Cooperation": "exchanges",
    "TransportService": "transport-services",
    "CulturalInstitute": "exchanges",
    "OrganizationMembership": "memberships",
    "Prohibition": "prohibitions",
    "Ordinal": "ordinals",
    "CitedWork": "works",
    "Discrepancy": "discrepancies",
}


PLANNED = {
    *("ArmedConflict", "Event", "FacilityUse", "Occupation", "Ownership", "Presence", "Sanction"),
    *("Service", "TransportService", "Visit"),
}
PLANS = """SELECT ?s { ?s rkg:fulfilment ?became .
    FILTER (?became IN (code:alleged, code:foreseen, code:not-carried-out, code:pending)) }"""


def of_kinds(graph: rk.Graph) -> dict[str, set[str]]:
    """Return the things of each kind.

    Leaves out events and services that did not come about or are only alleged, and words that are
    only reported. A threat that was not carried out was still uttered, so it is included.
    """

    def asked(text: str) -> list[tuple[str, ...]]:
        rows = graph.query(text, timeout=None)
        assert isinstance(rows, rk.Rows)
        return [tuple(map(str, row)) for row in rows]

    plans = {row[0] for row in asked(PLANS)}
    reported = {row[0] for row in asked("SELECT ?s { ?s rkg:fulfilment code:alleged }")}
    left_out = dict.fromkeys(PLANNED, plans) | {"Statement": reported}
    things: dict[str, set[str]] = {kind: set() for kind in KINDS}
    names = " ".join(f"rkg:{kind}" for kind in KINDS)
    for kind, thing in asked(
        f"SELECT ?kind ?thing {{ VALUES ?kind {{ {names} }} ?thing a ?kind }}"
    ):
        things[kind.removeprefix(RKG)].add(thing)
    return {kind: found - left_out.get(kind, set()) for kind, found in things.items()}


@pytest.fixture(scope="module")
def listed(kg: rk.Graph) -> dict[str, set[str]]:
    """The things of each kind in the bundled graph, all of which the stored queries list."""
    things = of_kinds(kg)

    assert len(things["Event"]) > 40
    assert {} == unlisted(kg, {kind: set() for kind in KINDS})
    return things


def unlisted(graph: rk.Graph, listed: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the further things of each kind that the stored query for the kind leaves out."""
    missing = {}
    for kind, found in of_kinds(graph).items():
        if things := found - listed[kind]:
            missing[kind] = things - {str(row[0]) for row in graph.run(KINDS[kind])}
    return {kind: things for kind, things in missing.items() if things}


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_nothing_valid_is_invisible(
    changing: rk.Graph, listed: dict[str, set[str]], path: Path
) -> None:
    """The stored query for a kind lists every thing in a valid file."""
    with added(changing, path) as graph:
        assert {} == unlisted(graph, listed)


# What may be left out of a thing that passes `validate`, if the thing marks it as left open.
OPEN = {
    "Visit": ("visitor", "visitingParty", "hostParty"),
    "Embassy": ("sendingParty", "seat", "receivingParty"),
    "OfficeTenure": ("holder", "office"),
    "Treaty": ("signedAt",),
    "Statement": ("speaker",),
    "Voyage": ("vessel", "origin", "destination", "passengers"),
    "DiplomaticRelations": ("firstParty", "secondParty"),
    "Appointment": ("actor", "appointee"),
    "Signing": ("actor",),
}
PASSAGE = SOURCE + "china-peru/s010"
DATES = ("", "1971-11-02", "196X", "[1971-11-02..]", "1923~", "1971-11-02/..", "[..1870]")
THINGS = {
    "visitor": "id:xi-jinping",
    "visitingParty": "id:peoples-republic-of-china",
    "hostParty": "id:peru",
    "sendingParty": "id:peru",
    "seat": "id:lima",
    "receivingParty": "id:peoples-republic-of-china",
    "holder": "id:xi-jinping",
    "office": "id:president-of-china",
    "signedAt": "id:signing-of-the-treaty-signed-in-tianjin-1874",
    "speaker": "id:xi-jinping",
    "vessel": "id:peruvian-lola",
    "origin": "id:hong-kong",
    "destination": "id:peru",
    "passengers": "7",
    "firstParty": "id:peru",
    "secondParty": "id:japan",
    "actor": "id:peru",
    "appointee": "id:xi-jinping",
}


@st.composite
def left_open(draw: st.DrawFn) -> str:
    """Return a few facts about one thing, in Turtle, in which any role may be left open."""
    kind = draw(st.sampled_from(sorted(OPEN)))
    lines = [f'id:made-up a rkg:{kind} ; rdfs:label "Made up for a test"@en']
    for role in OPEN[kind]:
        given = draw(st.booleans())
        lines.append(f"rkg:{role} {THINGS[role]}" if given else f"rkg:leavesOpen rkg:{role}")
    if when := draw(st.sampled_from(DATES)):
        lines.append(f'rkg:when "{when}"^^edtf:EDTF')
    return " ;\n".join([*lines, "rkg:statedIn src:china-peru/s010 ."])


@pytest.mark.slow
@trials(15)
@given(left_open())
def test_nothing_that_leaves_its_roles_open_is_invisible(
    tmp_path_factory: pytest.TempPathFactory, listed: dict[str, set[str]], facts: str
) -> None:
    path = tmp_path_factory.mktemp("open") / "facts.ttl"
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    path.write_text(prefixes + facts.replace("src:china-peru/s010", f"<{PASSAGE}>"))
    graph = rk.load()
    assume(graph.validate(path).conforms)
    graph.add(path)

    assert {} == unlisted(graph, listed)


def test_relations_without_a_status_are_not_called_unofficial(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    pairs = [(RDF + "type", RKG + "BilateralRelations"), (RKG + "phaseOf", ID + "whole")]
    path.write_text("".join(f"<{ID}x> <{p}> <{o}> .\n" for p, o in pairs))

    assert ["relations"] == [row.kind for row in rk.load(only=[path]).run("phases")]


def test_a_timeline_has_the_events_of_missions_officials_instruments_and_regions(
    kg: rk.Graph,
) -> None:
    def events(**asked: str) -> set[str]:
        return {row.event.curie for row in kg.run("timeline", **asked)}  # type: ignore[union-attr]

    assert "id:opening-of-the-taipei-trade-office" in events(party="peru")
    assert "id:arrival-of-the-chinese-ambassador-in-peru" in events(
        party="qing-dynasty", counterpart="peru"
    )
    assert "id:renaming-of-the-far-east-trade-center" in events(party="republic-of-china")
    assert "id:signing-of-the-hong-kong-peru-agreement-of-2008" in events(party="peru")
    assert "id:visit-of-leung-chun-ying-2014" in events(party="peoples-republic-of-china")
    assert "id:establishment-of-peru-qing-relations" not in events(
        party="peoples-republic-of-china"
    )


def test_a_state_visit_is_a_high_level_visit(kg: rk.Graph) -> None:
    visits = [row.visit.curie for row in kg.run("visits", kind="HighLevelVisit")]  # type: ignore[union-attr]

    assert "id:state-visit-of-dina-boluarte-2024" in visits


# Questions that mean the same, and what their answers have in common: two lists for each pair.
PAIRS = {
    "mission-history, representation": (
        (
            "mission-history",
            {},
            ("mission", "sender", "to", "accredited", "at", "opened", "closed"),
        ),
        (
            "representation",
            {"party": "peru"},
            ("mission", "sender", "to", "accredited", "at", "opened", "closed"),
        ),
    ),
    "phases, relations": (
        ("phases", {"relationship": "china-peru-relations"}, ("phase",)),
        ("relations", {"party": "peru"}, ("relations",)),
    ),
    "counterparts, timeline: first": (
        ("counterparts", {"party": "peru", "counterpart": "qing-dynasty"}, ("counted",)),
        ("timeline", {"party": "peru", "counterpart": "qing-dynasty"}, ("event",)),
    ),
    "visit-counts, visits": (
        ("repeat-visitors", {"visitor": "xi-jinping"}, ("counted",)),
        ("visits", {"visitor": "xi-jinping"}, ("visit",)),
    ),
    "imprecise-dates, timeline": (
        ("imprecise-dates", {}, ("event", "when", "earliest", "latest")),
        ("timeline", {}, ("event", "when", "earliest", "latest")),
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_questions_that_mean_the_same_agree(china_peru: rk.Graph, pair: str) -> None:
    """The longer answer contains the shorter one, in the same order."""
    kg = china_peru

    def rows(name: str, asked: dict[str, str], columns: tuple[str, ...]) -> list[str]:
        cells = [[row[column] for column in columns] for row in kg.run(name, **asked)]
        if len(columns) == 1:
            return [str(x) for (c,) in cells for x in (sorted(c) if isinstance(c, list) else [c])]
        return list(map(str, cells))

    one, other = (rows(*asked) for asked in PAIRS[pair])
    if pair.startswith("phases"):
        one = [each for each in one if each in other]
    if "counted" in PAIRS[pair][0][2]:
        one, other = sorted(one), sorted(other)

    assert one
    assert one == [each for each in other if each in one]


def test_first_and_last_of_counterparts_are_those_of_the_timeline(kg: rk.Graph) -> None:
    for row in kg.run("counterparts", party="peru"):
        events = kg.run("timeline", party="peru", counterpart=row.counterpart)
        firsts = [e.earliest or e.latest for e in events if e.earliest or e.latest]
        lasts = [e.latest or e.earliest for e in events if e.earliest or e.latest]

        assert (min(firsts), max(lasts), len(events)) == (row.first, row.last, row.events)  # type: ignore[type-var]
    qing = kg.run("counterparts", party="peru", counterpart="qing-dynasty")[0]
    assert str(qing.last) >= "1883"


# The question about a day, the question without one, and names of columns that differ.
UNDATED = {
    "administrations-on": ("administrations", {}),
    "levels-on": ("levels", {}),
    "missions": ("mission-history", {"seat": "at"}),
    "names-on": ("names", {}),
    "office-holders-on": ("office-holders", {}),
    "recognitions-on": ("recognitions", {}),
    "relations-on": ("relations", {}),
}
DAYS = ("1875-01-01", "1883-06-01", "1946-01-01", "1971-11-02", "1985-01-01", "2024-07-01")


def shared(graph: rk.Graph, name: str, **asked: str) -> tuple[set[str], set[str]]:
    """Return the rows of a query for all DAYS and of its query without a day, by common columns."""
    undated, others = UNDATED[name]
    answers = [graph.run(name, on=day, all=True, **asked) for day in DAYS]
    whole = graph.run(undated, **asked)
    columns = [c for c in answers[0].columns if others.get(c, c) in whole.columns]
    about_days = {str([row[c] for c in columns]) for rows in answers for row in rows}
    return about_days, {str([row[others.get(c, c)] for c in columns]) for row in whole}


@pytest.mark.slow
@pytest.mark.parametrize("name", UNDATED)
def test_answers_about_days_have_the_rows_of_the_question_without_a_day(
    kg: rk.Graph, doubled: rk.Graph, name: str
) -> None:
    about_days, whole = shared(kg, name)

    assert whole
    assert about_days == whole
    # If something has two beginnings or ends, there may be no day on which it exists.
    about_days, whole = shared(doubled, name)
    assert about_days
    assert about_days <= whole


@pytest.mark.slow
@pytest.mark.parametrize("name", UNDATED)
def test_what_leaves_its_roles_open_is_in_the_answers_about_days(name: str, tmp_path: Path) -> None:
    kind = next(kind for kind, query in KINDS.items() if query == UNDATED[name][0])
    path = tmp_path / "open.nt"
    path.write_text(f"<{ID}open> <{RDF}type> <{RKG}{kind}> .\n")
    about_days, whole = shared(rk.load(only=[path]), name)

    assert len(whole) == 1
    assert about_days == whole


@pytest.mark.slow
def test_missions_and_representation_have_the_same_senders_and_receivers(
    china_peru: rk.Graph,
) -> None:
    """No mission in this document moved, so each has the same seat on all days."""
    kg = china_peru
    rows = list(kg.run("mission-history"))
    parties = {row.sender for row in rows} | {p for row in rows for p in row.accredited or ()}  # type: ignore[union-attr]
    columns = ("mission", "sender", "to", "accredited", "disputed")
    for party in parties:
        known = {
            str([r[c] for c in (*columns, "at")]) for r in kg.run("representation", party=party)
        }
        asked = ({"sender": party}, {"receiver": party})
        answers = [kg.run("missions", on=day, all=True, **each) for day in DAYS for each in asked]

        assert known
        assert known == {str([r[c] for c in (*columns, "seat")]) for rows in answers for r in rows}


def test_a_recognized_government_has_official_relations_on_the_same_days(
    china_peru: rk.Graph,
) -> None:
    """This is so in the document on China and Peru, not in general."""
    kg = china_peru
    days = (*DAYS, "1971-11-01", "1972-01-01", "2025-12-31", "2026-01-01")
    met = set()
    for row in kg.run("recognitions"):
        if str(row["as"]) != CODE + "state-government":
            continue
        for on in days:
            (recognized,) = kg.run("recognitions-on", named=row.recognition, on=on)
            relations = kg.run("relations-on", party=row.party, counterpart=row.entity, on=on)
            official = [r.certainty for r in relations if str(r.status) == CODE + "official"]

            assert official == [recognized.certainty] or not official
            assert official or recognized.certainty == "absent"
            met.add(recognized.certainty)
    assert met == {"absent", "certain", "last known"}


def test_frameworks_and_precedents_are_what_explain_proves(kg: rk.Graph) -> None:
    frameworks = list(kg.run("frameworks"))
    for row in frameworks:
        assert kg.explain(row.inner, "withinFrameworkOf", row.outer)
        assert not kg.explain(row.outer, "withinFrameworkOf", row.inner)
        for reached in row.reaches or ():  # type: ignore[union-attr]
            assert kg.explain(row.inner, "reachesBackTo", reached)
    assert any(row.reaches for row in frameworks)

    precedents = list(kg.run("precedents"))
    for row in precedents:
        assert kg.explain(row.thing, "follows", row.earlier)
    assert precedents


@pytest.mark.slow
def test_precedents_stand_in_their_known_order(kg: rk.Graph) -> None:
    before: dict[object, list[object]] = defaultdict(list)
    for row in kg.run("precedents"):
        before[row.thing].append(row.earlier)
    pairs = 0
    for earlier in before.values():
        for place, later in enumerate(earlier):
            assert not {*before.get(later, ())} & {*earlier[place:]}
            pairs += len({*before.get(later, ())} & {*earlier[:place]})
    assert pairs


def test_a_tenure_exists_on_its_own_date_and_on_those_that_attest_it(kg: rk.Graph) -> None:
    certain = 0
    for row in kg.run("office-holders"):
        own = [row.when] if row.when else []
        for date in [*own, *(row.began or ()), *(row.dates or ())]:  # type: ignore[misc]
            days = [day for day in str(date).split("/") if day]
            exact = all(len(day) == 10 for day in days)
            for day in days if exact else [f"{days[0][:4]}-07-01"]:
                (found,) = kg.run("office-holders-on", named=row.tenure, on=day)

                assert found.certainty in (("certain",) if exact else ("certain", "possible"))
                certain += exact
    assert certain


def test_phases_begin_with_the_qing_dynasty_and_three_visits_went_to_peru(
    china_peru: rk.Graph,
) -> None:
    phase = china_peru.run("phases")[0].phase

    assert "id:peru-qing-relations" == phase.curie  # type: ignore[union-attr]
    assert 3 == len(china_peru.run("visits", host="peru"))


# Answers about accounts, passages and names, which are not values that another account disputes.
UNMARKED = {
    "claims",
    "corroboration",
    "counted",
    "disagreements",
    "discrepancies",
    "evidence",
    "gaps",
    "identifiers",
    "names-in-languages",
    "passages-without-facts",
    "readings",
    "rival-claims",
}

# The column with the thing whose values a row gives, where it is not the first.
MARKED = {
    "compare-counterparts": "events",
    "estimates": "figure",
    "figure-totals": "each",
    "figures": "figure",
    "precedents": "earlier",
}


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(NAMES) - UNMARKED))
def test_a_disputed_value_is_marked_with_the_other_account(
    kg: rk.Graph, changing: rk.Graph, tmp_path: Path, name: str
) -> None:
    rows = asked(kg, name).run(name, **GIVEN.get(name, {}))
    column = MARKED.get(name, "counted" if "counted" in rows.columns else rows.columns[0])
    cell = rows[0][column]
    thing = cell[0] if isinstance(cell, list) else cell
    path = tmp_path / "facts.nt"
    path.write_text(
        f"<{ID}other-account> <{RDF}type> <{RKG}Claim> .\n"
        f"<{ID}other-account> <{RKG}claimSubject> <{thing}> .\n"
        f"<{ID}other-account> <{RKG}claimStatus> <{CODE}alternative> .\n"
    )
    files = [FACTS / "good" / ASKED_OF[name]] if name in ASKED_OF else []
    with added(changing, path, *files) as graph:
        marked = [row for row in graph.run(name, **GIVEN.get(name, {})) if row.disputed]

    assert any(ID + "other-account" in row.disputed for row in marked)  # type: ignore[operator]
