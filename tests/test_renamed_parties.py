"""Tests of the differences between two versions of a table in which a party has another name."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from relations_kg.cli import commands

TABLE = """\
key,sender,receiver,seat,opened,closed,head.holder
P1,Arvenia,Corvia,Osk,1961,present,Ada Ruiz
P2,Arvenia,Corvia,Moor,1962,present,
P3,Arvenia,Dorn,Ell,1963,present,
"""
SETTINGS = """\
ignore = ["without-relations"]
[dataset]
as-of = "{day}"
[columns]
row = "key"
"""


def run(*words: str) -> str:
    result = CliRunner().invoke(commands, words)
    assert 0 == result.exit_code, result.output
    return result.output


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for year, table in (
        (2024, TABLE),
        (2025, TABLE.replace("Corvia", "Corvia Republic").replace("Ada Ruiz", "Bo Lind")),
    ):
        Path(f"{year}").mkdir()
        Path(f"{year}/posts.csv").write_text(table)
        Path("relations-kg.toml").write_text(SETTINGS.format(day=f"{year}-01-15"))
        given = ("--only", "none", "--form", "mission", "-o", f"{year}/posts.ttl", "-q")
        run("import", f"{year}/posts.csv", *given)
    return tmp_path


@pytest.mark.slow
def test_a_party_with_another_name_is_asked_about(versions: Path) -> None:
    output = run("diff", "2024/posts.ttl", "2025/posts.ttl")

    asked = "the old version has 1 receiving party that the new one calls otherwise"
    assert f"{asked} (Corvia → Corvia Republic): was one renamed?" in output
    assert "in the table of parties, write 'Corvia Republic <id:corvia>' as the name" in output
    assert "as the name, and 'Corvia' in its column also" in output

    # Without the labels of parties, which may be in another file, the message has only their
    # identifiers.
    for path in map(Path, ("2024/posts.ttl", "2025/posts.ttl")):
        text = path.read_text()
        own = [part for part in text.split("\n\n") if not part.startswith("id:corvia")]
        assert len(own) < len(text.split("\n\n"))
        Path(f"{path.parent}/bare.ttl").write_text("\n\n".join(own))
    output = run("diff", "2024/bare.ttl", "2025/bare.ttl")
    assert "(id:corvia → id:corvia-republic): was one renamed?" in output
    assert "write <id:corvia> after the new name, and the old name in its column also" in output

    # The new name may be in some rows only.
    in_part = Path("2025/posts.csv").read_text().replace("Corvia Republic,Moor", "Corvia,Moor")
    given = ("--only", "none", "--form", "mission", "-o", "2025/part.ttl", "-q")
    Path("2025").joinpath("part").mkdir()
    Path("2025/part/posts.csv").write_text(in_part)
    run("import", "2025/part/posts.csv", *given)
    output = run("diff", "2024/posts.ttl", "2025/part.ttl")
    assert "calls otherwise in some rows (Corvia → Corvia Republic): was one renamed?" in output

    # If the new name keeps the identifier, `diff` asks nothing.
    Path("party.csv").write_text("name,kind,also\nCorvia Republic <id:corvia>,state,Corvia\n")
    run("import", "party.csv", "--only", "none", "-o", "party.ttl", "-q")
    given = ("--only", "party.ttl", "--form", "mission", "-o", "2025/posts.ttl", "-q")
    run("import", "2025/posts.csv", *given)
    assert "renamed" not in run("diff", "2024/posts.ttl", "2025/posts.ttl")


@pytest.mark.slow
def test_the_differences_are_shown_before_a_table_of_heads_is_not_replaced(
    versions: Path,
) -> None:
    Path("ended.csv").write_text("key,holder\nH1,Cy Aro\n")

    given = ("diff", "2024/posts.ttl", "2025/posts.ttl", "--ended", "ended.csv")
    result = CliRunner().invoke(commands, given)

    assert "Bo Lind" in result.output
    assert (
        "ended.csv: the table has 1 other row, which a new one would replace; name another file "
        "with --ended, --phases or --closed, or move this one away"
    ) == str(result.exception)
    assert Path("ended.csv").read_text() == "key,holder\nH1,Cy Aro\n"
