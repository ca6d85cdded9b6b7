"""Forms: stored CONSTRUCT queries that compose the facts of, for example, a visit or a mission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from pyoxigraph import Literal, NamedNode, Store, Triple

from relations_kg._files import folder
from relations_kg.answers.parameters import Term, is_missing
from relations_kg.answers.queries import Stored, parts
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.definitions import IRI_OF_NEW, LABEL_OF_NEW, Definition
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.things import Key
from relations_kg.authoring.values import Values
from relations_kg.errors import InputError
from relations_kg.rdf.terms import TYPE, value
from relations_kg.sparql.evaluation import with_prefixes
from relations_kg.sparql.parser import parse
from relations_kg.warnings.names import iris

_EMPTY = Store()
# The subject, the predicate and the object, each a term or the name of a variable.
_Slots = tuple[Term | str, Term | str, Term | str]


class Form(Definition):
    """A form: its name, summary, parameters and SPARQL text.

    If the default of a thing's parameter is a text with fields, the form composes this thing. In
    the VALUES line, a variable such as `?visitor` may be followed by `?visitor_new` and
    `?visitor_label`; without them, the form accepts only known things.
    """

    def compose(
        self, values: Mapping[str, object], things: NewThings, key: Key | None = None
    ) -> Composed:
        """Return the facts for values as people write them, or the errors, as `problems`.

        With the `key` of a row, the IRI of the thing that each row composes is made from the key.
        Raises QueryError for a parameter that the form lacks.
        """
        given = {name: each for name, each in values.items() if not _is_empty(each)}
        self.check_names(given)
        found = Values(self, things, given, key)
        for parameter in self.parameters:
            found.read(parameter)
        if found.problems:
            return Composed((), terms=found.terms, problems=tuple(found.problems))
        triples = self.facts(found.terms, found.labels)
        if not triples and (missing := found.missing()):
            help = f"give {' or '.join(missing)}"
            problem = InputError(
                f"the form {self.name} makes no fact from these values alone", help=help
            )
            return Composed((), terms=found.terms, problems=(problem,))
        new = tuple(each for every in found.things.values() for each in every if each.is_new)
        return Composed(triples, new, found.terms, moved=found.moved)

    def facts(
        self, terms: Mapping[str, Sequence[Term]], labels: Mapping[str, Mapping[str, Literal]]
    ) -> tuple[Triple, ...]:
        """Return the facts for terms; `labels` are the labels of new things, by parameter and IRI.

        Facts are composed for each combination of terms.
        """
        rows = self._rows(terms, labels)
        if slots := _template(self.text):
            return tuple(dict.fromkeys(fact for row in rows for fact in _filled(slots, row)))
        return self.evaluated(rows)

    def evaluated(self, rows: Iterable[Mapping[str, Term]]) -> tuple[Triple, ...]:
        """Return the facts that the engine composes from rows of terms by variable."""
        names = self.variables
        cells = ((row.get(name) for name in names) for row in rows)
        lines = (" ".join("UNDEF" if t is None else str(t) for t in line) for line in cells)
        variables = " ".join(f"?{name}" for name in names)
        text = f"VALUES ({variables}) {{ {' '.join(f'({line})' for line in lines)} }}"
        triples = _EMPTY.query(text.join(_parts(self.text)))
        return tuple(dict.fromkeys(triples))  # type: ignore[arg-type]

    def _rows(
        self, terms: Mapping[str, Sequence[Term]], labels: Mapping[str, Mapping[str, Literal]]
    ) -> Iterator[dict[str, Term]]:
        """Yield the variables' terms, for each combination if parameters have several terms."""
        names = [parameter.name for parameter in self.parameters]
        choices: list[Sequence[Term | None]] = [terms.get(name) or [None] for name in names]
        for row in product(*choices):
            cells: dict[str, Term] = {}
            for name, term in zip(names, row, strict=True):
                if term is None:
                    continue
                cells[name] = term
                label = labels.get(name, {}).get(value(term))
                if label is not None:
                    cells[name + IRI_OF_NEW] = term
                    cells[name + LABEL_OF_NEW] = label
            yield cells

    def _binds(self, variables: Sequence[str]) -> bool:
        names = [parameter.name for parameter in self.parameters]
        endings = (IRI_OF_NEW, LABEL_OF_NEW)
        more = [name for name in variables if name not in names]
        of_things = {name + ending for name in names for ending in endings}
        return [name for name in variables if name in names] == names and of_things.issuperset(more)


def _is_empty(given: object) -> bool:
    if isinstance(given, list | tuple | set):
        return not given
    return is_missing(given) or (isinstance(given, str) and not given.strip())


@cache
def _template(text: str) -> Sequence[_Slots] | None:
    """Return the triples of a CONSTRUCT's template, or None if it needs the engine.

    The engine is needed for patterns besides the VALUES line, and for literals or blank nodes in
    the template.
    """
    text = with_prefixes(text)
    before, *after = parts(text)
    if not re.search(r"(?i)\bWHERE\s*\{\s*$", before) or [end.strip() for end in after] != ["}"]:
        return None
    query = parse(text)
    addresses = iris(query)
    found: list[_Slots] = []
    for triple in query.triples:
        if triple.scope is query.template:
            slots: list[Term | str] = []
            for index in (triple.subject, *range(*triple.predicate), triple.object):
                token = query.tokens[index]
                if token.lastgroup == "variable":
                    slots.append(token[0][1:])
                elif token[0] == "a" or index in addresses:
                    slots.append(TYPE if token[0] == "a" else NamedNode(addresses[index]))
            if len(slots) != 3:
                return None
            found.append((slots[0], slots[1], slots[2]))
    return found


def _filled(slots: Sequence[_Slots], terms: Mapping[str, Term]) -> Iterator[Triple]:
    """Yield the triples of a template whose variables all have terms, as the engine does."""
    for one, two, three in slots:
        subject = terms.get(one) if isinstance(one, str) else one
        predicate = terms.get(two) if isinstance(two, str) else two
        object_ = terms.get(three) if isinstance(three, str) else three
        is_fact = isinstance(subject, NamedNode) and isinstance(predicate, NamedNode)
        if is_fact and object_ is not None:
            yield Triple(subject, predicate, object_)  # type: ignore[arg-type]


@cache
def _parts(text: str) -> list[str]:
    return parts(with_prefixes(text))


@cache
def forms() -> Stored[Form]:
    """Return the forms of the project; each file is parsed once in a process."""
    return Stored(folder("forms"), Form, "form", "new --list")
