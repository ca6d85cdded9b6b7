"""The things that the values of a form name: known things, and new things with IRI and label."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from pyoxigraph import NamedNode

from relations_kg.answers import misfits
from relations_kg.answers.kinds import Kind
from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring import new_names, value_texts
from relations_kg.authoring.things import Key, SimilarNames, Thing
from relations_kg.authoring.value_texts import NAMED_IRI, NEW_IRI, name_in, slug, spelling
from relations_kg.errors import InputError, RelationsError, UnknownName
from relations_kg.names.names import Names
from relations_kg.names.nations import are_two_nations
from relations_kg.rdf.namespaces import ID, shorten
from relations_kg.rdf.near_phrases import NearPhrases
from relations_kg.rdf.terms import value
from relations_kg.rdf.words import words
from relations_kg.reasoning.ontology import with_superclasses

# The forms that describe things of several classes.
_DESCRIBING = ("party", "place")


class NewThings:
    """The look-up of names among known and new things, and the new things found so far.

    By default, the IRI of a new thing is made from its label, so the same name gives the same IRI.
    """

    def __init__(
        self,
        names: Names,
        repeated: Collection[str] = (),
        meant: Collection[str] = (),
        distinct: Collection[str] = (),
        parties: Collection[str] = (),
        language: str = "en",
    ) -> None:
        self.names, self.language = names, language
        # `parties` are names that have a cell of their own in a table, normalised by `words.key`.
        self.is_party = partial(new_names.is_party, names=names, others=frozenset(parties))
        # The parameters whose similar values name different things.
        self.alike = frozenset(distinct)
        # Names that the settings give. `new_names.check` checks only those that name persons.
        self._meant = frozenset(meant)
        # Names that occur more than once, as words. If two of them are similar, neither is taken
        # for a misspelling of the other.
        self._repeated = frozenset(repeated)
        # The similar names of each new thing with a repeated name, by IRI.
        self.distinct: dict[str, SimilarNames] = {}
        # The spellings of the name of each new thing: by IRI, then by their normalised form.
        self.spellings: dict[str, dict[str, str]] = {}
        self.at = ""  # The row whose values are looked up, in words.
        self._first: dict[str, str] = {}
        self._new: dict[str, Thing] = {}
        # The new things with a name given by the user, by class and by the words of the name.
        self._named: dict[str, dict[str, Thing]] = {}
        self._phrases: dict[str, NearPhrases] = defaultdict(NearPhrases)
        self._found: dict[tuple[str, str], Thing] = {}
        self._terms: dict[tuple[str, str], Term] = {}
        self._kinds: dict[str, Sequence[Kind]] = {}
        # The cached results of `default_kinds.by_code`, by type and text.
        self.codes: dict[tuple[str, str], tuple[str, str] | None] = {}
        # The errors by form, parameter and text, kept since suggestions take long to find.
        self.refused: dict[tuple[str, str, str], RelationsError] = {}
        # The keys of the rows that describe known things, by IRI.
        self._keys: dict[str, Key] = {}

    def kinds(self, parameter: Parameter) -> Sequence[Kind]:
        """Return the kinds of things that a value of a parameter can be."""
        if parameter.type not in self._kinds:
            self._kinds[parameter.type] = parameter.kinds(self.names)
        return self._kinds[parameter.type]

    def shown(self, term: Term) -> str:
        """Return a term as text: the label of a known or new thing, or the value of a literal."""
        new = self._new.get(value(term))
        return new.label if new else self.names.shown(term)

    def __iter__(self) -> Iterator[Thing]:
        return iter(self._new.values())

    def find(
        self, parameter: Parameter, text: str, *, may_be_new: bool, may_be_alike: bool = False
    ) -> Thing:
        """Return the thing that a value names, or a new thing if it `may_be_new`.

        Raises InputError or UnknownName, with candidates if there are any, for a value that is
        unknown, ambiguous, very unlikely to be a name, or the name of a thing of another class, and
        for a new name similar to another one, unless it `may_be_alike` or both names are repeated.
        """
        key = parameter.type, text
        if key not in self._found:
            may_be_alike = may_be_alike or parameter.name in self.alike
            self._found[key] = self._find(parameter, text, may_be_new, may_be_alike)
        return self._found[key]

    def term(self, parameter: Parameter, given: object, others: Iterable[Parameter] = ()) -> Term:
        """Return the term of a value that does not name a thing: a date, a code, a class, a text.

        An error names those of the `others`, the form's other parameters, that accept the value.
        """
        key = parameter.type, str(given)
        if key not in self._terms:
            self._terms[key] = parameter.term(given, self.names, others)
        return self._terms[key]

    def make(
        self, parameter: Parameter, label: str, iri: str | None = None, key: Key | None = None
    ) -> Thing:
        """Return the known or new thing that a form composes under a label.

        By default, the IRI of a new thing is made from the `key` of its row, or else from its
        label. Raises InputError if rows with different keys describe the same known thing.
        """
        by_key = key.iri(parameter.name) if key else None
        known = None if iri else self._labelled(parameter, label)
        if not known or not key or not by_key:
            return known or self._add(parameter, label, iri or by_key or ID + slug(label))
        if self.names.kinds(by_key) or key.shares_table(known.iri):
            return self._add(parameter, label, by_key)
        earlier = self._keys.setdefault(known.iri, key)
        if earlier != key:
            message = f"{label!r} is the known {shorten(known.iri)}, which row {earlier.row}"
            help = f"if it is another thing, give its IRI: '{label} <id:…>' as {parameter.name}"
            raise InputError(f"{message} already describes", help=help)
        return known

    def iri_of_new(self, text: str) -> str | None:
        """Return the IRI that a text is, if a new thing can have it, or else None."""
        match = re.fullmatch(NEW_IRI, text)
        iri = ID + match["slug"] if match else None
        return iri if iri and not self.names.kinds(iri) else None

    def names_only(self, parameter: Parameter, text: str, iri: str) -> bool:
        """Return whether a text names only this thing."""
        try:
            return self.find(parameter, text, may_be_new=False).iri == iri
        except (InputError, UnknownName):
            return False

    def may_name(
        self, parameter: Parameter, text: str, iri: str, *, may_be_alike: bool = False
    ) -> bool:
        """Return whether a text without an IRI can mean only this thing, which may be new."""
        if ":" in text or ";" in text or not new_names.is_plain(text, parameter.type):
            return False
        own = self.kinds(parameter)
        if len(self.names.listed(text)) > 1 or misfits.names_in(text, own) > 1:
            return False
        kinds = [kind.sought for kind in own]
        try:
            if {*self.names.find_whole(text, kinds)} - {iri}:
                return False
        except UnknownName:
            return False
        return may_be_alike or not {*self._similar(parameter, text)} - {iri}

    def _find(self, parameter: Parameter, text: str, may_be_new: bool, may_be_alike: bool) -> Thing:
        if named := re.fullmatch(NAMED_IRI, text):
            return self._with_iri(parameter, named["label"], f"{ID}{named['local']}", may_be_new)
        label = name_in(text)
        if may_be_new and label != text.strip():
            return self._name(parameter, label)
        kinds = [kind.sought for kind in self.kinds(parameter)]
        written = re.fullmatch(NEW_IRI, text)
        if known := self._new.get(ID + (written["slug"] if written else "-".join(words(text)))):
            if not written:
                self._spell(known, text)
            return self._add(parameter, known.label, known.iri) if kinds else known
        try:
            found = self.names.find_whole(text, kinds)
        except UnknownName:
            if parameter.type != "passage" and (not may_be_new or ":" in text):
                raise
            found = []
        fitting = [iri for iri in found if not kinds or parameter.accepts(iri, self.names)]
        if len(fitting) == 1:
            return Thing(fitting[0], self.names.label(fitting[0]))
        if fitting:
            listed = self.names.suggestions.listed(fitting)
            help = "write the CURIE of one" + (f', or "new: {text}" for another' * may_be_new)
            raise InputError(f"{text!r} is ambiguous: {listed}", help=help)
        # A part such as "Switzerland" in "Nuncio to Switzerland" is a name, but not of an office.
        several = self.names.listed(text)
        if any(self._fitting(parameter, name) for name in several):
            help = 'separate them by ";"' if parameter.several else "give one of them"
            raise InputError(f"{text!r} is {len(several)} names", help=help)
        if may_be_new and text[:1].isupper() and misfits.are_currencies(found, text, self.names):
            found = []
        if found:
            own, iri = self.kinds(parameter), ID + "-".join(words(text))
            new = text if may_be_new and self.iri_of_new(iri) else ""
            raise misfits.misfit(parameter.name, text, found[0], own, self.names, new=new)
        if not may_be_new:
            if parameter.type == "passage":
                raise new_names.no_passage(text, self.names)
            # `find` also matches parts of names, and its error has suggestions.
            iri = self.names.find(text, kinds)
            raise InputError(f"nothing is called {text!r}", help=f"write {shorten(iri)}")
        if entity := new_names.unescaped(text):
            raise entity
        if parameter.type == "person" or text not in self._meant:
            new_names.check(text, parameter.type)
            new_names.check_single(parameter, text, self.kinds(parameter), self.is_party)
        similar = [] if may_be_alike else self._similar(parameter, text)
        alike = [Thing(iri, self.names.label(iri)) for iri in similar]
        alike = alike or ([] if may_be_alike else self._nearly(parameter, text))
        phrases = {" ".join(words(each)) for each in (text, *(thing.label for thing in alike))}
        is_part = not {*similar}.isdisjoint(self.names.suggestions.of(text) if similar else ())
        if similar and (is_part or not phrases <= self._repeated):
            listed = self.names.suggestions.listed(similar, conjunction="or")
            raise InputError(
                f"{text!r} is not known, but nearly the same as {listed}",
                help=f'write the CURIE of one, or "new: {text}" for another',
            )
        if alike and not phrases <= self._repeated:
            raise SimilarNames(text, alike)
        thing = self._name(parameter, text)
        if alike:
            self.distinct[thing.iri] = SimilarNames(text, alike)
        return thing

    def _fitting(self, parameter: Parameter, text: str) -> list[str]:
        """Return the known things of a parameter's class that a text names."""
        kinds = [kind.sought for kind in self.kinds(parameter)]
        found = self.names.find_whole(text, kinds)
        return [iri for iri in found if not kinds or parameter.accepts(iri, self.names)]

    def _with_iri(self, parameter: Parameter, label: str, iri: str, may_be_new: bool) -> Thing:
        """Return the thing with an IRI; it is new if the graph does not describe it."""
        short = shorten(iri)
        is_known = bool(self.names.kinds(iri))
        if (
            is_known
            and label != self.names.label(iri)
            and iri not in (i for _, i in self.names.index.named(label))
        ):
            message = f"{short} is called {self.names.label(iri)!r}, and not {label!r}"
            raise InputError(
                message, help=(f"write {short} if you mean this thing, or else another IRI")
            )
        if not is_known and not may_be_new:
            raise InputError(f"nothing has the IRI {short}", help="name a thing that is described")
        if not is_known and not value_texts.is_iri_of_new(iri):
            help = "write id: and words in small letters, with hyphens between them"
            raise InputError(f"{short} cannot be the IRI of a new thing", help=help)
        if not self.kinds(parameter):
            return self._new.get(iri) or Thing(iri, self.names.label(iri))
        thing = self._add(parameter, label, iri)
        if thing.is_new and thing.label != label:
            earlier = f"{thing.label!r} {self._before(iri)}"
            message = f"{short} was called {earlier}, but is called {label!r} here"
            raise InputError(message, help="write one name for one thing")
        return thing

    def _labelled(self, parameter: Parameter, label: str) -> Thing | None:
        """Return the only fitting thing with a label, or with its IRI if none has it, or None."""
        named = [iri for rank, iri in self.names.index.named(label) if rank[0].is_name]
        found = [
            iri
            for iri in named or [value_texts.iri_of(label)]
            if parameter.accepts(iri, self.names)
        ]
        return Thing(found[0], self.names.label(found[0])) if len(found) == 1 else None

    def _similar(self, parameter: Parameter, text: str) -> list[str]:
        """Return the known things of a parameter's class whose names are similar to a text."""
        index, suggestions = self.names.index, self.names.suggestions
        found = dict.fromkeys(suggestions.of(text))
        for near in (each for each in index.near(text) if not are_two_nations(each, text)):
            found.update((iri, None) for _, iri in index.named(near))
        return [iri for iri in found if parameter.accepts(iri, self.names)]

    def _nearly(self, parameter: Parameter, text: str) -> list[Thing]:
        """Return the new things of a parameter's first class with names similar to a text."""
        asked, first = " ".join(words(text)), parameter._replace(type=parameter.type.split("|")[0])
        return [
            things[phrase]
            for type, things in self._named.items()
            if self._may_be(type, first)
            for phrase in self._phrases[type].of(asked)
            if not are_two_nations(phrase, asked)
        ]

    def _name(self, parameter: Parameter, label: str) -> Thing:
        """Return the thing whose IRI is made from a name; add a new thing if there is none."""
        thing = self._add(parameter, label, ID + slug(label))
        if thing.is_new:
            self._spell(thing, label, is_another=True)
            self.spellings.setdefault(thing.iri, {spelling(label): label})
            phrase = " ".join(words(label))
            self._phrases[thing.type].add(phrase)
            self._named.setdefault(thing.type, {})[phrase] = thing
        return thing

    def _spell(self, thing: Thing, text: str, *, is_another: bool = False) -> None:
        """Record a spelling of a name; with `is_another`, raise SimilarNames for a further one."""
        known = self.spellings.get(thing.iri, {})
        if known and spelling(text) not in known and is_another:
            raise SimilarNames(text, [thing], same_iri=True)
        known.setdefault(spelling(text), text)

    def _add(self, parameter: Parameter, label: str, iri: str) -> Thing:
        try:
            label.encode()
        except UnicodeEncodeError:
            raise InputError(f"{label!r} is not text", help="write the name in UTF-8") from None
        kind = misfits.described(self.kinds(parameter)[0], self.names)
        if described := self.names.kinds(iri):
            if parameter.accepts(iri, self.names):
                return Thing(iri, self.names.label(iri))
            is_class = sorted(each for each in described if each.startswith(self.names.spaces))
            what = misfits.class_of(iri, self.names) if is_class else "another thing"
            raise InputError(
                f"{shorten(iri)}, the IRI for {label!r}, is {what}",
                help=f"write a longer name, such as {f'{label} ({kind.split()[-1]})'!r}",
            )
        first = self.kinds(parameter)[0].iri
        wider = parameter.type.rpartition("|")
        form = wider[2] if wider[1] and wider[2] in _DESCRIBING else ""
        known = self._new.setdefault(iri, Thing(iri, label, True, kind, first, form))
        self._first.setdefault(iri, self.at)
        if not self._may_be(known.type, parameter):
            raise InputError(
                f"{label!r} is {kind} here but was {known.kind} {self._before(iri)}",
                help="give one of the two an IRI of its own, such as "
                f"'{label} <id:{slug(f'{label} {kind.split()[-1]}')}>'",
            )
        return known

    def _before(self, iri: str) -> str:
        """Return where a new thing was named first, in words."""
        row = self._first[iri]
        return f"in {row}" if row not in ("", self.at) else "before"

    def _may_be(self, type: str, parameter: Parameter) -> bool:
        """Return whether a class is one of a parameter's, or a subclass or superclass of one."""
        wanted: set[Term] = {NamedNode(kind.iri) for kind in self.kinds(parameter)}
        above = with_superclasses(self.names.store, [NamedNode(type)])
        return not wanted.isdisjoint(above) or any(
            NamedNode(type) in with_superclasses(self.names.store, [each]) for each in wanted
        )
