"""Workers: child processes that answer untrusted requests, and may be killed or crash.

A worker is a fork of this process and shares the memory of its graph. Other threads of the parent
may be querying or loading. A lock that such a thread holds during the fork stays locked in the
child for ever: a worker that waits for such a lock exits, and is replaced.
"""

from __future__ import annotations

import json
import os
import select
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from relations_kg.engines import child, confinement, isolation
from relations_kg.engines.child import Job
from relations_kg.errors import QueryError, QueryTimeout
from relations_kg.rdf.spelling import counted

_FIELDS = ("message", "where", "line", "column", "help")
_POLL_INTERVAL = 0.1
_fork_lock = threading.Lock()


class Reply:
    """The state of an answer: its incomplete frame, whether it is complete, and how it ended."""

    def __init__(self) -> None:
        self.is_complete = self.stays = False
        self.error = self._unread = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the parts of the answer in a piece of the worker's output."""
        unread, start, found = self._unread + piece, 0, []
        while len(unread) >= start + child.FRAME.size:
            (size,) = child.FRAME.unpack_from(unread, start)
            begin = start + child.FRAME.size
            if not size:
                self._finish(unread[begin:])
                break
            if len(unread) < begin + size:
                break
            start = begin + size
            found.append(unread[begin:start])
        self._unread = unread[start:]
        return found

    def _finish(self, rest: bytes) -> None:
        if len(rest) < child.TRAILER.size:
            return
        stays, size = child.TRAILER.unpack_from(rest)
        error = rest[child.TRAILER.size :]
        if len(error) == size:
            self.is_complete, self.stays, self.error = True, stays, error


@dataclass(eq=False)
class Worker:
    """A worker as its parent sees it: the process, the pipes, and the version of its graph."""

    process: int
    requests: int
    answers: int
    version: object
    reply: Reply = field(default_factory=Reply)
    has_answered: bool = False

    def ask(self, request: bytes, timeout: float) -> Iterator[bytes]:
        """Yield the answer in pieces, and update `reply`; raise QueryTimeout if the answer is late.

        If the worker ends meanwhile, the reply is incomplete.
        """
        deadline = time.monotonic() + timeout
        request = self.encode(request, timeout)
        with suppress(BrokenPipeError):
            while request:
                request = request[os.write(self.requests, request) :]
        poll = select.poll()
        poll.register(self.answers)
        while (left := deadline - time.monotonic()) > 0:
            # The wait is short, since a signal delivered to another thread does not end it.
            if not poll.poll(min(left, _POLL_INTERVAL) * 1000):
                continue
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                return
            yield from self.reply.feed(piece)
            if self.reply.is_complete:
                return
        raise timed_out(timeout)

    def encode(self, request: bytes, timeout: float) -> bytes:
        """Begin a new `reply`, and return the bytes of a request with its timeout."""
        self.reply = Reply()
        return child.REQUEST.pack(timeout, len(request)) + request

    def may_be_asked_again(self, status: int) -> bool:
        """Return whether the worker may have ended for a reason unrelated to the request."""
        return self.has_answered or _has_deadlocked(status)

    def is_alive(self) -> bool:
        """Return whether the process has not ended."""
        try:
            if os.waitpid(self.process, os.WNOHANG)[0]:
                self.process = 0
        except ChildProcessError:
            self.process = 0
        return self.process > 0

    def end(self) -> int:
        """Kill the process and return its wait status, or 0 if it has been reaped already."""
        self.close()
        if self.process:
            # Where SIGCHLD is ignored, the system has reaped the process already.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.process, signal.SIGKILL)
                return os.waitpid(self.process, 0)[1]
        return 0

    def close(self) -> None:
        """Close the pipes."""
        os.close(self.requests)
        os.close(self.answers)


def start(job: Job, version: object = None, *, calls: bool = False) -> Worker:
    """Start a worker for a job, which cannot open a socket unless it `calls` other hosts.

    Raises QueryError if the system allows no further process.
    """
    if not calls and isolation.available():
        isolation.prepare()
    parent = os.getpid()
    with _forking():
        theirs, requests = os.pipe()
        answers, writer = os.pipe()
        try:
            process = os.fork()
            if not process:
                os.close(requests)
                os.close(answers)
                child.serve(job, theirs, writer, parent, calls=calls)
        except OSError as error:
            os.close(requests)
            os.close(answers)
            message = f"cannot start a worker process: {error.strerror}"
            help = "run fewer queries at once, or allow more processes with ulimit -u"
            raise QueryError(message, where="query", help=help) from None
        finally:
            os.close(theirs)
            os.close(writer)
    return Worker(process, requests, answers, version)


def _renew_lock() -> None:
    """Replace the lock in a forked process, which has no thread that could release it."""
    global _fork_lock
    _fork_lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)


@contextmanager
def _forking() -> Iterator[None]:
    """Prevent other threads from forking.

    Otherwise a worker would inherit the write end of another worker's pipe, and the reader of this
    pipe would never see its end.
    """
    with _fork_lock, warnings.catch_warnings():
        # Python warns that a fork of a process with threads may deadlock; a deadlock is detected
        # and handled.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Defer Ctrl-C and alarms until the worker's process id is known, so that it can be killed.

    An error that their handlers raise during the fork would be lost, and would leave locks held.
    Blocking the signals would not be enough: the system would deliver them to another thread, and
    Python would still call the handlers in this thread.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)}
    if None in before.values() or threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    for number in before:
        signal.signal(number, lambda number, _: received.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for arrived in received:
            signal.raise_signal(arrived)


def encoded(error: QueryError) -> bytes:
    """Return the bytes for an error that ends an answer."""
    return json.dumps({name: getattr(error, name) for name in _FIELDS}).encode()


def decoded(content: bytes) -> QueryError:
    """Return the error that `encoded` wrote."""
    fields = json.loads(content)
    return QueryError(fields.pop("message"), **fields)


def _has_deadlocked(status: int) -> bool:
    return os.waitstatus_to_exitcode(status) == child.DEADLOCKED


def exit_error(status: int, timeout: float) -> QueryError:
    """Return the error for a worker that exited before it had answered, by its wait status."""
    cause = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if cause in (signal.SIGALRM, signal.SIGXCPU) or _has_deadlocked(status):
        return timed_out(timeout)
    if cause in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
        help = "nest it less, or split it"
        return QueryError("the engine crashed on it", where="query", help=help)
    help = f"ask for less; a query may take {confinement.MEMORY >> 30} GiB"
    return QueryError("it took too much memory", where="query", help=help)


def timed_out(timeout: float) -> QueryTimeout:
    """Return the error for a query that exceeded its timeout in seconds."""
    help = "ask for less, or allow more with --timeout"
    return QueryTimeout(f"no answer within {counted(timeout, 'second')}", where="query", help=help)
