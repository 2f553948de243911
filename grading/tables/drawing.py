"""What makes a picture of a table: the register, the finding, and the SVG.

A picture is a function of its table's DataFrame that gives an Altair chart and a finding. The
finding is worked out from the table, and `finding` refuses one that the table no longer bears
out, so that a title cannot outlive its figures.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

from course import charts, tables

__all__ = [
    "PICTURES",
    "Drawing",
    "Picture",
    "PictureError",
    "draw",
    "filled_cells",
    "finding",
    "picture",
    "tell",
]

NBSP = "\N{NO-BREAK SPACE}"
# vl-convert brings Liberation Sans, which has Arial's widths: so a picture is laid out alike on
# every machine and reads alike in every browser.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

Drawing = tuple[alt.TopLevelMixin, str]
PICTURES: dict[str, Callable[[pd.DataFrame], Drawing]] = {}


class PictureError(ValueError):
    """A finding that the table does not bear out."""


class Picture(NamedTuple):
    """A picture as the code book shows it."""

    svg: str
    finding: str
    description: str


def picture(draw_table: Callable[[pd.DataFrame], Drawing]) -> Callable[[pd.DataFrame], Drawing]:
    """Register a function as the picture of the table it is named after."""
    PICTURES[draw_table.__name__] = draw_table
    return draw_table


def finding(holds: Any, sentence: str) -> str:
    """Give back a finding that holds, and refuse one that does not.

    Parameters
    ----------
    holds : bool
        The condition, worked out from the table, under which the sentence is true.
    sentence : str
        The finding, its figures worked out from the table as well.

    Returns
    -------
    str
        The sentence.

    Raises
    ------
    PictureError
        If the table does not bear it out.
    """
    if not bool(holds):
        raise PictureError(f"the table no longer bears out {sentence!r}: find what it does show")
    # A title is wrapped: keep a number and its unit on one line.
    sentence = re.sub(r"(?<=\d) (?=(%|m|bn|MW|GW|TWh|times)\b|%)", NBSP, sentence)
    return re.sub(r"(?<=\b(?:USD|EUR)) (?=\d)", NBSP, sentence)


def tell(value: float, digits: int = 3) -> str:
    """Write a number for a title: so many significant digits, thousands set off, no exponent.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> tell(1193.4), tell(0.01392, 2), tell(27.0)
    ('1,190', '0.014', '27')
    """
    if value == 0:
        return "0"
    places = digits - 1 - int(np.floor(np.log10(abs(value))))
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def filled_cells(frame: pd.DataFrame) -> Drawing:
    """Draw how much of each column is filled: the picture of a table that has none of its own."""
    share = (frame.notna().mean() * 100).reset_index()
    share.columns = ["column", "share"]
    whole = int((share["share"] == 100).sum())
    chart = (
        alt.Chart(share)
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="cells filled, %"),
            y=alt.Y("column:N", sort=None, title=None, axis=alt.Axis(labelLimit=330)),
        )
        .properties(width=480)
    )
    return chart, finding(True, f"{whole} of {len(share)} columns are filled in every row")


def _plain(svg: str, title: str, description: str) -> str:
    """Number the ids of a picture from one, and give it its title and description."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return seen.setdefault(match.group(), f"{match.group(1)}{len(seen) + 1}")

    # Vega counts its clips and gradients through a whole run, so their numbers are not the
    # picture's own.
    svg = re.sub(r"\b(clip|gradient_)\d+\b", number, svg)
    words = (
        f'<title id="title">{html.escape(title, quote=False)}</title>'
        f'<desc id="desc">{html.escape(description, quote=False)}</desc>'
    )
    opening = re.match(r"<svg [^>]*>", svg)
    if opening is None:
        raise PictureError(f"no picture came of {title!r}")
    head = opening.group()[:-1] + ' role="img" aria-labelledby="title desc">'
    return head + words + svg[opening.end() :].rstrip("\n") + "\n"


def draw(name: str) -> Picture:
    """Draw the picture of a table.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    Picture
        The SVG, the finding that is its title, and its description in words. The same table
        gives the same bytes.

    Raises
    ------
    PictureError
        If the table no longer bears out the finding.
    """
    chart, title = PICTURES.get(name, filled_cells)(tables.load(name))
    ready = charts.finish(chart, title, name)
    spec = ready.to_dict()
    # The marks need no words of their own: the picture as a whole has a description.
    spec["config"] = {**spec.get("config", {}), "font": FONT, "aria": False}
    title, words = (text.replace(NBSP, " ") for text in (title, spec["description"]))
    return Picture(_plain(vl_convert.vegalite_to_svg(spec), title, words), title, words)
