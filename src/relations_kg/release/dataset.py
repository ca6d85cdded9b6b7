"""The description of the dataset in DCAT 3, VoID and PROV, from a template and SPARQL queries.

All numbers are counts of the graph, and no date comes from the clock. One dataset contains the
authored facts; another adds the bounds of dates and the inferred triples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import metadata
from os.path import dirname, join, relpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from relations_kg._files import content, folder, paths
from relations_kg.export.export import serialize_triples
from relations_kg.rdf.formats import containing
from relations_kg.rdf.namespaces import (
    BASE,
    DATES,
    DCTERMS,
    INFERRED,
    ONTOLOGY,
    PREFIXES,
    RKG,
    STATED,
    VOCABULARY,
    prefixes_in,
    shorten,
)
from relations_kg.rdf.terms import named, objects, pairs, value
from relations_kg.release.rendering import rows, templates

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph

_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
DATASET = BASE + "dataset"
COMPLETE = DATASET + "#all"
_PREFIXES = {
    **prefixes_in(()),
    "dataset": DATASET + "#",
    "graph": BASE + "graph/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_MEDIA_TYPES = {
    "zip": "application/zip",
    **{
        format.suffixes[0][1:]: format.media_types[0]
        for format in containing("triples", "quads", "tables")
    },
}


def licences(graph: Graph) -> list[str]:
    """Return the licences of a graph's sources and, if it is published, of its facts.

    >>> import relations_kg as rk
    >>> licences(rk.load(only="tests/facts/good/visit.ttl"))
    []
    """
    stated = pairs(graph.quad_store, DCTERMS + "license", STATED)
    found = {node.value for _, node in stated if isinstance(node, NamedNode)}
    return sorted(found | {_LICENCE} if graph.is_published else found)


def describe(
    graph: Graph, files: Mapping[str, bytes], complete: Mapping[str, bytes]
) -> list[Triple]:
    """Return the description of a graph and of its distributions.

    `files` are distributions of the authored facts, and `complete` distributions of the whole
    graph. The suffix of a file determines its media type and, for an archive, its format. Raises
    InputError without jinja2.

    >>> import relations_kg as rk
    >>> str(describe(rk.load(), {}, {})[0].subject)
    '<https://w3id.org/relations-kg/dataset>'
    """
    store, about, summary = graph.quad_store, metadata("relations-kg"), graph.summary()
    names = [name for name in store.named_graphs() if isinstance(name, NamedNode)]
    derived = [NamedNode(DATES), NamedNode(INFERRED)]
    left_out = (*derived, NamedNode(ONTOLOGY), NamedNode(VOCABULARY))
    authored = [name for name in names if name not in left_out]
    subjects = rows(store, "subjects", use_default_graph_as_union=True)
    values = {
        "about": about,
        "base": BASE,
        "datasets": [
            {
                "node": NamedNode(DATASET),
                "title": "Relations between states",
                "part": "",
                "subsets": authored,
                "files": [_file(about["Version"], *file) for file in files.items()],
                **_counted(store, authored),
            },
            {
                "node": NamedNode(COMPLETE),
                "title": "Relations between states, with dates in days and inferred facts",
                "part": "all-",
                "subsets": [NamedNode(DATASET), *derived],
                "files": [_file(about["Version"], *file) for file in complete.items()],
                **_counted(store, [*authored, *derived]),
            },
        ],
        "fingerprint": summary.fingerprint,
        "graphs": [
            {
                "node": name,
                "label": f"{name.value.rpartition('/')[2]} triples",
                "statistics": rows(store, "statistics", default_graph=name)[0],
            }
            for name in (*authored, *derived)
        ],
        "licences": licences(graph),
        "published": graph.is_published,
        "link_sets": rows(store, "link-sets", default_graph=authored),
        "modified": objects(store, NamedNode(RKG.removesuffix("#")), DCTERMS + "modified"),
        "places": named(row["place"] for row in subjects if "place" in row),
        "prefixes": _PREFIXES,
        "sources": rows(store, "sources", use_default_graph_as_union=True),
        "span": summary.span,
        "subjects": named(row["thing"] for row in subjects),
        "used": {name: sha256(written).hexdigest() for name, written in _used().items()},
    }
    environment = templates("release")
    environment.filters |= {
        "label": lambda node: graph.names.label(node.value),
        "literal": Literal,
        "part": lambda name: NamedNode(f"{DATASET}#{quote(name)}"),
        "short": lambda node: shorten(node.value).replace(":", "-", 1),
    }
    text = environment.get_template("dataset.ttl").render(values)
    # Duplicates are removed, since the template describes a term at each use.
    return list(dict.fromkeys(quad.triple for quad in parse(text, RdfFormat.TURTLE)))


def serialize(triples: Iterable[Triple], format: str) -> bytes:
    """Return a description as turtle, jsonld or ntriples, in a fixed order."""
    return serialize_triples(triples, format, prefixes=_PREFIXES)


def _counted(store: Store, graphs: list[NamedNode]) -> dict[str, Any]:
    """Return the statistics, languages and vocabularies of all given graphs together."""
    partitions = [
        (kind, row)
        for kind, query in (("property", "properties"), ("class", "classes"))
        for row in rows(store, query, default_graph=graphs)
    ]
    used = [value(row["term"]) for _, row in partitions]
    return {
        "statistics": rows(store, "statistics", default_graph=graphs)[0],
        "partitions": partitions,
        "languages": [row["language"] for row in rows(store, "languages", default_graph=graphs)],
        "vocabularies": [
            namespace
            for namespace in PREFIXES.values()
            if any(iri.startswith(namespace) for iri in used)
        ],
    }


def _file(version: str, name: str, written: bytes) -> dict[str, Any]:
    types = [
        f"https://www.iana.org/assignments/media-types/{_MEDIA_TYPES[suffix]}"
        for suffix in name.split(".")[1:]
    ]
    return {
        "name": name,
        "address": NamedNode(f"{BASE}release/{version}/{quote(name)}"),
        "media_type": types[0],
        "package_format": types[1] if len(types) > 1 else None,
        "size": len(written),
        "sha256": sha256(written).hexdigest(),
    }


def _used() -> dict[str, bytes]:
    """Return the files from which the graph is built, by their paths in the project."""
    names = ("relations.ttl", "codelists.ttl", "time.n3")
    used = [*paths(folder("data"), ".ttl"), *(join(folder("ontology"), name) for name in names)]
    root = dirname(folder("data"))
    return {relpath(path, root).replace("\\", "/"): content(path) for path in used}
