"""The options that name the graph, such as --facts, --only, --vocabulary, --store, --endpoint."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from os.path import exists
from typing import Any, NamedTuple

import click

from relations_kg.cli.output import keep_inputs
from relations_kg.cli.progress import shown
from relations_kg.errors import InputError
from relations_kg.graph import remote
from relations_kg.graph.graph import Graph
from relations_kg.graph.loading import load
from relations_kg.rdf.formats import LINKED_DATA, find, suffixes
from relations_kg.reader.files import Document, Source

_MOST_NAMED = 3
# The value of --only, and of --against of `validate`, for no facts.
NOTHING = "none"


class GraphOptions(NamedTuple):
    """The options of a command that name its graph."""

    facts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    store: str | None = None
    endpoint: str | None = None
    allow_changes: bool = False
    input_format: str | None = None

    @property
    def name_bundled_graph(self) -> bool:
        """Whether the options name the bundled graph and nothing else."""
        return not any((self.facts, self.only, self.vocabulary, self.store, self.endpoint))

    def reads_standard_input(self, *others: object) -> bool:
        """Return whether an option, or one of `others`, is standard input."""
        values = (each for other in others for each in (other if type(other) is tuple else [other]))
        return "-" in (*self.facts, *self.only, *self.vocabulary, *values)

    def load(self, *, instead: Sequence[str] | None = None) -> Graph:
        """Load the graph, or connect to it; the files of `instead` replace the bundled files."""
        if self.endpoint is not None:
            if self.facts or self.only or self.store:
                message = "--endpoint cannot be combined with --facts, --only or --store"
                raise click.UsageError(f"{message}; leave one of them out")
            own = self.sources(self.vocabulary)
            return remote.connect(self.endpoint, vocabulary=own, authorization=authorization())
        self._check_patterns()
        if len(self.only) > 1 and NOTHING in self.only and not exists(NOTHING):
            help = "--only none is an empty graph; leave it out beside another --only"
            raise click.UsageError(help)
        only: list[Source] | None = self.sources(self.only if instead is None else instead)
        facts = self.sources(self.facts)
        if instead is None and not self.only:
            only = None
        elif instead is None and self.only == (NOTHING,):
            only = []
        is_new = self.store is not None and not exists(self.store)
        with shown("loading"):
            graph = load(
                *facts,
                only=only,
                store=self.store,
                vocabulary=self.sources(self.vocabulary),
                allow_changes=self.allow_changes,
            )
        if is_new and not (self.facts or self.only):
            # The name of an existing store may be misspelt.
            click.echo(f"{self.store}: a new store with the bundled graph", err=True)
        return graph

    def _check_patterns(self) -> None:
        """Raise InputError for a pattern such as '*.ttl' that the shell has not expanded."""
        for option in ("facts", "only", "vocabulary"):
            for name in getattr(self, option):
                if exists(name):
                    continue
                # Imported here, since almost every name is that of a file.
                from glob import glob

                if found := sorted(glob(name)):
                    message = "a pattern in quotes is not expanded"
                    raise InputError(message, where=name, help=once_each(f"--{option}", found))

    def sources(self, files: Iterable[str]) -> list[Source]:
        """Return the files as sources; "-" has the format of --input-format, if it is given."""
        format = find(self.input_format, *LINKED_DATA).rdf if self.input_format else None
        return [Document(file, format) if file == "-" else file for file in files]


def once_each(option: str, files: Sequence[str]) -> str:
    """Return the advice to repeat an option for several files.

    >>> once_each("--facts", ["a.ttl", "b.ttl"])
    'give --facts once for each file: --facts a.ttl --facts b.ttl'
    """
    named = " ".join(f"{option} {name}" for name in files[:_MOST_NAMED])
    more = " …" if len(files) > _MOST_NAMED else ""
    return f"give {option} once for each file: {named}{more}"


def also_of_option(params: Mapping[str, Any], words: Iterable[str]) -> str | None:
    """Return the advice to repeat an option such as --facts; None if no word names a data file.

    A shell expands a pattern to several files, but an option takes only one.
    """
    others = [word for word in words if word.endswith((*suffixes(),))]
    for option in ("facts", "only", "vocabulary"):
        if others and (named := params.get(option)):
            return once_each(f"--{option}", [*named, *others])
    return None


def graph_options(*, endpoint: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that name the graph to a command, as its first argument."""
    options = [
        click.option(
            "--facts",
            multiple=True,
            metavar="FILE",
            help="Add this file to the bundled facts or, with --store, to that store.",
        ),
        click.option(
            "--allow-changes", is_flag=True, help="Let facts change bundled codes and labels."
        ),
        click.option(
            "--only",
            multiple=True,
            metavar="FILE",
            help="Use this file, not the bundled facts; none for an empty graph.",
        ),
        click.option(
            "--vocabulary",
            multiple=True,
            metavar="FILE",
            help="Add the classes, properties, codes and shapes in this file.",
        ),
        click.option(
            "--store",
            metavar="DIR",
            help="Store the graph in this folder, or open the one there and add --facts to it.",
        ),
        click.option(
            "--input-format",
            metavar="FORMAT",
            help="The format of standard input; by default, it is recognised.",
        ),
        click.option("--endpoint", metavar="URL", help="Ask the graph on this SPARQL server."),
    ]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def decorated(**values: Any) -> Any:
            named = {name: values.pop(name) for name in GraphOptions._fields if name in values}
            options = GraphOptions(**named)
            keep_inputs(values.get("output"), *options.facts, *options.only, *options.vocabulary)
            if options.input_format and not options.reads_standard_input(*values.values()):
                help = "--input-format is for standard input; name - as a file, or leave it out"
                raise click.UsageError(help)
            return command(options, **values)

        for option in reversed(options if endpoint else options[:-1]):
            decorated = option(decorated)
        return decorated

    return decorate


timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="The time limit until the last byte is written; the default is 60.",
)


def authorization() -> str | None:
    """Return the Authorization header from the environment; arguments are visible to others."""
    return os.environ.get("RELATIONS_KG_AUTHORIZATION") or None
