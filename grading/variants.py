"""What students may write below a question: right answers in several forms, and wrong ones.

Made from the marking key, for :mod:`grading.trial` and the tests.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, NamedTuple

import nbformat

from course.check.digits import reach
from grading.key import chart_faults, visible_cases

__all__ = ["Variant", "answer_name", "by_heart", "faulty", "needs_unit", "number", "right"]
__all__ += ["variants", "wrong"]


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
        value, edge = question["answer"], reach(question["answer"], question["digits"])
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
        Every slip of the key comes first. For a number also: just outside both edges, powers of
        ten, other units, and the value without its unit (which earns half). For a chart: every
        fault that it can have. For a function with hidden tests: what only these can catch.
    """
    kind = question["kind"]
    if kind == "prediction":
        return [Variant("nothing", f"{name} = None", 0)]
    slips = question.get("slips", [])
    if kind == "number":
        found = [
            (f"slip {slip['answer']:g}", number(question, slip["answer"]), slip.get("credit", 0))
            for slip in slips
        ] + _other_numbers(question)
        return [Variant(what, f"{name} = {code}", share) for what, code, share in found]
    if kind == "choice":
        return [
            Variant(
                f"letter {slip['answer']}", f"{name} = {slip['answer']!r}", slip.get("credit", 0)
            )
            for slip in slips
        ]
    if kind == "chart":
        return _faulty_charts(question, name)
    found = [
        Variant(f"slip {i}", named(question, slip["code"], name), slip.get("credit", 0))
        for i, slip in enumerate(slips)
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


def _other_numbers(question: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Wrong forms of a right number: beside its tolerance, of another size, in another unit."""
    value, unit = question["answer"], question["unit"]
    edge = 1.001 * reach(value, question["digits"])
    sizes = [("just below", value - edge), ("just above", value + edge)]
    if value:
        sizes += [("a thousand times", 1000 * value), ("a thousandth", value / 1000)]
        # A share for a percentage, and the other way round.
        sizes += [("a hundredth", value / 100)] if unit == "percent" else []
        sizes += [("a hundred times", 100 * value)] if unit in ("", "percent") else []
    found = [(what, number(question, one), _credit(question, one)) for what, one in sizes]
    for what, other in (
        ("a mass", "kg"),
        ("times an hour", f"({unit}) * hour" if unit else "hour"),
        ("per second", f"({unit}) / second" if unit else "1 / second"),
    ):
        found.append((what, f"Q({value!r}, {other!r})", 0))
    if needs_unit(question):
        found.append(("without its unit", repr(value), 0.5))
    return found


def _faulty_charts(question: dict[str, Any], name: str) -> list[Variant]:
    """The right chart with each fault that its wants allow, those of the key's slips first."""
    wants, channels = question["wants"], question["wants"]["channels"]
    credits = {slip["fault"]: slip.get("credit", 0) for slip in question.get("slips", [])}

    def possible(fault: str) -> bool:
        if fault == "swapped":
            return all("field" in channels.get(axis, {}) for axis in "xy")
        channel, _, part = fault.rpartition("-")
        return fault == "mark" or part in channels[channel]

    others = sorted(fault for fault in chart_faults(wants) - set(credits) if possible(fault))
    start = [question["right"].strip(), inspect.getsource(faulty).strip()]
    return [
        Variant(
            f"fault {fault}",
            "\n".join([*start, f"{name} = faulty(chart, {fault!r}, {wants!r})"]),
            credits.get(fault, 0),
        )
        for fault in [*credits, *others]
    ]


def variants(question: dict[str, Any], name: str) -> tuple[list[Variant], list[Variant]]:
    """Right and wrong answers to a question."""
    return right(question, name), wrong(question, name)


def _credit(question: dict[str, Any], value: float) -> float:
    """What a value may earn that happens to lie at a slip with credit."""
    for slip in question.get("slips", []):
        if abs(value - slip["answer"]) <= reach(slip["answer"], question["digits"]):
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
