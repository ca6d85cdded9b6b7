"""Tests of the command line: its output and its exit status."""

import csv
import io
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from command_line import COMMAND, complaint, modules_of, printed, run

import relations_kg as rk
from relations_kg.answers.queries import stored_queries
from relations_kg.rdf.formats import names
from relations_kg.rdf.namespaces import PREFIXES

pytestmark = pytest.mark.usefixtures("shared_graphs")

README = Path(__file__).parent.parent / "README.md"
FACTS_FOLDER = Path(__file__).with_name("facts")
FOUND, VISIT = FACTS_FOLDER / "bad", FACTS_FOLDER / "good" / "visit.ttl"
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
FACTS = HEADER + 'id:freedonia a rkg:State ; rdfs:label "Freedonia"@en , "Fredonia"@es .\n'
PARTIES = "SELECT ?zone ?area WHERE { ?zone rkg:inRegion ?area } ORDER BY ?zone ?area"
HELP = re.compile(r"^  ([a-z]+) +(\S.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a space in its name, with files that are invalid in many ways."""
    place = tmp_path_factory.mktemp("some files")
    (place / "folder.ttl").mkdir()
    for name, content in {
        "good.ttl": FACTS.encode(),
        "windows.ttl": b"\xef\xbb\xbf" + FACTS.replace("\n", "\r\n").encode(),
        "empty.ttl": b"",
        "binary.ttl": b"\x7fELF\0\0\0\0",
        "bad.ttl": FACTS.encode() + b"id:a rdfs:label ;\n",
        "undated.ttl": FACTS.encode() + b'id:a rkg:when "circa 1946"^^edtf:EDTF .\n',
        "twins.ttl": HEADER.encode()
        + b'id:one rdfs:label "Twin"@en . id:two skos:altLabel "twin"@en .\n',
        "windows.rq": b"\xef\xbb\xbf" + PARTIES.replace(" ", "\r\n").encode(),
        "bad.rq": b"SELECT ?a\nWHERE { ?a ?b }",
        "latin.rq": b"SELECT ?a WHERE { ?a ?b '\xe9' }",
    }.items():
        (place / name).write_bytes(content)
    return place


def commands() -> dict[str, str]:
    return dict(HELP.findall(printed("--help").partition("Commands:\n")[2]))


@pytest.mark.slow
def test_every_command_has_help_and_says_what_it_does() -> None:
    for name, summary in commands().items():
        text = printed(name, "--help")

        assert summary.rstrip(".").split("...")[0] in " ".join(text.split())
        assert text == printed(name, "-h")
        for option in re.findall(r"^  .*?(--[a-z-]+)[^\n]*$", text, re.MULTILINE):
            assert re.search(rf"{option}.*[a-z]{{3}}.*\.", text.replace("\n      ", " "))


@pytest.mark.slow
def test_the_installed_program_prints_the_same_help(pytestconfig: pytest.Config) -> None:
    for name in commands() if pytestconfig.getoption("--whole") else ["query"]:
        installed = subprocess.run([COMMAND, name, "-h"], capture_output=True, text=True)

        assert (0, printed(name, "-h"), "") == (
            installed.returncode,
            installed.stdout,
            installed.stderr,
        )


def test_the_commands_of_the_first_slice_are_there() -> None:
    assert {"info", "query", "show", "source", "export", "validate"} <= set(commands())


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")

    assert [] == [name for name in commands() if f"relations-kg {name}" not in text]


def test_the_readme_counts_the_stored_queries() -> None:
    text = README.read_text(encoding="utf-8")

    assert f"There are {len(stored_queries())} stored queries." in text


def test_the_command_alone_says_what_is_there_and_what_to_try() -> None:
    lines = printed().splitlines()

    assert len(lines) <= 24
    tries = [line.split("relations-kg ")[1].split() for line in lines if "  relations-kg " in line]
    assert 3 == len(tries)
    for arguments in tries:
        printed(*arguments)


def test_the_version_is_that_of_the_package() -> None:
    assert f"relations-kg {rk.__version__}\n" == printed("--version")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["polices"], "unknown command|No such command 'polices'"),
        (["--bogus"], "--bogus"),
        (["query"], "name a stored query, give SPARQL"),
        (["query", "polices"], "there is no stored query 'polices'; did you mean \"policies\"?"),
        (["query", "polices", "--show"], "there is no stored query 'polices'"),
        (["query", "policies", "--parti", "peru"], "did you mean \"party\"\\?"),
        (["query", "policies", "--party"], "--party needs a value"),
        (["query", "policies", "--party", "peru", "--party=peru"], "--party.* is given twice"),
        (["query", "policies", "peru"], "'peru' is not a parameter"),
        (["query", "policies", "--party", "peruu"], "party: nothing in the graph .* \"peru\""),
        (["query", "policies", "--party", "idd:peru"], 'unknown prefix "idd:".* did you mean "id"'),
        (["query", "policies", "--party", ""], "--party needs a value"),
        (["query", "evidence"], "evidence asks for a thing: --thing peru"),
        (["query", "missions", "--on", "1971"], "on: not a calendar day: '1971'; .* write a day"),
        (["query", "timeline", "--since", "1971-02-30"], "since: .*1971-02 has 28 days"),
        (["query", "relations", "--status", "offical"], "status: .*use one of official, unoffi"),
        (["query", "policies", "--format", "yaml"], "unknown format 'yaml'; use one of table"),
        (["query", "ASK { ?s ?p ?o }", "--format", "yaml"], "unknown format 'yaml'"),
        (["query", "SELECT * { ?s ?p }"], "query:1:18: not SPARQL: |query:1:19: not SPARQL: "),
        (["query", "SELECT * { x:a ?p ?o }"], 'unknown prefix "x:"'),
        (["query", "DELETE WHERE { ?s ?p ?o }"], "query:1:1: DELETE is an update"),
        (["query", "INSERT DATA { id:a id:b id:c }"], "query:1:1: INSERT is an update"),
        (["query", "ASK { ?s ?p ?o }", "--party", "peru"], "has no variable .party"),
        (["query", "none.rq"], "none.rq: there is no such file"),
        (["show"], "THING"),
        (["show", "peruu"], "nothing in the graph is called 'peruu'; did you mean \"peru\""),
        (["show", "idd:peru"], 'unknown prefix "idd:".* did you mean "id"'),
        (["show", ""], "the name '' is empty; write a name, such as peru"),
        (["show", "\x1b[31m\n"], "nothing in the graph is called"),
        (["info", "--format", "yaml"], "unknown format 'yaml'; use one of text, json"),
        (["export", "--format", "yaml"], "unknown format 'yaml'; use one of turtle, jsonld"),
        (["source", "--document", "none.txt"], "none.txt: there is no such file"),
        (["validate"], "FILE"),
        (["validate", "none.ttl"], "none.ttl: there is no such file"),
        (["validate", "none.ttl", "nor-this.ttl"], "none.ttl: there is no such file"),
        (["validate", "facts.txt"], "facts.txt: there is no such file"),
        (["validate", "facts.csv"], "facts.csv: there is no such file"),
        (["passages", "."], ".: this is a folder; name a file"),
        (["import", "."], ".: this is a folder; name a file"),
        (["import", "none"], "none: there is no such file"),
        (["validate", "-", "--format", "yaml"], "unknown format 'yaml'; use one of text, concise"),
        (["validate", "-", "--max", "few"], "'few' is not a valid integer"),
        (["validate", "-", "--max", "-1"], "-1 is not in the range"),
        (["validate", "-", "--bogus"], "--bogus"),
        (["validate", "-", "--fix"], "standard input cannot be repaired; name a file"),
        (["validate", "a.ttl", "--dry-run"], "--dry-run needs --fix"),
        (["validate", "-", "--against", "none.ttl"], "none.ttl: there is no such file"),
        (["validate", "-", "--against", "none", "--against", "a.ttl"], "--against none cannot be"),
        (["validate", "-", "--against", "none", "--only", "a.ttl"], "--against cannot be combined"),
        (["info", "--facts", "none.ttl"], "none.ttl: there is no such file"),
        (["info", "--only", "none.ttl"], "none.ttl: there is no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_reported_in_one_line(arguments: list[str], words: str) -> None:
    line = complaint(*arguments)

    assert re.search(words, line)
    assert line.isprintable()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.ttl", "there is no such file"),
        ("none.csv", "there is no such file"),
        ("empty.ttl", "there are no facts; "),
        ("binary.ttl", "this is a binary file; "),
        ("folder.ttl", "this is a folder; "),
        ("bad.rq", '".rq" is not the suffix of a format'),
    ],
)
def test_a_file_that_cannot_be_read_is_named(place: Path, name: str, words: str) -> None:
    for option in ("--facts", "--only"):
        assert complaint("info", option, place / name).startswith(f"{place / name}: {words}")


def test_a_mistake_in_turtle_is_shown_with_line_and_column(place: Path) -> None:
    line = FACTS.count("\n") + 1

    for arguments in (["info"], ["query", "policies"], ["show", "peru"], ["export"], ["source"]):
        text = complaint(*arguments, "--facts", place / "bad.ttl")

        assert re.match(rf"{re.escape(str(place))}/bad\.ttl:{line}:\d+: ", text)


def test_a_date_of_the_facts_that_is_none_is_shown_with_what_would_be_right(place: Path) -> None:
    line = FACTS.count("\n") + 1
    text = (
        f"undated.ttl:{line}:15: id:a: not a date of the EDTF profile: 'circa 1946'; write '1946~'"
    )

    assert text in complaint("info", "--facts", place / "undated.ttl")


def test_a_mistake_in_a_query_file_is_shown_with_its_name_and_line(place: Path) -> None:
    assert re.match(
        rf"({re.escape(str(place))}/bad\.rq|query):2:\d+: not SPARQL",
        complaint("query", place / "bad.rq"),
    )
    assert "latin.rq: this is not text in UTF-8" in complaint("query", place / "latin.rq")


def test_a_label_that_fits_two_things_names_both(place: Path) -> None:
    text = complaint("show", "TWIN", "--facts", place / "twins.ttl")

    assert "'TWIN' is ambiguous: id:one (Twin) and id:two (twin)" in text.replace(
        "id:two (id:two)", "id:two (twin)"
    )


def test_arguments_that_are_not_text_are_reported_too() -> None:
    result = subprocess.run([COMMAND, b"show", b"\xff\xfe"], capture_output=True)

    assert (2, b"") == (result.returncode, result.stdout)
    assert 1 == result.stderr.count(b"\n")
    assert b"Traceback" not in result.stderr


@pytest.mark.slow
def test_marks_of_other_systems_make_no_difference(place: Path) -> None:
    assert printed("export", "--only", place / "good.ttl") == printed(
        "export", "--only", place / "windows.ttl"
    )
    assert printed("query", PARTIES) == printed("query", place / "windows.rq")


@pytest.mark.slow
def test_a_hyphen_is_standard_input(place: Path) -> None:
    expected = printed("query", PARTIES)

    assert expected == printed("query", "-", text=PARTIES)
    assert expected == printed("query", "-", text=b"\xef\xbb\xbf" + PARTIES.encode())
    assert printed("export", "--only", place / "good.ttl") == printed(
        "export", "--only", "-", text=FACTS
    )
    assert "standard input: there are no facts" in complaint("info", "--facts", "-")
    assert re.search(r"standard input:\d+:\d+: ", complaint("info", "--facts", "-", text="id:a ."))


def test_a_stored_query_prints_a_table_and_the_passages_it_rests_on(kg: rk.Graph) -> None:
    text = printed("query", "policies", "--party", "peru")

    rows = kg.run("policies", party="peru")
    assert str(rows) + kg.evidence(rows) == text
    assert str(rows) == printed("query", "policies", "--party=peru", "--quiet")
    assert str(rows) == printed("query", "-q", "policies", "--party", "Peru")


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml", "markdown"])
def test_an_answer_is_printed_in_the_format_asked_for(kg: rk.Graph, format: str) -> None:
    expected = kg.run("relations").serialize(format)

    assert expected == printed("query", "relations", "--format", format).replace("\r\n", "\n") or (
        expected == printed("query", "relations", "--format", format)
    )


def test_columns_come_in_the_order_of_the_select() -> None:
    rows = list(csv.reader(io.StringIO(printed("query", PARTIES, "--format", "csv"))))

    assert ["zone", "area"] == rows[0]
    assert ["zone", "area"] == printed("query", PARTIES).split()[:2]
    assert ["zone", "area"] == json.loads(printed("query", PARTIES, "--format", "json"))["head"][
        "vars"
    ]


@pytest.mark.parametrize("format", ["turtle", "jsonld", "ntriples"])
def test_a_graph_as_an_answer_is_printed_as_linked_data(kg: rk.Graph, format: str) -> None:
    sparql = "CONSTRUCT WHERE { id:peru rkg:inRegion ?region }"
    triples = kg.query(sparql)

    assert isinstance(triples, rk.Triples)
    assert triples.serialize(format) == printed("query", sparql, "--format", format)
    assert triples.serialize() == printed("query", sparql)


def test_an_answer_of_nothing_and_an_ask_either_way_are_fine() -> None:
    result = run("query", "SELECT ?a { ?a a rkg:Alliance }")
    assert (0, "a\n-\n") == (result.returncode, result.stdout)
    assert "nothing matches ?a a rkg:Alliance; the graph has no instance of it" in result.stderr
    assert "true\n" == printed("query", "ASK { id:peru a rkg:State }")
    assert "false\n" == printed("query", "ASK { id:peru a rkg:Person }")


def test_stored_queries_are_listed_with_what_they_can_be_asked_for(kg: rk.Graph) -> None:
    text = printed("query", "--list")

    for name, query in kg.queries.items():
        options = "".join(f"    --{parameter}\n" for parameter in query.parameters)
        assert f"{name}\n    {query.summary}\n{options}" in text


def test_the_sparql_of_a_stored_query_is_shown_and_runs(kg: rk.Graph) -> None:
    text = printed("query", "policies", "--show")

    assert kg.queries["policies"].text == text
    assert printed("query", "policies", "-q") == printed("query", "-", text=text)


@pytest.mark.slow
def test_facts_are_added_and_only_replaces_the_bundled_ones(place: Path) -> None:
    count = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a rkg:State }"

    def states(*options: str | Path) -> int:
        return int(printed("query", count, "--format", "csv", *options).split()[1])

    assert 1 == states("--only", place / "good.ttl")
    assert states() + 1 == states("--facts", place / "good.ttl")
    assert 1 == states("--only", place / "good.ttl", "--only", place / "twins.ttl")
    assert "Freedonia" in printed("show", "Fredonia", "--facts", place / "good.ttl")


def test_info_is_printed_as_text_and_as_json(kg: rk.Graph) -> None:
    assert str(kg.summary()) == printed("info")
    assert kg.summary().to_json() == printed("info", "--format", "json")


def test_show_prints_the_description_of_a_thing(kg: rk.Graph) -> None:
    assert str(kg.show("lima")) == printed("show", "Lima") == printed("show", "id:lima")


@pytest.mark.parametrize("format", ["turtle", "jsonld", "ntriples", "nquads", "trig"])
def test_exports_are_printed_and_written_alike(kg: rk.Graph, tmp_path: Path, format: str) -> None:
    path = tmp_path / "out"

    assert "" == printed("export", "--format", format, "--all", "-o", path)
    assert kg.export(format=format, inferred=True) == path.read_bytes()
    assert kg.export(format=format).decode() == printed("export", "--format", format)
    assert printed("export", "--format", format, "--stated") == printed(
        "export", "--format", format
    )


def test_the_source_is_listed_and_checked_against_the_document(
    kg: rk.Graph, china_peru: rk.Graph, document: Path, tmp_path: Path
) -> None:
    listed = printed("source")
    checked = printed("source", "--document", document)
    (tmp_path / "other.txt").write_text(
        document.read_text(encoding="utf-8").replace("Lima", "lima")
    )
    wrong = run("source", "--document", tmp_path / "other.txt")

    assert len(kg.passages()) == len(re.findall("^src:", listed, re.MULTILINE))
    assert len(china_peru.passages()) == len(re.findall("^src:china-peru/", checked, re.MULTILINE))
    assert len(china_peru.passages()) == checked.count("    “")
    assert 1 == wrong.returncode
    assert "! not in this document" in wrong.stdout
    assert re.fullmatch(
        r".*other\.txt: \d+ passages? do(es)? not match the document\n", wrong.stderr
    )
    piped = run("source", "--document", "-", text="another text")
    assert re.fullmatch(r"standard input: \d+ passages do not match the document\n", piped.stderr)


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    for arguments in (["export", "--format", "nquads", "--all"], ["source"], ["query", "--list"]):
        with subprocess.Popen(
            [COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert b"" == process.stderr.read()
            assert 0 == process.wait()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")
@pytest.mark.parametrize("arguments", [["export"], ["query", "--list"], ["show", "lima"]])
def test_a_full_device_is_reported_in_one_line(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE)

    assert 2 == result.returncode
    assert 1 == result.stderr.count(b"\n")
    assert b"No space left" in result.stderr


def test_interrupting_ends_with_130(tmp_path: Path) -> None:
    pipe = tmp_path / "query.rq"
    os.mkfifo(pipe)
    with subprocess.Popen([COMMAND, "query", pipe], stderr=subprocess.PIPE) as process:
        with open(pipe, "wb"):  # waits until the command reads
            while process.poll() is None:  # a signal just before a read is handled after it
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(5)
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
        assert 130 == process.wait()


@pytest.mark.parametrize("target", ["none/out", "."])
def test_a_target_that_cannot_be_written_is_reported(tmp_path: Path, target: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text("member,organization\nPeruu,\n")
    for arguments in (
        ["export"],
        ["query", "policies"],
        # The target is checked first, since it takes longer to find the mistakes in the input.
        ["import", table],
        ["validate", VISIT],
        ["new", "membership", "--append"],
    ):
        option = [] if "--append" in arguments else ["-o"]
        text = complaint(*arguments, *option, tmp_path / target)

        assert text.startswith(f"{tmp_path / target}: cannot be written: ")
    assert ["table.csv"] == os.listdir(tmp_path)


def test_a_file_is_left_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    path.write_text("old")

    result = subprocess.run(
        [COMMAND, "export", "-o", path],
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )

    assert (2, b"") == (result.returncode, result.stdout)
    assert result.stderr.decode().startswith(f"{path}: cannot be written: ")
    assert "old" == path.read_text()
    assert ["out.ttl"] == os.listdir(tmp_path)


HOSTILE = r"\u001B[31mred\u0007\u009B2J\nnext\r\u202Eline"


def hostile_texts(path: Path) -> Iterator[str]:
    """Yield the outputs of commands that show labels from a file of facts."""
    path.write_text(
        HEADER + f'id:a a rkg:Thing , rkg:PolicyCommitment ; rdfs:label "{HOSTILE}" ; '
        f'rkg:committedParty id:a ; rkg:committedTo id:b ; rkg:description "{HOSTILE}"@en ; '
        f'rkg:statedIn src:a . id:b skos:altLabel "{HOSTILE}" .\n'
        f'rkg:Thing rdfs:label "{HOSTILE}" .\n'
        f'src:a a rkg:Passage ; rkg:inDocument id:d ; rkg:gist "{HOSTILE}"@en ; '
        f'rkg:section "{HOSTILE}" ; rkg:carriesNoFact "{HOSTILE}"@en .\n'
    )
    label = HOSTILE.encode().decode("unicode_escape")
    for arguments in (
        ["query", "policies"],
        ["query", "policies", "--format", "markdown"],
        ["query", "SELECT ?a ?b { ?a rdfs:label ?b }"],
        ["show", "id:a"],
        ["source"],
        ["info"],
        ["show", label],
        ["show", label + "x"],
        ["query", "policies", "--party", label],
    ):
        result = run(*arguments, "--facts", path)
        yield result.stdout
        yield result.stderr


@pytest.mark.slow
def test_no_text_of_the_facts_reaches_a_terminal_as_a_command(tmp_path: Path) -> None:
    for text in hostile_texts(tmp_path / "facts.ttl"):
        assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "policies", "--party", "peru"],
        ["query", PARTIES, "--format", "csv"],
        ["query", "--list"],
        ["show", "lima"],
        ["--help"],
    ],
)
def test_asking_imports_neither_the_judges_nor_what_only_a_terminal_needs(
    arguments: list[str],
) -> None:
    _, modules = modules_of(*arguments)

    loaded = {name.partition(".")[0] for name in modules}
    assert "relations_kg" in loaded
    assert not loaded & {"rdflib", "owlrl", "pyshacl", "rich", "pandas", "polars", "pyarrow"}


def test_asking_in_python_imports_neither() -> None:
    program = (
        "import sys, relations_kg as rk\n"
        "rows = rk.load().run('policies', party='peru')\n"
        "str(rows), rows.serialize('json'), rows[0].policy.label\n"
        "print(*sys.modules)"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert not {"rdflib", "owlrl", "pyshacl", "rich"} & set(result.stdout.split())


# Validation


@pytest.fixture
def mendable(tmp_path: Path) -> Path:
    """A file with one mistake, whose repair is certain."""
    return Path(shutil.copy(FOUND / "language.ttl", tmp_path / "mend.ttl"))


def verdict(*arguments: str | Path, text: str | bytes = "", **surroundings: str) -> tuple[int, str]:
    """Return the exit status and the output of a validation that prints no error."""
    result = run("validate", *arguments, text=text, **surroundings)

    assert "" == result.stderr
    return result.returncode, result.stdout


def test_validating_ends_with_0_for_facts_that_conform() -> None:
    status, text = verdict(VISIT)

    assert 0 == status
    assert text.startswith(f"{VISIT}: no errors in ")


@pytest.mark.slow
def test_warnings_alone_fail_only_if_that_is_asked_for() -> None:
    for options, status in (([], 0), (["--strict"], 1)):
        result = verdict(FOUND / "undated-undated.ttl", *options)

        assert status == result[0]
        assert "warning[undated]" in result[1]
        assert ": no errors, 1 warning in " in result[1]
    assert 0 == verdict(VISIT, "--strict")[0]


@pytest.mark.slow
def test_what_met_no_shape_fails_only_if_that_is_asked_for(place: Path) -> None:
    # No shape covers a class of another vocabulary, which is only a warning.
    file = place / "foreign.ttl"
    file.write_text(
        HEADER + "id:ada a <http://xmlns.com/foaf/0.1/Person> .\nid:peru a rkg:State .\n"
    )

    assert 0 == verdict(file)[0]
    assert 1 == verdict(file, "--strict")[0]
    assert 1 == verdict(FOUND / "empty.ttl", "--strict")[0]


@pytest.mark.parametrize("name", ["visit-to-own-country", "syntax", "unknown-prefix", "date"])
def test_validating_ends_with_1_for_mistakes_and_for_text_that_is_none(name: str) -> None:
    status, text = verdict(FOUND / f"{name}.ttl", "--format", "concise")

    assert 1 == status
    assert re.fullmatch(rf".*{name}\.ttl:\d+:\d+: error\[[a-z-]+\] .*\n", text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["none.ttl", "binary.ttl", "folder.ttl", "bad.rq"])
def test_validating_ends_with_2_where_nothing_can_be_read(place: Path, name: str) -> None:
    assert complaint("validate", place / name).startswith(f"{place / name}: ")
    assert complaint("validate", place / name, "--fix").startswith(f"{place / name}: ")
    assert complaint("validate", VISIT, "--against", place / name).startswith(f"{place / name}: ")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read all files")
def test_a_file_that_may_not_be_read_is_reported(mendable: Path) -> None:
    mendable.chmod(0)

    assert complaint("validate", mendable).startswith(f"{mendable}: cannot be read: ")


@pytest.mark.parametrize("name", ["none.ttl", "binary.ttl", "folder.ttl", "bad.rq"])
def test_of_several_files_one_that_cannot_be_read_is_a_finding(place: Path, name: str) -> None:
    status, text = verdict(place / name, VISIT, "--format", "concise")

    assert 1 == status
    assert text.startswith(f"{place / name}: error[unreadable] ")


@pytest.mark.slow
def test_files_are_checked_without_the_bundled_facts_or_against_others(tmp_path: Path) -> None:
    stop = FACTS_FOLDER / "good" / "stop-in-shanghai.nt"
    (tmp_path / "known.nt").write_bytes(rk.load().export(format="ntriples"))

    assert 0 == verdict(stop)[0]
    assert 1 == verdict(stop, "--against", "none")[0]
    assert 0 == verdict(VISIT, "--against", "none")[0]
    assert 1 == verdict(stop, "--against", VISIT)[0]
    assert 0 == verdict(stop, "--against", tmp_path / "known.nt")[0]
    assert 0 == verdict(stop, "--against", VISIT, "--against", tmp_path / "known.nt")[0]
    assert 0 == verdict(stop, "--facts", VISIT)[0]


@pytest.mark.slow
def test_a_hyphen_is_standard_input_in_trig() -> None:
    turtle = VISIT.read_text(encoding="utf-8")
    head, facts = re.fullmatch(r"(?s)((?:#.*\n|@prefix.*\n|\n)*)(.*)", turtle).groups()  # type: ignore[union-attr]

    assert 0 == verdict("-", text=turtle)[0]
    assert 0 == verdict("-", text=f"{head}<urn:g> {{ {facts} }}")[0]
    status, text = verdict("-", "--format", "concise", text=HEADER + "id:lima rkg:seat id:ada .")
    assert 1 == status
    assert all(line.startswith("standard input:") for line in text.splitlines())
    assert (1, "there are no facts") == (verdict("-")[0], verdict("-")[1][14:32])


@pytest.mark.slow
@pytest.mark.parametrize("format", names("findings"))
def test_findings_are_printed_in_each_format_and_written_alike(
    kg: rk.Graph, tmp_path: Path, format: str
) -> None:
    file, target = FOUND / "visit-to-own-country.ttl", tmp_path / "findings"
    expected = kg.validate(file).serialize(format)

    assert (1, expected) == verdict(file, "--format", format)
    assert (1, "") == verdict(file, "--format", format, "-o", target)
    assert expected.encode() == target.read_bytes()


def test_findings_that_cannot_be_written_end_with_2(tmp_path: Path) -> None:
    text = complaint("validate", VISIT, "-o", tmp_path / "none" / "findings")

    assert "cannot be written" in text


@pytest.mark.slow
def test_no_more_findings_of_a_kind_are_shown_than_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "many.ttl"
    file.write_text(HEADER + "".join(f"id:peru rkg:word-{n} {n} .\n" for n in range(14)))
    for options, shown in (
        ([], 10),
        (["--max", "3"], 3),
        (["--max", "0"], 0),
        (["--max", "99"], 14),
    ):
        status, text = verdict(file, *options)

        assert 1 == status
        assert shown == text.count("error[unknown-term]: ")
        assert ": 14 errors in 14 facts" in text
    lines = verdict(file, "--format", "concise")[1].splitlines()
    assert 14 == sum("error[unknown-term]" in line for line in lines)
    lines = verdict(file, "--format", "concise", "--max", "2")[1].splitlines()
    assert 2 == sum("error[unknown-term]" in line for line in lines)


@pytest.mark.slow
def test_repairing_ends_with_0_where_nothing_is_left(kg: rk.Graph, mendable: Path) -> None:
    before = mendable.read_text(encoding="utf-8")
    assert 1 == verdict(mendable)[0]
    status, text = verdict(mendable, "--fix")

    assert 0 == status
    assert '-id:lima rdfs:label "リマ"@jp .\n+id:lima rdfs:label "リマ"@ja .\n' in text
    shapes = kg.validate(mendable).shapes
    assert shapes > 1
    assert text.endswith(
        f"{mendable}: no errors in 1 fact; checked 1 thing against {shapes} shapes\n"
    )
    assert before.replace("@jp", "@ja") == mendable.read_text(encoding="utf-8")
    assert verdict(mendable) == verdict(mendable, "--fix")


def test_repairing_ends_with_1_where_something_is_left(mendable: Path) -> None:
    with open(mendable, "a", encoding="utf-8") as file:
        file.write("id:lima rdfs:label 7 .\n")
    status, text = verdict(mendable, "--fix")

    assert 1 == status
    assert "error[datatype]" in text
    assert "@ja" in mendable.read_text(encoding="utf-8")


def test_a_dry_run_shows_and_writes_nothing(mendable: Path) -> None:
    before = mendable.read_bytes()
    status, text = verdict(mendable, "--fix", "--dry-run")

    assert 1 == status
    assert '+id:lima rdfs:label "リマ"@ja .\n' in text
    assert "error[language]" in text
    assert before == mendable.read_bytes()
    assert [mendable.name] == os.listdir(mendable.parent)


def test_what_is_repaired_is_not_mixed_with_what_programs_read(mendable: Path) -> None:
    result = run("validate", mendable, "--fix", "--format", "json")

    assert 0 == result.returncode
    assert json.loads(result.stdout)["findings"] == []
    assert '+id:lima rdfs:label "リマ"@ja .' in result.stderr


@pytest.mark.slow
def test_there_is_colour_on_a_terminal_and_nowhere_else() -> None:
    file = FOUND / "visit-to-own-country.ttl"

    assert "\x1b" not in verdict(file)[1]
    assert "\x1b[1;31m" in on_a_terminal("validate", file)
    assert "\x1b" not in on_a_terminal("validate", file, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal("validate", file, "--format", "concise")


@pytest.mark.slow
def test_what_a_terminal_would_obey_is_escaped_there_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(HEADER + 'id:z a rkg:State ; rdfs:label "Z\x9b3m\u202e\\u001b[2Jé"@en .')
    plain = {"TERM": "dumb"}  # Work of more than a second shows a progress bar on other terminals.
    arguments = ("export", "--facts", file, "--of", "id:z", "--format")
    for format in ("turtle", "trig", "jsonld", "nquads"):
        shown = on_a_terminal(*arguments, format, status=0, **plain)
        assert "Z\\u009B3m\\u202E" in shown
        assert not re.search("[\x1b\x9b\u202e]", shown)
        assert "Z\x9b3m\u202e" in run(*arguments, format).stdout
    question = "SELECT ?l { id:z rdfs:label ?l }"
    for format in ("csv", "tsv"):
        shown = on_a_terminal(
            "query", "--facts", file, question, "--format", format, status=0, **plain
        )
        assert "Z\\u009B3m\\u202E\\u001B[2Jé" in shown
    overwriting = 'SELECT ("secret\\rpublic" AS ?x) {}'
    shown = on_a_terminal("query", overwriting, "--format", "csv", status=0, **plain)
    assert "secret\\u000Dpublic" in shown
    shown = on_a_terminal("query", "--facts", file, question, "--format", "xml", status=2, **plain)
    assert "XML cannot express the character U+001B" in shown


def on_a_terminal(*arguments: str | Path, status: int = 1, **surroundings: str) -> str:
    """Return the output of a command on a terminal."""
    pty = pytest.importorskip("pty")
    reader, writer = pty.openpty()
    environment = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [COMMAND, *arguments],
        stdout=writer,
        stderr=subprocess.STDOUT,
        env={**environment, **surroundings},
    ) as process:
        os.close(writer)
        shown = b""
        with suppress(OSError):  # a closed terminal raises EIO
            while part := os.read(reader, 4096):
                shown += part
        os.close(reader)
    assert status == process.returncode
    return shown.decode()


@pytest.mark.slow
def test_validating_what_holds_no_facts_ends_with_1_in_each_format() -> None:
    for format in names("findings"):
        status, text = verdict(FOUND / "empty.ttl", "--format", format)

        assert 1 == status
        assert "there are no facts" in text


CLOSED = {
    "validate - <&-": "standard input: it is closed; name a file\n",
    "validate - --fix <&-": None,
    "query - <&-": "standard input: it is closed; name a file\n",
    "diff - {visit} <&-": "standard input: it is closed; name a file\n",
    "info --facts - <&-": "standard input: it is closed; name a file\n",
    "validate {visit} >&-": "standard output: cannot be written: it is closed\n",
    "validate {bad} --format json >&-": "standard output: cannot be written: it is closed\n",
    "validate {bad} --fix --dry-run >&-": "standard output: cannot be written: it is closed\n",
    "query 'ASK {{}}' >&-": "standard output: cannot be written: it is closed\n",
    "query policies --party peru >&-": "standard output: cannot be written: it is closed\n",
    "query --list >&-": "standard output: cannot be written: it is closed\n",
    "show lima >&-": "standard output: cannot be written: it is closed\n",
    "explain lima a City >&-": "standard output: cannot be written: it is closed\n",
    "source >&-": "standard output: cannot be written: it is closed\n",
    "export >&-": "standard output: cannot be written: it is closed\n",
    "diff {visit} >&-": "standard output: cannot be written: it is closed\n",
    "--help >&-": "standard output: cannot be written: it is closed\n",
    ">&-": "standard output: cannot be written: it is closed\n",
    "query nothing-like-it 2>&-": "",
    "validate - <&- >&- 2>&-": "",
}
STILL_DONE = {
    "validate {visit} 2>&-": 0,
    "validate {bad} 2>&-": 1,
    "query 'ASK {{}}' <&-": 0,
    "query 'ASK {{}}' <&- 2>&-": 0,
    "export -o {place}/out.ttl >&-": 0,
    "explain lima a State 2>&-": 1,
}


def in_a_shell(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    paths = {"visit": VISIT, "bad": FOUND / "syntax.ttl", "place": place}
    text = command.format(**{name: shlex.quote(str(path)) for name, path in paths.items()})
    program = "from relations_kg.cli import main; main()"
    run = f'"{sys.executable}" -c "{program}"'
    return subprocess.run(["bash", "-c", f"{run} {text}"], capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", CLOSED)
def test_what_a_closed_stream_keeps_from_being_done_ends_with_2(place: Path, command: str) -> None:
    result = in_a_shell(command, place)

    assert 2 == result.returncode
    assert "Traceback" not in result.stderr
    assert CLOSED[command] in (None, result.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("command", STILL_DONE)
def test_a_closed_stream_that_is_not_needed_does_not_matter(place: Path, command: str) -> None:
    result = in_a_shell(command, place)

    assert STILL_DONE[command] == result.returncode
    assert "" == result.stderr


def test_an_argument_that_is_not_utf_8_is_an_error() -> None:
    """The shell passes the bytes of another encoding, which Python reads as surrogates."""
    half = "caf\udce9"
    new = ["new", "visit", "--origin", "peru", "--host", "china", "--source", "src:china-peru/s068"]
    for arguments, words in [
        (["query", f"SELECT ?x {{ ?x rdfs:label '{half}' }}"], "a surrogate, which is half"),
        (["query", "ASK {}", "--endpoint", f"http://127.0.0.1:1/{half}"], "not the address of"),
        ([*new, "--visitor", half], "is not text; write the name in UTF-8"),
        ([*new, "--visitor", "Xi Jinping", "--visit", half], "is not text; write the name"),
    ]:
        assert words in complaint(*arguments)


@pytest.mark.parametrize(
    "words",
    [
        (
            "new",
            "visit",
            "--visitor",
            "new: Ada",
            "--host",
            "peru",
            "--source",
            "src:china-peru/s065",
        ),
        ("export",),
        ("query", "visits"),
        ("import", "TABLE"),
    ],
    ids=lambda words: words[0],
)
def test_a_file_of_facts_is_not_replaced_by_what_is_made_of_it(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Otherwise, all content that the command does not write would be lost."""
    facts, table = tmp_path / "facts.ttl", tmp_path / "visit.csv"
    facts.write_bytes(Path("tests/facts/good/visit.ttl").read_bytes())
    table.write_text("visitor,host,source\nAda Ruiz,Peru,src:china-peru/s065\n")
    command = [str(table) if word == "TABLE" else word for word in words]
    ran = run(*command, "--facts", facts, "-o", facts)

    assert 2 == ran.returncode
    assert "the command reads this file and cannot replace it" in ran.stderr
    assert Path("tests/facts/good/visit.ttl").read_bytes() == facts.read_bytes()
