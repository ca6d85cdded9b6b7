"""A test that follows docs/own-table.md: it writes the files, and runs the commands in order."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from relations_kg.cli import commands

GUIDE = Path(__file__).parents[1] / "docs" / "own-table.md"
# A code block: a file that is named above it, commands with their output, or Python examples.
PIECE = re.compile(r"^(?:`(\S+)`:\n\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ relations-kg (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LAX = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.slow
def test_the_guide_to_a_table_of_your_own_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not GUIDE.exists():
        pytest.skip("the guides are not in the wheel")
    monkeypatch.chdir(tmp_path)
    pieces = PIECE.findall(GUIDE.read_text(encoding="utf-8"))
    assert {"csv", "toml", "console", "python"} == {piece[1] for piece in pieces}
    for name, language, text in pieces:
        if name:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        elif language == "console":
            for words, expected in COMMAND.findall(text):
                result = CliRunner().invoke(commands, shlex.split(words))
                assert 0 == result.exit_code, result.output
                said = doctest.OutputChecker().check_output(expected, result.output, LAX)
                assert said, f"{words}\n{result.output}"
        else:
            examples = doctest.DocTestParser().get_doctest(text, {}, GUIDE.name, None, 0)
            assert doctest.DocTestRunner().run(examples).failed == 0
