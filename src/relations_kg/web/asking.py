"""The pages on which something is asked: questions, why a fact holds, SPARQL, new facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup
from pyoxigraph import NamedNode

from relations_kg.answers.passages import Passage
from relations_kg.answers.rows import Rows, Triples, cell
from relations_kg.rdf.namespaces import CODE, INFERRED, PREFIXES, SKOS, shorten
from relations_kg.rdf.terms import Statement, named, printable, statements
from relations_kg.web.addresses import anchor

if TYPE_CHECKING:
    from relations_kg.answers.explanation import Explanation
    from relations_kg.answers.queries import Parameter, StoredQuery
    from relations_kg.reasoning.proofs import Proof
    from relations_kg.validation.reports import Report
    from relations_kg.web.dress import Dress

# A page shows so many rows; the rest is in the formats that it links to.
MOST_ROWS = 500
# Of more things no list is offered while a name is typed.
_MOST_THINGS = 2000
_HINTS = {
    "thing": "a name, such as Peru or lima",
    "date": "a day: 1971-11-02",
    "year": "a year: 1971",
    "integer": "a whole number",
    "text": "any text",
}
_INPUTS = {"date": "date", "year": "number", "integer": "number"}

Parts = list[Markup]


class Field(NamedTuple):
    """Hold a field of a form: what it asks for, how, and what was given."""

    parameter: Parameter
    value: str
    input: str
    hint: str
    options: list[tuple[str, str]]


class Tree(NamedTuple):
    """Hold a proof ready to be shown: a fact, what it rests on or follows from."""

    fact: Parts
    rule: str
    passages: list[Passage]
    premises: list[Tree]


class Near(NamedTuple):
    """Hold what would give a fact: a rule, with what holds of it and what does not."""

    rule: str
    held: list[Parts]
    missing: list[Parts]


class Reasons(NamedTuple):
    """Hold why a fact holds, or what is missing for it."""

    fact: Parts
    anchor: str
    proofs: list[Tree]
    number: str
    essential: list[Parts]
    missing: list[Near]


def questions(dress: Dress) -> str:
    """List the stored questions."""
    listed = [(title(name), query) for name, query in dress.graph.queries.items()]
    return dress.page("questions.html", "Questions", queries=listed)


def question(
    dress: Dress, query: StoredQuery, values: Mapping[str, str], problem: Any = None
) -> str:
    """Ask a stored question, with a form for what it can be asked for."""
    missing = [p.name for p in query.parameters if p.required and not values.get(p.name)]
    given = {name: value for name, value in values.items() if value}
    if not problem:
        query.check_names(given)
    rows = None if missing or problem else dress.graph.run(query.name, **given)
    return dress.page(
        "question.html",
        title(query.name),
        query=query,
        fields=[_field(dress, p, values.get(p.name) or p.default or "") for p in query.parameters],
        missing=missing,
        problem=problem,
        rows=rows,
        shown=[list(row) for row in rows[:MOST_ROWS]] if rows is not None else [],
        given=given,
        things=_things(dress) if any(p.type == "thing" for p in query.parameters) else [],
    )


def title(name: str) -> str:
    """Make a title of the name of a question.

    >>> title("office-holders-on"), title("missions")
    ('Office holders on a day', 'Missions')
    """
    words = name.replace("-", " ").capitalize()
    return f"{words} a day" if words.endswith(" on") else words


def assumed(dress: Dress, query: StoredQuery) -> dict[str, str]:
    """Say what a question is asked for where nobody can choose: a day, the last that is told of."""
    days = dress.catalogue.days
    return {
        p.name: days[-1].isoformat()
        for p in query.parameters
        if p.required and p.type == "date" and days
    }


def explain(dress: Dress, names: Mapping[str, str], problem: Any = None) -> str:
    """Explain why a fact holds, or what is missing for it."""
    given = {name: names.get(name, "").strip() for name in ("subject", "predicate", "object")}
    reasons = None
    if all(given.values()) and not problem:
        reasons = _reasons(dress, dress.graph.explain(*given.values()))
    return dress.page(
        "explain.html",
        "Why does this hold?",
        given=given,
        reasons=reasons,
        problem=problem,
        things=_things(dress),
    )


def why(dress: Dress, iri: str) -> str:
    """Explain everything that is inferred of a thing."""
    from relations_kg.answers.explanation import Explanation

    graph = dress.graph
    quads = graph.store.quads_for_pattern(NamedNode(iri), None, None, NamedNode(INFERRED))
    facts = sorted(statements(quads), key=lambda fact: (str(fact[1]), str(fact[2])))
    return dress.page(
        "why.html",
        f"Why: {graph.names.label(iri)}",
        iri=iri,
        explained=[_reasons(dress, Explanation(graph, fact)) for fact in facts],
    )


def sparql(
    dress: Dress, text: str, answer: Rows | Triples | bool | None = None, problem: Any = None
) -> str:
    """Ask in SPARQL."""
    return dress.page(
        "query.html",
        "SPARQL",
        text=text,
        answer=answer,
        shown=[list(row) for row in answer[:MOST_ROWS]] if isinstance(answer, Rows) else [],
        turtle=printed(answer) if isinstance(answer, Triples) else "",
        problem=problem,
        prefixes=PREFIXES,
        queries=dress.graph.queries.values(),
    )


def printed(triples: Triples) -> str:
    """Write triples as Turtle, as far as a page shows it."""
    lines = triples.serialize("turtle").splitlines(keepends=True)
    more = "" if len(lines) <= MOST_ROWS else f"# and {len(lines) - MOST_ROWS} more lines\n"
    return "".join(lines[:MOST_ROWS]) + more


def validate(
    dress: Dress, text: str = "", report: Report | None = None, problem: Any = None
) -> str:
    """Check facts that are pasted, and tell what is wrong with them, and where."""
    from relations_kg.validation.reports.text import summary

    return dress.page(
        "validate.html",
        "Validate",
        text=text,
        report=report,
        summary=summary(report) if report else "",
        problem=problem,
    )


def _field(dress: Dress, parameter: Parameter, value: str) -> Field:
    options: list[tuple[str, str]] = []
    if parameter.type not in _HINTS:
        scheme = NamedNode(CODE + parameter.type)
        quads = dress.graph.store.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), scheme)
        options = sorted(
            (dress.graph.names.label(code.value), code.value.removeprefix(CODE))
            for code in named(quad.subject for quad in quads)
        )
    input = _INPUTS.get(parameter.type, "text")
    return Field(parameter, value, input, _HINTS.get(parameter.type, "one of a list"), options)


def _things(dress: Dress) -> Iterable[tuple[str, str]]:
    things = dress.catalogue.things
    if len(things) > _MOST_THINGS:
        return []
    labels = Counter(entry.label for entry in things)
    # A label that several things bear names none of them.
    return [
        (shorten(entry.iri), entry.label) if labels[entry.label] > 1 else (entry.label, "")
        for entry in things
    ]


def _reasons(dress: Dress, explanation: Explanation) -> Reasons:
    return Reasons(
        _parts(dress, explanation.fact),
        anchor(explanation.fact),
        [_tree(dress, explanation, proof) for proof in explanation.proofs],
        f"more than {len(explanation.proofs)}"
        if explanation.more
        else str(len(explanation.proofs)),
        [_parts(dress, fact) for fact in explanation.essential],
        [
            Near(
                near.rule.name,
                [_parts(dress, fact) for fact in near.held],
                [_parts(dress, pattern) for pattern in near.missing],
            )
            for near in explanation.missing
        ],
    )


def _tree(dress: Dress, explanation: Explanation, proof: Proof) -> Tree:
    rule = proof.rule
    return Tree(
        _parts(dress, proof.fact),
        f"{rule.name}: {rule.words}" if rule and rule.words else rule.name if rule else "",
        [] if rule else explanation.passages(proof.fact),
        [_tree(dress, explanation, premise) for premise in proof.premises],
    )


def _parts(dress: Dress, pattern: Statement | tuple[Any, ...]) -> Parts:
    return [
        Markup("<i>{}</i>").format("any " + printable(term))
        if isinstance(term, str)
        else dress.cell(cell(term, dress.graph.names))
        for term in pattern
    ]
