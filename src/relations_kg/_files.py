"""Where the ontology, data and query files are."""

# os.path and not pathlib: asking a question must not pay for importing it.
import os
from functools import cache

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def folder(name: str) -> str:
    """Return the folder `name`: inside an installed package, at the top level of a checkout."""
    installed = os.path.join(_PACKAGE, name)
    if os.path.isdir(installed):
        return installed
    parent = os.path.dirname(_PACKAGE)
    if os.path.isfile(parent):  # a wheel that is imported without being installed
        return os.path.join(_unpacked(parent), os.path.basename(_PACKAGE), name)
    return os.path.join(os.path.dirname(parent), name)


def names(folder: str, suffix: str) -> list[str]:
    """List the names of the files in a folder that end in `suffix`, sorted."""
    return sorted(name for name in os.listdir(folder) if name.endswith(suffix))


def content(*parts: str) -> bytes:
    """Return the bytes of a file, named by its folder and its name."""
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


@cache
def _unpacked(wheel: str) -> str:
    import atexit
    import shutil
    import tempfile
    import zipfile

    place = tempfile.mkdtemp(prefix="relations-kg-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place
