"""The names of things: resolution of names to IRIs, and of IRIs to labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.errors import UnknownName
from relations_kg.names import known_names, name_index, name_suggestions
from relations_kg.names.labels import Labels
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    IDENTIFIER,
    OWL,
    PREFIXES,
    RDFS,
    RKG,
    SKOS,
    SOURCE,
    XSD,
    code_name,
    expand,
    shorten,
)
from relations_kg.rdf.terms import TYPE, Statement, named, objects, value

if TYPE_CHECKING:
    from relations_kg.names.name_index import NameIndex
    from relations_kg.names.name_table import NameTable

_NAMES = [NamedNode(name) for name in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")]
_PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
# Names of instances of these classes, joined by "and", are read as a list and not as a title.
_PERSON, _POLITY, _PLACE = RKG + "Person", RKG + "Polity", RKG + "Place"
_LISTED = (_PERSON, _POLITY)
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_ADDRESS = r"\w+://|([\w-]+\.)+\w+/"
# The separators between several names.
_BETWEEN = r"[,;/&+|]| (?:and|or|to|vs\.?|y) "
_LONGEST_SHOWN = 60
_PROPERTY = "name one, such as rkg:visitor; relations-kg show THING lists those of a thing"
_DAY = "relations-kg query around --day {} lists events near a day"
_SEARCH = "find it by words of its name or description: relations-kg search WORDS"


class Names(Labels):
    """The names of a store's things: IRI, CURIE, slug, labels, former names and identifiers.

    `table` returns the table of the names, or None if the store has to be read.
    """

    def __init__(self, store: Store, table: Callable[[], NameTable | None] | None = None) -> None:
        super().__init__(store)
        self._table = table

    def find(self, name: str, kinds: Collection[str] = ()) -> str:
        """Return the IRI of the thing with a name; raise UnknownName if none or several have it.

        A name is an IRI, a CURIE, the slug of a thing (`peru`), of a value in a code list
        (`de-jure`), of a term of the ontology (`Embassy`), of an identifier or a scheme of
        identifiers (`wikidata`) or of a passage (`china-peru/s032`); a label, alternative or former
        name in any language and spelling; an identifier or address in another dataset (`PER`,
        `wd:Q419`); or a part of a name, such as a surname, that only one thing has (`Xi`).

        A class takes precedence over a code of the same name. With `kinds`, the IRIs of classes,
        instances of these take precedence. If no instance has the name, another thing is still
        found, so that the caller can report its class.

        >>> import relations_kg as rk
        >>> names = rk.load().names
        >>> [names.label(names.find(name)) for name in ("people's republic of china", "Fujimori")]
        ["People's Republic of China", 'Alberto Fujimori']
        """
        _check(name)
        found = self.find_whole(name, kinds)
        return self._only(found or self.suggestions.by_part(name.strip(), kinds), name, kinds)

    def find_whole(self, name: str, kinds: Collection[str] = ()) -> list[str]:
        """Return the things with a name as `find` does, without matching parts of names.

        Several things are returned if they match the name equally well.
        """
        text = name.strip()
        written = self._written(text, name)
        if written and (not kinds or self.is_a(written, kinds)):
            return [written]
        found = self.index.named(text)
        # Names take precedence over identifiers, even if other things have the names.
        by_name = [(rank, iri) for rank, iri in found if rank[0].is_name]
        slugs = [(rank, iri) for rank, iri in found if rank[0] is known_names.Tier.SLUG]
        found = by_name or (slugs if written else found)
        accepted = [(rank, iri) for rank, iri in found if self.is_a(iri, kinds)]
        if written and not accepted:
            return [written]
        found = accepted or found
        return [iri for rank, iri in found if rank == found[0][0]]

    def listed(self, text: str) -> list[str]:
        """Return the names in a text that lists several things, or no names for other texts.

        >>> import relations_kg as rk
        >>> rk.load().names.listed("Peru, PRC"), rk.load().names.listed("Peru, Narnia")
        (['Peru', 'PRC'], [])
        """
        parts = [part.strip() for part in re.split(_BETWEEN, text)]
        return parts if len(parts) > 1 and all(map(self._named, parts)) else []

    def _named(self, name: str) -> list[str]:
        """Return the things with a name, or else the persons with a name that contains it."""
        try:
            found = self.find_whole(name) if name else []
        except UnknownName:
            return []
        parts = [] if found or not name else self.suggestions.by_part(name, [_PERSON])
        return found or [iri for iri in parts if self.is_a(iri, [_PERSON])]

    def find_in_list(self, name: str, scheme: str) -> str:
        """Return the IRI of the code in a code list with this slug, name or IRI.

        Raises UnknownName if there is none, or if several have the name.
        """
        # An error keeps the variables of this frame alive, but pyoxigraph's iterators must be freed
        # in their own thread. So no iterator is assigned to a variable.
        find = self._store.quads_for_pattern
        codes = named(quad.subject for quad in find(None, _IN_SCHEME, NamedNode(scheme)))
        members = [code.value for code in codes]
        for iri in members:
            if name in (iri, shorten(iri), iri.removeprefix(CODE)):
                return iri
        fitting = [iri for _, iri in self.index.named(name) if iri in members]
        if len(fitting) == 1:
            return fitting[0]
        of = " or ".join(code_name(each) for each in self._lists_with(name))
        message = f"{name!r} is{f' in the code list {of} and' if of else ''} not in "
        message += f"{'' if of else 'the code list '}{code_name(scheme)}"
        raise UnknownName(message, help=self.suggestions.codes(name, members, scheme))

    def _lists_with(self, name: str) -> list[str]:
        """Return the code lists that have a code with this slug."""
        if not re.fullmatch(r"[\w-]+", name):
            return []
        return [*map(value, objects(self._store, NamedNode(CODE + name), _IN_SCHEME.value))]

    def statement(self, subject: str, predicate: str, object: str) -> Statement:
        """Return the statement for three names; the object may be the text of a literal."""
        node = NamedNode(self.find(subject))
        _check(object)
        try:
            relation = NamedNode(self._find_property(predicate))
        except UnknownName as error:
            with suppress(UnknownName):
                both = self.suggestions.about_both(node.value, self.find(object))
                error.help = "; ".join(filter(None, (error.help, both)))
            raise
        for known in objects(self._store, node, relation.value):
            if value(known) == (object if isinstance(known, Literal) else _bare(object)):
                return node, relation, known
        try:
            return node, relation, NamedNode(self.find(object))
        except UnknownName:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", object):
                return node, relation, Literal(object, datatype=NamedNode(XSD + "date"))
            if re.fullmatch(r"\d+(\.\d+)?", object):
                return node, relation, Literal(object, datatype=NamedNode(XSD + "decimal"))
            raise

    def forget(self) -> None:
        """Drop the cached names, which is needed after each change of the store."""
        self._labels.clear()
        for each in ("index", "suggestions"):
            self.__dict__.pop(each, None)

    @cached_property
    def index(self) -> NameIndex:
        """The index of all names, made at first use."""
        return name_index.NameIndex(self._store, self._table() if self._table else None)

    @cached_property
    def suggestions(self) -> name_suggestions.Suggestions:
        """The suggestions for unknown names."""
        return name_suggestions.Suggestions(self, self.index)

    def _written(self, text: str, name: str) -> str | None:
        """Return the thing with this IRI, CURIE, slug or English label, or None.

        Raises UnknownName for an unknown IRI or address, and for an unknown CURIE with one of our
        prefixes.
        """
        iri, prefix = _bare(text), text.partition(":")[0]
        if iri != text or re.match(_ADDRESS, iri):
            return iri if self._exists(iri) else self._only(self.index.at_address(iri), name)
        if prefix != text and prefix in PREFIXES:
            return self._only([expand(iri)] if self._exists(expand(iri)) else [], name)
        for namespace in (ID, CODE, *self.spaces, IDENTIFIER, SOURCE):
            if self._exists(namespace + iri):
                alike = self.index.named(iri) if namespace == CODE else ()
                terms = [term for _, term in alike if term.startswith(self.spaces)]
                return terms[0] if len(terms) == 1 else namespace + iri
        if prefix != text and " " not in text:
            found = self.index.identified(prefix, text.partition(":")[2])
            return self._only(found, name) if found else None
        labelled = self._labelled(text)
        return labelled[0].value if len(labelled) == 1 else None

    def _labelled(self, text: str) -> list[NamedNode]:
        """Return the things with this label in English, without the index."""
        try:
            label = Literal(text, language="en")
        except UnicodeEncodeError:
            return []
        find = self._store.quads_for_pattern
        return named(quad.subject for name in _NAMES for quad in find(None, name, label))

    def _only(self, found: Sequence[str], name: str, kinds: Collection[str] = ()) -> str:
        """Return the only thing found; raise UnknownName if there is none, or if there are more."""
        if len(found) == 1:
            return found[0]
        if found:
            listed = self.suggestions.listed(found)
            raise UnknownName(f"{name!r} is ambiguous: {listed}", help="write the CURIE of one")
        if ":" in name and " " not in name and "://" not in name:
            expand(name)
        parts = [part.strip() for part in re.split(_BETWEEN, name)]
        named = {part: self._named(part) for part in parts if len(parts) > 1}
        known = [part for part in parts if named.get(part)]
        # If all parts are codes, the text may be a title, such as "peace and friendship".
        are_codes = all(named[part][0].startswith(CODE) for part in known)
        if known == parts and not are_codes:
            place = named[parts[0]]
            is_place = len(parts) == 2 and "," in name and self.is_a(place[0], [_PLACE])
            help = "give one of them, and ask once for each"
            if is_place and self.is_a(named[parts[1]][0], [_POLITY]):
                help = f"did you mean {self.suggestions.listed(place)}?"
            message = f"{name!r} is {len(parts)} names, but one is expected"
            raise UnknownName(message, help=help)
        search = _DAY if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", name) else _SEARCH
        help = self.suggestions.instead_of(name, kinds) or search.format(name.strip())
        known = [part for part in known if named[part][0].startswith(ID)]
        is_list = any(self.is_a(named[part][0], _LISTED) for part in known) and "://" not in name
        is_list = is_list or "," in name
        if known and is_list and not help.startswith("did you mean"):
            unknown = " and ".join(repr(part) for part in parts if part not in known)
            are = "is" if len(parts) - len(known) == 1 else "are"
            message = f"{unknown} of {name!r} {are} not in the graph"
            raise UnknownName(message, help=f"give one name, such as {known[0]!r}")
        raise UnknownName(f"nothing in the graph is called {name!r}", help=help)

    def _find_property(self, name: str) -> str:
        """Return the property with a name, in another vocabulary only if the graph uses it.

        Raises UnknownName if none or several have the name.
        """
        _check(name)
        iri = _bare(name)
        if iri in ("a", "is", "is a", "type"):
            return TYPE.value
        if ":" in iri and iri.partition(":")[0] in PREFIXES:
            iri = expand(iri)
        if "://" in iri and self._exists(iri, used=True):
            return iri
        try:
            found = self.find(name, _PROPERTIES)
        except UnknownName as error:
            near = self.suggestions.properties(name, _PROPERTIES)
            is_spelling = f"{error.help}".startswith('did you mean "')
            own = error.help if is_spelling else _PROPERTY
            message = error.message.replace("nothing in the graph", "no property")
            raise UnknownName(message, where="PREDICATE", help=near or own) from None
        if not (self.is_a(found, _PROPERTIES) or self._exists(found, used=True)):
            message = f"{name!r} is {self.label(found)}, which is not a property"
            help = self.suggestions.properties(name, _PROPERTIES) or _PROPERTY
            raise UnknownName(message, where="PREDICATE", help=help)
        return found

    def _exists(self, iri: str, *, used: bool = False) -> bool:
        """Return whether a thing is described or, with `used`, is used as a property."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        subject, predicate = (None, node) if used else (node, None)
        return any(True for _ in self._store.quads_for_pattern(subject, predicate, None))


def _check(name: object) -> None:
    """Raise UnknownName for a missing value, and for a value that is not text."""
    if not isinstance(name, str):
        shown = repr(name)
        if len(shown) > _LONGEST_SHOWN:
            shown = f"a {type(name).__name__}"
        help = "give its name, CURIE or IRI as text"
        raise UnknownName(f"{shown} does not name a thing", help=help)
    if not name.strip():
        help = "write a name, such as peru or id:peru"
        raise UnknownName(f"the name {name!r} is empty", help=help)


def _bare(text: str) -> str:
    return text.removeprefix("<").removesuffix(">")
