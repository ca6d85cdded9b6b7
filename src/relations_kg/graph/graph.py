"""The graph: what is asked, explained, shown, checked, changed and exported through one object."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from os import fspath
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from relations_kg._files import folder
from relations_kg.answers.knowledge import Knowledge
from relations_kg.answers.queries import Queries, StoredQuery
from relations_kg.answers.rows import Rows, Thing, Triples
from relations_kg.engines.limits import MOST_ROWS, limited
from relations_kg.engines.lines import SolutionLines
from relations_kg.errors import InputError, QueryError
from relations_kg.rdf.formats import choose
from relations_kg.rdf.namespaces import IDENTIFIERS
from relations_kg.rdf.sparql import FAILURES, Answer, ask, failure
from relations_kg.rdf.terms import statements
from relations_kg.reader.files import Document, Source, path_of, text_of
from relations_kg.reader.refusals import refuser
from relations_kg.reasoning.inference import Difference

if TYPE_CHECKING:
    from rdflib import Dataset

    from relations_kg.answers.contradictions import Contradiction
    from relations_kg.answers.explanation import Explanation
    from relations_kg.answers.passages import Passage
    from relations_kg.answers.portrait import Portrait
    from relations_kg.answers.summary import Summary
    from relations_kg.reader.sources import Sources
    from relations_kg.validation.reports import Report

# Where a process cannot be forked, a query runs in this one and cannot be stopped.
_TIMEOUT = 60.0 if hasattr(os, "fork") else None


class Graph(Knowledge):
    """Answer questions about the relations of states, each fact with its passage.

    Made by `load`. `store` is the engine's own, for what this interface does not offer; its
    named graphs keep stated facts, dates, inferred facts and the ontology apart.
    """

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by their names."""
        return Queries(folder("queries"))

    @cached_property
    def sources(self) -> Sources:
        """The files that the graph was loaded from, and what several of them state."""
        from relations_kg.reader.sources import Origin, Sources

        # `load` enters them where there are others than the bundled ones, which share no fact.
        return Sources(Origin.of(Document.of(file)) for file in self._files)

    @property
    def is_published(self) -> bool:
        """Whether all facts were loaded from the bundled files, which anybody may read."""
        own = folder("data")
        return bool(self._files) and all(str(file).startswith(own) for file in self._files)

    def query(
        self, sparql: str, *, timeout: float | None = _TIMEOUT, allow_service: Iterable[str] = ()
    ) -> Rows | Triples | bool:
        """Run SPARQL text; the project's prefixes are known to it.

        SELECT gives Rows, CONSTRUCT and DESCRIBE give Triples, ASK gives bool. Raises QueryError
        for text that is not SPARQL 1.1, for updates, for a SERVICE at a host that is not one of
        `allow_service`, for what takes too much memory, and for an answer of more than 1,000,000
        rows or triples or 256 MiB; QueryTimeout after so many seconds. A `timeout` of None is for
        texts of your own: they run in this process, limited only in their rows, sooner by the
        fork that is saved, and cannot be interrupted. Others run in a worker that can open no
        socket, unless they call an allowed host.

        >>> import relations_kg as rk
        >>> rk.load().query("ASK { id:embassy-of-china-in-lima a rkg:Mission }")
        True
        """
        from relations_kg.engines import guard

        allowed = tuple(allow_service)
        called = guard.check(sparql, allowed)
        look_up = partial(guard.check_addresses, called, allowed) if called else bool
        if timeout is None:
            look_up()
            return self._read(ask(self.store, sparql), MOST_ROWS)
        if _TIMEOUT is None:
            raise QueryError("this system cannot stop a query", help="give no timeout")
        from relations_kg.engines import worker

        answer = worker.answer(self.store, sparql, timeout, calls=bool(called), before=look_up)
        if isinstance(answer, bool):
            return answer
        if isinstance(answer, SolutionLines):
            return Rows(answer.columns, answer, self.names)
        return Triples(answer, self.names)

    def run(self, name: str, /, **parameters: object) -> Rows:
        """Run a stored query by name; a parameter left out or None means any.

        A thing is given as IRI, CURIE, slug or label, a date as ISO text or `date`. See `queries`
        for the names and their parameters. Raises QueryError or UnknownName.

        >>> import relations_kg as rk
        >>> [row.when for row in rk.load().run("policies", party="Peru")]
        ['1971-11-02/..']
        """
        question = self.queries[name]
        text = question.bind(parameters, self.names)
        rows = self._answer(text, together=not question.names_graphs)
        if not isinstance(rows, Rows):
            raise QueryError("a stored query must be a SELECT", where=f"{name}.rq")
        return rows

    def explain(
        self,
        subject: str,
        predicate: str,
        object: str,
        *,
        document: Source | None = None,
    ) -> Explanation:
        """Explain why a triple holds, or what is missing for it; true if it holds.

        Each is named as in `run`; the predicate may be "a", the object the text of a literal.
        With the file of the source `document` passages are shown in its words.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> graph.explain("peru", "sendsMission", "embassy-of-peru-in-beijing").proofs[0].rule.name
        'rkg:sendsMission inverse of rkg:sendingParty'
        """
        from relations_kg.answers.explanation import Explanation

        words = text_of(document) if document is not None else None
        return Explanation(self, self.names.statement(subject, predicate, object), words)

    def add(self, *facts: Source, allow_changes: bool = False) -> Difference:
        """Add files of facts; return the triples that this brought and took away.

        It costs what the new facts bring about, not what was known before. Raises InputError as
        `load` does.

        >>> import relations_kg as rk
        >>> rk.load().add("tests/facts/good/visit.ttl").removed
        frozenset()
        """
        return self._change([], list(map(Document.of, facts)), allow_changes=allow_changes)

    def remove(self, *facts: Source) -> Difference:
        """Take files of facts out again; return what this brought and took away.

        What another loaded file states, too, stays. Raises InputError for a file with another
        content than any that was loaded.

        >>> import relations_kg as rk
        >>> graph = rk.load("tests/facts/good/visit.ttl")
        >>> len(graph.remove("tests/facts/good/visit.ttl").added)
        0
        """
        return self._change(list(map(Document.of, facts)), [])

    def replace(self, old: Source, new: Source, *, allow_changes: bool = False) -> Difference:
        """Put a file of facts in the place of another, whole or not at all.

        Returns what this brought and took away, as `add` and `remove` do.

        >>> import relations_kg as rk
        >>> graph = rk.load("tests/facts/good/visit.ttl")
        >>> change = graph.replace("tests/facts/good/visit.ttl", "tests/facts/good/denial.ttl")
        >>> [file.name.rpartition("/")[2] for file in graph.sources.origins[-1:]]
        ['denial.ttl']
        """
        old, new = Document.of(old), Document.of(new)
        return self._change([old], [new], allow_changes=allow_changes)

    def _change(
        self,
        gone: Sequence[Document],
        new: Sequence[Document],
        *,
        allow_changes: bool = False,
    ) -> Difference:
        """Take documents out and add others, in one step."""
        refuse = refuser(self.store, allow_changes=allow_changes)
        step = self.sources.step(gone, new, self.store, refuse)
        apart = NamedNode(IDENTIFIERS)
        facts, past = (
            list(statements(quad for quad in quads if quad.graph_name != apart))
            for quads in (step.new, step.gone)
        )
        change = self.inference.change(facts, past)
        added, removed = (
            [quad for quad in quads if quad.graph_name == apart] for quads in (step.new, step.gone)
        )
        self.store.extend(added)
        for quad in removed:
            self.store.remove(quad)
        self.sources.take(step)
        for document in (*gone, *new):
            self._origins.pop(fspath(document), None)
        paths = dict.fromkeys(fspath(file) for file in (*self._files, *new))
        loaded = {origin.name for origin in step.origins}
        self._files = [path for path in paths if path_of(path) in loaded]
        return Difference(
            change.added.union(statements(added)), change.removed.union(statements(removed))
        )

    def contradictions(self) -> list[Contradiction]:
        """List the facts that the ontology says cannot hold together, with their passages.

        >>> import relations_kg as rk
        >>> rk.load().contradictions()
        []
        """
        from relations_kg.answers.contradictions import contradictions

        return contradictions(self)

    def show(self, thing: str) -> Portrait:
        """Show all that is known of a thing: labels, facts both ways by date, passages.

        >>> import relations_kg as rk
        >>> rk.load().show("lima").kinds
        ('city', 'place')
        """
        from relations_kg.answers.portrait import Portrait

        return Portrait.of(self, self.names.find(thing))

    def export(
        self,
        path: Source | None = None,
        *,
        format: str | None = None,
        inferred: bool = False,
        of: str | None = None,
    ) -> bytes:
        """Return the stated facts (with `inferred`, all) as linked data, and write them to a path.

        `format` is turtle, jsonld, ntriples, nquads or trig; without it, the suffix of the path
        decides, else it is turtle. The file is written whole or not at all. `of` names one thing,
        to be written with what points to it and the passages that state this. The format csv makes
        a table for each kind of thing, in the folder `path`; the bytes are then those of all
        tables, in the order of their names.

        >>> import relations_kg as rk
        >>> rk.load().export(format="ntriples").count(b"\\n") > 1000
        True
        >>> b"id:lima a rkg:City" in rk.load().export(of="Lima")
        True
        """
        from relations_kg.export import export, files

        chosen = choose(format, path, "triples", "quads", "tables").name
        thing = NamedNode(self.names.find(of)) if of is not None else None
        if chosen == "csv":
            if path is None:
                raise InputError("csv is one table for each kind", help="name a folder for them")
            tables = export.tables(self.store, self.names.label, inferred=inferred, of=thing)
            files.write_folder(path, tables)
            return b"".join(tables.values())
        content = export.serialize(self.store, chosen, inferred=inferred, of=thing)
        if path is not None:
            files.write(path, content)
        return content

    def push(
        self,
        url: str,
        *,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = 60,
    ) -> dict[str, int]:
        """Put the graph with all that follows on a SPARQL 1.1 server; count the triples there.

        The named graphs are replaced by the Graph Store Protocol, or else by SPARQL Update; the
        address may be that of the server's queries, updates or graphs. Doing it again changes
        nothing, and mends what was interrupted. Raises InputError for a server that is not there
        or does not let us.

        >>> import relations_kg as rk
        >>> rk.load().push("127.0.0.1:7878")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        relations_kg.errors.InputError: '127.0.0.1:7878' is not the address of a server; ...
        """
        from relations_kg.engines.push import Push

        push = Push(url, authorization=authorization, headers=headers, timeout=timeout)
        return push.send(self.store)

    def validate(self, *facts: Source, allow_changes: bool = False) -> Report:
        """Check files of facts together with this graph, or the graph alone if none is named.

        What they say of bundled codes and labels is an error unless `allow_changes` is true.

        >>> import relations_kg as rk
        >>> rk.load().validate().conforms
        True
        """
        from relations_kg.validation.checking import validate

        return validate(self, facts, allow_changes=allow_changes)

    def passages(self, *things: str) -> list[Passage]:
        """List the passages that things rest on, or all there are if none is named.

        >>> import relations_kg as rk
        >>> [p.section for p in rk.load().passages("one-china-policy")]
        ['Relations since 1971']
        """
        from relations_kg.answers import passages

        if not things:
            return passages.passages(self.store)
        return passages.passages_of(self.store, map(self.names.find, things))

    def basis(self, rows: Rows | Triples | bool) -> str:
        """Write the passages that the things in the first column of rows rest on, a line each."""
        from relations_kg.answers.passages import passages_of

        if not isinstance(rows, Rows) or not rows:
            return ""
        first = [str(row[0]) for row in rows if isinstance(row[0], Thing)]
        lines = [f"  {p.curie}  {p.gist}\n" for p in passages_of(self.store, first)]
        return "\nPassages\n" + "".join(lines) if lines else ""

    def summary(self) -> Summary:
        """Count what is in the graph.

        >>> import relations_kg as rk
        >>> rk.load().summary().all_passages
        87
        """
        from relations_kg.answers.summary import Summary

        return Summary.of(self, len(self.queries))

    def to_rdflib(self) -> Dataset:
        """Copy the graph into an rdflib Dataset of its own, named graphs kept.

        >>> import relations_kg as rk
        >>> len(rk.load().to_rdflib()) > 2000
        True
        """
        from relations_kg.rdf.conversion import to_rdflib

        return to_rdflib(self.store)

    def _answer(self, sparql: str, together: bool | None = None) -> Rows | Triples | bool:
        """Answer a text that may be trusted, in this process."""
        return self._read(ask(self.store, sparql, together=together))

    def _read(self, answer: Answer, most: int | None = None) -> Rows | Triples | bool:
        if isinstance(answer, QueryBoolean):
            return bool(answer)
        try:
            if isinstance(answer, QuerySolutions):
                columns = [variable.value for variable in answer.variables]
                return Rows(columns, limited(answer, most), self.names)
            return Triples(limited(answer, most), self.names)
        except FAILURES as error:
            raise failure(error) from None
