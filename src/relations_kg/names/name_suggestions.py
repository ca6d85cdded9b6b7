"""Suggestions for unknown names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from relations_kg.names.abbreviations import LINKING, without_linking
from relations_kg.names.known_names import LABEL_PROPERTIES
from relations_kg.names.name_lists import table, words_of
from relations_kg.names.nations import usual_names, with_usual_names
from relations_kg.names.party_names import PartyNames
from relations_kg.names.search_index import word_forms
from relations_kg.names.term_suggestions import TermSuggestions
from relations_kg.rdf.namespaces import BASE, CODE, ID, RKG, SKOS, code_name, shorten
from relations_kg.rdf.spelling import (
    asked_back,
    begin_alike,
    listed,
    nearest,
    nearest_codes,
    nearest_phrases,
)
from relations_kg.rdf.spelling import words as separated
from relations_kg.rdf.terms import objects, pairs, value
from relations_kg.rdf.words import words

if TYPE_CHECKING:
    from relations_kg.names.labels import Labels
    from relations_kg.names.name_index import NameIndex

# The classes that users look for most, in this order. Their instances can be found by a part of a
# name.
SOUGHT = tuple(
    RKG + name
    for name in ("Person", "Party", "Place", "Mission", "Agreement", "Office", "Organization")
)
_IN_SCHEME = SKOS + "inScheme"
_RELATIONSHIP = RKG + "BilateralRelationship"
_PERSON = RKG + "Person"
# Words in names of properties that are too general to compare.
_GENERIC = {"from", "have", "into", "that", "with"}
_LIST = re.compile(r"[,;/&|]| (?:and|or|y) ")
_STEM = 4  # the number of letters that two forms of a word must share
_FEW = range(2, 5)  # a name with this number of words may have one word too many
_MOST_LISTED, _MOST_SUGGESTED, _MOST_CODES, _LONGEST = 8, 6, 3, 200
_MOST_USES = 10_000  # the maximum number of facts to count for a code


class Suggestions:
    """The things that an unknown name may mean."""

    def __init__(self, labels: Labels, index: NameIndex) -> None:
        self._labels = labels
        self._index = index
        self.parties = PartyNames(labels)

    def by_part(self, text: str, kinds: Collection[str] = ()) -> list[str]:
        """Return the things that a part of a name may mean.

        If any are instances of the given classes, only these are returned. For a person,
        any part of the name counts, such as the surname. For other things, only words of the class
        may be missing: Chancay is the Port of Chancay.
        """
        asked = words(text)
        found = [] if set(asked) <= LINKING else self._told_by(asked)
        if (
            not found
            and (name := [word for word in asked if word not in words_of("titles")]) != asked
        ):
            found = [iri for iri in self._told_by(name) if self._labels.is_a(iri, [_PERSON])]
        return [iri for iri in found if self._labels.is_a(iri, kinds)] or found

    def _told_by(self, asked: Sequence[str]) -> list[str]:
        return [
            each.iri
            for each in self._index.containing(" ".join(asked))
            if self._is_significant(set(asked), each.text, self._labels.kinds(each.iri))
        ]

    def of(self, name: str, kinds: Collection[str] = ()) -> list[str]:
        """Return the things that a name or a part of a name may mean.

        Instances of the given classes come first. Of the things that match only by a part of a
        name, only instances of these classes or, without `kinds`, of the classes that users look
        for most are returned, if there are any.
        """
        index, local, is_a = self._index, _local(name), self._labels.is_a
        texts = (local, *usual_names(local))
        found = dict.fromkeys(iri for text in texts for _, iri in index.named(text))
        telling = without_linking(words(local))
        parts = [each.iri for each in index.containing(" ".join(telling))]
        parts = [iri for iri in parts if iri not in found]
        parts = [iri for iri in parts if is_a(iri, kinds or (*SOUGHT, _RELATIONSHIP))] or parts
        return sorted([*found, *parts], key=lambda iri: not is_a(iri, kinds))

    def instead_of(
        self, name: str, kinds: Collection[str] = (), *, with_terms: bool = True
    ) -> str | None:
        """Return what to write instead of an unknown name, or None without a suggestion.

        If `with_terms` is false, no terms or codes of the bundled ontology are suggested.
        """
        base = BASE.removeprefix("https://")
        if name.startswith(("http://", "https://www.")) and base in name:
            return f"its address is {BASE}{name.partition(base)[2]}"
        local, index = _local(name), self._index
        if not words(local):
            return None
        if not index.has_letters(local):
            return "no name in the graph is in this script; write it in Latin letters"
        if re.fullmatch(r"(?:[\w-]+/)?s[0-9]+", local):
            end = "/" + local.rpartition("/")[2]
            known = [each.value for each in self._labels.instances(RKG + "Passage")]
            if found := sorted(shorten(iri) for iri in known if iri.endswith(end)):
                return asked_back(found[:_MOST_SUGGESTED])
            return "relations-kg source lists the passages, such as src:china-peru/s032"
        if re.match("rkg:|<?" + RKG, name):
            terms = TermSuggestions(self._labels.store).near(RKG, local, "")[:_MOST_CODES]
            if terms:
                return asked_back(map(shorten, terms))
        return self._meant(local, kinds, () if with_terms else (RKG, CODE)) or self._known(kinds)

    def _meant(
        self, local: str, kinds: Collection[str], excluded: tuple[str, ...] = ()
    ) -> str | None:
        """Return a question that suggests things that a name may mean, or None.

        With `kinds`, only their instances are suggested.
        """
        index = self._index

        def of_kinds(found: Collection[str], wanted: Collection[str] = kinds) -> Collection[str]:
            """Return the found things of the wanted classes.

            If none is of these classes and `kinds` is empty, all found things are returned.
            """
            own = [iri for iri in found if not iri.startswith(excluded)] if excluded else found
            accepted = [iri for iri in own if not wanted or self._labels.is_a(iri, wanted)]
            return accepted or ([] if kinds else own)

        def called(*texts: str) -> Collection[str]:
            return of_kinds([iri for text in texts for _, iri in index.named(text)])

        found = called(local) or of_kinds(index.guessed(local))
        found = found or called(*usual_names(local)) or called(re.sub(r"\([^()]*\)$", "", local))
        plain = with_usual_names(local)
        if " " in plain:
            found = found or of_kinds(self.parties.described(plain))
        found = found or [
            *called(plain),
            *self.parties.nations(local, kinds),
            *of_kinds(self.of(local, kinds)),
        ]
        found = found or of_kinds(index.alike(plain), kinds or (*SOUGHT, _RELATIONSHIP))
        found = found or of_kinds(index.with_initials(local), kinds or SOUGHT)
        found = found or of_kinds(index.abbreviated(local), kinds or SOUGHT)
        if found:
            return self._asked(dict.fromkeys(found))
        near = index.misspelt(local)
        if accepted := of_kinds(near):
            return asked_back(dict.fromkeys(near[iri] for iri in accepted))
        corrected = index.corrected(local)
        if corrected != " ".join(words(local)) and (found := of_kinds(self.of(corrected, kinds))):
            return self._asked(found)
        if re.fullmatch(r"\w{4,}", local):
            begun = {iri for _, iri in index.beginning(local.casefold()) if iri.startswith(BASE)}
            if found := [*of_kinds(sorted(begun), kinds or SOUGHT)][:_MOST_SUGGESTED]:
                return self._asked(found)
        found = [*of_kinds(index.with_most(local))][:_MOST_CODES]
        if not found and not _LIST.search(local):
            found = [*of_kinds(self._with_a_word_less(plain))]
            found = found or self.parties.nations(local, kinds, in_part=True)
        return self._asked(found) if found else None

    def _asked(self, things: Iterable[str]) -> str:
        return f"did you mean {self.listed(things, conjunction='or')}?"

    def _with_a_word_less(self, name: str) -> list[str]:
        """Return the things with a name that lacks one word of `name`, such as "port"."""
        asked = without_linking(words(name))
        shorter = (" ".join(asked[:i] + asked[i + 1 :]) for i in range(len(asked)))
        texts = [text for text in shorter if len(asked) in _FEW]
        found = [iri for text in texts for rank, iri in self._index.named(text) if rank[0].is_name]
        found = found or [iri for text in texts for iri in self.by_part(text)]
        return [iri for iri in found if iri.startswith(ID)]

    def properties(self, name: str, kinds: Collection[str]) -> str | None:
        """Return a question that suggests properties whose names a name misspells, or None.

        If there are none, it suggests those with the most similar words in their names.
        """
        asked = separated(name)
        stems = {w[:_STEM] for w in asked.split() if len(w) >= _STEM and w not in _GENERIC}
        found = (each.value for kind in kinds for each in self._labels.instances(kind))
        labels = {self._labels.label(iri) for iri in found if iri.startswith(self._labels.spaces)}
        # No error is allowed in a short word, so names are compared without their spaces, too.
        joined = {"".join(label.split()): label for label in labels}
        as_one = nearest(asked.replace(" ", ""), joined, most=1)
        near = nearest_phrases(asked, labels) or [joined[each] for each in as_one]
        shared = Counter(each for each in labels for w in {*words(each)} if w[:_STEM] in stems)
        alike = sorted(shared, key=lambda each: (-shared[each], len(each), each))
        return asked_back(near or alike[:4])

    def codes(self, name: str, members: Collection[str], scheme: str) -> str:
        """Return advice: the codes of a list that a name may mean, and where to find the others."""
        by_slug = {code_name(iri): iri for iri in sorted(members)}
        signs = table()["currencies"].get("".join(name.split()).casefold(), "").split()
        found = [by_slug[slug] for slug in signs or nearest_codes(name, by_slug) if slug in by_slug]
        found += [iri for iri in self._index.guessed(name) if iri in members]
        found = [*dict.fromkeys(found)] or self._with_words(name, members)
        near = [self._code(iri) for iri in found[:_MOST_CODES]]
        question = f"did you mean {' or '.join(near)}? " if near else ""
        if not near and (plural := self.codes_named(name, [scheme])):
            question, near = f"{plural} ", [plural]
        if len(by_slug) <= _MOST_LISTED + 1:
            return f"{question}use one of {', '.join(by_slug)}"
        shown = "" if near else f"use one of {', '.join([*by_slug][:_MOST_LISTED])} …; "
        return f"{question}{shown}relations-kg show {shorten(scheme)} lists all {len(by_slug)}"

    def codes_named(self, name: str, schemes: Collection[str]) -> str | None:
        """Return a question that suggests the codes of lists with all words of a name, or None."""
        store = self._labels.store
        # The plural of a Spanish word may end in -es.
        forms = [{*word_forms(word), word.removesuffix("es")} for word in words(name)]
        found: dict[str, list[str]] = {}
        for code, known in self._labels_of_codes if forms else ():
            if all(not form.isdisjoint(known) for form in forms):
                found.setdefault(code, known)
        # The most used codes come first, then the codes with the shortest labels.
        codes = [
            self._code(iri)
            for iri in sorted(found, key=lambda iri: (-self._uses(iri), len(found[iri]), iri))
            if any(value(of) in schemes for of in objects(store, NamedNode(iri), _IN_SCHEME))
        ]
        return f"did you mean {' or '.join(codes[:_MOST_CODES])}?" if codes else None

    @cached_property
    def _labels_of_codes(self) -> list[tuple[str, list[str]]]:
        """The codes and other terms of the project, with the words of each of their labels."""
        own = (CODE, *self._labels.spaces)
        return [
            (value(code), words(value(text)))
            for label in LABEL_PROPERTIES
            for code, text in pairs(self._labels.store, label)
            if value(code).startswith(own)
        ]

    def _code(self, iri: str) -> str:
        slug, label = code_name(iri), self._labels.label(iri)
        return slug if words(slug) == words(label) else f"{slug} ({label})"

    def _with_words(self, name: str, codes: Iterable[str]) -> list[str]:
        """Return the codes with all words of a name in their labels, or else in their definitions.

        The most used codes come first; of codes used equally often, those whose first label or
        definition begins with the first word of the name.
        """
        asked, store = words(name), self._labels.store
        for texts in (LABEL_PROPERTIES, (SKOS + "definition",)) if asked else ():
            found = []
            for iri in codes:
                code = NamedNode(iri)
                own = [value(text) for name in texts for text in objects(store, code, name)]
                known = [word for text in own for word in words(text)]
                if all(any(begin_alike(word, each) for each in known) for word in asked):
                    found.append(
                        (-self._uses(iri), not begin_alike(asked[0], known[0]), len(known), iri)
                    )
            if found:
                return [iri for *_, iri in sorted(found)]
        return []

    def _uses(self, iri: str) -> int:
        """Return the number of facts with a thing as their object, up to _MOST_USES."""
        find = self._labels.store.quads_for_pattern
        return sum(1 for _ in islice(find(None, None, NamedNode(iri)), _MOST_USES))

    def listed(
        self, things: Iterable[str], most: int = _MOST_SUGGESTED, conjunction: str = "and"
    ) -> str:
        """Return things with their labels on one line, grouped by class, in the order of SOUGHT."""
        labels = self._labels
        found = sorted((*self.class_of(iri), iri) for iri in things)
        by_class: dict[str, list[str]] = {}
        for _, kind, iri in found[:most]:
            by_class.setdefault(kind, []).append(f"{shorten(iri)} ({labels.label(iri)})")
        between = f" {conjunction} "
        parts = [
            (f"{kind}: " if kind else "") + between.join(each) for kind, each in by_class.items()
        ]
        return "; ".join(parts + ([f"{len(found) - most} more"] if len(found) > most else []))

    def about_both(self, one: str, other: str) -> str | None:
        """Return a line that lists the things with facts about both `one` and `other`, or None."""
        found = self._labels.linking(one, other)
        return f"facts about both: {self.listed(found, 3)}" if found else None

    def class_of(self, iri: str) -> tuple[int, str]:
        """Return the position of a thing's class in SOUGHT, and the label of the class."""
        kinds = self._labels.kinds(iri)
        for place, kind in enumerate(SOUGHT):
            if kind in kinds:
                return place, self._labels.label(kind)
        # For other things, the first class is enough, since the reader also sees the thing's label.
        others = sorted(kind for kind in kinds if kind.startswith(self._labels.spaces))
        return len(SOUGHT), self._labels.label(others[0]) if others else ""

    def _is_significant(self, asked: set[str], name: str, kinds: set[str]) -> bool:
        if _PERSON in kinds:
            return _is_personal(name)
        if kinds.isdisjoint(SOUGHT):
            return False
        generic = {word for kind in kinds for word in words(self._labels.label(kind))}
        return set(words(name)) - asked <= LINKING | generic

    def _known(self, kinds: Collection[str]) -> str | None:
        """Return a clause that lists instances of the first of `kinds` with instances, or None."""
        for kind in kinds:
            labels = sorted(
                {self._labels.label(each.value) for each in self._labels.instances(kind)}
            )
            if labels:
                shown = listed(labels, _MOST_LISTED)
                return f"of the class {self._labels.label(kind)} the graph has {shown}"
        return None


def _local(name: str) -> str:
    """Return a name without its prefix or namespace, shortened if it is very long."""
    text = name.strip().removeprefix("<").removesuffix(">")
    short = shorten(text) if "://" in text else text
    prefix, colon, local = short.partition(":")
    return (local if colon and " " not in prefix else short)[:_LONGEST]


def _is_personal(name: str) -> bool:
    """Return whether a text looks like a person's name rather than a description.

    >>> _is_personal("César A. del Río"), _is_personal("The ambassador of 1883 (not named)")
    (True, False)
    """
    return all(len(word) < 4 or not word.islower() for word in name.split())
