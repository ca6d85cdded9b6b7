"""Tests of a submitted file: its facts, and the mistakes in its text."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DATES, ID, INFERRED, PREFIXES, RDFS, RKG, XSD
from relations_kg.rdf.terms import TYPE
from relations_kg.reader.jsonld.parser import NESTING
from relations_kg.validation.findings import Finding, Fix, Kind
from relations_kg.validation.submission import Submission

FACTS = Path(__file__).with_name("facts")
HEAD = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("id", "rkg", "rdfs", "xsd", "edtf")
)
LINE = HEAD.count("\n") + 1
PERU, LABEL = NamedNode(ID + "peru"), NamedNode(RDFS + "label")
ONTOLOGY = {RKG + "City", RKG + "seat"}
Submit = Callable[..., Submission]


@pytest.fixture
def submit(tmp_path: Path) -> Submit:
    """Return a function that writes a file and returns its submission."""

    def submit(content: str | bytes, name: str = "f.ttl") -> Submission:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return Submission(str(file), ontology=ONTOLOGY)

    return submit


def lines_of(submission: Submission) -> list[str]:
    """Return a line for each finding: its place, code, message and fix."""
    return [
        f"{finding.line}:{finding.column}-{finding.end_column} {finding.code}: {finding.message}"
        + (f" => {finding.fix.text}" if finding.fix else "")
        for finding in submission.findings
    ]


def only(submission: Submission) -> Finding:
    (finding,) = submission.findings
    return finding


def fixed(text: str, fix: Fix | None) -> str:
    """Return a text with a fix applied, which must be on one line."""
    assert fix is not None
    assert fix.place.line == fix.place.end_line
    lines = text.split("\n")
    line = lines[fix.place.line - 1]
    lines[fix.place.line - 1] = (
        line[: fix.place.column - 1] + fix.text + line[fix.place.end_column - 1 :]
    )
    return "\n".join(lines)


# Facts


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.ttl", f'<{ID}peru> <{RDFS}label> "Perú"@es .'),
        ("f.TTL", f'PREFIX id: <{ID}> id:peru <{RDFS}label> "Perú"@es .'),
        ("f.trig", f'<urn:graph> {{ <{ID}peru> <{RDFS}label> "Perú"@es }}'),
        ("f.nt", f'<{ID}peru> <{RDFS}label> "Per\\u00FA"@es .\n'),
        ("f.nq", f'<{ID}peru> <{RDFS}label> "Perú"@es <urn:graph> .\n'),
        (
            "f.jsonld",
            f'{{"@id": "{ID}peru", "{RDFS}label": {{"@value": "Perú", "@language": "es"}}}}',
        ),
    ],
)
def test_each_format_is_read(submit: Submit, name: str, content: str) -> None:
    for mark in ("", "\ufeff"):
        submission = submit(mark + content, name)

        assert [(PERU, LABEL, Literal("Perú", language="es"))] == submission.facts
        assert [] == submission.findings


@pytest.mark.parametrize("file", sorted(FACTS.glob("good/*.ttl")), ids=lambda file: file.stem)
def test_of_a_good_file_nothing_is_wrong(file: Path) -> None:
    submission = Submission(file)

    assert [] == submission.findings
    assert set() == submission.unread
    assert submission.facts


def test_the_prefixes_of_a_text_are_known(submit: Submit) -> None:
    submission = submit("@prefix a: <urn:a:> . PREFIX : <urn:b:> a:x :y 1 .")

    assert {"a": "urn:a:", "": "urn:b:"} == submission.prefixes
    assert {} == submit("{}", "f.jsonld").prefixes


def test_content_may_be_given_in_the_place_of_what_the_file_holds(tmp_path: Path) -> None:
    submission = Submission(tmp_path / "none.ttl", content=f"<{ID}peru> a <urn:c> .".encode())

    assert [(PERU, TYPE, NamedNode("urn:c"))] == submission.facts


def test_nodes_without_a_name_are_distinguished_by_the_number_of_their_file() -> None:
    nodes = {
        Submission("f.ttl", number, b"[] a <urn:c> . _:b a <urn:c> .").facts[index][0]
        for number in range(3)
        for index in range(2)
    }

    assert 6 == len(nodes)


@pytest.mark.parametrize("name", ["f.ttl", "f.trig", "f.nt", "f.nq"])
def test_an_empty_file_is_a_warning(submit: Submit, name: str) -> None:
    finding = only(submit("# nothing\n", name))

    assert "warning[empty]: there are no facts" == finding.text().splitlines()[0]
    assert finding.line is None


@pytest.mark.parametrize("content", ["[]", "{}", '{"@id": "urn:a"}'])
def test_an_empty_document_is_a_warning(submit: Submit, content: str) -> None:
    assert "empty" == only(submit(content, "f.jsonld")).code


def test_a_file_whose_facts_could_not_be_read_is_not_called_empty(submit: Submit) -> None:
    assert ["syntax"] == [finding.code for finding in submit("id").findings]


def test_what_is_worked_out_is_left_out(submit: Submit) -> None:
    submission = submit(
        f"<{DATES}> {{ <urn:a> <urn:p> 1 }} <{INFERRED}> {{ <urn:b> <urn:p> 1 }}"
        "<urn:c> <urn:p> 1 .",
        "f.trig",
    )

    assert ["urn:c"] == [fact[0].value for fact in submission.facts]


def test_what_cannot_be_read_raises(submit: Submit, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        Submission(tmp_path / "none.ttl")
    with pytest.raises(InputError, match="this is text in UTF-16"):
        submit("a".encode("utf-16"))
    with pytest.raises(InputError, match="not the suffix of a format"):
        submit("", "f.txt")


# Syntax


def test_what_follows_a_mistake_is_read_and_all_mistakes_are_reported(submit: Submit) -> None:
    submission = submit(
        HEAD + 'id:peru rdfs:label "Peru"@en\n'
        "    rkg:inRegion id:latin-america .\nid:x a ] .\nid:lima a rkg:City .\n"
    )

    assert (
        f'{LINE}:29-29 syntax: expected ";" or "." after this object => ;'
        == lines_of(submission)[0]
    )
    assert [LINE, LINE + 2] == [finding.line for finding in submission.findings]
    assert ["peru", "peru", "lima"] == [fact[0].value.removeprefix(ID) for fact in submission.facts]


def test_a_mistake_shows_its_line(submit: Submit) -> None:
    finding = only(submit(HEAD + 'id:peru rdfs:label "Perú"@es\r\n'))

    assert ('id:peru rdfs:label "Perú"@es', LINE, 29) == (
        finding.excerpt,
        finding.line,
        finding.column,
    )


def test_a_thing_of_which_something_was_not_read_is_known(submit: Submit) -> None:
    submission = submit(HEAD + "id:x a rkg:City ; rdfs:label ] .\nid:y a rkg:City .")

    assert {NamedNode(ID + "x")} == submission.unread


def test_what_may_be_unread_is_not_missing(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    unread, missing = [], []
    for rest, codes in (("; rdfs:label ] .", unread), (".", missing)):
        file.write_text(f"{HEAD}id:new-city a rkg:City {rest}")
        codes += [finding.code for finding in kg.validate(file).findings]

    assert ["syntax"] == unread
    assert ["min-count", "min-count"] == missing


def test_what_points_to_a_thing_that_could_not_be_read_is_not_wrong(
    kg: rk.Graph, tmp_path: Path
) -> None:
    file = tmp_path / "f.ttl"
    file.write_text(HEAD + "id:new-city ] .\nid:peru rkg:governmentSeat id:new-city .")

    assert {"syntax"} == {finding.code for finding in kg.validate(file).findings}


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"\xff", 1, 1),
        (
            HEAD.encode() + 'id:peru rdfs:label "Per\u00fa ma\u00f1ana '.encode() + b'\xfa"@es .',
            LINE,
            33,
        ),
        (b"\xef\xbb\xbf# \xe9\n", 1, 3),
        (b"# \xc3\xa9\r\n# \xe4\xbd .", 2, 3),
    ],
)
def test_bytes_that_are_no_character_are_at_their_place(
    submit: Submit, content: bytes, line: int, column: int
) -> None:
    finding = submit(content).findings[0]

    assert ("syntax", "this byte is not valid UTF-8") == (finding.code, finding.message)
    assert "save the file in UTF-8" == finding.help
    assert (line, column, line, column + 1) == finding.extent[1:5]


def test_a_file_with_bytes_that_are_no_character_is_read_to_its_end(submit: Submit) -> None:
    submission = submit(HEAD.encode() + b'id:peru rdfs:label "Per\xfa"@es .\nid:x a rkg:City .')

    assert [PERU, NamedNode(ID + "x")] == [fact[0] for fact in submission.facts]
    assert ["syntax"] == [finding.code for finding in submission.findings]


# Prefixes


@pytest.mark.parametrize("prefix", ["id", "rkg", "xsd", "edtf", "nif"])
def test_a_prefix_of_ours_that_is_missing_is_declared_at_the_top(
    submit: Submit, prefix: str
) -> None:
    text = f"<urn:a> <urn:p> {prefix}:x .\n<urn:b> <urn:p> {prefix}:x ."
    submission = submit(text)
    fix = submission.findings[0].fix

    assert [(1, 17), (2, 17)] == [(f.line, f.column) for f in submission.findings]
    assert {"unknown-prefix"} == {finding.code for finding in submission.findings}
    assert {fix} == {finding.fix for finding in submission.findings}
    assert f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n{text}" == fixed(text, fix)


def test_a_prefix_that_is_misspelt_is_taken_for_the_one_near_it(submit: Submit) -> None:
    text = HEAD + "id:x a rkgg:City ; rkk:seat id:y ; foo:bar 1 ."
    submission = submit(text)

    assert ["rkg:", "rkg:", None] == [f.fix and f.fix.text for f in submission.findings]
    assert "id:x a rkg:City ;" in fixed(text, submission.findings[0].fix)


@pytest.mark.parametrize(
    "namespace",
    [
        "https://w3id.org/relations-kg/id#",
        "https://w3id.org/relation-kg/id/",
        "http://w3id.org/relations-kg/id/",
        "https://w3id.org/relations-kg/id",
        "https://w3id.org/relations-kg/ids/",
    ],
)
def test_a_prefix_of_ours_for_another_namespace_is_wrong(submit: Submit, namespace: str) -> None:
    text = f"# \u4e2d\n  @prefix id: <{namespace}> .\nid:peru <urn:p> <urn:o> ."
    submission = submit(text)
    finding = submission.findings[0]

    assert ("wrong-prefix", 2, 15) == (finding.code, finding.line, finding.column)
    assert text.replace(namespace, ID) == fixed(text, finding.fix)
    assert [] == submit(fixed(text, finding.fix)).findings


def test_a_namespace_almost_ours_is_wrong_under_any_prefix(submit: Submit) -> None:
    finding = submit("@prefix r: <https://w3id.org/relation-kg/ontology#> . r:x r:p 1 .").findings[
        0
    ]

    assert ("wrong-prefix", f"<{RKG}>") == (finding.code, finding.fix and finding.fix.text)


@pytest.mark.parametrize(
    "declaration",
    [
        "@prefix ex: <http://example.org/> .",
        "@prefix peru: <https://w3id.org/relations-kg/source/china-peru/> .",
        f"PREFIX r: <{RKG}>",
        f"@prefix : <{ID}> .",
        f"@base <{ID}> .",
    ],
)
def test_other_prefixes_are_free(submit: Submit, declaration: str) -> None:
    assert [] == submit(f"{declaration} <urn:a> <urn:p> 1 .").findings


# Statements that are not facts


@pytest.mark.parametrize(
    ("statement", "column", "message", "right"),
    [
        ("<id:peru> rkg:seat 1 .", 1, "<id:peru> is a CURIE; ", "id:peru"),
        ("id:peru <rkg:seat> 1 .", 9, "<rkg:seat> is a CURIE; ", "rkg:seat"),
        ("id:peru rkg:seat <id:lima> .", 18, "<id:lima> is a CURIE; ", "id:lima"),
        ("id:peru rkg:seat <code:a> .", 18, "<code:a> is a CURIE; ", "<%scode/a>"),
    ],
)
def test_a_short_form_between_brackets_is_written_without_them(
    submit: Submit, statement: str, column: int, message: str, right: str
) -> None:
    submission = submit(HEAD + statement)
    finding = only(submission)
    right = right.replace("%s", ID.removesuffix("id/"))

    assert ("short-form", LINE, column) == (finding.code, finding.line, finding.column)
    assert message + "write it without the angle brackets" == finding.message
    assert right == (finding.fix and finding.fix.text)
    assert [] == submission.facts
    assert [] == submit(fixed(HEAD + statement, finding.fix)).findings


@pytest.mark.parametrize(
    ("statement", "column", "code", "right"),
    [
        ("rkg:City <urn:p> 1 .", 1, "vocabulary", None),
        ("id:x rdfs:subClassOf id:y .", 6, "vocabulary", None),
        ("id:x rdfs:lable 1 .", 6, "unknown-term", "rdfs:label"),
        ("id:x a rdfs:City .", 8, "unknown-term", "rkg:City"),
        ("id:x rdfs:seat 1 .", 6, "unknown-term", "rkg:seat"),
        ("id:x a rdfs:Town .", 8, "vocabulary", None),
        ("id:x <urn:p> <<( id:y <urn:p> 1 )>> .", 14, "triple-term", None),
    ],
)
def test_what_is_no_fact_is_refused_at_the_term_that_makes_it_none(
    submit: Submit, statement: str, column: int, code: str, right: str | None
) -> None:
    submission = submit(f"{HEAD}{statement} id:z a rkg:City .")
    finding = submission.findings[0]

    assert (code, LINE, column) == (finding.code, finding.line, finding.column)
    assert right == (finding.fix.text if finding.fix else None)
    assert [NamedNode(ID + "z")] == [fact[0] for fact in submission.facts]


# Literals


@pytest.mark.parametrize(
    ("literal", "underlined", "code", "right"),
    [
        ('"x"@jp', "@jp", "language", "@ja"),
        ('"@jp"@jp', "@jp", "language", "@ja"),
        ('"x" @jp', "@jp", "language", "@ja"),
        ('"""x\ny"""@jp', "@jp", "language", "@ja"),
        ('"1"^^xsd:interger', "xsd:interger", "unknown-term", "xsd:integer"),
        ('"^^"^^xsd:sting', "xsd:sting", "unknown-term", "xsd:string"),
        ('"1"^^<%sinterger>', "<%sinterger>", "unknown-term", "xsd:integer"),
        ('"1"^^ xsd:interger', "xsd:interger", "unknown-term", "xsd:integer"),
        ('"1" ^^ # ^^\n  xsd:interger', "xsd:interger", "unknown-term", "xsd:integer"),
        ('"""\n\n1"""^^xsd:interger', "xsd:interger", "unknown-term", None),
        ('" 1"^^xsd:integer', '" 1"^^xsd:integer', "lexical", "1"),
        (
            '"2020-01-01\t"^^xsd:date',
            '"2020-01-01\t"^^xsd:date',
            "lexical",
            '"2020-01-01"^^xsd:date',
        ),
        (r'"a\u0001b"', r'"a\u0001b"', "lexical", None),
        (r'"a\fb"@en', r'"a\fb"@en', "lexical", None),
        ('"12 men"^^xsd:integer', '"12 men"^^xsd:integer', "lexical", None),
        ('"ca. 1850"^^edtf:EDTF', '"ca. 1850"^^edtf:EDTF', "date", '"1850~"^^edtf:EDTF'),
    ],
)
def test_what_is_wrong_with_a_literal_is_underlined(
    submit: Submit, literal: str, underlined: str, code: str, right: str | None
) -> None:
    literal, underlined = literal.replace("%s", XSD), underlined.replace("%s", XSD)
    text = f"{HEAD}id:x <urn:p>  {literal} ."
    finding = only(submit(text))
    line = text.split("\n")[(finding.line or 0) - 1]

    assert code == finding.code
    assert finding.line == finding.end_line
    assert underlined == line[(finding.column or 0) - 1 : (finding.end_column or 0) - 1]
    assert right == (finding.fix.text if finding.fix else None)


@pytest.mark.parametrize("name", ["f.nt", "f.ttl"])
def test_a_fix_is_written_in_full_where_no_prefix_is_declared(submit: Submit, name: str) -> None:
    text = f'<{ID}x> <{RKG}when> "ca. 1850"^^<{PREFIXES["edtf"]}EDTF> .\n'
    finding = only(submit(text, name))

    assert text.replace("ca. 1850", "1850~") == fixed(text, finding.fix)


def test_a_mistake_that_is_made_twice_is_reported_twice(submit: Submit) -> None:
    submission = submit(HEAD + 'id:x <urn:p> "a"@jp , "b"@jp .\nid:y <urn:p> "a"@jp .')

    assert [(LINE, 17), (LINE, 26), (LINE + 1, 17)] == [
        (finding.line, finding.column) for finding in submission.findings
    ]


# JSON-LD


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        ("", 1, 1, "the document is empty"),
        ('{"@id": }', 1, 9, "a key has no value"),
        ('{"@id": "urn:a",}', 1, 17, "a comma is before the end of an object or array"),
        ('{"@id": "urn:a", // a\n"urn:b": 1}', 1, 18, "JSON has no comments"),
        ("{'@id': 1}", 1, 2, "' is not a quotation mark of JSON"),
        ('{"urn:b": True}', 1, 11, "expecting value, not True"),
        ('{\n  "Perú": "x" "y"}', 2, 15, "expecting ',' delimiter"),
        ("[1, 2", 1, 6, "the text ends before its last bracket is closed"),
        ("[] []", 1, 4, "a second document follows"),
    ],
)
def test_json_that_is_none_is_reported_with_line_and_column(
    submit: Submit, content: str, line: int, column: int, message: str
) -> None:
    finding = only(submit(content, "f.jsonld"))

    assert ("error", "syntax", message) == (finding.severity, finding.code, finding.message)
    assert (line, column, line, column) == finding.extent[1:5]


@pytest.mark.parametrize("depth", [NESTING + 1, 200, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"urn:p": ', "}")])
def test_json_nested_too_deeply_is_a_mistake_and_not_a_crash(
    submit: Submit, depth: int, opening: str, closing: str
) -> None:
    finding = only(submit(f"{opening * depth}1{closing * depth}", "f.jsonld"))

    assert Kind("error", "syntax", None) == finding.kind
    assert "nested" in finding.message


def test_json_nested_less_deeply_is_read(submit: Submit) -> None:
    depth = NESTING - 1
    opening = '{"@id": "urn:a", "urn:p": '
    submission = submit(f"{opening * depth}1{'}' * depth}", "f.jsonld")

    assert [] == submission.findings
    assert submission.facts


@pytest.mark.parametrize(
    "content",
    [
        '{"@context": 5, "@id": "urn:a"}',
        '{"@id": "urn:a", "urn:p": {"@value": {}}}',
        '{"@id": 7, "urn:p": 1}',
        '{"@context": "https://example.org/context.jsonld", "@id": "urn:a"}',
        '{"@id": "urn:a", "urn:p": NaN}',
        '{"@id": "urn:a", "urn:p": "\\ud800"}',
        f'{{"@id": "urn:a", "urn:p": {"1" * 5000}.x}}',
    ],
)
def test_json_that_is_no_json_ld_is_a_mistake(submit: Submit, content: str) -> None:
    assert {"syntax"} == {finding.code for finding in submit(content, "f.jsonld").findings}


def test_a_long_number_is_no_crash(submit: Submit) -> None:
    submission = submit(f'{{"@id": "urn:a", "urn:p": {"1" * 5000}}}', "f.jsonld")

    assert submission.facts or submission.findings
    assert {"syntax"} >= {finding.code for finding in submission.findings}


@pytest.mark.parametrize("content", [b'{"@id": "Per\xfa"}', b'{"@id": "\xed\xa0\x80"}', b"\xff"])
def test_json_that_is_not_in_utf_8_is_a_mistake(submit: Submit, content: bytes) -> None:
    finding = only(submit(content, "f.jsonld"))

    assert ("syntax", "save the file in UTF-8") == (finding.code, finding.help)


def test_what_is_wrong_with_a_literal_has_a_pointer_and_no_fix(submit: Submit) -> None:
    things = [
        {"@id": ID + "x", LABEL.value: [{"@value": "x", "@language": "jp"}]},
        {"@id": ID + "y", "urn:n": {"@value": "12 men", "@type": XSD + "integer"}},
    ]
    submission = submit(json.dumps({"@graph": things}), "f.jsonld")
    key = LABEL.value.replace("/", "~1")

    assert [
        ("language", f"/@graph/0/{key}/0", 'did you mean "ja"?', None),
        ("lexical", "/@graph/1/urn:n", 'write it like "1971"', None),
    ] == [(f.code, f.pointer, f.help, f.fix) for f in submission.findings]


def test_what_is_no_fact_in_a_document_has_a_pointer(submit: Submit) -> None:
    content = json.dumps([{"@id": ID + "x", RDFS + "lable": "x"}])
    finding = only(submit(content, "f.jsonld"))
    key = (RDFS + "lable").replace("/", "~1")

    assert ("unknown-term", f"/0/{key}") == (finding.code, finding.pointer)
