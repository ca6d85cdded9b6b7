"""A store with its inferred triples, its names and the places of its facts."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from os import fspath
from os.path import dirname, isfile, relpath

from pyoxigraph import NamedNode, Store

from relations_kg._files import folder
from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers import queries, query_search, search, term_search
from relations_kg.answers.calls import explained
from relations_kg.engines import untrusted
from relations_kg.errors import UnknownName
from relations_kg.names import names, search_index, spellings
from relations_kg.rdf.namespaces import DATES, INFERRED, STATED
from relations_kg.rdf.terms import Statement, Term, in_graph, statements, value
from relations_kg.reader import files, parsing
from relations_kg.reasoning import inference, states
from relations_kg.reasoning.bundled_store import BundledStore, whole
from relations_kg.warnings import query_warnings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from relations_kg.answers.query_search import QuerySearch
    from relations_kg.answers.rows import Rows
    from relations_kg.answers.term_search import TermSearch
    from relations_kg.engines.untrusted import QueryWorkers
    from relations_kg.names.name_table import NameTable
    from relations_kg.names.names import Names
    from relations_kg.names.search_index import SearchIndex
    from relations_kg.names.spellings import Spellings
    from relations_kg.reader.files import Source
    from relations_kg.reader.places import Place
    from relations_kg.reasoning.inference import Inference
    from relations_kg.warnings.query_warnings import QueryWarnings


@explained
class Knowledge:
    """A store with its inferred triples, its names and the places of its facts.

    The named graphs of the store have the stated facts, the dates, the inferred facts and the
    ontology. `files` are the files of the stated facts. `materialized` is true if the store has all
    inferred triples, so that queries need no inference. `private` is true if no caller has the
    store, so that workers may keep a copy of it.
    """

    # Whether a search costs little, so that many parts of a text can be searched for.
    _finds_parts = True

    def __init__(
        self,
        store: Store,
        files: Iterable[Source] = (),
        inference: Inference | None = None,
        *,
        materialized: bool = False,
        private: bool = False,
    ) -> None:
        # The store for use within the package; each change of the store also changes `version`.
        self.quad_store = store
        self._files = list(files)
        self._origins: dict[Source, Mapping[Statement, Sequence[Place]]] = {}
        self._inference = inference
        self._materialized = materialized
        self._private, self._is_shared = private, False
        self._workers: QueryWorkers | None = None
        self._changes = 0

    @property
    def store(self) -> Store:
        """The engine's store, which the caller may change.

        After the first access, each SPARQL text starts a new worker and its warnings are not
        cached, since the store may have changed.
        """
        self._private, self._is_shared = False, True
        self._workers = None
        self.quad_store = whole(self.quad_store)
        return self.quad_store

    @property
    def workers(self) -> QueryWorkers | None:
        """The workers that keep a copy of the store, or None if a caller may change the store."""
        if not self._private:
            return None
        # The second part of the bundled graph is loaded before workers are forked, since each of
        # them would otherwise load it.
        self.quad_store = whole(self.quad_store)
        workers = self._workers
        if workers is None or workers.store is not self.quad_store:
            workers = self._workers = untrusted.QueryWorkers(self.quad_store)
        return workers

    @cached_property
    def names(self) -> Names:
        """The names of the things in the store."""
        return names.Names(self.quad_store)

    @property
    def version(self) -> tuple[int, int]:
        """The numbers of changes to the store so far, by files and by the inference."""
        return self._changes, self._inference.changes if self._inference else 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._size}>"

    @property
    def _size(self) -> str:
        """The numbers of triples and of the files that they come from, in words."""
        number = len(self._files)
        origin = f", from {number} {'file' if number == 1 else 'files'}" if number else ""
        return f"{len(self.quad_store):,} triples with the ontology{origin}"

    @property
    def scratch(self) -> Knowledge:
        """A graph with the same facts whose store can be changed: the graph itself or a copy."""
        return self

    @property
    def inference(self) -> Inference:
        """The entailments of the stated facts, with rules and proofs; computed at first use."""
        if self._inference is None:
            store, state = self.quad_store, None
            if isinstance(store, BundledStore):
                # A bundled store is only changed by an inference, so its saved state is valid.
                try:
                    state = states.State(store.state())
                except ValueError:
                    state = None
            self._inference = inference.Inference(store, known=self._materialized, state=state)
        return self._inference

    def warnings(self, sparql: str) -> tuple[str, ...]:
        """Return warnings about a SPARQL text, such as about terms that cannot match.

        They are found without running the query. Results of `query` also have these warnings; for
        ASK, which returns a bool, they are issued as Python warnings.

        >>> import relations_kg as rk
        >>> rk.load().warnings("ASK { ?x a rkg:Embasy }")
        ('query:1:12: rkg:Embasy is not in the ontology; did you mean rkg:Embassy?',)
        """
        queries.check_text(sparql)
        if self._is_shared:
            # Nothing of the store can be cached while its caller may change it.
            known = names.Names(self.quad_store)
            return query_warnings.QueryWarnings(self.quad_store, known).of(sparql)
        return self._query_warnings.of(sparql)

    @cached_property
    def _query_warnings(self) -> QueryWarnings:
        return query_warnings.QueryWarnings(self.quad_store, self.names)

    def facts(self, predicate: Term) -> Iterator[Statement]:
        """Yield the facts with a property in all named graphs, such as stated and inferred ones.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> fact = graph.names.statement("one-china-policy", "a", "Policy")
        >>> fact in graph.facts(fact[1])
        True
        """
        return statements(
            self.quad_store.quads_for_pattern(None, NamedNode(value(predicate)), None)
        )

    def search(self, text: str, *, kind: str | None = None, limit: int = 50) -> Rows:
        """Find things by the words of their names, gists and descriptions, the best matches first.

        An identifier in another dataset (`Q419`) finds its thing. Case and diacritics do not
        matter, and whole words match, in the singular or plural. With `kind`, only instances of
        that class are found. The columns are thing, kind, text and passages. If nothing is found,
        `warnings` of the rows suggest the nearest names. Without `kind`, they also name the
        classes, properties and codes with these words, and the stored queries that answer such a
        question. Raises QueryError for a text without a word and for a limit below 1, and
        UnknownName for a `kind` that is not a class.

        >>> import relations_kg as rk
        >>> [row.thing.label for row in rk.load().search("chancay", kind="place")]
        ['Port of Chancay']
        """
        search.check(text, limit)
        of_class = search.class_of(self.names, kind)
        identified = search.identified(self.names, text, of_class)
        found = [*identified, *self._found(search.sought(text), of_class, limit)]
        found = list(dict.fromkeys(found))[:limit]
        known = (lambda: (self.term_search, self.query_search)) if kind is None else None

        def find(part: str, most: int) -> list[str]:
            return self._found(part, of_class, most)

        parts = find if self._finds_parts else None
        return search.rows(self.quad_store, self.names, found, text, of_class, known, parts)

    @cached_property
    def term_search(self) -> TermSearch:
        """The search for terms of the ontology."""
        return term_search.TermSearch(self.quad_store)

    @cached_property
    def query_search(self) -> QuerySearch:
        """The search for stored queries by the words in which people ask."""
        return query_search.QuerySearch(queries.stored_queries(), self.term_search, self.quad_store)

    @cached_property
    def search_index(self) -> SearchIndex:
        """The full-text index for `search`, made at first use."""
        return search_index.SearchIndex.make(self.quad_store)

    @property
    def spellings(self) -> Spellings | NameTable:
        """The index of things by the words of their labels."""
        return spellings.Spellings.of(self.quad_store) if self._is_shared else self._spellings

    @cached_property
    def _spellings(self) -> Spellings | NameTable:
        return spellings.Spellings.of(self.quad_store)

    def _found(self, text: str, kind: str | None, limit: int) -> list[str]:
        """Return the things whose names or texts match the words of a text, for `search`."""
        return self.search_index.find(text, kind, limit)

    def _update(self, changed: Collection[Statement], files: Iterable[Source]) -> None:
        """Update all caches after files have changed some triples."""
        for file in files:
            self._origins.pop(fspath(file), None)
        self._changes += 1
        self.names.forget()
        self.__dict__.pop("_query_warnings", None)
        if "search_index" in self.__dict__:
            self.search_index.update(self.quad_store, changed)
        if isinstance(known := self.__dict__.get("_spellings"), spellings.Spellings):
            known.update(changed)

    def count(self, graph: str) -> int:
        """Return the number of triples in a named graph; raise UnknownName if it is not an IRI."""
        try:
            node = NamedNode(graph)
        except ValueError:
            help = f"give one such as {STATED}"
            raise UnknownName(f"{graph!r} is not the IRI of a graph", help=help) from None
        return sum(1 for _ in self.quad_store.quads_for_pattern(None, None, None, node))

    def place(self, fact: Statement) -> Place | None:
        """Return the place of a stated fact's object in its file, or None if it is not known.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> graph.place(graph.names.statement("one-china-policy", "a", "Policy")).file
        'data/china-peru/since-1971.ttl'
        """
        for file in self._files:
            for place in self._origins_in(file, fact[0]).get(fact, ()):
                return place
        return None

    def _origins_in(self, file: Source, subject: Term) -> Mapping[Statement, Sequence[Place]]:
        """Return the places of a file's facts.

        There are none if the file does not contain the subject's name, or cannot be read again.
        """
        known = self._origins.get(file)
        if known is not None:
            return known
        # Standard input and pipes cannot be read again.
        if not isfile(file):
            return {}
        content = files.content_of(file)
        if value(subject).rpartition("/")[2].rpartition("#")[2].encode() not in content:
            return {}
        own = str(file).startswith(folder("data"))
        name = relpath(file, dirname(folder("data"))) if own else str(file)
        located = parsing.parse(content, name, files.format_of(file, content))
        origins: dict[Statement, list[Place]] = {}
        for index, fact in enumerate(statements(located.quads)):
            origins.setdefault(fact, []).append(located.where(index, 2))
        self._origins[file] = origins
        return origins


class _Extended(Knowledge):
    @property
    def inference(self) -> Inference:
        if self._inference is None:
            self._inference = inference.Inference(self.quad_store, reach=False)
        return self._inference


def extended(graph: Knowledge, facts: Iterable[Statement]) -> Knowledge:
    """Return a new graph in memory, with the stated facts of a graph and others.

    Its `inference` infers all facts anew, which is faster than adding many facts to a small graph,
    and raises InputError as `Inference.add` does. Until then, the store has no dates. It has no
    facts about the reach of things.
    """
    store = Store()
    derived = (DATES, INFERRED)
    quads = (q for q in whole(graph.quad_store) if value(q.graph_name) not in derived)
    store.bulk_extend(chain(quads, in_graph(facts, STATED)))
    return _Extended(store, graph._files, private=True)
