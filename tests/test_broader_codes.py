"""Tests that whoever asks for a code of a code list finds what has a narrower code, too."""

import pytest
from examples import GOOD

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE

USED = """
SELECT DISTINCT ?list ?narrower ?broader WHERE {
  ?narrower skos:broader ?broader ; skos:inScheme ?list .
  FILTER EXISTS { ?thing ?property ?narrower . FILTER (?property != skos:broader) }
}
ORDER BY ?list ?narrower ?broader"""


@pytest.mark.slow
def test_a_question_about_a_code_is_also_about_its_narrower_codes(
    pytestconfig: pytest.Config,
) -> None:
    """Each parameter is asked for one narrower code that has an answer, with `--whole` for all."""
    graph = rk.load(*GOOD)
    used = [[str(cell) for cell in row] for row in graph.query(USED)]  # type: ignore[union-attr]
    asked, missing = set(), {}
    for name, query in graph.queries.items():
        if any(parameter.required for parameter in query.parameters):
            continue
        for parameter in query.parameters:
            lists = {CODE + kind for kind in parameter.type.split("|")}
            for scheme, narrower, broader in used:
                if scheme not in lists:
                    continue
                found = {row[0] for row in graph.run(name, **{parameter.name: narrower})}
                if not found:
                    continue
                asked.add((name, parameter.name))
                if left := found - {row[0] for row in graph.run(name, **{parameter.name: broader})}:
                    missing[name, parameter.name, narrower] = sorted(map(str, left))[:3]
                if not pytestconfig.getoption("--whole"):
                    break

    assert {} == missing
    assert {("acts", "kind"), ("dependences", "kind"), ("figures", "kind")} <= asked
