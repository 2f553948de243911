"""What is said of any function: standing messages, each at most 160 characters.

Every message shows at most one call. Where it would be too long the call is shortened first,
then the value, then what follows.
"""

from __future__ import annotations

import re

__all__ = [
    "LIMIT",
    "changes",
    "error_returned",
    "no_words",
    "not_yet",
    "off",
    "one_path",
    "other_error",
    "outside",
    "prints",
    "rounded",
    "scaled",
    "stops",
    "twice",
    "unclear",
    "unused",
    "went_through",
]

#: The longest message.
LIMIT = 160
_SHORTEST = 24


def not_yet(call: str, tells: str, value: str = "", then: str = "") -> str:
    """Build a message that fits.

    Parameters
    ----------
    call : str
        The call that failed, as it is shown.
    tells : str
        What it does, with ``{}`` for the value.
    value : str, optional
        What it gave.
    then : str, optional
        The question or next step that follows.

    Returns
    -------
    str
    """

    def text() -> str:
        said = tells.replace("{}", value)
        said = said if said.endswith((".", "?", "!")) else f"{said}."
        return f"Not yet: {call} {said} {then}".strip()

    if len(text()) > LIMIT:
        call = _cut(call, max(_SHORTEST, len(call) - (len(text()) - LIMIT)), "…)")
    if len(text()) > LIMIT:
        value = _cut(value, max(_SHORTEST, len(value) - (len(text()) - LIMIT)), "…")
    # A long hint is worth more than what the call gave.
    if len(text()) > LIMIT and then:
        return _cut(f"Not yet. {then}", LIMIT, "…")
    return _cut(text(), LIMIT, "…")


def _cut(text: str, most: int, end: str) -> str:
    return text if len(text) <= most else text[: most - len(end)].rstrip() + end


def off(call: str, gives: str, value: str, hint: str) -> str:
    """The call gives something that is not right."""
    return not_yet(call, gives, value, hint)


def stops(call: str, kind: str, words: str) -> str:
    """The call stops with an error of its own."""
    told = {"KeyError": f"finds no {words} (KeyError)", "ZeroDivisionError": "divides by zero"}
    # pandas says in a sentence of its own what it did not find.
    sentence = kind == "KeyError" and re.search(r"None of|not in|not found", words)
    if kind in told and not sentence:
        return not_yet(call, "{}", f"stops: it {told[kind]}")
    return not_yet(call, f"stops with {kind}: {{}}", words)


def changes(call: str, what: str) -> str:
    """The call leaves an argument other than it was."""
    return not_yet(call, "changes {} that it is given", what, "Work on a copy of it.")


def twice(call: str) -> str:
    """The same call gives two answers."""
    return not_yet(
        call, "gives another answer the second time", "", "What does it keep from call to call?"
    )


def outside(name: str, outer: str) -> str:
    """The function reads data of the notebook."""
    return not_yet(
        name,
        "depends on a name outside: {}",
        outer,
        "Take it as an argument, or write the value in the same cell.",
    )


def unused(name: str, parameter: str) -> str:
    """An argument makes no difference."""
    return not_yet(name, "does not use {}", parameter, "What should change when it does?")


def prints(name: str) -> str:
    """The answer is shown and not given back."""
    return not_yet(
        name, "prints its answer and gives None", "", "What hands a value back to whoever calls?"
    )


def one_path(call: str) -> str:
    """Another call gives a value and this one none."""
    return not_yet(call, "gives None, other calls a value", "", "Does every path end with return?")


def rounded(call: str, gives: str, value: str) -> str:
    """All is near and not right."""
    return not_yet(call, gives, value, "That is near: is a step rounded too early?")


def scaled(call: str, gives: str, value: str, times: float) -> str:
    """All is right but for one factor."""
    if times == -1:
        then = "The size is right, the sign is not: which way does it go?"
    elif times in (100, 0.01):
        then = "The digits are right. A share, or a percentage?"
    else:
        then = "The digits are right. How many zeros has each number?"
    return not_yet(call, gives, value, then)


def error_returned(call: str) -> str:
    """The error is handed back as a value."""
    return not_yet(call, "returns an error as if it were a result", "", "What does raise do?")


def no_words(call: str, kind: str) -> str:
    """The error that was asked for says nothing."""
    return not_yet(call, f"stops with a {kind} without a word", "", "Say in it what is impossible.")


def unclear(call: str, kind: str, words: str) -> str:
    """The error that was asked for says something else."""
    return not_yet(call, f"stops with {kind}: {{}}", words, "Does that say what is wrong?")


def other_error(call: str, kind: str, wanted: str) -> str:
    """Another error than the one asked for."""
    return not_yet(call, f"stops with {kind}", "", f"Which error is asked for here: {wanted}?")


def went_through(call: str, gives: str, value: str, wanted: str) -> str:
    """The call gives something where an error was asked for."""
    return not_yet(call, gives, value, f"The question asks for a {wanted} there.")
