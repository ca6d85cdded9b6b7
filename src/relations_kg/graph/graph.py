"""The graph: one object to query, explain, show, validate, change and export it."""

from __future__ import annotations

import os
import warnings
from functools import cached_property, partial

from pyoxigraph import NamedNode

from relations_kg._files import folder
from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers import (
    attributes,
    contradictions,
    day,
    description,
    evaluation,
    explanation,
    passages,
    queries,
    summary,
)
from relations_kg.answers.calls import explained
from relations_kg.authoring import form_tables
from relations_kg.engines import push
from relations_kg.errors import InputError, QueryError
from relations_kg.export import export
from relations_kg.graph.contributions import Contributions
from relations_kg.graph.views import Views
from relations_kg.rdf import conversion, formats
from relations_kg.reader import files
from relations_kg.reasoning.bundled_store import for_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Literal, NoReturn, overload

    from rdflib import Dataset

    from relations_kg.answers.contradictions import Contradiction
    from relations_kg.answers.day import DayExplanation
    from relations_kg.answers.description import Description
    from relations_kg.answers.explanation import Explanation
    from relations_kg.answers.passages import Passage
    from relations_kg.answers.queries import StoredQuery
    from relations_kg.answers.rows import Rows, Triples
    from relations_kg.answers.summary import Summary
    from relations_kg.authoring.form_tables import FormTables
    from relations_kg.reader.files import Source

# On a system without fork, a query runs in this process and cannot be stopped.
_TIMEOUT = 60.0 if hasattr(os, "fork") else None


@explained
class Graph(Contributions, Views):
    """A graph of relations between states, each fact with its passage; `load` makes it.

    `store` is the engine's own, with named graphs for stated facts, dates, inferred facts and the
    ontology. Once you have accessed it, each query starts a new worker, since you may change the
    store.
    """

    if not TYPE_CHECKING:

        def __new__(cls, *given: object, **_: object) -> Graph:
            """Raise TypeError if there is no store."""
            if not given or isinstance(given[0], str):
                help = 'make a graph with rk.load(), or rk.load("facts.ttl")'
                raise TypeError(f"a graph needs its store; {help}")
            return super().__new__(cls)

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.of_graph(name, self, lambda: queries.stored_queries().asked)

        def __getitem__(self, name: object) -> NoReturn:
            help = 'write show("peru"), run("visits") or query("SELECT …")'
            raise TypeError(f"a graph is not a list or a dict; {help}")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a graph cannot be copied or pickled; load the graph in each process")

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by their names."""
        return queries.stored_queries()

    @property
    def is_published(self) -> bool:
        """Whether all facts were loaded from the bundled files, which anybody may read."""
        own = folder("data")
        return bool(self._files) and all(str(file).startswith(own) for file in self._files)

    def query(
        self,
        sparql: str,
        /,
        *,
        timeout: float | None = _TIMEOUT,
        allow_service: Iterable[str] = (),
        **values: object,
    ) -> Rows | Triples | bool:
        """Run SPARQL text; the project's prefixes need no declaration.

        SELECT gives Rows, CONSTRUCT and DESCRIBE give Triples, ASK gives bool. `values` are the
        values of variables, bound by VALUES lines: a `str` names a thing, a literal of rdflib or
        pyoxigraph is text, and a line such as `#+ param on: date` in the query declares another
        type.

        Raises QueryError for text that is not SPARQL 1.1, for updates, for a SERVICE at a host not
        in `allow_service`, for a query that takes too much memory, for an answer of more than
        1,000,000 rows or triples or 256 MiB, and for a value that cannot be bound at all uses of
        its variable; QueryTimeout after `timeout` seconds. A query runs in a worker, which can open
        no socket unless the query calls an allowed host; the worker stays for further queries until
        the graph changes. A `timeout` of None is for trusted queries: they run in this process,
        cannot be interrupted, and are limited only in their rows.

        >>> import relations_kg as rk
        >>> rk.load().query("ASK { ?mission a rkg:Mission }", mission="embassy-of-china-in-lima")
        True
        """
        return evaluation.evaluate_untrusted(
            self, sparql, values, timeout=timeout, allow_service=allow_service
        )

    def run(self, name: str | StoredQuery, /, *unnamed: NoReturn, **parameters: object) -> Rows:
        """Run a stored query by name; a parameter that is left out matches anything.

        A thing is given as IRI, CURIE, slug or name, a date as `date` or as people write it. See
        `queries` for the names and their parameters. Queries about days leave out unknown rows
        unless `all` is true; `rows.unknown` counts them. If there are no rows, `rows.warnings` has
        the conditions that excluded them. Raises QueryError if a value is missing (None or NaN) or
        of a class that the parameter does not accept.

        >>> import relations_kg as rk
        >>> [row.when for row in rk.load().run("policies", party="Peru")]
        ['1971-11-02/..']
        """
        query = name if isinstance(name, queries.StoredQuery) else self.queries[name]
        if unnamed:
            raise query.unnamed(unnamed[0], self.names)
        return query.answer(parameters, self.names, partial(self._answer, stored=query.text))

    if TYPE_CHECKING:

        @overload
        def explain(
            self, subject: str, predicate: str, object: str, *, document: Source | None = None
        ) -> Explanation: ...
        @overload
        def explain(
            self, subject: str, *, on: str | date, document: Source | None = None
        ) -> DayExplanation: ...

    def explain(
        self,
        subject: str,
        predicate: str | None = None,
        object: str | None = None,
        *,
        on: str | date | None = None,
        document: Source | None = None,
    ) -> Explanation | DayExplanation:
        """Return why a triple holds, or what is missing for it; the result is true if it holds.

        Things are named as in `run`; the predicate may be "a", and the object the text of a
        literal. With `document`, the file of the source, passages are quoted from it. With a day
        `on` instead of predicate and object, the bounds or the reach of the thing explain why it is
        certain, possible, absent or unknown on that day.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> graph.explain("peru", "sendsMission", "embassy-of-peru-in-beijing").proofs[0].rule.name
        'rkg:sendsMission inverse of rkg:sendingParty'
        """
        words = files.text_of(document) if document is not None else None
        graph = self.local
        if on is not None and predicate is None and object is None:
            return day.DayExplanation(graph, NamedNode(graph.names.find(subject)), on, words)
        if on is not None or predicate is None or object is None:
            if not isinstance(subject, str):
                graph.names.find(subject)
            missing = "the predicate is missing" if predicate is None else "the object is missing"
            raise QueryError(
                missing if on is None else "a thing on a day has neither predicate nor object",
                where="explain",
                help="give subject, predicate and object, or a thing and on=DAY",
            )
        return explanation.Explanation(
            graph, graph.names.statement(subject, predicate, object), words
        )

    def contradictions(self) -> list[Contradiction]:
        """Return the facts that contradict each other under the ontology, with their passages.

        >>> import relations_kg as rk
        >>> rk.load().contradictions()
        []
        """
        return contradictions.contradictions(self.local)

    def show(self, thing: str) -> Description:
        """Describe a thing: its labels, its facts by date in both directions, and its passages.

        >>> import relations_kg as rk
        >>> rk.load().show("lima").kinds
        ('city', 'place')
        """
        return description.Description.of(self, self.names.find(thing))

    def export(
        self,
        path: Source | None = None,
        *,
        format: str | None = None,
        inferred: bool = False,
        of: str | None = None,
        by: Literal["form", "kind"] = "form",
    ) -> bytes:
        """Return the stated facts (with `inferred`, all) as linked data, and write them to a path.

        `format` is turtle, jsonld, ntriples, nquads or trig; by default, it follows from the suffix
        of the path, or is turtle. The file is written atomically. `of` names a thing to export,
        with the facts that point to it and their passages. The formats csv and xlsx make a table
        for each form, which `import` reads back, or with `by="kind"` a table for each kind of
        thing. CSV files are written to the folder `path`; the returned bytes are all tables in the
        order of their names. A warning counts facts that fit no form.

        >>> import relations_kg as rk
        >>> rk.load().export(format="ntriples").count(b"\\n") > 1000
        True
        >>> b"id:lima a rkg:City" in rk.load().export(of="Lima")
        True
        """
        thing = NamedNode(self.names.find(of)) if of is not None else None
        chosen = formats.choose(format, path, *export.CONTENTS)
        if "tables" in chosen.contents and by == "form":
            if inferred:
                raise InputError(
                    "tables of forms have no inferred facts",
                    help='make the tables with by="kind"',
                )
            tables = self.tables(of)
            content = tables.write(path, chosen.name)
            if tables.note:
                warnings.warn(tables.note, stacklevel=3)
            return content
        return export.export(
            self.quad_store, self.names.label, path, format, inferred=inferred, of=thing
        )

    def tables(self, of: str | None = None) -> FormTables:
        """Return the stated facts, or those with one thing, as rows of forms, which `import` reads.

        `note` of the tables counts the facts that fit no form. Raises InputError if no form fits.

        >>> import relations_kg as rk
        >>> tables = rk.load().tables("embassy-of-china-in-lima")
        >>> tables.sheets["mission"][1][:3]
        ['Embassy', "People's Republic of China", 'Peru']
        """
        thing = NamedNode(self.names.find(of)) if of is not None else None
        return form_tables.form_tables(self.local.names, of=thing, is_bundled=self.is_published)

    def push(
        self,
        url: str,
        *,
        update: bool = False,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = 60,
    ) -> dict[str, int]:
        """Put the graph with its inferred triples on a SPARQL 1.1 server; return counts by graph.

        The named graphs are replaced by the Graph Store Protocol, or else by SPARQL Update; the
        address may be that of the server's queries, updates or graphs. Push again to complete an
        interrupted push. With `update`, only the differences from the server's graphs are sent if
        possible. Raises InputError for a server that cannot be reached or refuses the data.

        >>> import relations_kg as rk
        >>> rk.load().push("127.0.0.1:7878")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        relations_kg.errors.InputError: '127.0.0.1:7878' is not the address of a server; ...
        """
        sender = push.Push(url, authorization=authorization, headers=headers, timeout=timeout)
        return sender.send(self.quad_store, update=update)

    def passages(self, *things: str) -> list[Passage]:
        """Return the passages that state things, or all passages if no thing is named.

        Raises QueryError for a term of the vocabulary, such as a class, which no passage states.

        >>> import relations_kg as rk
        >>> [p.section for p in rk.load().passages("one-china-policy")]
        ['Relations since 1971']
        """
        if not things:
            return passages.passages(self.quad_store)
        return passages.of_named(self.quad_store, self.names, things)

    def evidence(self, rows: Rows | Triples | bool) -> str:
        """Return the passages and the readings of the `subjects` of rows as text, one per line.

        The text is empty for an answer without subjects, such as a bool. Raises QueryError for a
        value that is not an answer.
        """
        if not isinstance(rows, bool) and not hasattr(rows, "names"):
            help = "give rows, or use passages(…) for things"
            raise QueryError(f"a {type(rows).__name__} has no rows", where="evidence", help=help)
        return passages.evidence(self.quad_store, getattr(rows, "subjects", ()))

    def summary(self) -> Summary:
        """Count what is in the graph.

        >>> import relations_kg as rk
        >>> rk.load(only="tests/facts/good/visit.ttl").summary().all_passages
        1
        """
        return summary.Summary.of(self, len(self.queries))

    def to_rdflib(self) -> Dataset:
        """Copy the graph into an rdflib Dataset with the same named graphs.

        >>> import relations_kg as rk
        >>> len(rk.load().to_rdflib()) > 2000
        True
        """
        return conversion.to_rdflib(self.quad_store)

    def _answer(
        self, sparql: str, together: bool | None = None, *, stored: str = ""
    ) -> Rows | Triples | bool:
        """Answer a trusted query in this process; `stored` is its text without values."""
        store = for_query(self.quad_store, stored)
        return evaluation.evaluate(store, sparql, self.names, together=together)
