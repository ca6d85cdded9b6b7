"""Warnings about cities with missions to several states, which may be two cities of one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pyoxigraph import NamedNode

from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.table_rows import Findings, Row
from relations_kg.authoring.things import ROW
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import value

_STATE, _EMBASSY = RKG + "State", RKG + "Embassy"
# Fewer missions to a state do not show in which city the embassies to it usually are.
_MANY = 5


def report_shared_seats(rows: Sequence[Row], things: NewThings, findings: Findings) -> None:
    """Warn of new cities in which missions to several states have their seats.

    They may be two cities of one name, such as Georgetown in Guyana and in Malaysia. An embassy
    is taken to be non-resident, and left out, if most missions to its state are in another city.
    """
    new = {thing.iri: thing for thing in things}
    usual = _usual_seats(rows)
    first: dict[str, tuple[str, Row]] = {}
    for row in rows:
        seats = {value(term) for term in row.composed.terms.get("seat", ())}
        receivers = [value(term) for term in row.composed.terms.get("receiver", ())]
        if "seat" not in row.cells or len(receivers) != 1 or not seats & new.keys():
            continue
        (receiver,), seat = receivers, next(iter(seats))
        is_new = receiver in new
        if not (new[receiver].type == _STATE if is_new else things.names.is_a(receiver, [_STATE])):
            continue
        is_embassy = any(value(t) == _EMBASSY for t in row.composed.terms.get("kind", ()))
        if is_embassy and usual.get(receiver, seat) != seat:
            continue
        earlier, of = first.setdefault(seat, (receiver, row))
        if earlier == receiver:
            continue
        cell, table, name = row.cells["seat"], row.columns.table, new[seat].label
        labels = [things.shown(NamedNode(iri)) for iri in (earlier, receiver)]
        message = (
            f"seat: {name!r} is read as one city, the seat of missions to {labels[0]} "
            f"({of.columns.table.row_name(of.first)}) and to {labels[1]}"
        )
        other = f"{name} ({labels[1]})"
        help = f"if it is another city, write {other!r}"
        if ROW in row.columns.parameters.values():
            own = f'"{row.cited[0].row}: {cell.text}" = "{other}"'
            help = f"{help}, or {own} below [replacements.seat] in relations-kg.toml"
        findings.add(table.finding(cell, "spelling", message, help, "warning"), ("seat", seat))


def _usual_seats(rows: Sequence[Row]) -> dict[str, str]:
    """Return the seat of most missions to a receiver by the receiver, as IRIs.

    Receivers of few missions, and those without such a seat, are left out.
    """
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        terms = row.composed.terms
        for receiver in map(value, terms.get("receiver", ())):
            counts.setdefault(receiver, Counter()).update(map(value, terms.get("seat", ())))
    usual: dict[str, str] = {}
    for receiver, every in counts.items():
        for seat, number in every.most_common(1):
            if every.total() >= _MANY and 2 * number > every.total():
                usual[receiver] = seat
    return usual
