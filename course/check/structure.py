"""A part of the student's own making: a plan, a card, forecasts, a brief."""

from __future__ import annotations

import math
from typing import Any

from course.check.call import UNANSWERED, Verdict

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Give the share of the parts that are there."""
    from course import brief

    parts = brief.judge(record["of"], answer)
    if parts is None:
        return Verdict(0, UNANSWERED, answered=False)
    faults = [part.says for part in parts.values() if part.share < 1]
    if not faults:
        return Verdict(1, "Right: every part is there. What it is worth, a reader will say.")
    share = math.fsum(record["parts"][name] * part.share for name, part in parts.items())
    more = f" ({len(faults) - 1} more to mend after that.)" if len(faults) > 1 else ""
    # What was asked for is open to all, so nothing is given away in a lesson that is marked.
    return Verdict(round(share, 9), f"Not yet: {faults[0]}{more}")
