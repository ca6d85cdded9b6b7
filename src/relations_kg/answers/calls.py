"""Clear errors for wrong calls: an unknown keyword, or too few or too many arguments."""

from __future__ import annotations

from types import FunctionType

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers import wrong_calls

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Called = TypeVar("_Called", bound=Callable[..., Any])


def explained(called: _Called) -> _Called:
    """Wrap a function, or the public methods of a class, to explain wrong calls.

    The error is a TypeError as in plain Python, with a clearer message.

    >>> @explained
    ... def search(text, *, kind=None): ...
    >>> search("lima", type="place")
    Traceback (most recent call last):
    TypeError: search() has no argument 'type'; did you mean "kind"?
    """
    if not isinstance(called, type):
        wrapped: _Called = _wrapped(called)
        return wrapped
    for name, method in [*vars(called).items()]:
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(called, name, _wrapped(method))
    return called


def _wrapped(function: Any) -> Any:
    wrong = wrong_calls

    def call(*given: object, **named: object) -> object:
        try:
            return function(*given, **named)
        except TypeError as error:
            # An error of the call itself has no traceback within the function.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            raise TypeError(wrong.explanation(function, given, str(error))) from None

    # doctest finds a function's examples by its globals, so the wrapper needs the same globals.
    wrapper = FunctionType(
        call.__code__, function.__globals__, function.__name__, None, call.__closure__
    )
    # functools.update_wrapper would do this, but importing it takes as long as all of this module.
    for name in ("__annotations__", "__doc__", "__qualname__"):
        setattr(wrapper, name, getattr(function, name))
    wrapper.__dict__.update(function.__dict__)
    wrapper.__wrapped__ = function  # type: ignore[attr-defined]
    return wrapper
