"""Collect a brief's parts, refuse kindly what is not ready, and write it twice."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course import reading, tables
from course.brief.judging import CLAIMS, PAGES, WORDS, compute, day_of, ends, judge
from course.brief.parts import Brief, BriefError, Card, Forecast, names
from course.slips import called, kind
from course.tables import files
from course.threads import claims, thresholds
from course.threads.limits import Limit, converted, limits

__all__ = ["show", "write"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_GRADES = {
    "P": "primary or official",
    "R": "research or agency",
    "N": "news or trade press",
    "W": "weak",
}


@called("brief.write")
def write(
    name: str,
    *,
    title: str | None,
    author: str | None,
    minister: str | None,
    plan: dict[str, dict[str, Any]],
    cards: list[Card],
    forecasts: list[Forecast],
    folder: str | Path | None = None,
) -> Brief | None:
    """Write the brief as a web page and as a PDF of at most two pages.

    Parameters
    ----------
    name : str
        Of the two files, such as ``"my-brief"``.
    title, author : str
        What stands at the top.
    minister : str
        The brief in plain words; an empty line begins a new paragraph.
    plan : dict
        Claim to ``dict(measure=..., supports=..., undermines=...)``.
    cards : list of Card
        One a claim of the plan.
    forecasts : list of Forecast
        Two.
    folder : str or pathlib.Path, optional
        Where to write; the working folder if left out.

    Returns
    -------
    Brief or None
        None while parts are still empty; a line says which. Nothing is written while a notebook
        is being marked.

    Raises
    ------
    BriefError
        If a part has a fault, a sign is in no font, or the brief runs over two pages: then it
        names what is too long.
    """
    missing = _missing(title, author, minister, plan, cards, forecasts)
    if missing:
        print(f"No brief yet. Still empty: {', '.join(missing)}.")
        return None
    faults = _faults(name, title, author, minister, plan, cards, forecasts)
    if faults:
        raise BriefError(_first_of("The brief is not written yet", list(dict.fromkeys(faults))))

    from course.brief import page, sheet

    record = _record(title, author, minister, plan, cards, forecasts)
    pages, pdf = sheet.make(record, [card.chart for card in cards])
    if pages > PAGES:
        problem = f"The brief runs to {pages} pages and has room for {PAGES}"
        raise BriefError(_first_of(problem, _too_long(record)))
    paths: tuple[Path | None, Path | None] = (None, None)
    if not os.environ.get("NBGRADER_EXECUTION"):
        place = Path(folder) if folder is not None else Path.cwd()
        paths = (place / f"{name}.html", place / f"{name}.pdf")
        paths[0].write_text(page.make(record, [card.chart for card in cards]), encoding="utf-8")
        paths[1].write_bytes(pdf)
        print(f"Wrote {paths[0].name} and {paths[1].name}, {pages} pages.")
    return Brief(*paths, pages, minister, list(cards), plan, list(forecasts), record)


@called("brief.show")
def show(card: Card | None, plan: dict[str, dict[str, Any]] | None = None) -> None:
    """Show a card as it will stand in the brief, or what is still to be mended.

    Parameters
    ----------
    card : Card or None
        None: a line says that there is no card yet.
    plan : dict, optional
        As for `write`; gives the card its measure and thresholds.
    """
    from IPython.display import HTML, display

    from course.brief import page

    parts = judge("card", card, worked=True)
    if parts is None:
        print("No card yet.")
        return
    faults = [part.says for part in parts.values() if part.says]
    if faults:
        print("To mend:", *(f"- {fault}" for fault in faults), sep="\n")
        return
    own = plan.get(card.claim, {}) if plan else {}
    locked = claims.thresholds().to_dict("index")
    display(HTML(page.card_html(_card_record(card, own, locked), card.chart)))


# ---- what is missing, what is wrong ----------------------------------------------------------


def _first_of(problem: str, faults: list[str]) -> str:
    """One sentence with the first of what is to be mended; all of it is printed above."""
    if len(faults) == 1:
        return f"{problem}. {_cut(faults[0])}"
    print("To mend:", *(f"- {fault}" for fault in faults), sep="\n")
    return f"{problem}: {len(faults)} parts to mend, listed above. First: {_cut(faults[0])}"


def _cut(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:117]}..."


def _missing(
    title: Any, author: Any, minister: Any, plan: Any, cards: Any, forecasts: Any
) -> list[str]:
    words = {"title": title, "author": author, "minister": minister}
    lost = [
        field
        for field, text in words.items()
        if text is None or (isinstance(text, str) and not text.strip())
    ]
    lost += [] if plan else ["plan"]
    listed = cards if isinstance(cards, (list, tuple)) else [cards]
    lost += [f"card {i}" for i, card in enumerate(listed or [None], start=1) if card is None]
    return lost + ([] if judge("forecasts", forecasts) else ["forecasts"])


def _faults(
    name: Any, title: Any, author: Any, minister: Any, plan: Any, cards: Any, forecasts: Any
) -> list[str]:
    found = []
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        found.append(f'name is {name!r}; use letters, digits, - and _, such as "my-brief".')
    for field, text in (("title", title), ("author", author), ("minister", minister)):
        if not isinstance(text, str):
            found.append(f"{field} is {kind(text)}; write it in words.")
    words = len(minister.split()) if isinstance(minister, str) else 0
    if words > WORDS["minister"]:
        found.append(f"minister has {words} words; up to {WORDS['minister']} are asked for.")
    found += [f"plan: {part.says}" for part in judge("plan", plan).values() if part.says]
    if not isinstance(cards, (list, tuple)):
        return [*found, "cards is no list; write cards=[card_1, card_2, ...]."]
    for number, card in enumerate(cards, start=1):
        where = f"card {number} ({getattr(card, 'claim', '?')})"
        found += [f"{where}: {part.says}" for part in judge("card", card).values() if part.says]
    on = [getattr(card, "claim", None) for card in cards]
    if isinstance(plan, dict) and (len(on) != CLAIMS or set(on) != set(plan)):
        told = ", ".join(map(str, on)) or "none"
        twice = [claim for claim in dict.fromkeys(on) if on.count(claim) > 1]
        found += [f"two cards are on {claim}; make one of them on another." for claim in twice]
        found.append(f"cards are on {told}; the plan has {', '.join(plan)}: one card for each.")
    found += _unit_faults(plan, cards) if not found else []
    if not isinstance(forecasts, (list, tuple)):
        return [*found, "forecasts is no list; write forecasts=[brief.forecast(...), ...]."]
    for number, one in enumerate(forecasts, start=1):
        if one is None:
            found.append(f"forecast {number} is empty; make it with brief.forecast(...).")
    parts = judge("forecasts", [one for one in forecasts if one is not None])
    return found + [f"forecasts: {part.says}" for part in parts.values() if part.says]


def _unit_faults(plan: dict[str, dict[str, Any]], cards: list[Card]) -> list[str]:
    """Cards whose number is of another kind than the threshold it is held against."""
    found = []
    for number, card in enumerate(cards, start=1):
        unit = compute(card).unit
        for side, end in _pair(plan[card.claim]).items():
            named = isinstance(end, dict) and end["unit"]
            if named and converted(1, unit, end["unit"]) is None:
                found.append(
                    f"card {number} ({card.claim}): number() is in {unit or 'plain numbers'}, "
                    f"{side} of the plan is {thresholds.shown(end)}; measure both in one unit."
                )
    return found


def _pair(own: dict[str, Any]) -> dict[str, Any]:
    """Both thresholds of a claim's plan."""
    return thresholds.read(own.get("supports"), own.get("undermines"))


def _too_long(record: dict[str, Any]) -> list[str]:
    """Name the parts that take more than their words, the worst first."""
    parts = [("title", "title", record["title"])]
    for card in record["cards"]:
        for field in ("measure", "supports", "undermines", "finding", "counter"):
            parts.append((f"{card['claim']}, {field}", field, card[field]))
    for number, one in enumerate(record["forecasts"], start=1):
        for field in ("question", "resolves"):
            parts.append((f"forecast {number}, {field}", field, one[field]))
    counted = [(len(text.split()), WORDS[field], label) for label, field, text in parts]
    over = sorted(
        ((words - room, words, room, label) for words, room, label in counted if words > room),
        reverse=True,
    )
    lines = [
        f"{label}: {words} words, {room} fit, so cut about {more}."
        for more, words, room, label in over[:6]
    ]
    if len(record["sources"]) > 24:
        lines.append(f"sources: {len(record['sources'])} keys; name those that carry weight.")
    return lines or ["No part is long for itself; make your tallest charts lower, as height=110."]


# ---- what stands in it -----------------------------------------------------------------------


def _record(
    title: str,
    author: str,
    minister: str,
    plan: dict[str, dict[str, Any]],
    cards: list[Card],
    forecasts: list[Forecast],
) -> dict[str, Any]:
    locked = claims.thresholds().to_dict("index")
    rows = [_card_record(card, plan[card.claim], locked) for card in cards]
    used = sorted({key for row in rows for key in row["sources"]}, key=str.lower)
    known = files.rows("sources")
    return {
        "title": title.strip(),
        "author": author.strip(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "minister": minister.strip(),
        "cards": rows,
        "forecasts": [
            {
                "question": one.question.strip(),
                "probability": reading.probability(one.probability).value,
                "by": str(day_of(one.by)),
                "resolves": one.resolves.strip(),
            }
            for one in forecasts
        ],
        "sources": [
            {
                "key": key,
                "grade": known[key]["grade"],
                **{field: known[key][field] for field in ("publisher", "title", "published")},
                "address": known[key]["address"],
            }
            for key in used
        ],
        "grades": _GRADES,
    }


def _card_record(
    card: Card, own: dict[str, Any], locked: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    claim = tables.claim(card.claim)
    done = compute(card)
    low, high = ends(card, done.unit)
    known = files.rows("sources")
    keys = list(dict.fromkeys(names(card.sources)))
    pair = _pair(own)
    ways = limits(pair, done.unit)
    return {
        "claim": card.claim,
        "quote": claim["quote"],
        "plain_words": claim["plain_words"],
        "kind": claim["kind"],
        "strand": claim["strand"],
        "measure": str(own.get("measure", "")).strip(),
        **{side: _threshold(end, ways[side]) for side, end in pair.items()},
        "limits": {side: way and (way.value, way.way) for side, way in ways.items()},
        "locked": _lock(card.claim, own, locked.get(card.claim)),
        "number": done.value,
        "unit": done.unit,
        "assumptions": {name: _plain(value) for name, value in done.assumptions.items()},
        "finding": card.finding.strip(),
        "tables": names(card.tables),
        "sources": keys,
        "grades": {key: known[key]["grade"] for key in keys},
        "verdict": card.verdict,
        "probability": reading.probability(card.probability).value,
        "low": low,
        "high": high,
        "counter": card.counter.strip(),
    }


def _threshold(end: Any, limit: Limit | None) -> str:
    """A threshold in words; two numbers or quantities say by their order which way it counts."""
    words = thresholds.shown(end)
    if not isinstance(end, dict) or limit is None:
        return words
    return f"{words} or {'less' if limit.way < 0 else 'more'}"


def _plain(value: Any) -> float | str:
    """An assumption as JSON can keep it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if not hasattr(value, "magnitude"):
        return str(value).strip()
    try:
        return thresholds.shown(reading.amount(value)._asdict())
    except reading.Unread:  # several numbers, or a unit that the course has not
        return str(value)


def _lock(claim: str, own: dict[str, Any], entry: dict[str, Any] | None) -> str:
    """What the ledger says of a threshold: when it was locked, and whether it is this one."""
    if not own:
        return ""
    if entry is None:
        return "no ledger shows when it was set"
    when = f"locked {str(entry['locked'])[:10]}"
    if not claims.is_locked(claim, own["supports"], own["undermines"]):
        when += f" as {entry['supports']} and {entry['undermines']}"
    return f"{when}; {entry['note']}" if entry["note"] else when
