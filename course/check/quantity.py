"""Read a student's number or quantity in the unit that is asked for."""

from __future__ import annotations

import math
import numbers
from typing import Any

from course.check.wording import short

__all__ = ["in_unit"]


def in_unit(answer: Any, unit: str) -> tuple[float | str, bool]:
    """Give the answer as a number in the wanted unit, and whether it came without a unit.

    A text instead of a number is the message that explains why there is none.
    """
    import pint

    from course.units import Q

    if isinstance(answer, str):
        return (
            f'Not yet: {short(answer)} is a text. Give a number with its unit, as in Q(5, "MW").'
            if unit
            else f"Not yet: {short(answer)} is a text. Give a plain number, without quotation "
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
            return f"Not yet: {short(answer)} is not one number.", False
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


def _finite(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return f"Not yet: {value} is no number to reason with. Was something divided by zero?"
