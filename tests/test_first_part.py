"""A test of random queries that need only the first of the two parts of the bundled graph."""

from collections import Counter
from itertools import islice
from random import Random

import pytest
from pyoxigraph import NamedNode, QueryBoolean, RdfFormat, Store
from trials import seeds

from relations_kg.rdf.namespaces import ONTOLOGY, PREFIXES, STATED
from relations_kg.reasoning.bundled_parts import needs_first_part_only, second_part
from relations_kg.sparql.evaluation import with_prefixes

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
CODES = "".join(
    f'code:{name} a skos:Concept ; skos:prefLabel "{name}"@en ; skos:altLabel "other" ; '
    f'skos:definition "text" ; skos:inScheme code:list ; skos:broader code:{broader} .\n'
    for name, broader in ("ab", "bc", "cd", "ub", "vw", "wc")
)
# Facts name the codes a and b, so their broader codes c and d are in the first part, too.
TERMS = HEADER + CODES + 'rkg:Visit a owl:Class ; rdfs:label "visit" ; skos:definition "text" .'
FACTS = f"""{HEADER}
id:x a rkg:Visit ; rkg:actKind code:a ; rkg:host id:p . id:y rkg:actKind code:b ; rkg:host id:q .
id:p a rkg:State ; rdfs:label "p" ; rkg:within id:q ; skos:altLabel "other" . id:q a rkg:State ."""
NAMES = ("s", "k", "k", "n", "p", "t")
PROPERTIES = ("rkg:actKind", "rkg:host", "rkg:within", "rdfs:label", "a", "skos:broader")
LABELS = ("skos:prefLabel", "skos:altLabel", "skos:definition", "?p")
TEXTS = ('"u"@en', '"other"', "[]", "[ rkg:actKind ?k ]", '[ skos:prefLabel "u"@en ]')
THINGS = ("id:x", "id:p", "code:a", "code:u", "code:v", "rkg:Visit", "skos:Concept")
# Patterns with the variables that are used most, so that patterns of a query often join.
USUAL = ("?s rkg:actKind ?k .", "?s rkg:host ?h .", '?k skos:prefLabel "u"@en .', "?k a ?t .")
PATHS = ("{}/{}", "{}/{}", "({}|{})", "^{}", "^({})", "({})*", "({})+", "({})?", "!{}")
ROWS = (
    "VALUES ?p { rkg:host rkg:within }",
    "VALUES ?p { rkg:host UNDEF rdf:type }",
    "VALUES ?t { rkg:Visit rkg:State }",
    "VALUES (?s ?k) { (UNDEF code:u) (id:x UNDEF) }",
)
CONDITIONS = ("EXISTS { {} }", "!BOUND({v}) || NOT EXISTS { {} }", "{v} = {v}", "BOUND({v})")
GROUPS = (
    *("OPTIONAL { {} }", "MINUS { {} }", "{ {} } UNION { {} }", "{ {} }", "{ {select} }"),
    *("FILTER ({condition})", "FILTER EXISTS { {} }", "FILTER NOT EXISTS { {} }", "{rows}"),
    f"GRAPH <{STATED}> {{ {{}} }}",
    "GRAPH ?k { {} }",
)
SELECTS = (
    *("SELECT * { {} }", "SELECT DISTINCT ?k ?t { {} }", "SELECT {v} ({condition} AS ?e) { {} }"),
    *("SELECT (COUNT(*) AS ?c) { {} } {rows}", "SELECT ?k (COUNT(*) AS ?c) { {} } GROUP BY ?k ?s"),
    "SELECT ?s (COUNT(?k) AS ?c) { {} } GROUP BY ?s HAVING ({condition})",
)
QUERIES = (
    *(*SELECTS, "ASK { {} }", "CONSTRUCT { ?s rkg:host ?k } WHERE { {} }", "DESCRIBE ?s { {} }"),
    *(
        f"SELECT * FROM <{ONTOLOGY}> {{ {{}} }}",
        f"SELECT * FROM NAMED <{STATED}> {{ GRAPH ?s {{ {{}} }} }}",
    ),
)


class Queries:
    """A generator of queries from templates, in which `{}` is a group or a path."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def __iter__(self) -> "Queries":
        return self

    def __next__(self) -> str:
        return self._filled(self._any(QUERIES), 0)

    def _any(self, options: tuple[str, ...]) -> str:
        return self._random.choice(options)

    def _is(self, probability: float) -> bool:
        return self._random.random() < probability

    def _filled(self, template: str, depth: int) -> str:
        parts = template.replace("{}", "{group}")
        for name in ("condition", "select", "rows", "v", "group"):
            while "{" + name + "}" in parts:
                parts = parts.replace("{" + name + "}", self._part(name, depth + 1), 1)
        return parts

    def _part(self, name: str, depth: int) -> str:
        if name == "v":
            return f"?{self._any(NAMES)}"
        if name == "rows":
            return self._any(ROWS)
        if name == "condition":
            return self._filled(self._any(CONDITIONS[2:] if depth > 3 else CONDITIONS), depth)
        if name == "select":
            return self._filled(self._any(SELECTS), depth)
        return " ".join(self._element(depth) for _ in range(self._random.randint(1, 3)))

    def _element(self, depth: int) -> str:
        if depth < 4 and self._is(0.45):
            return self._filled(self._any(GROUPS), depth)
        if self._is(0.3):
            return self._any(USUAL)
        subject = self._any(THINGS) if self._is(0.15) else f"?{self._any(NAMES)}"
        object_ = self._any(THINGS + TEXTS) if self._is(0.3) else f"?{self._any(NAMES)}"
        return f"{subject} {self._path(0)} {object_} ."

    def _path(self, depth: int) -> str:
        if depth > 2 or self._is(0.6):
            return self._any(LABELS if self._is(0.2) else PROPERTIES)
        parts = self._any(PATHS)
        while "{}" in parts:
            parts = parts.replace("{}", self._path(depth + 1), 1)
        return parts


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(9))
def test_the_second_part_changes_no_answer_of_a_random_query_that_does_not_need_it(
    seed: int,
) -> None:
    whole, first = Store(), Store()
    for text, graph in ((TERMS, ONTOLOGY), (FACTS, STATED)):
        whole.load(text, RdfFormat.TURTLE, to_graph=NamedNode(graph))
    first.extend({*whole} - second_part(whole))
    answered = 0

    for query in islice(Queries(seed), 6_000):
        if needs_first_part_only(query):
            found = answers(whole, query)
            assert answers(first, query) == found, query
            answered += bool(found)
    assert answered > 200


def answers(store: Store, query: str) -> object:
    try:
        found = store.query(with_prefixes(query), use_default_graph_as_union="FROM" not in query)
    except SyntaxError:
        return None
    return bool(found) if isinstance(found, QueryBoolean) else Counter(map(str, found))
