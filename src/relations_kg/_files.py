"""Where the ontology, data and query files are."""

# os.path and not pathlib: asking a question must not pay for importing it.
import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def folder(name: str) -> str:
    """Return the folder `name`: inside an installed package, at the top level of a checkout."""
    installed = os.path.join(_PACKAGE, name)
    if os.path.isdir(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), name)


def paths(folder: str, suffix: str) -> list[str]:
    """List the files in a folder and those below it whose names end in `suffix`, sorted."""
    return sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith(suffix)
    )


def content(*parts: str) -> bytes:
    """Return the bytes of a file, named by its folder and its name or by its path."""
    with open(os.path.join(*parts), "rb") as file:
        return file.read()
