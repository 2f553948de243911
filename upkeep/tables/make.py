"""Validate the tables and make their pictures and the code book: ``python -m upkeep.tables``.

With ``--check`` it changes nothing, and only says what is wrong or out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from course import tables
from course.tables import files
from upkeep.tables import codebook, compute, derived, drawing, package, reactors, trade, words
from upkeep.tables.drawing import Picture

__all__ = ["MODULES", "made", "main", "stale"]

# Where the pictures are drawn: importing these has registered them.
MODULES = (trade, compute, reactors, words)


def made() -> tuple[dict[str, Picture], str]:
    """Work out everything that stands beside the tables.

    Returns
    -------
    pictures : dict of Picture
        By name of table, not drawn yet.
    book : str
        The code book.
    """
    names = sorted(resource["name"] for resource in files.package()["resources"])
    pictures = {name: drawing.draw(name) for name in names}
    return pictures, codebook.write(pictures)


def stale(folder: Path, pictures: dict[str, Picture], book: str) -> dict[str, str]:
    """Say which files of a folder are not what the generator makes.

    Pictures are compared by what they are made of, not by the bytes drawn, which depend on the
    machine's fonts.

    Parameters
    ----------
    folder : pathlib.Path
        ``datasets/``.
    pictures, book
        What `made` gives.

    Returns
    -------
    dict of str
        What is the matter, by name of file; empty when all is up to date.
    """
    said = {}
    for name, picture in pictures.items():
        path = folder / "pictures" / f"{name}.svg"
        if not path.is_file():
            said[f"pictures/{name}.svg"] = "is missing"
        elif matter := drawing.state(path.read_text(encoding="utf-8"), picture):
            said[f"pictures/{name}.svg"] = matter
    for path in sorted((folder / "pictures").glob("*")):
        if path.stem not in pictures or path.suffix != ".svg":
            said[f"pictures/{path.name}"] = "belongs to no table"
    for name, text in (("README.md", book), ("datapackage.json", derived.filled(folder))):
        if (folder / name).read_text(encoding="utf-8") != text:
            said[name] = "is out of date"
    return said


def main() -> None:
    """Validate, then make or check."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--check", action="store_true", help="only tell, change nothing")
    asked = reader.parse_args()
    folder = tables.folder()

    if not asked.check:
        # First what can be worked out, since the rules hold the files to it.
        (folder / "datapackage.json").write_text(
            derived.filled(folder), encoding="utf-8", newline="\n"
        )
    wrong = package.faults(folder)
    if wrong:
        sys.exit("\n".join(wrong))
    pictures, book = made()
    old = stale(folder, pictures, book)
    if asked.check and old:
        sys.exit(
            "\n".join([*(f"{name} {matter}" for name, matter in old.items()), "run `make tables`"])
        )
    for name, matter in old.items():
        path = folder / name
        if matter == "belongs to no table":
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            text = book if name == "README.md" else pictures[path.stem].svg()
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name} {matter}: {'removed' if not path.exists() else 'made anew'}")
    print(f"{len(pictures)} tables, their pictures and the code book are in order")
