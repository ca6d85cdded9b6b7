"""The rows of a form whose facts a graph already states, found by the form's own patterns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring.forms import Form
from relations_kg.authoring.patterns import Part, Pattern, patterns
from relations_kg.authoring.value_texts import iri_of, is_iri_of_new
from relations_kg.errors import RelationsError
from relations_kg.names.names import Names
from relations_kg.rdf.terms import value

Terms = Mapping[str, tuple[Term, ...]]
_MOST_GIVEN = 300
# One solution of a pattern: terms by variable.
_Solution = Mapping[str, Term]
_Values = dict[str, tuple[Term, ...]]


@dataclass(frozen=True)
class Row:
    """The values of a form's parameters, and the facts composed from them.

    `own` are these facts without those that only describe a thing that the row mentions.
    """

    form: Form
    terms: Terms
    facts: frozenset[Triple]
    own: frozenset[Triple]


class FoundRows:
    """A search for the rows of a form whose facts are all stated in a graph.

    `stated` are the facts of the graph in the named `graphs`. `bundled` are the names of the
    bundled graph. Things of that graph that are in `with_own_row`, since rows of other forms
    describe them, need no IRI here. Patterns that fit almost everything are matched only for the
    things in `left`.
    """

    def __init__(
        self,
        form: Form,
        names: Names,
        stated: Collection[Triple],
        graphs: Sequence[NamedNode],
        bundled: Names,
        with_own_row: Collection[str],
        left: Collection[str] = (),
    ) -> None:
        self.form = form
        self._names, self._stated, self._graphs = names, stated, graphs
        self._bundled, self._with_own_row, self._left = bundled, with_own_row, left
        self._parameters = {parameter.name: parameter for parameter in form.parameters}
        self._composed = {p.name for p in form.parameters if form.is_composed(p)}
        self._describable = {
            p.name for p in form.parameters if form.may_be_new(p) and p.name not in self._composed
        }
        self._certain = {p.name for p in form.parameters if form.is_certain(p)}
        self._accepted: dict[tuple[str, Term], bool] = {}
        self._known_facts: dict[object, frozenset[Triple]] = {}

    @cached_property
    def rows(self) -> list[Row]:
        """The rows; the facts of a row may be a part of another row's facts."""
        return [row for row in map(self._row, self._found) if row.facts]

    @cached_property
    def described(self) -> frozenset[str]:
        """The things that cells can describe, if the graph states their descriptions in all rows.

        Things that the form composes are not included, since all rows describe them.
        """
        described: dict[str, bool] = {}
        for terms in self._found:
            own = self._facts(terms)
            whole = self._facts(terms, {value(t) for ts in terms.values() for t in ts})
            missing = {value(f.subject) for f in whole if f not in own and f not in self._stated}
            for name in self._describable:
                for term in terms.get(name, ()):
                    iri = value(term)
                    fits = iri not in missing and self._may_be_described(iri)
                    described[iri] = fits and described.get(iri, True)
        return frozenset(iri for iri, fits in described.items() if fits)

    def without(self, row: Row, covered: Collection[Triple]) -> Row:
        """Return a row without optional values whose facts are all in other rows."""
        for parameter in self.form.parameters:
            if parameter.name in self._certain or parameter.name not in row.terms:
                continue
            gone = {parameter.name}
            if parameter.name in self._composed:
                gone |= {*self.form.fields(parameter)} - self._certain
            less = self._row({n: ts for n, ts in row.terms.items() if n not in gone})
            if less.facts <= row.facts and (row.facts - less.facts).issubset(covered):
                row = less
        return row

    @cached_property
    def _found(self) -> list[Terms]:
        """The values of rows; if parameters have several, all their combinations are stated."""
        every = patterns(self.form).every
        found = (self._reduced(terms) for each in every for terms in self._candidates(each))
        rows = list({tuple(sorted(row.items())): row for row in found if row}.values())
        for name in [p.name for p in self.form.parameters if p.several]:
            merged: dict[object, _Values] = {}
            for row in rows:
                key = frozenset(item for item in row.items() if item[0] != name), name in row
                known = merged.setdefault(key, row)
                if known is not row and name in row:
                    terms = {*known[name], *row[name]}
                    merged[key] = known | {name: tuple(sorted(terms, key=str))}
            rows = list(merged.values())
        return [*rows]

    def _candidates(self, pattern: Pattern) -> Iterator[_Values]:
        """Yield the values of the parameters for each match of a pattern.

        The most complete values of a match come first. Further values differ from these in one of
        the optional parts.
        """
        cores = {
            tuple(sorted(core.items(), key=str)): core
            for core in self._solutions(pattern.core, pattern.core.variables)
            if (pattern.subject is None or value(core[pattern.subject]) in self._left)
            and all(self._accepts(name, term) for name, term in core.items())
        }
        if not cores:
            return
        parts = [self._of_part(pattern, part, cores.values()) for part in pattern.parts]
        for key, core in cores.items():
            fixed = dict(self._defaults)
            fixed.update((name, (term,)) for name, term in core.items())
            choices = self._in_order([found.get(key) or [{}] for found in parts])
            first: _Values = {}
            for choice in choices:
                first |= choice[0]
            yield fixed | first
            for choice in choices:
                for other in choice[1:]:
                    gone = choice[0].keys() - other.keys()
                    kept = {name: terms for name, terms in first.items() if name not in gone}
                    yield fixed | kept | other

    def _in_order(self, choices: Sequence[list[_Values]]) -> list[list[_Values]]:
        """Return the values of each part, the most complete first.

        Of equally complete ones, those in which a composed thing is also the value of another
        parameter come last.
        """
        every = [values for choice in choices for values in choice]
        made = {t for values in every for n in values.keys() & self._composed for t in values[n]}

        def is_repeated(values: _Values) -> bool:
            own = (terms for name, terms in values.items() if name not in self._composed)
            return any(not made.isdisjoint(terms) for terms in own)

        return [sorted(choice, key=lambda v: (-len(v), is_repeated(v))) for choice in choices]

    def _of_part(
        self, pattern: Pattern, part: Part, cores: Collection[_Solution]
    ) -> dict[object, list[_Values]]:
        """Return the values of a part by solutions of the core, the most complete first."""
        core = pattern.core
        # For many values, matching the core again is faster than a join with VALUES.
        given = _values_line(core.variables, cores) if len(cores) <= _MOST_GIVEN else ""
        every = Part(f"{given} {core.text} {part.text}", ())
        found: dict[object, list[_Values]] = {}
        for solution in self._solutions(every, (*core.variables, *part.variables)):
            key = tuple(sorted(((n, solution[n]) for n in core.variables), key=str))
            own = {n: term for n, term in solution.items() if n not in core.variables}
            found.setdefault(key, []).extend(self._values(own, part.variables))
        names = [name for name in part.variables if name in self._parameters]
        if len(names) == 1 and self._parameters[names[0]].several:
            # Values that do not depend on other parameters are listed together in a row.
            return {key: _together(names[0], values) for key, values in found.items()}
        return {
            key: sorted(values, key=lambda v: (-len(v), str(v))) for key, values in found.items()
        }

    def _values(self, solution: _Solution, names: Collection[str]) -> Iterator[_Values]:
        """Yield the values of parameters, including those from which BIND calculates a variable."""
        known: _Values = {
            name: (term,)
            for name, term in solution.items()
            if name in self._parameters and self._accepts(name, term)
        }
        calculated = patterns(self.form).calculated
        sought: list[list[_Values]] = []
        for name in names:
            terms = [t for n, t in solution.items() if name in calculated.get(n, ())]
            if name in self._parameters and name not in known and terms:
                # The expression may have added a language, which the parameter's value lacks.
                plain = (Literal(t.value) if isinstance(t, Literal) else t for t in terms)
                fitting = [term for term in dict.fromkeys(plain) if self._accepts(name, term)]
                options: list[_Values] = [{name: (term,)} for term in fitting]
                sought.append(options if name in self._certain else [*options, {}])
        for chosen in product(*sought):
            values = dict(known)
            for each in chosen:
                values |= each
            yield values

    def _solutions(self, part: Part, variables: Sequence[str]) -> list[_Solution]:
        prologue = patterns(self.form).prologue
        shown = " ".join(f"?{name}" for name in variables)
        query = f"{prologue}SELECT DISTINCT {shown} WHERE {{ {part.text} }}"
        solutions = list(self._names.store.query(query, default_graph=list(self._graphs)))  # type: ignore[arg-type]
        return [{n: term for n in variables if (term := each[n]) is not None} for each in solutions]

    @cached_property
    def _defaults(self) -> _Values:
        own = [p for p in self.form.parameters if p.name not in self._composed]
        return {p.name: (p.term(p.default, self._names),) for p in own if p.default}

    def _reduced(self, terms: _Values) -> _Values | None:
        """Return values without those that give unstated facts.

        Returns None if a value that each row needs gives unstated facts or is missing, or if the
        values give no facts and the form does more than describe a thing.
        """
        while True:
            for parameter in self.form.parameters:
                # An import would compose a missing thing if the values give it a label.
                if parameter.name in self._composed and parameter.name not in terms:
                    needed = {*self.form.fields(parameter)}
                    if needed.issubset(terms):
                        gone = needed - self._certain
                        terms = {name: ts for name, ts in terms.items() if name not in gone}
            if not self._certain.issubset(terms):
                return None
            facts = self._facts(terms)
            missing = [fact for fact in facts if fact not in self._stated]
            if not missing:
                return terms if facts or patterns(self.form).describes else None
            nodes = {node for fact in missing for node in fact}
            doubtful = [
                name
                for name, ts in terms.items()
                if not nodes.isdisjoint(ts) and name not in self._certain
            ]
            composed = [name for name in doubtful if name in self._composed]
            if not doubtful:
                return None
            for name in composed or doubtful:
                left = tuple(term for term in terms[name] if term not in nodes)
                gone = {name} if not left else set()
                if name in composed:
                    gone |= {*self.form.fields(self._parameters[name])} - self._certain
                terms = {n: ts for n, ts in terms.items() if n not in gone}
                if left:
                    terms[name] = left

    def _may_be_described(self, iri: str) -> bool:
        """Return whether a cell can describe a thing, by its name alone or with its IRI."""
        by_name = iri in self._with_own_row and bool(self._bundled.kinds(iri))
        return is_iri_of_new(iri) and (not by_name or iri_of(self._names.label(iri)) == iri)

    def _row(self, terms: Terms) -> Row:
        """Return a row with its facts, without optional values that add no fact."""
        terms = self._needed(terms)
        known = patterns(self.form)
        facts = self._facts(terms, self.described)
        nodes = {node for fact in facts for node in fact}
        required = {p.name for p in self.form.parameters if p.required}
        kept = required.union(*known.calculated.values())
        # Parameters are in the order of the form, so that equal rows are written equally.
        used = {
            name: terms[name]
            for name in self._parameters
            if name in terms and (name in kept or not nodes.isdisjoint(terms[name]))
        }
        return Row(self.form, used, facts, facts if known.describes else self._facts(terms))

    def _needed(self, terms: Terms) -> Terms:
        """Return values without those that add no fact and are also values of another parameter."""
        for name in sorted(terms.keys() - self._certain - self._composed):
            others = {term for other, ts in terms.items() if other != name for term in ts}
            left = tuple(term for term in terms[name] if term not in others)
            if len(left) == len(terms[name]):
                continue
            less = {n: ts for n, ts in terms.items() if n != name} | ({name: left} if left else {})
            if self._facts(terms, self.described) == self._facts(less, self.described):
                terms = less
        return terms

    def _facts(self, terms: Terms, described: Collection[str] = ()) -> frozenset[Triple]:
        """Return the facts that the form composes from values if the `described` things are new."""
        labels = {
            name: {
                value(term): self._names.tagged_label(value(term))
                or Literal(self._names.label(value(term)), language="en")
                for term in terms[name]
                if name in self._composed or value(term) in described
            }
            for name in sorted(self._composed | self._describable)
            if name in terms
        }
        new = tuple((name, iri) for name, iris in labels.items() for iri in iris)
        key = tuple(sorted(terms.items())), new
        if key not in self._known_facts:
            self._known_facts[key] = frozenset(self.form.facts(terms, labels))
        return self._known_facts[key]

    def _accepts(self, name: str, term: Term) -> bool:
        if (name, term) not in self._accepted:
            parameter = self._parameters.get(name)
            self._accepted[name, term] = parameter is None or self._fits(parameter, term)
        return self._accepted[name, term]

    def _fits(self, parameter: Parameter, term: Term) -> bool:
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
            return not parameter.is_thing and parameter.term(term.value, self._names) == term
        except RelationsError:
            return False


def _values_line(variables: Sequence[str], solutions: Iterable[_Solution]) -> str:
    rows = (f"({' '.join(str(each[name]) for name in variables)})" for each in solutions)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{ {' '.join(rows)} }}"


def _together(name: str, values: Iterable[Mapping[str, tuple[Term, ...]]]) -> list[_Values]:
    """Return one choice with all values of a parameter; it is empty if there are none."""
    terms = {term for each in values for term in each.get(name, ())}
    return [{name: tuple(sorted(terms, key=str))}] if terms else [{}]
