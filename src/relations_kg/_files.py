"""Where the ontology, data and query files are."""

# os.path and not pathlib: asking a question must not pay for importing it.
import os

PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(os.path.dirname(PACKAGE))


def is_checkout() -> bool:
    """Return whether the package is not installed, but lies in the `src` of a checkout."""
    return folder("data") == os.path.join(_CHECKOUT, "data")


def folder(name: str) -> str:
    """Return the folder `name`: inside an installed package, at the top level of a checkout."""
    installed = os.path.join(PACKAGE, name)
    return installed if os.path.isdir(installed) else os.path.join(_CHECKOUT, name)


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
