"""Amounts as sources give them: exact, approximate, in a range or part of a total.

A number has digits and at most one decimal point: `450`, `1.5`. An amount is a number, an
approximate number (`40~`), a range with inclusive ends (`[1700..]`, `[..50]`, `[30..40]`), or any
of these as part of a total (`37/50`). Its unit is given separately.

An approximate number may be off by one unit of its last non-zero digit, but by no more than half:
`40~` means 30 to 50, `1700~` means 1600 to 1800, and `100~` means 50 to 150. The ontology documents
this margin.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import RKG, XSD
from relations_kg.rdf.words import stands_for_nothing

DATATYPE = RKG + "Amount"

# At most 18 digits, since every SPARQL engine can calculate with that many.
_NUMBER = r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,3})?"
# Patterns are compiled at first use, since a query of the bundled graph parses no amounts.
_AMOUNT = (
    rf"(?:(?P<only>{_NUMBER}~?)|\[(?P<least>{_NUMBER}~?)?\.\.(?P<most>{_NUMBER}~?)?\])"
    rf"(?:/(?P<total>{_NUMBER}))?"
)

_LONGEST_SHOWN = 60
_HELP = (
    "write a number: '450', '40~' (about), '[1700..]' (at least), '[..50]' (at most), "
    "'[30..40]' or '37/50' (of a total)"
)
_NOT_NEGATIVE = "leave out the sign; the direction of an amount is given by the parties to it"
_SAYS_NOTHING = "give one end of the range at least: '[1700..]', '[..50]', '[30..40]'"

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS = {
    **{"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"dozen": 12, "bn": 10**9, "mn": 10**6, "mln": 10**6, "mio": 10**6},
}
# Abbreviations that also have other meanings, and the signs of currencies.
_SHORT = {"k": 1_000, "m": 10**6, "b": 10**9}
_MONEY = (
    "[$\u20ac\u00a3\u00a5]|usd|eur|gbp|pen|cny|jpy|rmb"
    "|(?:us )?dollars?|euros?|soles|pounds?|yuan|yen"
)
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
# Vague words, and the least number that each can mean.
_VAGUE = {
    **dict.fromkeys(("several", "a few", "few", "a number", "many", "numerous", "some"), 2),
    **{"dozens": 24, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000},
    **{"several hundred": 200, "several thousand": 2_000, "tens of thousands": 20_000},
}
# Corrections of common mistakes, applied in this order after `_in_digits`.
_NEAR = r"(?:about|around|approx(?:imately|\.)?|circa|ca?\.?|roughly|some|nearly|almost|[~\u2248])"
_OVER = r"(?:(?:well |just )?over|(?:no|not) (?:less|fewer) than|more than|at least|>=?|\u2265)"
_UNDER = (
    r"(?:(?:well |just )?under|(?:no|not) more than|(?:less|fewer) than|at most|up to|<=?|\u2264)"
)
_TO = r"(?:[-\u2013\u2014]|\bto\b|\band\b|\.\.)"
_REWRITES = (
    (rf"{_NEAR}\s*({_NUMBER})", r"\1~"),
    (rf"{_OVER}\s*({_NUMBER}~?)|({_NUMBER}~?)\s*(?:\+|or (?:more|over)|\.\.)", r"[\1\2..]"),
    (rf"{_UNDER}\s*({_NUMBER}~?)|({_NUMBER}~?)\s*or (?:less|fewer|under)", r"[..\1\2]"),
    (rf"\.\.({_NUMBER}~?)", r"[..\1]"),
    (rf"(?:between |from )?({_NUMBER}~?)\s*{_TO}\s*({_NUMBER}~?)", r"[\1..\2]"),
    (rf"[\[({{]({_NUMBER}~?)\s*(?:[,;]|\.\.)\s*({_NUMBER}~?)[\])}}]", r"[\1..\2]"),
)
_OF_A_TOTAL = rf"(.+?)\s*(?:/|\b(?:out )?of|\bin)\s*(?:the |a total of )?({_NUMBER})"


class Amount(NamedTuple):
    """The bounds of an amount, and the total of which it is a part.

    The bounds are inclusive, and each is None if the text does not give it. `out_of` is None if the
    amount is not part of a total.

    >>> parse("37/50") == Amount(Decimal(37), Decimal(37), Decimal(50))
    True
    """

    at_least: Decimal | None
    at_most: Decimal | None
    out_of: Decimal | None


def parse(text: str) -> Amount:
    """Return the bounds of an amount; raise InputError if the text is not an amount.

    >>> print(*parse("[..30~]/50"))
    None 40 50
    """
    try:
        return _read(text)
    except ValueError as error:
        message = f"not an amount: {_shown(text)}"
        raise InputError(message, help=_help(text, str(error))) from None


def literal(text: str) -> Literal:
    """Return the literal for an amount in everyday notation; raise InputError for any other text.

    A plain number is an `xsd:integer` or an `xsd:decimal`, any other amount an `rkg:Amount`.

    >>> literal("262,000,000").value, literal("about 40").value
    ('262000000', '40~')
    """
    plain = " ".join(text.lower().split())
    right = _corrected(_in_digits(plain)) if len(text) <= _LONGEST_SHOWN else text
    try:
        _read(right)
    except ValueError:
        parse(text)
        raise
    if not re.fullmatch(_NUMBER, right):
        return Literal(right, datatype=NamedNode(DATATYPE))
    return Literal(right, datatype=NamedNode(XSD + ("decimal" if "." in right else "integer")))


def number(text: str) -> Decimal | None:
    """Return the number that a text denotes, or None if it is not a finite number.

    >>> number("1.5e3"), number("INF")
    (Decimal('1.5E+3'), None)
    """
    try:
        found = Decimal(text)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def written(number: Decimal) -> str:
    """Return a number in the canonical form of `xsd:decimal`, without a point if it is whole.

    >>> written(Decimal("1.50")), written(Decimal("4E+1"))
    ('1.5', '40')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(text: str) -> str:
    """Return an amount in words, with separated thousands; any other text is returned as it is.

    >>> in_words("[1700..]"), in_words("262000000"), in_words("[30..40~]/50")
    ('at least 1,700', '262,000,000', '30 to about 40 of 50')
    """
    match = re.fullmatch(_AMOUNT, text)
    if not match:
        return text
    only, least, most, total = (
        figure and f"{'about ' if '~' in figure else ''}{_number(figure):,}"
        for figure in match.group("only", "least", "most", "total")
    )
    ends = f"{least} to {most}" if least and most else f"at least {least}"
    words = only or (ends if least else f"at most {most}")
    return f"{words} of {total}" if total else words


def _read(text: str) -> Amount:
    """Return the bounds of an amount; raise ValueError with a correction if the text is invalid."""
    match = re.fullmatch(_AMOUNT, text)
    if not match:
        raise ValueError(_NOT_NEGATIVE if re.fullmatch(f"-{_NUMBER}", text) else _HELP)
    only, least, most, total = match.group("only", "least", "most", "total")
    if not (only or least or most):
        raise ValueError(_SAYS_NOTHING)
    if least and most and _number(least) > _number(most):
        raise ValueError(f"write '[{most}..{least}]', the lower number first")
    low, high = only or least, only or most
    at_least = _number(low) - _margin(low) if low else None
    at_most = _number(high) + _margin(high) if high else None
    if total is None:
        return Amount(at_least, at_most, None)
    out_of = Decimal(total)
    if _number(high or least) > out_of:
        raise ValueError(
            "write the part first, and then the total, which must not be smaller: '37/50'"
        )
    return Amount(at_least, out_of if at_most is None else min(at_most, out_of), out_of)


def _number(figure: str) -> Decimal:
    return Decimal(figure.rstrip("~"))


def _margin(figure: str) -> Decimal:
    number = _number(figure).normalize()
    if not figure.endswith("~"):
        return Decimal(0)
    return min(Decimal((0, (1,), int(number.as_tuple().exponent))), number / 2)


def _help(text: str, reason: str) -> str:
    # Some corrections take quadratic time, so they are tried on short texts only.
    if len(text) > _LONGEST_SHOWN or reason != _HELP:
        return reason
    plain = " ".join(text.lower().split())
    if stands_for_nothing(plain):
        return "leave the amount out if the source gives none"
    if re.fullmatch(rf"\({_NUMBER}\)", plain):
        return _NOT_NEGATIVE
    if money := re.fullmatch(rf"(?:us)?({_MONEY})\s*(.+)|(.+?)\s*({_MONEY})", plain):
        sign, rest = money[1] or money[4], money[2] or money[3]
        return f"{_help(rest, _HELP)}, with the currency of {sign!r} in rkg:currency"
    if short := re.fullmatch(rf"({_NUMBER})\s*([kmb])?(?:e\+?0?([0-9]))?", plain):
        power = _SHORT.get(short[2] or "", 1) * 10 ** int(short[3] or 0)
        number = written(Decimal(short[1]) * power)
        return f"write {number!r}" if re.fullmatch(_NUMBER, number) else reason
    if plain in _VAGUE:
        return f"write '[{_VAGUE[plain]}..]', with the words themselves in rkg:vagueQuantity"
    if not plain.startswith(("[", "(", "{")) and "." not in plain:
        # A comma before one or two digits is a decimal point.
        plain = re.sub(r"(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))", ".", plain)
    number = re.sub(r"\s*(?:%|\bper ?cent)$", "", plain)
    try:
        right = _corrected(_in_digits(number))
        _read(right)
    except ValueError as error:
        return str(error)
    return f"write {right!r}" if number == plain else f"write {right!r}, with rkg:unit code:percent"


def _corrected(text: str) -> str:
    if of_total := re.fullmatch(_OF_A_TOTAL, text):
        return f"{_corrected(of_total[1])}/{of_total[2]}"
    for pattern, replacement in _REWRITES:
        text = re.sub(rf"^(?:{pattern})$", replacement, text)
    return text


def _in_digits(text: str) -> str:
    """Rewrite the numbers in a text as digits without separators."""
    numbers = {word: number for number, word in enumerate(_WORDS.split())}
    numbers |= {word: 10 * number for number, word in enumerate(_TENS, 3)}
    # "twenty-five" is not a range.
    tens, ones = "|".join(("twenty", *_TENS)), "|".join(_WORDS.split()[1:10])
    text = re.sub(
        rf"\b({tens})[ -]({ones})\b", lambda both: str(numbers[both[1]] + numbers[both[2]]), text
    )
    for word, number in numbers.items():
        text = re.sub(rf"\b{word}\b", str(number), text)
    bound = rf"((?:{_NEAR}|{_OVER}|{_UNDER})\s+)?"
    for word, parts in _FRACTIONS.items():
        text = re.sub(rf"^{bound}(?:an?\s)?{word}$", rf"\g<1>1/{parts}", text)
        text = re.sub(rf"^{bound}({_NUMBER})[ -]{word}s?$", rf"\1\2/{parts}", text)
    # Two dots, or a dot before a comma, cannot be decimal points.
    if re.search(r"[0-9]\.[0-9]{3}(?:\.[0-9]{3}(?![0-9])|,[0-9]{1,3}(?![0-9]))", text):
        text = text.replace(".", "").replace(",", ".")
    text = re.sub(r"(?<=[0-9])[, '\u2019](?=[0-9]{3}(?![0-9]|\.\.))", "", text)
    text = re.sub(r"(?<=[0-9])(?=(?:bn|mn|mln|mio)\b)", " ", text)
    for word, power in _POWERS.items():
        text = re.sub(rf"\ba {word}\b", str(power), text)
        for number in re.findall(rf"({_NUMBER}) {word}\b", text):
            text = text.replace(f"{number} {word}", written(Decimal(number) * power))
    text = re.sub(r"(?<=[\[{(~.]) | (?=[\]})~.])", "", text)
    return re.sub(r"(?<![0-9.])0+(?=[0-9])", "", text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")
