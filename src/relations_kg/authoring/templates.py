"""Empty tables with the columns of a form and a row of explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations_kg._lazy import lazy
from relations_kg.answers.misfits import NO_EXAMPLE
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring.forms import Form
from relations_kg.errors import InputError, missing
from relations_kg.export import spreadsheets
from relations_kg.names.names import Names

if TYPE_CHECKING:
    from relations_kg.export import workbooks
else:
    # Imported at first use, since it needs the extra `tables`.
    (workbooks,) = lazy("export", "workbooks")

# The width of a column, in characters.
_WIDTH = 24


def template(form: Form, names: Names, path: str | None) -> bytes:
    """Return a table with a row of headings and a row of explanations, which is not read.

    The suffix of the path decides between CSV, TSV and XLSX; without a path, CSV is returned.
    """
    parameters = form.parameters
    explained = [explanation(form, parameter, names) for parameter in parameters]
    rows = [[parameter.name for parameter in parameters], [f"# {explained[0]}", *explained[1:]]]
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
