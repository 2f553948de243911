"""A course folder, an exchange and students' folders, all temporary, for real nbgrader commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.marking.made_up import ROOT

COURSE = "chips-watts-reactors"

# Several commands in one process, since each takes seconds to start; the first that fails is the
# last. The commands' own entry point runs them, with their own arguments.
_RUN = """
import json, os, sys
from nbgrader.apps import NbGraderApp
from traitlets.config import SingletonConfigurable

def forget(kind):
    for one in kind.__subclasses__():
        forget(one)
    if kind.initialized():
        kind.clear_instance()

for cwd, data, asked in json.load(sys.stdin):
    os.chdir(cwd)
    os.environ["JUPYTER_DATA_DIR"] = data
    forget(SingletonConfigurable)
    try:
        NbGraderApp.launch_instance(asked)
    except SystemExit as stop:
        if stop.code:
            raise
"""


class Classroom:
    """The instructor's course folder with one lesson, and a folder a student beside it."""

    def __init__(self, home: Path, lesson: str):
        self.lesson, self.home = lesson, home
        self.root = home / "course"
        self.exchange = home / "exchange"
        shutil.copytree(ROOT / "solutions" / lesson, self.root / "solutions" / lesson)
        shutil.copytree(ROOT / "grading" / "key", self.root / "grading" / "key")
        for path in (ROOT / "grading").glob("*.py"):
            shutil.copy(path, self.root / "grading")
        for path in (ROOT / "grading").glob("*/__init__.py"):
            shutil.copytree(path.parent, self.root / "grading" / path.parent.name)
        shutil.copy(ROOT / "nbgrader_config.py", self.root)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        # Where an instructor says once, for all, where the class's exchange is.
        config = home / "jupyter" / "nbgrader_config.py"
        config.parent.mkdir()
        config.write_text(
            f"get_config().Exchange.root = {str(self.exchange)!r}\n", encoding="utf-8"
        )
        self.database = f"sqlite:///{self.root / 'grading' / 'gradebook.db'}"

    def nbgrader(
        self, *asked: str, student: str | None = None, fails: bool = False
    ) -> subprocess.CompletedProcess:
        """Run one nbgrader command as the instructor, or as a student in the student's folder."""
        return self.several((student, *asked), fails=fails)

    def several(
        self, *steps: tuple[str | None, ...], fails: bool = False
    ) -> subprocess.CompletedProcess:
        """Run nbgrader commands one after another; each begins with who runs it (None: you)."""
        env = {name: value for name, value in os.environ.items() if "NBGRADER" not in name}
        env |= {
            "JUPYTER_CONFIG_DIR": str(self.home / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "PYTHONPATH": str(self.root),
        }
        todo = []
        for student, *asked in steps:
            place = self.folder(student) if student else self.root
            data = place / ".data" if student else self.home / "data"
            todo.append((str(place), str(data), asked))
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            input=json.dumps(todo),
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) == fails, f"nbgrader {steps}\n{done.stderr}"
        return done

    def folder(self, student: str) -> Path:
        """A student's own folder."""
        place = self.home / "students" / student
        place.mkdir(parents=True, exist_ok=True)
        return place

    def page(self, student: str) -> Path:
        """The student's feedback page on the instructor's side."""
        return self.root / "grading" / "feedback" / student / self.lesson / f"{self.lesson}.html"
