"""A student's function that is in another process: what a check may ask of it.

Where answers are marked, a check and the function that it tries need not be in one process. The
check then holds an :class:`Elsewhere`, which calls across and tells what only the other side sees.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, runtime_checkable

__all__ = ["Elsewhere", "Looked"]


class Looked(NamedTuple):
    """What reading a function's code says: see `course.check.borrowing` and `reaching`."""

    borrowed: str | None
    unread: str | None
    outside: str | None


@runtime_checkable
class Elsewhere(Protocol):
    """A function of another process."""

    #: The arguments of the last call as it left them.
    left: tuple[tuple, dict[str, Any]] | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with copies of the arguments."""

    def look(self, allowed: frozenset[str] = frozenset()) -> Looked:
        """Read its code, there."""
