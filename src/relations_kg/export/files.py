"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from os import PathLike, fspath
from os.path import dirname, exists, isfile, islink, join, realpath

from relations_kg.errors import InputError


def write(path: str | PathLike[str], content: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all, from bytes or from pieces of them.

    Raises InputError where it cannot be written.
    """
    target = fspath(path)
    if islink(target) and not exists(target):
        target = realpath(target)
    pieces = [content] if isinstance(content, bytes) else content
    try:
        # A link or a device is written through; only a plain file can be replaced.
        if exists(target) and (islink(target) or not isfile(target)):
            whole = b"".join(pieces)
            with open(target, "wb") as file:
                file.write(whole)
        else:
            _replace(target, pieces)
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise InputError(reason, where=fspath(path)) from None


def write_folder(folder: str | PathLike[str], contents: Mapping[str, bytes]) -> None:
    """Write files into a folder, each whole or not at all; make the folder if there is none."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror or error
        message = f"no folder can be made: {reason}"
        raise InputError(message, where=fspath(folder)) from None
    for name, content in contents.items():
        write(join(folder, name), content)


def _replace(target: str, pieces: Iterable[bytes]) -> None:
    """Put a new file in the place of another, with the same permissions."""
    mode = os.stat(target).st_mode & 0o777 if exists(target) else None
    # Not from tempfile, whose import takes as long as a short query.
    temporary = join(dirname(target), f".relations-kg-{os.urandom(8).hex()}")
    created = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or 0o666)
    try:
        with os.fdopen(created, "wb") as file:
            file.writelines(pieces)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
