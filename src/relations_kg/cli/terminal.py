"""Output on a terminal by rich: tables that fit its width, and a progress bar."""

from __future__ import annotations

from threading import Event

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from relations_kg.answers.rows import Rows
from relations_kg.answers.tables import clipped_cells


def print_table(rows: Rows) -> None:
    """Print rows, with cells wrapped to fit the width of the terminal."""
    table = Table(*map(Column, rows.columns), box=None, pad_edge=False)
    for line in clipped_cells(rows):
        # Cells are Text, so that brackets in a label are not parsed as markup.
        table.add_row(*(Text(text) for text in line))
    Console().print(table)


def show_progress(what: str, done: Event) -> None:
    """Show a moving bar on standard error until the event is set."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        done.wait()
