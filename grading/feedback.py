"""Keep hidden tests off students' feedback pages."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests

__all__ = ["HideHiddenTests"]


class HideHiddenTests(ClearHiddenTests):
    """Remove hidden tests from a marked notebook before its feedback page is made.

    A failed hidden test keeps its message, which was written for students, and loses its
    traceback, which would quote the test, and what was printed on the way.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Cut the hidden region out of a cell's source and out of its errors."""
        if cell.cell_type != "code":
            return cell, resources
        if self._remove_hidden_test_region(cell):
            cell.source = cell.source.rstrip()
            # What a student's function prints would give the hidden inputs away.
            cell.outputs = [out for out in cell.outputs if out.output_type == "error"]
            for output in cell.outputs:
                says = output.evalue if output.ename == "NotYet" else ""
                output.traceback = [says or f"{output.ename}: {output.evalue}"]
        return cell, resources
