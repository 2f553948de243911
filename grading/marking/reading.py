"""Read a handed-in file as data: bytes in, cells out, and a note of each thing that was odd.

Nothing here runs, imports or believes anything of the file. What can be read is read: other
encodings, other versions of the format, a file that is cut short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = ["MOST_BYTES", "GivenCell", "Note", "Page", "Unreadable", "read"]

#: A file larger than this is not read. A lesson's own notebook has 0.1 MB, with pictures 2 MB.
MOST_BYTES = 32 * 2**20
#: JSON of more lists and objects than this is not read: each takes many times its own length.
_MOST_PARTS = 2_000_000
_MOST_CELLS = 5_000
#: A longer source is left out; the channel to the candidate would not take many of them.
_MOST_LETTERS = 1_000_000
_CODE_PAGES = ("cp1252", "cp1251", "cp1250", "mac_roman", "cp437", "gb18030", "shift_jis")
#: Each sign of Windows' western page and its byte; five bytes stand for themselves there.
_BYTE_OF = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(256)}
_MARKS_OF_ORDER = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: What a file that is no notebook begins with.
_OTHERS = (
    (re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.I), "is a web page"),
    (re.compile(rb"PK\x03\x04"), "is a zip"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!"), "is a packed file"),
    (re.compile(rb"%PDF"), "is a PDF"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "is a picture"),
)
_ASK = "ask the student for the notebook itself, the file that ends in .ipynb"
_CELL = re.compile(
    r'\{\s*"(?:attachments|cell_type|execution_count|id|metadata|outputs|source|input)"\s*:'
)
#: Under a western code page Cyrillic is a row of accented vowels, which no language has.
_CYRILLIC = re.compile("[А-Яа-яЁё]{4,}")
_LONE = re.compile("[\ud800-\udfff]")
_KINDS = {"code", "markdown", "raw"}


class Unreadable(Exception):
    """A file that holds no notebook: what it is, and the mend."""

    def __init__(self, what: str, mend: str = _ASK) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend


class Note(NamedTuple):
    """Something odd that was mended: where, what it was, and what was done or must be."""

    place: str
    what: str
    mend: str


class GivenCell(NamedTuple):
    r"""A cell as it was handed in.

    Parameters
    ----------
    kind : str
        ``code``, ``markdown`` or ``raw``.
    source : str
        Its text, with \n between lines.
    mark : dict
        What nbgrader wrote into it, wherever an editor has moved that to; may be anything.
    ids : tuple of str
        Under which ids it may have been known, the likeliest first.
    attachments : dict
        Pictures that were pasted into its text; may be anything.
    """

    kind: str
    source: str
    mark: dict[str, Any]
    ids: tuple[str, ...]
    attachments: dict[str, Any]


class Page(NamedTuple):
    """What a file holds. ``whole`` is False where a part of it is missing."""

    cells: list[GivenCell]
    notes: list[Note]
    whole: bool


def read(data: bytes, letters: str = "") -> Page:
    """Read a notebook's bytes.

    Parameters
    ----------
    data : bytes
        The file.
    letters : str, optional
        Letters beyond ASCII that the lesson is known to have: by them a code page is told.

    Returns
    -------
    Page

    Raises
    ------
    Unreadable
        If no cell can be read.
    """
    notes: list[Note] = []
    if len(data) > MOST_BYTES:
        raise Unreadable(
            f"has more than {MOST_BYTES // 2**20} MB",
            "clear its outputs (Edit > Clear Outputs of All Cells), save it and mark again",
        )
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("is empty", "ask the student to save the notebook and send it again")
    text = _text(data, letters, notes)
    if text.count("{") + text.count("[") > _MOST_PARTS:
        raise Unreadable(
            f"has more than {_MOST_PARTS:,} lists and objects",
            "clear its outputs (Edit > Clear Outputs of All Cells), save it and mark again",
        )
    value, whole = _value(text, data, notes)
    raw = _cells(value, notes)
    if len(raw) > _MOST_CELLS:
        notes.append(
            Note(
                f"cells beyond {_MOST_CELLS}",
                f"the notebook has {len(raw):,} cells",
                "what stands there is left out; look at the file",
            )
        )
    return Page(list(_given(raw[:_MOST_CELLS], notes)), notes, whole)


# ---- bytes to text ---------------------------------------------------------------------------


def _text(data: bytes, letters: str, notes: list[Note]) -> str:
    codec = next((codec for mark, codec in _MARKS_OF_ORDER if data.startswith(mark)), None)
    begins = data[:400]
    if codec is None and 3 * begins.count(0) > len(begins):
        codec = "utf-16-be" if begins[:1] == b"\0" else "utf-16-le"
    if codec is not None:
        marked = "with a byte-order mark" if codec == "utf-8-sig" else f"as {codec[:6].upper()}"
        notes.append(Note("file", f"it was saved {marked}", "read all the same"))
        text = data.decode(codec, "replace")
    else:
        try:
            text = _decoded_once(data.decode("utf-8"), letters, notes)
        except UnicodeDecodeError:
            text = _by_code_page(data, letters, notes)
    if "\0" in text:
        notes.append(Note("file", "it has NUL bytes", "they are left out"))
        text = text.replace("\0", "")
    return text.strip("\ufeff \t\r\n")


def _by_code_page(data: bytes, letters: str, notes: list[Note]) -> str:
    """Decode what is no UTF-8: the page under which most of the lesson's own letters appear."""

    def fits(text: str) -> int:
        found = sum(map(text.count, letters)) + len(_CYRILLIC.findall(text))
        return found - 3 * text.count("\ufffd")

    best = data.decode("utf-8", "replace")
    bad = best.count("\ufffd")
    codec, most = "", fits(best)
    # In another encoding hardly two signs in a row make one of UTF-8.
    if len(best) - len(best.encode("ascii", "ignore")) - bad < bad:
        for page in _CODE_PAGES:
            text = data.decode(page, "replace")
            if (fit := fits(text)) > most:
                best, codec, most = text, page, fit
    if codec:
        what = f"it was saved in the code page {codec}"
        notes.append(Note("file", what, "read so; foreign letters may have changed"))
    else:
        what = f"{bad} of its signs are no UTF-8"
        notes.append(Note("file", what, "they are shown as \ufffd; the rest is read"))
    return best


def _decoded_once(text: str, letters: str, notes: list[Note]) -> str:
    """Undo UTF-8 that was taken for another encoding and saved as UTF-8 once more."""
    if not any(sign in text for sign in "ÂÃâ"):
        return text
    try:
        back = bytes(map(_BYTE_OF.__getitem__, text)).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text
    if not any(letter in back for letter in letters):
        return text
    notes.append(Note("file", "its letters were encoded twice (Â· for ·)", "decoded"))
    return back


# ---- text to JSON ----------------------------------------------------------------------------


class _Twice:
    """Notices a key that stands twice in one object; of two values the last counts."""

    def __init__(self) -> None:
        self.keys: dict[str, None] = {}

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.keys[key[:40]] = None
                seen.add(key)
        return made


def _value(text: str, data: bytes, notes: list[Note]) -> tuple[Any, bool]:
    twice = _Twice()
    # A whole number of many digits would be refused, and none is needed exactly.
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=twice, parse_int=float)
    try:
        value, end = decoder.raw_decode(text)
        if rest := text[end:].strip():
            what = f"{len(rest):,} signs follow after its end"
            notes.append(Note("file", what, "they are left out"))
        whole = True
    except (ValueError, RecursionError) as error:
        value, whole = {"cells": _salvaged(decoder, text)}, False
        if not value["cells"]:
            is_other = next((is_ for begins, is_ in _OTHERS if begins.match(data)), None)
            raise Unreadable(is_other or "is no notebook: it cannot be read as JSON") from None
        what = (
            "its parts are nested too deeply"
            if isinstance(error, RecursionError)
            else f"it is damaged: {_said(error)}"
        )
        mend = f"its {len(value['cells'])} whole cells are read; ask the student for the file again"
        notes.append(Note("file", what, mend))
    if twice.keys:
        names = ", ".join(map(repr, list(twice.keys)[:5]))
        notes.append(Note("file", f"{names} stands twice in one object", "the last one counts"))
    return value, whole


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is no JSON"
    return "it is no JSON"


def _salvaged(decoder: json.JSONDecoder, text: str) -> list[Any]:
    """Cells that can be read out of a text that cannot be read as a whole."""
    cells: list[Any] = []
    # Each failure costs what was read in vain, so that no file can keep us reading.
    place, left = 0, 4 * len(text)
    while left > 0 and (found := _CELL.search(text, place)):
        try:
            value, place = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError) as error:
            place = found.start() + 1
            left -= max(error.pos - place, 500) if hasattr(error, "pos") else len(text) // 8
            continue
        if isinstance(value, dict) and "cell_type" in value and {"source", "input"} & value.keys():
            cells.append(value)
    return cells


# ---- JSON to cells ---------------------------------------------------------------------------


def _cells(value: Any, notes: list[Note]) -> list[Any]:
    for wrapping in ("content", "notebook"):
        # As Jupyter's server hands a file over.
        if not isinstance(value, dict) or "cells" in value:
            break
        if isinstance(value.get(wrapping), dict):
            value = value[wrapping]
            notes.append(Note("file", f"the notebook lies within {wrapping!r}", "read there"))
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        notes.append(Note("file", "it holds cells and no notebook around them", "read as they are"))
        return value
    if not isinstance(value, dict):
        kind = {list: "a list", str: "a text", type(None): "nothing"}.get(type(value), "a number")
        raise Unreadable(f"is no notebook: it holds {kind}")
    version = value.get("nbformat")
    if isinstance(value.get("worksheets"), list) and "cells" not in value:
        sheets = [sheet for sheet in value["worksheets"] if isinstance(sheet, dict)]
        found = [sheet.get("cells") for sheet in sheets]
        notes.append(Note("file", "it is a notebook of format 3", "read as one of format 4"))
        return [cell for cells in found if isinstance(cells, list) for cell in cells]
    if isinstance(version, float) and version > 4:
        notes.append(Note("file", "its format is newer than 4", "read as format 4"))
    cells = value.get("cells")
    if isinstance(cells, dict):
        notes.append(Note("file", "its cells are no list", "read in the order in which they stand"))
        return list(cells.values())
    if not isinstance(cells, list):
        raise Unreadable("is no notebook: it has no list of cells")
    if not cells:
        raise Unreadable("has no cells", "ask the student to save the notebook and send it again")
    return cells


def _given(raw: list[Any], notes: list[Note]) -> Iterator[GivenCell]:
    returns = 0
    for number, cell in enumerate(raw, 1):
        place = f"cell {number}"
        if not isinstance(cell, dict):
            notes.append(Note(place, "it is no cell", "left out"))
            continue
        metadata = cell.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        source, what = _source(cell)
        if what:
            notes.append(Note(place, *what))
        if "\r" in source:
            returns += 1
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        if len(source) > _MOST_LETTERS:
            what = f"its text has {len(source):,} letters"
            notes.append(Note(place, what, "left out; look at the file"))
            source = ""
        kind = cell.get("cell_type")
        if kind == "heading":
            kind, source = "markdown", f"# {source}"
        elif not isinstance(kind, str) or kind not in _KINDS:
            kind = "code" if "outputs" in cell or "execution_count" in cell else "raw"
            notes.append(Note(place, "its type is none of code, markdown, raw", f"read as {kind}"))
        nested = metadata.get("custom")
        inner = nested if isinstance(nested, dict) else {}
        # Editors that know no cell ids keep them elsewhere.
        ids = (cell.get("id"), metadata.get("id"), metadata.get("cell_id"), inner.get("id"))
        attachments = cell.get("attachments")
        yield GivenCell(
            kind,
            source,
            _mark(metadata),
            tuple(name for name in ids if isinstance(name, str) and name),
            attachments if isinstance(attachments, dict) else {},
        )
    if returns:
        what = f"{returns} cells have line ends of another system"
        notes.append(Note("file", what, "read as line ends"))


def _source(cell: dict[str, Any]) -> tuple[str, tuple[str, str] | None]:
    """A cell's text, and what was odd about it."""
    source = cell.get("source", cell.get("input"))
    odd = None
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        if len(lines) < len(source):
            odd = ("some of its lines are no text", "left out")
        if len(lines) > 1 and not any("\n" in line for line in lines):
            # Written by a tool that keeps lines without their ends.
            odd = ("its lines have no line ends", "each is read as a line")
            lines = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
        source = "".join(lines)
    elif not isinstance(source, str):
        source, odd = "", ("it has no text", "read as empty")
    if "\0" in source:
        source, odd = source.replace("\0", ""), ("it has NUL signs", "left out")
    if _LONE.search(source):
        source, odd = _LONE.sub("\ufffd", source), ("it has halves of signs", "shown as \ufffd")
    return source, odd


def _mark(metadata: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader wrote, which some editors put under another name or further inside."""
    waiting: list[tuple[Any, int]] = [(metadata.get("nbgrader"), 0), (metadata, 0)]
    for looked, (value, depth) in enumerate(waiting):
        if not isinstance(value, dict) or looked > 60:
            continue
        if isinstance(value.get("grade_id"), str):
            return value
        if depth < 3:
            waiting += [(inner, depth + 1) for inner in list(value.values())[:20]]
    return {}
