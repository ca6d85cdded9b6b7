"""The rules that find regular facts: in an infobox, in lists of visits and missions, in sentences.

Each rule is a pattern for one unit and the lines above it. The patterns are strict, since users add
a missing row more easily than they notice a wrong row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from relations_kg._files import toml
from relations_kg.articles.offices import office_of, visitor_of
from relations_kg.articles.units import INFOBOX, Unit
from relations_kg.rdf.date_corrections import MONTHS, rewritten

HIGH, MEDIUM, LOW = "high", "medium", "low"

_MONTH = rf"(?=[A-Z])(?i:{MONTHS})\.?"
_DAYS = r"\d{1,2}(?:\s*[–-]\s*\d{1,2})?"
_YEAR = r"(?<![\d,.])[12]\d{3}(?![\d,]*\d)"
_DATE = rf"(?:(?:{_DAYS}\s+{_MONTH},?|{_MONTH}\s+{_DAYS},|{_MONTH},?)\s+)?{_YEAR}"
_WORD = r"[A-Z][\w’'.-]*"
_NAME = (
    rf"(?:the\s+)?{_WORD}(?:\s+(?:of\s+(?:the\s+)?|the\s+)?{_WORD})*"
    r"(?:\s+(?:dynasty|empire|kingdom|republic))?"
)
_BOTH = (
    r"(?:[Tt]he\s+two|[Bb]oth|[Tt]he)\s+(?:states|countries|nations|parties|sides|republics)"
    r"|[Tt]hey|[Bb]oth"
)
_LONGEST = 2000  # the longest sentence or item that the rules read, in characters

_KIND = (
    r"(?:embass(?:y|ies)|high\s+commissions?|legations?|(?:apostolic\s+)?nunciatures?"
    r"|consulates?[-\s]generals?|honorary\s+consulates?(?:[-\s]generals?)?|consulates?"
    r"|(?:trade|commercial|representative)\s+offices?)"
)
_MISSION = re.compile(
    rf"(?:the\s+)?(?:\w+\s+)??(?P<kind>{_KIND})(?:\s+of\s+(?P<sender>.+?))?(?:\s+to\s+(?P<to>.+?))?"
    r"(?:(?:,|\s+in|\s+at)\s+(?P<seat>[^,()]+)|\s*\((?P<place>[^,()]+)\))?(?:,.*)?",
    re.IGNORECASE,
)
_AT_PLACE = re.compile(rf"(?P<seat>[A-Z][^()]*?)\s*\((?P<kind>{_KIND})\)", re.IGNORECASE)
_OF_IN = re.compile(
    rf"\b(?:[Oo]f|[Ff]rom)\s+(?P<sender>{_NAME})\s+(?:in|to)\s+(?P<receiver>{_NAME})"
)
_HAS = re.compile(
    rf"(?P<sender>{_NAME})\s+(?:has|have|maintains?|operates?|keeps?"
    r"|is\s+represented\b.*?\b(?:through|by|via))\s+(?P<missions>.+?)\.?"
)
_SOME = re.compile(
    rf"(?P<kind>{_KIND})\s+(?:in|at)\s+(?P<seats>.+?)"
    rf"(?=[,;]?\s+(?:and\s+)?(?:\w+\s+|as\s+well\s+as\s+(?:\w+\s+)?)?{_KIND}|$)",
    re.IGNORECASE,
)

_LINK = re.compile(r"\[\[(?:[^|\[\]]*\|)?([^|\[\]]*)\]\]")
_NOTE = re.compile(r"\s*\[\w[\w ]{0,11}\]")
_DENIED = re.compile(r"\b(?:not|no|never|longer|formerly|closed|plans?)\b")
_VISITS = re.compile(r"\bvisits?\b", re.IGNORECASE)
_MISSIONS = re.compile(r"\b(?:missions?|embass(?:y|ies)|consulates?|representations?)\b", re.I)
_DIRECTIONS = (
    re.compile(r"\bvisits?\b.*?\b(?:from|by|of)\s+(?P<origin>.+?)\s+to\s+(?P<host>.+?)\s*:?", re.I),
    re.compile(r"\bvisits?\s+to\s+(?P<host>.+?)(?:\s+(?:from|by)\s+(?P<origin>.+?))?\s*:?", re.I),
)
_DATED_LAST = re.compile(
    rf"(?P<rest>.+?)\s*(?:\((?P<inside>[^()]*[12]\d{{3}}[^()]*)\)|[,–—:]\s*(?P<after>{_DATE}))"
)
_DATED_FIRST = re.compile(rf"(?:(?:In|On)\s+)?(?P<date>{_DATE})\s*[,:–—-]\s*(?P<rest>.+)")
_VERB = re.compile(
    r"\s+(?:visit(?:s|ed)|paid|pays|made|makes|travell?ed|arrived|came|went)\b.*", re.DOTALL
)

_TIES = (
    r"(?:(?:[Ff]ormal|[Oo]fficial|[Ff]ull|[Dd]iplomatic)\s+(?:and\s+)?)*(?:[Rr]elations|[Tt]ies)"
)
_OPENED = r"(?:(?:formally|officially|first)\s+)?(?:established|opened|entered\s+into)"
_BEGAN = rf"(?:(?:were|was)\s+{_OPENED}|began|started)"
_A, _B = rf"(?P<a>{_NAME})", rf"(?P<b>{_NAME})"
_OPENINGS = [
    re.compile(rf"(?<![\w-]){pattern}")
    for pattern in (
        rf"{_A}\s+{_OPENED}\s+{_TIES}\s+with\s+{_B}",
        rf"{_A}\s+and\s+{_B}\s+{_OPENED}\s+{_TIES}",
        rf"{_A}\s+and\s+{_B}\s+have\s+(?:had|maintained)\s+{_TIES}\s+since",
        rf"{_TIES}\s+between\s+{_A}\s+and\s+{_B}\s+{_BEGAN}",
        rf"(?P<a>{_NAME}?)['’]s?\s+{_TIES}\s+with\s+{_B}\s+{_BEGAN}",
        rf"(?:{_BOTH})\s+{_OPENED}\s+{_TIES}(?!\s+with)",
        rf"{_TIES}\s+(?:were|was)\s+{_OPENED}",
    )
]
_DATE_AFTER = re.compile(rf",?\s+(?:(?:in|on|since)\s+)?(?P<date>{_DATE})")
_DATE_BEFORE = re.compile(rf"(?:In|On)\s+(?P<date>{_DATE}),?\s*(?:the\s+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its form, its cells by column, its units, and its confidence."""

    form: str
    cells: dict[str, str]
    units: tuple[int, ...]
    confidence: str


class Rules:
    """The application of the rules to the units of an article."""

    def __init__(self, text: str, units: Sequence[Unit]) -> None:
        self._units = units
        self._words = [" ".join(text[unit.begin : unit.end].split()) for unit in units]
        self._fields = {
            re.sub(r"[\s_]", "", unit.name).lower(): (number, _LINK.sub(r"\1", unit.value))
            for number, unit in enumerate(units)
            if unit.kind == "field" and unit.value
        }
        box = [self._fields[name][1] for name in ("party1", "party2") if name in self._fields]
        title = units[0].path[0] if units[0].path[0] != INFOBOX else ""
        named = re.fullmatch(r"(.+?)\s*[–—-]\s*(.+?)\s+relations", title, re.IGNORECASE)
        self._parties = box if len(box) == 2 else list(named.groups()) if named else []
        self._places = {*self._parties, *(unit.path[-1] for unit in units)}

    def _other(self, party: str) -> str:
        """Return the other party of the article, or "" if `party` is not one of the two."""
        if len(self._parties) == 2 and party in self._parties:
            return self._parties[1 - self._parties.index(party)]
        return ""

    def infobox(self) -> Iterator[Row]:
        """Yield the parties, missions and envoys of the infobox."""
        for name, (number, text) in self._fields.items():
            key, digit = name.rstrip("0123456789"), name.lstrip("abcdefghijklmnopqrstuvwxyz")
            _, party = self._fields.get(f"party{digit}", (0, ""))
            if key == "party" and digit:
                kind = "Polity" if re.search("Holy See|Order of Malta", text) else "State"
                yield Row("party", {"name": text, "kind": kind}, (number,), HIGH)
            elif key == "mission" and digit:
                yield from self._mission(text, party, (number,))
            elif key == "envoy" and digit:
                at, title = self._fields.get(f"envoytitle{digit}", (number, ""))
                cells = {"holder": text, "office": title or "Ambassador", "of": party}
                cells["post"] = self._other(party)
                units = tuple(sorted({at, number}))
                yield Row("tenure", cells, units, HIGH if title else MEDIUM)

    def _mission(self, text: str, party: str, units: tuple[int, ...]) -> Iterator[Row]:
        if not (match := _MISSION.fullmatch(text)):
            return
        sender = _bare(match["sender"] or party)
        receiver = _bare(match["to"] or "") or self._other(sender)
        seat = (match["seat"] or match["place"] or "").strip()
        if seat.startswith("the ") or seat in self._parties:
            receiver, seat = receiver or _bare(seat), ""
        cells = _kind(match["kind"]) | {"sender": sender, "receiver": receiver, "seat": seat}
        yield Row("mission", cells, units, HIGH if match["sender"] and seat else MEDIUM)

    def lists(self) -> Iterator[Row]:
        """Yield the visits and the missions in the lists of the article."""
        caption: int | None = None
        for number, unit in enumerate(self._units):
            if unit.kind != "list-item":
                caption = number if unit.kind in ("caption", "heading") else None
                continue
            item = _NOTE.sub("", self._words[number])
            if len(item) > _LONGEST:
                continue
            above = self._words[caption].strip("= ") if caption is not None else ""
            section = unit.path[-1]
            units = (number,) if caption is None else (caption, number)
            if _VISITS.search(above) or (_VISITS.search(section) and not _MISSIONS.search(above)):
                yield from self._visits(item, above, section, units)
            elif _MISSIONS.search(above) or _MISSIONS.search(section):
                yield from self._missions(item, above, units)

    def _visits(self, item: str, above: str, section: str, units: tuple[int, ...]) -> Iterator[Row]:
        """Yield the visits of an item, one for each date."""
        text = item.rstrip(".")
        dates = [""]
        if match := _DATED_LAST.fullmatch(text):
            text = match["rest"]
            dates = _dates(match["inside"] or match["after"])
        elif match := _DATED_FIRST.fullmatch(text):
            text, dates = match["rest"], _dates(match["date"])
        person = visitor_of(_VERB.sub("", text), self._places)
        if person is None:
            return
        origin, host = self._direction(above) or self._direction(section) or ("", "")
        about = f"{above} {section}".lower()
        office = office_of(person.office, origin, self._places)
        cells = {"visitor": person.name, "office": office.title, "office_kind": office.kind}
        cells |= {"origin": origin, "host": host}
        if "state visit" in about and office.kind == "head-of-state":
            cells["kind"] = "StateVisit"
        elif "high-level" in about:
            cells["kind"] = "HighLevelVisit"
        is_sure = person.office and person.is_sure and origin and host and all(dates)
        for date in dates:
            confidence = HIGH if is_sure else MEDIUM if origin and host else LOW
            yield Row("visit", cells | {"when": date}, units, confidence)

    def _direction(self, words: str) -> tuple[str, str] | None:
        """Return the sending and the receiving party of the visits below some words, or None."""
        for pattern in _DIRECTIONS:
            for found in _VISITS.finditer(words):
                match = pattern.fullmatch(words, found.start())
                if match and re.fullmatch(_NAME, match["host"]):
                    host, origin = _bare(match["host"]), match["origin"] or ""
                    # "Visits by Avarian ministers to Borduria" are from Avaria.
                    is_name = re.fullmatch(_NAME, origin)
                    return _bare(origin) if is_name else self._other(host), host
        return None

    def _missions(self, item: str, above: str, units: tuple[int, ...]) -> Iterator[Row]:
        """Yield the missions of an item below a caption, one for each seat."""
        if _DENIED.search(item):
            return
        if match := _HAS.fullmatch(item):
            sender = _bare(match["sender"])
            for some in _SOME.finditer(match["missions"]):
                for seat in re.split(r",\s*(?:and\s+)?|\s+and\s+", _seats(some["seats"])):
                    if not seat[:1].isupper():
                        continue
                    cells = _kind(some["kind"]) | {"sender": sender}
                    cells |= {"receiver": self._other(sender), "seat": _bare(seat)}
                    yield Row("mission", cells, units, HIGH if cells["receiver"] else MEDIUM)
        elif match := _AT_PLACE.fullmatch(item):
            cells = _kind(match["kind"]) | {"seat": match["seat"]}
            if parties := _OF_IN.search(above):
                cells |= {name: _bare(party) for name, party in parties.groupdict().items()}
            yield Row("mission", cells, units, HIGH if parties else LOW)
        else:
            yield from self._mission(item.rstrip("."), "", units)

    def openings(self) -> Iterator[Row]:
        """Yield the relations for which a sentence gives the date of their beginning."""
        for number, (unit, text) in enumerate(zip(self._units, self._words, strict=True)):
            if unit.kind != "sentence" or len(text) > _LONGEST:
                continue
            for pattern in _OPENINGS:
                if match := pattern.search(text):
                    yield from self._opening(text, match, number)
                    break

    def _opening(self, text: str, match: re.Match[str], number: int) -> Iterator[Row]:
        beside = _DATE_AFTER.match(text, match.end()) or _DATE_BEFORE.fullmatch(
            text[: match.start()]
        )
        dates = re.findall(_DATE, re.sub(r"\([^()]*\)", "", text))
        date = beside["date"] if beside else dates[0] if len(dates) == 1 else ""
        named = match.groupdict()
        parties = [_bare(named[key]) for key in ("a", "b")] if named else self._parties
        if not date or len(parties) != 2 or re.search(r"\b(?:not|never|no)\b", match[0]):
            return
        cells = dict(zip(("party", "counterpart"), parties, strict=True))
        confidence = HIGH if named and beside else MEDIUM
        yield Row("relations", cells | {"begun": rewritten(date)}, (number,), confidence)


def _dates(text: str) -> list[str]:
    """Return the dates that a text lists, in EDTF, or [""]; a span of years is one date."""
    if re.search(r"\d{4}\s*[–—-]\s*\d{4}", text):
        return [rewritten(text.strip())]
    return [rewritten(found[0]) for found in re.finditer(_DATE, text)] or [""]


def _seats(text: str) -> str:
    """Return the names of cities, without remarks in brackets and without punctuation."""
    return re.sub(r"\s*\([^()]*\)", "", text).strip(" ,;")


def _bare(name: str) -> str:
    """Return a name without an article, a possessive 's and the punctuation around it."""
    return re.sub(r"^[Tt]he\s+|['’]s$", "", name.strip(" .,;:"))


def _kind(words: str) -> dict[str, str]:
    """Return the cells for a kind of mission: its class and, for a high commission, a rank."""
    words = re.sub(r"consulates?[-\s]generals?", "consulate-general", words.lower())
    words = " ".join(words.split()).replace("honorary consulate-general", "honorary consul")
    known = toml("articles/offices.toml")["missions"]
    kind = next(name for start, name in known.items() if words.startswith(start))
    return {"kind": kind} | ({"rank": "high-commission"} if words.startswith("high") else {})
