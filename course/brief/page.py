"""The brief as one web page that needs no other file."""

from __future__ import annotations

import base64
import html
import json
from typing import Any

from course import charts
from course.brief import words
from course.brief.sheet import small

__all__ = ["card_html", "make"]

# Of a picture, in pixels; it shrinks on a narrow screen.
_WIDTH = 460
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #ffffff;
  max-width: 58rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1, h2, h3 { line-height: 1.25; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: #444444; padding: .3rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #bbbbbb;
  vertical-align: top; }
article { border-top: 2px solid #cccccc; padding-top: .5rem; margin-top: 1.5rem; }
figure { margin: 0 0 1rem; }
figure img { max-width: 100%; height: auto; }
blockquote { margin: .5rem 0; font-style: italic; }
dt { font-weight: 600; }
dd { margin: 0 0 .4rem 1rem; }
a { color: #00529b; }
li { overflow-wrap: anywhere; }
details table { font-size: .9rem; }
@media print { details { display: none; } article { break-inside: avoid; } }
"""


def make(record: dict[str, Any], drawn: list[Any]) -> str:
    """Write the page.

    Parameters
    ----------
    record : dict
        What stands in it (`course.brief.writing`).
    drawn : list of altair.TopLevelMixin
        A chart for each card.

    Returns
    -------
    str
        HTML with the pictures inside, and the record as JSON for `course.brief.peer`.
    """
    lines = words.lines(record)
    minister = "".join(f"<p>{_text(part)}</p>" for part in lines["minister"])
    rows = "".join(
        f'<tr><th scope="row">{_text(first)}</th>'
        + "".join(f"<td>{_text(one)}</td>" for one in rest)
        + "</tr>"
        for first, *rest in lines["verdicts"]
    )
    cards = "".join(
        card_html(card, chart) for card, chart in zip(record["cards"], drawn, strict=True)
    )
    forecasts = "".join(f"<li>{_text(one)}</li>" for one in lines["forecasts"])
    sources = "".join(f"<li>{_source(one)}</li>" for one in record["sources"])
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="author" content="{_text(record["author"])}">
<title>{_text(record["title"])}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{_text(record["title"])}</h1>
<p>{_text(record["author"])}, {record["date"]}</p>
<h2>For the minister</h2>
{minister}
<table>
<caption>Verdicts. The probability is that the verdict would stand if more were known.</caption>
<thead><tr><th scope="col">Claim</th><th scope="col">Verdict</th><th scope="col">Probability</th>
<th scope="col">90 % interval</th></tr></thead>
<tbody>{rows}</tbody>
</table>
<h2>The evidence</h2>
{cards}
<h2>Forecasts</h2>
<ol>{forecasts}</ol>
<h2>Sources</h2>
<p>{_text(lines["grades"])}</p>
<ul>{sources}</ul>
</main>
<script type="application/json" id="course-brief">{_embedded(record)}</script>
</body>
</html>
"""


def card_html(card: dict[str, Any], chart: Any) -> str:
    """Write one card, with its chart as a picture, in words and as a table.

    Parameters
    ----------
    card : dict
        A card of the record.
    chart : altair.TopLevelMixin
        Its exhibit.

    Returns
    -------
    str
        An HTML ``<article>``.
    """
    import vl_convert

    said = charts.describe(chart, card["finding"])
    spec = small(chart).properties(description=said).to_dict()
    # Not SVG: a browser's own fonts are wider than those it was measured with, and cut labels.
    picture = base64.b64encode(vl_convert.vegalite_to_png(spec, scale=2)).decode()
    lines = "".join(
        f"<dt>{label}</dt><dd>{_text(text)}</dd>"
        for label, text in words.of_card(card)
        if text != card["finding"]  # it stands under the picture
    )
    heading = f"{card['claim']}. {card['plain_words']}"
    details = charts.details_html(chart.properties(description=said))
    # On one page the regions need names of their own.
    details = details.replace("Data of the chart", f"Data of the chart on {card['claim']}")
    return (
        f"<article><h3>{_text(heading)}</h3><blockquote>“{_text(card['quote'])}”</blockquote>"
        f'<figure><img alt="{_text(said)}" width="{_WIDTH}" '
        f'src="data:image/png;base64,{picture}">'
        f"<figcaption>{_text(card['finding'])}</figcaption></figure>"
        f"{details}<dl>{lines}</dl></article>"
    )


def _source(one: dict[str, str]) -> str:
    links = " ".join(
        f'<a href="{_text(address)}">{_text(address)}</a>' if address.startswith("http") else
        _text(address)
        for address in one["address"].split(" ; ")
        if address
    )  # fmt: skip
    return f"{_text(one['key'])} ({one['grade']}): {_text(words.of_source(one))}. {links}"


def _text(text: str) -> str:
    return html.escape(text)


def _embedded(record: dict[str, Any]) -> str:
    """A record as JSON that can stand inside a web page."""
    text = json.dumps({"course-brief": 1, **record}, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
