"""Broken twins of a right function: one change each, as students make them.

Every twin is Python source with a name that says what was broken. Some are no different after
all (``<`` for ``<=`` where nothing ever lies on the bound): :mod:`grading.trial.oracle` tells them.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

__all__ = ["Twin", "twins"]


class Twin(NamedTuple):
    """A piece of source and what was done to it."""

    what: str
    code: str


_OPERATORS: dict[type, list[type]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
_COMPARISONS: dict[type, list[type]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
# A call or a method by another's name.
_CALLS = {
    "sum": ["max", "len"], "max": ["min"], "min": ["max"], "mean": ["median", "sum"],
    "median": ["mean"], "ceil": ["floor", "rint"], "floor": ["ceil"], "log": ["log10"],
    "log10": ["log"], "count": ["sum"], "std": ["var"], "removeprefix": ["removesuffix"],
    "removesuffix": ["removeprefix"], "any": ["all"], "all": ["any"], "first": ["last"],
    "cumsum": ["cumprod"], "nlargest": ["nsmallest"], "idxmax": ["idxmin"], "zip": ["map"],
}  # fmt: skip
_WORDS = {"outer": ["inner", "left"], "inner": ["outer"], "left": ["right"]}


def twins(source: str, name: str, first: dict[str, Any] | None = None) -> list[Twin]:
    """Break a function in every way known here, one at a time.

    Parameters
    ----------
    source : str
        Python that defines the function, and what it needs.
    name : str
        The function's name.
    first : dict, optional
        The arguments of its first shown call: what a student hard-wires.

    Returns
    -------
    list of Twin
        No two with the same source.
    """
    tree = ast.parse(source)
    seen, found = {ast.unparse(tree)}, []
    for what, made in _all(tree, name, first):
        code = ast.unparse(ast.fix_missing_locations(made))
        if code not in seen:
            seen.add(code)
            found.append(Twin(what, code))
    return found


def function_of(tree: ast.Module, name: str) -> ast.FunctionDef:
    """The definition of a function at the top of a piece of source; the last one counts."""
    own = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    if not own:
        raise LookupError(f"the source defines no function {name} with def; write it so")
    return own[-1]


def _all(
    tree: ast.Module, name: str, first: dict[str, Any] | None
) -> Iterator[tuple[str, ast.Module]]:
    own = function_of(tree, name)
    inside = list(ast.walk(own))
    everything = list(ast.walk(tree))
    for place, node in enumerate(everything):
        if not any(node is one for one in inside) or node is own:
            continue
        for what, change in _changes(node):
            made = copy.deepcopy(tree)
            target = list(ast.walk(made))[place]
            new = change(target)
            if new is not target:
                _Swap(target, new).visit(made)
            yield what, made
    yield from _statements(tree, name)
    yield from _arguments(tree, name, first)


class _Swap(ast.NodeTransformer):
    """Put a node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


_Change = Callable[[Any], Any]


def _changes(node: ast.AST) -> Iterator[tuple[str, _Change]]:
    """What can be broken at one expression: a name, and what does it to a copy of the node."""
    line = getattr(node, "lineno", 0)
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in _OPERATORS.get(type(node.op), []):
            yield f"operator in line {line}: {other.__name__}", _set(op=other())
        if isinstance(node, ast.BinOp):
            yield f"right side dropped in line {line}", lambda one: one.left
            yield f"left side dropped in line {line}", lambda one: one.right
            if isinstance(node.op, (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow)):
                yield f"sides swapped in line {line}", _sides
            yield f"rounded early in line {line}", lambda one: _call("round", one)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _COMPARISONS.get(type(node.ops[0]), []):
            yield f"comparison in line {line}: {other.__name__}", _set(ops=[other()])
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        for i, op in enumerate(node.ops):
            for other in _COMPARISONS.get(type(op), []):
                yield f"bound {i + 1} in line {line}: {other.__name__}", _bound(i, other)
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{other.__name__.lower()} in line {line}", _set(op=other())
        for i in range(len(node.values)):
            yield f"condition {i + 1} dropped in line {line}", _without("values", i)
    if isinstance(node, ast.UnaryOp):
        yield f"sign or not dropped in line {line}", lambda one: one.operand
    if isinstance(node, ast.IfExp):
        yield f"first way only in line {line}", lambda one: one.body
        yield f"second way only in line {line}", lambda one: one.orelse
    if isinstance(node, ast.Constant):
        yield from _constants(node, line)
    if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
        for i, loop in enumerate(node.generators):
            for j in range(len(loop.ifs)):
                yield f"filter dropped in line {line}", _unfiltered(i, j)
    if isinstance(node, ast.Subscript) and isinstance(
        node.slice, (ast.Compare, ast.Call, ast.BinOp)
    ):
        yield f"filter dropped in line {line}", lambda one: one.value
    if isinstance(node, ast.Call):
        yield from _calls(node, line)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield f"order turned round in line {line}", lambda one: _order(one)


def _set(**fields: Any) -> _Change:
    def change(node: Any) -> Any:
        for name, value in fields.items():
            setattr(node, name, copy.deepcopy(value))
        return node

    return change


def _sides(node: ast.BinOp) -> ast.BinOp:
    node.left, node.right = node.right, node.left
    return node


def _order(node: ast.Tuple) -> ast.Tuple:
    node.elts.reverse()
    return node


def _bound(place: int, other: type) -> _Change:
    def change(node: ast.Compare) -> ast.Compare:
        node.ops[place] = other()
        return node

    return change


def _without(field: str, place: int) -> _Change:
    def change(node: Any) -> Any:
        rest = getattr(node, field)
        del rest[place]
        return rest[0] if isinstance(node, ast.BoolOp) and len(rest) == 1 else node

    return change


def _unfiltered(loop: int, place: int) -> _Change:
    def change(node: Any) -> Any:
        del node.generators[loop].ifs[place]
        return node

    return change


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _constants(node: ast.Constant, line: int) -> Iterator[tuple[str, _Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{not value} in line {line}", _set(value=not value)
    elif isinstance(value, int):
        for other in {value + 1, value - 1, 10 * value, -value} - {value}:
            yield f"{value} moved to {other} in line {line}", _number(other)
    elif isinstance(value, float):
        for other in {round(value * 1.2, 12), 10 * value, value + 1} - {value}:
            yield f"{value} moved to {other} in line {line}", _set(value=other)
    elif isinstance(value, str):
        for other in _WORDS.get(value, []):
            yield f"{value} changed to {other} in line {line}", _set(value=other)


def _number(value: int) -> _Change:
    def change(node: ast.Constant) -> ast.expr:
        # A negative number is written with a sign of its own.
        made = ast.Constant(abs(value))
        return made if value >= 0 else ast.UnaryOp(ast.USub(), made)

    return change


def _calls(node: ast.Call, line: int) -> Iterator[tuple[str, _Change]]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    field = "attr" if isinstance(function, ast.Attribute) else "id"
    for other in _CALLS.get(name, []):
        if other == "rint" and getattr(getattr(function, "value", None), "id", "") == "math":
            yield f"round for ceil in line {line}", lambda one: _call("round", *one.args)
            continue
        yield f"{other} for {name} in line {line}", _renamed(field, other)
    if isinstance(function, ast.Attribute) and not (
        isinstance(function.value, ast.Name) and function.value.id in ("np", "pd", "math", "stats")
    ):
        yield f".{name}() dropped in line {line}", lambda one: one.func.value
    elif len(node.args) == 1 and not isinstance(node.args[0], (ast.GeneratorExp, ast.Starred)):
        yield f"{name}() dropped in line {line}", lambda one: one.args[0]
    if name == "range":
        for step in (1, -1):
            yield f"range one {'more' if step > 0 else 'fewer'} in line {line}", _end(step)
    for i, word in enumerate(node.keywords):
        if word.arg:
            yield f"{word.arg}= dropped in line {line}", _without("keywords", i)
    if name in ("sort_values", "sorted") and not any(
        word.arg in ("ascending", "reverse") for word in node.keywords
    ):
        word = ("ascending", False) if name == "sort_values" else ("reverse", True)
        yield f"sorted the other way in line {line}", _keyword(*word)
    if name == "merge" and any(word.arg == "how" for word in node.keywords):
        yield (
            f"missing made 0 in line {line}",
            lambda one: ast.Call(ast.Attribute(one, "fillna", ast.Load()), [ast.Constant(0)], []),
        )


def _renamed(field: str, other: str) -> _Change:
    def change(node: ast.Call) -> ast.Call:
        setattr(node.func, field, other)
        return node

    return change


def _end(step: int) -> _Change:
    def change(node: ast.Call) -> ast.Call:
        place = 0 if len(node.args) == 1 else 1
        node.args[place] = ast.BinOp(node.args[place], ast.Add(), ast.Constant(step))
        return node

    return change


def _keyword(name: str, value: Any) -> _Change:
    def change(node: ast.Call) -> ast.Call:
        node.keywords.append(ast.keyword(name, ast.Constant(value)))
        return node

    return change


def _statements(tree: ast.Module, name: str) -> Iterator[tuple[str, ast.Module]]:
    """Twins in which a statement is lost, turned or said otherwise."""
    for parent, field, place in _bodies(function_of(tree, name)):
        node = getattr(parent, field)[place]
        for what, new in _said_otherwise(node, parent):
            made = copy.deepcopy(tree)
            twin = _find(made, tree, parent)
            getattr(twin, field)[place : place + 1] = copy.deepcopy(new)
            if not getattr(twin, field):
                getattr(twin, field).append(ast.Pass())
            yield what, made


def _bodies(own: ast.AST) -> Iterator[tuple[ast.AST, str, int]]:
    for parent in ast.walk(own):
        for field in ("body", "orelse"):
            rows = getattr(parent, field, None)
            if isinstance(rows, list):
                for place in range(len(rows)):
                    yield parent, field, place


def _find(made: ast.AST, tree: ast.AST, node: ast.AST) -> ast.AST:
    """The copy of a node in a copy of its tree."""
    return next(
        copied for one, copied in zip(ast.walk(tree), ast.walk(made), strict=True) if one is node
    )


def _said_otherwise(node: ast.stmt, parent: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    line = node.lineno
    if isinstance(node, ast.Return) and node.value is not None:
        yield f"return dropped in line {line}", [ast.Expr(node.value)]
        yield f"prints in line {line}", [ast.Expr(_call("print", node.value))]
        for what, wrap in (
            ("a text", lambda value: _call("str", value)),
            ("rounded to a whole", lambda value: _call("round", value)),
            ("a hundred times", lambda value: ast.BinOp(value, ast.Mult(), ast.Constant(100))),
            ("the other sign", lambda value: ast.UnaryOp(ast.USub(), value)),
        ):
            yield f"returns {what} in line {line}", [ast.Return(wrap(node.value))]
        if isinstance(node.value, (ast.Tuple, ast.List)) and node.value.elts:
            yield f"returns the first only in line {line}", [ast.Return(node.value.elts[0])]
    elif isinstance(node, (ast.AugAssign, ast.Expr)):
        yield f"line {line} lost", []
    elif isinstance(node, ast.Assign):
        if not isinstance(node.targets[0], ast.Name):
            yield f"line {line} lost", []
        if isinstance(node.value, ast.BinOp):
            yield (
                f"rounded early in line {line}",
                [ast.Assign(node.targets, _call("round", node.value, ast.Constant(1)))],
            )
    elif isinstance(node, ast.If):
        yield f"condition in line {line} lost", [*node.orelse]
        yield f"always as in line {line}", [*node.body]
        turned = ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield f"condition in line {line} turned round", [turned]
    elif isinstance(node, ast.For):
        ended = ast.For(node.target, node.iter, [*node.body, ast.Break()], node.orelse)
        yield f"loop in line {line} ends after its first round", [ended]
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        words = node.exc.args
        yield f"error in line {line} without words", [ast.Raise(node.exc.func)]
        for other in ("KeyError", "RuntimeError"):
            error = ast.Call(ast.Name(other, ast.Load()), words, [])
            yield f"{other} in line {line}", [ast.Raise(error)]
        yield f"error in line {line} is printed", [ast.Expr(ast.Call(_name("print"), words, []))]
        yield f"error in line {line} is returned", [ast.Return(words[0] if words else None)]
        yield f"error in line {line} not raised", [ast.Pass()]


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _arguments(
    tree: ast.Module, name: str, first: dict[str, Any] | None
) -> Iterator[tuple[str, ast.Module]]:
    """Twins in which an argument is hard-wired, swapped, taken from outside or changed."""
    params = [one.arg for one in function_of(tree, name).args.args]
    values = first or {}
    for param in params:
        if param in values and _written(values[param]) is not None:
            wired = ast.parse(f"{param} = {_written(values[param])}").body
            made = copy.deepcopy(tree)
            own = function_of(made, name)
            own.body[:0] = wired
            yield f"{param} hard-wired", made
            made = copy.deepcopy(tree)
            own = function_of(made, name)
            place = params.index(param)
            own.args.args[place].arg = f"{param}_"
            made.body[:0] = copy.deepcopy(wired)
            yield f"{param} taken from outside", made
        for what, line in _narrowed(param, values.get(param)):
            made = copy.deepcopy(tree)
            function_of(made, name).body[:0] = ast.parse(line).body
            yield f"{param} {what} first", made
        for what, line in _spoilt(param, values.get(param)):
            made = copy.deepcopy(tree)
            _AfterReturn(line).visit(function_of(made, name))
            yield f"{param} {what} on the way", made
    for one, other in itertools.pairwise(params):
        made = copy.deepcopy(tree)
        function_of(made, name).body[:0] = ast.parse(f"{one}, {other} = {other}, {one}").body
        yield f"{one} and {other} swapped", made


def _written(value: Any) -> str | None:
    """A value as Python, where that can be read back."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return f"pd.DataFrame({value.to_dict('list')!r})" if len(value) < 20 else None
    if isinstance(value, (int, float, str, bool, list, tuple, dict, type(None))):
        return repr(value)
    if hasattr(value, "magnitude"):
        return f"Q({value.magnitude!r}, {str(value.units)!r})"
    return None


def _narrowed(param: str, value: Any) -> Iterator[tuple[str, str]]:
    """What makes less of an argument before the work begins: a name and a line of Python."""
    import pandas as pd

    kinds: dict[str, str] = {}
    if isinstance(value, pd.DataFrame):
        kinds = {
            "without missing rows": "{}.dropna()", "with 0 for missing": "{}.fillna(0)",
            "without equal rows": "{}.drop_duplicates()", "cut to five rows": "{}.head(5)",
            "without its first row": "{}.iloc[1:]", "with its index in order": "{}.sort_index()",
        }  # fmt: skip
    elif isinstance(value, (list, tuple)):
        kinds = {
            "sorted": "sorted({})", "cut to three": "{}[:3]", "without its first": "{}[1:]",
            "without its last": "{}[:-1]", "without doubles": "list(dict.fromkeys({}))",
            "without zeros": "[one for one in {} if one]",
        }  # fmt: skip
    elif isinstance(value, dict):
        kinds = {
            "without empty ones": "{{key: one for key, one in {}.items() if one}}",
            "without its last": "dict(list({}.items())[:-1])", "sorted": "dict(sorted({}.items()))",
        }  # fmt: skip
    elif isinstance(value, str):
        kinds = {"in small letters": "{}.lower()", "without blanks": "{}.replace(' ', '')"}
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        kinds = {
            "made whole": "int({})", "rounded": "round({})", "without its sign": "abs({})",
            "to one decimal": "round({}, 1)", "at most 1": "min({}, 1)", "at least 1": "max({}, 1)",
        }  # fmt: skip
    for what, code in kinds.items():
        yield what, f"{param} = {code.format(param)}"


def _spoilt(param: str, value: Any) -> Iterator[tuple[str, str]]:
    """What changes an argument in place, by its kind: a name and a line of Python."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        yield "gets a column", f"{param}['new'] = 0"
        yield "loses a row", f"{param}.drop(index={param}.index[:1], inplace=True)"
    elif isinstance(value, list):
        yield "grows", f"{param}.append(0)"
        yield "is turned round", f"{param}.reverse()"
    elif isinstance(value, dict):
        yield "is emptied", f"{param}.clear()"
        yield "gets an entry", f"{param}['new'] = 0"


class _AfterReturn(ast.NodeTransformer):
    """Do something after the result is known, just before it is returned."""

    def __init__(self, line: str) -> None:
        self.line = line

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.body = [new for one in node.body for new in self._rows(one)]
        return node

    def _rows(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Return) and node.value is not None:
            given = ast.Assign([ast.Name("given_", ast.Store())], node.value)
            return [given, *ast.parse(self.line).body, ast.Return(_name("given_"))]
        for field in ("body", "orelse"):
            rows = getattr(node, field, None)
            if isinstance(rows, list) and not isinstance(node, ast.FunctionDef):
                setattr(node, field, [new for one in rows for new in self._rows(one)])
        return [node]
