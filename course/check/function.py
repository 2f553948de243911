"""A function: called, and its results held against the sealed ones."""

from __future__ import annotations

import os
from typing import Any

from course.check.borrowing import borrowed
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.results import flatten, mismatch, same
from course.check.wording import first_line

__all__ = ["judge", "namespace"]


def judge(record: dict, answer: Any) -> Verdict:
    """Try a function on the key's visible cases."""
    name = record["name"]
    if answer is None:
        return Verdict(0, UNANSWERED, answered=False)
    if not callable(answer):
        return Verdict(0, f"Not yet: {name} is a {type(answer).__name__}, no longer a function.")
    model = borrowed(answer)
    if model:
        return Verdict(
            0,
            f"Not yet: {name} hands the work to the course's own {model}. "
            "Write the steps yourself; the ready one is for comparing afterwards.",
        )
    for case in record["cases"]:
        verdict = _one_case(record, case, answer)
        if verdict is not None:
            return verdict
    ran, rest = len(record["cases"]), record["hidden"]
    more = f" {ran} of {ran + rest} checks run here; the rest run at marking." if rest else ""
    return Verdict(1, f"Right so far.{more}" if rest else "Right.", assessed=RECORDED)


def _one_case(record: dict, case: dict, answer: Any) -> Verdict | None:
    """Try one call; nothing is said of a call that is right."""
    call = case["call"]
    try:
        result = eval(call, namespace(record["name"], answer))  # noqa: S307 - our own text
    except KeyboardInterrupt:
        # At marking it is nbgrader that stops a cell; in a session the student does.
        if not os.environ.get("NBGRADER_EXECUTION"):
            raise
        return Verdict(0, f"Not yet: {call} did not end in time. Is there a loop without an end?")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any of a student's is the message
        says = f"Not yet: {call} stops with {type(error).__name__}: {first_line(error)}"
        return Verdict(0, says)
    if result is None:
        return Verdict(
            0, f"Not answered yet: {record['name']} returns None. Does it end with return?", False
        )
    try:
        values = flatten(result, case.get("by"), case.get("columns"))
    except (TypeError, ValueError, KeyError) as error:
        return Verdict(0, f"Not yet: {call} {first_line(error)}")
    wrong = mismatch(case["right"], values, record["salt"])
    if wrong is None:
        return None
    for slip in case["slips"]:
        if same(slip["values"], values):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    place, given = wrong
    at = f" at {place}" if place else ""
    says = f"Not yet: {call} gives {given[:60]}{at}. {record['hint']}"
    return Verdict(0, says, assessed=RECORDED)


def namespace(name: str, answer: Any) -> dict[str, Any]:
    """Names that a key's call may use, the student's function among them."""
    import numpy as np
    import pandas as pd

    from course import tables
    from course.units import Q

    return {name: answer, "np": np, "pd": pd, "tables": tables, "Q": Q}
