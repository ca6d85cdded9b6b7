"""Errors for attributes that do not exist, with advice for each kind of object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from relations_kg.answers import guesses
from relations_kg.rdf.spelling import nearest

# Attributes of data frames that users expect of rows, but that rows do not have.
_OF_FRAMES = (
    "agg aggregate apply assign at corr cumsum df dataframe describe drop drop_duplicates dropna"
    " dtypes eq explode fillna filter frame groupby head hist iat iloc info isin iterrows join loc"
    " itertuples melt merge nunique pipe pivot pivot_table plot query rename reset_index sample"
    " select set_index shape size sort sort_index sort_values sum table tail transpose unique"
    " value_counts values with_columns"
)
# Advice on how to get the first day of a date in EDTF, also for the rows of a stored query.
DAYS = (
    "select rkg:earliestStart, which is a day; for a stored query, pass since= or until= to run() "
    'if the query has them, or write kg.query("SELECT ?day { ?x rkg:earliestStart ?day }", '
    "x=row.visit) with your own column for visit"
)
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
        "close": "a graph need not be closed",
        "compare diff": 'write rk.compare("old.ttl", kg)',
        "connect endpoint": "write rk.connect(URL)",
        "draft": "write rk.draft(…)",
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
    "cell of several things": {
        "label curie name title": (
            "write [each.label for each in row.who] with your own column for who"
        ),
    },
    "text": {
        "lang tag": "language is its language",
        "value text toPython": "it is a str already",
    },
    "date": {
        "year month day date isoformat start end earliest latest strftime": (
            f"a date in EDTF can be open or a range; {DAYS}"
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
    # If `name` and `obj` are given, Python adds a suggestion of a similar attribute.
    return AttributeError(
        f"{article} has no {name!r}{f'; {help}' if help else ''}", name=name, obj=owner
    )


def of_graph(name: str, owner: object, queries: Callable[[], Mapping[str, str]]) -> AttributeError:
    """Return the error for a missing attribute of a graph.

    `queries` returns the names of its queries, with other words by which users ask for them.
    """
    if name.startswith("_"):
        return unknown("graph", name, owner)
    slug, stored = name.replace("_", "-"), queries()
    if slug in stored:
        help = f'{slug} is a stored query; write run("{slug}", …)'
    elif near := nearest(slug, stored, 1):
        help = f'did you mean run("{near[0]}", …)?'
    else:
        other = f'show("{name}") describes a thing of this name, run("visits") runs a stored query'
        help = guesses.queries_meant(name, stored) or other
    return unknown("graph", name, owner, help)


def of_rows(name: str, columns: Collection[str]) -> AttributeError:
    """Return the error for a missing attribute of rows with these columns.

    >>> print(of_rows("head", ["visit", "who"]))
    rows have no head; to_pandas() and to_polars() copy them into a frame
    >>> print(of_rows("visitor", ["visit", "who"]))
    rows have no visitor; their columns are visit, who: write [row.visit for row in rows]
    """
    if name in columns:
        help = f"write [row.{name} for row in rows]"
    elif name.startswith(("to_", "save", "write")):
        help = 'write the text of serialize("csv"), or to_pandas(), to_polars(), to_arrow()'
    elif name in _OF_FRAMES.split() or not columns:
        help = "to_pandas() and to_polars() copy them into a frame"
    else:
        first = next(iter(columns))
        listed = ", ".join(columns)
        help = f"their columns are {listed}: write [row.{first} for row in rows]"
    return AttributeError(f"rows have no {name}; {help}")


def of_row(name: str, columns: Collection[str]) -> AttributeError:
    """Return the error for a missing attribute of a row with these columns.

    >>> print(of_row("label", ["visit", "who"]))
    no column 'label'; the columns are visit, who; the label of a thing is row.visit.label
    """
    help = f"the columns are {', '.join(columns)}"
    if name in ("label", "curie") and columns:
        help += f"; the {name} of a thing is row.{next(iter(columns))}.{name}"
    return AttributeError(f"no column {name!r}; {help}")
