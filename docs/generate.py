"""Write the generated pages: python docs/generate.py.

These are docs/discrepancies/DOCUMENT.md for each document in data/, and build/rules.md.
"""

from pathlib import Path

from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import INFERRED, shorten
from relations_kg.rdf.terms import Statement, statements, value
from relations_kg.reasoning.notation3 import time_rules
from relations_kg.reasoning.ontology import Ontology
from relations_kg.reasoning.readings import reading_rules
from relations_kg.reasoning.rules import Derivation

TOP = Path(__file__).parent.parent


def discrepancies(kg: rk.Graph) -> str:
    """Return the page of places where a document disagrees with itself or leaves things open."""
    lines = [
        "# Where the source disagrees with itself",
        "",
        "This page is generated from the data by `make docs`. Each entry states what the passages",
        "leave open and what was decided. The graph keeps every claim with its passage and asserts",
        "only a preferred one.",
    ]
    kind = None
    for row in kg.run("discrepancies"):
        thing, what, decision = row.discrepancy, row.what, row.decision
        if not isinstance(thing, rk.Thing) or not isinstance(row.kind, rk.Thing):
            continue
        if row.kind != kind:
            kind = row.kind
            lines += ["", f"## {kind.label.capitalize()}"]
        lines += ["", f"### {thing.label}", "", f"{what}", "", f"**Decision.** {decision}", ""]
        concerned = kg.query(
            f"SELECT ?x WHERE {{ <{thing}> rkg:concerns ?x }} ORDER BY ?x", timeout=None
        )
        assert isinstance(concerned, rk.Rows)
        for (other,) in concerned:
            assert isinstance(other, rk.Thing)
            claim = kg.query(
                f"SELECT ?status ?why WHERE {{ <{other}> rkg:claimStatus ?status . "
                f"OPTIONAL {{ <{other}> rkg:preferredBecause ?why }} }}",
                timeout=None,
            )
            assert isinstance(claim, rk.Rows)
            status = f" ({claim[0].status.label})" if claim else ""
            why = f": {claim[0].why}" if claim and claim[0].why else ""
            lines.append(f"- {other.label}{status}{why}")
        places = ", ".join(shorten(p.iri) for p in kg.passages(thing))
        lines += ["", f"Passages: {places}"]
    return "\n".join(lines) + "\n"


def rules(kg: rk.Graph) -> str:
    """Return the page of the inference rules, with an example from the data if there is one."""
    examples: dict[str, tuple[Derivation, Statement]] = {}
    inferred = kg.store.quads_for_pattern(None, None, None, NamedNode(INFERRED))
    for fact in sorted(statements(inferred), key=str):
        for derivation in kg.inference.derivations(fact):
            examples.setdefault(derivation.rule.name, (derivation, fact))
    lines = [
        "# Inference rules",
        "",
        "This page is generated from the ontology and the data by `make docs`. The axioms of",
        "`ontology/relations.ttl` are compiled into rules; the rules about time are written in",
        "`ontology/time.n3`. A reading gives what the source implies without stating it.",
        "`relations-kg explain` names the rules of each proof.",
    ]
    about_time = {rule.name: rule.words for rule in time_rules()}
    read = {rule.name: rule.words for rule in reading_rules(Ontology(kg.store))}
    axioms = {
        rule.name: ""
        for rule in kg.inference.closure.rules
        if rule.name not in {*about_time, *read}
    }
    for title, named in (
        ("About time", about_time),
        ("From readings", read),
        ("From axioms", axioms),
    ):
        lines += ["", f"## {title}"]
        for name, words in named.items():
            lines += ["", f"### {name}", *(["", words] if words else [])]
            if name not in examples:
                lines += ["", "The data has no example."]
                continue
            derivation, fact = examples[name]
            lines += ["", f"{_words(kg, fact)}, because"]
            lines += ["", *(f"- {_words(kg, premise)}" for premise in derivation.premises)]
    return "\n".join(lines) + "\n"


def _words(kg: rk.Graph, fact: Statement) -> str:
    labels = (kg.names.label(t.value) if isinstance(t, NamedNode) else value(t) for t in fact)
    return " · ".join(labels)


def main() -> None:
    """Write the pages; the page of a document depends on its own facts only."""
    for document in sorted(path for path in (TOP / "data").iterdir() if path.is_dir()):
        page = discrepancies(rk.load(only=sorted(document.rglob("*.ttl"))))
        path = TOP / "docs" / "discrepancies" / f"{document.name}.md"
        path.write_text(page, encoding="utf-8")
    (TOP / "build").mkdir(exist_ok=True)
    (TOP / "build" / "rules.md").write_text(rules(rk.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
