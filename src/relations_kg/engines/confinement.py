"""The limits that a worker sets itself: on files, sockets, time and memory."""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import stat
import threading
import time
from contextlib import suppress

from relations_kg.engines import isolation

# The memory, in bytes, that a query may use in addition to the memory of the parent.
MEMORY = 4 << 30


def confine(*pipes: int) -> None:
    """Reset signals, detach inherited sockets and standard streams, and limit the memory.

    Sockets are closed, and standard streams are redirected to the null device. A pipe is kept even
    if it has the number of a standard stream.
    """
    gc.disable()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError):
            # The worker ignores Ctrl-C: the parent handles it, and kills the worker.
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    # A client's connection stays open as long as a worker has a copy of its descriptor.
    for descriptor in map(int, os.listdir("/dev/fd")):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.close(descriptor)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2} - {*pipes}:
        os.dup2(null, stream)
    _limit(resource.RLIMIT_CORE, 0)
    with suppress(OSError):
        with open("/proc/self/statm", "rb") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        _limit(resource.RLIMIT_AS, size + MEMORY)
        # If the machine runs out of memory, the system kills the worker first.
        with open("/proc/self/oom_score_adj", "wb") as file:
            file.write(b"1000")


def limit_time(timeout: float) -> None:
    """End this process soon after a timeout in seconds, even if its parent has been killed."""
    signal.setitimer(signal.ITIMER_REAL, timeout + 1)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = int(time.process_time() + timeout) + 2
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def disconnect() -> None:
    """Prevent this process from opening sockets.

    Where seccomp is unavailable, a limit of 0 file descriptors also prevents it from opening files.
    So open a store on disk before this call; a query then fails if the engine has to open another
    file of the store.
    """
    if not isolation.forbid_sockets():
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


class Watch:
    """A detector of deadlocks: the other threads sleep although the parent reads the answer.

    They must then be waiting for a lock that another thread of the parent held during the fork.
    """

    def __init__(self, writer: int) -> None:
        self._writable = select.poll()
        self._writable.register(writer, select.POLLOUT)
        self._used, self._times = 0.0, 0

    def sees_deadlock(self) -> bool:
        """Return whether two calls in a row have found all other threads idle.

        A thread is idle if it sleeps and has used no processor time since the call before, while
        the pipe has room for more of the answer.
        """
        # A sleeping thread may only be waiting for the GIL, which this thread holds, so processor
        # time is compared as well.
        used = time.process_time() - time.thread_time()
        is_idle = used - self._used < 0.0005 and _all_sleep() and self._writable.poll(0)
        self._used, self._times = used, self._times + 1 if is_idle else 0
        return self._times == 2

    def begin(self) -> None:
        """Reset the count of calls in a row that have found all other threads idle."""
        self._times = 0


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


def _limit(kind: int, most: int) -> None:
    soft, hard = resource.getrlimit(kind)
    known = [limit for limit in (most, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known), hard))
