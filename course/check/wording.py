"""How messages show what a student gave."""

from __future__ import annotations

import reprlib
from typing import Any

from course.slips import Slip

__all__ = ["first_line", "kind_of", "short"]

_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def short(thing: Any) -> str:
    """A student's value for a message, however long it is."""
    return _SHOWN.repr(thing)


def kind_of(error: BaseException) -> str:
    """The kind of an error by its name in Python, which the course's own sentences have not."""
    return "ValueError" if type(error) is Slip else type(error).__name__


def first_line(error: BaseException) -> str:
    """What an error says, for a message: its first line, cut short; its kind if it is silent."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else kind_of(error)
