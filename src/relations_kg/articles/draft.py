"""Tables of the facts that rules find in an article, for review and import."""

from __future__ import annotations

from dataclasses import dataclass, field
from os.path import exists, join

from relations_kg.answers.calls import explained
from relations_kg.articles.passages import ArticlePassages, article_text, passages, stem
from relations_kg.articles.rules import Row, Rules
from relations_kg.articles.units import units
from relations_kg.errors import InputError
from relations_kg.export import spreadsheets
from relations_kg.export.files import write_folder
from relations_kg.rdf.namespaces import shorten
from relations_kg.reader.files import LARGEST, Source, bytes_of

PASSAGES = "passages.ttl"
# The heading of a column for reviewers, which is not imported.
CONFIDENCE = "confidence"
# The columns of each table: parameters of the form with the table's name.
_COLUMNS = {
    "party": ("name", "kind"),
    "relations": ("party", "counterpart", "begun"),
    "mission": ("kind", "rank", "sender", "receiver", "seat"),
    "tenure": ("holder", "office", "of", "post"),
    "visit": ("visitor", "office", "office_kind", "origin", "host", "when", "kind"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows for the facts found in an article, and the passages that they name.

    `left` has the indices of the infobox's fields and the lists' items that gave no row.
    """

    passages: ArticlePassages
    rows: list[Row]
    left: list[int] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, bytes]:
        """The tables as CSV, by file name."""
        found = {}
        for form, columns in _COLUMNS.items():
            if rows := [row for row in self.rows if row.form == form]:
                lines = [[*columns, "source", CONFIDENCE]]
                for row in rows:
                    source = "; ".join(shorten(self.passages.iris[unit]) for unit in row.units)
                    cells = [row.cells.get(column, "") for column in columns]
                    lines.append([*cells, source, row.confidence])
                found[f"{form}.csv"] = spreadsheets.table(lines)
        return found

    def write(self, folder: str) -> None:
        """Write the tables and the passages into a folder, without overwriting a changed table.

        Raises InputError for an existing table that differs, since it may have been reviewed.
        """
        for name, content in self.tables.items():
            path = join(folder, name)
            if exists(path) and bytes_of(path, LARGEST) != content:
                help = "move it away, or name another folder"
                raise InputError("the table already exists and differs", where=path, help=help)
        write_folder(folder, [*self.tables.items(), (PASSAGES, self.passages.turtle)])


@explained
def draft(article: Source, earlier: Source | None = None) -> Draft:
    """Return tables of the facts found in an article, for review and import.

    The rows name passages, if possible those of the `earlier` file.

    >>> found = draft("tests/more_documents/aldora-peru/aldora-peru.txt")
    >>> [row.cells for row in found.rows]  # doctest: +NORMALIZE_WHITESPACE
    [{'party': 'Aldora', 'counterpart': 'Peru', 'begun': '1921-03-12'},
     {'party': 'Peru', 'counterpart': "People's Republic of China", 'begun': '1971-11-02'}]
    """
    text = article_text(article)
    rules = Rules(text, units(text, stem(article)))
    rows = [*rules.infobox(), *rules.lists(), *rules.openings()]
    used = {unit for row in rows for unit in row.units}
    found = passages(article, earlier, cited=used)
    left = [
        number
        for number, unit in enumerate(found.units)
        if unit.kind in ("field", "list-item") and number not in used
    ]
    return Draft(found, rows, left)
