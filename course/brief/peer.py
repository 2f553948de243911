"""A reviewer's form: reproduce one number of a brief, break one of its assumptions.

The author's brief carries its own record (``course.brief``), so a reviewer reads the page and
runs none of the author's code. The number is computed again by the reviewer, in a way of theirs.
"""

from __future__ import annotations

import html
import json
import math
import numbers
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from course import reading
from course.slips import Slip, called
from course.threads.claims import STEPS
from course.threads.limits import Limit, side
from course.threads.thresholds import unit_after

__all__ = ["PeerError", "Review", "read", "review"]

_RECORD = re.compile(r'<script type="application/json" id="course-brief">(.*?)</script>', re.DOTALL)


class PeerError(Slip):
    """What is wrong with a review; the message names the field, what stands there and the mend."""


class Review(NamedTuple):
    """What a review found.

    ``difference_pct`` is the reviewer's number against the author's; ``agrees`` whether it lies
    within the tolerance; ``holds`` whether the verdict stands with the changed assumption;
    ``path`` the written page, None while a notebook is being marked.
    """

    agrees: bool
    difference_pct: float
    holds: bool
    path: Path | None


@called("peer.read")
def read(path: str | Path) -> dict[str, Any]:
    """Read the record of a brief.

    Parameters
    ----------
    path : str or pathlib.Path
        The web page that the author's ``brief.write`` made.

    Returns
    -------
    dict
        ``author``, ``title`` and ``cards``, each with claim, number, unit, assumptions, verdict.

    Raises
    ------
    PeerError
        If there is no such file, or it is no brief.
    """
    path = Path(path) if isinstance(path, (str, Path)) else Path(reading.short(path))
    if not path.is_file():
        raise PeerError(
            f"there is no file {reading.short(path.name)}; put the author's .html beside your "
            "notebook"
        )
    found = _RECORD.search(path.read_text(encoding="utf-8", errors="replace"))
    try:
        record = json.loads(found[1]) if found else {}
    except json.JSONDecodeError:
        record = {}
    if not record.get("course-brief"):
        raise PeerError(f"{path.name} is no brief of this course; ask for what brief.write wrote")
    return record


@called("peer.review")
def review(
    brief: dict[str, Any] | None,
    claim: str,
    *,
    reviewer: str,
    reproduced: Any,
    how: str | None,
    assumption: str | None,
    changed_to: Any,
    number_then: Any,
    verdict_then: str | None,
    advice: str | None,
    tolerance_pct: float = 5,
    folder: str | Path | None = None,
) -> Review | None:
    """Write a review of one claim of a brief, as a web page.

    Parameters
    ----------
    brief : dict or None
        What `read` gives, or the ``record`` of a brief.
    claim : str
        One of the brief's claims.
    reviewer : str
        Your name.
    reproduced : quantity or number
        The claim's number as you computed it.
    how : str
        How you came to it.
    assumption : str
        The name of one of the author's assumptions.
    changed_to : object
        The value that you can defend for it.
    number_then : quantity or number
        The number with the changed assumption.
    verdict_then : str
        The verdict that you would give then, one of `course.threads.claims.STEPS`.
    advice : str
        A sentence that helps the author.
    tolerance_pct : float, optional
        Up to which difference, in percent of the author's number, you agree.
    folder : str or pathlib.Path, optional
        Where to write; the working folder if left out.

    Returns
    -------
    Review or None
        None while fields are still empty; a line says which.

    Raises
    ------
    PeerError
        If a field cannot be used.
    """
    given = {"theirs": brief, "reproduced": reproduced, "how": how, "assumption": assumption,
             "changed_to": changed_to, "number_then": number_then,
             "verdict_then": verdict_then, "advice": advice,
             "reviewer": None if reviewer == "your name" else reviewer}  # fmt: skip
    empty = [
        name
        for name, value in given.items()
        if value is None or (isinstance(value, str) and not value.strip())
    ]
    if empty:
        print(f"No review yet. Still empty: {', '.join(empty)}.")
        return None
    card = _card(brief, claim)
    if _names(reviewer) & _names(brief["author"]):
        raise PeerError(
            f"reviewer is {reading.short(reviewer)}, who wrote the brief; a review is somebody "
            "else's"
        )
    if not isinstance(assumption, str) or assumption not in card["assumptions"]:
        raise PeerError(
            f"assumption is {reading.short(assumption)}; the author's of {claim} are "
            f"{', '.join(card['assumptions'])}"
        )
    if changed_to == card["assumptions"][assumption]:
        raise PeerError(
            f"changed_to is {reading.short(changed_to)}, as the author has it; give the value you "
            "can defend"
        )
    if verdict_then not in STEPS:
        raise PeerError(
            f"verdict_then is {reading.short(verdict_then)}; it is one of {', '.join(STEPS)}"
        )
    real = isinstance(tolerance_pct, numbers.Real) and not isinstance(tolerance_pct, bool)
    if not real or not 0 < tolerance_pct <= 100:
        raise PeerError(
            f"tolerance_pct is {reading.short(tolerance_pct)}; it is a number above 0, up to 100"
        )
    own, then = (
        _value(name, value, card["unit"])
        for name, value in (("reproduced", reproduced), ("number_then", number_then))
    )
    _hold_against(card, then, verdict_then)
    stated = card["number"]
    # Where the author has zero there is no percentage of it: only zero agrees.
    away = 100 * (own / stated - 1) if stated else (0.0 if own == 0 else math.inf)
    agrees = abs(away) <= tolerance_pct
    holds = verdict_then == card["verdict"]
    number_says = "agrees" if agrees else "does not agree"
    verdict_says = "stands" if holds else f"falls to {verdict_then!r}"
    print(f"{claim}: the number {number_says} ({away:+.1f} %); the verdict {verdict_says}.")
    path = None
    if not os.environ.get("NBGRADER_EXECUTION"):
        stem = re.sub(r"\W+", "-", str(brief["author"])).strip("-").lower() or "author"
        path = (Path(folder) if folder is not None else Path.cwd()) / f"review-{stem}-{claim}.html"
        unit = f" {unit_after(math.nan, card['unit'])}".rstrip()
        rows = [
            ("Author's number", f"{stated:.4g}{unit}"),
            ("Reviewer's own", f"{own:.4g}{unit}, {away:+.1f} % (tolerance {tolerance_pct:g} %)"),
            ("How", how),
            ("So the number", number_says),
            ("Assumption changed", f"{assumption}: from {card['assumptions'][assumption]} to "
                                   f"{changed_to}"),
            ("Number then", f"{then:.4g}{unit} (author's interval {card['low']:.4g} to "
                            f"{card['high']:.4g}{unit})"),
            ("Thresholds", f"supported: {card['supports']}; undermined: {card['undermines']}"),
            ("Verdict", f"{card['verdict']} before, {verdict_then} after"),
            ("So the verdict", verdict_says),
            ("Advice", advice),
        ]  # fmt: skip
        path.write_text(_page(brief, card, reviewer, rows), encoding="utf-8")
        print(f"Wrote {path.name}.")
    return Review(agrees, away, holds, path)


def _names(people: Any) -> set[str]:
    """The people in a line such as "Ana and Bö"."""
    return {one.strip().casefold() for one in re.split(r",|;|&|\band\b|\+", str(people))} - {""}


def _hold_against(card: dict[str, Any], then: float, verdict_then: str) -> None:
    """Refuse a verdict that lies on the other side of the author's threshold than its number."""
    ends = {name: Limit(*end) if end else None for name, end in card["limits"].items()}
    where = side(then, ends["supports"], ends["undermines"])
    steps = {"supported": STEPS[3:], "undermined": STEPS[:2]}
    if verdict_then in steps.get(where, ()):
        threshold = card["supports" if where == "supported" else "undermines"]
        raise PeerError(
            f"number_then is {then:.4g} ({where}: {threshold}), verdict_then {verdict_then!r}; "
            "which of the two would you change?"
        )


def _card(brief: Any, claim: Any) -> dict[str, Any]:
    if not isinstance(brief, dict) or "cards" not in brief:
        raise PeerError(
            f'theirs is {reading.short(brief)}; it is what peer.read("their-brief.html") gives'
        )
    cards = {card["claim"]: card for card in brief["cards"]}
    if not isinstance(claim, str) or claim not in cards:
        raise PeerError(f"claim is {reading.short(claim)}; the brief has {', '.join(cards)}")
    return cards[claim]


def _value(name: str, given: Any, unit: str) -> float:
    """A reviewer's number in the author's unit."""
    wanted = f'Q(5, "{unit}")' if unit else "a plain number"
    if unit and isinstance(given, numbers.Real):
        raise PeerError(f"{name} is {given!r}; the author's has a unit, so write {wanted}")
    try:
        return reading.quantity(given, unit).value
    except reading.Unread:
        raise PeerError(
            f"{name} is {reading.short(given)}; write it as the author's, {wanted}"
        ) from None


def _page(
    brief: dict[str, Any], card: dict[str, Any], reviewer: str, rows: list[tuple[str, str]]
) -> str:
    def text(words: Any) -> str:
        return html.escape(str(words))

    lines = "".join(
        f'<tr><th scope="row">{text(label)}</th><td>{text(words)}</td></tr>'
        for label, words in rows
        if words
    )
    title = f"Review of {brief['author']} on {card['claim']}"
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{text(title)}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #ffffff;
  max-width: 44rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem; }}
table {{ border-collapse: collapse; }}
tr {{ border-bottom: 1px solid #bbbbbb; }}
</style>
</head>
<body>
<main>
<h1>{text(title)}</h1>
<p>“{text(brief["title"])}”, reviewed by {text(reviewer)}, {datetime.now(UTC):%Y-%m-%d}</p>
<p>{text(card["claim"])}: {text(card["plain_words"])}</p>
<table>{lines}</table>
</main>
</body>
</html>
"""
