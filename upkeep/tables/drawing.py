"""What makes a picture of a table: the register, the finding, and the SVG.

A picture is a function of its table's DataFrame that gives an Altair chart and a finding. The
finding is worked out from the table, and `finding` refuses one that the table no longer bears
out, so that a title cannot outlive its figures.

Two machines draw one picture with different bytes: where a system has a font of the name asked
for, it takes the place of the one that vl-convert brings, and a label a pixel wider makes another
picture. So a picture is known by what it is made of, its specification with the data in it, and
carries the checksum of that; the bytes that were drawn carry one of their own, which tells an
edit by hand.
"""

from __future__ import annotations

import hashlib
import html
import json
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
    "state",
    "tell",
]

NBSP = "\N{NO-BREAK SPACE}"
# vl-convert brings Liberation Sans, which has Arial's widths: so a picture reads alike in every
# browser.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

Drawing = tuple[alt.TopLevelMixin, str]
PICTURES: dict[str, Callable[[pd.DataFrame], Drawing]] = {}


class PictureError(ValueError):
    """A finding that the table does not bear out."""


class Picture(NamedTuple):
    """A picture as the code book shows it, before it is drawn."""

    spec: dict[str, Any]
    finding: str
    description: str

    @property
    def made_of(self) -> str:
        """Checksum of the specification and its data, floats to nine digits."""
        text = json.dumps(_steady(self.spec), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def svg(self) -> str:
        """Draw it, with both checksums in it."""
        drawn = _plain(vl_convert.vegalite_to_svg(self.spec), self.finding, self.description)
        words = f"made of {self.made_of}; drawn {hashlib.sha256(drawn.encode()).hexdigest()}"
        return drawn.replace("</desc>", f"</desc><metadata>{words}</metadata>", 1)


_MARK = re.compile(r"<metadata>made of (\w{64}); drawn (\w{64})</metadata>")


def state(svg: str, picture: Picture) -> str:
    """Say in which state a drawn picture is.

    Parameters
    ----------
    svg : str
        The file's text.
    picture : Picture
        What it should show.

    Returns
    -------
    str
        Empty if it shows that; else ``"is out of date"`` or ``"was changed by hand"``.
    """
    mark = _MARK.search(svg)
    if mark is None or mark.group(1) != picture.made_of:
        return "is out of date"
    drawn = svg.replace(mark.group(), "", 1)
    return (
        "" if hashlib.sha256(drawn.encode()).hexdigest() == mark.group(2) else "was changed by hand"
    )


def _steady(part: Any) -> Any:
    """Round floats, whose last digits may differ from processor to processor."""
    if isinstance(part, dict):
        return {name: _steady(one) for name, one in part.items()}
    if isinstance(part, list):
        return [_steady(one) for one in part]
    return float(f"{part:.9g}") if isinstance(part, float) else part


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
    """Work out the picture of a table.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    Picture
        Its specification with the data, the finding that is its title, and its description in
        words.

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
    return Picture(spec, title, words)
