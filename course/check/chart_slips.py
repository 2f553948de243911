"""What is said of a fault of a chart, and what the chart still earns with it.

In the order in which a picture is looked at: a chart is told its first fault. A question's key
adds the measures that are easily taken for the one asked.
"""

from __future__ import annotations

__all__ = ["SLIPS"]

#: Fault to the share of the points and the sentence; ``{...}`` are filled from the picture.
SLIPS: dict[str, tuple[float, str]] = {
    "mark": (0, "The chart has {drawn}. Which mark shows best what is asked here?"),
    "area": (0.5, "That is an area, and a line is asked. Which mark draws the edge alone?"),
    "empty": (
        0,
        "The mark has no row that it can draw. Which rows reach it, and what type has each column?",
    ),
    "invisible": (0, "The mark leaves no ink: it is clear, white or of no width. Can it be seen?"),
    "seconds": (
        0,
        "The axis takes each year for a moment just after New Year 1970. Which type keeps a whole "
        "year as it is?",
    ),
    "bin": (0, "The chart gathers values into bins. Is each row to stand for itself?"),
    "along": (0, "The chart does not run along what is asked. Which column holds {wanted}?"),
    "turned": (0.5, "The axes are swapped: {wanted} are to run {side}."),
    "nothing": (0, "Nothing is measured: one axis has no column. Which one goes there?"),
    "name": (0, "The measured numbers are treated as names. Which type has a number?"),
    "slip": (0, ""),  # another measure that the key foresees and speaks of itself
    "doubled": (0, "Every value is drawn {times} times as large as it is. Which rows count twice?"),
    "overlaid": (
        0,
        "Several bars of one place lie on or beside one another: '{place}'. What adds their rows "
        "up to one bar?",
    ),
    "broken": (0, "The line falls apart into single points. Which channel splits it?"),
    "together": (0, "One line runs through both groups. Which channel tells the groups apart?"),
    "several": (0, "At '{place}' the chart has more than one value. Which one is meant?"),
    "values": (
        0,
        "At '{place}' the chart shows {given}, and the table does not. Which column and which "
        "rows reach the mark?",
    ),
    "missing": (0, "'{place}' is not drawn. Which rows of the table reach the mark?"),
    "extra": (0, "The chart also draws '{place}', which is not asked. Where does it come from?"),
    "swapped": (0, "'{place}' has the name of another group. Who is who in the chart?"),
    "alike": (0, "The groups look the same. Which channel lets the eye tell them apart?"),
    "order": (0, "The years do not stand in their order. What sorts the axis?"),
    "backwards": (0.5, "Time runs backwards. Which way does a reader expect it to go?"),
    "zigzag": (0, "The line does not go from year to year in turn. What gives it its order?"),
    "scale": (
        0.5,
        "The axis of what is measured is {scale}, and {wanted} is asked. How is a scale told its "
        "type?",
    ),
    "reversed": (0.5, "The axis is turned round: more is drawn as less. Which end is the zero?"),
    "zero": (0.5, "The axis does not begin at zero, so what it shows looks larger than it is."),
    "cut": (0, "'{place}' lies outside the axis. How far must the domain reach?"),
    "squeezed": (
        0.5,
        "The rows fill only a small part of an axis, so little can be read. Where should it begin "
        "and end?",
    ),
    "axis": (0, "An axis has no labels, so nothing can be read from it. What hides them?"),
    "thousands": (
        0.5,
        "The years have a thousands comma, as in '{given}'. Which type or format shows a year as "
        "a year?",
    ),
    "log-title": (
        0.5,
        "The axis shows logarithms and does not say so. What would its title have to name?",
    ),
    "unit": (
        0.5,
        "Labels such as '{given}' and the title '{place}' do not go together. In which unit are "
        "the numbers?",
    ),
    "title": (
        0.5,
        "The title '{given}' of the measured axis does not tell in words what is measured and in "
        "which unit.",
    ),
    "no-title": (0.5, "The measured axis has no title. What is measured, and in which unit?"),
    "along-title": (0.5, "The axis of {wanted} has no title. What would a stranger need to read?"),
}
