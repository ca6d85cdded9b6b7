"""The ontology compiled into rules: the part of OWL 2 RL that says something new of individuals."""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from relations_kg.errors import RelationsError
from relations_kg.namespaces import ONTOLOGY, OWL, RDF, RDFS, shorten
from relations_kg.terms import TYPE, Term, statements

Pattern = tuple[Term | str, NamedNode, Term | str]


class Rule(NamedTuple):
    """Say that the head holds wherever every pattern of the body does; a `str` is a variable."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern


def compile_rules(store: Store) -> list[Rule]:
    """Compile the axioms of the store's ontology graph into rules, in a stable order.

    An axiom of a kind that is not covered raises RelationsError rather than be passed over.
    Disjointness and the ranges of datatypes add nothing to individuals and give no rule.

    >>> import relations_kg as rk
    >>> str(compile_rules(rk.load().store)[0].name)
    'rkg:Administration ⊑ rkg:Situation'
    """
    ontology = _Ontology(store)
    rules = [rule for make in _AXIOMS.values() for rule in make(ontology)]
    return sorted(rules, key=lambda rule: rule.name)


class _Ontology:
    """The axioms of one ontology graph."""

    def __init__(self, store: Store) -> None:
        self._by_predicate: dict[str, list[tuple[Term, Term]]] = {}
        self._objects: dict[tuple[Term, str], list[Term]] = {}
        quads = store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY))
        for subject, predicate, object_ in statements(quads):
            self._by_predicate.setdefault(predicate.value, []).append((subject, object_))
            self._objects.setdefault((subject, predicate.value), []).append(object_)
        self.datatype_properties = set(self.instances("DatatypeProperty"))
        self._fresh = count()

    def pairs(self, predicate: str) -> list[tuple[Term, Term]]:
        return self._by_predicate.get(predicate, [])

    def instances(self, kind: str) -> Iterator[NamedNode]:
        for subject, object_ in self.pairs(RDF + "type"):
            if object_ == NamedNode(OWL + kind) and isinstance(subject, NamedNode):
                yield subject

    def value(self, subject: Term, predicate: str) -> Term | None:
        return next(iter(self._objects.get((subject, predicate), ())), None)

    def members(self, head: Term) -> list[Term]:
        items: list[Term] = []
        node: Term | None = head
        while node is not None and node != NamedNode(RDF + "nil"):
            item = self.value(node, RDF + "first")
            if item is None:
                raise RelationsError("a list in the ontology has no rdf:first", where="ontology")
            items.append(item)
            node = self.value(node, RDF + "rest")
        return items

    def variable(self) -> str:
        return f"v{next(self._fresh)}"

    def conditions(self, expression: Term, subject: str) -> Iterator[list[Pattern]]:
        """Yield the alternative bodies under which `subject` is in a class expression."""
        if isinstance(expression, NamedNode):
            yield [(subject, TYPE, expression)]
        elif head := self.value(expression, OWL + "intersectionOf"):
            bodies: list[list[Pattern]] = [[]]
            for member in self.members(head):
                bodies = [b + more for b in bodies for more in self.conditions(member, subject)]
            yield from bodies
        elif head := self.value(expression, OWL + "unionOf"):
            for member in self.members(head):
                yield from self.conditions(member, subject)
        elif filler := self.value(expression, OWL + "someValuesFrom"):
            value = self.variable()
            link: Pattern = (subject, self._property(expression), value)
            if filler == NamedNode(OWL + "Thing"):
                yield [link]
            else:
                for body in self.conditions(filler, value):
                    yield [link, *body]
        elif constant := self.value(expression, OWL + "hasValue"):
            yield [(subject, self._property(expression), constant)]
        else:
            raise _unsupported(expression, "where it must be told who belongs to it")

    def consequences(
        self, expression: Term, subject: str
    ) -> Iterator[tuple[list[Pattern], Pattern]]:
        """Yield what follows of a `subject` in a class expression: further body, head."""
        if isinstance(expression, NamedNode):
            if expression != NamedNode(OWL + "Thing"):
                yield [], (subject, TYPE, expression)
        elif head := self.value(expression, OWL + "intersectionOf"):
            for member in self.members(head):
                yield from self.consequences(member, subject)
        elif constant := self.value(expression, OWL + "hasValue"):
            yield [], (subject, self._property(expression), constant)
        elif filler := self.value(expression, OWL + "allValuesFrom"):
            value = self.variable()
            link: Pattern = (subject, self._property(expression), value)
            for body, consequence in self.consequences(filler, value):
                yield [link, *body], consequence
        elif self.value(expression, OWL + "someValuesFrom") is None:
            raise _unsupported(expression, "where it must be told what follows from it")
        # That some value exists names none: nothing follows in OWL 2 RL.

    def _property(self, expression: Term) -> NamedNode:
        name = self.value(expression, OWL + "onProperty")
        if not isinstance(name, NamedNode):
            raise _unsupported(expression, "as its property has no name")
        return name


def _unsupported(expression: Term, why: str) -> RelationsError:
    return RelationsError(
        f"the class expression {expression} is of a kind the reasoner does not cover, {why}",
        where="ontology",
        help="use intersections, unions, someValuesFrom, hasValue or allValuesFrom",
    )


def _short(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else "an expression"


def _inclusion(o: _Ontology, sub: Term, sup: Term, symbol: str) -> Iterator[Rule]:
    name = f"{_short(sub)} {symbol} {_short(sup)}"
    for body in o.conditions(sub, "x") if _has_conditions(o, sub) else ():
        for further, head in o.consequences(sup, "x"):
            yield Rule(name, (*body, *further), head)


def _has_conditions(o: _Ontology, expression: Term) -> bool:
    # C ⊑ ∀p.D read backwards is no rule, and an equivalence is read both ways.
    return o.value(expression, OWL + "allValuesFrom") is None


def _sub_classes(o: _Ontology) -> Iterator[Rule]:
    for sub, sup in o.pairs(RDFS + "subClassOf"):
        yield from _inclusion(o, sub, sup, "⊑")


def _equivalent_classes(o: _Ontology) -> Iterator[Rule]:
    for one, other in o.pairs(OWL + "equivalentClass"):
        yield from _inclusion(o, one, other, "≡")
        yield from _inclusion(o, other, one, "≡")


def _sub_properties(o: _Ontology) -> Iterator[Rule]:
    for sub, sup in o.pairs(RDFS + "subPropertyOf"):
        yield Rule(
            f"{_short(sub)} ⊑ {_short(sup)}", (("x", _named(sub), "y"),), ("x", _named(sup), "y")
        )


def _domains(o: _Ontology) -> Iterator[Rule]:
    for name, domain in o.pairs(RDFS + "domain"):
        for body, head in o.consequences(domain, "x"):
            yield Rule(f"domain of {_short(name)}", (("x", _named(name), "y"), *body), head)


def _ranges(o: _Ontology) -> Iterator[Rule]:
    for name, range_ in o.pairs(RDFS + "range"):
        if name not in o.datatype_properties:
            for body, head in o.consequences(range_, "y"):
                yield Rule(f"range of {_short(name)}", (("x", _named(name), "y"), *body), head)


def _inverses(o: _Ontology) -> Iterator[Rule]:
    for one, other in o.pairs(OWL + "inverseOf"):
        name = f"{_short(one)} inverse of {_short(other)}"
        yield Rule(name, (("x", _named(one), "y"),), ("y", _named(other), "x"))
        yield Rule(name, (("x", _named(other), "y"),), ("y", _named(one), "x"))


def _characteristics(o: _Ontology) -> Iterator[Rule]:
    for p in o.instances("SymmetricProperty"):
        yield Rule(f"{_short(p)} is symmetric", (("x", p, "y"),), ("y", p, "x"))
    for p in o.instances("TransitiveProperty"):
        yield Rule(f"{_short(p)} is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))


def _chains(o: _Ontology) -> Iterator[Rule]:
    for name, head in o.pairs(OWL + "propertyChainAxiom"):
        links = [_named(link) for link in o.members(head)]
        body = tuple((f"x{i}", link, f"x{i + 1}") for i, link in enumerate(links))
        chain = " ∘ ".join(_short(link) for link in links)
        yield Rule(f"{chain} ⊑ {_short(name)}", body, ("x0", _named(name), f"x{len(links)}"))


def _named(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise RelationsError(
            f"a property axiom is about {term}, which has no name",
            where="ontology",
            help="give the property a name and use that",
        )
    return term


_AXIOMS = {
    RDFS + "subClassOf": _sub_classes,
    OWL + "equivalentClass": _equivalent_classes,
    RDFS + "subPropertyOf": _sub_properties,
    RDFS + "domain": _domains,
    RDFS + "range": _ranges,
    OWL + "inverseOf": _inverses,
    RDF + "type": _characteristics,
    OWL + "propertyChainAxiom": _chains,
}
