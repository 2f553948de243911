"""Checks that teach: ``check("06-q1", answer_q1)`` says at once what is right, wrong and why.

In a student's notebook a check shows its message and goes on, so that Run All reaches the end.
When nbgrader marks or validates, the same call raises if the answer is wrong, or returns the
points earned as a plain float, which nbgrader takes as partial credit. No check prints an answer
and none needs a network: ``checks.json`` holds right answers only under a seal, and known slips
with what to say to each.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import html
import importlib
import inspect
import io
import json
import math
import numbers
import os
import reprlib
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from IPython.display import display

from course import seal
from course.chart_reading import Layer, read

__all__ = ["NotYet", "check", "expect"]

# A release made for marks carries this file: checks then name slips but confirm nothing.
ASSESSED = "assessed.json"
_RECORDED = "Recorded. This lesson is marked: its checks name some slips and confirm no answer."


class NotYet(AssertionError):
    """An answer that is not right yet; the message says why, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Verdict(NamedTuple):
    """What a check found: the share of the points earned, and what to tell the student.

    ``assessed`` stands in for ``says`` in a lesson that is marked, where it must read the same
    for right and wrong. None: ``says`` itself gives nothing away.
    """

    share: float
    says: str
    answered: bool = True
    assessed: str | None = None


def check(question: str, answer: Any) -> float | None:
    """Check one answer.

    Parameters
    ----------
    question : str
        The question's id: lesson number and question, such as ``"06-q1"``.
    answer : object
        What the student gave: a quantity, a letter, a function, a chart, or a part of a brief.

    Returns
    -------
    float or None
        Nothing in a student's session, where the message is shown. The points earned when
        nbgrader marks or validates.

    Raises
    ------
    NotYet
        When nbgrader marks or validates and the answer earns nothing.
    ValueError
        If there is no such question.
    """
    record = _question(question)
    with _hushed():
        verdict = _KINDS[record["kind"]](record, answer)
    run = os.environ.get("NBGRADER_EXECUTION")
    silent = verdict.assessed is not None and record["points"] > 0 and Path(ASSESSED).is_file()
    # The Validate button is the student's own: it must not confirm what check keeps to itself.
    if silent and run != "autograde":
        _tell(Verdict(0, verdict.assessed, answered=False))
        return None
    # A warm-up question is worth nothing, so it never stops a marking run.
    if run and record["points"]:
        if verdict.share == 0:
            raise NotYet(verdict.says)
        _tell(verdict)
        return float(record["points"] * verdict.share)
    _tell(verdict)
    return None


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Keep warnings of a student's code from nbgrader, which takes any for a failed test."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def expect(holds: Any, says: str) -> None:
    """Assert in a hidden test, with a message a student can use and no traceback.

    Parameters
    ----------
    holds : object
        What must be true.
    says : str
        One or two sentences that say what went wrong, without the answer.

    Raises
    ------
    NotYet
        If it does not hold.
    """
    if not holds:
        raise NotYet(says)


def _tell(verdict: Verdict) -> None:
    if verdict.share == 1:
        mark, colour = "✓", "#00664b"
    elif not verdict.answered:
        mark, colour = "○", "#555555"
    else:
        mark, colour = "→", "#8a3c00"
    text = f"{mark} {verdict.says}"
    box = (
        f'<div class="course-check" role="status" style="border-left:4px solid {colour};'
        'padding:.4em .8em;background:#ffffff;color:#1a1a1a">'
        f"{html.escape(text)}</div>"
    )
    display({"text/plain": text, "text/html": box}, raw=True)


@functools.cache
def _questions() -> dict[str, dict]:
    path = Path(__file__).with_name("checks.json")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path.name} is missing beside {Path(__file__).name}: install the course again"
        ) from None


def _question(question: str) -> dict:
    known = _questions()
    if question not in known:
        lesson = str(question).partition("-")[0]
        siblings = [name for name in known if name.startswith(f"{lesson}-")]
        raise ValueError(
            f"no question {question!r}; "
            f"there are {', '.join(siblings or sorted({name[:2] for name in known}))}"
        )
    return {**known[question], "id": question}


_UNANSWERED = "Not answered yet. Replace None in the cell above, run it, then run this again."


# ---- numbers ---------------------------------------------------------------------------------


def _number(record: dict, answer: Any) -> Verdict:
    if answer is None:
        return Verdict(0, _UNANSWERED, answered=False)
    unit = record["unit"]
    value, bare = _in_unit(answer, unit)
    if isinstance(value, str):
        return Verdict(0, value)
    missing = f'The unit is missing: write it as Q(number, "{unit}").' if bare and unit else ""
    recorded = f"{_RECORDED} {missing}".strip()

    def fits(number: float) -> bool:
        return any(seal.fits(one, number, record["salt"]) for one in record["right"])

    if fits(value) and missing:
        return Verdict(0.5, f"The number is right: half the points. {missing}", assessed=recorded)
    if fits(value):
        return Verdict(1, "Right.", assessed=recorded)
    for slip in record["slips"]:
        if abs(value - slip["answer"]) <= slip["tolerance"] * (1 + 1e-9):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    says = f"Not yet. {record['hint']}"
    if fits(-value):
        says = "Not yet: the size is right. Which way does the change go?"
    elif any(fits(value * 10.0**power) for power in _POWERS):
        says = (
            "Not yet: the digits are right and the power of ten is not. Which prefix "
            "(kilo, mega, giga, tera) does each number in your sum carry?"
        )
    return Verdict(0, says, assessed=recorded)


_POWERS = (3, -3, 6, -6, 9, -9, 2, -2, 1, -1, 12, -12)


def _in_unit(answer: Any, unit: str) -> tuple[float | str, bool]:
    """Give the answer as a number in the wanted unit, and whether it came without a unit.

    A text instead of a number is the message that explains why there is none.
    """
    import pint

    from course.units import Q

    if isinstance(answer, str):
        return (
            f'Not yet: {_short(answer)} is a text. Give a number with its unit, as in Q(5, "MW").'
            if unit
            else f"Not yet: {_short(answer)} is a text. Give a plain number, without quotation "
            "marks.",
            False,
        )
    if isinstance(answer, pint.Quantity):
        try:
            # Into the course's own registry, for another one does not know FLOP.
            own = Q(answer.magnitude, str(answer.units))
            value = float(own.to(unit or "dimensionless").magnitude)
        except pint.UndefinedUnitError:
            return (
                f"Not yet: the unit {answer.units:~P} is not known here. Make the quantity with "
                "Q from course.units.",
                False,
            )
        except pint.DimensionalityError:
            got = f"{answer.units:~P}" or "a plain ratio"
            return (
                f"Not yet: {got} measures something else than {unit or 'a plain ratio'}. "
                "What kind of quantity does the question ask for?",
                False,
            )
        except (TypeError, ValueError, OverflowError):
            return f"Not yet: {_short(answer)} is not one number.", False
        return _finite(value), False
    if isinstance(answer, numbers.Real) and not isinstance(answer, bool):
        try:
            value = float(answer)
        except OverflowError:
            value = math.inf
        # 0.407 and 40.7 percent are the same quantity; a bare 0.407 is complete as it is.
        if unit == "percent" and abs(value) <= 1:
            return _finite(float(Q(value, "").to("percent").magnitude)), False
        return _finite(value), True
    kind = type(answer).__name__
    return f"Not yet: the check wants one number and got a {kind}.", False


def _short(thing: Any) -> str:
    """A student's value for a message, however long it is."""
    return _SHOWN.repr(thing)


_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def _first_line(error: BaseException) -> str:
    """What an error says, for a message: its first line, cut short; its kind if it is silent."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _finite(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return f"Not yet: {value} is no number to reason with. Was something divided by zero?"


# ---- choices and predictions -----------------------------------------------------------------


def _choice(record: dict, answer: Any) -> Verdict:
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(0, _UNANSWERED, answered=False)
    options = ", ".join(record["options"])
    if not isinstance(answer, str) or answer.strip().lower() not in record["options"]:
        plain = isinstance(answer, (str, numbers.Real))
        shown = _short(answer) if plain else f"a {type(answer).__name__}"
        return Verdict(0, f'Not yet: {shown} is none of {options}. Write one letter, as in "a".')
    # Every wrong letter is a named slip, so in an assessed lesson even naming it would tell.
    if seal.fits_word(record["right"], answer, record["salt"]):
        return Verdict(1, f"Right. {record['because']}".strip(), assessed=_RECORDED)
    said = record["slips"][answer.strip().lower()]
    return Verdict(said["credit"], f"Not yet: {said['says']}", assessed=_RECORDED)


def _prediction(record: dict, answer: Any) -> Verdict:
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(
            0,
            "No prediction yet. Type your guess in the cell above: it counts for being made, "
            "never for being right.",
            answered=False,
        )
    if record["unit"] == "letter":
        if not isinstance(answer, str) or answer.strip().lower() not in record["options"]:
            return Verdict(0, f"Not yet: choose one of {', '.join(record['options'])}.")
        return Verdict(1, f"Noted: {answer.strip().lower()}.")
    value, _ = _in_unit(answer, record["unit"])
    if isinstance(value, str):
        return Verdict(0, value)
    return Verdict(1, f"Noted: {value:,.6g}{' ' + record['unit'] if record['unit'] else ''}.")


# ---- functions -------------------------------------------------------------------------------


def _function(record: dict, answer: Any) -> Verdict:
    name = record["name"]
    if answer is None:
        return Verdict(0, _UNANSWERED, answered=False)
    if not callable(answer):
        return Verdict(0, f"Not yet: {name} is a {type(answer).__name__}, no longer a function.")
    borrowed = _borrowed(answer)
    if borrowed:
        return Verdict(
            0,
            f"Not yet: {name} hands the work to the course's own {borrowed}. "
            "Write the steps yourself; the ready one is for comparing afterwards.",
        )
    for case in record["cases"]:
        verdict = _one_case(record, case, answer)
        if verdict is not None:
            return verdict
    ran, rest = len(record["cases"]), record["hidden"]
    more = f" {ran} of {ran + rest} checks run here; the rest run at marking." if rest else ""
    return Verdict(1, f"Right so far.{more}" if rest else "Right.", assessed=_RECORDED)


def _one_case(record: dict, case: dict, answer: Any) -> Verdict | None:
    """Try one call; nothing is said of a call that is right."""
    call = case["call"]
    try:
        result = eval(call, _namespace(record["name"], answer))  # noqa: S307 - our own text
    except KeyboardInterrupt:
        # At marking it is nbgrader that stops a cell; in a session the student does.
        if not os.environ.get("NBGRADER_EXECUTION"):
            raise
        return Verdict(0, f"Not yet: {call} did not end in time. Is there a loop without an end?")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any of a student's is the message
        says = f"Not yet: {call} stops with {type(error).__name__}: {_first_line(error)}"
        return Verdict(0, says)
    if result is None:
        return Verdict(
            0, f"Not answered yet: {record['name']} returns None. Does it end with return?", False
        )
    try:
        values = flatten(result, case.get("by"), case.get("columns"))
    except (TypeError, ValueError, KeyError) as error:
        return Verdict(0, f"Not yet: {call} {_first_line(error)}")
    wrong = _mismatch(case["right"], values, record["salt"])
    if wrong is None:
        return None
    for slip in case["slips"]:
        if _same(slip["values"], values):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    place, given = wrong
    at = f" at {place}" if place else ""
    says = f"Not yet: {call} gives {given[:60]}{at}. {record['hint']}"
    return Verdict(0, says, assessed=_RECORDED)


def _namespace(name: str, answer: Any) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    from course import tables
    from course.units import Q

    return {name: answer, "np": np, "pd": pd, "tables": tables, "Q": Q}


def flatten(result: Any, by: str | None = None, columns: list[str] | None = None) -> dict[str, Any]:
    """Lay a result out as labelled single values, so that equal results compare equal.

    Parameters
    ----------
    result : number, str, quantity, sequence, dict, Series or DataFrame
        What a student's function returned.
    by : str, optional
        For a DataFrame: the column (or index) whose values label the rows.
    columns : list of str, optional
        For a DataFrame: the columns that count; others may stand beside them.

    Returns
    -------
    dict
        Label to float, str or None (missing).

    Raises
    ------
    TypeError, ValueError
        If it is of another kind, or a column is missing; the message continues a sentence.
    """
    import numpy as np
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        if by is None:
            raise TypeError("gives a table where single values are wanted.")
        frame = result if by in result.columns else result.reset_index()
        wanted = [by, *(columns or [])]
        missing = [name for name in wanted if name not in frame.columns]
        if missing:
            raise ValueError(f"gives a table without the column {', '.join(map(str, missing))}.")
        if frame[wanted].columns.duplicated().any():
            raise ValueError("gives a table in which a column stands twice.")
        return _labelled(
            (f"{_label(label)}, {name}", value)
            for name in columns or []
            for label, value in zip(frame[by], frame[name], strict=True)
        )
    if isinstance(result, (pd.Series, dict)):
        return _labelled((_label(label), value) for label, value in result.items())
    if isinstance(result, (list, tuple, np.ndarray)):
        return {f"place {i}": _single(value) for i, value in enumerate(result, start=1)}
    return {"": _single(result)}


def _labelled(pairs: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for label, value in pairs:
        if label in done:
            raise ValueError(f"gives more than one value for {label}.")
        done[label] = _single(value)
    return dict(sorted(done.items()))


def _label(label: Any) -> str:
    """A row's name; the year 2024 is the same row when pandas has made it 2024.0."""
    if isinstance(label, numbers.Real) and not isinstance(label, bool) and label == label // 1:
        return str(int(label))
    return str(label)


def _single(value: Any) -> float | str | None:
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if hasattr(value, "magnitude") and hasattr(value, "to_base_units"):
        raise TypeError("gives a quantity with a unit; return the plain number asked for.")
    if isinstance(value, numbers.Real) or (isinstance(value, np.ndarray) and value.ndim == 0):
        try:
            return None if math.isnan(value) else float(value)
        except OverflowError:
            raise ValueError("gives a number too large to reason with.") from None
    raise TypeError(f"gives a {type(value).__name__} where a number is wanted.")


def _mismatch(right: dict, values: dict, salt: str) -> tuple[str, str] | None:
    """The first label whose value is not the sealed one, and what was given there."""
    for label in right:
        if label not in values:
            return label, "nothing"
    for label, value in values.items():
        if label not in right:
            return label, f"{value} (nothing is expected there)"
        sealed = right[label]
        if sealed is None:
            good = value is None
        elif isinstance(sealed, str):
            good = isinstance(value, str) and seal.fits_word(sealed, value, salt)
        else:
            good = isinstance(value, float) and seal.fits(sealed, value, salt)
        if not good:
            shown = f"{value:,.6g}" if isinstance(value, float) else str(value)
            return label, shown
    return None


def _same(slip: dict, values: dict) -> bool:
    if slip.keys() != values.keys():
        return False
    for label, wrong in slip.items():
        value = values[label]
        if isinstance(wrong, float) and isinstance(value, float):
            if not math.isclose(wrong, value, rel_tol=1e-6, abs_tol=1e-9):
                return False
        elif wrong != value:
            return False
    return True


def _borrowed(function: Any) -> str | None:
    """Name of the course's own model that a student's function or its helpers call, if any."""
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


# ---- charts ----------------------------------------------------------------------------------


def _chart(record: dict, answer: Any) -> Verdict:
    if answer is None:
        return Verdict(0, _UNANSWERED, answered=False)
    import altair as alt

    if not isinstance(answer, alt.TopLevelMixin):
        kind = type(answer).__name__
        return Verdict(0, f"Not yet: {kind} is no Altair chart. Give the chart, not its display.")
    try:
        layers = read(answer)
    except Exception as error:  # noqa: BLE001 - Altair raises many kinds for a chart half made
        return Verdict(0, f"Not yet: the chart cannot be drawn: {_first_line(error)}")
    # The layer that fits best decides, so that added labels and rules do no harm.
    found = [_chart_faults(record["wants"], layer) for layer in layers]
    if not found:
        return Verdict(0, "Not yet: the chart has no mark. Which mark shows this best?")
    _, fault = max(found, key=lambda one: one[0])
    # As with a choice's letters, to name each fault would tell when there is none.
    if fault is None:
        return Verdict(1, "Right: the chart says what was asked.", assessed=_RECORDED)
    said = record["slips"].get(fault) or {"says": record["hint"], "credit": 0.0}
    return Verdict(said["credit"], f"Not yet: {said['says']}", assessed=_RECORDED)


def _chart_faults(wants: dict, layer: Layer) -> tuple[int, str | None]:
    """How far a layer gets through the wants, and the name of its first fault."""
    if layer.mark not in wants["marks"]:
        return 0, "mark"
    channels = wants["channels"]
    if _swapped(channels, layer):
        return 1, "swapped"
    for depth, (channel, want) in enumerate(channels.items(), start=2):
        drawn = layer.channels.get(channel)
        other = drawn is None or (want.get("field") and drawn.field != want["field"])
        # A count has no column of its own.
        counted = drawn and drawn.aggregate == "count" and want.get("aggregate") == "count"
        if other and not counted:
            return depth, f"{channel}-field"
        if "aggregate" in want and (drawn.aggregate or "none") not in _listed(want["aggregate"]):
            return depth, f"{channel}-aggregate"
        if "type" in want and drawn.type not in _listed(want["type"]):
            return depth, f"{channel}-type"
        if want.get("zero") and not drawn.starts_at_zero:
            return depth, f"{channel}-zero"
        if "scale" in want and drawn.scale_type not in _listed(want["scale"]):
            return depth, f"{channel}-scale"
    return 99, None


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _swapped(channels: dict, layer: Layer) -> bool:
    if not {"x", "y"} <= channels.keys() or not {"x", "y"} <= layer.channels.keys():
        return False
    x, y = layer.channels["x"].field, layer.channels["y"].field
    return x != y and x == channels["y"].get("field") and y == channels["x"].get("field")


# ---- structures ------------------------------------------------------------------------------


def _structure(record: dict, answer: Any) -> Verdict:
    """A plan, a card, forecasts or a brief: the share of its parts that are there."""
    from course import brief

    parts = brief.judge(record["of"], answer)
    if parts is None:
        return Verdict(0, _UNANSWERED, answered=False)
    faults = [part.says for part in parts.values() if part.share < 1]
    if not faults:
        return Verdict(1, "Right: every part is there. What it is worth, a reader will say.")
    share = math.fsum(record["parts"][name] * part.share for name, part in parts.items())
    more = f" ({len(faults) - 1} more to mend after that.)" if len(faults) > 1 else ""
    # What was asked for is open to all, so nothing is given away in a lesson that is marked.
    return Verdict(round(share, 9), f"Not yet: {faults[0]}{more}")


_KINDS = {
    "number": _number,
    "choice": _choice,
    "prediction": _prediction,
    "function": _function,
    "chart": _chart,
    "structure": _structure,
}
