"""Rules read out: if this and that holds, then so does the other."""

from __future__ import annotations

from typing import NamedTuple

from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule
from relations_kg.terms import value

# A subject, a property and an object: IRIs, texts, and capital letters for what can be anything.
Part = tuple[str, str, str]


class Sentence(NamedTuple):
    """Hold what a rule says: in words, if it comes with some, or else its body and its head."""

    words: str
    body: tuple[Part, ...] = ()
    head: Part = ("", "", "")

    @classmethod
    def of(cls, rule: Rule) -> Sentence:
        """Read a rule out.

        >>> from pyoxigraph import NamedNode
        >>> near, far = NamedNode("urn:near"), NamedNode("urn:far")
        >>> Sentence.of(Rule("near", (("x1", near, "x0"),), ("x0", far, "x1"))).head
        ('B', 'urn:far', 'A')
        """
        if rule.words:
            return cls(rule.words)
        letters: dict[str, str] = {}

        def read(pattern: Pattern) -> Part:
            subject, predicate, object_ = (
                letters.setdefault(term, chr(ord("A") + len(letters)))
                if isinstance(term, str)
                else value(term)
                for term in pattern
            )
            return subject, predicate, object_

        return cls("", tuple(map(read, rule.body)), read(rule.head))
