"""Write the pages of this folder that follow from the data: python docs/generate.py."""

from pathlib import Path

import relations_kg as rk
from relations_kg.namespaces import shorten

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


def main() -> None:
    """Write all pages."""
    (DOCS / "discrepancies.md").write_text(discrepancies(rk.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
