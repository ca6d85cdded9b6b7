"""Texts that were decoded with the wrong encoding."""

from __future__ import annotations

# The replacement character, which stands for bytes that could not be decoded.
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
