"""What students call answers a slip with one sentence: in a real kernel, for every such function.

The functions are read from the lessons, so that a new one is tried as soon as a lesson calls it.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import json
import re
from pathlib import Path

import nbformat
import pytest

from course.check.wording import kind_of
from course.slips import Sentence, Slip
from course.units import Q
from grading.kernels import Client

ROOT = Path(__file__).resolve().parents[1]
#: What only the hidden cells of a lesson call, and no student.
HIDDEN = {"expect"}


def asked() -> dict[str, str]:
    """What the lessons call of the course, in cells or in words, with the line that imports it."""
    cells = []
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        cells += json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    imports: dict[str, str] = {}
    for line in set(re.findall(r"^from course[\w.]* import [\w, ]+$", text, flags=re.M)):
        for alias in ast.parse(line).body[0].names:
            imports[alias.name] = f"{line.partition(' import')[0]} import {alias.name}"
    called: dict[str, str] = {}
    for first, rest in re.findall(r"(?<![\w.])(\w+)(?:\.(\w+))?\(", text):
        if first in imports and rest and is_public(imports[first], rest):
            called[f"{first}.{rest}"] = imports[first]
        elif first in imports and not rest and first not in HIDDEN:
            called[first] = imports[first]
    return dict(sorted(called.items()))


def is_public(line: str, name: str) -> bool:
    """Whether a name is a module's function: a lesson's variable may be called like a module."""
    scope: dict[str, object] = {}
    exec(line, scope)
    module = scope[line.split()[-1]]
    return inspect.ismodule(module) and callable(getattr(module, name, None))


ASKED = asked()


def function_of(name: str):
    scope: dict[str, object] = {}
    exec(ASKED[name], scope)
    return eval(name, scope)


#: What stands where something else is wanted.
JUNK = ["None", "'cliams'", "5", "-1.5", "[]", "{}", "Q(3, 'MW')", "[1, 'a']", "print", "True"]
#: Slips that students made, by the function.
MADE = {
    "Q": ['Q(30, "kwh")', 'Q("30", "kWh")', "Q(30, 5)", 'Q(30, "k Wh")', 'Q("kWh", 30)',
          'Q(30, "kWh)")', 'Q(10, "kW") + Q(3, "hour")', 'Q(10, "kW") > 3', 'Q(1, "MW").to("hour")',
          'Q(1, "MW").to("mwh")', "Q()", 'Q(3, unit="MW")', 'sum([Q(1, "kW"), Q(1, "kWh")])',
          'Q(30, "TWh a year")', 'Q(1, "MW").to(5)', 'Q(1, "MW").to()', 'Q(1, "MW").m_as([1])',
          '2 ** Q(1, "MW")', 'Q(2, "MW") ** Q(1, "year")'],
    "check": ['check("06-q99", 5)', 'check("6-q1", 5)', 'check("06-q1")', "check(5, 5)",
              'check(["06-q1"], 5)'],
    "claims.lock": ['claims.lock("C3", "share", supports=1, undermines=2)',
                    'claims.lock("C03", "share", supports=Q(20, "MW"), undermines=Q(1, "year"))',
                    'claims.lock("C03", "share", supports="large", undermines="small")',
                    'claims.lock("C03", "share", suports=1, undermines=2)',
                    'claims.lock("C03", 5, supports=1, undermines=2)',
                    'claims.lock("C03", "a", unit="percent", supports=20, undermines=2)'],
    "claims.reveal": ['claims.reveal("C99")', 'claims.reveal(["C01", "C02"])'],
    "claims.give_verdict": ['claims.give_verdict("C37", "mixd", probability=0.5)',
                            'claims.give_verdict("C37", "mixed", probability=700)',
                            'claims.give_verdict("C37", "mixed", probability=0.5, low=1)'],
    "forecasts.give": ["forecasts.give(F2=700)", "forecasts.give(f1=0.5)", "forecasts.give(0.5)",
                       'forecasts.give(F1="maybe")', "forecasts.give(F1=-0.2, F2=3, F99=0.1)"],
    "forecasts.close": ['forecasts.close("F99")', 'forecasts.close(["F1"])'],
    "tables.load": ['tables.load("cliams")', "tables.load()", 'tables.load("reactors.csv")',
                    'tables.load(["claims"])', 'tables.load("claims", "reactors")'],
    "tables.parameter": ['tables.parameter("h100_tpd")'],
    "charts.show": ["charts.show(None, 'x')", "charts.show(alt.Chart())", "charts.show('x', 'y')",
                    "charts.show(alt.Chart(), 'x', tables='claims')"],
    "ledger.bring_in": ['ledger.bring_in("nowhere.json")', 'ledger.bring_in("{")'],
    "handin.bundle": ['handin.bundle("13-nothing", student="x")',
                      'handin.bundle("06-megawatts", student="x")',
                      'handin.bundle("06-megawatts", student="a b")'],
    "brief.card": ['brief.card("C01", numbr=print)', 'brief.card("C01", print)'],
    "brief.write": ['brief.write("my-brief", title="x", author="y", minister="z")'],
    "peer.read": ['peer.read("nowhere.html")'],
    "peer.review": ['peer.review({}, "C01")'],
    "power.site_power_mw": ["power.site_power_mw(-5, 1.2)", "power.site_power_mw(5, pue='x')"],
}  # fmt: skip


def attempts(name: str) -> list[str]:
    """Calls of a function that a student could slip into."""
    tries = [f"{name}(nosuch_argument=1)", f"{name}(*range(40))"]
    needed = [
        one
        for one in inspect.signature(function_of(name)).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    ]
    if needed:
        tries.append(f"{name}()")
    for junk in JUNK:
        given = [junk if one.kind is one.POSITIONAL_OR_KEYWORD else f"{one.name}={junk}"
                 for one in needed]  # fmt: skip
        tries.append(f"{name}({', '.join(given) or junk})")
    return tries + MADE.get(name, [])


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, dict]:
    """Each attempt with the error that a real kernel shows for it."""
    folder = tmp_path_factory.mktemp("student") / "06-megawatts"
    folder.mkdir()
    lines = ["import altair as alt", "from course.units import Q", *dict.fromkeys(ASKED.values())]
    cells = [nbformat.v4.new_code_cell("\n".join(lines))]
    calls = [one for name in ASKED for one in attempts(name)]
    cells += [nbformat.v4.new_code_cell(f"_ = {one}") for one in calls]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = Client(
        notebook, allow_errors=True, timeout=60, resources={"metadata": {"path": folder}}
    )
    client.execute()
    assert not cells[0].outputs
    found = {}
    for call, cell in zip(calls, notebook.cells[1:], strict=True):
        errors = [one for one in cell.outputs if one.output_type == "error"]
        if errors:
            found[call] = errors[0]
    return found


def plain(error: dict) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"]))


def test_the_lessons_call_what_this_test_knows():
    assert {"claims.lock", "forecasts.give", "Q", "check", "tables.load", "charts.show",
            "handin.bundle", "peer.review", "explore.cluster_power"} <= set(ASKED)  # fmt: skip
    assert set(MADE) <= set(ASKED)


def test_every_slip_is_answered_in_one_line(shown):
    bad = [
        f"{call}: {plain(error)[:300]}"
        for call, error in shown.items()
        if "Traceback" in plain(error)
        or not plain(error).startswith("→ ")
        or "\n" in plain(error)
        or len(plain(error)) > 202
    ]
    assert not bad, f"{len(bad)} of {len(shown)}:\n" + "\n".join(bad)


def test_slips_that_students_made_are_noticed(shown):
    unnoticed = [call for calls in MADE.values() for call in calls if call not in shown]
    assert unnoticed == []


def test_a_check_names_the_kind_of_an_error_that_students_know():
    assert kind_of(Slip("x")) == "ValueError"
    with pytest.raises(ValueError, match="different things") as caught:
        Q(1, "MW") + Q(1, "hour")
    assert kind_of(caught.value) == "DimensionalityError"


@pytest.mark.parametrize("name", ASKED)
def test_a_call_with_unknown_or_lacking_arguments_is_a_value_error_in_a_script(name, capsys):
    function = function_of(name)
    with pytest.raises(ValueError, match=r"nosuch_argument|values in a row") as caught:
        function(nosuch_argument=1)
    assert isinstance(caught.value, Slip)


# ---- the sources -----------------------------------------------------------------------------

SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "course").glob("**/*.py"))
}


def is_called(module: str, function: str) -> bool:
    """Whether anything in the course itself uses a function; the marking may as well."""
    stem = module.rpartition(".")[2]
    for other, tree in SOURCES.items():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    used = (owner, name) == (stem, function)
                case ast.ImportFrom(module=source, names=names):
                    used = source == module and function in [one.name for one in names]
                case ast.Name(id=name):
                    used = other == module and name == function
                case _:
                    used = False
            if used:
                return True
    return False


def raised(tree: ast.Module) -> list[tuple[str, str, int]]:
    """What a module raises: the function or class around it, the error's name, the line."""
    found = []
    for top in tree.body:
        for node in ast.walk(top):
            if isinstance(node, ast.Raise) and node.exc is not None:
                error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                if isinstance(error, ast.Name):
                    found.append((getattr(top, "name", ""), error.id, node.lineno))
    return found


def test_what_a_students_call_can_reach_raises_no_error_of_pythons_own():
    """Sealing and reading a reference are for the marking: nothing in the course calls them."""
    plain = [
        f"{module}, line {line}: {name}"
        for module, tree in SOURCES.items()
        for around, name, line in raised(tree)
        if isinstance(getattr(builtins, name, None), type)
        and (not around.islower() or around.startswith("_") or is_called(module, around))
    ]
    assert plain == [], "raise Slip there"


def test_an_error_without_a_sentence_is_caught_in_the_course():
    """`Sentence` and what is made of it shows itself; any other must not come as far as a cell."""
    caught = {
        name.id
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        for name in ast.walk(node.type)
        if isinstance(name, ast.Name)
    }
    for module, tree in SOURCES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error"))
                for base in node.bases
            ):
                own = getattr(importlib.import_module(module), node.name)
                assert issubclass(own, Sentence) or node.name in caught, f"{module}.{node.name}"
