"""The explanation of a fact: proofs from stated facts, or the missing premises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from relations_kg.answers.passages import Passage, passages_of_fact
from relations_kg.errors import QueryError
from relations_kg.rdf import markup
from relations_kg.rdf.formats import find
from relations_kg.rdf.markdown import escaped
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.terms import Statement
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.proofs import MOST_STEPS, Proof, Proofs, nearest

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_NOT_ENTAILED = "no rule entails this fact; it would have to be stated"


class Explanation:
    """The proofs of a fact, or the missing premises; true if the fact holds.

    `proofs` are minimal, shortest first, at most 20 and found within 5 seconds; `more` is true if
    others may have been left out. `essential` are the stated facts that every proof needs.
    `missing` are the rules that come nearest to entailing a fact that does not hold. Raises
    QueryError if more than MOST_STEPS rule applications can take part in proofs.
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

    def __repr__(self) -> str:
        number = f"{'more than ' if self.more else ''}{len(self.proofs)}"
        proofs = "1 proof" if number == "1" else f"{number} proofs"
        found = proofs if self else "does not hold"
        return f"<Explanation: {self._words(self.fact)}: {found}>"

    def _repr_html_(self) -> str:
        return markup.element("h3", self._words(self.fact)) + "".join(self._html())

    def _html(self) -> Iterator[str]:
        if not self:
            yield markup.element("p", "does not hold")
            for note in self._notes():
                yield markup.element("p", note)
        for near in self.missing:
            yield markup.element("h4", f"it would follow by {near.rule.name}")
            rows = [("holds", self._words(fact)) for fact in near.held]
            rows += [("missing", self._words(pattern)) for pattern in near.missing]
            yield markup.table(("", "fact"), rows, len(rows))
        for title, proof in self._titled:
            yield markup.element("h4", f"proof {title}")
            yield markup.items([self._html_step(proof)])
        if self:
            title, *facts = self._essential_lines()
            yield markup.element("h4" if facts else "p", title)
            yield markup.items(fact.strip() for fact in facts)

    def _html_step(self, step: Proof) -> markup.Html:
        """Return a fact with its rule and premises, or with its location and passages."""
        if step.rule:
            words = f": {step.rule.words}" if step.rule.words else ""
            note = f"by {step.rule.name}{words}"
            below = markup.items(map(self._html_step, step.premises))
        else:
            note = f"stated{self._place(step.fact)}"
            passages = self.passages(step.fact)
            below = markup.items(f"{p.curie}  {self._text(p)}" for p in passages)
        return markup.joined(f"{self._words(step.fact)} ", markup.element("i", note), below)

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
        for title, proof in self._titled:
            yield ""
            yield f"proof {title}"
            for depth, step in _steps(proof):
                indent = "    " * depth + "  "
                yield indent + self._words(step.fact)
                if step.rule:
                    words = f": {step.rule.words}" if step.rule.words else ""
                    yield f"{indent}    by {step.rule.name}{words}"
                    continue
                yield f"{indent}    stated{self._place(step.fact)}"
                for passage in self.passages(step.fact):
                    yield f"{indent}    {passage.curie}  {self._text(passage)}"
        yield ""
        yield from self._essential_lines()

    def _markdown(self) -> Iterator[str]:
        yield f"**{escaped(self._words(self.fact))}**"
        if not self:
            yield from ("", "Does not hold.", "")
            yield from (f"    {line}" for line in self._missing_lines())
            return
        for title, proof in self._titled:
            yield from ("", f"Proof {title}:", "")
            for depth, step in _steps(proof):
                item = "  " * depth + f"- {escaped(self._words(step.fact))}"
                if step.rule:
                    yield f"{item}, by *{escaped(step.rule.name)}*"
                    continue
                passages = (
                    f"`{p.curie}` {escaped(self._text(p))}" for p in self.passages(step.fact)
                )
                yield f"{item} (stated{escaped(self._place(step.fact))}): {', '.join(passages)}"
        yield ""
        yield from map(escaped, self._essential_lines())

    @property
    def _titled(self) -> Iterator[tuple[str, Proof]]:
        """The proofs, each with its number, such as "1 of 4"."""
        count = f"{'more than ' if self.more else ''}{len(self.proofs)}"
        return ((f"{number} of {count}", proof) for number, proof in enumerate(self.proofs, 1))

    def _essential_lines(self) -> Iterator[str]:
        if self.essential:
            yield "in every proof:"
            yield from (f"  {self._words(fact)}{self._place(fact)}" for fact in self.essential)
        elif len(self.proofs) > 1:
            yield "in every proof: no fact, since several proofs share none"
        else:
            yield (
                "in every proof: no fact, since the triple still follows if any one stated "
                "fact is removed"
            )

    def _missing_lines(self) -> Iterator[str]:
        yield from self._notes()
        for near in self.missing:
            yield ""
            yield f"it would follow by {near.rule.name}"
            yield from (f"  holds    {self._words(fact)}" for fact in near.held)
            yield from (f"  missing  {self._words(pattern)}" for pattern in near.missing)

    def _notes(self) -> Iterator[str]:
        """Yield notes on a fact that does not hold.

        If no rule entails it, a note says so. If things have facts about both its subject and its
        object, a note lists them.
        """
        if not self.missing:
            yield _NOT_ENTAILED
        names, ends = self._graph.names, [self.fact[0], self.fact[2]]
        iris = [each.value for each in ends if isinstance(each, NamedNode)]
        if len(iris) == len(ends) and (both := names.suggestions.about_both(*iris)):
            yield both

    def _json(self) -> dict[str, Any]:
        return {
            "fact": _terms(self.fact),
            "holds": bool(self),
            "proofs": [self._json_proof(proof) for proof in self.proofs],
            "more": self.more,
            "essential": [_terms(fact) for fact in self.essential],
            "missing": [
                {
                    "rule": near.rule.name,
                    "held": [_terms(fact) for fact in near.held],
                    "missing": [self._words(pattern) for pattern in near.missing],
                }
                for near in self.missing
            ],
        }

    def _json_proof(self, proof: Proof) -> dict[str, Any]:
        fact = {"fact": _terms(proof.fact), "words": self._words(proof.fact)}
        if proof.rule is None:
            passages = [
                {"iri": p.iri, "gist": p.gist} | ({"citation": p.citation} if p.citation else {})
                for p in self.passages(proof.fact)
            ]
            return {**fact, "stated": True, "passages": passages}
        premises = [self._json_proof(premise) for premise in proof.premises]
        return {**fact, "rule": proof.rule.name, "premises": premises}

    def _place(self, fact: Statement) -> str:
        place = self._graph.place(fact)
        return f", {place.file}:{place.line}" if place else ""

    def passages(self, fact: Statement) -> list[Passage]:
        """Return the passages cited by both subject and object, or else by the subject."""
        return passages_of_fact(self._graph.quad_store, fact[0], fact[2])

    def _text(self, passage: Passage) -> str:
        words = passage.text(self._document) if self._document is not None else None
        return f"“{words}”" if words is not None else passage.cited_gist

    def _words(self, fact: Statement | Pattern) -> str:
        """Return a fact or a pattern in words; a variable is given by its name."""
        shown = self._graph.names.shown
        return " · ".join(f"?{term}" if isinstance(term, str) else shown(term) for term in fact)


def _steps(proof: Proof, depth: int = 0) -> Iterator[tuple[int, Proof]]:
    """Yield a proof and the proofs of its premises, with their depths, in depth-first order."""
    yield depth, proof
    for premise in proof.premises:
        yield from _steps(premise, depth + 1)


def _terms(fact: Statement) -> list[str]:
    return [shorten(t.value) if isinstance(t, NamedNode) else str(t) for t in fact]
