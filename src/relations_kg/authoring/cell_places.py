"""The cells of a table from which facts come, for findings about these facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from relations_kg.authoring.cells import Cell
from relations_kg.authoring.patterns import links
from relations_kg.authoring.table_rows import Row
from relations_kg.authoring.things import ROW
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import Term, value
from relations_kg.validation.findings import Finding

_STATED_IN = RKG + "statedIn"


class Places:
    """The cells from which the facts of rows come."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._by_subject: dict[str, list[Row]] = {}
        for row in rows:
            for subject in dict.fromkeys(subject for subject, _, _ in row.facts):
                self._by_subject.setdefault(str(subject), []).append(row)

    def located(self, finding: Finding, name: str) -> tuple[Finding, Row | None]:
        """Return a finding with the address of its cell, and the row of the cell or None."""
        plain = replace(
            finding,
            file=name,
            line=None,
            column=None,
            end_line=None,
            end_column=None,
            excerpt=None,
            fix=None,
            follows=None,
            related=tuple(r for r in finding.related if not r.place.file.startswith(name)),
        )
        focus = f"<{finding.focus}>" if finding.focus else ""
        rows = self._by_subject.get(focus) or self._by_subject.get(finding.value or "") or []
        if not rows:
            return plain, None
        # Of two rows that contradict each other, the later one is reported.
        with_value = [row for row in rows if _column(row, finding.value)]
        row = (with_value or rows)[-1]
        cell = _column(row, finding.value) or _stating(row, finding.path, focus)
        prefix = _prefix(row, focus)
        cell = cell or _column(row, focus) or _first(row, prefix)
        found = row.columns.table.located(row.columns.worded(plain, prefix), cell)
        if also := self._other(finding, row, focus):
            help = "; ".join(filter(None, (found.help, _keys_for(row, focus))))
            found = replace(found, message=f"{found.message}; {also}", help=help or None)
        return found, row

    def _other(self, finding: Finding, row: Row, focus: str) -> str | None:
        """Return, in words, the other row that a finding also concerns, or None."""
        is_pair = finding.code == "duplicate"
        others = self._by_subject.get((finding.value if is_pair else focus) or "", ())
        what = "describes the other" if is_pair else "describes it, too"
        own = _about(row, focus)
        for other in others:
            if other is not row and (is_pair or _about(other, focus) != own):
                return f"{other.columns.table.row_name(other.first)} {what}"
        return None


def _about(row: Row, thing: str) -> set[tuple[Term, Term]]:
    """Return the properties of a thing in the facts of a row, with their values, except sources."""
    return {(p, o) for s, p, o in row.facts if str(s) == thing and value(p) != _STATED_IN}


def _keys_for(row: Row, thing: str) -> str | None:
    """Return the advice to add keys if a row without a key composes a thing, or None."""
    own = row.composed.terms.get(row.columns.form.of_row or "", ())
    if ROW in row.columns.parameters.values() or thing not in map(str, own):
        return None
    return "if these are two things, name a column of keys: --column row=HEADING"


def _column(row: Row, term: str | None) -> Cell | None:
    named = row.composed.named(term) if term else []
    return next((row.cells[name] for name in named if name in row.cells), None)


def _prefix(row: Row, focus: str) -> str:
    """Return the prefix of the further form that alone has a thing among its values, or ""."""
    own = (name.rpartition(".") for name in row.composed.named(focus))
    return next((prefix + dot for prefix, dot, name in own if name not in row.composed.terms), "")


def _first(row: Row, prefix: str) -> Cell:
    """Return the first filled cell in the columns with a prefix, or else the row's first cell."""
    own = (cell for name, cell in row.cells.items() if name.startswith(prefix) if not cell.is_empty)
    return next(own, row.first)


def _stating(row: Row, path: str | None, focus: str) -> Cell | None:
    """Return the filled cell of a row that gives a thing's property its value, or None."""
    terms, forms = row.composed.terms, {"": row.columns.form}
    names = [
        prefix + name
        for prefix, form in (forms | {e.prefix: e.form for e in row.columns.further}).items()
        for subject, predicate, every in links(form)
        if predicate == path and focus in map(str, terms.get(prefix + subject, ()))
        for name in (*every, *form.made_of(every))
        if name != subject
    ]
    names += [n for n, each in row.columns.properties.items() if each.iri.value == path]
    found = (row.cells[name] for name in names if name in row.cells)
    return next((cell for cell in found if not cell.is_empty), None)


def order(finding: Finding) -> tuple[object, ...]:
    """Return the key that sorts findings: errors first, then by the place of their cells."""
    sheet, _, cell = (finding.pointer or "").rpartition("!")
    match = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    place = (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")
    return (finding.severity != "error", sheet, finding.line or 0, finding.column or 0, place)
