"""Columns of persons whose cells may have a rank or a title beside the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from relations_kg.authoring import ranked_names
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.columns import Columns
from relations_kg.rdf.words import key, stands_for_nothing
from relations_kg.validation.findings import Finding


class RankColumns:
    """The columns of persons that have a column of ranks beside them, or might have one."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._every = ranked_names.columns(columns.types)
        self._split = {
            name: ranked_names.splitter(name, rank, columns.reading.replacements)
            for name, rank in self._every.items()
        }

    def split(
        self, values: dict[str, object], named: Mapping[str, Cell]
    ) -> Iterator[tuple[Finding, object]]:
        """Read ranks before names in `values` as ranks, and leave out titles.

        Yields a note on each with its group, or an error if another rank is given, too.
        """
        table = self._columns.table
        for name, rank in self._every.items():
            if not (found := self._split[name](str(values.get(name, "")))):
                continue
            own = f"{name}: {str(values[name])!r}"
            values[name] = found.name
            given = str(values.get(rank, ""))
            given = found.rank if not given or stands_for_nothing(given) else given
            if given:
                values[rank] = given
            if not (cell := named.get(name)):
                continue
            help = f'write "new: {cell.text}" if it is one'
            if ranked_names.is_another(found.rank, given):
                message = f"{own} is about a post, and not only a name"
                help = f"write only the name of the person, since {rank} is {given!r}, or {help}"
                yield table.finding(cell, "value", message, help), None
                continue
            as_rank = f", but as {rank} {found.rank!r}" if found.rank else ""
            message = f"{name}: {found.text!r} is not read as a part of the name{as_rank}"
            group = ("rank", table.file, table.sheet, name, key(found.text))
            yield table.finding(cell, "rank", message, help, "info"), group

    def shared(self) -> Iterator[Finding]:
        """Yield a warning for each word before many names that is very likely a rank."""
        columns = {name: number for number, name in self._columns.parameters.items()}
        for name, rank in self._every.items():
            cells: dict[str, Cell] = {}
            for row in self._columns.rows:
                for cell in row:
                    if cell.column == columns.get(name):
                        found = self._split[name](cell.text)
                        cells.setdefault(found.name if found else cell.text, cell)
            for word, texts in ranked_names.shared(cells):
                message = f"{len(texts)} names begin with {word!r}, which seems to be a rank"
                where = f"in relations-kg.toml below [replacements.{rank}]"
                help = f"write the rank that it means, or 'none', {where}"
                yield self._columns.table.finding(
                    cells[texts[0]], "rank", f"{name}: {message}", help, "warning"
                )
