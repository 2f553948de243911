"""Read the marking key: one TOML file a lesson in ``grading/key/``.

``grading/README.md`` shows how a question of each kind is written.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

__all__ = ["KEYS", "KeyFileError", "load_key", "load_keys"]

KEYS = Path(__file__).with_name("key")

_NEEDED = {
    "number": {"unit", "answer", "tolerance", "hint"},
    "choice": {"options", "answer", "because"},
    "function": {"name", "right", "cases", "hidden", "hidden_points", "hint"},
    "chart": {"wants", "right", "hint"},
    "prediction": {"unit"},
    "argument": {"rubric"},
}
_COMMON = {"id", "kind", "points", "asks"}
_OPTIONAL = {
    "number": {"slips", "also_right"},
    "choice": {"slips"},
    "function": {"slips", "also_right", "tolerance_pct"},
    "chart": {"slips", "also_right"},
    "prediction": {"options"},
    "argument": set(),
}


class KeyFileError(ValueError):
    """A key file that cannot be used; the message names the file, the question and the mend."""


def load_key(path: Path) -> dict[str, Any]:
    """Read and check the key of one lesson.

    Parameters
    ----------
    path : pathlib.Path
        A file such as ``grading/key/06-megawatts.toml``.

    Returns
    -------
    dict
        ``lesson`` (the assignment's name) and ``question`` (a list of questions).

    Raises
    ------
    KeyFileError
        If the file is no TOML, is named for another lesson, or a question lacks or misspells
        something.
    """
    try:
        key = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KeyFileError(f"{path.name}: {error}") from error
    if key.get("lesson") != path.stem:
        raise KeyFileError(
            f"{path.name}: lesson is {key.get('lesson')!r}; it must be {path.stem!r}"
        )
    seen = set()
    for question in key.get("question", []):
        _check_question(path.name, question)
        if question["id"] in seen:
            raise KeyFileError(f"{path.name}: the question {question['id']!r} stands there twice")
        seen.add(question["id"])
    if not seen:
        raise KeyFileError(f"{path.name}: there is no [[question]]")
    return key


def _check_question(file: str, question: dict[str, Any]) -> None:
    where = f"{file}, question {question.get('id', '(no id)')!r}"
    kind = question.get("kind")
    if kind not in _NEEDED:
        raise KeyFileError(f"{where}: kind is {kind!r}; it must be one of {', '.join(_NEEDED)}")
    needed = _COMMON | _NEEDED[kind]
    lost = needed - question.keys()
    odd = question.keys() - needed - _OPTIONAL[kind]
    if lost or odd:
        raise KeyFileError(
            f"{where}: missing {', '.join(sorted(lost)) or 'nothing'}; "
            f"not known here {', '.join(sorted(odd)) or 'nothing'}"
        )
    if kind == "choice":
        letters = set(question["options"])
        if question["answer"] not in letters:
            raise KeyFileError(f"{where}: answer {question['answer']!r} is not among the options")
        slipped = {slip["answer"] for slip in question.get("slips", [])}
        if slipped != letters - {question["answer"]}:
            raise KeyFileError(
                f"{where}: every wrong option needs a slip of its own; slips stand for "
                f"{', '.join(sorted(slipped)) or 'none'}"
            )
    if kind == "argument":
        total = sum(row["points"] for row in question["rubric"])
        if total != question["points"]:
            raise KeyFileError(
                f"{where}: the rubric adds up to {total}, the question is worth "
                f"{question['points']}"
            )
    for slip in question.get("slips", []):
        if not slip.get("says"):
            raise KeyFileError(f"{where}: a slip has nothing to say to the student")
        if not 0 <= slip.get("credit", 0) < 1:
            raise KeyFileError(
                f"{where}: a slip's credit is {slip['credit']}; it is a share from 0 to below 1"
            )


def load_keys(folder: Path = KEYS) -> list[dict[str, Any]]:
    """Read the keys of all lessons, in the order of the lessons."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise KeyFileError(f"there is no .toml file in {folder}")
    return [load_key(path) for path in paths]
