"""Texts that a program read in another encoding than that in which they were written."""

from __future__ import annotations

# What readers put in the place of bytes that they cannot decode.
LOST = "\ufffd"


def misread(text: str) -> str | None:
    """Return the right text for UTF-8 that was read as Windows-1252, or None for any other text.

    >>> misread("PÃ©rou"), misread("Pérou"), misread("São Tomé")
    ('Pérou', None, None)
    """
    if text.isascii():
        return None
    try:
        right = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return right if right.isprintable() else None
