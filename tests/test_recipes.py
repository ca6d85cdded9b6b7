"""Tests that follow the recipes in CONTRIBUTING in a copy of the project."""

from pathlib import Path

import pytest
from projects import Project

import relations_kg as rk

pytestmark = pytest.mark.slow

VISIT = "tests/facts/good/visit.ttl"

QUERY = """\
#+ summary: Embassies open on a day, with certainty.
#+ question: Which embassies were open on a day?
#+ subject: Who was represented where?
#+ param on: date required
PREFIX rkg: <https://w3id.org/relations-kg/ontology#>

SELECT DISTINCT ?mission ?sender ?certainty
WHERE {
  VALUES (?on) { (UNDEF) }
  ?mission a rkg:Embassy ; rkg:sendingParty ?sender .
  OPTIONAL { ?mission rkg:earliestStart ?es }
  OPTIONAL { ?mission rkg:latestStart ?ls }
  OPTIONAL { ?mission rkg:earliestEnd ?ee }
  OPTIONAL { ?mission rkg:latestEnd ?le }
  OPTIONAL { ?mission rkg:lastKnown ?lastKnown }
  BIND (IF(BOUND(?es) && ?es > ?on || BOUND(?le) && ?le < ?on, "absent",
        IF(!BOUND(?ls) || ?ls > ?on, "possible",
        IF(BOUND(?ee) && ?ee >= ?on || BOUND(?lastKnown) && ?lastKnown >= ?on, "certain",
        IF(BOUND(?lastKnown), "last known", "possible")))) AS ?certainty)
  FILTER (?certainty != "absent")
}
ORDER BY ?certainty ?sender ?mission
"""
REPORT = '''\
"""A report with the number of findings."""

from relations_kg.validation.findings import Report


def write(report: Report) -> str:
    """Return the number of findings on a line."""
    return f"{len(report.findings)}\\n"
'''
EXPORT = '''\
"""The IRIs of the things that facts describe, one on each line."""

from relations_kg.export.entries import Facts


def write(facts: Facts) -> bytes:
    """Return the subjects in order."""
    return "".join(f"{subject}\\n" for subject, _ in facts.entries()).encode()
'''
TEMPLATE = """\
{% extends "base.html" %}
{% block main %}
<h1>{{ title }}</h1>
<p>{{ number }} passages</p>
{% endblock %}
"""
PAGE = '''

def passage_count(renderer: Renderer) -> str:
    """Return the number of passages."""
    number = len(renderer.graph.query("SELECT ?p { ?p a rkg:Passage }"))
    return renderer.page("passage_count.html", "Passages counted", number=number)
'''
COMMAND = '''\
"""The command `count`."""

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options


@click.command()
@graph_options()
def count(options: GraphOptions) -> None:
    """Count the passages."""
    click.echo(len(options.load().query("SELECT ?p { ?p a rkg:Passage }")))
'''
CLASS = """
rkg:PortCall a owl:Class ;
    rdfs:label "port call"@en ;
    rdfs:subClassOf rkg:Visit ;
    skos:definition "A stay of a ship's company in a port of another state."@en ;
    skos:scopeNote "A stay to load or unload goods is not one."@en ;
    skos:example "The stay of a training ship in Callao."@en .
"""
SHAPE = """
rkg:PortCallShape a sh:NodeShape ;
    sh:targetClass rkg:PortCall ;
    sh:property rkg:PortCallShape-placeVisited .

rkg:PortCallShape-placeVisited a sh:PropertyShape ;
    sh:path rkg:placeVisited ;
    sh:minCount 1 ;
    sh:message "A port call has the place of the port."@en .
"""

# Words in the names of tests that a new class must pass, and of those among them that are about
# other files and classes, and are not run.
CHECKS = "rule or shape or class or term or together or named_after"
OTHERS = "gives_the_finding or good_files or shacl or stopping or whichever"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "copy")


def changed(project: Project, before: dict[str, bytes]) -> list[str]:
    """Return the files that were added or edited since."""
    return sorted(name for name, text in project.contents().items() if before.get(name) != text)


def add(path: Path, text: str, before: str = "") -> None:
    """Insert text into a file, before some text or at the end."""
    content = path.read_text(encoding="utf-8")
    assert before in content
    place = content.index(before) if before else len(content)
    path.write_text(content[:place] + text + content[place:], encoding="utf-8")


def test_a_stored_query_is_two_files(project: Project) -> None:
    before = project.contents()
    (project.root / "queries" / "embassies-on.rq").write_text(QUERY, encoding="utf-8")
    project.python("tests/test_queries.py").check_returncode()

    assert ["queries/embassies-on.rq", "tests/expected/embassies-on.tsv"] == changed(
        project, before
    )
    asked = project.command("query", "embassies-on", "--on", "1985-01-01", "--format", "csv")
    assert "embassy-of-china-in-lima" in asked.stdout
    tested = project.pytest("tests/test_queries.py", "-m", "", "-k", "embassies or every")
    assert 0 == tested.returncode, tested.stdout


def test_a_report_format_is_two_files(project: Project) -> None:
    before = project.contents()
    package = project.root / "src" / "relations_kg"
    (package / "validation" / "reports" / "count.py").write_text(REPORT, encoding="utf-8")
    entry = '    ("count", "findings", ".n", "text/plain", ""),\n'
    add(package / "rdf" / "formats.py", entry, before='    ("github"')

    assert 2 == len(changed(project, before))
    bad = "tests/facts/bad/visit-to-own-country.ttl"
    shown = project.command("validate", "--format", "count", bad)
    assert (1, "1\n", "") == (shown.returncode, shown.stdout, shown.stderr)
    assert "count" in project.command("validate", "--help").stdout


def test_an_export_format_is_two_files(project: Project) -> None:
    before = project.contents()
    package = project.root / "src" / "relations_kg"
    (package / "export" / "subjects.py").write_text(EXPORT, encoding="utf-8")
    entry = '    ("subjects", "triples", ".subjects", "text/plain", ""),\n'
    add(package / "rdf" / "formats.py", entry, before='    ("github"')

    assert 2 == len(changed(project, before))
    written = project.command("export", "--of", "one-china-policy", "-o", "some.subjects")
    assert "" == written.stderr
    lines = (project.root / "some.subjects").read_text(encoding="utf-8").splitlines()
    assert "<https://w3id.org/relations-kg/id/one-china-policy>" in lines
    assert "subjects" in project.command("export", "--help").stdout


def test_a_page_is_three_files(project: Project) -> None:
    before = project.contents()
    web = project.root / "src" / "relations_kg" / "web"
    (web / "templates" / "passage_count.html").write_text(TEMPLATE, encoding="utf-8")
    add(web / "thing_pages.py", PAGE)
    entry = '    Page("/passage-count", thing_pages.passage_count),\n'
    add(web / "pages.py", entry, before='    Page("/document/", ')

    assert 3 == len(changed(project, before))
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "import asgi, relations_kg as rk\n"
        "from relations_kg.web.application import application\n"
        f"graph = rk.load(only={VISIT!r})\n"
        "print(asgi.get(application(graph), '/passage-count', accept='text/html').text)"
    )
    served = project.python("-c", script)
    shown = "<p>1 passages</p>"
    assert shown in served.stdout, served.stderr
    project.command("site", "-o", "site", "--only", VISIT).check_returncode()
    (page,) = project.root.glob("site/**/*passage-count*")
    page = page / "index.html" if page.is_dir() else page
    assert shown in page.read_text(encoding="utf-8")


def test_a_class_with_its_shape_is_four_files(project: Project) -> None:
    before = project.contents()
    facts = project.root / "tests" / "facts"
    visit = (facts / "good" / "visit.ttl").read_text(encoding="utf-8")
    for old, new in (("StateVisit", "PortCall"), ("state-visit", "port-call")):
        visit = visit.replace(old, new)
    call = visit.replace("State visit", "Port call").replace("a state visit", "a port call")
    call = call.replace("example-visit", "example-port-call")
    placed = call.replace(" rkg:hostParty", " rkg:placeVisited id:lima ;\n    rkg:hostParty", 1)
    add(project.root / "ontology" / "relations.ttl", CLASS)
    add(project.root / "ontology" / "shapes.ttl", SHAPE)
    (facts / "good" / "port-call.ttl").write_text(placed, encoding="utf-8")
    bad = "# expect: min-count rkg:PortCallShape-placeVisited\n" + call
    (facts / "bad" / "port-call-place-visited.ttl").write_text(bad, encoding="utf-8")

    assert 4 == len(changed(project, before))
    for file, status in (("good/port-call.ttl", 0), ("bad/port-call-place-visited.ttl", 1)):
        checked = project.command("validate", f"tests/facts/{file}")
        assert status == checked.returncode, checked.stdout
    tested = project.pytest(
        *("tests/test_shapes.py", "tests/test_ontology.py", "tests/test_validation.py"),
        *("-m", "", "-k", f"port-call or ({CHECKS}) and not ({OTHERS})"),
    )
    assert 0 == tested.returncode, tested.stdout


def test_a_command_is_two_files(kg: rk.Graph, project: Project) -> None:
    before = project.contents()
    cli = project.root / "src" / "relations_kg" / "cli"
    (cli / "count.py").write_text(COMMAND, encoding="utf-8")
    add(cli / "__init__.py", '    "count": "Count the passages.",\n', before='    "query": ')

    assert 2 == len(changed(project, before))
    assert f"{len(kg.passages())}\n" == project.command("count").stdout
    assert "Count the passages." in project.command("--help").stdout
