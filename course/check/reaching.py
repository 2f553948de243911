"""What a function's own code reads: arguments, and names of the notebook around it.

Nothing is run. The code is read as it was compiled, and the source of its cell from the cache
that tracebacks are made of.
"""

from __future__ import annotations

import ast
import dis
import functools
import linecache
import numbers
import types
from collections.abc import Iterator
from typing import Any

from course.check.elsewhere import Elsewhere

__all__ = ["outside", "unread"]


def unread(function: Any) -> str | None:
    """The first argument that a function never reads, if there is one.

    Parameters
    ----------
    function : object
        The student's function; anything else has none.

    Returns
    -------
    str or None
    """
    if isinstance(function, Elsewhere):
        return function.look().unread
    code = getattr(_inner(function), "__code__", None)
    if not isinstance(code, types.CodeType) or {"locals", "vars", "eval"} & set(code.co_names):
        return None
    read = {name for name, how in _names(code) if how != "LOAD_GLOBAL"}
    given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return next((name for name in given if name not in read), None)


def outside(function: Any, allowed: frozenset[str] = frozenset()) -> str | None:
    """The first name of data that a function or its helpers take from elsewhere in the notebook.

    A helper, a module, and a constant that the same cell assigns are no such data.

    Parameters
    ----------
    function : object
        The student's function.
    allowed : frozenset of str, optional
        Names that the question gives for use.

    Returns
    -------
    str or None
        None as well where the source cannot be read.
    """
    if isinstance(function, Elsewhere):
        return function.look(allowed).outside
    function = _inner(function)
    scope = getattr(function, "__globals__", None)
    waiting, seen = [function], set()
    while waiting:
        own = _inner(waiting.pop())
        code = getattr(own, "__code__", None)
        if not isinstance(code, types.CodeType) or code in seen or own.__globals__ is not scope:
            continue
        seen.add(code)
        source = "".join(linecache.getlines(code.co_filename))
        for name, how in _names(code):
            if how != "LOAD_GLOBAL" or name not in scope or name in allowed:
                continue
            found = scope[name]
            if isinstance(found, (types.FunctionType, functools.partial)):
                waiting.append(found)
            elif source and _data(found) and not _own(found, name, source):
                return name
        waiting += [
            cell.cell_contents
            for cell in own.__closure__ or ()
            if isinstance(_held(cell), types.FunctionType)
        ]
    return None


def _held(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that is not yet bound
        return None


def _inner(function: Any) -> Any:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _names(code: types.CodeType) -> Iterator[tuple[str, str]]:
    """Names that code reads, the functions inside it included, and how."""
    for step in dis.get_instructions(code):
        if step.opname.startswith(("LOAD_GLOBAL", "LOAD_NAME")):
            yield step.argval, "LOAD_GLOBAL"
        elif step.opname.startswith(("LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE", "LOAD_CLASSDEREF")):
            for name in step.argval if isinstance(step.argval, tuple) else (step.argval,):
                yield name, step.opname
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def _data(thing: Any) -> bool:
    import numpy as np
    import pandas as pd

    plain = (numbers.Number, str, bytes, list, tuple, dict, set, frozenset)
    made = (np.ndarray, pd.DataFrame, pd.Series, pd.Index)
    # A kind of quantity, such as Q, is none itself.
    quantity = hasattr(thing, "to_base_units") and not isinstance(thing, type)
    return isinstance(thing, plain + made) or quantity


def _own(thing: Any, name: str, source: str) -> bool:
    """Whether the cell itself assigns the name, and not a table of the lesson."""
    import pandas as pd

    return name in _assigned(source) and not isinstance(thing, (pd.DataFrame, pd.Series))


@functools.lru_cache(maxsize=16)
def _assigned(source: str) -> frozenset[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell with a line of IPython's own
        return frozenset(line.partition("=")[0].strip() for line in source.splitlines())
    return frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
