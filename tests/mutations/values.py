"""Mistakes in values: impossible dates, numbers, pairs and links."""

from __future__ import annotations

import random
import re

from located import Located
from pyoxigraph import NamedNode

from mutations.bases import ID, LINKS, RKG, Base, Case, Edit, mutator, pick, shuffled, value
from mutations.shapes import WHEN
from mutations.vocabulary import PREFIXES, Vocabulary

DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
MONTHS = "January February March April May June July August September October November December"
ORDER = {
    "before-start",
    "before-its-cause",
    "on-another-date",
    "at-another-time",
    "ratified-before-signed",
    "in-force-before-signed",
    "in-force-before-ratified",
    "yet-ongoing",
}
IN_TIME = {
    *("startedBy", "endedBy", "openedBy", "closedBy", "attestedBy", "duringEvent"),
    *("follows", "causedBy", "precedes", "ratifiedAt", "signedAt", "enteredIntoForceAt"),
}


def _dates(base: Base) -> list[Located]:
    return [
        s
        for s in base.statements
        if s.quad.predicate.value == WHEN and base.spelled(s.object).endswith('"^^edtf:EDTF')
    ]


def _when(base: Base, thing: str) -> Located | None:
    dates = base.of(thing, "when")
    return dates[0] if dates else None


@mutator("bad date")
def no_date(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    dates = _dates(base)
    if not dates:
        return None
    s = pick(rng, dates)
    text = value(s.quad.object)
    ways: list[tuple[str, list[str]]] = []
    year = text[:4]
    if re.fullmatch(r"\d{4}", text):
        ways = [
            (f"{year}-13", []),
            (f"c. {year}", [f"{year}~"]),
            (f"ca. {year}", [f"{year}~"]),
            (f"around {year}", [f"{year}~"]),
            (f"{year} ", [year]),
            (year[1:], []),
            (f"{year}-00", []),
            (f"in {year}", []),
        ]
    elif match := DAY.fullmatch(text):
        _, month, day = match.groups()
        name = MONTHS.split()[int(month) - 1]
        ways = [
            (f"{year}-02-30", []),
            (f"{year}-{month}-32", []),
            (f"{year}-13-{day}", []),
            (f"{int(day)} {name} {year}", [text]),
            (f"{year}/{month}/{day}", [text]),
            (f"{year}.{month}.{day}", [text]),
            (f"{year}{month}{day}", [text]),
            (f"{text}T00:00:00Z", [text]),
            (f"{day}-{month}-{year}", [text] if int(day) > 12 else []),
        ]
        if month.startswith("0") or day.startswith("0"):
            ways.append((f"{year}-{int(month)}-{int(day)}", [text]))
    elif re.fullmatch(r"\d{4}/\d{4}", text):
        ways = [
            (text.replace("/", "-"), [text]),
            (text.replace("/", "–"), [text]),
            (text.replace("/", " to "), []),
            (text.replace("/", "//"), []),
        ]
    elif re.fullmatch(r"\d{4}-\d\d", text):
        name = MONTHS.split()[int(text[5:]) - 1]
        ways = [
            (f"{name} {year}", []),
            (f"{year}-{int(text[5:])}", [text] if text[5] == "0" else []),
            (f"{year}-19", []),
            (f"{text[5:]}/{year}", []),
        ]
    elif text.endswith("/.."):
        ways = [
            (text.replace("/..", "-present"), []),
            (text.replace("/..", "/present"), [text]),
            (text.replace("/..", "-"), []),
            (text.replace("/..", "/."), []),
            ("since " + text.removesuffix("/.."), []),
        ]
    if not ways:
        return None
    new, repairs = pick(rng, ways)
    return base.case([base.replace(s.object, f'"{new}"^^edtf:EDTF')], {"date", "pattern"}, repairs)


@mutator("reversed interval")
def reversed_interval(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    dates = []
    for s in _dates(base):
        text = value(s.quad.object)
        start, _, end = text.partition("/")
        if re.match(r"\d{4}", start) and re.match(r"\d{4}", end) and start[:4] != end[:4]:
            dates.append((s, f"{end}/{start}"))
        elif re.fullmatch(r"[1-9]\d{3}", text) and not base.incoming[value(s.quad.subject)]:
            dates.append((s, f"{start}/{int(start) - 1:04}"))
    if not dates:
        return None
    s, new = pick(rng, dates)
    return base.case(
        [base.replace(s.object, f'"{new}"^^edtf:EDTF')], {"less-than-or-equals", "date"}
    )


@mutator("order of dates")
def order_of_dates(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    links = [s for s in base.statements if s.quad.predicate.value in {RKG + p for p in IN_TIME}]
    for s in shuffled(rng, links):
        one, two = value(s.quad.subject), value(s.quad.object)
        path = s.quad.predicate.value.removeprefix(RKG)
        first = _when(base, one)
        if path in ("ratifiedAt", "enteredIntoForceAt"):
            signings = base.of(one, "signedAt")
            first = _when(base, value(signings[0].quad.object)) if signings else None
        second = _when(base, two)
        if not first or not second or path in ("signedAt", "precedes"):
            continue
        start, end = value(first.quad.object), value(second.quad.object)
        if not re.match(r"\d{4}", start) or not re.match(r"\d{4}$|\d{4}-\d\d", end):
            continue
        later = path in ("startedBy", "openedBy", "follows", "causedBy")
        year = int(start[:4]) + (7 if later else -7)
        if later and "/" in start and path in ("follows", "causedBy"):
            continue
        if year > 2024:
            continue
        new = f'"{year}{end[4:]}"^^edtf:EDTF'.replace("02-29", "02-28")
        marks = {base.mark(first.object), base.replace(second.object, new)}
        near = {one, two}
        for other in links:
            if near & {value(other.quad.subject), value(other.quad.object)}:
                marks.add(base.mark(other.object))
                for thing in (value(other.quad.subject), value(other.quad.object)):
                    date = _when(base, thing)
                    if date and date != second:
                        marks.add(base.mark(date.object))
        return base.case(marks, ORDER, (), "edtf")
    return None


@mutator("no number")
def no_number(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = _number(base, rng, vocabulary)
    if not s:
        return None
    text = value(s.quad.object)
    wrongs = [f"{text} men", "first", "twelve", f"{text}th", f"c. {text}", f"{text},000", ""]
    new = pick(rng, [*wrongs, f"No. {text}"])
    return base.case(
        [base.replace(s.object, f'"{new}"^^xsd:integer')], {"datatype", "lexical"}, (), "xsd"
    )


def _number(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Located | None:
    numbers = [
        s
        for s in base.statements
        if re.fullmatch(r"\d+", base.spelled(s.object))
        and s.quad.predicate.value != PREFIXES["nif"] + "endIndex"
    ]
    return pick(rng, numbers) if numbers else None


@mutator("number out of range")
def negative_number(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = _number(base, rng, vocabulary)
    if not s or value(s.quad.object) == "0":
        return None
    from_one = s.quad.predicate.value.endswith(("position", "ank", "rankFromEnd"))
    new = "0" if from_one and rng.random() < 0.4 else f"-{value(s.quad.object)}"
    return base.case([base.replace(s.object, new)], {"min-inclusive"})


@mutator("number out of range")
def order_of_numbers(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    pairs = [("nif:beginIndex", "nif:endIndex"), ("rkg:deaths", "rkg:passengers")]
    for low, high in shuffled(rng, pairs):
        for s in shuffled(rng, base.statements):
            others = [
                o
                for o in base.statements
                if o.subject == s.subject and base.spelled(o.predicate) == high
            ]
            if base.spelled(s.predicate) == low and others:
                one, two = base.spelled(s.object), base.spelled(others[0].object)
                if not (one + two).isdigit() or one == two:
                    continue
                return base.case(
                    [base.replace(s.object, two), base.replace(others[0].object, one)],
                    {"less-than", "less-than-or-equals"},
                )
    return None


PAIRS = {
    "visitingParty": "hostParty",
    "sendingParty": "receivingParty",
    "firstParty": "secondParty",
    "exporter": "importer",
    "investor": "recipient",
    "officeOf": "postedTo",
    "recognizingParty": "recognizedEntity",
}


def _pairs(base: Base, names: dict[str, str]) -> list[tuple[Located, Located]]:
    found = []
    for thing in base.types:
        for one, two in names.items():
            ones, twos = base.of(thing, one), base.of(thing, two)
            if len(ones) == len(twos) == 1:
                found.append((ones[0], twos[0]))
    return found


@mutator("with itself")
def party_with_itself(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (pairs := _pairs(base, PAIRS)):
        return None
    one, two = pick(rng, pairs)
    for s, other in ((one, two), (two, one)):
        wanted = vocabulary.wanted[s.quad.predicate.value]
        types = base.types[value(other.quad.object)] | vocabulary.known_types(other.quad.object)
        if not vocabulary.is_a(types, *wanted):
            return None
    if rng.random() < 0.5:
        edits = [base.mark(one.object), base.replace(two.object, base.spelled(one.object))]
    else:
        edits = [base.replace(one.object, base.spelled(two.object)), base.mark(two.object)]
    return base.case(edits, {"disjoint"})


@mutator("parties out of order")
def parties_out_of_order(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (pairs := _pairs(base, {"firstParty": "secondParty"})):
        return None
    one, two = pick(rng, pairs)
    return base.case(
        [
            base.replace(one.object, base.spelled(two.object)),
            base.replace(two.object, base.spelled(one.object)),
            base.mark(one.subject),
        ],
        {"parties-out-of-order"},
    )


@mutator("sender and receiver swapped")
def visit_swapped(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for one, two in shuffled(rng, _pairs(base, {"visitingParty": "hostParty"})):
        for capacity in base.of(value(one.quad.subject), "capacity"):
            offices = base.of(value(capacity.quad.object), "officeOf")
            if offices and value(offices[0].quad.object) == value(one.quad.object):
                return _swapped(base, one, two, base.mark(capacity.object))
    return None


@mutator("sender and receiver swapped")
def mission_swapped(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    for one, two in shuffled(rng, _pairs(base, {"sendingParty": "receivingParty"})):
        for seat in base.of(value(one.quad.subject), "seat"):
            homes = base.of(value(two.quad.object), "governmentSeat")
            if homes and value(homes[0].quad.object) == value(seat.quad.object):
                return _swapped(base, one, two, base.mark(seat.object))
    return None


def _swapped(base: Base, one: Located, two: Located, telling: Edit) -> Case | None:
    return base.case(
        [
            base.replace(one.object, base.spelled(two.object)),
            base.replace(two.object, base.spelled(one.object)),
            telling,
        ],
        (),
    )


@mutator("dangling link")
def dangling_link(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    links = [
        s
        for s in base.statements
        if isinstance(s.quad.object, NamedNode) and base.spelled(s.object).startswith("id:")
    ]
    s = pick(rng, links)
    names = ["grand-duchy-of-ostreland", "jan-kowalczyk", "zanzibar", "second-opium-war"]
    return base.case([base.replace(s.object, f"id:{pick(rng, names)}")], LINKS)


@mutator("dangling link")
def unknown_passage(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    cites = [s for s in base.statements if s.quad.predicate.value == RKG + "statedIn"]
    s = pick(rng, [s for s in cites if not base.spelled(s.object).startswith("<")])
    prefix = base.spelled(s.object).partition(":")[0]
    new = f"{prefix}:s9{rng.randrange(10, 99)}"
    return base.case([base.replace(s.object, new)], LINKS)


@mutator("bad IRI")
def bad_iri(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    things = [t for t in base.types if t.startswith(ID) and t not in vocabulary.things]
    thing = pick(rng, [t for t in things if len(base.blocks[t]) == 1])
    local = thing.removeprefix(ID)
    wrongs = [local.replace("-", "_"), local.title(), local.title().replace("-", "_"), local + "-"]
    wrongs += [f"{local}--1", local.upper(), "-".join(w.capitalize() for w in local.split("-"))]
    wrong = pick(rng, [w for w in wrongs if w != local])
    if base.short(thing) != f"id:{local}":
        return None
    edits = [Edit(*base.span(s.object), f"id:{wrong}") for s in base.incoming[thing]]
    return base.case([base.replace(base.blocks[thing][0], f"id:{wrong}"), *edits], {"bad-iri"})
