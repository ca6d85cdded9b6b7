"""Evaluation of SPARQL: trusted queries in this process, untrusted queries in a worker process."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from relations_kg.answers import bindings, queries
from relations_kg.answers.rows import Rows, Triples
from relations_kg.engines import guard, untrusted
from relations_kg.engines.limits import MOST_ROWS, limited
from relations_kg.engines.lines import SolutionLines
from relations_kg.errors import QueryError, QueryWarning, RelationsError
from relations_kg.names.names import Names
from relations_kg.sparql.evaluation import FAILURES, ask, failure
from relations_kg.warnings import joins, repeated, unmatched

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

# The timeout in seconds for a part of a query, when searching for why there are no rows.
LONGEST_PART = 2.0


def evaluate(
    store: Store,
    sparql: str,
    names: Names,
    *,
    together: bool | None = None,
    most: int | None = None,
) -> Rows | Triples | bool:
    """Evaluate a trusted query in this process.

    Raises QueryError for an answer of more than `most` rows or triples. `together` is whether the
    default graph is the union of all graphs; by default it is, unless the query has FROM clauses.
    """
    answer = ask(store, sparql, together=together)
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    try:
        if isinstance(answer, QuerySolutions):
            columns = [variable.value for variable in answer.variables]
            return Rows(columns, limited(answer, most), names)
        return Triples(limited(answer, most), names)
    except FAILURES as error:
        raise failure(error) from None
    finally:
        # An error's traceback would keep the answer alive, but only this thread may free it.
        del answer


def evaluate_untrusted(
    graph: Knowledge,
    sparql: str,
    values: Mapping[str, object],
    *,
    timeout: float | None,
    allow_service: Iterable[str],
) -> Rows | Triples | bool:
    """Check an untrusted query and evaluate it in a worker or, without a timeout, in this process.

    `values` are bound to its variables. Raises QueryError if the query is not allowed, fails or has
    too large an answer, and QueryTimeout if it takes more than `timeout` seconds.
    """
    text = with_values(sparql, values, graph.names)
    answer = in_worker(graph, text, timeout, allow_service)
    count = partial(_count, graph)
    is_own = text == sparql

    def found() -> tuple[str, ...]:
        return bindings.still_unbound(graph.warnings(sparql), sparql, values)

    find = warning_search(answer, found, count, text, values, graph.warnings, is_own=is_own)
    return attached(answer, find)


def warning_search(
    answer: Rows | Triples | bool,
    found: Callable[[], tuple[str, ...]],
    count: unmatched.Count,
    text: str,
    values: Mapping[str, object],
    warn: Callable[[str], tuple[str, ...]],
    *,
    is_own: bool,
) -> Callable[[], tuple[str, ...]]:
    """Return a function that finds the warnings about an answer.

    It returns the warnings that `found` returns about the user's text. Without such warnings, it
    returns the reasons why the answer is empty or repeats rows, or the warnings about `text`. If an
    answer is empty and all warnings are about unjoined patterns, the reasons precede them. `is_own`
    is true if `text` is the user's own, without added values; `warn` returns the warnings about a
    text.
    """
    # The function must not refer to the answer, which refers to the function.
    is_empty, is_rows = is_of_nothing(answer), isinstance(answer, Rows)
    is_row = is_rows and bool(answer)
    may_be_unjoined = is_empty and not isinstance(answer, bool)

    def find() -> tuple[str, ...]:
        known = found()
        # Unjoined patterns cannot be the reason for an empty answer.
        if known and not (may_be_unjoined and all(joins.MESSAGE in each for each in known)):
            return known
        if is_empty and not (is_own or known) and (why := warn(text)):
            pass
        elif is_empty:
            why = unmatched.reasons(text, count, is_row=is_row)
        elif is_rows and repeated.may_repeat(text):
            why = repeated.reasons(text, count)
        else:
            return known
        # Positions in a text with added values do not apply to the user's own text.
        if is_own:
            return (*why, *known)
        names = any(type(value) is str for value in values.values())
        help = "; a str names a thing, and a text is an rdflib Literal" if names else ""
        return (
            *(re.sub(r":\d+:\d+", "", each, count=1) + help * (" VALUES " in each) for each in why),
            *known,
        )

    return find


def is_of_nothing(answer: Rows | Triples | bool) -> bool:
    """Return whether an answer is false or empty, or is one row with only 0 or no values."""
    if not isinstance(answer, Rows):
        return not answer
    # len() would wait until the last row has been found.
    first = [*islice(answer, 2)]
    return len(first) < 2 and all(
        value is None or (type(value) is int and value == 0) for row in first for value in row
    )


def _count(graph: Knowledge, sparql: str, most: int) -> int | None:
    """Return the number of rows of a part of an untrusted query, at most `most`.

    Returns None if the part fails or takes more than LONGEST_PART seconds, and on a system that
    cannot fork.
    """
    if not hasattr(os, "fork"):
        return None
    return counted(lambda: in_worker(graph, sparql, LONGEST_PART), most)


def counted(ask: Callable[[], Rows | Triples | bool], most: int) -> int | None:
    """Return the number of rows of an answer, at most `most`, or None if `ask` fails."""
    try:
        found = ask()
    except RelationsError:
        return None
    assert isinstance(found, Rows)
    return min(len(found), most)


def with_values(sparql: str, values: Mapping[str, object], names: Names) -> str:
    """Return SPARQL text with values for its variables, as `bindings.bind` inserts them."""
    queries.check_text(sparql)
    return bindings.bind(sparql, values, names) if values or "#+ param" in sparql else sparql


def attached(
    answer: Rows | Triples | bool, find: Callable[[], tuple[str, ...]]
) -> Rows | Triples | bool:
    """Let an answer find its warnings at the first access; for a bool, issue them now."""
    if isinstance(answer, bool):
        for text in find():
            warnings.warn(text, QueryWarning, stacklevel=5)
    else:
        answer.find_warnings = find
    return answer


def in_worker(
    graph: Knowledge, sparql: str, timeout: float | None, allow_service: Iterable[str] = ()
) -> Rows | Triples | bool:
    """Evaluate a query in a worker, or in this process if no timeout is given; add no warnings.

    Raises QueryError if the query is not allowed or fails or, with a timeout, if the system cannot
    fork; and QueryTimeout if it takes more than `timeout` seconds.
    """
    store, names = graph.quad_store, graph.names
    allowed = tuple(allow_service)
    called = guard.check(sparql, allowed)
    look_up = partial(guard.check_addresses, called, allowed) if called else bool
    if timeout is None:
        look_up()
        return evaluate(store, sparql, names, most=MOST_ROWS)
    if not hasattr(os, "fork"):
        raise QueryError("a query cannot be stopped on this system", help="leave the timeout out")
    workers = None if called else graph.workers
    if workers is None:
        workers = untrusted.QueryWorkers(store, calls=bool(called), stay=False, before=look_up)
    answer = workers.query(sparql, timeout, graph.version)
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, SolutionLines):
        return Rows(answer.columns, answer, names)
    return Triples(answer, names)
