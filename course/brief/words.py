"""The wording that the web page and the PDF share."""

from __future__ import annotations

import math
import re
from typing import Any

from course.threads.thresholds import unit_after

__all__ = ["lines", "of_card", "of_forecast", "of_source", "paragraphs"]


def of_card(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and text of each line of a card, in reading order."""
    unit = _unit(card)
    assumed = ", ".join(f"{name} = {_value(value)}" for name, value in card["assumptions"].items())
    grades = ", ".join(f"{key} ({grade})" for key, grade in card["grades"].items())
    threshold = f"Supported: {card['supports']}. Undermined: {card['undermines']}."
    found = [
        ("Measure", card["measure"]),
        ("Threshold", f"{threshold} ({card['locked']})" if card["locked"] else ""),
        ("Found", card["finding"]),
        (
            "Number",
            f"{card['number']:.3g}{unit}, 90 % interval {_value(card['low'])} to "
            f"{_value(card['high'])}{unit}, if {assumed}",
        ),
        ("Verdict", f"{card['verdict']}, probability {card['probability']:g}"),
        ("Against it", card["counter"]),
        ("Evidence", f"{', '.join(card['tables'])}; sources {grades}"),
    ]
    return [(label, text) for label, text in found if text]


def paragraphs(text: str) -> list[str]:
    r"""Paragraphs, which an empty line parts; other line ends are spaces.

    Examples
    --------
    >>> paragraphs("One\nand the same.\n \nTwo.")
    ['One and the same.', 'Two.']
    """
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in parts if part]


def of_forecast(one: dict[str, Any]) -> str:
    """A forecast in one paragraph."""
    return (
        f"{one['question']} Probability {one['probability']:g}, decided on {one['by']}. "
        f"{one['resolves']}"
    )


def of_source(one: dict[str, Any]) -> str:
    """A source without its address."""
    return ". ".join(one[part] for part in ("publisher", "title", "published") if one[part])


def lines(record: dict[str, Any]) -> dict[str, Any]:
    """Everything that the PDF's template sets, as texts."""
    return {
        "title": record["title"],
        "author": record["author"],
        "date": record["date"],
        "minister": paragraphs(record["minister"]),
        "verdicts": [
            [
                f"{card['claim']}: {card['plain_words']}",
                card["verdict"],
                f"{card['probability']:g}",
                f"{_value(card['low'])} to {_value(card['high'])}{_unit(card)}",
            ]
            for card in record["cards"]
        ],
        "cards": [
            {
                "heading": f"{card['claim']}. {card['plain_words']}",
                "quote": f"“{card['quote']}”",
                "lines": of_card(card),
            }
            for card in record["cards"]
        ],
        "forecasts": [of_forecast(one) for one in record["forecasts"]],
        "sources": [
            f"{one['key']} ({one['grade']}): {of_source(one)}" for one in record["sources"]
        ],
        "grades": "Grades: " + ", ".join(f"{k} {v}" for k, v in record["grades"].items()) + ".",
    }


def _value(value: float | str) -> str:
    """A number with four digits, or with as few as say the same.

    Examples
    --------
    >>> _value(3.4012), _value(154_321.0), _value(9.89e14), _value("Russia")
    ('3.401', '154,321', '9.89e+14', 'Russia')
    """
    if isinstance(value, str):
        return value or "none"
    if 1e4 <= abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _unit(card: dict[str, Any]) -> str:
    """The unit as it follows the card's number and interval."""
    return f" {unit_after(math.nan, card['unit'])}".rstrip()
