"""Fixtures and settings that all tests share."""

import gc
import os
import signal
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from zlib import crc32

import pytest
import trials  # noqa: F401 - registers the profiles of examples
from documents import CHINA_PERU, graph_of
from examples import empty, loaded
from hypothesis import settings
from rdflib import Dataset

import relations_kg as rk
from relations_kg.cli import graph_options
from relations_kg.graph.loading import load
from relations_kg.rdf.namespaces import PREFIXES, STATED
from relations_kg.reader.files import Source

collect_ignore = ["typing_api.py"]  # for mypy only

# A shell makes background jobs ignore SIGINT, and the commands under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# By default, garbage collection takes a third of the time of all tests.
gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Run fewer examples of property tests if slow tests are deselected, more with `--whole`."""
    quick = config.option.markexpr == "not slow"
    settings.load_profile("quick" if quick else "whole" if config.option.whole else "all")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options `--whole` and `--fifth`."""
    parser.addoption("--whole", action="store_true", help="run all cases and more trials")
    parser.addoption("--fifth", action="store_true", help="run a fifth of the cases of all tests")


def pytest_collection(session: pytest.Session) -> None:
    """Import all our modules before doctest looks for examples in them.

    The search reads an attribute of each value of a package. For a lazily imported module, this
    would add further modules to the package while its values are read.
    """
    root = Path(rk.__file__).parent
    paths = [Path(argument).resolve() for argument in session.config.args]
    if any(root.is_relative_to(path) or path.is_relative_to(root) for path in paths):
        for module in walk_packages([str(root)], "relations_kg."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


def marked(items: list[pytest.Item], name: str) -> set[pytest.Item]:
    """Return the items that have a marker of this name."""
    return {item for item in items if item.get_closest_marker(name)}


def part_of(item: pytest.Item) -> int:
    """Return the number of parts of the cases of a test, one of which is run; 3 by default."""
    marker = item.get_closest_marker("sampled")
    return marker.args[0] if marker and marker.args else 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without `--whole`, drop tests marked `whole` and keep a fixed part of the sampled cases.

    With `--fifth` and without `--whole`, keep a fifth of the cases of all tests.
    """
    if not config.getoption("--whole"):
        a_fifth = config.getoption("--fifth")
        sampled = items if a_fifth else marked(items, "sampled")
        left_out = {
            item
            for item in sampled
            if crc32(item.nodeid.encode()) % (5 if a_fifth else part_of(item))
        }
        left_out |= marked(items, "whole")
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Exempt the half million objects of modules and tests from garbage collection."""
    gc.collect()
    gc.freeze()


def _named_by(variable: str) -> Path:
    """Return the path in an environment variable; skip the test if it is not set."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    path = Path(value)
    assert path.exists(), f"{variable} names {value}, which does not exist"
    return path


@pytest.fixture(scope="module")
def frozen() -> None:
    """Exempt all present objects from `gc.collect`, so that it takes less time in these tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def document() -> Path:
    """The text file of the source document."""
    return _named_by("RELATIONS_KG_DOCUMENT")


@pytest.fixture(scope="session")
def w3c() -> Path:
    """The folder of the W3C test suites."""
    return _named_by("RELATIONS_KG_W3C")


@pytest.fixture(scope="session")
def judges() -> Path:
    """The folder of third-party tests and schemas."""
    return _named_by("RELATIONS_KG_JUDGES")


@pytest.fixture(scope="session")
def kg() -> rk.Graph:
    """The bundled graph, for tests that only read."""
    return rk.load()


@pytest.fixture(scope="module")
def changing() -> rk.Graph:
    """The bundled graph, for tests that remove what they add."""
    return rk.load()


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest) -> rk.Graph:
    """The graph of the valid file that a module names as `EXAMPLE`, for tests that only read."""
    return loaded(request.module.EXAMPLE)


@pytest.fixture
def shared_graphs(kg: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let commands in this process share a graph if they read no facts but the bundled ones.

    They change no graph, and to load it takes half the time of `import` and of `validate`.
    """

    def shared(*facts: Source, only: Iterable[Source] | None = None, **options: Any) -> rk.Graph:
        if only or any((facts, *options.values())):
            return load(*facts, only=only, **options)
        return kg if only is None else empty()

    monkeypatch.setattr(graph_options, "load", shared)
    before = len(kg.quad_store)
    yield
    assert (before, 0) == (len(kg.quad_store), empty().count(STATED))


@pytest.fixture(autouse=True, scope="module")
def _prefixes() -> Iterator[None]:
    """Forget the prefixes of vocabularies that the tests of a module declare."""
    known = dict(PREFIXES)
    yield
    PREFIXES.clear()
    PREFIXES.update(known)


@pytest.fixture(scope="session")
def china_peru() -> rk.Graph:
    """The graph of the document on China and Peru alone, for tests that only read."""
    return graph_of(CHINA_PERU)


@pytest.fixture(scope="session")
def rdflib_dataset(kg: rk.Graph) -> Dataset:
    """The bundled graph in rdflib, for tests that only read."""
    return kg.to_rdflib()
