"""Background work on a second processor, while an engine computes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class Background(Generic[_Result]):
    """The result of a function that runs in a thread or, if `beside` is false, at first use.

    >>> Background(lambda: 6 * 7, beside=True).result()
    42
    """

    def __init__(self, function: Callable[[], _Result], *, beside: bool) -> None:
        self._function = function
        self._found: list[_Result] = []
        self._raised: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True) if beside else None
        if self._thread:
            self._thread.start()

    def result(self) -> _Result:
        """Return the result of the function, or raise its error."""
        if self._thread:
            self._thread.join()
        elif not self._found:
            self._run()
        if self._raised:
            raise self._raised
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._function())
        except BaseException as error:
            self._raised = error
