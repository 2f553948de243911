"""The ladder of sandboxes in which candidates run.

The top rung is bubblewrap, the second Linux's own namespaces, the third limits alone. What each
protects, and what none does, stands in ``grading/README.md``.
"""

from __future__ import annotations

import functools
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import NamedTuple

from grading.marking import wall

__all__ = ["LIMITS", "RUNGS", "NoSandbox", "Started", "best", "start", "why_not"]

RUNGS = ("bubblewrap", "namespaces", "limits")
#: Of each candidate's process: bytes of its own memory and of a file, seconds of processor,
#: processes, open files; no picture of a crash.
LIMITS = {"DATA": 3 << 30, "FSIZE": 32 << 20, "CPU": 900, "NPROC": 128, "NOFILE": 256, "CORE": 0}
_FOLDER_BYTES = 64 << 20
_WORK = "/candidate"
_ENGINE = "/engine"
# All of the marking that a candidate sees.
_FILES = ("__init__.py", "marking/__init__.py", "marking/candidate.py", "marking/cells.py")
_FILES += ("marking/wall.py", "marking/inside.py")


class NoSandbox(RuntimeError):
    """A sandbox was required and none works here; the message says why not."""


class Started(NamedTuple):
    """A candidate's room that was started, and the channel of its orders."""

    process: subprocess.Popen
    orders: wall.Channel
    end: socket.socket
    rung: str
    folder: tempfile.TemporaryDirectory | None


def start(rung: str) -> Started:
    """Start the room from which candidates are copied.

    Parameters
    ----------
    rung : str
        One of `RUNGS`.

    Returns
    -------
    Started
    """
    ours, theirs = socket.socketpair()
    folder = None
    environment = _environment(_ENGINE, _WORK)
    program = [sys.executable, "-B", "-m", "grading.marking.candidate", str(theirs.fileno())]
    if rung == "bubblewrap":
        command, where = [*_bubblewrap(), *program], None
    elif rung == "namespaces":
        inside = Path(__file__).with_name("inside.py")
        command, where = [sys.executable, "-B", "-I", str(inside), *_plan(), "--", *program], None
    else:
        folder = tempfile.TemporaryDirectory(prefix="candidate-", ignore_cleanup_errors=True)
        root = Path(__file__).resolve().parents[2]
        environment = _environment(str(root), folder.name)
        command, where = program, folder.name
    with theirs:
        process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            env=environment,
            cwd=where,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    return Started(process, wall.Channel(ours), ours, rung, folder)


@functools.cache
def why_not(rung: str) -> str:
    """Say why a rung cannot be used here; nothing if it can.

    Parameters
    ----------
    rung : str
        One of `RUNGS`.

    Returns
    -------
    str
    """
    if rung == "limits":
        return ""
    if sys.platform != "linux":
        return f"{rung} is Linux's, and this is {sys.platform}"
    if rung == "bubblewrap" and not shutil.which("bwrap"):
        return "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap)"
    true = [sys.executable, "-I", "-c", "pass"]
    if rung == "bubblewrap":
        command = [*_bubblewrap(), *true]
    else:
        inside = Path(__file__).with_name("inside.py")
        command = [sys.executable, "-B", "-I", str(inside), *_plan(), "--", *true]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines() or ["no word of it"]
    return f"{rung} does not work here: {lines[-1][:200]}"


def best(required: bool = False) -> str:
    """Find the highest rung that works here.

    Parameters
    ----------
    required : bool, optional
        Whether limits alone are refused.

    Returns
    -------
    str

    Raises
    ------
    NoSandbox
        If a sandbox is required and none works.
    """
    for rung in RUNGS:
        if not why_not(rung):
            if required and rung == "limits":
                reasons = "; ".join(why_not(one) for one in RUNGS[:-1])
                raise NoSandbox(f"no sandbox can be had, and one is required: {reasons}")
            return rung
    raise AssertionError("limits can always be set")


def _environment(root: str, work: str) -> dict[str, str]:
    """A clean environment: nothing of the instructor's."""
    return {
        "PATH": os.defpath,
        "HOME": work,
        "TMPDIR": work,
        "LANG": "C.UTF-8",
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "IPYTHONDIR": f"{work}/.ipython",
    } | {name: os.environ[name] for name in ("OPENBLAS_CORETYPE",) if name in os.environ}


def _view() -> dict[str, str]:
    """What a candidate may read, as place in its room to place on the machine."""
    import course
    from course.tables import files

    homes = [sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), "/usr", "/bin", "/lib"]
    homes += ["/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/ssl/openssl.cnf"]
    shown = {home: home for home in sorted(set(homes)) if Path(home).exists()}
    shown = {
        home: place
        for home, place in shown.items()
        if not any(home.startswith(f"{other}/") for other in shown if other != home)
    }
    grading = Path(__file__).resolve().parents[1]
    shown |= {f"{_ENGINE}/grading/{name}": str(grading / name) for name in _FILES}
    shown[f"{_ENGINE}/course"] = str(Path(course.__file__).resolve().parent)
    shown[f"{_ENGINE}/datasets"] = str(files.folder().resolve())
    return shown


def _bubblewrap() -> list[str]:
    size = ["--size", str(_FOLDER_BYTES), "--tmpfs"]
    asked = ["bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    # First what is empty, for the environment may lie in one of these folders.
    asked += [*size, "/tmp", *size, _WORK, "--proc", "/proc", "--dev", "/dev"]
    for place, home in _view().items():
        link = Path(home).is_symlink() and place == home
        asked += ["--symlink", str(Path(home).readlink()), place] if link else [
            "--ro-bind", home, place]  # fmt: skip
    return [*asked, "--chdir", _WORK, "--remount-ro", "/"]


def _plan() -> list[str]:
    """The same room for `inside`: pairs of places, then the folders in memory."""
    pairs = [f"{home}={place}" for place, home in _view().items()]
    return [f"--size={_FOLDER_BYTES}", f"--work={_WORK}", *pairs]
