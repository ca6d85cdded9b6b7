"""Mistakes in literals: values that do not fit their datatype, and wrong language tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from relations_kg._files import toml
from relations_kg.errors import InputError
from relations_kg.rdf import amounts, dates, days
from relations_kg.rdf.encodings import LOST, misread
from relations_kg.rdf.namespaces import PREFIXES, RDF, RKG, XSD, shorten
from relations_kg.rdf.spelling import did_you_mean, nearest
from relations_kg.rdf.terms import EngineTerm, Term

# https://www.w3.org/TR/xmlschema11-2/; the days of months are checked separately.
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DAY = r"-?(\d{4}|[1-9]\d{4,})-(\d\d)-(\d\d)"
_TIME = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
_REAL = r"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)"
_FORMS = {
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": _REAL,
    "float": _REAL,
    "boolean": "true|false|1|0",
    "date": _DAY + _ZONE,
    "dateTime": f"{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_DAY}T{_TIME}{_ZONE[:-1]}",
    "time": _TIME + _ZONE,
    "gYear": r"-?(\d{4}|[1-9]\d{4,})" + _ZONE,
    "gYearMonth": r"-?(\d{4}|[1-9]\d{4,})-(0[1-9]|1[0-2])" + _ZONE,
    "gMonthDay": r"--(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])" + _ZONE,
    "gMonth": r"--(0[1-9]|1[0-2])" + _ZONE,
    "gDay": r"---(0[1-9]|[12]\d|3[01])" + _ZONE,
    "duration": r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "yearMonthDuration": r"-?P(?=.)(\d+Y)?(\d+M)?",
    "dayTimeDuration": r"-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "hexBinary": r"([0-9A-Fa-f]{2})*",
    "base64Binary": r"((\s*[A-Za-z0-9+/]){4})*+"
    r"((\s*[A-Za-z0-9+/]){2}(\s*=){2}|(\s*[A-Za-z0-9+/]){3}\s*=)?\s*",
    "language": r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
}
_BITS = {"long": 64, "int": 32, "short": 16, "byte": 8}
_WHOLE = {
    "nonNegativeInteger": r"\+?\d+|-0+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "nonPositiveInteger": r"-\d+|\+?0+",
    "negativeInteger": r"-0*[1-9]\d*",
    **dict.fromkeys(_BITS, r"[+-]?\d+"),
    **dict.fromkeys((f"unsigned{name.capitalize()}" for name in _BITS), r"\+?\d+|-0+"),
}
_TEXTS = ("string", "normalizedString", "token", "anyURI", "Name", "NCName", "NMTOKEN", "QName")
_RDF = ("langString", "dirLangString", "HTML", "XMLLiteral", "JSON", "PlainLiteral")
_KNOWN = {
    *(XSD + name for name in (*_FORMS, *_WHOLE, *_TEXTS)),
    *(RDF + name for name in _RDF),
    dates.DATATYPE,
    amounts.DATATYPE,
}
_INTEGER = NamedNode(XSD + "integer")
_OF_DATATYPES = (XSD, RDF, PREFIXES["edtf"], RKG)
_EXAMPLES = {
    "integer": "1971",
    "decimal": "16.5",
    "boolean": "true",
    "date": "1971-11-02",
    "gYear": "1971",
}
# The languages of most texts, for which no table is read.
_USUAL = ("en", "es")
# Control characters that XML forbids or discourages; text copied from PDF can contain them.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]"
# Characters that override the direction of a text, so that it is shown in another order.
_OVERRIDE = "[\u202d\u202e]"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A mistake in a literal.

    `part` is its language tag or datatype, if the mistake is there. `right` is the replacement for
    the wrong part, or None if it is uncertain.
    """

    code: str
    message: str
    help: str | None = None
    right: str | None = None
    part: str | None = None


def flaws(term: EngineTerm) -> Iterator[Flaw]:
    """Yield the mistakes in a term, if it is a literal.

    >>> [flaw.help for flaw in flaws(Literal("Lima", language="jp"))]
    ['did you mean "ja"?']
    """
    if not isinstance(term, Literal):
        return
    if term.language:
        yield from _language(term.language)
        yield from _characters(term.value)
        return
    datatype = term.datatype.value
    if datatype == XSD + "string":
        yield from _characters(term.value)
    if datatype == dates.DATATYPE:
        yield from _parsed("date", dates.parse, term.value)
    elif datatype == amounts.DATATYPE:
        yield from _parsed("amount", amounts.parse, term.value)
    elif datatype.startswith(XSD):
        yield from _lexical(datatype.removeprefix(XSD), term.value)
    if datatype not in _KNOWN and datatype.startswith(_OF_DATATYPES):
        near = nearest(datatype, _KNOWN)
        valid = len(near) == 1 and not any(flaws(Literal(term.value, datatype=NamedNode(near[0]))))
        message = f"{shorten(datatype)} is not a datatype"
        help = did_you_mean(shorten(datatype), map(shorten, near))
        yield Flaw("unknown-term", message, help, near[0] if valid else None, datatype)


def narrowed(term: EngineTerm, accepted: Collection[Term]) -> Iterator[Flaw]:
    """Yield the mistake in a literal of a narrower integer datatype than a property accepts.

    The engine stores such a literal as xsd:integer, so the mistake is not visible in a store.

    >>> short, integer = (NamedNode(XSD + name) for name in ("short", "integer"))
    >>> [flaw.help for flaw in narrowed(Literal("120", datatype=short), {integer})]
    ['write it as an xsd:integer']
    """
    if _INTEGER not in accepted or not isinstance(term, Literal) or term.datatype in accepted:
        return
    datatype = term.datatype.value
    if datatype.removeprefix(XSD) in _WHOLE:
        message = f'"{term.value[:60]}" is an {shorten(datatype)}, not an xsd:integer'
        help = "write it as an xsd:integer"
        yield Flaw("datatype", message, help, _INTEGER.value, datatype)


def respelt(text: str, datatypes: Iterable[NamedNode]) -> tuple[list[Literal], list[str]]:
    """Return the literals of the given datatypes that a text may mean, and advice on its mistakes.

    There is advice only on dates and amounts.

    >>> found, _ = respelt("about 40", [NamedNode(amounts.DATATYPE)])
    >>> found[0].value
    '40~'
    """
    found, helps = [], []
    for datatype in datatypes:
        right = Literal(text.strip(), datatype=datatype)
        flaw = next(flaws(right), None)
        if flaw is None:
            found.append(right)
        elif flaw.right:
            found.append(Literal(flaw.right, datatype=datatype))
        if flaw and flaw.help and not datatype.value.startswith(XSD):
            helps.append(flaw.help)
    return found, helps


def _fits_in(name: str, text: str) -> bool:
    """Return whether an integer is in the value range of its datatype; most datatypes have none."""
    bits = _BITS.get(name.removeprefix("unsigned").lower())
    if bits is None:
        return True
    digits = text.lstrip("+-0")
    if len(digits) > 20:
        return False
    number = int(digits or "0") * (-1 if text.startswith("-") else 1)
    if name.startswith("unsigned"):
        return 0 <= number < 1 << bits
    return -(1 << bits - 1) <= number < 1 << bits - 1


def _language(tag: str) -> Iterator[Flaw]:
    language = tag.partition("-")[0].lower()
    if language in _USUAL:
        return
    known = toml("rdf/languages.toml")
    of_three = len(language) == 3 and language not in known["meant"]
    if of_three or language in known["codes"]:
        return
    message = f'"{tag}" is not the tag of a language'
    if right := known["meant"].get(language):
        rest = tag[len(language) :]
        yield Flaw("language", message, f'did you mean "{right}"?', f"@{right}{rest}", tag)
    else:
        help = "write a code of ISO 639, such as en, es, pt or zh"
        yield Flaw("language", message, help, None, tag)


def _characters(text: str) -> Iterator[Flaw]:
    if text.isascii() and text.isprintable():
        return
    if LOST in text:
        message = "the text has U+FFFD, which stands for a character that was lost"
        yield Flaw("lexical", message, "write the character, and save the text in UTF-8")
    elif right := misread(text):
        message = "the text was read in another encoding than UTF-8"
        yield Flaw("lexical", message, f'write "{right[:60]}"')
    if wrong := re.search(_OVERRIDE, text):
        message = f"the text has U+{ord(wrong[0]):04X}, which reverses what is shown after it"
        yield Flaw("lexical", message, "leave it out")
    if wrong := re.search(_CONTROL, text):
        message = f"the text has the control character U+{ord(wrong[0]):04X}"
        yield Flaw("lexical", message, "write a space instead, or leave it out")


def _parsed(code: str, parse: Callable[[str], object], text: str) -> Iterator[Flaw]:
    try:
        parse(text)
    except InputError as error:
        help = error.help or ""
        right = re.fullmatch("write '([^']+)'", help)
        kind = "an amount" if code == "amount" else f"a {code}"
        yield Flaw(code, f'"{text[:60]}" is not {kind}', help, right and right[1])


def _lexical(name: str, text: str) -> Iterator[Flaw]:
    form = _FORMS.get(name) or _WHOLE.get(name)
    if form is None:
        return
    bare = text.strip(" \t\r\n")
    if bare != text and not any(_lexical(name, bare)):
        message = f'"{text[:60]}" is not an xsd:{name}'
        yield Flaw("lexical", message, "leave out the white space around it", bare)
        return
    match = re.fullmatch(form, bare, re.ASCII)
    if match and _fits_in(name, bare) and _is_in_calendar(name, match):
        return
    example = _EXAMPLES.get(name)
    help = example and f'write it like "{example}"'
    if name == "date" and re.search("[0-9]", bare):
        try:
            help = f'write "{days.day_of(bare)}"'
        except InputError as error:
            help = error.help
    yield Flaw("lexical", f'"{text[:60]}" is not an xsd:{name}', help)


def _is_in_calendar(name: str, match: re.Match[str]) -> bool:
    """Return whether a date, or a month and a day, exists; true for other datatypes."""
    if name in ("date", "dateTime", "dateTimeStamp"):
        year, month, day = match.group(1, 2, 3)
    elif name == "gMonthDay":
        year, month, day = "2000", match[1], match[2]  # a leap year
    else:
        return True
    try:
        # The calendar repeats after 400 years, and `date` only has four-digit years.
        return bool(date(int(year[-4:]) % 400 + 400, int(month), int(day)))
    except ValueError:
        return False
