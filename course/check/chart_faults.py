"""The first fault of a picture, held against the rows and the axes that a question asks for."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from course.check import colours, seal
from course.check.chart_reading import PANELS, Path, Point, dots, legend_name, paths, renamed, sides
from course.check.chart_slips import SLIPS
from course.check.picture import Axis, Mark, Picture
from course.tables import files

__all__ = ["Fault", "first_fault"]

_DEPTH = {name: depth for depth, name in enumerate(SLIPS)}
_BARS = {"bar", "rect"}
_WAYS = {"x": "across", "y": "up and down"}


class Fault(NamedTuple):
    """A fault's name and what fills its sentence."""

    name: str
    fill: dict[str, str]


class _Found(Exception):
    def __init__(self, name: str, **fill: str) -> None:
        super().__init__(name)
        self.fault = Fault(name, fill)


def first_fault(picture: Picture, record: dict[str, Any]) -> Fault | None:
    """Look at a picture; of several views beside one another the best one decides.

    Parameters
    ----------
    picture : Picture
        What is drawn.
    record : dict
        Of the question: ``wants``, ``rows`` with their seals, ``salt``.

    Returns
    -------
    Fault or None
        None if the picture shows what was asked.
    """
    picture = renamed(picture, _other_names(record))
    views = sorted({mark.view for mark in picture.marks}) or [0]
    groups = [set(views), *({view} for view in views if len(views) > 1)]
    best: Fault | None = None
    for group in groups:
        marks = [mark for mark in picture.marks if mark.view in group]
        try:
            _Look(picture, marks, record).at_all()
        except _Found as found:
            if best is None or _DEPTH[found.fault.name] > _DEPTH[best.name]:
                best = found.fault
        else:
            return None
    return best


def _other_names(record: dict[str, Any]) -> dict[str, str]:
    """What a place of the question may be called as well: in capitals, or a country by its code."""
    names = {row["along"] for row in record["rows"]}
    others = {name.casefold(): name for name in names}
    for code, row in files.rows("countries").items():
        if row["country"] in names:
            others |= {code.casefold(): row["country"]}
    return others


class _Way(NamedTuple):
    """One way to show a value: as it is, in another unit, or as its logarithm."""

    back: Callable[[float], float]
    words: tuple[str, ...] = ()
    labels: bool = False
    log: bool = False


class _Look:
    """One look at the marks of a picture."""

    def __init__(self, picture: Picture, marks: list[Mark], record: dict[str, Any]) -> None:
        self.picture, self.marks, self.record = picture, marks, record
        self.wants = record["wants"]
        self.quantity, self.along = self.wants["quantity"], self.wants["along"]
        self.years = self.along.get("kind") == "years"
        self.rows: dict[tuple[str, str], dict] = {
            (row.get("series", ""), row["along"]): row for row in record["rows"]
        }
        self.names = list(dict.fromkeys(row["along"] for row in record["rows"]))
        self.groups = list(dict.fromkeys(row.get("series", "") for row in record["rows"]))
        self.texts = [i.text for m in marks if m.kind == "text" for i in m.items if i.seen]

    def at_all(self) -> None:
        """Raise the first fault."""
        marks = self._wanted_marks()
        side = self._side(marks)
        found = self._paths(marks, side)
        bars = found[0].kind in _BARS
        drawn = self._totals(found) if bars else self._joined(found)
        way = self._way(found, drawn)
        by_path = self._rows(drawn, way)
        self._groups(by_path)
        self._order(found, side)
        solid = bars or found[0].kind == "area"
        bases = [p.base for _, points in drawn for p in points] if bars else None
        self._scales(found, way, solid, bases)
        self._axes(found, side, way)

    # ---- marks and sides ----

    def _wanted_marks(self) -> list[Mark]:
        kinds = set(self.wants["marks"])
        marks = [mark for mark in self.marks if mark.kind in kinds]
        if "bar" in kinds and not marks:
            marks = [m for m in self.marks if m.kind == "rect" and _long(m)]
        if not marks and kinds & self.picture.kinds:
            raise _Found("empty")
        if not marks:
            kinds = {mark.kind for mark in self.marks}
            if "area" in kinds and "line" in self.wants["marks"]:
                raise _Found("area")
            drawn = {"symbol": "points", "text": "texts", "rect": "rectangles"}
            said = sorted(drawn.get(kind, f"{kind}s") for kind in kinds)
            raise _Found("mark", drawn=" and ".join(said[:2]) or "no mark")
        unasked = set(self.wants.get("without", ()))
        if any(m.kind in unasked and any(item.seen for item in m.items) for m in self.marks):
            raise _Found("area")
        if not any(item.whole for mark in marks for item in mark.items):
            raise _Found("empty")
        if not any(item.seen for mark in marks for item in mark.items):
            raise _Found("invisible")
        return [mark for mark in marks if any(item.seen for item in mark.items)]

    def _side(self, marks: list[Mark]) -> str:
        side, share = sides(marks, set(self.names), self.years)
        if side is None or share < 0.3:
            seconds = self.years and any(
                scale.kind in ("time", "utc")
                and abs(scale.numbers[0]) < 1e10
                and abs(scale.numbers[1]) < 1e10
                for mark in marks
                for scale in mark.scales.values()
            )
            if seconds:
                raise _Found("seconds")
            raise _Found("bin" if self.picture.binned else "along", wanted=self._what())
        asked = self.along.get("side")
        if asked and side in "xy" and side != asked:
            raise _Found("turned", wanted=self._what(), side=_WAYS[asked])
        return side

    def _what(self) -> str:
        return self.along.get("called", "the years" if self.years else "the names")

    def _paths(self, marks: list[Mark], side: str) -> list[Path]:
        found = paths(marks, side, self.years)
        if not found:
            across = {"x": "y", "y": "x"}.get(side, "")
            if not any(across in mark.scales for mark in marks):
                raise _Found("nothing")
            raise _Found("bin" if self.picture.binned else "name")
        return found

    # ---- rows ----

    def _joined(self, found: list[Path]) -> list[tuple[Path, list[Point]]]:
        """Lines, each without reference lines and without a point drawn twice."""
        kept: list[tuple[Path, list[Point]]] = []
        level: list[tuple[Path, list[Point]]] = []
        for path in found:
            values = {round(p.value, 9) for p in path.points if math.isfinite(p.value)}
            if {p.along for p in path.points} & set(self.names):
                once = list({(p.along, p.value): p for p in path.points}.values())
                (kept if len(values) > 1 else level).append((path, once))
        single = all(len({p.along for p in points}) < 2 for _, points in kept + level)
        if single and len(kept + level) > len(self.groups):
            raise _Found("broken")
        return kept or level

    def _totals(self, found: list[Path]) -> list[tuple[Path, list[Point]]]:
        """Bars: what is stacked end to end counts as one."""
        ends: dict[tuple, list[Point]] = defaultdict(list)
        for path in found:
            for point in path.points:
                ends[path.panel, point.along].append(point)
        whole = []
        for (_, along), parts in ends.items():
            parts = (
                sorted(
                    {(p.base, p.value): p for p in parts if p.value != p.base}.values(),
                    key=lambda p: abs(p.value),
                )
                or parts[:1]
            )
            near = max(abs(p.value) for p in parts) * 1e-6 + 1e-9
            places = {round(p.place) for p in parts if math.isfinite(p.place)}
            for one, after in pairwise(parts):
                if abs(after.base - one.value) > near or len(places) > 1:
                    raise _Found("overlaid", place=along)
            whole.append(_whole(parts))
        return [(found[0], whole)]

    def _ways(self, path: Path) -> Iterator[_Way]:
        yield _Way(lambda v: v)
        for unit in self.quantity.get("units", []):
            if unit.get("times", 1) != 1:
                times = unit["times"]
                words = tuple(unit["words"])
                yield _Way(lambda v, t=times: v * t, words, unit.get("labels", False))
        if self.quantity.get("scale") == "log" and path.scale.kind == "linear":
            for base in (math.e, 2, 10):
                for times in (1, 100):
                    for start in (1, 100):
                        yield _Way(
                            lambda v, b=base, t=times, s=start: s * _power(b, v / t), log=True
                        )

    def _fits(self, row: dict, value: float, coarse: str | None = None) -> bool:
        sealed = row["near"].get(coarse) if coarse else row["right"]
        return sealed is not None and seal.fits(sealed, value, self.record["salt"])

    def _way(self, found: list[Path], drawn: list[tuple[Path, list[Point]]]) -> _Way:
        best, most = _Way(lambda v: v), 0
        for way in self._ways(found[0]):
            hits = sum(
                any(
                    (group, point.along) in self.rows
                    and self._near(way, drawn)(self.rows[group, point.along], way.back(point.value))
                    for group in self.groups
                )
                for _, points in drawn
                for point in points
            )
            if hits > most:
                best, most = way, hits
        return best

    def _near(self, way: _Way, drawn: list[tuple[Path, list[Point]]]) -> Callable:
        """How a row is held against a value: rounded values against rounded ones."""
        for grid in sorted(self.quantity.get("rounded", []), reverse=True):
            values = [way.back(p.value) / grid for _, points in drawn for p in points]
            if all(math.isfinite(v) and abs(v - round(v)) < 1e-5 for v in values):
                key = f"{grid:g}"
                return lambda row, v, key=key: self._fits(row, v, key) or self._fits(row, v)
        return self._fits

    def _rows(
        self, drawn: list[tuple[Path, list[Point]]], way: _Way
    ) -> dict[str, list[tuple[Path, list[Point]]]]:
        """Find the group of each path; raise what is wrong with its rows."""
        near = self._near(way, drawn)
        groups: dict[str, list[tuple[Path, list[Point]]]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        wrong: list[tuple[str, str, float]] = []
        extra: list[str] = []
        shown = {}
        for path, points in drawn:
            hits = {
                group: sum(
                    near(self.rows[group, p.along], way.back(p.value))
                    for p in points
                    if (group, p.along) in self.rows
                )
                for group in self.groups
            }
            group = max(hits, key=hits.get)
            known = self._named(path)
            if not hits[group] and known in self.groups:
                group = known
            places = [p.along for p in points]
            if len(set(places)) < len(places):
                if self.picture.binned:
                    raise _Found("bin")
                if sum(1 for count in hits.values() if count) > 1:
                    raise _Found("together")
                twice = next(one for one in places if places.count(one) > 1)
                raise _Found("several", place=twice)
            groups[group].append((path, points))
            for point in points:
                key = (group, point.along)
                shown[key] = point.value
                if key not in self.rows:
                    extra.append(point.along)
                elif near(self.rows[key], way.back(point.value)):
                    seen.add(key)
                else:
                    wrong.append((*key, point.value))
        ends = [end for path, _ in drawn for end in path.scale.numbers]
        self._wrong(shown, wrong, seen, extra, ends)
        return groups

    def _wrong(
        self, shown: dict, wrong: list, seen: set, extra: list[str], ends: list[float]
    ) -> None:
        lost = [key for key in self.rows if key not in shown]
        if wrong or lost or extra:
            for number, slip in enumerate(self.record["slips"]):
                if _same(slip["rows"], shown):
                    raise _Found("slip", number=str(number))
        if wrong:
            if all(any(math.isclose(value, end) for end in ends) for *_, value in wrong):
                raise _Found("cut", place=" ".join(wrong[0][:2]).strip())  # a clamped scale
            for times in (2, 3, 4):
                if not seen and all(
                    self._fits(self.rows[group, along], value / times)
                    for group, along, value in wrong
                ):
                    raise _Found("doubled", times={2: "two", 3: "three", 4: "four"}[times])
            if self.picture.binned:
                raise _Found("bin")
            group, along, value = wrong[0]
            given = f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
            given = given if math.isfinite(value) else "no number"
            raise _Found("values", place=f"{group} {along}".strip(), given=given)
        if lost:
            raise _Found("missing", place=" ".join(lost[0]).strip())
        if extra:
            raise _Found("extra", place=extra[0])

    # ---- groups ----

    def _named(self, path: Path) -> str:
        """The group that legend, panel or text gives a path."""
        panels = (part for part in path.panel if part in self.groups)
        return legend_name(self.picture, path) or next(panels, "")

    def _groups(self, by_group: dict[str, list[tuple[Path, list[Point]]]]) -> None:
        if len(self.groups) < 2:
            return
        for group, drawn in by_group.items():
            for path, _ in drawn:
                named = self._named(path)
                if named in self.groups and named != group:
                    raise _Found("swapped", place=group)
        at = dots(self.picture)
        looks = {
            group: {
                (path.panel, frozenset(at.get(_pixel(path, p), ())), path.look)
                for path, points in drawn
                for p in points
            }
            for group, drawn in by_group.items()
        }
        texts = {text.strip() for text in self.texts}
        alike = any(
            all(any(_same_look(own, far) for far in looks[other]) for own in looks[one])
            for one in looks
            for other in looks
            if one < other
        )
        if alike and not set(self.groups) <= texts:
            raise _Found("alike")

    # ---- order, scales, axes ----

    def _order(self, found: list[Path], side: str) -> None:
        if not self.along.get("ordered") or side == PANELS:
            return
        for path in found:
            places = {p.along: p.place for p in path.points if p.along in self.names}
            ways = [places[name] for name in self.names if name in places]
            if len(ways) < 2:
                continue
            if ways == sorted(ways, reverse=True) and side == "x":
                raise _Found("backwards")
            if ways not in (sorted(ways), sorted(ways, reverse=True)):
                raise _Found("order")
            along = [p.place for p in path.points]
            if path.kind in ("line", "trail") and along not in (
                sorted(along),
                sorted(along, reverse=True),
            ):
                raise _Found("zigzag")

    def _scales(
        self, found: list[Path], way: _Way, solid: bool, stacked: list[float] | None
    ) -> None:
        asked = self.quantity.get("scale", "linear")
        for path in found:
            scale = path.scale
            if (scale.kind != asked and not way.log) or (way.log and scale.kind == "log"):
                said = {"log": "a logarithmic one", "linear": "an even one"}
                kind = {"log": "logarithmic", "linear": "even"}.get(scale.kind, scale.kind)
                raise _Found("scale", scale=kind, wanted=said[asked])
            first, last = scale.numbers
            rises = (scale.ends[1] - scale.ends[0]) * (last - first) > 0
            # Pixels count from left to right, and downwards.
            if rises == (path.across == "y"):
                raise _Found("reversed")
            if asked == "linear" and (self.quantity.get("zero") or solid):
                low, high = min(first, last), max(first, last)
                # A part of a stack begins where the one before it ends, and the stack at zero.
                bases = (stacked or [p.base for p in path.points]) if solid else [0]
                if low > 0 or high < 0 or (solid and min(map(abs, bases)) > high * 1e-6):
                    raise _Found("zero")
            for point in path.points:
                if not point.inside:
                    raise _Found("cut", place=point.along)
        self._room(found)

    def _room(self, found: list[Path]) -> None:
        heights = [p.height for path in found for p in path.points]
        zero = self.quantity.get("zero")
        reach = (max(heights) - min(heights)) / max(path.size for path in found)
        if zero:
            ends = [path.scale.ends for path in found]
            starts = [end[0] for end in ends]
            reach = max(abs(h - s) for h in heights for s in starts) / found[0].size
        if reach < 0.15 and len(self.names) > 1:
            raise _Found("squeezed")
        if found[0].along is not None and not found[0].along.discrete:
            places = [p.place for path in found for p in path.points]
            if (max(places) - min(places)) / found[0].length < 0.25:
                raise _Found("squeezed")

    def _axes(self, found: list[Path], side: str, way: _Way) -> None:
        across = {"x": "y", "y": "x"}.get(side)
        views = {int(path.panel[0]) for path in found}
        measured = self._axis(across, views, found)
        along = self._axis(side, views, found)
        if side != PANELS:
            self._along_labels(along)
        elif not any(name in text for name in self.names for text in self.picture.texts):
            raise _Found("axis")
        digits = [text for text in measured.labels if re.search(r"\d", text)]
        told = [text for text in self.texts if re.search(r"\d", text)]
        if len(set(digits)) < 2 and len(told) < len(self.names):
            raise _Found("axis")
        self._titles(measured, along, way)

    def _axis(self, side: str | None, views: set[int], found: list[Path]) -> Axis:
        both = Axis()
        for (one, view), axis in self.picture.axes.items():
            known = one == side or (side is None and self._measures(one))
            if known and (view in views or view == 0):
                both.labels += axis.labels
                both.title = both.title or axis.title
        return both

    def _measures(self, side: str) -> bool:
        return any(side in m.scales and not m.scales[side].discrete for m in self.marks)

    def _along_labels(self, axis: Axis) -> None:
        shown = axis.labels + self.texts
        if self.years:
            comma = next((t for t in axis.labels if re.match(r"[12],\d{3}", t)), None)
            if comma:
                raise _Found("thousands", given=comma)
            if len({text for text in shown if text.strip()}) < 2:
                raise _Found("axis")
            return
        named = [
            name
            for name in self.names
            if any(name == t or (t.endswith("…") and name.startswith(t[:-1])) for t in shown)
        ]
        if len(named) < 0.6 * len(self.names):
            raise _Found("axis")

    def _titles(self, measured: Axis, along: Axis, way: _Way) -> None:
        labels = " ".join(measured.labels)
        if way.words and not _says(labels if way.labels else measured.title + labels, way.words):
            shown = next((t for t in reversed(measured.labels) if re.search("[1-9]", t)), "")
            raise _Found("unit", given=shown, place=measured.title)
        if way.log and not re.search(r"(?i)\b(log|ln)|logarit", measured.title):
            raise _Found("log-title")
        if not self.wants.get("titles"):
            return
        if not measured.title:
            raise _Found("no-title")
        units = [word for unit in self.quantity["units"] for word in unit["words"]]
        words = re.findall(r"[^\W\d_]{3,}", measured.title)
        named = not re.fullmatch(r"\w+_\w+|(\w+ of )?\w+_\w+", measured.title.strip())
        unit = _says(measured.title, units) or _says(labels, [u for u in units if u == "%"])
        if not (words and named and unit) or _bare(measured.title, units):
            raise _Found("title", given=measured.title[:40])
        if not along.title:
            raise _Found("along-title", wanted=self._what())


def _same_look(one: tuple, other: tuple) -> bool:
    """Whether two paths look the same: panel, dots and all, but for a shade of colour."""
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        if one[:1] == other[:1] == ("colour",):
            return colours.alike(one[1], other[1])
        return all(map(_same_look, one, other))
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return all(
            any(_same_look(own, far) for far in those)
            for these, those in ((one, other), (other, one))
            for own in these
        )
    return one == other


def _whole(parts: list[Point]) -> Point:
    last = parts[-1]
    return Point(
        last.along,
        last.value,
        last.place,
        last.height,
        parts[0].base,
        all(part.inside for part in parts),
    )


def _long(mark: Mark) -> bool:
    """Whether rectangles have a length on a scale of numbers, as bars have."""
    return any(not scale.discrete for scale in mark.scales.values())


def _pixel(path: Path, point: Point) -> tuple[int, int]:
    return (0, 0) if not point.inside else (round(point.place), round(point.height))


def _power(base: float, value: float) -> float:
    try:
        return base**value
    except OverflowError:
        return math.inf


def _says(text: str, words: Any) -> bool:
    return any(
        re.search(rf"(?i)(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", text) for word in words
    )


def _bare(title: str, units: list[str]) -> bool:
    """Whether a title is nothing but its unit."""
    rest = title
    for unit in sorted(units, key=len, reverse=True):
        rest = re.sub(rf"(?i){re.escape(unit)}", "", rest)
    return not re.search(r"[^\W\d_]{3,}", rest)


def _same(rows: dict[str, float], shown: dict[tuple[str, str], float]) -> bool:
    given = {"|".join(key): value for key, value in shown.items()}
    return given.keys() == rows.keys() and all(
        math.isclose(value, given[key], rel_tol=1e-4, abs_tol=1e-9) for key, value in rows.items()
    )
