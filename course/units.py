"""Quantities with units: ``Q(100, "MW")``.

A quantity refuses to be added to another of a different kind, so MW plus MWh is an error and not
a number. The units are pint's, and some of our own: ``FLOP`` (an amount of computation, so that
FLOP/s is a rate of it), money (``USD``, ``EUR``, ``RUB``: no fixed rate leads from one to another),
things that are counted, and the words for a part of a whole.

What is no quantity, and what two quantities cannot do together, is said in one sentence
(:mod:`course.slips`); for who catches pint's errors, it is one of them.
"""

from __future__ import annotations

import difflib
import functools
import re
import reprlib
import tokenize
from collections.abc import Callable
from typing import Any

import pint
from pint.util import UnitsContainer

from course.slips import Slip, called

__all__ = [
    "DimensionalityError",
    "Q",
    "UndefinedUnitError",
    "did_you_mean",
    "parsed",
    "unit_name",
    "units",
    "unknown_unit",
]

#: The units that the course writes, for a guess at what a mistyped one was to be.
_WRITTEN = (
    *(f"{prefix}{base}" for base in ("W", "Wh") for prefix in ("", "k", "M", "G", "T")),
    *(f"{prefix}FLOP" for prefix in ("", "G", "T", "P", "E", "Z")),
    *("hour", "day", "week", "month", "year", "minute", "second"),
    *("percent", "percentage_point", "share", "chip", "token", "reactor", "USD", "EUR", "RUB"),
    *("J", "kJ", "MJ", "GJ", "kg", "m", "km"),
)
#: What is written often and is no unit of pint's, or another one than was meant.
_MEANT = {
    **{f"{short}flops": f"{short.upper()}FLOP/s" for short in ("", "g", "t", "p", "e", "z")},
    **{"teraflops": "TFLOP/s", "petaflops": "PFLOP/s", "exaflops": "EFLOP/s"},
    **{"pct": "percent", "per cent": "percent", "points": "percentage_point"},
    **{"percentage points": "percentage_point", "percentage point": "percentage_point"},
    **{"€": "EUR", "$": "USD", "₽": "RUB", "rubles": "RUB", "roubles": "RUB", "h": "hour"},
    **{"gpu": "chip", "gpus": "chip", "chips": "chip", "flops": "FLOP/s", "hrs": "hour"},
}
_POWER = r"[^\W\d]\w{0,30}(?:\s*(?:\^|\*\*)\s*-?\d)?|%"
_UNIT = re.compile(rf"(?:1\s*/\s*)?(?:{_POWER})(?:\s*[*/·]\s*(?:{_POWER})){{0,5}}")
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 40
_PLAIN = {"dimensionless": ""}
#: A blank between two words of a unit.
_APART = re.compile(r"(?<=\w)\s+(?=\w)")


class UndefinedUnitError(Slip, pint.UndefinedUnitError):
    """There is no such unit; the sentence asks which one was meant."""

    def __init__(self, name: str) -> None:
        pint.UndefinedUnitError.__init__(self, name)
        self._name = name

    def __str__(self) -> str:
        return unknown_unit(self._name)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self._name,)


class DimensionalityError(Slip, pint.DimensionalityError):
    """Two quantities of different kinds met where only one kind can be."""

    def __init__(self, *kinds: Any) -> None:
        pint.DimensionalityError.__init__(self, *kinds)

    def __str__(self) -> str:
        first, second = (_named(one) for one in (self.units1, self.units2))
        if not first or not second:
            unit = first or second
            return f"One has the unit {unit} and the other none. Which unit does that one have?"
        return (
            f"{first} and {second} measure different things: they can be multiplied or divided, "
            "but not added, compared or turned into one another."
        )


def _named(kind: Any) -> str:
    """A unit of an error of pint's, which gives some by their powers and some by their name."""
    powers = getattr(kind, "_units", kind)
    return unit_name(powers) if isinstance(powers, UnitsContainer) else _PLAIN.get(kind, str(kind))


def _told(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method of pint's say in our sentence that two kinds do not fit together."""

    @functools.wraps(method)
    def told(*given: Any, **named: Any) -> Any:
        try:
            return method(*given, **named)
        except DimensionalityError:
            raise
        except pint.DimensionalityError as error:
            problem = DimensionalityError(*error.__reduce__()[1])
        except ValueError as error:
            if "Cannot compare" not in str(error):
                raise
            problem = DimensionalityError(given[0].units, "")
        raise problem

    return told


def _into(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method that turns a quantity into another unit refuse what is no unit."""

    @functools.wraps(method)
    def into(own: Any, other: Any = None, *given: Any, **named: Any) -> Any:
        if other is None or isinstance(other, (int, float, list, tuple)):
            raise Slip(f'{_short(other)} is no unit. Write its name: {method.__name__}("kWh").')
        return method(own, other, *given, **named)

    return into


def _raised(name: str) -> Callable[..., Any]:
    """A power of pint's that says that its exponent has a unit."""
    method = getattr(pint.UnitRegistry.Quantity, name)

    @functools.wraps(method)
    def raised(own: Any, other: Any) -> Any:
        exponent = own if name == "__rpow__" else other
        try:
            return method(own, other)
        except pint.DimensionalityError:
            unit = unit_name(getattr(exponent, "_units", None))
            if not unit:
                raise
        raise Slip(f"An exponent is a plain number, and here it has the unit {unit}.")

    return raised


class _Quantity(pint.UnitRegistry.Quantity):
    """A number with its unit."""

    @called("Q")
    def __new__(cls, value: Any, units: Any = None) -> Any:
        """Refuse what is no number or no unit, then do as pint does."""
        if value is None:
            raise Slip('None is no number. Put one in its place, as in Q(5, "MW").')
        if isinstance(value, str) and not value.strip():
            raise Slip('An empty text is no quantity. Write a number and a unit: Q(5, "MW").')
        if isinstance(value, str) and units is not None:
            raise Slip(_text_for_number(value, units))
        if isinstance(units, (int, float)):
            raise Slip(
                f"The unit is {units!r}, a number. Write a unit in quotation marks, as in "
                f'Q({_short(value)}, "kWh").'
            )
        try:
            return super().__new__(cls, value, units)
        except (Slip, pint.PintError):
            raise
        except (AssertionError, TypeError, tokenize.TokenError):
            pass
        raise Slip(f'Q wants a number and a unit, as in Q(5, "MW"), and got {_short(value)}.')

    def __reduce__(self) -> tuple[Any, ...]:
        # Pint's own way leads into another registry, which knows neither FLOP nor USD.
        return _again, (self.magnitude, dict(self._units))


for _name in ("_add_sub", "_iadd_sub", "compare", "to", "ito", "m_as", "__float__", "__int__"):
    setattr(_Quantity, _name, _told(getattr(pint.UnitRegistry.Quantity, _name)))


for _name in ("to", "ito", "m_as"):
    setattr(_Quantity, _name, _into(getattr(_Quantity, _name)))
for _name in ("__pow__", "__rpow__"):
    setattr(_Quantity, _name, _raised(_name))


def _text_for_number(value: str, unit: Any) -> str:
    if isinstance(unit, (int, float)):
        return f'The number comes first and the unit after it: Q({_short(unit)}, "{value}").'
    example = unit if isinstance(unit, str) else "MW"
    try:
        float(value)
    except ValueError:
        return f'{_short(value)} is no number. Put one there, as in Q(5, "{example}").'
    return f'{_short(value)} is a text. Leave out its quotation marks: Q({value}, "{example}").'


def _again(magnitude: Any, powers: dict[str, float]) -> Any:
    """A quantity that was written to a file or sent to another process."""
    for name in powers:
        units.get_name(name)  # a name with a prefix is known only after it was asked for
    return Q(magnitude, UnitsContainer(powers))


class _Registry(pint.UnitRegistry):
    """Pint's units, which say in one sentence what is no unit."""

    Quantity = _Quantity

    def get_name(self, name_or_alias: str, case_sensitive: bool | None = None) -> str:
        """As pint's."""
        try:
            return super().get_name(name_or_alias, case_sensitive)
        except pint.UndefinedUnitError:
            pass
        raise UndefinedUnitError(name_or_alias)

    def parse_units_as_container(self, input_string: str, *how: Any, **named: Any) -> Any:
        """As pint's, but for what it reads as something that nobody means."""
        try:
            found = super().parse_units_as_container(input_string, *how, **named)
        except (Slip, pint.OffsetUnitCalculusError):
            raise
        except (AssertionError, TypeError, ValueError, tokenize.TokenError):
            found = None
        if found is None:
            raise Slip(
                f"{_short(input_string)} is no unit. Write its name alone, such as 'MW' or "
                "'FLOP/s', and the number before it."
            )
        if _APART.search(input_string):
            self._refuse_apart(input_string, found)
        return found

    def _refuse_apart(self, text: str, found: Any) -> None:
        """Refuse "k Wh", which pint takes for Boltzmann's constant times Wh, and "TWh a year"."""
        if re.search(r"\san?\s", text):
            rate = re.sub(r"\s+an?\s+", "/", text)
            raise Slip(f"{_short(text)} is no unit. Write a rate with a stroke: {rate!r}.")
        joined = _APART.sub("", text)
        if joined in self and self.Quantity(1, joined) != self.Quantity(1, found):
            raise Slip(f"{_short(text)} is no unit. Did you mean {joined}, without a blank?")


units = _Registry()
for _definition in (
    "FLOP = [computation]",
    "USD = [money] = _ = dollar",
    "EUR = [money_of_the_euro_area] = _ = euro",
    "RUB = [money_of_russia] = _ = rouble = ruble",
    "share = 1",
    "percentage_point = 0.01 = pp",
    "chip = 1",
    "token = 1",
    "reactor = 1",
):
    units.define(_definition)
units.formatter.default_format = "~P"

Q = units.Quantity
"""A number, with its unit where the question has one."""


def unit_name(own: UnitsContainer | None) -> str:
    """Write a unit as the course does: ``MW``, ``percent``, ``year``, ``USD/MWh``.

    Parameters
    ----------
    own : UnitsContainer or None
        Powers by unit name, as ``quantity.unit_items()`` has them; None for no unit.

    Returns
    -------
    str
        Text that the course's units read again; empty for none.

    """

    def word(name: str, power: float) -> str:
        symbol = units.get_symbol(name)
        # Pint shortens year to a and percent to %, which few readers know or Python does not.
        plain = symbol if symbol in (*_WRITTEN, "s") or name not in _WRITTEN else name
        return f"{plain}**{power:g}" if power != 1 else plain

    above, below = [], []
    for name, power in (own or {}).items():
        (above if power > 0 else below).append(word(name, abs(power)))
    if not below:
        return " * ".join(above)
    return "/".join([" * ".join(above) or "1", *below])


def parsed(written: str) -> UnitsContainer | None:
    """Read a unit that was written by hand, such as ``"MW"``, ``"%"`` or ``"per cent"``.

    Parameters
    ----------
    written : str

    Returns
    -------
    pint.util.UnitsContainer or None
        Powers by unit name; None where the text is not of the form of a unit.

    Raises
    ------
    UndefinedUnitError
        If there is no such unit; the sentence asks which was meant.
    """
    meant = _MEANT.get(written.lower(), written)
    if not _UNIT.fullmatch(meant):
        return None
    try:
        return UnitsContainer(dict(units.parse_units(meant.replace("·", "*"))._units))
    except pint.UndefinedUnitError:
        pass
    raise UndefinedUnitError(written)


def did_you_mean(unit: str) -> str | None:
    """Guess which unit a mistyped one was to be.

    Parameters
    ----------
    unit : str
        Such as ``"kwh"`` or ``"USD/mwh"``.

    Returns
    -------
    str or None
        A unit that the course knows, or None where there is no good guess.

    Examples
    --------
    >>> did_you_mean("kwh"), did_you_mean("TFLOPS"), did_you_mean("USD/mwh"), did_you_mean("zzz")
    ('kWh', 'TFLOP/s', 'USD/MWh', None)
    """
    if _known(unit.strip()):
        return None
    whole = _MEANT.get(unit.strip().lower())
    if whole:
        return whole
    words = re.split(r"([^\W\d]+)", unit.strip())
    guessed = [_guess(word) if place % 2 else word for place, word in enumerate(words)]
    if any(word is None for word in guessed):
        return None
    made = "".join(guessed)
    return made if made != unit.strip() and _known(made) else None


def unknown_unit(unit: str) -> str:
    """Say in a sentence that there is no such unit, and which was meant.

    Parameters
    ----------
    unit : str

    Returns
    -------
    str
    """
    guess = did_you_mean(unit)
    if guess:
        return f"There is no unit {_short(unit)} here. Did you mean {guess}?"
    return (
        f"There is no unit {_short(unit)} here. Known are, for example, kW, MWh, TFLOP/s, hour, "
        "year, percent and USD."
    )


def _known(unit: str) -> bool:
    if not _UNIT.fullmatch(unit):
        return False
    try:
        units.parse_units(unit.replace("·", "*"))
    except pint.UndefinedUnitError:
        return False
    return True


def _guess(word: str) -> str | None:
    """The unit that a word stands for, or nearly does."""
    if word in _WRITTEN or (word.lower() not in _MEANT and _known(word)):
        return word
    if word.lower() in _MEANT:
        return _MEANT[word.lower()]
    if _known(word.lower()):
        return word.lower()
    by_lower = {name.lower(): name for name in _WRITTEN}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[near[0]] if near else None


def _short(thing: Any) -> str:
    return _SHOWN.repr(thing)
