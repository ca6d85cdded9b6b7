"""Workers that stay for further queries, each with a copy of a store as it was at the fork."""

from __future__ import annotations

import os
import resource
import signal
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedWriter, RawIOBase
from typing import TYPE_CHECKING, NoReturn
from weakref import WeakSet, finalize

from pyoxigraph import Store

from relations_kg.engines import confinement, isolation, worker
from relations_kg.engines.lines import SolutionLines, TripleLines
from relations_kg.errors import QueryTimeout

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# A request is the timeout, the length of the text in bytes, and the text.
_REQUEST = struct.Struct("!dI")
# An answer comes in frames of a length and so many bytes. After the last one come a length of 0,
# the kind of the answer, and whether the worker stays.
_FRAME = struct.Struct("!I")
_BUFFER = 1 << 16
_STAYS, _LEAVES = b"+", b"-"
_TRAILER = 2
# A worker whose memory has grown by more bytes leaves after its answer.
_GROWTH = 256 << 20
# The exit status of a worker that deadlocked.
_DEADLOCKED = 75
# The seconds after which an idle worker sees that its parent has ended.
_IDLE = 1.0
# The most workers that are kept while they are idle.
_MOST_IDLE = os.cpu_count() or 1

_all: WeakSet[Workers] = WeakSet()


class Workers:
    """The workers on standby for a store, of which each version has its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._idle: list[_Worker] = []
        _all.add(self)
        finalize(self, _end, self._idle)

    def answer(
        self, sparql: str, timeout: float, version: object
    ) -> bool | SolutionLines | TripleLines:
        """Run a query on the store, which has not changed if its version is an earlier one.

        Returns and raises the same as `worker.answer`.

        >>> Workers(Store()).answer("ASK { ?s ?p ?o }", 10, version=1)
        False
        """
        timeout = worker.checked(timeout)
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            one, trailer, status = None, b"", 0
            try:
                with worker.interrupts_deferred():
                    one = self._take(version)
                content, trailer = one.ask(sparql, left)
            except QueryTimeout:
                break
            finally:
                if one and trailer[1:] == _STAYS and len(self._idle) < _MOST_IDLE:
                    self._idle.append(one)
                elif one:
                    status = one.end()
            if trailer:
                return worker.read(content, trailer[:1])
            # What ended a worker that had answered before may have nothing to do with this query.
            if not one.has_answered and os.waitstatus_to_exitcode(status) != _DEADLOCKED:
                raise worker.exit_error(status, timeout)
        raise worker.timed_out(timeout)

    def end(self) -> None:
        """End the idle workers."""
        _end(self._idle)

    def _take(self, version: object) -> _Worker:
        """Return an idle worker of this version, or a new one."""
        while True:
            try:
                one = self._idle.pop()
            except IndexError:
                return _start(self._store, version)
            if one.version == version and one.is_alive():
                return one
            one.end()


def _end(idle: list[_Worker]) -> None:
    with suppress(IndexError):
        while True:
            idle.pop().end()


def _forget() -> None:
    """Leave the workers to the process that this one has been forked from."""
    for workers in _all:
        for one in workers._idle:
            one.close()
        workers._idle.clear()


os.register_at_fork(after_in_child=_forget)


@dataclass(eq=False)
class _Worker:
    """A worker in its parent: the process, the ends of its pipes, and the version of its copy."""

    process: int
    requests: int
    answers: int
    version: object
    has_answered: bool = False

    def ask(self, sparql: str, timeout: float) -> tuple[bytes, bytes]:
        """Return the answer and its trailer, which is empty if the worker has ended."""
        text = sparql.encode()
        request = _REQUEST.pack(timeout, len(text)) + text
        with suppress(BrokenPipeError):
            while request:
                request = request[os.write(self.requests, request) :]
        content, unread = worker.Content(), b""
        for piece in worker.pieces(self.answers, timeout):
            unread, start = unread + piece, 0
            while len(unread) >= start + _FRAME.size:
                (size,) = _FRAME.unpack_from(unread, start)
                end = start + _FRAME.size + (size or _TRAILER)
                if len(unread) < end:
                    break
                part = unread[start + _FRAME.size : end]
                if not size:
                    self.has_answered = True
                    return content.getvalue(), part
                content.write(part)
                start = end
            unread = unread[start:]
        return b"", b""

    def is_alive(self) -> bool:
        """Return whether the process has not ended."""
        try:
            return not os.waitpid(self.process, os.WNOHANG)[0]
        except ChildProcessError:
            return False

    def end(self) -> int:
        """Kill the process and return its wait status."""
        self.close()
        # Where SIGCHLD is ignored, the system has reaped the process already.
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.process, signal.SIGKILL)
            return os.waitpid(self.process, 0)[1]
        return 0

    def close(self) -> None:
        """Close the pipes."""
        os.close(self.requests)
        os.close(self.answers)


def _start(store: Store, version: object) -> _Worker:
    if isolation.available():
        isolation.prepare()
    parent = os.getpid()
    with worker.forking():
        theirs, requests = os.pipe()
        answers, writer = os.pipe()
        try:
            process = os.fork()
            if not process:
                os.close(requests)
                os.close(answers)
                _serve(store, theirs, writer, parent)
        except OSError as error:
            os.close(requests)
            os.close(answers)
            raise worker.no_process(error) from None
        finally:
            os.close(theirs)
            os.close(writer)
    return _Worker(process, requests, answers, version)


# The functions below run in the worker.


def _serve(store: Store, requests: int, answers: int, parent: int) -> NoReturn:
    """Answer requests until there are no more, without returning to the code of the parent."""
    try:
        confinement.confine(requests, answers)
        confinement.disconnect()
        loop = _Loop(store, requests, answers)
        # The engine seeds its random numbers by thread: in the forked thread, RAND() and UUID()
        # would be the same in every worker.
        thread = threading.Thread(target=loop.run)
        thread.start()
        watch = confinement.Watch(answers)
        while thread.is_alive():
            thread.join(worker.POLL_INTERVAL if loop.is_busy else _IDLE)
            if os.getppid() != parent:
                os._exit(0)
            if not loop.is_busy:
                watch.begin()
            elif watch.sees_deadlock():
                os._exit(_DEADLOCKED)
    finally:
        os._exit(1)


class _Loop:
    """The thread that answers one request after the other."""

    def __init__(self, store: Store, requests: int, answers: int) -> None:
        self._store, self._requests, self._answers = store, requests, answers
        # The first request is on its way.
        self.is_busy = True

    def run(self) -> None:
        before = _memory()
        while head := self._read(_REQUEST.size):
            self.is_busy = True
            timeout, size = _REQUEST.unpack(head)
            sparql = self._read(size).decode()
            confinement.limit_time(timeout)
            pipe = BufferedWriter(_Frames(self._answers), _BUFFER)
            kind = worker.respond(self._store, sparql, pipe)
            pipe.flush()
            signal.setitimer(signal.ITIMER_REAL, 0)
            stays = _memory() - before < _GROWTH
            self.is_busy = False
            os.write(self._answers, _FRAME.pack(0) + kind + (_STAYS if stays else _LEAVES))
            if not stays:
                break
        os._exit(0)

    def _read(self, size: int) -> bytes:
        """Return so many bytes of the requests, or none at their end."""
        content = b""
        while len(content) < size and (piece := os.read(self._requests, size - len(content))):
            content += piece
        return content


class _Frames(RawIOBase):
    """A stream that writes frames to a pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer, /) -> int:
        content = memoryview(content)
        rest = memoryview(_FRAME.pack(len(content)) + bytes(content))
        while rest:
            rest = rest[os.write(self._pipe, rest) :]
        return len(content)


def _memory() -> int:
    """Return the most memory that this process has used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
