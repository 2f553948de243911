"""How messages show what a student gave."""

from __future__ import annotations

import reprlib
from typing import Any

__all__ = ["first_line", "short"]

_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def short(thing: Any) -> str:
    """A student's value for a message, however long it is."""
    return _SHOWN.repr(thing)


def first_line(error: BaseException) -> str:
    """What an error says, for a message: its first line, cut short; its kind if it is silent."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
