"""Validate the tables and make their pictures and the code book: ``python -m grading.tables``.

With ``--check`` it changes nothing, and only says what is wrong or out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from course import tables
from grading.tables import codebook, compute, drawing, package, reactors, trade, words

__all__ = ["MODULES", "made", "main", "stale"]

# Where the pictures are drawn: importing these has registered them.
MODULES = (trade, compute, reactors, words)


def made() -> dict[str, str]:
    """Make everything that stands beside the tables.

    Returns
    -------
    dict of str
        Text of each file by its path in ``datasets/``.
    """
    names = sorted(resource["name"] for resource in tables._package()["resources"])
    pictures = {name: drawing.draw(name) for name in names}
    files = {f"pictures/{name}.svg": picture.svg for name, picture in pictures.items()}
    return files | {"README.md": codebook.write(pictures)}


def stale(folder: Path, files: dict[str, str]) -> list[str]:
    """Say which files of a folder are not what the generator makes.

    Parameters
    ----------
    folder : pathlib.Path
        ``datasets/``.
    files : dict of str
        What `made` gives.

    Returns
    -------
    list of str
        Sentences; empty when all is up to date.
    """
    said = []
    for name, text in files.items():
        path = folder / name
        if not path.is_file():
            said.append(f"{name} is missing")
        elif path.read_bytes() != text.encode("utf-8"):
            said.append(f"{name} is out of date")
    for path in sorted((folder / "pictures").glob("*")):
        if f"pictures/{path.name}" not in files:
            said.append(f"pictures/{path.name} belongs to no table")
    return said


def main() -> None:
    """Validate, then make or check."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--check", action="store_true", help="only tell, change nothing")
    asked = reader.parse_args()
    folder = tables.folder()

    wrong = package.faults(folder)
    if wrong:
        sys.exit("\n".join(wrong))
    files = made()
    old = stale(folder, files)
    if asked.check:
        if old:
            sys.exit("\n".join([*old, "run `make tables`"]))
    else:
        (folder / "pictures").mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        for path in (folder / "pictures").glob("*"):
            if f"pictures/{path.name}" not in files:
                path.unlink()
        for line in old:
            print(line.replace("is out of date", "made anew").replace("is missing", "made"))
    print(f"{len(files) - 1} tables, their pictures and the code book are in order")
