"""The places in files of values from which no bounds can be calculated, such as invalid dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os.path import isfile

from pyoxigraph import NamedNode, Quad

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import STATED
from relations_kg.reader import reading
from relations_kg.reader.files import Source
from relations_kg.reader.refusals import Refusal
from relations_kg.reasoning.bounds import CALCULATED, own_bounds


@contextmanager
def located(sources: Iterable[Source]) -> Iterator[None]:
    """Give an error about a value its line and column in the first file with an invalid value.

    Standard input cannot be read again, so an error about it names the thing instead.
    """
    try:
        yield
    except InputError as error:
        if error.line:  # It is about a statement that is no fact.
            raise
        for source in filter(isfile, sources):
            for _ in reading.read(source, NamedNode(STATED), _refusal):
                pass
        raise


def _refusal(quad: Quad) -> Refusal | None:
    try:
        if quad.predicate in CALCULATED:
            list(own_bounds(quad))
    except InputError as error:
        return Refusal("value", f"{error.where}: {error.message}", 2, error.help)
    return None
