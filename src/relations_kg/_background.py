"""Background work on a second processor, while an engine computes."""

from __future__ import annotations

# Not `threading`, whose import takes as long as that of five small modules.
from _thread import allocate_lock, start_new_thread

from relations_kg._lazy import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _Result = TypeVar("_Result")


def background(function: Callable[[], _Result]) -> Callable[[], _Result]:
    """Run a function in another thread; return a function that waits for its result or error.

    >>> background(lambda: 6 * 7)()
    42
    """
    found: list[_Result] = []
    raised: list[BaseException] = []
    running = allocate_lock()
    running.acquire()

    def run() -> None:
        try:
            found.append(function())
        except BaseException as error:
            raised.append(error)
        finally:
            running.release()

    def result() -> _Result:
        with running:
            pass
        if raised:
            raise raised[0]
        return found[0]

    start_new_thread(run, ())
    return result
