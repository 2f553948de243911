"""Whether a student's function hands its work to the course's own models."""

from __future__ import annotations

import contextlib
import dis
import functools
import importlib
import inspect
import types
from collections.abc import Iterator
from typing import Any

from course.check.elsewhere import Elsewhere

__all__ = ["borrowed"]


def borrowed(function: Any) -> str | None:
    """Name of the course's own model that a student's function or its helpers call, if any."""
    if isinstance(function, Elsewhere):
        return function.look().borrowed
    waiting, seen = [function], set()
    while waiting:
        own = waiting.pop()
        while isinstance(own, functools.partial):
            own = own.func
        if str(getattr(own, "__module__", "")).startswith("course.models"):
            return getattr(own, "__name__", "model")
        code = getattr(own, "__code__", None)
        if not isinstance(code, types.CodeType) or code in seen:
            continue
        seen.add(code)
        for name, found in _reached(own, code):
            module = found.__name__ if inspect.ismodule(found) else ""
            if f"{module}.".startswith("course.models."):
                return name
            if inspect.isfunction(found) or isinstance(found, functools.partial):
                waiting.append(found)
    return None


def _reached(function: Any, code: types.CodeType) -> Iterator[tuple[str, Any]]:
    """The modules and functions that a function's code reaches by name."""
    scope = getattr(function, "__globals__", {})
    for step in dis.get_instructions(code):
        # An attribute, such as `power` in np.power, is not the module `power`.
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            found = scope.get(step.argval)
            if inspect.ismodule(found) and found.__name__ == "course" and "models" in code.co_names:
                found = found.models
            yield step.argval, found
        elif step.opname == "IMPORT_NAME" and str(step.argval).startswith("course.models"):
            yield step.argval, importlib.import_module(step.argval)
    for cell in getattr(function, "__closure__", None) or ():
        with contextlib.suppress(ValueError):  # a name that is not yet bound
            yield getattr(cell.cell_contents, "__name__", ""), cell.cell_contents
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _reached(function, inner)
