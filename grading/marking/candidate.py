"""The candidate's room: runs a student's cells and answers for what they made.

It holds no key, no test and no points, and nothing that it says can give any: it runs the cells
that it is sent, and hands over a name's value or calls a function when the examiner asks. Two of
the engine's files are in the sandbox, this one and ``wall.py``; it is started as a program.

``candidate.py FD`` waits at a socket for the lesson's opening (the authors' cells before the first
answer), runs it, and then makes one child a submission: a copy that has everything imported and
loaded. ``candidate.py FD --once`` is one such child, where a process cannot be copied.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import resource
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# As a program it has its own folder on the path and no package around it.
import wall

_MOST_OUTPUT = 400_000
_CUT = "\n... cut here: a cell shows at most 400,000 characters ...\n"
_PR_SET_DUMPABLE, _PR_SET_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38


class Recorder:
    """What a cell shows, in nbformat's form and in the order in which it was shown."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._left = _MOST_OUTPUT

    def stream(self, name: str, text: str) -> None:
        """Note text that was printed."""
        text = self._within(text)
        if not text:
            return
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def bundle(self, kind: str, data: dict, metadata: dict | None, count: int | None = None) -> None:
        """Note something that was displayed, or the value of a cell's last line."""
        size = sum(len(part) for part in data.values() if isinstance(part, str))
        if size > self._left:
            data = {"text/plain": str(data.get("text/plain", ""))[:1000] + _CUT}
        self._left -= min(size, self._left)
        output = {"output_type": kind, "data": data, "metadata": metadata or {}}
        if kind == "execute_result":
            output["execution_count"] = count
        self.outputs.append(output)

    def error(self, name: str, says: str, lines: list[str]) -> None:
        """Note how a cell failed."""
        self.outputs.append(
            {
                "output_type": "error",
                "ename": name[:200],
                "evalue": self._within(says)[:2000],
                "traceback": [line[:20_000] for line in lines[:60]],
            }
        )

    def _within(self, text: str) -> str:
        if not self._left:
            return ""
        kept = text[: self._left]
        self._left -= len(kept)
        return kept if self._left else kept + _CUT


class _Stream(io.TextIOBase):
    """What stands for stdout or stderr while a cell runs."""

    def __init__(self, name: str, recorder: Callable[[], Recorder]) -> None:
        self._name, self._recorder = name, recorder

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._recorder().stream(self._name, str(text))
        return len(text)


def _shell(recorder: Callable[[], Recorder]) -> Any:
    """An IPython shell that records as a kernel does."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: dict, metadata: dict | None = None, **_: Any) -> None:
            recorder().bundle("display_data", dict(data), metadata)

        def clear_output(self, wait: bool = False) -> None:
            recorder().outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
            recorder().bundle("execute_result", format_dict, md_dict, self.prompt_count)

    class Shell(InteractiveShell):
        def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
            recorder().error(etype.__name__, str(evalue), stb)

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.display_pub_class = Publisher
    settings.InteractiveShell.displayhook_class = Hook
    return Shell.instance(config=settings, display_pub_class=Publisher, displayhook_class=Hook)


class Room:
    """Where cells run, and what the examiner may ask of it."""

    def __init__(self) -> None:
        self._recorder = Recorder()
        self._shell = _shell(lambda: self._recorder)
        self._streams = {
            name: _Stream(name, lambda: self._recorder) for name in ("stdout", "stderr")
        }
        self._functions: dict[int, Any] = {}

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell; give what it showed and whether it failed."""
        self._recorder = Recorder()
        with (
            contextlib.redirect_stdout(self._streams["stdout"]),
            contextlib.redirect_stderr(self._streams["stderr"]),
        ):
            try:
                done = self._shell.run_cell(source, store_history=True)
                failed = done.error_before_exec or done.error_in_exec
            except BaseException as error:  # noqa: BLE001 - SystemExit and the like end no room
                failed = error
                self._recorder.error(type(error).__name__, str(error), [])
        return {"outputs": self._recorder.outputs, "failed": failed is not None}

    def serve(self, channel: wall.Channel) -> None:
        """Do what the examiner asks until it says that this is the end."""
        while True:
            message = channel.receive()
            asked = message.get("do")
            if asked == "run":
                answer = self.run(message["source"])
            elif asked == "get":
                answer = self._get(message["name"], channel)
            elif asked == "call":
                answer = self._call(message, channel)
            else:
                return
            self._send(channel, answer)

    def _send(self, channel: wall.Channel, answer: dict[str, Any]) -> None:
        try:
            channel.send(answer)
        except (wall.TooMuch, TypeError, ValueError) as error:
            channel.send({"failed": ["TooMuch", str(error)[:300]], "outputs": []})

    def _get(self, name: str, channel: wall.Channel) -> dict[str, Any]:
        space = self._shell.user_ns
        if name not in space:
            return {"lost": True}
        try:
            return {"value": wall.encode(space[name], self._describe)}
        except Exception as error:  # noqa: BLE001 - a student's object may do anything when read
            return {"failed": wall.encode(error)[1]}

    def _describe(self, function: Any) -> dict[str, Any]:
        """What the other side needs of a function to call it here."""
        import inspect

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
            "kind": type(function).__name__[:80],
            "parameters": parameters,
        }

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

            return call

        self._recorder = Recorder()
        function = self._functions[int(message["function"])]
        args, kwargs = wall.decode(message["args"], theirs)
        with (
            contextlib.redirect_stdout(self._streams["stdout"]),
            contextlib.redirect_stderr(self._streams["stderr"]),
        ):
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
        printed = [one["text"] for one in self._recorder.outputs if one.get("name") == "stdout"]
        answer["printed"] = "".join(printed)[:2000]
        return answer


def _draw_nothing() -> None:
    """Let a chart leave as its specification: pictures are drawn outside, once."""
    import altair as alt

    import course.charts  # noqa: F401 - so that the lesson does not enable its own renderer later

    def specification(spec: dict, **_: Any) -> tuple[dict, dict]:
        words = spec.get("description", "A chart without a description.")
        shown = {**spec, "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
        return {"application/vnd.vegalite.v5+json": shown, "text/plain": words}, {}

    alt.renderers.register("course", specification)
    alt.renderers.enable("course")


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
        (folder / Path(name).name).write_text(text, encoding="utf-8")


def main(control: socket.socket, once: bool) -> None:
    """Open the lesson, then make a child for each submission that comes."""
    _alone()
    folder = Path.cwd()
    orders = wall.Channel(control)
    opening = orders.receive()
    room = Room()
    _draw_nothing()
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
        if order["do"] == "open" and once:
            _fill(folder, order["files"])
            orders.send({"opened": os.getpid()})
            _submission(control, room, opening["limits"])
        elif order["do"] == "open":
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
        main(socket.socket(fileno=int(sys.argv[1])), "--once" in sys.argv)
    except wall.Closed:
        pass
    except Exception:  # noqa: BLE001 - the examiner reads this and starts another
        traceback.print_exc()
        sys.exit(1)
