"""One letter of several."""

from __future__ import annotations

from typing import Any

from course import reading
from course.check import seal
from course.check.call import RECORDED, Verdict

__all__ = ["judge"]

# A letter without quotation marks stops its cell, and the answer is still None then.
_NOTHING = (
    'Not answered yet. Replace None by one letter in quotation marks, as in "a"; run that cell, '
    "then run this again."
)


def judge(record: dict, answer: Any) -> Verdict:
    """Open the envelope of the letter that was chosen; each letter has one."""
    if reading.blank(answer):
        return Verdict(0, _NOTHING, answered=False)
    envelopes = record["envelopes"]
    try:
        chosen = reading.letter(answer, sorted(envelopes))
    except reading.Unread as unread:
        return Verdict(0, f"Not yet: {unread}")
    said = seal.open_with(chosen, envelopes[chosen], record["salt"])
    # Every wrong letter has a message of its own: in an assessed lesson even that would tell.
    return Verdict(said["share"], said["says"], assessed=RECORDED)
