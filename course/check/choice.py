"""One letter of several."""

from __future__ import annotations

import numbers
from typing import Any

from course.check import seal
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.wording import short

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Hold a letter against the sealed one; each wrong letter is a named slip."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(0, UNANSWERED, answered=False)
    options = ", ".join(record["options"])
    if not isinstance(answer, str) or answer.strip().lower() not in record["options"]:
        plain = isinstance(answer, (str, numbers.Real))
        shown = short(answer) if plain else f"a {type(answer).__name__}"
        return Verdict(0, f'Not yet: {shown} is none of {options}. Write one letter, as in "a".')
    # Every wrong letter is a named slip, so in an assessed lesson even naming it would tell.
    if seal.fits_word(record["right"], answer, record["salt"]):
        return Verdict(1, f"Right. {record['because']}".strip(), assessed=RECORDED)
    said = record["slips"][answer.strip().lower()]
    return Verdict(said["credit"], f"Not yet: {said['says']}", assessed=RECORDED)
