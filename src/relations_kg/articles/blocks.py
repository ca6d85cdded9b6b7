"""The Turtle blocks of a file of passages: for the document, and for each passage."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from relations_kg.articles.units import Unit
from relations_kg.export.turtle import Terms
from relations_kg.rdf.namespaces import CODE, DCTERMS, PREFIXES, RDF, RDFS, RKG, SOURCE

NIF = PREFIXES["nif"]
GIST, KIND, SHA256 = f"{RKG}gist", f"{RKG}passageKind", f"{RKG}sha256"
NO_FACT = f"{RKG}carriesNoFact"
POSITION, SUBSECTION = f"{RKG}position", f"{RKG}subsectionOf"
# The properties of a passage that the article determines; all other properties are kept.
_DETERMINED = (
    f"{RKG}inDocument",
    POSITION,
    f"{RKG}section",
    f"{RKG}fieldName",
    f"{RKG}fieldValue",
    f"{NIF}beginIndex",
    f"{NIF}endIndex",
    SHA256,
)
_ORDER = (
    f"{RDF}type",
    *_DETERMINED[:2],
    KIND,
    *_DETERMINED[2:5],
    SUBSECTION,
    *_DETERMINED[5:],
    NO_FACT,
)
_ORDER_OF_DOCUMENT = (
    f"{RDF}type",
    f"{RDFS}label",
    SHA256,
    f"{RKG}speaksFrom",
    f"{DCTERMS}license",
)
_HEAD = """\
# The passages of the article "{title}": where each is, and its content in your own words.
#
# Offsets count the characters of the article's file; a hash is that of the exact slice in UTF-8.
# An empty gist is still to be written: one short sentence in words that are not the article's.
"""

Values = dict[str, list[str]]  # values in N-Triples, by the IRI of their property


def new_head(iri: str, title: str) -> str:
    """Return the comments and prefixes of a new file."""
    words = " ".join(title.split())
    initials = "".join(part[0] for part in iri.removeprefix(SOURCE).split("-"))
    prefix = initials if initials.isalpha() and initials not in PREFIXES else "passage"
    used = ("src", "code", "rkg", "dcterms", "edtf", "nif", "rdfs")
    prefixes = {prefix: f"{iri}/"} | {name: PREFIXES[name] for name in used}
    lines = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in prefixes.items())
    return f"{_HEAD.format(title=words)}\n{lines}".rstrip()


def passage_values(
    unit: Unit, number: int, names: list[str], document: str, sha256: str, earlier: Values
) -> Values:
    """Return the values of a passage, from its unit and from its earlier version."""
    made: dict[str, object] = {
        f"{RDF}type": NamedNode(f"{RKG}Passage"),
        f"{RKG}inDocument": NamedNode(document),
        POSITION: Literal(number + 1),
        KIND: NamedNode(CODE + unit.kind),
        f"{RKG}section": Literal(unit.path[-1]),
        f"{NIF}beginIndex": Literal(unit.begin),
        f"{NIF}endIndex": Literal(unit.end),
        SHA256: Literal(sha256),
        GIST: Literal("", language="en"),
    }
    if unit.name:
        made[f"{RKG}fieldName"] = Literal(unit.name)
        made[f"{RKG}fieldValue"] = Literal(unit.value)
    if unit.parent is not None:
        made[SUBSECTION] = NamedNode(names[unit.parent])
    if unit.kind in ("heading", "layout") and not earlier:
        made[NO_FACT] = Literal(unit.kind, language="en")
    own = {name: terms for name, terms in earlier.items() if name not in _DETERMINED}
    if own.get(SUBSECTION, [""])[0].strip("<>") not in names:
        own.pop(SUBSECTION, None)
    return {name: [str(term)] for name, term in made.items()} | own


class Writer:
    """A writer of Turtle blocks with the prefixes of a file's head."""

    def __init__(self, head: str, comments: Mapping[str, str]) -> None:
        declared = re.findall(r"(?im)^\s*@?prefix\s+([\w-]*):\s*<([^<>\s]*)>", head)
        self._terms = Terms(dict(sorted(declared, key=lambda pair: -len(pair[1]))))
        self._comments = comments
        self.head = f"{head}\n"

    def _block(self, iri: str, values: Values, order: tuple[str, ...]) -> str:
        """Return the block of a thing: properties in `order`, then other properties, gists last."""
        others = sorted(set(values) - {*order, GIST})
        lines = [
            f"{'a' if name == f'{RDF}type' else self._terms[f'<{name}>']} "
            + ", ".join(self._terms[term] for term in sorted(values[name]))
            for name in (*order, *others, GIST)
            if name in values
        ]
        subject = self._terms[f"<{iri}>"]
        return f"{self._comments.get(subject, '')}{subject} " + " ;\n    ".join(lines) + " .\n"

    def passage(self, iri: str, values: Values) -> str:
        """Return the block of a passage."""
        return self._block(iri, values, _ORDER)

    def document(self, iri: str, title: str, sha256: str, earlier: Values) -> str:
        """Return the block of the document, with the properties of an earlier one but its hash."""
        made = {
            f"{RDF}type": [f"<{RKG}SourceDocument>"],
            f"{RDFS}label": [str(Literal(" ".join(title.split()), language="en"))],
        }
        values = made | earlier | {SHA256: [f'"{sha256}"']}
        return self._block(iri, values, _ORDER_OF_DOCUMENT)

    def gist(self, iri: str, values: Values) -> str:
        """Return a passage and its gists as a comment."""
        return f"# {self._terms[f'<{iri}>']} {', '.join(values.get(GIST, ()))}\n"
