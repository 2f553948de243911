"""``python -m upkeep.refresh``: list the recipes, or run one.

Without ``--write`` it changes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from course import tables
from upkeep.refresh import RECIPES
from upkeep.refresh.recipe import Recipe
from upkeep.refresh.web import SourceError, Web

__all__ = ["listing", "main", "refresh"]


def listing(folder: Path) -> str:
    """List every recipe: source, table, licence, and when the table was last refreshed.

    Parameters
    ----------
    folder : pathlib.Path
        Where the tables are.

    Returns
    -------
    str
        A table in plain text.
    """
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    known = {resource["name"]: resource for resource in package["resources"]}
    rows = [("recipe", "table", "refreshed", "licence", "source")]
    for recipe in RECIPES:
        state = "not here yet"
        if recipe.table in known:
            state = known[recipe.table].get("refreshed", "as compiled")
        rows.append(
            (recipe.name, recipe.table, state, recipe.source.licence, recipe.source.publisher)
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def refresh(recipe: Recipe, write: bool = False, limit: int | None = 20) -> bool:
    """Run one recipe, and tell what happens.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    write : bool, optional
        Whether the table is replaced.
    limit : int or None, optional
        How many lines of each list are shown; None for all.

    Returns
    -------
    bool
        Whether all went well.
    """
    print(f"{recipe.table}, from {recipe.source.publisher} ({recipe.web.base_url})")
    try:
        candidate = recipe.validate(recipe.shape(recipe.read()))
    except SourceError as error:
        print(
            f"{recipe.name}: {recipe.table} was not refreshed; the table is as it was.\n{error}",
            file=sys.stderr,
        )
        return False
    for note in recipe.notes:
        print(f"note: {note}")
    for line in candidate.difference.lines(limit):
        print(line)
    if recipe.exists and not candidate.difference:
        print("The table is as the source has it: nothing to write.")
    elif not write:
        print("Nothing is written. With --write the table is replaced.")
    else:
        recipe.write(candidate)
        print(f"Written: {', '.join(candidate.files)}. Now read the table's traps and texts in")
        print("datapackage.json again, then run `make tables` and `make test`.")
    return True


def _address(text: str) -> str:
    """Take an address from the command line, or say why it is none."""
    try:
        return Web(text).base_url
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do what it says.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of the command line's.

    Returns
    -------
    int
        0 if all went well, 1 if a source failed.
    """
    names = sorted({name for recipe in RECIPES for name in (recipe.name, recipe.table)})
    reader = argparse.ArgumentParser(prog="python -m upkeep.refresh", description=__doc__)
    reader.add_argument("name", nargs="?", choices=names, help="a recipe or one of its tables")
    reader.add_argument("--write", action="store_true", help="replace the table")
    reader.add_argument("--all", action="store_true", help="show every row that changes")
    reader.add_argument("--base-url", type=_address, help="where the source is, if it has moved")
    reader.add_argument("--timeout", type=float, default=60.0, help="seconds to wait (60)")
    reader.add_argument("--pause", type=float, default=1.0, help="seconds between requests (1)")
    reader.add_argument("--folder", type=Path, help="where the tables are (datasets/)")
    asked = reader.parse_args(arguments)
    folder = asked.folder or tables.folder()
    if asked.name is None:
        print(listing(folder))
        return 0
    done = [
        refresh(
            recipe(folder, asked.base_url, asked.timeout, pause_s=asked.pause),
            asked.write,
            None if asked.all else 20,
        )
        for recipe in RECIPES
        if asked.name in (recipe.name, recipe.table)
    ]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
