"""Tests of users' own codes: facts may add codes to open code lists, and use them like others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run
from examples import FACTS

import relations_kg as rk
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import import_table
from relations_kg.authoring.new_things import NewThings
from relations_kg.rdf.namespaces import CODE, PREFIXES, RKG, SKOS
from relations_kg.reader.code_lists import closed_lists

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
OWN = FACTS / "good" / "own-codes.ttl"
Check = Callable[[str], list[tuple[str, str | None]]]


@pytest.fixture(scope="module")
def own() -> rk.Graph:
    return rk.load(OWN)


@pytest.fixture
def check(own: rk.Graph, tmp_path: Path) -> Check:
    """Return a function that returns the codes and the helps of the findings on a text."""

    def check(text: str) -> list[tuple[str, str | None]]:
        file = tmp_path / "f.ttl"
        file.write_text(HEAD + text, encoding="utf-8")
        return [(found.code, found.help) for found in own.validate(file).findings]

    return check


@pytest.mark.parametrize("kind", ["craftspeople", "dyers", "Tintoreros", "id:indigo-dyers"])
def test_a_query_for_a_code_finds_what_has_a_narrower_code_of_ones_own(
    own: rk.Graph, kind: str
) -> None:
    assert ["Guild of dyers"] == [row.group.label for row in own.run("groups", kind=kind)]


def test_an_own_code_is_found_and_named_like_a_thing(own: rk.Graph) -> None:
    assert "dyers with indigo" in [str(row.thing.label) for row in own.search("indigo dyer")]
    assert "Guild of dyers · kind of group · dyers with indigo" in str(own.show("indigo-dyers"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "code:silk-weavers",
            "or write id:silk-weavers, a code of your own: relations-kg new code --codelist "
            'count-kind --name "silk weavers" --append FILE',
        ),
        # A misspelt code, shipped or of one's own, is still a mistake.
        ("code:craftpeople", 'did you mean "code:craftspeople"?'),
        ("id:indigo-dyer", 'did you mean "id:indigo-dyers"?'),
    ],
)
def test_a_code_that_does_not_exist_is_an_error_that_says_what_to_write(
    check: Check, value: str, expected: str
) -> None:
    text = 'id:others a rkg:PopulationGroup ; rdfs:label "Others"@en ; rkg:statedIn'
    ((code, help),) = check(f"{text} src:china-peru\\/s009 ; rkg:groupKind {value} .")

    assert "code-list" == code
    assert (help or "").endswith(expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("consul general", "id:consul-general"),  # a kind of office
        ("ambassador", "id:ambassador"),  # a rank
        ("Peru", "id:peru-mission-kind"),
        ("President of Peru", "id:president-of-peru-mission-kind"),
    ],
)
def test_a_code_of_ones_own_may_have_the_name_of_something_else(
    tmp_path: Path, name: str, iri: str
) -> None:
    file = tmp_path / "codes.ttl"
    command = ("new", "code", "--codelist", "mission-kind", "--name", name, "--append", str(file))

    first = run(*command)
    assert (0, f"new: {iri} ({name}), a code\n") == (first.returncode, first.stderr)
    assert f"{iri} a skos:Concept ;\n    skos:inScheme code:mission-kind " in file.read_text()
    assert rk.load().validate(file).conforms
    again = run(*command)
    assert f"name: {iri} is already described, so nothing is written" in again.stderr

    table = tmp_path / "missions.csv"
    table.write_text(f"kind,sender,receiver,seat,when\n{iri},Peru,Chile,new: Osk,2001/..\n")
    found = import_table(rk.load(file), table, form="mission")
    assert found.report.conforms
    assert f"rkg:missionKind {iri} " in found.turtle.decode()


def test_a_code_that_its_list_has_already_is_not_written_again() -> None:
    expected = run("new", "code", "--codelist", "office-kind", "--name", "consul general").stderr

    assert "name: code:consul-general is already described, so nothing is written" in expected


@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("code", None, "name: code asks for a code; give its name\n"),
        ("place", None, "name: place asks for a place; give its name\n"),
        ("code", "code:dock-workers", "for a new thing, write its name: 'dock workers'\n"),
        ("person", "id:ada-nowhere", "for a new thing, write its name: 'ada nowhere'\n"),
    ],
)
def test_an_error_about_a_new_thing_asks_for_its_name(
    form: str, name: str | None, expected: str
) -> None:
    of_list = ("--codelist", "count-kind") if form == "code" else ()
    result = run("new", form, *of_list, *(("--name", name) if name else ()))

    assert 2 == result.returncode
    assert result.stderr.splitlines(keepends=True)[0].endswith(expected)


def test_the_line_about_a_known_code_names_it_by_its_label() -> None:
    result = run("new", "code", "--codelist", "office-kind", "--name", "code:general-officer")

    assert "write 'general officer <id:…>' for another thing of this name\n" in result.stderr


def test_a_closed_list_offers_no_code_of_ones_own(check: Check) -> None:
    text = 'id:vow a rkg:Undertaking ; rdfs:label "Vow"@en ; rkg:fulfilment code:vvvvv .'
    (help,) = [help for code, help in check(text) if code == "code-list"]

    assert "new code" not in (help or "")


@pytest.mark.slow
def test_the_command_of_the_error_makes_the_facts_valid(tmp_path: Path) -> None:
    facts = str(tmp_path / "facts.ttl")
    place = ("place", "--name", "Karum", "--kind", "Place", "--source", "src:china-peru/s009")
    refused = run("new", *place, "--nature", "salt market", "--append", facts)
    code = (
        "code",
        "--codelist",
        "place-kind",
        "--name",
        "salt market",
        "--broader",
        "code:village",
    )

    assert refused.stderr.rstrip().endswith(
        'relations-kg new code --codelist place-kind --name "salt market" --append FILE'
    )
    assert 0 == run("new", *code, "--append", facts).returncode
    assert 0 == run("new", *place, "--nature", "salt market", "--append", facts).returncode
    assert "rkg:placeKind id:salt-market" in Path(facts).read_text(encoding="utf-8")
    assert 0 == run("validate", facts).returncode


@pytest.mark.slow
def test_a_table_of_codes_is_imported_before_the_tables_that_use_them(tmp_path: Path) -> None:
    codes, places = tmp_path / "code.csv", tmp_path / "place.csv"
    codes.write_text("name,codelist,broader\nsalt market,kind of place,code:village\n", "utf-8")
    row = "Karum,Place,salt market,src:china-peru/s009"
    places.write_text(f"name,kind,nature,source\n{row}\n", "utf-8")
    facts, out = tmp_path / "codes.ttl", tmp_path / "places.ttl"
    before = run("import", places, "-o", out)

    assert 1 == before.returncode
    assert '--codelist place-kind --name "salt market" --append FILE' in before.stdout
    assert 0 == run("import", codes, "-o", facts).returncode
    assert 0 == run("import", places, "-o", out, "--facts", facts).returncode
    assert "rkg:placeKind id:salt-market" in out.read_text(encoding="utf-8")
    tables = tmp_path / "tables"
    run("export", "--only", out, "--only", facts, "--format", "csv", "-o", tables)
    assert "Karum,Place,id:salt-market," in (tables / "place.csv").read_text(encoding="utf-8")


def test_the_namespace_of_the_bundled_codes_takes_no_other(check: Check) -> None:
    text = (
        'code:salt-market a skos:Concept ; skos:inScheme code:place-kind ; skos:prefLabel "x"@en .'
    )

    assert [("bundled", "write id:salt-market for a code of your own")] == check(text)


def test_a_vocabulary_adds_no_code_to_a_closed_list(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    text = "@prefix mfa: <https://mfa.example/v#> .\nmfa:half a skos:Concept ; "
    text += 'skos:prefLabel "half"@en ; skos:inScheme code:fulfilment .'
    file.write_text(HEAD + text, encoding="utf-8")

    with pytest.raises(rk.InputError, match="the code list code:fulfilment is closed"):
        rk.load(vocabulary=str(file))


def test_the_guide_lists_the_closed_lists() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    (_, _, after) = guide.partition("Some lists are closed")
    listed = after.partition("## ")[0]

    assert {iri.removeprefix(CODE) for iri in closed_lists()} == {*listed.split("`")[1::2]}


def test_the_slug_of_a_code_list_names_it_and_not_the_property_of_that_name(kg: rk.Graph) -> None:
    lists, properties = [SKOS + "ConceptScheme"], ["http://www.w3.org/2002/07/owl#ObjectProperty"]

    assert CODE + "place-kind" == kg.names.find("place-kind", lists)
    assert RKG + "placeKind" == kg.names.find("place-kind", properties)


def test_new_reports_that_a_name_is_that_of_a_code_in_the_list() -> None:
    result = run("new", "code", "--name", "embassy", "--codelist", "mission-kind")

    assert (0, "") == (result.returncode, result.stdout)
    assert "name: code:embassy is already described" in result.stderr
    assert "write 'embassy <id:…>' for another" in result.stderr


def test_a_form_gives_no_definition_to_a_bundled_code(kg: rk.Graph) -> None:
    """A file with another definition of the code would be refused."""
    values = {
        "name": "code:abdication",
        "codelist": "code:event-kind",
        "definition": "A crown ends.",
    }
    made = forms()["code"].compose(values, NewThings(kg.names))

    assert () == tuple(made.triples)
