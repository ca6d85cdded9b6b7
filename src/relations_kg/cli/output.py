"""The options --format, --output and --max, and writing to a file or to standard output."""

from __future__ import annotations

import re
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from os.path import exists, realpath, samefile
from typing import TYPE_CHECKING, Any

import click

from relations_kg.errors import CutOff, InputError, QueryError
from relations_kg.export import files
from relations_kg.rdf import formats
from relations_kg.rdf.formats import Content

if TYPE_CHECKING:
    from relations_kg.validation.findings import Report

FAILED = 1
MOST_IN_TEXT = 10  # the maximum number of findings of each kind as text
# Characters by which a terminal executes a command or reorders a line. A carriage return within a
# line would let the rest overwrite its beginning.
_CONTROLS = (
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n|\\Z)"
)


def output_option(
    *, may_be_folder: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --output to a command; with `may_be_folder`, the command checks the name itself."""

    def place(_: click.Context, __: click.Parameter, output: str | None) -> str | None:
        """Return the checked file to write to, or None for standard output."""
        if output in (None, "-"):
            return None
        if not may_be_folder:
            files.check(output)
        return output

    return click.option(
        "-o", "--output", metavar="FILE", callback=place, help="Write to this file atomically."
    )


class _Format(click.Choice[str]):
    """A choice of the formats that a command can write; synonyms are also accepted."""

    def __init__(self, contents: tuple[Content, ...]) -> None:
        super().__init__(formats.names(*contents))
        self._contents = contents

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return formats.find(value, *self._contents).name


def format_option(*contents: Content) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --format to a command, with the formats for these kinds of results."""
    return click.option(
        "-f",
        "--format",
        type=_Format(contents),
        help=("The default follows from the suffix of FILE."),
    )


def max_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --max to a command, as its argument `most`."""
    return click.option(
        "--max",
        "most",
        type=click.IntRange(min=0),
        metavar="N",
        help=f"Show at most N findings of each kind; the default is {MOST_IN_TEXT} as text, else "
        "all.",
    )(command)


def shortened(report: Report, most: int | None, format: str) -> Report:
    """Return a report with at most `most` findings of each kind; by default, 10 if it is text."""
    if most is None and format == "text":
        most = MOST_IN_TEXT
    return report if most is None else report.limited(most)


def keep_inputs(output: str | None, *inputs: str) -> None:
    """Raise InputError if the output file is one of the files that the command reads."""
    for path in inputs:
        if output is not None and exists(output) and exists(path) and samefile(output, path):
            message = "the command reads this file and cannot replace it"
            raise InputError(message, where=output, help="name another file to write")


def keep_apart(*outputs: str | None) -> None:
    """Raise InputError if two of the files that the command writes are one file."""
    first: set[str] = set()
    for output in filter(None, outputs):
        if (path := realpath(output)) in first:
            message = "the command cannot write two things to this file"
            raise InputError(message, where=output, help="name a file for each")
        first.add(path)


def write(content: bytes | Iterable[bytes], output: str | None, *, coloured: bool = False) -> None:
    """Write bytes, whole or in pieces, to a file or to standard output.

    On a terminal, control characters are escaped as in Turtle and JSON, unless the content is
    `coloured`. Raises CutOff if a piece raises QueryError after the first is written.
    """
    if output is not None:
        files.write(output, content)
        return
    pieces = [content] if isinstance(content, bytes) else content
    has_begun = False
    try:
        for piece in _visible(pieces) if sys.stdout.isatty() and not coloured else pieces:
            click.echo(piece, nl=False)
            has_begun = True
    except QueryError as error:
        if not has_begun:
            raise
        help = f"the output is cut off; {error.help}" if error.help else "the output is cut off"
        raise CutOff(error.message, where=error.where, help=help) from None


def _visible(pieces: Iterable[bytes]) -> Iterator[str]:
    decode = getincrementaldecoder("utf-8")("replace").decode
    for piece in pieces:
        yield re.sub(_CONTROLS, lambda match: f"\\u{ord(match[0]):04X}", decode(piece))
