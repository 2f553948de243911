"""How charts look and are drawn: palette, theme and renderer, switched on by the import."""

from __future__ import annotations

import functools
import importlib.util
import json
from typing import Any

import altair as alt
import pandas as pd

from course.charts.packing import only_drawn, packed

__all__ = ["COLOURS", "FIT", "rendered"]

# Okabe and Ito's palette, which stays distinct for the common kinds of colour blindness; yellow,
# too pale for lines on white, comes last.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#F0E442"]

#: In a narrow window a chart shrinks; otherwise its right side, legend first, would be cut off.
FIT = ".vega-embed{max-width:100%}.vega-embed svg.marks{max-width:100%;height:auto}"

# Quotations, definitions and citations are there to be read whole.
pd.set_option("display.max_colwidth", None)


@alt.theme.register("course", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    axis = {
        "labelFontSize": 12,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": "#e3e3e3",
        "titlePadding": 8,
    }
    return {
        "config": {
            # A white ground keeps dark text readable in JupyterLab's dark theme as well.
            "background": "#ffffff",
            "padding": 12,
            "font": "system-ui, sans-serif",
            "title": {
                "anchor": "start",
                "fontSize": 16,
                "fontWeight": 600,
                "subtitleFontSize": 12,
                "subtitleColor": "#555555",
                "subtitlePadding": 6,
                "offset": 12,
            },
            "axis": axis,
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260},
            "header": {"labelFontSize": 12, "titleFontSize": 12},
            "range": {"category": COLOURS},
            "mark": {"color": COLOURS[0]},
            "line": {"strokeWidth": 2.5},
            "point": {"filled": True, "size": 55},
            "view": {"continuousWidth": 520, "continuousHeight": 280, "stroke": None},
        }
    }


#: Whether charts bring pictures. A process that was copied from one that has drawn cannot draw.
pictures = True


@functools.lru_cache(maxsize=128)
def _picture(spec: str) -> bytes:
    """Draw a specification; one that was drawn before, by a cell that is run again, is at hand."""
    import vl_convert

    return packed(vl_convert.vegalite_to_png(spec, scale=1.5))


def rendered(spec: dict, **_: Any) -> tuple[dict, dict]:
    """Give JupyterLab a live chart and everything else a picture.

    JupyterLab 4.6 draws Vega-Lite 5 by itself; Altair 6 writes Vega-Lite 6, whose specifications
    of our chart kinds it draws as well when they carry the version-5 media type. Altair's own
    ``mimetype`` renderer uses a type without ``+json``, which stops nbclient and nbgrader, and
    its ``html`` renderer wants a network. This renderer goes when JupyterLab knows Vega-Lite 6.

    Parameters
    ----------
    spec : dict
        A compiled chart.

    Returns
    -------
    dict, dict
        The chart by media type, and what goes with each.
    """
    spec = only_drawn(spec)
    shown = {**spec, "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    words = spec.get("description", "A chart without a description.")
    bundle: dict[str, Any] = {
        "application/vnd.vegalite.v5+json": shown,
        "text/plain": words,
    }
    metadata: dict[str, Any] = {
        "application/vnd.vegalite.v5+json": {"embed_options": {"renderer": "svg", "actions": False}}
    }
    # In the browser's own Python vl-convert does not exist: there the live chart has to do.
    if pictures and importlib.util.find_spec("vl_convert"):
        bundle["image/png"] = _picture(json.dumps(spec))
        metadata["image/png"] = {"alt": words}
    return bundle, metadata


alt.renderers.register("course", rendered)
alt.renderers.enable("course")
# Lessons stay far below this; a table of 5,000 rows is the largest the course has.
alt.data_transformers.enable("default", max_rows=6000)
