"""The answers to questions: so many worked on at a time, and those that are wanted again kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from pyoxigraph import Store

from relations_kg.engines import worker
from relations_kg.web.answering import Head, Question, answer, write
from relations_kg.web.problems import Problem

# An answer up to this size is sent whole, and kept; what is read ahead of a slow client.
_WHOLE, _AHEAD = 1 << 20, 8 << 20
# Answers that are kept have so many bytes together.
_KEPT = 64 << 20
# What an entry takes beside its texts.
_ENTRY = 1 << 10
_WAITING = 256


class Answer(NamedTuple):
    """Hold an answer: its head, and its content, whole or in pieces as they come."""

    head: Head
    content: bytes | AsyncIterator[bytes]


class Pool:
    """Answer questions about a store that does not change, each in its turn.

    Questions of others are answered in copies of this process, which have so many seconds and
    rows; questions of our own in its threads, without limits.
    """

    def __init__(self, store: Store, *, timeout: float = 60, rows: int = 100_000) -> None:
        self.timeout, self.rows = timeout, rows
        self._store = store
        cores = os.cpu_count() or 1
        self._copies, self._threads = asyncio.Semaphore(cores), asyncio.Semaphore(cores)
        self._waiting = 0
        self._kept: OrderedDict[Question, Answer] = OrderedDict()
        self._size = 0

    async def own(self, question: Question) -> Answer:
        """Answer a question of our own: a stored query, whose values are bound."""
        if kept := self.known(question):
            return kept
        async with self._threads:
            if kept := self.known(question):
                return kept
            return self._keep(
                question, Answer(*await asyncio.to_thread(answer, self._store, question))
            )

    async def others(self, question: Question, *, keep: bool = True, whole: bool = False) -> Answer:
        """Answer a question of others; raise Problem where that may not be, or fails.

        What is different each time is not kept; `whole` is for a graph, however many triples.
        """
        if kept := self.known(question):
            return kept
        await self._turn()
        if kept := self.known(question):
            self._copies.release()
            return kept
        most = None if whole else self.rows
        answer = await self._copied(partial(write, self._store, question, most))
        return self._keep(question, answer) if keep else answer

    async def work(self, work: worker.Work) -> Answer:
        """Have some work done in a copy, which writes the head of an answer and its content."""
        await self._turn()
        return await self._copied(work)

    async def _turn(self) -> None:
        if self._waiting >= _WAITING:
            raise self._busy()
        self._waiting += 1
        try:
            # Who waits longer than an answer may take has waited in vain.
            async with asyncio.timeout(self.timeout):
                await self._copies.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self._waiting -= 1

    async def _copied(self, work: worker.Work) -> Answer:
        while not (answer := await _Copy(self.timeout, self._copies.release).answer(work)):
            await self._turn()
        return answer

    def known(self, question: Question) -> Answer | None:
        """Return the answer to a question that is kept."""
        if question in self._kept:
            self._kept.move_to_end(question)
        return self._kept.get(question)

    def _keep(self, question: Question, answer: Answer) -> Answer:
        if question in self._kept:
            return answer
        if isinstance(answer.content, bytes) and len(answer.content) <= _WHOLE:
            self._kept[question] = answer
            self._size += _size(question, answer)
            while self._size > _KEPT:
                self._size -= _size(*self._kept.popitem(last=False))
        return answer

    def _busy(self) -> Problem:
        help = "try again in a while"
        return Problem(503, "other questions are being answered", help, {"Retry-After": "5"})


def _size(question: Question, answer: Answer) -> int:
    """Return the bytes that a cached answer takes, with all that it is found by."""
    graphs = (*(question.default or ()), *(question.named or ()))
    parts = (question.sparql, answer.content, *graphs)
    return _ENTRY + sum(map(sys.getsizeof, parts))


class _Copy(asyncio.StreamReaderProtocol):
    """Follow a copy of this process as it writes its answer, to its end, which is told."""

    def __init__(self, timeout: float, over: Callable[[], None]) -> None:
        self._stream = asyncio.StreamReader(limit=_AHEAD)
        super().__init__(self._stream)
        self._timeout, self._tell = timeout, over
        self._process = self._status = 0
        self._pipe: asyncio.BaseTransport | None = None
        self._over = asyncio.Event()

    async def answer(self, work: worker.Work) -> Answer | None:
        """Have it do some work; return its answer, as soon as that is whole or large.

        It is None where another copy has to be made.
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
        if line == worker.AGAIN:
            return None
        head = Head.parse(line)
        if head.error:
            raise Problem(head.status, **head.error)
        return Answer(head, start if len(start) < _WHOLE else self._pieces(start))

    async def _begin(self, work: worker.Work) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._process, reader = worker.begin(work, self._timeout)
        except BaseException:
            self._tell()
            raise
        self._alarm = loop.call_later(self._timeout, self._stop, signal.SIGALRM)
        await loop.connect_read_pipe(lambda: self, open(reader, "rb", 0))  # noqa: SIM115

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the pipe that it writes to."""
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
        """Wait for its end; raise why it did not answer."""
        await self._over.wait()
        if self._status:
            raise Problem.of(worker.ended(self._status, self._timeout))

    def _stop(self, cause: int = signal.SIGKILL) -> None:
        """End it now, even if a slow client has not read all there is."""
        if self._process:
            os.kill(self._process, cause)
            self.connection_lost(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Wait for the copy, which has nothing left to write."""
        if not self._process:
            return
        self._alarm.cancel()
        with suppress(ChildProcessError):
            self._status = os.waitpid(self._process, 0)[1]
        self._process = 0
        self._over.set()
        self._tell()
        super().connection_lost(error)
        if self._pipe:
            self._pipe.close()
