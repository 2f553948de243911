"""A chart, judged by the picture that it makes."""

from __future__ import annotations

from typing import Any

from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.chart_faults import Fault, first_fault
from course.check.chart_slips import SLIPS
from course.check.history import shown_by
from course.check.picture import NotDrawn, draw
from course.check.wording import first_line
from course.slips import kind

__all__ = ["judge"]

_NO_DRAWING = (
    "This check draws the chart, which needs the installed course: it stays unmarked here."
)
_DISPLAYED = "Give the chart itself: {call} shows it and gives nothing back."


def judge(record: dict, answer: Any) -> Verdict:
    """Draw a chart and hold what is drawn against what the question asks for.

    Parameters
    ----------
    record : dict
        Of the question, from ``checks.json``.
    answer : object
        What the student gave.

    Returns
    -------
    Verdict
    """
    if answer is None:
        call = shown_by(record["id"])
        says = _DISPLAYED.format(call=call) if call else UNANSWERED
        return Verdict(0, says, answered=False)
    import altair as alt

    if not isinstance(answer, alt.TopLevelMixin):
        says = f"Not yet: {kind(answer)} is no Altair chart. Give the chart, not its display."
        return Verdict(0, says)
    try:
        picture = draw(_specification(answer))
    except NotDrawn as error:
        return Verdict(0, f"Not yet: {error}")
    except ImportError:
        return Verdict(0, _NO_DRAWING, answered=False)
    except Exception as error:  # noqa: BLE001 - Altair raises many kinds for a chart half made
        return Verdict(0, f"Not yet: the chart cannot be drawn: {first_line(error)[:110]}")
    fault = first_fault(picture, record)
    if fault is None:
        return Verdict(1, "Right: the chart shows what was asked.", assessed=RECORDED)
    credit, says = _said(record, fault)
    return Verdict(credit, f"Not yet: {says}", assessed=RECORDED)


def _specification(chart: Any) -> dict[str, Any]:
    """The chart as plain data, however many rows it has and whatever transformer is switched on."""
    import altair as alt

    with alt.data_transformers.enable("default", max_rows=None):
        return chart.to_dict()


def _said(record: dict, fault: Fault) -> tuple[float, str]:
    """What a chart with a fault earns, and the sentence."""
    if fault.name == "slip":
        slip = record["slips"][int(fault.fill["number"])]
        return slip["credit"], slip["says"]
    credit, says = SLIPS[fault.name]
    return credit, says.format(**{name: said[:40] for name, said in fault.fill.items()})
