"""What every what-if explorer shares: labelled controls, one chart, one sentence, one line of code.

An explorer holds no formula: a lesson's module gives it controls, a function from their values to
rows and a sentence (which calls ``course.models``), and a chart of the rows.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import ipywidgets
import pandas as pd
import traitlets
from IPython.display import HTML, display

from course import charts

__all__ = ["IN_ORDER", "Choice", "Explorer", "Outcome", "Range", "explorer", "prediction_rule"]

_HERE = Path(__file__).parent
_ROWS = "rows"
#: Sort of an axis whose entries stand as the table's rows do. Without it they would keep the order
#: in which they were first drawn, also when other rows have come.
IN_ORDER = alt.EncodingSortField(field="place", op="min")


class _Control(anywidget.AnyWidget):
    """A labelled range input, or list, over values in words."""

    _esm = _HERE / "control.js"
    _css = _HERE / "control.css"
    kind = traitlets.Enum(["range", "list"]).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    position = traitlets.Int().tag(sync=True)

    def __init__(self, values: Sequence[Any], **traits: Any) -> None:
        self.values = list(values)
        super().__init__(**traits)

    @property
    def value(self) -> Any:
        """The value that the control stands at."""
        return self.values[self.position]


class _Reading(anywidget.AnyWidget):
    """The sentence beside the chart, announced when it changes."""

    _esm = _HERE / "reading.js"
    _css = charts.FIT + (_HERE / "reading.css").read_text(encoding="utf-8")
    sentence = traitlets.Unicode().tag(sync=True)


def _stops(low: float, high: float, step: float | None, log: bool) -> list[float]:
    if log:
        # Two significant digits an octave apart in spirit: 1, 1.2, 1.5 ... of each decade.
        decade = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        points = [digit * 10.0**power for power in range(first, last + 1) for digit in decade]
        inside = [point for point in points if low < point < high]
        return [float(low), *inside, float(high)]
    count = round((high - low) / step)
    return [round(low + index * step, 10) for index in range(count + 1)]


@dataclass(frozen=True)
class Range:
    """A slider.

    Attributes
    ----------
    name : str
        Keyword by which the explorer's function takes the value.
    label : str
        What the student reads, in words.
    unit : str
        Unit after the value, or empty.
    low, high, value : float
        Ends of the range and the opening value.
    step : float, optional
        Distance of the stops; left out for ``log=True``.
    log : bool
        Whether the stops grow by a factor rather than by a step.
    hint : str
        Where the range comes from, or that it is a teaching choice.
    form : str
        How the value is written, as a format specification.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    value: float
    step: float | None = None
    log: bool = False
    hint: str = ""
    form: str = ",g"

    def build(self, value: float) -> _Control:
        """Make the widget, standing at a value."""
        if not self.low <= value <= self.high:
            raise ValueError(
                f"{self.name} is {value!r}; it must lie from {self.low} to {self.high}"
            )
        stops = _stops(self.low, self.high, self.step, self.log)
        if value not in stops:
            stops = sorted([*stops, float(value)])
        words = [f"{stop:{self.form}}{f' {self.unit}' if self.unit else ''}" for stop in stops]
        return _Control(
            stops,
            kind="range",
            label=self.label,
            hint=self.hint,
            words=words,
            position=stops.index(value),
        )


@dataclass(frozen=True)
class Choice:
    """A drop-down list.

    Attributes
    ----------
    name, label, hint : str
        As for `Range`.
    options : sequence of str
        What can be chosen, in words.
    value : str
        The opening choice.
    """

    name: str
    label: str
    options: Sequence[str]
    value: str
    hint: str = ""

    def build(self, value: str) -> _Control:
        """Make the widget, standing at a choice."""
        if value not in self.options:
            raise ValueError(
                f"{self.name} is {value!r}; it must be one of {', '.join(self.options)}"
            )
        options = list(self.options)
        return _Control(
            options,
            kind="list",
            label=self.label,
            hint=self.hint,
            words=options,
            position=options.index(value),
        )


@dataclass(frozen=True)
class Outcome:
    """What the controls' values lead to: the rows drawn, and one sentence with the numbers."""

    rows: pd.DataFrame
    sentence: str


class Explorer:
    """One explorer on the page.

    Parameters
    ----------
    call : str
        How a student calls it, such as ``"explore.cluster_power"``.
    prediction : tuple of (str, object)
        Name and value of the prediction argument.
    controls : sequence of Range or Choice
        The first two are shown at once, the rest on request.
    outcome : callable
        From the controls' values (by keyword) to an `Outcome`.
    chart : callable
        From named data to an Altair chart; called once, afterwards only the rows change.
    start : dict
        Values to open with, by control name.

    Raises
    ------
    ValueError
        If a start value is outside its control's range or names no control.
    """

    def __init__(
        self,
        call: str,
        prediction: tuple[str, Any],
        controls: Sequence[Range | Choice],
        outcome: Callable[..., Outcome],
        chart: Callable[[alt.InlineData], alt.TopLevelMixin],
        start: dict[str, Any],
    ) -> None:
        known = [control.name for control in controls]
        odd = sorted(start.keys() - set(known))
        if odd:
            raise ValueError(f"{call} has no control {', '.join(odd)}; it has {', '.join(known)}")
        self._call, self._prediction = call, prediction
        self._controls, self._outcome = list(controls), outcome
        self._widgets = [
            control.build(start.get(control.name, control.value)) for control in controls
        ]
        first = self.outcome()
        alt.JupyterChart.enable_offline(True)
        data = alt.InlineData(values=_records(first.rows), name=_ROWS)
        drawn = chart(data)
        # A label that grows with the values makes the picture wider; it is not cut off.
        drawn.autosize = alt.AutoSizeParams(type="pad", resize=True)
        self.chart = alt.JupyterChart(
            drawn, embed_options={"actions": False, "renderer": "svg"}, debounce_wait=5
        )
        self.reading = _Reading(sentence=first.sentence)
        self._details = ipywidgets.HTML(self._details_html(first))
        self.widget = self._lay_out()
        for widget in self._widgets:
            widget.observe(self._update, names="position")

    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {
            control.name: widget.value
            for control, widget in zip(self._controls, self._widgets, strict=True)
        }

    def outcome(self) -> Outcome:
        """What the present values lead to."""
        return self._outcome(**self.values())

    def code(self) -> str:
        """The line of code that brings this state back."""
        name, value = self._prediction
        given = {name: value} | self.values()
        arguments = ", ".join(f"{key}={_literal(item)}" for key, item in given.items())
        return f"{self._call}({arguments})"

    def _update(self, _: Any) -> None:
        now = self.outcome()
        # JupyterChart's own channel for data keeps the chart in place; giving it a whole new
        # chart would draw the frame anew and flicker.
        self.chart._py_to_js_updates = [
            {"namespace": "data", "name": _ROWS, "scope": [], "value": _records(now.rows)}
        ]
        self.reading.sentence = now.sentence
        self._details.value = self._details_html(now)

    def _details_html(self, now: Outcome) -> str:
        table = now.rows.to_html(index=False, border=0, na_rep="not known")
        return (
            '<details class="course-details"><summary>This state as a table and as code</summary>'
            '<div style="max-height:16em;overflow:auto" tabindex="0" role="region" '
            f'aria-label="Data of the explorer">{table}</div>'
            f"<pre>{html.escape(self.code())}</pre></details>"
        )

    def _lay_out(self) -> ipywidgets.Widget:
        shown, more = self._widgets[:2], self._widgets[2:]
        left: list[ipywidgets.Widget] = list(shown)
        if more:
            hidden = ipywidgets.VBox(more, layout={"display": "none"})
            button = ipywidgets.ToggleButton(
                value=False, description="More controls", layout={"margin": "0 0 12px"}
            )

            def toggle(change: dict[str, Any]) -> None:
                hidden.layout.display = "flex" if change["new"] else "none"
                button.description = "Fewer controls" if change["new"] else "More controls"

            button.observe(toggle, names="value")
            left += [button, hidden]
        controls = ipywidgets.VBox(left, layout={"width": "270px", "padding": "12px 20px 0 0"})
        right = ipywidgets.VBox(
            [self.reading, self.chart, self._details], layout={"flex": "1 1 420px"}
        )
        box = ipywidgets.HBox([controls, right], layout={"flex_flow": "row wrap"})
        box.add_class("course-explorer")
        return box

    def _ipython_display_(self) -> None:
        display(self.widget)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: (None if pd.isna(value) else value) for key, value in row.items()} | {"place": place}
        for place, row in enumerate(rows.to_dict("records"))
    ]


def _literal(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{int(value)}"
    return repr(value)


def explorer(
    call: str,
    prediction: tuple[str, Any],
    ask: str,
    controls: Sequence[Range | Choice],
    outcome: Callable[..., Outcome],
    chart: Callable[[alt.InlineData], alt.TopLevelMixin],
    start: dict[str, Any],
) -> Explorer | None:
    """Show an explorer, or ask for the prediction that unlocks it.

    Predicting first makes people notice what they then see (Miller and others, 2013), so an
    explorer stays locked until a prediction stands in the call.

    Parameters
    ----------
    call, prediction, controls, outcome, chart, start
        As for `Explorer`.
    ask : str
        The question that the prediction answers.

    Returns
    -------
    Explorer or None
        None while locked; the question is shown instead.

    Raises
    ------
    ValueError
        If the prediction is no number from 0 up.

    References
    ----------
    Miller, Lasry, Chu and Mazur (2013), Role of physics lecture demonstrations in conceptual
    learning, Phys. Rev. ST Phys. Educ. Res. 9, 020113,
    https://doi.org/10.1103/PhysRevSTPER.9.020113
    """
    name, value = prediction
    if value is None:
        example = f"{call}({name}=...)"
        display(
            HTML(
                '<div class="course-locked" role="status" style="border:2px dashed #555555;'
                'padding:1em;background:#ffffff;color:#1a1a1a">'
                f"<strong>Locked until you predict.</strong> {html.escape(ask)} "
                f"Type your guess as <code>{html.escape(example)}</code> and run the cell.</div>"
            )
        )
        return None
    magnitude = getattr(value, "magnitude", value)
    if isinstance(magnitude, bool) or not isinstance(magnitude, (int, float)):
        raise ValueError(f"{name} is {value!r}; it must be a plain number, such as {name}=100")
    if not magnitude >= 0 or math.isinf(magnitude):
        raise ValueError(f"{name} is {value!r}; it must be a number from 0 up")
    return Explorer(call, (name, float(magnitude)), controls, outcome, chart, start)


def prediction_rule(value: float, words: str) -> alt.Chart:
    """Draw the prediction as a dashed line with its words, to lay over an explorer's chart.

    Parameters
    ----------
    value : float
        Where on the measured (x) axis the prediction lies.
    words : str
        Label at the line.

    Returns
    -------
    altair.Chart
        A layer of its own data.
    """
    frame = pd.DataFrame({"prediction": [value], "label": [words]})
    rule = alt.Chart(frame).mark_rule(strokeDash=[6, 4], strokeWidth=2, color=charts.COLOURS[6])
    text = alt.Chart(frame).mark_text(align="left", dx=5, dy=-6, baseline="bottom", fontSize=12)
    return rule.encode(x="prediction:Q") + text.encode(
        x="prediction:Q", y=alt.value(0), text="label:N"
    )
