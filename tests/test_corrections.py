"""Tests of corrections: the terms that are suggested, and how they are written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID, PREFIXES, RKG, XSD
from relations_kg.rdf.terms import value
from relations_kg.validation.findings import Finding
from relations_kg.validation.notation import spelled, written

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
STATED = "rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s009> ."
REST = f' ; rdfs:label "New"@en ; {STATED}'
Check = Callable[[str], list[Finding]]


@pytest.fixture
def check(kg: rk.Graph, tmp_path: Path) -> Check:
    """Return a function that writes a text to a file and returns the findings on it."""

    def check(text: str) -> list[Finding]:
        file = tmp_path / "f.ttl"
        file.write_text(HEAD + text, encoding="utf-8")
        return list(kg.validate(file).findings)

    return check


def repair(findings: list[Finding]) -> tuple[str | None, str | None]:
    """Return the help and the fix of the one finding."""
    (finding,) = findings
    return finding.help, finding.fix.text if finding.fix else None


def asked(*names: str) -> str:
    quoted = " or ".join(f'"{name}"' for name in names)
    return f"did you mean {quoted}?"


# Misspelt terms


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("rkg:Citty", "rkg:City"),
        ("rkg:Ctiy", "rkg:City"),
        ("rkg:city", "rkg:City"),
        ("rkg:Prot", "rkg:Port"),
    ],
)
def test_a_misspelt_class_is_taken_for_the_one_near_it(
    check: Check, wrong: str, right: str
) -> None:
    assert (asked(right), right) == repair(check(f"id:new a {wrong}{REST}"))


@pytest.mark.parametrize(
    ("wrong", "right", "object_"),
    [
        ("rkg:inRegoin", "rkg:inRegion", "id:latin-america"),
        ("rkg:inregion", "rkg:inRegion", "id:latin-america"),
        ("rkg:vagueQuantty", "rkg:vagueQuantity", '"many"'),
        ("rkg:decription", "rkg:description", '"A city."@en'),
        ("rkg:abuot", "rkg:about", "id:peru"),
    ],
)
def test_a_misspelt_property_is_taken_for_the_one_near_it(
    check: Check, wrong: str, right: str, object_: str
) -> None:
    assert (asked(right), right) == repair(check(f"id:new a rkg:City ; {wrong} {object_}{REST}"))


def test_a_class_in_a_wrong_namespace_is_taken_for_ours(check: Check) -> None:
    findings = check(f"id:new a id:City{REST}")

    assert {(asked("rkg:City"), "rkg:City")} == {repair([finding]) for finding in findings}


@pytest.mark.parametrize(
    ("facts", "right"),
    [
        ("rkg:Visit ; rkg:host id:peru", "rkg:hostParty"),
        ("rkg:Visit ; code:host id:peru", "rkg:hostParty"),
        ("rkg:Visit ; id:host id:peru", "rkg:hostParty"),
        ("code:embassy", "rkg:Embassy"),
    ],
)
def test_a_code_or_a_thing_is_never_taken_for_a_property_or_a_class(
    check: Check, facts: str, right: str
) -> None:
    found = check(f"id:new a {facts}{REST}")

    (term,) = [each for each in found if each.code in ("unknown-term", "foreign-term")]
    assert (asked(right), right) == repair([term])


def test_a_misspelt_property_of_another_vocabulary_is_written_right(check: Check) -> None:
    findings = check(f'id:new a rkg:City ; rdfs:label "New"@en ; rdfs:coment "x"@en ; {STATED}')

    assert ("write rdfs:comment", "rdfs:comment") == repair(findings)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("rkg:inRegion id:latin-amercia", "class"),
        ("rkg:inRegion id:latin_america", "class"),
        ("rkg:inRegion id:Latin-America", "class"),
        ("rkg:inRegion rkg:latin-america", "class"),
        ("rkg:about id:latin-amerca", "dangling-link"),
    ],
)
def test_a_misspelt_thing_is_taken_for_the_one_near_it(
    check: Check, statement: str, code: str
) -> None:
    findings = check(f"id:new a rkg:City ; {statement}{REST}")

    assert [code] == [finding.code for finding in findings]
    assert (asked("id:latin-america"), "id:latin-america") == repair(findings)


def test_a_misspelt_thing_of_the_same_file_is_found(check: Check) -> None:
    findings = check(
        f"id:new-market-hall a rkg:City{REST}\n"
        'id:other a rkg:State ; rkg:governmentSeat id:new-marked-hal ; rdfs:label "Other"@en ; '
        + STATED
    )

    assert (asked("id:new-market-hall"), "id:new-market-hall") == repair(findings)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("code:head-of-stat", "code:head-of-state"),
        ("code:headofstate", "code:head-of-state"),
        ("code:Head_Of_State", "code:head-of-state"),
        ("code:headOfState", "code:head-of-state"),
        ("id:head-of-state", "code:head-of-state"),
    ],
)
def test_a_misspelt_code_is_taken_for_the_one_near_it(check: Check, wrong: str, right: str) -> None:
    findings = check(f"id:new a rkg:Office ; rkg:officeOf id:peru ; rkg:officeKind {wrong}{REST}")

    assert ["code-list"] == [finding.code for finding in findings]
    assert (asked(right), right) == repair(findings)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("rkg:Embassy ; rkg:missionKind code:gardener", "use one of apostolic-delegation, "),
        # For a long list, the message names the command that prints it.
        (
            "rkg:Office ; rkg:officeOf id:peru ; rkg:officeKind code:gardener",
            "find one with: relations-kg show code:office-kind",
        ),
    ],
)
def test_a_code_that_nothing_is_near_is_answered_with_its_list(
    check: Check, facts: str, words: str
) -> None:
    findings = check(f"id:new a {facts}{REST}")
    help, fix = repair([finding for finding in findings if finding.code == "code-list"])

    assert (help or "").startswith(words)
    assert fix is None


@pytest.mark.parametrize(
    ("written_as", "help", "fix"),
    [
        # A short code is suggested only for its letters in another order, or for its label.
        ("rkg:currency code:uds", "code:usd", "code:usd"),
        ("rkg:currency code:eux", "find one with: relations-kg show code:currency", None),
        ("rkg:currency code:yen", "code:jpy", "code:jpy"),
        ("rkg:currency code:swiss-frank", "code:chf", "code:chf"),
        # A missing or extra word, or another ending, leads to a question, never to a replacement.
        ("rkg:monetaryKind code:aid", "code:aid-money", None),
        ("rkg:monetaryKind code:debt-of-states", "code:debt", None),
        ("rkg:unit code:tons", "code:tons-of-displacement", None),
        ("rkg:unit code:firkins", "find one with: relations-kg show code:unit", None),
        # The list of another property is not searched.
        (
            "rkg:monetaryKind code:embasy",
            "find one with: relations-kg show code:monetary-kind",
            None,
        ),
    ],
)
def test_a_code_is_suggested_from_its_list_if_it_is_near(
    check: Check, written_as: str, help: str, fix: str | None
) -> None:
    findings = check(
        'id:new a rkg:MonetaryObservation ; rkg:amount "5"^^rkg:Amount ; rkg:leavesOpen rkg:when ; '
        f"{written_as}{REST}"
    )
    said, right = repair([finding for finding in findings if finding.code == "code-list"])

    assert (said or "").startswith(help if " " in help else f'did you mean "{help}"')
    assert right == fix


@pytest.mark.parametrize(
    ("wrong", "help"),
    [
        # Two letters from code:confiscation, and two from code:conviction.
        ("conformation", "find one with: relations-kg show code:legal-act-kind"),
        ("convention", "find one with: relations-kg show code:legal-act-kind"),
        ("punishment", 'did you mean "code:amnesty-granted" or "code:commutation" or '),
        ("confiscasion", 'did you mean "code:confiscation"?'),
        ("dentention", 'did you mean "code:detention"?'),
    ],
)
def test_a_code_of_another_meaning_is_not_suggested_for_its_spelling(
    check: Check, wrong: str, help: str
) -> None:
    findings = check(
        f"id:new a rkg:LegalAct ; rkg:legalActKind code:{wrong} ; rkg:actor id:peru ; "
        f"rkg:leavesOpen rkg:when{REST}"
    )
    (said,) = (each.help or "" for each in findings if each.code == "code-list")

    assert said.startswith(help)


def test_a_code_that_the_facts_put_into_a_list_is_not_suggested(check: Check) -> None:
    findings = check(
        "code:xzz a rkg:Currency ; skos:inScheme code:currency .\n"
        'id:new a rkg:MonetaryObservation ; rkg:amount "5"^^rkg:Amount ; rkg:leavesOpen rkg:when ; '
        f"rkg:currency code:xzz{REST}"
    )

    (help,) = (finding.help or "" for finding in findings if finding.code == "code-list")
    assert help.startswith("find one with: relations-kg show code:currency; besides codes, ")


@pytest.mark.parametrize(
    ("facts", "help"),
    [
        # Some properties also take things.
        ("rkg:Transfer ; rkg:goods code:zzzz", "besides codes, rkg:goods takes a rkg:Artefact, a "),
        ("rkg:Transfer ; rkg:goods id:peru", "besides codes, rkg:goods takes a rkg:Artefact, a "),
        (
            "rkg:Artefact ; rkg:artefactKind id:oats . id:oats a rkg:Commodity",
            "rkg:artefactKind takes only codes; rkg:goods also takes a rkg:Commodity; rkg:madeOf a",
        ),
        # A code of another list is named with the properties that take it, and never replaced.
        (
            "rkg:Place ; rkg:placeKind code:residence-of-the-head",
            '"code:embassy-building"? code:residence-of-the-head is a code of rkg:attackedPremises',
        ),
        ("rkg:Transfer ; rkg:goods code:sale", "code:sale is a code of rkg:transferKind"),
        # Forms and other names of a word are known, also in other lists.
        ("rkg:Event ; rkg:eventKind code:deserters", 'did you mean "code:desertion"?'),
        ("rkg:Event ; rkg:eventKind code:smuggled", "; codes of rkg:charge: code:smuggling"),
        (
            "rkg:Event ; rkg:eventKind code:zzzz",
            'own: relations-kg new code --codelist event-kind --name "zzzz" --append FILE',
        ),
    ],
)
def test_the_help_for_a_wrong_code_names_what_else_fits(
    check: Check, facts: str, help: str
) -> None:
    findings = check(f"id:new a {facts}{REST}")

    (said,) = {each.help or "" for each in findings if each.code == "code-list"}
    assert help in said
    assert not any(each.fix for each in findings if each.code == "code-list")
    assert ("vocabulary" in said) == ("vocabulary" in help)


def test_a_code_that_no_property_asks_for_is_suggested_only_if_it_is_near(check: Check) -> None:
    near, wild = (
        check(f"id:new a rkg:City ; rkg:about code:{code}{REST}")[0].help
        for code in ("trainign", "taiwann")
    )

    assert (near, wild) == (asked("code:training"), None)


@pytest.mark.slow
def test_a_name_in_capitals_is_an_error_with_the_right_spelling(check: Check) -> None:
    (finding,) = check(f"id:NewCity_of_Álamo a rkg:City{REST}")

    assert ("bad-iri", "write id:new-city-of-alamo") == (finding.code, finding.help)


# Uncertain corrections


def test_of_several_things_as_near_none_is_taken(check: Check) -> None:
    findings = check(
        f"id:north-hall a rkg:City{REST}\n"
        f'id:south-hall a rkg:City ; rdfs:label "South"@en ; {STATED}\n'
        'id:other a rkg:State ; rkg:governmentSeat id:nouth-hall ; rdfs:label "Other"@en ; '
        + STATED
    )

    assert (asked("id:north-hall", "id:south-hall"), None) == repair(findings)


def test_a_class_that_does_not_fit_what_is_said_is_asked_but_not_taken(check: Check) -> None:
    findings = check(f"id:new a rkg:Citty ; rkg:sendingParty id:peru{REST}")
    (finding,) = [finding for finding in findings if finding.code == "unknown-term"]

    assert (asked("rkg:City"), None) == (finding.help, finding.fix)


def test_a_class_that_does_not_fit_what_points_to_the_thing_is_not_taken(check: Check) -> None:
    findings = check(
        f"id:new a rkg:Persn{REST}\n"
        'id:other a rkg:State ; rkg:governmentSeat id:new ; rdfs:label "Other"@en ; ' + STATED
    )
    (finding,) = [finding for finding in findings if finding.code == "unknown-term"]

    assert (asked("rkg:Person"), None) == (finding.help, finding.fix)


@pytest.mark.parametrize(
    "statement",
    ['rkg:inRegoin "Latin America"@en', "rkg:sendingPary id:peru"],
    ids=["a text for a thing", "of another class"],
)
def test_a_property_that_does_not_fit_is_asked_but_not_taken(check: Check, statement: str) -> None:
    findings = check(f"id:new a rkg:City ; {statement}{REST}")
    (finding,) = [finding for finding in findings if finding.code == "unknown-term"]

    assert (finding.help or "").startswith("did you mean ")
    assert finding.fix is None


def test_a_property_for_texts_is_not_taken_for_a_link(check: Check) -> None:
    findings = check(f"id:new a rkg:City ; rkg:vagueQuantty id:peru{REST}")
    (finding,) = [finding for finding in findings if finding.code == "unknown-term"]

    assert (asked("rkg:vagueQuantity"), None) == (finding.help, finding.fix)


@pytest.mark.parametrize("wrong", ["id:peruu", "rkg:peru", '"Peru"@en', '"Peru"', '"Perú"@es'])
def test_a_thing_that_does_not_fit_is_not_taken(check: Check, wrong: str) -> None:
    findings = check(f"id:new a rkg:State ; rkg:governmentSeat {wrong}{REST}")

    assert ["class"] == [finding.code for finding in findings]
    assert findings[0].fix is None


@pytest.mark.parametrize("wrong", ["rkg:Kibbutz", "id:something-else-entirely-unlike"])
def test_what_nothing_is_near_is_not_guessed(check: Check, wrong: str) -> None:
    findings = check(f"id:new a rkg:City ; rkg:about {wrong}{REST}")

    assert [None] == [finding.fix for finding in findings]


# Texts where a thing is expected


@pytest.mark.parametrize(
    "text",
    ['"Latin America"@en', '"Latin America"', '"latin-america"', '"LATIN america"@es'],
)
def test_a_text_in_the_place_of_a_thing_is_taken_for_the_thing_of_that_name(
    check: Check, text: str
) -> None:
    findings = check(f"id:new a rkg:City ; rkg:inRegion {text}{REST}")

    assert ["class"] == [finding.code for finding in findings]
    assert (asked("id:latin-america"), "id:latin-america") == repair(findings)


@pytest.mark.slow
def test_of_several_things_of_a_name_none_is_taken(check: Check) -> None:
    findings = check(
        f"id:one a rkg:Passage .\nid:hall a rkg:City{REST}\nid:hall-b a rkg:City ; "
        f'rdfs:label "New"@es , "Hall"@en ; {STATED}\n'
        'id:other a rkg:State ; rkg:governmentSeat "New" ; rdfs:label "Other"@en ; ' + STATED
    )
    (finding,) = [finding for finding in findings if finding.focus == ID + "other"]

    assert (asked("id:hall", "id:hall-b"), None) == (finding.help, finding.fix)


# Literals


@pytest.mark.parametrize(
    ("statement", "right"),
    [
        ('rkg:when "1971"', '"1971"^^edtf:EDTF'),
        ('rkg:when "1971"^^xsd:gYear', '"1971"^^edtf:EDTF'),
        ("rkg:when 1971", '"1971"^^edtf:EDTF'),
        ('rkg:when "1971-11-02"^^xsd:date', '"1971-11-02"^^edtf:EDTF'),
        ('rkg:vagueQuantity "many"@en', '"many"'),
        ("rkg:vagueQuantity 5", '"5"'),
        ('rkg:vagueQuantity "many"^^xsd:token', '"many"'),
    ],
)
def test_a_literal_of_another_datatype_is_given_the_right_one(
    check: Check, statement: str, right: str
) -> None:
    findings = check(f"id:new a rkg:City ; {statement}{REST}")

    assert ["datatype"] == [finding.code for finding in findings]
    assert right == repair(findings)[1]


@pytest.mark.parametrize(
    ("position", "right"),
    [('"7"', "7"), ('"+7"', "+7"), ("7.0", "7"), ("7.5", None), ('"seven"', None)],
)
def test_a_number_that_is_none_is_not_guessed(
    check: Check, position: str, right: str | None
) -> None:
    source = "<https://w3id.org/relations-kg/source/china-peru/x>"
    findings = check(f"{source} a rkg:Passage ; rkg:position {position} .")
    (finding,) = [finding for finding in findings if finding.code == "datatype"]

    assert right == (finding.fix.text if finding.fix else None)


def test_a_label_without_a_language_is_taken_for_the_english_one_if_that_is_missing(
    check: Check,
) -> None:
    alone = check(f'id:new a rkg:City ; rdfs:label "Lima" ; {STATED}')
    other = check(f'id:new a rkg:City ; rdfs:label "Lima" , "The city of Lima"@en ; {STATED}')

    assert ['"Lima"@en'] == [f.fix and f.fix.text for f in alone if f.code == "datatype"]
    assert ('add its language, as in "Lima"@es', None) == repair(other)


def test_what_is_fixed_is_written_by_the_prefixes_of_the_file(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    file.write_text(
        f"@prefix r: <{RKG}> . @prefix : <{ID}> .\n"
        f':new a r:Citty ; r:inRegion :latin-amerca ; <{PREFIXES["rdfs"]}label> "N"@en ;'
        ' r:statedIn <https://w3id.org/relations-kg/source/china-peru/s009> ; r:when "1971" .'
    )
    expected = {"r:City", ":latin-america", f'"1971"^^<{PREFIXES["edtf"]}EDTF>'}

    assert expected >= {f.fix.text for f in kg.validate(file).findings if f.fix}

    file.write_text(file.read_text().replace("Citty", "City"))

    assert expected - {"r:City"} == {f.fix and f.fix.text for f in kg.validate(file).findings}


# The spelling of suggested terms


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (ID + "peru", "id:peru"),
        (CODE + "head-of-state", "code:head-of-state"),
        (ID, f"<{ID}>"),
        (ID + "a/b", f"<{ID}a/b>"),
        (ID + "a.b", f"<{ID}a.b>"),
        (ID + "perú", f"<{ID}perú>"),
        (ID + "-peru", f"<{ID}-peru>"),
        (ID + "1971", "id:1971"),
        ("https://example.org/x", "<https://example.org/x>"),
    ],
)
def test_an_iri_is_shortened_where_a_prefix_fits(iri: str, expected: str) -> None:
    assert expected == spelled(iri, {"id": ID, "code": CODE})
    assert f"<{iri}>" == spelled(iri, {})


def test_the_longest_prefix_is_used() -> None:
    prefixes = {"": "http://e.org/", "longer": "http://e.org/a/", "b": "http://e.org/a/b"}

    assert "b:c" == spelled("http://e.org/a/bc", prefixes)
    assert "longer:c" == spelled("http://e.org/a/c", prefixes)
    assert ":c" == spelled("http://e.org/c", prefixes)


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (Literal("Lima"), '"Lima"'),
        (Literal("Lima", language="es"), '"Lima"@es'),
        (Literal('say "no"\n'), '"say \\"no\\"\\n"'),
        (Literal("007", datatype=NamedNode(XSD + "integer")), "007"),
        (Literal("1.50", datatype=NamedNode(XSD + "decimal")), "1.50"),
        (Literal("1.", datatype=NamedNode(XSD + "decimal")), '"1."^^xsd:decimal'),
        (Literal("\u0661", datatype=NamedNode(XSD + "integer")), '"\u0661"^^xsd:integer'),
        (Literal("1e3", datatype=NamedNode(XSD + "double")), '"1e3"^^xsd:double'),
        (Literal("true", datatype=NamedNode(XSD + "boolean")), "true"),
        (Literal("1", datatype=NamedNode(XSD + "boolean")), '"1"^^xsd:boolean'),
        (Literal("x", datatype=NamedNode("urn:d")), '"x"^^<urn:d>'),
    ],
)
def test_a_literal_is_written_as_turtle(literal: Literal, expected: str) -> None:
    assert expected == written(literal, {"xsd": XSD})


datatypes = ["integer", "decimal", "boolean", "double", "string", "date", "a/b", "-x", ""]
literals = st.builds(
    lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
    st.text() | st.from_regex(r"[+-]?\d*\.?\d*", fullmatch=True) | st.sampled_from(["true", "1"]),
    st.sampled_from(datatypes),
) | st.builds(
    lambda text, tag: Literal(text, language=tag), st.text(), st.sampled_from(["en", "zh-hans"])
)
nodes = st.builds(
    lambda space, local: NamedNode(space + local),
    st.sampled_from([ID, RKG, XSD, "urn:x:"]),
    st.from_regex(r"[a-zA-Z0-9_.~!$&'()*+,;=/@-]{0,8}", fullmatch=True),
)


@pytest.mark.slow
@given(
    nodes | literals,
    st.sampled_from(
        [
            {},
            {"id": ID},
            {"id": ID, "xsd": XSD, "": RKG},
            {"i": ID[:-3], "x": "urn:x:", "y": "urn:"},
        ]
    ),
)
def test_what_is_written_reads_as_the_term_that_was_meant(
    term: NamedNode | Literal, prefixes: dict[str, str]
) -> None:
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items())
    (quad,) = parse(f"{head}<urn:s> <urn:p> {written(term, prefixes)} .", RdfFormat.TURTLE)

    assert term == quad.object
    assert value(term) == value(quad.object)


@pytest.mark.parametrize(
    ("facts", "code", "help"),
    [
        # A property of another class: the one of this class that takes the value.
        ("rkg:Appointment ; rkg:office id:president-of-china", "wrong-subject", "rkg:capacity"),
        # A value of another class: the property that takes it, and the thing behind it.
        (
            "rkg:Service ; rkg:serviceProvider id:president-of-china",
            "or",
            "; rkg:beneficiary takes such a value; id:peoples-republic-of-china fits, the "
            "rkg:officeOf of id:president-of-china",
        ),
        ("rkg:Ordinal ; rkg:inRegion id:lima", "class", "rkg:towards takes such a value"),
    ],
)
def test_a_value_that_does_not_fit_its_property_is_answered_with_one_that_takes_it(
    check: Check, facts: str, code: str, help: str
) -> None:
    findings = check(f"id:new a {facts}{REST}")

    (said,) = (finding.help or "" for finding in findings if finding.code == code)
    assert help in said


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("rkg:Honour ; rkg:leavesOpen rkg:passengers", "rkg:passengers", "code:passengers"),
        (
            'rkg:Undertaking ; rkg:conditionalOn "a payment"',
            '"a payment"',
            "; describe it, such as id:a-payment a rkg:Event, and write id:a-payment",
        ),
        ("rkg:Event ; rkg:by id:peru", "rkg:by", asked("rkg:actor")),
    ],
)
def test_the_term_at_fault_is_underlined_and_its_right_use_is_named(
    check: Check, text: str, at: str, expected: str
) -> None:
    findings = check(f"id:new a {text}{REST}")

    def underlined(finding: Finding) -> str:
        return (finding.excerpt or "")[(finding.column or 1) - 1 : (finding.end_column or 1) - 1]

    assert [expected] == [
        expected for f in findings if underlined(f) == at and expected in (f.help or "")
    ]
