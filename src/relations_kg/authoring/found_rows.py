"""The rows of a form that a graph already states, found by the form's own pattern."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.answers.names import Names
from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring.forms import Form
from relations_kg.authoring.new_things import iri_of, is_iri_of_new
from relations_kg.authoring.patterns import is_certain, pattern
from relations_kg.errors import RelationsError
from relations_kg.rdf.terms import value

Terms = Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True)
class Row:
    """The values of a form's parameters, and the facts that it composes from them.

    `own` are those that do not only describe a thing that the row mentions.
    """

    form: Form
    terms: Terms
    facts: frozenset[Triple]
    own: frozenset[Triple]


class FoundRows:
    """The rows of a form whose facts a graph states, all of them.

    `stated` are the facts of the graph in the named `graphs`. `bundled` are the names that all who
    import a table know; what has a row of its own is not described elsewhere if they know it.
    """

    def __init__(
        self,
        form: Form,
        names: Names,
        stated: Collection[Triple],
        graphs: Sequence[NamedNode],
        bundled: Names,
        with_own_row: Collection[str],
    ) -> None:
        self.form = self._form = form
        self._names, self._stated, self._graphs = names, stated, graphs
        self._bundled, self._with_own_row = bundled, with_own_row
        self._composed = {p.name for p in form.parameters if form.is_composed(p)}
        self._describable = {
            p.name for p in form.parameters if form.may_be_new(p) and p.name not in self._composed
        }
        self._certain = {p.name for p in form.parameters if is_certain(form, p)}
        self._accepted: dict[tuple[str, Term], bool] = {}

    @property
    def describes(self) -> bool:
        """Whether the form does no more than describe a thing."""
        return pattern(self._form).describes

    @property
    def rows(self) -> list[Row]:
        """The rows, those with the most facts first; one may state a part of another."""
        found = [self._row(terms) for terms in self._merged()]
        return sorted(found, key=lambda row: (-len(row.facts), str(row.terms)))

    @cached_property
    def described(self) -> frozenset[str]:
        """The things that all rows which mention them describe as the graph does.

        They do not include what the form composes, which all rows describe.
        """
        described: dict[str, bool] = {}
        for values in self._single:
            terms = {name: (term,) for name, term in values.items()}
            own = set(self._form.facts(terms, self._labels(terms, self._composed)))
            whole = self._form.facts(terms, self._labels(terms, terms))
            missing = {value(f.subject) for f in whole if f not in own and f not in self._stated}
            for name, term in values.items():
                if name in self._describable and isinstance(term, NamedNode):
                    fits = term.value not in missing and self._may_be_described(term.value)
                    described[term.value] = fits and described.get(term.value, True)
        return frozenset(iri for iri, fits in described.items() if fits)

    @cached_property
    def _single(self) -> list[dict[str, Term]]:
        """The rows with one value for each parameter."""
        found = (self._reduced(values) for values in self._candidates())
        unique = {tuple(sorted(row.items())): row for row in found if row is not None}
        return list(unique.values())

    def _candidates(self) -> Iterator[dict[str, Term]]:
        """Yield the values that the pattern of the form finds, and combinations for the others."""
        known = pattern(self._form)
        store = self._names.store
        solutions = list(store.query(known.select, default_graph=list(self._graphs)))  # type: ignore[arg-type]
        parameters = {p.name: p for p in self._form.parameters}
        sought_for = {p.name for p in known.sought}
        for solution in solutions:
            found = {name: term for name in known.variables if (term := solution[name]) is not None}
            values = self._defaults | {
                name: term
                for name, term in found.items()
                if name in parameters and self._accepts(parameters[name], term)
            }
            if not (self._certain - sought_for).issubset(values):
                continue
            sought = [p for p in known.sought if p.name not in values]
            choices: list[list[Term | None]] = []
            for p in sought:
                calculated = [
                    found.get(n) for n, names in known.calculated.items() if p.name in names
                ]
                choices.append([*self._options(p, calculated), *([] if p.required else [None])])
            for chosen in product(*choices):
                more = zip((p.name for p in sought), chosen, strict=True)
                yield values | {name: term for name, term in more if term is not None}

    @cached_property
    def _defaults(self) -> dict[str, Term]:
        return {
            p.name: p.term(p.default, self._names)
            for p in self._form.parameters
            if p.default and p.name not in self._composed
        }

    def _options(self, parameter: Parameter, calculated: Iterable[Term | None]) -> list[Term]:
        """Return the values of a parameter from which an expression may calculate some terms."""
        options = [term for term in dict.fromkeys(calculated) if term is not None]
        # An expression may give a text its language.
        plain = [Literal(term.value) if isinstance(term, Literal) else term for term in options]
        return [term for term in plain if self._accepts(parameter, term)]

    def _reduced(self, values: dict[str, Term]) -> dict[str, Term] | None:
        """Return the values without those that give facts which are not stated.

        None is returned if a value that each row has gives such facts, or is missing.
        """
        while self._certain.issubset(values):
            for p in self._form.parameters:
                # A thing that is not found would be composed if the fields of its label are given.
                is_missing = p.name in self._composed and p.name not in values
                needed = set(self._form.fields(p)) if is_missing else set()
                if needed and needed.issubset(values):
                    values = {n: t for n, t in values.items() if n not in needed - self._certain}
            if not self._certain.issubset(values):
                return None
            terms = {name: (term,) for name, term in values.items()}
            facts = self._form.facts(terms, self._labels(terms, self._composed))
            missing = [fact for fact in facts if fact not in self._stated]
            if not missing:
                return values
            nodes = {node for fact in missing for node in fact}
            doubtful = [n for n, term in values.items() if term in nodes and n not in self._certain]
            gone = set([n for n in doubtful if n in self._composed] or doubtful)
            if not gone:
                return None
            needed = {
                n for p in self._form.parameters if p.name in gone for n in self._form.fields(p)
            }
            gone |= needed - self._certain
            values = {name: term for name, term in values.items() if name not in gone}
        return None

    def _may_be_described(self, iri: str) -> bool:
        """Return whether a cell can describe a thing: with its name alone, or with its IRI too."""
        by_name = iri in self._with_own_row and bool(self._bundled.kinds(iri))
        return is_iri_of_new(iri) and (not by_name or iri_of(self._names.label(iri)) == iri)

    def _merged(self) -> list[Terms]:
        """Return the rows with several values, where each combination of them is a row."""
        rows: list[dict[str, tuple[Term, ...]]] = [
            {name: (term,) for name, term in values.items()} for values in self._single
        ]
        for name in [p.name for p in self._form.parameters if p.several]:
            merged: dict[object, dict[str, tuple[Term, ...]]] = {}
            for row in rows:
                key = frozenset(item for item in row.items() if item[0] != name), name in row
                known = merged.setdefault(key, row)
                if known is not row and name in row:
                    terms = {*known[name], *row[name]}
                    merged[key] = known | {name: tuple(sorted(terms, key=str))}
            rows = list(merged.values())
        return list(rows)

    def _row(self, terms: Terms) -> Row:
        """Return a row with its facts, and without the values that no fact has."""
        things = {
            name
            for name, values in terms.items()
            if name in self._composed
            or (name in self._describable and self.described.issuperset(map(value, values)))
        }
        facts = frozenset(self._form.facts(terms, self._labels(terms, things)))
        nodes = {node for fact in facts for node in fact}
        kept = {p.name for p in self._form.parameters if p.required}
        kept |= {p.name for p in pattern(self._form).sought}
        used = {n: ts for n, ts in terms.items() if n in kept or not nodes.isdisjoint(ts)}
        own = facts
        if not self.describes:
            own = frozenset(self._form.facts(terms, self._labels(terms, self._composed)))
        return Row(self._form, used, facts, own)

    def without(self, row: Row, covered: Collection[Triple]) -> Row:
        """Return a row without the values that may be left out and add nothing to other rows."""
        for parameter in self._form.parameters:
            if parameter.name in self._certain or parameter.name not in row.terms:
                continue
            gone = {parameter.name}
            if parameter.name in self._composed:
                gone |= {*self._form.fields(parameter)} - self._certain
            less = self._row({n: ts for n, ts in row.terms.items() if n not in gone})
            if less.facts <= row.facts and (row.facts - less.facts).issubset(covered):
                row = less
        return row

    def _labels(self, terms: Terms, names: Collection[str]) -> dict[str, dict[str, str]]:
        """Return the labels of the things that are described, by parameter and IRI."""
        return {
            name: {t.value: self._names.label(t.value) for t in values if isinstance(t, NamedNode)}
            for name, values in terms.items()
            if name in names
        }

    def _accepts(self, parameter: Parameter, term: Term) -> bool:
        key = parameter.name, term
        if key not in self._accepted:
            self._accepted[key] = self._fits(parameter, term)
        return self._accepted[key]

    def _fits(self, parameter: Parameter, term: Term) -> bool:
        """Return whether a term can be the value of a parameter."""
        if isinstance(term, NamedNode):
            kinds = parameter.kinds(self._names)
            if any(kind.is_list or kind.has_classes for kind in kinds):
                return parameter.accepts(term.value, self._names)
            if parameter.name in self._composed and not is_iri_of_new(term.value):
                return False
            describing = [n for n in (self._names, self._bundled) if n.kinds(term.value)]
            return parameter.is_thing and (
                not describing or any(parameter.accepts(term.value, n) for n in describing)
            )
        try:
            return parameter.term(term.value, self._names) == term
        except RelationsError:
            return False
