"""Tests that Microsoft's SARIF validator accepts the reports of `validate`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from versions import of_package

FACTS = Path(__file__).parents[1] / "facts"
BAD = sorted(FACTS.glob("bad/*.*"))
# The validator is run directly, since the npm package's command does not quote its path.
PACKAGES = Path("build/judges/node_modules/@microsoft")


def suite() -> tuple[str, str]:
    return "Microsoft's SARIF validator", of_package("@microsoft/sarif-multitool")


def complaints(log: Path) -> list[str]:
    """Return the errors and warnings of Microsoft's validator, without its notes on style."""
    (tool,) = PACKAGES.glob("sarif-multitool-*/Sarif.Multitool")
    command = [
        tool,
        "validate",
        log,
        "--output",
        log.with_suffix(".out"),
        "--log",
        "ForceOverwrite",
    ]
    outcome = subprocess.run(command, capture_output=True, text=True)

    assert "Analysis completed successfully." in outcome.stdout, outcome.stdout + outcome.stderr
    (run,) = json.loads(log.with_suffix(".out").read_text(encoding="utf-8-sig"))["runs"]
    return [str(result["message"]) for result in run["results"]]


@pytest.mark.parametrize(
    "files", [BAD[:1], BAD[::9], [FACTS / "bad/syntax.ttl"], [FACTS / "good/visit.ttl"]], ids=len
)
def test_the_sarif_is_accepted(files: list[Path], tmp_path: Path) -> None:
    program = shutil.which("relations-kg", path=str(Path(sys.executable).parent))
    command = [program, "validate", "--format", "sarif", *files]
    printed = subprocess.run(command, capture_output=True, text=True)
    log = tmp_path / "log.sarif"
    log.write_text(printed.stdout, encoding="utf-8")

    assert complaints(log) == []


def test_the_judge_is_awake(tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    log.write_text('{"version": "2.1.0", "runs": [{"tool": {}, "results": []}]}')

    assert complaints(log) != []
