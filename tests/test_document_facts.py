"""Tests that facts which could be left in prose are triples, each with its passage.

No query reads a label or a free text. Each row names the triple that states the fact: without this
triple, the answer differs.
"""

from typing import NamedTuple

import pytest
from documents import CHINA_PERU, graph_of
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import INFERRED, SOURCE
from relations_kg.rdf.terms import Statement


@pytest.fixture(scope="module")
def kg(china_peru: rk.Graph) -> rk.Graph:
    """The graph of the document that these tests are about."""
    return china_peru


class Case(NamedTuple):
    """A fact of the document.

    `pattern` binds `?answer`, and `?cited` to the thing that cites the passage. `answers` are all
    answers that it finds in the passage. Without the stated triple `fact`, it finds fewer.
    """

    name: str
    passage: str
    pattern: str
    answers: str
    fact: str


def reading(name: str, passage: str, subject: str, property: str, answer: str, slug: str) -> Case:
    """Return the case of a fact that a passage implies and a rkg:Reading describes."""
    pattern = f"id:{subject} rkg:{property} ?answer . ?cited rkg:readSubject id:{subject} ; "
    pattern += f"rkg:readProperty rkg:{property} ; rkg:readObject ?answer ; a rkg:Reading"
    fact = f"id:reading-that-{slug} rkg:readSubject id:{subject}"
    return Case(name, passage, pattern, f"id:{answer}", fact)


STATED_CASES = [
    Case(
        "Hong Kong is a part of the section on subnational relations",
        "s040",
        "?heading rkg:subsectionOf ?answer ; rkg:section ?name . ?passage rkg:section ?name . "
        "?cited a rkg:BilateralRelationship",
        "src:china-peru/s035",
        "src:china-peru/s039 rkg:subsectionOf src:china-peru/s035",
    ),
    Case(
        "the box gives a map",
        "s003",
        '?map rkg:fieldName "Map" ; rkg:fieldValue ?answer . ?cited a rkg:BilateralRelationship',
        '"China–Peru Locator.svg"',
        'src:china-peru/s004 rkg:fieldName "Map"',
    ),
    Case(
        "the export of labour marks the first stage",
        "s012",
        "?cited a rkg:HistoricalStage ; rkg:stageRank 1 ; rkg:markedBy ?answer",
        "code:labour-export",
        "id:stage-of-coolieism rkg:markedBy code:labour-export",
    ),
    Case(
        "Maoist ideology marks the second stage",
        "s012",
        "?cited a rkg:HistoricalStage ; rkg:stageRank 2 ; rkg:markedBy ?answer",
        "code:maoist-ideology",
        "id:stage-of-maoist-ideology-transfer rkg:markedBy code:maoist-ideology",
    ),
    Case(
        "trade, culture and language mark the third stage",
        "s012",
        "?cited a rkg:HistoricalStage ; rkg:stageRank 3 ; rkg:markedBy ?answer",
        "code:international-trade code:culture code:mandarin-language",
        "id:stage-of-trade-and-culture rkg:markedBy code:international-trade",
    ),
    Case(
        "Confucius Institutes are for culture and Mandarin",
        "s012",
        "?cited a rkg:CulturalInstitute ; rkg:aim ?answer",
        "code:culture code:mandarin-language",
        "id:confucius-institute rkg:aim code:mandarin-language",
    ),
    Case(
        "with what the relations were intertwined",
        "s014",
        "?cited a rkg:BilateralRelationship ; rkg:intertwinedWith ?answer",
        "code:social-imagery code:power-structures code:narratives",
        "id:china-peru-relations rkg:intertwinedWith code:narratives",
    ),
    Case(
        "how far back an account puts the establishment of relations",
        "s014",
        "?cited a rkg:Claim ; rkg:claimSubject id:establishment-of-peru-qing-relations ; "
        "rkg:claimProperty rkg:when ; rkg:claimedValue ?answer",
        '"[..1865]"^^edtf:EDTF',
        "id:claim-that-relations-began-more-than-160-years-ago rkg:claimProperty rkg:when",
    ),
    Case(
        "the Chinese ambassador came only in 1883",
        "s016",
        "?cited a rkg:Arrival ; rkg:timeliness ?answer",
        "code:late",
        "id:arrival-of-the-chinese-ambassador-in-peru rkg:timeliness code:late",
    ),
    Case(
        "in what period the relations matured",
        "s017",
        "?cited rkg:maturedDuring ?answer . ?answer a rkg:HistoricalPeriod",
        "id:hundred-years-of-weakness-and-poverty",
        "id:china-peru-relations rkg:maturedDuring id:hundred-years-of-weakness-and-poverty",
    ),
    Case(
        "Qing China was poor and weak",
        "s017",
        "?cited a rkg:HistoricalPeriod ; rkg:periodOf id:qing-dynasty ; rkg:markedBy ?answer",
        "code:weakness code:poverty",
        "id:hundred-years-of-weakness-and-poverty rkg:markedBy code:poverty",
    ),
    Case(
        "with which government Peru kept its relations",
        "s018",
        "?cited rkg:maintainedBy id:peru ; rkg:withGovernment ?answer",
        "id:kuomintang-government",
        "id:peru-roc-relations rkg:withGovernment id:kuomintang-government",
    ),
    Case(
        "the Kuomintang government was new",
        "s018",
        "?cited a rkg:Government ; rkg:follows ?answer . ?answer a rkg:Formation",
        "id:establishment-of-the-republic-of-china",
        "id:kuomintang-government rkg:follows id:establishment-of-the-republic-of-china",
    ),
    Case(
        "high-level visits were exchanged",
        "s019",
        "?cited a rkg:EventSeries ; rkg:seriesOf ?answer",
        "rkg:HighLevelVisit",
        "id:exchange-of-visits-in-the-1950s-and-1960s rkg:seriesOf rkg:HighLevelVisit",
    ),
    Case(
        "the embassy closed in 1971 closed because of the relations established then",
        "s022",
        "?cited rkg:sendingParty id:republic-of-china ; rkg:closedBy/rkg:causedBy ?answer",
        "id:establishment-of-peru-prc-relations",
        "id:closure-of-the-embassy-of-the-republic-of-china-in-lima rkg:causedBy "
        "id:establishment-of-peru-prc-relations",
    ),
    Case(
        "the Far East Trade Center was to promote trade",
        "s025",
        "?cited a rkg:RepresentativeOffice ; rkg:aim ?answer",
        "code:trade-promotion",
        "id:taipei-office-in-lima rkg:aim code:trade-promotion",
    ),
    Case(
        "the number of the order",
        "s026",
        "?cited a rkg:DomesticInstrument ; rkg:documentNumber ?answer",
        '"RE014"',
        'id:order-re014 rkg:documentNumber "RE014"',
    ),
    Case(
        "what kind of order it was",
        "s026",
        "?cited a rkg:DomesticInstrument ; rkg:instrumentKind ?answer",
        "code:supreme-executive-order",
        "id:order-re014 rkg:instrumentKind code:supreme-executive-order",
    ),
    Case(
        "the ratification was done officially",
        "s029",
        "?cited a rkg:Ratification ; rkg:formality ?answer",
        "code:officially",
        "id:ratification-of-the-china-peru-free-trade-agreement rkg:formality code:officially",
    ),
    Case(
        "governments ratified",
        "s029",
        "?cited a rkg:Ratification ; rkg:throughOrgan/rkg:governmentOf ?answer",
        "id:peru id:peoples-republic-of-china",
        "id:ratification-of-the-china-peru-free-trade-agreement rkg:throughOrgan "
        "id:government-of-peru",
    ),
    Case(
        "what Xi Jinping said of the port",
        "s033",
        "?cited a rkg:Statement ; rkg:speaker id:xi-jinping ; rkg:saidSubject ?answer ; "
        "rkg:saidProperty rkg:beginsAt ; rkg:saidObject id:port-of-chancay",
        "id:corridor-between-china-and-latin-america",
        "id:statement-of-xi-jinping-on-the-port-of-chancay rkg:saidProperty rkg:beginsAt",
    ),
    Case(
        "between what the corridor runs",
        "s033",
        "?cited a rkg:TransportCorridor ; rkg:connects ?answer",
        "id:peoples-republic-of-china id:latin-america",
        "id:corridor-between-china-and-latin-america rkg:connects id:latin-america",
    ),
    Case(
        "the corridor is by sea and land",
        "s033",
        "?cited a rkg:TransportCorridor ; rkg:transportMode ?answer",
        "code:maritime code:overland",
        "id:corridor-between-china-and-latin-america rkg:transportMode code:overland",
    ),
    Case(
        "at what level Peru is represented in the regions",
        "s036",
        "?cited rkg:accreditedTo id:hong-kong-sar ; rkg:representationScope ?answer",
        "code:local-level",
        "id:consulate-general-of-peru-in-hong-kong rkg:representationScope code:local-level",
    ),
    Case(
        "beside what Macau has an honorary consulate nevertheless",
        "s037",
        "?cited a rkg:HonoraryConsulate ; rkg:notwithstanding ?answer",
        "id:consulate-general-of-peru-in-hong-kong",
        "id:honorary-consulate-in-macau rkg:notwithstanding "
        "id:consulate-general-of-peru-in-hong-kong",
    ),
    Case(
        "who governs Hong Kong now",
        "s036",
        "?cited rkg:territory id:hong-kong ; rkg:administeredBy ?answer ; rkg:ongoing true",
        "id:peoples-republic-of-china",
        "id:administration-of-hong-kong-by-the-prc rkg:territory id:hong-kong",
    ),
    Case(
        "of what the consul was accused",
        "s043",
        "?cited a rkg:Accusation ; rkg:saidSubject id:cesar-a-del-rio ; "
        "rkg:saidProperty rkg:involvedIn ; rkg:saidObject ?answer",
        "id:coolie-trade",
        "id:accusation-of-cesar-a-del-rio rkg:saidObject id:coolie-trade",
    ),
    Case(
        "the trade was outlawed, not merely suspended",
        "s043",
        "?cited a rkg:Prohibition ; rkg:prohibitionKind ?answer",
        "code:outlawing",
        "id:outlawing-of-the-coolie-trade rkg:prohibitionKind code:outlawing",
    ),
    Case(
        "Hong Kong was British in the 1960s",
        "s044",
        "?cited rkg:administeredBy ?answer ; rkg:territory id:hong-kong ; "
        "rkg:attestedBy/rkg:when '196X'^^edtf:EDTF",
        "id:united-kingdom",
        "id:administration-of-hong-kong-by-the-united-kingdom rkg:attestedBy "
        "id:opening-of-the-honorary-consulates-in-british-hong-kong",
    ),
    Case(
        "which market the delegation was to study",
        "s045",
        "?cited a rkg:DelegationVisit ; rkg:aim code:market-study ; rkg:about ?answer",
        "id:mainland-china",
        "id:visit-of-a-peruvian-delegation-to-hong-kong-1970 rkg:aim code:market-study",
    ),
    Case(
        "to what the Commercial Office was the prelude",
        "s046",
        "?cited a rkg:MissionOpening ; rkg:preludeTo ?answer",
        "id:establishment-of-peru-prc-relations",
        "id:opening-of-the-commercial-office-in-beijing rkg:preludeTo "
        "id:establishment-of-peru-prc-relations",
    ),
    Case(
        "what the ceremony of 1997 marked",
        "s048",
        "?cited a rkg:Ceremony ; rkg:celebrates ?answer . ?answer rkg:transferredTerritory "
        "id:hong-kong . ?visit rkg:visitor id:alberto-pandolfi ; rkg:attends ?cited",
        "id:handover-of-hong-kong",
        "id:hong-kong-handover-ceremony rkg:celebrates id:handover-of-hong-kong",
    ),
    Case(
        "the authorities suspended the trade",
        "s055",
        "?cited a rkg:Prohibition ; rkg:prohibitionKind ?answer",
        "code:suspension",
        "id:suspension-of-the-coolie-trade rkg:prohibitionKind code:suspension",
    ),
    Case(
        "from where the second wave set out",
        "s056",
        "?cited a rkg:MigrationFlow ; rkg:exclusiveOrigin ?answer",
        "id:macau",
        "id:second-wave-of-chinese-immigration-to-peru rkg:exclusiveOrigin id:macau",
    ),
    Case(
        "where the Lola arrived",
        "s057",
        "?cited a rkg:Voyage ; rkg:reached ?answer",
        "id:peru",
        "id:voyage-of-the-peruvian-lola rkg:reached id:peru",
    ),
    Case(
        "why the trade was forbidden",
        "s058",
        "?cited a rkg:Prohibition ; rkg:causedBy ?why . ?why rkg:conditionsOf id:coolies ; "
        "rkg:conditionsIn ?answer",
        "id:peru id:cuba",
        "id:prohibition-of-the-coolie-trade-1873 rkg:causedBy id:conditions-of-coolies-on-arrival",
    ),
    Case(
        "the fair promotes trade",
        "s059",
        "?cited a rkg:EventSeries ; rkg:aim ?answer",
        "code:trade-promotion",
        "id:macao-international-trade-and-investment-fair rkg:aim code:trade-promotion",
    ),
    Case(
        "relations are maintained through offices that go on",
        "s062",
        "?cited rkg:ongoing true . ?relations rkg:maintainedThrough ?cited . "
        "?relations rkg:secondParty id:republic-of-china . ?cited rkg:seat ?answer",
        "id:lima id:taiwan",
        "id:peru-roc-unofficial-relations rkg:maintainedThrough id:taipei-trade-office",
    ),
    Case(
        "Lima is in Peru, Beijing in China",
        "s076",
        "?cited a rkg:Embassy ; rkg:seat ?city ; rkg:seatPolity ?answer . "
        "VALUES ?city { id:lima id:beijing }",
        "id:peru id:peoples-republic-of-china",
        "id:embassy-of-china-in-lima rkg:seatPolity id:peru",
    ),
    Case(
        "Guangzhou, Hong Kong and Shanghai are in China",
        "s078",
        "?cited a rkg:ConsulateGeneral ; rkg:seat ?answer ; "
        "rkg:seatPolity id:peoples-republic-of-china",
        "id:guangzhou id:hong-kong id:shanghai",
        "id:consulate-general-of-peru-in-guangzhou rkg:seatPolity id:peoples-republic-of-china",
    ),
    Case(
        "of what time a work treats",
        "s084",
        "?cited a rkg:CitedWork ; rkg:coversPeriod ?answer",
        '"1822/1933"^^edtf:EDTF',
        'id:work-of-basadre-grohmann rkg:coversPeriod "1822/1933"^^edtf:EDTF',
    ),
    Case(
        "of which ministry a work treats",
        "s085",
        "?cited a rkg:CitedWork ; rkg:about ?answer . ?answer rkg:bodyOf id:peru",
        "id:ministry-of-foreign-relations-of-peru",
        "id:work-of-clemente-pecho rkg:about id:ministry-of-foreign-relations-of-peru",
    ),
    Case(
        "a work treats of foreign policy",
        "s086",
        "?cited a rkg:CitedWork ; rkg:about ?answer",
        "code:foreign-policy id:peru",
        "id:work-of-garcia-corrochano rkg:about code:foreign-policy",
    ),
    Case(
        "a work treats of the Chinese in Peru",
        "s087",
        "?cited a rkg:CitedWork ; rkg:about ?answer . ?answer a rkg:PopulationGroup",
        "id:chinese-in-peruvian-society",
        "id:work-of-rodriguez-pastor rkg:about id:chinese-in-peruvian-society",
    ),
]
READ_CASES = [
    reading(
        "the honorary consulate is in Macau",
        "s037",
        "honorary-consulate-in-macau",
        "seat",
        "macau",
        "the-honorary-consulate-is-in-macau",
    ),
    reading(
        "the fishmeal company is Peru's",
        "s045",
        "public-fishmeal-and-fish-oil-marketing-company",
        "bodyOf",
        "peru",
        "the-fishmeal-company-is-perus",
    ),
    reading(
        "the British era of Hong Kong ended with the handover",
        "s048",
        "administration-of-hong-kong-by-the-united-kingdom",
        "endedBy",
        "handover-of-hong-kong",
        "the-british-era-of-hong-kong-ended-with-the-handover",
    ),
    reading(
        "Hong Kong was handed over at the ceremony",
        "s048",
        "handover-of-hong-kong",
        "duringEvent",
        "hong-kong-handover-ceremony",
        "hong-kong-was-handed-over-at-the-ceremony",
    ),
    reading(
        "the Lola left from Macau",
        "s057",
        "voyage-of-the-peruvian-lola",
        "origin",
        "macau",
        "the-lola-left-from-macau",
    ),
    reading(
        "the Lola was a Peruvian ship",
        "s057",
        "peruvian-lola",
        "flagState",
        "peru",
        "the-lola-was-peruvian",
    ),
    reading(
        "the Overseas Ministry was Portugal's",
        "s058",
        "overseas-ministry",
        "bodyOf",
        "portugal",
        "the-overseas-ministry-was-portugals",
    ),
    reading(
        "the embassy of the Republic of China was in Peru",
        "s022",
        "embassy-of-the-republic-of-china-in-lima",
        "seatPolity",
        "peru",
        "the-embassy-of-the-republic-of-china-was-in-peru",
    ),
    Case(
        "the parties of the agreement of 2008",
        "s049",
        "id:hong-kong-peru-agreement-of-2008 rkg:signatory ?answer ; rkg:signedAt ?signing . "
        "?cited rkg:readSubject ?signing ; rkg:readObject ?answer",
        "id:hong-kong-sar id:peru",
        "id:reading-that-hong-kong-signed-in-2008 rkg:readObject id:hong-kong-sar",
    ),
]
CASES = [*STATED_CASES, *READ_CASES]


def found(kg: rk.Graph, case: Case) -> set[str]:
    """Return what a case finds in its passage."""
    rows = kg.query(
        f"SELECT DISTINCT ?answer {{ BIND (<{SOURCE}china-peru/{case.passage}> AS ?passage) "
        f"{case.pattern} . ?cited rkg:statedIn ?passage }}",
        timeout=None,
    )
    assert isinstance(rows, rk.Rows)
    return {str(answer) for (answer,) in rows.terms}


def expected(kg: rk.Graph, case: Case) -> set[str]:
    """Return the answers of a case as terms."""
    values = case.answers.replace("src:china-peru/", "src:china-peru\\/")
    rows = kg.query(f"SELECT ?answer {{ VALUES ?answer {{ {values} }} }}", timeout=None)
    assert isinstance(rows, rk.Rows)
    return {str(answer) for (answer,) in rows.terms}


def statement(kg: rk.Graph, text: str) -> Statement:
    """Return the triple whose three terms a text has."""
    subject, property, object_ = text.replace("src:china-peru/", "src:china-peru\\/").split(" ", 2)
    rows = kg.query(
        f"SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ ({subject} {property} {object_}) }} }}",
        timeout=None,
    )
    assert isinstance(rows, rk.Rows)
    (triple,) = rows.terms
    return tuple(triple)  # type: ignore[return-value]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fact_is_asked_back_with_its_passage(kg: rk.Graph, case: Case) -> None:
    assert expected(kg, case) == found(kg, case)


def test_no_query_reads_a_label_or_a_free_text() -> None:
    free = ("label", "altLabel", "description", "purpose", "gist", "ground", "decision", "whenText")

    assert [] == [case.name for case in CASES if any(f":{name}" in case.pattern for name in free)]


@pytest.fixture(scope="module")
def own() -> rk.Graph:
    return graph_of(CHINA_PERU)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_its_triple_a_fact_is_not_found(own: rk.Graph, case: Case) -> None:
    fact = statement(own, case.fact)
    assert own.inference.is_stated(fact)
    own.inference.remove([fact])
    try:
        assert expected(own, case) > found(own, case)
    finally:
        own.inference.add([fact])
    assert expected(own, case) == found(own, case)


def test_what_is_read_is_inferred_and_never_stated(kg: rk.Graph) -> None:
    rows = kg.run("readings")

    assert len(rows) >= len(READ_CASES)
    for row in rows:
        triple = (NamedNode(row.subject), NamedNode(row.property), NamedNode(row.value))
        graphs = {
            quad.graph_name.value  # type: ignore[union-attr]
            for quad in kg.quad_store.quads_for_pattern(*triple)
        }

        assert {INFERRED} == graphs


def test_what_is_read_is_shown_as_a_reading_with_its_ground(kg: rk.Graph) -> None:
    for row in kg.run("readings"):
        (fact,) = [
            fact
            for fact in kg.show(str(row.subject)).facts
            if [str(term.value) for term in fact.statement[1:]] == [row.property, row.value]  # type: ignore[union-attr]
        ]

        assert fact.inferred
        assert str(row.ground) == fact.ground
        assert f"(reading: {row.ground})" in str(kg.show(str(row.subject)))
        assert str(row.ground) in str(kg.explain(row.subject, row.property, row.value))
        assert "reading" in {str(each.basis) for each in kg.run("evidence", thing=row.subject)}


def test_what_is_read_is_named_below_a_table(kg: rk.Graph) -> None:
    below = kg.evidence(kg.run("voyages", vessel="peruvian-lola"))  # type: ignore[arg-type]
    passages, _, read = below.partition("\nReadings\n")
    (reading,) = kg.run("readings", subject="voyage-of-the-peruvian-lola")

    assert passages.startswith("\nPassages\n")
    assert f"  {reading.reading.label}: {reading.ground}\n" == read
    assert "Readings" not in kg.evidence(kg.run("policies"))  # type: ignore[arg-type]


NOT_SAID = {
    "who named Peru's ambassador": "id:appointment-of-the-first-resident-ambassador-of-peru "
    "rkg:actor ?x",
    "an office of Peru in Taiwan since 1978": "?c rkg:claimSubject "
    'id:opening-of-the-taipei-trade-office ; rkg:claimedValue "1978"^^edtf:EDTF',
    "an establishment of relations of its own more than 160 years ago": "?e a "
    "rkg:EstablishmentOfRelations ; rkg:statedIn src:china-peru\\/s014",
    "a date of the civil wars or the invasion of the republic": "?war a rkg:ArmedConflict ; "
    "rkg:statedIn src:china-peru\\/s017 ; (rkg:when|rkg:earliestStart|rkg:latestEnd) ?x",
    "a fourth stage of the relationship": "?stage a rkg:HistoricalStage ; rkg:phaseOf "
    "id:china-peru-relations FILTER NOT EXISTS { ?stage rkg:stageRank ?rank }",
    "an office that maintains relations and does not go on": "?r rkg:ongoing true ; "
    "rkg:maintainedThrough ?x FILTER NOT EXISTS { ?x rkg:ongoing true }",
    "relations severed only in 1971, a trade outlawed before 1870": "?x ?p ?text FILTER (REGEX("
    'STR(?text), "severed only|outlawed before 1870"))',
}


@pytest.mark.parametrize("what", NOT_SAID)
def test_what_the_document_does_not_say_is_not_said(kg: rk.Graph, what: str) -> None:
    assert False is kg.query(f"ASK {{ {NOT_SAID[what]} }}")
