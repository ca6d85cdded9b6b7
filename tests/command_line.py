"""A command that runs in the process of a test."""

from __future__ import annotations

from click.testing import CliRunner

from relations_kg.cli import commands


def run(*words: str, code: int = 0) -> str:
    """Return what a command prints; it must end with an exit code."""
    result = CliRunner().invoke(commands, words)
    assert code == result.exit_code, result.output
    return result.output
