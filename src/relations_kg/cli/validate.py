"""The command `validate`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from relations_kg.cli import configuration
from relations_kg.cli.graph_options import NOTHING, GraphOptions, graph_options
from relations_kg.cli.output import (
    FAILED,
    format_option,
    keep_inputs,
    max_option,
    output_option,
    shortened,
    write,
)
from relations_kg.graph.graph import Graph
from relations_kg.rdf.formats import choose
from relations_kg.reader.files import Source
from relations_kg.validation import fixes
from relations_kg.validation.findings import Report
from relations_kg.validation.rules import Rules
from relations_kg.validation.shape_files import shapes_of


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--against",
    multiple=True,
    metavar="none|FILE",
    help="Check against these facts instead of the bundled facts, or against none.",
)
@click.option(
    "--select", multiple=True, metavar="CODE,…", help="Report only findings of these rules."
)
@click.option(
    "--ignore", multiple=True, metavar="CODE,…", help="Do not report findings of these rules."
)
@click.option("--strict", is_flag=True, help="Fail also for warnings and unchecked things.")
@click.option("--fix", is_flag=True, help="Apply to the files the corrections that are certain.")
@click.option("--dry-run", is_flag=True, help="With --fix, only show the changes.")
@max_option
@format_option("findings")
@graph_options()
@output_option()
def validate(
    options: GraphOptions,
    files: tuple[str, ...],
    against: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    fix: bool,
    dry_run: bool,
    most: int | None,
    format: str | None,
    output: str | None,
) -> int | None:
    """Check new facts together with the known graph; - is standard input."""
    if dry_run and not fix:
        raise click.UsageError("--dry-run needs --fix; add it")
    if fix and "-" in files:
        raise click.UsageError("standard input cannot be repaired; name a file")
    chosen = choose(format, output, "findings").name
    keep_inputs(output, *files)
    graph = _load(options, against)
    rules = _rules(graph, select, ignore)
    if fix:
        report = _fix(graph, files, options, rules, dry_run=dry_run, on_stderr=chosen != "text")
    else:
        report = _report(graph, options.sources(files), options, rules)
    good = report.conforms_strictly if strict else report.conforms
    is_terminal = output is None and sys.stdout.isatty()
    coloured = chosen == "text" and is_terminal and not os.environ.get("NO_COLOR")
    text = shortened(report, most, chosen).serialize(chosen, colour=coloured)
    write(text.encode(errors="replace"), output, coloured=coloured)
    return None if good else FAILED


def _load(options: GraphOptions, against: tuple[str, ...]) -> Graph:
    if not against:
        return options.load()
    if options.only or options.store or options.endpoint:
        message = "--against cannot be combined with --only, --store or --endpoint"
        raise click.UsageError(f"{message}; leave one of them out")
    if NOTHING in against and len(against) > 1:
        message = "--against none cannot be combined with another --against"
        raise click.UsageError(f"{message}; leave one of them out")
    return options.load(instead=() if against == (NOTHING,) else against)


def _rules(graph: Graph, select: tuple[str, ...], ignore: tuple[str, ...]) -> Rules:
    """Return the rules of the configuration file; names on the command line replace its names."""
    shapes = shapes_of(graph.local.quad_store)
    configured = configuration.rules(shapes)
    if not (select or ignore):
        return configured
    chosen = Rules.of(select, ignore, where="--", shapes=shapes)
    return replace(chosen, severity=configured.severity)


def _report(graph: Graph, files: Sequence[Source], options: GraphOptions, rules: Rules) -> Report:
    return graph.validate(
        *files,
        allow_changes=options.allow_changes,
        select=rules.select,
        ignore=rules.ignore,
        severity=rules.severity,
    )


def _fix(
    graph: Graph,
    files: tuple[str, ...],
    options: GraphOptions,
    rules: Rules,
    *,
    dry_run: bool,
    on_stderr: bool,
) -> Report:
    """Show the repairs of files, and make them unless `dry_run`; return the report on the files."""
    changed, report = fixes.fixed(graph, files, allow_changes=options.allow_changes, rules=rules)
    for file in changed:
        click.echo(file.diff, nl=False, err=on_stderr)
        if not dry_run:
            file.write()
    if dry_run:
        return _report(graph, files, options, rules)
    return report
