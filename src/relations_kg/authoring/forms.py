"""Forms: stored CONSTRUCT queries that compose the facts of, for example, a visit or a mission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from itertools import product

from pyoxigraph import Literal, NamedNode, Store, Triple

from relations_kg._files import folder
from relations_kg.answers.misfits import NO_EXAMPLE
from relations_kg.answers.parameters import Parameter, Term, is_missing
from relations_kg.answers.queries import Stored, parts
from relations_kg.authoring import default_kinds, event_dates, new_codes, value_advice
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.definitions import IRI_OF_NEW, LABEL_OF_NEW, Definition, labelled
from relations_kg.authoring.filling import Slots, filled, template
from relations_kg.authoring.new_names import tidied
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.slugs import iri_of, slug
from relations_kg.authoring.things import Key, Thing
from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName
from relations_kg.rdf.namespaces import ID, RKG
from relations_kg.rdf.terms import value
from relations_kg.sparql.evaluation import with_prefixes

# Several values are separated by ";"; a value contains it as "\;".
_VALUE = re.compile(r"(?:\\[;\\]|[^;])+")


_EMPTY = Store()


class Form(Definition):
    """A form: its name, summary, parameters and SPARQL text.

    If the default of a thing's parameter is a text with fields, the form composes this thing. In
    the VALUES line, a variable such as `?visitor` may be followed by `?visitor_new` and
    `?visitor_label`; without them, the form accepts only known things.
    """

    def compose(
        self, values: Mapping[str, object], things: NewThings, key: Key | None = None
    ) -> Composed:
        """Return the facts for values as people write them; errors are in its `problems`.

        With the `key` of a row, the thing that the form composes for each row gets its IRI from it.
        """
        given = {name: each for name, each in values.items() if not _is_empty(each)}
        self.check_names(given)
        found = _Values(self, things, given, key)
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
        self, terms: Mapping[str, Sequence[Term]], labels: Mapping[str, Mapping[str, str]]
    ) -> tuple[Triple, ...]:
        """Return the facts for terms; `labels` are the labels of new things, by parameter and IRI.

        Facts are composed for each combination of terms.
        """
        rows = self._rows(terms, labels)
        if slots := _template(self.text):
            return tuple(dict.fromkeys(fact for row in rows for fact in filled(slots, row)))
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
        self, terms: Mapping[str, Sequence[Term]], labels: Mapping[str, Mapping[str, str]]
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
                    cells[name + LABEL_OF_NEW] = Literal(label, language="en")
            yield cells

    def _binds(self, variables: Sequence[str]) -> bool:
        names = [parameter.name for parameter in self.parameters]
        endings = (IRI_OF_NEW, LABEL_OF_NEW)
        more = [name for name in variables if name not in names]
        of_things = {name + ending for name in names for ending in endings}
        return [name for name in variables if name in names] == names and of_things.issuperset(more)


class _Values:
    """The terms of a form's parameters, read in order."""

    def __init__(
        self, form: Form, things: NewThings, given: Mapping[str, object], key: Key | None
    ) -> None:
        self._form, self._things, self._key = form, things, key
        self.terms: dict[str, list[Term]] = {}
        self.things: dict[str, list[Thing]] = {}
        self.problems: list[RelationsError] = []
        self._given = {**given}
        ends = event_dates.still_going_on(form, given, things.names)
        self.moved = {when: name for name, when in ends.items() if when not in given}
        for name, when in ends.items():
            try:
                self._given[when] = event_dates.with_open_end(form, name, when, given, things.names)
            except InputError as error:
                error.where = name
                self.problems.append(error)
            del self._given[name]

    def read(self, parameter: Parameter) -> None:
        """Add the terms of a parameter, or the problem with its value."""
        given = self._given.get(parameter.name)
        try:
            if given is None:
                given = default_kinds.kind_of(
                    self._form, parameter, self._given, self._things.names
                )
            elif isinstance(given, str):
                given = self._kind(parameter, given)
            if self._form.is_composed(parameter):
                self._compose(parameter, given)
            elif given is not None or parameter.default:
                self._read(parameter, parameter.default if given is None else given)
            elif parameter.required:
                what, example = parameter.asked_for(self._things.names)
                help = "give its name" if example == NO_EXAMPLE else f"give one, such as {example}"
                raise InputError(f"{self._form.name} asks for {what}", help=help)
        except (InputError, UnknownName, QueryError) as error:
            error.where = parameter.name
            self.problems.append(error)

    def missing(self) -> list[str]:
        """Return the parameters without a value that the form needs to compose things."""
        needed = (name for p in self._form.parameters for name in self._form.fields(p))
        return [name for name in dict.fromkeys(needed) if name not in self.terms]

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """The labels of new things, by parameter and IRI."""
        return {
            name: {thing.iri: thing.label for thing in things if thing.is_new}
            for name, things in self.things.items()
        }

    def _kind(self, parameter: Parameter, text: str) -> str:
        """Return the class for a text; if the text is the name of a code, also add the code."""
        codes, key = self._things.codes, (parameter.type, text)
        if key not in codes:
            codes[key] = default_kinds.by_code(self._form, parameter, text, self._things.names)
        if (both := codes[key]) is None or both[1] in self._given:
            return default_kinds.usual_kind(parameter, text)
        self._given[both[1]] = text
        return both[0]

    def _read(self, parameter: Parameter, given: object) -> None:
        texts: list[object] = [given]
        if isinstance(given, list | tuple | set):
            texts = list(given)
        elif parameter.several and isinstance(given, str):
            texts = list(several(given))
        if len(texts) > 1 and not parameter.several:
            raise InputError(f"{len(texts)} values are given", help="give one of them")
        self.terms[parameter.name] = [self._term(parameter, text) for text in texts]

    def _term(self, parameter: Parameter, given: object) -> Term:
        if isinstance(given, NamedNode):
            return given
        kinds = self._things.kinds(parameter)
        is_thing = kinds or parameter.type == "thing"
        if not is_thing or any(kind.is_list or kind.has_classes for kind in kinds):
            return self._plain_term(parameter, given)
        new = self._form.may_be_new(parameter)
        # Composed things, such as visits, often have similar names.
        alike = self._form.is_composed(parameter)
        text = tidied(str(given))
        text = new_codes.named(self._form, parameter, text, self._given, self._things)
        thing = self._things.find(parameter, text, may_be_new=new, may_be_alike=alike)
        return self._add(parameter, thing)

    def _plain_term(self, parameter: Parameter, given: object) -> Term:
        """Return the term of a date, a code, a class or a text."""
        form, names = self._form, self._things.names
        asked = form.name, parameter.name, str(given)
        if asked in self._things.refused:
            raise copy(self._things.refused[asked])
        try:
            term = self._things.term(parameter, given, form.parameters)
        except (QueryError, UnknownName) as error:
            kinds = self._things.kinds(parameter)
            error.help = value_advice.of(error, form, parameter, str(given), kinds, names)
            self._things.refused[asked] = copy(error)
            raise
        event_dates.checked(form, parameter, value(term), names)
        return term

    def _compose(self, parameter: Parameter, given: object) -> None:
        """Add the thing that the form composes, with its given name or IRI."""
        iri = self._things.iri_of_new(str(given)) if given is not None else None
        key = self._key if self._key and self._is_of_row(parameter) else None
        is_label = key is not None and given is not None and not re.search("[:<]", str(given))
        if given is not None and not iri and not is_label:
            self._read(parameter, given)
            return
        label = str(given) if is_label and not iri else self._label(parameter.default or "")
        if label is not None:
            thing = self._things.make(parameter, label, iri or self._iri(parameter, key), key)
            self.terms[parameter.name] = [self._add(parameter, thing)]
        elif given is not None and not self._is_wrong(parameter):
            missing = [name for name in self._form.fields(parameter) if name not in self.terms]
            help = "give its name instead of the IRI"
            help += f", or give {' and '.join(missing)} too" if missing else ""
            raise InputError(f"{given} is new and has no label", help=help)

    def _iri(self, parameter: Parameter, key: Key | None) -> str | None:
        """Return the IRI of a composed thing whose label contains that of a keyed thing, or None.

        Missions with different keys may have the same label, but their offices are different.
        """
        text = self._label(parameter.default or "", local=True)
        is_same = key is not None or text is None or text == self._label(parameter.default or "")
        return None if is_same else ID + slug(text or "")

    def _is_of_row(self, parameter: Parameter) -> bool:
        """Return whether a thing, or a thing in its label, is composed anew for each row."""
        own = self._form.of_row()
        return own is not None and own in (parameter.name, *self._form.fields(parameter))

    def _is_wrong(self, parameter: Parameter) -> bool:
        """Return whether a value from which a thing is composed has a problem."""
        return any(each.where in self._form.fields(parameter) for each in self.problems)

    def _add(self, parameter: Parameter, thing: Thing) -> NamedNode:
        self.things.setdefault(parameter.name, []).append(thing)
        return NamedNode(thing.iri)

    def _label(self, template: str, *, local: bool = False) -> str | None:
        """Return the label of a composed thing, or None if a required field has no value.

        If `local` is true, things whose IRI is made from a key are named by it.
        """

        def shown(match: re.Match[str]) -> str | None:
            names = [name for name in (match[1], match[3]) if name]
            terms = [self._named_by(name, match[4]) for name in names]
            # Values are sorted, since the same parties in another order are the same thing.
            texts = [
                (local and self._keyed(names, term)) or self._shown(term)
                for term in sorted((term for each in terms for term in each), key=value)
            ]
            between = "–" if match[2] == "–" else " and "
            return between.join(texts) if all(terms) else None

        return labelled(template, shown)

    def _named_by(self, name: str, kind: str | None) -> list[Term]:
        """Return the terms of a parameter that a label shows: of a class, if one is given.

        Dates that have neither a start nor an end are not shown.
        """
        found = [term for term in self.terms.get(name, ()) if value(term) != event_dates.ONGOING]
        kinds = self._things.names.kinds
        return [term for term in found if kind is None or RKG + kind in kinds(value(term))]

    def _shown(self, term: Term) -> str:
        for things in self.things.values():
            for thing in things:
                if thing.iri == value(term):
                    return thing.label
        return self._things.shown(term)

    def _keyed(self, names: Sequence[str], term: Term) -> str | None:
        """Return the local name of a thing whose IRI is made from the key of a row, or None."""
        name = value(term).removeprefix(ID)
        is_keyed = any(name.endswith(f"-{each}") for each in names) and isinstance(term, NamedNode)
        return name if is_keyed and iri_of(self._shown(term)) != value(term) else None


def several(text: str) -> list[str]:
    r"""Split a text into the values that it lists.

    >>> several(r"Peru; Unión; A\;B")
    ['Peru', 'Unión', 'A;B']
    """
    found = (re.sub(r"\\([;\\])", r"\1", each).strip() for each in _VALUE.findall(text))
    return [each for each in found if each]


def listed(values: Iterable[str]) -> str:
    r"""Join values into a text that `several` reads.

    >>> listed(["Peru", "A;B"])
    'Peru; A\\;B'
    """
    return "; ".join(re.sub(r"([;\\])", r"\\\1", each) for each in values)


def _is_empty(given: object) -> bool:
    if isinstance(given, list | tuple | set):
        return not given
    return is_missing(given) or (isinstance(given, str) and not given.strip())


@cache
def _template(text: str) -> Sequence[Slots] | None:
    return template(with_prefixes(text))


@cache
def _parts(text: str) -> list[str]:
    return parts(with_prefixes(text))


@cache
def forms() -> Stored[Form]:
    """Return the forms of the project; each file is parsed once in a process."""
    return Stored(folder("forms"), Form, "form", "new --list")
