"""A rubric's rows, their points, and the words in which a comment tells students of them.

nbgrader keeps one score and one comment an answer. The comment begins with a line a row, so that
feedback shows where points were lost; the same lines tell the page later which level was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["LEVELS", "Row", "earned", "read", "total", "written"]

#: What a row earns at each level, as a share of its points.
LEVELS = {"full": 1.0, "half": 0.5, "none": 0.0}


class Row(NamedTuple):
    """One row of a rubric: what is looked at, its points, and what earns them."""

    criterion: str
    points: float
    full: str
    half: str
    none: str


def earned(row: Row, level: str) -> float:
    """Points of a row at a level."""
    return row.points * LEVELS[level]


def total(rows: Sequence[Row], levels: Sequence[str | None]) -> float | None:
    """Points of an answer; None while a row has no level."""
    given = [earned(row, level) for row, level in zip(rows, levels, strict=True) if level]
    return sum(given) if len(given) == len(rows) else None


def _head(row: Row, level: str) -> str:
    return f"- {row.criterion}: {earned(row, level):g} of {row.points:g}."


def _line(row: Row, level: str) -> str:
    # A row that lost nothing needs no reason, and the others' reasons do not give it away.
    return _head(row, level) if level == "full" else f"{_head(row, level)} {getattr(row, level)}"


def written(rows: Sequence[Row], levels: Sequence[str | None], free: str) -> str | None:
    """Write the comment that students read.

    Parameters
    ----------
    rows : sequence of Row
        The question's rubric.
    levels : sequence of str or None
        One a row: ``full``, ``half``, ``none``, or None where nothing was chosen yet.
    free : str
        The marker's own words.

    Returns
    -------
    str or None
        Markdown, as nbgrader's feedback pages show it; None where there is nothing to say.
    """
    lines = [_line(row, level) for row, level in zip(rows, levels, strict=True) if level]
    return "\n\n".join(part for part in ("\n".join(lines), free.strip()) if part) or None


def read(rows: Sequence[Row], comment: str | None) -> tuple[list[str | None], str]:
    """Find levels and own words in a comment again.

    Parameters
    ----------
    rows : sequence of Row
        The question's rubric.
    comment : str or None
        From the gradebook; it may have been written or changed in Formgrader.

    Returns
    -------
    levels : list of str or None
        One a row; None where the comment has no line of that row.
    free : str
        The rest.
    """
    lines = (comment or "").strip().splitlines()
    levels: list[str | None] = []
    for row in rows:
        first = lines[0] if lines else ""
        found = next((level for level in LEVELS if first.startswith(_head(row, level))), None)
        levels.append(found)
        if found:
            del lines[0]
    return levels, "\n".join(lines).strip()
