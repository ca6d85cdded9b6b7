"""Tests of the formats of a report: their content, and safety with hostile text."""

import io
import json
import re
import unicodedata
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from relations_kg.errors import InputError
from relations_kg.rdf.formats import names
from relations_kg.rdf.namespaces import ID, SH
from relations_kg.reader.places import Place
from relations_kg.validation.findings import SEVERITIES, Finding, Fix, Related, Report

SCHEMA = json.loads(
    Path(__file__).parents[1].joinpath("docs", "report.schema.json").read_text(encoding="utf-8")
)
CLASS = Finding(
    "error",
    "class",
    'rkg:sendingParty must point to a rkg:Polity; "Xi Jinping" is a rkg:Person',
    "rkg:MissionShape-sendingParty",
    ID + "embassy",
    "bad.ttl",
    *(11, 22, 11, 35),
    excerpt="    rkg:sendingParty id:xi-jinping ;",
    help="A mission is sent by a polity.",
    related=(Related("he is described here", Place("known.ttl", 3, 1, 3, 14)),),
)
SYNTAX = Finding(
    "error",
    "syntax",
    'expected ";" or "." after this object',
    file="bad.ttl",
    line=25,
    column=8,
    end_line=25,
    end_column=8,
    excerpt='    "x"',
    fix=Fix(Place("bad.ttl", 25, 8, 25, 8), " ;"),
)
EMPTY = Finding("warning", "empty", "there are no facts", file="empty.ttl")
MISSING = Finding(
    "error",
    "missing",
    "a mission needs a sender",
    "rkg:MissionShape-missing",
    ID + "embassy",
    "new.jsonld",
    pointer="/@graph/3/rkg:when",
)
REPORT = Report(
    (CLASS, SYNTAX, EMPTY, MISSING),
    files=("bad.ttl", "empty.ttl", "new.jsonld", "good.ttl"),
    facts=11,
    checked=7,
    shapes=14,
    unchecked=(ID + "lisbon", ID + "x"),
    omitted=((CLASS.kind, 41),),
)
EVIL = '\x1b[31m\r\n::error::]]>&<b a="\'">%0A\x00\x9b2J\u2028\u202e\ufffe\ud800{0}[x](y) '
HOSTILE = Report(
    (Finding("error", "class", EVIL, "rkg:A-b", ID + "x", EVIL, 1, 1, 1, 9, excerpt=EVIL),),
    files=(EVIL,),
    facts=1,
)


def placed(line: str, start: int, end: int, **more: Any) -> Finding:
    return Finding(
        "error", "date", "no", None, None, "a.ttl", 7, start, 7, end, excerpt=line, **more
    )


def under(finding: Finding) -> list[str]:
    """Return the displayed part of a line and its marks, without the gutter."""
    lines = finding.text().splitlines()
    bar = lines[2].index("|") + 2
    return [line[bar:] for line in lines[3:5]]


# Human-readable formats


def test_a_finding_says_what_is_wrong_where_by_which_rule_and_what_would_be_right() -> None:
    expected = """\
error[class]: rkg:sendingParty must point to a rkg:Polity; "Xi Jinping" is a rkg:Person
  --> bad.ttl:11:22
    |
 11 |     rkg:sendingParty id:xi-jinping ;
    |                      ^^^^^^^^^^^^^
    = rule: MissionShape-sendingParty
    = help: A mission is sent by a polity.
    = see: known.ttl:3:1: he is described here"""

    assert expected == CLASS.text()
    assert expected == str(CLASS)


def test_what_is_missing_is_marked_after_the_last_character_and_its_fix_is_the_help() -> None:
    expected = """\
error[syntax]: expected ";" or "." after this object
  --> bad.ttl:25:8
    |
 25 |     "x"
    |        ^
    = help: write " ;\""""

    assert expected == SYNTAX.text()


def test_a_help_is_shown_rather_than_the_fix() -> None:
    fix = Fix(Place("a.ttl", 7, 1, 7, 2), "")

    assert "    = help: leave it out" in placed("x", 1, 2, fix=fix).text()
    assert "leave" not in placed("x", 1, 2, fix=fix, help="no x").text()


@pytest.mark.parametrize(
    ("finding", "arrow"),
    [
        (EMPTY, ["  --> empty.ttl"]),
        (replace(EMPTY, line=3), ["  --> empty.ttl:3"]),
        (replace(EMPTY, pointer="/@graph/3"), ["  --> empty.ttl:/@graph/3"]),
        (replace(EMPTY, file=None), []),
    ],
)
def test_a_place_is_given_as_far_as_it_is_known(finding: Finding, arrow: list[str]) -> None:
    assert ["warning[empty]: there are no facts", *arrow] == finding.text().split("\n")


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    expected = ["   --> a.ttl:123:1", "     |", " 123 | x", "     | ^"]

    assert expected == replace(placed("x", 1, 2), line=123, end_line=123).text().split("\n")[1:]


def test_what_goes_on_to_another_line_is_underlined_to_the_end_of_the_first() -> None:
    assert ['a """b', "  ^^^^"] == under(replace(placed('a """b  ', 3, 2), end_line=9))


def test_a_line_without_a_column_is_shown_without_marks() -> None:
    finding = replace(placed("x", 1, 2), column=None, end_column=None)

    assert ["a.ttl:7", "|", "7 | x"] == [
        line.strip(" ->") for line in finding.text().splitlines()[1:]
    ]


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "marks"),
    [
        ("\ta\tb", 4, 5, "    a    b", "         ^"),
        ("秘鲁 a", 4, 5, "秘鲁 a", "     ^"),
        ("a 秘鲁", 3, 5, "a 秘鲁", "  ^^^^"),
        ("e\u0301e\u0301 a", 6, 7, "e\u0301e\u0301 a", "   ^"),
        ("\x1b[31m a", 7, 8, " [31m a", "      ^"),
        ("\x9b\u202e\u2028\ud800a", 5, 6, "    a", "    ^"),
        ("", 1, 1, "", "^"),
        ("ab", 99, 120, "ab", "  ^"),
    ],
)
def test_the_marks_are_under_the_term(
    line: str, start: int, end: int, shown: str, marks: str
) -> None:
    assert [shown, marks] == under(placed(line, start, end))


def test_a_long_line_is_cut_around_the_term() -> None:
    line = "x" * 500 + " term " + "y" * 500

    shown, marks = under(placed(line, 502, 506))

    assert "…" + "x" * 59 + " term " + "y" * 95 + "…" == shown
    assert "term" == shown[marks.index("^") : len(marks)]
    assert max(map(len, under(placed(line, 1, 1001)))) < 170
    assert max(map(len, under(placed(line, 1006, 1006)))) < 170


def test_a_terminal_gets_colours_and_the_same_text() -> None:
    coloured = REPORT.serialize("text", colour=True)

    assert REPORT.serialize("text") == re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert "\x1b[1;31merror[class]\x1b[0m\x1b[1m: rkg:sendingParty must" in coloured
    assert "\x1b[1;33mwarning[empty]\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^^^^^^^^\x1b[0m" in coloured


def test_text_counts_what_is_left_out_of_a_kind_after_the_last_of_it() -> None:
    expected = f"""\
{CLASS}
+ 41 more of this kind (error[class], MissionShape-sendingParty)
{SYNTAX}
warning[empty]: there are no facts
  --> empty.ttl
error[missing]: a mission needs a sender
  --> new.jsonld:/@graph/3/rkg:when
    = rule: MissionShape-missing
all files: 44 errors, 1 warning in 11 facts; checked 7 things against 14 shapes, \
2 things had no shape: id:lisbon, id:x
"""

    assert expected == REPORT.serialize("text")


def test_text_shows_a_kind_with_many_findings_once() -> None:
    place = {"file": "m.csv", "column": 3, "help": "record them", "shape": "rkg:A-missing"}
    many = [Finding("warning", "missing", f"{n} lacks x", line=n, **place) for n in range(2, 102)]
    report = Report((many[0], SYNTAX, *many[1:]), files=("m.csv",), facts=500)
    expected = f"""\
warning[missing]: 2 lacks x
  --> m.csv:2:3
    = rule: A-missing
    = help: record them
    = also: m.csv:3:3, m.csv:4:3
+ 97 more of this kind (warning[missing], A-missing)
{SYNTAX}
m.csv: 1 error, 100 warnings in 500 facts; nothing was checked
"""

    assert expected == report.limited(3).serialize()
    # All findings are shown without a limit, or if their number does not exceed it.
    assert 100 == report.serialize().count(" lacks x\n")
    assert 3 == Report((*many[1:],)).limited(3).serialize().count(" lacks x\n")


def test_text_counts_what_is_left_out_even_if_nothing_of_the_kind_is_shown() -> None:
    expected = """\
+ 2 more of this kind (error[syntax])
a.ttl: 2 errors in 1 fact; nothing was checked
"""

    report = Report((SYNTAX, SYNTAX), files=("a.ttl",), facts=1).limited(0)

    assert expected == report.serialize("text")


def test_the_summary_names_five_of_the_things_that_met_no_shape() -> None:
    things = tuple(ID + name for name in "abcdefgh")

    assert (
        "the graph: no errors in 0 facts; nothing was checked, 8 things had no shape: "
        "id:a, id:b, id:c, id:d, id:e and 3 more\n"
    ) == Report((), unchecked=things).serialize("text")


def test_concise_has_a_line_for_each_finding() -> None:
    expected = """\
bad.ttl:11:22: error[class] rkg:sendingParty must point to a rkg:Polity; \
"Xi Jinping" is a rkg:Person
bad.ttl:25:8: error[syntax] expected ";" or "." after this object
empty.ttl: warning[empty] there are no facts
new.jsonld:/@graph/3/rkg:when: error[missing] a mission needs a sender
+ 41 more
"""

    assert expected == REPORT.serialize("concise")
    assert "error[syntax] no\n" == Report((Finding("error", "syntax", "no"),)).serialize("concise")


# Machine-readable formats


def test_json_holds_all_that_is_known() -> None:
    expected = {
        "version": 1,
        "conforms": False,
        "files": ["bad.ttl"],
        "facts": 3,
        "checked": 0,
        "shapes": 0,
        "unchecked": [ID + "x"],
        "findings": [
            {
                "severity": "error",
                "code": "syntax",
                "message": 'expected ";" or "." after this object',
                "shape": None,
                "focus": None,
                "file": "bad.ttl",
                "line": 25,
                "column": 8,
                "end_line": 25,
                "end_column": 8,
                "pointer": None,
                "excerpt": '    "x"',
                "help": None,
                "fix": {
                    "place": {
                        "file": "bad.ttl",
                        "line": 25,
                        "column": 8,
                        "end_line": 25,
                        "end_column": 8,
                    },
                    "text": " ;",
                },
                "related": [],
                "path": None,
                "value": None,
                "follows": None,
            }
        ],
        "omitted": [
            {
                "severity": "error",
                "code": "class",
                "shape": CLASS.shape,
                "message": None,
                "count": 41,
            }
        ],
        "ignored": [],
    }

    report = Report((SYNTAX,), ("bad.ttl",), 3, 0, 0, (ID + "x",), ((CLASS.kind, 41),))

    assert expected == json.loads(report.serialize("json"))


def test_json_is_indented_by_two_and_keeps_letters() -> None:
    lines = Report((), files=("perú.ttl",)).serialize("json").split("\n")

    assert ['  "files": [', '    "perú.ttl"', "  ],", "", "}"] == [
        *lines[3:6],
        lines[-1],
        lines[-2],
    ]


@pytest.mark.parametrize("report", [Report(()), REPORT, HOSTILE])
def test_json_fits_its_schema(report: Report) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(report.serialize("json")))


def test_the_schema_describes_every_field() -> None:
    defined = SCHEMA["$defs"]

    assert [field.name for field in fields(Finding)] == list(defined["finding"]["properties"])
    assert list(Place._fields) == list(defined["place"]["properties"])
    for part in (SCHEMA, *(value for value in defined.values() if "properties" in value)):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
        assert all("description" in field for field in part["properties"].values())


def test_text_counts_different_mistakes_in_cells_apart() -> None:
    messages = ["row: line 2 has the key 'P1'", "row: line 8 has the key 'P2'", "when: no date"]
    found = [Finding("error", "value", each, file="m.csv", line=9) for each in messages]

    report = Report((*found,), files=("m.csv",), facts=1).limited(1)

    assert [found[0], found[2]] == [*report.findings]
    assert "+ 1 more of this kind (error[value]: row: line … has the key …)\n" in str(report)


def test_github_gets_a_command_for_each_finding() -> None:
    expected = """\
::error file=bad.ttl,line=11,endLine=11,col=22,endColumn=35,\
title=class (MissionShape-sendingParty)::rkg:sendingParty must point to a rkg:Polity; \
"Xi Jinping" is a rkg:Person%0AA mission is sent by a polity.%0A\
see known.ttl:3:1: he is described here
::error file=bad.ttl,line=25,endLine=25,col=8,endColumn=8,\
title=syntax::expected ";" or "." after this object%0Awrite " ;"
::warning file=empty.ttl,title=empty::there are no facts
::error file=new.jsonld,title=missing (MissionShape-missing)::\
/@graph/3/rkg:when: a mission needs a sender
::notice::+ 41 more of this kind (error[class], MissionShape-sendingParty)
"""

    assert expected == REPORT.serialize("github")


def test_github_commands_are_escaped() -> None:
    finding = Finding("info", "date", "100%\n::error::x", file="a,b:c%.ttl", line=1, column=2)

    # GitHub accepts columns only for mistakes on one line, and this one has no end.
    assert "::notice file=a%2Cb%3Ac%25.ttl,line=1,title=date::100%25 ::error::x\n" == Report(
        (finding,)
    ).serialize("github")


def test_sarif_has_the_place_the_rule_and_the_fix_of_each_finding() -> None:
    (run,) = json.loads(REPORT.serialize("sarif"))["runs"]
    results, rules = run["results"], run["tool"]["driver"]["rules"]

    assert "unicodeCodePoints" == run["columnKind"]
    assert {
        "artifactLocation": {"uri": "bad.ttl", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 11,
            "startColumn": 22,
            "endLine": 11,
            "endColumn": 35,
            "snippet": {"text": "id:xi-jinping"},
        },
        "contextRegion": {"startLine": 11, "snippet": {"text": CLASS.excerpt}},
    } == results[0]["locations"][0]["physicalLocation"]
    assert f"{CLASS.message} (A mission is sent by a polity)." == results[0]["message"]["text"]
    assert {"text": "he is described here."} == results[0]["relatedLocations"][0]["message"]
    assert [
        {
            "deletedRegion": {"startLine": 25, "startColumn": 8, "endLine": 25, "endColumn": 8},
            "insertedContent": {"text": " ;"},
        }
    ] == results[1]["fixes"][0]["artifactChanges"][0]["replacements"]
    assert ["error", "error", "warning", "error"] == [result["level"] for result in results]
    assert [
        "class/MissionShape-sendingParty",
        "syntax",
        "empty",
        "missing/MissionShape-missing",
    ] == [rules[result["ruleIndex"]]["id"] for result in results]
    assert [rules[result["ruleIndex"]]["id"] for result in results] == [
        result["ruleId"] for result in results
    ]
    assert len({rule["id"] for rule in rules}) == len(rules) == 4
    assert 41 == int(
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].split()[1]
    )


def test_sarif_shows_what_has_no_line_at_the_head_of_a_file() -> None:
    nowhere = Finding("error", "contradiction", "no")
    (run,) = json.loads(Report((EMPTY, nowhere), ("a.ttl",)).serialize("sarif"))["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]

    assert ["empty.ttl", "a.ttl"] == [place["artifactLocation"]["uri"] for place in places]
    assert {1} == {number for place in places for number in place["region"].values()}


@pytest.mark.parametrize(
    ("file", "location"),
    [
        ("./a b/perú#.ttl", {"uri": "a%20b/per%C3%BA%23.ttl", "uriBaseId": "%SRCROOT%"}),
        ("http://x", {"uri": "http%3A//x", "uriBaseId": "%SRCROOT%"}),
        ("/data/a b.ttl", {"uri": "file:///data/a%20b.ttl"}),
    ],
)
def test_sarif_names_files_by_uris(file: str, location: dict[str, str]) -> None:
    (run,) = json.loads(Report((), files=(file,)).serialize("sarif"))["runs"]

    assert location == run["artifacts"][0]["location"]


def test_sarif_knows_a_mistake_again_where_lines_have_moved() -> None:
    moved = replace(CLASS, line=12, end_line=12, excerpt="", related=())
    (run,) = json.loads(Report((CLASS, moved, SYNTAX)).serialize("sarif"))["runs"]
    first, second, other = (result["partialFingerprints"] for result in run["results"])

    assert first == second != other


def test_junit_has_a_suite_for_each_file_and_a_case_for_each_finding() -> None:
    expected = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="relations-kg validate" tests="4" failures="2" errors="0" time="0">
  <testsuite name="bad.ttl" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="bad.ttl" name="bad.ttl: error[lexical] no &quot;&lt;&quot;" time="0">
      <failure message="bad.ttl: error[lexical] no &quot;&lt;&quot;" type="error">\
error[lexical]: no "&lt;"
  --&gt; bad.ttl</failure>
    </testcase>
  </testsuite>
  <testsuite name="empty.ttl" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="empty.ttl" name="empty.ttl: warning[empty] there are no facts" \
time="0">
      <system-out>warning[empty]: there are no facts
  --&gt; empty.ttl</system-out>
    </testcase>
  </testsuite>
  <testsuite name="good.ttl" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="good.ttl" name="conforms" time="0" />
  </testsuite>
  <testsuite name="left out" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="left out" name="+ 2 more of this kind (error[lexical])" time="0">
      <failure message="+ 2 more of this kind (error[lexical])" type="error">\
+ 2 more of this kind (error[lexical])</failure>
    </testcase>
  </testsuite>
</testsuites>
"""
    lexical = Finding("error", "lexical", 'no "<"', file="bad.ttl")
    files = ("bad.ttl", "empty.ttl", "good.ttl")

    report = Report((lexical, EMPTY), files, omitted=((lexical.kind, 2),))

    assert expected == report.serialize("junit")


def test_turtle_is_the_validation_report_of_shacl() -> None:
    expected = """\
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

[] a sh:ValidationReport ;
    sh:conforms false ;
    sh:result [
        a sh:ValidationResult ;
        sh:resultSeverity sh:Violation ;
        sh:focusNode id:embassy ;
        sh:sourceConstraintComponent sh:ClassConstraintComponent ;
        sh:sourceShape rkg:MissionShape-sendingParty ;
        sh:resultMessage "rkg:sendingParty must point to a rkg:Polity; \\"Xi Jinping\\" is a \
rkg:Person"@en ;
        dc:source "bad.ttl:11:22"
    ] , [
        a sh:ValidationResult ;
        sh:resultSeverity sh:Warning ;
        sh:focusNode [] ;
        sh:sourceConstraintComponent rkg:EmptyConstraintComponent ;
        sh:resultMessage "there are no facts"@en ;
        dc:source "empty.ttl"
    ] , [
        a sh:ValidationResult ;
        sh:resultSeverity sh:Violation ;
        sh:focusNode id:embassy ;
        sh:sourceConstraintComponent sh:SPARQLConstraintComponent ;
        sh:sourceShape rkg:MissionShape ;
        sh:sourceConstraint rkg:MissionShape-missing ;
        sh:resultMessage "a mission needs a sender"@en ;
        dc:source "new.jsonld:/@graph/3/rkg:when"
    ] .
"""

    assert expected == Report((CLASS, EMPTY, MISSING)).serialize("turtle")


@pytest.mark.parametrize(
    ("report", "conforms"),
    [
        (Report(()), "true"),
        (Report((EMPTY,)), "false"),
        (Report((), omitted=((EMPTY.kind, 1),)), "false"),
    ],
)
def test_in_turtle_a_warning_keeps_facts_from_conforming(report: Report, conforms: str) -> None:
    assert f"    sh:conforms {conforms} " in report.serialize("turtle")


@pytest.mark.parametrize("focus", ["no iri", "", 'urn:x> . <a> <b> "', ID + "Lima/perú", "_:b0"])
def test_turtle_parses_whatever_the_focus_is(focus: str) -> None:
    turtle = Report((replace(CLASS, focus=focus, shape=focus, code="a b"),)).serialize("turtle")

    assert 1 == sum(quad.predicate.value == SH + "focusNode" for quad in parsed(turtle))
    assert len(parsed(turtle)) == len(rdflib.Graph().parse(data=turtle, format="turtle"))


# All formats


def parsed(turtle: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(io.BytesIO(turtle.encode()), pyoxigraph.RdfFormat.TURTLE))


def test_an_unknown_format_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        REPORT.serialize("html")

    assert str(caught.value) == (
        "unknown format 'html'; use one of text, concise, json, github, sarif, junit, turtle"
    )


@pytest.mark.parametrize("format", names("findings"))
@pytest.mark.parametrize("report", [Report(()), REPORT, HOSTILE, HOSTILE.limited(0)])
def test_a_view_is_safe_to_print_and_ends_its_lines(report: Report, format: str) -> None:
    text = report.serialize(format)

    assert text.encode().decode() == text
    assert not text or text.endswith("\n")
    assert not re.search(r"[ \t]\n", text)
    assert all(c.isprintable() for line in text.split("\n") for c in line)
    assert text == report.serialize(format)


TEXT = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\t\n\r %:,<>\"'é秘\u0301]"))
SPAN = st.tuples(*[st.integers(1, 30)] * 4)
FINDING = st.builds(
    lambda severity, code, texts, span, known: Finding(
        severity,
        code,
        texts[0],
        file=texts[1] if known else None,
        line=span[0] if known else None,
        column=span[1] if known else None,
        end_line=span[0] + span[2] // 20 if known else None,
        end_column=span[1] + span[3] if known else None,
        excerpt=texts[2] if known else None,
        help=texts[3] or None,
        fix=Fix(Place(texts[1], *span), texts[4]),
        related=(Related(texts[5], Place(texts[1], *span)),),
    ),
    st.sampled_from(SEVERITIES),
    st.sampled_from(["class", "syntax", "date"]),
    st.tuples(*[TEXT] * 6),
    SPAN,
    st.booleans(),
)
REPORTS = st.builds(
    lambda findings, files: Report(tuple(findings), tuple(files)).limited(2),
    st.lists(FINDING, max_size=4),
    st.lists(TEXT, max_size=2),
)


@given(REPORTS)
def test_json_is_read_back_as_it_was(report: Report) -> None:
    content = json.loads(report.serialize("json"))

    assert list(report.files) == content["files"]
    for finding, read in zip(report.findings, content["findings"], strict=True):
        place = read["fix"]["place"]
        assert [getattr(finding, name) for name in [*read][:13]] == [*read.values()][:13]
        assert finding.fix == Fix(Place(**place), read["fix"]["text"])
        assert finding.related[0].message == read["related"][0]["message"]


@given(REPORTS)
def test_junit_is_xml_with_a_case_for_each_finding(report: Report) -> None:
    root = ElementTree.fromstring(report.serialize("junit").encode())
    cases = [*root.iter("testcase")]

    assert int(root.attrib["tests"]) == len(cases) >= len(report.findings)
    assert (not report.conforms) == (int(root.attrib["failures"]) > 0)


@given(REPORTS)
def test_github_commands_are_one_line_each(report: Report) -> None:
    lines = report.serialize("github").split("\n")[:-1]

    assert len(report.findings) + len(report.omitted) == len(lines)
    for line in lines:
        assert re.fullmatch(r"::(error|warning|notice)( [^:]*)?::.*", line)
        assert line.isprintable()


@given(REPORTS)
def test_turtle_has_a_result_for_each_finding(report: Report) -> None:
    quads = parsed(report.serialize("turtle"))

    assert len(report.findings) == sum(quad.predicate.value == SH + "result" for quad in quads)


@given(REPORTS)
def test_sarif_has_regions_that_do_not_end_before_they_begin(report: Report) -> None:
    (run,) = json.loads(report.serialize("sarif"))["runs"]

    for result in run["results"]:
        assert result["message"]["text"].endswith(".")
        for location in result.get("locations", ()):
            region = location["physicalLocation"]["region"]
            assert region["startLine"] <= region["endLine"]
            assert "" != location["physicalLocation"]["artifactLocation"]["uri"]


@given(REPORTS)
def test_text_and_concise_obey_no_text(report: Report) -> None:
    text, concise = report.serialize("text"), report.serialize("concise")

    assert text.replace("\n", "").isprintable()
    assert len(report.findings) + bool(report.omitted) == concise.count("\n")


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes, by an algorithm other than the code's."""
    kept = [c for c in text if unicodedata.category(c) not in ("Mn", "Me")]
    return len(kept) + sum(unicodedata.east_asian_width(c) in "WF" for c in kept)


@given(
    st.text("\tab é秘\u0301\uff57\x1b", max_size=200),
    st.text("ab秘é", min_size=1, max_size=20),
    st.text("\tab 秘", max_size=200),
)
def test_the_marks_stay_under_the_term(before: str, term: str, after: str) -> None:
    start = len(before) + 1

    shown, marks = under(placed(before + f"[{term}]" + after, start, start + len(term) + 2))

    cut = shown.index(f"[{term}]")
    assert columns(shown[:cut]) == marks.count(" ")
    assert columns(f"[{term}]") == marks.count("^")
