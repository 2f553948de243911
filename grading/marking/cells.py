"""Run notebook cells in this process, and record what they show as a kernel would.

Both rooms use it: the candidate for a student's cells, the examiner for tests.
"""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Iterator
from typing import Any

__all__ = ["Cells", "Recorder"]

_MOST_OUTPUT = 400_000
_CUT = "\n... cut here: a cell shows at most 400,000 characters ...\n"


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

    def bundle(
        self, kind: str, data: dict, metadata: dict | None, count: int | None = None
    ) -> None:
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

    def __init__(self, name: str) -> None:
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        _now[-1].stream(self._name, str(text))
        return len(text)


@functools.cache
def _shell() -> Any:
    """The IPython shell of this process, which records as a kernel does."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: dict, metadata: dict | None = None, **_: Any) -> None:
            _now[-1].bundle("display_data", dict(data), metadata)

        def clear_output(self, wait: bool = False) -> None:
            _now[-1].outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
            _now[-1].bundle("execute_result", format_dict, md_dict, self.prompt_count)

    class Shell(InteractiveShell):
        def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
            _now[-1].error(etype.__name__, str(evalue), stb)

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.display_pub_class = Publisher
    settings.InteractiveShell.displayhook_class = Hook
    return Shell.instance(config=settings, display_pub_class=Publisher, displayhook_class=Hook)


# What is recorded into; a process has one shell, as a kernel has.
_now: list[Recorder] = []


class Cells:
    """A shell that runs cells one after another; `names` are what they have defined."""

    def __init__(self) -> None:
        self._shell = _shell()
        _now[:] = [Recorder()]
        self._out, self._err = _Stream("stdout"), _Stream("stderr")

    @property
    def names(self) -> dict[str, Any]:
        """The names of the notebook."""
        return self._shell.user_ns

    @contextlib.contextmanager
    def recording(self) -> Iterator[Recorder]:
        """Record what is shown while something runs."""
        _now.append(Recorder())
        try:
            with contextlib.redirect_stdout(self._out), contextlib.redirect_stderr(self._err):
                yield _now[-1]
        finally:
            _now.pop()

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell.

        Parameters
        ----------
        source : str

        Returns
        -------
        dict
            ``outputs`` in nbformat's form, and whether it ``failed``.
        """
        with self.recording() as recorder:
            try:
                done = self._shell.run_cell(source, store_history=True)
                failed = bool(done.error_before_exec or done.error_in_exec)
            except BaseException as error:  # noqa: BLE001 - a cell that leaves ends no room
                failed = True
                recorder.error(type(error).__name__, str(error), [])
        return {"outputs": recorder.outputs, "failed": failed}
