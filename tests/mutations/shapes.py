"""Mistakes that shapes find: wrong classes, and missing, surplus or wrong values."""

from __future__ import annotations

import random
import re

from located import Located
from pyoxigraph import Literal, NamedNode

from mutations.bases import (
    ID,
    RKG,
    Base,
    Case,
    Edit,
    Group,
    marked,
    mutator,
    pick,
    shuffled,
    value,
)
from mutations.vocabulary import LABEL, PREFIXES, SPECIAL, TYPE, Vocabulary

# Classes that require only a label and a passage, so that no other mistake is made.
PLAIN = [RKG + name for name in ("State", "City", "Person", "Company", "Territory", "Vessel")]
CONFUSED = [
    {RKG + "MissionOpening", RKG + "MissionClosure"},
    {RKG + "Signing", RKG + "Ratification", RKG + "Accession"},
    set(PLAIN),
]
ABOUT_TIME = {RKG + p for p in ("startedBy", "endedBy", "openedBy", "closedBy")}
WHEN = RKG + "when"


@mutator("wrong class")
def thing_of_the_wrong_class(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for s in shuffled(rng, [s for s in base.statements if s.quad.predicate.value == TYPE]):
        subject, kind = value(s.quad.subject), value(s.quad.object)
        for group in CONFUSED:
            for new in shuffled(rng, sorted(group - {kind})) if kind in group else []:
                edits = [
                    base.mark(link.object)
                    for link in base.incoming[subject]
                    if (wanted := vocabulary.wanted.get(link.quad.predicate.value))
                    and not vocabulary.is_a({new}, *wanted)
                ]
                if not edits or len(base.types[subject]) > 1:
                    continue
                classes = vocabulary.classes[new]
                for own in base.statements:
                    domain = vocabulary.domains.get(own.quad.predicate.value, new)
                    if value(own.quad.subject) == subject and domain not in classes:
                        edits.append(base.mark(own.predicate))
                codes = {"class", "or", "wrong-subject", "disjoint-classes"}
                return base.case([base.replace(s.object, base.short(new)), *edits], codes)
    return None


@mutator("link to the wrong class")
def link_to_the_wrong_class(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for s in shuffled(rng, base.statements):
        wanted = vocabulary.wanted.get(s.quad.predicate.value)
        if not wanted or not isinstance(s.quad.object, NamedNode):
            continue
        unfit = [
            thing
            for thing, types in sorted(base.types.items())
            if thing.startswith(ID)
            and not vocabulary.is_a(types, *wanted)
            and thing not in {value(s.quad.subject), *base.linked(s)}
        ]
        if unfit:
            new = base.short(pick(rng, unfit))
            return base.case([base.replace(s.object, new)], {"class", "or", "contradiction"})
    return None


@mutator("missing property")
def missing_property(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _missing(base, rng, vocabulary, special=False)


@mutator("missing property")
def missing_property_of_several(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    return _missing(base, rng, vocabulary, special=True)


def _missing(
    base: Base, rng: random.Random, vocabulary: Vocabulary, *, special: bool
) -> Case | None:
    paths = sorted({g.predicate for g in base.groups if g.preceding})
    for path in shuffled(rng, paths):
        if special != (path in {RKG + local for _, local in SPECIAL}):
            continue
        for group in shuffled(rng, [g for g in base.groups if g.predicate == path]):
            subject = group.subject
            code = _code_of_missing(base, vocabulary, subject, path)
            same = [g for g in base.groups if (g.subject, g.predicate) == (subject, path)]
            if code and len(same) == 1 and group.preceding:
                place = base.blocks[subject][0]
                return base.case([base.remove(group), base.mark(place)], {code})
    return None


def _code_of_missing(base: Base, vocabulary: Vocabulary, subject: str, path: str) -> str | None:
    if any(value(s.quad.object) == path for s in base.of(subject, "leavesOpen")):
        return None
    if path == RKG + "receivingParty" and base.of(subject, "accreditedTo"):
        return None
    if path == RKG + "visitor" and base.of(subject, "visitingOrganization"):
        return None
    for (kind, required), code in vocabulary.required.items():
        if required == path and vocabulary.is_a(base.types[subject], kind):
            return code
    return None


@mutator("no class")
def without_class(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    groups = [g for g in base.groups if g.predicate == TYPE and g.following and not g.preceding]
    groups = [g for g in groups if len(base.blocks[g.subject]) == 1]
    group = pick(rng, groups)
    return base.case([base.remove(group), base.mark(base.blocks[group.subject][0])], {"no-class"})


@mutator("surplus value")
def second_value(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    single = shuffled(rng, vocabulary.single)
    paths = {g.predicate for g in base.groups}
    for kind, path in single:
        if path not in paths or path in ABOUT_TIME:
            continue
        for group in shuffled(rng, [g for g in base.groups if g.predicate == path]):
            if vocabulary.is_a(base.types[group.subject], kind):
                new = _another_value(base, rng, vocabulary, group)
                if new:
                    return _with_second(base, rng, group, new, {"max-count"})
    return None


def _with_second(
    base: Base, rng: random.Random, group: Group, new: str, codes: set[str]
) -> Case | None:
    text = f" , {marked(new)}"
    if rng.random() < 0.5:
        text = f" ;\n    {base.spelled(group.statements[0].predicate)} {marked(new)}"
    return base.case([base.append(group, text)], codes)


def _another_value(
    base: Base, rng: random.Random, vocabulary: Vocabulary, group: Group
) -> str | None:
    s = group.statements[0]
    path, old = s.quad.predicate.value, base.spelled(s.object)
    if path in vocabulary.codes:
        used = old.rpartition(":")[2]
        code = pick(rng, [c for c in vocabulary.codes[path] if c != used])
        return base.short(PREFIXES["code"] + code)
    if isinstance(s.quad.object, Literal):
        if path == RKG + "claimedValue":
            return None
        digits = re.search(r"\d{4}|\d", old)
        if not digits:
            return None
        number = (int(digits[0]) + 1) % 10 ** len(digits[0])
        shown = str(number).zfill(len(digits[0]))
        return old[: digits.start()] + shown + old[digits.end() :]
    wanted = vocabulary.wanted.get(path)
    if not wanted:
        return None
    linked = base.linked(s)
    own = [t for t, kinds in sorted(base.types.items()) if vocabulary.is_a(kinds, *wanted)]
    fit = [t for t in own if t not in linked and t.startswith(ID)]
    fit = fit or [t for t in vocabulary.known_of(*wanted) if t not in linked and t.startswith(ID)]
    return base.short(pick(rng, fit)) if fit else None


@mutator("surplus value")
def second_label(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    group = pick(rng, _english_labels(base))
    text = base.spelled(group.statements[0].object)
    new = text.replace('"@en', pick(rng, [', so called"@en', ' (sic)"@en', '."@en']))
    return _with_second(base, rng, group, new, {"unique-lang"})


def _english_labels(base: Base) -> list[Group]:
    return [
        g
        for g in base.groups
        if g.predicate == LABEL
        and len(g.statements) == 1
        and base.spelled(g.statements[0].object).endswith('"@en')
        and g.subject.startswith(ID)
    ]


def _links(base: Base, vocabulary: Vocabulary) -> list[Located]:
    return [
        s
        for s in base.statements
        if s.quad.predicate.value in vocabulary.wanted and base.spelled(s.object).startswith("id:")
    ]


def datatype(base: Base, vocabulary: Vocabulary, s: Located) -> str:
    """Return the required datatype of a statement's value, or "" if any is allowed."""
    return vocabulary.datatype(base.types[value(s.quad.subject)], s.quad.predicate.value)


@mutator("text for a thing")
def text_for_a_thing(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = pick(rng, _links(base, vocabulary))
    words = value(s.quad.object).removeprefix(ID).replace("-", " ").title()
    new = pick(rng, [f'"{words}"', f'"{words}"@en'])
    return base.case([base.replace(s.object, new)], {"class", "or", "node-kind"})


@mutator("text for a thing")
def text_for_a_code(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    values = [s for s in base.statements if s.quad.predicate.value in vocabulary.codes]
    if not values:
        return None
    s = pick(rng, values)
    words = value(s.quad.object).removeprefix(PREFIXES["code"]).replace("-", " ")
    return base.case([base.replace(s.object, f'"{words}"')], {"code-list", "node-kind"})


@mutator("thing for a text")
def thing_for_a_text(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    things = sorted(t for t in base.types if t.startswith(ID))
    texts = [
        s
        for s in base.statements
        if isinstance(s.quad.object, Literal) and datatype(base, vocabulary, s)
    ]
    s = pick(rng, texts)
    codes = {"datatype", "node-kind"} | ({"date"} if s.quad.predicate.value == WHEN else set())
    return base.case([base.replace(s.object, base.short(pick(rng, things)))], codes)


@mutator("wrong datatype")
def date_without_datatype(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    dates = [
        s
        for s in base.statements
        if s.quad.predicate.value in (WHEN, RKG + "speaksFrom")
        and base.spelled(s.object).endswith('"^^edtf:EDTF')
    ]
    if not dates:
        return None
    s = pick(rng, dates)
    text = value(s.quad.object)
    news = [f'"{text}"', f'"{text}"^^xsd:string', f'"{text}"@en']
    if re.fullmatch(r"\d{4}", text):
        news += [text, f'"{text}"^^xsd:gYear']
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        news.append(f'"{text}"^^xsd:date')
    new = pick(rng, news)
    return base.case([base.replace(s.object, new)], {"datatype"}, ["EDTF"], "xsd")


@mutator("wrong datatype")
def number_as_text(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    numbers = [
        s
        for s in base.statements
        if re.fullmatch(r"\d+", base.spelled(s.object))
        and datatype(base, vocabulary, s).endswith("integer")
    ]
    if not numbers:
        return None
    s = pick(rng, numbers)
    text = base.spelled(s.object)
    new = pick(rng, [f'"{text}"', f"{text}.0", f'"{text}"^^xsd:string'])
    return base.case([base.replace(s.object, new)], {"datatype"}, (), "xsd")


@mutator("wrong datatype")
def language_where_none_is(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    texts = [
        s for s in base.statements if datatype(base, vocabulary, s) == PREFIXES["xsd"] + "string"
    ]
    if not texts:
        return None
    s = pick(rng, texts)
    return base.case([base.replace(s.object, base.spelled(s.object) + "@en")], {"datatype"})


@mutator("no language")
def without_language(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    texts = [
        s
        for s in base.statements
        if base.spelled(s.object).endswith('"@en')
        and datatype(base, vocabulary, s) == PREFIXES["rdf"] + "langString"
    ]
    s = pick(rng, texts)
    new = base.spelled(s.object).removesuffix("@en")
    return base.case([base.replace(s.object, new)], {"datatype"}, ["@en"])


@mutator("wrong language")
def wrong_language(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    group = pick(rng, _english_labels(base))
    start, end = base.span(group.statements[0].object)
    if rng.random() < 0.4:
        tag = pick(rng, ["english", "English", "eng-lish", "xx"])
        repairs = ["@en", '"en"'] if tag.lower() == "english" else []
        return base.case([Edit(end - 3, end, marked(f"@{tag}"))], {"language"}, repairs)
    tag, right = pick(
        rng,
        [("jp", "ja"), ("cn", "zh"), ("gr", "el"), ("cz", "cs"), ("dk", "da"), ("spanish", "es")],
    )
    text = base.text[start : end - 3]
    second = f" , {text}{marked('@' + tag)}"
    repairs = [f"@{right}", f'"{right}"']
    return base.case([Edit(end, end, second)], {"language"}, repairs)


@mutator("wrong subject")
def property_of_another_class(
    base: Base, rng: random.Random, vocabulary: Vocabulary
) -> Case | None:
    for s in shuffled(rng, _links(base, vocabulary)):
        domain = vocabulary.domains.get(s.quad.predicate.value)
        for group in shuffled(rng, [g for g in base.groups if g.predicate == TYPE]):
            types = base.types[group.subject]
            if not domain or vocabulary.is_a(types, domain) or not group.following:
                continue
            if not group.subject.startswith(ID) or group.subject == value(s.quad.object):
                continue
            text = f" ;\n    {marked(base.spelled(s.predicate))} {base.spelled(s.object)}"
            return base.case([base.append(group, text)], {"wrong-subject"})
    return None


@mutator("disjoint classes")
def two_classes(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    pairs = {"State": "Person", "Person": "State", "Signing": "Instrument"}
    pairs["Embassy"] = "ConsulateGeneral"
    for group in shuffled(rng, [g for g in base.groups if g.predicate == TYPE]):
        kind = value(group.statements[-1].quad.object).removeprefix(RKG)
        if kind in pairs and len(group.statements) == 1:
            text = f" , {marked(base.short(RKG + pairs[kind]))}"
            return base.case([base.append(group, text)], {"disjoint-classes"})
    return None
