"""The words of names and texts, folded so that case, diacritics and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata

_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
# Most texts have no apostrophes or initials, so these are only removed if this pattern matches.
_RARE = re.compile(_APOSTROPHES.pattern + r"|\.\w")
# "U.S.A." counts as one word.
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]+")
_THE = re.compile(r"[\W_]*the[\W_]+(?=[^\W_])")
# Texts that stand for a missing value: dashes, n.d., s.f., TBA.
_NOTHING = (
    r"[-\u2010-\u2015?.*\u3003]+|n/?a|n[. ]+a\.?|(?:n|s|o)[. /]*[dfj]\.?"
    r"|\(\d\)|nan|nil|null|none|tb[acd]|(?:date )?unknown|not known|undated|no date"
    r"|unbekannt|inconnue?|desconocid[oa]|desconhecid[oa]|sconosciut[oa]|onbekend|неизвестн[оаы]?"
    r"|sin fecha|sans date|sem data|ohne jahr|(?:sin|sem) (?:datos?|dados|informaci[oó]n)"
    r"|sans donn[eé]es|ohne angaben?|ningun[oa]s?|nenhuma?|nessun[oa]?|aucune?|keine?|geen|нет"
    r"|no (?:aplica|tiene|hay|corresponde|posee)|n[aã]o (?:se aplica|tem|h[aá])|no consta"
    r"|(?:not|non?|n[aã]o) (?:applicable|applicabile|aplicable|aplic[aá]vel)|nicht zutreffend"
    r"|niet van toepassing|n\.?v\.?t\.?|sans objet|entf[aä]llt"
    r"|pendiente|pendente|en attente|nobody|no one|niemand|nadie|ningu[eé]m"
)
# Texts that say that a post has no holder, once the words in _BESIDE are removed.
_VACANT = re.compile(
    r"vacan(?:t|te|tes|cy|za|ce|cia)|vag[ao]|vakan(?:t|z)|vacature|вакан(?:сия|тн[оаы]?)"
    r"|(?:un|nicht )besetzt|onbezet|unfilled|nn|n n|tb[acdn]"
    r"|to be \w+ed|being appointed|not (?:appointed|named|nominated|filled)"
    r"|(?:non?|nao|pas|nicht|niet|не) (?:designad[oa]|nombrad[oa]|nomead[oa]|nommee?|nominat[oa]"
    r"|ernannt|benannt|benoemd|назначена?)|no incumbent|sede vacante"
    # What is to be done: to appoint, to confirm, to determine.
    r"|(?:por|a|sin|da|zu|te) (?:asignar|benennen|benoemen|bepalen|besetzen|bestatigen"
    r"|bestimmen|bevestigen|confermare|confirmar|confirmer|cubrir|definire?|designare?"
    r"|designer|determinare?|determiner|ernennen|indicar|nombrar|nomear|nominare|nommer"
    r"|pourvoir|preencher|proveer|prover)"
    r"|(?:sin|sem|sans|senza|ohne|zonder|without|no) (?:titular|titulaire|titolare|titularis"
    r"|jefe|jefa|chefe|chef|leiter|leitung|capo|hoofd|head|ambassador|embajador|embaixador"
    r"|ambassadeur|ambasciatore|botschafter)"
)
_BESIDE = re.compile(
    r"the|this|is|posts?|position|office|seat|currently|at|present|presently|now|temporarily"
    r"|noch|derzeit|zurzeit|stelle|posten?|puesto|cargo|actualmente|actuellement|atualmente"
    r"|yet|still|encore|nog|aun|ainda|ancora"
)
# Letters that Unicode does not decompose into a letter and a diacritic.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def words(text: str) -> list[str]:
    """Return the words of a text, folded.

    >>> words("U.S.A. and  Peru's César A. del Río")
    ['usa', 'and', 'peru', 'cesar', 'a', 'del', 'rio']
    """
    plain = text.replace("-", " ")
    if plain.replace(" ", "").isalnum() and plain.isascii():
        # Most names need no regular expression, and an index has tens of thousands of them.
        return plain.lower().split()
    if _RARE.search(text):
        text = _INITIALS.sub("", _APOSTROPHES.sub("", _POSSESSIVE.sub("", text)))
    return _WORD.findall(_folded(text))


def key(text: str) -> str:
    """Return the key of a name, which ignores case, accents, punctuation and a leading "the".

    >>> key("Far  East Trade-Center") == key("the Far-East trade center")
    True
    """
    folded = _folded(text)
    plain = folded.replace(" ", "").replace("-", "")
    if plain.isalnum() and folded[:1].isalnum() and not folded.startswith("the"):
        return plain
    start = _THE.match(folded)
    return _BETWEEN.sub("", folded[start.end() :] if start else folded)


def stands_for_nothing(text: str) -> bool:
    """Return whether a text stands for a missing value.

    >>> [stands_for_nothing(text) for text in ("\u2013", "N/A", "non applicable", "Peru")]
    [True, True, True, False]
    """
    return re.fullmatch(_NOTHING, text.strip(), re.IGNORECASE) is not None or is_vacant(text)


def is_vacant(text: str) -> bool:
    """Return whether a text, given instead of a name, means that a post has no holder.

    >>> [is_vacant(text) for text in ("(vacant)", "to be appointed", "noch unbesetzt", "Ada Vaga")]
    [True, True, True, False]
    """
    rest = " ".join(word for word in words(text) if not _BESIDE.fullmatch(word))
    return _VACANT.fullmatch(rest) is not None


def _folded(text: str) -> str:
    text = text.casefold()
    if "&" in text:
        text = text.replace("&", " and ")
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return "".join(c for c in parts if c.isascii() or not unicodedata.category(c).startswith("M"))
