"""What every what-if explorer shares: labelled controls, one chart, one sentence, one line of code.

An explorer holds no formula: a lesson's module gives it controls, a function from their values to
rows and a sentence (which calls ``course.models``), and a chart of the rows. The prediction is
read, drawn and spoken of here. It belongs to the state that was asked about: where a control has
moved away from it, the mark is pale and says what it was for.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import ipywidgets
import pandas as pd
import traitlets
from IPython.display import HTML, display

from course import charts, reading
from course.explore.wording import amount
from course.slips import Slip, meant

__all__ = [
    "AXIS_NUMBER",
    "GUESS_INK",
    "GUESS_OPACITY",
    "IN_ORDER",
    "MARK_IN_WORDS",
    "Choice",
    "Explorer",
    "Outcome",
    "Prediction",
    "Range",
    "explorer",
    "long_labels",
    "prediction_rule",
]

_HERE = Path(__file__).parent
_ROWS, _GUESS = "rows", "guess"
# Enough digits for every stop of a control, and for the table of a state.
_CONTROL_DIGITS = 6
# Columns that say in words, or in lines, what others have.
_FOR_THE_PICTURE = ("said", "lines", "shift")
#: Sort of an axis whose entries stand as the table's rows do. Without it they would keep the order
#: in which they were first drawn, also when other rows have come.
IN_ORDER = alt.EncodingSortField(field="place", op="min")
#: Labels of an axis of numbers, written out: 4,000 and 0.03, on logarithmic axes too. (An axis'
#: own ``format`` rounds to the distance of the ticks, and 8,760 to 9,000.)
AXIS_NUMBER = "format(datum.value, ',.12~r')"
#: Channels by which a mark says its row's column ``said``, to the mouse and to a screen reader.
MARK_IN_WORDS = {"tooltip": alt.Tooltip("said:N"), "description": alt.Description("said:N")}
# The same to the eye as to the sentence: what is no longer asked about is there, but steps back.
GUESS_OPACITY = alt.expr("datum.here ? 1 : 0.35")
GUESS_INK = alt.expr("datum.here ? '#1a1a1a' : '#5f5f5f'")


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
        How the value is written, as a format specification; without one it is written as the
        explorers' texts write numbers.
    told : str
        How one says what stands here, with ``{}`` for the value, as in "for a PUE of {}". Empty
        where the question of the prediction does not depend on this control.
    measure : str
        Unit in which a quantity is read; empty for a plain number.
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
    form: str = ""
    told: str = ""
    measure: str = ""

    def words(self, value: float) -> str:
        """Write a value with its unit."""
        number = f"{value:{self.form}}" if self.form else amount(value, _CONTROL_DIGITS)
        number = number.replace("%", " %")
        return f"{number} {self.unit}" if self.unit else number

    def asked(self, value: float) -> str:
        """Say that the question was about a value."""
        told = self.told.removesuffix("s") if value == 1 else self.told
        return told.format(self.words(value))

    def read(self, typed: Any) -> float:
        """Read what was typed for this control."""
        value = _read(typed, self.measure, self.name).value
        if not self.low <= value <= self.high:
            raise Slip(
                f"{self.name} is {self.words(value)}; it goes from {self.words(self.low)} to "
                f"{self.words(self.high)}."
            )
        if self.step and float(self.step).is_integer() and not float(value).is_integer():
            raise Slip(f"{self.name} is {amount(value, _CONTROL_DIGITS)}; it is a whole number.")
        return value

    def build(self, value: float) -> _Control:
        """Make the widget, standing at a value."""
        stops = _stops(self.low, self.high, self.step, self.log)
        if value not in stops:
            stops = sorted([*stops, float(value)])
        words = [self.words(stop) for stop in stops]
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
    name, label, hint, told : str
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
    told: str = ""

    def asked(self, value: str) -> str:
        """Say that the question was about a choice."""
        return self.told.format(value)

    def read(self, typed: Any) -> str:
        """Read what was typed for this control, whatever its capitals."""
        for option in self.options:
            if isinstance(typed, str) and typed.strip().casefold() == option.casefold():
                return option
        few = f"It is one of {_listed([repr(option) for option in self.options[:4]])}."
        raise Slip(
            f"{self.name} has no choice {reading.short(typed)}. "
            f"{meant(typed, self.options, otherwise=few)}"
        )

    def build(self, value: str) -> _Control:
        """Make the widget, standing at a choice."""
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
    """What the controls' values lead to.

    Attributes
    ----------
    rows : pandas.DataFrame
        What is drawn; a column ``said`` holds a mark in words.
    sentence : str
        One text with the numbers.
    value : float or None
        What the prediction is of; None where these values allow no answer.
    mark : dict
        What the place of the prediction's mark depends on, if it is more than its value.
    """

    rows: pd.DataFrame
    sentence: str
    value: float | None
    mark: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prediction:
    """The prediction that unlocks an explorer.

    Attributes
    ----------
    name : str
        Keyword by which the explorer's function takes it.
    given : object
        What the student typed; None keeps the explorer locked.
    unit : str
        Unit that it is asked in, as quantities name it; empty for a plain number.
    ask : str
        The question that it answers.
    write : callable
        Writes a value with its unit.
    missed : callable
        From prediction, value and ``write`` to one sentence on how far apart they are.
    high : float
        The most that is possible.
    axis : tuple of (float, float), optional
        Ends of the axis on which it is drawn; what lies beyond is drawn at the edge.
    place : callable, optional
        From the value and the outcome's ``mark`` to the fields of its mark, where that is more
        than a place on the x axis (``at``); ``beyond`` says that it is drawn at the edge.
    drawn : bool
        Whether the picture has an axis for it; the text speaks of it in any case.
    """

    name: str
    given: Any
    unit: str
    ask: str
    write: Callable[[float], str]
    missed: Callable[[float, float, Callable[[float], str]], str]
    high: float = math.inf
    axis: tuple[float, float] | None = None
    place: Callable[[float, dict[str, Any]], dict[str, Any]] | None = None
    drawn: bool = True

    def mark(self, value: float, found: dict[str, Any]) -> dict[str, Any]:
        """Fields of the mark: where it is drawn, and whether that is at the picture's edge."""
        if self.place is not None:
            return found | self.place(value, found)
        low, high = self.axis or (-math.inf, math.inf)
        at = min(max(value, low), high)
        return {"at": at, "beyond": at != value}


class Explorer:
    """One explorer on the page.

    Parameters
    ----------
    call : str
        How a student calls it, such as ``"explore.cluster_power"``.
    prediction : Prediction
        What was asked.
    guess : course.reading.Reading
        What the student answered, in the unit asked for, and how it was read.
    controls : sequence of Range or Choice
        The first two are shown at once, the rest on request.
    outcome : callable
        From the controls' values (by keyword) to an `Outcome`.
    chart : callable
        From two named data, the rows and the prediction's mark, to an Altair chart; called once,
        afterwards only the data change.
    start : dict
        Values that the prediction is for, by control name; the explorer opens with them.
    moved : dict, optional
        Values to which controls have been moved since.

    Raises
    ------
    Slip
        If a start value is outside its control's range or names no control.
    """

    def __init__(
        self,
        call: str,
        prediction: Prediction,
        guess: reading.Reading,
        controls: Sequence[Range | Choice],
        outcome: Callable[..., Outcome],
        chart: Callable[[alt.InlineData, alt.InlineData], alt.TopLevelMixin],
        start: dict[str, Any],
        moved: dict[str, Any] | None = None,
    ) -> None:
        self._call, self._prediction, self._read = call, prediction, guess
        self._guess = guess.value
        self._controls, self._outcome, self._draw = list(controls), outcome, chart
        names = [prediction.name, *(control.name for control in controls)]
        self._start = _settings(call, names, controls, start)
        self._asked = {control.name: control.value for control in controls} | self._start
        begin = self._asked | _settings(call, names, controls, moved or {})
        self._widgets = [control.build(begin[control.name]) for control in controls]
        first = self.outcome()
        # The mark stands where the question's own state put it, whatever the controls do.
        self._mark = prediction.mark(self._guess, self._outcome(**self._asked).mark)
        alt.JupyterChart.enable_offline(True)
        drawn = chart(
            alt.InlineData(values=_records(first.rows), name=_ROWS),
            alt.InlineData(values=self._mark_now(), name=_GUESS),
        )
        # Numbers at an axis' ends stand at their ticks: pushed inwards they meet their neighbours.
        drawn = drawn.configure_axis(labelFlush=False, labelOverlap="greedy", labelSeparation=4)
        # A label that grows with the values makes the picture wider; it is not cut off.
        drawn.autosize = alt.AutoSizeParams(type="pad", resize=True)
        self.chart = alt.JupyterChart(
            drawn, embed_options={"actions": False, "renderer": "svg"}, debounce_wait=5
        )
        self.reading = _Reading(sentence=self._told(first))
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

    def at(self, **moved: Any) -> Explorer:
        """Move controls, by name; the prediction stays with what was asked.

        Parameters
        ----------
        **moved : number or str
            Values by control name.

        Returns
        -------
        Explorer
            The same explorer, opened with these controls moved.
        """
        parts = (self._controls, self._outcome, self._draw)
        return Explorer(self._call, self._prediction, self._read, *parts, self._start, moved)

    def code(self) -> str:
        """The line of code that brings this state back."""
        now = self.values()
        line = _call(self._call, {self._prediction.name: self._guess} | self._start)
        moved = {name: value for name, value in now.items() if value != self._asked[name]}
        return line + (_call(".at", moved) if moved else "")

    def _away(self) -> list[str]:
        """What was asked about, of each control that has moved away from it."""
        now = self.values()
        return [
            control.asked(self._asked[control.name])
            for control in self._controls
            if control.told and now[control.name] != self._asked[control.name]
        ]

    def _mark_now(self) -> list[dict[str, Any]]:
        """The prediction's mark: full where it was asked for, pale and labelled elsewhere."""
        away = self._away()
        what = away[0] if len(away) == 1 else "other settings"
        words = f"your guess was for {what}" if away else "your guess"
        if self._mark["beyond"]:
            words += " (beyond this axis)"
        return [{**self._mark, "label": words, "here": not away}]

    def _told(self, now: Outcome) -> str:
        """The sentence, and what became of the prediction."""
        guess, away = self._prediction.write(self._guess), self._away()
        if away:
            about = f"Your guess, {guess}, was for {_listed(away)}."
        elif now.value is None:
            about = f"You predicted {guess}."
        else:
            about = self._prediction.missed(self._guess, now.value, self._prediction.write)
        return f"{now.sentence.strip()} {about} {self._read.remark}".rstrip()

    def _update(self, _: Any) -> None:
        now = self.outcome()
        # JupyterChart's own channel for data keeps the chart in place; giving it a whole new
        # chart would draw the frame anew and flicker.
        data = {_ROWS: _records(now.rows)}
        if self._prediction.drawn:
            data[_GUESS] = self._mark_now()
        self.chart._py_to_js_updates = [
            {"namespace": "data", "name": name, "scope": [], "value": value}
            for name, value in data.items()
        ]
        self.reading.sentence = self._told(now)
        self._details.value = self._details_html(now)

    def _details_html(self, now: Outcome) -> str:
        rows = now.rows.drop(columns=list(_FOR_THE_PICTURE), errors="ignore")
        table = rows.to_html(
            index=False,
            border=0,
            na_rep="not known",
            float_format=lambda value: amount(value, _CONTROL_DIGITS),
        )
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


def _call(name: str, given: dict[str, Any]) -> str:
    """A call as one types it."""
    return f"{name}({', '.join(f'{key}={_literal(item)}' for key, item in given.items())})"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _settings(
    call: str, names: Sequence[str], controls: Sequence[Range | Choice], given: dict[str, Any]
) -> dict[str, Any]:
    """Read the values given for controls, by name."""
    known = {control.name: control for control in controls}
    for name in given.keys() - known.keys():
        known_names = f"It has {_listed(names)}."
        raise Slip(f"{call} takes no {name!r}. {meant(name, names, otherwise=known_names)}")
    return {name: known[name].read(value) for name, value in given.items()}


def explorer(
    call: str,
    prediction: Prediction,
    controls: Sequence[Range | Choice],
    outcome: Callable[..., Outcome],
    chart: Callable[[alt.InlineData, alt.InlineData], alt.TopLevelMixin],
    start: dict[str, Any],
) -> Explorer | None:
    """Show an explorer, or ask for the prediction that unlocks it.

    Predicting first makes people notice what they then see (Miller and others, 2013), so an
    explorer stays locked until a prediction stands in the call.

    Parameters
    ----------
    call, prediction, controls, outcome, chart, start
        As for `Explorer`.

    Returns
    -------
    Explorer or None
        None while locked; the question is shown instead.

    Raises
    ------
    Slip
        If the prediction is no number in its unit, from 0 up to the most that is possible, or an
        argument is none of the explorer's.

    References
    ----------
    Miller, Lasry, Chu and Mazur (2013), Role of physics lecture demonstrations in conceptual
    learning, Phys. Rev. ST Phys. Educ. Res. 9, 020113,
    https://doi.org/10.1103/PhysRevSTPER.9.020113
    """
    if prediction.given is None:
        names = [prediction.name, *(control.name for control in controls)]
        _settings(call, names, controls, start)
        example = _call(call, {prediction.name: ...} | start).replace("Ellipsis", "...")
        display(
            HTML(
                '<div class="course-locked" role="status" style="border:2px dashed #555555;'
                'padding:1em;background:#ffffff;color:#1a1a1a">'
                f"<strong>Locked until you predict.</strong> {html.escape(prediction.ask)} "
                f"Type your guess as <code>{html.escape(example)}</code> and run the cell.</div>"
            )
        )
        return None
    found = _read(prediction.given, prediction.unit, prediction.name)
    if not 0 <= found.value <= prediction.high:
        top = "up" if math.isinf(prediction.high) else f"to {prediction.write(prediction.high)}"
        raise Slip(f"{prediction.name} is {prediction.write(found.value)}; it goes from 0 {top}.")
    return Explorer(call, prediction, found, controls, outcome, chart, start)


def _read(typed: Any, unit: str, name: str) -> reading.Reading:
    """Read a number in a unit, or say which argument cannot be read."""
    try:
        return reading.quantity(typed, unit)
    except reading.Unread as error:
        raise Slip(f"{name}: {error}") from None


def long_labels(most: int = 26) -> alt.Axis:
    """Make an axis whose names are written in two lines where they are long, and never cut.

    Parameters
    ----------
    most : int
        Letters that stand in one line.

    Returns
    -------
    altair.Axis
        For names in rows.
    """
    broken = f"replace(datum.label, regexp('(.{{8,{most}}}) ', 'g'), '$1\\n')"
    return alt.Axis(
        labelExpr=f"length(datum.label) > {most} ? split({broken}, '\\n') : datum.label",
        labelLimit=0,
    )


def prediction_rule(guess: alt.InlineData) -> alt.LayerChart:
    """Draw the prediction as a dashed line with its words, to lay over an explorer's chart.

    The line is pale while a control stands elsewhere than in the question. Its words lean to the
    side that has room.

    Parameters
    ----------
    guess : altair.InlineData
        The prediction's mark, as an explorer gives it to its chart: ``at`` on the measured (x)
        axis.

    Returns
    -------
    altair.LayerChart
        A layer of its own data.
    """
    left = "scale('x', datum.at) > width / 2"
    base = alt.Chart(guess)
    rule = base.mark_rule(
        strokeDash=[6, 4],
        strokeWidth=2,
        color=charts.COLOURS[6],
        opacity=GUESS_OPACITY,
    )
    text = base.mark_text(
        align=alt.expr(f"{left} ? 'right' : 'left'"),
        dx=alt.expr(f"{left} ? -5 : 5"),
        dy=-6,
        baseline="bottom",
        fontSize=12,
        color=GUESS_INK,
    )
    words = alt.Description("label:N")
    return rule.encode(x="at:Q", description=words) + text.encode(
        x="at:Q", y=alt.value(0), text="label:N", description=words
    )
