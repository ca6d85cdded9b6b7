"""The table of formats: their names, file suffixes and media types, and what each can contain.

A command's `--format` offers the formats that can contain what it writes; the suffix of an output
file chooses among the same formats.
"""

from __future__ import annotations

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


# The first format for a kind of content is its default. A suffix or media type that several formats
# share means the first of them.
FORMATS = (
    Format(
        "text",
        contents=("findings", "explanation", "comparison", "counts", "listing"),
        suffixes=(".txt",),
        media_types=("text/plain",),
        synonyms=("txt",),
    ),
    Format("concise", contents=("findings",), suffixes=(".txt",), media_types=("text/plain",)),
    Format(
        "table",
        contents=("rows", "boolean"),
        suffixes=(".txt",),
        media_types=("text/plain",),
        synonyms=("text", "txt"),
    ),
    Format(
        "csv",
        contents=("rows", "boolean", "tables"),
        suffixes=(".csv",),
        media_types=("text/csv",),
        results=QueryResultsFormat.CSV,
    ),
    Format(
        "xlsx",
        contents=("cells", "tables"),
        suffixes=(".xlsx",),
        media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
        synonyms=("excel",),
    ),
    Format(
        "parquet",
        contents=("cells",),
        suffixes=(".parquet",),
        media_types=("application/vnd.apache.parquet",),
    ),
    Format(
        "tsv",
        contents=("rows", "boolean"),
        suffixes=(".tsv",),
        media_types=("text/tab-separated-values",),
        results=QueryResultsFormat.TSV,
    ),
    Format(
        "json",
        contents=("rows", "boolean", "findings", "explanation", "comparison", "counts"),
        suffixes=(".json", ".srj"),
        media_types=("application/sparql-results+json", "application/json"),
        results=QueryResultsFormat.JSON,
    ),
    Format(
        "xml",
        contents=("rows", "boolean"),
        suffixes=(".xml", ".srx"),
        media_types=("application/sparql-results+xml", "application/xml"),
        results=QueryResultsFormat.XML,
    ),
    Format(
        "markdown",
        contents=("rows", "boolean", "explanation", "comparison"),
        suffixes=(".md", ".markdown"),
        media_types=("text/markdown",),
        synonyms=("md",),
    ),
    Format("github", contents=("findings",), suffixes=(".txt",), media_types=("text/plain",)),
    Format(
        "sarif",
        contents=("findings",),
        suffixes=(".sarif", ".json"),
        media_types=("application/sarif+json", "application/json"),
    ),
    Format("junit", contents=("findings",), suffixes=(".xml",), media_types=("application/xml",)),
    Format(
        "turtle",
        contents=("triples", "answers", "findings"),
        # Of N3, only the part that is Turtle can be read.
        suffixes=(".ttl", ".turtle", ".n3"),
        media_types=("text/turtle",),
        synonyms=("ttl", "n3"),
        rdf=RdfFormat.TURTLE,
    ),
    Format(
        "jsonld",
        contents=("triples", "answers"),
        suffixes=(".jsonld", ".json"),
        media_types=("application/ld+json", "application/json"),
        synonyms=("json-ld", "json"),
        rdf=RdfFormat.JSON_LD,
    ),
    Format(
        "ntriples",
        contents=("triples", "answers"),
        suffixes=(".nt",),
        media_types=("application/n-triples",),
        synonyms=("nt", "n-triples"),
        rdf=RdfFormat.N_TRIPLES,
    ),
    # RDF/XML cannot express every graph, since it needs a local name for each property.
    Format(
        "rdfxml",
        contents=("answers",),
        suffixes=(".rdf", ".owl"),
        media_types=("application/rdf+xml",),
        synonyms=("rdf/xml", "rdf-xml", "rdf", "xml", "owl"),
        rdf=RdfFormat.RDF_XML,
    ),
    Format(
        "nquads",
        contents=("quads",),
        suffixes=(".nq",),
        media_types=("application/n-quads",),
        synonyms=("nq", "n-quads"),
        rdf=RdfFormat.N_QUADS,
        writer="ntriples",
    ),
    Format(
        "trig",
        contents=("quads",),
        suffixes=(".trig",),
        media_types=("application/trig",),
        rdf=RdfFormat.TRIG,
        writer="turtle",
    ),
)

LINKED_DATA: tuple[Content, ...] = ("triples", "quads", "answers")
# Suffixes of formats that cannot be written. For any other unknown suffix, the default format is
# used.
_NEVER_WRITTEN = (
    ".7z .arrow .avro .bmp .bz2 .db .dbf .doc .docx .dot .duckdb .feather .geojson .gexf .gif .gml"
    " .graphml .gz .hdt .htm .html .ipynb .jpeg .jpg .jsonl .kml .ndjson .numbers .odf .ods .odt"
    " .orc .pdf .pickle .pkl .png .ppt .pptx .py .rar .rq .rtf .sparql .sql .sqlite .svg .tar .tex"
    " .tgz .toml .xhtml .xls .xlsb .xlsm .xz .yaml .yml .zip .zst"
)
# A shorter "suffix", such as .1, is probably a part of the name.
_SHORTEST_MISSPELT = 3
_WORDS: dict[Content, str] = {
    "triples": "triples",
    "quads": "quads",
    "rows": "rows",
    "boolean": "true or false",
    "answers": "triples",
    "tables": "tables",
    "findings": "findings",
    "explanation": "an explanation",
    "comparison": "a comparison",
    "counts": "counts",
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
    default. Raises InputError if the name and the suffix disagree, and for a misspelt suffix.

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
        raise InputError(
            f"{suffix} cannot be written", where=f"{path}", help=f"use one of {fitting}"
        )
    meant = [format for format in (*containing(*contents), *FORMATS) if suffix in format.suffixes]
    if len(suffix) > _SHORTEST_MISSPELT and not meant:
        every = dict.fromkeys(each for format in FORMATS for each in format.suffixes)
        if near := asked_back(nearest(suffix, every)):
            message = f"{suffix} is not the suffix of a format"
            raise InputError(message, where=f"{path}", help=near)
    if path is None or not meant:
        return allowed[0] if name or not default else find(default, *contents)
    for format in allowed:
        if format in meant:
            return format
    instead = f"not {allowed[0].name}" if name else f"which cannot contain {_WORDS[contents[0]]}"
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
