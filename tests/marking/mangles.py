"""Notebooks with right answers, and what editors, platforms, disks and people make of them."""

from __future__ import annotations

import copy
import functools
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.marking.made_up import notebook_of

__all__ = ["MANGLES", "REFUSED", "Mangled", "answered", "as_bytes", "expected"]

Book = dict[str, Any]


@functools.cache
def _answered(lesson: str) -> str:
    solved = {cell.id: cell.source for cell in notebook_of(lesson).cells}
    book = json.loads(json.dumps(notebook_of(lesson, "notebooks")))
    for cell in book["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = solved[cell["id"]].split("\n")
            cell["source"] = "\n".join(line for line in lines if "### " not in line)
        if cell["cell_type"] == "code":
            cell["execution_count"] = 3
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "an output"}]
    return json.dumps(book)


def answered(lesson: str) -> Book:
    """The released lesson with every answer right, as JupyterLab would save it."""
    return json.loads(_answered(lesson))


def expected(lesson: str) -> dict[str, str]:
    """What is to stand in each answer's cell."""
    return {cell["id"]: cell["source"] for cell in answered(lesson)["cells"] if _is_answer(cell)}


def as_bytes(book: Any) -> bytes:
    """A notebook as Jupyter writes it."""
    return json.dumps(book, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass
class Mangled:
    """A file, and what must come of it.

    Parameters
    ----------
    data : bytes
        The file.
    says : str
        A pattern that the report must match; empty if nothing is odd.
    lost : set of str
        Answers that nobody could find in it; the report must name each.
    other : dict of str to str
        What must stand in an answer's cell, where that is not the answer alone.
    holds : bool
        Whether it is enough that the answer is a part of its cell.
    whole : bool
        Whether the file is.
    """

    data: bytes
    says: str = ""
    lost: set[str] = field(default_factory=set)
    other: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    whole: bool = True


Mangle = Callable[[str], Mangled]
#: How notebooks are mangled, by name.
MANGLES: dict[str, Mangle] = {}
#: Files of which nothing can be read: what they hold, and what the refusal says.
REFUSED: dict[str, tuple[Callable[[str], bytes], str]] = {}


def _is_answer(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def _is_test(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader")) and not _is_answer(cell)


def _mangle(name: str, **more: Any) -> Callable[[Callable[[Book], Any]], Any]:
    """Register a change of the notebook; None means that it was changed where it is."""

    def register(change: Callable[[Book], Any]) -> Callable[[Book], Any]:
        def mangled(lesson: str) -> Mangled:
            book = answered(lesson)
            made = change(book)
            if isinstance(made, Mangled):
                return made
            data = made if isinstance(made, bytes) else as_bytes(book if made is None else made)
            return Mangled(data, **more)

        assert name not in MANGLES
        MANGLES[name] = mangled
        return change

    return register


def _cell(source: str, kind: str = "code", **more: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "metadata": {}, "source": source, "id": "c0ffee42"} | more
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _place(book: Book, name: str) -> int:
    return next(i for i, cell in enumerate(book["cells"]) if cell["id"] == name)


def _code_answers(book: Book) -> list[int]:
    cells = book["cells"]
    return [i for i, cell in enumerate(cells) if _is_answer(cell) and cell["cell_type"] == "code"]


def _argued(book: Book) -> list[int]:
    cells = book["cells"]
    return [i for i, cell in enumerate(cells) if _is_answer(cell) and cell["cell_type"] != "code"]


def _stub(lesson: str, name: str) -> str:
    return next(c.source for c in notebook_of(lesson, "notebooks").cells if c.id == name)


def _lesson(book: Book) -> str:
    """Which lesson a notebook is, by its last cell."""
    return re.search(r'bundle\("([\w-]+)"', book["cells"][-1]["source"])[1]


# ---- bytes -----------------------------------------------------------------------------------

_mangle("as saved")(lambda book: None)
_mangle("compact")(lambda book: json.dumps(book, separators=(",", ":")).encode())
_mangle("sorted keys")(lambda book: json.dumps(book, sort_keys=True).encode())
_mangle("a BOM", says="byte-order mark")(lambda book: b"\xef\xbb\xbf" + as_bytes(book))
_mangle("UTF-16", says="UTF-16")(lambda book: as_bytes(book).decode().encode("utf-16"))
_mangle("UTF-16, big end first", says="UTF-16")(
    lambda book: b"\xfe\xff" + as_bytes(book).decode().encode("utf-16-be")
)
_mangle("UTF-16 without a mark", says="UTF-16")(
    lambda book: as_bytes(book).decode().encode("utf-16-le")
)
_mangle("UTF-32", says="UTF-32")(lambda book: as_bytes(book).decode().encode("utf-32"))
_mangle("line ends of Windows")(lambda book: as_bytes(book).replace(b"\n", b"\r\n"))
_mangle("zeros at the end")(lambda book: as_bytes(book) + bytes(4096))
_mangle("zeros between lines", says="NUL bytes")(
    lambda book: as_bytes(book).replace(b"\n", b"\n\0")
)
_mangle("zeros before lines", says="NUL bytes")(lambda book: as_bytes(book).replace(b"\n", b"\0\n"))
_mangle("something after the end", says="follow after its end")(
    lambda book: as_bytes(book) + b"\n}\n}"
)
_mangle("two notebooks in a row", says="follow after its end")(lambda book: as_bytes(book) * 2)
_mangle("blank lines before", says="")(lambda book: b"\n\n  " + as_bytes(book))
_mangle("encoded twice", says="encoded twice")(
    lambda book: "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in as_bytes(book)
    ).encode()
)
_mangle("a byte that is no UTF-8", says="no UTF-8")(
    lambda book: as_bytes(book).replace(b'"cells"', b'"x": "\xff",\n"cells"', 1)
)


@_mangle("CP 1252")
def _(book):
    return _code_page(book, "cp1252")


@_mangle("CP 1251")
def _(book):
    return _code_page(book, "cp1251")


@_mangle("Mac Roman")
def _(book):
    return _code_page(book, "mac_roman")


def _code_page(book: Book, page: str) -> Mangled:
    # A sign that the page lacks was lost in the student's editor already.
    text = as_bytes(book).decode().encode(page, "replace").decode(page)
    there = {cell["id"]: cell["source"] for cell in json.loads(text)["cells"] if _is_answer(cell)}
    return Mangled(text.encode(page), says=f"code page|{page}", other=there)


@_mangle("cut short")
def _(book):
    return _cut(book, 0.6)


@_mangle("cut short early")
def _(book):
    return _cut(book, 0.35)


@_mangle("cut before its last brace")
def _(book):
    data = as_bytes(book)
    return Mangled(data[:-3], says="damaged: line .* is no JSON")


def _cut(book: Book, share: float) -> Mangled:
    data = as_bytes(book)
    data = data[: int(len(data) * share)]
    text = data.decode("utf-8", "ignore")
    gone = {
        cell["id"]
        for cell in book["cells"]
        if _is_answer(cell) and json.dumps(cell["source"], ensure_ascii=False) not in text
    }
    return Mangled(data, says="damaged", lost=gone, whole=False)


@_mangle("conflict marks between cells", says="damaged")
def _(book):
    marks = "\n<<<<<<< HEAD\n"
    return as_bytes(book).replace(b'  {\n   "cell_type": "markdown"', marks.encode() + b"{\n "
                                  b'  "cell_type": "markdown"', 5)  # fmt: skip


@_mangle("a comma is missing", says="damaged")
def _(book):
    return as_bytes(book).replace(b"\n  },\n  {", b"\n  }\n  {", 3)


@_mangle("a comma too many", says="damaged")
def _(book):
    return as_bytes(book).replace(b"\n  }\n ],", b"\n  },\n ],", 1)


@_mangle("a key twice", says="'nbformat' stands twice")
def _(book):
    return as_bytes(book).replace(b'"nbformat": 4,', b'"nbformat": 9, "nbformat": 4,', 1)


@_mangle("not a number")
def _(book):
    book["metadata"]["x"] = [float("nan"), float("inf")]


@_mangle("a number of many digits")
def _(book):
    return as_bytes(book).replace(b'"execution_count": 3', b'"execution_count": ' + b"7" * 9000, 2)


@_mangle("too deep", whole=False, says="nested too deeply|damaged")
def _(book):
    return as_bytes(book).replace(b'"metadata": {}', b'"metadata": ' + b"[" * 99999 + b"]" * 99999,
                                  1)  # fmt: skip


# ---- versions and shapes ---------------------------------------------------------------------


@_mangle("format 3", says="format 3")
def _(book):
    for cell in book["cells"]:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell["input"], cell["language"] = cell.pop("source"), "python"
            cell["prompt_number"] = cell.pop("execution_count")
            cell["outputs"] = [{"output_type": "pyout", "text": "x"}]
    sheets = [{"cells": book["cells"], "metadata": {}}]
    return {"metadata": book["metadata"], "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}


@_mangle("format 4.0")
def _(book):
    book["nbformat_minor"] = 0
    for cell in book["cells"]:
        del cell["id"]


@_mangle("format 4.2 with ids")
def _(book):
    book["nbformat_minor"] = 2


@_mangle("format 4.99")
def _(book):
    book["nbformat_minor"] = 99


@_mangle("format 99", says="newer than 4")
def _(book):
    book["nbformat"] = 99


@_mangle("no format")
def _(book):
    del book["nbformat"], book["nbformat_minor"]


@_mangle("format as text")
def _(book):
    book["nbformat"] = "4"


@_mangle("cells as an object", says="cells are no list")
def _(book):
    book["cells"] = {str(i): cell for i, cell in enumerate(book["cells"])}


@_mangle("cells alone", says="no notebook around them")
def _(book):
    return book["cells"]


@_mangle("within what a server says", says="lies within 'content'")
def _(book):
    return {"name": "x.ipynb", "type": "notebook", "content": book}


@_mangle("no metadata")
def _(book):
    book["metadata"] = None


@_mangle("another kernel")
def _(book):
    book["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}


@_mangle("widgets without a state")
def _(book):
    book["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


@_mangle("things that are no cells", says="it is no cell")
def _(book):
    book["cells"][3:3] = [None, "text", 5, []]


@_mangle("types of no kind", says="none of code, markdown, raw")
def _(book):
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["cell_type"] = "python"


# ---- sources ---------------------------------------------------------------------------------


@_mangle("sources as lists")
def _(book):
    for cell in book["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


@_mangle("sources letter by letter")
def _(book):
    for cell in book["cells"]:
        cell["source"] = list(cell["source"])


@_mangle("lines without ends", says="no line ends")
def _(book):
    for cell in book["cells"]:
        cell["source"] = cell["source"].split("\n")


@_mangle("nulls among lines", says="no text")
def _(book):
    for cell in book["cells"]:
        cell["source"] = [None, *cell["source"].splitlines(keepends=True), 5]


@_mangle("line ends of Windows in cells", says="line ends")
def _(book):
    for cell in book["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


@_mangle("line ends of old Macs in cells", says="line ends")
def _(book):
    for cell in book["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r")


@_mangle("spaces at the ends")
def _(book):
    for cell in book["cells"]:
        cell["source"] = cell["source"].replace("\n", "  \n") + "\n\n"


@_mangle("NUL signs in cells", says="NUL signs")
def _(book):
    for cell in book["cells"]:
        cell["source"] += "\0"


@_mangle("halves of signs", says="halves of signs")
def _(book):
    book["cells"].insert(5, _cell("# \ud83d"))
    return json.dumps(book).encode()


@_mangle("authors' cells without a text", says="has no text|no text")
def _(book):
    for cell in book["cells"]:
        if not cell["metadata"].get("nbgrader") and cell["cell_type"] == "code":
            cell["source"] = None


# ---- ids and metadata --------------------------------------------------------------------------


def _ids(book: Book, make: Callable[[int, str], Any]) -> None:
    for i, cell in enumerate(book["cells"]):
        cell["id"] = make(i, cell["id"])


_mangle("ids null")(lambda book: _ids(book, lambda i, name: None))
_mangle("ids all one")(lambda book: _ids(book, lambda i, name: "a"))
_mangle("ids numbers")(lambda book: _ids(book, lambda i, name: i))
_mangle("ids new")(lambda book: _ids(book, lambda i, name: f"{i * 7919 + 5:08x}"))
_mangle("ids lists")(lambda book: _ids(book, lambda i, name: [name]))


def _unmark(book: Book) -> None:
    for cell in book["cells"]:
        cell["metadata"].pop("nbgrader", None)


for _name in ("q1", "setup", "q1-check", "title"):
    _mangle(f"ids all {_name}")(lambda book, one=_name: _ids(book, lambda i, name: one))

    @_mangle(f"ids all {_name}, marks lost", says="marks were lost|name that it defines")
    def _(book, one=_name):
        _unmark(book)
        _ids(book, lambda i, name: one)


for _name in ("q1", "q10", "q11", "q1-check"):
    _mangle(f"marks all {_name}")(lambda book, one=_name: _marked(book, grade_id=one))


@_mangle("ids shuffled")
def _(book):
    _shuffled(book)


def _shuffled(book: Book) -> None:
    names = [cell["id"] for cell in book["cells"]]
    random.Random(3).shuffle(names)
    _ids(book, lambda i, name: names[i])


@_mangle("marks lost", says="marks were lost; found again by their cell ids")
def _(book):
    _unmark(book)


@_mangle("marks lost, metadata null", says="marks were lost; found again by their cell ids")
def _(book):
    for cell in book["cells"]:
        cell["metadata"] = None


@_mangle("marks and ids lost", says="name that it defines|where it stands")
def _(book):
    _unmark(book)
    for cell in book["cells"]:
        del cell["id"]


@_mangle("marks lost, ids new", says="name that it defines|where it stands")
def _(book):
    _unmark(book)
    _ids(book, lambda i, name: f"{i:08x}")


@_mangle("marks lost, ids shuffled", says="name that it defines|where it stands")
def _(book):
    _unmark(book)
    _shuffled(book)


@_mangle("marks and ids lost, format 3", says="format 3")
def _(book):
    _unmark(book)
    cells = [{"cell_type": c["cell_type"], "input": c["source"]} for c in book["cells"]]
    return {"nbformat": 3, "worksheets": [{"cells": cells}]}


@_mangle(
    "marks and ids lost, authors' cells edited", says="the name that it defines|where it stands"
)
def _(book):
    own = [cell for cell in book["cells"] if not cell["metadata"]]
    _unmark(book)
    for i, cell in enumerate(book["cells"]):
        del cell["id"]
        if (
            cell in own
            and i % 3 == 1
            and "check(" not in cell["source"]
            and cell["cell_type"] == "code"
        ):
            cell["source"] += "\n# I ran this twice"


@_mangle("marks lost of every other cell", says="marks were lost")
def _(book):
    for cell in book["cells"][::2]:
        cell["metadata"].pop("nbgrader", None)


@_mangle("as Colab saves it", says="marks were lost; found again by their cell ids")
def _(book):
    for cell in book["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "colab": {"base_uri": "x"}}
    book["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU", "widgets": {"a": {}}}
    book["nbformat_minor"] = 0


@_mangle("as Deepnote saves it", says="marks were lost; found again by their cell ids")
def _(book):
    for cell in book["cells"]:
        cell["metadata"] = {"cell_id": cell.pop("id"), "deepnote_cell_type": cell["cell_type"]}


@_mangle("as Kaggle saves it", says="name that it defines")
def _(book):
    for i, cell in enumerate(book["cells"]):
        del cell["id"]
        cell["metadata"] = {"_uuid": f"{i:040x}", "_kg_hide-input": False, "trusted": True}


@_mangle("as older VS Code saves it")
def _(book):
    for cell in book["cells"]:
        cell["metadata"] = {"custom": {"metadata": cell["metadata"]}, "vscode": {"x": 1}}
        del cell["id"]
    book["nbformat_minor"] = 2


@_mangle("as Databricks saves it")
def _(book):
    for cell in book["cells"]:
        inner = {"cellMetadata": cell["metadata"], "nuid": "x", "inputWidgets": {}}
        cell["metadata"] = {"application/vnd.databricks.v1+cell": inner}
        del cell["id"]


@_mangle("marks renamed")
def _(book):
    for cell in book["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["_nbgrader"] = cell["metadata"].pop("nbgrader")


@_mangle("marks that are a text", says="marks were lost")
def _(book):
    for cell in book["cells"]:
        cell["metadata"]["nbgrader"] = "yes"


def _marked(book: Book, **changes: Any) -> None:
    for cell in book["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= changes


_mangle("schema 99", says="marks were changed")(lambda book: _marked(book, schema_version=99))
_mangle("schema 1", says="marks were changed")(lambda book: _marked(book, schema_version=1))
_mangle("a thousand points", says="marks were changed")(lambda book: _marked(book, points=1000))
_mangle("nothing locked", says="marks were changed")(lambda book: _marked(book, locked=False))
_mangle("all tests are answers", says="marks were changed")(
    lambda book: _marked(book, solution=True)
)
_mangle("tasks", says="marks were changed")(lambda book: _marked(book, task=True))
_mangle("ids of the marks null")(lambda book: _marked(book, grade_id=None))
_mangle("ids of the marks of another course", says="under ids that the lesson has not")(
    lambda book: _marked(book, grade_id="cell-5c1f")
)


@_mangle("marks exchanged", says="found again by|name that it defines")
def _(book):
    one, two = _code_answers(book)[1:3]
    cells = book["cells"]
    cells[one]["metadata"], cells[two]["metadata"] = cells[two]["metadata"], cells[one]["metadata"]


@_mangle("every cell has a foreign tag")
def _(book):
    for cell in book["cells"]:
        cell["metadata"]["tags"] = ["full-marks", "raises-exception"]


# ---- copies ------------------------------------------------------------------------------------


@_mangle("a stub copied below each answer", says="copied: .*the last that was written in")
def _(book):
    lesson = _lesson(book)
    for i in reversed(_code_answers(book)):
        twin = copy.deepcopy(book["cells"][i])
        twin |= {"source": _stub(lesson, twin["id"]), "id": f"new-{i}"}
        book["cells"].insert(i + 1, twin)


@_mangle("an earlier try above each answer", says="copied: .*the last that was written in")
def _(book):
    for i in reversed(_code_answers(book)):
        twin = copy.deepcopy(book["cells"][i])
        twin |= {"source": twin["source"] + "\nraise ValueError", "id": f"new-{i}"}
        book["cells"].insert(i, twin)


@_mangle("copies with one id", says="copied: ")
def _(book):
    for i in reversed(_code_answers(book)):
        twin = copy.deepcopy(book["cells"][i])
        twin["source"] += "\nraise ValueError"
        book["cells"].insert(i, twin)


@_mangle("tests copied", says="copied: .*the released one counts")
def _(book):
    for i, cell in reversed(list(enumerate(book["cells"]))):
        if _is_test(cell):
            book["cells"].insert(i, copy.deepcopy(cell))


@_mangle("authors' cells copied without their ids")
def _(book):
    for i, cell in reversed(list(enumerate(book["cells"]))):
        if not cell["metadata"].get("nbgrader") and i % 3 == 0:
            book["cells"].insert(i + 1, copy.deepcopy(cell) | {"id": f"new-{i}"})


@_mangle("the whole notebook twice", says="copied: ")
def _(book):
    book["cells"] += copy.deepcopy(book["cells"])


@_mangle("answers cut off from what follows them", says="")
def _(book):
    for i in reversed(_code_answers(book)):
        cell = book["cells"][i]
        book["cells"].insert(i + 1, copy.deepcopy(cell) | {"source": "print(2)", "id": f"n{i}"})


@_mangle("an argued answer cut in two", says="copied: ")
def _(book):
    other = {}
    for i in reversed(_argued(book)):
        cell = book["cells"][i]
        first, last = cell["source"].split("\n\n", 1)
        book["cells"].insert(i + 1, copy.deepcopy(cell) | {"source": last, "id": f"new-{i}"})
        cell["source"], other[cell["id"]] = first, last
    return Mangled(as_bytes(book), says="copied: ", other=other)


# ---- deletions ---------------------------------------------------------------------------------


@_mangle("no tests", says="deleted; put back")
def _(book):
    book["cells"] = [cell for cell in book["cells"] if not _is_test(cell)]


@_mangle("no cells of the authors", says="deleted; put back")
def _(book):
    book["cells"] = [cell for cell in book["cells"] if cell["metadata"].get("nbgrader")]


@_mangle("nothing but answers", says="deleted; put back")
def _(book):
    book["cells"] = [cell for cell in book["cells"] if _is_answer(cell)]


@_mangle("authors' cells emptied", says="deleted; put back")
def _(book):
    for cell in book["cells"]:
        if not cell["metadata"].get("nbgrader") and cell["cell_type"] == "code":
            cell["source"] = ""


@_mangle("an answer deleted")
def _(book):
    i = _code_answers(book)[2]
    name = book["cells"].pop(i)["id"]
    return Mangled(as_bytes(book), says="put back as released, unanswered|look for it", lost={name})


@_mangle("an argued answer deleted")
def _(book):
    name = book["cells"].pop(_argued(book)[0])["id"]
    return Mangled(as_bytes(book), says="look for it in the file", lost={name})


@_mangle("an answer and its tests deleted")
def _(book):
    name = book["cells"][_code_answers(book)[-2]]["id"]
    book["cells"] = [c for c in book["cells"] if c["id"].partition("-")[0] != name]
    return Mangled(as_bytes(book), says="deleted", lost={name})


# ---- types -------------------------------------------------------------------------------------


def _retyped(book: Book, places: list[int], kind: str) -> None:
    for i in places:
        cell = book["cells"][i]
        cell["cell_type"] = kind
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)


_mangle("answers turned to raw", says="another type")(
    lambda book: _retyped(book, _code_answers(book), "raw")
)
_mangle("answers turned to text", says="another type")(
    lambda book: _retyped(book, _code_answers(book), "markdown")
)
_mangle("argued answers turned to code", says="another type")(
    lambda book: _retyped(book, _argued(book), "code")
)
_mangle("everything turned to code", says="another type")(
    lambda book: _retyped(book, list(range(len(book["cells"]))), "code")
)
_mangle("everything turned to raw", says="another type")(
    lambda book: _retyped(book, list(range(len(book["cells"]))), "raw")
)


@_mangle("answers turned to fenced text, marks and ids lost", says="name that it defines")
def _(book):
    for i in _code_answers(book):
        book["cells"][i]["source"] = f"```python\n{book['cells'][i]['source']}\n```"
    _retyped(book, _code_answers(book), "markdown")
    _unmark(book)
    _ids(book, lambda i, name: None)


@_mangle("argued answers turned to code, marks lost", says="where it stands")
def _(book):
    places = _argued(book)
    for i in places:
        book["cells"][i] = _cell(book["cells"][i]["source"])


# ---- answers elsewhere -------------------------------------------------------------------------


def _moved_answers(book: Book, where: Callable[[int], int]) -> None:
    lesson = _lesson(book)
    for i in reversed(_code_answers(book)):
        cell = book["cells"][i]
        fresh = _cell(cell["source"], id=f"new-{i}")
        cell["source"] = _stub(lesson, cell["id"])
        book["cells"].insert(where(i), fresh)


_mangle("answers in new cells below the stubs", says="name that it defines")(
    lambda book: _moved_answers(book, lambda i: i + 1)
)
_mangle("answers in new cells above the stubs", says="name that it defines")(
    lambda book: _moved_answers(book, lambda i: i)
)
_mangle("answers in new cells below the checks", says="name that it defines")(
    lambda book: _moved_answers(book, lambda i: i + 2)
)
_mangle("answers at the end", says="name that it defines")(
    lambda book: _moved_answers(book, lambda i: len(book["cells"]))
)


@_mangle("answers written into the checks", says="name that it defines", holds=True)
def _(book):
    lesson = _lesson(book)
    for i in _code_answers(book):
        cell, check = book["cells"][i], book["cells"][i + 1]
        if check["id"] == f"{cell['id']}-check" and check["metadata"].get("nbgrader"):
            check["source"] = f"{cell['source']}\n{check['source']}"
            cell["source"] = _stub(lesson, cell["id"])


@_mangle("answers joined with their checks", says="deleted", holds=True)
def _(book):
    for i in reversed(_code_answers(book)):
        if book["cells"][i + 1]["id"].endswith("-check"):
            book["cells"][i]["source"] += "\n\n" + book["cells"].pop(i + 1)["source"]


@_mangle("checks joined with their answers", says="name that it defines", holds=True)
def _(book):
    for i in reversed(_code_answers(book)):
        cells = book["cells"]
        if cells[i + 1]["id"].endswith("-check"):
            cells[i + 1]["source"] = f"{cells[i]['source']}\n\n{cells[i + 1]['source']}"
            del cells[i]


@_mangle("argued answers in new cells", says="where it stands")
def _(book):
    lesson = _lesson(book)
    for i in reversed(_argued(book)):
        cell = book["cells"][i]
        book["cells"].insert(i + 1, _cell(cell["source"], "markdown", id=f"new-{i}"))
        cell["source"] = _stub(lesson, cell["id"])


@_mangle("argued answers in the text that asks", says="in the text that asks")
def _(book):
    lesson = _lesson(book)
    other = {}
    for i in _argued(book):
        cell, ask = book["cells"][i], book["cells"][i - 1]
        ask["source"] += f"\n\n{cell['source']}"
        other[cell["id"]] = re.sub(r"\n\n+", "\n", cell["source"])
        cell["source"] = _stub(lesson, cell["id"])
    return Mangled(as_bytes(book), says="in the text that asks", other=other)


# ---- what comes along --------------------------------------------------------------------------


@_mangle("cells added everywhere")
def _(book):
    for i in range(len(book["cells"]), 0, -4):
        book["cells"].insert(i, _cell("x = 1", id=f"mine-{i}"))
        book["cells"].insert(i, _cell("My own note.", "markdown", id=f"note-{i}"))
    # A note where an argued answer is would be an answer only if that were empty.


@_mangle("more cells than anybody runs", says="cells were added")
def _(book):
    book["cells"][2:2] = [_cell(f"x = {i}", id=f"mine-{i}") for i in range(3000)]


@_mangle("a huge output")
def _(book):
    output = {"output_type": "stream", "name": "stdout", "text": "0123456789" * 500_000}
    book["cells"][_code_answers(book)[0]]["outputs"] = [output]


@_mangle("outputs of no shape")
def _(book):
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = {"a": None}, "third"


@_mangle("pasted pictures", says="attachments are no pictures")
def _(book):
    for i in _argued(book):
        book["cells"][i]["attachments"] = {
            "a.png": {"image/png": "iVBORw0KGgo="},
            "b.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"},
            "c": 5,
        }


@_mangle("in reverse", says="moved to another place")
def _(book):
    book["cells"].reverse()


@_mangle("shuffled", says="moved to another place")
def _(book):
    random.Random(5).shuffle(book["cells"])


@_mangle("two answers exchanged", says="moved to another place")
def _(book):
    one, two = _code_answers(book)[1:3]
    cells = book["cells"]
    cells[one], cells[two] = cells[two], cells[one]


# ---- what holds no notebook --------------------------------------------------------------------

REFUSED |= {
    "nothing": (lambda _: b"", "is empty"),
    "spaces": (lambda _: b" \r\n\t", "is empty"),
    "zeros": (lambda _: bytes(5000), "is empty"),
    "a BOM alone": (lambda _: b"\xef\xbb\xbf", "is no notebook"),
    "a text": (lambda _: b"Dear instructor, my notebook is attached.", "cannot be read as JSON"),
    "a Python script": (lambda _: b"import altair as alt\nanswer_q3 = 5\n", "cannot be read"),
    "a web page": (lambda _: b"<!DOCTYPE html>\n<html><body>q1</body></html>", "is a web page"),
    "a PDF": (lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "is a PDF"),
    "a zip": (lambda _: b"PK\x03\x04" + bytes(range(256)), "is a zip"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n\xff\xfe", "is a picture"),
    "a number": (lambda _: b"5", "it holds a number"),
    "null": (lambda _: b"null", "it holds nothing"),
    "a list": (lambda _: b"[1, 2]", "it holds a list"),
    "an object": (lambda _: b"{}", "it has no list of cells"),
    "cells that are a number": (lambda _: b'{"cells": 5, "nbformat": 4}', "no list of cells"),
    "no cells": (lambda _: b'{"cells": [], "nbformat": 4}', "has no cells"),
    "cells of nothing": (lambda _: b'{"cells": [null, {}, 5]}', "none of its questions"),
    "brackets": (lambda _: b"[" * 100_000, "cannot be read as JSON"),
    "many brackets": (lambda _: b"[],{}" * 2_000_000, "lists and objects"),
    "too large": (lambda _: b'{"cells": "' + b"x" * 40_000_000 + b'"}', "has more than 32 MB"),
    "an unclosed nest": (lambda _: b'{"id":' * 300_000, "cannot be read as JSON"),
    "another lesson": (lambda _: as_bytes(answered("05-compute-gap")), "of lesson 05"),
    "another lesson without marks": (
        lambda _: as_bytes(json.loads(_answered("04-counterfactuals").replace("nbgrader", "x"))),
        "of lesson 04",
    ),
    "another course": (
        lambda _: as_bytes({"cells": [_cell("print('hello')"), _cell("x = 1", id="b")]}),
        "none of its questions",
    ),
}
