"""Tests of which queries of the command run in its process, and which in a worker."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from command_line import complaint

import relations_kg as rk
from relations_kg.answers.queries import StoredQuery, stored_queries
from relations_kg.cli import commands
from relations_kg.engines.standby import Workers

VISIT = "tests/facts/good/visit.ttl"
ASKED = ("query", "mission-history", "--sender", "peru")


class Forked(Exception):
    """Raised if a worker is started."""


@pytest.fixture
def without_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork(*_: object, **__: object) -> None:
        raise Forked

    monkeypatch.setattr(Workers, "answer", fork)


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


@pytest.mark.usefixtures("without_fork")
@pytest.mark.parametrize("format", ["table", "csv", "json", "markdown"])
def test_a_stored_query_on_the_bundled_graph_runs_in_this_process(format: str) -> None:
    result = run(*ASKED, "--format", format)

    assert result.exit_code == 0
    assert "Beijing" in result.output or "beijing" in result.output


@pytest.mark.slow
@pytest.mark.usefixtures("without_fork")
@pytest.mark.parametrize(
    "options",
    [
        ["--timeout", "5"],
        ["--facts", VISIT],
        ["--only", VISIT],
        ["--store", "STORE"],
    ],
)
def test_a_stored_query_on_other_facts_or_with_a_timeout_runs_in_a_worker(
    options: list[str], tmp_path: Path
) -> None:
    words = [str(tmp_path / "store") if word == "STORE" else word for word in options]
    asked = ("query", "visits") if "--only" in options else ASKED
    result = run(*asked, *words)

    assert isinstance(result.exception, Forked)


@pytest.mark.usefixtures("without_fork")
def test_sparql_text_runs_in_a_worker() -> None:
    assert isinstance(run("query", "ASK { id:peru a rkg:State }").exception, Forked)


@pytest.mark.slow
def test_both_ways_give_the_same_bytes() -> None:
    for format in ("table", "csv", "tsv", "json", "xml", "markdown"):
        assert run(*ASKED, "--format", format).stdout_bytes == (
            run(*ASKED, "--format", format, "--timeout", "60").stdout_bytes
        )


def test_the_file_of_a_stored_query_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = StoredQuery.parse

    def counted(name: str, text: str) -> StoredQuery:
        parsed.append(name)
        return parse(name, text)

    stored_queries.cache_clear()
    monkeypatch.setattr(StoredQuery, "parse", counted)
    assert run(*ASKED).exit_code == 0
    assert run(*ASKED, "--timeout", "60").exit_code == 0
    rk.load().run("mission-history", sender="peru")

    assert parsed == ["mission-history"]


def test_a_time_limit_holds_for_a_stored_query() -> None:
    result = run(*ASKED, "--timeout", "0.000001")

    assert isinstance(result.exception, rk.RelationsError)
    assert "within 1e-06 seconds" in str(result.exception)


def test_an_empty_answer_about_other_facts_says_why() -> None:
    result = run(
        "query", "visits", "--only", VISIT, "--visitor", "Ada Ruiz", "--since", "2090-01-01"
    )

    assert result.exit_code == 0
    assert "visits: no row for" in result.stderr
    assert "1 row if since is left out" in result.stderr
    assert "rkg:" not in result.stderr


def test_a_day_in_the_far_future_is_pointed_out() -> None:
    words = ("query", "relations-on", "--party", "peru", "--format", "csv", "--on")

    for day in ("2204-07-01", "1 July 2204"):
        assert "relations-on: --on 2204-07-01 is in the future\n" == run(*words, day).stderr
    assert "" == run(*words, "2024-07-01").stderr


@pytest.mark.parametrize("option", ["--on", "--year", "--date"])
def test_a_time_for_a_query_about_a_period_is_given_as_both_ends(option: str) -> None:
    for query in ("closed-missions", "visits"):
        message = complaint("query", query, option, "2 May 2025")
        assert "write --since '2 May 2025' --until '2 May 2025'" in message
    assert 0 == run("query", "closed-missions", "--since", "2025", "--until", "2025").exit_code
