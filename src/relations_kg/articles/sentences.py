"""The sentences of running text, split at the punctuation that ends a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Abbreviations before a name or an explanation: their full stop ends a sentence only at the end of
# the text. A single capital is an initial instead.
_BEFORE_A_NAME = re.compile(
    r"adm|amb|approx|brig|c|ca|capt|cardinal|cf|col|cmdr|comdr|dr|e\.g|excmo|"
    r"fr|ft|gen|gov|gral|hon|i\.e|ing|lic|lt|maj|messrs|mgr|mons|mr|mrs|ms|"
    r"msgr|mt|mx|prof|pres|rep|resp|rev|rt|sen|sgt|sr|sra|srta|st|sta|ste|v|"
    r"viz|vs"
)
# Abbreviations whose full stop does not end a sentence before a number or a code.
_BEFORE_A_NUMBER = re.compile(
    r"apr|app|art|arts|aug|bd|bk|ch|chap|cl|dec|ed|eds|feb|fig|figs|fol|inv|"
    r"jan|jul|jun|mar|n|nº|no|nos|nov|nr|nros|num|nrs|oct|p|para|pars|pp|r|"
    r"reg|regs|sec|sect|sep|sept|ser|t|tab|vol|vols|§"
)
# Abbreviations whose full stop, like an initial's, ends a sentence only before one of _OPENERS.
_OFTEN_LAST = re.compile(r"al|assn|bros|co|corp|dept|inc|jr|ltd|ph\.d|s\.a|snr|sq|univ")
_OPENERS = re.compile(
    r"a|after|all|also|although|among|an|and|as|at|because|before|between|both|"
    r"but|by|despite|during|each|early|following|for|from|furthermore|he|her|his|"
    r"however|i|if|in|instead|it|its|later|many|meanwhile|moreover|most|"
    r"nevertheless|on|once|one|only|over|several|she|similarly|since|some|soon|"
    r"such|that|the|their|then|there|these|they|this|those|though|through|thus|"
    r"to|today|two|under|until|upon|we|what|when|where|which|while|who|with|"
    r"within|you"
)
_NUMBERED = re.compile(r"annex|article|chapter|part|phase|stage|title|war")

_END = re.compile(
    r"(?<![.!?…])[.!?…]++(?:[\"'”’»)\]]|\[[^\[\]\n]{1,30}\])*+(?=\s)|[。\uff01\uff1f][”’」』\uff09]*"
)
_NEXT = re.compile(r"\s+[\"'“‘«(\[¿¡]*(?P<word>\S{0,40})")
_CODE = re.compile(r"\w*\d|[IVXLC]+\b")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
# Words in brackets or quotation marks stay together, unless the closing mark is far away.
_ENCLOSED = re.compile(
    r"\([^()]{1,400}\)|“[^“”]{1,400}”|«[^«»]{1,400}»|(?<!\w)\"(?=\S)[^\"]{1,400}(?<=\S)\"(?!\w)"
)


def sentences(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each sentence in a part of a text.

    >>> text = 'Decree No. RE014 of Dr. A. Li holds. It names the U.S. It ends.'
    >>> [text[begin:end] for begin, end in sentences(text, 0, len(text))]
    ['Decree No. RE014 of Dr. A. Li holds.', 'It names the U.S.', 'It ends.']
    """
    enclosed = _ENCLOSED.finditer(text, begin, end)
    opened = closed = start = begin
    for match in _END.finditer(text, begin, end):
        while closed < match.end() and (inside := next(enclosed, None)):
            opened, closed = inside.span()
        within = opened < match.start() and match.end() < closed
        if not within and _ends(text[max(start, match.start() - 40) : match.start()], match):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, end)


def _ends(before: str, match: re.Match[str]) -> bool:
    """Return whether the punctuation of a match, after these words, ends a sentence."""
    following = _NEXT.match(match.string, match.end(), match.endpos)
    after = following["word"] if following else ""
    if not after or match[0][0] in "。\uff01\uff1f":
        return True
    if after[0].islower():
        return False
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    *earlier, word = before.split() or [""]
    word = word.lstrip("\"'“‘«([")
    name = word.casefold()
    if _BEFORE_A_NAME.fullmatch(name) and (len(word) > 1 or word.islower()):
        return False
    if _BEFORE_A_NUMBER.fullmatch(name) and _CODE.match(after):
        return False
    if word in ("I", "V", "X") and earlier and _NUMBERED.fullmatch(earlier[-1].casefold()):
        return True
    if _OFTEN_LAST.fullmatch(name) or _INITIALS.fullmatch(word):
        return bool(_OPENERS.fullmatch(re.sub(r"\W.*", "", after).casefold()))
    return True


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span without the white space around it, unless the rest is empty."""
    words = text[begin:end]
    if words.strip():
        yield begin + len(words) - len(words.lstrip()), begin + len(words.rstrip())
