"""Tests of comparisons: which differences count, and how they are reported."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, parse
from pyoxigraph import Quad as EngineQuad
from pyoxigraph import RdfFormat as Format
from trials import trials

import relations_kg as rk
from relations_kg.comparison.differences import Comparison, Entity
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import ID, ONTOLOGY, PREFIXES, RDF, RDFS, RKG, XSD

VISIT = Path(__file__).with_name("facts") / "good" / "visit.ttl"
FORMAT_NAMES = formats.names("triples", "quads")
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
PERU = 'id:peru a rkg:State ; rdfs:label "Peru"@en .\n'


def graph(turtle: str) -> rk.Graph:
    """Return a graph with only these facts."""
    own = rk.load(only=[])
    facts = parse(HEADER + turtle, Format.TURTLE, rename_blank_nodes=True)
    own.inference.add((q.subject, q.predicate, q.object) for q in facts)  # type: ignore[misc]
    return own


def compared(before: str, after: str) -> Comparison:
    return rk.compare(graph(before), graph(after))


def lines_of(things: tuple[Entity, ...]) -> list[str]:
    """Return a line for each change of each thing."""
    return [
        f"{thing.label}: {change.label}: {change.before} → {change.after}"
        for thing in things
        for change in thing.changes
    ]


@pytest.fixture(scope="module")
def exports(kg: rk.Graph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundled graph in each format, with and without inferred facts.

    The lines of formats with one fact in each line are in reversed order.
    """
    folder = tmp_path_factory.mktemp("exports")
    paths = {}
    for format in FORMAT_NAMES:
        suffix = formats.find(format, "triples", "quads").suffixes[0]
        for inferred in (False, True):
            path = paths[f"{format} {inferred}"] = folder / f"{inferred}{suffix}"
            content = kg.export(format=format, inferred=inferred)
            if format in ("ntriples", "nquads"):
                content = b"".join(reversed(content.splitlines(keepends=True)))
            path.write_bytes(content)
    return paths


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("inferred", [False, True])
@pytest.mark.parametrize("format", FORMAT_NAMES)
def test_an_export_does_not_differ_from_the_graph(
    kg: rk.Graph, exports: dict[str, Path], format: str, inferred: bool
) -> None:
    path = exports[f"{format} {inferred}"]

    difference = rk.compare(path, kg)

    assert "" == "".join(lines_of(difference.changed))
    assert not difference
    assert not rk.compare(kg, path)
    assert not rk.compare(exports["ntriples False"], path)


@pytest.mark.slow
@pytest.mark.parametrize("inferred", [False, True])
def test_a_visit_that_is_added_to_an_export_is_all_that_shows(
    kg: rk.Graph, exports: dict[str, Path], tmp_path: Path, inferred: bool
) -> None:
    """Entailments, such as the classes of the visit and its visitor, are not reported."""
    path = tmp_path / "more.ttl"
    path.write_bytes(exports[f"turtle {inferred}"].read_bytes() + VISIT.read_bytes())

    difference = rk.compare(kg, path)

    assert difference
    assert {quad.subject.value for quad in parse(VISIT.read_bytes(), Format.TURTLE)} == {
        thing.iri for thing in difference.added
    }
    assert ((), ()) == (difference.removed, difference.changed)
    assert difference.added == rk.compare(kg, rk.load(VISIT)).added


def test_a_thing_that_came_is_reported_with_all_that_is_stated_of_it() -> None:
    difference = compared(PERU, PERU + 'id:lima a rkg:City ; rdfs:label "Lima"@en .')

    assert ["Lima: kind: None → city", 'Lima: label: None → "Lima"@en'] == lines_of(
        difference.added
    )
    assert "city" == difference.added[0].kind
    assert [ID + "lima"] == [thing.iri for thing in difference.added]


@pytest.mark.slow
def test_a_thing_that_went_is_reported_by_its_old_label() -> None:
    difference = compared(PERU + 'id:lima a rkg:City ; rdfs:label "Lima"@en .', PERU)

    assert ((), ()) == (difference.added, difference.changed)
    assert ["Lima"] == [thing.label for thing in difference.removed]
    assert "Lima: kind: city → None" in lines_of(difference.removed)


@pytest.mark.slow
def test_a_date_that_changed_shows_old_and_new_and_no_days() -> None:
    visit = PERU + 'id:v a rkg:StateVisit ; rdfs:label "V"@en ; rkg:when "%s"^^edtf:EDTF .'

    difference = compared(visit % "2024-05-03", visit % "2024-05")

    assert ["V: when: 2024-05-03 → 2024-05"] == lines_of(difference.changed)


MISSION = (
    PERU
    + """
id:m a rkg:Embassy ; rdfs:label "M"@en ; rkg:sendingParty id:peru .
id:a a rkg:City ; rdfs:label "A"@en . id:b a rkg:City ; rdfs:label "B"@en .
"""
)


def phase(name: str, seat: str, more: str = "") -> str:
    return (
        f'id:{name} a rkg:MissionPhase ; rdfs:label "M in {seat}"@en ; {more}'
        f"rkg:phaseOfMission id:m ; rkg:phaseSeat id:{seat} .\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (phase("p", "a"), phase("q", "b"), ["seat in a phase A → seat in a phase B"]),
        (
            "",
            phase("p", "a", 'rkg:when "2021/.."^^edtf:EDTF ; '),
            ["None → seat in a phase A, when 2021/.."],
        ),
        (phase("p", "a"), "", ["seat in a phase A → None"]),
        (phase("p", "a"), phase("q", "a"), ["id:p → id:q"]),
        (
            "",
            phase("p", "a") + phase("q", "b"),
            ["None → seat in a phase A", "None → seat in a phase B"],
        ),
    ],
)
def test_a_mission_that_moved_is_one_that_changed(
    before: str, after: str, expected: list[str]
) -> None:
    difference = compared(MISSION + before, MISSION + after)

    assert ((), ()) == (difference.added, difference.removed)
    assert [f"M: phase: {each}" for each in expected] == lines_of(difference.changed)
    lost = [f"{ID}p"] if before else []
    assert lost == [each.value for each in difference.gone]


def test_phases_of_a_mission_that_is_new_are_added_with_it() -> None:
    difference = compared(PERU, MISSION + phase("p", "a"))

    assert ["A", "B", "M", "M in a"] == sorted(thing.label for thing in difference.added)
    assert () == difference.changed


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ((), ["Lima: ", "Peru: ", "passage 2: ", "document: "]),
        ("provenance", ["Lima: "]),
        (["provenance", "cities"], []),
        ("polity", ["Lima: ", "passage 2: ", "document: "]),
    ],
)
def test_provenance_and_kinds_are_left_out(without: str, expected: list[str]) -> None:
    def version(day: int) -> str:
        return (
            f'src:t a rkg:Dataset ; rdfs:label "document"@en ; rkg:version "{day}" .\n'
            f'<{ID}p{day}> a rkg:Passage ; rdfs:label "passage 2"@en ; rkg:inDocument src:t .\n'
            f'<{ID}q> a rkg:Passage ; rdfs:label "passage 2"@en ; rkg:position {day} .\n'
            f'id:peru a rkg:State ; rdfs:label "Peru"@en ; rkg:statedIn <{ID}p{day}>, <{ID}q> .\n'
            f'id:lima a rkg:City ; rdfs:label "Lima"@en, "Lima {day}"@es ; rkg:statedIn <{ID}q> .\n'
        )

    comparison = rk.compare(graph(version(1)), graph(version(2)), without=without)

    found = "\n".join(
        line
        for part in ("added", "removed", "changed")
        for line in lines_of(getattr(comparison, part))
    )
    for label in ("Lima: ", "Peru: ", "passage 2: ", "document: "):
        assert (label in expected) == (label in found)
    assert bool(expected) == bool(comparison)
    assert str(comparison).split("\n")[0].endswith("provenance, cities") == (not expected)
    assert ("without" in json.loads(comparison.serialize("json"))) == bool(without)


@pytest.mark.parametrize(
    ("word", "help"),
    [
        ("provenence", 'did you mean "provenance"'),
        ("embasy", 'did you mean "embassy"'),
        ("x", "write"),
    ],
)
def test_what_cannot_be_left_out_is_answered_with_what_can(word: str, help: str) -> None:
    with pytest.raises(rk.UnknownName, match=f"without: .*{help}"):
        rk.compare(graph(""), graph(""), without=word)


def test_labels_are_paired_by_their_language() -> None:
    before = 'id:x rdfs:label "Ten"@en , "Diez"@es .'
    after = 'id:x rdfs:label "Eleven"@en , "Diez"@es , "Onze"@pt .'

    assert [
        'Eleven: label: "Ten"@en → "Eleven"@en',
        'Eleven: label: None → "Onze"@pt',
    ] == lines_of(compared(before, after).changed)


@pytest.mark.slow
def test_of_several_values_none_is_said_to_become_another() -> None:
    before = "id:x rkg:statedIn src:a , src:b ."
    after = "id:x rkg:statedIn src:c ."

    assert [
        "id:x: stated in: src:a → None",
        "id:x: stated in: src:b → None",
        "id:x: stated in: None → src:c",
    ] == lines_of(compared(before, after).changed)


@pytest.mark.slow
def test_values_that_look_the_same_are_distinguished() -> None:
    both = 'id:a rdfs:label "Same"@en . id:b rdfs:label "Same"@en . '

    linked = compared(both + "id:x rkg:visitor id:a .", both + "id:x rkg:visitor id:b .")
    typed = compared('id:x rkg:rank "1" .', "id:x rkg:rank 1 .")

    assert ["id:x: visitor: id:a → id:b"] == lines_of(linked.changed)
    assert [f'id:x: rank: "1" → "1"^^<{XSD}integer>'] == lines_of(typed.changed)


@pytest.mark.slow
def test_a_label_comes_from_either_side() -> None:
    difference = compared(PERU, "id:x rkg:visitingParty id:peru .")

    assert ["id:x: visiting party: None → Peru"] == lines_of(difference.added)


def test_a_wider_kind_is_a_change_though_it_held_before() -> None:
    difference = compared("id:x a rkg:Embassy .", "id:x a rkg:Mission .")

    assert ["id:x: kind: embassy → mission"] == lines_of(difference.changed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id:t rkg:holder id:p .", "id:p rkg:hasTenure id:t ."),
        ("id:a rkg:contradicts id:b .", "id:b rkg:contradicts id:a ."),
        ("id:t rkg:office id:o .", "id:t rkg:office id:o . id:o a rkg:Office ."),
        ("id:x a rkg:Embassy .", "id:x a rkg:Embassy , rkg:Mission ."),
        ("id:x rkg:position 1 .", 'id:x rkg:position "01"^^xsd:integer .'),
        ("id:x rkg:p [ rkg:q 1 , [ rkg:q 2 ] ] .", "id:x rkg:p [ rkg:q [ rkg:q 2 ] , 1 ] ."),
        ("_:a rkg:p _:b . _:b rkg:p _:a .", "_:b rkg:p _:c . _:c rkg:p _:b ."),
    ],
)
def test_the_same_said_otherwise_is_no_difference(one: str, other: str) -> None:
    assert not compared(one, other)
    assert not compared(other, one)


@pytest.mark.slow
def test_an_inferable_fact_is_reported_if_its_premise_is_removed_too() -> None:
    """The class of a person follows from a tenure; both are removed."""
    before = "id:t rkg:holder id:p . id:p a rkg:Person . id:t2 rkg:holder id:p2 ."

    difference = compared(before, "id:t2 rkg:holder id:p2 .")

    assert {ID + "t", ID + "p"} == {thing.iri for thing in difference.removed}


@pytest.mark.slow
def test_a_node_without_an_iri_is_another_if_its_description_is() -> None:
    difference = compared("id:x rkg:p [ rkg:q 1 ] .", "id:x rkg:p [ rkg:q 2 ] .")

    assert (1, 1, 1) == (
        len(difference.added),
        len(difference.removed),
        len(difference.changed),
    )
    assert difference.added[0].iri.startswith("_:")


def test_facts_of_a_further_graph_count() -> None:
    more = graph(PERU)
    link = NamedNode("http://example.org/peru")
    more.store.add(
        EngineQuad(NamedNode(ID + "peru"), NamedNode(RKG + "same"), link, NamedNode("urn:more"))
    )

    assert ["Peru: rkg:same: None → http://example.org/peru"] == lines_of(
        rk.compare(graph(PERU), more).changed
    )


@pytest.mark.slow
def test_things_are_sorted_by_kind_and_label() -> None:
    after = (
        'id:a a rkg:State ; rdfs:label "B"@en . id:b a rkg:City ; rdfs:label "Z"@en .'
        'id:c a rkg:State ; rdfs:label "A"@en .'
    )

    things = compared(PERU, PERU + after).added

    assert [("city", "Z"), ("state", "A"), ("state", "B")] == [(t.kind, t.label) for t in things]


ANSWERED = """id:o a rkg:Office ; rdfs:label "Office"@en ; rkg:officeOf id:peru .
id:p a rkg:Person ; rdfs:label "Ada"@en .
id:t a rkg:OfficeTenure ; rdfs:label "T"@en ; rkg:holder id:p ; rkg:office id:o ;
  rkg:when "1990-01-01/%s"^^edtf:EDTF ."""


@pytest.mark.slow
def test_the_answers_that_change_are_reported_with_the_days_asked_for() -> None:
    before, after = (graph(PERU + ANSWERED % end) for end in ("1992-05-06", "1993-07-08"))

    answers = rk.compare(before, after, answers=True).answers

    assert answers
    on = [answer for answer in answers if answer.query == "office-holders-on"]
    assert [("1993-07-08",)] == [answer.days for answer in on]
    assert ((), 1) == (on[0].removed, len(on[0].added))
    assert dict(zip(on[0].columns, on[0].added[0], strict=True))["holder"] == "Ada"
    assert "visits" not in [answer.query for answer in answers]


@pytest.mark.slow
def test_every_row_that_is_reported_is_in_one_answer_and_not_in_the_other(kg: rk.Graph) -> None:
    after = rk.load(VISIT)
    answers = rk.compare(kg, after, answers=True).answers

    assert answers
    for answer in answers:
        needed = [p.name for p in kg.queries[answer.query].parameters if p.required]
        days = dict.fromkeys(needed, answer.days[0] if answer.days else None)
        old, new = (own.run(answer.query, **days) for own in (kg, after))
        assert len(new) - len(old) == len(answer.added) - len(answer.removed)
        assert answer.columns == tuple(new.columns)


@pytest.mark.slow
def test_answers_are_none_unless_asked_for_and_empty_if_none_changes(kg: rk.Graph) -> None:
    assert rk.compare(kg, kg).answers is None
    assert () == rk.compare(kg, kg, answers=True).answers


@pytest.mark.slow
def test_the_text_says_what_changed() -> None:
    after = PERU.replace("Peru", "Perú") + 'id:lima a rkg:City ; rdfs:label "Lima"@en .'

    assert (
        "the graph → the graph: 1 thing added, 1 thing changed\n"
        "\nAdded\n"
        "  city: Lima (id:lima)\n"
        "    + kind: city\n"
        '    + label: "Lima"@en\n'
        "\nChanged\n"
        "  state: Perú (id:peru)\n"
        '    ~ label: "Peru"@en → "Perú"@en\n'
    ) == str(compared(PERU, after))


HOSTILE = "a | b `c` <script>x</script> [d](http://e) @f #1 \\u001b[31m \\n- g *h* &lt; $i$"


def test_markdown_shows_hostile_labels_as_they_are() -> None:
    difference = compared(PERU, PERU + f'id:x a rkg:State ; rdfs:label "{HOSTILE}"@en .')

    lines = difference.serialize("markdown").splitlines()

    shown = next(line for line in lines if line.startswith("- state: "))
    assert (
        r"- state: a \| b \`c\` \<script\>x\</script\> \[d\](http\://e) @<!-- -->f \#<!-- -->1"
        r"  \[31m  - g \*h\* \&lt; \$i\$ (id:x)"
    ) == shown
    assert all("\x1b" not in line for line in lines)
    assert 1 + 2 + 1 + 1 + 2 == len(lines)


@pytest.mark.slow
@pytest.mark.parametrize("label", ["- x", "+ x", "1. x", "12) x", "=== x", "# x", "> x"])
def test_markdown_takes_no_label_for_the_start_of_a_block(label: str) -> None:
    difference = compared("", f'id:x rdfs:label "{label}"@en .')

    line = next(line for line in difference.serialize("markdown").splitlines() if "id:x" in line)

    assert "\\" in line.partition("x")[0]
    assert label == line.removeprefix("- ").partition(" (id:x)")[0].replace("\\", "")


@pytest.mark.slow
def test_markdown_tables_keep_their_columns() -> None:
    hostile = (ANSWERED % "1993").replace('"Ada"', '"A | d \\\\| a"')
    difference = rk.compare(graph(PERU), graph(PERU + hostile), answers=True)

    rows = [line for line in difference.serialize("markdown").splitlines() if line[:1] == "|"]

    assert any(r"A \| d \\\| a" in row for row in rows)
    for row in rows:
        cells = row.replace("\\\\", "").replace("\\|", "").count("|")
        assert cells >= 3
    heads = [i for i, row in enumerate(rows) if row.startswith("| |")]
    for head, end in zip(heads, [*heads[1:], len(rows)], strict=True):
        plain = (row.replace("\\\\", "").replace("\\|", "") for row in rows[head:end])
        assert 1 == len({row.count("|") for row in plain})


@pytest.mark.slow
def test_html_is_escaped() -> None:
    difference = compared("", 'id:x rdfs:label "<script>"@en .')

    assert "<script>" not in difference._repr_html_()
    assert "&lt;script&gt;" in difference._repr_html_()


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        rk.InputError, match=r"unknown format 'xml'; use one of text, json, markdown"
    ):
        compared(PERU, PERU).serialize("xml")


def test_files_are_compared_without_inference_if_no_differing_fact_can_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = tmp_path / "without.ttl"
    without.write_text(VISIT.read_text().replace('"Arvenia"@en', '"Arwenia"@en'))
    monkeypatch.setattr("relations_kg.answers.knowledge.inference.Inference", None)
    found = rk.compare(VISIT, without)
    assert lines_of(found.changed) == ['Arwenia: label: "Arvenia"@en → "Arwenia"@en']


def test_an_invalid_date_is_refused_though_nothing_is_inferred(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(VISIT.read_text().replace("2024-05-03/2024-05-04", "2024-13"))
    with pytest.raises(rk.InputError, match=r"id:state-visit-of-ada-ruiz: .* '2024-13'"):
        rk.compare(VISIT, wrong)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(rk.InputError, match=r"none\.ttl: there is no such file"):
        rk.compare(tmp_path / "none.ttl", VISIT)


# Random facts without dates: labels, links and classes, of which some entail other facts.
THINGS = st.sampled_from([NamedNode(ID + letter) for letter in "abcd"])
WORDS = st.builds(Literal, st.sampled_from(["", "x", "\n|", "é"]))
TAGGED = st.builds(
    lambda text, tag: Literal(text, language=tag),
    st.text(max_size=3),
    st.sampled_from(["en", "es"]),
)
FACT = st.one_of(
    st.tuples(THINGS, st.just(NamedNode(RDFS + "label")), WORDS | TAGGED),
    st.tuples(THINGS, st.sampled_from([NamedNode("urn:p"), NamedNode("urn:q")]), THINGS | WORDS),
    st.tuples(
        THINGS,
        st.sampled_from([NamedNode(RKG + name) for name in ("holder", "sendingParty", "follows")]),
        THINGS,
    ),
    st.tuples(
        THINGS,
        st.just(NamedNode(RDF + "type")),
        st.sampled_from([NamedNode(RKG + name) for name in ("Embassy", "Mission", "Person")]),
    ),
)
GRAPHS = st.sets(FACT, max_size=8)
SECTIONS = ("added", "removed", "changed")
EMPTY = [rk.load(only=[]), rk.load(only=[])]
Facts = set[tuple[NamedNode, NamedNode, NamedNode | Literal]]


@contextmanager
def of(*sides: Facts) -> Iterator[list[rk.Graph]]:
    """Yield graphs with these facts; they are reused, since loading new ones is slow."""
    with ExitStack() as stack:
        for own, facts in zip(EMPTY, sides, strict=False):
            stack.enter_context(own.inference.supposing(facts))
        yield EMPTY[: len(sides)]


def all_of(own: rk.Graph) -> set[str]:
    return {str(quad.triple) for quad in own.store if quad.graph_name.value != ONTOLOGY}  # type: ignore[union-attr]


def said(terms: dict[str, str]) -> Literal | NamedNode:
    if terms["type"] == "uri":
        return NamedNode(terms["value"])
    if "xml:lang" in terms:
        return Literal(terms["value"], language=terms["xml:lang"])
    kind = NamedNode(terms.get("datatype", XSD + "string"))
    return Literal(terms["value"], datatype=kind)


@pytest.mark.slow
@trials(50)
@given(GRAPHS)
def test_nothing_differs_from_itself_or_from_its_export_of_all(facts: Facts) -> None:
    with of(facts) as (own,):
        content = own.export(format="ntriples", inferred=True)
    everything = {quad.triple for quad in parse(content, Format.N_TRIPLES)}
    flat = {(t.subject, t.predicate, t.object) for t in everything}

    with of(facts, flat) as (own, full):  # type: ignore[arg-type]
        assert not rk.compare(own, own)
        assert not rk.compare(own, full)
        assert not rk.compare(full, own)


@pytest.mark.slow
@trials(50)
@given(GRAPHS, GRAPHS)
def test_a_comparison_is_the_mirror_of_the_other_way(one: Facts, other: Facts) -> None:
    with of(one, other) as (before, after):
        there, back = rk.compare(before, after), rk.compare(after, before)

    assert [thing.iri for thing in there.added] == [thing.iri for thing in back.removed]
    assert [thing.iri for thing in there.removed] == [thing.iri for thing in back.added]
    assert {thing.iri for thing in there.changed} == {thing.iri for thing in back.changed}
    forth = sorted(
        (t.iri, c.property, str(c.before and c.before.term), str(c.after and c.after.term))
        for t in (*there.added, *there.removed, *there.changed)
        for c in t.changes
    )
    assert forth == sorted(
        (t.iri, c.property, str(c.after and c.after.term), str(c.before and c.before.term))
        for t in (*back.added, *back.removed, *back.changed)
        for c in t.changes
    )


@pytest.mark.slow
@trials(50, whole=300)
@given(GRAPHS, GRAPHS)
def test_the_difference_in_json_makes_the_one_from_the_other(one: Facts, other: Facts) -> None:
    with of(one, other) as (before, after):
        difference = json.loads(rk.compare(before, after).serialize("json"))
        expected = all_of(after)
    made = set(one)
    for thing in (thing for name in SECTIONS for thing in difference[name]):
        for change in thing["changes"]:
            fact = NamedNode(thing["iri"]), NamedNode(change["property"])
            if change["before"]:
                made.remove((*fact, said(change["before"])))
            if change["after"]:
                made.add((*fact, said(change["after"])))

    with of(made) as (result,):
        assert expected == all_of(result)
