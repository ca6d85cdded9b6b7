"""Workers that are kept for further requests, each with the graph as it was at the fork."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from weakref import WeakSet, finalize

from relations_kg.engines import worker
from relations_kg.engines.child import Job
from relations_kg.engines.limits import checked_timeout
from relations_kg.engines.worker import Worker
from relations_kg.errors import QueryTimeout

# The maximum number of idle workers that are kept.
_MOST_IDLE = os.cpu_count() or 1

_all: WeakSet[Workers] = WeakSet()


class Workers:
    """The idle workers for a job, each with a version of the graph in its memory.

    Without `stay`, a new worker is started for each request.
    """

    def __init__(self, job: Job, *, calls: bool = False, stay: bool = True) -> None:
        self._job, self._calls = job, calls
        self._most_idle = _MOST_IDLE if stay else 0
        self._idle: list[Worker] = []
        _all.add(self)
        finalize(self, _end, self._idle)

    def answer(self, request: bytes, timeout: float, version: object = None) -> Iterator[bytes]:
        """Yield the answer to a request in pieces, within a timeout in seconds.

        Only workers with the same `version` of the graph are reused. If a worker ends before its
        answer has begun, another one is asked, provided that the first deadlocked or had answered
        an earlier request: it may then have ended for a reason unrelated to this request.

        Raises QueryError if the worker crashes, takes too much memory or ends its answer with an
        error, and QueryTimeout if it takes too long.

        >>> list(Workers(lambda request, pipe: pipe.write(request) and b"").answer(b"a", 10))
        [b'a']
        """
        timeout = checked_timeout(timeout)
        deadline = time.monotonic() + timeout
        has_begun = False
        while (left := deadline - time.monotonic()) > 0:
            one, status = None, 0
            try:
                with worker.interrupts_deferred():
                    one = self.take(version)
                for piece in one.ask(request, left):
                    has_begun = True
                    yield piece
            except QueryTimeout:
                break
            finally:
                if one:
                    status = self.give_back(one)
            if one.reply.error:
                raise worker.decoded(one.reply.error)
            if one.reply.is_complete:
                return
            if has_begun or not one.may_be_asked_again(status):
                raise worker.exit_error(status, timeout)
        raise worker.timed_out(timeout)

    def take(self, version: object = None) -> Worker:
        """Return an idle worker of a version, or a new one."""
        while True:
            try:
                one = self._idle.pop()
            except IndexError:
                return worker.start(self._job, version, calls=self._calls)
            if one.version == version and one.is_alive():
                return one
            one.end()

    def give_back(self, one: Worker) -> int:
        """Add a worker to the idle ones if it can serve another request; end it otherwise.

        Ends it too if enough are idle. Returns the wait status of a worker that ended, or else 0.
        """
        one.has_answered |= one.reply.is_complete
        if one.reply.stays and len(self._idle) < self._most_idle:
            self._idle.append(one)
            return 0
        return one.end()

    def end(self) -> None:
        """End the idle workers."""
        _end(self._idle)


def _end(idle: list[Worker]) -> None:
    with suppress(IndexError):
        while True:
            idle.pop().end()


def _forget() -> None:
    """Drop the workers in a forked process, since they belong to its parent."""
    for workers in _all:
        for one in workers._idle:
            one.close()
        workers._idle.clear()


os.register_at_fork(after_in_child=_forget)
