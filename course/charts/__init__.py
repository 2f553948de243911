"""Charts that everyone can read, in JupyterLab, on a feedback page and without a network.

Importing this package switches on the course's theme and its renderer (`look`). A lesson builds
an Altair chart and hands it to `show`, which adds the finding as title, the source (`showing`), a
description in words and the data as a table (`describing`).
"""

from course.charts.describing import describe, plotted_data
from course.charts.look import COLOURS, FIT
from course.charts.showing import binding, details_html, finish, show

__all__ = [
    "COLOURS",
    "FIT",
    "binding",
    "describe",
    "details_html",
    "finish",
    "plotted_data",
    "show",
]
