"""The characters of names in XML and RDF, and checks that the engine's XML writers lack."""

import re

from relations_kg.errors import InputError

# The characters beyond ASCII with which names can begin, and those that only follow; SPARQL and
# Turtle have the same ones: https://www.w3.org/TR/xml-names/#NT-NCName.
LETTERS = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
MARKS = r"\u00b7\u0300-\u036f\u203f\u2040"
NAME_START = rf"A-Za-z_{LETTERS}"
NAME = rf"{NAME_START}0-9.\-{MARKS}"
# https://www.w3.org/TR/xml/#charsets; surrogates cannot occur in the engine's terms.
_NO_CHARACTER = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"


def checked(content: bytes) -> bytes:
    """Return the engine's XML with carriage returns escaped, which XML parsers would change.

    Raises InputError for a character that XML forbids.

    >>> checked(b"<literal>a\\rb</literal>")
    b'<literal>a&#13;b</literal>'
    """
    if wrong := re.search(_NO_CHARACTER, content):
        message = f"XML cannot express the character U+{ord(wrong[0].decode()):04X}"
        raise InputError(message, help="use another format")
    return content.replace(b"\r", b"&#13;")
