"""Write the pages of this folder that follow from the data: python docs/generate.py."""

from pathlib import Path

from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import INFERRED, shorten
from relations_kg.rdf.terms import Statement, statements, value
from relations_kg.reasoning.closure import Derivation
from relations_kg.reasoning.inference import time_rules

DOCS = Path(__file__).parent


def discrepancies(kg: rk.Graph) -> str:
    """Write the page of the places where a source disagrees with itself or leaves things open."""
    lines = [
        "# Where the source disagrees with itself",
        "",
        "Generated from the data by `docs/generate.py`. Each entry says what the passages leave a",
        "reader to decide, and what the graph does about it. The claims are all kept, with their",
        "passages; only a preferred one is asserted.",
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
        concerned = kg.query(f"SELECT ?x WHERE {{ <{thing}> rkg:concerns ?x }} ORDER BY ?x")
        assert isinstance(concerned, rk.Rows)
        for (other,) in concerned:
            assert isinstance(other, rk.Thing)
            claim = kg.query(
                f"SELECT ?status ?why WHERE {{ <{other}> rkg:claimStatus ?status . "
                f"OPTIONAL {{ <{other}> rkg:preferredBecause ?why }} }}"
            )
            assert isinstance(claim, rk.Rows)
            status = f" ({claim[0].status.label})" if claim else ""
            why = f": {claim[0].why}" if claim and claim[0].why else ""
            lines.append(f"- {other.label}{status}{why}")
        places = ", ".join(shorten(p.iri) for p in kg.passages(thing))
        lines += ["", f"Passages: {places}"]
    return "\n".join(lines) + "\n"


def rules(kg: rk.Graph) -> str:
    """Write the page of the rules that inference goes by, each with an example."""
    examples: dict[str, tuple[Derivation, Statement]] = {}
    inferred = kg.store.quads_for_pattern(None, None, None, NamedNode(INFERRED))
    for fact in sorted(statements(inferred), key=str):
        for derivation in kg.inference.derivations(fact):
            examples.setdefault(derivation.rule.name, (derivation, fact))
    lines = [
        "# The rules that inference goes by",
        "",
        "Generated from the ontology and the data by `docs/generate.py`. The axioms of",
        "`ontology/relations.ttl` are compiled into rules; those about time are written as such in",
        "`ontology/time.n3`. `relations-kg explain` names the rules of each proof.",
    ]
    about_time = {rule.name: rule.words for rule in time_rules()}
    axioms = {rule.name: "" for rule in kg.inference.closure.rules if rule.name not in about_time}
    for title, named in (("About time", about_time), ("From axioms", axioms)):
        lines += ["", f"## {title}"]
        for name, words in named.items():
            lines += ["", f"### {name}", *(["", words] if words else [])]
            if name not in examples:
                lines += ["", "The data has no example."]
                continue
            derivation, fact = examples[name]
            lines += ["", f"{_words(kg, fact)}, as"]
            lines += ["", *(f"- {_words(kg, premise)}" for premise in derivation.premises)]
    return "\n".join(lines) + "\n"


def _words(kg: rk.Graph, fact: Statement) -> str:
    labels = (kg.names.label(t.value) if isinstance(t, NamedNode) else value(t) for t in fact)
    return " · ".join(labels)


def main() -> None:
    """Write all pages."""
    kg = rk.load()
    for name, page in (("discrepancies", discrepancies), ("rules", rules)):
        (DOCS / f"{name}.md").write_text(page(kg), encoding="utf-8")


if __name__ == "__main__":
    main()
