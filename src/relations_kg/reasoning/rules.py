"""The ontology compiled into rules: the part of OWL 2 RL that adds facts about individuals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from pyoxigraph import NamedNode

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import OWL, RDF, RDFS, shorten
from relations_kg.rdf.terms import Statement, Term, value
from relations_kg.reasoning.ontology import Ontology, Pattern


class Shift(NamedTuple):
    """A built-in that binds a variable to the day a duration after, or before, another day."""

    day: str
    duration: str
    result: str
    shift: Callable[[date, str], date]


@dataclass(frozen=True, slots=True)
class Rule:
    """A Horn rule: the head holds wherever the body does; a `str` in a pattern is a variable.

    `words` is the rule as a sentence, or empty if its source has none. The result of `shift`, if
    any, is the object of the head.
    """

    name: str
    body: tuple[Pattern, ...]
    head: Pattern
    words: str = ""
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A rule that gives a fact, with its premises.

    They are in the order of the rule's body, except for reach and the bounds from relations, which
    are calculated and can have any number of premises.
    """

    rule: Rule
    premises: tuple[Statement, ...]


def compile_rules(ontology: Ontology) -> list[Rule]:
    """Return the rules for the axioms of an ontology, in a stable order.

    Raises RelationsError for an axiom that is not covered. Disjointness and datatype ranges entail
    no facts about individuals and give no rules.

    >>> import relations_kg as rk
    >>> rules = compile_rules(Ontology(rk.load().store))
    >>> "rkg:Embassy ⊑ rkg:DiplomaticMission" in [rule.name for rule in rules]
    True
    """
    _check_covered(ontology)
    rules = [rule for make in AXIOMS.values() for rule in make(ontology)]
    return sorted(rules, key=lambda rule: rule.name)


def _check_covered(o: Ontology) -> None:
    for predicate in o.predicates():
        if predicate.startswith(OWL) and predicate.removeprefix(OWL) not in COVERED_PROPERTIES:
            raise _not_covered(f"axioms with {shorten(predicate)}")
    for subject, kind in o.pairs(RDF + "type"):
        name = kind.value.removeprefix(OWL)
        of_datatype = name in _COVERED_FOR_DATATYPES and subject in o.datatype_properties
        if name != kind.value and name not in _COVERED_CLASSES and not of_datatype:
            raise _not_covered(f"owl:{name}, the class of {subject}")
    # An expression that has an IRI is not supported: rules are compiled where it occurs as a blank
    # node.
    for part in ("unionOf", "intersectionOf", "onProperty"):
        for subject, _ in o.pairs(OWL + part):
            if isinstance(subject, NamedNode):
                raise _not_covered(f"owl:{part} of the named class {subject}")
    # Contradictions are found by the IRIs of disjoint classes and properties.
    pairs = [*o.pairs(OWL + "disjointWith"), *o.pairs(OWL + "propertyDisjointWith")]
    lists = [o.members(head) for _, head in o.pairs(OWL + "members")]
    for term in chain.from_iterable((*pairs, *lists)):
        if not isinstance(term, NamedNode):
            raise _not_covered("disjointness of something without an IRI")
    for _, restriction in o.restrictions(OWL + "maxCardinality"):
        if o.value(restriction, OWL + "onProperty") not in o.datatype_properties:
            raise _not_covered("a maximum cardinality of an object property")


def _not_covered(what: str) -> RelationsError:
    return RelationsError(
        f"the reasoner does not cover {what}",
        where="ontology",
        help="state it as a SHACL shape, or in the OWL 2 RL that the reasoner covers",
    )


def _short(term: Term) -> str:
    return shorten(value(term))


def _inclusion(o: Ontology, sub: Term, sup: Term, symbol: str) -> Iterator[Rule]:
    name = f"{o.words(sub)} {symbol} {o.words(sup)}"
    for body in o.conditions(sub, "x"):
        for further, head in o.consequences(sup, "x"):
            yield Rule(name, (*body, *further), head)


def _sub_classes(o: Ontology) -> Iterator[Rule]:
    for sub, sup in o.pairs(RDFS + "subClassOf"):
        yield from _inclusion(o, sub, sup, "⊑")


def _equivalent_classes(o: Ontology) -> Iterator[Rule]:
    for one, other in o.pairs(OWL + "equivalentClass"):
        yield from _inclusion(o, one, other, "≡")
        yield from _inclusion(o, other, one, "≡")


def _sub_properties(o: Ontology) -> Iterator[Rule]:
    for sub, sup in o.pairs(RDFS + "subPropertyOf"):
        yield Rule(
            f"{_short(sub)} ⊑ {_short(sup)}",
            (("x", _named(sub), "y"),),
            ("x", _named(sup), "y"),
        )


def _domains(o: Ontology) -> Iterator[Rule]:
    for name, domain in o.pairs(RDFS + "domain"):
        for body, head in o.consequences(domain, "x"):
            yield Rule(f"domain of {_short(name)}", (("x", _named(name), "y"), *body), head)


def _ranges(o: Ontology) -> Iterator[Rule]:
    for name, range_ in o.pairs(RDFS + "range"):
        if name not in o.datatype_properties:
            for body, head in o.consequences(range_, "y"):
                yield Rule(f"range of {_short(name)}", (("x", _named(name), "y"), *body), head)


def _inverses(o: Ontology) -> Iterator[Rule]:
    for one, other in o.pairs(OWL + "inverseOf"):
        name = f"{_short(one)} inverse of {_short(other)}"
        yield Rule(name, (("x", _named(one), "y"),), ("y", _named(other), "x"))
        yield Rule(name, (("x", _named(other), "y"),), ("y", _named(one), "x"))


def _characteristics(o: Ontology) -> Iterator[Rule]:
    for p in map(_named, o.instances("SymmetricProperty")):
        yield Rule(f"{_short(p)} is symmetric", (("x", p, "y"),), ("y", p, "x"))
    for p in map(_named, o.instances("TransitiveProperty")):
        yield Rule(f"{_short(p)} is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))


def _chains(o: Ontology) -> Iterator[Rule]:
    for name, head in o.pairs(OWL + "propertyChainAxiom"):
        links = [_named(link) for link in o.members(head)]
        body = tuple((f"x{i}", link, f"x{i + 1}") for i, link in enumerate(links))
        chain = " ∘ ".join(_short(link) for link in links)
        yield Rule(f"{chain} ⊑ {_short(name)}", body, ("x0", _named(name), f"x{len(links)}"))


def _named(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise RelationsError(
            f"a property axiom applies to {term}, which has no IRI",
            where="ontology",
            help="give the property an IRI, and use the IRI in the axiom",
        )
    return term


AXIOMS = {
    RDFS + "subClassOf": _sub_classes,
    OWL + "equivalentClass": _equivalent_classes,
    RDFS + "subPropertyOf": _sub_properties,
    RDFS + "domain": _domains,
    RDFS + "range": _ranges,
    OWL + "inverseOf": _inverses,
    RDF + "type": _characteristics,
    OWL + "propertyChainAxiom": _chains,
}

COVERED_PROPERTIES = {
    *(iri.removeprefix(OWL) for iri in AXIOMS),
    *("onProperty", "someValuesFrom", "hasValue", "allValuesFrom", "maxCardinality"),
    *("intersectionOf", "unionOf", "members", "disjointWith", "propertyDisjointWith"),
    *("versionInfo", "versionIRI", "imports"),
}
_COVERED_CLASSES = {
    *("Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"),
    *("Restriction", "AllDisjointClasses", "SymmetricProperty", "TransitiveProperty"),
    *("IrreflexiveProperty", "AsymmetricProperty"),
}
# A functional object property would entail owl:sameAs between things, which is not wanted.
_COVERED_FOR_DATATYPES = {"FunctionalProperty"}


def connected(patterns: list[Pattern], bound: set[str]) -> list[Pattern]:
    """Return the patterns in join order, each as selective as possible after those before it.

    A bound variable is more selective than a constant, which many facts can share, and a subject
    more than an object, which can be a hub. Both arguments are changed.
    """

    def selectivity(pattern: Pattern) -> tuple[int, int, bool]:
        subject, _, object_ = pattern
        variables = sum(isinstance(term, str) and term in bound for term in (subject, object_))
        constants = sum(not isinstance(term, str) for term in (subject, object_))
        return variables, constants, subject in bound

    ordered: list[Pattern] = []
    while patterns:
        if len(patterns) == 1:
            return [*ordered, *patterns]
        best = max(patterns, key=selectivity)
        patterns.remove(best)
        ordered.append(best)
        bound.update(term for term in (best[0], best[2]) if isinstance(term, str))
    return ordered
