"""Tests of hostile queries and files: no call, crash or hang, and only our own errors."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from hostile import CALL, CALLS, FILES, HARMLESS, HEAVY, HOST, REFUSED, Listener
from hypothesis import given
from hypothesis import strategies as st
from trials import trials

import relations_kg as rk
from relations_kg.engines.guard import check
from relations_kg.errors import QueryWarning


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(autouse=True)
def silence(listener: Listener) -> Iterator[None]:
    before = listener.calls
    yield
    assert before == listener.calls


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Stop a test that hangs, unless it hangs inside the engine."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def ask(kg: rk.Graph, sparql: str, listener: Listener, timeout: float = 0.5) -> object:
    return kg.query(sparql.replace(HOST, listener.host), timeout=timeout)


def complaint(work: Callable[[], object]) -> str:
    """Return the message of one of our errors, or ""; any other error fails the test."""
    try:
        work()
    except rk.RelationsError as error:
        return str(error)
    return ""


def test_there_are_hundreds() -> None:
    assert len(CALLS) + len(HEAVY) + len(REFUSED) >= 100
    assert len(FILES) >= 100


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_refused_before_the_engine_sees_it(
    kg: rk.Graph, listener: Listener, name: str
) -> None:
    with pytest.raises(rk.QueryError, match=r"SERVICE asks another host|too often"):
        ask(kg, CALLS[name], listener)


@pytest.mark.sampled(9)
@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_what_asks_too_much_ends_in_time_with_an_answer_or_our_error(
    kg: rk.Graph, listener: Listener, name: str
) -> None:
    """`make hostile` runs a fifth of these queries each day, on the command line."""
    assert "\n" not in complaint(lambda: ask(kg, HEAVY[name], listener))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_question_changes_nothing(kg: rk.Graph, listener: Listener, name: str) -> None:
    size = len(kg.quad_store)

    with pytest.raises(rk.QueryError) as caught:
        ask(kg, REFUSED[name], listener, 20)

    assert "\n" not in str(caught.value)
    assert size == len(kg.quad_store)


# These ask for terms that the graph does not have.
WARNED = {"property", "property in capitals", "class"}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_harm_is_answered(kg: rk.Graph, listener: Listener, name: str) -> None:
    # The answer of an ASK query has no attribute for warnings, so they are Python's.
    warned = pytest.warns(QueryWarning, match="is not in the graph")
    with warned if name in WARNED else nullcontext():
        assert "" == complaint(lambda: ask(kg, HARMLESS[name], listener, 20))


@pytest.mark.parametrize("name", ["from a file", "from named", "from the listener"])
def test_a_file_is_not_read_by_a_query(kg: rk.Graph, listener: Listener, name: str) -> None:
    rows = ask(kg, HARMLESS[name], listener, 20)

    assert isinstance(rows, rk.Rows)
    assert 0 == len(rows)


PIECES = st.sampled_from(
    [
        *(" ", "\n", "\r", "?s ?p ?o", CALL, f"<http://{HOST}/#>", f"BIND({CALL} AS ?h)"),
        *("SERVICE", "service", "SILENT", "?h", "{", "}", "(", ")", "{}", "<", ">", "?a", "?b"),
        *("#", ".", '"', '"""', "'", "'''", "\\", "\\u0020", "FILTER", "BIND", "true", "1", "1."),
        *("e:", "h:", ":", "@en", "^^", "OPTIONAL", "UNION", "a", "!", "|", "/", "*", "<?b#>"),
    ]
)


@pytest.mark.slow
@given(st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=6).map("".join))
@trials(60)
def test_what_the_guard_lets_pass_calls_nobody(
    kg: rk.Graph, listener: Listener, before: str, after: str
) -> None:
    """The fixture asserts that no call was received."""
    text = f"PREFIX h: <http://h:> PREFIX e: <http://{HOST}/> SELECT * {{ {before} {after} {{}} }}"
    assert "\n" not in complaint(lambda: ask(kg, text, listener, 5))


class TestAllowed:
    """Tests in which the listener is called, which shows that it works."""

    @pytest.fixture(autouse=True)
    def silence(self) -> None:
        """Replace the fixture that asserts that the listener is not called."""

    def test_an_allowed_host_is_called(self, kg: rk.Graph, listener: Listener) -> None:
        before = listener.calls
        sparql = CALLS["plain"].replace(HOST, listener.host)

        with pytest.raises(rk.QueryError, match="failed"):
            kg.query(sparql, timeout=20, allow_service=["127.0.0.1"])

        assert before < listener.calls

    @pytest.mark.parametrize("name", ["variable", "prefixed name", "user in the IRI", "base"])
    def test_what_does_not_name_the_host_is_refused_even_so(self, name: str) -> None:
        with pytest.raises(rk.QueryError, match=r"is not its IRI|no IRI names it"):
            check(CALLS[name].replace(HOST, "ok.org"), ["ok.org"])

    @pytest.mark.parametrize(
        "iri",
        [
            *("http://ok.org.evil/", "http://evil/?http://ok.org/", "http://evil/#ok.org"),
            *("http://ok.org\\u002Eevil/", "http://evil\\u0040ok.org/", "ftp://ok.org/", "ok.org"),
        ],
    )
    def test_what_only_looks_like_the_host_is_refused(self, iri: str) -> None:
        with pytest.raises(rk.QueryError, match="SERVICE asks another host"):
            check(f"ASK {{ SERVICE <{iri}> {{}} }}", ["ok.org"])

    def test_a_call_behind_an_allowed_one_is_seen(self) -> None:
        hidden = "BIND('SERVICE#' AS ?x) SERVICE <http://evil/> {}\n<http://ok.org/> {}"
        with pytest.raises(rk.QueryError, match="evil"):
            check(f"ASK {{ {hidden} }}", ["ok.org"])


@pytest.fixture(scope="module")
def small() -> rk.Graph:
    """A graph to which files are added."""
    return rk.load(only=[])


@pytest.mark.whole
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_or_refused_with_our_error(
    kg: rk.Graph, small: rk.Graph, listener: Listener, tmp_path: Path, name: str
) -> None:
    suffix, content = FILES[name]
    text = content.encode() if isinstance(content, str) else content
    file = tmp_path / f"facts{suffix}"
    file.write_bytes(text.replace(HOST.encode(), listener.host.encode()))
    (tmp_path / "context.jsonld").write_text('{"@context": {"x": "urn:secret"}}')
    size = len(small.store)

    for read in (small.add, lambda path: rk.load(only=[path]), kg.validate):
        said = complaint(lambda read=read: read(file))
        assert "\n" not in said
        assert "root:" not in said

    if len(small.store) > size:
        small.remove(file)
