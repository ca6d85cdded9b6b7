"""Tests of articles: their units, and the files of passages made of them."""

import os
import re
from pathlib import Path

import pytest
from command_line import complaint, run
from documents import ALDORA_PERU, CHINA_PERU, DATA
from hypothesis import given
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.articles.passages import passages
from relations_kg.articles.sentences import sentences
from relations_kg.articles.units import units

TESTS = Path(__file__).parent
ARTICLE = """\
# An invented article.

= Avaria–Borduria relations =

Infobox
- Party1: Avaria
- Party2: Borduria

Avaria and Borduria met in 1901. Order No. RE014 of Gen. A. B. Ode began "the talks. Or so." Dr. Ode
said.

== History ==
=== Early years ===
They signed a treaty on 5 Sept. 1902 (see Art. 3. It is long). World War I. ended it.

== Visits ==
Visits from Avaria to Borduria
- President Ione Marsh (1950)
- Minister Ode (1951 &
  1952)

Visits from Borduria to Avaria:
1. King Tor (1960)
"""


def split(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, text[unit.begin : unit.end]) for unit in units(text, "an-article")]


def test_an_article_has_its_units_in_order() -> None:
    assert [
        ("sentence", "An invented article."),
        ("heading", "= Avaria–Borduria relations ="),
        ("layout", "Infobox"),
        ("field", "Party1: Avaria"),
        ("field", "Party2: Borduria"),
        ("sentence", "Avaria and Borduria met in 1901."),
        ("sentence", 'Order No. RE014 of Gen. A. B. Ode began "the talks. Or so."'),
        ("sentence", "Dr. Ode\nsaid."),
        ("heading", "== History =="),
        ("heading", "=== Early years ==="),
        ("sentence", "They signed a treaty on 5 Sept. 1902 (see Art. 3. It is long)."),
        ("sentence", "World War I. ended it."),
        ("heading", "== Visits =="),
        ("caption", "Visits from Avaria to Borduria"),
        ("list-item", "President Ione Marsh (1950)"),
        ("list-item", "Minister Ode (1951 &\n  1952)"),
        ("caption", "Visits from Borduria to Avaria:"),
        ("list-item", "King Tor (1960)"),
    ] == split(ARTICLE)


def test_a_unit_has_the_path_of_its_section() -> None:
    found = units(ARTICLE, "an-article")
    title = "Avaria–Borduria relations"

    assert (title,) == found[0].path == found[5].path
    assert ("Infobox",) == found[3].path
    assert (title, "History", "Early years") == found[10].path
    assert (title, "Visits") == found[14].path
    assert [None, 1, 8, 1] == [unit.parent for unit in found if unit.kind == "heading"]
    assert ("Party2", "Borduria") == (found[4].name, found[4].value)


SENTENCES = [
    "He left the U.S. | In 1990 he met J. F. Ode Jr. in St. Gallen.",
    "It ended.[1] | Others (Wang et al. 1993) differ, etc. | In c. 1923 it fell.",
    "It is in vol. 3, pp. 4. | No. | The end came after World War I. | Peru won!",
    "“Go. Now.” he said. | ¿Vino el Sr. Paz? | Sí. | He came vs. Chile at 5 p.m. | The end",
    "Henry V. | Then 3.5 per cent... | And more.",
    "One.” | Two… | 1990 was three.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_only_the_end_of_a_sentence_ends_it(marked: str) -> None:
    text = marked.replace("| ", "")

    assert marked.split(" | ") == [text[b:e] for b, e in sentences(text, 0, len(text))]


def test_articles_without_markup_have_units_too() -> None:
    plain = "Avaria and Borduria\n\nThey met. Often.\n\nVisits\n\nKing A (1950)\nEarl B (1951)\n"
    wrapped = f"{'The relations of Avaria and Borduria are old ' * 2}and\nfirm. They last.\n"
    underlined = "Title\r\n=====\r\nOne.\r\n\r\nPart\r\n----\r\nTwo.\r\n"

    assert ["heading", "sentence", "sentence", "heading", "list-item", "list-item"] == [
        kind for kind, _ in split(plain)
    ]
    assert [wrapped[:99].strip(), "They last."] == [words for _, words in split(wrapped)]
    assert [("Title",), ("Title",), ("Title", "Part"), ("Title", "Part")] == [
        unit.path for unit in units(underlined, "a")
    ]
    assert [("sentence", "One line")] == split("One line\n")[:0] or split("one line.")
    assert ("an-article",) == units("They met.", "an-article")[0].path


@given(st.text(st.sampled_from('aA1 .\n\n-=#:()"|\r\u2028é*'), max_size=60))
def test_nothing_of_an_article_is_lost(text: str) -> None:
    """Units are in order, do not overlap, and leave out only list markers and white space."""
    rest, position = "", 0
    for unit in units(text, "a"):
        assert position <= unit.begin < unit.end
        assert text[unit.begin : unit.end].strip() == text[unit.begin : unit.end]
        rest += text[position : unit.begin]
        position = unit.end
    rest += text[position:]

    assert not re.search(r"[^\W\d_]{2}|[\"]", rest)


def test_one_passage_is_counted_in_the_singular() -> None:
    assert (
        "standard output: 1 passage; 1 gist is missing\n" == run("passages", "-", text="x").stderr
    )


def test_the_gists_of_new_passages_are_to_be_written(tmp_path: Path) -> None:
    article, file = tmp_path / "Avária Borduria.txt", tmp_path / "passages.ttl"
    article.write_text(ARTICLE, encoding="utf-8")
    ran = run("passages", article, "-o", file)
    report = rk.load().validate(file)
    found = rk.load(only=[file]).passages()

    assert (0, "") == (ran.returncode, ran.stdout)
    assert "18 passages; 18 gists are missing" in ran.stderr
    assert 18 == sum(
        f"{finding.shape}".endswith("PassageShape-gist") for finding in report.findings
    )
    assert 18 == len(report.findings)
    assert "src:avaria-borduria/s018" == found[-1].curie
    assert [p.text(ARTICLE) for p in found] == [words for _, words in split(ARTICLE)]


def written(turtle: str) -> str:
    """Return Turtle with a gist for each passage."""
    number = iter(range(100))
    return re.sub(r'gist ""@en', lambda _: f'gist "Gist {next(number)}."@en', turtle)


def test_what_was_written_stays_when_the_article_changes(tmp_path: Path) -> None:
    article, file = tmp_path / "avaria.txt", tmp_path / "passages.ttl"
    article.write_text(ARTICLE, encoding="utf-8")
    first = written(passages(article).turtle).replace(
        'rkg:carriesNoFact "layout"@en', 'rkg:description "Mine."@en'
    )
    first = first.replace("\nap:s009 a", "\n# A remark.\nap:s009 a").replace("ap:", "x:")
    first = first.replace("\na:s009 a", "\n# A remark.\na:s009 a")
    file.write_text(first, encoding="utf-8")

    assert first == passages(article, file).turtle

    edited = ARTICLE.replace("- President", "- Queen Ada (1949)\n- President").replace(
        "met in 1901", "met in 1902"
    )
    article.write_text("New words.\n\n" + edited.replace("- Party2: Borduria\n", ""))
    again = passages(article, file)
    file.write_text(again.turtle, encoding="utf-8")
    found = {p.iri.rpartition("/")[2]: p for p in rk.load(only=[file]).passages()}

    assert ["s019", "s020"] == [iri[-4:] for iri in again.unwritten]
    assert ["s006"] == [iri[-4:] for iri in again.changed]
    assert ["s005"] == [iri[-4:] for iri in again.gone]
    assert "# A remark.\na:s009 a" in again.turtle
    assert 'rkg:description "Mine."@en' in again.turtle
    assert (1, "") == (found["s019"].position, found["s019"].gist)
    assert ("Gist 14.", "President Ione Marsh (1950)") == (
        found["s015"].gist,
        found["s015"].text(article.read_text(encoding="utf-8")),
    )
    assert again.turtle.endswith('a:s005 "Gist 4."@en\n')
    assert again.turtle == passages(article, file).turtle


@pytest.mark.slow
def test_a_single_passage_is_the_one_that_the_whole_split_has(tmp_path: Path) -> None:
    article, file = tmp_path / "avaria.txt", tmp_path / "passages.ttl"
    article.write_text(ARTICLE, encoding="utf-8")
    whole = passages(article)
    for words, name in [("Party2: Borduria", "s005"), ("President Ione Marsh (1950)", "s015")]:
        file.write_text(run("passage", article, words).stdout, encoding="utf-8")
        (single,) = rk.load(only=[file]).passages()
        block = re.search(rf"(?ms)^a:{name} a .*?\n\n", whole.turtle)
        assert block
        expected = re.sub(r"position \d+", "position 1", block[0].replace(name, "s001"))
        assert expected.strip() in file.read_text(encoding="utf-8")
        assert words == single.text(ARTICLE)
    file.write_text(whole.turtle, encoding="utf-8")
    another = run("passage", article, "Dr. Ode", "--only", file)
    errors = [run("passage", article, words).stderr for words in ("Khemed", "Borduria")]

    assert "no words are given; copy those" in complaint("passage", article, " ")
    assert "a:s019 a rkg:Passage" in another.stdout
    assert "rkg:SourceDocument" not in another.stdout
    assert ["does not contain these words", "contains these words more than once"] == [
        re.sub(r".*document | ;.*|, at .*|; .*", "", error).strip() for error in errors
    ]


BAD = [
    (b"", "the article is empty; give its text"),
    (b" \n\r\n", "the article is empty"),
    (b"\x89PNG\x00\x01\x02", "this is a binary file; give text in UTF-8"),
    ("Perú.\nPerú.".encode("latin-1"), "this is not text in UTF-8: byte 0xFA in line 1; save"),
    ("Peru.".encode("utf-16"), "this is text in UTF-16; save it in UTF-8"),
    (b"%PDF-1.4\n%\xe2\xe3", "this is a PDF, not text; save its text in UTF-8"),
    (b"<!DOCTYPE html><p>Peru.", "this is not plain text; save the article as text"),
]


@pytest.mark.parametrize(("content", "words"), BAD)
def test_what_is_no_article_is_reported(tmp_path: Path, content: bytes, words: str) -> None:
    article, file = tmp_path / "article.txt", tmp_path / "passages.ttl"
    article.write_bytes(content)
    ran = run("passages", article, "-o", file)

    assert (2, "") == (ran.returncode, ran.stdout)
    assert f"article.txt: {words}" in ran.stderr
    assert not file.exists()


@pytest.mark.slow
def test_marks_of_other_systems_and_one_long_line_make_no_difference(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_bytes(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())
    expected = [words for _, words in split(ARTICLE)]
    text = ARTICLE.replace("\n", "\r\n")
    file = tmp_path / "passages.ttl"
    file.write_text(passages(article).turtle, encoding="utf-8")

    assert expected == [
        str(p.text(text)).replace("\r", "") for p in rk.load(only=[file]).passages()
    ]
    assert 50_000 == len(units("They met again. " * 50_000, "a"))
    assert 1 == len(units("word " * 400_000, "a"))


def test_a_file_with_other_facts_is_left_as_it_is(tmp_path: Path) -> None:
    article, file = tmp_path / "avaria.txt", tmp_path / "passages.ttl"
    article.write_text(ARTICLE, encoding="utf-8")
    turtle = passages(article).turtle
    for content, words in [
        (turtle + '<urn:x> rdfs:label "X"@en .\n', "the file has facts about urn:x"),
        ("@prefix : <urn:x#> .\n:a :b", "passages.ttl:2"),
        (passages(ALDORA_PERU / "aldora-peru.txt").turtle, "none of its passages is in"),
    ]:
        file.write_text(content, encoding="utf-8")
        ran = run("passages", article, "-o", file)

        assert (2, content) == (ran.returncode, file.read_text(encoding="utf-8"))
        assert words in ran.stderr
    assert "passages are written as Turtle" in run("passages", article, "-o", "a.json").stderr


def documents() -> list[tuple[Path, Path]]:
    """Return each available document with the file of its passages, split by hand."""
    own = os.environ.get("RELATIONS_KG_DOCUMENT")
    pairs = os.environ.get("RELATIONS_KG_PAIRS") or (Path(own).with_name("pairs") if own else "")
    found = [(Path(own), DATA / CHINA_PERU)] if own else []
    if pairs:
        found += [
            (Path(pairs) / f"{folder.name}.txt", folder)
            for folder in sorted((TESTS / "pairs").iterdir())
        ]
    return [(document, folder / "passages.ttl") for document, folder in found]


@pytest.mark.slow
def test_documents_split_by_hand_are_split_alike() -> None:
    """An update leaves their files unchanged; a new split gives all units the same places."""
    if not (found := documents()):
        pytest.skip("neither RELATIONS_KG_DOCUMENT nor RELATIONS_KG_PAIRS leads to the documents")
    for document, file in found:
        text = document.read_text(encoding="utf-8")
        by_hand = rk.load(only=[file]).passages()

        assert [(p.begin, p.end, p.section) for p in by_hand] == [
            (unit.begin, unit.end, unit.path[-1]) for unit in units(text, document.stem)
        ]
        assert file.read_text(encoding="utf-8") == passages(document, file).turtle
