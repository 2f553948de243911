"""A chart, judged by what its compiled specification says."""

from __future__ import annotations

from typing import Any

from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.chart_reading import Layer, read
from course.check.wording import first_line

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Hold a chart against what the key wants; the layer that fits best decides."""
    if answer is None:
        return Verdict(0, UNANSWERED, answered=False)
    import altair as alt

    if not isinstance(answer, alt.TopLevelMixin):
        kind = type(answer).__name__
        return Verdict(0, f"Not yet: {kind} is no Altair chart. Give the chart, not its display.")
    try:
        layers = read(answer)
    except Exception as error:  # noqa: BLE001 - Altair raises many kinds for a chart half made
        return Verdict(0, f"Not yet: the chart cannot be drawn: {first_line(error)}")
    # The layer that fits best decides, so that added labels and rules do no harm.
    found = [_chart_faults(record["wants"], layer) for layer in layers]
    if not found:
        return Verdict(0, "Not yet: the chart has no mark. Which mark shows this best?")
    _, fault = max(found, key=lambda one: one[0])
    # As with a choice's letters, to name each fault would tell when there is none.
    if fault is None:
        return Verdict(1, "Right: the chart says what was asked.", assessed=RECORDED)
    said = record["slips"].get(fault) or {"says": record["hint"], "credit": 0.0}
    return Verdict(said["credit"], f"Not yet: {said['says']}", assessed=RECORDED)


def _chart_faults(wants: dict, layer: Layer) -> tuple[int, str | None]:
    """How far a layer gets through the wants, and the name of its first fault."""
    if layer.mark not in wants["marks"]:
        return 0, "mark"
    channels = wants["channels"]
    if _swapped(channels, layer):
        return 1, "swapped"
    for depth, (channel, want) in enumerate(channels.items(), start=2):
        drawn = layer.channels.get(channel)
        other = drawn is None or (want.get("field") and drawn.field != want["field"])
        # A count has no column of its own.
        counted = drawn and drawn.aggregate == "count" and want.get("aggregate") == "count"
        if other and not counted:
            return depth, f"{channel}-field"
        if "aggregate" in want and (drawn.aggregate or "none") not in _listed(want["aggregate"]):
            return depth, f"{channel}-aggregate"
        if "type" in want and drawn.type not in _listed(want["type"]):
            return depth, f"{channel}-type"
        if want.get("zero") and not drawn.starts_at_zero:
            return depth, f"{channel}-zero"
        if "scale" in want and drawn.scale_type not in _listed(want["scale"]):
            return depth, f"{channel}-scale"
    return 99, None


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _swapped(channels: dict, layer: Layer) -> bool:
    if not {"x", "y"} <= channels.keys() or not {"x", "y"} <= layer.channels.keys():
        return False
    x, y = layer.channels["x"].field, layer.channels["y"].field
    return x != y and x == channels["y"].get("field") and y == channels["x"].get("field")
