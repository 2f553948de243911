"""The registry of figures: what each number in a text is worked out from.

A lesson has ``NN-name.toml`` here, a table ``tables/name.toml``, the READMEs ``documents.toml``.
Every number that `reading.printed` finds in their texts must stand in an entry; `README.md` in
this folder shows how entries are written.
"""

from __future__ import annotations

import ast
import builtins
import json
import math
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from course import tables
from course.tables import files
from grading.kernels import Client
from tests.figures.reading import agrees, printed, squeeze

__all__ = [
    "DOCUMENTS",
    "LESSONS",
    "Text",
    "faults_of_documents",
    "faults_of_table",
    "faults_of_texts",
    "lesson_faults",
]

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
DOCUMENTS = ["README.md", "grading/README.md", "grading/guide/README.md"]

# What a kernel, or this process, works entries out with: the lesson's own names, and three more.
HELPERS = """
def _worked_out(entry, names):
    import datetime, numbers
    import numpy as np, pandas as pd
    from course import tables
    def figure(key):
        published = tables.load("published_figures").set_index("figure_id")["value"]
        return float(published[key])
    names = {"np": np, "pd": pd, **names}
    names |= {
        "load": tables.load,
        "par": lambda name: tables.parameter(name).central,
        "fig": figure,
    }
    def plain(value):
        if isinstance(value, (bool, np.bool_)):
            return bool(value)
        if isinstance(value, (datetime.date, np.datetime64, pd.Period)):
            return str(value)[:10]
        if isinstance(value, numbers.Integral):
            return int(value)
        if isinstance(value, numbers.Real):
            return float(value)
        return value if isinstance(value, str) else f"a {type(value).__name__}: {value!r}"
    done = {}
    for text in [*entry.get("is", {}).values(), *entry.get("holds", [])]:
        try:
            exec(entry.get("given", ""), names)
            done[text] = plain(eval(text, names))
        except Exception as error:
            done[text] = {"error": f"{type(error).__name__}: {error}"}
    return done
"""


class Text(NamedTuple):
    """A text that students or instructors read, and the place where it stands."""

    place: str
    words: str


def _titles(source: str) -> list[str]:
    """Give the constant titles of charts and axes in a code cell."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        shows = isinstance(node.func, ast.Attribute) and node.func.attr == "show"
        said = [
            *(node.args[1:2] if shows else []),
            *(k.value for k in node.keywords if k.arg == "title"),
        ]
        found += [
            one.value
            for one in said
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
    return found


def _messages(part: Any) -> list[str]:
    """Give every message of a marking key."""
    if isinstance(part, list):
        return [text for one in part for text in _messages(one)]
    if isinstance(part, dict):
        own = [
            part[name] for name in ("says", "because", "hint") if isinstance(part.get(name), str)
        ]
        return own + [text for one in part.values() for text in _messages(one)]
    return []


def _cells(lesson: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4).cells


def texts_of_lesson(lesson: str) -> list[Text]:
    """Give a lesson's prose and chart titles by cell, its check messages and its guide page."""
    texts = []
    for cell in _cells(lesson):
        if cell.cell_type == "markdown":
            texts.append(Text(cell.id, cell.source))
        else:
            texts += [Text(cell.id, title) for title in _titles(cell.source)]
    key = tomllib.loads((ROOT / "grading/key" / f"{lesson}.toml").read_text(encoding="utf-8"))
    texts += [Text("key", message) for message in _messages(key)]
    guide = (ROOT / "grading/guide" / f"{lesson}.md").read_text(encoding="utf-8")
    # Minutes are held by the guide's own test.
    return [*texts, Text("guide", re.sub(r"(?ms)^## Timing.*?(?=^## )", "", guide))]


def texts_of_table(name: str) -> list[Text]:
    """Give what the data package says of a table in words."""
    resource = files.resource_of(name)
    said = [
        "description",
        "what_it_is_not",
        "coverage",
        "used_for",
        "second_witness",
        "would_change",
    ]
    texts = [Text(part, resource[part]) for part in said if resource.get(part)]
    texts += [Text("traps", trap) for trap in resource["traps"]]
    return texts + [
        Text(field["name"], field["description"]) for field in resource["schema"]["fields"]
    ]


def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _pattern(entry: dict) -> re.Pattern[str]:
    """Match an entry's sentence, or a choice's whole section or cell."""
    if "says" not in entry and "section" not in entry:
        return re.compile(r"(?s).+")
    if "section" in entry:
        return re.compile(rf"(?ms)^{re.escape(entry['section'])}$.*?(?=^##? |\Z)")
    return re.compile(r"\s+".join(map(re.escape, entry["says"].split())))


def _places(entry: dict) -> list[str]:
    at = entry.get("at", [])
    return [at] if isinstance(at, str) else at


def _free(tree: ast.AST) -> set[str]:
    """Give the names that an expression or statement takes from outside."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in names if node.id not in own and not hasattr(builtins, node.id)}


def _stated(entry: dict) -> dict[str, Any]:
    """Give the names that ``given`` sets to a constant as written and that meet no data."""
    stated: dict[str, Any] = {}
    elsewhere: list[ast.AST] = []
    for line in ast.parse(entry.get("given", "")).body:
        plain = isinstance(line, ast.Assign) and all(
            isinstance(target, ast.Name | ast.Tuple) for target in line.targets
        )
        if not plain or _free(line.value):
            elsewhere.append(line)
            continue
        space: dict[str, Any] = {}
        exec(ast.unparse(line), space)
        parts = list(ast.walk(line))
        written = {str(part.value) for part in parts if isinstance(part, ast.Constant)}
        names = {part.id for part in parts if isinstance(part, ast.Name)} & space.keys()
        stated |= {name: space[name] for name in names if str(space[name]) in written}
    texts = [*entry.get("is", {}).values(), *entry.get("holds", [])]
    elsewhere += [tree for tree in map(ast.parse, texts) if _free(tree) - stated.keys()]
    met = {name for tree in elsewhere for name in _free(tree)}
    return {name: value for name, value in stated.items() if name not in met}


def _repeats(entry: dict, text: str) -> bool:
    """Tell whether an expression gives back a constant, bare or by way of one name."""
    names = _free(ast.parse(text))
    if not names:
        return True
    stated = _stated(entry)
    if len(names) > 1 or not names <= stated.keys():
        return False
    ratio = eval(text, dict(stated)) / stated[names.pop()]
    return math.isclose(math.log10(abs(ratio)) % 1, 0, abs_tol=1e-9)


def faults_of_texts(book: dict, texts: list[Text]) -> list[str]:
    """Say which number stands in no entry, and which entry speaks of no text.

    Parameters
    ----------
    book : dict
        The registry's file of these texts.
    texts : list of Text
        All of them.

    Returns
    -------
    list of str
        Sentences; empty when every number is accounted for.
    """
    said, names = [], tuple(book.get("names", []))
    covered: dict[int, set[int]] = {number: set() for number in range(len(texts))}
    found = [printed(text.words, names) for text in texts]
    for entry in [*book.get("figure", []), *book.get("choice", [])]:
        pattern, met, used = _pattern(entry), False, set()
        listed = set(map(squeeze, entry.get("is", {})))
        for number, text in enumerate(texts):
            if _places(entry) and text.place not in _places(entry):
                continue
            for match in pattern.finditer(text.words):
                met = True
                for token in found[number]:
                    inside = match.start() <= token.start and token.end <= match.end()
                    if inside and ("is" not in entry or squeeze(token.text) in listed):
                        covered[number].add(token.start)
                        used.add(squeeze(token.text))
        quoted = entry.get("says") or entry.get("section") or f"all of {entry['at']}"
        if quoted.startswith("all of") and {"key", "guide"} & set(_places(entry)):
            said.append(f"{quoted!r}: only a cell may be a choice as a whole")
        if not met:
            said.append(f"no text says {quoted!r} any more: mend or drop the entry")
        elif idle := [one for one in entry.get("is", {}) if squeeze(one) not in used]:
            said.append(f"{quoted!r} prints no {', '.join(idle)}")
        if "is" not in entry and "holds" not in entry and not entry.get("why"):
            said.append(f"{quoted!r}: say why it is a choice")
        for text in entry.get("is", {}).values():
            if _repeats(entry, text):
                said.append(f"{quoted!r}: {text!r} only repeats the figure")
    for number, text in enumerate(texts):
        for token in found[number]:
            if token.start not in covered[number]:
                around = squeeze(text.words[max(0, token.start - 45) : token.end + 30])
                said.append(f"{text.place}: {token.text} has no entry: ...{around}...")
    return said


def _faults_of_values(entry: dict, values: dict[str, Any]) -> list[str]:
    said = []
    for text in [*entry.get("is", {}).values(), *entry.get("holds", [])]:
        if isinstance(values[text], dict):
            said.append(f"{entry['says']!r}: {text} stops with {values[text]['error']}")
    for shown, text in entry.get("is", {}).items():
        if isinstance(values[text], dict):
            continue
        try:
            right = agrees(squeeze(shown), values[text], entry.get("to"))
        except TypeError as error:
            said.append(f"{entry['says']!r}: {error}")
            continue
        if not right:
            said.append(f"{entry['says']!r} prints {shown}, and {text} is {values[text]!r}")
    for text in entry.get("holds", []):
        if values[text] is not True and not isinstance(values[text], dict):
            said.append(f"{entry['says']!r}: {text} does not hold ({values[text]!r})")
    return said


def lesson_faults(lesson: str) -> list[str]:
    """Say what is wrong with a lesson's figures.

    Every entry is worked out in a real kernel, among the lesson's own names as they are when the
    reader meets the sentence (check messages and guide: at the end).

    Parameters
    ----------
    lesson : str
        Such as ``"06-megawatts"``.

    Returns
    -------
    list of str
        Sentences; empty when every number is what the lesson itself computes.
    """
    book, texts = _read(HERE / f"{lesson}.toml"), texts_of_lesson(lesson)
    said = faults_of_texts(book, texts)
    entries = [entry for entry in book.get("figure", [])]
    cells = _cells(lesson)
    order = [cell.id for cell in cells]
    places: dict[int, list[int]] = {}
    for index, entry in enumerate(entries):
        where = [
            order.index(text.place)
            for text in texts
            if text.place in order
            and (not _places(entry) or text.place in _places(entry))
            and _pattern(entry).search(text.words)
        ]
        places.setdefault(min(where, default=len(cells)), []).append(index)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / lesson
        folder.mkdir()
        (folder / "entries.json").write_text(json.dumps(entries), encoding="utf-8")
        opening = (
            HELPERS
            + "import json as _json\n"
            + "_entries, _values = _json.load(open('entries.json', encoding='utf-8')), {}\n"
            + "from course import charts as _charts\n"
            + "from course.charts.describing import single_views as _single_views\n"
            # What is drawn is tried elsewhere; here only what is worked out counts, and that no
            # value known to be doubtful is among it.
            + "_flagged = []\n"
            + "def _seen(chart, title='', *parts, **more):\n"
            + "    for one in _single_views(chart):\n"
            + "        rows = one.data if hasattr(one.data, 'columns') else chart.data\n"
            + "        if 'flag' in getattr(rows, 'columns', ()) and rows['flag'].notna().any():\n"
            + "            _flagged.append(title)\n"
            + "_charts.show = _seen\n"
        )
        page = [nbformat.v4.new_code_cell(opening)]
        for index, cell in enumerate([*cells, None]):
            if index in places:
                page.append(
                    nbformat.v4.new_code_cell(
                        f"for _one in {places[index]}:\n"
                        "    _values[_one] = _worked_out(_entries[_one], globals())"
                    )
                )
                # A title belongs to what its own cell has made.
                if cell is not None and cell.cell_type == "code":
                    page.insert(len(page) - 1, cell)
                    continue
            if cell is not None and cell.cell_type == "code":
                page.append(cell)
        page.append(
            nbformat.v4.new_code_cell(
                "with open('values.json', 'w', encoding='utf-8') as _file:\n"
                "    _json.dump({'values': _values, 'flagged': _flagged}, _file)"
            )
        )
        whole = nbformat.v4.new_notebook(cells=page)
        whole.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        Client(whole, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
        done = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    said += [f"{title!r} draws rows that their table flags" for title in done["flagged"]]
    for index, entry in enumerate(entries):
        said += _faults_of_values(entry, done["values"][str(index)])
    return said


def _here(book: dict, names: dict[str, Any]) -> list[str]:
    """Work entries out in this process."""
    tools: dict[str, Any] = {}
    exec(HELPERS, tools)
    return [
        fault
        for entry in book.get("figure", [])
        for fault in _faults_of_values(entry, tools["_worked_out"](entry, names))
    ]


def faults_of_table(name: str) -> list[str]:
    """Say what is wrong with the figures in the data package's words on a table.

    Parameters
    ----------
    name : str
        Name of the table; entries find it as ``t``.

    Returns
    -------
    list of str
    """
    book = _read(HERE / "tables" / f"{name}.toml")
    said = faults_of_texts(book, texts_of_table(name))
    return said + _here(book, {"t": tables.load(name)})


def faults_of_documents() -> list[str]:
    """Say what is wrong with the figures in the READMEs.

    Returns
    -------
    list of str
    """
    book = _read(HERE / "documents.toml")
    texts = [Text(name, (ROOT / name).read_text(encoding="utf-8")) for name in DOCUMENTS]
    return faults_of_texts(book, texts) + _here(book, {})
