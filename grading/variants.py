"""What students may write below a question: right answers in several forms, and wrong ones.

Made from the marking key, for :mod:`grading.trial` and the tests.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, NamedTuple

import nbformat

__all__ = ["Variant", "answer_name", "faulty", "needs_unit", "number", "right", "variants", "wrong"]


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


def needs_unit(question: dict[str, Any]) -> bool:
    """Whether a bare number lacks something: a share up to 1 stands for a percentage as it is."""
    unit = question["unit"]
    return bool(unit) and not (unit == "percent" and abs(question["answer"]) <= 1)


def number(question: dict[str, Any], value: float) -> str:
    """A number in the question's unit, as Python."""
    return f'Q({value!r}, "{question["unit"]}")' if question["unit"] else repr(value)


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
    """
    kind = question["kind"]
    if kind == "number":
        value, edge = question["answer"], question["tolerance"]
        ends = (
            ("the value", value),
            ("its lower edge", value - edge),
            ("its upper edge", value + edge),
        )
        found = [(what, number(question, one)) for what, one in ends]
        found += [("also right", code) for code in question.get("also_right", [])]
        return [Variant(what, f"{name} = {code}", 1) for what, code in found]
    if kind == "choice":
        letter = question["answer"]
        forms = (("the letter", letter), ("a capital with spaces", f" {letter.upper()} "))
        return [Variant(what, f"{name} = {form!r}", 1) for what, form in forms]
    if kind == "prediction":
        guess = (
            repr(question["options"][0]) if question["unit"] == "letter" else number(question, 1)
        )
        return [Variant("a prediction", f"{name} = {guess}", 1)]
    codes = [question["right"], *question.get("also_right", [])]
    return [Variant("also right", named(question, code, name), 1) for code in codes]


def wrong(question: dict[str, Any], name: str) -> list[Variant]:
    """Wrong answers, none of which may earn all points.

    Parameters
    ----------
    question, name
        As for :func:`right`.

    Returns
    -------
    list of Variant
        Every slip of the key; for a number also just outside both edges, a thousand times the
        value, another unit, and the value without its unit (which earns half).
    """
    kind = question["kind"]
    slips = question.get("slips", [])
    if kind == "prediction":
        return [Variant("nothing", f"{name} = None", 0)]
    if kind == "number":
        value, edge = question["answer"], 1.001 * question["tolerance"]
        found = [
            (f"slip {slip['answer']:g}", number(question, slip["answer"]), slip.get("credit", 0))
            for slip in slips
        ]
        for what, near in (("just below", value - edge), ("just above", value + edge)):
            found.append((what, number(question, near), _credit(question, near)))
        if value:
            thousand = 1000 * value
            found.append(
                ("a thousand times", number(question, thousand), _credit(question, thousand))
            )
        found.append(("a mass", f'Q({value!r}, "kg")', 0))
        if needs_unit(question):
            found.append(("without its unit", repr(value), 0.5))
        return [Variant(what, f"{name} = {code}", share) for what, code, share in found]
    if kind == "choice":
        return [
            Variant(
                f"letter {slip['answer']}", f"{name} = {slip['answer']!r}", slip.get("credit", 0)
            )
            for slip in slips
        ]
    if kind == "chart":
        return [
            Variant(
                f"fault {slip['fault']}",
                "\n".join(
                    [
                        question["right"].strip(),
                        inspect.getsource(faulty).strip(),
                        f"{name} = faulty(chart, {slip['fault']!r}, {question['wants']!r})",
                    ]
                ),
                slip.get("credit", 0),
            )
            for slip in slips
        ]
    return [
        Variant(f"slip {i}", named(question, slip["code"], name), slip.get("credit", 0))
        for i, slip in enumerate(slips)
    ]


def variants(question: dict[str, Any], name: str) -> tuple[list[Variant], list[Variant]]:
    """Right and wrong answers to a question."""
    return right(question, name), wrong(question, name)


def _credit(question: dict[str, Any], value: float) -> float:
    """What a value may earn that happens to lie at a slip with credit."""
    for slip in question.get("slips", []):
        if abs(value - slip["answer"]) <= slip.get("tolerance", question["tolerance"]):
            return slip.get("credit", 0)
    return 0


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
