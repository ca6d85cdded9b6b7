"""The worked examples of `pairs/` entered a second time, through tables and forms alone.

`python tests/pair_tables.py` imports the tables, compares the facts with those written by hand, and
prints how many lines a fact costs by form.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.rdf.namespaces import RDFS
from relations_kg.rdf.terms import TYPE

PAIRS = Path(__file__).with_name("pairs")
NAMES = sorted(path.name for path in PAIRS.iterdir() if path.is_dir())
LABEL = NamedNode(RDFS + "label")

Facts = dict[object, set[tuple[object, object]]]


@dataclass(frozen=True)
class Comparison:
    """The difference between two graphs in which things may have other IRIs.

    `same` is the thing written by hand for each thing of the tables: the one of the same class with
    the same label, or else the only one of the same class with the same facts. The labels of the
    latter, which forms compose, are not compared; all other facts are.
    """

    same: dict[object, object]
    by_label: int
    by_hand_only: list[str]
    by_tables_only: list[str]


@dataclass(frozen=True)
class Cost:
    """The number of facts of a form, one for each row, and of the lines written by hand for them.

    `passages` is the number of passages that the facts need. One that several facts cite is divided
    among them.
    """

    facts: int
    by_hand: int
    passages: float

    @property
    def written(self) -> float:
        """The lines that a person writes for a fact: its row, and its share of the gists."""
        return (self.facts + self.passages) / self.facts


def tables(pair: str) -> list[Path]:
    """Return the tables of a pair in the order of import: each may name things of earlier ones."""
    return sorted((PAIRS / pair / "tables").glob("*.csv"))


def form_of(table: Path) -> str:
    """Return the form that a table is named after."""
    return table.stem.partition("-")[2]


def imported(pair: str, folder: Path) -> dict[Path, Import]:
    """Import the tables of a pair one after another, each beside those before it."""
    kg = rk.load(PAIRS / pair / "passages.ttl")
    found = {}
    for table in tables(pair):
        found[table] = import_table(kg, table)
        facts = folder / f"{pair}-{table.stem}.ttl"
        facts.write_bytes(found[table].turtle)
        kg.add(facts)
    return found


def by_hand(pair: str) -> list[Triple]:
    """Return the facts of a pair that were written by hand."""
    path = str(PAIRS / pair / "facts.ttl")
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


def compare(of_tables: Iterable[Triple], of_hand: Iterable[Triple]) -> Comparison:
    """Match the things of two graphs by class with label or facts, and compare their facts."""
    ours, theirs = _facts(of_tables), _facts(of_hand)
    left, right = _described(ours), _described(theirs)
    same: dict[object, object] = {}
    _match(same, {s: _named(ours, s) for s in left}, {s: _named(theirs, s) for s in right})
    by_label, before = len(same), -1
    while before < len(same):
        before = len(same)
        known = {each: each for each in same.values()}
        _match(
            same,
            {s: _signature(ours, s, same, left) for s in left - same.keys()},
            {s: _signature(theirs, s, known, right) for s in right - known.keys()},
        )
    composed = {s for s in same if _named(ours, s) != _named(theirs, same[s])}
    skipped = composed | {same[s] for s in composed}
    one = {(same.get(s, s), p, same.get(o, o)) for s, p, o in _listed(ours, skipped)}
    two = set(_listed(theirs, skipped))
    return Comparison(same, by_label, _shown(two - one), _shown(one - two))


def costs(pair: str, imports: dict[Path, Import]) -> dict[str, Cost]:
    """Return the cost of the facts of each form."""
    same = compare((t for found in imports.values() for t in found.triples), by_hand(pair)).same
    blocks = _lines_by_subject(PAIRS / pair / "facts.ttl")
    shares = Counter(
        passage for table in imports for row in _rows(table) for passage in _cited(row)
    )
    rows, lines, passages = Counter[str](), Counter[str](), defaultdict[str, float](float)
    done: set[object] = set()
    for table, found in imports.items():
        form = form_of(table)
        for row in _rows(table):
            rows[form] += 1
            passages[form] += sum(1 / shares[passage] for passage in _cited(row))
        for thing in {same.get(triple.subject, triple.subject) for triple in found.triples} - done:
            done.add(thing)
            lines[form] += blocks.get(str(thing).rpartition("/")[2].rstrip(">"), 0)
    return {form: Cost(rows[form], lines[form], passages[form]) for form in sorted(rows)}


def lines_of_a_fact(pair: str) -> float:
    """Return how many lines a person writes per fact: its row, and shares of headings and gists."""
    rows = sum(len(_rows(table)) for table in tables(pair))
    gists = (PAIRS / pair / "passages.ttl").read_text("utf-8").count("rkg:gist")
    return (rows + len(tables(pair)) + gists) / rows


def lines_of_a_passage(pair: str) -> float:
    """Return the lines that `relations-kg passages` writes for a passage, its gist among them."""
    text = (PAIRS / pair / "passages.ttl").read_text("utf-8")
    return len([line for line in text.splitlines() if line.strip()]) / text.count(" a rkg:Passage")


def _rows(table: Path) -> list[str]:
    return table.read_text("utf-8").splitlines()[1:]


def _cited(row: str) -> list[str]:
    return re.findall(r"src:[^/]+/(s\d+)", row)


def _lines_by_subject(path: Path) -> dict[str, int]:
    blocks = re.split(r"\n\s*\n", path.read_text("utf-8"))
    starts = [(re.search(r"^id:(\S+)", block, re.MULTILINE), block) for block in blocks]
    return {
        m[1]: block.count("\n") - block[: m.start()].count("\n") + 1 for m, block in starts if m
    }


def _facts(triples: Iterable[Triple]) -> Facts:
    facts: Facts = defaultdict(set)
    for triple in triples:
        facts[triple.subject].add((triple.predicate, triple.object))
    return facts


def _described(facts: Facts) -> set[object]:
    return {subject for subject, said in facts.items() if any(p == TYPE for p, _ in said)}


def _named(facts: Facts, thing: object) -> frozenset[tuple[object, object]]:
    return frozenset((p, o) for p, o in facts[thing] if p in (LABEL, TYPE))


def _signature(
    facts: Facts, thing: object, same: dict[object, object], described: set[object]
) -> frozenset[tuple[object, object]]:
    """Return the facts of a thing, without its label; a class stands for an unmatched thing."""
    return frozenset(
        (p, same.get(o, o) if o in same or o not in described else _class(facts, o))
        for p, o in facts[thing]
        if p != LABEL
    )


def _class(facts: Facts, thing: object) -> frozenset[object]:
    return frozenset(o for p, o in facts[thing] if p == TYPE)


def _match(
    same: dict[object, object], ours: dict[object, object], theirs: dict[object, object]
) -> None:
    """Add the pairs of things with the same key, if each is the only one with it."""
    keys, others = Counter(ours.values()), Counter(theirs.values())
    by_key = {key: thing for thing, key in theirs.items() if others[key] == 1}
    same |= {s: by_key[key] for s, key in ours.items() if keys[key] == 1 and key in by_key}


def _listed(facts: Facts, unlabelled: set[object]) -> Iterable[tuple[object, object, object]]:
    for subject, said in facts.items():
        for predicate, value in said:
            if predicate != LABEL or subject not in unlabelled:
                yield subject, predicate, value


def _shown(triples: set[tuple[object, object, object]]) -> list[str]:
    return sorted(" ".join(map(str, triple)) for triple in triples)


def main() -> None:
    """Print the comparison of each pair, and the lines of a fact by form."""
    import tempfile

    print(
        "Lines for a fact, with its share of the passages: all by hand; a row and gists, which are"
    )
    print(
        "what a person writes; and a row and whole passages, of which `passages` writes the rest."
    )
    print("form            facts  by hand  row and gists  row and whole passages")
    for pair in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            imports = imported(pair, Path(folder))
        triples = [triple for found in imports.values() for triple in found.triples]
        found = compare(triples, by_hand(pair))
        each = lines_of_a_passage(pair)
        print(
            f"{pair}: {len(found.same)} things, {found.by_label} of them by label; "
            f"{len(found.by_hand_only)} facts by hand only, {len(found.by_tables_only)} by tables; "
            f"{lines_of_a_fact(pair):.2f} lines a fact with headings"
        )
        for form, cost in costs(pair, imports).items():
            hand = cost.by_hand / cost.facts + each * cost.passages / cost.facts
            whole = 1 + each * cost.passages / cost.facts
            print(f"{form:15} {cost.facts:5} {hand:8.1f} {cost.written:14.2f} {whole:23.2f}")


if __name__ == "__main__":
    main()
