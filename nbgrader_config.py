"""nbgrader's settings: where the course keeps solutions, releases and working files."""

import os
import sys
from pathlib import Path

root = Path(__file__).resolve().parent
# SQLite opens a database only in a folder that is there.
(root / "grading").mkdir(exist_ok=True)
# nbgrader imports grading.feedback by name.
if str(root) not in sys.path:
    sys.path.insert(0, str(root))

# nbgrader calls alembic by its bare name, which an environment that is not activated hides.
tools = str(Path(sys.executable).parent)
if tools not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", "")])

c = get_config()  # noqa: F821 - nbgrader gives it

c.CourseDirectory.course_id = "chips-watts-reactors"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{root / 'grading' / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store", "feedback"]

# A stub lets a notebook run to its end: the line above it already says `answer = None`.
c.ClearSolutions.code_stub = {"python": "# your answer here"}
c.ClearSolutions.text_stub = "*Your answer here, 80 to 150 words.*"

# A cell that runs longer than this is stopped and marked as it stands.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True
# nbgrader takes any text on stderr for a failed test; a warning of the student's code is none.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"[\s\S]*"

c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "grading.restore.RestoreCells",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Hidden tests come back at marking; students' feedback pages leave them out.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "grading.feedback.HideHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# `handin.bundle` names its zip, and the notebook and ledger inside, in this form.
c.ZipCollectApp.downloaded_directory = "grading/downloaded"
c.ZipCollectApp.strict = True
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json"]
c.FileNameCollectorPlugin.named_regexp = (
    r"(?:.*[/\\])?(?P<student_id>[A-Za-z0-9][A-Za-z0-9@._-]*?)__"
    r"(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z)__(?P<file_id>[0-9]{2}-[a-z0-9-]+|my-ledger)"
    r"\.(?:ipynb|json)$"
)
