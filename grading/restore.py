"""Put back the cells that a submission has lost, so that marking finds every question."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, Notebook
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["RestoreCells"]


class RestoreCells(NbGraderPreprocessor):
    """Put back each answer or test cell that is missing, as it was released.

    nbgrader gives a deleted test no points and says nothing. Its own ``add_missing_cells`` fails
    when an answer cell is gone together with its test, so the course has this one. It runs before
    nbgrader's ``OverwriteCells``, which then sees to the content.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Go through the released cells in order; a lost one follows the one before it."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            released = gradebook.find_notebook(about["notebook"], about["assignment"])
            last = -1
            for cell in _as_released(released):
                name = cell.metadata.nbgrader.grade_id
                place = next((i for i, other in enumerate(nb.cells) if _id(other) == name), None)
                if place is None:
                    self.log.warning("%s was deleted; it is put back as released", name)
                    place = last + 1
                    nb.cells.insert(place, cell)
                last = place
        return nb, resources


def _id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _as_released(notebook: Notebook) -> list[NotebookNode]:
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    make = {"code": new_code_cell, "markdown": new_markdown_cell}
    cells = []
    for source in notebook.source_cells:
        mark = {
            "grade_id": source.name,
            "schema_version": 3,
            "grade": source.name in points,
            "solution": source.name in answers,
            "locked": source.locked,
            "task": False,
            "checksum": source.checksum,
            "cell_type": source.cell_type,
        }
        if source.name in points:
            mark["points"] = points[source.name]
        cells.append(make[source.cell_type](source.source, metadata={"nbgrader": mark}))
    return cells
