"""Atomic writes of files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from errno import EISDIR, ENOENT
from os import PathLike, fspath
from os.path import dirname, exists, isdir, isfile, islink, join, realpath

from relations_kg.errors import InputError


def write(path: str | PathLike[str], content: bytes | Iterable[bytes]) -> None:
    """Write a file atomically, from bytes or from an iterable of bytes.

    An existing link or device is written in place. Raises InputError if the file cannot be written.
    """
    target = followed(path)
    pieces = [content] if isinstance(content, bytes) else content
    try:
        if exists(target) and (islink(target) or not isfile(target)):
            whole = b"".join(pieces)
            with open(target, "wb") as file:
                file.write(whole)
        else:
            _replace(target, pieces)
    except OSError as error:
        check(path)
        reason = f"cannot be written: {error.strerror or error}"
        raise InputError(reason, where=fspath(path)) from None


def check(path: str | PathLike[str]) -> None:
    """Raise InputError if a path is a folder, or is in a folder that does not exist."""
    target, number, help = followed(path), 0, ""
    if isdir(target):
        number, help = EISDIR, "name a file in it"
    elif not exists(folder := dirname(target) or "."):
        number, help = ENOENT, f"make the folder {folder} first"
    if number:
        message = f"cannot be written: {os.strerror(number)}"
        raise InputError(message, where=fspath(path), help=help)


def write_folder(folder: str | PathLike[str], contents: Iterable[tuple[str, str | bytes]]) -> int:
    """Write files into a folder, each atomically, and return their number.

    `contents` are pairs of a path in the folder and the content of the file there. The folder and
    its subfolders are created if they do not exist. Raises InputError if one of them or a file
    cannot be written.
    """
    number = 0
    place = followed(folder)
    try:
        os.makedirs(place, exist_ok=True)
        for path, content in contents:
            target = join(place, path)
            os.makedirs(dirname(target), exist_ok=True)
            write(target, content.encode() if isinstance(content, str) else content)
            number += 1
    except OSError as error:
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        reason = "it is a file" if is_file else error.strerror or error
        message = f"the folder cannot be created: {reason}"
        raise InputError(message, where=fspath(folder)) from None
    return number


def followed(path: str | PathLike[str]) -> str:
    """Return the path to write to.

    For a link to a missing file or folder, this is the path of its target. Raises InputError for
    a link that leads back to itself.
    """
    place = fspath(path)
    if islink(place) and not exists(place):
        place = realpath(place)
        if islink(place):
            raise InputError(
                "it is a link to itself", where=fspath(path), help="name another place"
            )
    return place


def _replace(target: str, pieces: Iterable[bytes]) -> None:
    """Write a new file beside the target and rename it; an existing target's permissions stay."""
    mode = os.stat(target).st_mode & 0o777 if exists(target) else None
    # tempfile is not used, since its import takes as long as a short query.
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
