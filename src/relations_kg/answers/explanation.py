"""The explanation of a fact: proofs down to stated facts, or what is missing for it to hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from relations_kg.answers.passages import Passage, passages_of
from relations_kg.errors import QueryError
from relations_kg.rdf.formats import find
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.terms import EngineTerm, Statement, printable, value
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.proofs import MOST_STEPS, Proof, Proofs, nearest

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge


class Explanation:
    """The proofs of a fact, or what is missing for it; true if the fact holds.

    `proofs` are minimal, the shortest first, at most 20 and those found within 5 seconds; `more`
    is whether others may have been left out. `essential` are the stated facts that are in every
    proof, including those left out. `missing` are the rules that come nearest to entailing a fact
    that does not hold. Raises QueryError if more than MOST_STEPS rule applications take part.
    """

    def __init__(self, graph: Knowledge, fact: Statement, document: str | None = None) -> None:
        self.fact = fact
        self._graph = graph
        self._document = document
        self.proofs: tuple[Proof, ...] = ()
        self.more = False
        self.essential: tuple[Statement, ...] = ()
        self.missing = () if fact in graph.inference else tuple(nearest(graph.inference, fact))
        if fact in graph.inference:
            proofs = Proofs(graph.inference, fact)
            if proofs.exceeded:
                raise QueryError(
                    f"more than {MOST_STEPS:,} steps can take part in proofs of this triple",
                    where="explain",
                    help="explain one of its premises instead",
                )
            self.proofs, self.more = proofs.minimal()
            self.essential = tuple(sorted(proofs.essential(), key=str))

    def __bool__(self) -> bool:
        return bool(self.proofs)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def serialize(self, format: str = "text") -> str:
        """Return the explanation as text, json or markdown."""
        name = find(format, "explanation").name
        if name == "json":
            return json.dumps(self._json(), ensure_ascii=False, indent=2) + "\n"
        return str(self) if name == "text" else "".join(f"{line}\n" for line in self._markdown())

    def _lines(self) -> Iterator[str]:
        yield self._words(self.fact)
        if not self:
            yield "does not hold"
            yield from self._missing_lines()
            return
        for number, proof in enumerate(self.proofs, 1):
            yield ""
            yield f"proof {number} of {self._count}"
            yield from self._proof_lines(proof, "  ")
        yield ""
        yield from self._essential_lines()

    def _proof_lines(self, proof: Proof, indent: str) -> Iterator[str]:
        yield f"{indent}{self._words(proof.fact)}"
        if proof.rule is None:
            yield f"{indent}    stated{self._place(proof.fact)}"
            for passage in self.passages(proof.fact):
                yield f"{indent}    {passage.curie}  {self._text(passage)}"
            return
        words = f": {proof.rule.words}" if proof.rule.words else ""
        yield f"{indent}    by {proof.rule.name}{words}"
        for premise in proof.premises:
            yield from self._proof_lines(premise, indent + "    ")

    def _essential_lines(self) -> Iterator[str]:
        if not self.essential:
            several = (
                "several proofs share no fact"
                if len(self.proofs) > 1
                else "it still follows if any one stated fact is removed"
            )
            yield f"in every proof: none: {several}"
            return
        yield "in every proof:"
        for fact in self.essential:
            yield f"  {self._words(fact)}{self._place(fact)}"

    def _missing_lines(self) -> Iterator[str]:
        if not self.missing:
            yield "no rule entails it: it would have to be stated"
        for near in self.missing:
            yield ""
            yield f"it would follow by {near.rule.name}"
            yield from (f"  holds    {self._words(fact)}" for fact in near.held)
            yield from (f"  missing  {self._pattern(pattern)}" for pattern in near.missing)

    def _markdown(self) -> Iterator[str]:
        yield f"**{self._words(self.fact)}**"
        if not self:
            yield ""
            yield "Does not hold."
            yield ""
            yield from (f"    {line}" for line in self._missing_lines())
            return
        for number, proof in enumerate(self.proofs, 1):
            yield ""
            yield f"Proof {number} of {self._count}:"
            yield ""
            yield from self._markdown_proof(proof, "")
        yield ""
        yield from self._essential_lines()

    def _markdown_proof(self, proof: Proof, indent: str) -> Iterator[str]:
        if proof.rule is None:
            places = ", ".join(f"`{p.curie}` {self._text(p)}" for p in self.passages(proof.fact))
            yield f"{indent}- {self._words(proof.fact)} (stated{self._place(proof.fact)}): {places}"
            return
        yield f"{indent}- {self._words(proof.fact)}, by *{proof.rule.name}*"
        for premise in proof.premises:
            yield from self._markdown_proof(premise, indent + "  ")

    def _json(self) -> dict[str, Any]:
        return {
            "fact": self._terms(self.fact),
            "holds": bool(self),
            "proofs": [self._json_proof(proof) for proof in self.proofs],
            "more": self.more,
            "essential": [self._terms(fact) for fact in self.essential],
            "missing": [
                {
                    "rule": near.rule.name,
                    "held": [self._terms(fact) for fact in near.held],
                    "missing": [self._pattern(pattern) for pattern in near.missing],
                }
                for near in self.missing
            ],
        }

    def _json_proof(self, proof: Proof) -> dict[str, Any]:
        fact: dict[str, Any] = {
            "fact": self._terms(proof.fact),
            "words": self._words(proof.fact),
        }
        if proof.rule is None:
            passages = [{"iri": p.iri, "gist": p.gist} for p in self.passages(proof.fact)]
            return {**fact, "stated": True, "passages": passages}
        premises = [self._json_proof(premise) for premise in proof.premises]
        return {**fact, "rule": proof.rule.name, "premises": premises}

    @property
    def _count(self) -> str:
        return f"more than {len(self.proofs)}" if self.more else str(len(self.proofs))

    def _place(self, fact: Statement) -> str:
        place = self._graph.place(fact)
        return f", {place.file}:{place.line}" if place else ""

    def passages(self, fact: Statement) -> list[Passage]:
        """Return the passages that both ends of a fact cite, else those of its subject."""
        subject, _, object_ = fact
        ends = [
            passages_of(self._graph.store, [end.value])
            for end in (subject, object_)
            if isinstance(end, NamedNode)
        ]
        shared = [p for p in ends[0] if p in ends[1]] if len(ends) == 2 else []
        return shared or (ends[0] if ends else [])

    def _text(self, passage: Passage) -> str:
        words = passage.text(self._document) if self._document is not None else None
        return f"“{words}”" if words is not None else passage.gist

    def _words(self, fact: Statement) -> str:
        return " · ".join(map(self._label, fact))

    def _pattern(self, pattern: Pattern) -> str:
        return " · ".join(f"?{t}" if isinstance(t, str) else self._label(t) for t in pattern)

    def _label(self, term: EngineTerm) -> str:
        if isinstance(term, NamedNode):
            return self._graph.names.label(term.value)
        return printable(value(term))

    @staticmethod
    def _terms(fact: Statement) -> list[str]:
        return [shorten(t.value) if isinstance(t, NamedNode) else str(t) for t in fact]
