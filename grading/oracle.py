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

from course.check.function import namespace
from course.check.results import flatten
from grading.mutations import function_of
from grading.varied import NOTHING, Varied, strategies

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
        self.share = question.get("tolerance_pct", 0.01) / 100
        self.source = question["right"]
        # Where two right solutions differ, the input is none that the question speaks of.
        self.right, *self.others = [
            self._made(code) for code in (self.source, *question.get("also_right", []))
        ]
        self.raising = {
            node.lineno for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Raise)
        }
        self.calls = [("visible", case) for case in question["cases"]]
        self.calls += [("hidden", case) for case in question.get("hidden_cases", [])]
        for rule in question.get("rules", []):
            at = "hidden" if rule.get("hidden") else "visible"
            self.calls += [(at, {**rule, "call": rule[one]}) for one in ("edge", "varied")]
        self.expected: dict[tuple[int, str], tuple[Any, str]] = {}
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
                if self._want(place, way)[0] is not NOTHING:
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
        want, shown = self._want(place, way)
        if want is NOTHING:
            return None
        got = self._outcome(place, way, other)[0]
        if self._same(want, got):
            return None
        at = "varied" if way else self.calls[place][0]
        return Difference(at, shown, _SHOWN.repr(want[1]), _SHOWN.repr(got[1]))

    def _want(self, place: int, way: str) -> tuple[Any, str]:
        """What the right function gives, or `NOTHING`; and how the call reads."""
        if (place, way) not in self.expected:
            self.expected[place, way] = self._expected(place, way)
        return self.expected[place, way]

    def _expected(self, place: int, way: str) -> tuple[Any, str]:
        want, shown, raised = self._outcome(place, way, self.right)
        beyond = "beyond" in way and not raised
        if want is NOTHING or beyond or (want[0] == "error" and not raised):
            return NOTHING, ""
        if way and any(
            not self._same(want, self._outcome(place, way, other)[0]) for other in self.others
        ):
            return NOTHING, ""
        return want, shown

    def _outcome(self, place: int, way: str, function: Callable) -> tuple[Any, str, bool]:
        """What a function makes of a call; how the call reads; whether the error is its own."""
        case = self.calls[place][1]
        given = Varied(function, self.right, self.ways[way] if way else None)
        with _quiet():
            try:
                result = eval(case["call"], namespace(self.name, given))  # noqa: S307 - the key's
                values = flatten(result, case.get("by"), case.get("columns"))
                outcome = ("value", values)
            except _Endless:
                raise RecursionError("a loop does not end") from None
            except Exception as error:  # noqa: BLE001 - an outcome like any other
                outcome = ("error", (type(error).__name__, bool(str(error).strip())))
                own = self._own(error)
            else:
                own = False
        if way and not given.varied:
            return NOTHING, "", False
        if given.changed:
            outcome = ("changed", f"its argument {given.changed} changed")
        return outcome, given.shown if way else case["call"], own

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

    def _same(self, want: Any, got: Any) -> bool:
        if want[0] != got[0]:
            return False
        if want[0] != "value":
            return want[1] == got[1]
        one, other = want[1], got[1]
        if list(one) != list(other):
            return False
        return all(self._near(one[label], other[label]) for label in one)

    def _near(self, want: Any, got: Any) -> bool:
        if isinstance(want, float) and isinstance(got, float):
            # Twice what a check allows: what lies between may be let through or not.
            return abs(want - got) <= 2 * max(abs(want) * self.share, 1e-9)
        return type(want) is type(got) and want == got

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
