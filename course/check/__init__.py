"""Checks that teach: ``check("06-q1", answer_q1)`` says at once what is right, wrong and why.

`call` holds the call, the verdict and its display; each kind of question has a module of its
name with one function, ``judge``. `checks.json` is made from the marking key; `seal` keeps its
right answers from being read by accident.
"""

from course.check.call import ASSESSED, NotYet, check

__all__ = ["ASSESSED", "NotYet", "check"]
