"""Mark one submission: the tests here, the student's code there.

The candidate runs the cells that are the student's or the lesson's. At each test the examiner
fetches the answers that the test names, as plain data and stand-ins, and runs the released test
among its own names. Points follow from what the test shows, by nbgrader's own rule.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import logging
import os
import signal
import socket
import time
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import determine_grade, is_grade

from course.check import check
from grading.marking import sandbox, wall
from grading.marking.cells import Cells
from grading.marking.released import ReleasedLesson
from grading.marking.standin import StandIn

__all__ = ["Examiner", "Marked", "opening"]

_LOG = logging.getLogger(__name__)
#: Seconds that a cell may take, as in nbgrader_config.py, and that it has to stop when told.
CELL_SECONDS, GRACE_SECONDS = 60.0, 5.0
#: So many cells of a submission that do not end, and the rest is not run.
MOST_ENDLESS = 3
_LOOPS = "This cell did not end in {:g} seconds and was stopped. Is there a loop without an end?"


class Marked(NamedTuple):
    """A submission that was marked.

    ``book`` has all outputs; ``scores`` has the points of each marked cell by its grade id, None
    where a reader gives them; ``notes`` tell what was odd.
    """

    book: nbformat.NotebookNode
    scores: dict[str, float | None]
    notes: list[str]


def opening(lesson: ReleasedLesson) -> list[str]:
    """Ids of the authors' code cells before the first answer."""
    first = lesson.answers[0] if lesson.answers else 0
    return [cell.id for cell in lesson.cells[:first] if cell.kind == "code"]


class Stopped(Exception):
    """The candidate did not end and was stopped for good."""


class _Candidate:
    """The way to one submission's candidate."""

    def __init__(self, room: Room, files: dict[str, bytes], seconds: float) -> None:
        self._room, self._seconds = room, seconds
        ours, theirs = socket.socketpair()
        with theirs:
            sent = {name: base64.b64encode(data).decode() for name, data in files.items()}
            room.orders.send({"do": "open", "files": sent})
            socket.send_fds(room.end, [b"."], [theirs.fileno()])
        self._pid = room.orders.receive(GRACE_SECONDS + 30)["opened"]
        self._channel = wall.Channel(ours)
        #: Whether it was told to stop and did not.
        self.lost = False

    def run(self, source: str) -> list[Any]:
        """Run a cell over there, and give its outputs."""
        outputs = self.ask({"do": "run", "source": source}).get("outputs")
        return outputs if isinstance(outputs, list) else []

    def get(self, name: str) -> Any:
        """Fetch a name's value; a KeyError if there is no such name."""
        answer = self.ask({"do": "get", "name": name})
        if "lost" in answer:
            raise KeyError(name)
        try:
            return wall.decode(answer["value"], lambda about: StandIn(self, about))
        except (KeyError, wall.TooMuch):
            return wall.Opaque("thing that cannot be read")

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask, and answer what is asked on the way: a function of ours may be called."""
        if self.lost:
            raise Stopped
        ours = question.pop("ours", [])
        self._channel.send(question)
        until = time.monotonic() + self._seconds
        told = False
        while True:
            try:
                answer = self._channel.receive(max(until - time.monotonic(), 0.01))
            except TimeoutError:
                if told:
                    self.lost = True
                    raise Stopped from None
                with contextlib.suppress(wall.Closed):
                    self._room.orders.send({"do": "interrupt", "pid": self._pid})
                told, until = True, time.monotonic() + GRACE_SECONDS
                continue
            if "call" not in answer:
                return answer
            self._channel.send(_called(ours, answer, self))

    def close(self) -> None:
        """End this candidate and all that it left behind."""
        with contextlib.suppress(wall.Closed):
            self._channel.send({"do": "end"})
        self._channel.close()
        try:
            self._room.orders.send({"do": "close"})
            self._room.orders.receive(GRACE_SECONDS)
        except (wall.Closed, wall.TooMuch, TimeoutError):
            # The room itself was stopped from inside: the next submission gets a new one.
            self._room.close()


def _called(ours: list[Any], asked: dict[str, Any], candidate: _Candidate) -> dict[str, Any]:
    """Call a function of ours for the candidate, one of those it was given."""
    number = asked["call"]
    if not isinstance(number, int) or not 0 <= number < len(ours):
        return {"failed": ["LookupError", "there is no such function"]}
    try:
        args, kwargs = wall.decode(asked["args"], lambda about: StandIn(candidate, about))
        return {"value": wall.encode(ours[number](*args, **kwargs))}
    except Exception as error:  # noqa: BLE001 - it is the caller's to deal with
        return {"failed": wall.encode(error)[1]}


class Room:
    """A room in which candidates of one lesson are made, started anew when it breaks."""

    def __init__(self, lesson: ReleasedLesson, rung: str) -> None:
        self._lesson, self._rung = lesson, rung
        wanted = set(opening(lesson))
        self._cells_of_opening = [cell.source for cell in lesson.cells if cell.id in wanted]
        self._started: sandbox.Started | None = None

    @property
    def orders(self) -> wall.Channel:
        """Where orders go."""
        return self._alive().orders

    @property
    def end(self) -> socket.socket:
        """The socket below the orders."""
        return self._alive().end

    def _alive(self) -> sandbox.Started:
        if self._started is None:
            self._started = sandbox.start(self._rung)
            self._started.orders.send({"cells": self._cells_of_opening, "limits": sandbox.LIMITS})
            try:
                answer = self._started.orders.receive(120)
            except wall.Closed:
                says = self._started.process.stderr.read().decode(errors="replace")
                self.close()
                raise RuntimeError(f"{self._lesson.name}: no room for candidates: {says}") from None
            if "failed" in answer:
                self.close()
                raise RuntimeError(f"{self._lesson.name}: its opening fails: {answer['failed'][1]}")
        return self._started

    def candidate(self, files: dict[str, bytes], seconds: float) -> _Candidate:
        """Make a candidate; files are what lies in its folder, seconds what a cell may take."""
        return _Candidate(self, files, seconds)

    def close(self) -> None:
        """Stop the room and all in it."""
        if self._started is None:
            return
        started, self._started = self._started, None
        started.orders.close()
        # All that it started is of its own session, and in a sandbox dies with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.process.pid, signal.SIGKILL)
        started.process.wait()
        started.process.stderr.close()
        if started.folder is not None:
            started.folder.cleanup()


class Examiner:
    """Marks submissions of one lesson, one after another.

    Parameters
    ----------
    lesson : ReleasedLesson
    rung : str
        Of `grading.marking.sandbox.RUNGS`.
    seconds : float, optional
        How long a cell may take.
    """

    def __init__(self, lesson: ReleasedLesson, rung: str, seconds: float = CELL_SECONDS) -> None:
        self._seconds = seconds
        self._room = Room(lesson, rung)
        self._cells = Cells()
        self._own = dict(self._cells.names)
        self._opening = opening(lesson)
        self._names = {name for cell in lesson.cells for name in cell.names}
        # So that a check gives points or raises, as when nbgrader marks.
        os.environ["NBGRADER_EXECUTION"] = "autograde"

    def mark(
        self, book: nbformat.NotebookNode, roles: dict[str, str], files: dict[str, bytes]
    ) -> Marked:
        """Mark one submission.

        Parameters
        ----------
        book : nbformat.NotebookNode
            Rebuilt: the released notebook, tests put back, with the student's answers and cells.
        roles : dict of str
            What each cell is: ``author``, ``edited``, ``answer``, ``test`` or ``added``.
        files : dict of bytes
            What was handed in beside it, by its name.

        Returns
        -------
        Marked
        """
        endless: set[str] = set()
        while True:
            try:
                return self._through(book, roles, files, endless)
            except _Ended as ended:
                endless.add(ended.cell)
                self._room.close()
                if len(endless) == MOST_ENDLESS:
                    # Whoever does that everywhere keeps nobody else waiting.
                    code = [cell.id for cell in book.cells if cell.cell_type == "code"]
                    endless.update(code[code.index(ended.cell) :])

    def close(self) -> None:
        """Stop the room; should another submission come, it gets a new one."""
        self._room.close()

    def _through(
        self,
        book: nbformat.NotebookNode,
        roles: dict[str, str],
        files: dict[str, bytes],
        endless: set[str],
    ) -> Marked:
        candidate = self._room.candidate(files, self._seconds)
        sources: list[str] = []
        count = 0
        # The opening was run before this candidate was copied, unless the student changed it.
        opening = set(self._opening)
        for cell in book.cells:
            if cell.cell_type != "code":
                continue
            count += 1
            own = roles[cell.id]
            if own in ("edited", "added"):
                opening.clear()
            try:
                if cell.id in endless:
                    outputs = [_error("TimeoutError", _LOOPS.format(self._seconds))]
                elif own == "test":
                    outputs = self._test(cell.source, candidate, sources)
                elif cell.id in opening:
                    outputs = []
                else:
                    sources.append(cell.source)
                    outputs = candidate.run(cell.source)
                if candidate.lost:
                    raise Stopped
            except (Stopped, wall.Closed, wall.TooMuch):
                raise _Ended(cell.id) from None
            cell.execution_count = count
            cell.outputs = [_output(one, count) for one in outputs]
        candidate.close()
        scores = {
            cell.metadata.nbgrader["grade_id"]: determine_grade(cell, _LOG)[0]
            for cell in book.cells
            if is_grade(cell)
        }
        return Marked(book, scores, [f"cell {one} did not end" for one in sorted(endless)])

    def _test(self, source: str, candidate: _Candidate, sources: list[str]) -> list[dict[str, Any]]:
        names = self._cells.names
        names.clear()
        names.update(self._own, check=check)
        for name in _named(source) & self._names:
            with contextlib.suppress(KeyError):
                names[name] = candidate.get(name)
        names["In"] = ["", *sources, source]
        return self._cells.run(source)["outputs"]


class _Ended(Exception):
    def __init__(self, cell: str) -> None:
        super().__init__(cell)
        self.cell = cell


def _named(source: str) -> set[str]:
    """Names that a test reads, also those that it looks up by their text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80
        ):
            found.add(node.value)
    return found


def _error(kind: str, says: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": kind, "evalue": says, "traceback": [says]}


def _output(one: Any, count: int) -> nbformat.NotebookNode:
    """An output as nbformat has it, whoever made it."""
    kind = one.get("output_type") if isinstance(one, dict) else None
    if kind == "stream":
        name = "stderr" if one.get("name") == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=str(one.get("text", "")))
    if kind == "error":
        lines = one.get("traceback")
        return nbformat.v4.new_output(
            "error",
            ename=str(one.get("ename")),
            evalue=str(one.get("evalue")),
            traceback=[str(line) for line in lines] if isinstance(lines, list) else [],
        )
    if kind in ("display_data", "execute_result") and isinstance(one.get("data"), dict):
        data = nbformat.from_dict(one["data"])
        extra = {"execution_count": count} if kind == "execute_result" else {}
        return nbformat.v4.new_output(kind, data=data, metadata={}, **extra)
    return nbformat.v4.new_output("stream", name="stderr", text="(an output that is none)")
