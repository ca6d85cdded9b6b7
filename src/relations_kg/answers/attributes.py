"""Advice on attributes that people guess, by the kind of the object."""

from __future__ import annotations

_FRAMES = "to_pandas(), to_polars() and to_arrow() copy rows into a frame"
_RDFLIB = "to_rdflib() makes an rdflib Dataset, which has it"
_TABLE = {
    "module": {
        "open read parse read_csv read_ttl read_turtle from_file Dataset KnowledgeGraph": (
            'write kg = rk.load("facts.ttl"), and relations-kg import for tables'
        ),
        "run queries stored_queries": 'write rk.load().run("visits")',
        "query sparql select ask construct": "write rk.load().query(…)",
        "validate check": "write rk.load().validate(…)",
        "search find show explain timeline map network": "it is a method of rk.load()",
        "endpoint remote": "write rk.connect(URL)",
        "diff": "write rk.compare(…)",
        "Error RelationsKGError": "write rk.RelationsError",
    },
    "graph": {
        "triples quads statements facts_of subjects objects predicates value": (
            f'query("SELECT * {{ ?s ?p ?o }}") lists the triples; {_RDFLIB}'
        ),
        "parse load read add_file update insert": 'add("facts.ttl") adds a file of facts',
        "serialize save write dump to_file to_turtle": 'export("out.ttl") writes the facts',
        "sparql select ask construct describe": "query(…) runs SPARQL",
        "find get lookup label labels name": (
            'search("words") finds things, show("peru") describes one'
        ),
        "nodes edges things entities": (
            'to_networkx() has the nodes, and search("words", kind="place") finds things'
        ),
        "check is_valid": "validate(…) checks facts",
        "stored_queries list_queries": "queries has the stored queries",
        "forms": "new(…) makes a fact by a form",
        "namespaces bind prefixes": "the prefixes rkg:, id: and code: need no declaration",
        "close": "a graph needs no closing",
        "to_pandas to_polars to_arrow to_csv": 'run("visits").to_pandas() has the rows of a query',
    },
    "triples": {
        "to_pandas to_polars to_arrow columns": "pass list(triples) to a frame, or use SELECT",
        "subjects predicates objects": "write [subject for subject, _, _ in triples]",
        "to_rdflib graph": 'parse serialize("ntriples")',
        "save write export to_turtle": 'write the text of serialize("turtle")',
    },
    "thing": {
        "name title text names": "label is its name",
        "iri uri url address value id n3 toPython": "str(thing) is its IRI, curie the short form",
        "kind kinds type types facts description": "kg.show(thing) describes it",
    },
    "text": {
        "lang tag": "language is its language",
        "value text toPython": "it is a str already",
    },
    "date": {
        "year month day date isoformat start end earliest latest strftime": (
            "a date in EDTF can be open or a range; select rkg:earliestStart, which is a date"
        ),
    },
    "description": {
        "to_pandas to_polars to_arrow to_csv rows table": "pandas.DataFrame(facts) has its facts",
        "to_json to_dict json export save write": 'export("peru.jsonld", of="peru") writes them',
        "name title": "label is its name",
        "uri url id": "iri is its address",
        "relations events visits properties": "facts has them",
    },
    "queries": {},
}


def unknown(kind: str, name: str, owner: object, fallback: str = "") -> AttributeError:
    """Return the error for an attribute that an object of some kind does not have.

    >>> print(unknown("thing", "name", None))
    a thing has no 'name'; label is its name
    """
    groups = _TABLE[kind].items() if not name.startswith("_") else ()
    help = next((help for names, help in groups if name in names.split()), fallback)
    article = "the module" if kind == "module" else f"a {kind}"
    # From `name` and `obj`, Python suggests a similar attribute.
    return AttributeError(
        f"{article} has no {name!r}{f'; {help}' if help else ''}", name=name, obj=owner
    )
