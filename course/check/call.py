"""The call, the verdict, and how it is shown.

In a student's notebook a check shows its message and goes on, so that Run All reaches the end.
When nbgrader marks or validates, the same call raises if the answer is wrong, or returns the
points earned as a plain float, which nbgrader takes as partial credit. No check prints an answer
and none needs a network: ``checks.json`` holds right answers only under a seal, and known slips
with what to say to each.
"""

from __future__ import annotations

import contextlib
import functools
import html
import importlib
import io
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from IPython.display import display

from course.check.wording import short
from course.slips import Sentence, Slip, called, meant

__all__ = [
    "ASSESSED",
    "RECORDED",
    "UNANSWERED",
    "NotYet",
    "Verdict",
    "check",
    "hushed",
    "questions",
    "tell",
]

#: A release made for marks carries this file: checks then name slips but confirm nothing.
ASSESSED = "assessed.json"
RECORDED = "Recorded. This lesson is marked: its checks name some slips and confirm no answer."
UNANSWERED = "Not answered yet. Replace None in the cell above, run it, then run this again."


class NotYet(Sentence, AssertionError):
    """An answer that is not right yet; the message says why, without a traceback."""


class Verdict(NamedTuple):
    """What a check found: the share of the points earned, and what to tell the student.

    ``assessed`` stands in for ``says`` in a lesson that is marked, where it must read the same
    for right and wrong. None: ``says`` itself gives nothing away.
    """

    share: float
    says: str
    answered: bool = True
    assessed: str | None = None


@called("check")
def check(question: str, answer: Any) -> float | None:
    """Check one answer.

    Parameters
    ----------
    question : str
        The question's id: lesson number and question, such as ``"06-q1"``.
    answer : object
        What the student gave: a quantity, a letter, a function, a chart, or a part of a brief.

    Returns
    -------
    float or None
        Nothing in a student's session, where the message is shown. The points earned when
        nbgrader marks or validates.

    Raises
    ------
    NotYet
        When nbgrader marks or validates and the answer earns nothing.
    course.slips.Slip
        If there is no such question.
    """
    record = _question(question)
    with hushed():
        # A kind is a module of its name: only what is asked is imported.
        verdict = importlib.import_module(f"course.check.{record['kind']}").judge(record, answer)
    run = os.environ.get("NBGRADER_EXECUTION")
    silent = verdict.assessed is not None and record["points"] > 0 and Path(ASSESSED).is_file()
    # The Validate button is the student's own: it must not confirm what check keeps to itself.
    if silent and run != "autograde":
        tell(Verdict(0, verdict.assessed, answered=False))
        return None
    # A warm-up question is worth nothing, so it never stops a marking run.
    if run and record["points"]:
        if verdict.share == 0:
            raise NotYet(verdict.says)
        tell(verdict)
        return float(record["points"] * verdict.share)
    tell(verdict)
    return None


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep warnings of a student's code from nbgrader, which takes any for a failed test."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def tell(verdict: Verdict) -> None:
    """Show a verdict below the cell."""
    if verdict.share == 1:
        mark, colour = "✓", "#00664b"
    elif not verdict.answered:
        mark, colour = "○", "#555555"
    else:
        mark, colour = "→", "#8a3c00"
    text = f"{mark} {verdict.says}"
    box = (
        f'<div class="course-check" role="status" style="border-left:4px solid {colour};'
        'padding:.4em .8em;background:#ffffff;color:#1a1a1a">'
        f"{html.escape(text)}</div>"
    )
    display({"text/plain": text, "text/html": box}, raw=True)


@functools.cache
def questions() -> dict[str, dict]:
    """Every question's record in ``checks.json``, by its id.

    Returns
    -------
    dict of dict

    Raises
    ------
    course.slips.Slip
        If the file is not there: the course was not installed whole.
    """
    path = Path(__file__).with_name("checks.json")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Slip(
            f"{path.name} is missing beside {Path(__file__).name}: install the course again."
        ) from None


def _question(question: str) -> dict:
    known = questions()
    if not isinstance(question, str) or question not in known:
        lesson = str(question).partition("-")[0]
        siblings = [name for name in known if name.startswith(f"{lesson}-")]
        mend = meant(question, siblings, otherwise='Write lesson and question, as in "06-q1".')
        raise Slip(f"There is no question {short(question)}. {mend}")
    return {**known[question], "id": question}
