"""Typing errors, one for each position that a name can have."""

from __future__ import annotations

import random
import re
from collections.abc import Collection

from pyoxigraph import Literal, NamedNode

from mutations.bases import (
    ID,
    LINKS,
    RKG,
    Base,
    Case,
    Edit,
    Unfit,
    marked,
    mutator,
    pick,
    shuffled,
    value,
)
from mutations.vocabulary import PREFIXES, TYPE, Vocabulary

NEIGHBOURS = {
    **dict(zip("abcdefghijklm", "svxfrdgjokljn", strict=True)),
    **dict(zip("nopqrstuvwxyz", "mpowtdyibqzux", strict=True)),
}


def swap(rng: random.Random, word: str) -> str:
    i = rng.randrange(1, max(len(word) - 1, 2))
    return word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :]


def drop(rng: random.Random, word: str) -> str:
    i = rng.randrange(1, len(word))
    return word[:i] + word[i + 1 :]


def double(rng: random.Random, word: str) -> str:
    i = rng.randrange(len(word))
    return word[: i + 1] + word[i:]


def replace(rng: random.Random, word: str) -> str:
    i = rng.randrange(len(word))
    return word[:i] + NEIGHBOURS.get(word[i].lower(), "e") + word[i + 1 :]


def recase(rng: random.Random, word: str) -> str:
    first = word[0].swapcase() + word[1:]
    return pick(rng, [first, word.lower(), word.upper() if len(word) < 6 else first])


def misspell(rng: random.Random, word: str, taken: Collection[str]) -> str:
    """Return a misspelling of a word that is a valid local name and not taken."""
    ways = [swap, drop, double, replace, swap, drop, double, replace, recase]
    for _ in range(100):
        new = pick(rng, ways)(rng, word)
        safe = re.fullmatch(r"[A-Za-z][\w-]*\w", new) and new.count("-") == word.count("-")
        if safe and "--" not in new and new != word and new not in taken:
            return new
    raise AssertionError(f"{word} has no free misspelling")


def local_and_prefix(spelling: str) -> tuple[str, str]:
    prefix, _, local = spelling.partition(":")
    if spelling.startswith("<"):
        raise Unfit
    return prefix, local


@mutator("typo: class")
def of_class(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = pick(rng, [s for s in base.statements if s.quad.predicate.value == TYPE])
    prefix, local = local_and_prefix(base.spelled(s.object))
    new = misspell(rng, local, vocabulary.terms)
    return base.case(
        [base.replace(s.object, f"{prefix}:{new}")], {"unknown-term"}, [f"{prefix}:{local}"]
    )


@mutator("typo: property")
def of_property(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = pick(rng, [g for g in base.groups if g.predicate != TYPE]).statements[0]
    prefix, local = local_and_prefix(base.spelled(s.predicate))
    if len(local) < 4:
        return None
    new = misspell(rng, local, {*vocabulary.terms, "comment", "label", "seeAlso"})
    return base.case(
        [base.replace(s.predicate, f"{prefix}:{new}")], {"unknown-term"}, [f"{prefix}:{local}"]
    )


@mutator("typo: individual as object")
def of_object(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    links = [
        s
        for s in base.statements
        if value(s.quad.object).startswith(ID)
        and isinstance(s.quad.object, NamedNode)
        and base.spelled(s.object).startswith("id:")
        and len(base.spelled(s.object)) > 6
    ]
    s = pick(rng, links)
    local = base.spelled(s.object)[3:]
    taken = {t.removeprefix(ID) for t in (*base.types, *vocabulary.things)}
    new = misspell(rng, local, taken)
    return base.case([base.replace(s.object, f"id:{new}")], LINKS, [f"id:{local}"])


@mutator("typo: individual as subject")
def of_subject(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for subject in shuffled(rng, base.blocks):
        links = base.incoming[subject]
        local = subject.removeprefix(ID)
        if (
            local == subject
            or len(local) < 5
            or not 1 <= len(links) <= 3
            or [base.spelled(place) for place in base.blocks[subject]] != [f"id:{local}"]
            or subject in vocabulary.things
        ):
            continue
        taken = {t.removeprefix(ID) for t in (*base.types, *vocabulary.things)}
        new = misspell(rng, local, taken)
        place = base.blocks[subject][0]
        edits = [base.mark(s.object) for s in links]
        codes = {*LINKS}
        if new != new.lower():
            codes.add("bad-iri")
            edits.append(base.replace(place, f"id:{new}"))
        else:
            edits.append(Edit(*base.span(place), f"id:{new}"))
        return base.case(edits, codes, [f"id:{new}", f"id:{local}"])
    return None


@mutator("typo: code")
def of_code(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    values = [s for s in base.statements if s.quad.predicate.value in vocabulary.codes]
    if not values:
        return None
    s = pick(rng, values)
    prefix, local = local_and_prefix(base.spelled(s.object))
    if prefix != "code":
        return None
    codes = {c for codes in vocabulary.codes.values() for c in codes}
    new = misspell(rng, local, codes)
    return base.case([base.replace(s.object, f"code:{new}")], {"code-list"}, [f"code:{local}"])


@mutator("typo: prefix")
def of_prefix(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    places = {p for s in base.statements for p in (s.subject, s.predicate, s.object)}
    place = pick(rng, sorted(places))
    prefix, colon, local = base.spelled(place).partition(":")
    if not colon or prefix not in PREFIXES:
        return None
    new = misspell(rng, prefix, {*PREFIXES, *base.prefixes, "a"})
    edit = Edit(*base.span(place), marked(f"{new}:") + local)
    return base.case([edit], {"unknown-prefix"}, [f'"{prefix}"', f"{prefix}:"])


@mutator("typo: datatype")
def of_datatype(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    dates = [s for s in base.statements if base.spelled(s.object).endswith("^^edtf:EDTF")]
    if not dates:
        return None
    _, end = base.span(pick(rng, dates).object)
    new = pick(rng, [misspell(rng, "EDTF", {"EDTF"}), "edtf", "Edtf"])
    edit = Edit(end - len("edtf:EDTF"), end, marked(f"edtf:{new}"))
    return base.case([edit], {"unknown-term"}, ["edtf:EDTF"])


@mutator("typo: directive")
def of_directive(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    starts = [m.start() for m in re.finditer(r"(?m)^@prefix(?=\s)", base.text)]
    if not starts:
        return None
    start = pick(rng, starts)
    new = misspell(rng, "prefix", {"prefix", "base"})
    edit = Edit(start, start + len("@prefix"), marked(f"@{new}"))
    return base.case([edit], {"syntax"}, ["@prefix"])


@mutator("wrong prefix")
def class_with_another_prefix(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    s = pick(rng, [s for s in base.statements if s.quad.predicate.value == TYPE])
    right = base.spelled(s.object)
    _, local = local_and_prefix(right)
    prefix = pick(rng, [p for p in ("id", "rdfs") if p in base.prefixes])
    wrong = f"{prefix}:{local}"
    return base.case([base.replace(s.object, wrong)], {"unknown-term", *LINKS}, [right])


@mutator("wrong prefix")
def property_with_another_prefix(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    s = pick(rng, [g for g in base.groups if g.predicate != TYPE]).statements[0]
    right = base.spelled(s.predicate)
    prefix, local = local_and_prefix(right)
    wrong = "rdfs" if prefix == "rkg" else "rkg"
    if wrong not in base.prefixes or (local in vocabulary.terms and wrong == "rkg"):
        return None
    return base.case([base.replace(s.predicate, f"{wrong}:{local}")], {"unknown-term"}, [right])


@mutator("wrong prefix")
def thing_with_another_prefix(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    links = [
        s
        for s in base.statements
        if isinstance(s.quad.object, NamedNode)
        and base.spelled(s.object).startswith(("id:", "code:"))
    ]
    s = pick(rng, links)
    right = base.spelled(s.object)
    prefix, local = local_and_prefix(right)
    wrong = pick(rng, ["rkg", "code"] if prefix == "id" else ["rkg", "id"])
    if wrong not in base.prefixes or local in vocabulary.terms:
        return None
    codes = {"unknown-term", *LINKS} if prefix == "id" else {"code-list", "unknown-term"}
    return base.case([base.replace(s.object, f"{wrong}:{local}")], codes, [right])


@mutator("undeclared prefix")
def without_its_declaration(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    prefix = pick(rng, sorted(base.prefixes))
    lines = list(re.finditer(rf"(?m)^@prefix {prefix}: [^\n]*\n", base.text))
    if len(lines) != 1 or prefix not in PREFIXES:
        return None
    line = lines[0]
    uses = _uses(base, prefix)
    edit = Edit(line.start(), line.end(), "")
    if rng.random() < 0.4:
        start = line.start() + len("@prefix ")
        edit = Edit(start, start + len(prefix), misspell(rng, prefix, {*PREFIXES, "a"}))
    return base.case([edit, *uses], {"unknown-prefix"}, [f"@prefix {prefix}:", f"{prefix}:"])


def _uses(base: Base, prefix: str) -> list[Edit]:
    edits: set[Edit] = set()
    for s in base.statements:
        for place in (s.subject, s.predicate, s.object):
            start, end = base.span(place)
            spelling = base.text[start:end]
            if isinstance(s.quad.object, Literal) and place == s.object:
                if not re.search(rf"\^\^{prefix}:\w+$", spelling):
                    continue
                start += spelling.rindex(f"^^{prefix}:") + 2
            elif not spelling.startswith(f"{prefix}:"):
                continue
            end = start + len(prefix) + 1
            edits.add(Edit(start, end, marked(f"{prefix}:")))
    return sorted(edits)


@mutator("wrong namespace")
def of_namespace(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    prefix = pick(rng, ["rkg", "id", "code", "src", "edtf", "nif", "rdfs", "skos"])
    right = PREFIXES[prefix]
    match = re.search(rf"(?m)^@prefix {prefix}: (<{re.escape(right)}>)", base.text)
    if not match or not re.search(rf"(?<!prefix )\b{prefix}:", base.text):
        return None
    wrongs = [
        right[:-1],
        right[:-1] + ("/" if right.endswith("#") else "#"),
        right.replace("https:", "http:") if "https:" in right else right.replace("http:", "https:"),
        right.replace("w3id.org/relations-kg", "example.org/relations-kg"),
        right.replace("relations-kg", "relation-kg"),
        right.replace("w3.org", "w3c.org"),
    ]
    wrong = pick(rng, [w for w in wrongs if w != right])
    edit = Edit(*match.span(1), marked(f"<{wrong}>"))
    return base.case([edit], {"wrong-prefix"}, [right])


@mutator("short form in brackets")
def of_short_form(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    places = {p for s in base.statements for p in (s.subject, s.predicate, s.object)}
    place = pick(rng, sorted(places))
    spelling = base.spelled(place)
    prefix, colon, _ = spelling.partition(":")
    if not colon or prefix not in PREFIXES or spelling.startswith(RKG):
        return None
    return base.case([base.replace(place, f"<{spelling}>")], {"short-form"}, [spelling])
