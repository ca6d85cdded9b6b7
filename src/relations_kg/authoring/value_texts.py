"""The texts of values: lists of values, spellings of names, and the IRIs made from labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import ID
from relations_kg.rdf.words import words

# An IRI that a new thing can have.
NEW_IRI = rf"<?(?:{re.escape(ID)}|id:)(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)>?"
# The prefix for a new thing whose name would be refused without it.
_NEW = r"new:\s*"
# A name with an IRI: Ada Ruiz <id:ada-ruiz>.
NAMED_IRI = rf"(?P<label>.*\S)\s*<(?P<iri>(?:{re.escape(ID)}|id:)(?P<local>[^<>\s]+))>"
_LONGEST = 200
# Several values are separated by ";"; a value contains it as "\;".
_VALUE = re.compile(r"(?:\\[;\\]|[^;])+")


def several(text: str) -> list[str]:
    r"""Split a text into the values that it lists.

    >>> several(r"Peru; Unión; A\;B")
    ['Peru', 'Unión', 'A;B']
    """
    found = (re.sub(r"\\([;\\])", r"\1", each).strip() for each in _VALUE.findall(text))
    return [each for each in found if each]


def listed(values: Iterable[str]) -> str:
    r"""Join values into a text that `several` reads.

    >>> listed(["Peru", "A;B"])
    'Peru; A\\;B'
    """
    return "; ".join(re.sub(r"([;\\])", r"\\\1", each) for each in values)


def name_in(text: str) -> str:
    """Return the name in a value without "new:", or the local name of the IRI beside a name.

    >>> name_in("new: Ada Ruiz"), name_in("Ada Ruis <id:ada-ruiz>"), name_in("Ada Ruiz")
    ('Ada Ruiz', 'ada-ruiz', 'Ada Ruiz')
    """
    if named := re.fullmatch(NAMED_IRI, text):
        return named["local"]
    return re.sub(_NEW, "", text, count=1, flags=re.IGNORECASE).strip()


def spelling(text: str) -> str:
    """Return a name in NFKC, case-folded and with white space collapsed, for comparison.

    >>> spelling(" adolf  HÜGEL") == spelling("Adolf Hügel") != spelling("Adolf Hugel")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def iri_of(label: str) -> str:
    """Return the IRI for a label, without checking whether a new thing can have it."""
    return ID + "-".join(words(label))


def slug(label: str) -> str:
    """Return the local name for a label.

    Raises InputError if it would be empty, not in ASCII or longer than 200 characters.

    >>> slug("Visit of César A. del Río to Peru's capital, 2024-11")
    'visit-of-cesar-a-del-rio-to-peru-capital-2024-11'
    """
    slug = "-".join(words(label))
    if not slug or not slug.isascii():
        help = "write the name in Latin letters, or an IRI after it, such as <id:ada-ruiz>"
        raise InputError(f"no IRI can be made from {label!r}", help=help)
    if len(slug) > _LONGEST:
        raise InputError(
            f"the name {label[:40]!r}… is too long for an IRI", help="write at most 200 letters"
        )
    return slug


def is_iri_of_new(iri: str) -> bool:
    """Return whether an IRI is allowed for a new thing: id: and lower-case words with hyphens."""
    return iri.startswith(ID) and re.fullmatch(NEW_IRI, iri) is not None
