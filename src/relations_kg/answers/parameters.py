"""The parameters of stored queries: their types, and the terms that values become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from relations_kg.answers import guesses, misfits
from relations_kg.answers.kinds import Kind
from relations_kg.errors import InputError, QueryError, UnknownName
from relations_kg.rdf import amounts, dates, days, duration_words
from relations_kg.rdf.namespaces import XSD

if TYPE_CHECKING:
    from relations_kg.names.names import Names

Term = NamedNode | Literal
TYPES = (
    *("thing", "date", "edtf", "decade", "year", "integer", "non-negative-integer", "amount"),
    *("duration", "term", "time-of-day", "day-of-year", "language-tag"),
    *("boolean", "language", "text"),
)
_PARAMETER = (
    r'(?P<type>(?:[\w:-]+|"[^"]+")(?:\|(?:[\w:-]+|"[^"]+"))*)(?P<several>\s+several)?'
    r"(?:\s+(?P<required>required)|\s*=\s*(?P<default>.+))?"
)
# The parameters for the first and for the last day of a window.
SINCE, UNTIL = "since", "until"
_ONE_VALUE = "give one of its values, such as a name, a date or a number"
_LONGEST_SHOWN = 100
_MOST_OPTIONS = 40
_DAYS = {"day": 1, "d": 1, "week": 7, "month": 30, "year": 365}
_SIDES: dict[str, days.Side] = {SINCE: "first", UNTIL: "last"}


class Parameter(NamedTuple):
    """A parameter of a stored query or a form, which may be required or have a default.

    `type` is one of TYPES, or a list of alternatives separated by `|`: the slug of a class
    (`person|organization`); `kind-of-` before a slug, for that class and its subclasses; a code
    list; or a string in quotes. A form may take `several` values of a parameter.
    """

    name: str
    type: str
    required: bool = False
    default: str | None = None
    several: bool = False

    @classmethod
    def parse(cls, name: str, text: str) -> Parameter:
        """Parse a header line after the parameter's name; raise InputError if it is malformed."""
        match = re.fullmatch(_PARAMETER, text)
        if not match:
            raise InputError(
                f"not a parameter: {text!r}",
                help=f"write TYPE, TYPE required or TYPE = DEFAULT; TYPE is {', '.join(TYPES)}, "
                "or classes and code lists such as person|organization",
            )
        required, several = bool(match["required"]), bool(match["several"])
        return cls(name, match["type"], required, match["default"], several)

    def __str__(self) -> str:
        end = " several" if self.several else ""
        end += " required" if self.required else f" = {self.default}" if self.default else ""
        return f"{self.name}: {self.type}{end}"

    @property
    def is_thing(self) -> bool:
        """Whether values are things, classes or codes, and not literals."""
        return self.type == "thing" or not (self.type in TYPES or self.texts)

    @property
    def texts(self) -> list[str]:
        """The allowed texts, if the header lists them."""
        return re.findall(r'"([^"]+)"', self.type)

    def kinds(self, things: Names) -> list[Kind]:
        """Return the kinds of things that a value can be, or [] for any thing or a literal."""
        if self.type in TYPES or self.texts:
            return []
        return [Kind.of(text, things) for text in self.type.split("|")]

    def asked_for(self, things: Names) -> tuple[str, str]:
        """Return a noun phrase for the accepted values, such as "a party", and an example."""
        return misfits.asked_for(self.type, self.kinds(things), things)

    def options(self, things: Names) -> list[str]:
        """Return all values of this parameter if they are texts, codes or classes, or else []."""
        return self.texts or misfits.options(self.kinds(things), things)

    def term(self, value: object, things: Names, others: Iterable[Parameter] = ()) -> Term:
        """Convert a value to a term of this parameter's type; errors name the parameter.

        Raises QueryError for a value that the parameter does not accept. The error names those of
        the query's parameters, given as `others`, that accept the value.
        """
        try:
            return self._term(value, things, others)
        except (InputError, UnknownName, ValueError) as error:
            message = error.message if isinstance(error, (InputError, UnknownName)) else str(error)
            help = error.help if isinstance(error, (InputError, UnknownName)) else None
            raise QueryError(message, where=self.name, help=help) from None

    def _term(self, value: object, things: Names, others: Iterable[Parameter]) -> Term:
        if isinstance(value, list | tuple | set | dict) and len(value) > 1:
            help = "give one of them, and ask once for each"
            raise InputError(f"{len(value)} values are given", help=help)
        if isinstance(value, list | tuple):
            # A cell of a row may be a list with one thing.
            value = value[0] if value else None
        if _is_container(value):
            what = f"the class {value.__name__}" if isinstance(value, type) else "a " + _kind(value)
            raise InputError(f"{what} is not a value", help=_ONE_VALUE)
        if is_missing(value):
            raise InputError(
                f"{value!r} is a missing value", help="give a value, or leave the parameter out"
            )
        # Columns of numbers with missing cells are floats in most libraries.
        whole = isinstance(value, float) and value.is_integer()
        text = str(int(value)) if whole else str(value)  # type: ignore[call-overload]
        if not isinstance(value, str) and len(text) > _LONGEST_SHOWN:
            raise InputError(f"a {_kind(value)} is not a value", help=_ONE_VALUE)
        match self.type:
            case "thing":
                return NamedNode(things.find(text))
            case "date":
                day = days.day_of(value if isinstance(value, date) else text, _SIDES.get(self.name))
                return Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))
            case "edtf":
                return Literal(_edtf(value, text), datatype=NamedNode(dates.DATATYPE))
            case "amount":
                return amounts.literal(text)
            case "duration" | "term":
                return duration_words.literal(text, may_be_endless=self.type == "term")
            case "decade":
                return Literal(_decade(text))
            case "year" | "integer" | "non-negative-integer":
                if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                    years = _listed(text, "{0}") if self.type == "year" else ""
                    meant = _digits(self.name, text) if self.type != "year" else None
                    example = "1971" if self.type == "year" else "30"
                    several = "one year, " if " " in years else ""
                    help = f"write {several}{years or meant or f'digits, such as {example}'}"
                    raise InputError(f"{text!r} is not a whole number", help=help)
                if self.type == "non-negative-integer" and int(text) < 0:
                    raise InputError(f"{text!r} is negative", help=f"write {-int(text)}")
                return Literal(int(text))
            case "boolean":
                if text.lower() not in ("true", "false"):
                    raise InputError(
                        f"{text!r} is neither true nor false", help="write true or false"
                    )
                return Literal(text.lower() == "true")
            case "text":
                return Literal(text)
            case "time-of-day" | "day-of-year" | "language-tag":
                return Literal(misfits.formed(self.type, text))
            case "language":
                return Literal(misfits.language(text, things))
        if self.texts:
            if text not in self.texts:
                listed = ", ".join(f'"{each}"' for each in self.texts)
                raise InputError(f"{text!r} is not a value", help=f"use one of {listed}")
            return Literal(text)
        return NamedNode(self._thing(text, things, others))

    def _thing(self, text: str, things: Names, others: Iterable[Parameter]) -> str:
        """Return the IRI of the thing or code that a text names.

        Raises UnknownName or InputError if there is none, or none of a kind that fits.
        """
        kinds = self.kinds(things)
        lists = [kind.iri for kind in kinds if kind.is_list]
        iri = None
        try:
            if len(lists) == len(kinds) == 1:
                return things.find_in_list(text, lists[0])
            iri = things.find(text, [kind.sought for kind in kinds])
            if any(kind.includes(iri, things) for kind in kinds):
                return iri
        except UnknownName as error:
            same = (p for p in others if self.type in (p.type, *p.type.split("|")))
            alike = [p.name for p in same if p.name != self.name]
            if alike and things.listed(text):
                error.help = f"{error.help}, or give the other as {alike[0]}"
            elif len(lists) == len(kinds) or not lists:
                error.help = self._instead(text, things, others, error.help)
            if len(lists) == len(kinds) == 1 or not lists:
                raise
        for code_list in lists:
            try:
                return things.find_in_list(text, code_list)
            except UnknownName:
                pass
        # A parameter that accepts anything is not suggested.
        fitting = [p.name for p in others if iri and p.type != "thing" and p.accepts(iri, things)]
        raise misfits.misfit(self.name, text, iri, kinds, things, fitting)

    def _instead(
        self, text: str, things: Names, others: Iterable[Parameter], help: str | None
    ) -> str | None:
        """Return the advice on an unknown name, based on the other parameters.

        It is to give the name as another parameter that accepts it; or else `help`, if that
        suggests names; the names that other parameters suggest; or the options of this parameter.
        """
        fitting: list[str] = []
        near: dict[str, list[str]] = {}
        for other in others:
            if other.name == self.name or other.type in ("thing", self.type) or not other.is_thing:
                continue
            try:
                other._thing(text, things, ())
                fitting.append(other.name)
            except UnknownName as error:
                found = re.match(r"did you mean (?:[\w ]+: )?(.+?)\?", error.help or "")
                # A suggested code may match the text by its definition. A suggested thing, which is
                # shown with its CURIE, must have all words of the text in its name.
                shown = found[1].casefold() if found else ""
                is_whole = all(word in shown for word in text.casefold().split())
                if found and (is_whole or ":" not in shown):
                    near.setdefault(found[1], []).append(other.name)
            except InputError:
                pass
        is_asked = (help or "").startswith("did you mean")
        if fitting:
            return f"give it as {' or '.join(fitting)}{f', or {help}' if is_asked else ''}"
        if near and not is_asked:
            asked = (f"{each} as {' or '.join(names)}" for each, names in near.items())
            return f"did you mean {', or '.join(asked)}?"
        options = [] if is_asked else self.options(things)
        return f"use one of {', '.join(options)}" if 0 < len(options) <= _MOST_OPTIONS else help

    def accepts(self, iri: str, things: Names) -> bool:
        """Return whether a thing can be a value of this parameter."""
        return self.type == "thing" or any(
            kind.includes(iri, things) for kind in self.kinds(things)
        )


def unnamed(parameters: Iterable[Parameter], value: object, things: Names) -> QueryError:
    """Return the error for a value without the name of a parameter; it suggests names that fit."""

    def fits(parameter: Parameter) -> bool:
        try:
            return bool(parameter.term(value, things))
        except QueryError:
            return False

    names = [parameter.name for parameter in parameters if fits(parameter)][:3]
    help = " or ".join(f"{name}={value!r}" for name in names)
    if isinstance(value, Mapping):
        help = guesses.named(value)
    elif any(parameter.name == value for parameter in parameters):
        help = f"{value}=…"
    message = "a value needs the name of its parameter"
    return QueryError(message, where="run", help=f"write {help}" if help else None)


def _edtf(value: object, text: str) -> str:
    """Return the EDTF that a text or a day certainly means; raise InputError if it is unclear."""
    if isinstance(value, date):
        return days.day_of(value).isoformat()
    meant = dates.correction(text)
    if meant is None:
        dates.parse(text)
    return meant or text


def check_window(cells: Mapping[str | None, str]) -> None:
    """Raise QueryError for a window of days or numbers that ends before it begins.

    `cells` are the terms of parameters as SPARQL writes them.
    """
    for first, last, what in ((SINCE, UNTIL, "window"), ("least", "most", "range")):
        texts = [cells.get(name, "UNDEF") for name in (first, last)]
        if "UNDEF" in texts:
            continue
        start, end = (text.split('"')[1] for text in texts)
        # ISO dates of equal length can be compared as text.
        if int(start) > int(end) if what == "range" else start > end:
            raise QueryError(
                f"the {what} from {start} to {end} ends before it begins",
                where=last,
                help=f"give an end {'on or after' if what == 'window' else 'of at least'} {start}, "
                "or exchange the two",
            )


def _decade(text: str) -> int:
    """Return the first year of a decade (1990, 199X or in words); raise InputError for others."""
    meant = text if re.fullmatch("[0-9]{3}0", text) else dates.correction(text) or ""
    if re.fullmatch("[0-9]{3}[0X]", meant):
        return int(meant.replace("X", "0"))
    help = f"write {_listed(text, '{1}0s') or '1990 or 1990s'}"
    raise InputError(f"{text!r} is not a decade", help=help)


def _digits(name: str, text: str) -> str | None:
    """Return the whole number in a text with a unit or separators, or None.

    For the parameter `days`, a period such as "2 weeks" is converted to days.

    >>> _digits("days", "2 weeks"), _digits("least", "1,000"), _digits("least", "about 5")
    ('14', '1000', None)
    """
    if name == "days" and (length := re.fullmatch(r"(?i)([0-9]{1,6})\s*([a-z]+)", text.strip())):
        days = _DAYS.get(length[2].lower().removesuffix("s"))
        return str(int(length[1]) * days) if days else None
    plain = re.sub(r"(?<=[0-9])[,. '_](?=[0-9]{3}(?![0-9]))", "", text.strip())
    found = re.fullmatch(r"([0-9]{1,18})(?:\.0+)?(?: [a-z]+)?", plain)
    return found[1] if found else None


def _listed(text: str, form: str) -> str:
    """Return the years or decades of a date's known first and last day, for a message."""
    ends = [form.format(day.year, day.year // 10) for day in days.days_of(text) if day]
    return " to ".join(dict.fromkeys(ends))


def _is_container(value: object) -> bool:
    """Return whether a value is a frame, a mapping, a graph or a class rather than one value."""
    if isinstance(value, str):
        return False
    return hasattr(value, "__len__") or hasattr(value, "quad_store") or callable(value)


def _kind(value: object) -> str:
    return type(value).__name__


def is_missing(value: object) -> bool:
    """Return whether a value is None, or NaN, NaT or NA from an empty cell of a frame.

    >>> is_missing(float("nan")), is_missing(0)
    (True, False)
    """
    try:
        return value is None or bool(value != value)
    except TypeError:
        # pandas.NA compares as NA, which is neither true nor false.
        return True
    except ValueError:
        # Comparing an array gives an array, which has no single truth value.
        return False
