"""The text that `relations-kg` prints without arguments."""

from __future__ import annotations

import click

from relations_kg.graph.loading import load


def welcome() -> None:
    """Print a summary of the bundled graph, and three commands to try."""
    summary = load().summary()
    things = sum(summary.kinds.values())
    click.echo(
        f"relations-kg: {things} things of {len(summary.kinds)} kinds, {summary.stated} stated and "
        f"{summary.inferred} inferred triples,\n"
        f"drawn from {summary.all_passages} passages, answering {summary.queries} stored queries.\n"
        "\n"
        "Three things to try:\n"
        "  relations-kg query mission-history --sender peru\n"
        "  relations-kg show one-china-policy\n"
        "  relations-kg query --list"
    )
