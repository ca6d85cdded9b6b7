"""Tests of explanations, on the command line and in Python."""

import json
import random
import re
import subprocess
from pathlib import Path

import command_line
import pytest
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.rdf import namespaces
from relations_kg.rdf.namespaces import PREFIXES
from relations_kg.rdf.terms import statements, value

ROOT = Path(folder("data")).parent
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
INFERRED = ("peru", "hasEverHadRelationsWith", "qing-dynasty")
SEVERAL = ("embassy-of-china-in-lima", "a", "Mission")
ABSENT = ("peru", "hasEverBeenRepresentedIn", "lima")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return command_line.run("explain", *arguments)


@pytest.mark.parametrize(
    ("names", "status"),
    [(INFERRED, 0), (SEVERAL, 0), (ABSENT, 1), (("nobody", "a", "Mission"), 2)],
)
def test_the_exit_code_shows_whether_the_fact_holds(names: tuple[str, ...], status: int) -> None:
    result = run(*names)

    assert status == result.returncode
    assert (status == 2) == bool(result.stderr)
    assert (status == 2) == (not result.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_the_command_prints_what_the_interface_writes(kg: rk.Graph, format: str) -> None:
    for names in (INFERRED, ABSENT):
        assert kg.explain(*names).serialize(format) == run(*names, "--format", format).stdout


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("xi-jinping", "rkg:sendingParty", "peru"), ["visit-of-xi-jinping-2014"]),
        (("peru", "rdf:type", "Embassy"), []),
        (("peru", "rkg:sendingParty", "peru"), []),
    ],
)
def test_things_linked_to_both_ends_of_an_absent_fact_are_listed(
    kg: rk.Graph, names: tuple[str, str, str], found: list[str]
) -> None:
    for text in (str(kg.explain(*names)), kg.explain(*names)._repr_html_()):
        assert bool(found) == ("facts about both: " in text)
        assert all(f"id:{name} (" in text for name in found)


def test_an_unknown_format_is_refused(kg: rk.Graph) -> None:
    with pytest.raises(rk.InputError, match="unknown format"):
        kg.explain(*INFERRED).serialize("xml")
    assert 2 == run(*INFERRED, "--format", "xml").returncode


def test_stated_premises_are_where_the_text_says(kg: rk.Graph) -> None:
    """The line contains the object, and its block begins with the subject."""
    seen = 0
    for proof in (*kg.explain(*INFERRED).proofs, *kg.explain(*SEVERAL).proofs):
        for leaf in proof.leaves:
            place = kg.place(leaf)
            assert place is not None
            line = place.line
            lines = (ROOT / place.file).read_text().split("\n")
            subject, _, object_ = (term.value.rpartition("/")[2] for term in leaf)  # type: ignore[union-attr]
            block = max(n for n in range(line) if lines[n][:1] not in ("", " "))
            seen += 1

            assert object_.rpartition("#")[2] in lines[line - 1]
            assert lines[block].startswith(f"id:{subject}")
            assert f"{place.file}:{line}" in str(kg.explain(*INFERRED)) + str(kg.explain(*SEVERAL))
    assert seen > 5


def test_passages_are_named_with_their_gists(kg: rk.Graph) -> None:
    text = str(kg.explain(*INFERRED))
    gists = {passage.curie: passage.gist for passage in kg.passages()}
    named = re.findall(r"^ +(src:\S+)  (.+)$", text, re.MULTILINE)

    assert named
    assert all(gists[curie] == gist for curie, gist in named)


def test_what_is_in_every_proof_is_reported_or_that_nothing_is(kg: rk.Graph) -> None:
    one, several = kg.explain(*INFERRED), kg.explain(*SEVERAL)

    assert "in every proof:\n" in str(one)
    assert set(one.proofs[0].leaves) == set(one.essential)
    assert str(several).endswith("in every proof: no fact, since several proofs share none\n")
    assert () == several.essential
    assert len(several.proofs) > 1


def test_json_holds_the_same_as_the_text(kg: rk.Graph) -> None:
    for names in (INFERRED, SEVERAL, ABSENT):
        explanation = kg.explain(*names)
        content = json.loads(explanation.serialize("json"))

        assert bool(explanation) is content["holds"]
        assert len(explanation.proofs) == len(content["proofs"])
        assert len(explanation.essential) == len(content["essential"])
        assert len(explanation.missing) == len(content["missing"])
        assert explanation.more is content["more"]


def test_what_does_not_hold_names_rules_and_missing_premises(kg: rk.Graph) -> None:
    explanation = kg.explain(*ABSENT)
    text = str(explanation)

    assert not explanation
    assert "\ndoes not hold\n" in text
    assert "it would follow by " in text
    assert re.search(r"^  missing  ", text, re.MULTILINE)
    assert "Does not hold." in explanation.serialize("markdown")


def test_a_document_shows_the_words_of_its_passages(kg: rk.Graph, document: Path) -> None:
    words = document.read_text()
    explained = run(*INFERRED, "--document", document).stdout
    shown = re.findall(r"^ +(src:\S+)  “(.*)”$", explained, re.MULTILINE)
    places = {passage.curie: words[passage.begin : passage.end] for passage in kg.passages()}

    assert shown
    assert all(places[curie] == text for curie, text in shown)


@pytest.mark.slow
def test_another_document_shows_gists(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("another text")

    assert run(*INFERRED).stdout == run(*INFERRED, "--document", path).stdout
    assert 2 == run(*INFERRED, "--document", tmp_path / "none.txt").returncode


@pytest.mark.parametrize("format", ["text", "markdown", "json"])
def test_hostile_labels_do_not_reach_the_terminal(tmp_path: Path, format: str) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(
        HEADER + 'id:x a rkg:Embassy ; rdfs:label "\\u001B[2J\\u0007\\u202Eevil\\nline"@en ;\n'
        "    rkg:statedIn id:p .\n"
        'id:p rkg:inDocument id:d ; rkg:gist "\\u001B]0;title\\u0007\\u009B1m"@en .\n'
    )
    for names in (("id:x", "a", "Mission"), ("id:x", "a", "State")):
        result = run(*names, "--only", path, "--format", format)

        assert "" == result.stderr
        assert all(c.isprintable() or c == "\n" for c in result.stdout)
        assert "\nline" not in result.stdout


def test_a_notebook_shows_the_text_escaped(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(HEADER + 'id:x a rkg:Embassy ; rdfs:label "<script>"@en .')
    html = rk.load(only=[path]).explain("id:x", "a", "Mission")._repr_html_()

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.slow
def test_proofs_do_not_depend_on_the_order_in_which_facts_were_loaded(
    kg: rk.Graph, tmp_path: Path
) -> None:
    kg.export(tmp_path / "facts.nq", format="nquads")
    lines = (tmp_path / "facts.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    graphs = []
    for seed in (1, 2):
        random.Random(seed).shuffle(lines)
        path = tmp_path / f"{seed}.nq"
        path.write_text("".join(lines), encoding="utf-8")
        graphs.append(rk.load(only=[path]))
    graph, rdf_type = NamedNode(namespaces.INFERRED), NamedNode(namespaces.RDF + "type")
    inferred = kg.quad_store.quads_for_pattern(None, None, None, graph)

    for fact in sorted(statements(inferred), key=str):
        subject, predicate, object_ = ("a" if t == rdf_type else value(t) for t in fact)
        one, other = (each.explain(subject, predicate, object_).proofs for each in graphs)
        assert one == other
