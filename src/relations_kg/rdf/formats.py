"""The table of formats: their names, file suffixes and media types, and what each can contain.

A command's `--format` offers the formats that can contain what it writes; the suffix of an output
file chooses among the same formats.
"""

from __future__ import annotations

import re
from operator import itemgetter
from os import PathLike, fspath
from os.path import splitext
from typing import Literal, NamedTuple

from pyoxigraph import QueryResultsFormat, RdfFormat

from relations_kg.errors import InputError
from relations_kg.rdf.spelling import asked_back, nearest

Content = Literal[
    "triples",
    "quads",
    "rows",
    "boolean",
    "answers",  # triples in an answer of the SPARQL endpoint
    "tables",  # a table for each kind of thing, as files in a folder or sheets of a workbook
    "cells",  # rows in a binary file, which no terminal or server can show
    "listing",  # output that is always text
    "findings",
    "explanation",
    "comparison",
    "counts",
]


# A dataclass would add a millisecond to every query on the command line.
class Format(NamedTuple):
    """A format, with the name that `--format` and the Python interface use for it.

    The first of `suffixes` and of `media_types` is used for output. `rdf` and `results` are the
    engine's constants for the format; a format with `rdf` can also be read. `writer` is the module
    that writes it, if the module is not named after the format.
    """

    name: str
    contents: tuple[Content, ...]
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    writer: str = ""


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON_ROWS = "application/sparql-results+json application/json"
_JSON_LD = "application/ld+json application/json"
# The name of each format, its contents, suffixes, media types and synonyms. The first format for a
# kind of content is its default. A suffix or media type that several formats share means the first
# of them.
_TABLE = (
    ("text", "findings explanation comparison counts listing", ".txt", "text/plain", "txt"),
    ("concise", "findings", ".txt", "text/plain", ""),
    ("table", "rows boolean", ".txt", "text/plain", "text txt"),
    ("csv", "rows boolean tables", ".csv", "text/csv", ""),
    ("xlsx", "cells tables", ".xlsx", _WORKBOOK, "excel"),
    ("parquet", "cells", ".parquet", "application/vnd.apache.parquet", ""),
    ("tsv", "rows boolean", ".tsv", "text/tab-separated-values", ""),
    ("json", "rows boolean findings explanation comparison counts", ".json .srj", _JSON_ROWS, ""),
    ("xml", "rows boolean", ".xml .srx", "application/sparql-results+xml application/xml", ""),
    ("markdown", "rows boolean explanation comparison", ".md .markdown", "text/markdown", "md"),
    ("github", "findings", ".txt", "text/plain", ""),
    ("sarif", "findings", ".sarif .json", "application/sarif+json application/json", ""),
    ("junit", "findings", ".xml", "application/xml", ""),
    # Of N3, only the part that is Turtle can be read.
    ("turtle", "triples answers findings", ".ttl .turtle .n3", "text/turtle", "ttl n3"),
    ("jsonld", "triples answers", ".jsonld .json", _JSON_LD, "json-ld json"),
    ("ntriples", "triples answers", ".nt", "application/n-triples", "nt n-triples"),
    # RDF/XML cannot express every graph, since it needs a local name for each property.
    ("rdfxml", "answers", ".rdf .owl", "application/rdf+xml", "rdf/xml rdf-xml rdf xml owl"),
    ("nquads", "quads", ".nq", "application/n-quads", "nq n-quads"),
    ("trig", "quads", ".trig", "application/trig", ""),
)
_RDF = {
    "turtle": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_WRITERS = {"nquads": "ntriples", "trig": "turtle"}
FORMATS = tuple(
    Format._make(
        (
            *(name, *(tuple(words.split()) for words in lists)),
            *(_RDF.get(name), _RESULTS.get(name), _WRITERS.get(name, "")),
        )
    )
    for name, *lists in _TABLE
)

LINKED_DATA: tuple[Content, ...] = ("triples", "quads", "answers")
# Suffixes of formats that cannot be written, even if a format is named.
_NEVER_WRITTEN = (
    ".7z .arrow .avro .bmp .bz2 .db .dbf .doc .docx .dot .duckdb .feather .geojson .gexf .gif .gml"
    " .graphml .gz .hdt .htm .html .ipynb .jpeg .jpg .jsonl .kml .ndjson .numbers .odf .ods .odt"
    " .orc .pdf .pickle .pkl .png .ppt .pptx .py .rar .rq .rtf .sparql .sql .sqlite .svg .tar .tex"
    " .tgz .toml .xhtml .xls .xlsb .xlsm .xz .yaml .yml .zip .zst"
)
# Another "suffix", such as .1 or .v3, is a part of the name.
_SUFFIX = re.compile(r"\.[^\W\d_]{2,}\d?")
# The kinds of content whose names for messages differ from their names here.
_WORDS: dict[str, str] = {
    "boolean": "true or false",
    "answers": "triples",
    "explanation": "an explanation",
    "comparison": "a comparison",
    "listing": "a listing",
}


def containing(*contents: Content) -> tuple[Format, ...]:
    """Return the formats for any of these kinds of content, in the order of the kinds.

    >>> [format.name for format in containing("quads", "tables")]
    ['nquads', 'trig', 'csv', 'xlsx']
    """
    found = (format for content in contents for format in FORMATS if content in format.contents)
    return tuple(dict.fromkeys(found))


def names(*contents: Content) -> tuple[str, ...]:
    """Return the names of the formats for any of these kinds of content.

    >>> names("explanation")
    ('text', 'json', 'markdown')
    """
    return tuple(format.name for format in containing(*contents))


def find(name: str, *contents: Content) -> Format:
    """Return the format for any of these kinds of content that has this name or synonym.

    Case is ignored.

    >>> find("TTL", "triples").name
    'turtle'
    >>> find("csv", "quads")
    Traceback (most recent call last):
    relations_kg.errors.InputError: unknown format 'csv'; use one of nquads, trig
    """
    asked = name.lower()
    for format in containing(*contents):
        if asked == format.name or asked in format.synonyms:
            return format
    raise InputError(f"unknown format {name!r}", help=f"use one of {', '.join(names(*contents))}")


def choose(
    name: str | None,
    path: str | PathLike[str] | None,
    *contents: Content,
    default: str | None = None,
) -> Format:
    """Return the format for writing some content to a path, or to standard output.

    The name of a format takes precedence over the suffix of the path, and the suffix over the
    default. Raises InputError if the name and the suffix disagree, if the suffix is misspelt or
    cannot be written and, if no format is named, if it is unknown.

    >>> choose(None, "out.NT", "triples").name
    'ntriples'
    >>> choose("turtle", "out.nt", "triples")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    relations_kg.errors.InputError: out.nt: .nt means ntriples, not turtle; use one of .ttl, ...
    """
    allowed = containing(*contents) if name is None else (find(name, *contents),)
    suffix = "" if path is None else splitext(fspath(path))[1].lower()
    fitting = ", ".join(dict.fromkeys(each for format in allowed for each in format.suffixes))
    if suffix in _NEVER_WRITTEN.split():
        message = f"{suffix} cannot be written"
        raise InputError(message, where=f"{path}", help=f"use one of {fitting}")
    meant = [format for format in (*containing(*contents), *FORMATS) if suffix in format.suffixes]
    if _SUFFIX.fullmatch(suffix) and not meant:
        every = dict.fromkeys(each for format in FORMATS for each in format.suffixes)
        near = asked_back(nearest(suffix, every))
        if near or name is None:
            message = f"{suffix} is not the suffix of a format"
            raise InputError(message, where=f"{path}", help=near or f"use one of {fitting}")
    if path is None or not meant:
        return allowed[0] if name or not default else find(default, *contents)
    for format in allowed:
        if format in meant:
            return format
    instead = f"which cannot contain {_WORDS.get(contents[0], contents[0])}"
    instead = f"not {allowed[0].name}" if name else instead
    message = f"{suffix} means {meant[0].name}, {instead}"
    raise InputError(message, where=fspath(path), help=f"use one of {fitting}")


def suffixes() -> dict[str, RdfFormat]:
    """Return the suffixes of files of facts, with the engine's constants for their formats.

    >>> [*suffixes()]
    ['.ttl', '.turtle', '.n3', '.jsonld', '.json', '.nt', '.rdf', '.owl', '.nq', '.trig']
    """
    return {suffix: each.rdf for each in FORMATS if each.rdf for suffix in each.suffixes}


def media_types(*contents: Content) -> dict[str, Format]:
    """Return the media types of formats for any of these kinds of content, preferred types first.

    >>> [*media_types("triples")]
    ['text/turtle', 'application/ld+json', 'application/n-triples', 'application/json']
    """
    types = [
        (place, media_type, format)
        for format in containing(*contents)
        for place, media_type in enumerate(format.media_types)
    ]
    found: dict[str, Format] = {}
    for _, media_type, format in sorted(types, key=itemgetter(0)):
        found.setdefault(media_type, format)
    return found
