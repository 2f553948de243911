"""Find the numbers that a text prints, and say whether a value agrees with one.

**The rounding rule of the course, stated here once:** a printed number is the value rounded, halves
away from zero, to the digits that are printed; a whole number is exact to its last digit, unless
its entry says to how many significant digits (``to``) it was rounded.
"""

from __future__ import annotations

import datetime
import functools
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from course import tables
from course.tables import files

__all__ = ["Printed", "agrees", "printed", "squeeze"]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "(?:" + "|".join(_MONTHS) + ")"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}

_DATE = re.compile(rf"(?:\d{{1,2}} )?{_MONTH} \d{{4}}")
# A number with its sign, its thousands, its decimals and its power.
_NUMBER = re.compile(
    r"(?<![\w.,/])(?<![A-Za-z][-−])(?:(?:(?<![\w\d])[-−])?"
    r"(?:10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[½¼¾]?"
    r"(?:\s×\s10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?|[½¼¾]))"
    r"(?:(?=[kMGT]?Wh?\b)|(?![A-Za-z\d]|[.,]\d|-[A-Za-z]))"
)

# What has digits and is no figure, wherever it stands. What is special to one text is listed as
# `names` in its file.
_NAMES = ("CC BY 4.0", "CC BY-NC 4.0", "ODbL 1.0", "ISO 3166-1", "alpha-3", "HTTP 404")

_LABELS = [
    r"```.*?```",
    r"(?<=\])\([^)]*\)",  # where a link leads
    r"`[^`]*`",
    r"<[^>]+>",
    r"https?://\S+",
    r"(?m)^#+ \d+ · |^# \d\d · |(?<=\[)\d\d (?=[A-Z])",
    r"(?m)^\s*\d+\. ",
    r"(?m)^\*\*Time\*\*[^.]*\.(?: [^*\n]*? place to stop[^.]*\.)?",
    r"[Pp]art \w+ needs (?:about )?[\d½¼¾ to]+(?:minutes|hours?)",
    r"\*\([^)*]*\bpoints?\b[^)]*\)\*",
    r"\b\d+ to \d+ words\b|\b\d+ words\b",
    r"\*Rubric\.\*.*",
    # Marks of the guide's rubrics and model answers; `tests/marking/test_rubrics.py` adds them up.
    r"(?m)^\| [A-Z][\w ]+ \(\d\) \|",
    r"\*\*(?:Full|Half) marks \([\d.]+\)\.\*\*",
    r"\*\*(?:\d|\d\.5)\*\*(?=: )",
    r"\b(?:from|between) 0 (?:to|and) 1\b",
    r"\b[Ll]essons? \d+(?:(?:, | and | or | to |–)\d+)*",
    r"\b(?:[Rr]ounds?|[Rr]outes?|[Rr]eferences?|[Pp]arts?|[Ss]teps?|[Cc]ases?|[Ll]inks?|[Cc]ells?"
    r"|[Cc]laims?|[Qq]uestions?) \d+(?:(?:, | and | to |–)\d+)*\b(?! %)",
    r"\b[CFOZXTR]\d+(?:[-–][CFOZXTR]?\d+)?\b|\b[a-z]\d+(?:[-–][a-z]?\d+)?\b",
    r"\b(?:HS |H)\d+\b",
    r"(?<![\d.,])(?:19|20)\d\d(?:[-–](?:19|20)?\d\d)?(?!\d|[.,]\d| ?%)",  # years
]


class Printed(NamedTuple):
    """A number, day or month as a text prints it, and where."""

    text: str
    start: int
    end: int


def squeeze(text: str) -> str:
    """Fold white space, and no-break spaces with it."""
    return re.sub(r"\s+", " ", text).strip()


@functools.cache
def _codes() -> re.Pattern[str]:
    """The customs codes of all tables, as texts write them."""
    codes = set()
    for resource in files.package()["resources"]:
        names = {field["name"] for field in resource["schema"]["fields"]}
        for column in names & {"hs_code", "heading"}:
            codes |= set(tables.load(resource["name"])[column].astype(str))
    codes |= {code[:4] for code in codes}
    forms = {code for code in codes if len(code) >= 4 and code.isdigit()}
    forms |= {f"{code[:4]}.{code[4:]}" for code in forms if len(code) == 6}
    forms |= {f".{code[4:]}" for code in forms if len(code) == 6 and code.isdigit()}
    return re.compile(
        r"(?<![\d.,])(?:" + "|".join(sorted(map(re.escape, forms), key=len, reverse=True)) + r")"
        r"(?:/\.\d\d)?(?![\d]|[.,]\d)"
    )


def printed(text: str, names: tuple[str, ...] = ()) -> list[Printed]:
    """Find every number, day and month that a text prints and that is a figure.

    Parameters
    ----------
    text : str
        Markdown, or a plain sentence.
    names : tuple of str
        Names with digits that are no figures in this text, such as ``"RTX 4070"``.

    Returns
    -------
    list of Printed
        In the order of the text, with their places in it.
    """

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"\S", "_", match.group()) if match.group() else ""

    kept = text
    for name in sorted((*_NAMES, *names), key=len, reverse=True):
        kept = re.sub(r"(?<!\w)" + re.escape(name) + r"(?!\w)", blank, kept)
    for label in _LABELS[:5]:
        kept = re.sub(label, blank, kept, flags=re.S)
    # Days and months are figures; plain years are labels.
    rest = re.sub(_DATE, blank, kept)
    for label in _LABELS[5:]:
        rest = re.sub(label, blank, rest)
    rest = _codes().sub(blank, rest)
    days = [
        Printed(match.group(), match.start(), match.end()) for match in re.finditer(_DATE, kept)
    ]
    numbers = [
        Printed(match.group(), match.start(), match.end()) for match in _NUMBER.finditer(rest)
    ]
    return sorted(days + numbers, key=lambda found: found.start)


def _parts(text: str) -> tuple[str, str]:
    """Part a printed number from its power of ten."""
    alone = re.fullmatch(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", text)
    if alone:
        return "1", alone.group(1)
    mantissa, _, power = re.sub(r"\s", " ", text).partition(" × 10")
    return mantissa, power


def _decimal(text: str) -> Decimal:
    """Give the value of a printed number."""
    mantissa, power = _parts(text.replace("−", "-").replace(",", ""))
    half = next((value for sign, value in _FRACTIONS.items() if sign in mantissa), Decimal(0))
    digits = mantissa.rstrip("½¼¾")
    value = Decimal(digits or 0) + half
    return value.scaleb(int(power.translate(_SUPERSCRIPTS))) if power else value


def _last_place(text: str) -> int:
    """Give the power of ten of the last digit printed."""
    mantissa, power = _parts(text)
    digits = mantissa.rstrip("½¼¾")
    if digits != mantissa:
        return -2
    places = len(digits.partition(".")[2])
    return (int(power.translate(_SUPERSCRIPTS)) if power else 0) - places


def _day(value: object) -> datetime.date | None:
    if isinstance(value, str):
        found = re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", value)
        return datetime.date(*(int(part or 1) for part in found.groups())) if found else None
    return None


def agrees(text: str, value: object, significant: int | None = None) -> bool:
    """Say whether a value, rounded by the rule above, is what is printed.

    Parameters
    ----------
    text : str
        The printed number, day or month.
    value : float, int or str
        The value; days as ISO text.
    significant : int, optional
        To how many significant digits it was rounded.

    Returns
    -------
    bool

    Raises
    ------
    TypeError
        If the value is no number where a number is printed, or no day where a day is.

    Examples
    --------
    >>> agrees("8", 8.506), agrees("9", 8.506), agrees("2,700", 2_654, 2), agrees("21", 20.95)
    (False, True, True, True)
    >>> agrees("28 April 2018", "2018-04-28"), agrees("5 × 10²⁶", 5e26)
    (True, True)
    """
    if re.search(_MONTH, text):
        day = _day(value)
        if day is None:
            raise TypeError(f"{value!r} is no day, and {text!r} is printed")
        *first, month, year = text.split()
        same = (day.year, day.month) == (int(year), _MONTHS.index(month) + 1)
        return same and (not first or day.day == int(first[0]))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number, and {text!r} is printed")
    exact = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    # A sum such as 0.1 + 0.2 carries dust in its last binary digits: it is not a half.
    exact = Decimal(f"{exact:.12g}")
    place = _last_place(text)
    if significant is not None and exact:
        place = exact.adjusted() - significant + 1
    step = Decimal(1).scaleb(place)
    if text.endswith(("½", "¼", "¾")):
        step = Decimal("0.25")
    rounded = (exact / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    return rounded == _decimal(text)
