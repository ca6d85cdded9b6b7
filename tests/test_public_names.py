"""Tests of the package's public names."""

import inspect
import subprocess
import sys
from importlib.metadata import version

import pytest

import relations_kg as rk

PUBLIC = sorted(rk.__all__)
CLASSES = [name for name in PUBLIC if inspect.isclass(getattr(rk, name))]
METHODS = [
    (name, method)
    for name in ("Graph",)
    for method, _ in inspect.getmembers(getattr(rk, name), inspect.isfunction)
    if not method.startswith("_")
]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    member = getattr(rk, name)

    assert name == member.__name__
    assert member.__module__.startswith("relations_kg.")
    assert "." in (inspect.getdoc(member) or "").splitlines()[0]


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in CLASSES])
def test_a_public_function_has_an_example(name: str) -> None:
    assert ">>> " in (getattr(rk, name).__doc__ or "")


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_a_method_of_the_graph_says_what_it_does_with_an_example(name: str, method: str) -> None:
    """The methods `evidence` and `count` need no example."""
    text = getattr(getattr(rk, name), method).__doc__ or ""

    assert text
    assert ">>> " in text or method in ("evidence", "count")


def test_every_error_is_one_of_the_projects_own() -> None:
    errors = [name for name in CLASSES if issubclass(getattr(rk, name), Exception)]

    assert ["InputError", "QueryError", "RelationsError", "UnknownName"] == errors
    assert all(issubclass(getattr(rk, name), rk.RelationsError) for name in errors)


def test_the_names_fit_on_one_screen_in_order() -> None:
    assert PUBLIC == rk.__all__
    assert len(PUBLIC) <= 24
    assert {*PUBLIC, "__version__"} == set(dir(rk))
    assert set(PUBLIC) == set(rk._HOMES)


def test_the_version_is_that_of_the_distribution() -> None:
    assert version("relations-kg") == rk.__version__


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no 'laod'"):
        _ = rk.laod


def test_importing_the_package_loads_nothing_and_prints_nothing() -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nimport relations_kg\n"
        "print([m for m in set(sys.modules) - before if '.' in m and 'relations' in m])\n"
        "print({'pyoxigraph', 'rdflib', 'click', 'logging'} & (set(sys.modules) - before))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "[]\nset()\n" == result.stdout
    assert "" == result.stderr


def test_a_star_import_brings_exactly_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from relations_kg import *", names)

    assert set(PUBLIC) == set(names) - {"__builtins__"}
