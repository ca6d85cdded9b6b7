"""Queries of others, each answered in a copy of this process that may be killed or crash.

The copy is a fork: it has the graph as it is at this moment, and shares its memory. Other threads
may ask and load meanwhile. What one of them holds locked at that moment stays so in the copy, with
nobody to open it: a copy that comes to it is given up, and another one is made.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, NoReturn

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

from relations_kg.engines import isolation
from relations_kg.engines.limits import LONGEST, MOST_ROWS, too_large, too_many
from relations_kg.engines.lines import SolutionLines, TripleLines
from relations_kg.errors import QueryError, QueryTimeout
from relations_kg.rdf.sparql import FAILURES, ask, failure

# What a query may take beyond the memory of this process.
MEMORY = 4 << 30

_ROWS, _TRIPLES, _TRUTH, _ERROR = b"R", b"T", b"B", b"E"
_FOREVER, _GLANCE = 1e6, 0.1
# All that a copy says last which has to be made again; no answer ends like this.
AGAIN = b"again\n"
# What a copy does, with the pipe it writes to.
Work = Callable[[IO[bytes]], object]
# One fork at a time: a copy made meanwhile would keep the end open into which another one writes.
_forking = threading.Lock()


def answer(
    store: Store | str,
    sparql: str,
    timeout: float,
    *,
    calls: bool = False,
    before: Callable[[], object] = bool,
) -> bool | SolutionLines | TripleLines:
    """Put a text to a store, or to the folder of one on disk, and wait so many seconds.

    With `calls` it may call other hosts, and sleep until they answer. What is done `before` is
    done in the worker, within the timeout.

    Raises QueryError for a text that is not SPARQL, and for a query that fails, crashes, takes
    too much memory, or has an answer of more than MOST_ROWS rows or LONGEST bytes; QueryTimeout
    for one that takes too long. Triples are sorted.

    >>> answer(Store(), "ASK { ?s ?p ?o }", 10)
    False
    """
    if not timeout > 0:
        raise QueryError(f"no answer can come within {timeout:g} seconds", help="give it some")
    timeout = min(timeout, _FOREVER)
    received, status = _run(
        lambda pipe: pipe.write(_respond(store, sparql, pipe, before)), timeout, calls=calls
    )
    kind = bytes(received.getbuffer()[-1:])
    if status or not kind:
        raise ended(status, timeout)
    received.truncate(received.tell() - 1)
    content = received.getvalue()
    if kind == _ERROR:
        import json

        fields = json.loads(content[content.rindex(b"\n") :])
        raise QueryError(fields.pop("message"), **fields)
    if kind == _TRUTH:
        return content == b"true"
    if kind == _TRIPLES:
        return TripleLines(content)
    return SolutionLines(content)


def begin(work: Work, timeout: float, *, calls: bool = False) -> tuple[int, int]:
    """Have a copy of this process do some work; return the copy, and where to read what it writes.

    Who begins this waits for the copy, kills it if it takes too long, and begins it again if it
    writes AGAIN at the end, which no work does that `calls` other hosts. Other work cannot open
    a socket.
    """
    if not calls and isolation.available():
        isolation.prepare()
    with _forking, warnings.catch_warnings():
        # It runs nothing that waits for another thread, of which Python cannot know.
        warnings.simplefilter("ignore", DeprecationWarning)
        reader, writer = os.pipe()
        try:
            copy = os.fork()
            if not copy:
                _serve(work, timeout, writer, calls)
        except OSError as error:
            os.close(reader)
            raise QueryError(f"no process can be started for it: {error.strerror}") from None
        finally:
            os.close(writer)
    return copy, reader


def _run(work: Work, timeout: float, *, calls: bool) -> tuple[BytesIO, int]:
    """Return what a copy of this process writes that came to an end, and how it ended."""
    deadline = time.monotonic() + timeout
    while (left := deadline - time.monotonic()) > 0:
        with suppress(QueryTimeout):
            content, status = _try(work, left, calls)
            if content.getbuffer()[-len(AGAIN) :] != AGAIN:
                return content, status
    raise _late(timeout)


def _try(work: Work, timeout: float, calls: bool) -> tuple[BytesIO, int]:
    """Return what one copy writes, and how it ended; leave nothing of it behind."""
    copy = reader = status = 0
    try:
        with _undisturbed():
            copy, reader = begin(work, timeout, calls=calls)
        content = _received(reader, timeout)
    except BaseException:
        if copy:
            os.kill(copy, signal.SIGKILL)
        raise
    finally:
        if copy:
            # Whoever ignores SIGCHLD has it waited for already.
            with suppress(ChildProcessError):
                status = os.waitpid(copy, 0)[1]
        if reader:
            os.close(reader)
    return content, status


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait, until the copy is known that it has to end.

    To block the signal is not enough: another thread may take it, and Python raises it here.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _received(reader: int, timeout: float) -> BytesIO:
    deadline = time.monotonic() + timeout
    # Its value shares its memory, where that of a bytearray would be copied.
    content = BytesIO()
    # The first line of rows is their head.
    left_over = MOST_ROWS + 1
    poll = select.poll()
    poll.register(reader)
    while (left := deadline - time.monotonic()) > 0:
        # A signal that another thread has taken wakes nobody here: look up for it.
        if not poll.poll(min(left, _GLANCE) * 1000):
            continue
        piece = os.read(reader, 1 << 20)
        if not piece:
            return content
        content.write(piece)
        left_over -= piece.count(b"\n")
        if left_over < 0:
            raise too_many(MOST_ROWS)
        if content.tell() > LONGEST:
            raise too_large(LONGEST)
    raise _late(timeout)


def ended(status: int, timeout: float) -> QueryError:
    """Say why a copy ended before it had answered."""
    cause = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if cause in (signal.SIGALRM, signal.SIGXCPU):
        return _late(timeout)
    if cause in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
        help = "nest it less, or ask in parts"
        return QueryError("the engine crashed on it", where="query", help=help)
    help = f"ask for less; it may take {MEMORY >> 30} GiB"
    return QueryError("it took too much memory", where="query", help=help)


def _late(timeout: float) -> QueryTimeout:
    help = "ask for less, or allow more with --timeout"
    return QueryTimeout(f"no answer within {timeout:g} seconds", where="query", help=help)


def _serve(work: Work, timeout: float, writer: int, calls: bool) -> NoReturn:
    """Do the work in the copy, and end it before what is around this could go on."""
    try:
        _confine(timeout, writer)
        if not calls:
            disconnect()
        done = []

        def run() -> None:
            with open(writer, "wb") as pipe:
                work(pipe)
            done.append(True)

        # What is drawn by lot in this thread would be the same in each copy.
        thread = threading.Thread(target=run)
        thread.start()
        if calls:
            thread.join()
        if _comes_to_its_end(thread, writer):
            os._exit(not done)
        os.write(writer, AGAIN)
        os._exit(0)
    finally:
        os._exit(1)


def _comes_to_its_end(thread: threading.Thread, writer: int) -> bool:
    """Wait for a thread; False if it sleeps, and not because what it writes is not read.

    All it could sleep for is a lock that some other thread had when the copy was made.
    """
    writable = select.poll()
    writable.register(writer, select.POLLOUT)
    before, slept = 0.0, 0
    while thread.is_alive():
        thread.join(_GLANCE)
        # It may wait for this thread, which holds Python: so both what it is and what it did count.
        did = time.process_time() - time.thread_time()
        slept = slept + 1 if did - before < 0.0005 and _all_sleep() and writable.poll(0) else 0
        before = did
        if slept == 2:
            return False
    return True


def _all_sleep() -> bool:
    """Tell whether none of the other threads runs, wants to, or waits for a disk."""
    try:
        threads = set(os.listdir("/proc/self/task")) - {str(threading.get_native_id())}
        states = []
        for number in threads:
            with open(f"/proc/self/task/{number}/stat", "rb") as file:
                states.append(file.read().rpartition(b") ")[2][:1])
    except OSError:
        return False
    return set(states) == {b"S"}


def _confine(timeout: float, writer: int) -> None:
    """Leave the copy no more than it needs: nothing said, no files, so much time and memory."""
    gc.disable()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError):
            # Ctrl-C is for the process that waits, which ends this one.
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    # Should this be left alone, it ends all the same.
    signal.setitimer(signal.ITIMER_REAL, timeout + 1)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2} - {writer}:
        os.dup2(silence, stream)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(timeout) + 2)
    with suppress(OSError):
        with open("/proc/self/statm", "rb") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        _limit(resource.RLIMIT_AS, size + MEMORY)
        # If the machine runs out of memory this is what has to go.
        with open("/proc/self/oom_score_adj", "wb") as file:
            file.write(b"1000")


def disconnect() -> None:
    """Leave the copy no way to open a socket.

    Without seccomp it can open nothing at all: a store on disk has to be open by then, and where
    the engine needs one more of its files, the query fails.
    """
    if isolation.forbid_sockets():
        return
    import json  # noqa: F401  (what is imported later could not be read)

    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _limit(kind: int, most: int) -> None:
    soft, hard = resource.getrlimit(kind)
    known = [limit for limit in (most, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known), hard))


def _respond(
    store: Store | str, sparql: str, pipe: IO[bytes], before: Callable[[], object]
) -> bytes:
    """Write the answer, and return what kind it is of: that comes last, when all went well."""
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
        wrong = failure(error)
    except QueryError as error:
        wrong = error
    import json

    names = ("message", "where", "line", "column", "help")
    pipe.write(b"\n" + json.dumps({name: getattr(wrong, name) for name in names}).encode())
    return _ERROR
