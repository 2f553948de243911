"""What may be wrong with each part of an evidence brief.

A student's plan, cards, forecasts and brief are checked part by part, so that a brief with one
fault is not worth nothing. Nothing here judges whether a claim is true: it asks whether a number
runs, has a unit and lies in its interval, whether a chart and its tables exist, and so on.
"""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from course import reading, tables
from course.brief.parts import Brief, Card, Forecast, names, short
from course.slips import Slip, kind
from course.tables import files
from course.threads import thresholds
from course.threads.claims import STEPS

__all__ = [
    "CLAIMS",
    "FORECASTS",
    "PAGES",
    "PARTS",
    "STRANDS",
    "WORDS",
    "Computed",
    "Part",
    "compute",
    "day_of",
    "ends",
    "judge",
]

CLAIMS = 5
STRANDS = 3
#: The claim of the worked card.
WORKED = "C28"
# Claims that cannot be tested as worded (checkability D); one may be tried in other words.
_UNTESTABLE = 1
FORECASTS = 2
PAGES = 2
#: Words that fit two pages when every part keeps to its own; enforced are the minister's and the
#: pages.
WORDS = {
    "title": 14,
    "minister": 200,
    "measure": 25,
    "supports": 12,
    "undermines": 12,
    "finding": 25,
    "counter": 35,
    "question": 30,
    "resolves": 35,
}
#: The parts that `judge` looks at, for each thing it can be given.
PARTS = {
    "plan": ("five", "strands", "kinds", "measures", "thresholds"),
    "card": ("claim", "number", "exhibit", "sources", "verdict", "interval", "counter"),
    "forecasts": ("two", "questions", "probabilities", "dates", "rules"),
    "brief": ("pages",),
}
# No table of the course reaches beyond this day, so no table can answer a forecast.
_AFTER = date(2026, 12, 31)


class Part(NamedTuple):
    """One part: the share of it that is there, from 0 to 1, and what to mend first."""

    share: float
    says: str = ""


class Computed(NamedTuple):
    """What a card's number function gave: a value with its unit, and its assumptions."""

    value: float
    unit: str
    assumptions: dict[str, Any]


def judge(of: str, thing: Any, *, worked: bool = False) -> dict[str, Part] | None:
    """Look at a thing part by part.

    Parameters
    ----------
    of : str
        ``"plan"``, ``"card"``, ``"forecasts"`` or ``"brief"``.
    thing : object
        What a student made.
    worked : bool, optional
        Whether a card may be on the claim of the worked example.

    Returns
    -------
    dict of str to Part, or None
        By the names in `PARTS`; None where there is nothing yet.
    """
    if thing is None or (isinstance(thing, (dict, list, tuple)) and not _given(thing)):
        return None
    parts = dict(zip(PARTS[of], _JUDGES[of](thing), strict=True))
    if worked and getattr(thing, "claim", None) == WORKED:
        parts["claim"] = Part(1.0)
    return parts


def _given(thing: Any) -> bool:
    values = thing.values() if isinstance(thing, dict) else thing
    return any(value is not None for value in values)


def _blank(text: Any) -> bool:
    return not isinstance(text, str) or not text.strip()


def _words_fault(field: str, text: Any, least: int, example: str) -> str:
    """Say what is wrong with a field that is to hold words; empty if nothing is."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return f"{field} is empty; write it in words, such as {example}."
    if not isinstance(text, str):
        return f"{field} is {short(text)}; write it in words, such as {example}."
    if len(text.split()) < least:
        return f"{field} is {short(text)}; say it in a whole sentence, such as {example}."
    return ""


def _whole(fault: str) -> Part:
    return Part(0.0, fault) if fault else Part(1.0)


def _share(faults: list[str], of: int) -> Part:
    """A part that is made of several equal ones; empty faults are good ones."""
    good = min(sum(not fault for fault in faults), of)
    first = next((fault for fault in faults if fault), "")
    return Part(good / of, first)


def _known_claim(claim: Any) -> bool:
    return isinstance(claim, str) and claim in files.rows("claims")


def _claim_fault(claim: Any) -> str:
    if claim is None:
        return 'claim is empty; name the claim, such as "C21".'
    if not _known_claim(claim):
        return f'claim is {short(claim)}; the claims are "C01" to "C39".'
    if claim == WORKED:
        return f"claim is {WORKED}, which is the worked example; choose another."
    return ""


def _probability_fault(given: Any) -> str:
    if reading.blank(given):
        return "probability is empty; write a number from 0 to 1, such as 0.7."
    try:
        read = reading.probability(given)
    except reading.Unread:
        read = None
    # A brief prints what was written: 25 and 0.25 are not to stand side by side.
    if read is None or read.remark:
        return f"probability is {short(given)}; write a number from 0 to 1, such as 0.7."
    return ""


# ---- the plan --------------------------------------------------------------------------------


def _plan(plan: Any) -> Iterator[Part]:
    if not isinstance(plan, dict):
        says = f"the plan is {kind(plan)}; it is a dictionary from claim to its plan."
        yield from (Part(0.0, says) for _ in PARTS["plan"])
        return
    odd = [claim for claim in plan if _claim_fault(claim)]
    good = [claim for claim in plan if claim not in odd]
    if odd:
        yield Part(min(len(good), CLAIMS) / CLAIMS, _claim_fault(odd[0]))
    elif len(good) != CLAIMS:
        way = "choose some more" if len(good) < CLAIMS else "leave some out"
        # A sixth claim takes the space of the others, so it costs as a missing one does.
        share = max(0, CLAIMS - abs(len(good) - CLAIMS)) / CLAIMS
        yield Part(share, f"the plan has {len(good)} claims; {way}, so that there are {CLAIMS}.")
    else:
        vague = [claim for claim in good if tables.claim(claim)["checkability"] == "D"]
        more = max(0, len(vague) - _UNTESTABLE)
        says = f"{', '.join(vague)} cannot be tested as worded (checkability D); keep one of them."
        yield Part((CLAIMS - more) / CLAIMS, says if more else "")
    rows = [tables.claim(claim) for claim in good]
    strands = sorted({row["strand"] for row in rows})
    says = (
        f"all claims are of {len(strands)} strands ({', '.join(strands) or 'none'}); choose from "
        f"at least {STRANDS} (column strand of the claims table)."
    )
    yield _whole("" if len(strands) >= STRANDS else says)
    kinds = [{row["kind"], *row["other_kinds"].split("|")} for row in rows]
    lost = [kind for kind in ("causal", "predictive") if not any(kind in one for one in kinds)]
    yield Part(
        1 - len(lost) / 2,
        f"no claim is {lost[0]}; swap one (columns kind and other_kinds)." if lost else "",
    )
    yield _share([_measure_fault(claim, plan[claim]) for claim in good], CLAIMS)
    yield _share([_threshold_fault(claim, plan[claim]) for claim in good], CLAIMS)


def _measure_fault(claim: str, own: Any) -> str:
    if not isinstance(own, dict):
        mend = 'write dict(measure="...", supports=..., undermines=...).'
        return f"{claim} has {short(own)}; {mend}"
    example = '"years of frontier growth between the best two models"'
    fault = _words_fault("measure", own.get("measure"), 3, example)
    return f"{claim}: {fault}" if fault else ""


def _threshold_fault(claim: str, own: Any) -> str:
    if not isinstance(own, dict):
        return _measure_fault(claim, own)
    try:
        pair = thresholds.read(own.get("supports"), own.get("undermines"))
    except Slip as problem:
        return f"{claim}: {problem}"
    for side, end in pair.items():
        if end is None:
            return (
                f"{claim}: {side} is empty; write from where on the claim is "
                f"{'supported' if side == 'supports' else 'undermined'}, "
                'such as Q(2, "year") or words.'
            )
    return ""


# ---- a card ----------------------------------------------------------------------------------


def _card(one: Any) -> Iterator[Part]:
    if not isinstance(one, Card):
        says = f"the card is {kind(one)}; make it with brief.card(...)."
        yield from (Part(0.0, says) for _ in PARTS["card"])
        return
    yield _whole(_claim_fault(one.claim))
    done = compute(one)
    yield _whole(done if isinstance(done, str) else "")
    yield _share(
        [
            _chart_fault(one.chart),
            _words_fault("finding", one.finding, 4, '"The gap doubled in three years"'),
        ],
        2,
    )
    yield _share([_table_fault(one.tables), _source_fault(one.sources)], 2)
    steps = ", ".join(STEPS)
    step = "" if one.verdict in STEPS else f"verdict is {short(one.verdict)}; it is one of {steps}."
    yield _share([step, _probability_fault(one.probability)], 2)
    yield _whole(_interval_fault(one, done))
    yield _whole(
        _words_fault("counter", one.counter, 6, '"Chips bought at home are in no table of trade"')
    )


def compute(one: Card) -> Computed | str:
    """Run a card's number function; a text instead says what is wrong with it.

    Parameters
    ----------
    one : Card
        A card.

    Returns
    -------
    Computed or str

    Examples
    --------
    >>> from course.brief import card
    >>> from course.units import Q
    >>> compute(card(number=lambda gap=156, growth=4.5: Q(3.4, "year")))
    Computed(value=3.4, unit='year', assumptions={'gap': 156, 'growth': 4.5})
    """
    if one.number is None:
        return "number is empty; give the function that computes the number which decides."
    if not callable(one.number):
        return (
            f"number is {short(one.number)}; give a function whose arguments are your "
            "assumptions, so that a reviewer can change one."
        )
    try:
        arguments = inspect.signature(one.number).parameters
    except (TypeError, ValueError):
        name = getattr(one.number, "__name__", short(one.number))
        return f"number is {name}; write it with def, so that its arguments show."
    if not arguments:
        return "number has no argument; turn an assumption into one, such as growth=4.5."
    bare = [name for name, part in arguments.items() if part.default is part.empty]
    if bare:
        return f"number needs {bare[0]}; give it a default, such as {bare[0]}=4.5."
    try:
        values = [_value_and_unit(one.number()) for _ in range(2)]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any of a student's is the message
        return f"number() stops: {_why(error)}."
    for value in values:
        if isinstance(value, str):
            return value
    if values[0] != values[1]:
        return (
            f"number() gives {values[0][0]:g} and then {values[1][0]:g}; fix the seed of its "
            "random numbers, so that a reviewer gets yours."
        )
    return Computed(*values[0], {name: part.default for name, part in arguments.items()})


def _why(error: BaseException) -> str:
    """What an error says, as the end of a sentence."""
    if isinstance(error, KeyError):
        return f"there is no {short(error.args[0] if error.args else '')}"
    said = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return (said if len(said) <= 95 else f"{said[:94]}…") or "it says no more"


def _value_and_unit(given: Any) -> tuple[float, str] | str:
    """A number with its unit, or a text that says why it is none."""
    size = getattr(given, "magnitude", given)
    if isinstance(size, (str, bool)):
        return f"number() gives {short(given)}; it must be one number or quantity."
    try:
        value = float(size)
    except (TypeError, ValueError, OverflowError):
        return f"number() gives {short(given)}; it must be one number or quantity."
    if not math.isfinite(value):
        return f"number() gives {value}; was something divided by 0?"
    try:
        return value, _unit(given)
    except reading.Unread as problem:
        return f"number() gives {short(given)}: {problem}"


def _unit(given: Any) -> str:
    return reading.amount(given).unit if hasattr(given, "magnitude") else ""


def _end(given: Any, unit: str) -> float | str:
    """One end of an interval in the number's unit, or a text that says why it is none."""
    if hasattr(given, "magnitude"):
        try:
            return reading.quantity(given, unit).value
        except reading.Unread:
            return f"number() is in {unit or 'plain numbers'}, so write the interval in that."
    real = isinstance(given, numbers.Real) and not isinstance(given, bool)
    if not real or not math.isfinite(given):
        return f"write numbers in {unit or 'plain numbers'}."
    return float(given)


def _chart_fault(chart: Any) -> str:
    if chart is None:
        return "chart is empty; give the Altair chart of your exhibit."
    import altair as alt

    from course import charts

    if not isinstance(chart, alt.TopLevelMixin):
        return f"chart is {kind(chart)}; give the Altair chart, not its display."
    try:
        rows = charts.plotted_data(chart)
    except Exception as error:  # noqa: BLE001 - Altair raises many kinds for a chart half made
        return f"chart cannot be drawn: {_why(error)}."
    if rows.empty:
        return "chart draws no row of data; which column stands on which axis?"
    return ""


def _table_fault(given: Any) -> str:
    listed = names(given)
    if not listed:
        return 'tables is empty; name the tables you used, such as "ai_models, parameters".'
    known = {resource["name"] for resource in files.package()["resources"]}
    odd = [name for name in listed if name not in known]
    if odd:
        return f"tables names {short(odd[0])}; tables.catalogue() lists those there are."
    return ""


def _source_fault(given: Any) -> str:
    listed = names(given)
    if not listed:
        return "sources is empty; name the keys in column source of the rows you used."
    odd = [key for key in listed if key not in files.rows("sources")]
    if odd:
        return f"sources names {short(odd[0])}; tables.sources(table) lists the keys there are."
    return ""


def _interval_fault(one: Card, done: Computed | str) -> str:
    if one.interval is None:
        return "interval is empty; write both ends of your 90 % interval, such as (2.5, 4)."
    pair = pair_of(one.interval)
    if pair is None:
        return f"interval is {short(one.interval)}; it has a low and a high end, such as (2.5, 4)."
    try:
        unit = done.unit if isinstance(done, Computed) else _unit(pair[0])
    except reading.Unread as problem:
        return f"interval has {short(pair[0])}; {problem}"
    found = [_end(given, unit) for given in pair]
    for given, value in zip(pair, found, strict=True):
        if isinstance(value, str):
            return f"interval has {short(given)}; {value}"
    low, high = found
    if low >= high:
        return f"interval is ({low:g}, {high:g}); it runs from the low end up to the high one."
    if isinstance(done, Computed) and not low <= done.value <= high:
        return (
            f"number() gives {done.value:g}, outside the interval from {low:g} to {high:g}; which "
            "of the two would you change?"
        )
    return ""


def ends(one: Card, unit: str) -> tuple[float, float]:
    """Both ends of a faultless card's interval, in its number's unit."""
    low, high = (_end(end, unit) for end in pair_of(one.interval))
    return float(low), float(high)


def pair_of(interval: Any) -> list[Any] | None:
    """Two ends from a tuple, a list, an array or a series of two; None if there are not two."""
    if isinstance(interval, (str, dict, set, frozenset)):
        return None
    try:
        listed = list(interval)
    except TypeError:
        return None
    return listed if len(listed) == 2 else None


# ---- forecasts -------------------------------------------------------------------------------


def _forecasts(given: Any) -> Iterator[Part]:
    given = list(given.values()) if isinstance(given, dict) else given
    listed = list(given) if isinstance(given, (list, tuple)) else [given]
    good = [one for one in listed if isinstance(one, Forecast)]
    if len(good) != len(listed):
        odd = next(one for one in listed if not isinstance(one, Forecast))
        says = f"a forecast is {short(odd)}; make each with brief.forecast(...)."
        yield Part(min(len(good), FORECASTS) / FORECASTS, says)
    elif len(good) != FORECASTS:
        yield Part(0.5, f"forecasts given: {len(good)}; the brief has {FORECASTS}.")
    elif len({" ".join(str(one.question).lower().split()) for one in good}) < FORECASTS:
        yield Part(0.5, "both forecasts ask the same question; ask another in one of them.")
    else:
        yield Part(1.0)
    example = '"Will a reactor serve a data centre by 2030?"'
    asked = [_words_fault("question", one.question, 5, example) for one in good]
    yield _share(asked, FORECASTS)
    yield _share([_probability_fault(one.probability) for one in good], FORECASTS)
    yield _share([_date_fault(one.by) for one in good], FORECASTS)
    rule = '"Yes if the IAEA\'s list shows it connected on that day"'
    yield _share([_words_fault("resolves", one.resolves, 6, rule) for one in good], FORECASTS)


def day_of(by: Any) -> date:
    """The day of a forecast; a moment counts as its day."""
    return date(by.year, by.month, by.day) if isinstance(by, date) else date.fromisoformat(by)


def _date_fault(by: Any) -> str:
    try:
        day = day_of(by)
    except (TypeError, ValueError):
        return f'by is {short(by)}; write a day as year-month-day, such as "2028-12-31".'
    if day <= _AFTER:
        return f"by is {day}; a forecast needs a day after {_AFTER}, when no table ends."
    return ""


# ---- the brief -------------------------------------------------------------------------------


def _brief(one: Any) -> Iterator[Part]:
    if not isinstance(one, Brief):
        says = f"the brief is {kind(one)}; it is what brief.write(...) gives."
        yield Part(0.0, says)
        return
    yield _whole("" if one.pages <= PAGES else f"the brief has {one.pages} pages; cut to {PAGES}.")


_JUDGES: dict[str, Callable[[Any], Iterator[Part]]] = {
    "plan": _plan,
    "card": _card,
    "forecasts": _forecasts,
    "brief": _brief,
}
