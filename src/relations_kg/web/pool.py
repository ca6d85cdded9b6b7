"""A pool of workers and threads that answer queries, with a cache of their answers."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from os.path import relpath
from typing import IO

import rapidfuzz.distance
import rapidfuzz.process  # noqa: F401  (see Pool)

from relations_kg._files import PACKAGE, paths, toml
from relations_kg.answers.knowledge import Knowledge
from relations_kg.engines import worker
from relations_kg.engines.limits import MOST_ROWS
from relations_kg.engines.standby import Workers
from relations_kg.engines.worker import Worker
from relations_kg.export import jsonld, ntriples, rdfxml, turtle  # noqa: F401  (see Pool)
from relations_kg.web.answering import Head, Question, answer, write
from relations_kg.web.problems import Problem

# Answers with fewer bytes than this are sent whole and cached.
_WHOLE = 1 << 20
# The maximum size of the cache in bytes.
_CACHE = 64 << 20
# The bytes that a cache entry takes in addition to its texts.
_ENTRY = 1 << 10
_WAITING = 256


@dataclass(frozen=True)
class Answer:
    """The head of an answer, and its content: whole, or in pieces as they are computed."""

    head: Head
    content: bytes | AsyncIterator[bytes]


class Pool:
    """A pool that answers a limited number of queries at a time, on a graph that does not change.

    Untrusted queries run in workers, which are reused, with limits on time (in seconds) and rows.
    Stored queries run in threads, without these limits.
    """

    def __init__(self, graph: Knowledge, *, timeout: float = 60, rows: int = MOST_ROWS) -> None:
        self.timeout, self.rows = timeout, rows
        self._graph = graph
        # On a system without seccomp, a worker can open no file. So writers and the search for
        # similar names are imported, and the context and all tables are read, before the fork.
        jsonld.context()
        for path in paths(PACKAGE, ".toml"):
            toml(relpath(path, PACKAGE))
        # These calls compile patterns and fill caches before the fork, instead of in each worker.
        graph.warnings("ASK { ?x rdfs:label ?y FILTER (?x != 'é' && ?y > 1) }")
        graph.warnings("ASK { ?x rkg:when ?y FILTER (YEAR(?y) > 1) }")

        def job(request: bytes, pipe: IO[bytes]) -> bytes:
            question, most = pickle.loads(request)
            return write(graph, question, most, pipe)

        self._workers = Workers(job)
        cores = os.cpu_count() or 1
        self._slots, self._threads = asyncio.Semaphore(cores), asyncio.Semaphore(cores)
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
                question, Answer(*await asyncio.to_thread(answer, self._graph.quad_store, question))
            )

    async def untrusted(
        self, question: Question, *, keep: bool = True, whole: bool = False, timeout: float = inf
    ) -> Answer:
        """Return the answer to an untrusted query; raise Problem if it is refused or fails.

        `keep` caches the answer; `whole` removes the limit on rows; a `timeout` in seconds can only
        be shorter than that of the pool.
        """
        if kept := self.known(question):
            return kept
        await self._turn()
        if kept := self.known(question):
            self._slots.release()
            return kept
        most = None if whole else self.rows
        answer = await self._ask(self._workers, pickle.dumps((question, most)), timeout)
        return self._cached(question, answer) if keep else answer

    async def work(self, work: Callable[[IO[bytes]], bytes]) -> Answer:
        """Return the answer that a function writes in a new worker."""
        await self._turn()
        return await self._ask(Workers(lambda _, pipe: work(pipe), stay=False), b"")

    async def _turn(self) -> None:
        if self._waiting >= _WAITING:
            raise self._busy()
        self._waiting += 1
        try:
            # A request that waits longer than the timeout of a query is refused.
            async with asyncio.timeout(self.timeout):
                await self._slots.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self._waiting -= 1

    async def _ask(self, workers: Workers, request: bytes, timeout: float = inf) -> Answer:
        asked = _Request(workers, min(timeout, self.timeout), self._slots.release)
        return await asked.answer(request, self._graph.version)

    def known(self, question: Question) -> Answer | None:
        """Return the cached answer to a query, or None."""
        if question in self._cache:
            self._cache.move_to_end(question)
        return self._cache.get(question)

    def _cached(self, question: Question, answer: Answer) -> Answer:
        """Cache an answer unless it is large, and return it."""
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


class _Request:
    """A request to a worker, which is given back when the answer is complete.

    After the timeout, the worker is killed, even if a slow client has not read the answer.
    """

    def __init__(self, workers: Workers, timeout: float, release: Callable[[], object]) -> None:
        self._workers, self._timeout, self._release = workers, timeout, release
        self._loop = asyncio.get_running_loop()
        self._alarm = self._loop.call_later(timeout, self._expire)
        self._worker: Worker | None = None
        self._is_waiting = self._is_late = False
        self._status = 0

    async def answer(self, request: bytes, version: object) -> Answer:
        """Return the answer of a worker, as soon as it is complete or large."""
        pieces = self._pieces(request, version)
        start = b""
        is_complete = False
        while not is_complete and len(start) < _WHOLE:
            piece = await anext(pieces, b"")
            start += piece
            is_complete = not piece
        line, _, content = start.partition(b"\n")
        return Answer(Head.parse(line), content if is_complete else _chained(content, pieces))

    async def _pieces(self, request: bytes, version: object) -> AsyncIterator[bytes]:
        """Yield the answer in pieces; raise Problem if the query fails or the worker ends early."""
        has_begun = False
        try:
            while True:
                one = self._worker = self._workers.take(version)
                await self._send(one, one.encode(request, self._timeout))
                while content := await self._read(one):
                    has_begun = True
                    yield content
                self._give_back()
                if one.reply.error:
                    head = Head.parse(one.reply.error)
                    raise Problem(head.status, **(head.error or {}))
                if one.reply.is_complete:
                    return
                if has_begun or self._is_late or not one.may_be_asked_again(self._status):
                    raise Problem.of(worker.exit_error(self._status, self._timeout))
        finally:
            self._finish()

    async def _send(self, one: Worker, request: bytes) -> None:
        os.set_blocking(one.requests, False)
        with suppress(BrokenPipeError):
            while request and self._worker:
                try:
                    request = request[os.write(one.requests, request) :]
                except BlockingIOError:
                    await self._until(self._loop.add_writer, self._loop.remove_writer, one.requests)

    async def _read(self, one: Worker) -> bytes:
        """Return the next part of the answer, or b"" if it is complete or the worker has ended."""
        found: list[bytes] = []
        while self._worker and not found and not one.reply.is_complete:
            await self._until(self._loop.add_reader, self._loop.remove_reader, one.answers)
            piece = os.read(one.answers, _WHOLE)
            if not piece:
                break
            found = one.reply.feed(piece)
        return b"".join(found)

    async def _until(
        self, add: Callable[..., None], remove: Callable[[int], object], descriptor: int
    ) -> None:
        """Wait until a descriptor is ready, or the worker ends."""
        ready = asyncio.Event()
        add(descriptor, ready.set)
        self._is_waiting = True
        try:
            await ready.wait()
        finally:
            self._is_waiting = False
            remove(descriptor)

    def _expire(self) -> None:
        self._is_late = True
        if self._worker:
            os.kill(self._worker.process, signal.SIGALRM)
        if not self._is_waiting:
            self._finish()

    def _give_back(self) -> None:
        if self._worker:
            self._status = self._workers.give_back(self._worker)
            self._worker = None

    def _finish(self) -> None:
        self._alarm.cancel()
        self._give_back()
        # A slot is released only once, so a second call of this method calls `bool` instead.
        release, self._release = self._release, bool
        release()


async def _chained(start: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield start
    async for piece in pieces:
        yield piece
