"""The command `draft`."""

from __future__ import annotations

from os.path import exists, join

import click

from relations_kg.articles.draft import PASSAGES
from relations_kg.articles.draft import draft as drafted
from relations_kg.rdf.namespaces import shorten


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("-o", "--output", metavar="DIR", required=True, help="Write the tables here.")
def draft(article: str, output: str) -> None:
    """Write tables of facts found in ARTICLE, for you to review.

    They are the parties, missions and envoys of the infobox, lists of visits and of missions, and
    dated openings of relations. Each row names its passages, in the file passages.ttl beside the
    tables, and a confidence: high, medium or low. The rows become facts only when you import them.
    """
    earlier = join(output, PASSAGES)
    found = drafted(article, earlier if exists(earlier) else None)
    found.write(output)
    for name in found.tables:
        rows = sum(f"{row.form}.csv" == name for row in found.rows)
        click.echo(f"{join(output, name)}: {rows} {'row' if rows == 1 else 'rows'}", err=True)
    if not found.rows:
        help = "draft reads fields below a line Infobox, and lists below headings such as Visits"
        click.echo(f"{article}: no facts found; {help}; see docs/forms.md", err=True)
    if left := [shorten(found.passages.iris[unit]) for unit in found.left]:
        click.echo(f"no row for these fields and items: {', '.join(left)}", err=True)
