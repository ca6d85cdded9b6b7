"""Untrusted queries, each answered in a worker: a child process that may be killed or crash.

The worker is a fork: it has the graph as it is at this moment, and shares its memory. Other threads
of the parent may query and load meanwhile. A lock that one of them holds during the fork stays
locked in the child for ever: a worker that waits for such a lock is killed and restarted.
"""

from __future__ import annotations

import json
import os
import select
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING, NoReturn

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from relations_kg.engines import confinement, isolation
from relations_kg.engines.limits import LONGEST, MOST_ROWS, too_large, too_many
from relations_kg.engines.lines import SolutionLines, TripleLines
from relations_kg.errors import QueryError, QueryTimeout
from relations_kg.rdf.sparql import FAILURES, ask, failure

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# The kinds of answers; the kind is the last byte of the output.
_ROWS, _TRIPLES, _TRUTH, _ERROR = b"R", b"T", b"B", b"E"
_LONGEST_TIMEOUT, POLL_INTERVAL = 1e6, 0.1
# The last output of a worker that has deadlocked; no answer ends like this.
DEADLOCKED = b"deadlocked\n"
# The task of a worker: it writes its result to a pipe.
Task = Callable[[IO[bytes]], object]
_fork_lock = threading.Lock()


def answer(
    store: Store | str,
    sparql: str,
    timeout: float,
    *,
    calls: bool = False,
    before: Callable[[], object] = bool,
) -> bool | SolutionLines | TripleLines:
    """Run a query on a store, or on the store in a folder, within a timeout in seconds.

    With `calls`, the query may call other hosts and wait for their responses. The worker runs
    `before` first, within the timeout. Triples are sorted.

    Raises QueryError for a text that is not SPARQL, and for a query that fails, crashes, takes
    too much memory, or has an answer of more than MOST_ROWS rows or LONGEST bytes; QueryTimeout
    for one that takes too long.

    >>> answer(Store(), "ASK { ?s ?p ?o }", 10)
    False
    """
    timeout = checked(timeout)
    output, status = _run(
        lambda pipe: pipe.write(respond(store, sparql, pipe, before)), timeout, calls=calls
    )
    kind = bytes(output.getbuffer()[-1:])
    if status or not kind:
        raise exit_error(status, timeout)
    output.truncate(output.tell() - 1)
    return read(output.getvalue(), kind)


def checked(timeout: float) -> float:
    """Return a timeout that the system can wait for; raise QueryError if it is not above 0."""
    if isinstance(timeout, str):
        raise QueryError(f"the timeout {timeout!r} is a text", help="give a number of seconds")
    if not timeout > 0:
        raise QueryError(
            f"no answer can come within {timeout:g} seconds", help="give a timeout above 0"
        )
    return min(timeout, _LONGEST_TIMEOUT)


def read(content: bytes, kind: bytes) -> bool | SolutionLines | TripleLines:
    """Return the answer that `respond` wrote, of the kind that it returned; raise an error."""
    if kind == _ERROR:
        fields = json.loads(content[content.rindex(b"\n") :])
        raise QueryError(fields.pop("message"), **fields)
    if kind == _TRUTH:
        return content == b"true"
    return TripleLines(content) if kind == _TRIPLES else SolutionLines(content)


def start(task: Task, timeout: float, *, calls: bool = False) -> tuple[int, int]:
    """Start a worker; return its process id and the file descriptor of its output.

    The caller waits for the process, kills it when the timeout is over, and starts another one if
    its output ends with DEADLOCKED, which is not detected in a task that `calls` other hosts. All
    other tasks cannot open a socket.
    """
    if not calls and isolation.available():
        isolation.prepare()
    with forking():
        reader, writer = os.pipe()
        try:
            process = os.fork()
            if not process:
                _work(task, timeout, writer, calls)
        except OSError as error:
            os.close(reader)
            raise no_process(error) from None
        finally:
            os.close(writer)
    return process, reader


@contextmanager
def forking() -> Iterator[None]:
    """Let no other thread fork.

    Otherwise a worker would inherit the writing end of another worker's pipe, whose reader would
    then never see its end.
    """
    with _fork_lock, warnings.catch_warnings():
        # Python warns that a fork of a process with threads may deadlock, which is handled here.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def exit_error(status: int, timeout: float) -> QueryError:
    """Return why a worker exited before it had answered, by its wait status."""
    cause = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if cause in (signal.SIGALRM, signal.SIGXCPU):
        return timed_out(timeout)
    if cause in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
        help = "nest it less, or split it"
        return QueryError("the engine crashed on it", where="query", help=help)
    help = f"ask for less; it may take {confinement.MEMORY >> 30} GiB"
    return QueryError("it took too much memory", where="query", help=help)


def no_process(error: OSError) -> QueryError:
    """Return the error for a worker that the system does not start."""
    message = f"cannot start a worker process: {error.strerror}"
    help = "run fewer queries at once, or allow more processes with ulimit -u"
    return QueryError(message, where="query", help=help)


def timed_out(timeout: float) -> QueryTimeout:
    """Return the error for a timeout in seconds that is over."""
    help = "ask for less, or allow more with --timeout"
    return QueryTimeout(f"no answer within {timeout:g} seconds", where="query", help=help)


# The functions below run in the parent.


def _run(task: Task, timeout: float, *, calls: bool) -> tuple[BytesIO, int]:
    """Return the output and the wait status of a worker, the first that did not deadlock."""
    deadline = time.monotonic() + timeout
    while (left := deadline - time.monotonic()) > 0:
        with suppress(QueryTimeout):
            output, status = _run_once(task, left, calls)
            if output.getbuffer()[-len(DEADLOCKED) :] != DEADLOCKED:
                return output, status
    raise timed_out(timeout)


def _run_once(task: Task, timeout: float, calls: bool) -> tuple[BytesIO, int]:
    """Return the output and the wait status of one worker; leave no process or descriptor."""
    process = reader = status = 0
    try:
        with interrupts_deferred():
            process, reader = start(task, timeout, calls=calls)
        output = _output(reader, timeout)
    except BaseException:
        if process:
            os.kill(process, signal.SIGKILL)
        raise
    finally:
        if process:
            # Where SIGCHLD is ignored, the system has reaped the process already.
            with suppress(ChildProcessError):
                status = os.waitpid(process, 0)[1]
        if reader:
            os.close(reader)
    return output, status


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Defer Ctrl-C until the worker's process id is known, so that it can be killed.

    To block the signal is not enough: the system would deliver it to another thread, and Python
    would still raise KeyboardInterrupt in this one.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if received:
            signal.raise_signal(signal.SIGINT)


def _output(reader: int, timeout: float) -> BytesIO:
    content = Content()
    for piece in pieces(reader, timeout):
        content.write(piece)
    return content


def pieces(reader: int, timeout: float) -> Iterator[bytes]:
    """Yield what a worker writes until it ends; raise QueryTimeout after a time in seconds."""
    deadline = time.monotonic() + timeout
    poll = select.poll()
    poll.register(reader)
    while (left := deadline - time.monotonic()) > 0:
        # A signal that the system delivers to another thread does not end this wait.
        if not poll.poll(min(left, POLL_INTERVAL) * 1000):
            continue
        piece = os.read(reader, 1 << 20)
        if not piece:
            return
        yield piece
    raise timed_out(timeout)


class Content(BytesIO):
    """An answer as far as it has been read, with at most MOST_ROWS rows and LONGEST bytes.

    `getvalue` shares its memory; converting a bytearray to bytes would copy it.
    """

    def __init__(self) -> None:
        super().__init__()
        # The first line is the header of the rows.
        self._lines_left = MOST_ROWS + 1

    def write(self, piece: Buffer, /) -> int:
        """Add a piece; raise QueryError if the answer becomes too large."""
        number = super().write(piece)
        self._lines_left -= bytes(piece).count(b"\n")
        if self._lines_left < 0:
            raise too_many(MOST_ROWS)
        if self.tell() > LONGEST:
            raise too_large(LONGEST)
        return number


# The functions below run in the worker.


def _work(task: Task, timeout: float, writer: int, calls: bool) -> NoReturn:
    """Run the task and exit, without returning to the code of the parent."""
    try:
        confinement.confine(writer)
        confinement.limit_time(timeout)
        if not calls:
            confinement.disconnect()
        done = []

        def run() -> None:
            with open(writer, "wb") as pipe:
                task(pipe)
            done.append(True)

        # The engine seeds its random numbers by thread: in the forked thread, RAND() and UUID()
        # would be the same in every worker.
        thread = threading.Thread(target=run)
        thread.start()
        if calls:
            thread.join()
        watch = confinement.Watch(writer)
        while thread.is_alive():
            thread.join(POLL_INTERVAL)
            if thread.is_alive() and watch.sees_deadlock():
                os.write(writer, DEADLOCKED)
                os._exit(0)
        os._exit(not done)
    finally:
        os._exit(1)


def respond(
    store: Store | str,
    sparql: str,
    pipe: IO[bytes],
    before: Callable[[], object] = bool,
) -> bytes:
    """Write the answer and return its kind, which the caller writes last to mark success."""
    try:
        before()
        found = ask(Store.read_only(store) if isinstance(store, str) else store, sparql)
        if isinstance(found, QueryBoolean):
            pipe.write(b"true" if found else b"false")
            return _TRUTH
        if isinstance(found, QuerySolutions):
            found.serialize(pipe, QueryResultsFormat.TSV)
            return _ROWS
        triples = set()
        for triple in found:
            triples.add(f"{triple} .\n")
            if len(triples) > MOST_ROWS:
                raise too_many(MOST_ROWS)
        pipe.writelines(line.encode() for line in sorted(triples))
        return _TRIPLES
    except FAILURES as error:
        mistake = failure(error)
    except QueryError as error:
        mistake = error
    names = ("message", "where", "line", "column", "help")
    pipe.write(b"\n" + json.dumps({name: getattr(mistake, name) for name in names}).encode())
    return _ERROR
