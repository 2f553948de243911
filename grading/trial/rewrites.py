"""A right function written otherwise: what it gives stays the same.

Each rewriting is one that students make: other names, a helper, a loop for a comprehension, other
containers, type hints, a lambda, names of their own beside it. :class:`grading.trial.oracle.Oracle`
throws out those that a particular function does not bear.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

from grading.trial.mutations import Twin, function_of

__all__ = ["rewritten"]

_TURNED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq}
# Names that a student may bind to something of their own, if the function does not need them.
_OWN_NAMES = {
    "power": 'Q(2, "kW")', "cost": "3", "trade": "None", "Q": "[1, 2]", "tables": "{}",
    "pd": '"pd"', "np": "7", "units": '"GW"', "answer": "1", "x": "0", "expect": "4",
    "compute": '"done"', "reactors": "[]", "blocs": "{}", "schedule": '"Monday"', "table": "None",
}  # fmt: skip


def rewritten(
    source: str, name: str, first: dict[str, Any], result: Any, rounded: str = ""
) -> list[Twin]:
    """Write a right function in other ways.

    Parameters
    ----------
    source : str
        Python that defines it.
    name : str
        Its name.
    first : dict
        The arguments of its first shown call.
    result : object
        What it gives there: its kind says which containers may hold it.
    rounded : str, optional
        Python that rounds a number ``{}`` as far as its results may be rounded at the end.

    Returns
    -------
    list of Twin
        No two with the same source.
    """
    tree = ast.parse(source)
    seen, found = {ast.unparse(tree)}, []
    for what, made in _all(tree, name, first, result, rounded):
        code = made if isinstance(made, str) else ast.unparse(ast.fix_missing_locations(made))
        if code not in seen:
            seen.add(code)
            found.append(Twin(what, code))
    return found


def _all(
    tree: ast.Module, name: str, first: dict[str, Any], result: Any, rounded: str
) -> Iterator[tuple[str, ast.Module | str]]:
    own = function_of(tree, name)
    params = [one.arg for one in own.args.args]
    code = ast.unparse(tree)

    def changed(change: Any) -> ast.Module:
        made = copy.deepcopy(tree)
        change(function_of(made, name))
        return made

    for style in ("my_{}", "{}_", "{}2"):
        yield f"locals named {style.format('...')}", _renamed(tree, name, style)
    yield "a docstring", changed(lambda one: _before(one, '"""What was asked."""'))
    yield "type hints", changed(_hinted)
    yield "defaults for its arguments", changed(_defaults)
    yield (
        "result named first",
        changed(lambda one: _Returns("answer_", first="answer_ = {}").visit(one)),
    )
    yield "prints as well", changed(lambda one: _before(one, 'print("working")'))
    yield (
        "a warning on the way",
        changed(lambda one: _before(one, "import warnings; warnings.warn('mine')")),
    )
    yield "a helper", _helper(code, name, own, "def")
    yield "a lambda around a helper", _helper(code, name, own, "lambda")
    if len(own.body) == 1 and isinstance(own.body[0], ast.Return) and len(tree.body) == 1:
        yield (
            "a lambda",
            f"{name} = lambda {ast.unparse(own.args)}: {ast.unparse(own.body[0].value)}",
        )
    yield "sides of a product turned", changed(lambda one: _Turned().visit(one))
    yield "comparisons turned round", changed(lambda one: _Flipped().visit(one))
    yield "squares as products", changed(lambda one: _Squares().visit(one))
    yield "steps written out", changed(lambda one: _WrittenOut().visit(one))
    yield "loops for comprehensions", changed(_looped)
    yield "else after return", changed(lambda one: setattr(one, "body", _nested(one.body)))
    yield "imports inside", changed(lambda one: _before(one, "import numpy as np, pandas as pd"))
    yield "constants named in the cell", _constants_named(tree, name)
    for param in params:
        for what, line in _copies(param, first.get(param)):
            yield f"{param} {what}", changed(lambda one, line=line: _before(one, line))
    for what, wrap in _containers(result, rounded):
        yield f"gives {what}", changed(lambda one, wrap=wrap: _Returns(wrap).visit(one))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    free = {one: value for one, value in _OWN_NAMES.items() if one not in used | {name}}
    for one, value in free.items():
        if one != "Q":
            yield f"{one} bound to {value}", f"{one} = {value}\n{code}"
    rest = "\n".join(f"{one} = {value}" for one, value in free.items() if "Q(" not in value)
    yield "many names of one's own", f"{code}\n{rest}"


def _before(own: ast.FunctionDef, text: str) -> None:
    """Put lines in front of what a function does."""
    own.body[:0] = ast.parse(text).body


def _renamed(tree: ast.Module, name: str, style: str) -> ast.Module:
    """Give the function's own names, not those of its arguments, other ones."""
    made = copy.deepcopy(tree)
    own = function_of(made, name)
    kept = {node.arg for node in ast.walk(own) if isinstance(node, ast.arg)}
    local = {
        node.id
        for node in ast.walk(own)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } - kept
    for node in ast.walk(own):
        if isinstance(node, ast.Name) and node.id in local:
            node.id = style.format(node.id)
    return made


def _hinted(own: ast.FunctionDef) -> None:
    for one in own.args.args:
        one.annotation = ast.Constant("anything")
    own.returns = ast.Constant("what was asked")


def _defaults(own: ast.FunctionDef) -> None:
    lacking = len(own.args.args) - len(own.args.defaults)
    own.args.defaults[:0] = [ast.Constant(None) for _ in range(lacking)]


def _helper(code: str, name: str, own: ast.FunctionDef, how: str) -> str:
    """The work in a function of another name, which the asked one calls."""
    work = copy.deepcopy(ast.parse(code))
    function_of(work, name).name = "work_out"
    asked, given = ast.unparse(own.args), _handed_on(own)
    if how == "lambda":
        last = f"{name} = lambda {asked}: work_out({given})"
    else:
        last = f"def {name}({asked}):\n    return work_out({given})"
    return f"{ast.unparse(work)}\n\n{last}"


def _handed_on(own: ast.FunctionDef) -> str:
    args = own.args
    handed = [one.arg for one in (*args.posonlyargs, *args.args)]
    handed += [f"*{args.vararg.arg}"] if args.vararg else []
    handed += [f"{one.arg}={one.arg}" for one in args.kwonlyargs]
    return ", ".join([*handed, *([f"**{args.kwarg.arg}"] if args.kwarg else [])])


class _Returns(ast.NodeTransformer):
    """Say what is returned otherwise, in the function itself and not in those inside it."""

    def __init__(self, form: str, *, first: str = "") -> None:
        self.form, self.first, self.depth = form, first, 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if self.depth:
            return node
        self.depth += 1
        return self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        if node.value is None:
            return node
        text = ast.unparse(node.value)
        made = ast.parse(self.first.format(text)).body
        return [*made, ast.Return(ast.parse(self.form.format(f"({text})"), mode="eval").body)]


class _Turned(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult):
            node.left, node.right = node.right, node.left
        return node


class _Flipped(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.Compare:
        self.generic_visit(node)
        if all(type(op) in _TURNED for op in node.ops):
            sides = [node.left, *node.comparators][::-1]
            ops = [_TURNED[type(op)]() for op in node.ops][::-1]
            return ast.Compare(sides[0], ops, sides[1:])
        return node


class _Squares(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        self.generic_visit(node)
        square = isinstance(node.right, ast.Constant) and node.right.value == 2
        if isinstance(node.op, ast.Pow) and square:
            return ast.BinOp(node.left, ast.Mult(), copy.deepcopy(node.left))
        return node


class _WrittenOut(ast.NodeTransformer):
    """``a += b`` as ``a = a + b``, and a chained comparison as two."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.Assign:
        self.generic_visit(node)
        was = copy.deepcopy(node.target)
        for inner in ast.walk(was):
            if hasattr(inner, "ctx"):
                inner.ctx = ast.Load()
        return ast.Assign([node.target], ast.BinOp(was, node.op, node.value))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) != 2:
            return node
        middle = node.comparators[0]
        return ast.BoolOp(
            ast.And(),
            [
                ast.Compare(node.left, node.ops[:1], [middle]),
                ast.Compare(copy.deepcopy(middle), node.ops[1:], node.comparators[1:]),
            ],
        )


def _looped(own: ast.FunctionDef) -> None:
    """Write comprehensions as loops that fill a list or a dict."""
    place = 0
    while place < len(own.body):
        loops, node = [], own.body[place]
        if isinstance(node, (ast.Return, ast.Assign, ast.Expr)):
            own.body[place] = _Comprehensions(loops).visit(node)
            own.body[place:place] = loops
            place += len(loops)
        place += 1


class _Comprehensions(ast.NodeTransformer):
    def __init__(self, loops: list[ast.stmt]) -> None:
        self.loops = loops

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def _write(self, node: Any, empty: str, fill: str) -> ast.Name:
        made = f"made_{len(self.loops)}"
        self.loops += ast.parse(f"{made} = {empty}").body
        body: list[ast.stmt] = ast.parse(fill.replace("MADE", made)).body
        for loop in reversed(node.generators):
            for test in reversed(loop.ifs):
                body = [ast.If(test, body, [])]
            body = [ast.For(loop.target, loop.iter, body, [])]
        self.loops += body
        return ast.Name(made, ast.Load())

    def visit_ListComp(self, node: ast.ListComp) -> ast.Name:
        return self._write(node, "[]", f"MADE.append({ast.unparse(node.elt)})")

    visit_GeneratorExp = visit_ListComp  # noqa: N815 - ast's own way of naming

    def visit_SetComp(self, node: ast.SetComp) -> ast.Name:
        return self._write(node, "set()", f"MADE.add({ast.unparse(node.elt)})")

    def visit_DictComp(self, node: ast.DictComp) -> ast.Name:
        key, value = ast.unparse(node.key), ast.unparse(node.value)
        return self._write(node, "{}", f"MADE[{key}] = {value}")


def _nested(body: list[ast.stmt]) -> list[ast.stmt]:
    """What follows an ``if`` that returns, inside its ``else``."""
    for place, node in enumerate(body):
        ends = isinstance(node, ast.If) and isinstance(node.body[-1], (ast.Return, ast.Raise))
        if ends and not node.orelse and body[place + 1 :]:
            turned = ast.If(
                ast.UnaryOp(ast.Not(), node.test), _nested(body[place + 1 :]), node.body
            )
            return [*body[:place], turned]
    return body


def _constants_named(tree: ast.Module, name: str) -> str:
    """The function's numbers under names of the answer's own cell."""
    made = copy.deepcopy(tree)
    names: dict[str, float] = {}

    class Named(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.expr:
            if type(node.value) not in (int, float) or node.value in (0, 1, 2, -1):
                return node
            own = f"NUMBER_{len(names)}"
            names[own] = node.value
            return ast.Name(own, ast.Load())

    own = function_of(made, name)
    own.body = [Named().visit(one) for one in own.body]
    lines = "\n".join(f"{own} = {value!r}" for own, value in names.items())
    return f"{lines}\n\n{ast.unparse(ast.fix_missing_locations(made))}"


def _copies(param: str, value: Any) -> Iterator[tuple[str, str]]:
    """Lines that copy an argument first, by its kind."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        yield "copied", f"{param} = {param}.copy()"
        yield "with an index of its own", f"{param} = {param}.reset_index(drop=True)"
    elif isinstance(value, (list, tuple)):
        yield "as a list", f"{param} = list({param})"
        yield "as a tuple", f"{param} = tuple({param})"
    elif isinstance(value, dict):
        yield "copied", f"{param} = dict({param})"
    elif isinstance(value, float):
        yield "as NumPy's", f"import numpy as np; {param} = np.float64({param})"
    else:
        yield "by another name", f"given_{param} = {param}; {param} = given_{param}"


def _containers(result: Any, rounded: str) -> Iterator[tuple[str, str]]:
    """What may hold a result of some kind: a name, and how it is made."""
    import numpy as np
    import pandas as pd

    np_, pd_ = '__import__("numpy")', '__import__("pandas")'
    if isinstance(result, (float, np.floating)) or type(result) is int:
        yield "a plain number", "float({})"
        yield "NumPy's number", f"{np_}.float64({{}})"
        yield "an array of no dimension", f"{np_}.array(float({{}}))"
        yield "a fraction", '__import__("fractions").Fraction(float({}))'
        if rounded and type(result) is not int:
            yield "its digits", rounded
    elif isinstance(result, (list, tuple, np.ndarray)):
        yield "a list", "list({})"
        yield "a tuple", "tuple({})"
        yield "a series", f"{pd_}.Series(list({{}}))"
        if all(isinstance(one, (float, int, np.number)) for one in result):
            yield "an array", f"{np_}.array({{}})"
            if rounded:
                yield "its digits", f"[{rounded.format('one')} for one in {{}}]"
    elif isinstance(result, pd.Series):
        yield "a dict", "dict({})"
        yield "a series of another name", '{}.rename("mine")'
        yield "sorted otherwise", "{}[::-1]"
    elif isinstance(result, dict):
        yield "a series", f"{pd_}.Series({{}})"
        yield "turned round", "dict(list({}.items())[::-1])"
    elif isinstance(result, pd.DataFrame):
        yield "with a column more", '{}.assign(note="mine")'
        yield "with an index of its own", "{}.reset_index(drop=True)"
        yield "its columns turned", "{0}[{0}.columns[::-1]]"
