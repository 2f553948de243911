"""Numbers, letters and predictions as students type them: right ones in many forms, and wrong ones.

All give pieces of Python for the right side of ``answer = ...``.
"""

from __future__ import annotations

import functools
from typing import Any

from course.check.digits import EXACT, reach, rounded, shorter
from course.units import Q

__all__ = ["letters", "needs_unit", "number", "numbers", "predictions", "wrong_letters"]
__all__ += ["wrong_numbers", "wrong_predictions"]

# What is tried as another unit of the same kind.
_UNITS = (
    "W", "kW", "MW", "GW", "TW", "Wh", "kWh", "MWh", "GWh", "TWh", "J", "GJ", "TJ", "second",
    "minute", "hour", "day", "week", "month", "year", "USD", "EUR", "kg", "percent", "share",
    "percentage_point", "FLOP", "TFLOP", "EFLOP", "FLOP/s", "TFLOP/s", "chip", "token",
    "USD/MWh", "USD/kWh", "USD/kW", "EUR/MWh", "kWh/year", "TWh/year", "W/chip", "kW/chip",
)  # fmt: skip
# What no question asks for as a number.
_NO_NUMBERS = {
    "None": "None", "an empty text": '""', "words": '"about as much as before"',
    "a list of three": "[1, 2, 3]", "a dict": '{"a": 1}', "True": "True",
    "not a number": 'float("nan")', "infinity": 'float("inf")', "a function": "print",
    "no unit that is known": '"5 bananas"', "a missing value": "pd.NA",
    "an empty list": "[]", "two numbers in a text": '"3 or 4"', "three dots": "...",
    "a table": 'pd.DataFrame({"a": [1, 2]})', "a set": "{1, 2}",
}  # fmt: skip


def needs_unit(question: dict[str, Any]) -> bool:
    """Whether a bare number lacks something: a share up to 1 stands for a percentage as it is."""
    unit = question["unit"]
    return bool(unit) and not (unit == "percent" and abs(question["answer"]) <= 1)


def number(question: dict[str, Any], value: float) -> str:
    """A number in the question's unit, as Python."""
    return f'Q({value!r}, "{question["unit"]}")' if question["unit"] else repr(value)


def numbers(question: dict[str, Any]) -> dict[str, str]:
    """Right numbers.

    Parameters
    ----------
    question : dict
        A number question of the key.

    Returns
    -------
    dict
        What each is, and its Python; the value itself comes first.
    """
    value, digits, unit = question["answer"], question["digits"], question["unit"]
    edge = reach(value, digits)
    found = {"the value": number(question, value)}
    if digits != EXACT:
        for share in (-1, -0.9, -0.5, 0.5, 0.9, 1):
            found[f"{share:+} of its reach"] = number(question, value + share * edge)
        for more in range(3):
            found[f"to {digits + more} digits"] = number(question, rounded(value, digits + more))
    found |= _typed(value, unit)
    if unit:
        found |= _in_units(value, unit)
    elif abs(value) <= 5 and digits != EXACT and not _slip(question, 100 * value):
        found["a percentage"] = f'Q({100 * value!r}, "percent")'
        found["a percentage in a text"] = f'"{100 * value!r} %"'
    return found


def _slip(question: dict[str, Any], value: float) -> bool:
    """Whether the key knows a number as a slip."""
    slips = [slip["answer"] for slip in question.get("slips", [])]
    return any(abs(value - one) <= reach(one, question["digits"]) for one in slips)


def _typed(value: float, unit: str) -> dict[str, str]:
    """One number, in what may hold it."""
    text, wrap = repr(value), f'Q({{}}, "{unit}")' if unit else "{}"
    kinds = {
        "NumPy's number": f"np.float64({text})",
        "an array of no dimension": f"np.array({text})",
        "an array of one": f"np.array([{text}])",
        "a decimal": f'__import__("decimal").Decimal("{text}")',
        "a fraction": f'__import__("fractions").Fraction("{text}")',
        "a sum of halves": f"({text} / 2 + {text} / 2)",
        "a float": f"float({text})",
        "an absolute number with its sign": f"({'-' if value < 0 else ''}abs({text}))",
    }
    found = {what: wrap.format(code) for what, code in kinds.items()}
    found["a list of one"] = f"[{wrap.format(text)}]"
    found["a tuple of one"] = f"({wrap.format(text)},)"
    found["a text"] = repr(f"{text} {unit}".strip())
    if not unit:
        found["a series of one"] = f"pd.Series([{text}])"
        found["a quantity without unit"] = f'Q({text}, "")'
        found["a series of one by label"] = f'pd.Series([{text}], index=["a"])'
        found["a text with blanks"] = repr(f"  {text} ")
        found["a float in a cell"] = f'pd.DataFrame({{"a": [{text}]}}).loc[0, "a"]'
        found["made by a sum"] = f"sum([{text} - 1, 1])" if value == int(value) else f"+{text}"
        if abs(value) >= 1000 and value == int(value):
            found["thousands apart"] = repr(f"{int(value):,}")
    return found


def _in_units(value: float, unit: str) -> dict[str, str]:
    one = f'Q({value!r}, "{unit}")'
    found = {
        "number times unit": f'{value!r} * Q(1, "{unit}")',
        "a sum": f"{one} / 2 + {one} / 2",
        "a double, halved": f"(2 * {one}) / 2",
        "a difference": f"3 * {one} - 2 * {one}",
        "times a plain one": f'{one} * Q(1, "")',
        "over and times an hour": f'{one} * Q(1, "hour") / Q(1, "hour")',
        "over and times a dollar": f'{one} / Q(2, "USD") * Q(2, "USD")',
        "in base units": f"{one}.to_base_units()",
        "in root units": f"{one}.to_root_units()",
        "in handy units": f"{one}.to_compact()" if unit != "percent" else one,
    }
    if value > 0:
        found["the root of its square"] = f"({one} ** 2) ** 0.5"
        found["the root of its product"] = f"({one} * {one}) ** 0.5"
    for other in _UNITS:
        if other != unit and _alike(unit, other):
            made = float(Q(value, unit).to(other).magnitude)
            found[f"in {other}"] = f'Q({made!r}, "{other}")'
    if unit == "percent":
        found["with the sign"] = f'"{value!r} %"'
        found["with the sign, close"] = f'"{value!r}%"'
        found["a share without unit"] = f'Q({value / 100!r}, "")'
        found["a half of 200 times it"] = f'Q({value!r}, "percent") ** 2 / Q({value!r}, "percent")'
        if abs(value) < 100:
            found["a bare share"] = repr(value / 100)
    # Units of the student's own registry, where it knows them.
    if _of_pint(unit):
        found["of another registry"] = (
            f'__import__("pint").UnitRegistry().Quantity({value!r}, "{unit}")'
        )
    # Percentage points are no percent: they earn half.
    return {what: code for what, code in found.items() if what != "in percentage_point"}


@functools.cache
def _alike(unit: str, other: str) -> bool:
    return Q(1, unit).is_compatible_with(Q(1, other))


@functools.cache
def _of_pint(unit: str) -> bool:
    import pint

    try:
        pint.UnitRegistry().Quantity(1, unit)
    except pint.UndefinedUnitError:
        return False
    return True


def wrong_numbers(question: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Wrong numbers, the key's slips first.

    Parameters
    ----------
    question : dict
        A number question of the key.

    Returns
    -------
    list of tuple
        What each is, its Python, and the share of the points that it may earn.
    """
    value, digits, unit = question["answer"], question["digits"], question["unit"]
    edge = reach(value, digits)
    found = [
        (f"slip {slip['answer']:g}", number(question, slip["answer"]), slip.get("credit", 0))
        for slip in question.get("slips", [])
    ]
    sizes = {f"{factor} times its reach off": value + factor * edge for factor in (
        -10, -4, -2.5, -1.5, -1.01, 1.01, 1.5, 2.5, 4, 10)}  # fmt: skip
    sizes |= {f"times {factor:g}": value * factor for factor in (
        1e-6, 1e-3, 0.01, 0.1, 10, 100, 1e3, 1e6, -1, 0, 0.5, 2, 1 / 3, 3, 0.75, 1.5, 0.8, 1.25,
        8.76, 1 / 8.76, 8760, 1 / 8760, 24, 365, 12, 1 / 12, 3.6, 1 / 3.6)}  # fmt: skip
    sizes |= {"one more": value + 1, "one fewer": value - 1, "ten more": value + 10}
    sizes |= {"what is left of 100": 100 - value, "what is left of 1": 1 - value}
    sizes |= {"its square": value**2, "a tenth off": value * 1.1, "a fifth off": value * 0.8}
    if value:
        sizes |= {"upside down": 1 / value, "upside down as a percentage": 100 / value}
    if value > 0:
        sizes["its root"] = value**0.5
    found += [
        (what, number(question, one), _credit(question, one))
        for what, one in sizes.items()
        if abs(one - value) > edge * 1.0001
    ]
    found += [(what, code, 0) for what, code in _NO_NUMBERS.items()]
    for what, other in (
        ("a mass", "kg"),
        ("times an hour", f"({unit}) * hour" if unit else "hour"),
        ("per second", f"({unit}) / second" if unit else "1 / second"),
        ("money", "USD" if unit != "USD" else "W"),
    ):
        found.append((what, f"Q({value!r}, {other!r})", 0))
    if needs_unit(question):
        found.append(("without its unit", repr(value), 0.5))
        found += [
            (f"without its unit, {what}", repr(one), _credit(question, one))
            for what, one in (("doubled", 2 * value), ("tenfold", 10 * value))
            if unit != "percent"
        ]
    if unit == "percent":
        # Half of the points: the number is right and the kind of unit is not.
        found.append(("in percentage points", f'Q({value!r}, "percentage_point")', 0.5))
    return found


def _credit(question: dict[str, Any], value: float) -> float:
    """What a value may earn that happens to lie at a slip, or is right to fewer digits."""
    digits = question["digits"]
    shares = [0.0]
    if any(abs(value - one) <= 1e-9 * abs(one) for one in shorter(question["answer"], digits)):
        shares.append(question.get("nearly_credit", 0))
    for slip in question.get("slips", []):
        if abs(value - slip["answer"]) <= max(reach(slip["answer"], digits), abs(value) / 10):
            shares.append(slip.get("credit", 0))
    return max(shares)


def _forms(letter: str) -> dict[str, str]:
    """One letter in the spellings that are read."""
    written = {
        "the letter": letter, "a capital": letter.upper(), "blanks around": f" {letter} ",
        "a capital with blanks": f"  {letter.upper()} ", "a line's end": f"{letter}\n",
        "a tab": f"\t{letter}", "in brackets": f"({letter})", "a bracket": f"{letter})",
        "square brackets": f"[{letter}]", "a capital and a bracket": f"{letter.upper()})",
        "a full stop": f"{letter}.", "a colon": f"{letter}:", "a comma": f"{letter},",
        "in quotation marks": f'"{letter}"', "in single marks": f"'{letter}'",
        "a capital in brackets": f"({letter.upper()})", "bold": f"**{letter}**",
        "a semicolon": f"{letter};", "brackets and blanks": f" ( {letter} ) ",
        "a capital and a full stop": f"{letter.upper()}.",
    }  # fmt: skip
    return {what: repr(text) for what, text in written.items()}


def letters(question: dict[str, Any]) -> dict[str, str]:
    """The right letter, in many spellings."""
    return _forms(question["answer"])


def wrong_letters(question: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Every wrong letter in many spellings, and what is no letter; the plain ones come first."""
    credits = {slip["answer"]: slip.get("credit", 0) for slip in question.get("slips", [])}
    found = [(f"letter {one}", repr(one), credit) for one, credit in credits.items()]
    found += [
        (f"letter {one}, {what}", code, credit)
        for one, credit in credits.items()
        for what, code in list(_forms(one).items())[1:]
    ]
    right = question["answer"]
    others = {
        "nothing": "None", "an empty text": '""', "a blank": '" "', "a number": "1", "True": "True",
        "two letters": repr(f"{right} or {next(iter(credits))}"), "no option": '"z"',
        "all of them": repr("".join(question["options"])), "the letter twice": repr(2 * right),
        "a list of all": repr(list(question["options"])), "a function": "print", "a dict": "{}",
        "a question mark": '"?"', "words": '"I do not know"', "no letter": '"all"',
    }  # fmt: skip
    return [*found, *((what, code, 0) for what, code in others.items())]


def predictions(question: dict[str, Any]) -> dict[str, str]:
    """Guesses that count for being made: in range, and out of it."""
    if question["unit"] == "letter":
        return {
            f"{one}, {what}": code
            for one in question["options"]
            for what, code in _forms(one).items()
        }
    low, high, unit = question["from"], question["to"], question["unit"]
    middle = (low + high) / 2
    found = {"a prediction": number(question, middle)}
    inside = {"its low end": low, "its high end": high, "a quarter": low + (high - low) / 4}
    outside = {"far above": 10 * high + 1, "below": low - (high - low) - 1, "a million": 1e6}
    for what, one in (inside | outside).items():
        found[what] = number(question, one)
        found[f"{what}, bare"] = repr(one)
    found |= {f"the middle, {what}": code for what, code in _typed(middle, unit).items()}
    return found


def wrong_predictions(question: dict[str, Any]) -> list[tuple[str, str, float]]:
    """What is no prediction."""
    if question["unit"] == "letter":
        others = {
            "an empty text": '""', "a blank": '" "', "a number": "1", "no option": '"z"',
            "words": '"no idea"', "a list": repr(list(question["options"])), "a dict": "{}",
            "a function": "print", "True": "True", "a question mark": '"?"',
            "two letters": repr(" or ".join(question["options"][:2])),
        }  # fmt: skip
        return [("nothing", "None", 0), *((what, code, 0) for what, code in others.items())]
    other = "kg" if not question["unit"] or not _alike(question["unit"], "kg") else "W"
    odd = _NO_NUMBERS | {"another unit": f'Q(5, "{other}")', "a blank": '"  "'}
    return [
        ("nothing", "None", 0),
        *((what, code, 0) for what, code in odd.items() if what != "None"),
    ]
