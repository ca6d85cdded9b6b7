"""Tables with the columns of a form and a row of explanations, empty or with new things."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from relations_kg.answers.misfits import NO_EXAMPLE
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring.cells import guarded
from relations_kg.authoring.forms import Form
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.properties import name_parameter
from relations_kg.authoring.things import Thing
from relations_kg.authoring.value_texts import iri_of
from relations_kg.errors import InputError, missing
from relations_kg.export import spreadsheets, workbooks
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.spelling import nearest_phrases
from relations_kg.rdf.words import words
from relations_kg.reasoning.ontology import with_superclasses

# The width of a column, in characters.
_WIDTH = 24


def template(
    form: Form, names: Names, path: str | None, things: Iterable[Thing] | None = None
) -> bytes:
    """Return a table with a row of headings and a row of explanations, which is not read.

    Each of the `things` that the form describes by name has a row with its name and its kind. The
    suffix of the path decides between CSV, TSV and XLSX; without a path, CSV is returned. Raises
    InputError for things with a form that describes none by name.
    """
    parameters = form.parameters
    explained = [explanation(form, parameter, names) for parameter in parameters]
    rows = [[parameter.name for parameter in parameters], [f"# {explained[0]}", *explained[1:]]]
    rows += _rows(form, names, things) if things is not None else []
    suffix = (path or ".csv").rpartition(".")[2].lower()
    if suffix == "xlsx":
        try:
            return workbooks.workbook({form.name: rows}, width=_WIDTH)
        except ModuleNotFoundError as error:
            raise missing(error, "tables", f"{path}") from None
    if suffix not in ("csv", "tsv"):
        help = "name a file that ends in .csv, .tsv or .xlsx"
        raise InputError("a template is written as CSV, TSV or XLSX", where=path, help=help)
    return spreadsheets.table(rows, "\t" if suffix == "tsv" else ",")


def name_of(form: Form) -> Parameter:
    """Return the parameter for the name of what a form describes; raise InputError without one."""
    if parameter := name_parameter(form):
        return parameter
    message = f"the form {form.name} describes nothing by its name"
    raise InputError(message, help="take a form such as party, place or person")


def _rows(form: Form, names: Names, things: Iterable[Thing]) -> list[list[str]]:
    """Return a row for each thing that a form describes by name, with its name and its kind."""
    own = name_of(form)
    wanted = {NamedNode(kind.iri) for kind in own.kinds(names)}
    chosen = [
        thing
        for thing in sorted(things, key=lambda each: words(each.label))
        if not wanted.isdisjoint(with_superclasses(names.store, [NamedNode(thing.type)]))
    ]
    known = NewThings(names)
    phrases = [" ".join(words(thing.label)) for thing in chosen]
    found: list[list[str]] = []
    for thing, phrase in zip(chosen, phrases, strict=True):
        # An import refuses a name that is similar to another one or that something else has.
        is_plain = (
            iri_of(thing.label) == thing.iri
            and known.may_name(own, thing.label, thing.iri, may_be_alike=True)
            and not nearest_phrases(phrase, {*phrases} - {phrase})
        )
        name = thing.label if is_plain else f"{thing.label} <{shorten(thing.iri)}>"
        cells = {own.name: name, "kind": names.label(thing.type)}
        found.append([guarded(cells.get(each.name, "")) for each in form.parameters])
    return found


def explanation(form: Form, parameter: Parameter, names: Names) -> str:
    """Return the explanation of a column, with an example."""
    what, example = parameter.asked_for(names)
    shown = what if example == NO_EXAMPLE else f"{what}, such as {example}"
    parts = ["required" if parameter.required else "", shown]
    if parameter.several:
        parts.append('several separated by ";"')
    if parameter.type == "passage":
        parts = ["the passage that states it; if empty, the row itself"]
    if parameter.default:
        composed = "{" in parameter.default
        parts = [
            "made of the other columns" if composed else f"{what}; {parameter.default} if empty"
        ]
    if parameter.name == "open":
        parts[1:2] = ["a property whose value the source leaves open, such as when"]
    if form.may_be_new(parameter) and not parameter.default:
        parts.append("may be new")
    return "; ".join(filter(None, parts))
