"""One call of a student's function: what went in, what came out, what it left behind."""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Callable
from typing import Any, NamedTuple

from course.check.elsewhere import Elsewhere
from course.check.wording import short
from course.slips import kind

__all__ = ["Made", "Tried", "alike", "namespace", "shown", "tried"]

_LONGEST = 60


class Made(NamedTuple):
    """One call as the function met it; the arguments are copies from before."""

    args: tuple
    kwargs: dict[str, Any]
    result: Any
    ended: bool


class Tried(NamedTuple):
    """What a call of the key did: its result or its error, and the calls within it."""

    result: Any
    error: BaseException | None
    changed: str
    printed: bool
    made: list[Made]


def namespace(name: str, answer: Any) -> dict[str, Any]:
    """Names that a key's call may use, the student's function among them."""
    import numpy as np
    import pandas as pd

    from course import tables
    from course.units import Q

    return {name: answer, "np": np, "pd": pd, "tables": tables, "Q": Q}


def tried(call: str, name: str, function: Callable) -> Tried:
    """Run a call of the key with a student's function.

    Parameters
    ----------
    call : str
        Python, such as ``"shares(table)"``.
    name : str
        What the call calls the function.
    function : callable
        The student's.

    Returns
    -------
    Tried

    Raises
    ------
    KeyboardInterrupt
        If it did not end and was stopped.
    """
    made: list[Made] = []
    changed: list[str] = []

    def noted(*args: Any, **kwargs: Any) -> Any:
        before = _copied((args, kwargs))
        given = before or (args, kwargs)
        place = len(made)
        made.append(Made(*given, None, False))
        result = function(*args, **kwargs)
        made[place] = Made(*given, result, True)
        if before and not changed:
            # A function of another process changes its own copies, and tells what became of them.
            left = function.left if isinstance(function, Elsewhere) else (args, kwargs)
            after, named = left or before
            pairs = [*zip(before[0], after, strict=True)]
            pairs += [(before[1][key], named[key]) for key in kwargs]
            changed.extend(_what(old) for old, new in pairs if not alike(old, new))
        return result

    said = io.StringIO()
    result, error = None, None
    with contextlib.redirect_stdout(said):
        try:
            result = eval(call, namespace(name, noted))  # noqa: S307 - the key's own text
        except (Exception, SystemExit) as stopped:  # noqa: BLE001 - any of a student's is told
            error = stopped
    return Tried(result, error, changed[0] if changed else "", bool(said.getvalue().strip()), made)


def shown(call: str, name: str, made: list[Made], place: int | None = None) -> str:
    """A call for a message: as the key has it, or with a short name for each large argument.

    Parameters
    ----------
    call : str
        The key's text.
    name : str
        The function's name.
    made : list of Made
        The calls within it.
    place : int, optional
        Which of several is meant, from 0.

    Returns
    -------
    str
    """
    if len(made) == 1 and len(call) <= _LONGEST and "pd." not in call and "tables." not in call:
        return call
    if not made:
        return f"{name}(…)" if len(call) > _LONGEST else call
    one = made[place if place is not None and place < len(made) else -1]
    given = [_what(arg) for arg in one.args]
    given += [f"{key}={_what(arg)}" for key, arg in one.kwargs.items()]
    return f"{name}({', '.join(given)})"


def _copied(given: tuple) -> tuple | None:
    try:
        return copy.deepcopy(given)
    except Exception:  # noqa: BLE001 - what cannot be copied is not compared
        return None


def _what(thing: Any) -> str:
    """A short name for an argument."""
    import numpy as np
    import pandas as pd

    if isinstance(thing, pd.DataFrame):
        return f"a table of {len(thing)} rows"
    if isinstance(thing, pd.Series):
        return f"a column of {len(thing)} values"
    if isinstance(thing, np.ndarray) and thing.ndim:
        return f"an array of {thing.size} values"
    if callable(thing):
        return "a function"
    if hasattr(thing, "to_base_units"):
        return f"{thing:~P}"
    if isinstance(thing, (list, tuple, dict, set)) and len(repr(thing)) > _LONGEST // 2:
        return f"{kind(thing)} of {len(thing)}"
    return short(thing)


def alike(old: Any, new: Any) -> bool:
    """Tell whether an argument is as it was, its labels and kinds included.

    Parameters
    ----------
    old, new : object
        A copy from before, and the thing itself.

    Returns
    -------
    bool
    """
    import numpy as np
    import pandas as pd

    if type(old) is not type(new):
        return False
    if isinstance(old, pd.DataFrame):
        return (
            old.equals(new)
            and old.columns.equals(new.columns)
            and old.index.equals(new.index)
            and old.index.names == new.index.names
        )
    if isinstance(old, pd.Series):
        return old.equals(new) and old.index.equals(new.index) and old.name == new.name
    if isinstance(old, pd.Index):
        return old.equals(new)
    if isinstance(old, np.ndarray):
        return old.dtype == new.dtype and old.shape == new.shape and repr(old) == repr(new)
    if isinstance(old, dict):
        return list(old) == list(new) and all(alike(old[key], new[key]) for key in old)
    if isinstance(old, (list, tuple)):
        return len(old) == len(new) and all(map(alike, old, new))
    if callable(old):
        return True
    if hasattr(old, "magnitude") and hasattr(old, "units"):
        return old.units == new.units and alike(old.magnitude, new.magnitude)
    try:
        return bool(old == new) or bool(old != old)
    except (TypeError, ValueError):
        return True
