"""The benchmark of validation, compared with SHACL processors that check the whole graph.

Twenty facts are checked in a process that has loaded the bundled graph or a synthetic one. pyshacl
and pyshifty check a whole synthetic graph once, and are stopped after LONGEST seconds. A small
file is also checked cold, each time in a new process, with and without the extra `fast`.
"""

import importlib.util
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyshacl
import rdflib

import relations_kg as rk
from benchmarks.__main__ import ROOT, installed, seconds
from benchmarks.inference import copied, patiently
from benchmarks.inference import seconds as lasting
from benchmarks.world import World
from relations_kg.rdf.conversion import to_rdflib
from relations_kg.validation.shape_files import bundled

RUNS = 15
LONGEST = 60
MODULES = {"pyshacl": "pyshacl", "pyshifty": "shifty"}
SMALL = ROOT / "tests" / "facts" / "good" / "visit.ttl"
TWENTY = """\
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def twenty_facts(known: rk.Graph) -> str:
    """Return two visits between states of a graph, and their visitor: twenty facts in Turtle."""
    rows = known.query("SELECT ?s ?p { ?s a rkg:State ; rkg:statedIn ?p } ORDER BY ?s LIMIT 2")
    assert isinstance(rows, rk.Rows)
    (one, passage), (other, _) = rows
    person = f'rdfs:label "Visitor"@en , "Visitante"@es ; rkg:statedIn <{passage}>'
    facts = [TWENTY, f"id:benchmark-visitor a rkg:Person ; {person} .\n"]
    for number, (guest, host) in enumerate(((one, other), (other, one)), start=1):
        facts.append(
            f"id:benchmark-visit-{number} a rkg:Visit ;\n"
            f'    rdfs:label "Benchmark visit {number}"@en ;\n'
            f"    rkg:visitor id:benchmark-visitor ;\n"
            f"    rkg:leavesOpen rkg:capacity ;\n"
            f"    rkg:visitingParty <{guest}> ; rkg:hostParty <{host}> ;\n"
            f'    rkg:when "1998-03-0{number}"^^edtf:EDTF ;\n'
            f"    rkg:statedIn <{passage}> .\n"
        )
    return "".join(facts)


def loaded(name: str, graph: rk.Graph, folder: Path) -> float:
    """Return the median seconds for checking twenty facts together with a graph, and print them."""
    file = folder / "twenty.ttl"
    file.write_text(twenty_facts(graph), encoding="utf-8")
    report = graph.validate(file)
    assert report.conforms, str(report)
    taken = median(lasting(lambda: graph.validate(file)) for _ in range(RUNS))
    print(f"  {name:<8} {taken * 1e3:9.1f} ms for {report.facts} facts")
    return taken


def whole(graph: rk.Graph, facts: Path) -> dict[str, Callable[[], object]]:
    """Return functions that check a whole graph and a file with other processors."""
    data = copied(graph.store).parse(facts)
    shapes = rdflib.Graph()
    for quad in to_rdflib(bundled().store).quads():
        shapes.add(quad[:3])
    return {
        "pyshacl": lambda: pyshacl.validate(data, shacl_graph=shapes),
        "pyshifty": lambda: importlib.import_module("shifty").validate(data, shapes, infer=False),
    }


def cold(folder: Path, extra: str = "") -> float:
    """Return the time to validate a small file in a fresh environment, as a ratio to `pass`."""
    binaries = installed(folder)
    if extra:
        pip: list[str | Path] = [binaries / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "-c", ROOT / "constraints.txt", extra], check=True)
    command: list[str | Path] = [binaries / "relations-kg", "validate", SMALL]
    nothing: list[str | Path] = [binaries / "python", "-c", "pass"]
    ours: list[float] = []
    base: list[float] = []
    for run in range(RUNS + 1):
        taken = seconds(command, folder / "output"), seconds(nothing, folder / "output")
        if run:
            ours.append(taken[0])
            base.append(taken[1])
    return median(ours) / median(base)


def beside(own: float, engines: dict[str, Callable[[], object]]) -> None:
    """Print the times of processors that check the whole graph, as ratios to our own."""
    for name, work in engines.items():
        if importlib.util.find_spec(MODULES[name]) is None:
            print(f"  {name} is not installed here")
            continue
        theirs = patiently(work, LONGEST)
        taken = f"{theirs:.1f} s" if theirs else f"ended after {LONGEST} s"
        more = "" if theirs else "more than "
        ratio = (theirs or LONGEST) / own
        print(f"  full {name} at 100 k: {taken}, {more}{ratio:.0f} ×", flush=True)


def main() -> None:
    """Run the benchmark, and print a line for each figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("a small file, cold")
        print(f"  {cold(folder / 'plain'):5.1f} × python -c pass")
        print(f"  {cold(folder / 'fast', 'pyshifty'):5.1f} × with the extra fast")
        fast = importlib.util.find_spec("shifty") is not None
        print(f"20 facts, in a loaded process, by {'pyshifty' if fast else 'pyshacl'}")
        shipped = loaded("shipped", rk.load(), folder)
        times = {}
        for size in (100_000, 1_000_000):
            world = folder / f"{size}.nt"
            world.write_text(World(size).ntriples(), encoding="utf-8")
            graph = rk.load(only=[world])
            times[size] = loaded(f"{size:,}", graph, folder)
            if size == 100_000:
                beside(times[size], whole(graph, folder / "twenty.ttl"))
        print(f"  1 M / shipped: {times[1_000_000] / shipped:.2f}")


if __name__ == "__main__":
    main()
