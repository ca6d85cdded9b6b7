"""Tests of the language of a table: it is guessed, and names that are read have its tag."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from command_line import complaint
from test_configuration_of_a_table import HEADINGS

import relations_kg as rk
from relations_kg.authoring.usual_words import language_of
from relations_kg.cli import commands

pytestmark = pytest.mark.usefixtures("shared_graphs")

TAGS = {
    **{"Portuguese": "pt", "Spanish": "es", "French": "fr", "German": "de", "Italian": "it"},
    **{"Dutch": "nl", "Russian": "ru", "English": "en"},
}
TABLE = """\
Clave,Tipo,País,Ciudad,Apertura,Cierre,Jefe de misión,Desde
A,Embajada,España,Madrid,1889,vigente,Ada Peña,05/12/2009
B,Embajada,Turquía,Estambul,1950,vigente,,
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("misiones.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def run(*words: str) -> str:
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 0, result.output
    return result.output


def configured() -> dict[str, object]:
    given = ("--form", "mission", "--only", "none", "--set", "sender=Uruguay")
    run("import", "misiones.csv", *given, "--configure")
    return tomllib.loads(Path("relations-kg.toml").read_text("utf-8"))


def labels(*files: str) -> dict[str, str]:
    """Return the labels in files of facts, each with its language."""
    rows = rk.load(only=[*files]).query(
        "SELECT ?label (LANG(?label) AS ?tag) "
        "{ ?thing rdfs:label ?label . FILTER (STRSTARTS(STR(?thing), STR(id:))) }"
    )
    return {str(row.label): row.tag for row in rows}


@pytest.mark.parametrize("language", TAGS)
def test_the_language_is_guessed_from_the_headings(language: str) -> None:
    assert TAGS[language] == language_of(HEADINGS[language].split(","))


@pytest.mark.parametrize("headings", ["ID,X,Y", "ID,País,Tipo"])
def test_a_language_that_is_not_clear_is_not_guessed(headings: str) -> None:
    assert language_of(headings.split(",")) is None


def test_names_have_the_language_of_the_table_and_sentences_that_of_the_program() -> None:
    settings = configured()
    # Outside English, the day comes first.
    assert ("es", "day-first") == (settings["language"], settings["dates"])
    run("import", "misiones.csv", "--form", "mission", "--only", "none", "-o", "m.ttl", "-q")

    found = labels("m.ttl")
    names = {"España", "Turquía", "Uruguay", "Madrid", "Estambul", "Ada Peña"}
    assert dict.fromkeys(names, "es") == {name: found.pop(name) for name in names}
    assert {"en"} == {*found.values()}
    assert "Embassy of Uruguay in Madrid" in found

    (row,) = rk.load(only=["m.ttl"]).run("mission-history", receiver="España")
    assert "Embassy of Uruguay in Madrid" == row.mission.label
    assert "España" == row.to.label
    kept = ("--only", "m.ttl", "--format", "csv", "-o", "tables")
    assert "mission: 2 rows\nhead: 1 row\n" in run("export", *kept)


def test_a_table_of_parties_has_the_language_too_and_is_named_by_later_tables() -> None:
    configured()
    given = ("--form", "mission", "--only")
    run("import", "misiones.csv", *given, "none", "--template", "party", "-o", "party.csv")
    run("import", "party.csv", "--only", "none", "-o", "party.ttl", "-q")
    assert {"España": "es", "Turquía": "es", "Uruguay": "es"} == labels("party.ttl")

    said = run("import", "misiones.csv", *given, "party.ttl", "-o", "m.ttl")
    assert "a state" not in said
    assert "España" not in labels("m.ttl")
    assert "no errors" in run("validate", "m.ttl", "--only", "party.ttl")


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("party", "name,kind,also\nTurquía,state,Türkiye; Otomanos\n"),
        ("person", "name,also\nAda Peña,La Peña; Otomanos\n"),
        ("place", "name,kind,also\nEstambul,city,Bizancio; Otomanos\n"),
        ("group", "name,also\nLos otomanos,Los turcos; Otomanos\n"),
        ("vessel", "name,also\nSultana,La Sultana; Otomanos\n"),
        ("artefact", "name,also\nCampana,La Campana; Otomanos\n"),
        ("practice", "name,also\nRegata,La Regata; Otomanos\n"),
    ],
)
@pytest.mark.parametrize("language", ["es", pytest.param("", marks=pytest.mark.slow)])
def test_other_names_have_the_language_of_the_name(language: str, form: str, cells: str) -> None:
    Path("relations-kg.toml").write_text(f'language = "{language}"\n' if language else "")
    Path("also.csv").write_text(cells, "utf-8")
    run("import", "also.csv", "--only", "none", "--form", form, "-o", "also.ttl")

    rows = rk.load(only=["also.ttl"]).query(
        "SELECT (LANG(?name) AS ?tag) { ?thing skos:altLabel ?name "
        "FILTER (STRSTARTS(STR(?thing), STR(id:))) }"
    )
    assert [language or "en"] * 2 == [row.tag for row in rows]


def test_without_the_setting_names_are_tagged_as_english() -> None:
    configured()
    text = Path("relations-kg.toml").read_text("utf-8")
    Path("relations-kg.toml").write_text(text.replace('language = "es"', ""), "utf-8")
    run("import", "misiones.csv", "--form", "mission", "--only", "none", "-o", "m.ttl", "-q")
    assert {"en"} == {*labels("m.ttl").values()}


@pytest.mark.parametrize("tag", ['"Spanish language"', '"es_ES"', "7"])
def test_what_is_no_tag_of_a_language_is_an_error(tag: str) -> None:
    Path("relations-kg.toml").write_text(f"language = {tag}\n")

    error = complaint("import", "misiones.csv", "--form", "mission", "--only", "none")
    assert "relations-kg.toml: language: " in error
    assert "is not the tag of a language" in error


def test_a_thing_needs_a_label_in_any_language() -> None:
    prefixes = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    for name in ("id", "rkg", "source/china-peru"):
        iri = {"id": "id/", "rkg": "ontology#"}.get(name, f"{name}/")
        prefixes += f"@prefix {name.partition('/')[0]}: <https://w3id.org/relations-kg/{iri}> .\n"
    city = f"{prefixes}id:osk a rkg:City ; {{}}rkg:statedIn source:s009 .\n"
    found = {}
    for label in ('rdfs:label "Ósk"@is ; ', ""):
        Path("city.ttl").write_text(city.format(label), "utf-8")
        found[label] = [each.code for each in rk.load().validate("city.ttl").findings]

    assert [[], ["min-count"]] == [*found.values()]
