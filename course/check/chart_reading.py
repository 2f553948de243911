"""Read rows back from a picture: what is measured, along what, and for which group.

A line, a bar or a row of points becomes a `Path`: places along one axis, each with the value that
stands there on the other. How the chart was written leaves no trace in it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from course.check.picture import Axis, Item, Mark, Picture, Scale

__all__ = [
    "PANELS",
    "Path",
    "Point",
    "dots",
    "label",
    "legend_name",
    "paths",
    "renamed",
    "rows",
    "sides",
]

#: The side of a chart whose panels, not whose axes, say along what it is drawn.
PANELS = "panels"

_DOTS = {"point", "circle", "square", "symbol"}


@dataclass(frozen=True)
class Point:
    """One row as drawn.

    ``value`` is measured; ``place`` and ``height`` are its pixels along both axes; ``base`` is
    where a bar begins; ``inside`` is false where it lies beyond the frame or has no place.
    """

    along: str
    value: float
    place: float
    height: float
    base: float = 0.0
    inside: bool = True


@dataclass(frozen=True)
class Path:
    """Points drawn as one: a line, or all bars of one look in one panel."""

    kind: str
    look: tuple
    panel: tuple[str, ...]
    points: tuple[Point, ...]
    across: str
    scale: Scale
    along: Scale | None
    size: float
    length: float


def sides(marks: list[Mark], names: set[str], years: bool) -> tuple[str | None, float]:
    """The axis that carries the names, and the share of items that stand at one of them."""
    best: tuple[str | None, float] = (None, 0.0)
    for side in ("x", "y", PANELS):
        found = [
            _along(mark, item, side, years) in names
            for mark in marks
            for item in mark.items
            if item.whole
        ]
        share = sum(found) / len(found) if found else 0.0
        if share > best[1]:
            best = side, share
    return best


def label(said: str | float, scale: Scale | None, years: bool) -> str:
    """What a place along an axis is called: a date, ``2015.0`` and ``2,015`` are the year 2015."""
    text = str(said).strip()
    try:
        value = float(text)
    except ValueError:
        dated = re.fullmatch(r"(\d{4})([-/T ].*)?", text)
        return dated[1] if years and dated else text
    dated = scale is not None and scale.kind in ("time", "utc")
    if years and (dated or abs(value) > 1e10):
        return _year(value)
    rounded = round(value)
    return str(rounded) if abs(value - rounded) < 1e-6 else text


def _year(milliseconds: float) -> str:
    try:
        day = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return "no date"
    # New Year's midnight of another time zone is still the new year.
    return str((day + timedelta(hours=14)).year)


def _along(mark: Mark, item: Item, side: str, years: bool) -> str:
    if side == PANELS:
        return " ".join(mark.panel)
    scale = mark.scales.get(side)
    if scale is None:
        return ""
    if side in item.names:
        return label(item.names[side], scale, years)
    if side not in item.ends or scale.discrete:
        return ""
    return label(scale.value(sum(item.ends[side]) / 2), scale, years)


def paths(marks: list[Mark], side: str, years: bool) -> list[Path]:
    """Read the paths of marks of one kind.

    Parameters
    ----------
    marks : list of course.check.picture.Mark
        Such as all lines of a picture.
    side : str
        The axis along which they run, or ``PANELS``.
    years : bool
        Whether years stand there.

    Returns
    -------
    list of Path
        Without those that leave no ink or have no number on the other axis.
    """
    found = []
    for mark in marks:
        across = {"x": "y", "y": "x"}.get(side) or _measured(mark)
        scale = mark.scales.get(across or "")
        if scale is None or scale.discrete:
            continue
        looks: dict[tuple, list[Point]] = defaultdict(list)
        joined = mark.kind in ("line", "area", "trail")
        first = mark.items[0].look if mark.items else ()
        for item in mark.items:
            if item.whole and item.seen:
                look = first if joined else item.look
                looks[look].append(_point(mark, item, side, across, scale, years))
        size = mark.size[1] if across == "y" else mark.size[0]
        length = mark.size[0] if across == "y" else mark.size[1]
        for look, points in looks.items():
            along = mark.scales.get(side)
            panel = (str(mark.view), *mark.panel)
            kept = tuple(points)
            found.append(Path(mark.kind, look, panel, kept, across, scale, along, size, length))
    return found


def _measured(mark: Mark) -> str | None:
    """The axis with numbers, where panels say along what the chart is drawn."""
    return next((s for s in "xy" if s in mark.scales and not mark.scales[s].discrete), None)


def _point(mark: Mark, item: Item, side: str, across: str, scale: Scale, years: bool) -> Point:
    first, last = item.ends.get(across, (math.nan, math.nan))
    base, height = _base_first(first, last, scale)
    ends = item.ends.get(side)
    place = sum(ends) / 2 if ends else math.nan
    size = dict(zip("xy", mark.size, strict=True))
    inside = math.isfinite(height) and -1 <= height <= size[across] + 1
    if side != PANELS:
        inside = inside and math.isfinite(place) and -1 <= place <= size[side] + 1
    along = _along(mark, item, side, years)
    return Point(along, scale.value(height), place, height, scale.value(base), inside)


def _base_first(first: float, last: float, scale: Scale) -> tuple[float, float]:
    """The two ends of a bar in pixels, where it begins and where it ends."""
    values = [scale.value(end) for end in (first, last)]
    at_start = [abs(end - scale.ends[0]) < 0.5 for end in (first, last)]
    from_zero = min(map(abs, values)) < 1e-9 * max(map(abs, scale.numbers))
    # Where the axis leaves zero out, a bar begins at the axis, and may end below it.
    if min(scale.numbers) > 0 and not from_zero and at_start[0] != at_start[1]:
        return (first, last) if at_start[0] else (last, first)
    return (last, first) if abs(values[0]) >= abs(values[1]) else (first, last)


def rows(picture: Picture, kinds: list[str], years: bool) -> dict[tuple[str, str], float]:
    """The rows that a reference chart draws: group and place to value.

    Parameters
    ----------
    picture : Picture
        Of a chart with its places on a discrete axis and its groups in a legend.
    kinds : list of str
        The marks that count.
    years : bool
        Whether years stand along it.

    Returns
    -------
    dict
        ``(group, place)`` to the value drawn; the group is ``""`` where there is but one.

    Raises
    ------
    ValueError
        If nothing is drawn, or a row stands twice.
    """
    marks = [mark for mark in picture.marks if mark.kind in kinds]
    side = next((s for mark in marks for s, scale in mark.scales.items() if scale.discrete), None)
    found: dict[tuple[str, str], float] = {}
    for path in paths(marks, side, years) if side else []:
        group = legend_name(picture, path)
        for point in path.points:
            if (group, point.along) in found:
                raise ValueError(f"{group} {point.along} stands twice in the reference chart")
            found[group, point.along] = point.value
    if not found:
        raise ValueError("the reference chart draws nothing on a discrete axis")
    return found


def renamed(picture: Picture, others: dict[str, str]) -> Picture:
    """Give a picture's places the names of the question.

    Parameters
    ----------
    picture : Picture
    others : dict of str to str
        What a place may be called, in small letters, to its name in the question.

    Returns
    -------
    Picture
    """

    def told(text: str) -> str:
        return others.get(text.strip().casefold(), text)

    marks = [
        replace(
            mark,
            panel=tuple(map(told, mark.panel)),
            items=tuple(
                replace(item, names={axis: told(name) for axis, name in item.names.items()})
                for item in mark.items
            ),
        )
        for mark in picture.marks
    ]
    axes = {
        place: Axis([told(text) for text in axis.labels], axis.title)
        for place, axis in picture.axes.items()
    }
    return replace(picture, marks=marks, axes=axes, texts=[told(text) for text in picture.texts])


def legend_name(picture: Picture, path: Path) -> str:
    """What the legend calls a path; nothing if it has no name or more than one there."""
    named = (picture.legend.get(one, set()) for one in path.look)
    return next((next(iter(names)) for names in named if len(names) == 1), "")


def dots(picture: Picture) -> dict[tuple[int, int], set]:
    """The looks of all points, by the pixels at which they stand."""
    found: dict[tuple[int, int], set] = defaultdict(set)
    for mark in picture.marks:
        if mark.kind in _DOTS:
            for item in mark.items:
                if item.seen and {"x", "y"} <= item.ends.keys():
                    found[round(item.ends["x"][0]), round(item.ends["y"][0])].add(item.look)
    return found
