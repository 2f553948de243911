"""What a chart draws: its marks where they stand, its scales, axes, legends and texts.

Altair's specification says how a chart is to be made. What is made of it, after every transform,
aggregate and filter, is known when it has been drawn: Vega-Lite is compiled to Vega by
vl-convert, and Vega gives the scene, item by item in pixels. Vega's scene does not say which
scale placed an item, so before it is drawn each mark, axis and scale is told to note that in
its description, which is drawn nowhere.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Axis", "Item", "LARGEST", "Mark", "NotDrawn", "Picture", "Scale", "draw"]

#: Rows of data up to which a chart is drawn; no table of the course has a quarter of them.
LARGEST = 20_000

_SEP = "\u001f"  # between the values of a note; no table has it
_NOTE = "note of a scale: "
_DISCRETE = {"band", "point", "ordinal", "bin-ordinal"}


class NotDrawn(ValueError):
    """A chart that no picture can be made of; the message is a sentence for the student."""


@dataclass(frozen=True)
class Scale:
    """How a value becomes a place: kind, domain, and the pixels of its ends."""

    kind: str
    domain: tuple[str, ...]
    ends: tuple[float, float]
    power: float = 1.0

    @property
    def discrete(self) -> bool:
        """Whether the scale has names, each with a place, rather than numbers."""
        return self.kind in _DISCRETE

    @property
    def numbers(self) -> tuple[float, float]:
        """First and last number of a continuous domain."""
        return float(self.domain[0]), float(self.domain[-1])

    def value(self, place: float) -> float:
        """The number that stands at a place in pixels; nan where the scale has none."""
        first, last = self.ends
        if first == last:
            return math.nan
        low, high = (self._forth(end) for end in self.numbers)
        return self._back(low + (place - first) / (last - first) * (high - low))

    def _forth(self, value: float) -> float:
        if self.kind == "log":
            return math.log(abs(value)) if value else math.nan
        if self.kind == "symlog":
            return math.copysign(math.log1p(abs(value)), value)
        return math.copysign(abs(value) ** self.power, value)

    def _back(self, value: float) -> float:
        if self.kind == "log":
            try:
                return math.copysign(math.exp(value), self.numbers[0])
            except OverflowError:
                return math.inf
        if self.kind == "symlog":
            return math.copysign(math.expm1(abs(value)), value)
        return math.copysign(abs(value) ** (1 / self.power), value)


@dataclass(frozen=True)
class Item:
    """One thing drawn: its ends in pixels along each axis, its look, and its name on each axis.

    ``names`` hold what a discrete scale placed; ``ends`` lack an axis on which it has no place.
    """

    ends: dict[str, tuple[float, float]]
    names: dict[str, str]
    look: tuple[Any, ...]
    seen: bool
    text: str = ""
    whole: bool = True


@dataclass(frozen=True)
class Mark:
    """The items of one mark in one panel: all bars, or one line."""

    kind: str
    items: tuple[Item, ...]
    scales: dict[str, Scale]
    panel: tuple[str, ...]
    view: int
    size: tuple[float, float]


@dataclass
class Axis:
    """What stands along a scale: the texts at its ticks, and its title."""

    labels: list[str] = field(default_factory=list)
    title: str = ""


@dataclass
class Picture:
    """Everything drawn: marks, axes by side and view, what each look stands for, other texts.

    ``kinds`` are those of all marks, also of those without a row; ``binned``: some values are.
    """

    marks: list[Mark] = field(default_factory=list)
    axes: dict[tuple[str, int], Axis] = field(default_factory=dict)
    legend: dict[Any, set[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    binned: bool = False
    kinds: set[str] = field(default_factory=set)


def draw(spec: dict[str, Any]) -> Picture:
    """Draw a Vega-Lite specification and read the scene.

    Parameters
    ----------
    spec : dict
        What Altair's ``to_dict`` gives, its data inside.

    Returns
    -------
    Picture

    Raises
    ------
    NotDrawn
        If the data is elsewhere or too large, or Vega cannot draw it.
    ImportError
        Where vl-convert is not installed, as in the browser's Python.
    """
    import vl_convert

    _refuse_data(spec)
    try:
        vega = vl_convert.vegalite_to_vega(spec)
        notes = _Notes(vega if isinstance(vega, dict) else json.loads(vega))
        scene = vl_convert.vega_to_scenegraph(notes.vega, allowed_base_urls=[])
    except ValueError as error:
        raise NotDrawn("the chart cannot be drawn. Has each mark its columns?") from error
    picture = Picture(binned=_bins(spec), kinds={note["kind"] for note in notes.marks.values()})
    _Scene(notes, picture).group(scene["scenegraph"], {}, (), 0, (0.0, 0.0))
    return picture


def _refuse_data(spec: Any) -> None:
    if isinstance(spec, dict):
        data = spec.get("data")
        if isinstance(data, dict) and "url" in data:
            raise NotDrawn("the chart's data is an address. Give alt.Chart the table itself.")
        rows = (
            [*spec.get("datasets", {}).values()] if isinstance(spec.get("datasets"), dict) else []
        )
        rows += [data["values"]] if isinstance(data, dict) and "values" in data else []
        longest = max((len(one) for one in rows if isinstance(one, list)), default=0)
        if longest > LARGEST:
            raise NotDrawn(
                f"the chart has {longest:,} rows. Which of them does the question ask for?"
            )
        for name, part in spec.items():
            if name not in ("datasets", "values"):
                _refuse_data(part)
    elif isinstance(spec, list):
        for part in spec:
            _refuse_data(part)


def _bins(spec: Any) -> bool:
    """Whether a place or a transform of the chart gathers values into bins."""
    if isinstance(spec, list):
        return any(map(_bins, spec))
    if not isinstance(spec, dict):
        return False
    return bool(spec.get("bin")) or any(
        _bins(part) for name, part in spec.items() if name not in ("datasets", "values")
    )


class _Notes:
    """Make a compiled chart note which scales place what."""

    def __init__(self, vega: dict[str, Any]) -> None:
        self.vega = vega
        self.marks: dict[str, dict[str, Any]] = {}
        self.scales: dict[str, dict[str, Any]] = {}
        self._group(vega)

    def _group(self, group: dict[str, Any]) -> None:
        marks = group.setdefault("marks", [])
        own = list(marks)
        for scale in group.get("scales", []):
            self.scales[scale["name"]] = scale
            marks.append(_scale_note(scale))
        for axis in group.get("axes", []):
            for part in ("labels", "title"):
                update = axis.setdefault("encode", {}).setdefault(part, {}).setdefault("update", {})
                update["description"] = {"value": axis["scale"]}
        for mark in own:
            self._mark(mark)

    def _mark(self, mark: dict[str, Any]) -> None:
        update = mark.setdefault("encode", {}).setdefault("update", {})
        name = mark.setdefault("name", f"mark {len(self.marks)}")
        if mark["type"] == "group":
            facet = mark.get("from", {}).get("facet", {}) if "from" in mark else {}
            shown = facet.get("groupby", []) if mark.get("style") == "cell" else []
            shown = [shown] if isinstance(shown, str) else shown
            update["description"] = {"signal": _joined([f"datum[{json.dumps(f)}]" for f in shown])}
            self.marks[name] = {"kind": "group"}
            self._group(mark)
            return
        placed = {axis: _placing(update, axis) for axis in "xy"}
        self.marks[name] = {
            "kind": _kind(mark),
            "scales": {axis: scale for axis, (scale, _) in placed.items()},
        }
        fields = [source or "''" for _, source in placed.values()]
        update["description"] = {"signal": _joined(fields)}


def _kind(mark: dict[str, Any]) -> str:
    """Vega-Lite's name of a mark: Vega draws bars, ticks and rectangles alike."""
    style = mark.get("style") or []
    style = [style] if isinstance(style, str) else style
    return style[0] if mark["type"] in ("rect", "symbol") and style else mark["type"]


def _placing(update: dict[str, Any], axis: str) -> tuple[str | None, str | None]:
    """The scale that places a mark along an axis, and the expression of what it places."""
    for channel in (axis, f"{axis}c", f"{axis}2"):
        for entry in _listed(update.get(channel)):
            if isinstance(entry.get("scale"), str):
                source = f"datum[{json.dumps(entry['field'])}]" if _plain(entry) else None
                return entry["scale"], source
            found = re.search(r"""scale\(["']([^"']+)["']""", str(entry.get("signal", "")))
            if found:
                return found[1], None
    return None, None


def _plain(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("field"), str)


def _listed(entry: Any) -> list[dict[str, Any]]:
    entries = entry if isinstance(entry, list) else [entry]
    return [one for one in entries if isinstance(one, dict)]


def _joined(expressions: list[str]) -> str:
    plain = [f"(isDate({one}) ? '' + time({one}) : '' + {one})" for one in expressions]
    return f" + {json.dumps(_SEP)} + ".join(plain) or "''"


def _scale_note(scale: dict[str, Any]) -> dict[str, Any]:
    """A text mark that draws nothing and notes the domain and range of a scale."""
    name = json.dumps(scale["name"])
    ends = [f"range({name})[0]", f"peek(range({name}))"]
    if scale.get("type") in _DISCRETE:
        domain = f"join(domain({name}), {json.dumps(_SEP)})"
    else:
        domain = _joined([f"(+domain({name})[0])", f"(+peek(domain({name})))"])
    signal = f"{_joined(ends)} + {json.dumps(_SEP)} + ({domain})"
    note = {"update": {"description": {"signal": signal}}}
    return {"type": "text", "name": _NOTE + scale["name"], "encode": note}


class _Scene:
    """Walk through a scene and put what it holds into a picture."""

    def __init__(self, notes: _Notes, picture: Picture) -> None:
        self.notes, self.picture, self.views = notes, picture, 0

    def group(self, node: dict, scales: dict, panel: tuple, view: int, size: tuple) -> None:
        role = node.get("role")
        if role == "axis":
            self._axis(node, view)
        elif role == "legend":
            self._legend(node)
        else:
            cells = node.get("name", "").endswith("_group") and role == "scope"
            for item in node["items"]:
                here = view
                if cells and "concat" in node["name"]:
                    self.views += 1
                    here = self.views
                self._children(item, scales, panel, here, size)

    def _children(self, item: dict, scales: dict, panel: tuple, view: int, size: tuple) -> None:
        scales = {**scales, **self._scales(item.get("items", []))}
        size = (item.get("width", size[0]), item.get("height", size[1]))
        panel = (*panel, item["description"]) if item.get("description") else panel
        for child in item.get("items", []):
            if child.get("marktype") == "group":
                self.group(child, scales, panel, view, size)
            elif child.get("role") in ("mark", None) and child.get("name") in self.notes.marks:
                self._mark(child, scales, panel, view, size)
            elif child.get("role") in ("title-text", "title-subtitle"):
                self.picture.texts += [_text(one) for one in child["items"]]

    def _scales(self, nodes: list[dict]) -> dict[str, Scale]:
        found = {}
        for node in nodes:
            name = node.get("name", "")
            if not name.startswith(_NOTE) or not node.get("items"):
                continue
            own = self.notes.scales[name.removeprefix(_NOTE)]
            first, last, *domain = node["items"][0].get("description", "").split(_SEP)
            ends = (_number(first), _number(last))
            power = own.get("exponent", 0.5 if own.get("type") == "sqrt" else 1)
            power = power if isinstance(power, (int, float)) and power else 1
            found[own["name"]] = Scale(own.get("type", "linear"), tuple(domain), ends, power)
        return found

    def _mark(self, node: dict, scales: dict, panel: tuple, view: int, size: tuple) -> None:
        note = self.notes.marks[node["name"]]
        own = {
            axis: scales[name] for axis, name in note["scales"].items() if name and name in scales
        }
        items = tuple(_item(node["marktype"], one, own) for one in node["items"])
        self.picture.marks.append(Mark(note["kind"], items, own, panel, view, size))

    def _axis(self, node: dict, view: int) -> None:
        for item in node["items"]:
            side = "y" if item.get("orient") in ("left", "right") else "x"
            axis = self.picture.axes.setdefault((side, view), Axis())
            for part in item.get("items", []):
                texts = [_text(one) for one in part["items"] if _visible(one)]
                if part.get("role") == "axis-label":
                    axis.labels += texts
                elif part.get("role") == "axis-title":
                    axis.title = axis.title or " ".join(texts).strip()

    def _legend(self, node: dict) -> None:
        for item in _every(node, "group"):
            parts = {part.get("role"): part["items"] for part in item.get("items", [])}
            symbols, labels = parts.get("legend-symbol"), parts.get("legend-label")
            if symbols and labels:
                for look in _looks(symbols[0]):
                    # Size and width of a legend's symbols are its own.
                    if look[0] in ("colour", "dash", "shape"):
                        self.picture.legend.setdefault(look, set()).add(_text(labels[0]))


def _every(node: dict, kind: str) -> Iterator[dict]:
    for item in node.get("items", []):
        if node.get("marktype") == kind:
            yield item
        for child in item.get("items", []):
            yield from _every(child, kind)


def _item(kind: str, item: dict, scales: dict[str, Scale]) -> Item:
    said = (item.get("description") or "").split(_SEP)
    names = dict(zip("xy", said, strict=False)) if len(said) == 2 else {}
    ends = {}
    for axis, length in (("x", "width"), ("y", "height")):
        first = item.get(axis, item.get(f"{axis}c"))
        second = item.get(f"{axis}2")
        if kind == "rect":
            second = None if first is None else first + item.get(length, 0)
        if kind == "area" and None not in (first, item.get(length)) and second is None:
            second = first + item[length]
        if isinstance(first, (int, float)) and math.isfinite(first):
            ends[axis] = (first, first if second is None else second)
    names = {axis: name for axis, name in names.items() if axis in scales and scales[axis].discrete}
    whole = item.get("defined", True) is not False
    return Item(ends, names, tuple(_looks(item)), _visible(item), _text(item), whole)


def _looks(item: dict) -> list[tuple[str, Any]]:
    """What tells an item from others: colour whether filled or drawn, dashes, shape, size."""
    found = []
    for name, key in (("stroke", "colour"), ("fill", "colour")):
        colour = item.get(name)
        if colour and colour != "transparent":
            found.append((key, str(colour).lower()))
            break
    if item.get("strokeDash"):
        found.append(("dash", tuple(item["strokeDash"])))
    if item.get("shape") not in (None, "stroke"):
        found.append(("shape", item["shape"]))
    for name in ("strokeWidth", "opacity", "strokeOpacity", "size"):
        if isinstance(item.get(name), (int, float)):
            found.append((name, item[name]))
    return found


def _visible(item: dict) -> bool:
    """Whether an item leaves ink: neither clear, nor white, nor of no width."""
    if item.get("opacity", 1) < 0.02:
        return False
    blank = {None, "", "transparent", "white", "#fff", "#ffffff"}
    stroke = item.get("stroke"), item.get("strokeOpacity", 1) * item.get("strokeWidth", 1)
    drawn = str(stroke[0] or "").lower() not in blank and stroke[1] > 0.01
    filled = str(item.get("fill") or "").lower() not in blank and item.get("fillOpacity", 1) > 0.01
    return drawn or filled


def _text(item: dict) -> str:
    said = item.get("text")
    return " ".join(map(str, said)) if isinstance(said, list) else str(said or "")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
