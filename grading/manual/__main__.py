"""Mark a lesson's argued answers in the browser: ``python -m grading.manual 06-megawatts``."""

from __future__ import annotations

import argparse
import contextlib
import html
import os
import secrets
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from grading.manual.answers import Class
from grading.manual.guide import argued
from grading.manual.server import Server

CONFIG = "nbgrader_config.py"


class NotReady(RuntimeError):
    """There is nothing to mark; the message says what to do first."""


def course() -> CourseDirectory:
    """Where nbgrader keeps this course, by its own settings.

    Raises
    ------
    NotReady
        If the command does not run in the course's top folder.
    """
    if not Path(CONFIG).is_file():
        raise NotReady(f"no {CONFIG} in {Path.cwd()}: run this in the course's top folder")
    app = NbGrader()
    app.initialize([])
    return app.coursedir


def prepare(lesson: str, place: CourseDirectory, port: int = 0) -> Server:
    """Read a lesson's class and make its server.

    Raises
    ------
    NotReady
        If there is no such lesson, nothing is argued in it, or nothing is autograded.
    """
    source = Path(place.format_path(place.source_directory, ".", lesson)) / f"{lesson}.ipynb"
    if not source.is_file():
        there = ", ".join(sorted(path.parent.name for path in source.parents[1].glob("*/*.ipynb")))
        raise NotReady(f"no lesson {lesson}; there are {there}")
    questions = argued(lesson, source)
    if not questions:
        raise NotReady(f"{lesson} has no argued question: nothing is marked by hand")
    with Gradebook(place.db_url) as book:
        try:
            book.find_notebook(lesson, lesson)
        except MissingEntry:
            raise NotReady(
                f"the gradebook does not know {lesson}: release, collect and autograde it first"
            ) from None
    folder = place.format_path(place.autograded_directory, "{student}", lesson)
    group = Class(lesson, place.db_url, folder)
    if not any(group.answers(question) for question in questions):
        raise NotReady(f"no marked notebook of {lesson}: run nbgrader autograde {lesson} first")
    for student in sorted(group.unread):
        print(
            f"left out: {student}: no marked notebook with the question's answer; "
            f"run nbgrader autograde {lesson} --student={student} --force",
            file=sys.stderr,
        )
    return Server(group, questions, port)


@contextlib.contextmanager
def opened(address: str, folder: Path) -> Iterator[None]:
    """Open the address in the browser by way of a file that only its owner can read.

    A browser's arguments can be read by everybody on the machine, and the address is a secret.
    """
    path = folder / f".manual-{secrets.token_hex(4)}.html"
    to = html.escape(address)
    page = f'<!doctype html><title>Marking</title><meta http-equiv="refresh" content="0; url={to}">'
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(page)
    try:
        webbrowser.open(path.as_uri())
        yield
    finally:
        path.unlink(missing_ok=True)


def main(asked: list[str] | None = None) -> int:
    """Run the command until Ctrl-C; 1 if there is nothing to mark."""
    parser = argparse.ArgumentParser(prog="python -m grading.manual", description=__doc__)
    parser.add_argument("lesson", help="such as 06-megawatts")
    parser.add_argument("--port", type=int, default=0, help="a free one if left out")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    args = parser.parse_args(asked)
    try:
        place = course()
        server = prepare(args.lesson, place, args.port)
    except NotReady as reason:
        print(reason, file=sys.stderr)
        return 1
    with server:
        print(f"Marking {args.lesson} at {server.address}")
        print("Every mark is written at once. Ctrl-C ends.", flush=True)
        browser = contextlib.nullcontext()
        if not args.no_browser:
            browser = opened(server.address, Path(place.root) / "grading")
        with browser, contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
