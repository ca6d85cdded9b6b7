"""Tests of validation: its reports on files and graphs, which it leaves unchanged."""

import gc
import io
import logging
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import ALONE, BAD, FACTS, GOOD

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import ID
from relations_kg.validation import checking as validation
from relations_kg.validation import shapes
from relations_kg.validation.findings import Kind

VISIT = FACTS / "good" / "visit.ttl"
OWN_COUNTRY = FACTS / "bad" / "visit-to-own-country.ttl"
PREFIXES = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix cp: <https://w3id.org/relations-kg/source/china-peru/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes Turtle, with the prefixes it needs, to a file."""

    def write(turtle: str, name: str = "facts.ttl") -> Path:
        file = tmp_path / name
        file.write_text(PREFIXES + turtle, encoding="utf-8")
        return file

    return write


def codes(report: rk.Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_the_bundled_graph_conforms_without_a_warning(kg: rk.Graph) -> None:
    report = kg.validate()

    assert report.findings == ()
    assert report.conforms
    assert report.unchecked == ()
    assert report.checked > 300


@pytest.mark.slow
@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
def test_a_good_file_conforms_without_a_warning(kg: rk.Graph, file: Path) -> None:
    report = kg.validate(file)

    assert report.findings == ()
    assert report.unchecked == ()
    assert report.checked > 1


# Together, they take more time than one by one, so `make check` runs a part of them.
EVERY = [4, pytest.param(1, marks=pytest.mark.whole)]


@pytest.mark.slow
@pytest.mark.parametrize("step", EVERY)
def test_good_files_conform_together(kg: rk.Graph, step: int) -> None:
    assert kg.validate(*GOOD[::step]).findings == ()


@pytest.mark.whole
@pytest.mark.slow
def test_a_good_file_conforms_without_the_bundled_facts() -> None:
    assert rk.load(only=[VISIT]).validate().findings == ()
    assert len(ALONE) > 60
    assert rk.load(only=[VISIT]).validate(*ALONE).findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("step", EVERY)
def test_the_facts_that_the_graph_has_are_no_mistakes(kg: rk.Graph, step: int) -> None:
    files = GOOD[1::step]
    graph = rk.load(*files)

    assert graph.validate(*files).findings == ()
    assert graph.validate().findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("is_small", [True, False])
def test_rules_that_run_beside_each_other_find_what_they_find_in_turn(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, is_small: bool
) -> None:
    """Rules for many things run in other threads, while the graph infers or other rules run."""
    graph = rk.load(only=[]) if is_small else kg
    files = BAD[::5]
    monkeypatch.setattr(validation, "_is_smaller", lambda *_: is_small)
    monkeypatch.setattr(shapes, "AT_ONCE", 100_000)
    in_turn = graph.validate(*files).serialize("json")
    began: list[object] = []
    begin = shapes.background
    monkeypatch.setattr(shapes, "background", lambda work: began.append(work) or begin(work))
    monkeypatch.setattr(shapes, "AT_ONCE", 0)

    assert graph.validate(*files).serialize("json") == in_turn
    assert len(began) > 1
    assert in_turn.count('"severity"') > 50


@pytest.mark.slow
def test_a_report_on_many_mistakes_is_the_same_each_time() -> None:
    """Only the first mistakes get suggestions, and sets have another order in each process."""
    command = [sys.executable, "-m", "relations_kg", "validate", "--against", "none", "-f", "json"]
    reports = {
        subprocess.run(
            [*command, *BAD, *GOOD],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        ).stdout
        for seed in "12"
    }

    assert len(reports) == 1
    assert b"did you mean" in reports.pop()


@pytest.mark.slow
def test_what_the_graph_exports_conforms(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    kg.export(file, format="nquads", inferred=True)

    assert kg.validate(file).findings == ()


def test_validating_changes_nothing(kg: rk.Graph) -> None:
    before = set(kg.quad_store)
    first = kg.validate(OWN_COUNTRY)
    second = kg.validate(OWN_COUNTRY)

    assert first == second
    assert before == set(kg.quad_store)
    assert not logging.getLogger("rdflib.term").disabled


@pytest.mark.parametrize("collecting", [True, False])
def test_validating_leaves_the_garbage_collection_as_it_was(
    kg: rk.Graph, write: Write, collecting: bool
) -> None:
    (gc.enable if collecting else gc.disable)()
    try:
        kg.validate(write("id:x a rkg:City ."))
        assert collecting == gc.isenabled()
        with pytest.raises(InputError):
            kg.validate("nowhere.ttl")
        assert collecting == gc.isenabled()
    finally:
        gc.enable()


def state(graph: rk.Graph) -> tuple[object, ...]:
    """Return all quads of a graph, and the state of its closure."""
    closure = graph.inference.closure
    pairs = {predicate: frozenset(closure.pairs(predicate)) for predicate in closure.predicates}
    return frozenset(graph.quad_store), pairs, len(closure.rules)


def test_the_datatype_that_is_written_is_checked(kg: rk.Graph, write: Write) -> None:
    """The engine stores values of derived datatypes as xsd:integer, as the shapes require."""
    narrow = "long int short byte nonNegativeInteger positiveInteger unsignedLong unsignedByte"
    values = " , ".join(f'"{n}"^^xsd:{name}' for n, name in enumerate(narrow.split(), 1))
    passage = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . cp:s001 nif:endIndex 9 , "
    found = kg.validate(write(f"{passage}{values} ; <urn:p> {values} .")).findings
    wrong = [finding for finding in found if finding.code == "datatype"]

    assert len(narrow.split()) == len(wrong)
    assert ["xsd:integer"] * len(wrong) == [finding.fix and finding.fix.text for finding in wrong]


@pytest.mark.slow
@pytest.mark.parametrize("files", [random.Random(7).sample([*BAD, *GOOD], 60)], ids=["sample"])
def test_validating_leaves_the_graph_as_it_was(kg: rk.Graph, files: list[Path]) -> None:
    before = state(kg)
    for file in files:
        kg.validate(file)
    kg.validate(*files)

    assert before == state(kg)


@pytest.mark.slow
@pytest.mark.parametrize(
    "turtle",
    [
        'id:coolies rkg:when "2023-02-29"^^edtf:EDTF .',
        'id:coolies rkg:when "1850"^^edtf:EDTF , "nonsense"^^edtf:EDTF , 7 , id:peru .',
        'id:visit-of-xi-jinping-2024 rkg:when "2024-11-31"^^edtf:EDTF , "2024"^^edtf:EDTF .',
        'id:peru rkg:when "1821-07-28/.."^^edtf:EDTF . [] rkg:when "1"^^edtf:EDTF .',
        "id:visit-of-xi-jinping-2024 rkg:earliestStart 01 , 1 , 1.0 , 01.0 .",
        "cp:s001 rkg:position 01 , 1 , 001 , 2 .",
        "rkg:Visit a rkg:Visit ; rdfs:subClassOf rkg:Person . id:peru a rkg:Person .",
    ],
)
def test_what_is_no_date_or_written_in_two_ways_leaves_nothing_behind(
    kg: rk.Graph, write: Write, turtle: str
) -> None:
    before = state(kg)
    kg.validate(write(turtle))

    assert before == state(kg)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["Messages", "contradictions", "duplicates", "shapes_of"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_stopping_in_the_middle_leaves_the_graph_as_it_was(
    kg: rk.Graph,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: type[BaseException],
) -> None:
    def stop(*_: object) -> None:
        raise error

    before = state(kg)
    file = write('id:coolies rkg:when "1850"^^edtf:EDTF , "no"^^edtf:EDTF ; rkg:seat id:lima .')
    monkeypatch.setattr(validation, step, stop)
    with pytest.raises(error):
        kg.validate(file)

    assert before == state(kg)


def test_a_report_reads_as_text(kg: rk.Graph) -> None:
    report = kg.validate(OWN_COUNTRY)

    assert f"""\
error[disjoint]: rkg:visitingParty and rkg:hostParty of "State visit of Ada Ruiz to Arvenia" are \
both "Arvenia"
  --> {OWN_COUNTRY}:17:19
    |
 17 |     rkg:hostParty id:arvenia ;
    |                   ^^^^^^^^^^
    = rule: VisitShape-visitingParty
    = help: The visiting party of a visit is a party other than its host party.
    = see: {OWN_COUNTRY}:16:23: the other value
{OWN_COUNTRY}: 1 error in 38 facts; checked 7 things against {report.shapes} shapes
""" == str(report)


def test_a_finding_has_fields(kg: rk.Graph) -> None:
    (finding,) = kg.validate(OWN_COUNTRY).findings

    assert (finding.severity, finding.code) == ("error", "disjoint")
    assert finding.shape == "rkg:VisitShape-visitingParty"
    assert finding.focus == ID + "state-visit-of-ada-ruiz"
    assert finding.file == str(OWN_COUNTRY)
    assert (finding.line, finding.column) == (17, 19)
    assert (finding.end_line, finding.end_column) == (17, 29)
    assert finding.excerpt == "    rkg:hostParty id:arvenia ;"
    assert finding.value == f"<{ID}arvenia>"
    assert [str(related.place) for related in finding.related] == [f"{finding.file}:16:23"]


def test_a_report_escapes_what_it_shows_in_a_notebook(kg: rk.Graph, write: Write) -> None:
    report = kg.validate(write('id:x a rkg:City ; rdfs:label "<script>"@en .'))

    assert "&lt;script&gt;" in report._repr_html_()
    assert "<script>" not in report._repr_html_()


def test_a_message_has_only_the_beginning_of_a_very_long_name(kg: rk.Graph, write: Write) -> None:
    long = "long name " * 1000
    report = kg.validate(write(f'id:x a rkg:Visit ; rdfs:label "{long}"@en .'))
    named = [finding.message for finding in report.findings if "long name" in finding.message]

    assert named
    assert all("…" in message and len(message) < 600 for message in named)


def test_a_warning_does_not_keep_a_file_from_conforming(kg: rk.Graph) -> None:
    report = kg.validate(FACTS / "bad" / "undated-undated.ttl")

    assert [finding.severity for finding in report.findings] == ["warning"]
    assert report.conforms
    assert ": no errors, 1 warning in " in str(report)


def test_what_a_file_breaks_in_the_graph_is_the_files(kg: rk.Graph, write: Write) -> None:
    file = write("cp:s001 rkg:position 9 .")
    focus = "https://w3id.org/relations-kg/source/china-peru/"

    assert [
        ("max-count", focus + "s001", str(file)),
        ("same-position", focus + "s001", str(file)),
    ] == [(f.code, f.focus, f.file) for f in kg.validate(file).findings]


@pytest.mark.slow
def test_what_the_graph_has_wrong_is_not_the_files(write: Write) -> None:
    turtle = "id:arvenia rkg:seat id:ada-ruiz . id:nowhere rkg:about id:gone ."
    wrong = rk.load(only=[OWN_COUNTRY, write(turtle)])

    assert sorted(codes(wrong.validate())) == [
        "dangling-link",
        "disjoint",
        "no-class",
        "wrong-subject",
    ]
    assert all(finding.file is None for finding in wrong.validate().findings)
    assert wrong.validate(FACTS / "good" / "mediation.ttl").findings == ()
    assert wrong.validate(OWN_COUNTRY).findings == ()


def test_files_are_judged_together(kg: rk.Graph, write: Write) -> None:
    one = write("id:the-port rkg:builtBy id:the-builder .", "one.ttl")
    other = write(
        'id:the-port a rkg:Port ; rdfs:label "Port"@en ; rkg:statedIn cp:s009 .\n'
        'id:the-builder a rkg:Company ; rdfs:label "Builder"@en ; rkg:statedIn cp:s009 .',
        "other.ttl",
    )

    assert codes(kg.validate(one)) == ["no-class", "dangling-link"]
    assert kg.validate(one, other).findings == ()
    assert str(kg.validate(one, other)).startswith("all files: no errors in 7 facts; checked 2 ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known", "new", "code"),
    [
        # The class that a rule targets is stated last.
        (
            "id:v a rkg:Visit ; rkg:capacity id:prime-minister-of-peru .",
            "id:v a rkg:StateVisit .",
            "not-by-head-of-state",
        ),
        ("id:o rkg:statedIn cp:s009 .", 'cp:s009 rkg:carriesNoFact "A heading."@en .', "yet-cited"),
        # A value that was left open is stated.
        (
            "id:v a rkg:Visit ; rkg:leavesOpen rkg:hostParty .",
            "id:v rkg:hostParty id:peru .",
            "yet-given",
        ),
        # A thing on which others depend gets a date.
        (
            "id:m a rkg:Embassy ; rkg:openedBy id:o ; rkg:closedBy id:c . "
            'id:o a rkg:MissionOpening ; rkg:when "1990"^^edtf:EDTF . id:c a rkg:MissionClosure .',
            'id:c rkg:when "1980"^^edtf:EDTF .',
            "before-start",
        ),
        # The fact is only inferred, and rules do not see inferred facts.
        (
            "id:v a rkg:Visit ; rkg:visitor id:ada .",
            'id:ada a rkg:Person ; rdfs:label "Ada" .',
            "datatype",
        ),
    ],
    ids=["class", "target", "left open", "date", "inferred"],
)
def test_what_new_facts_break_is_found_whichever_half_was_known(
    write: Write, known: str, new: str, code: str
) -> None:
    graph = rk.load(write(known, "known.ttl"))

    assert code in codes(graph.validate(write(new)))
    assert code in codes(rk.load().validate(write(known + new)))


def test_what_is_inferred_of_a_thing_does_not_stand_for_its_class(write: Write) -> None:
    graph = rk.load(only=[write("id:v a rkg:Visit ; rkg:visitor id:ada .", "known.ttl")])
    report = graph.validate(write('id:ada a rkg:Person ; rdfs:label "Ada"@en .'))

    assert "no-class" not in codes(report)
    assert report.unchecked == ()


def test_an_inference_does_not_hide_a_mistake(kg: rk.Graph, write: Write) -> None:
    # The class of a seat follows from the ontology.
    report = kg.validate(write("id:embassy-of-peru-in-beijing rkg:seat id:xi-jinping ."))

    assert codes(report) == ["max-count", "class"]
    assert report.findings[1].message == (
        'rkg:seat of "Embassy of Peru, Beijing" must point to a rkg:Place; '
        '"Xi Jinping" is a rkg:Person'
    )


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("rkg:Person rdfs:subClassOf rkg:Polity .", "rkg:Person is a term of a vocabulary"),
        ("rkg:seat a owl:TransitiveProperty .", "rkg:seat is a term of a vocabulary, which facts"),
        ("owl:sameAs a owl:ObjectProperty .", "owl:sameAs is a term of a vocabulary, which facts"),
        ("id:peru owl:sameAs id:japan .", "owl:sameAs describes vocabularies and cannot"),
        ("id:peru rdfs:subClassOf id:japan .", "rdfs:subClassOf describes vocabularies and cannot"),
        ("id:peru a owl:Class .", "owl:Class is a class of vocabulary terms, not of things"),
    ],
)
def test_facts_say_nothing_about_vocabulary(
    kg: rk.Graph, write: Write, turtle: str, message: str
) -> None:
    report = kg.validate(write(turtle + "\nid:peru rkg:governmentSeat id:xi-jinping ."))

    assert sorted(codes(report)) == ["class", "vocabulary"]
    assert any(finding.message.startswith(message) for finding in report.findings)


def test_labels_comments_and_pointers_are_facts(kg: rk.Graph, write: Write) -> None:
    turtle = 'id:peru rdfs:comment "A state."@en ; rdfs:seeAlso <https://example.org/peru> .'

    assert kg.validate(write(turtle)).findings == ()


def test_a_link_to_nothing_is_one_mistake(kg: rk.Graph, write: Write) -> None:
    (finding,) = kg.validate(write("id:peru rkg:governmentSeat id:nowhere .")).findings

    assert finding.code == "class"
    assert finding.message.endswith("; id:nowhere is not described")


@pytest.mark.parametrize(
    ("date", "code", "help"),
    [
        ("2023-02-29", "date", "2023-02 has 28 days"),
        ("2023-13", "date", "months run from 01 to 12"),
        ("circa 1850", "pattern", "write '1850~'"),
        ("1850 - 1857", "pattern", "write '1850/1857'"),
    ],
)
def test_a_date_that_is_none_is_reported_with_what_would_be_right(
    kg: rk.Graph, write: Write, date: str, code: str, help: str
) -> None:
    (finding,) = kg.validate(write(f'id:coolies rkg:when "{date}"^^edtf:EDTF .')).findings

    assert (finding.code, finding.help) == (code, help)


def test_a_text_that_breaks_a_shape_too_is_reported_for_both(kg: rk.Graph, write: Write) -> None:
    findings = kg.validate(write('id:lima rdfs:label "a\\u0001b"@en .')).findings

    assert ["lexical", "unique-lang"] == [finding.code for finding in findings]
    assert "control character U+0001" in findings[0].message
    assert findings[1].help != findings[0].help


def test_what_meets_no_shape_is_reported(kg: rk.Graph, write: Write) -> None:
    report = kg.validate(write('id:lisbon a rkg:Citty ; rdfs:label "Lisbon"@en .'))

    assert codes(report) == ["unknown-term"]
    assert report.unchecked == (ID + "lisbon",)
    assert str(report).endswith("nothing was checked, 1 thing had no shape: id:lisbon\n")


def test_each_person_of_the_graph_is_suggested_for_a_misspelt_name(
    kg: rk.Graph, write: Write
) -> None:
    persons = [str(row.p).removeprefix(ID) for row in kg.query("SELECT ?p { ?p a rkg:Person }")]
    wrong = {f"{name}q": name for name in persons}
    actors = " , ".join(f"id:{name}" for name in wrong)

    found = kg.validate(write(f"id:a a rkg:Ceremony ; rkg:actor {actors} .")).findings

    helps = [finding.help for finding in found if finding.help and "did you mean" in finding.help]
    assert len(persons) > 15
    assert len(helps) == len(persons)
    for name in persons:
        assert any(f'"id:{name}"' in help for help in helps), name


def test_a_misspelt_term_of_another_vocabulary_is_not_known(kg: rk.Graph, write: Write) -> None:
    turtle = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    report = kg.validate(write(turtle + 'id:peru skos:altlabel "Perú"@es .'))

    assert [finding.message for finding in report.findings] == [
        "skos:altlabel is not in the ontology"
    ]


def test_a_syntax_error_is_a_finding_with_its_place(kg: rk.Graph) -> None:
    report = kg.validate(FACTS / "bad" / "syntax.ttl", OWN_COUNTRY)

    assert codes(report) == ["syntax", "disjoint"]
    assert (report.findings[0].line, report.findings[0].column) == (7, 21)
    assert "syntax.ttl:7:21\n" in str(report)


def test_an_empty_file_is_an_error_alone_and_a_warning_beside_another(kg: rk.Graph) -> None:
    report = kg.validate(FACTS / "bad" / "empty.ttl")

    assert not report.conforms
    assert codes(report) == ["empty"]
    assert str(report).endswith("1 error in 0 facts; nothing was checked\n")

    report = kg.validate(FACTS / "bad" / "empty.ttl", VISIT)

    assert report.conforms
    assert [Kind("warning", "empty", None)] == [finding.kind for finding in report.findings]


NOTHING = {
    "facts of the graph of inferred facts": (
        "trig",
        "<https://w3id.org/relations-kg/graph/inferred> { id:lima rkg:inRegion id:peru }",
    ),
    "facts of the graph of dates": (
        "trig",
        '<https://w3id.org/relations-kg/graph/dates> { id:lima rkg:earliestStart "2000-01-01" }',
    ),
    "a class of others": ("ttl", "id:ada a <http://xmlns.com/foaf/0.1/Person> ."),
    "other IRIs": ("ttl", "id:lima owl:sameAs <http://e.org/lima> , <http://e.org/ciudad> ."),
    "a link": ("ttl", "id:lima rdfs:seeAlso <http://e.org/lima> ."),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("times", [1, 2])
def test_files_in_which_nothing_can_be_checked_do_not_conform(
    kg: rk.Graph, tmp_path: Path, name: str, times: int
) -> None:
    suffix, text = NOTHING[name]
    files = [tmp_path / f"{number}.{suffix}" for number in range(times)]
    for file in files:
        file.write_text(PREFIXES + text)
    report = kg.validate(*files)

    assert not report.conforms
    found = [finding for finding in report.findings if finding.severity == "error"]
    assert {"nothing-checked"} == {finding.code for finding in found}
    assert [str(file) for file in files] == [finding.file for finding in found]
    assert kg.validate(*files, VISIT).conforms


@pytest.mark.parametrize(
    ("degrees", "refused"),
    [("geo:lat 1.0 , 2.0", True), ("geo:long 5 , 5.0 , 6", True), ("geo:lat -12.04318", False)],
)
def test_a_thing_lies_in_one_place(kg: rk.Graph, write: Write, degrees: str, refused: bool) -> None:
    said = 'id:lima skos:altLabel "Ciudad de los Reyes"@es ; '
    report = kg.validate(write(said + degrees + " ."))

    assert refused == ("identifier" in codes(report))
    assert report.conforms != refused


def test_what_cannot_be_read_raises(kg: rk.Graph, tmp_path: Path) -> None:
    (tmp_path / "binary.ttl").write_bytes(b"\0\1")
    (tmp_path / "facts.txt").write_text("text")
    for name in ("none.ttl", "binary.ttl", "facts.txt", "."):
        with pytest.raises(InputError):
            kg.validate(tmp_path / name)
    with pytest.raises(InputError, match="there is no such file"):
        kg.validate(tmp_path / "none.ttl", tmp_path / "binary.ttl")


def test_of_several_files_one_that_cannot_be_read_is_a_finding(
    kg: rk.Graph, tmp_path: Path
) -> None:
    report = kg.validate(tmp_path / "none.ttl", VISIT)

    assert codes(report) == ["unreadable"]
    assert report.findings[0].file == str(tmp_path / "none.ttl")
    assert not report.conforms


def test_a_file_may_come_by_standard_input(kg: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OWN_COUNTRY.read_bytes())))
    (finding,) = kg.validate("-").findings

    assert (finding.code, finding.file) == ("disjoint", "standard input")


def test_line_ends_and_byte_order_marks_do_not_matter(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "windows.ttl"
    text = VISIT.read_text(encoding="utf-8")
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert kg.validate(file).findings == ()


def test_a_literal_is_not_rewritten_on_its_way(kg: rk.Graph, write: Write) -> None:
    report = kg.validate(write('id:peru rdfs:label "Perú"@EN-gb .'))

    assert report.findings == ()
    assert codes(kg.validate(write("id:coolies rkg:vagueQuantity 007 ."))) == ["datatype"]


def test_asking_imports_no_validator() -> None:
    program = (
        "import sys, relations_kg as rk; rk.load().query('ASK { ?s ?p ?o }');"
        "assert not {'rdflib', 'pyshacl', 'relations_kg.validation.shapes'} & set(sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
