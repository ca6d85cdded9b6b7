"""Mistakes in statements that are not facts, or that conflict with known things."""

from __future__ import annotations

import random
from collections.abc import Collection

from pyoxigraph import NamedNode
from rdflib import RDFS, SKOS, URIRef

from mutations.bases import (
    CITES,
    ID,
    LINKS,
    RKG,
    Base,
    Case,
    Edit,
    marked,
    mutator,
    pick,
    shuffled,
    value,
)
from mutations.vocabulary import LABEL, PREFIXES, TYPE, Vocabulary

COMMON = ["rkg", "id", "rdfs", "code", "edtf"]
DAYS = ["earliestStart", "latestStart", "earliestEnd", "latestEnd", "lastKnown"]
EVENTS = ["Visit", "Signing", "Ratification", "PresentationOfCredentials", "MissionOpening"]


@mutator("blank node")
def node_for_a_thing(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    kinds = {"place": "City", "seat": "City", "holder": "Person", "visitor": "Person"}
    links = [
        s
        for s in base.statements
        if s.quad.predicate.value.removeprefix(RKG) in kinds
        and isinstance(s.quad.object, NamedNode)
    ]
    if not links or not base.passage:
        return None
    s = pick(rng, links)
    kind = kinds[s.quad.predicate.value.removeprefix(RKG)]
    node = f'[ a rkg:{kind} ; rdfs:label "Not named"@en ; rkg:statedIn {base.passage} ]'
    return base.case(
        [Edit(*base.span(s.object), marked("[") + node[1:])],
        {"blank-node", *LINKS},
        (),
        "rkg",
        "rdfs",
    )


@mutator("blank node")
def label_for_an_iri(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    things = [
        t
        for t, links in base.incoming.items()
        if t.startswith(ID) and t not in vocabulary.things and len(base.blocks[t]) == 1
    ]
    if not things:
        return None
    thing = pick(rng, sorted(things))
    node = "_:" + thing.removeprefix(ID)
    edits = [base.replace(link.object, node) for link in base.incoming[thing]]
    return base.case([base.replace(base.blocks[thing][0], node), *edits], {"blank-node", *LINKS})


@mutator("vocabulary")
def statement_about_vocabulary(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    thing = base.short(pick(rng, sorted(t for t in base.types if t.startswith(ID))))
    block = pick(
        rng,
        [
            f"{marked('rkg:Embassy')} {marked('rdfs:subClassOf')} rkg:Mission .",
            f"{marked('rkg:StateVisit')} rdfs:label 'Visita de Estado'@es .",
            f"{thing} {marked('owl:sameAs')} id:peru .",
            f"{thing} {marked('rdfs:subClassOf')} rkg:State .",
            f"{thing} {marked('owl:differentFrom')} id:peru .",
            f"{thing} a {marked('owl:NamedIndividual')} .",
            f"{marked('rkg:TradeMission')} a {marked('rdfs:Class')} .",
            f"{marked('rkg:seat')} {marked('rdfs:range')} rkg:City .",
        ],
    )
    return base.case([base.add(block)], {"vocabulary"}, (), "rkg", "id", "rdfs", "owl")


@mutator("derived")
def day_by_hand(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    groups = [g for g in base.groups if g.predicate == RKG + "when"]
    if not groups:
        return None
    year = rng.randrange(1800, 2020)
    text = f' ;\n    {marked("rkg:" + pick(rng, DAYS))} "{year}-01-01"^^xsd:date'
    return base.case([base.append(pick(rng, groups), text)], {"derived"}, (), "rkg", "xsd")


@mutator("derived")
def inference_by_hand(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for group in shuffled(rng, [g for g in base.groups if g.predicate == TYPE]):
        types = base.types[group.subject]
        other = next((t for t in sorted(base.types) if RKG + "State" in base.types[t]), "")
        ways = []
        if vocabulary.is_a(types, RKG + "Mission"):
            ways += [f" , {marked('rkg:ClosedMission')}"]
        if vocabulary.is_a(types, RKG + "Agreement"):
            ways += [f" , {marked('rkg:RatifiedAgreement')}"]
            ways += [f" ;\n    {marked('rkg:signatory')} {base.short(other)}"]
        if vocabulary.is_a(types, RKG + "Person"):
            ways += [f" ;\n    {marked('rkg:hasEverServed')} {base.short(other)}"]
        if vocabulary.is_a(types, RKG + "State"):
            ways += [f" ;\n    {marked('rkg:hasEverHadRelationsWith')} id:peru"]
        if ways and other:
            return base.case([base.append(group, pick(rng, ways))], {"derived"}, (), "rkg", "id")
    return None


@mutator("foreign term")
def term_of_another_vocabulary(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    group = pick(rng, [g for g in base.groups if g.predicate == LABEL and g.preceding])
    text = base.spelled(group.statements[0].object)
    prefix, namespace, new = pick(
        rng,
        [
            ("vcard", "http://www.w3.org/2006/vcard/ns#", f"{marked('vcard:fn')} {text}"),
            ("dbp", "http://dbpedia.org/property/", f"{marked('dbp:name')} {text}"),
            ("dc", "http://purl.org/dc/elements/1.1/", f"{marked('dc:title')} {text}"),
            ("vcard", "http://www.w3.org/2006/vcard/ns#", f"a {marked('vcard:Kind')}"),
            ("dbo", "http://dbpedia.org/ontology/", f"a {marked('dbo:PoliticalEntity')}"),
        ],
    )
    if prefix in base.prefixes:
        return None
    return base.case(
        [
            Edit(base.start, base.start, f"@prefix {prefix}: <{namespace}> .\n"),
            base.append(group, f" ;\n    {new}"),
        ],
        {"foreign-term"},
    )


@mutator("duplicate")
def known_thing_again(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    known = vocabulary.known_of(*(RKG + k for k in ("State", "City", "Person", "Company", "Port")))
    thing = pick(rng, [t for t in known if t.startswith(ID)])
    label = vocabulary.label(thing)
    if rng.random() < 0.3:
        others = list(vocabulary.known.objects(URIRef(thing), SKOS.altLabel))
        label = str(pick(rng, others)) if others else label
    kind = sorted(vocabulary.things[thing])[0].removeprefix(RKG)
    local = thing.removeprefix(ID)
    small = kind.lower()
    new = pick(rng, [f"{local}-2", f"the-{local}", f"{small}-{local}", f"{local}-{small}"])
    if ID + new in vocabulary.things or not base.passage:
        return None
    block = (
        f"{marked(f'id:{new}')} a rkg:{kind} ;\n"
        f'    rdfs:label "{label}"@en ;\n    rkg:statedIn {base.passage} .'
    )
    return base.case([base.add(block)], {"duplicate"}, (), *COMMON)


@mutator("duplicate")
def event_twice(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for thing in shuffled(rng, sorted(base.types)):
        own = [s for s in base.statements if value(s.quad.subject) == thing]
        if not vocabulary.is_a(base.types[thing], *(RKG + k for k in EVENTS)):
            continue
        if len(base.blocks[thing]) > 1:
            continue
        lines = [f"{base.spelled(s.predicate)} {base.spelled(s.object)}" for s in own]
        new = base.short(thing + "-again")
        block = f"{marked(new)} " + " ;\n    ".join(lines) + " ."
        return base.case([base.add(block)], {"duplicate"})
    return None


def _against(base: Base, block: str, codes: Collection[str]) -> Case | None:
    if not base.passage:
        return None
    return base.case([base.add(block.replace("PASSAGE", base.passage))], codes, (), *COMMON)


@mutator("contradiction with what is known")
def second_head_of_state(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    years = [("president-of-peru", year) for year in (1999, 2005, 2013, 2016)]
    office, year = pick(rng, [*years, ("president-of-china", 2014)])
    name = pick(rng, ["Ana Belaunde", "Luis Quiroz", "Wei Zhonghan", "Zoila Paz"])
    local = name.lower().replace(" ", "-")
    dates = f'"{year - 1}/{year + 1}"^^edtf:EDTF'
    block = (
        f'id:{local} a rkg:Person ;\n    rdfs:label "{name}"@en ;\n    rkg:statedIn PASSAGE .\n\n'
        f"{marked(f'id:tenure-of-{local}')} a rkg:OfficeTenure ;\n"
        f'    rdfs:label "Tenure of {name}"@en ;\n    rkg:holder {marked(f"id:{local}")} ;\n'
        f"    rkg:office {marked(f'id:{office}')} ;\n    rkg:when {marked(dates)} ;\n"
        "    rkg:statedIn PASSAGE ."
    )
    return _against(base, block, {"two-holders"})


@mutator("contradiction with what is known")
def known_thing_of_another_kind(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    kinds = {
        "Person": "State",
        "State": "Person",
        "Embassy": "RepresentativeOffice",
        "Visit": "Instrument",
        "Treaty": "Situation",
        "ConsulateGeneral": "Embassy",
    }
    kind, new = pick(rng, kinds.items())
    thing = pick(rng, vocabulary.known_of(RKG + kind)).removeprefix(ID)
    block = f"id:{thing} a {marked(f'rkg:{new}')} ."
    return _against(base, block, {"disjoint-classes", "contradiction"})


@mutator("contradiction with what is known")
def closed_before_it_opened(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    mission, year = pick(rng, [("taipei-trade-office", 1994), ("taipei-office-in-lima", 1978)])
    end = f"closure-of-the-{mission}"
    year -= rng.randrange(1, 30)
    date = marked(f'"{year}"^^edtf:EDTF')
    block = (
        f"id:{mission} rkg:closedBy {marked(f'id:{end}')} .\n\n"
        f'id:{end} a rkg:MissionClosure ;\n    rdfs:label "Closure of the office, {year}"@en ;\n'
        f"    rkg:when {date} ;\n    rkg:statedIn PASSAGE ."
    )
    return _against(base, block, {"before-start"})


@mutator("contradiction with what is known")
def against_the_ontology(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    closure = "closure-of-the-embassy-of-peru-to-the-republic-of-china"
    one, path, two = pick(
        rng,
        [
            ("chinese-civil-war", "causedBy", closure),
            ("establishment-of-peru-prc-relations", "causedBy", "severance-of-peru-roc-relations"),
            ("lima", "neighbourOf", "lima"),
            ("beijing", "neighbourOf", "beijing"),
            ("taiwan", "neighbourOf", "taiwan"),
        ],
    )
    block = f"{marked(f'id:{one}')} {marked(f'rkg:{path}')} {marked(f'id:{two}')} ."
    return _against(base, block, {"contradiction", "before-its-cause"})


@mutator("contradiction with what is known")
def relations_twice(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    block = (
        f"{marked('id:ties-between-lima-and-beijing')} a rkg:DiplomaticRelations ;\n"
        '    rdfs:label "Ties between Lima and Beijing"@en ;\n'
        f"    rkg:firstParty {marked('id:peoples-republic-of-china')} ;\n"
        f"    rkg:secondParty {marked('id:peru')} ;\n"
        f'    rkg:when "19{rng.randrange(72, 99)}/.."^^edtf:EDTF ;\n    rkg:statedIn PASSAGE .'
    )
    return _against(base, block, {"at-once"})


@mutator("contradiction with what is known")
def passage_without_facts(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    empty = sorted(map(str, vocabulary.known.subjects(URIRef(RKG + "carriesNoFact"))))
    passage = pick(rng, empty).removeprefix(PREFIXES["src"]).removeprefix("china-peru/")
    groups = [g for g in base.groups if g.predicate == CITES and g.preceding]
    if "cp" in base.prefixes or not groups:
        return None
    return base.case(
        [
            Edit(base.start, base.start, f"@prefix cp: <{PREFIXES['src']}china-peru/> .\n"),
            base.append(pick(rng, groups), f" , {marked(f'cp:{passage}')}"),
        ],
        {"yet-cited"},
    )


@mutator("damage to what is known")
def second_value_of_known(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    ways = [
        (m, "seat", "id:tianjin")
        for m in ("embassy-of-china-in-lima", "embassy-of-peru-in-beijing", "taipei-trade-office")
    ]
    ways += [
        ("embassy-of-peru-in-beijing", "sendingParty", "id:japan"),
        ("embassy-of-china-in-lima", "sendingParty", "id:japan"),
        ("consulate-general-of-peru-in-shanghai", "receivingParty", "id:japan"),
        ("taipei-trade-office", "openedBy", "id:opening-of-the-embassy-of-china-in-lima"),
        ("tenure-of-dina-boluarte", "holder", "id:wang"),
        ("tenure-of-ollanta-humala", "office", "id:president-of-congress-of-peru"),
        ("opening-of-the-embassy-of-china-in-lima", "when", '"1973"^^edtf:EDTF'),
        ("visit-of-xi-jinping-2014", "when", '"2014-05"^^edtf:EDTF'),
        ("severance-of-peru-roc-relations", "when", '"1971-12"^^edtf:EDTF'),
        ("revolutionary-government-of-peru", "governmentOf", "id:japan"),
    ]
    thing, path, new = pick(rng, ways)
    return _against(base, f"id:{thing} rkg:{path} {marked(new)} .", {"max-count"})


@mutator("damage to what is known")
def second_label_of_known(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    thing = pick(rng, vocabulary.known_of(RKG + "Polity", RKG + "City", RKG + "Person"))
    label = pick(rng, list(vocabulary.known.objects(URIRef(thing), RDFS.label)))
    new = marked(f'"{label} (new)"@en')
    return _against(base, f"id:{thing.removeprefix(ID)} rdfs:label {new} .", {"unique-lang"})
