"""Tests of the rules that `validate` reports: selected, ignored, and with another severity."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import complaint, run
from examples import FACTS

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf import formats
from relations_kg.validation.rules import ALWAYS, known
from relations_kg.validation.shape_files import bundled

pytestmark = pytest.mark.usefixtures("shared_graphs")

MISTAKES = Path(__file__).parents[1] / "docs" / "mistakes.md"
PREFIXES = """\
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix cp: <https://w3id.org/relations-kg/source/china-peru/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CITY = 'id:lima-city a rkg:City ; rdfs:label "Lima"@en ; rkg:statedIn cp:s009 .\n'
MISSION = (
    'id:x a rkg:Embassy ; rdfs:label "X"@en ; rkg:sendingParty id:xi-jinping ; '
    "rkg:receivingParty id:tianjin ; rkg:seat id:lima ; rkg:statedIn cp:s009 .\n"
)
TYPO = "id:y a rkg:Embasy .\n"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a warning of a duplicate, and two links to things of the wrong class."""
    file = tmp_path_factory.mktemp("rules") / "facts.ttl"
    file.write_text(PREFIXES + CITY + MISSION)
    return file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in another one, which is the current folder."""
    folder = tmp_path / "facts"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def codes(report: rk.Report) -> list[str]:
    return [f"{finding.severity}[{finding.code}]" for finding in report.findings]


RELATIONS = (
    'id:r a rkg:DiplomaticRelations ; rdfs:label "R"@en ; rkg:firstParty id:peru ; '
    "rkg:secondParty id:chile .\n"
)
SENDER, RECEIVER = "MissionShape-sendingParty", "MissionShape-receivingParty"
ALL = ["warning[duplicate]", "error[class]", "error[class]"]


@pytest.mark.parametrize(
    ("select", "ignore", "severity", "left", "said"),
    [
        ((), (), {}, ALL, ""),
        ("duplicate", (), {}, ALL[:1], "2 findings of 2 ignored rules (class)"),
        ((), "duplicate", {}, ALL[1:], "1 finding of 1 ignored rule (duplicate)"),
        (SENDER, (), {}, ALL[1:2], "2 findings of 2 ignored rules (class, duplicate)"),
        (
            (),
            [SENDER, f"{RECEIVER},duplicate"],
            {},
            [],
            "3 findings of 3 ignored rules (class, duplicate)",
        ),
        ("class , duplicate", RECEIVER, {}, ALL[:2], "1 finding of 1 ignored rule (class)"),
        ((), (), {"duplicate": "error"}, ["error[duplicate]", *ALL[1:]], ""),
        ((), (), {"class": "warning", SENDER: "error"}, [*ALL[:2], "warning[class]"], ""),
    ],
)
def test_findings_of_ignored_rules_are_only_counted(
    kg: rk.Graph,
    file: Path,
    select: str,
    ignore: str,
    severity: Mapping[str, str],
    left: list[str],
    said: str,
) -> None:
    report = kg.validate(file, select=select, ignore=ignore, severity=severity)

    assert left == codes(report)
    assert said == report.ignored_text
    assert report.conforms == ("error" not in str(left))
    assert report.conforms_strictly == (not left)


@pytest.mark.parametrize(
    ("text", "ignore", "left"),
    [
        # A misspelt class can be ignored, unless nothing else is checked: no shape targets its
        # instances.
        (CITY + TYPO, "unknown-term", ["warning[duplicate]"]),
        (TYPO, "unknown-term", ["error[nothing-checked]"]),
        (CITY + "id:y a rkg:City", "duplicate,min-count,missing", ["error[syntax]"]),
        (CITY + "id:y a rgk:City .", "duplicate,min-count,missing", ["error[unknown-prefix]"]),
        ("", "empty", ["error[nothing-checked]"]),
        # The check of dangling links leaves this to the shape, unless its rule is ignored.
        (MISSION.replace("xi-jinping", "nowhere"), "class", ["error[dangling-link]"]),
    ],
)
def test_what_could_not_be_read_or_checked_is_always_reported(
    kg: rk.Graph, tmp_path: Path, text: str, ignore: str, left: list[str]
) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(PREFIXES + text)

    assert left == codes(kg.validate(file, ignore=ignore))


def test_the_whole_graph_is_checked_by_the_chosen_rules(file: Path) -> None:
    graph = rk.load(only=[file])

    assert ["error[class]"] * 5 == codes(graph.validate())
    # The check of dangling links reports what an ignored rule would have reported.
    assert ["error[dangling-link]"] * 5 == codes(graph.validate(ignore="class"))
    assert [] == codes(graph.validate(select="duplicate"))


@pytest.mark.parametrize(
    ("number", "others", "found"), [(10, "", 10), (11, "", 1), (11, RELATIONS, 11)]
)
def test_a_rule_about_what_a_dataset_leaves_out_is_reported_once(
    kg: rk.Graph, tmp_path: Path, number: int, others: str, found: int
) -> None:
    file = tmp_path / "missions.ttl"
    missions = (
        f'id:m{n} a rkg:Embassy ; rdfs:label "M {n}"@en ; rkg:sendingParty id:avaria ; '
        "rkg:receivingParty id:borduria ; rkg:seat id:lima ; rkg:statedIn cp:s009 .\n"
        for n in range(number)
    )
    states = "id:avaria a rkg:State . id:borduria a rkg:State .\n"
    file.write_text(PREFIXES + states + "".join(missions) + others)

    reports = [kg.validate(file, select="without-relations")]
    if found == 1:
        reports.append(rk.load(only=[file]).validate(select="without-relations"))
    for report in reports:
        assert found == len(report.findings)
        once = f"{number} things need a rkg:DiplomaticRelations, but none is stated"
        assert (once == report.findings[0].message) == (found == 1)
        assert (report.findings[0].line is None) == (found == 1)


def test_the_one_finding_of_such_a_rule_counts_those_of_all_files_and_names_the_first(
    kg: rk.Graph, tmp_path: Path
) -> None:
    files = [tmp_path / "a.ttl", tmp_path / "b.ttl"]
    for number, file in enumerate(files):
        missions = (
            f'id:m{number}{n} a rkg:Embassy ; rdfs:label "M {number} {n}"@en ; '
            "rkg:sendingParty id:avaria ; rkg:receivingParty id:borduria , id:cordania ; "
            "rkg:seat id:lima ; rkg:statedIn cp:s009 .\n"
            for n in range(7)
        )
        states = "id:avaria a rkg:State . id:borduria a rkg:State . id:cordania a rkg:State .\n"
        # What follows a mistake in a statement is not reported as missing.
        broken = "id:m00 rkg:about rkg .\n" if number else ""
        file.write_text(PREFIXES + states + "".join(missions) + broken)

    found = kg.validate(*files, select="without-relations").findings
    other = kg.validate(*reversed(files), select="without-relations").findings

    message = "{} things need a rkg:DiplomaticRelations, but none is stated"
    assert [message.format(28)] == [f.message for f in found if f.shape]
    assert [str(files[0])] == [f.file for f in found if f.shape]
    assert [f.message for f in other if f.shape] == [message.format(28)]


def test_every_code_in_the_documentation_is_known() -> None:
    text = MISTAKES.read_text("utf-8") if MISTAKES.exists() else pytest.skip("no documentation")
    tables = re.sub(r"## In tables.*?\n## ", "## ", text, flags=re.S)
    described = set(re.findall(r"^\| `([a-z-]+)`", tables, flags=re.M))

    assert len(described) > 25
    assert set() == described - known(bundled())
    assert {*ALWAYS, "class", "without-relations", SENDER} <= known(bundled())


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"ignore": "duplicat"}, 'ignore: "duplicat" is neither .*did you mean "duplicate"'),
        ({"select": ["class", "xyzzy"]}, 'select: "xyzzy" .*docs/mistakes.md lists the codes'),
        ({"select": "class,"}, 'select: "" is neither'),
        ({"severity": {"clas": "error"}}, 'severity: "clas" is neither'),
        ({"severity": {"class": "fatal"}}, '"fatal" is not a severity that class can have; write'),
        ({"ignore": "syntax"}, "ignore: syntax is always reported, as an error; leave it out"),
        ({"severity": {"unreadable": "warning"}}, "severity: unreadable is always reported"),
    ],
)
def test_an_unknown_rule_is_an_error_with_the_one_that_was_meant(
    kg: rk.Graph, file: Path, chosen: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        kg.validate(file, **chosen)  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_nearest_configuration_counts(file: Path, folder: Path) -> None:
    def left() -> list[str]:
        result = run("validate", file, "--format", "json")
        return [finding["code"] for finding in json.loads(result.stdout)["findings"]]

    own, above = folder / "relations-kg.toml", folder.parent / "pyproject.toml"
    above.write_text('[tool.relations-kg]\nignore = ["class"]\n')
    (folder / "pyproject.toml").write_text("[project]\nname = 'relations-kg'\n")

    assert ["duplicate"] == left()
    own.write_text('select = ["class"]\n')
    assert ["class", "class"] == left()
    own.write_text("")
    assert 3 == len(left())


@pytest.mark.slow
def test_rules_on_the_command_line_replace_those_of_the_file(file: Path, folder: Path) -> None:
    (folder / "relations-kg.toml").write_text(
        'ignore = ["class"]\nseverity = { duplicate = "error", class = "warning" }\n'
    )

    configured = run("validate", file, "-f", "concise")
    replaced = run("validate", file, "--ignore", f"duplicate,{SENDER}", "-f", "concise")

    assert 1 == configured.returncode
    assert ": error[duplicate] " in configured.stdout
    assert configured.stdout.endswith("\n2 findings of 2 ignored rules (class)\n")
    assert 0 == replaced.returncode
    assert ": warning[class] " in replaced.stdout
    assert 2 == replaced.stdout.count("\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select = [", "relations-kg.toml: invalid TOML: "),
        ('ignroe = ["class"]', 'ignroe: there is no such setting; did you mean "ignore"?'),
        ('ignore = "class"', 'ignore: it is not a list of strings; write ignore = ["duplicate"]'),
        ("severity = { class = 1 }", "severity: it is not a table of strings"),
        ('ignore = ["clas"]', 'relations-kg.toml: ignore: "clas" is neither the code'),
    ],
)
def test_a_mistake_in_the_configuration_is_named(
    file: Path, folder: Path, text: str, message: str
) -> None:
    (folder / "relations-kg.toml").write_text(text)

    assert message in complaint("validate", file)


def test_an_unknown_rule_on_the_command_line_is_named(file: Path, folder: Path) -> None:
    assert '--ignore: "clas" is neither' in complaint("validate", file, "--ignore", "clas")


def test_ignored_findings_are_not_fixed(folder: Path) -> None:
    typo = FACTS / "mistakes" / "misspelt-port.ttl"
    copy = folder / "facts.ttl"
    copy.write_bytes(typo.read_bytes())

    run("validate", "--fix", copy, "--ignore", "unknown-term")

    assert "rkg:celebrate " in copy.read_text("utf-8")


@pytest.mark.parametrize("format", formats.names("findings"))
def test_every_format_counts_the_findings_of_ignored_rules(
    kg: rk.Graph, file: Path, format: str
) -> None:
    report = kg.validate(file, ignore="duplicate")

    text = report.serialize(format)

    assert '"ignored": [\n    {' in text if format == "json" else report.ignored_text in text
    assert report.ignored_text in report._repr_html_()
