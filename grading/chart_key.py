"""The chart part of a key: read with care, and sealed from what its reference chart draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from course.check import chart_reading, seal
from course.check.picture import NotDrawn, Picture, draw

__all__ = ["WANTS", "chart_of", "fault_in", "picture_of", "reference_rows", "sealed_chart"]

WANTS = {"marks", "quantity", "along"}
_PARTS = {
    "quantity": {"scale", "zero", "units", "rounded"},
    "along": {"kind", "side", "ordered", "called"},
}
#: Share of a row's value within which a drawn value is that value.
_REACH = 1e-4


def fault_in(question: dict[str, Any]) -> str | None:
    """Name what is wrong with a chart question, with the mend; None if nothing is.

    Parameters
    ----------
    question : dict
        From a key file.

    Returns
    -------
    str or None
    """
    wants = question["wants"]
    if lost := WANTS - wants.keys():
        return f"wants lacks {', '.join(sorted(lost))}; write it in"
    if odd := wants.keys() - WANTS - {"titles", "without"}:
        known = sorted({*WANTS, "titles", "without"})
        return f"wants.{', '.join(sorted(odd))} is not known here; there are {', '.join(known)}"
    for part, known in _PARTS.items():
        if odd := wants[part].keys() - known:
            there = ", ".join(sorted(known))
            return f"wants.{part}.{', '.join(sorted(odd))} is not known here; there are {there}"
    if wants["quantity"].get("scale", "linear") not in ("linear", "log"):
        return "wants.quantity.scale must be 'linear' or 'log'"
    if wants["along"].get("kind") not in ("years", "names"):
        return "wants.along.kind must be 'years' or 'names'"
    if wants["along"].get("side", "x") not in ("x", "y"):
        return "wants.along.side must be 'x' or 'y'; leave it out where either is right"
    if wants.get("without", ["area"]) != ["area"]:
        return "wants.without can be ['area'] alone: where a line is asked, and nothing below it"
    if wants.get("titles") and not wants["quantity"].get("units"):
        return "titles are asked with units, and wants.quantity.units is missing; write it in"
    return None


def chart_of(question: dict[str, Any], code: str, run: Callable[[str, str], Any]) -> Any:
    """The chart that a piece of the key's code makes from the question's ``data``.

    Parameters
    ----------
    question : dict
        A chart question of the key.
    code : str
        It leaves a chart in ``chart``.
    run : callable
        Runs code and gives one name that it defines, as ``grading.cases.run_code``.

    Returns
    -------
    altair chart
    """
    return run(f"{question['data']}\n{code}", "chart")


def picture_of(chart: Any) -> Picture:
    """Draw a chart of the key, in one look whether or not the course's is switched on."""
    import altair as alt

    with alt.theme.enable("default"):
        return draw(chart.to_dict())


def reference_rows(question: dict[str, Any], chart: Any) -> dict[tuple[str, str], float]:
    """The rows that a chart of the key draws: group and place to value.

    Parameters
    ----------
    question : dict
        A chart question of the key.
    chart : altair chart
        Its reference, or one of its slips.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If nothing is drawn that can be read back.
    """
    wants = question["wants"]
    years = wants["along"]["kind"] == "years"
    return chart_reading.rows(picture_of(chart), wants["marks"], years)


def sealed_chart(
    question: dict[str, Any], salt: str, run: Callable[[str, str], Any]
) -> dict[str, Any]:
    """What a student's copy holds of a chart question: labels in clear, values under a seal.

    Parameters
    ----------
    question : dict
        A chart question of the key.
    salt : str
        The question's salt.
    run : callable
        As for :func:`chart_of`.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the reference chart or that of a slip cannot be drawn or read back.
    """
    try:
        rows = reference_rows(question, chart_of(question, question["right"], run))
        slips = [
            (slip, reference_rows(question, chart_of(question, slip["draws"], run)))
            for slip in question.get("slips", [])
        ]
    except NotDrawn as error:
        raise ValueError(f"question {question['id']}: {error}") from error
    grids = question["wants"]["quantity"].get("rounded", [])
    return {
        "wants": question["wants"],
        "rows": [_row(key, value, grids, salt) for key, value in sorted(rows.items())],
        "slips": [
            {
                "rows": {"|".join(key): float(f"{value:.6g}") for key, value in other.items()},
                "says": slip["says"],
                "credit": float(slip.get("credit", 0)),
            }
            for slip, other in slips
        ],
    }


def _row(key: tuple[str, str], value: float, grids: list[float], salt: str) -> dict[str, Any]:
    group, along = key
    # A power of ten: a reach in proportion to the value would give the value away.
    reach = 10.0 ** math.floor(math.log10(max(abs(value) * _REACH, 1e-9)))
    return {
        **({"series": group} if group else {}),
        "along": along,
        "right": seal.seal(value, reach, salt),
        "near": {f"{grid:g}": seal.seal(value, grid / 2, salt) for grid in grids},
    }
