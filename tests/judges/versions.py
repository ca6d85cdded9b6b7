"""Versions of the tools that judge."""

import json
import re
import subprocess
from pathlib import Path

PACKAGES = Path("build/judges/node_modules")


def of_package(name: str) -> str:
    """Return the version of an npm package."""
    return str(json.loads((PACKAGES / name / "package.json").read_text("utf-8"))["version"])


def of_program(name: str, option: str) -> str:
    """Return the version that a program prints."""
    outcome = subprocess.run([name, option], capture_output=True, text=True)
    found = re.search(r"\d+(\.\d+)+", outcome.stdout + outcome.stderr)
    assert found, outcome
    return found[0]
