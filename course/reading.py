"""The one reader of what a student types: quantities, percentages, probabilities, letters, ranges.

Checks, explorers, thresholds and forecasts all read by it, so that one spelling means the same
everywhere. Whoever can be understood is understood, and told how where there was a choice; whoever
cannot gets one sentence, as an :class:`Unread`, that says what to write instead.

Bare numbers where a percentage is asked: 70 is 70 percent, 0.7 the share 0.7 (70 percent), and a
whole 1 is 1 percent; where the reader may have meant the other, ``other`` and ``remark`` say so.
Bare numbers where a probability is asked: 0.7 is 0.7, and 70 is 70 percent, with a remark.
"""

from __future__ import annotations

import datetime
import decimal
import math
import numbers
import re
import reprlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from course.slips import Slip, kind

if TYPE_CHECKING:
    import pint

__all__ = [
    "Amount",
    "Reading",
    "Span",
    "Unread",
    "amount",
    "blank",
    "letter",
    "percentage",
    "probability",
    "quantity",
    "shown",
    "span",
]

_SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"[~≈]?\s*(?P<number>[-+]?(?:\d[\d ,_]*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)"
    r"\s*(?:[x*]\s*10\s*(?:\^|\*\*)\s*(?P<power>[-+]?\d{1,3}))?"
    r"\s*(?P<size>thousand|million|billion|trillion)?\s*(?P<unit>\D.*)?",
    re.I | re.S,
)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?(?:e[-+]?\d+)?", re.I)
# A letter alone or with its bracket, dot or colon, then perhaps the option's words.
_LETTER = re.compile(
    r"(?:(?:the )?(?:answer|option|letter)\b(?: is)?)?[^\w]*(?P<letter>[a-z])[^\w]*"
    r"|\W*(?P<first>[a-z]) ?[).:]\s+\w(?:(?!\b[a-z]\)).)*",
    re.S,
)
#: Cyrillic letters that look like Latin ones, and come from a keyboard that was not switched over.
_LOOKALIKES = str.maketrans("асеАСЕ", "aceACE")
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 40


class Unread(Slip):
    """What a student typed cannot be read; the text is one sentence that says what to write."""


class _UnknownUnit(Unread):
    """A text whose number is followed by no unit that is known."""


class Reading(NamedTuple):
    """What was read.

    ``value`` is in the unit that was asked for. ``bare``: no unit stood there though one was asked.
    ``other`` is what the same typing could mean as well, if anything, and ``remark`` says in a
    sentence how it was read and how to say the other. ``unit`` names the unit that stood there.
    """

    value: float
    bare: bool = False
    other: float | None = None
    remark: str = ""
    unit: str = ""


class Amount(NamedTuple):
    """A number with the unit that the student chose, by name; empty for a plain number."""

    number: float
    unit: str = ""


class Span(NamedTuple):
    """A range in the unit that was asked for, the lower end first; ``remark`` as in `Reading`."""

    low: float
    high: float
    remark: str = ""


def blank(typed: Any) -> bool:
    """Tell whether nothing was typed: None, three dots or an empty text.

    Parameters
    ----------
    typed : object

    Returns
    -------
    bool
    """
    return typed is None or typed is ... or (isinstance(typed, str) and not typed.strip())


def quantity(typed: Any, unit: str = "") -> Reading:
    """Read one number in a unit.

    Parameters
    ----------
    typed : quantity, number or str
        Also a one-element array or Series, a Decimal, a Fraction, a time difference, or a text such
        as ``"5 MW"``; quantities may come from any pint registry, in any unit of the same kind.
    unit : str, optional
        The unit that is asked for, such as ``"MW"`` or ``"percent"``; empty for a plain number.

    Returns
    -------
    Reading

    Raises
    ------
    Unread
        If there is no one finite number in it, or a unit of another kind.

    Examples
    --------
    >>> quantity("0.07 GW", "MW").value
    70.0
    >>> quantity(0.7, "percent").value, quantity(0.7, "percent").other
    (70.0, 0.7)
    """
    from course.units import unit_name

    if unit == "percent":
        return percentage(typed)
    try:
        number, own = _read(typed, _example(unit))
    except _UnknownUnit:
        if unit:
            raise
        raise Unread("A plain number is asked for. Leave out the word behind it.") from None
    if own is None:
        return Reading(number, bare=bool(unit))
    return Reading(_converted(number, own, unit), unit=unit_name(own))


def percentage(
    typed: Any, small: bool = False, within: tuple[float, float] | None = None
) -> Reading:
    """Read a percentage.

    Parameters
    ----------
    typed : quantity, number or str
        As for :func:`quantity`.
    small : bool, optional
        Whether parts of one percent are likely where it is asked: a bare 0.5 is then half a percent
        and not a half.
    within : tuple of float, optional
        The ends of what is believable. If only one meaning of a bare number lies there, it is the
        one that is taken.

    Returns
    -------
    Reading
        The value in percent. A share (0.7) comes out as 70, with 0.7 as ``other``.

    Raises
    ------
    Unread
        As for :func:`quantity`.

    Examples
    --------
    >>> percentage("70 %").value, percentage(70).value, percentage(0.7).value, percentage(1).value
    (70.0, 70.0, 70.0, 1.0)
    >>> percentage(0.7).remark
    'Read as 70 percent. If you mean 0.7 percent, write Q(0.7, "percent").'
    """
    from course.units import unit_name

    number, own = _read(typed, _example("percent"))
    if own is not None:
        return Reading(_converted(number, own, "percent"), unit=unit_name(own))
    if number == 0 or abs(number) > 1:
        return Reading(number, bare=True)
    # Nobody means "all of it" by a bare 1 as often as one percent; 1.0 is no other number.
    as_share = abs(number) < 1 and not small
    share, percent = float(f"{100 * number:.12g}"), number
    if within:
        believable = [within[0] <= one <= within[1] for one in (percent, share)]
        as_share = believable[1] if believable[0] != believable[1] else as_share
    value, other = (share, percent) if as_share else (percent, share)
    remark = (
        f"Read as {shown(value)} percent. If you mean {shown(other)} percent, "
        f'write Q({other:.6g}, "percent").'
    )
    return Reading(value, bare=not as_share, other=other, remark=remark)


def probability(typed: Any) -> Reading:
    """Read a probability.

    Parameters
    ----------
    typed : quantity, number or str
        Such as 0.7, ``"70 %"``, ``Q(70, "percent")`` or 70.

    Returns
    -------
    Reading
        The value from 0 to 1; a bare 70 comes out as 0.7, with a remark.

    Raises
    ------
    Unread
        As for :func:`quantity`, or if it lies outside 0 to 1.

    Examples
    --------
    >>> probability(0.7).value, probability("70 %").value, probability(70).value
    (0.7, 0.7, 0.7)
    """
    from course.units import unit_name

    number, own = _read(typed, "0.7")
    if own is not None:
        value = _converted(number, own, "")
        if not 0 <= value <= 1:
            raise Unread(f"{short(typed)} is no probability: it lies from 0 to 1, or 0 to 100 %.")
        return Reading(value, unit=unit_name(own))
    if 0 <= number <= 1:
        return Reading(number)
    if 2 <= number <= 100:
        value = float(f"{number / 100:.12g}")
        return Reading(
            value,
            remark=f"{shown(number)} was read as {shown(number)} percent, a probability of "
            f"{shown(value)}.",
        )
    asked = f" {shown(number)} or {shown(number)} %?" if 1 < number < 2 else ""
    raise Unread(
        f"{shown(number)} is no probability.{asked} It lies from 0 (never) to 1 (surely), as in "
        "0.7."
    )


def letter(typed: Any, options: Sequence[str]) -> str:
    """Read the letter of a choice.

    Parameters
    ----------
    typed : str
        Such as ``"b"``, ``" B "``, ``"(b)"`` or ``"b."``.
    options : sequence of str
        The letters that there are.

    Returns
    -------
    str
        One of ``options``.

    Raises
    ------
    Unread
        If it is none of them.

    Examples
    --------
    >>> letter(" (B). ", ["a", "b"]), letter("Answer: b", ["a", "b"]), letter("b) 6 kW", ["a", "b"])
    ('b', 'b', 'b')
    """
    if isinstance(typed, (list, tuple, set, frozenset)) and len(typed) == 1:
        (typed,) = typed
    there = ", ".join(options)
    example = f'Write one letter in quotation marks, as in "{options[0]}".'
    if not isinstance(typed, str):
        given = short(typed) if isinstance(typed, numbers.Number) else kind(typed)
        raise Unread(
            f"{given} is none of {there}. {example} Without them Python takes a letter for a name."
        )
    plain = typed.translate(_LOOKALIKES).strip().lower()
    found = _LETTER.fullmatch(plain)
    chosen = found and (found["letter"] or found["first"])
    if chosen not in options:
        raise Unread(f"{short(typed)} is none of {there}. {example}")
    return chosen


def span(low: Any, high: Any, unit: str = "") -> Span:
    """Read the two ends of a range; turned ends are put right.

    Parameters
    ----------
    low, high : quantity, number or str
        As for :func:`quantity`.
    unit : str, optional
        The unit that is asked for.

    Returns
    -------
    Span

    Raises
    ------
    Unread
        As for :func:`quantity`; the sentence begins with the name of the end.

    Examples
    --------
    >>> span("90 MW", 60, "MW").low
    60.0
    """
    ends = []
    for name, typed in (("low", low), ("high", high)):
        try:
            ends.append(quantity(typed, unit))
        except Unread as error:
            raise Unread(f"{name}: {error}") from None
    remark = " ".join(dict.fromkeys(end.remark for end in ends if end.remark))
    first, last = ends[0].value, ends[1].value
    if first <= last:
        return Span(first, last, remark)
    turned = f"The ends were turned round: {shown(last)} is the lower one."
    return Span(last, first, f"{turned} {remark}".strip())


def amount(typed: Any) -> Amount:
    """Read a number with whatever unit the student gave it.

    Parameters
    ----------
    typed : quantity, number or str
        As for :func:`quantity`.

    Returns
    -------
    Amount
        The unit is written so that ``Q(number, unit)`` is the same quantity again.

    Raises
    ------
    Unread
        If there is no one finite number in it, or its unit is unknown.

    Examples
    --------
    >>> amount("20 %"), amount(3)
    (Amount(number=20.0, unit='percent'), Amount(number=3.0, unit=''))
    """
    from course.units import unit_name

    number, own = _read(typed, 'Q(5, "MW") or 5')
    return Amount(number, unit_name(own))


def shown(value: float) -> str:
    """Write a number for a message: six digits at most, no exponent where there is a plain form.

    Parameters
    ----------
    value : float

    Returns
    -------
    str

    Examples
    --------
    >>> shown(2.5e2), shown(1234.5), shown(4e7), shown(4e-5), shown(3.8e25)
    ('250', '1,234.5', '40,000,000', '0.00004', '3.8e+25')
    """
    text = f"{value:,.6g}"
    if "e" in text and 1e-9 <= abs(value) < 1e15:
        return f"{decimal.Decimal(f'{value:.6g}'):,f}"
    return text


def short(thing: Any) -> str:
    """Show what was typed, however long it is.

    Parameters
    ----------
    thing : object

    Returns
    -------
    str
    """
    if hasattr(thing, "magnitude") and hasattr(thing, "units"):
        return f"{_SHOWN.repr(thing.magnitude)} {_SHOWN.repr(str(thing.units))[1:-1]}".strip()
    words = _SHOWN.repr(thing)
    return kind(thing) if words.startswith("<") else words


def _example(unit: str) -> str:
    return f'Q(5, "{unit}")' if unit else "5"


def _read(typed: Any, example: str) -> tuple[float, pint.util.UnitsContainer | None]:
    """The one number that was typed and its unit; no unit: None, which is not the unit 1.

    ``example`` is one that could be typed there, for messages.
    """
    import pint

    from course.units import units, unknown_unit

    typed = _alone(typed)
    if isinstance(typed, str):
        return _text(typed, example)
    if isinstance(typed, datetime.timedelta):
        return typed.total_seconds(), pint.util.UnitsContainer({"second": 1})
    if isinstance(typed, pint.Unit):
        raise Unread(f'{str(typed)!r} is a unit without a number. Write both, as in Q(5, "MW").')
    if isinstance(typed, pint.Quantity):
        # By its parts, never by its print: another registry writes its units in its own way.
        own = dict(typed.unit_items())
        for name in own:
            if name not in units:
                raise Unread(unknown_unit(name))
        return _number(_alone(typed.magnitude)), pint.util.UnitsContainer(own)
    return _number(typed), None


def _alone(typed: Any) -> Any:
    """What a container of one holds; anything else as it is."""
    if isinstance(typed, (list, tuple)):
        if len(typed) == 1:
            return _alone(typed[0])
        pair = len(typed) == 2 and all(type(one) is int for one in typed)
        if isinstance(typed, tuple) and pair and typed[1] >= 0:
            first, second = typed
            raise Unread(
                f"{first},{second} is two numbers here. Write the decimal point: {first}.{second}."
            )
    size = getattr(typed, "size", None)
    several = isinstance(size, int) and not isinstance(typed, numbers.Number)
    if several and size == 1 and hasattr(typed, "ndim"):
        return _alone(typed.to_numpy().item() if hasattr(typed, "to_numpy") else typed.item())
    if isinstance(typed, (list, tuple, dict, set)) or (several and hasattr(typed, "ndim")):
        count = size if several else len(typed)
        if count == 1:
            raise Unread(f"One number is asked for, and here is {kind(typed)}.")
        what = "none" if count == 0 else f"{count} values"
        raise Unread(f"One number is asked for, and here {'are' if count else 'is'} {what}.")
    return typed


def _number(typed: Any) -> float:
    if type(typed).__name__ in ("bool", "bool_"):
        raise Unread(f"{typed} says yes or no. Which number is it about?")
    if not isinstance(typed, (numbers.Real, decimal.Decimal)):
        if type(typed).__name__ in ("NAType", "NaTType"):
            raise Unread("The value is missing in the table. Which row was it taken from?")
        call = " Call it, with brackets and values." if callable(typed) else ""
        raise Unread(f"One number is asked for, and here is {kind(typed)}.{call}")
    try:
        value = float(typed)
    except OverflowError:
        value = math.inf
    except (TypeError, ValueError):
        raise Unread(f"One number is asked for, and here is {kind(typed)}.") from None
    if not math.isfinite(value):
        raise Unread(f"{value} is no number to reason with. Was something divided by zero?")
    return value


def _text(typed: str, example: str) -> tuple[float, pint.util.UnitsContainer | None]:
    """A number, and a unit if there is one, from a text such as "1,200 MW" or "70 %"."""
    from course.units import UndefinedUnitError, parsed

    plain = typed.strip().translate(
        str.maketrans({"−": "-", "–": "-", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
    )
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise Unread(
            f"{short(typed)} is a text without one plain number. Write a number, as in {example}."
        )
    digits = re.sub(r"[ _]", "", found["number"])
    digits = digits.rstrip(",")
    if "," in digits:
        whole = _THOUSANDS.fullmatch(digits)
        digits = digits.replace(",", "" if whole else ".")
    try:
        number = float(digits)
    except ValueError:
        raise Unread(f"{short(typed)} is no number. Write it without commas.") from None
    number *= 10.0 ** int(found["power"] or 0) * _SIZES.get((found["size"] or "").lower(), 1)
    number = _number(number)
    written = (found["unit"] or "").strip().rstrip(".")
    if not written:
        return number, None
    try:
        unit = parsed(written)
    except UndefinedUnitError as error:
        raise _UnknownUnit(str(error)) from None
    if unit is None:
        what = "number with its unit" if "Q(" in example else "number"
        raise Unread(f"{short(typed)} is not one {what}. Write one, as in {example}.")
    return number, unit


def _converted(number: float, own: pint.util.UnitsContainer, unit: str) -> float:
    import pint

    from course.units import unit_name, units

    try:
        exact = float(units.Quantity(number, own).to(unit or "dimensionless").magnitude)
        # Without the last binary digit, which 70 % as 0.7000000000000001 would show.
        value = float(f"{exact:.15g}")
        name = unit_name(own)
    except pint.DimensionalityError:
        name = unit_name(own)
        if not unit:
            raise Unread(f"A plain number is asked for, and here is one in {name}.") from None
        if not name:
            raise Unread(f"Here is a plain ratio. Which unit makes it {unit}?") from None
        raise Unread(
            f"{name} measures something else than {unit}. What kind of quantity is asked for?"
        ) from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Unread(f"{value} is no number to reason with. Is {name} the unit you mean?")
    return value
