"""A pool of workers and threads that answer queries, with a cache of their answers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import rapidfuzz.distance
import rapidfuzz.process  # noqa: F401  (see Pool)
from pyoxigraph import Store

from relations_kg.answers.names import Names
from relations_kg.answers.query_warnings import QueryWarnings
from relations_kg.engines import worker
from relations_kg.export import jsonld, ntriples, rdfxml, turtle  # noqa: F401  (see Pool)
from relations_kg.web.answering import Head, Question, answer, write
from relations_kg.web.problems import Problem

# Answers below the first size are sent whole and cached; the second is the buffer of a stream.
_WHOLE, _AHEAD = 1 << 20, 8 << 20
# The most bytes in the cache.
_CACHE = 64 << 20
# The bytes of a cache entry without its texts.
_ENTRY = 1 << 10
_WAITING = 256


@dataclass(frozen=True)
class Answer:
    """The head of an answer, and its content: whole, or in pieces as they are computed."""

    head: Head
    content: bytes | AsyncIterator[bytes]


class Pool:
    """A pool that answers a limited number of queries at a time, on a store that does not change.

    Untrusted queries run in workers, forked from this process, with a limit on their time in
    seconds and on their rows; stored queries run in threads, without limits.
    """

    def __init__(self, store: Store, *, timeout: float = 60, rows: int = 100_000) -> None:
        self.timeout, self.rows = timeout, rows
        self._store = store
        # A worker on a system without seccomp can open no file: writers and the search for similar
        # names are imported before the fork, and the context is read.
        jsonld.context()
        self._warnings = QueryWarnings(store, Names(store)).of
        # These calls compile patterns and fill caches before the fork, instead of in each worker.
        self._warnings("ASK { ?x rdfs:label ?y FILTER (?x != 'é' && ?y > 1) }")
        self._warnings("ASK { ?x rkg:when ?y FILTER (YEAR(?y) > 1) }")
        cores = os.cpu_count() or 1
        self._workers, self._threads = asyncio.Semaphore(cores), asyncio.Semaphore(cores)
        self._waiting = 0
        self._cache: OrderedDict[Question, Answer] = OrderedDict()
        self._size = 0

    async def stored(self, question: Question) -> Answer:
        """Return the answer to a stored query whose parameters are bound."""
        if kept := self.known(question):
            return kept
        async with self._threads:
            if kept := self.known(question):
                return kept
            return self._cached(
                question, Answer(*await asyncio.to_thread(answer, self._store, question))
            )

    async def untrusted(
        self, question: Question, *, keep: bool = True, whole: bool = False
    ) -> Answer:
        """Return the answer to an untrusted query; raises Problem if it is refused or fails.

        `keep` is whether the answer is cached; `whole` lifts the limit on rows.
        """
        if kept := self.known(question):
            return kept
        await self._turn()
        if kept := self.known(question):
            self._workers.release()
            return kept
        most = None if whole else self.rows
        answer = await self._run(partial(write, self._store, question, most, self._warnings))
        return self._cached(question, answer) if keep else answer

    async def work(self, work: worker.Task) -> Answer:
        """Return the answer that a function writes in a worker."""
        await self._turn()
        return await self._run(work)

    async def _turn(self) -> None:
        if self._waiting >= _WAITING:
            raise self._busy()
        self._waiting += 1
        try:
            # A request that waits longer than the timeout of a query is refused.
            async with asyncio.timeout(self.timeout):
                await self._workers.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self._waiting -= 1

    async def _run(self, work: worker.Task) -> Answer:
        while not (answer := await _Worker(self.timeout, self._workers.release).answer(work)):
            await self._turn()
        return answer

    def known(self, question: Question) -> Answer | None:
        """Return the cached answer to a query."""
        if question in self._cache:
            self._cache.move_to_end(question)
        return self._cache.get(question)

    def _cached(self, question: Question, answer: Answer) -> Answer:
        """Return an answer after caching it, unless it is large."""
        if question in self._cache:
            return answer
        if isinstance(answer.content, bytes) and len(answer.content) <= _WHOLE:
            self._cache[question] = answer
            self._size += _size(question, answer)
            while self._size > _CACHE:
                self._size -= _size(*self._cache.popitem(last=False))
        return answer

    def _busy(self) -> Problem:
        help = "try again in 5 seconds"
        return Problem(503, "too many queries are running", help, {"Retry-After": "5"})


def _size(question: Question, answer: Answer) -> int:
    """Return the size of a cached answer and its key, in bytes."""
    graphs = (*(question.default or ()), *(question.named or ()))
    parts = (question.sparql, answer.content, *graphs)
    return _ENTRY + sum(map(sys.getsizeof, parts))


class _Worker(asyncio.StreamReaderProtocol):
    """The asyncio protocol of one worker: it reads the answer, and calls `over` at the exit."""

    def __init__(self, timeout: float, over: Callable[[], None]) -> None:
        self._stream = asyncio.StreamReader(limit=_AHEAD)
        super().__init__(self._stream)
        self._timeout, self._notify = timeout, over
        self._process = self._status = 0
        self._pipe: asyncio.BaseTransport | None = None
        self._over = asyncio.Event()

    async def answer(self, work: worker.Task) -> Answer | None:
        """Return the answer of the worker, as soon as it is complete or large.

        Returns None if the worker has to be restarted.
        """
        try:
            await self._begin(work)
            line = await self._stream.readline()
            start = b""
            while len(start) < _WHOLE and (piece := await self._stream.read(_WHOLE)):
                start += piece
            if len(start) < _WHOLE:
                await self._end()
        except BaseException:
            self._stop()
            raise
        if line == worker.DEADLOCKED:
            return None
        head = Head.parse(line)
        if head.error:
            raise Problem(head.status, **head.error)
        return Answer(head, start if len(start) < _WHOLE else self._pieces(start))

    async def _begin(self, work: worker.Task) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._process, reader = worker.start(work, self._timeout)
        except BaseException:
            self._notify()
            raise
        self._alarm = loop.call_later(self._timeout, self._stop, signal.SIGALRM)
        await loop.connect_read_pipe(lambda: self, open(reader, "rb", 0))  # noqa: SIM115

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport of the pipe that the worker writes to."""
        super().connection_made(transport)
        self._pipe = transport

    async def _pieces(self, piece: bytes) -> AsyncIterator[bytes]:
        try:
            while piece:
                yield piece
                piece = await self._stream.read(1 << 16)
            await self._end()
        finally:
            self._stop()

    async def _end(self) -> None:
        """Wait until the worker exits; raises Problem if it failed."""
        await self._over.wait()
        if self._status:
            raise Problem.of(worker.exit_error(self._status, self._timeout))

    def _stop(self, cause: int = signal.SIGKILL) -> None:
        """Kill the worker now, even if a slow client has not read all of its answer."""
        if self._process:
            os.kill(self._process, cause)
            self.connection_lost(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Reap the worker, which has closed its end of the pipe."""
        if not self._process:
            return
        self._alarm.cancel()
        with suppress(ChildProcessError):
            self._status = os.waitpid(self._process, 0)[1]
        self._process = 0
        self._over.set()
        self._notify()
        super().connection_lost(error)
        if self._pipe:
            self._pipe.close()
