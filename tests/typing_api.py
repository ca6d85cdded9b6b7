"""Uses of the public names, which mypy checks; they are never run."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pyoxigraph import Store
from rdflib import Dataset

import relations_kg as rk

version: str = rk.__version__

graph: rk.Graph = rk.load()
more: rk.Graph = rk.load("more.ttl", Path("most.trig"))
mine: rk.Graph = rk.load(only=["mine.ttl", Path("ours.ttl")])
store: Store = graph.store

answer: rk.Rows | rk.Triples | bool = graph.query("SELECT ?m WHERE { ?m a rkg:Embassy }")
rows: rk.Rows = graph.run("mission-history", sender="peru")
days: rk.Rows = graph.run("timeline", since=date(1990, 1, 1))
columns: list[str] = rows.columns
number: int = len(rows)
row: rk.Row = rows[0]
some: rk.Rows = rows[1:]
text: str = rows.serialize("csv")
if isinstance(row[0], rk.Thing):
    label: str = row[0].label
    curie: str = row[0].curie
if isinstance(row["label"], rk.Text):
    language: str = row["label"].language
for each in rows:
    cell: object = each.mission

queries: Mapping[str, rk.StoredQuery] = graph.queries
question: rk.StoredQuery = graph.queries["timeline"]
summary: str = question.summary
parameters: tuple[rk.Parameter, ...] = question.parameters
needed: bool = parameters[0].required
default: str | None = parameters[0].default

content: bytes = graph.export("out.ttl", format="turtle", inferred=True)
description: str = str(graph.show("peru"))
dataset: Dataset = graph.to_rdflib()
stated: int = graph.summary().stated
gists: list[str] = [passage.gist for passage in graph.passages("lima")]

report: rk.Report = graph.validate("new.ttl")
conforms: bool = report.conforms
for finding in report.findings:
    found: rk.Finding = finding
    place: tuple[int | None, int | None] = (found.line, found.column)
    words: str = found.message

try:
    graph.query("SELECT")
except rk.RelationsError as error:
    where: tuple[str | None, int | None, int | None] = (error.where, error.line, error.column)
    help: str | None = error.help
kinds: tuple[type[rk.RelationsError], ...] = (rk.InputError, rk.QueryError, rk.UnknownName)
