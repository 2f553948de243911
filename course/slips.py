"""What the course answers to a slip: one sentence, and no page of red.

A slip is something that a student gave and that cannot be used: a name that there is none of, a
value that is impossible, a call that lacks an argument. Every room of the course raises `Slip`
for it. A notebook shows its sentence alone, as a check would; in a script, and when work is
marked, it is a ``ValueError`` like any other. Python's own errors stay as they are.
"""

from __future__ import annotations

import difflib
import functools
import inspect
import linecache
import numbers
from collections.abc import Callable, Iterable
from types import ModuleType, TracebackType
from typing import Any, TypeVar

__all__ = ["Sentence", "Slip", "called", "kind", "meant"]

#: What things are called in plain words, the first that fits; by name what is no need to import.
_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((type(None),), "nothing"),
    ((bool,), "a yes or no"),
    ((str,), "a text"),
    ((numbers.Number,), "a number"),
    ((dict,), "a dictionary"),
    ((list, tuple), "a list"),
    ((set, frozenset), "a set"),
    ((BaseException,), "an error"),
    ((ModuleType,), "a module"),
)
_BY_NAME = {
    "DataFrame": "a table",
    "Series": "a column",
    "ndarray": "an array",
    "bool_": "a yes or no",
    "NAType": "a missing value",
    "NaTType": "a missing value",
}

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Sentence(Exception):
    """An error that a notebook shows as its sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of the traceback."""
        return [str(self)]


class Slip(Sentence, ValueError):
    """What was given cannot be used; the sentence names it, its place and the mend."""

    def _render_traceback_(self) -> list[str]:
        line = _line(self.__traceback__)
        return [f"→ {self}{f' (line {line})' if line else ''}"]


def _line(traceback: TracebackType | None) -> int | None:
    """The line of the notebook's cell that led here; None where the cell has only one."""
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals.get("__name__") == "__main__":
            cell = linecache.getlines(frame.f_code.co_filename)
            return traceback.tb_lineno if len(cell) > 1 else None
        traceback = traceback.tb_next
    return None


def meant(given: Any, known: Iterable[str], *, otherwise: str = "") -> str:
    """Ask whether a name like one of those known was meant.

    Parameters
    ----------
    given : object
        What stands there.
    known : iterable of str
        What could stand there.
    otherwise : str, optional
        What to say where nothing known is like it.

    Returns
    -------
    str
        A question.

    Examples
    --------
    >>> meant("cliams", ["claims", "reactors"])
    "Did you mean 'claims'?"
    >>> meant("f1", ["F1", "F2"])
    "Did you mean 'F1'?"
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    near = difflib.get_close_matches(str(given).strip().casefold(), folded, n=1, cutoff=0.5)
    return f"Did you mean {folded[near[0]]!r}?" if near else otherwise


def kind(thing: object) -> str:
    """Say in plain words what a thing is.

    Parameters
    ----------
    thing : object

    Returns
    -------
    str

    Examples
    --------
    >>> kind("bars"), kind(3), kind(max), kind(None)
    ('a text', 'a number', 'a function', 'nothing')
    """
    name = type(thing).__name__
    if name in _BY_NAME:
        return _BY_NAME[name]
    if hasattr(thing, "magnitude") and hasattr(thing, "units"):
        return "a quantity"
    for types, words in _KINDS:
        if isinstance(thing, types):
            return words
    if callable(thing) and not hasattr(thing, "to_dict"):
        return "a function"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def called(name: str) -> Callable[[_Function], _Function]:
    """Let a function that students call say in a sentence how it is called.

    Parameters
    ----------
    name : str
        The function as students write it, such as ``"claims.lock"``.

    Returns
    -------
    function
        A decorator. A call that lacks an argument, has one too many or one of a name that the
        function has not, then raises `Slip`; errors from inside the function stay as they are.
    """

    def decorate(function: _Function) -> _Function:
        @functools.wraps(function)
        def call(*given: Any, **named: Any) -> Any:
            try:
                return function(*given, **named)
            except TypeError:
                problem = _misfit(name, inspect.signature(function), given, named)
                if problem is None:
                    raise
            raise Slip(problem)

        return call

    return decorate


def _misfit(
    name: str, signature: inspect.Signature, given: tuple[Any, ...], named: dict[str, Any]
) -> str | None:
    """Why a call does not fit a function; None if it does."""
    try:
        signature.bind(*given, **named)
    except TypeError:
        pass
    else:
        return None
    taken = list(signature.parameters.values())
    if taken[:1] and taken[0].name == "cls":
        taken, given = taken[1:], given[1:]
    in_a_row = [one.name for one in taken if one.kind is one.POSITIONAL_OR_KEYWORD]
    known = in_a_row + [one.name for one in taken if one.kind is one.KEYWORD_ONLY]
    any_name = any(one.kind is one.VAR_KEYWORD for one in taken)
    if len(given) > len(in_a_row):
        problem = f"{name} takes {len(in_a_row) or 'no'} values in a row and got {len(given)}"
        rest = known[len(in_a_row) :] or (["name"] if any_name else [])
        return f"{problem}: write the others with a name, as in {rest[0]}=..." if rest else problem
    odd = [one for one in named if one not in known and not any_name]
    if odd:
        question = meant(odd[0], known, otherwise=f"It takes {_few(known)}.")
        return f"{name} takes no {odd[0]!r}. {question}"
    twice = [one for one in in_a_row[: len(given)] if one in named]
    if twice:
        return f"{name} got {twice[0]} twice: once by its place and once by its name."
    needed = [one.name for one in taken if one.default is one.empty and one.name in known]
    lacking = [one for one in needed if one not in in_a_row[: len(given)] and one not in named]
    return f"{name} lacks {_few(lacking)}: write {name}({_few(needed)})."


def _few(names: list[str]) -> str:
    """Names in a row, the first ones only where there are many."""
    return ", ".join(names if len(names) <= 6 else [*names[:6], "..."]) or "nothing"
