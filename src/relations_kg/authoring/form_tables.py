"""Tables of forms: the facts of a graph as rows that `import` reads back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike

from pyoxigraph import Literal, NamedNode, Store, Triple

from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring.cells import guarded
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.found_rows import FoundRows, Row
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.overwriting import keep_edits
from relations_kg.authoring.patterns import Patterns, patterns
from relations_kg.authoring.row_passages import RowPassage
from relations_kg.authoring.value_texts import iri_of, listed
from relations_kg.errors import InputError
from relations_kg.export.entries import days
from relations_kg.export.export import published_graphs, write_tables
from relations_kg.export.kinds import kinds
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, RDFS, RKG, SOURCE, shorten
from relations_kg.rdf.spelling import counted, nearest_phrases
from relations_kg.rdf.terms import named, objects, value
from relations_kg.rdf.words import words
from relations_kg.reasoning import bundled_graph, materialization

_MOST_KINDS = 4
_ALL_FACTS = 'export all facts as turtle, or as tables with --by kind (in Python, by="kind")'
# Comparing more names would take too long, so a new thing is then written with its IRI unless the
# form composes it.
_MOST_COMPARED = 500


@dataclass(frozen=True, repr=False)
class FormTables:
    """The rows of each form, with headings first, and the number of facts in no row.

    `facts` are the facts of the rows, and `left_out` is the number of other facts. `kinds_left_out`
    counts the things with such facts by the labels of their kinds.
    """

    sheets: Mapping[str, Sequence[Sequence[str]]]
    facts: frozenset[Triple]
    left_out: int
    kinds_left_out: Mapping[str, int]

    def __str__(self) -> str:
        counts = ((name, len(lines) - 1) for name, lines in self.sheets.items())
        return "\n".join(f"{name}: {counted(number, 'row')}" for name, number in counts)

    def __repr__(self) -> str:
        number = sum(len(lines) - 1 for lines in self.sheets.values())
        return f"<FormTables: {number:,} rows of {len(self.sheets)} forms>"

    @property
    def note(self) -> str:
        """A sentence about the facts that are in no table; empty if all facts are in a table."""
        if not self.left_out:
            return ""
        most = sorted(self.kinds_left_out.items(), key=lambda item: (-item[1], item[0]))
        about = ", ".join(counted(number, kind) for kind, number in most[:_MOST_KINDS])
        more = len(most) - _MOST_KINDS
        also = f" and {counted(more, 'more kind')} of things" if more > 0 else ""
        return f"no form fits {self.left_out:,} of the facts, about {about}{also}; {_ALL_FACTS}"

    def write(self, path: str | PathLike[str] | None, format: str) -> bytes:
        """Return the tables as CSV or as a workbook, and write them to a path, if given.

        Raises InputError if this would overwrite a table with edited rows.
        """
        return write_tables(self.sheets, path, format, keep_edits)


def form_tables(names: Names, *, of: NamedNode | None = None, is_bundled: bool) -> FormTables:
    """Return the tables of all facts, or only the rows that name one thing.

    A row is left out if other rows have all its facts. `is_bundled` is true for the bundled graph,
    whose things are known wherever a table is imported. Raises InputError if no fact fits a form.
    """
    store = names.store
    graphs = published_graphs(store, inferred=False)
    whole = names.store if is_bundled else bundled_graph.store(materialization.make_again).whole
    bundled = names if is_bundled else Names(whole)
    stated = {q.triple for g in graphs for q in store.quads_for_pattern(None, None, None, g)}
    found: list[FoundRows] = []
    with_own_row: set[str] = set()
    things: set[str] | None = None
    # Forms that only describe things come first, and forms that fit almost everything last.
    by_form = {form: patterns(form) for form in forms().values()}
    for form in sorted(by_form, key=lambda f: (not by_form[f].describes, _is_broad(by_form[f]))):
        known = by_form[form]
        if _is_broad(known) and things is None:
            others = [each for each in found if not patterns(each.form).describes]
            missing = stated.difference(*(row.facts for row in _chosen(others)))
            things = {value(fact.subject) for fact in missing}
        own = frozenset(with_own_row)
        if not known.mentions:
            found.append(FoundRows(form, names, stated, graphs, bundled, own, things or ()))
        if known.describes:
            with_own_row |= found[-1].described
    rows = _chosen(found)
    left = stated.difference(*(row.facts for row in rows))
    things = {value(fact.subject) for fact in left}
    for form in (form for form in forms().values() if patterns(form).mentions):
        rows += FoundRows(form, names, left, graphs, bundled, frozenset(), things).rows
    described = dict.fromkeys(forms(), frozenset[str]())
    described |= {each.form.name: each.described for each in found}
    if of is not None:
        rows = [row for row in rows if any(of in terms for terms in row.terms.values())]
        stated = {fact for fact in stated if of in (fact.subject, fact.object)}
    if not rows:
        about = f" about {shorten(of.value)}" if of is not None else ""
        raise InputError(f"no fact{about} fits a form", help=_ALL_FACTS)
    every = {iri for iris in described.values() for iri in iris}
    cells = _Cells(names, bundled, every, stated)
    in_order = sorted(rows, key=_by_day(store))
    sheets: dict[str, list[list[str]]] = {}
    for name in _ordered(rows, described):
        form = forms()[name]
        sheets[name] = [[parameter.name for parameter in form.parameters]]
        for row in in_order:
            if row.form.name == name:
                sheets[name].append(list(cells.of(row, described[name])))
    facts = cells.cited.union(*(row.facts for row in rows))
    missing = stated - facts
    return FormTables(sheets, facts, len(missing), _kinds(missing, names))


def _chosen(found: Iterable[FoundRows]) -> list[Row]:
    """Return the rows, without rows and optional values whose facts are all in other rows.

    Long rows have precedence, and rows that only describe a thing come last.
    """
    chosen: list[Row] = []
    covered: set[Triple] = set()

    def place(pair: tuple[FoundRows, Row]) -> tuple[bool, int, str]:
        return patterns(pair[1].form).describes, -len(pair[1].facts), str(pair[1].terms)

    for each, row in sorted(((own, row) for own in found for row in own.rows), key=place):
        if not covered.issuperset(row.own):
            chosen.append(row if covered.isdisjoint(row.own) else each.without(row, covered))
            covered |= row.facts
    return chosen


def _is_broad(known: Patterns) -> bool:
    return any(each.subject for each in known.every)


def _ordered(rows: Iterable[Row], described: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the names of the forms, forms that describe things before those that mention them."""
    mentioned: dict[str, set[str]] = {}
    for row in rows:
        things = {t.value for ts in row.terms.values() for t in ts if isinstance(t, NamedNode)}
        mentioned.setdefault(row.form.name, set()).update(things)
    own = {
        name: {
            term.value
            for row in rows
            if row.form.name == name
            for parameter in row.form.parameters
            for term in row.terms.get(parameter.name, ())
            if isinstance(term, NamedNode)
            and (row.form.is_composed(parameter) or term.value in described[name])
        }
        for name in mentioned
    }
    left, ordered = sorted(mentioned), list[str]()
    while left:
        # Forms may need each other, so the form that mentions the fewest things of other forms
        # comes next.
        needed = {
            name: (mentioned[name] - own[name]) & {i for n in left if n != name for i in own[n]}
            for name in left
        }
        ordered.append(min(left, key=lambda name: (len(needed[name]), name)))
        left.remove(ordered[-1])
    return ordered


def _by_day(store: Store) -> Callable[[Row], tuple[str, str]]:
    """Return a function for the sort key of a row: the earliest day of what it composes."""
    starts = days(store)

    def key(row: Row) -> tuple[str, str]:
        composed = [p.name for p in row.form.parameters if row.form.is_composed(p)]
        things = [t for name in composed for t in row.terms.get(name, ())]
        found = [starts[str(thing)] for thing in things if str(thing) in starts]
        return min(found, default=""), str(row.terms)

    return key


def _kinds(facts: Iterable[Triple], names: Names) -> dict[str, int]:
    """Return the number of things that facts are about, by the labels of their kinds."""
    known = kinds(names.store)
    things = {fact.subject for fact in facts}
    found = Counter(known.get(thing) for thing in things)
    return {
        names.label(kind.value) if kind else "undescribed thing": number
        for kind, number in found.items()
    }


class _Cells:
    """A converter of rows to cells from which `import` reads the same terms.

    `cited` are the facts about rows of tables that are cited as passages.
    """

    def __init__(
        self, names: Names, bundled: Names, described: Iterable[str], stated: Collection[Triple]
    ) -> None:
        self._names, self._bundled, self._stated = names, bundled, stated
        self.cited: frozenset[Triple] = frozenset()
        self._things = [NewThings(each) for each in dict.fromkeys((names, bundled))]
        self._alike = self._near_others({iri for iri in described if not bundled.kinds(iri)})
        self._written: dict[tuple[str, bool, Term], str] = {}

    def of(self, row: Row, described: Collection[str]) -> Iterator[str]:
        """Yield the cells of a row, one for each parameter of its form."""
        new = [
            self._names.label(value(term))
            for parameter in row.form.parameters
            for term in row.terms.get(parameter.name, ())
            if self._is_new(row.form, parameter, term, described)
        ]
        for parameter in row.form.parameters:
            texts = [
                self._source(term, new)
                if parameter.type == "passage"
                else self._text(row.form, parameter, term, described)
                for term in row.terms.get(parameter.name, ())
            ]
            yield guarded(listed(texts) if parameter.several else "".join(texts))

    def _is_new(
        self, form: Form, parameter: Parameter, term: Term, described: Collection[str]
    ) -> bool:
        return form.may_be_new(parameter) and (
            form.is_composed(parameter) or value(term) in described
        )

    def _source(self, passage: Term, labels: Iterable[str]) -> str:
        """Return the citation of a passage that is a row of a table, or else its CURIE."""
        store = self._names.store
        titles = [
            value(title)
            for document in named(objects(store, passage, RKG + "inDocument"))
            for title in objects(store, document, RDFS + "label")
        ]
        rows = [value(row) for row in objects(store, passage, RKG + "row")]
        for cited in (RowPassage.parse(f"{t}, row {r}") for t in titles for r in rows):
            facts = frozenset(cited.facts(labels)) if cited else frozenset[Triple]()
            if cited and cited.iri == passage and facts.issubset(self._stated):
                self.cited |= facts
                return str(cited)
        return self._row_of_dataset(passage, rows) or shorten(value(passage))

    def _row_of_dataset(self, passage: Term, rows: Iterable[str]) -> str | None:
        """Return the citation of a row by a file name made from the IRI of its table, or None.

        An import of this citation describes the row and the table, unless the graph does.
        """
        document, _, _ = value(passage).removeprefix(SOURCE).rpartition("/")
        for row in rows:
            cited = RowPassage.parse(f"Table {document}.csv, row {row}") if document else None
            if cited and cited.iri == passage:
                return str(cited)
        return None

    def _near_others(self, iris: Collection[str]) -> set[str]:
        """Return the new things with names similar to those of others; all if there are many."""
        if len(iris) > _MOST_COMPARED:
            return {*iris}
        phrases = {iri: " ".join(words(self._names.label(iri))) for iri in iris}
        every = set(phrases.values())
        return {iri for iri in iris if nearest_phrases(phrases[iri], every - {phrases[iri]})}

    def _text(
        self, form: Form, parameter: Parameter, term: Term, described: Collection[str]
    ) -> str:
        if isinstance(term, Literal):
            return term.value
        is_new = self._is_new(form, parameter, term, described)
        key = f"{form.name} {parameter.name}", is_new, term
        if key not in self._written:
            is_composed = form.is_composed(parameter)
            self._written[key] = (
                self._new(parameter, term.value, is_composed=is_composed)
                if is_new
                else self._known(parameter, term.value)
            )
        return self._written[key]

    def _new(self, parameter: Parameter, iri: str, *, is_composed: bool) -> str:
        """Return the name of a thing that the row describes, with its IRI if the name is unclear.

        A name is clear if an import reads it as the thing with this IRI and no other.
        """
        label = self._names.label(iri)
        own, bundled = self._things[0], self._things[-1]
        is_sure = is_composed or bool(self._bundled.kinds(iri))
        is_plain = (
            iri_of(label) == iri
            and (is_sure or iri not in self._alike)
            and own.may_name(parameter, label, iri, may_be_alike=True)
            and bundled.may_name(parameter, label, iri, may_be_alike=is_sure)
        )
        return label if is_plain else f"{label} <{shorten(iri)}>"

    def _known(self, parameter: Parameter, iri: str) -> str:
        """Return the text for a thing that the row only mentions.

        A code or a class is written as its local name, and any other thing as its label or, if the
        label does not identify it, as its CURIE.
        """
        if any(kind.is_list or kind.has_classes for kind in parameter.kinds(self._names)):
            known = (space for space in (CODE, *self._names.spaces) if iri.startswith(space))
            return shorten(iri.removeprefix(next(known, "")))
        label = self._names.label(iri)
        # A thing outside the bundled graph may be unknown where the table is imported.
        if all(things.names_only(parameter, label, iri) for things in self._things):
            return label
        return shorten(iri)
