"""Rules in SPARQL: constraints of shapes, run on nodes, and checks, run on new facts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode, Quad, QueryResultsFormat, Store, parse_query_results

from relations_kg.engines.limits import LONGEST_ROW
from relations_kg.errors import RelationsError
from relations_kg.rdf import terms
from relations_kg.rdf.namespaces import (
    DATES,
    ONTOLOGY,
    PREFIXES,
    STATED,
    SUBMITTED,
    VOCABULARY,
    expand,
)
from relations_kg.rdf.terms import TYPE
from relations_kg.sparql.lexer import tokens
from relations_kg.validation import prebinding
from relations_kg.validation.affected import Routes
from relations_kg.validation.violations import Violation, kebab

# The graphs that rules are run on. Inferred facts are excluded.
SEEN = tuple(NamedNode(name) for name in (STATED, DATES, ONTOLOGY))

_JSON = QueryResultsFormat.JSON
_NAMED = (*SEEN, *map(NamedNode, (SUBMITTED, VOCABULARY)))
_HEAD = re.compile(r"SELECT DISTINCT \$this((?: \?\w+)*)\s+WHERE\s*\{")
_MESSAGE = re.compile(r"#\+ (error|warning): (.+)")
# The number of nodes from which constraints are run in batches, and the size of a batch.
_MANY, _AT_ONCE = 100, 500
_NAME = re.compile(r"[\w-]+:[\w-]+|\ba\b")
# Matches a pattern with another subject than $this, also one within a path.
_OTHER_SUBJECT = re.compile(r"(?<!\$this )\?\w+\s+(?:[\w-]*:|a\b|<\w|[?$(])|[/^]")
_ANY_PROPERTY = re.compile(r"(?:[?$]\w+|;) \?\w+ \?")

# The subjects of new facts, by property.
Touched = Mapping[str, set[NamedNode]]


@dataclass(frozen=True)
class Constraint:
    """A SPARQL constraint of a shape: its name, its message, and a SELECT that finds violations.

    Each of its patterns, negated ones included, has a variable as its subject. So every violation
    that new facts cause can be found from the subjects of these facts.
    """

    name: str
    severity: str
    message: str
    select: str

    def check(self) -> None:
        """Raise RelationsError if SHACL-SPARQL forbids the query or it is not supported here."""
        _, _, body = self._parts
        prebinding.check(self.name, self._text("<urn:this>"), body)

    @property
    def code(self) -> str:
        """The last part of the name, in kebab case."""
        return kebab(self.name.rpartition("-")[2])

    @cached_property
    def properties(self) -> set[str] | None:
        """The IRIs in its patterns, properties among them, or None if a property is a variable."""
        if _ANY_PROPERTY.search(self.select):
            return None
        names = set(_NAME.findall(self.select[self.select.index("{") :]))
        own = {expand(name) for name in names if name.partition(":")[0] in PREFIXES}
        # The keyword "a" stands for rdf:type.
        return own | {TYPE.value} if "a" in names else own

    @cached_property
    def routes(self) -> Routes:
        """The routes between its variables."""
        return Routes(self.select)

    @property
    def has_other_subjects(self) -> bool:
        """Whether a variable besides $this may be the subject of a property.

        Most constraints have none, which is found faster than by parsing them.
        """
        return bool(_OTHER_SUBJECT.search(self.select, self.select.index("{")))

    @cached_property
    def subjects(self) -> set[str]:
        """The variables besides $this that are the subject of a property."""
        return self.routes.subjects if self.has_other_subjects else set()

    def reached(self, store: Store, touched: Touched) -> set[NamedNode]:
        """Return the nodes that may violate the constraint because of new facts."""
        properties = touched if self.properties is None else self.properties
        changed = {node for name in properties for node in touched.get(name, ())}
        reached = set(changed)
        for variable in self.subjects if changed else ():
            reached |= self.routes.reached(store, variable, changed)
        return reached

    def run(self, store: Store, nodes: Collection[NamedNode]) -> Iterator[Violation]:
        """Run the SELECT for each of the nodes, with $this replaced by the node.

        Many nodes are bound to $this in batches, which is several times as fast.
        """
        for bindings in self._solutions(store, nodes):
            # By the SHACL standard, the value is the node itself if the query does not select
            # ?value.
            this = bindings["this"]
            value = bindings.get("value", this)
            rule = (self.severity, self.code, self.message, this, value, self.name)
            yield Violation(*rule, bindings=bindings)

    def _solutions(self, store: Store, nodes: Collection[NamedNode]) -> Iterator[dict[str, Any]]:
        prefixes, names, body = self._parts
        if len(nodes) < _MANY or "SELECT" in body.upper():
            for this in nodes:
                for bindings in solutions(store, self._text(str(this))):
                    yield {**bindings, "this": this}
            return
        several = iter(nodes)
        while part := " ".join(map(str, islice(several, _AT_ONCE))):
            bound = _in_each_group(f" VALUES $this {{ {part} }} ", body)
            yield from solutions(store, f"{prefixes}SELECT DISTINCT $this {names} WHERE {{{bound}")

    def _text(self, this: str) -> str:
        prefixes, names, body = self._parts
        return f"{prefixes}SELECT DISTINCT {names} WHERE {{{body.replace('$this', this)}"

    @cached_property
    def _parts(self) -> tuple[str, str, str]:
        """The prefixes, the selected variables other than $this, and the patterns."""
        head = _HEAD.search(self.select)
        if head is None:
            help = 'begin with "SELECT DISTINCT $this ?value WHERE {"'
            raise RelationsError("this is not a SELECT DISTINCT $this", where=self.name, help=help)
        before, after = self.select[: head.start()], self.select[head.end() :]
        return before, head[1].strip() or "(true AS ?found)", after


@dataclass(frozen=True)
class Check:
    """A check of facts: its name, its message, and a SELECT that finds violations.

    The checked facts are in graph:submitted, and all facts are in the default graph.
    """

    name: str
    severity: str
    message: str
    select: str

    @classmethod
    def parse(cls, name: str, text: str) -> Check:
        """Return the check in a query whose first line is `#+ error: …` or `#+ warning: …`."""
        first = _MESSAGE.match(text)
        if first is None:
            help = 'start with "#+ error: …" or "#+ warning: …"'
            raise RelationsError("no message", where=f"{name}.rq", line=1, help=help)
        return cls(name, first[1], first[2], text)

    def run(self, store: Store, facts: str = SUBMITTED) -> Iterator[Violation]:
        """Run the SELECT on the facts of a named graph."""
        for bindings in solutions(store, self.select.replace("graph:submitted", f"<{facts}>")):
            this, value = bindings["this"], bindings.get("value")
            yield Violation(self.severity, self.name, self.message, this, value, bindings=bindings)


def _in_each_group(line: str, body: str) -> str:
    """Insert a line at the start of each group that is evaluated on its own.

    A FILTER in a branch of a UNION sees only the variables that the branch binds. A group that
    begins with a group needs no line; with one, the engine would compare all pairs of solutions.
    """
    text, end, before = "", 0, "{"
    previous = ""
    for token in tokens(body):
        if before == "{" and token[0] != "{" and previous.upper() not in ("OPTIONAL", "EXISTS"):
            text += body[end : token.start()] + line
            end = token.start()
        previous, before = before, token[0]
    return text + body[end:]


def seen(
    store: Store, subject: Any = None, predicate: Any = None, object_: Any = None
) -> Iterator[Quad]:
    """Yield the quads that match a pattern, from the graphs that rules are run on."""
    for graph in SEEN:
        yield from store.quads_for_pattern(subject, predicate, object_, graph)


def solutions(store: Store, select: str) -> Iterator[dict[str, Any]]:
    """Yield the solutions of a SELECT in the graphs that rules are run on."""
    # Solutions are serialised and parsed, since the engine takes the GIL for each that is read.
    graphs = {"default_graph": list(SEEN), "named_graphs": list(_NAMED)}
    text = store.query(select, **graphs).serialize(format=_JSON) or b""  # type: ignore[arg-type]
    if len(text) < LONGEST_ROW:
        yield from terms.bindings(parse_query_results(text, format=_JSON))
    else:
        # The engine's parsers refuse a very long term.
        yield from terms.solutions(store, select, **graphs)
