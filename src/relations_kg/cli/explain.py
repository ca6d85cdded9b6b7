"""The command `explain`."""

from __future__ import annotations

import click

from relations_kg.answers.day import DayExplanation
from relations_kg.answers.explanation import Explanation
from relations_kg.cli.graph_options import GraphOptions, also_of_option, graph_options
from relations_kg.cli.output import FAILED, format_option, output_option, write
from relations_kg.rdf.formats import choose


@click.command()
@click.argument("subject")
@click.argument("predicate", required=False)
@click.argument("object", required=False)
@click.option("--on", metavar="DAY", help="Explain what is known of the subject on this day.")
@format_option("explanation")
@click.option("--document", metavar="FILE", help="Show passages in the words of this document.")
@graph_options()
@output_option()
def explain(
    options: GraphOptions,
    subject: str,
    predicate: str | None,
    object: str | None,
    on: str | None,
    format: str | None,
    document: str | None,
    output: str | None,
) -> int | None:
    """Explain why a triple holds, or what is missing for it; or a thing --on a DAY.

    A thing is certain, possible, last known, absent or unknown on a day: the explanation proves the
    deciding bounds or reach (the days on which it is plausible). Each proof ends with stated
    triples, with their files, lines and passages.
    """
    chosen = choose(format, output, "explanation").name
    graph = options.load()
    explanation: Explanation | DayExplanation
    if on is not None and predicate is None:
        explanation = graph.explain(subject, on=on, document=document)
    elif on is None and predicate is not None and object is not None:
        explanation = graph.explain(subject, predicate, object, document=document)
    else:
        help = also_of_option(options._asdict(), [each for each in (predicate, object) if each])
        help = help or "give a subject, a predicate and an object, or a thing and --on DAY"
        raise click.UsageError(help)
    write(explanation.serialize(chosen).encode(errors="replace"), output)
    return None if explanation else FAILED
