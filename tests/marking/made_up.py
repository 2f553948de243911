"""Answers made up from the marking key, and what each is worth."""

from __future__ import annotations

import contextlib
import functools
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from course.check import function
from grading.cases import record, run_code
from grading.key import KEYS, load_key
from grading.trial import variants
from grading.trial.spellings import needs_unit
from grading.trial.variants import named

__all__ = ["LESSONS", "ROOT", "Answer", "answer_name", "every", "guess", "key_of"]
__all__ += ["needs_unit", "notebook_of", "scope_of", "written"]

ROOT = Path(__file__).resolve().parents[2]
LESSONS = [path.stem for path in sorted(KEYS.glob("*.toml"))]


def key_of(lesson: str) -> list[dict[str, Any]]:
    """Questions of a lesson's key."""
    return load_key(KEYS / f"{lesson}.toml")["question"]


def notebook_of(lesson: str, room: str = "solutions", root: Path = ROOT) -> Any:
    """Read the lesson's notebook in one of the rooms."""
    return nbformat.read(root / room / lesson / f"{lesson}.ipynb", as_version=4)


def every(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """All questions of one kind, each with its full id."""
    return [
        (f"{lesson[:2]}-{question['id']}", question)
        for lesson in LESSONS
        for question in key_of(lesson)
        if question["kind"] == kind
    ]


@functools.cache
def scope_of(lesson: str) -> dict[str, Any]:
    """Names that a solved lesson's cells leave behind; its charts and checks show nothing."""
    scope: dict[str, Any] = {"__name__": "lesson", "display": lambda *_, **__: None}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in notebook_of(lesson).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{lesson}, {cell.id}", "exec"), scope)
    return scope


def answer_name(lesson: str, question: dict[str, Any]) -> str:
    """The variable that a lesson's check cell looks at."""
    return variants.answer_name(notebook_of(lesson), f"{lesson[:2]}-{question['id']}")


def guess(question: dict[str, Any]) -> str:
    """Some prediction, as Python."""
    return variants.right(question, "guess")[0].code.partition(" = ")[2]


@dataclass(frozen=True)
class Answer:
    """What a student writes below the stub, what it earns, and what the check says to it."""

    code: str
    points: float
    hidden: float = 0
    says: str = ""


def written(question: dict[str, Any], name: str, how: str) -> Answer:
    """Write one answer to a question.

    Parameters
    ----------
    question : dict
        From the key.
    name : str
        The variable that is checked.
    how : str
        ``right``, ``also``, ``bare``, ``noisy``, ``broken``, ``blank`` or ``slip 0``, ``slip 1``
        ... (a number beyond the last slip begins again).
    """
    visible = question["points"] - question.get("hidden_points", 0)
    hidden = question.get("hidden_points", 0)
    if how == "blank" or question["kind"] == "argument":
        return Answer("", 0)
    if how == "broken":
        return Answer(_broken(question, name), 0)
    if how.startswith("slip") and question.get("slips"):
        slips = question["slips"]
        place = int(how.split()[1]) % len(slips)
        slip, code = slips[place], variants.wrong(question, name)[place].code
        later = hidden * _at_marking(question, slip) if hidden else 0
        return Answer(code, visible * slip.get("credit", 0), later, says=slip["says"])
    if how == "bare" and question["kind"] == "number" and needs_unit(question):
        return Answer(f"{name} = {question['answer']!r}", visible * 0.5, says="half the points")
    if how == "also" and question.get("also_right"):
        code = question["also_right"][0]
        code = f"{name} = {code}" if question["kind"] == "number" else named(question, code, name)
        return Answer(code, visible, hidden)
    code = variants.right(question, name)[0].code
    return Answer(_noisy(question, code, name) if how == "noisy" else code, visible, hidden)


def _at_marking(question: dict[str, Any], slip: dict[str, Any]) -> float:
    """The share that a function's slip earns by its hidden calls, which may know it as well."""
    sealed = {"salt": "s", **record(question, question["id"], "s", hidden=True)}
    return function.judge(sealed, run_code(slip["code"], question["name"])).share


def _noisy(question: dict[str, Any], code: str, name: str) -> str:
    """The same answer, with warnings and words on stderr when it is made and when it is called."""
    noise = 'import sys\nimport warnings\n\nwarnings.warn("a warning of my own")\n'
    if question["kind"] != "function":
        return noise + code
    return (
        f"{noise}{code}\n_silent = {name}\n\n\n"
        f"def {name}(*args, **kwargs):\n"
        '    warnings.warn("another warning of my own")\n'
        '    print("and words on stderr", file=sys.stderr)\n'
        "    return _silent(*args, **kwargs)"
    )


def _broken(question: dict[str, Any], name: str) -> str:
    if question["kind"] == "function":
        return f'def {name}(*args, **kwargs):\n    raise RuntimeError("it broke")'
    return f"{name} = ("
