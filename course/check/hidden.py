"""What runs at marking alone: the calls of a function that a student's notebook does not hold.

The cell carries its record, which `grading.hidden` makes from the key; nothing of the student's
is read but the answer, and no name is left behind.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from typing import Any

from course.check.call import NotYet, hushed, tell
from course.check.function import judge

__all__ = ["hidden", "packed", "unpacked"]


def packed(record: dict) -> str:
    """A record as one text of letters and digits, for a cell."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> dict:
    """The record that `packed` packed; line breaks do not count."""
    return json.loads(zlib.decompress(base64.b64decode("".join(text.split()))))


def hidden(text: str, answer: Any) -> float | None:
    """Try a function on the calls that run at marking.

    Parameters
    ----------
    text : str
        The packed record.
    answer : object
        The student's function.

    Returns
    -------
    float or None
        The points earned at marking; nothing where the instructor runs the solution by hand.

    Raises
    ------
    NotYet
        If it earns nothing, or is not right when run by hand.
    """
    record = unpacked(text)
    with hushed():
        verdict = judge(record, answer)
    if verdict.share == 0:
        raise NotYet(verdict.says)
    tell(verdict)
    if not os.environ.get("NBGRADER_EXECUTION"):
        return None
    return float(record["points"] * verdict.share)
