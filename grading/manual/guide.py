"""What a marker looks at beside an answer: the question, its rubric and the model answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from grading.key import KEYS, load_key
from grading.manual.rubric import Row

__all__ = ["GUIDE", "Question", "argued"]

GUIDE = Path(__file__).resolve().parents[1] / "guide"
_LEVEL = re.compile(r"\*\*((?:Full|Half|No) marks(?: \([\d.]+\))?)\.\*\* ")


class Question(NamedTuple):
    """One argued question; prompt and models are markdown, models with a heading each."""

    id: str
    asks: str
    points: float
    prompt: str
    rows: tuple[Row, ...]
    models: tuple[tuple[str, str], ...]
    #: Other answers of the lesson that bear on this one, by id.
    beside: tuple[str, ...]


def argued(lesson: str, source: Path, keys: Path = KEYS, guide: Path = GUIDE) -> list[Question]:
    """Gather a lesson's argued questions.

    Parameters
    ----------
    lesson : str
        The assignment's name.
    source : pathlib.Path
        The solved notebook, which also has the questions' text.
    keys, guide : pathlib.Path, optional
        Folders of the marking keys and of the guide's pages.

    Returns
    -------
    list of Question
        In the key's order; empty where nothing is argued.

    Raises
    ------
    OSError
        If key, guide or notebook is not there.
    KeyFileError
        If the key cannot be used.
    """
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    page = (guide / f"{lesson}.md").read_text(encoding="utf-8")
    key = load_key(keys / f"{lesson}.toml")["question"]
    # The cell that makes the brief holds its author's name.
    shown = [one["id"] for one in key if one.get("of") != "brief"]
    return [
        Question(
            id=one["id"],
            asks=one["asks"],
            points=one["points"],
            prompt=_prompt(one["id"], cells),
            rows=tuple(Row(**row) for row in one["rubric"]),
            models=tuple(_models(one["id"], page) or _solved(one["id"], cells)),
            beside=tuple(name for name in shown if name != one["id"]),
        )
        for one in key
        if one["kind"] == "argument"
    ]


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _prompt(question: str, cells: list[dict]) -> str:
    """The question's own text: from its number to the end of its cell."""
    for cell in cells:
        _, mark, text = _source(cell).partition(f"**{question}. Argue")
        if cell["cell_type"] == "markdown" and mark:
            return mark + text
    return ""


def _models(question: str, page: str) -> list[tuple[str, str]]:
    """The guide's answers at three levels."""
    part = page.partition("\n## Model answers\n")[2].partition("\n## ")[0]
    for one in re.split(r"(?m)^(?=q\d+[:,])", part):
        if re.match(rf"{question}\b", one):
            return [
                (found[1], paragraph[found.end() :])
                for paragraph in re.split(r"\n\s*\n", one)
                if (found := _LEVEL.match(paragraph))
            ]
    return []


def _solved(question: str, cells: list[dict]) -> list[tuple[str, str]]:
    """Where the guide has no answers of its own, the solved notebook's is the model."""
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == question:
            return [("Solved notebook", _source(cell).partition("*Rubric.*")[0].strip())]
    return []
