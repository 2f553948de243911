"""A student's function on the examiner's side: it sends the arguments across and gets the result.

It answers what a check asks of a function of another process (`course.check.elsewhere`).
"""

from __future__ import annotations

import builtins
import inspect
from typing import Any, Protocol

from course.check.elsewhere import Looked
from grading.marking import wall

__all__ = ["Across", "StandIn", "raised"]


class Across(Protocol):
    """What carries a question to the candidate and its answer back."""

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask the candidate."""


class StandIn:
    """What the examiner holds of a student's function.

    Parameters
    ----------
    across : Across
        The way to it.
    about : dict
        What the candidate said of it: ``number``, ``name`` and ``parameters``.
    """

    def __init__(self, across: Across, about: dict[str, Any]) -> None:
        self._across = across
        self._number = int(about["number"])
        self.__name__ = str(about.get("name") or "function")[:80]
        self.left: tuple[tuple, dict[str, Any]] | None = None
        signature = _signature(about.get("parameters"))
        if signature is not None:
            self.__signature__ = signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with copies of the arguments.

        Raises
        ------
        Exception
            Of the kind that it raised over there, if that is one of Python's own.
        """
        ours: list[Any] = []

        def numbered(function: Any) -> dict[str, Any]:
            ours.append(function)
            return {"number": len(ours) - 1, "name": getattr(function, "__name__", "")}

        sent = wall.encode([list(args), kwargs], numbered)
        answer = self._across.ask(
            {"do": "call", "function": self._number, "args": sent, "ours": ours}
        )
        if answer.get("printed"):
            print(str(answer["printed"])[:2000], end="")

        def another(about: dict[str, Any]) -> Any:
            back = about.get("yours")
            known = isinstance(back, int) and 0 <= back < len(ours)
            return ours[back] if known else StandIn(self._across, about)

        self.left = None
        if answer.get("after") is not None:
            left, named = wall.decode(answer["after"], another)
            self.left = (tuple(left), named)
        if "failed" in answer:
            raise raised(answer["failed"])
        return wall.decode(answer["value"], another)

    def look(self, allowed: frozenset[str] = frozenset()) -> Looked:
        """Read its code, over there."""
        asked = {"do": "look", "function": self._number, "allowed": sorted(allowed)}
        answer = self._across.ask(asked)
        found = wall.decode(answer["value"]) if "value" in answer else [None] * 3
        names = [one if isinstance(one, str) and one.isidentifier() else None for one in found]
        return Looked(*(names + [None] * 3)[:3])

    def __deepcopy__(self, _: Any) -> StandIn:
        return self


def raised(failed: Any) -> Exception | KeyboardInterrupt:
    """Make the exception that was raised on the other side.

    Parameters
    ----------
    failed : list
        Name of its type and the first line of what it says.

    Returns
    -------
    Exception or KeyboardInterrupt
        Of Python's own type of that name; of a bare one of that name where Python has none.
    """
    kind, says = (str(one) for one in failed)
    if kind == "KeyboardInterrupt":
        return KeyboardInterrupt(says)
    known = getattr(builtins, kind, None)
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(says)
        except TypeError:  # one that wants more than a text
            pass
    name = kind if kind.isidentifier() else "Exception"
    return type(name, (Exception,), {})(says)


def _signature(parameters: Any) -> inspect.Signature | None:
    if not isinstance(parameters, list):
        return None
    kinds = {kind.name: kind for kind in inspect._ParameterKind}
    try:
        return inspect.Signature(
            [
                inspect.Parameter(
                    name,
                    kinds[kind],
                    default=None if has_default else inspect.Parameter.empty,
                )
                for name, kind, has_default in parameters
            ]
        )
    except (ValueError, TypeError, KeyError):
        return None
