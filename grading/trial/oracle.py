"""Whether another piece of code does what a right function does, and where it does not.

Both run on the key's calls, and on arguments varied from them by machine: numbers scaled and
moved to the bounds that the right code compares with, rows dropped, turned round or doubled,
labels renamed, cells emptied where some call has empty ones. An argument on which the right
function fails by accident is no legal one and is left out; one that it refuses with an error of
its own must be refused by the other as well.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import reprlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from course.check.digits import reach
from course.check.results import flatten, shape
from course.check.trying import namespace
from grading.key import hidden_cases, visible_cases
from grading.trial.mutations import function_of
from grading.trial.varied import NOTHING, Varied, strategies

__all__ = ["Difference", "Oracle"]

# A loop that has not ended by then never does: the right ones turn a few hundred times.
_TURNS = 20_000
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 200
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxdict = 12


class Difference(NamedTuple):
    """Where two functions differ: at a ``visible``, a ``hidden`` or a ``varied`` call.

    ``call`` shows the input, ``right`` and ``other`` what each gave.
    """

    at: str
    call: str
    right: str
    other: str


class _Expected(NamedTuple):
    """What a function did at a call, how the call reads, whose error it was, how it is laid out."""

    outcome: Any
    call: str
    own: bool
    laid: str | None


class _Endless(Exception):
    """A loop that does not end."""


class Oracle:
    """Holds other code against the right function of a question.

    Parameters
    ----------
    question : dict
        A function question of the key.
    """

    def __init__(self, question: dict[str, Any]) -> None:
        self.name = question["name"]
        self.percent = question.get("tolerance_pct", 0.01)
        self.decimals, self.digits = question.get("decimals"), question.get("digits")
        self.source = question["right"]
        # Where two right solutions differ, the input is none that the question speaks of.
        self.right, *self.others = [
            self._made(code) for code in (self.source, *question.get("also_right", []))
        ]
        self.raising = {
            node.lineno for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Raise)
        }
        self.calls = [("visible", case) for case in visible_cases(question)]
        self.calls += [("hidden", case) for case in hidden_cases(question)]
        self.expected: dict[tuple[int, str], _Expected] = {}
        self.seen = self._record()
        self.ways = strategies(self.seen, _compared(self.source, self.name))

    @property
    def first(self) -> dict[str, Any]:
        """The arguments of the first shown call."""
        return dict(self.seen[0]) if self.seen else {}

    def result(self) -> Any:
        """What the right function itself gives at its first shown call."""
        bound = inspect.signature(self.right).bind_partial()
        bound.arguments.update(copy.deepcopy(self.first))
        return self.right(*bound.args, **bound.kwargs)

    def difference(self, code: str) -> Difference | None:
        """Find where a piece of code does otherwise than the right function.

        Parameters
        ----------
        code : str
            Python that defines the function.

        Returns
        -------
        Difference or None
            None if it never differs.

        Raises
        ------
        RecursionError
            If it does not come to an end.
        """
        try:
            other = self._made(code)
        except Exception as error:  # noqa: BLE001 - whatever stops it, it is no answer
            return Difference("visible", "the cell", "a function", type(error).__name__)
        for place in range(len(self.calls)):
            found = self._compare(place, "", other)
            if found:
                return found
        for start, way in enumerate(self.ways):
            # One call a way, another each time: what differs nowhere there is taken for the same.
            for step in range(len(self.calls)):
                place = (start + step) % len(self.calls)
                if self._want(place, way) is not None:
                    found = self._compare(place, way, other)
                    if found:
                        return found
                    break
        return None

    def agrees(self, code: str) -> bool:
        """Whether a piece of code gives what the right function gives, on the key's own calls."""
        try:
            other = self._made(code)
        except Exception:  # noqa: BLE001 - code that does not even run
            return False
        return all(self._compare(place, "", other) is None for place in range(len(self.calls)))

    def _compare(self, place: int, way: str, other: Callable) -> Difference | None:
        want = self._want(place, way)
        if want is None:
            return None
        got = self._outcome(place, way, other, want.laid).outcome
        if self._same(want.outcome, got, place):
            return None
        at = "varied" if way else self.calls[place][0]
        return Difference(at, want.call, _SHOWN.repr(want.outcome[1]), _SHOWN.repr(got[1]))

    def _want(self, place: int, way: str) -> _Expected | None:
        """What the right function does at a call; None where that is not to be asked."""
        if (place, way) not in self.expected:
            self.expected[place, way] = self._expected(place, way)
        return self.expected[place, way]

    def _expected(self, place: int, way: str) -> _Expected | None:
        want = self._outcome(place, way, self.right, None)
        beyond = "beyond" in way and not want.own
        if want.outcome is NOTHING or beyond or (want.outcome[0] == "error" and not want.own):
            return None
        for other in self.others if way else ():
            # Another right solution may do without a guard against what is never given.
            if not self._same(
                want.outcome, self._outcome(place, way, other, want.laid).outcome, place
            ):
                return None
        return want

    def _outcome(self, place: int, way: str, function: Callable, laid: str | None) -> _Expected:
        """What a function makes of a call; ``laid`` is the shape of the right result."""
        case = self.calls[place][1]
        by, columns, own = case.get("by"), case.get("columns"), False
        given = Varied(function, self.right, self.ways[way] if way else None)
        with _quiet():
            try:
                result = eval(case["call"], namespace(self.name, given))  # noqa: S307 - the key's
                laid = laid or shape(result, by)
                outcome: Any = ("value", flatten(result, by, columns, laid))
            except _Endless:
                raise RecursionError("a loop does not end") from None
            except Exception as error:  # noqa: BLE001 - an outcome like any other
                outcome = ("error", (type(error).__name__, bool(str(error).strip())))
                own = self._own(error)
        if way and not given.varied:
            outcome = NOTHING
        elif given.changed:
            outcome = ("changed", f"its argument {given.changed} changed")
        return _Expected(outcome, given.shown if way else case["call"], own, laid)

    def _own(self, error: BaseException) -> bool:
        """Whether an error was raised by a ``raise`` of the right source."""
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        return (
            last is not None
            and last.tb_frame.f_code.co_filename == "<answer>"
            and last.tb_lineno in self.raising
        )

    def _same(self, want: Any, got: Any, place: int) -> bool:
        if NOTHING in (want, got) or want[0] != got[0]:
            return want is got
        if want[0] != "value":
            return want[1] == got[1]
        one, other = want[1], got[1]
        percent = self.calls[place][1].get("tolerance_pct", self.percent)
        return list(one) == list(other) and all(
            self._near(one[label], other[label], percent) for label in one
        )

    def _near(self, want: Any, got: Any, percent: float) -> bool:
        plain = (want, got) if not isinstance(want, (bool, str)) else ()
        if not all(_is_number(one) for one in plain) or not plain:
            return type(want) is type(got) and want == got
        if isinstance(want, int):
            return abs(want - got) <= 1e-6
        # Twice what a check allows: what lies between may be let through or not.
        allowed = 2 * max(abs(want) * percent / 100, 1e-9)
        if self.decimals is not None:
            allowed = max(allowed, 0.51 * 10.0**-self.decimals)
        if self.digits is not None:
            allowed = max(allowed, 1.02 * reach(want, self.digits))
        return abs(want - got) <= allowed

    def _record(self) -> list[dict[str, Any]]:
        """The arguments of each call that the key's calls make."""
        seen: list[dict[str, Any]] = []
        signature = inspect.signature(self.right)

        def noted(*args: Any, **kwargs: Any) -> Any:
            seen.append(copy.deepcopy(dict(signature.bind(*args, **kwargs).arguments)))
            return self.right(*args, **kwargs)

        for _, case in self.calls:
            with _quiet(), contextlib.suppress(Exception):
                eval(case["call"], namespace(self.name, noted))  # noqa: S307 - the key's own
        return seen

    def _made(self, code: str) -> Callable:
        tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, ast.While):
                node.body[:0] = ast.parse("turn_()").body
        ast.fix_missing_locations(tree)
        turns = 0

        def turn() -> None:
            nonlocal turns
            turns += 1
            if turns > _TURNS:
                raise _Endless

        scope = {**namespace("_", None), "turn_": turn}
        with _quiet():
            exec(compile(tree, "<answer>", "exec"), scope)  # noqa: S102 - the instructor's own key
        function = scope[self.name]

        def fresh(*args: Any, **kwargs: Any) -> Any:
            nonlocal turns
            turns = 0
            return function(*args, **kwargs)

        fresh.__signature__ = inspect.signature(function)
        return fresh


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _compared(source: str, name: str) -> list[tuple[set[str], set[float]]]:
    """For each comparison of the source: the names and the numbers that it holds together."""
    found = []
    for node in ast.walk(function_of(ast.parse(source), name)):
        if isinstance(node, ast.Compare):
            inside = list(ast.walk(node))
            names = {one.id for one in inside if isinstance(one, ast.Name)}
            numbers = {
                float(one.value)
                for one in inside
                if isinstance(one, ast.Constant)
                and isinstance(one.value, (int, float))
                and not isinstance(one.value, bool)
            }
            found.append((names, numbers))
    return found
