"""Tests of the order of findings: by file and line, and consequences after their cause."""

import random
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.rdf.namespaces import ID, PREFIXES
from relations_kg.reader.places import Place
from relations_kg.validation.findings import Finding, Related
from relations_kg.validation.ordering import ordered

HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("id", "rkg", "rdfs"))


def found(
    code: str,
    line: int | None = None,
    focus: str | None = "urn:a",
    file: str | None = "f",
    **more: Any,
) -> Finding:
    if line is None:
        return Finding("error", code, "", focus=focus, file=file, **more)
    place = dict.fromkeys(("line", "end_line"), line) | dict.fromkeys(("column", "end_column"), 5)
    return Finding("error", code, "", focus=focus, file=file, **(place | more))


def order(findings: list[Finding], *names: str) -> list[str]:
    return [f"{each.file}:{each.line} {each.code}" for each in ordered(findings, names)]


def test_findings_have_the_order_of_the_files_and_their_lines() -> None:
    findings = [
        found("max-count", 2, file="z"),
        found("date", 10, file="a"),
        found("max-count", 9, file="a"),
        found("pattern", 1, file="z"),
    ]

    for given_ in (findings, findings[::-1]):
        assert ["z:1 pattern", "z:2 max-count", "a:9 max-count", "a:10 date"] == order(
            given_, "z", "a"
        )


def test_what_has_no_line_comes_first_in_its_file_and_what_has_no_file_before_all() -> None:
    findings = [found("date", 1), found("empty"), found("pattern", file=None)]

    assert ["None:None pattern", "f:None empty", "f:1 date"] == order(findings, "f")


def test_on_one_line_the_text_comes_before_terms_values_and_rules() -> None:
    codes = ["syntax", "unknown-term", "date", "max-count"]
    findings = [found(code, 3, focus=code, column=9 - index) for index, code in enumerate(codes)]

    assert codes == [each.code for each in ordered(findings[::-1], ["f"])]


def test_on_one_line_the_same_kind_has_the_order_of_its_columns() -> None:
    findings = [found("date", 3, column=column) for column in (12, 5, 7)]

    assert [5, 7, 12] == [each.column for each in ordered(findings, ["f"])]


@pytest.mark.parametrize("code", ["min-count", "missing", "undated", "qualified-min-count"])
@pytest.mark.parametrize("cause", ["syntax", "unknown-prefix", "unknown-term", "no-class"])
def test_what_is_missing_follows_from_what_was_not_understood(code: str, cause: str) -> None:
    findings = [found(code, 1), found("date", 5), found(cause, 9), found("date", 12)]
    result = ordered(findings, ["f"])

    assert ["date", cause, code, "date"] == [each.code for each in result]
    assert [None, None, "f:9:5", None] == [each.follows for each in result]


def test_rules_about_what_a_thing_lacks_follow_too() -> None:
    findings = [found("without-receiver", 1), found("unknown-term", 9)]

    assert ["unknown-term", "without-receiver"] == [f.code for f in ordered(findings, ["f"])]


def test_a_thing_without_a_class_follows_from_the_misspelt_class() -> None:
    findings = [found("no-class", 1), found("min-count", 1, column=1), found("unknown-term", 9)]
    result = ordered(findings, ["f"])

    assert ["unknown-term", "no-class", "min-count"] == [each.code for each in result]
    assert [None, "f:9:5", "f:9:5"] == [each.follows for each in result]


@pytest.mark.parametrize("code", ["class", "or"])
def test_a_link_of_the_wrong_kind_follows_from_the_misspelt_class_of_its_thing(code: str) -> None:
    link = found(code, 1, focus="urn:b", value="<urn:a>")
    result = ordered([link, found("unknown-term", 9)], ["f"])

    assert ["unknown-term", code] == [each.code for each in result]
    assert [None, "f:9:5"] == [each.follows for each in result]


@pytest.mark.parametrize(
    "other",
    [
        found("min-count", 1, focus="urn:b"),
        found("min-count", 1, file="g"),
        found("max-count", 1),
        found("class", 1, focus="urn:a", value="<urn:b>"),
        found("class", 1, focus="urn:b", value='"urn:a"'),
        found("class", 1, focus="urn:b"),
    ],
    ids=["thing", "file", "kind", "link", "text", "no value"],
)
def test_what_has_nothing_to_do_with_a_mistake_stays_where_it_is(other: Finding) -> None:
    result = ordered([found("unknown-term", 9), other], ["g", "f"])

    assert [other.code, "unknown-term"] == [each.code for each in result]
    assert {None} == {each.follows for each in result}


def test_of_things_without_a_name_nothing_follows() -> None:
    result = ordered([found("min-count", 1, focus=None), found("syntax", 9, focus=None)], ["f"])

    assert ["min-count", "syntax"] == [each.code for each in result]
    assert None is result[0].follows


def test_a_value_of_another_kind_is_no_cause_of_what_is_missing() -> None:
    findings = [found("min-count", 1), found("date", 9)]

    assert ["min-count", "date"] == [each.code for each in ordered(findings, ["f"])]


def test_what_lacks_a_value_follows_from_the_value_of_another_datatype() -> None:
    findings = [found("min-count", 1, path="urn:p"), found("datatype", 9, path="urn:p")]
    others = [found("min-count", 1, path="urn:p"), found("datatype", 9, path="urn:q")]

    assert ["datatype", "min-count"] == [each.code for each in ordered(findings, ["f"])]
    assert ["min-count", "datatype"] == [each.code for each in ordered(others, ["f"])]


def test_another_datatype_follows_from_the_misspelt_one_with_which_the_literal_ends() -> None:
    result = ordered(
        [found("datatype", 3, column=1, end_column=20), found("unknown-term", 3, end_column=20)],
        ["f"],
    )

    assert [None, "f:3:5"] == [each.follows for each in result]


def test_terms_of_others_follow_from_the_prefix_that_makes_them_so() -> None:
    prefix = found("wrong-prefix", 1, None, value="http://e.org/")
    ours = found("foreign-term", 5, value="<http://e.org/City>")
    theirs = found("foreign-term", 7, value="<http://example.org/City>")
    result = ordered([prefix, ours, theirs], ["f"])

    assert [None, "f:1:5", None] == [each.follows for each in result]


def test_what_is_wrong_at_one_spot_follows_from_what_is_worst_there() -> None:
    result = ordered([found("max-count", 4), found("pattern", 4), found("unknown-term", 4)], ["f"])

    assert ["unknown-term", "max-count", "pattern"] == [each.code for each in result]
    assert [None, "f:4:5", "f:4:5"] == [each.follows for each in result]


def test_a_chain_of_mistakes_stands_together_after_the_first() -> None:
    findings = [
        found("class", 1, focus="urn:b", value="<urn:a>"),
        found("date", 2, focus="urn:c"),
        found("no-class", 3),
        found("unknown-term", 9),
    ]
    result = ordered(findings, ["f"])

    assert ["date", "unknown-term", "class", "no-class"] == [each.code for each in result]


def test_what_is_related_is_kept() -> None:
    related = (Related("the other value", Place("f", 2, 1, 2, 2)),)
    result = ordered([found("missing", 1, related=related), found("unknown-term", 9)], ["f"])

    assert related == result[1].related


def test_a_cause_in_a_document_is_named_by_its_pointer() -> None:
    result = ordered([found("missing", pointer="/b"), found("unknown-term", pointer="/a/c")], ["f"])

    assert ["unknown-term", "missing"] == [each.code for each in result]
    assert "f:/a/c" == result[1].follows


findings = st.builds(
    found,
    st.sampled_from(["syntax", "unknown-term", "no-class", "date", "min-count", "class", "empty"]),
    st.none() | st.integers(1, 5),
    st.sampled_from(["urn:a", "urn:b", None]),
    st.sampled_from(["f", "g"]),
    value=st.sampled_from([None, "<urn:a>", "<urn:b>"]),
)


def all_of(finding: Finding) -> str:
    return repr(astuple(finding))


@given(
    st.lists(
        findings,
        max_size=12,
        unique_by=lambda each: (each.code, each.message, each.shape, each.focus, each.where),
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_is_lost_and_the_order_is_always_the_same(
    given: list[Finding], chance: random.Random
) -> None:
    result = ordered(given, ["f", "g"])
    shuffled = chance.sample(given, len(given))

    assert result == ordered(shuffled, ["f", "g"])
    assert sorted(given, key=all_of) == sorted(
        (replace(f, follows=None) for f in result), key=all_of
    )
    files = [each.file for each in result]
    assert files == sorted(files, key=str)


# The order of the findings on whole files


def test_what_a_misspelt_class_brings_with_it_comes_after_it(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "f.ttl"
    file.write_text(
        f"{HEAD}id:peru rkg:governmentSeat id:new .\n"
        'id:new rdfs:label "New"@en ;\n    a rkg:Citty .\nid:new rkg:vagueQuantity 5 .\n'
    )
    first, *rest = kg.validate(file).findings

    assert ("unknown-term", ID + "new") == (first.code, first.focus)
    assert "class" in [each.code for each in rest]
    for each in rest:
        if each.code in ("class", "no-class", "min-count"):
            assert first.where == each.follows


def test_findings_of_several_files_have_the_order_in_which_these_are_given(
    kg: rk.Graph, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("b.ttl", "none.ttl", "a.ttl")]
    files[0].write_text(f"{HEAD}id:peru rkg:abuot id:japan .")
    files[2].write_text(f"{HEAD}id:japan rkg:abuot id:peru .")
    for given_ in (files, files[::-1]):
        report = kg.validate(*given_)

        assert [str(file) for file in given_] == [each.file for each in report.findings]
