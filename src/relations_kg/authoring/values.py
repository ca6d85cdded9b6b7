"""The values of a form: their terms, with the new things and the composed things that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.misfits import NO_EXAMPLE
from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring import default_kinds, event_dates
from relations_kg.authoring.definitions import Definition, labelled
from relations_kg.authoring.new_names import tidied
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.things import Key, Thing, is_keyed
from relations_kg.authoring.value_texts import iri_of, several, slug
from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName
from relations_kg.rdf.namespaces import ID, RKG, SKOS, code_name, shorten
from relations_kg.rdf.terms import objects, value

_LIST = "skos:ConceptScheme"


class Values:
    """The terms of a form's parameters, read in order."""

    def __init__(
        self, form: Definition, things: NewThings, given: Mapping[str, object], key: Key | None
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
                # A known thing is no example of the new thing that the form describes.
                is_own = parameter.name in ("name", self._form.name)
                is_without = is_own or example == NO_EXAMPLE
                help = "give its name" if is_without else f"give one, such as {example}"
                raise InputError(f"{self._form.name} asks for {what}", help=help)
        except (InputError, UnknownName, QueryError) as error:
            error.where = parameter.name
            self.problems.append(error)

    def missing(self) -> list[str]:
        """Return the parameters that the form needs to compose things, but that have no value."""
        needed = (name for p in self._form.parameters for name in self._form.fields(p))
        return [name for name in dict.fromkeys(needed) if name not in self.terms]

    @property
    def labels(self) -> dict[str, dict[str, Literal]]:
        """The labels of new things, by parameter and IRI: composed ones are in English."""
        composed = {p.name for p in self._form.parameters if self._form.is_composed(p)}
        return {
            name: {
                thing.iri: Literal(
                    thing.label, language="en" if name in composed else self._things.language
                )
                for thing in things
                if thing.is_new
            }
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

    @property
    def _of_key(self) -> str | None:
        """The parameter whose values name different things in rows with different keys, or None."""
        form = self._form
        first = form.parameters[0].name
        is_own = form.of_row is None and first in self._things.alike and self._key is not None
        return first if is_own else None

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
        text = self._code_named(parameter, tidied(str(given)))
        if parameter.name == self._of_key and not re.search("[:<]", text):
            # The rows with this name are about different things, so each has the IRI of its key.
            return self._add(parameter, self._things.make(parameter, text, key=self._key))
        try:
            thing = self._things.find(parameter, text, may_be_new=new, may_be_alike=alike)
        except UnknownName as error:
            # If a thing may be new, only a CURIE or an IRI is unknown: other texts are new names.
            if new and error.help and not error.help.endswith("?"):
                name = re.split("[:/#]", text)[-1].replace("-", " ")
                error.help += f"; for a new thing, write its name: {name!r}"
            raise
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
            error.help = self._advice(parameter, str(given), error)
            self._things.refused[asked] = copy(error)
            raise
        event_dates.checked(form, parameter, value(term), names)
        return term

    def _advice(self, parameter: Parameter, text: str, error: RelationsError) -> str | None:
        """Return what to write in place of a text that caused an error, or None if unknown."""
        form, names = self._form, self._things.names
        help = (
            default_kinds.help_of(form, parameter, text, names, error.help)
            or event_dates.help_of(form, parameter, error.help, names)
            or error.help
        )
        is_known = (help or "").startswith("give it as ") or "or define it: " in (help or "")
        if not is_known and (own := default_kinds.own_code_of(form, parameter, text, names)):
            choice = ", where LIST is one of these code lists" if "LIST" in own else ""
            return f"{help}; or define it: {own}{choice}"
        return help

    def _code_named(self, parameter: Parameter, text: str) -> str:
        """Return the name of a new code, with an IRI of its own if another thing has the name.

        So "consul general" can be a rank although it is a kind of office. The name of a code in the
        given code list is returned as its CURIE, and other texts are returned unchanged.
        """
        of_list = next((p for p in self._form.parameters if p.type == _LIST), None)
        if of_list is None or not self._form.may_be_new(parameter) or ":" in text:
            return text
        names = self._things.names
        with suppress(InputError, UnknownName):
            asked = str(self._given.get(of_list.name))
            scheme = self._things.find(of_list, asked, may_be_new=False).iri
            own = ID + slug(text)
            others = {iri: None for _, iri in names.index.named(text)}
            others |= {own: None} if names.kinds(own) else {}
            for iri in others:
                if NamedNode(scheme) in objects(names.store, NamedNode(iri), SKOS + "inScheme"):
                    return shorten(iri)
            if others:
                iri = f"{own}-{code_name(scheme)}" if own in others else own
                return text if names.kinds(iri) else f"{text} <{shorten(iri)}>"
        return text

    def _compose(self, parameter: Parameter, given: object) -> None:
        """Add the thing that the form composes, with its given name or IRI."""
        iri = self._things.iri_of_new(str(given)) if given is not None else None
        needed = {*self._form.fields(parameter)}
        # The IRIs of the row's thing and of things named after it are made from the row's key.
        is_of_row = bool({self._form.of_row, self._of_key} & {parameter.name, *needed})
        key = self._key if is_of_row else None
        is_label = key is not None and given is not None and not re.search("[:<]", str(given))
        if given is not None and not iri and not is_label:
            self._read(parameter, given)
            return
        label = str(given) if is_label and not iri else self._label(parameter.default or "")
        if label is not None:
            own = iri or self._iri(parameter, key)
            if key and not is_label and self._is_of_another_row(parameter, label, key):
                own = key.iri(parameter.name)
            thing = self._things.make(parameter, label, own, key)
            self.terms[parameter.name] = [self._add(parameter, thing)]
        elif given is not None and needed.isdisjoint(each.where for each in self.problems):
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

    def _is_of_another_row(self, parameter: Parameter, label: str, key: Key) -> bool:
        """Return whether a label is that of a mission of a row with another key, in any table.

        The labels of other things have their dates, so that equal ones are those of one thing.
        """
        names, own = self._things.names, key.iri(parameter.name)
        known = names.index.named(label) if parameter.type == "mission" else ()
        return any(iri != own and is_keyed(iri, names) for _, iri in known)

    def _add(self, parameter: Parameter, thing: Thing) -> NamedNode:
        self.things.setdefault(parameter.name, []).append(thing)
        return NamedNode(thing.iri)

    def _label(self, template: str, *, local: bool = False) -> str | None:
        """Return the label of a composed thing, or None if a required field has no value.

        If `local` is true, things whose IRI is made from a key are named by their local name.
        """

        def shown(match: re.Match[str]) -> str | None:
            names = [name for name in (match[1], match[3]) if name]
            terms = [self._named_by(name, match[4]) for name in names]
            # Values are sorted, so that the order of the parties does not change the label.
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
