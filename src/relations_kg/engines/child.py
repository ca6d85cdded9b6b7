"""The child process of a worker, which answers requests until there are no more."""

from __future__ import annotations

import gc
import os
import resource
import signal
import struct
import threading
from collections.abc import Callable
from io import BufferedWriter, RawIOBase
from typing import IO, TYPE_CHECKING, NoReturn

from relations_kg.engines import confinement

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# A function that answers a request: it writes the answer to a pipe, and returns the error that ends
# the answer, or b"".
Job = Callable[[bytes, IO[bytes]], bytes]
# A request is the timeout, the length of the text in bytes, and the text.
REQUEST = struct.Struct("!dI")
# A frame of an answer is a length and that number of bytes. The trailer follows the last frame: a
# length of 0, a flag that is true if the worker can be used again, and the length and the bytes of
# the error that ended the answer.
FRAME, TRAILER = struct.Struct("!I"), struct.Struct("!?I")
# The exit status of a worker that deadlocked.
DEADLOCKED = 75
_BUFFER = 1 << 16
# A worker exits after its answer if its memory has grown by more bytes than this.
_GROWTH = 256 << 20
# The seconds between checks for a deadlock or the end of the parent, in a busy and an idle worker.
_BUSY, _IDLE = 0.1, 1.0


def serve(job: Job, requests: int, answers: int, parent: int, *, calls: bool) -> NoReturn:
    """Answer requests until there are no more, without returning to the code of the parent.

    Unless the job `calls` other hosts, the worker can open no socket and detects deadlocks.
    """
    try:
        confinement.confine(requests, answers)
        if not calls:
            confinement.disconnect()
        loop = _Loop(job, requests, answers)
        # The engine seeds its random numbers by thread: in the forked thread, RAND() and UUID()
        # would be the same in every worker.
        thread = threading.Thread(target=loop.run)
        thread.start()
        watch = confinement.Watch(answers)
        while thread.is_alive():
            thread.join(_BUSY if loop.is_busy else _IDLE)
            if os.getppid() != parent:
                os._exit(0)
            if not loop.is_busy:
                watch.begin()
            elif not calls and watch.sees_deadlock():
                os._exit(DEADLOCKED)
    finally:
        os._exit(1)


class _Loop:
    """The thread that answers one request after the other."""

    def __init__(self, job: Job, requests: int, answers: int) -> None:
        self._job, self._requests, self._answers = job, requests, answers
        # A worker is started for a request, so it is busy from the start.
        self.is_busy = True

    def run(self) -> None:
        before = _memory()
        # Garbage collection of inherited objects would copy the memory that is shared with the
        # parent.
        gc.freeze()
        gc.enable()
        while head := self._read(REQUEST.size):
            self.is_busy = True
            timeout, size = REQUEST.unpack(head)
            request = self._read(size)
            confinement.limit_time(timeout)
            frames = _Frames(self._answers)
            pipe = BufferedWriter(frames, _BUFFER)
            error = self._job(request, pipe)
            pipe.flush()
            signal.setitimer(signal.ITIMER_REAL, 0)
            stays = _memory() - before < _GROWTH
            self.is_busy = False
            frames.end(stays, error)
            if not stays:
                break
        os._exit(0)

    def _read(self, size: int) -> bytes:
        """Return `size` bytes of the requests, or b"" at their end."""
        content = b""
        while len(content) < size and (piece := os.read(self._requests, size - len(content))):
            content += piece
        return content


class _Frames(RawIOBase):
    """A stream that writes frames to a pipe, the last one together with the end of the answer."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._last = b""

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer, /) -> int:
        content = memoryview(content)
        self._send()
        self._last = FRAME.pack(len(content)) + bytes(content) if content else b""
        return len(content)

    def end(self, stays: bool, error: bytes) -> None:
        """Write the end of the answer."""
        self._last += FRAME.pack(0) + TRAILER.pack(stays, len(error)) + error
        self._send()

    def _send(self) -> None:
        rest = memoryview(self._last)
        while rest:
            rest = rest[os.write(self._pipe, rest) :]


def _memory() -> int:
    """Return the most memory that this process has used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
