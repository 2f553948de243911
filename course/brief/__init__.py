"""The capstone's two pages: cards of evidence, set as a web page and as a PDF by one call.

A student plans (`judge` looks at the plan), makes a `card` for each claim and two forecasts, and
calls `write`. Nothing needs a network. The same parts are what the automatic points are for.
"""

from course.brief.judging import PAGES, PARTS, WORDS, judge
from course.brief.parts import Brief, BriefError, Card, card, forecast
from course.brief.writing import show, write

__all__ = [
    "PAGES",
    "PARTS",
    "WORDS",
    "Brief",
    "BriefError",
    "Card",
    "card",
    "forecast",
    "judge",
    "show",
    "write",
]
