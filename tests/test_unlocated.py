"""Tests of the texts that the engine reads before our parser finds the places of their terms."""

from pathlib import Path
from random import Random

import pytest
from pyoxigraph import RdfFormat
from trials import seeds

from relations_kg.reader import unlocated
from relations_kg.reader.limits import LONGEST
from relations_kg.reader.parsing import parse_text

TESTS = Path(__file__).parent
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
FILES = [*sorted(TESTS.glob("facts/good/*.ttl")), *sorted(TESTS.glob("pairs/*/*.ttl"))]
WRITTEN = [
    '<a:a> <a:b> "x"@EN-us , "007"^^<http://www.w3.org/2001/XMLSchema#integer> , 1.5e3 , true .',
    "PREFIX x: <a:> prefix y: <b:> x:a a y:b\\,c ; y:c <urn:a> , 'q' ;; .",
    "@base <http://a/> . @prefix x: <y#> . x:b <c> <../d> , x:a.b , x:%20 , x: .",
    '<a:a> <a:b> """x\r\ny""" , \'\'\'"\'\'\' , "\\u00e9\\t" .',
    "<a:g> { <a:a> <a:b> <a:c> } GRAPH <a:h> { <a:a> <a:b> 1 , 1 }",
    "@prefix x: <a:> . x:a a x:b . @prefix x: <b:> . x:a a x:b .",
    '<a:a> <a:b> "x"@en--ltr .',
    '<a:a> <a:b> "x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .',
    "<a:a> <a:b> <a:c> ~ <a:r> .",
    "<a:a> <a:b> <<( <a:c> <a:d> <a:e> )>> .",
    '<a:a> <a:b> "\\uD800" .',
    "\ufeff<a:a> <a:b> <a:c> .",
    "<a:a>\u00a0<a:b> <a:c> .",
    "<a:a> <a:b> <a:c> .",
    "<a:a> <a:b> <a:c>",
    "",
]
PIECES = (
    *" \t\n.;,:<>\"'@^\\#{}_-%0é\u00a0\ufeff",
    *("@en", '"""', "^^", "a", "PREFIX", "@base <http://b/> .", "\\u00e9", "1.", "<x>", "--ltr"),
    *("~", "<<", "{|", "GRAPH", "\x00", "\x7f", "..", "::", ".e5", "true"),
)


def check(text: str, format: RdfFormat) -> bool:
    """Return whether the engine reads a text, and check that our parser reads the same."""
    found = unlocated.read(text.encode(), text, "f", format)
    if found is None:
        return False
    located = parse_text(text, "f", format)
    assert located.errors == []
    assert located.quads == found.quads
    assert located.prefixes == found.prefixes
    places = ((index, role) for index in range(len(found.quads)) for role in range(3))
    assert all(located.where(*place) == found.where(*place) for place in places)
    return True


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_texts_are_read_as_our_parser_reads_them(format: RdfFormat) -> None:
    assert sum(check(text, format) for text in WRITTEN)


def test_files_are_read_as_our_parser_reads_them() -> None:
    read = sum(check(file.read_text("utf-8"), FORMATS[file.suffix]) for file in FILES)

    assert read > 0.9 * len(FILES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(6))
def test_texts_with_random_changes_are_read_as_our_parser_reads_them(seed: int) -> None:
    random = Random(seed)
    texts = [file.read_text("utf-8") for file in FILES]
    texts = [text[: text.find(" .\n\n", 1_500) + 4] for text in texts]
    accepted = 0
    for _ in range(600):
        text = random.choice((*texts, *WRITTEN))
        for _ in range(random.randrange(1, 3)):
            start = random.randrange(len(text) + 1)
            end = start + random.choice((0, 0, 1, 4))
            text = text[:start] + random.choice(("", *PIECES)) + text[end:]
        accepted += check(text, random.choice([RdfFormat.TURTLE, RdfFormat.TRIG]))
    assert accepted > 20


@pytest.mark.parametrize(
    "text",
    [
        "[] a <urn:a> .",
        "_:b a <urn:a> .",
        "<urn:a> <urn:b> (1) .",
        "<urn:a> <urn:b> [] .",
        "_:g { <urn:a> a <urn:b> }",
        '<urn:a> <urn:b> "x"@en--ltr .',
        "<urn:a> a <urn:b>",
        f"@prefix x: <urn:{'a' * 1_000}> . x:a a x:b .",
        f'<urn:a> <urn:b> "{"a" * LONGEST}" .',
    ],
    ids=lambda text: text[:30],
)
def test_blank_nodes_new_syntax_limits_and_mistakes_are_left_to_our_parser(text: str) -> None:
    assert unlocated.read(text.encode(), text, "f", RdfFormat.TRIG) is None
