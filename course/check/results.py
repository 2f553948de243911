"""Results of functions as labelled single values, and where two differ."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from typing import Any

from course.check import seal

__all__ = ["flatten", "mismatch", "same"]


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


def mismatch(right: dict, values: dict, salt: str) -> tuple[str, str] | None:
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


def same(slip: dict, values: dict) -> bool:
    """Tell whether results are those of a known slip."""
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
