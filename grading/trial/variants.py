"""What students may write below a question: right answers in many forms, and wrong ones.

Made from the marking key, for :mod:`grading.trial` and the tests: numbers, letters and predictions
by :mod:`grading.trial.spellings`, right functions by :mod:`grading.trial.rewrites`, broken ones by
:mod:`grading.trial.mutations`, charts by :mod:`grading.trial.charts`.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from typing import Any, NamedTuple

import nbformat

from grading.key import visible_cases
from grading.trial.charts import right_charts, spoiled_charts
from grading.trial.mutations import Twin, twins
from grading.trial.oracle import Difference, Oracle
from grading.trial.rewrites import rewritten
from grading.trial.spellings import (
    letters,
    numbers,
    predictions,
    wrong_letters,
    wrong_numbers,
    wrong_predictions,
)

__all__ = ["Answers", "Broken", "Variant", "answer_name", "broken_twins", "by_heart", "right"]
__all__ += ["variants", "written_otherwise", "wrong"]

#: Kinds whose answer is typed as one expression: what makes the right and the wrong ones.
_TYPED = {
    "number": (numbers, wrong_numbers),
    "choice": (letters, wrong_letters),
    "prediction": (predictions, wrong_predictions),
}
# What is neither a function nor a part of a brief.
_NO_ANSWERS = {
    "nothing": "None", "a text": '"done"', "a number": "42", "an empty list": "[]",
    "an empty dict": "{}", "three dots": "...", "a built-in": "print",
}  # fmt: skip


class Variant(NamedTuple):
    """One answer: what it is, its code, and the share of the visible check that it may earn.

    ``share`` is 1 for a right answer; a wrong one with a share above 0 is a small slip.
    """

    what: str
    code: str
    share: float


def answer_name(notebook: nbformat.NotebookNode, question: str) -> str:
    """Find the variable that a question's check looks at.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The lesson.
    question : str
        The question's full id, such as ``"06-q1"``.

    Returns
    -------
    str

    Raises
    ------
    LookupError
        If no cell checks the question.
    """
    call = re.compile(rf'check\("{question}", (\w+)\)')
    for cell in notebook.cells:
        found = call.search(cell.source)
        if found:
            return found[1]
    raise LookupError(f"no cell has check({question!r}, ...); write one or take the question out")


def named(question: dict[str, Any], code: str, name: str) -> str:
    """A piece of the key's code, so that it leaves its result in the answer's variable."""
    # What a piece of the key's code calls its result, where it is no function of that name.
    made = {"chart": "chart", "structure": "answer"}.get(question["kind"])
    return f"{code.strip()}\n{name} = {made}" if made else code.strip()


def right(question: dict[str, Any], name: str) -> list[Variant]:
    """Right answers, each of which must earn all points.

    Parameters
    ----------
    question : dict
        From the key; not an argued one.
    name : str
        The variable that is checked.

    Returns
    -------
    list of Variant
        The key's own answer comes first. A number, a letter and a prediction follow in every form
        that is read.
    """
    kind = question["kind"]
    if kind in _TYPED:
        found = _TYPED[kind][0](question) | {
            f"also right {i}": code for i, code in enumerate(question.get("also_right", []))
        }
        return [Variant(what, _typed(name, code), 1) for what, code in found.items()]
    codes = [question["right"], *question.get("also_right", [])]
    found = [Variant("also right", named(question, code, name), 1) for code in codes]
    if kind == "chart":
        found += [Variant(one.what, one.code, 1) for one in right_charts(question, name)]
    return found


def _typed(name: str, code: str) -> str:
    """An answer's cell; not every lesson has imported what the key's code knows."""
    imports = {"np.": "import numpy as np\n", "pd.": "import pandas as pd\n"}
    return "".join(line for used, line in imports.items() if used in code) + f"{name} = {code}"


def wrong(question: dict[str, Any], name: str) -> list[Variant]:
    """Wrong answers, none of which may earn all points.

    Parameters
    ----------
    question, name
        As for :func:`right`.

    Returns
    -------
    list of Variant
        Every slip of the key comes first. For a number also: what lies beside its reach, other
        sizes and other units, what is no number, and the value without its unit (which earns
        half). For a letter: every wrong one, in every form. For a chart: every fault that it can
        have. For a function: a twin without each rule, and what only hidden tests can catch.
    """
    kind = question["kind"]
    if kind in _TYPED:
        return [
            Variant(what, _typed(name, code), share)
            for what, code, share in _TYPED[kind][1](question)
        ]
    slips = question.get("slips", [])
    if kind == "chart":
        return [
            Variant(f"slip {i}", named(question, slip["draws"], name), slip.get("credit", 0))
            for i, slip in enumerate(slips)
        ] + [Variant(one.what, one.code, one.share) for one in spoiled_charts(question, name)]
    found = [
        Variant(f"slip {i}", named(question, slip["code"], name), slip.get("credit", 0))
        for i, slip in enumerate(slips)
    ]
    found += [
        Variant(
            f"rule {i}: {rule['states']}",
            rule["twin"].strip(),
            1 if rule.get("hidden") else rule.get("credit", 0),
        )
        for i, rule in enumerate(question.get("rules", []))
    ]
    found += [
        Variant(what, f"{name} = {code}", 0)
        for what, code in _NO_ANSWERS.items()
        if kind != "structure" or code != "print"
    ]
    if not question.get("hidden_points"):
        return found
    # The visible check passes these: hidden tests have to catch them.
    found += [
        Variant(f"also wrong {i}", code.strip(), 1)
        for i, code in enumerate(question.get("also_wrong", []))
    ]
    calls = [case["call"] for case in visible_cases(question) if "raises" not in case]
    recite = f"{name} = by_heart({name}, {question['name']!r}, {calls!r})"
    known = [question["right"].strip(), inspect.getsource(by_heart).strip(), recite]
    return [*found, Variant("the shown cases by heart", "\n".join(known), 1)]


def written_otherwise(question: dict[str, Any]) -> list[Twin]:
    """A function question's right solutions, written in other ways by machine.

    Parameters
    ----------
    question : dict
        From the key.

    Returns
    -------
    list of grading.trial.mutations.Twin
        Those whose results on the key's calls are the same.
    """
    oracle = _oracle(question["right"], json.dumps(question))
    return [
        twin
        for twin in rewritten(
            question["right"], question["name"], oracle.first, oracle.result(), _rounding(question)
        )
        if twin.what.startswith("gives ") or oracle.agrees(twin.code)
    ]


def _rounding(question: dict[str, Any]) -> str:
    """How results may be rounded at the end, as Python."""
    if "decimals" in question:
        return f"round({{}}, {question['decimals']})"
    return f'float("%.{question["digits"]}g" % {{}})' if "digits" in question else ""


def broken_twins(question: dict[str, Any]) -> Broken:
    """A function question's right solution, broken in one place each by machine.

    Parameters
    ----------
    question : dict
        From the key.

    Returns
    -------
    Broken
    """
    oracle = _oracle(question["right"], json.dumps(question))
    different, alike, endless = [], [], []
    for twin in twins(question["right"], question["name"], oracle.first):
        try:
            difference = oracle.difference(twin.code)
        except RecursionError:
            endless.append(twin)
            continue
        different.append((twin, difference)) if difference else alike.append(twin)
    return Broken(different, alike, endless)


class Answers(NamedTuple):
    """What is tried; ``left_out`` counts broken twins that never differ or never end."""

    right: list[Variant]
    wrong: list[Variant]
    left_out: int = 0


class Broken(NamedTuple):
    """Broken twins: those that differ and where, those that never do, and those without an end."""

    different: list[tuple[Twin, Difference]]
    alike: list[Twin]
    endless: list[Twin]


def _marked(question: dict[str, Any], broken: Broken) -> list[Variant]:
    """Broken twins that differ, and what each may earn."""
    others = [*question.get("slips", []), *question.get("rules", [])]
    most = max((one.get("credit", 0) for one in others), default=0)
    found = []
    for twin, difference in broken.different:
        # What a shown call tells apart must not be ticked, but may be worth half; the rest is for
        # the hidden ones.
        share = max(most, 0.5) if difference.at == "visible" else 1
        where = f"{difference.call} gives {difference.other}, not {difference.right}"
        found.append(Variant(f"{twin.what}: {where}", twin.code, share))
    return found


@functools.lru_cache(maxsize=4)
def _oracle(right: str, question: str) -> Oracle:
    return Oracle(json.loads(question))


def variants(question: dict[str, Any], name: str) -> Answers:
    """Give right and wrong answers to a question, with those that are made by machine.

    Parameters
    ----------
    question, name
        As for :func:`right`.

    Returns
    -------
    Answers
        What :func:`right` and :func:`wrong` give; for a function also its solutions written in
        other ways and its broken twins, which take some seconds to find.
    """
    good, bad = right(question, name), wrong(question, name)
    if question["kind"] != "function":
        return Answers(good, bad)
    good += [Variant(what, code, 1) for what, code in written_otherwise(question)]
    broken = broken_twins(question)
    return Answers(good, bad + _marked(question, broken), len(broken.alike) + len(broken.endless))


def by_heart(function, name, calls):
    """Make a function that knows what the shown calls give, and nothing else."""
    from course.check.trying import namespace

    known = {}

    def note(*args, **kwargs):
        return known.setdefault(repr((args, kwargs)), function(*args, **kwargs))

    for call in calls:
        eval(call, namespace(name, note))  # noqa: S307 - the key's own calls

    def recite(*args, **kwargs):
        return known.get(repr((args, kwargs)), next(iter(known.values())))

    return recite
