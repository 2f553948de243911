"""Checks that teach: ``check("06-q1", answer_q1)`` says at once what is right, wrong and why.

In a student's notebook a check shows its message and goes on, so that Run All reaches the end.
When nbgrader marks or validates, the same call raises if the answer is wrong, or returns the
points earned as a plain float, which nbgrader takes as partial credit. No check prints an answer
and none needs a network: ``checks.json`` holds right answers only under a seal, and known slips
with what to say to each.
"""

from __future__ import annotations

import functools
import html
import inspect
import json
import math
import numbers
import os
from pathlib import Path
from typing import Any, NamedTuple

from IPython.display import display

from course import seal
from course.chart_reading import Layer, read

__all__ = ["NotYet", "check", "expect"]

# A release made for marks carries this file: checks then name slips but confirm nothing.
ASSESSED = "assessed.json"


class NotYet(AssertionError):
    """An answer that is not right yet; the message says why, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Verdict(NamedTuple):
    """What a check found: the share of the points earned, and what to tell the student."""

    share: float
    says: str
    answered: bool = True


def check(question: str, answer: Any) -> float | None:
    """Check one answer.

    Parameters
    ----------
    question : str
        The question's id: lesson number and question, such as ``"06-q1"``.
    answer : object
        What the student gave: a quantity, a letter, a function or a chart.

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
    verdict = _KINDS[record["kind"]](record, answer)
    # A warm-up question is worth nothing, so it never stops a marking run.
    if os.environ.get("NBGRADER_EXECUTION") and record["points"]:
        if verdict.share == 0:
            raise NotYet(verdict.says)
        _tell(verdict)
        return float(record["points"] * verdict.share)
    if verdict.share == 1 and Path(ASSESSED).is_file() and record["kind"] != "prediction":
        verdict = Verdict(0, "Recorded. This lesson is marked: its checks name slips, no more.")
    _tell(verdict)
    return None


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
    if any(seal.fits(one, value, record["salt"]) for one in record["right"]):
        if bare and unit:
            return Verdict(
                0.5,
                f"The number is right, the unit is missing: half the points. "
                f'Write it as Q(number, "{unit}").',
            )
        return Verdict(1, "Right.")
    for slip in record["slips"]:
        if abs(value - slip["answer"]) <= slip["tolerance"] * (1 + 1e-9):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    if value < 0 and any(seal.fits(one, -value, record["salt"]) for one in record["right"]):
        return Verdict(0, "Not yet: the size is right. Which way does the change go?")
    for power in (3, -3, 6, -6, 9, -9, 2, -2, 1, -1, 12, -12):
        if any(seal.fits(one, value * 10.0**power, record["salt"]) for one in record["right"]):
            return Verdict(
                0,
                "Not yet: the digits are right and the power of ten is not. Which prefix "
                "(kilo, mega, giga, tera) does each number in your sum carry?",
            )
    return Verdict(0, f"Not yet. {record['hint']}")


def _in_unit(answer: Any, unit: str) -> tuple[float | str, bool]:
    """Give the answer as a number in the wanted unit, and whether it came without a unit.

    A text instead of a number is the message that explains why there is none.
    """
    from pint.errors import DimensionalityError

    from course.units import Q

    if isinstance(answer, str):
        return (
            f'Not yet: {answer!r} is a text. Give a number with its unit, as in Q(5, "MW").'
            if unit
            else f"Not yet: {answer!r} is a text. Give a plain number, without quotation marks.",
            False,
        )
    if hasattr(answer, "magnitude") and hasattr(answer, "to"):
        try:
            value = float(answer.to(unit or "dimensionless").magnitude)
        except DimensionalityError:
            got = f"{answer.units:~P}" or "a plain ratio"
            return (
                f"Not yet: {got} measures something else than {unit or 'a plain ratio'}. "
                "What kind of quantity does the question ask for?",
                False,
            )
        except (TypeError, ValueError):
            return f"Not yet: {answer!r} is not one number.", False
        return _finite(value), False
    if isinstance(answer, numbers.Real) and not isinstance(answer, bool):
        value = float(answer)
        # 0.407 and 40.7 percent are the same quantity; a bare 0.407 is complete as it is.
        if unit == "percent" and abs(value) <= 1:
            return _finite(float(Q(value, "").to("percent").magnitude)), False
        return _finite(value), True
    kind = type(answer).__name__
    return f"Not yet: the check wants one number and got a {kind}.", False


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
        return Verdict(0, f'Not yet: {answer!r} is none of {options}. Write one letter, as in "a".')
    if seal.fits_word(record["right"], answer, record["salt"]):
        return Verdict(1, f"Right. {record['because']}".strip())
    said = record["slips"][answer.strip().lower()]
    return Verdict(said["credit"], f"Not yet: {said['says']}")


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
    return Verdict(1, f"Right so far.{more}" if rest else "Right.")


def _one_case(record: dict, case: dict, answer: Any) -> Verdict | None:
    """Try one call; nothing is said of a call that is right."""
    call = case["call"]
    try:
        result = eval(call, _namespace(record["name"], answer))  # noqa: S307 - our own text
    except Exception as error:  # noqa: BLE001 - whatever a student's code raises is the message
        return Verdict(0, f"Not yet: {call} stops with {type(error).__name__}: {error}")
    if result is None:
        return Verdict(
            0, f"Not answered yet: {record['name']} returns None. Does it end with return?", False
        )
    try:
        values = flatten(result, case.get("by"), case.get("columns"))
    except (TypeError, ValueError, KeyError) as error:
        return Verdict(0, f"Not yet: {call} {error.args[0]}")
    wrong = _mismatch(case["right"], values, record["salt"])
    if wrong is None:
        return None
    for slip in case["slips"]:
        if _same(slip["values"], values):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    place, given = wrong
    at = f" at {place}" if place else ""
    return Verdict(0, f"Not yet: {call} gives {given}{at}. {record['hint']}")


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
        frame = result if by in result.columns else result.reset_index()
        missing = [name for name in [by, *(columns or [])] if name not in frame.columns]
        if missing:
            raise ValueError(f"gives a table without the column {', '.join(map(str, missing))}.")
        return {
            f"{row[by]}, {name}": _single(row[name])
            for _, row in frame.sort_values(by).iterrows()
            for name in columns or []
        }
    if isinstance(result, pd.Series):
        return {str(label): _single(value) for label, value in sorted(result.items(), key=str)}
    if isinstance(result, dict):
        return {str(label): _single(value) for label, value in sorted(result.items(), key=str)}
    if isinstance(result, (list, tuple, np.ndarray)):
        return {f"place {i}": _single(value) for i, value in enumerate(result, start=1)}
    return {"": _single(result)}


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
        return None if math.isnan(value) else float(value)
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
    """Name of the course's own model that a student's function calls, if it does."""
    own = inspect.unwrap(function)
    if str(getattr(own, "__module__", "")).startswith("course.models"):
        return own.__name__
    code = getattr(own, "__code__", None)
    if code is None:
        return None
    scope = getattr(own, "__globals__", {})
    for name in _names(code):
        found = scope.get(name)
        module = getattr(found, "__module__", None) or getattr(found, "__name__", "")
        if str(module).startswith("course.models"):
            return name
    return None


def _names(code: Any) -> list[str]:
    inner = [n for c in code.co_consts if inspect.iscode(c) for n in _names(c)]
    return [*code.co_names, *inner]


# ---- charts ----------------------------------------------------------------------------------


def _chart(record: dict, answer: Any) -> Verdict:
    if answer is None:
        return Verdict(0, _UNANSWERED, answered=False)
    try:
        layers = read(answer)
    except TypeError as error:
        return Verdict(0, f"Not yet: {error}. Give the chart itself, before .display().")
    except Exception as error:  # noqa: BLE001 - Altair raises many kinds for a chart half made
        return Verdict(0, f"Not yet: the chart cannot be drawn: {str(error).splitlines()[0]}")
    # The layer that fits best decides, so that added labels and rules do no harm.
    found = [_chart_faults(record["wants"], layer) for layer in layers]
    if not found:
        return Verdict(0, "Not yet: the chart has no mark. Which mark shows this best?")
    _, fault = max(found, key=lambda one: one[0])
    if fault is None:
        return Verdict(1, "Right: the chart says what was asked.")
    said = record["slips"].get(fault) or {"says": record["hint"], "credit": 0.0}
    return Verdict(said["credit"], f"Not yet: {said['says']}")


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


_KINDS = {
    "number": _number,
    "choice": _choice,
    "prediction": _prediction,
    "function": _function,
    "chart": _chart,
}
