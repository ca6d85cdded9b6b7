"""Files packed by gzip."""

from __future__ import annotations

from zlib import decompressobj, error

from relations_kg.errors import InputError
from relations_kg.reader import unreadable


def unpacked(content: bytes, where: str, largest: int) -> bytes:
    """Return the content of a gzip file; raise InputError if it has more than `largest` bytes."""
    pieces, size = [], 0
    try:
        while content and size <= largest:
            part = decompressobj(wbits=31)
            pieces.append(part.decompress(content, largest + 1 - size))
            size += len(pieces[-1])
            if not part.eof and size <= largest:
                raise InputError("the gzip file is cut off", where=where, help="pack it again")
            content = part.unused_data
    except error:
        raise InputError("the gzip file is damaged", where=where, help="pack it again") from None
    if size > largest:
        raise unreadable.too_large(where, largest)
    return b"".join(pieces)
