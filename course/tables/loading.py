"""Load a table with the types that its data package declares."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from course.slips import called
from course.tables import files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load"]

#: Each table with the text and the description that it was made from.
_loaded: dict[str, tuple[str, dict, pd.DataFrame]] = {}


def _cast(column: pd.Series, field: dict, table: str) -> pd.Series:
    """Turn a column of text into its declared type; name the first row that does not fit."""
    import pandas as pd

    kind = field["type"]
    missing = column.isna()
    rules = field.get("constraints", {})
    if rules.get("required") and missing.any():
        _complain(table, field, missing, column, "a value, and finds an empty cell")

    if kind in ("integer", "number", "year"):
        typed = pd.to_numeric(column, errors="coerce")
        wrong = (typed.isna() & ~missing) | (typed.abs() == float("inf"))
        word = {"integer": "a whole number", "number": "a number", "year": "a year"}[kind]
        _complain(table, field, wrong, column, word)
        if kind == "number":
            typed = typed.astype("float64")
        else:
            _complain(table, field, (typed % 1 != 0) & ~missing, column, word)
            typed = typed.astype("Int64" if missing.any() else "int64")
        for bound, broken in (
            ("minimum", lambda limit: typed < limit),
            ("maximum", lambda limit: typed > limit),
        ):
            if bound in rules:
                wrong = broken(rules[bound]).fillna(False).astype(bool)
                _complain(table, field, wrong, column, f"a {bound} of {rules[bound]}")
        return typed
    if kind == "boolean":
        typed = column.str.lower().map({"true": True, "false": False})
        _complain(table, field, typed.isna() & ~missing, column, "true or false")
        return typed.astype("boolean" if missing.any() else bool)
    if kind == "date":
        typed = pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")
        _complain(table, field, typed.isna() & ~missing, column, "a date such as 2025-11-19")
        return typed
    if kind == "yearmonth":
        typed = pd.to_datetime(column, format="%Y-%m", errors="coerce")
        _complain(table, field, typed.isna() & ~missing, column, "a month such as 2025-11")
        return typed
    if "enum" in rules:
        wrong = ~column.isin(rules["enum"]) & ~missing
        _complain(table, field, wrong, column, f"one of {', '.join(map(str, rules['enum']))}")
    return column


def _complain(table: str, field: dict, wrong: pd.Series, column: pd.Series, expected: str) -> None:
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        raise files.TableError(
            f"{table}.csv, row {at + 2}, column {field['name']!r}: {column.iloc[at]!r} stands "
            f"where the data package wants {expected}. Restore the file from the course."
        )


@called("tables.load")
def load(name: str) -> pd.DataFrame:
    """Load a table as a DataFrame with the types its data package declares.

    Parameters
    ----------
    name : str
        Name of the table, such as ``"reactors"``; `catalogue` lists them.

    Returns
    -------
    pandas.DataFrame
        One row a record. Text is ``str``, whole numbers ``int64`` (``Int64`` where a cell may
        be empty), dates ``datetime64``. Units stand in the column names; `codebook` explains
        each column. ``.attrs["table"]`` holds the name.

    Raises
    ------
    TableError
        If there is no such table (the nearest name is given), its file is missing, or a cell is
        not of the declared type (the row of the file and the column are given).

    Notes
    -----
    A table is made once and handed out as copies, so that no change reaches the next one; made
    anew if its file or its description has changed.

    Examples
    --------
    >>> load("claims").shape[0]
    39
    """
    resource = files.resource_of(name)
    text = files.text_of(resource)
    if name in _loaded and _loaded[name][0] == text and _loaded[name][1] == resource:
        return _loaded[name][2].copy()
    frame = _made(name, resource, text)
    _loaded[name] = (text, resource, frame)
    return frame.copy()


def _made(name: str, resource: dict, content: str) -> pd.DataFrame:
    """Make a table from the text of its file."""
    import pandas as pd

    path = files.folder() / resource["path"]
    fields = resource["schema"]["fields"]
    expected = [field["name"] for field in fields]
    rows = list(csv.reader(io.StringIO(content, newline="")))
    header = rows[0] if rows else []
    if header != expected:
        odd = [column for column in header if column not in expected]
        lost = [column for column in expected if column not in header]
        raise files.TableError(
            f"{path.name}, row 1: the columns are not those of the data package "
            f"(missing: {', '.join(lost) or 'none'}; unknown: {', '.join(odd) or 'none'})"
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(expected):
            raise files.TableError(
                f"{path.name}, row {number}: {len(row)} cells where {len(expected)} columns are "
                f"declared; they end at column {expected[min(len(row), len(expected)) - 1]!r}"
            )
    text = pd.DataFrame(rows[1:], columns=expected, dtype="str")
    text = text.mask(text == "")
    frame = pd.DataFrame(
        {field["name"]: _cast(text[field["name"]], field, name) for field in fields}
    )
    frame.attrs["table"] = name
    return frame
