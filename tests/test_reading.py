"""Tests of reading files of facts, in all formats and with one-line errors."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from examples import empty
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import (
    ID,
    IDENTIFIER,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDFS,
    RKG,
    SKOS,
    STATED,
)
from relations_kg.rdf.terms import TYPE
from relations_kg.reader import files, reading
from relations_kg.reader.bundled import ontology_store
from relations_kg.reader.files import format_of, text_of

GRAPH = NamedNode("urn:graph")
TURTLE = """@prefix ex: <http://example.org/> .
ex:a ex:p ex:b ; ex:name "Perú\\n"@es , 7 .
"""
QUADS = {
    Quad(quad.subject, quad.predicate, quad.object, GRAPH)
    for quad in parse(TURTLE, RdfFormat.TURTLE)
}


def read(path: Path | str) -> set[Quad]:
    return set(reading.read(path, GRAPH))


def refusal(path: Path | str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path)
    return caught.value


def stand_in(content: bytes) -> SimpleNamespace:
    """Return a replacement for `sys.stdin`."""
    return SimpleNamespace(buffer=io.BytesIO(content))


@pytest.mark.parametrize("suffix", [*formats.suffixes(), ".TTL", ".Json"])
def test_every_format_is_recognised_by_the_end_of_the_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"facts{suffix}"
    path.write_bytes(serialize(parse(TURTLE, RdfFormat.TURTLE), format=format_of(path)))

    assert QUADS == read(path) == read(str(path))


@pytest.mark.parametrize(
    "content",
    [
        TURTLE.encode("utf-8-sig"),
        TURTLE.replace("\n", "\r\n").encode(),
        TURTLE.replace("\n", "\r\n").encode("utf-8-sig"),
        TURTLE.strip().encode(),
    ],
    ids=["byte order mark", "Windows lines", "both", "no last line end"],
)
def test_marks_of_other_systems_make_no_difference(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "facts.ttl"
    path.write_bytes(content)

    assert QUADS == read(path)


def test_a_hyphen_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", stand_in(TURTLE.encode("utf-8-sig")))

    assert QUADS == read("-")


def test_the_named_graphs_of_a_file_become_the_one_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "facts.trig"
    path.write_text("<urn:g> { <urn:a> <urn:p> <urn:b> } <urn:h> { <urn:a> <urn:p> <urn:b> }")

    assert {Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:b"), GRAPH)} == read(path)


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text('_:same <urn:p> "a" .')

    assert 2 == len(read(path) | read(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", b'[] <urn:p> "a" .'),
        ("a.ttl", b"<urn:a> <urn:p> _:b ."),
        ("a.nt", b"_:b <urn:p> <urn:a> .\n"),
        ("a.trig", b"GRAPH <urn:g> { <urn:a> <urn:p> [] }"),
        ("a.jsonld", b'{"@id": "urn:a", "urn:p": {"urn:q": "x"}}'),
        ("a.ttl", b'<urn:a> <urn:p> "a"@ar--rtl .'),
        ("a.nq", b'<urn:a> <urn:p> "a"@ar--rtl <urn:g> .\n'),
        ("a.jsonld", b'{"@id": "urn:a", "urn:p": {"@value": "x", "@direction": "rtl"}}'),
        ("a.jsonld", b'{"@context": {"@direction": "rtl"}, "@id": "urn:a", "urn:p": "x"}'),
    ],
)
def test_load_refuses_the_terms_that_validate_refuses(
    kg: rk.Graph, tmp_path: Path, name: str, content: bytes
) -> None:
    """Blank nodes have other labels in each reading; RDF 1.1 has no base direction."""
    path = tmp_path / name
    path.write_bytes(content)

    assert "error" in {finding.severity for finding in kg.validate(path).findings}
    for load in (lambda: rk.load(path), lambda: rk.load(only=[path]), lambda: kg.add(path)):
        with pytest.raises(rk.InputError, match=r"blank node|base direction") as caught:
            load()
        assert caught.value.line == 1
        assert caught.value.help


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.ttl", b"", "there are no facts"),
        ("mark.ttl", b"\xef\xbb\xbf", "there are no facts"),
        ("comment.ttl", b"# nothing yet\n", "there are no facts"),
        ("empty.jsonld", b"{}", "there are no facts"),
        ("image.ttl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a binary file"),
        ("wide.ttl", TURTLE.encode("utf-16"), "this is text in UTF-16"),
        ("facts.csv", b"a,b\n", '".csv" is not the suffix of a format'),
        ("facts", b"a,b\n", "the name has no suffix"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    error = refusal(path)

    assert f"{path}: {message}" in str(error)
    assert error.help


def test_a_missing_file_a_folder_and_a_name_that_can_be_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()

    assert f"{tmp_path}/a.ttl: there is no such file" == str(refusal(tmp_path / "a.ttl"))
    assert f"{tmp_path}/folder.ttl: this is a folder" in str(refusal(tmp_path / "folder.ttl"))
    assert "cannot be read" in str(refusal("a\0b.ttl"))
    assert "cannot be read" in str(refusal(tmp_path / f"{'a' * 300}.ttl"))


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.ttl", "@prefix ex: <http://example.org/> .\nex:a ex:p ex:b ,\n;", 3),
        ("a.nt", "<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> .\n", 2),
        ("a.ttl", "<urn:a> <urn:p> <urn:b> .\n<urn:a> unknown:p <urn:b> .", 2),
        ("a.ttl", "<urn:a> <urn:p> <urn:b> .\n<relative> <urn:p> <urn:b> .", 2),
        ("a.jsonld", '{"@id": "urn:a",\n "urn:p": }', 2),
    ],
)
def test_a_mistake_in_a_file_is_shown_with_its_line_and_column(
    tmp_path: Path, name: str, content: str, line: int
) -> None:
    path = tmp_path / name
    path.write_text(content)

    error = refusal(path)

    assert line == error.line
    assert str(error).startswith(f"{path}:{line}:{error.column}: ")
    assert error.column


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes('<urn:a> <urn:p> "Perú" .'.encode("latin-1"))

    assert str(refusal(path)).startswith(f"{path}:")
    with pytest.raises(InputError, match="this is not text in UTF-8"):
        text_of(path)


def test_a_file_larger_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(TURTLE)
    monkeypatch.setattr(files, "LARGEST", len(TURTLE.encode()) - 1)

    assert "larger than" in str(refusal(path))


def test_facts_that_use_a_triple_as_a_term_are_refused(tmp_path: Path) -> None:
    """RDF 1.2 is not supported: statements about a triple need a node of their own."""
    path = tmp_path / "facts.ttl"
    path.write_text("<urn:a> <urn:p> <<( <urn:a> <urn:p> <urn:b> )>> .")

    assert str(path) == refusal(path).where


def test_a_text_is_read_with_its_line_ends(tmp_path: Path) -> None:
    """Offsets of passages count every character except the byte order mark."""
    path = tmp_path / "text.txt"
    path.write_bytes("\ufeffa\r\nb\n".encode())

    assert "a\r\nb\n" == text_of(path)


@pytest.mark.parametrize(
    ("opening", "closing"), [('{"urn:p":', "}"), ('{"urn:p":{"@list":[', "]}}")]
)
def test_json_that_would_crash_the_parser_is_refused(
    tmp_path: Path, opening: str, closing: str
) -> None:
    file = tmp_path / "deep.jsonld"
    file.write_text("\n" + opening * 20_000 + "1" + closing * 20_000)

    with pytest.raises(InputError, match="nested too deeply") as caught:
        list(reading.read(file, GRAPH))

    assert 2 == caught.value.line


def test_brackets_in_the_strings_of_json_are_not_nested(tmp_path: Path) -> None:
    file = tmp_path / "flat.jsonld"
    file.write_text('{"@id": "urn:a", "urn:p": "\\"' + "[{" * 2000 + '"}')

    assert 1 == len(list(reading.read(file, GRAPH)))


KNOWN_FACT = next(iter(ontology_store().quads_for_pattern(None, TYPE, None, NamedNode(ONTOLOGY))))
MARKED = [
    f"<{ID}a> <{RKG}when> <{ID}b> .",
    f"<{ID}a> <{OWL}sameAs> <{ID}b> .",
    f"<{ID}a> <{OWL}sameAs> <http://example.org/a> .",
    f"<{ID}a> <{RDFS}seeAlso> <http://example.org/a> .",
    f'<{ID}a> <{RDFS}label> "A" .',
    f"<{RKG}a> <{RKG}p> <{ID}b> .",
    f"<{ID}a> {TYPE} <{OWL}Class> .",
    f"<{ID}a> <{OWL}sameAs> _:b .",
    f'<{IDENTIFIER}a> <{SKOS}notation> "A" .',
    f"<{IDENTIFIER}a> <{SKOS}notation> <{ID}a> .",
    f'<{ID}a> <{PREFIXES["geo"]}lat> "12.5" .',
    f'<{ID}a> <{PREFIXES["geo"]}lat> "north" .',
    f"<{ID}a> <{PREFIXES['adms']}identifier> <{IDENTIFIER}a> .",
    f"<id:a> <{RKG}p> <{ID}b> .",
    f"<{ID}a> <rkg:p> <{ID}b> .",
    f"<{ID}a> <{RKG}p> <id:b> .",
    f"<{ID}a> <{RKG}p> <http://www.w3.org/ns/shacl#Shape> .",
    f"<{ID}a> <{RKG}p> <<( <{ID}a> <{RKG}p> <{ID}b> )>> .",
    f"{KNOWN_FACT.subject} {KNOWN_FACT.predicate} {KNOWN_FACT.object} .",
]


def held(path: Path) -> set[str] | str:
    """Return the quads of a file in a store, or the error that rejects it."""
    store = ontology_store()
    before = set(store)
    try:
        reading.load([path], store)
    except InputError as error:
        return error.message
    return {str(quad) for quad in set(store) - before}


@pytest.mark.slow
@pytest.mark.parametrize("line", MARKED)
def test_the_engine_loads_what_is_read_one_by_one_and_nothing_else(
    tmp_path: Path, line: str
) -> None:
    """Only quads of files that can have named graphs are always read one by one."""
    content = f"<{ID}c> <{RKG}p> <{ID}d> .\n{line}\n"
    files = [tmp_path / f"facts{suffix}" for suffix in (".nt", ".ttl", ".nq")]
    for file in files:
        file.write_text(content)

    engine, turtle, one_by_one = map(held, files)
    assert engine == turtle == one_by_one


def test_what_the_engine_loads_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_text(f"<{ID}c> <{RKG}p> <{ID}d> .\n<{ID}a> <{OWL}sameAs> <{ID}b> .\n")

    with pytest.raises(InputError) as caught:
        reading.load([path], ontology_store())
    assert (str(path), 2) == (caught.value.where, caught.value.line)


LONG = "x" * ((1 << 24) + 1)
LINES = "x\n" * (1 << 23)
OVERLONG = {
    "literal.ttl": (3, f'<urn:a> <urn:p>\n  "y" ,\n  "{LONG}" .'),
    "long-literal.ttl": (2, f'<urn:a> <urn:p>\n  """{LINES}x""" .'),
    "iri.nt": (2, f"<urn:a> <urn:p> <urn:b> .\n<urn:{LONG}> <urn:p> <urn:b> .\n"),
    "comment.trig": (1, f"# {LONG}\n<urn:a> <urn:p> <urn:b> ."),
    "name.ttl": (2, f"@prefix : <urn:> .\n:{LONG} :p :b ."),
    "literal.jsonld": (2, f'{{"@id": "urn:a",\n"urn:p": "{LONG}"}}'),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OVERLONG)
def test_what_is_too_long_for_the_engine_is_said_where_it_is_by_all(
    tmp_path: Path, name: str
) -> None:
    line, text = OVERLONG[name]
    file = tmp_path / name
    file.write_text(text)
    graph = rk.load(only=[])

    for read in (graph.add, lambda path: rk.load(only=[path])):
        with pytest.raises(rk.InputError, match="longer than 16 MiB") as caught:
            read(file)
        assert (str(file), line) == (caught.value.where, caught.value.line)
    found = [finding for finding in graph.validate(file).findings if finding.code == "syntax"]
    assert [("error", line)] == [(finding.severity, finding.line) for finding in found]
    assert "longer than 16 MiB" in found[0].message


@pytest.mark.slow
def test_a_long_gap_is_no_token(tmp_path: Path) -> None:
    file = tmp_path / "gap.ttl"
    file.write_text("<urn:a> <urn:p>" + " " * (1 << 24) + "\n<urn:b> .")

    assert 1 == rk.load(only=[file]).count(STATED)


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nt", ".nq"])
def test_triple_terms_too_deep_for_the_engine_are_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"deep{suffix}"
    depth = 50_000
    inner = "<<( <urn:a> <urn:p> " * depth + "<urn:b>" + " )>>" * depth
    file.write_text(f"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> {inner} .\n")

    with pytest.raises(rk.InputError, match="nested too deeply") as caught:
        rk.load(only=[file])
    assert 2 == caught.value.line


def test_brackets_in_texts_and_comments_are_no_depth(tmp_path: Path) -> None:
    file = tmp_path / "flat.ttl"
    texts = ('"<<"', "'<<'", '"""\n"<<"\n"""', "'''<<'''", "<urn:x#y>", "1 # <<\n")
    file.write_text("<urn:a> <urn:p> " + ", ".join(texts * 600) + ", 2 .")

    assert 5 == rk.load(only=[file]).count(STATED)


def test_what_the_engine_says_of_a_long_word_is_short(tmp_path: Path) -> None:
    file = tmp_path / "word.ttl"
    file.write_text("x" * 500_000 + " <urn:p> 1 .")

    with pytest.raises(rk.InputError) as caught:
        rk.load(only=[file])
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "declared", ["@prefix : <{}> .", "PREFIX : <{}>", "@base <{}> .", "bAsE<{}>"]
)
def test_a_namespace_that_would_make_all_names_long_is_refused(
    tmp_path: Path, declared: str
) -> None:
    file = tmp_path / "names.ttl"
    long = "http://e.org/" + "x" * 400_000 + "/"
    names = "".join(f"<a{i}> <p> <o{i}> .\n" for i in range(5000))
    file.write_text("# names\n" + declared.format(long) + "\n" + names)

    with pytest.raises(rk.InputError, match="namespace is longer") as caught:
        rk.load(only=[file])
    assert 2 == caught.value.line
    (finding, *_) = empty().validate(file).findings
    assert ("error", 2) == (finding.severity, finding.line)
    assert "namespace is longer" in finding.message


def test_a_namespace_of_a_thousand_characters_is_read_and_a_longer_one_is_not(
    tmp_path: Path,
) -> None:
    file = tmp_path / "names.ttl"
    most = "http://e.org/".ljust(1000, "x")
    file.write_text(f"@prefix : <{most}> .\n<urn:a> <urn:p> 1 .")
    assert 1 == rk.load(only=[file]).count(STATED)
    file.write_text(f"@prefix : <{most}x> .\n<urn:a> <urn:p> 1 .")
    with pytest.raises(rk.InputError, match="longer than 1,000 characters"):
        rk.load(only=[file])


@pytest.mark.parametrize("graph", reading.DERIVED)
def test_a_file_of_inferred_facts_alone_is_an_error(tmp_path: Path, graph: str) -> None:
    path = tmp_path / "facts.trig"
    fact = "<urn:a> <urn:b> <urn:c> ."
    path.write_text(f"GRAPH <{graph}> {{ {fact} }}")
    assert f"{path}: all facts are in graphs of inferred facts" in str(refusal(path))

    path.write_text(f"GRAPH <{graph}> {{ {fact} }} {fact.replace('c>', 'd>')}")
    assert {"urn:d"} == {quad.object.value for quad in read(path)}
