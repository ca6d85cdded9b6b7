"""Untrusted queries, each answered in a worker: a child process that may be killed or crash.

The worker is a fork: it has the graph as it is at this moment, and shares its memory. Other threads
of the parent may query and load meanwhile. A lock that one of them holds during the fork stays
locked in the child for ever: a worker that waits for such a lock is killed and restarted.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import stat
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, NoReturn

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from relations_kg.engines import isolation
from relations_kg.engines.limits import LONGEST, MOST_ROWS, too_large, too_many
from relations_kg.engines.lines import SolutionLines, TripleLines
from relations_kg.errors import QueryError, QueryTimeout
from relations_kg.rdf.sparql import FAILURES, ask, failure

# The memory that a query may use in addition to that of the parent.
MEMORY = 4 << 30

# The kinds of answers; the kind is the last byte of the output.
_ROWS, _TRIPLES, _TRUTH, _ERROR = b"R", b"T", b"B", b"E"
_LONGEST_TIMEOUT, _POLL_INTERVAL = 1e6, 0.1
# The last output of a worker that has deadlocked; no answer ends like this.
DEADLOCKED = b"deadlocked\n"
# The task of a worker: it writes its result to a pipe.
Task = Callable[[IO[bytes]], object]
# One fork at a time: otherwise a worker would inherit the writing end of another worker's pipe,
# whose reader would then never see its end.
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
    if not timeout > 0:
        raise QueryError(
            f"no answer can come within {timeout:g} seconds", help="give a timeout above 0"
        )
    timeout = min(timeout, _LONGEST_TIMEOUT)
    output, status = _run(
        lambda pipe: pipe.write(_respond(store, sparql, pipe, before)), timeout, calls=calls
    )
    kind = bytes(output.getbuffer()[-1:])
    if status or not kind:
        raise exit_error(status, timeout)
    output.truncate(output.tell() - 1)
    content = output.getvalue()
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
    with _fork_lock, warnings.catch_warnings():
        # Python warns that a fork of a process with threads may deadlock, which is handled here.
        warnings.simplefilter("ignore", DeprecationWarning)
        reader, writer = os.pipe()
        try:
            process = os.fork()
            if not process:
                _work(task, timeout, writer, calls)
        except OSError as error:
            os.close(reader)
            raise QueryError(f"no process can be started for it: {error.strerror}") from None
        finally:
            os.close(writer)
    return process, reader


def exit_error(status: int, timeout: float) -> QueryError:
    """Return why a worker exited before it had answered, by its wait status."""
    cause = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if cause in (signal.SIGALRM, signal.SIGXCPU):
        return _timed_out(timeout)
    if cause in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
        help = "nest it less, or split it"
        return QueryError("the engine crashed on it", where="query", help=help)
    help = f"ask for less; it may take {MEMORY >> 30} GiB"
    return QueryError("it took too much memory", where="query", help=help)


def _timed_out(timeout: float) -> QueryTimeout:
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
    raise _timed_out(timeout)


def _run_once(task: Task, timeout: float, calls: bool) -> tuple[BytesIO, int]:
    """Return the output and the wait status of one worker; leave no process or descriptor."""
    process = reader = status = 0
    try:
        with _interrupts_deferred():
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
def _interrupts_deferred() -> Iterator[None]:
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
    deadline = time.monotonic() + timeout
    # BytesIO.getvalue shares the memory; converting a bytearray to bytes would copy it.
    content = BytesIO()
    # The first line is the header of the rows.
    lines_left = MOST_ROWS + 1
    poll = select.poll()
    poll.register(reader)
    while (left := deadline - time.monotonic()) > 0:
        # A signal that the system delivers to another thread does not end this wait.
        if not poll.poll(min(left, _POLL_INTERVAL) * 1000):
            continue
        piece = os.read(reader, 1 << 20)
        if not piece:
            return content
        content.write(piece)
        lines_left -= piece.count(b"\n")
        if lines_left < 0:
            raise too_many(MOST_ROWS)
        if content.tell() > LONGEST:
            raise too_large(LONGEST)
    raise _timed_out(timeout)


# The functions below run in the worker.


def _work(task: Task, timeout: float, writer: int, calls: bool) -> NoReturn:
    """Run the task and exit, without returning to the code of the parent."""
    try:
        _confine(timeout, writer)
        if not calls:
            disconnect()
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
        if _finishes(thread, writer):
            os._exit(not done)
        os.write(writer, DEADLOCKED)
        os._exit(0)
    finally:
        os._exit(1)


def _finishes(thread: threading.Thread, writer: int) -> bool:
    """Wait for a thread; return False if it sleeps although the parent reads its output.

    It can only be waiting for a lock that another thread of the parent held during the fork.
    """
    writable = select.poll()
    writable.register(writer, select.POLLOUT)
    before, idle = 0.0, 0
    while thread.is_alive():
        thread.join(_POLL_INTERVAL)
        # The thread may be waiting for the GIL, which this one holds: so its processor time
        # counts as well as its state.
        used = time.process_time() - time.thread_time()
        idle = idle + 1 if used - before < 0.0005 and _all_sleep() and writable.poll(0) else 0
        before = used
        if idle == 2:
            return False
    return True


def _all_sleep() -> bool:
    """Return whether each other thread is asleep: not running, runnable or waiting for a disk."""
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
    """Close what the worker inherits and does not need, and limit its time and memory."""
    gc.disable()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError):
            # Ctrl-C is for the parent, which kills the worker.
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    # The worker ends even if its parent has been killed.
    signal.setitimer(signal.ITIMER_REAL, timeout + 1)
    # A client's connection stays open as long as a worker has inherited it.
    for descriptor in map(int, os.listdir("/dev/fd")):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.close(descriptor)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2} - {writer}:
        os.dup2(null, stream)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(timeout) + 2)
    with suppress(OSError):
        with open("/proc/self/statm", "rb") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        _limit(resource.RLIMIT_AS, size + MEMORY)
        # If the machine runs out of memory, the system kills the worker first.
        with open("/proc/self/oom_score_adj", "wb") as file:
            file.write(b"1000")


def disconnect() -> None:
    """Forbid this process to open sockets.

    Without seccomp it can open no file at all. A store on disk has to be open by then; if the
    engine needs one more of its files, the query fails.
    """
    if not isolation.forbid_sockets():
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _limit(kind: int, most: int) -> None:
    soft, hard = resource.getrlimit(kind)
    known = [limit for limit in (most, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known), hard))


def _respond(
    store: Store | str, sparql: str, pipe: IO[bytes], before: Callable[[], object]
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
