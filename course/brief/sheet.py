"""The brief as a PDF: tagged, with alternative texts, set by Typst without a network."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from course import charts
from course.brief import words
from course.brief.parts import BriefError

__all__ = ["make"]

_TEMPLATE = Path(__file__).with_name("brief.typ")
# Drawn at this size, the labels of a chart can be read in a column of 8 cm.
_WIDTH, _HEIGHT = 290, 130


def make(record: dict[str, Any], drawn: list[Any]) -> tuple[int, bytes]:
    """Set a brief.

    Parameters
    ----------
    record : dict
        What stands in it (`course.brief.writing`).
    drawn : list of altair.TopLevelMixin
        A chart for each card.

    Returns
    -------
    int, bytes
        The pages, and the PDF.

    Raises
    ------
    BriefError
        If a sign is in no font.
    """
    import vl_convert

    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare)
        shutil.copy(_TEMPLATE, folder)
        for number, chart in enumerate(drawn):
            picture = vl_convert.vegalite_to_png(small(chart).to_dict(), scale=2.5)
            (folder / f"chart-{number}.png").write_bytes(picture)
        alts = [charts.describe(chart, card["finding"])
                for card, chart in zip(record["cards"], drawn, strict=True)]  # fmt: skip
        content = {**words.lines(record), "alts": alts}
        (folder / "brief.json").write_text(json.dumps(content), encoding="utf-8")
        return _set(folder / _TEMPLATE.name)


def _set(main: Path) -> tuple[int, bytes]:
    """Pages and PDF, in the compiler's own fonts, so that every machine sets the same pages."""
    import typst

    for own_fonts_only in (True, False):  # a name in Chinese needs a font of this machine
        where = {"root": str(main.parent), "ignore_system_fonts": own_fonts_only}
        try:
            pdf = typst.compile(str(main), pdf_standards="ua-1", **where)
        except typst.TypstError as error:
            # The one error that an author's words can cause; any other is ours.
            unseen = re.search(r'the text `"(.+?)"` could not be displayed', str(error))
            if not unseen:
                raise
            continue
        return int(typst.query(str(main), "<pages>", field="value", one=True, **where)), pdf
    raise BriefError(
        f"No font here has the sign {unseen[1]} for the PDF; write it with letters instead."
    )


def small(chart: Any) -> Any:
    """Give a chart of one view the size that it has in a brief; others stay as they are."""
    import altair as alt

    if not isinstance(chart, (alt.Chart, alt.LayerChart)):
        return chart
    copy = chart.copy(deep=True)
    height = copy.height if isinstance(copy.height, int) else _HEIGHT
    copy.title = alt.Undefined  # the finding stands beside it
    return copy.properties(width=_WIDTH, height=min(height, _HEIGHT))
