"""What the student's cells say of an answer, read as text and never run."""

from __future__ import annotations

import ast
import re

from IPython import get_ipython

__all__ = ["shown_by"]


def shown_by(question: str) -> str | None:
    """The call that left None in an answer because it only shows what it is given.

    Parameters
    ----------
    question : str
        The question's id, such as ``"06-q6"``.

    Returns
    -------
    str or None
        Such as ``"charts.show"``; None if the answer came about otherwise, or there is no session
        to read.
    """
    shell = get_ipython()
    cells = list(shell.user_ns.get("In", [])) if shell else []
    call = re.compile(rf"""check\(\s*["']{re.escape(question)}["'],\s*(\w+)""")
    name = next((found[1] for cell in reversed(cells) if (found := call.search(cell))), None)
    for cell in reversed(cells):
        for node in reversed(_assignments(cell)):
            if any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
                return _show(node.value)
    return None


def _assignments(cell: str) -> list[ast.Assign]:
    try:
        return [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Assign)]
    except SyntaxError:  # a cell with a magic, or one that failed
        return []


def _show(value: ast.expr) -> str | None:
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return None
    if value.func.attr in ("show", "display") and isinstance(value.func.value, ast.Name):
        return f"{value.func.value.id}.{value.func.attr}"
    return "show" if value.func.attr == "show" else None
