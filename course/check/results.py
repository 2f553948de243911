"""Results of functions as labelled single values, and where two differ.

One comparator serves the calls that run in a student's notebook and those that run at marking.
Containers that say the same are the same: where the right result is a list, a tuple, an array or
a Series will do, and labels count only where the right result has them.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from course.check import seal
from course.check.wording import short
from course.slips import kind

__all__ = [
    "Miss",
    "Unlike",
    "factor",
    "flatten",
    "mismatch",
    "rounded_early",
    "same",
    "shape",
    "written_to",
]

_KINDS = {float: "a number", str: "a text", bool: "True or False"}


class Unlike(Exception):
    """A result is of another kind than asked for; the text runs on from the call that gave it."""


class Miss(NamedTuple):
    """The first place where a result is not the sealed one.

    ``value`` is what was given there as a message shows it, ``gives`` how the sentence runs on
    around it, such as ``"gives {} at place 1"``; ``kind``: a text for a number, two values for
    three, another label, a missing value or the like, which says more than any hint.
    """

    gives: str
    value: str = ""
    kind: bool = False


def shape(result: Any, by: str | None = None) -> str:
    """How a right result is laid out: ``table``, ``labels``, ``places`` or ``one``."""
    import numpy as np
    import pandas as pd

    if by is not None:
        return "table"
    if isinstance(result, (pd.Series, dict)):
        return "labels"
    if isinstance(result, (list, tuple, pd.Index)) or (
        isinstance(result, np.ndarray) and result.ndim
    ):
        return "places"
    return "one"


def flatten(
    result: Any,
    by: str | None = None,
    columns: list[str] | None = None,
    laid: str | None = None,
) -> dict[str, Any]:
    """Lay a result out as labelled single values, so that equal results compare equal.

    Parameters
    ----------
    result : number, str, quantity, sequence, dict, Series or DataFrame
        What a student's function returned.
    by : str, optional
        For a DataFrame: the column (or index) whose values label the rows.
    columns : list of str, optional
        For a DataFrame: the columns that count; others may stand beside them.
    laid : str, optional
        The `shape` of the right result; that of this one if left out.

    Returns
    -------
    dict
        Label to int, float, bool, str or None (missing).

    Raises
    ------
    Unlike
        If it is of another kind, or a column is missing; the message continues a sentence.
    """
    import numpy as np
    import pandas as pd

    laid = laid or shape(result, by)
    if isinstance(result, pd.DataFrame) and by is None and result.shape[1] == 1:
        result = result.iloc[:, 0]
    if isinstance(result, pd.DataFrame):
        if by is None:
            raise Unlike("gives a table where single values are wanted.")
        frame = result if by in result.columns else result.reset_index()
        wanted = [by, *(columns or [])]
        missing = [name for name in wanted if name not in frame.columns]
        if missing:
            raise Unlike(f"gives a table without the column {', '.join(map(str, missing))}.")
        if frame[wanted].columns.duplicated().any():
            raise Unlike("gives a table in which a column stands twice.")
        return _labelled(
            (f"{_label(label)}, {name}", value)
            for name in columns or []
            for label, value in zip(frame[by], frame[name], strict=True)
        )
    if by is not None:
        raise Unlike(f"gives {kind(result)} where a table is wanted.")
    if laid == "one" and isinstance(result, (np.ndarray, pd.Series)) and result.size == 1:
        return {"": _single(np.asarray(result, dtype=object).ravel()[0])}
    if isinstance(result, (pd.Series, dict)):
        if laid == "labels":
            return _labelled((_label(label), value) for label, value in result.items())
        result = list(result.values()) if isinstance(result, dict) else list(result)
    if isinstance(result, (type({}.values()), type({}.keys()), pd.Index)):
        result = list(result)
    if isinstance(result, (list, tuple)) or (isinstance(result, np.ndarray) and result.ndim):
        return dict(_placed(result))
    if laid == "places" and isinstance(result, (set, frozenset, Iterator)):
        raise Unlike(f"gives {kind(result)}; give the values one behind the other, as a list.")
    return {"": _single(result)}


def _placed(result: Any, before: str = "") -> Iterable[tuple[str, Any]]:
    import numpy as np

    for i, value in enumerate(result, start=1):
        here = f"{before}.{i}" if before else f"place {i}"
        if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
            yield from _placed(value, here)
        else:
            yield here, _single(value)


def _labelled(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for label, value in pairs:
        if label in done:
            raise Unlike(f"gives more than one value for {short(label)}.")
        done[label] = _single(value)
    return dict(sorted(done.items()))


def _label(label: Any) -> str:
    """A row's name; the year 2024 is the same row when pandas has made it 2024.0."""
    if isinstance(label, numbers.Real) and not isinstance(label, bool) and label == label // 1:
        return str(int(label))
    return str(label)


def _single(value: Any) -> float | str | bool | None:
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if hasattr(value, "magnitude") and hasattr(value, "to_base_units"):
        raise Unlike("gives a quantity with a unit; return the plain number asked for.")
    if isinstance(value, numbers.Real) or (isinstance(value, np.ndarray) and value.ndim == 0):
        try:
            number = float(value)
        except OverflowError:
            raise Unlike("gives a number too large to reason with.") from None
        if math.isnan(number):
            return None
        # A whole number of a right result is a count: it is sealed exactly.
        return int(value) if isinstance(value, numbers.Integral) else number
    raise Unlike(f"gives {kind(value)} where a single value is wanted.")


def _kind(value: Any) -> type:
    return type(value) if isinstance(value, (str, bool)) else float


def mismatch(right: dict, values: dict, salt: str) -> Miss | None:
    """The first place whose value is not the sealed one.

    Parameters
    ----------
    right : dict
        Label to sealed value.
    values : dict
        What `flatten` gave.
    salt : str
        The question's salt.

    Returns
    -------
    Miss or None
        None if all are right.
    """
    lost = [label for label in right if label not in values]
    odd = [label for label in values if label not in right]
    if lost and odd and all("." in label for label in odd):
        return Miss("gives a list within a list", kind=True)
    if lost and all(label.startswith("place ") for label in [*right, *values]):
        return Miss(f"gives {_count(values)}, too few", kind=True)
    if odd and all(label.startswith("place ") for label in [*right, *values]):
        return Miss(f"gives {_count(values)}, too many", kind=True)
    if lost and "" in values:
        one = _shown(values[""])
        return Miss("gives {}, one value where several are asked for", one, kind=True)
    if lost and "" in right:
        return Miss(f"gives {_count(values)} where one is asked for", kind=True)
    if lost and all(label.startswith("place ") for label in values):
        return Miss(f"gives {_count(values)} without labels", kind=True)
    if lost:
        return Miss("gives nothing for {}", short(lost[0]), kind=True)
    if odd:
        return Miss("gives {}, which is not asked for", short(odd[0]), kind=True)
    for label, value in values.items():
        if not _fits(right[label], value, salt):
            at = f" at {label}" if label else ""
            if right[label] is not None and value is not None:
                wanted = _sealed_kind(right[label])
                if _kind(value) is not wanted:
                    what = "the text " if isinstance(value, str) else ""
                    gives = f"gives {what}{{}}{at}, not {_KINDS[wanted]}"
                    return Miss(gives, _shown(value), kind=True)
            return Miss(f"gives {{}}{at}", _shown(value), kind=value is None)
    return None


def _count(values: dict) -> str:
    return "1 value" if len(values) == 1 else f"{len(values)} values"


def _shown(value: Any) -> str:
    if value is None:
        return "a missing value"
    if isinstance(value, (str, bool)):
        return short(value)
    return f"{value:,.6g}"


def _sealed_kind(sealed: dict) -> type:
    return {"hash": float, "text": str, "word": str, "truth": bool}[
        next(name for name in ("hash", "text", "word", "truth") if name in sealed)
    ]


def _fits(sealed: dict | None, value: Any, salt: str) -> bool:
    if sealed is None or value is None:
        return sealed is None and value is None
    if _kind(value) is not _sealed_kind(sealed):
        return False
    if isinstance(value, bool):
        return seal.seal_text(str(value), salt) == sealed["truth"]
    if isinstance(value, str):
        if "text" in sealed:
            return seal.seal_text(value, salt) == sealed["text"]
        return seal.seal_text(value.casefold(), salt) == sealed["word"]
    return seal.fits(sealed, value, salt) or any(
        seal.seal_text(written_to(value, way), salt) == text
        and math.isclose(float(written_to(value, way)), value, rel_tol=1e-9, abs_tol=1e-12)
        for way, text in sealed.get("rounded", {}).items()
    )


def written_to(value: float, way: str) -> str:
    """A number as text, rounded to a place: ``".3f"`` decimals or ``".2e"`` digits after one."""
    text = format(value, way)
    return text.removeprefix("-") if float(text) == 0 else text


def rounded_early(right: dict, values: dict, salt: str) -> bool:
    """Tell whether every value is right or nearly so, as when a step before was rounded."""
    if right.keys() != values.keys():
        return False
    near = 0
    for label, value in values.items():
        if _fits(right[label], value, salt):
            continue
        wide = (right[label] or {}).get("near")
        if wide is None or _kind(value) is not float or value is None:
            return False
        if not seal.fits(wide, value, salt):
            return False
        near += 1
    return near > 0


#: By what a whole result is commonly off.
_FACTORS = (-1, 100, 0.01, 1000, 0.001, 10, 0.1, 1e6, 1e-6)


def factor(right: dict, values: dict, salt: str) -> float | None:
    """The one factor by which every number is off, if all else is right.

    Parameters
    ----------
    right, values, salt
        As for :func:`mismatch`.

    Returns
    -------
    float or None
        What was given is this many times what is right: -1 for a sign, 100 for a percentage.
    """
    if right.keys() != values.keys():
        return None
    for times in _FACTORS:
        moved = {
            label: value / times if _kind(value) is float and value is not None else value
            for label, value in values.items()
        }
        if moved != values and mismatch(right, moved, salt) is None:
            return times
    return None


def same(one: dict, other: dict, near: float = 1e-6) -> bool:
    """Tell whether two results are the same, as those of a known slip are."""
    if one.keys() != other.keys():
        return False
    for label, value in one.items():
        given = other[label]
        if value is None or given is None or _kind(value) is not _kind(given):
            if not (value is None and given is None):
                return False
        elif isinstance(value, (str, bool)):
            if value != given:
                return False
        elif not math.isclose(value, given, rel_tol=near, abs_tol=1e-9):
            return False
    return True
