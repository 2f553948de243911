"""Answers made up from the marking key, and what each is worth."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grading.key import KEYS, load_key

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
    call = re.compile(rf'check\("{lesson[:2]}-{question["id"]}", (\w+)\)')
    for cell in notebook_of(lesson).cells:
        found = call.search(cell.source)
        if found:
            return found[1]
    raise LookupError(f"{lesson} has no check of {question['id']}")


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
        slip = slips[int(how.split()[1]) % len(slips)]
        code = _slipped(question, slip, name)
        return Answer(code, visible * slip.get("credit", 0), says=slip["says"])
    if how == "bare" and question["kind"] == "number" and needs_unit(question):
        return Answer(f"{name} = {question['answer']!r}", visible * 0.5, says="half the points")
    if how == "also" and question.get("also_right"):
        code = question["also_right"][0]
        code = f"{name} = {code}" if question["kind"] == "number" else _named(question, code, name)
        return Answer(code, visible, hidden)
    code = _right(question, name)
    return Answer(_noisy(question, code, name) if how == "noisy" else code, visible, hidden)


def needs_unit(question: dict[str, Any]) -> bool:
    """Whether a bare number lacks something: a share up to 1 stands for a percentage as it is."""
    unit = question["unit"]
    return bool(unit) and not (unit == "percent" and abs(question["answer"]) <= 1)


def number(question: dict[str, Any], value: float) -> str:
    """A number in the question's unit, as Python."""
    return f'Q({value!r}, "{question["unit"]}")' if question["unit"] else repr(value)


def _right(question: dict[str, Any], name: str) -> str:
    kind = question["kind"]
    if kind == "number":
        return f"{name} = {number(question, question['answer'])}"
    if kind == "choice":
        return f'{name} = "{question["answer"]}"'
    if kind == "prediction":
        return f"{name} = {guess(question)}"
    return _named(question, question["right"], name)


def guess(question: dict[str, Any]) -> str:
    """Some prediction, as Python."""
    if question["unit"] == "letter":
        return repr(question["options"][0])
    return number(question, 1)


def _named(question: dict[str, Any], code: str, name: str) -> str:
    # What a piece of the key's code calls its result, where it is no function of that name.
    made = {"chart": "chart", "structure": "answer"}.get(question["kind"])
    return f"{code.strip()}\n{name} = {made}" if made else code.strip()


def _slipped(question: dict[str, Any], slip: dict[str, Any], name: str) -> str:
    kind = question["kind"]
    if kind == "number":
        return f"{name} = {number(question, slip['answer'])}"
    if kind == "choice":
        return f'{name} = "{slip["answer"]}"'
    if kind in ("function", "structure"):
        return _named(question, slip["code"], name)
    return "\n".join(
        [
            question["right"].strip(),
            inspect.getsource(faulty).strip(),
            f"{name} = faulty(chart, {slip['fault']!r}, {question['wants']!r})",
        ]
    )


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


def faulty(chart, fault, wants):
    """Put one fault into a right chart."""
    import altair as alt

    def units(part):
        if "mark" in part or "encoding" in part:
            yield part
        for inside in ("layer", "hconcat", "vconcat", "concat"):
            for child in part.get(inside, []):
                yield from units(child)
        if "spec" in part:
            yield from units(part["spec"])

    def other(choices, wanted):
        wanted = [wanted] if isinstance(wanted, str) else wanted
        return next(one for one in choices if one not in wanted)

    spec = chart.to_dict()
    for unit in units(spec):
        encoding = unit.get("encoding", {})
        channel, _, part = fault.rpartition("-")
        want = wants["channels"].get(channel, {})
        drawn = encoding.get(channel)
        if fault == "mark" and "mark" in unit:
            unit["mark"] = {"type": other(["tick", "point", "bar", "line"], wants["marks"])}
        elif fault == "swapped" and {"x", "y"} <= encoding.keys():
            encoding["x"], encoding["y"] = encoding["y"], encoding["x"]
        elif part == "field" and drawn:
            drawn.pop("aggregate", None)
            drawn["field"] = "some_other_column"
        elif part == "aggregate" and drawn:
            drawn["aggregate"] = other(["count", "sum", "mean", "stdev"], want["aggregate"])
        elif part == "type" and drawn:
            kinds = ["nominal", "temporal", "ordinal", "quantitative"]
            drawn["type"] = other(kinds, want["type"])
        elif part == "zero" and drawn:
            drawn["scale"] = {"zero": False}
        elif part == "scale" and drawn:
            drawn["scale"] = {"type": other(["linear", "sqrt", "log"], want["scale"])}
    return alt.Chart.from_dict(spec)
