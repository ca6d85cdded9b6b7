"""The shape of a SPARQL text: the text with its constants replaced by placeholders.

Programs repeat a query with different constants. Results that depend only on the structure of a
text are cached by its shape, which is computed much faster than the structure.
"""

import re
from datetime import date

from relations_kg.rdf.namespaces import CODE, ID
from relations_kg.sparql.lexer import SPACE

# Matches a declaration of id: or code: for another namespace; such a text has no shape.
_OTHER = re.compile(rf"id:[{SPACE}]*+<(?!{re.escape(ID)}>)|code:[{SPACE}]*+<(?!{re.escape(CODE)}>)")
# In a text with these tokens, parts of strings and triple terms may look like constants.
_UNCLEAR = ("<<", '"""', "'''")
_END = rf"(?=[{SPACE}){{}},;|\]/]|\.[{SPACE}}}]|$)"
# The pattern begins with a set of characters, so that `re` quickly skips all other positions.
_CONSTANT = re.compile(
    r"""["'<#0-9ic](?:"""
    r"""(?<=")(?:[^"\\\r\n]|\\.)*+"|(?<=')(?:[^'\\\r\n]|\\.)*+'"""
    r"""|(?<=<)[^<>"{}|^`\x00-\x20]*+>|(?<=\#)[^\r\n]*+"""
    rf"|(?<=[{SPACE}(,=][0-9])[0-9]*+(?:\.[0-9]++)?+{_END}"
    # A name after "a" is a class and is kept: few queries differ only in the class.
    rf"|(?<=[{SPACE}({{,;=/|^!\[][ic])(?<![{SPACE}]a[{SPACE}][ic])(?:(?<=i)d|(?<=c)ode)"
    rf":[A-Za-z0-9_-]++{_END})"
)


def is_tag(literal: str) -> bool:
    """Return whether a literal in quotes is a language tag in lower case, or empty.

    >>> is_tag("'es-pe'"), is_tag('"English"')
    (True, False)
    """
    return re.fullmatch(r"(['\"])(?:[a-z]{2,3}(?:-[a-z0-9]{1,8})*+)?\1", literal) is not None


def shape(text: str) -> tuple[str, list[str]] | None:
    """Return a text's shape and the things and codes that it names; None if they are unclear.

    >>> shape('SELECT ?x { id:peru rkg:when ?x FILTER (?x > 1990) } # all')
    ('SELECT ?x { id: rkg:when ?x FILTER (?x > 0) } ', ['https://w3id.org/relations-kg/id/peru'])
    """
    if any(token in text for token in _UNCLEAR) or _OTHER.search(text):
        return None
    things: list[str] = []

    def general(constant: re.Match[str]) -> str:
        found = constant[0]
        match found[0]:
            case "<":
                return found
            case "#":
                return ""
            case "i":
                things.append(ID + found[3:])
                return "id:"
            case "c":
                things.append(CODE + found[5:])
                return "code:"
            case '"' | "'" if text.startswith("^^", constant.end()):
                # Only a day is replaced, since another text might not be valid for the datatype.
                return '"1971-11-02"' if _is_day(found[1:-1]) else found
            case '"' | "'" if text.startswith("@", constant.end()):
                # A text with a language is kept, since it may be the label of a resource.
                return found
            case '"' | "'":
                # A text with a colon could be an IRI, and a tag could be compared with LANG.
                return '":"' if ":" in found else '""' if is_tag(found) else '"…"'
        return "0.0" if "." in found else "0"

    found = _CONSTANT.sub(general, text)
    # Outside of strings, a backslash is a part of a name or an IRI.
    return None if "\\" in found else (found, things)


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
