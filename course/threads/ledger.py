"""The student's ledger: one small file beside the lesson folders, ``my-ledger.json``.

Thresholds, forecasts and verdicts are written there, in the order in which they were given. No
entry is ever overwritten, so a threshold that was changed after the data had been seen shows
both values. Each entry is sealed together with the one before it: an entry that was edited by
hand no longer fits its seal and is shown as such. The seal makes honest records easy; it is no
lock, for whoever rewrites the whole file can make new seals.

Lessons use :mod:`course.threads.claims` and :mod:`course.threads.forecasts`. This module is for
carrying the file: :func:`export` and :func:`bring_in`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from course.slips import Slip, called

__all__ = [
    "FILE",
    "Entry",
    "Kept",
    "LedgerError",
    "add",
    "bring_in",
    "export",
    "kept",
    "path",
    "read",
]

FILE = "my-ledger.json"
CHANGED = "changed after the reveal"
EDITED = "edited outside the course"
KINDS = ("threshold", "forecast", "verdict", "reveal")
_ABOUT = "Ledger of the course Chips, Watts and Reactors: thresholds, forecasts and verdicts"
_LESSON_FOLDER = re.compile(r"[0-9]{2}-[a-z0-9-]+")


class LedgerError(Slip):
    """A ledger that cannot be read or joined; the message names the file and the mend."""


class Entry(NamedTuple):
    """One line of the ledger.

    ``when`` is in UTC, ``kind`` one of threshold, forecast, verdict and reveal, ``about`` the id of
    a claim or forecast, ``value`` what was given, and ``intact`` whether its seal still fits.
    """

    when: str
    kind: str
    about: str
    value: dict[str, Any]
    intact: bool


class Kept(NamedTuple):
    """What counts on one matter: the last entry before its reveal.

    ``after`` holds what came after the reveal; ``intact`` says whether all their seals fit.
    """

    entry: Entry
    after: list[Entry]
    intact: bool

    def note(self, words: Callable[[Entry], str]) -> str:
        """Say in words what a reader must know of this entry; empty if nothing.

        Parameters
        ----------
        words : function
            Turns an entry into words.

        Returns
        -------
        str
        """
        notes = []
        if self.after:
            notes.append(f"{CHANGED}, to: {words(self.after[-1])}")
        if not self.intact:
            notes.append(EDITED)
        return "; ".join(notes)


def path(folder: Path | None = None) -> Path:
    """Where the ledger lies: beside the lesson folders.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where the notebook lies; the working folder if left out.

    Returns
    -------
    pathlib.Path
        In the folder above, when a notebook works in a lesson's folder such as ``06-megawatts``;
        otherwise in the working folder. While a submission is marked, the ledger that was handed
        in with it.
    """
    here = Path.cwd() if folder is None else folder.resolve()
    if os.environ.get("NBGRADER_EXECUTION"):
        return here / FILE
    return (here.parent if _LESSON_FOLDER.fullmatch(here.name) else here) / FILE


def read(kind: str | None = None, file: Path | None = None) -> list[Entry]:
    """Read the ledger.

    Parameters
    ----------
    kind : str, optional
        Only entries of one kind.
    file : pathlib.Path, optional
        Another ledger than the one of :func:`path`.

    Returns
    -------
    list of Entry
        In the order in which they were given; empty where there is no ledger yet.

    Raises
    ------
    LedgerError
        If the file is there and is no ledger.
    """
    file = path() if file is None else file
    if not file.is_file():
        return []
    entries = _entries(_records(file.read_text(encoding="utf-8", errors="replace"), file.name))
    return [entry for entry in entries if kind in (None, entry.kind)]


def kept(kind: str, file: Path | None = None) -> list[Kept]:
    """Find which entry counts on each matter.

    Parameters
    ----------
    kind : str
        threshold or forecast.
    file : pathlib.Path, optional
        Another ledger than the one of :func:`path`.

    Returns
    -------
    list of Kept
        By id: C01, C02 ... or F1, F2 ...
    """
    whole = read(file=file)
    shown: dict[str, int] = {}
    given: dict[str, list[tuple[int, Entry]]] = {}
    for number, entry in enumerate(whole):
        if entry.kind == "reveal":
            shown.setdefault(entry.about, number)
        elif entry.kind == kind:
            given.setdefault(entry.about, []).append((number, entry))
    found = []
    for about in sorted(given, key=lambda name: (len(name), name)):
        first = given[about][0][0]
        # Nothing is revealed before it was given: an earlier reveal is a file edited by hand.
        end = max(shown.get(about, len(whole)), first + 1)
        before = [entry for number, entry in given[about] if number < end]
        after = [entry for number, entry in given[about] if number >= end]
        intact = all(entry.intact for _, entry in given[about])
        found.append(Kept(before[-1], after, intact))
    return found


def add(kind: str, about: str, value: dict[str, Any]) -> bool:
    """Add an entry, unless the last one of its kind on the same matter says the same.

    Parameters
    ----------
    kind : str
        threshold, forecast, verdict or reveal.
    about : str
        The id of a claim or forecast.
    value : dict
        What was given: text, numbers and None.

    Returns
    -------
    bool
        Whether something was written. While a notebook is being marked nothing is. Where the file
        cannot be written, a line says so and the lesson goes on.

    Raises
    ------
    LedgerError
        If the file is there and is no ledger.
    ValueError
        If the kind is not known.
    """
    if kind not in KINDS:
        raise Slip(f"kind is {kind!r}; it is one of {', '.join(KINDS)}")
    same = [entry for entry in read(kind) if entry.about == about]
    if os.environ.get("NBGRADER_EXECUTION") or (same and same[-1].value == value):
        return False
    place = path()
    records = _records(place.read_text(encoding="utf-8"), FILE) if place.is_file() else []
    when = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    record = {"when": when, "kind": kind, "about": about, "value": value}
    record["seal"] = _seal(record, records[-1]["seal"] if records else "")
    try:
        _write(place, [*records, record])
    except OSError as error:
        print(
            f"{FILE} could not be written ({error.strerror}): your entry on {about} is not kept. "
            "Open the course in a folder of your own and run the cell again."
        )
        return False
    return True


@called("ledger.export")
def export() -> Any:
    """Show a link that downloads the ledger, to carry it to another computer or Binder visit.

    Returns
    -------
    IPython.display.HTML or None
        The link. None, with a line that says so, where there is no ledger yet.
    """
    from IPython.display import HTML

    if not path().is_file():
        print(f"There is no {FILE} yet: it begins with your first threshold or forecast.")
        return None
    data = base64.b64encode(path().read_bytes()).decode("ascii")
    link = f'<a download="{FILE}" href="data:application/json;base64,{data}">Download {FILE}</a>'
    return HTML(f"<p>{link} ({len(read())} entries)</p>")


@called("ledger.bring_in")
def bring_in(source: str | Path, *, replace: bool = False) -> None:
    """Take over a ledger that was exported elsewhere.

    Parameters
    ----------
    source : str or pathlib.Path
        A file, such as one that you dragged into JupyterLab's file list, or the text of one.
    replace : bool
        Take it even if the ledger here says otherwise; that one is kept under another name.

    Raises
    ------
    LedgerError
        If the source is no ledger, or the ledger here has entries of its own that it lacks.
    """
    if not isinstance(source, (str, Path)):
        raise LedgerError(f'write the name of the file in quotation marks, as in "{FILE}"')
    if str(source).lstrip().startswith("{"):
        text, name = str(source), "the text"
    else:
        file = Path(source)
        if not file.is_file():
            raise LedgerError(
                f"there is no file {str(source)[:60]!r} in {Path.cwd().name}; drag it into the "
                "file list first, and write its name as it stands there"
            )
        text, name = file.read_text(encoding="utf-8", errors="replace"), file.name
    new, place = _records(text, name), path()
    try:
        old = _records(place.read_text(encoding="utf-8"), FILE) if place.is_file() else []
    except LedgerError:
        if not replace:
            raise
        old = None  # nothing to join with: kept under another name below
    if old is not None and old[: len(new)] == new:
        print(f"Nothing new: {FILE} has all {len(new)} entries already.")
        return
    if old is None or new[: len(old)] != old:
        if not replace:
            raise LedgerError(
                f"{FILE} here has entries that {name} lacks. To take {name} all the same, add "
                "replace=True; the ledger here is then kept under another name"
            )
        kept = place.with_name(f"my-ledger-until-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.json")
        place.rename(kept)
        print(f"The ledger that was here is now {kept.name}.")
    _write(place, new)
    print(f"{FILE} now has {len(new)} entries.")


def _records(text: str, name: str) -> list[dict[str, Any]]:
    """Entries as written, if the text is a ledger."""
    mend = f"rename it, or take over a copy with ledger.bring_in(..., replace=True) ({name})"
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise LedgerError(
            f"{name} is no ledger: it is damaged in line {error.lineno}; {mend}"
        ) from error
    entries = found.get("entries") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise LedgerError(f"{name} is no ledger: it has no list of entries; {mend}")
    for number, one in enumerate(entries, start=1):
        texts = ("when", "kind", "about", "seal")
        if (
            not isinstance(one, dict)
            or not all(isinstance(one.get(key), str) for key in texts)
            or not isinstance(one.get("value"), dict)
        ):
            raise LedgerError(f"{name}: entry {number} is incomplete; {mend}")
    return entries


def _entries(records: list[dict[str, Any]]) -> list[Entry]:
    entries, before = [], ""
    for one in records:
        intact = one["seal"] == _seal(one, before)
        entries.append(Entry(one["when"], one["kind"], one["about"], one["value"], intact))
        before = one["seal"]
    return entries


def _seal(record: dict[str, Any], before: str) -> str:
    content = {key: record[key] for key in ("when", "kind", "about", "value")}
    line = before + json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(line.encode("utf-8")).hexdigest()[:16]


def _write(place: Path, records: list[dict[str, Any]]) -> None:
    lines = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in records)
    text = f'{{\n "about": {json.dumps(_ABOUT)},\n "entries": [\n  {lines}\n ]\n}}\n'
    half = place.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    half.replace(place)
