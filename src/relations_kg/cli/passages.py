"""The command `passages`."""

from __future__ import annotations

from os.path import exists, splitext

import click

from relations_kg.articles.passages import passages as split
from relations_kg.cli.output import keep_inputs, output_option, write
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.spelling import counted


@click.command()
@click.argument("article", metavar="ARTICLE")
@output_option()
def passages(article: str, output: str | None) -> None:
    """Split ARTICLE into passages, whose gists you write.

    ARTICLE is a plain text. Each title, field, sentence and item of a list gets its offsets, hash
    and section. If FILE has passages of an earlier run, your gists and additions are kept.
    """
    if output is not None and splitext(output)[1].lower() not in (".ttl", ".turtle"):
        help = "name a file that ends in .ttl"
        raise InputError("passages are written as Turtle", where=output, help=help)
    keep_inputs(output, article)
    found = split(article, output if output is not None and exists(output) else None)
    write(found.turtle.encode(), output)
    unwritten = len(found.unwritten)
    are = "is" if unwritten == 1 else "are"
    state = f"{counted(unwritten, 'gist')} {are} missing" if unwritten else "all have gists"
    number = counted(len(found.iris), "passage")
    click.echo(f"{output or 'standard output'}: {number}; {state}", err=True)
    for iri in found.changed:
        click.echo(f"{shorten(iri)}: its words have changed; check its gist", err=True)
    for iri in found.gone:
        click.echo(f"{shorten(iri)}: no longer in the article; see the end of the file", err=True)
