"""Tests of what is only promised, demanded, alleged or dated by its first event."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import codes, file_of, ids, stated
from test_queries import QUERIES, in_rdflib, texts, texts_in_rdflib

import relations_kg as rk
from relations_kg.answers.cells import Thing
from relations_kg.rdf.namespaces import PREFIXES, RKG

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

FACTS = """
    id:aldmark a rkg:State . id:borrin a rkg:State .
    id:demand a rkg:Request ; rkg:actor id:aldmark ; rkg:counterpart id:borrin .
    id:refusal a rkg:Answer ; rkg:answers id:demand ; rkg:answerKind code:refused .
    id:pledge a rkg:Undertaking ; rkg:undertakingParty id:borrin ; rkg:fulfilment code:broken ;
      rkg:undertakingKind code:delivery ; rkg:goods code:fuel ; rkg:about id:canal ;
      rkg:term "P12Y" ;
      rkg:conditionalOn id:truce ; rkg:exceptFor code:oil ; rkg:startedBy id:signing ;
      rkg:endedBy id:breach .
    id:plan a rkg:Undertaking ; rkg:undertakingParty id:borrin ;
      rkg:fulfilment code:not-carried-out .
    id:case a rkg:LegalCase ; rkg:actor id:borrin ; rkg:fulfilment code:pending .
    id:signing a rkg:Signing ; rkg:when "1931-05"^^edtf:EDTF .
    id:breach a rkg:Event ; rkg:when "1933"^^edtf:EDTF .
    id:order a rkg:Adoption ; rkg:when "[1940-06..1940-08]"^^edtf:EDTF .

    id:demanded-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:recipient id:aldmark ;
      rkg:amount 700 ; rkg:currency code:usd ; rkg:countedIn id:demand .
    id:pending-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:recipient id:aldmark ;
      rkg:amount 800 ; rkg:currency code:usd ; rkg:fulfilment code:pending .
    id:planned-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:amount 900 ;
      rkg:currency code:usd ; rkg:countedIn id:plan .
    id:paid-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:recipient id:aldmark ;
      rkg:amount 950 ; rkg:currency code:usd .
    id:promised-trains a rkg:Count ; rkg:countedIn id:pledge ; rkg:countKind code:troops ;
      rkg:amount 12 ; rkg:unit code:items .
    id:planned-trains a rkg:Count ; rkg:countedIn id:plan ; rkg:amount 13 ; rkg:unit code:items .
    id:accused-of-the-case a rkg:Count ; rkg:countedIn id:case ; rkg:amount 14 ;
      rkg:unit code:persons .
    id:planned-trade a rkg:TradeFlow ; rkg:exporter id:borrin ; rkg:fulfilment code:pending .

    id:alleged-training a rkg:Service ; rkg:serviceKind code:training ;
      rkg:beneficiary id:aldmark .
    id:suspected-custody a rkg:Service ; rkg:serviceKind code:custody .
    id:known-custody a rkg:Service ; rkg:serviceProvider id:borrin ; rkg:startedBy id:order .
    id:anonymous-custody a rkg:Service ; rkg:serviceKind code:custody .
    id:claim a rkg:Statement ; rkg:speaker id:aldmark ; rkg:saidSubject id:alleged-training ;
      rkg:saidProperty rkg:serviceProvider ; rkg:saidObject id:borrin .
    id:charge a rkg:Accusation ; rkg:actor id:aldmark ;
      rkg:about id:suspected-custody , id:known-custody .

    id:ban a rkg:Sanction ; rkg:sanctioningParty id:aldmark ;
      rkg:exceptFor code:arms , id:borrin ;
      rkg:startedBy id:signing .
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    return stated(FACTS, tmp_path_factory.mktemp("facts"))


def test_what_became_of_a_sum_is_the_same_in_payments_and_exchanges(graph: rk.Graph) -> None:
    payments = {row.payment: row.became for row in graph.run("payments")}
    exchanges = {row.exchange: row.became for row in graph.run("exchanges")}

    assert payments == exchanges
    (demanded, pending, paid) = (
        payments[Thing(iri)] for iri in ids("demanded-sum", "pending-sum") + ids("paid-sum")
    )
    assert (codes("refused"), codes("pending"), None) == (demanded, pending, paid)
    assert len(payments) == 3


def test_what_became_of_one_part_or_of_a_later_sum_did_not_become_of_the_sum(
    tmp_path: Path,
) -> None:
    graph = stated(
        """
        id:borrin a rkg:State .
        id:duty a rkg:Undertaking ; rkg:undertakingParty id:borrin ; rkg:fulfilment code:fulfilled .
        id:delivery a rkg:Undertaking ; rkg:undertakingParty id:borrin ;
          rkg:fulfilment code:failed .
        id:first-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:countedIn id:duty ;
          rkg:amount 300 ; rkg:currency code:usd .
        id:later-sum a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:countedIn id:duty ;
          rkg:amount 200 ; rkg:currency code:usd ; rkg:supersedes id:first-sum .
        id:sum-in-two-parts a rkg:MonetaryObservation ; rkg:giver id:borrin ;
          rkg:amount 100 ; rkg:currency code:usd ; rkg:countedIn id:duty , id:delivery .
        """,
        tmp_path,
    )
    expected = dict(
        zip(
            ids("first-sum", "later-sum", "sum-in-two-parts"),
            (None, codes("fulfilled"), None),
            strict=True,
        )
    )

    for query, thing in (("payments", "payment"), ("exchanges", "exchange"), ("figures", "figure")):
        found = {str(row[thing]): row.became for row in graph.run(query)}
        assert expected == found, query


def test_a_promised_amount_is_not_certain_and_a_planned_one_is_no_figure(graph: rk.Graph) -> None:
    figures = {row.figure: (row.certainty, row.became) for row in graph.run("figures")}
    expected = {
        "accused-of-the-case": ("certain", codes("pending")),
        "demanded-sum": ("certain", codes("refused")),
        "paid-sum": ("certain", None),
        "promised-trains": ("possible", codes("broken")),
    }

    assert {ids(name)[0]: cells for name, cells in expected.items()} == figures
    assert "promised-trains" not in repr(list(graph.run("figure-totals")))


def test_a_service_that_someone_is_only_said_to_have_given_is_not_listed(graph: rk.Graph) -> None:
    found = {row.service: row.when for row in graph.run("services")}

    assert {*ids("anonymous-custody", "known-custody")} == set(found)
    assert "[1940-06..1940-08]" == str(found[Thing(ids("known-custody")[0])])


def test_a_statement_is_reported_with_what_it_alleges(graph: rk.Graph) -> None:
    (row,) = graph.run("statements", speaker="aldmark", about="id:known-custody")
    (claim,) = (row for row in graph.run("statements") if row.objects)

    assert row.on == ids("known-custody", "suspected-custody")
    assert (ids("alleged-training"), [RKG + "serviceProvider"], ids("borrin")) == (
        claim.subjects,
        claim.properties,
        claim.objects,
    )


def test_an_undertaking_is_reported_with_its_object_term_condition_and_dates(
    graph: rk.Graph,
) -> None:
    (row,) = graph.run("undertakings", kind="delivery")

    assert [*codes("fuel"), *ids("canal")] == row.things
    assert (["P12Y"], ids("truce"), codes("oil")) == (row.term, row.conditions, row.exceptions)
    assert "1931-05/1933" == str(row.when)


def test_a_sanction_is_reported_with_its_exceptions_and_its_start(graph: rk.Graph) -> None:
    (row,) = graph.run("sanctions")

    assert ([*codes("arms"), *ids("borrin")], "1931-05/") == (row.exceptions, str(row.when))


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("payments", "exchanges", "figures", "services", "statements", "undertakings"),
        *("sanctions", "counterparts"),
    ],
)
def test_both_engines_agree_on_promises(graph: rk.Graph, name: str) -> None:
    sparql = QUERIES[name].text

    assert texts(graph, sparql) == texts_in_rdflib(in_rdflib(graph), sparql)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_declares_each_prefix_that_it_uses(name: str) -> None:
    body = re.sub(r'#.*|<[^>]*>|"[^"]*"', "", re.sub(r"(?m)^PREFIX.*$", "", QUERIES[name].text))

    used = {prefix for prefix in re.findall(r"(\w+):\w", body) if prefix in PREFIXES}
    assert used <= {*re.findall(r"(?m)^PREFIX (\w+):", QUERIES[name].text)}


@pytest.fixture
def findings(graph: rk.Graph, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return a function that validates facts and returns the help of each finding by its code."""

    def found(facts: str) -> dict[str, str]:
        report = graph.validate(file_of(facts, tmp_path))
        return {each.code: each.help or each.message for each in report.findings}

    return found


PACT = """
    id:pact a rkg:Treaty ; rdfs:label "Pact"@en ; rkg:signedAt id:pact-signed .
    id:pact-signed a rkg:Signing ; rdfs:label "Signing"@en ; rkg:when "1931"^^edtf:EDTF ;
      rkg:actor id:borrin
"""


def test_a_signing_with_one_known_signatory_leaves_the_others_open(
    findings: Callable[[str], dict[str, str]],
) -> None:
    assert "rkg:leavesOpen rkg:actor" in findings(f"{PACT} .")["signed-by-one"]
    answered = findings(f"{PACT} ; rkg:leavesOpen rkg:actor .")
    contradicted = findings(f"{PACT} , id:aldmark ; rkg:leavesOpen rkg:actor .")

    assert {"signed-by-one", "yet-given"}.isdisjoint(answered)
    assert "yet-given" in contradicted
    assert "yet-given" in findings(f"{PACT} ; rkg:leavesOpen rkg:when .")


def test_a_war_is_dated_by_the_event_that_starts_or_ends_it(
    findings: Callable[[str], dict[str, str]],
) -> None:
    war = (
        'id:war a rkg:ArmedConflict ; rdfs:label "War"@en ; rkg:conflictKind code:interstate-war ; '
    )

    assert "undated" in findings(war + "rkg:place id:borrin .")
    assert "undated" not in findings(war + "rkg:startedBy id:breach .")
    assert "undated" not in findings(war + "rkg:endedBy id:signing .")


@pytest.mark.parametrize(
    ("facts", "help"),
    [
        (
            "id:x a rkg:Organization ; rkg:bodyOf id:aldmark , id:borrin",
            "a rkg:OrganizationMembership for each of them",
        ),
        (
            "id:x a rkg:Recognition ; rkg:recognizingParty id:aldmark , id:borrin",
            "record the recognition by each further party separately",
        ),
        (
            "id:x a rkg:Embassy ; rkg:sendingParty id:aldmark , id:borrin",
            "record a joint mission as one mission for each sender",
        ),
        (
            "id:x a rkg:PolicyCommitment ; rkg:committedParty id:aldmark , id:borrin",
            "record the commitment of each further party separately",
        ),
    ],
)
def test_too_many_values_are_answered_with_what_to_record_instead(
    findings: Callable[[str], dict[str, str]], facts: str, help: str
) -> None:
    assert help in findings(f'{facts} ; rdfs:label "X"@en .')["max-count"]


def test_people_and_migrations_among_a_group_are_no_groups_and_are_listed_with_it(
    tmp_path: Path,
) -> None:
    graph = stated(
        """
        id:rebels a rkg:PopulationGroup .
        id:sailors a rkg:PopulationGroup ; rkg:among id:rebels .
        id:league a rkg:Movement ; rkg:among id:rebels .
        id:captain a rkg:Person ; rkg:among id:rebels .
        id:flight a rkg:MigrationFlow ; rkg:among id:rebels .
        """,
        tmp_path,
    )

    assert {*ids("league", "rebels", "sailors")} == {str(row.group) for row in graph.run("groups")}
    assert [ids("rebels")] == [row.groups for row in graph.run("people")]
    assert [ids("rebels")] == [row.groups for row in graph.run("migrations")]


def test_kinds_are_asked_for_any_number_of_steps_above(tmp_path: Path) -> None:
    graph = stated(
        """
        id:dowry-of-a-guild a skos:Concept ; skos:inScheme code:monetary-kind ;
          skos:broader id:dowry-in-kind .
        id:dowry-in-kind a skos:Concept ; skos:inScheme code:monetary-kind ;
          skos:broader code:grant .
        id:recall-by-letter a skos:Concept ; skos:inScheme code:posting-act-kind ;
          skos:broader id:recall-in-writing .
        id:recall-in-writing a skos:Concept ; skos:inScheme code:posting-act-kind ;
          skos:broader code:recall .
        id:sum a rkg:MonetaryObservation ; rkg:monetaryKind id:dowry-of-a-guild .
        id:letter a rkg:PostingAct ; rkg:postingActKind id:recall-by-letter .
        """,
        tmp_path,
    )

    assert ids("sum") == [row.payment for row in graph.run("payments", kind="grant")]
    assert ids("letter") == [row.event for row in graph.run("postings", kind="code:recall")]


PARTS = """
    id:borrin a rkg:State . id:crews a rkg:PopulationGroup . id:office a rkg:Organization .
    id:plan a rkg:Undertaking ; rkg:undertakingParty id:borrin ; rkg:fulfilment code:foreseen .
    id:pledge a rkg:Undertaking ; rkg:undertakingParty id:borrin ; rkg:fulfilment code:broken .
    id:package a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:fulfilment code:foreseen .
    id:paid-of-the-plan a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:amount 10 ;
      rkg:currency code:usd ; rkg:interval "P1Y" ; rkg:countedIn id:plan ;
      rkg:fulfilment code:carried-out .
    id:paid-of-the-pledge a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:amount 20 ;
      rkg:currency code:usd ; rkg:countedIn id:pledge ; rkg:fulfilment code:fulfilled .
    id:part-of-the-package a rkg:MonetaryObservation ; rkg:giver id:borrin ; rkg:amount 30 ;
      rkg:currency code:usd ; rkg:interval "P1Y" ; rkg:among id:package .
    id:planned-investment a rkg:InvestmentObservation ; rkg:investor id:borrin ;
      rkg:among id:package .
    id:alleged-plan a rkg:Undertaking ; rkg:fulfilment code:alleged .
    id:foreseen-sum a rkg:MonetaryObservation ; rkg:countedIn id:alleged-plan ;
      rkg:fulfilment code:foreseen .
    id:planned-staff a rkg:Count ; rkg:fulfilment code:foreseen ; rkg:countedIn id:office .
    id:planned-cooks a rkg:Count ; rkg:countKind code:cooks ; rkg:amount 4 ;
      rkg:unit code:persons ; rkg:countedIn id:office ; rkg:among id:planned-staff .

    id:planned-poll a rkg:Poll ; rkg:fulfilment code:foreseen .
    id:poll a rkg:Poll .
    id:planned-view a rkg:Share ; rkg:opinion code:favourable ; rkg:countedIn id:planned-poll .
    id:polled-view a rkg:Share ; rkg:opinion code:favourable ; rkg:countedIn id:poll ;
      rkg:shareOf id:crews ; rkg:assessedBy id:office .
    id:case a rkg:LegalCase .
    id:trial a rkg:Event ; rkg:duringEvent id:case ; rkg:charge code:murder .
    id:next-trial a rkg:Event ; rkg:duringEvent id:case ; rkg:charge code:theft ;
      rkg:fulfilment code:foreseen .
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    return stated(PARTS, tmp_path_factory.mktemp("parts"))


def test_what_became_of_a_part_is_what_the_source_says_of_it_or_else_of_the_whole(
    parts: rk.Graph,
) -> None:
    paid = dict(
        zip(
            ids("paid-of-the-plan", "paid-of-the-pledge"),
            (codes("carried-out"), codes("fulfilled")),
            strict=True,
        )
    )

    for query, thing in (("payments", "payment"), ("exchanges", "exchange"), ("figures", "figure")):
        assert paid == {str(row[thing]): row.became for row in parts.run(query)}, query
    assert {"certain"} == {row.certainty for row in parts.run("figures")}
    assert ids("paid-of-the-plan") == [row.thing for row in parts.run("recurrences")]
    assert [] == list(parts.run("investments"))
    assert [] == list(parts.run("figure-totals"))
    plans = {str(row.plan): row.ends for row in parts.run("plans")}
    assert not {*ids("paid-of-the-plan", "paid-of-the-pledge")} & {*plans}
    assert codes("foreseen") == plans[ids("part-of-the-package")[0]]
    assert {*ids("planned-view", "foreseen-sum")} <= {*plans}
    assert [] == list(parts.run("plans", became="carried-out"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("exchanges", "figure-totals", "figures", "investments", "legal-cases", "opinions"),
        *("payments", "plans", "recurrences"),
    ],
)
def test_both_engines_agree_on_parts(parts: rk.Graph, name: str) -> None:
    sparql = QUERIES[name].text

    assert texts(parts, sparql) == texts_in_rdflib(in_rdflib(parts), sparql)


def test_a_poll_that_was_only_planned_has_no_opinions_and_its_maker_holds_none(
    parts: rk.Graph,
) -> None:
    (view,) = parts.run("opinions")

    assert (ids("polled-view")[0], ids("crews")) == (str(view.view), view.holders)
    assert [] == list(parts.run("opinions", by="office"))
    assert 1 == len(list(parts.run("opinions", by="crews")))


def test_a_charge_of_a_trial_that_is_only_foreseen_is_no_charge_of_the_case(
    parts: rk.Graph,
) -> None:
    (case,) = parts.run("legal-cases")

    assert codes("murder") == case.charges
