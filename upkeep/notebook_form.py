"""Keep every notebook in one canonical form, so that a diff shows what changed and no more.

``python -m upkeep.notebook_form solutions notebooks`` rewrites, with ``--check`` it only tells.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat

__all__ = ["METADATA", "canonical", "faults"]

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
_LOCKS = ("deletable", "editable")
_CELL_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def canonical(text: str) -> str:
    """Rewrite a notebook without outputs, counts or editor's metadata.

    Parameters
    ----------
    text : str
        A notebook as JSON.

    Returns
    -------
    str
        nbformat 4.5 in nbformat's own layout, with a newline at the end.
    """
    notebook = nbformat.reads(text, as_version=4)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        cell.source = cell.source.rstrip("\n")
        kept = cell.metadata.get("nbgrader")
        # nbgrader's locks of a released notebook: students cannot delete or edit a test by mistake.
        locks = {name: False for name in _LOCKS if cell.metadata.get(name) is False}
        cell.metadata = nbformat.from_dict(locks | ({"nbgrader": kept} if kept else {}))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def faults(path: Path) -> list[str]:
    """Say what is not canonical in one notebook file.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.

    Returns
    -------
    list of str
        Sentences; empty when all is well.
    """
    text = path.read_text(encoding="utf-8")
    said = []
    if canonical(text) != text:
        said.append(f"{path} is not in canonical form: run `python -m upkeep.notebook_form {path}`")
    for cell in nbformat.reads(text, as_version=4).cells:
        mark = cell.metadata.get("nbgrader")
        if not _CELL_ID.fullmatch(cell.id):
            said.append(f"{path}: cell id {cell.id!r} is not made of words and hyphens")
        if mark and mark["grade_id"] != cell.id:
            said.append(f"{path}: cell {cell.id!r} has the nbgrader id {mark['grade_id']!r}")
    return said


def _notebooks(places: list[Path]) -> list[Path]:
    return sorted(
        path
        for place in places
        for path in ([place] if place.is_file() else place.glob("*/*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    )


def main() -> None:
    """Rewrite or check the notebooks named on the command line."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("places", nargs="+", type=Path, help="notebooks, or folders of lessons")
    reader.add_argument("--check", action="store_true", help="only tell, change nothing")
    asked = reader.parse_args()
    notebooks = _notebooks(asked.places)
    if not notebooks:
        sys.exit(f"no notebook in {', '.join(map(str, asked.places))}")
    if asked.check:
        said = [fault for path in notebooks for fault in faults(path)]
        print("\n".join(said) or f"{len(notebooks)} notebooks in canonical form")
        sys.exit(bool(said))
    for path in notebooks:
        path.write_text(canonical(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
