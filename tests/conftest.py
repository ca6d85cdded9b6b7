"""What the tests take from their surroundings."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from rdflib import Dataset

import relations_kg as rk

collect_ignore = ["typing_api.py"]  # for mypy only

# A shell starts what runs behind it deaf to Ctrl-C, and commands would inherit that from the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines differ in speed, so no example has a deadline. Where CI is set, each run tries the same
# examples, so that its result depends on the commit alone.
settings.register_profile("all", deadline=None, derandomize="CI" in os.environ)
settings.register_profile("quick", parent=settings.get_profile("all"), max_examples=20)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let property tests try fewer examples if slow tests are left out."""
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "all")


def _named_by(variable: str) -> Path:
    """Skip where the variable is not set; where it is, what it names has to exist."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    path = Path(value)
    assert path.exists(), f"{variable} names {value}, which does not exist"
    return path


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
    """The folder of tests and schemas that others have made."""
    return _named_by("RELATIONS_KG_JUDGES")


@pytest.fixture(scope="session")
def kg() -> rk.Graph:
    """The bundled graph, for tests that only read."""
    return rk.load()


@pytest.fixture(scope="session")
def rdflib_dataset(kg: rk.Graph) -> Dataset:
    """The bundled graph in rdflib, for tests that only read."""
    return kg.to_rdflib()
