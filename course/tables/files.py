"""Find the tables' files and read them as plain text, without pandas."""

from __future__ import annotations

import csv
import functools
import io
import json
from pathlib import Path
from typing import Any

from course.slips import Slip, meant

__all__ = ["TableError", "folder", "package", "resource_of", "row", "rows", "text_of"]


class TableError(Slip):
    """A table is missing, damaged or not what the data package says it is."""


def folder() -> Path:
    """Give the folder that holds the tables.

    Returns
    -------
    pathlib.Path
        ``datasets/`` inside the installed package, or beside it in a checkout.

    Raises
    ------
    TableError
        If neither folder is there: the course was not installed whole.
    """
    here = Path(__file__).resolve().parents[1]
    for candidate in (here / "datasets", here.parent / "datasets"):
        if (candidate / "datapackage.json").is_file():
            return candidate
    raise TableError(
        f"no datapackage.json in {here / 'datasets'} or {here.parent / 'datasets'}: "
        "install the course again"
    )


@functools.cache
def package() -> dict:
    """The data package as it stands in ``datapackage.json``, read once."""
    return json.loads((folder() / "datapackage.json").read_text(encoding="utf-8"))


def resource_of(name: str) -> dict:
    """What the data package says of a table; a name like none is refused with the nearest."""
    resources = {resource["name"]: resource for resource in package()["resources"]}
    if isinstance(name, str) and name in resources:
        return resources[name]
    raise TableError(
        f"There is no table {_short(name)}. "
        f"{meant(name, resources, otherwise='tables.catalogue() lists all.')}"
    )


def text_of(resource: dict) -> str:
    """Read the file of a table; name the cell that is not UTF-8."""
    path = folder() / resource["path"]
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TableError(
            f"the table {resource['name']!r} has no file {path.name} in {path.parent}: restore it "
            "from the course"
        ) from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # What stands before the bad byte, and a letter in its place, end in the bad cell.
        before = raw[: error.start].decode("utf-8") + "?"
        rows = list(csv.reader(io.StringIO(before, newline="")))
        names = [field["name"] for field in resource["schema"]["fields"]]
        column = names[min(len(rows[-1]), len(names)) - 1]
        raise TableError(
            f"{path.name}, row {len(rows)}, column {column!r}: a byte that is not UTF-8. Save the "
            "file as UTF-8, or restore it from the course"
        ) from None


@functools.cache
def rows(name: str) -> dict[str, dict[str, str]]:
    """Rows of a small table as plain text by first column, without pandas."""
    resource = resource_of(name)
    key = resource["schema"]["fields"][0]["name"]
    reader = csv.DictReader(io.StringIO(text_of(resource), newline=""))
    return {row[key]: row for row in reader}


def row(name: str, key: str, what: str) -> dict[str, str]:
    """One row of a small table as plain text, by its first column."""
    known = rows(name)
    if isinstance(key, str) and key in known:
        return known[key]
    otherwise = f'tables.load("{name}") lists all.'
    raise TableError(
        f"There is no {what} {_short(key)} in the table {name!r}. "
        f"{meant(key, known, otherwise=otherwise)}"
    )


def _short(name: Any) -> str:
    shown = repr(name)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
