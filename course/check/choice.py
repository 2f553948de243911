"""One letter of several."""

from __future__ import annotations

import numbers
from typing import Any

from course.check import seal
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.wording import short

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Open the envelope of the letter that was chosen; each letter has one."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(0, UNANSWERED, answered=False)
    envelopes = record["envelopes"]
    if not isinstance(answer, str) or answer.strip().lower() not in envelopes:
        plain = isinstance(answer, (str, numbers.Real))
        shown = short(answer) if plain else f"a {type(answer).__name__}"
        options = ", ".join(envelopes)
        return Verdict(0, f'Not yet: {shown} is none of {options}. Write one letter, as in "a".')
    chosen = answer.strip().lower()
    said = seal.open_with(chosen, envelopes[chosen], record["salt"])
    # Every wrong letter has a message of its own: in an assessed lesson even that would tell.
    return Verdict(said["share"], said["says"], assessed=RECORDED)
