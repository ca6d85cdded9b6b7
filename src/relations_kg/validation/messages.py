"""Findings made from violations: each with a message, a place and a correction."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.names.names import Names
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import RDF, RKG, STATED, XSD, shorten
from relations_kg.rdf.spelling import with_article
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, value
from relations_kg.reader import refusals
from relations_kg.reasoning import proofs
from relations_kg.validation import corrections, placing
from relations_kg.validation.findings import Finding
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.submission import Submission
from relations_kg.validation.violations import Violation

if TYPE_CHECKING:
    from relations_kg.answers.contradictions import Contradiction
    from relations_kg.answers.passages import Passage
    from relations_kg.validation.corrections import Corrections
    from relations_kg.validation.placing import Placing

# The messages for the kinds of Core constraints; the message of the shape becomes the help.
CORE = {
    "class": "{path} of {this} must point to a {expected}; {value} is {kinds}",
    "datatype": "{path} of {this} must be {datatype}; {value} is {kinds}",
    "disjoint": "{path} and {expected} of {this} are both {value}",
    "less-than": "{path} of {this} is {value}, which is not less than its {expected}",
    "less-than-or-equals": "{path} of {this} is {value}, which is more than its {expected}",
    "max-count": "{this} has more than one {path}",
    "min-count": "{this} needs {path}",
    "min-inclusive": "{path} of {this} is {value}, which is less than {expected}",
    "node-kind": "{path} of {this} is {value}",
    "or": "{path} of {this} points to {value}, which is {kinds}",
    "pattern": "{path} of {this} is {value}",
    "qualified-min-count": "{this} has no {path} that fits",
    "unique-lang": "{this} has more than one {path} in one language",
}
_TEXTS = {RDF + "langString": "text with a language", XSD + "string": "text without a language"}
_NUMBERS = (XSD + "integer", XSD + "decimal")
_NUMBER = r"[+-]?[0-9.]+"
# The maximum number of passages to list for each fact of a contradiction.
_MOST_SOURCES = 5
_PLACEHOLDER = r"\{[$?]?(\w+)\}"
# The longest name or text in a message, in characters, as in the cells of tables.
_LONGEST_SHOWN = 300
# Codes of mistakes in the text of a literal; a finding of a shape replaces them, since it names the
# property.
_ABOUT_TEXTS = ("date", "amount", "lexical")
_ABOUT_FORMS = ("datatype", "pattern")


# A thing, and the value that a shape reports.
Blamed = tuple[Term, Term | None]


class Messages:
    """The findings for violations, while the graph contains the submitted facts."""

    def __init__(self, graph: Knowledge, shapes: Shapes, submissions: Sequence[Submission]) -> None:
        self._graph, self._shapes = graph, shapes
        self._submissions = submissions
        self._names = Names(graph.quad_store)
        self._own_terms = set(extensions.terms(graph.quad_store))

    @cached_property
    def _placing(self) -> Placing:
        return placing.Placing(self._graph, self._submissions)

    @cached_property
    def _corrections(self) -> Corrections:
        new = named(fact[0] for each in self._submissions for fact in each.facts)
        return corrections.Corrections(self._graph, self._shapes, new)

    def finding(self, violation: Violation, blamed: Container[Blamed] = ()) -> Finding | None:
        """Return the finding for a violation, or None if another finding reports or causes it.

        A violation of a check is not reported if a shape reports the same value of the same thing;
        `blamed` contains the things and values that shapes report.
        """
        if not _is_of_shape(violation) and (violation.focus, violation.value) in blamed:
            return None
        spot, related = self._placing.of(violation)
        if spot and self._placing.is_unread(violation, spot):
            return None
        message, rule = self._sentence(violation)
        correction = self._corrections.of(violation)
        anonymous = violation.value is None or isinstance(violation.value, BlankNode)
        finding = Finding(
            violation.severity,
            violation.code,
            message,
            shorten(violation.rule) if violation.rule else None,
            violation.focus.value if isinstance(violation.focus, NamedNode) else None,
            help=correction.help or _with_note(rule, correction.note),
            fix=spot.fix(violation.value, correction.term)
            if spot and violation.value and correction.term
            else None,
            related=tuple(related),
            path=violation.path,
            value=None if anonymous else str(violation.value),
        )
        return spot.located(finding) if spot else finding

    def unplaced(self, violation: Violation) -> Finding | None:
        """Return the finding for a violation; with a single file, without a message or a line.

        With several files, it is the result of `finding`, which looks up the file.
        """
        if len(self._submissions) > 1:
            return self.finding(violation)
        kind = violation.severity, violation.code, "", shorten(violation.rule or "")
        return Finding(*kind, file=self._submissions[0].name)

    def contradiction(self, clash: Contradiction, found: Collection[Finding]) -> Finding | None:
        """Return the finding for a contradiction, or None if it involves no submitted fact.

        Returns None, too, if such a fact has an error in `found`, which is then the cause.
        """
        subject = clash.facts[0][0]
        proved = (proofs.Proofs(self._graph.inference, fact).minimal()[0] for fact in clash.facts)
        leaves = list(dict.fromkeys(leaf for ps in proved for proof in ps for leaf in proof.leaves))
        # A link to the subject is the likeliest mistake, then other facts, then a class.
        leaves.sort(key=lambda leaf: (leaf[2] != subject, leaf[1] == TYPE))
        spots, related = self._placing.contradicting(leaves)
        wrong = {finding.extent for finding in found if finding.severity == "error"}
        predicates = self._placing.spots(leaves, 1)
        if not spots or any(spot.extent in wrong for spot in (*spots, *predicates)):
            return None
        files = dict.fromkeys(f"--facts {spot.submission.name}" for spot in spots)
        sides = (_side(*side) for side in zip(clash.facts, clash.sides, strict=True))
        finding = Finding(
            "error",
            "contradiction",
            clash.message,
            focus=subject.value if isinstance(subject, NamedNode) else None,
            help=f"run: relations-kg explain {' '.join(files)} {', and with '.join(sides)}",
            related=tuple(related),
        )
        return spots[0].located(finding)

    def with_texts(self, findings: Iterable[Finding | None]) -> list[Finding]:
        """Return the given findings and those about the texts of the files, each mistake once."""
        result = list(dict.fromkeys(finding for finding in findings if finding is not None))
        shaped = {finding.extent for finding in result if finding.shape}
        forms = {f.extent: index for index, f in enumerate(result) if f.code in _ABOUT_FORMS}
        for finding in (f for submission in self._submissions for f in submission.findings):
            has_place = finding.line or finding.pointer
            if has_place and finding.code == refusals.BUNDLED and finding.extent in shaped:
                continue
            index = forms.get(finding.extent) if has_place else None
            if index is None or finding.code not in _ABOUT_TEXTS:
                result.append(finding)
            elif finding.fix or not result[index].fix:
                result[index] = replace(result[index], help=finding.help, fix=finding.fix)
        return result

    def _sentence(self, violation: Violation) -> tuple[str, str | None]:
        """Return a violation's message and, if it is one of `CORE`, the rule's message as help."""
        template = CORE.get(violation.code) if violation.path else None
        terms: dict[str, Term | None] = {
            **violation.bindings,
            "this": violation.focus,
            "value": violation.value,
            "expected": violation.expected,
        }

        names = {name: self._name(term) for name, term in terms.items()}
        two = {"this": violation.focus, "value": violation.value}
        if names["this"] == names["value"] and violation.focus != violation.value:
            iris = {name: term.value for name, term in two.items() if isinstance(term, NamedNode)}
            names |= {name: f"{names[name]} ({shorten(iri)})" for name, iri in iris.items()}

        def word(match: re.Match[str]) -> str:
            if match[1] == "path":
                return shorten(violation.path or "")
            if match[1] == "kinds":
                return self._kinds(violation.value, violation.expected)
            if match[1] == "datatype" and template:
                return with_article(names["expected"])
            return names.get(match[1], match[0])

        text = re.sub(_PLACEHOLDER, word, template or violation.message)
        return text.removesuffix("."), _help(violation) if template else None

    def _name(self, term: Term | None) -> str:
        """Return the label of a thing in quotes, or the short form of a vocabulary term."""
        if isinstance(term, NamedNode):
            if term.value in _TEXTS:
                return _TEXTS[term.value]
            short = shorten(term.value)
            is_term = term.value.startswith(RKG) or term in self._own_terms
            label = short if is_term else self._names.label(term.value)
            return _clip(short) if label == short else f'"{_clip(label)}"'
        if isinstance(term, Literal):
            number = term.datatype.value in _NUMBERS and re.fullmatch(_NUMBER, term.value)
            text = _clip(term.value)
            return text if number else f'"{text}"'
        return "a node without an IRI"

    def _kinds(self, term: Term | None, expected: Term | None) -> str:
        if term is None:
            return ""
        if isinstance(term, Literal):
            if term.datatype == expected:
                return "none"
            text = f"text in {term.language}" if term.language else self._name(term.datatype)
            return with_article(text)
        store = self._graph.quad_store
        kinds = sorted(shorten(value(kind)) for kind in objects(store, term, TYPE.value, STATED))
        if kinds:
            return "a " + " and a ".join(kinds)
        described = any(store.quads_for_pattern(term, None, None, NamedNode(STATED)))
        return "of no class" if described else "not described"


def reported_values(violations: Iterable[Violation]) -> set[Blamed]:
    """Return the things with the values that shapes report."""
    return {(v.focus, v.value) for v in violations if _is_of_shape(v) and v.value != v.focus}


def _side(fact: Statement, passages: Collection[Passage]) -> str:
    """Return a fact as arguments of `explain`, with its passages."""
    terms = " ".join(
        shorten(term.value) if isinstance(term, NamedNode) else f'"{value(term)}"' for term in fact
    )
    sources = ", ".join(passage.curie for passage in list(passages)[:_MOST_SOURCES])
    if len(passages) > _MOST_SOURCES:
        sources += f" and {len(passages) - _MOST_SOURCES} more"
    return f"{terms} ({f'from {sources}' if sources else 'from no passage'})"


def _help(violation: Violation) -> str:
    """Return the message of a rule, with advice on several values only if these are the mistake."""
    if violation.code == "max-count":
        return violation.message
    return re.sub("; record .*", ".", violation.message)


def _with_note(rule: str | None, note: str | None) -> str | None:
    return f"{rule.removesuffix('.')}; {note}" if rule and note else rule or note


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _is_of_shape(violation: Violation) -> bool:
    return bool(violation.rule) or violation.code == "code-list"
