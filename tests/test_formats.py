"""Tests of the table of formats: names, synonyms, suffixes and media types."""

import pytest

from relations_kg.errors import InputError
from relations_kg.rdf import formats
from relations_kg.rdf.formats import FORMATS, Format


def test_a_name_or_synonym_means_one_format_for_each_content() -> None:
    contents = {content for format in FORMATS for content in format.contents}
    for content in contents:
        words = [
            w for format in formats.containing(content) for w in (format.name, *format.synonyms)
        ]
        assert len(set(words)) == len(words), content


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_a_format_is_found_by_each_of_its_names_in_any_case(format: Format) -> None:
    for word in (format.name, *format.synonyms):
        for spelt in (word, word.upper(), word.title()):
            assert formats.find(spelt, *format.contents) in (
                format,
                formats.find(word, *format.contents),
            )
    assert all(word == word.lower() for word in (format.name, *format.synonyms))
    assert all(suffix.startswith(".") and suffix.islower() for suffix in format.suffixes)
    assert all(each.count("/") == 1 for each in format.media_types)


@pytest.mark.parametrize(
    ("name", "path", "contents", "chosen"),
    [
        (None, None, ["rows"], "table"),
        (None, None, ["triples"], "turtle"),
        (None, None, ["findings"], "text"),
        (None, "out.csv", ["rows"], "csv"),
        (None, "OUT.JSON", ["rows"], "json"),
        (None, "out.json", ["triples"], "jsonld"),
        (None, "out.xml", ["findings"], "junit"),
        (None, "out.ttl", ["findings"], "turtle"),
        (None, "out.of.nq", ["triples", "quads"], "nquads"),
        (None, "folder.ttl/out", ["rows"], "table"),
        ("table", "out.data", ["rows"], "table"),
        ("CSV", "out.data", ["rows"], "csv"),
        ("sarif", "out.json", ["findings"], "sarif"),
        ("json", "out.json", ["triples"], "jsonld"),
        ("md", "out.md", ["comparison"], "markdown"),
        ("text", "out.txt", ["rows"], "table"),
        (None, "out.v3", ["rows"], "table"),
        ("csv", "out.dat", ["rows"], "csv"),
    ],
)
def test_the_name_or_the_suffix_chooses_the_format(
    name: str | None, path: str | None, contents: list[formats.Content], chosen: str
) -> None:
    assert chosen == formats.choose(name, path, *contents).name


@pytest.mark.parametrize(
    ("name", "path", "contents", "message"),
    [
        ("csv", "out.tsv", ["rows"], "out.tsv: .tsv means tsv, not csv; use one of .csv"),
        (
            "turtle",
            "a.jsonld",
            ["triples"],
            ".jsonld means jsonld, not turtle; use one of .ttl, .turtle, .n3",
        ),
        (
            None,
            "out.ttl",
            ["rows"],
            ".ttl means turtle, which cannot contain rows; use one of .txt, .csv",
        ),
        (None, "out.nq", ["triples"], ".nq means nquads, which cannot contain triples; use one of"),
        ("png", "out.ttl", ["rows"], "unknown format 'png'; use one of table, csv, tsv"),
        ("sarif", None, ["rows"], "unknown format 'sarif'"),
        (
            "csv",
            "a.cvs",
            ["rows"],
            'a.cvs: .cvs is not the suffix of a format; did you mean ".csv"?',
        ),
        (None, "out.jsnld", ["triples"], 'did you mean ".jsonld"?'),
        (
            None,
            "x.nope",
            ["triples"],
            "x.nope: .nope is not the suffix of a format; use one of .ttl, .turtle, .n3",
        ),
        (None, "x.log", ["findings"], ".log is not the suffix of a format; use one of .txt"),
    ],
)
def test_a_suffix_that_is_misspelt_or_means_another_format_is_refused(
    name: str | None, path: str | None, contents: list[formats.Content], message: str
) -> None:
    with pytest.raises(InputError) as error:
        formats.choose(name, path, *contents)

    assert message in str(error.value)


def test_the_engine_agrees_about_media_types_and_suffixes() -> None:
    for format in FORMATS:
        for engine in filter(None, (format.rdf, format.results)):
            assert type(engine).from_media_type(format.media_types[0]) == engine
            assert f".{engine.file_extension}" in format.suffixes
