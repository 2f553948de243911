"""A kernel that dies at birth is replaced; any other trouble is told."""

from __future__ import annotations

import nbformat
import pytest
from jupyter_client import AsyncKernelClient

from grading.kernels import Client

BIRTH = "Kernel died before replying to kernel_info"


@pytest.fixture
def book():
    cell = nbformat.v4.new_code_cell("import os; os.environ['ASKED'], 6 * 7")
    book = nbformat.v4.new_notebook(cells=[cell])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return book


def dying(monkeypatch, times: int, words: str) -> list[int]:
    """Let the first kernels die before they answer."""
    ready, deaths = AsyncKernelClient.wait_for_ready, []

    async def wait(self, timeout=None):
        if len(deaths) < times:
            deaths.append(1)
            raise RuntimeError(words)
        await ready(self, timeout=timeout)

    monkeypatch.setattr(AsyncKernelClient, "wait_for_ready", wait)
    return deaths


@pytest.mark.parametrize("way", ["at once", "cell by cell"])
def test_another_kernel_takes_its_place_with_what_was_asked(book, monkeypatch, tmp_path, way):
    deaths = dying(monkeypatch, 2, BIRTH)
    client = Client(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    monkeypatch.setenv("ASKED", "yes")
    if way == "at once":
        client.execute()
    else:
        with client.setup_kernel():
            client.execute_cell(book.cells[0], 0)
    assert len(deaths) == 2
    assert book.cells[0].outputs[0]["data"]["text/plain"] == "('yes', 42)"


@pytest.mark.parametrize(("times", "words"), [(3, BIRTH), (1, "Kernel didn't respond")])
def test_what_does_not_mend_is_told(book, monkeypatch, times, words):
    dying(monkeypatch, times, words)
    with pytest.raises(RuntimeError, match=words):
        Client(book, timeout=60).execute()
