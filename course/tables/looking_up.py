"""Look up one parameter of the models, or one claim of the article, without pandas."""

from __future__ import annotations

from typing import NamedTuple

from course.slips import called
from course.tables import files

__all__ = ["Parameter", "claim", "parameter"]


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


@called("tables.parameter")
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
    row = files.row("parameters", name, "parameter")
    values = {}
    for column in ("low", "central", "high"):
        try:
            values[column] = float(row[column]) if row[column] else None
        except ValueError:
            raise files.TableError(
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


@called("tables.claim")
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
    return dict(files.row("claims", claim_id, "claim"))
