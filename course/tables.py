"""The course's tables: load one, see what there is, cite where it comes from.

The tables are CSV files described by a Frictionless Data Package (``datapackage.json``): every
field has a type, a unit and limits, every row names its source. They travel with the course, so
nothing is fetched.
"""

from __future__ import annotations

import csv
import difflib
import functools
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Parameter",
    "TableError",
    "about",
    "catalogue",
    "claim",
    "codebook",
    "folder",
    "load",
    "parameter",
    "sources",
]


class TableError(ValueError):
    """A table is missing, damaged or not what the data package says it is."""


class Parameter(NamedTuple):
    """One row of the ``parameters`` table: a figure with its range, unit and source."""

    name: str
    unit: str
    low: float | None
    central: float | None
    high: float | None
    as_of: str
    kind: str
    source: str
    note: str


def folder() -> Path:
    """Give the folder that holds the tables.

    Returns
    -------
    pathlib.Path
        ``datasets/`` inside the installed package, or beside it in a checkout.

    Raises
    ------
    TableError
        If neither folder is there: the course was not installed whole.
    """
    here = Path(__file__).resolve().parent
    for candidate in (here / "datasets", here.parent / "datasets"):
        if (candidate / "datapackage.json").is_file():
            return candidate
    raise TableError(
        f"no datapackage.json in {here / 'datasets'} or {here.parent / 'datasets'}: "
        "install the course again"
    )


@functools.cache
def _package() -> dict:
    return json.loads((folder() / "datapackage.json").read_text(encoding="utf-8"))


def _resource(name: str) -> dict:
    resources = {resource["name"]: resource for resource in _package()["resources"]}
    if name in resources:
        return resources[name]
    near = difflib.get_close_matches(str(name), resources, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(resources))}."
    raise TableError(f"no table called {name!r}. {hint}")


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
        raise TableError(
            f"{table}.csv, row {at + 2}, column {field['name']!r}: {column.iloc[at]!r} stands "
            f"where the data package wants {expected}. Restore the file from the course."
        )


def _text(resource: dict) -> str:
    """Read the file of a table; name the cell that is not UTF-8."""
    path = folder() / resource["path"]
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TableError(
            f"the table {resource['name']!r} has no file {path.name} in {path.parent}: restore it "
            "from the course"
        ) from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # What stands before the bad byte, and a letter in its place, end in the bad cell.
        before = raw[: error.start].decode("utf-8") + "?"
        rows = list(csv.reader(io.StringIO(before, newline="")))
        names = [field["name"] for field in resource["schema"]["fields"]]
        column = names[min(len(rows[-1]), len(names)) - 1]
        raise TableError(
            f"{path.name}, row {len(rows)}, column {column!r}: a byte that is not UTF-8. Save the "
            "file as UTF-8, or restore it from the course"
        ) from None


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

    Examples
    --------
    >>> load("claims").shape[0]
    39
    """
    import pandas as pd

    resource = _resource(name)
    path = folder() / resource["path"]
    fields = resource["schema"]["fields"]
    expected = [field["name"] for field in fields]
    rows = list(csv.reader(io.StringIO(_text(resource), newline="")))
    header = rows[0] if rows else []
    if header != expected:
        odd = [column for column in header if column not in expected]
        lost = [column for column in expected if column not in header]
        raise TableError(
            f"{path.name}, row 1: the columns are not those of the data package "
            f"(missing: {', '.join(lost) or 'none'}; unknown: {', '.join(odd) or 'none'})"
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(expected):
            raise TableError(
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


def catalogue() -> pd.DataFrame:
    """List every table: what it is, what it is not, rows, licence, lessons and claims.

    Returns
    -------
    pandas.DataFrame
        Indexed by table name.
    """
    import pandas as pd

    records = []
    for resource in _package()["resources"]:
        records.append(
            {
                "table": resource["name"],
                "strand": resource["strand"],
                "what it is": resource["description"],
                "what it is not": resource["what_it_is_not"],
                "coverage": resource["coverage"],
                "rows": sum(1 for _ in csv.reader(io.StringIO(_text(resource), newline=""))) - 1,
                "licence": ", ".join(licence["name"] for licence in resource["licenses"]),
                "lessons": ", ".join(resource["lessons"]),
                "claims": ", ".join(resource["claims"]),
            }
        )
    return pd.DataFrame(records).set_index("table").sort_index()


def codebook(name: str) -> pd.DataFrame:
    """Explain a table column by column.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: type, unit, meaning, and the values that may stand there.
        ``.attrs["traps"]`` lists what the table makes easy to get wrong; `about` tells the rest.

    Raises
    ------
    TableError
        If there is no such table.

    Examples
    --------
    >>> codebook("reactors").loc["net_capacity_mw", "unit"]
    'MW'
    """
    import pandas as pd

    resource = _resource(name)
    frame = pd.DataFrame(
        [
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "meaning": field["description"],
                "values": _values(field),
            }
            for field in resource["schema"]["fields"]
        ]
    ).set_index("column")
    frame.attrs["traps"] = list(resource["traps"])
    return frame


def _values(field: dict) -> str:
    """Say in words what the data package lets stand in a column."""
    rules = field.get("constraints", {})
    said = ["never empty" if rules.get("required") else "may be empty"]
    low, high = rules.get("minimum"), rules.get("maximum")
    if low is not None and high is not None:
        said.append(f"{low} to {high}")
    elif low is not None:
        said.append(f"{low} or more")
    elif high is not None:
        said.append(f"{high} or less")
    if "enum" in rules:
        said.append("one of: " + ", ".join(map(str, rules["enum"])))
    if rules.get("unique"):
        said.append("each once")
    return "; ".join(said)


class _Words(str):
    """Markdown that a notebook sets and that ``print`` gives as it stands."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def about(name: str) -> str:
    """Tell what one should know of a table before using it.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    str
        Markdown, which a notebook shows as text: what the table is and is not, what it covers,
        what bears it out, how old it is, its licence, its traps, and the lessons and claims that
        use it.

    Raises
    ------
    TableError
        If there is no such table.

    Examples
    --------
    >>> print(about("ireland_quarterly").splitlines()[0])
    **Metered electricity of data centres in Ireland.** Electricity that meters recorded at Irish \
data centres and at everybody else's, by quarter: the one national series that is measured and \
not modelled.
    """
    resource = _resource(name)
    licences = [
        f"[{licence['title']}]({licence['path']})" if "path" in licence else licence["title"]
        for licence in resource["licenses"]
    ]
    said = [
        f"**{resource['title']}.** {resource['description']}",
        f"**What it is not.** {resource['what_it_is_not']}",
        f"**Coverage.** {resource['coverage'].rstrip('.')}. One row for each "
        f"{' and '.join(f'`{column}`' for column in resource['schema']['primaryKey'])}.",
    ]
    if "used_for" in resource:
        said.append(f"**Which figure the lessons use.** {resource['used_for']}")
    said.append("**Traps**")
    said.append("\n".join(f"* {trap}" for trap in resource["traps"]))
    for label, key in (
        ("Second witness", "second_witness"),
        ("What a newer one would change", "would_change"),
    ):
        if key in resource:
            said.append(f"**{label}.** {resource[key]}")
    if "vintage" in resource:
        said.append(f"**Vintage.** As of {resource['vintage']}, taken on {resource['retrieved']}.")
    said.append(f"**Licence.** {'; '.join(licences)}.")
    if resource["lessons"]:
        said.append(f"**Lessons.** {', '.join(resource['lessons'])}.")
    if "kept_for" in resource:
        said.append(f"**Kept for.** {resource['kept_for']}")
    if resource["claims"]:
        said.append(f"**Claims.** {', '.join(resource['claims'])}.")
    return _Words("\n\n".join(said))


def sources(name: str) -> pd.DataFrame:
    """List the sources that the rows of a table name, in a form one can paste.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    pandas.DataFrame
        Indexed by source key: rows that use it, grade (P primary or official, R research or
        agency, N news or trade press, W weak), licence, and a citation.

    Raises
    ------
    TableError
        If there is no such table, or a row names a source that is not in ``sources.csv``.
    """
    import pandas as pd

    if name == "sources":
        used = {key: 1 for key in _rows("sources")}
    else:
        used = {}
        for row in load(name)["source"]:
            for key in row.split("|"):
                used[key] = used.get(key, 0) + 1
    known = _rows("sources")
    records = []
    for key, count in used.items():
        if key not in known:
            raise TableError(f"{name}.csv names the source {key!r}, which sources.csv has not")
        row = known[key]
        words = [row["publisher"], row["title"], row["published"], row["address"]]
        records.append(
            {
                "key": key,
                "rows": count,
                "grade": row["grade"],
                "licence": row["licence"],
                "citation": ". ".join(word for word in words if word),
            }
        )
    return pd.DataFrame(records).set_index("key").sort_index()


@functools.cache
def _rows(name: str) -> dict[str, dict[str, str]]:
    """Rows of a small table as plain text by first column, without pandas."""
    resource = _resource(name)
    key = resource["schema"]["fields"][0]["name"]
    reader = csv.DictReader(io.StringIO(_text(resource), newline=""))
    return {row[key]: row for row in reader}


def _row(name: str, key: str, what: str) -> dict[str, str]:
    rows = _rows(name)
    if key in rows:
        return rows[key]
    near = difflib.get_close_matches(str(key), rows, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise TableError(f"no {what} called {key!r} in the table {name!r}.{hint}")


def parameter(name: str) -> Parameter:
    """Look up one parameter of the models: low, central and high value, unit and source.

    Parameters
    ----------
    name : str
        Name of the parameter, such as ``"h100_tdp"``.

    Returns
    -------
    Parameter
        Values are floats in ``unit``, or None where the source gives none.

    Raises
    ------
    TableError
        If there is no such parameter (the nearest name is given) or its value is not a number.

    Examples
    --------
    >>> parameter("node_nameplate_8xh100").central
    10.2
    """
    row = _row("parameters", name, "parameter")
    values = {}
    for column in ("low", "central", "high"):
        try:
            values[column] = float(row[column]) if row[column] else None
        except ValueError:
            raise TableError(
                f"parameters.csv, row {name!r}, column {column!r}: {row[column]!r} is no number"
            ) from None
    return Parameter(
        name=name,
        unit=row["unit"],
        **values,
        as_of=row["as_of"],
        kind=row["kind"],
        source=row["source"],
        note=row["note"],
    )


def claim(claim_id: str) -> dict[str, str]:
    """Give one claim of the article: the words quoted, what they say plainly, how to test them.

    Parameters
    ----------
    claim_id : str
        ``"C01"`` to ``"C39"``.

    Returns
    -------
    dict of str
        The claim's row of the ``claims`` table.

    Raises
    ------
    TableError
        If there is no such claim.

    Examples
    --------
    >>> claim("C15")["checkability"]
    'D'
    """
    return dict(_row("claims", claim_id, "claim"))
