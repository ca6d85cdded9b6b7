"""Ranks and titles beside the names of persons, such as "Ambassador Ada Ruiz"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from relations_kg.authoring.cell_reading import Reading
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.columns import Columns
from relations_kg.authoring.usual_words import begins_with_surname, list_of, pattern, ranks
from relations_kg.authoring.value_texts import several, spelling
from relations_kg.names.name_lists import pieces
from relations_kg.rdf.words import key, stands_for_nothing
from relations_kg.validation.findings import Finding

_AMBASSADOR = re.compile(r"Amb\b\.?")
# A name and what follows it, such as "Ada Ruiz, Consul" or "Ada Ruiz (Consul)".
_BESIDE = re.compile(r"(.*\S)(?:\s*,|\s+[-\u2013\u2014]|\s*\()\s*([^,()]*[^,()\s])\s*\)?")
_MOST_WORDS = 6
_PERSON, _RANK, _OF_RANK = "person", "rank", "diplomatic-rank"
_FEWEST = 3


@dataclass(frozen=True)
class Ranked:
    """A name, the text of a rank or a title beside it, and the code of the rank.

    `rank` is "" for a title such as "Dr.", which is not a rank.
    """

    name: str
    text: str
    rank: str


def rank_columns(types: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of ranks by the columns of persons to which they belong.

    >>> rank_columns({"head.holder": "person", "head.rank": "diplomatic-rank|office-kind"})
    {'head.holder': 'head.rank'}
    """
    found = {}
    for name, type in types.items():
        rank = name.rpartition(".")[0] + "." * ("." in name) + _RANK
        if type == _PERSON and _OF_RANK in types.get(rank, "").split("|"):
            found[name] = rank
    return found


def split(text: str, own: Mapping[str, str] | None = None, language: str = "en") -> Ranked | None:
    """Return a name without the rank or the title beside it, or None if it has none.

    `own` are further ranks by the keys of texts; "none" means that a text is not a rank. In
    French, "M." is a title, and not an initial.

    >>> split("Cônsul-Geral Ada Ruiz")
    Ranked(name='Ada Ruiz', text='Cônsul-Geral', rank='consul-general')
    >>> split("Ada Ruiz, Botschafterin").rank, split("Consul Ruiz"), split("He Ping")
    ('ambassador', Ranked(name='Ruiz', text='Consul', rank='consul'), None)
    """
    known = {**ranks(), **(own or {})}
    rest, rank, titles = text.strip(), "", []
    while found := _first(rest, known) or _first_in_french(rest, language):
        titles.append(found.text)
        rest, rank = found.name, rank or found.rank
    match = _BESIDE.fullmatch(rest)
    if match and (of_last := known.get(key(match[2]))):
        titles.append(match[2])
        rest, rank = match[1], rank or of_last
    if not titles or stands_for_nothing(rest):
        return None
    return Ranked(rest, " ".join(titles), "" if stands_for_nothing(rank or "-") else rank)


def splitter(name: str, rank: str, reading: Reading) -> Callable[[str], Ranked | None]:
    """Return `split` for the columns `name` and `rank`, with the replacements of the settings."""
    replacements = reading.replacements
    own = {key(text): each for text, each in replacements.get(rank, {}).items() if text}
    names = {spelling(text): each for text, each in replacements.get(name, {}).items()}

    def split_own(text: str) -> Ranked | None:
        found = split(text, own, reading.language)
        return found and replace(found, name=names.get(spelling(found.name), found.name))

    return split_own


def unmatched(found: Sequence[Columns]) -> Iterator[tuple[str, str]]:
    """Yield the parameter and the text of each replaced name of a person that no cell has.

    A cell has its whole text, the names that it lists, and each of these without its rank or title.
    All tables have the same replacements.
    """
    there: dict[str, set[str]] = {}
    for columns in found:
        splitters = {
            name: splitter(name, rank, replace(columns.reading, replacements={rank: texts}))
            for name, rank in rank_columns(columns.types).items()
            if name in columns.reading.replacements
            for texts in [columns.reading.replacements.get(rank, {})]
        }
        for cell in (cell for row in columns.table.rows for cell in row):
            name = columns.parameters.get(cell.column, "")
            if split_own := splitters.get(name):
                texts = [cell.text, *several(cell.text), *pieces(cell.text)]
                names = [split_own(text) for text in texts]
                own = there.setdefault(name, set())
                own.update(map(spelling, (*texts, *(each.name for each in names if each))))
    for name, own in there.items():
        for text in found[0].reading.replacements.get(name, {}):
            parts = {spelling(text), spelling(text.partition(": ")[2])} - {""}
            if parts and own.isdisjoint(parts):
                yield name, text


def is_another(rank: str, given: str) -> bool:
    """Return whether the rank beside a name is another than the given rank.

    >>> is_another("ambassador", "Ambassador"), is_another("ambassador", "consul")
    (False, True)
    """
    return bool(rank) and rank not in (ranks().get(key(given)), given) and key(rank) != key(given)


def _first(text: str, known: Mapping[str, str]) -> Ranked | None:
    """Return a name without the first rank or title before it, or None if it has none."""
    if begins_with_surname(text):
        return None
    ends = [match.start() for match in re.finditer(r"[\s,:]+(?=\S)", text)][:_MOST_WORDS]
    for end in reversed(ends):
        rank, name = known.get(key(text[:end])), text[end:].lstrip(" ,:\u00a0\t\n")
        if rank and name and not stands_for_nothing(name):
            return Ranked(name, text[:end], rank)
    # Tables have names in capitals, such as "DR. ADA RUIZ".
    match = pattern("title").match(text.title() if text.isupper() or text.islower() else text)
    if match and match.end() < len(text):
        rank = "ambassador" if _AMBASSADOR.match(match[0]) else ""
        return Ranked(text[match.end() :], text[: match.end()].strip(), rank)
    return None


def _first_in_french(text: str, language: str) -> Ranked | None:
    match = pattern("title-fr").match(text) if language.partition("-")[0] == "fr" else None
    return Ranked(text[match.end() :], text[: match.end()].strip(), "") if match else None


def shared(texts: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield words that are very likely ranks, with the texts that begin with them.

    Several texts begin with such a word. It is abbreviated, or most of the words after it begin
    other texts, as given names do.

    >>> names = ["Bursar Ada Ruiz", "Bursar Bo Lind", "Bursar Cy Aro", "Ada Ek", "Bo Ost", "Cy Roe"]
    >>> [(word, len(texts)) for word, texts in shared(names)]
    [('Bursar', 3)]
    """
    # Another given name often follows one of these, as it follows a rank, but they are no ranks.
    given_names = list_of("given-names")
    every = [text for text in dict.fromkeys(texts) if len(text.split()) > 1]
    firsts = Counter(key(text.split()[0]) for text in every)
    by_word: dict[str, list[str]] = {}
    for text in every:
        by_word.setdefault(text.split()[0], []).append(text)
    for word, own in by_word.items():
        if len(own) < _FEWEST or key(word) in given_names:
            continue
        number = _shared_words(own)
        seconds = [key(text.split()[number]) for text in own if len(text.split()) > number + 1]
        names = [each for each in seconds if firsts[each] and each != key(word)]
        is_short = word.endswith(".") and (len(word) > 2 or len(own) * 2 > len(every))
        if len(seconds) < len(own) or len({*seconds}) < _FEWEST:
            continue
        if is_short or len(names) * 3 >= len(own) * 2:
            yield " ".join(own[0].split()[:number]), own


def _shared_words(texts: Sequence[str]) -> int:
    """Return the number of first words that all of several texts share."""
    number = 0
    for words_at in zip(*(text.split() for text in texts), strict=False):
        if len({key(word) for word in words_at}) > 1:
            break
        number += 1
    return number


class RankColumns:
    """The columns of persons that have a column of ranks beside them, or might have one."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._every = rank_columns(columns.types)
        self._split = {
            name: splitter(name, rank, columns.reading) for name, rank in self._every.items()
        }

    def split(self, values: dict[str, object], named: dict[str, Cell]) -> Iterator[Finding]:
        """Move ranks beside names in `values` to the columns of ranks, and leave out titles.

        Yields an error if another rank is given, too.
        """
        table = self._columns.table
        for name, rank in self._every.items():
            if not (found := self._split[name](str(values.get(name, "")))):
                continue
            own = f"{name}: {str(values[name])!r}"
            if stands_for_nothing(found.name):
                # A replacement such as "none" leaves the name out, with its rank.
                del values[name]
                if cell := named.get(name):
                    named[name] = replace(cell, is_none=True)
                continue
            values[name] = found.name
            given = str(values.get(rank, ""))
            given = found.rank if not given or stands_for_nothing(given) else given
            if given:
                values[rank] = given
            if (cell := named.get(name)) and is_another(found.rank, given):
                message = f"{own} is about a post, and not only a name"
                help = f"write only the name of the person, since {rank} is {given!r}, or "
                help += f'write "new: {cell.text}" if it is one'
                yield table.finding(cell, "value", message, help)

    def notes(self) -> Iterator[tuple[Finding, object]]:
        """Yield a note on each text that is read as a rank or a title, with its group.

        The cells with one rank, or with titles only, are one group.
        """
        table = self._columns.table
        found: dict[tuple[str, str], list[tuple[Cell, str]]] = {}
        for row in self._columns.rows:
            cells = {self._columns.parameters.get(cell.column): cell for cell in row}
            for name, rank in self._every.items():
                cell, given = cells.get(name), cells.get(rank)
                split = self._split[name](cell.text) if cell else None
                if not cell or not split or stands_for_nothing(split.name):
                    continue
                text = given.text if given else ""
                if not text or stands_for_nothing(text) or not is_another(split.rank, text):
                    found.setdefault((name, split.rank), []).append((cell, split.text))
        for (name, rank), pairs in found.items():
            first: dict[str, str] = {}
            for _, text in pairs:
                first.setdefault(key(text), text)
            texts = [*map(repr, first.values())]
            are = "are not read as parts" if texts[1:] else "is not read as a part"
            as_rank = f", but as {self._every[name]} {rank!r}" if rank else ""
            message = f"{name}: {', '.join(texts)} {are} of the name{as_rank}"
            help = f'write "new: {pairs[0][0].text}" if it is one'
            for cell, _ in pairs:
                group = ("rank", table.file, table.sheet, name, rank)
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
            for word, texts in shared(cells):
                message = f"{len(texts)} names begin with {word!r}, which seems to be a rank"
                where = f"in relations-kg.toml below [replacements.{rank}]"
                help = f"write the rank that it means, or 'none', {where}"
                yield self._columns.table.finding(
                    cells[texts[0]], "rank", f"{name}: {message}", help, "warning"
                )
