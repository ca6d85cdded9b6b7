"""The row of headings of a table, the rows above and below the table, and findings about them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from relations_kg.answers.guesses import parameters_meant
from relations_kg.authoring.cells import COPIED, Cell, Table
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import Further, types
from relations_kg.authoring.usual_words import pattern
from relations_kg.authoring.value_texts import spelling
from relations_kg.errors import InputError
from relations_kg.rdf.spelling import asked_back, did_you_mean, listed
from relations_kg.rdf.words import key, words
from relations_kg.validation.findings import Finding

# The first rows among which the headings are sought; titles and notes may be above them.
MOST_ABOVE = 20
COMMENT = "#"
# The least share of the columns of a table in which its row of headings has a text.
_LEAST_FILLED = 0.7
_FEWEST_WANTED = 2
# What may follow a word such as "Total" in the first of two cells if the second is no number.
_AFTER_WORD = re.compile(r"\W*(?:\d.*)?|\s*[:.].*")
_NUMBER = re.compile(r"[\d\s.,]+")
_WIDE = 3
_MOST_IN_FOOTER = 2


def wanted_by(heading: Cell, wanted: Mapping[str, str]) -> str | None:
    """Return the parameter that a heading names; `wanted` are parameters by keys of headings."""
    if heading.text == COMMENT:
        return wanted.get(COMMENT)
    return None if is_marked(heading) else wanted.get(key(heading.text))


def place_of_headings(table: Table, wanted: Mapping[str, str]) -> int:
    """Return the index of the row of headings.

    It is the first row with texts in most of the columns, unless another row has more wanted
    headings; a row below it must have two or more. Headings that span several columns may be above
    it.
    """
    above = table.rows[:MOST_ABOVE]
    counts = [sum(1 for cell in row if wanted_by(cell, wanted)) for row in above]
    most = max(counts, default=0)
    wide = _first_wide(table)
    if counts and counts[wide] == most:
        return wide
    if most >= _FEWEST_WANTED or (most and counts.index(most) <= wide):
        return counts.index(most)
    return wide


def row_of_headings(table: Table, wanted: Mapping[str, str]) -> Sequence[Cell]:
    """Return the row of headings, without cells if the table has no rows."""
    return table.rows[place_of_headings(table, wanted)] if table.rows else []


def _first_wide(table: Table) -> int:
    """Return the index of the first row with texts in most of the columns of the table, or 0."""
    filled = [_filled(row) for row in table.rows]
    width = len({cell.column for row in filled for cell in row})
    for place, row in enumerate(filled[:MOST_ABOVE]):
        texts = {cell.text for cell in row if isinstance(cell.value, str)}
        if len(texts) >= _LEAST_FILLED * width:
            return place
    return 0


def without_footers(rows: Sequence[Sequence[Cell]]) -> tuple[list[Sequence[Cell]], list[Cell]]:
    """Return rows without those below the table, such as a source, and the first cells of these.

    They are the last rows with one or two cells. The first of them begins with a word such as
    "Total", or is a note of several words below an empty row. In a table of one or two columns, all
    are such as "Total: 12" or "Source: the ministry".
    """
    kept = list(rows)
    below: list[Sequence[Cell]] = []
    is_narrow = max((len(_filled(row)) for row in rows), default=0) < _WIDE
    while len(kept) > 1 and 1 <= len(_filled(kept[-1])) <= _MOST_IN_FOOTER:
        filled = _filled(kept[-1])
        # In a narrow table, a party may be called Total.
        is_clear = len(filled) == 1 or _NUMBER.fullmatch(filled[-1].text)
        if is_narrow and not (is_clear and _is_total_or_note(filled)):
            break
        below.insert(0, kept.pop())
    while below and not _is_below(below[0], kept[-1]):
        kept.append(below.pop(0))
    return kept, [_filled(row)[0] for row in below]


def repeats(row: Sequence[Cell], headings: Mapping[int, str]) -> bool:
    """Return whether a row repeats the headings, as on each page of a printed table.

    `headings` are the keys of the headings by column.
    """
    filled = _filled(row)
    are_equal = all(key(cell.text) == headings.get(cell.column, "") for cell in filled)
    return are_equal and len(filled) >= min(_FEWEST_WANTED, len(headings)) > 0


def without_titles(
    rows: Sequence[Sequence[Cell]], keyed: Collection[int], replaced: Collection[str]
) -> tuple[list[Sequence[Cell]], list[Sequence[Cell]]]:
    """Return rows without titles such as "Europe" above its missions, and the titles.

    A title is the only text of its row in a table of three columns or more, where a key should be,
    and not one of the `replaced` keys. The last row is never a title.
    """
    found: dict[bool, list[Sequence[Cell]]] = {True: [], False: []}
    is_wide = max((len(_filled(row)) for row in rows), default=0) >= _WIDE
    for row in rows:
        first, *others = _filled(row)
        is_key = first.column in keyed and spelling(first.text) not in replaced
        found[is_wide and is_key and not others and row is not rows[-1]].append(row)
    return found[False], found[True]


def titles_not_read(table: Table, titles: Sequence[Sequence[Cell]]) -> Finding:
    """Return the warning about rows that are titles."""
    first = [_filled(row)[0] for row in titles]
    texts = listed([repr(cell.text[:60]) for cell in first])
    message = f"rows of one text in the column of keys are not read, as titles: {texts}"
    help = "fill in more cells of a row that states a fact"
    return table.finding(first[0], "heading", message, help, "warning")


def _is_below(row: Sequence[Cell], last: Sequence[Cell]) -> bool:
    """Return whether a row is below a table that ends with the row `last`."""
    filled = _filled(row)
    if len(filled) > 1 or pattern("footer").match(filled[0].text):
        return len(filled) == 1 or _is_total_or_note(filled)
    return row[0].row > last[0].row + 1 and " " in filled[0].text


def _is_total_or_note(filled: Sequence[Cell]) -> bool:
    """Return whether the cells of a row are such as "Total: 12" or "Source: the ministry"."""
    if not (match := pattern("footer").match(filled[0].text)):
        return False
    rest = filled[0].text[match.end() :]
    return bool(_AFTER_WORD.fullmatch(rest) or _NUMBER.fullmatch(filled[-1].text))


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if not cell.is_empty]


def is_marked(cell: Cell) -> bool:
    """Return whether a cell begins with the sign of a comment that no apostrophe guards."""
    return cell.text.startswith(COMMENT) and not cell.is_text


def is_comment(row: Sequence[Cell]) -> bool:
    """Return whether a row is a comment, such as the explanations of a template."""
    first = next((cell for cell in row if not cell.is_empty), None)
    return first is not None and is_marked(first)


def unknown_heading(
    table: Table, heading: Cell, form: Form, unread: Collection[str], properties: Iterable[str]
) -> Finding:
    """Return the finding about a heading; `unread` are the parameters that have no column."""
    text = heading.text[:60]
    # The name of the form is ignored: in a table of visits, "visit date" means "date".
    asked = " ".join(word for word in text.split() if key(word) != key(form.name)) or text
    known = [*types(form)] if "." in text else [parameter.name for parameter in form.parameters]
    known += properties if ":" in text else ()
    # A note in brackets is part of the heading: "when (year)" may mean "when".
    plain = key(re.sub(r"[(\[].*", "", asked))
    same = next((each for each in known if key(each) == plain != key(asked)), None)
    near = f'did you mean "{same}"?' if same else did_you_mean(asked, known)
    # "Host country" may mean "host".
    within = asked_back([each for each in unread if each in words(asked)][:1])
    message = f"{text!r} is not a parameter of the form {form.name}; this column is not read"
    quoted = shlex.quote(text)
    if question := near or within or parameters_meant(asked.replace(" ", "-"), unread):
        first = question.split('"')[1]
        help = f"{question} name it with --column {first}={quoted}"
    elif ":" in text:
        help = "if it is a property, name its vocabulary with --vocabulary FILE"
    else:
        help = f"if it means a parameter, add --column PARAM={quoted}"
    help += f"; if it has no facts, add --without {quoted}"
    return table.finding(heading, "heading", message, help, "error" if near else "warning")


def ambiguous_heading(
    table: Table, heading: Cell, name: str, form: Form, other: Further
) -> Finding:
    """Return the finding about a heading such as "since" in a table with columns of two forms."""
    quoted = shlex.quote(heading.text)
    message = f"{heading.text!r} may be that of the {form.name} or of the {other.form.name}"
    help = f"add --column {other.prefix}{name}={quoted}, or --column {name}={quoted}"
    return table.finding(heading, "heading", message, help)


def with_copies(
    table: Table, named: Mapping[str, Sequence[str]]
) -> tuple[Table, dict[str, Sequence[str]]]:
    """Return a table with a copy of each column that is named for a further parameter.

    `named` are the headings by parameter, which are returned with those of the copies, such as
    "Status (mfa:status)". Findings about a copied cell have the address of the original.
    """
    first: dict[str, str] = {}
    copies: list[tuple[str, str]] = []
    found: dict[str, Sequence[str]] = {}
    for name, every in named.items():
        own = []
        for heading in every:
            is_read = first.setdefault(key(heading) or heading, name) != name
            own.append(f"{heading} ({name})" if is_read else heading)
            copies += [(heading, own[-1])] if is_read else []
        found[name] = own
    if not copies:
        return table, found
    row = row_of_headings(table, {key(each): name for name, own in named.items() for each in own})
    rows = [list(cells) for cells in table.rows]
    for number, (heading, copied) in enumerate(copies, start=1):
        column = next((c.column for c in row if key(c.text) == key(heading)), None)
        for cells in rows:
            for cell in [each for each in cells if each.column == column]:
                text = copied if cell in row else cell.value
                cells.append(replace(cell, value=text, column=number * COPIED + cell.column))
    return replace(table, rows=rows), found


def no_heading(table: Table, heading: str, headings: Sequence[Cell]) -> InputError:
    """Return the error for a heading that is not in the table."""
    texts = [cell.text for cell in headings if not cell.is_empty]
    help = did_you_mean(heading, texts) or f"it has {', '.join(texts)}"
    return InputError(f"no column has the heading {heading!r}", where=table.file, help=help)


def without_columns(tables: Sequence[Table], without: Iterable[str]) -> list[Table]:
    """Return the tables without the columns that have these headings.

    Raises InputError for a heading that no table has.
    """
    wanted = {key(heading): heading for heading in without}
    found: set[str] = set()
    kept = []
    for table in tables:
        row = row_of_headings(table, wanted)
        gone = {cell.column for cell in row if key(cell.text) in wanted}
        found.update(key(cell.text) for cell in row)
        rows = [[cell for cell in each if cell.column not in gone] for each in table.rows]
        kept.append(replace(table, rows=[each for each in rows if each]) if gone else table)
    for known, heading in wanted.items():
        if known not in found:
            first = tables[0].rows[0] if tables[0].rows else ()
            raise no_heading(tables[0], heading, first)
    return kept
