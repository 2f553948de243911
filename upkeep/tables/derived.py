"""What the data package says of a table that can be worked out: hash, bytes, lessons, keys."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

from upkeep.tables.package import LESSONS, foreign_keys

__all__ = ["bound", "filled", "lessons", "measured"]

SOLUTIONS = Path(__file__).parents[2] / "solutions"
# What reads one table only, and so does not name it.
_READERS = {"parameter": "parameters", "claim": "claims", "catalogue": None}
_TAKE_A_NAME = ("load", "sources", "about", "codebook")
# Rooms of the course whose functions read tables for the lesson that calls them.
_ROOMS = {
    "explore": "course.explore",
    "forecasts": "course.threads.forecasts",
    "claims": "course.threads.claims",
}


def _calls(code: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Give each call of the form ``room.name(...)``."""
    for node in ast.walk(ast.parse(code)):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            yield function.value.id, function.attr, node


def _named(code: str) -> set[str]:
    """Give the tables that a piece of code reads by name."""
    found = set()
    for room, name, call in _calls(code):
        if room != "tables":
            continue
        first = call.args[0] if call.args else None
        if name in _READERS:
            found.add(_READERS[name])
        elif name in _TAKE_A_NAME and isinstance(first, ast.Constant):
            found.add(first.value)
    return found - {None}


def _behind(room: str, name: str) -> set[str]:
    """Give the tables that a function of the course reads."""
    function = getattr(importlib.import_module(_ROOMS[room]), name)
    home = importlib.import_module(function.__module__)
    return _named(Path(home.__file__).read_text(encoding="utf-8"))


def lessons(solutions: Path = SOLUTIONS) -> dict[str, list[str]]:
    """Find which lessons read which table, by themselves or through an explorer.

    Parameters
    ----------
    solutions : pathlib.Path, optional
        Where the notebooks are.

    Returns
    -------
    dict of list of str
        Lessons in order, by name of table.
    """
    found: dict[str, list[str]] = {}
    for lesson in LESSONS:
        book = json.loads((solutions / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8"))
        used: set[str] = set()
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                code = "".join(cell["source"])
                used |= _named(code)
                for room, name, _ in _calls(code):
                    if room in _ROOMS:
                        used |= _behind(room, name)
        for table in used:
            found.setdefault(table, []).append(lesson)
    return found


def measured(content: bytes) -> dict[str, str | int]:
    """Give hash and length of a file as a resource has them."""
    return {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}


def bound(resource: dict, rows: list[dict[str, str]]) -> None:
    """Put into a table's schema the foreign keys that its columns and rows allow."""
    found = foreign_keys(resource, rows)
    if found:
        resource["schema"]["foreignKeys"] = found
    else:
        resource["schema"].pop("foreignKeys", None)


def filled(folder: Path, solutions: Path = SOLUTIONS) -> str:
    """Write the data package with what can be worked out put in.

    Parameters
    ----------
    folder : pathlib.Path
        Where ``datapackage.json`` and the CSV files are.
    solutions : pathlib.Path, optional
        Where the notebooks are.

    Returns
    -------
    str
        Text of ``datapackage.json``.
    """
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    readers = lessons(solutions)
    for resource in package["resources"]:
        path = folder / resource["path"]
        if path.is_file():
            content = path.read_bytes()
            resource |= measured(content)
            bound(resource, list(csv.DictReader(io.StringIO(content.decode(), newline=""))))
        resource["lessons"] = readers.get(resource["name"], [])
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"
