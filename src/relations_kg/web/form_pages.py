"""The pages with input fields: stored queries, explanations, SPARQL, validation and new facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from time import monotonic

from pyoxigraph import NamedNode

from relations_kg.answers.cells import Thing
from relations_kg.answers.explanation import Explanation
from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.rows import Row, Rows, Triples
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.templates import explanation
from relations_kg.errors import QueryError, UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf import formats
from relations_kg.rdf.namespaces import INFERRED, OWL, PREFIXES
from relations_kg.rdf.terms import TYPE, Statement, named, objects, statements
from relations_kg.validation.findings import Report
from relations_kg.validation.reports.text import summary
from relations_kg.web import headings, suggestions
from relations_kg.web.new_facts import NewFacts
from relations_kg.web.paging import Paged
from relations_kg.web.problems import Problem
from relations_kg.web.rendering import Renderer
from relations_kg.web.thing_pages import columns_with_values

# The maximum numbers of rows of a stored query on a page, of rows or lines of a SPARQL answer, and
# of rows whose passages a page lists.
ROWS_OF_A_PAGE, MOST_ROWS, _MOST_CITING = 200, 500, 500
# The formats in which an answer can be downloaded.
_ROWS = [each.name for each in formats.containing("rows") if each.results]
_TRIPLES = formats.names("answers")
# The time limit, in seconds, for explaining the facts of a thing on a page.
_TIMEOUT = 10.0
# The maximum numbers of examples about a party, and of the facts from which they are chosen.
_EXAMPLES, _MOST_SORTED = 3, 1_000


def questions(renderer: Renderer) -> str:
    """Return the page that lists the stored queries by subject."""
    subjects = {
        subject: [(query.question or title(query.name), query) for query in members]
        for subject, members in headings.by_subject(renderer.graph.queries.values()).items()
    }
    return renderer.page("questions.html", "Questions", subjects=subjects)


def api(renderer: Renderer, here: str) -> str:
    """Return the page for programmers that describes the server at an address."""
    return renderer.page("api.html", "For programs", here=here, prefixes=PREFIXES)


def question(
    renderer: Renderer,
    query: StoredQuery,
    values: Mapping[str, str],
    sort: str = "",
    number: int = 1,
    problem: Problem | None = None,
) -> str:
    """Return the page of a stored query: its form, and its answer unless a value is missing.

    `sort` is the column to sort by, with "-" before it for descending order, and `number` is the
    number of the page of rows.
    """
    names = renderer.graph.names
    missing = [p for p in query.parameters if p.required and not values.get(p.name)]
    given = {name: value for name, value in values.items() if value}
    if not problem:
        query.check_names(given)
    rows = None if missing or problem else renderer.graph.run(query.name, **given)
    columns = columns_with_values(rows.columns, rows) if rows else []
    ordered = [[row[column] for column in columns] for row in _sorted(rows, sort)] if rows else []
    shown = Paged.of(ordered, number, ROWS_OF_A_PAGE)
    cited = rows.passages if rows is not None and len(rows) <= _MOST_CITING else []
    return renderer.page(
        "question.html",
        query.question or title(query.name),
        query=query,
        values={p.name: values.get(p.name) or p.default or "" for p in query.parameters},
        options={
            p.name: ["false", "true"] if p.type == "boolean" else p.options(names)
            for p in query.parameters
        },
        missing={p.name: p.asked_for(names) for p in missing},
        problem=problem,
        rows=rows,
        columns=columns,
        headings=headings.of_columns(query, columns),
        shown=shown,
        sort=sort,
        cited=cited,
        given=given,
        has_workbooks=bool(find_spec("openpyxl")),
        hints={p.name: _asked_for(p, names) for p in query.parameters},
        labels={p.name: headings.of_field(p.name) for p in query.parameters},
        suggestions=suggestions.listed(renderer, query.parameters),
    )


def _sorted(rows: Rows, sort: str) -> Sequence[Row]:
    """Return the rows sorted by a column: first texts, then numbers, then rows without a value.

    A "-" before the column reverses the order of the values. Raises QueryError for another column.
    """
    column = sort.removeprefix("-")
    if not sort:
        return rows
    if column not in rows.columns:
        help = f"use one of {', '.join(rows.columns)}"
        raise QueryError(f"there is no column {column!r}", where="sort", help=help)

    def key(row: Row) -> tuple[bool, float, str]:
        value = row[column]
        is_number = isinstance(value, int | float | Decimal)
        text = value.label if isinstance(value, Thing) else str(value)
        return is_number, float(value) if is_number else 0.0, text.casefold()  # type: ignore[arg-type]

    known = [row for row in rows if row[column] is not None]
    known.sort(key=key, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if row[column] is None)]


def _asked_for(parameter: Parameter, names: Names) -> str:
    """Return the explanation of a stored query's field, with the label of an example."""
    what, example = parameter.asked_for(names)
    if parameter.is_thing:
        with suppress(UnknownName):
            example = names.label(names.find(example))
    return f"{what}, such as {example}"


def title(name: str) -> str:
    """Return a title made from the name of a stored query.

    >>> title("office-holders-on"), title("missions")
    ('Office holders on a day', 'Missions')
    """
    words = name.replace("-", " ").capitalize()
    return f"{words} a day" if words.endswith(" on") else words


def default_values(renderer: Renderer, query: StoredQuery) -> dict[str, str]:
    """Return the values with which a static site answers a query.

    Each required day is the last day of the data.
    """
    days = renderer.index.days
    return {
        p.name: days[-1].isoformat()
        for p in query.parameters
        if p.required and p.type == "date" and days
    }


def explain(renderer: Renderer, names: Mapping[str, str], problem: Problem | None = None) -> str:
    """Return the page with the proofs of a fact, or with the missing premises."""
    given = {name: names.get(name, "").strip() for name in ("subject", "predicate", "object")}
    is_asked = all(given.values()) and not problem
    return renderer.page(
        "explain.html",
        "Why does this hold?",
        given=given,
        explanation=renderer.graph.explain(*given.values()) if is_asked else None,
        problem=problem,
        examples=() if any(given.values()) else _inferred(renderer),
        things=suggestions.things(renderer),
    )


def _inferred(renderer: Renderer) -> list[Statement]:
    """Return some inferred facts about the parties of the largest relationship.

    Types, and properties that are the inverse of another, are left out: their proofs are trivial.
    """
    store = renderer.graph.quad_store
    found: list[Statement] = []
    for entry in renderer.index.relationships[:1]:
        for party in ("firstParty", "secondParty"):
            for node in named(renderer.writer.things(entry.iri, party)):
                pattern = (node, None, None, NamedNode(INFERRED))
                about = [*islice(statements(store.quads_for_pattern(*pattern)), _MOST_SORTED)]
                by_property = {fact[1]: fact for fact in sorted(about, key=str, reverse=True)}
                shown = [
                    fact
                    for property, fact in by_property.items()
                    if property != TYPE and not objects(store, property, OWL + "inverseOf")
                ]
                found += sorted(shown, key=str)[:_EXAMPLES]
    return found


def inferred_facts(renderer: Renderer, iri: str) -> str:
    """Return the page with the proofs of a thing's inferred facts, within a time limit."""
    graph = renderer.graph
    facts = sorted(
        statements(
            graph.quad_store.quads_for_pattern(NamedNode(iri), None, None, NamedNode(INFERRED))
        ),
        key=lambda fact: (str(fact[1]), str(fact[2])),
    )
    deadline = monotonic() + _TIMEOUT
    return renderer.page(
        "why.html",
        f"Why: {graph.names.label(iri)}",
        iri=iri,
        explained=[
            (fact, Explanation(graph, fact) if monotonic() < deadline else None) for fact in facts
        ],
    )


def sparql(
    renderer: Renderer,
    text: str,
    answer: Rows | Triples | bool | None = None,
    warnings: Sequence[str] = (),
    problem: Problem | None = None,
) -> str:
    """Return the page with the editor of SPARQL queries, an answer and the warnings about it."""
    return renderer.page(
        "query.html",
        "SPARQL",
        text=text,
        answer=answer,
        warnings=warnings,
        most=MOST_ROWS,
        turtle=_first_lines(answer) if isinstance(answer, Triples) else "",
        formats=_TRIPLES if isinstance(answer, Triples) else _ROWS,
        problem=problem,
        prefixes=PREFIXES,
        terms=renderer.index.terms,
        queries=renderer.graph.queries.values(),
    )


def validate(
    renderer: Renderer,
    text: str = "",
    report: Report | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page that validates pasted facts, with its findings."""
    return renderer.page(
        "validate.html",
        "Validate",
        text=text,
        report=report,
        summary=summary(report) if report else "",
        problem=problem,
    )


def new(renderer: Renderer) -> str:
    """Return the page that lists the forms for new facts."""
    listed = [(title(name), form) for name, form in forms().items()]
    return renderer.page("forms.html", "New facts", forms=listed)


def new_fact(
    renderer: Renderer,
    form: Form,
    values: Mapping[str, str],
    facts: NewFacts | None = None,
) -> str:
    """Return the page of a form, with the composed facts and the findings beside its fields."""
    names = renderer.graph.names
    return renderer.page(
        "form.html",
        f"New fact: {title(form.name).lower()}",
        form=form,
        values=values,
        hints={p.name: _hint(form, p, names) for p in form.parameters},
        labels={p.name: headings.of_field(p.name) for p in form.parameters},
        options={p.name: p.options(names) for p in form.parameters},
        suggestions=suggestions.listed(renderer, form.parameters, form.text),
        facts=facts,
        summary=summary(facts.report) if facts and facts.turtle else "",
    )


def _hint(form: Form, parameter: Parameter, names: Names) -> str:
    """Return the explanation of a field, with an example."""
    if parameter.type == "passage":
        return 'the passage that states it; several separated by ";"'
    if "{" in (parameter.default or ""):
        return "made of the other fields; or a name of your own"
    what, example = parameter.asked_for(names)
    shown = explanation(form, parameter, names).removeprefix("required; ")
    return shown.replace(f"{what}, such as {example}", _asked_for(parameter, names))


def _first_lines(triples: Triples) -> str:
    lines = triples.serialize("turtle").splitlines(keepends=True)
    more = "" if len(lines) <= MOST_ROWS else f"# and {len(lines) - MOST_ROWS} more lines\n"
    return "".join(lines[:MOST_ROWS]) + more
