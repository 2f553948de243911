"""The ladder of sandboxes in which candidates run.

The top rung is bubblewrap, the second Linux's own namespaces, the third limits alone. What each
protects is told in ``grading/README.md``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

__all__ = ["LIMITS", "RUNGS", "best", "start"]

RUNGS = ("bubblewrap", "namespaces", "limits")
#: Of a candidate: bytes of memory and of a file, seconds of processor, processes, open files.
LIMITS = {
    "AS": 4 << 30,
    "FSIZE": 32 << 20,
    "CPU": 600,
    "NPROC": 64,
    "NOFILE": 256,
    "CORE": 0,
}
_FOLDER_BYTES = 64 << 20
_WORK = "/candidate"
_ENGINE = "/engine"


def _course() -> tuple[Path, Path]:
    """Where the course and its tables lie."""
    import course
    from course.tables import files

    return Path(course.__file__).resolve().parent, files.folder().resolve()


def _shown() -> list[str]:
    """Folders of the machine that a candidate sees, read only: Python and the libraries it needs."""
    homes = {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), "/usr", "/lib", "/lib64"}
    homes |= {"/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/bin"}
    found = sorted(home for home in homes if Path(home).exists())
    return [one for one in found if not any(one.startswith(f"{other}/") for other in found)]


def _environment(root: str) -> dict[str, str]:
    """A clean environment: nothing of the instructor's."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": _WORK,
        "LANG": "C.UTF-8",
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "NBGRADER_EXECUTION": "autograde",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "IPYTHONDIR": f"{_WORK}/.ipython",
    }


def _bubblewrap(descriptor: int) -> list[str]:
    engine = Path(__file__).parent
    course, tables = _course()
    asked = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    asked += ["--cap-drop", "ALL", "--hostname", "candidate"]
    # First what is empty, for the environment may lie in one of these folders.
    asked += ["--size", str(_FOLDER_BYTES), "--tmpfs", _WORK]
    asked += ["--size", str(_FOLDER_BYTES), "--tmpfs", "/tmp"]  # noqa: S108 - in the sandbox
    for one in _shown():
        if Path(one).is_symlink():
            asked += ["--symlink", os.readlink(one), one]
        else:
            asked += ["--ro-bind", one, one]
    asked += ["--proc", "/proc", "--dev", "/dev"]
    asked += ["--ro-bind", str(course), f"{_ENGINE}/course"]
    asked += ["--ro-bind", str(tables), f"{_ENGINE}/datasets"]
    for name in ("candidate.py", "wall.py"):
        asked += ["--ro-bind", str(engine / name), f"{_ENGINE}/{name}"]
    for name, value in _environment(_ENGINE).items():
        asked += ["--setenv", name, value]
    asked += ["--chdir", _WORK, "--remount-ro", "/"]
    return [*asked, sys.executable, "-B", f"{_ENGINE}/candidate.py", str(descriptor)]
