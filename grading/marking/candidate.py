"""The candidate's room: runs a student's cells and answers for what they made.

It holds no key, no test and no points, and nothing that it says can give any: it runs the cells
that it is sent, and hands over a name's value or calls a function when the examiner asks. Of the
marking the sandbox holds this file and the two that it imports.

``python -m grading.marking.candidate FD`` waits at a socket for the lesson's opening (the authors'
cells before the first answer), runs it, and then makes one child a submission: a copy that has
everything imported and loaded.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import resource
import shutil
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grading.marking import wall
from grading.marking.cells import Cells

#: A picture of one clear point.
_BLANK = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PR_SET_DUMPABLE, _PR_SET_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38


class Room:
    """Where cells run, and what the examiner may ask of it."""

    def __init__(self) -> None:
        self._cells = Cells()
        self._functions: dict[int, Any] = {}

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell; give what it showed and whether it failed."""
        return self._cells.run(source)

    def serve(self, channel: wall.Channel) -> None:
        """Do what the examiner asks until it says that this is the end."""
        while True:
            message = channel.receive()
            asked = message.get("do")
            if asked == "run":
                answer = self.run(message["source"])
            elif asked == "get":
                answer = self._get(message["name"])
            elif asked == "call":
                answer = self._call(message, channel)
            elif asked == "look":
                answer = self._look(message)
            else:
                return
            self._send(channel, answer)

    def _send(self, channel: wall.Channel, answer: dict[str, Any]) -> None:
        try:
            channel.send(answer)
        except (wall.TooMuch, TypeError, ValueError) as error:
            channel.send({"failed": ["TooMuch", str(error)[:300]], "outputs": []})

    def _get(self, name: str) -> dict[str, Any]:
        space = self._cells.names
        if name not in space:
            return {"lost": True}
        try:
            return {"value": wall.encode(space[name], self._describe)}
        except Exception as error:  # noqa: BLE001 - a student's object may do anything when read
            return {"failed": wall.encode(error)[1]}

    def _describe(self, function: Any) -> dict[str, Any]:
        """What the other side needs of a function to call it here."""
        import inspect

        if getattr(function, "examiners", None) is not None:
            return {"yours": function.examiners}
        number = len(self._functions)
        self._functions[number] = function
        try:
            signature = inspect.signature(function)
            parameters = [
                [name, str(one.kind.name), one.default is not one.empty]
                for name, one in signature.parameters.items()
            ]
        except (TypeError, ValueError):
            parameters = None
        return {
            "number": number,
            "name": str(getattr(function, "__name__", ""))[:80],
            "parameters": parameters,
        }

    def _look(self, message: dict[str, Any]) -> dict[str, Any]:
        """Read the code of a function of this room."""
        from course.check.borrowing import borrowed
        from course.check.reaching import outside, unread

        function = self._functions[int(message["function"])]
        found = (
            borrowed(function),
            unread(function),
            outside(function, frozenset(message["allowed"])),
        )
        return {"value": wall.encode(list(found))}

    def _call(self, message: dict[str, Any], channel: wall.Channel) -> dict[str, Any]:
        """Call a function of this room with values from the other."""

        def theirs(about: dict[str, Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                channel.send(
                    {
                        "call": about["number"],
                        "args": wall.encode([list(args), kwargs], self._describe),
                    }
                )
                answer = channel.receive()
                if "failed" in answer:
                    raise ValueError(str(answer["failed"][1]))
                return wall.decode(answer["value"], theirs)

            call.examiners = about["number"]
            return call

        function = self._functions[int(message["function"])]
        args, kwargs = wall.decode(message["args"], theirs)
        with self._cells.recording() as recorder:
            try:
                value = function(*args, **kwargs)
                answer = {"value": wall.encode(value, self._describe)}
            except BaseException as error:  # noqa: BLE001 - the examiner says what it was
                answer = {"failed": wall.encode(error)[1]}
        try:
            # What became of the arguments: a function that changes what it is given is named.
            answer["after"] = wall.encode([args, kwargs], self._describe)
        except Exception:  # noqa: BLE001 - then they are no longer what was sent
            answer["after"] = None
        printed = [one["text"] for one in recorder.outputs if one.get("name") == "stdout"]
        answer["printed"] = "".join(printed)[:2000]
        return answer


@contextlib.contextmanager
def _drawing_nothing() -> Iterator[None]:
    """Put a blank in place of each picture: a copy of a process that has drawn one cannot draw."""
    blank = types.ModuleType("vl_convert")
    for name in ("vegalite_to_png", "vegalite_to_svg", "vega_to_png"):
        setattr(blank, name, lambda *_, **__: _BLANK)
    sys.modules["vl_convert"] = blank
    try:
        yield
    finally:
        del sys.modules["vl_convert"]


def _alone() -> None:
    """Forget the way to more rights, and die with whoever started this."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is None:
        return
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Nobody of the same user, a child of this one least of all, reads or writes its memory.
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_SUBREAPER, 1, 0, 0, 0)


def _descendants() -> list[int]:
    """Processes that a submission left behind: the subreaper has become their parent."""
    found, waiting = [], [os.getpid()]
    while waiting:
        pid = waiting.pop()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(one) for one in task.read_text().split()]
                found += children
                waiting += children
    return found


def _sweep(folder: Path) -> None:
    """Leave nothing of a submission behind: no process and no file."""
    for _ in range(200):
        left = _descendants()
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not left:
            break
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


def _limit(limits: dict[str, int]) -> None:
    """Set this process's limits; children have them too."""
    for name, most in limits.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is not None:
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some
                resource.setrlimit(which, (most, most))


def _submission(end: socket.socket, room: Room, limits: dict[str, int]) -> None:
    """Be the candidate of one submission, to the end of this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _limit(limits)
    channel = wall.Channel(end)
    with contextlib.suppress(wall.Closed, KeyboardInterrupt):
        room.serve(channel)
    os._exit(0)


def _fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / Path(name).name).write_bytes(base64.b64decode(text))


def main(control: socket.socket) -> None:
    """Open the lesson, then make a child for each submission that comes."""
    _alone()
    folder = Path.cwd()
    orders = wall.Channel(control)
    opening = orders.receive()
    room = Room()
    from course.charts import look

    # Pictures of the lesson are drawn outside, once.
    look.pictures = False
    with _drawing_nothing():
        failed = [one for one in map(room.run, opening["cells"]) if one["failed"]]
    if failed:
        says = next(one for one in failed[0]["outputs"] if one["output_type"] == "error")
        orders.send({"failed": ["LessonError", says["evalue"][:300]]})
        return
    orders.send({"ready": os.getpid()})
    while True:
        try:
            order = orders.receive()
        except wall.Closed:
            return
        if order["do"] == "open":
            _, (descriptor,), _, _ = socket.recv_fds(control, 1, 1)
            _sweep(folder)
            _fill(folder, order["files"])
            child = os.fork()
            if child == 0:
                control.close()
                _submission(socket.socket(fileno=descriptor), room, opening["limits"])
            os.close(descriptor)
            orders.send({"opened": child})
        elif order["do"] == "interrupt":
            with contextlib.suppress(ProcessLookupError):
                os.kill(order["pid"], signal.SIGINT)
        elif order["do"] == "close":
            _sweep(folder)
            orders.send({"closed": True})
        else:
            return


if __name__ == "__main__":
    try:
        main(socket.socket(fileno=int(sys.argv[1])))
    except wall.Closed:
        pass
    except Exception:  # noqa: BLE001 - the examiner reads this and starts another
        traceback.print_exc()
        sys.exit(1)
