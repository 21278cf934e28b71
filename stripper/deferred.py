"""A value that waits until it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stripper.collector import collector_paused

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class Deferred(Generic[_T]):
    """A value that is made when it is first asked for: what most callers never look at shall cost them nothing.

    What makes it is a function of frozen values, so nobody can tell when it ran. Compares and pickles as its value.
    """

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], _T]) -> None:
        """Take what makes the value; it is called once at most."""
        self._make: Callable[[], _T] | None = make
        self._value: _T

    @classmethod
    def made(cls, value: _T) -> Deferred[_T]:
        """Return a value that is there already."""
        return cls(lambda: value)

    def get(self) -> _T:
        """Return the value."""
        if self._make is not None:
            with collector_paused():
                self._value = self._make()
            self._make = None
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Deferred) and bool(self.get() == other.get())

    def __hash__(self) -> int:
        return hash(self.get())

    def __reduce__(self) -> tuple[Any, ...]:
        return Deferred.made, (self.get(),)
