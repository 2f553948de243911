"""Run answers in one kernel and score them by nbgrader's own rule, cell by cell or many at once.

Cell by cell is how nbgrader marks: each cell is a request to the kernel. Many at once is one
request, in which a loop inside the kernel runs the same cells through the same shell and keeps
what each showed. ``tests/marking/test_trial.py`` holds the two ways together.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import determine_grade, is_grade

from grading.kernels import Client

__all__ = ["Kernel", "Score", "run_many"]


class Score(NamedTuple):
    """Points of a test cell, the most it can give, and what it said."""

    earned: float
    most: float
    said: str


class Kernel:
    """One kernel that runs a lesson's cells as nbgrader's marking does.

    Parameters
    ----------
    book : nbformat.NotebookNode
        The lesson; its kernel is started.
    folder : pathlib.Path
        Where the kernel works; what passes between it and this process lies there, too.
    """

    def __init__(self, book: nbformat.NotebookNode, folder: Path) -> None:
        # Cells are run one by one; this one takes the place of each.
        self.page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()])
        self.page.metadata = book.metadata
        self.folder = folder
        self.client = Client(
            self.page,
            timeout=60,
            interrupt_on_timeout=True,
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
        )

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start the kernel, as nbgrader's autograde does, and stop it at the end."""
        with self.client.setup_kernel(env={**os.environ, "NBGRADER_EXECUTION": "autograde"}):
            yield

    def run(self, source: str) -> list[Any]:
        """Run one cell and give its outputs."""
        cell = nbformat.v4.new_code_cell(source)
        self.page.cells[0] = cell
        self.client.execute_cell(cell, 0)
        return cell.outputs

    def one(self, answer: str, tests: list[nbformat.NotebookNode]) -> list[Score]:
        """Score one answer, cell by cell.

        Parameters
        ----------
        answer : str
            Source of the answer's cell.
        tests : list of nbformat.NotebookNode
            The test cells, in the order of the lesson.

        Returns
        -------
        list of Score
            One a test cell.
        """
        self.run(answer)
        return [_score(test, self.run(test.source)) for test in tests]

    def many(self, answers: list[str], tests: list[nbformat.NotebookNode]) -> list[list[Score]]:
        """Score many answers in one request, each among the names that the lesson left.

        Parameters
        ----------
        answers : list of str
            Source of each answer's cell.
        tests : list of nbformat.NotebookNode
            As in :meth:`one`.

        Returns
        -------
        list of list of Score
            For each answer, one a test cell.

        Raises
        ------
        RuntimeError
            If the kernel did not get through them.
        """
        asked, given = self.folder / "answers.json", self.folder / "outputs.json"
        given.unlink(missing_ok=True)
        asked.write_text(json.dumps([answers, [test.source for test in tests]]), encoding="utf-8")
        # The student's names are not to hold the loop's own.
        loop = f"{inspect.getsource(run_many)}\nrun_many({str(asked)!r}, {str(given)!r})"
        self.client.timeout = 600
        shown = self.run(f"exec({loop!r}, {{}})")
        self.client.timeout = 60
        if not given.is_file():
            raise RuntimeError(f"the kernel stopped among {len(answers)} answers: {shown}")
        found = json.loads(given.read_text(encoding="utf-8"))
        return [
            [
                _score(test, [nbformat.from_dict(out) for out in outputs])
                for test, outputs in zip(tests, each, strict=True)
            ]
            for each in found
        ]


def _score(test: nbformat.NotebookNode, outputs: list[Any]) -> Score:
    # As in nbgrader_config.py: a warning of the student's code costs nothing.
    outputs = [out for out in outputs if out.get("name") != "stderr"]
    said = " ".join(
        out.get("text") or out.get("evalue") or out.get("data", {}).get("text/plain", "")
        for out in outputs
    ).strip()
    if not is_grade(test):
        # A question without marks says what it thinks all the same.
        return Score(float(said.startswith("✓")), 1.0, said)
    marked = nbformat.v4.new_code_cell(test.source, outputs=outputs)
    marked.metadata = test.metadata
    earned, most = determine_grade(marked, logging.getLogger(__name__))
    return Score(float(earned or 0), float(most), said)


def run_many(asked, given):
    """Run each answer and its tests in this shell, and write what the tests showed to a file.

    Runs inside the kernel, from its source: it imports nothing of this package.
    """
    import contextlib
    import io
    import json
    import pathlib
    import sys

    from IPython import get_ipython
    from IPython.core.displaypub import DisplayPublisher

    shell, shown = get_ipython(), []

    class Kept(DisplayPublisher):
        def publish(self, data, metadata=None, **more):
            shown.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

        def clear_output(self, wait=False):
            shown.clear()

    def result(value):
        if value is not None:
            data, metadata = shell.display_formatter.format(value)
            shown.append(
                {"output_type": "execute_result", "data": data, "metadata": metadata,
                 "execution_count": None}
            )  # fmt: skip

    def error(kind, value, lines):
        shown.append(
            {"output_type": "error", "ename": kind.__name__, "evalue": str(value),
             "traceback": list(lines)}
        )  # fmt: skip

    def run(source):
        shown.clear()
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(io.StringIO()):
            shell.run_cell(source, store_history=True)
        printed = [{"output_type": "stream", "name": "stdout", "text": text.getvalue()}]
        return json.loads(json.dumps((printed if text.getvalue() else []) + shown, default=str))

    answers, tests = json.loads(pathlib.Path(asked).read_text(encoding="utf-8"))
    real = shell.display_pub, sys.displayhook, shell._showtraceback
    names, found = dict(shell.user_ns), []
    shell.display_pub, sys.displayhook = Kept(shell=shell), result
    shell._showtraceback = error
    try:
        for answer in answers:
            run(answer)
            found.append([run(test) for test in tests])
            # Each answer stands alone: the next finds the names that the lesson left.
            shell.user_ns.clear()
            shell.user_ns.update(names)
    finally:
        shell.display_pub, sys.displayhook, shell._showtraceback = real
    pathlib.Path(given).write_text(json.dumps(found), encoding="utf-8")
