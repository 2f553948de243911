"""A course folder, an exchange and students' folders, all temporary, for real nbgrader commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.marking.made_up import ROOT

COURSE = "chips-watts-reactors"

_SUBMIT = """
import os, sys
from nbgrader.apps import SubmitApp
lesson, course, *places = sys.argv[1:]
for place in places:
    os.chdir(place)
    app = SubmitApp()
    app.initialize([lesson, "--course", course, "--student=" + os.path.basename(place)])
    app.start()
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
        cwd = self.folder(student) if student else self.root
        done = self._run([sys.executable, "-m", "nbgrader", *asked], cwd, student)
        assert bool(done.returncode) == fails, f"nbgrader {' '.join(asked)}\n{done.stderr}"
        return done

    def _run(
        self, command: list[str], cwd: Path, student: str | None
    ) -> subprocess.CompletedProcess:
        env = {name: value for name, value in os.environ.items() if "NBGRADER" not in name}
        data = self.folder(student) / ".data" if student else self.home / "data"
        env |= {
            "JUPYTER_CONFIG_DIR": str(self.home / "jupyter"),
            "JUPYTER_DATA_DIR": str(data),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "PYTHONPATH": str(self.root),
        }
        return subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )

    def folder(self, student: str) -> Path:
        """A student's own folder."""
        place = self.home / "students" / student
        place.mkdir(parents=True, exist_ok=True)
        return place

    def fetch(self, student: str) -> Path:
        """Fetch the lesson as a student; give the notebook."""
        self.nbgrader("fetch_assignment", self.lesson, "--course", COURSE, student=student)
        return self.folder(student) / self.lesson / f"{self.lesson}.ipynb"

    def submit(self, student: str) -> None:
        """Submit the lesson as a student. Everybody here is one system user, hence the id."""
        asked = ("submit", self.lesson, "--course", COURSE, f"--student={student}")
        self.nbgrader(*asked, student=student)

    def submit_all(self, students: list[str]) -> None:
        """Submit for many students by the same command, in one process as it starts slowly."""
        places = [str(self.folder(student)) for student in students]
        command = [sys.executable, "-c", _SUBMIT, self.lesson, COURSE, *places]
        done = self._run(command, self.home, None)
        assert done.returncode == 0, done.stderr

    def page(self, student: str) -> Path:
        """The student's feedback page on the instructor's side."""
        return self.root / "grading" / "feedback" / student / self.lesson / f"{self.lesson}.html"
