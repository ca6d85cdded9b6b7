"""The command `new`."""

from __future__ import annotations

from os.path import exists

import click

from relations_kg.authoring.composed import append, states_facts
from relations_kg.authoring.forms import forms
from relations_kg.authoring.known_things import remarks
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import output_option, write
from relations_kg.cli.parameters import StoredCommand, check_first, list_stored, parse
from relations_kg.export import files
from relations_kg.rdf.formats import choose
from relations_kg.rdf.namespaces import RKG, shorten
from relations_kg.rdf.terms import value


class _New(StoredCommand):
    stored = staticmethod(forms)


@click.command(cls=_New, context_settings={"ignore_unknown_options": True})
@click.argument("form", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("--list", "list_", is_flag=True, help="List the forms.")
@click.option("--show", is_flag=True, help="Print the SPARQL of a form.")
@click.option("--append", "target", metavar="FILE", help="Add the facts to this Turtle file.")
@graph_options(endpoint=False)
@output_option()
def new(
    options: GraphOptions,
    form: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    show: bool,
    target: str | None,
    output: str | None,
) -> None:
    """Write one fact as Turtle, from a FORM: a visit, a mission, an agreement …

    Each parameter of the form is an option: --visitor "Ada Ruiz". A thing is named as in `query`;
    an unknown name makes a new thing, which is reported. Write "new: NAME" for a new thing with a
    name similar to a known name. Several values are separated by ";".
    """
    known = forms()
    if list_:
        list_stored(known, form)
        return
    if form is None:
        raise click.UsageError("name a form; see new --list")
    check_first(form, parameters, known)
    if show:
        click.echo(known[form].text, nl=False)
        return
    if target is not None and output is not None:
        raise click.UsageError("--append cannot be combined with --output; leave one out")
    choose("turtle", output, "triples")
    if target is not None:
        files.check(target)
    values = parse(parameters, known[form].parameters)
    known[form].check_names(values)
    if target is not None and exists(target) and states_facts(target):
        # Things that the file describes count as known.
        options = options._replace(facts=(*options.facts, target))
    graph = options.load()
    composed = graph.new(form, **values)
    if not composed.triples:
        first = known[form].parameters[0].name
        names = " and ".join(shorten(value(term)) for term in composed.terms[first])
        click.echo(
            f"{first}: {names} is already described, so nothing is written; "
            f"write '{graph.names.label(value(composed.terms[first][0]))} <id:…>' "
            "for another thing of this name",
            err=True,
        )
    elif target is None:
        write(str(composed).encode(), output)
    elif not append(composed, target):
        click.echo(f"{target}: the file already states these facts", err=True)
    for thing in composed.new:
        click.echo(f"new: {thing}", err=True)
    for remark in remarks(graph, known[form], composed):
        is_cited = remark.fact.predicate.value == RKG + "statedIn"
        if remark.fact not in composed.triples and not is_cited:
            help = "state it in the file that describes it"
            click.echo(f"{', '.join(remark.parameters)}: {remark.message}; {help}", err=True)
