"""Lessons keep the shape that students rely on, and read plainly."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import syllables

from course import tables
from course.tables import files

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))

# The start is ungraded and tries no claim; the capstone is built of parts of its own.
START, CAPSTONE = "00-start", "11-capstone"
ROUNDS = [lesson for lesson in LESSONS if lesson not in (START, CAPSTONE)]

every_lesson = pytest.mark.parametrize("lesson", LESSONS)
every_lesson_in_rounds = pytest.mark.parametrize("lesson", ROUNDS)


def cells(lesson: str) -> list[nbformat.NotebookNode]:
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    return nbformat.read(path, as_version=4).cells


def prose(lesson: str) -> list[str]:
    return [cell.source for cell in cells(lesson) if cell.cell_type == "markdown"]


def paragraphs(text: str) -> list[str]:
    """Running text: no headings, tables, lists or code blocks."""
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    return [
        part
        for part in text.split("\n\n")
        if part.strip() and not re.match(r"\s*(#|\||-|\d+\.|---)", part)
    ]


def plain(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "it", text)
    return re.sub(r"[*_#]", "", text)


def grade(text: str) -> float:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?]+\s", text) if part.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    beats = sum(syllables.estimate(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


@every_lesson
def test_a_lesson_opens_with_its_title_objectives_time_and_needs(lesson):
    first = prose(lesson)[0]
    assert sum(text.count("\n# ") + text.startswith("# ") for text in prose(lesson)) == 1
    assert first.startswith("# ")
    objectives = re.findall(r"^- (\*\*\w+)", first, flags=re.M)
    assert 3 <= len(objectives) <= 5
    assert "**Time**" in first
    assert "**You need**" in first


@every_lesson
def test_a_lesson_says_in_a_line_how_old_its_tables_are(lesson):
    (line,) = re.findall(r"^\*\*Vintage\*\* (.+)$", prose(lesson)[0], flags=re.M)
    assert re.search(r"20\d\d|tables\.about", line)
    assert len(line.split()) <= 60


@every_lesson_in_rounds
def test_the_parts_stand_in_their_order(lesson):
    whole = "\n\n".join(prose(lesson))
    parts = [
        "## The claims on trial",
        "## Warm-up",
        "## Round 1",
        "## Round 2",
        "## Verdict so far",
        "strongest case for the article",
        "strongest case against",
        "comparator",
        "Argue.",
        "## Recap",
        "You will meet again",
        "Handing in",
    ]
    places = [whole.find(part) for part in parts]
    assert -1 not in places, f"missing: {parts[places.index(-1)]}"
    assert places == sorted(places)
    stop = whole.find("A good place to stop")
    assert places[parts.index("## Round 1")] < stop < places[parts.index("## Verdict so far")]


@every_lesson_in_rounds
def test_the_claims_on_trial_are_those_that_the_claims_table_gives_the_lesson(lesson):
    trial = next(cell.source for cell in cells(lesson) if cell.id == "claims")
    shown = set(re.findall(r"C\d\d", trial))
    claims = tables.load("claims")
    given = set(claims.loc[claims["lessons"].str.contains(lesson), "claim_id"])
    assert shown == given


@pytest.mark.parametrize(
    ("lesson", "parts"),
    [
        (START, ["## A first cell", "## Predict", "## What a check says", "## Concept inventory",
                 "## Recap", "Handing in"]),
        (CAPSTONE, ["## Choose", "## Write the brief", "## For your reviewer", "## Recap",
                    "Handing in"]),
    ],
)  # fmt: skip
def test_start_and_capstone_have_parts_of_their_own(lesson, parts):
    whole = "\n\n".join(prose(lesson))
    places = [whole.find(part) for part in parts]
    assert -1 not in places, f"missing: {parts[places.index(-1)]}"
    assert places == sorted(places)


@every_lesson
def test_paragraphs_are_short_and_plain(lesson):
    texts = [plain(part) for text in prose(lesson) for part in paragraphs(text)]
    assert max(len(text.split()) for text in texts) <= 120
    assert grade(" ".join(texts)) <= 11


@every_lesson
def test_code_cells_are_short(lesson):
    """The released cells: an answer's stub counts, its solution does not."""
    lengths = {
        cell.id: len(cell.source.splitlines()) for cell in cells(lesson) if cell.cell_type == "code"
    }
    assert {name: lines for name, lines in lengths.items() if lines > 12} == {}


@every_lesson
def test_every_chart_is_read_in_words_and_names_its_source(lesson):
    listed = cells(lesson)
    for index, cell in enumerate(listed):
        if cell.cell_type == "code" and "charts.show(" in cell.source:
            call = cell.source[cell.source.index("charts.show(") :]
            quoted = re.findall(r'"([^"]+)"', call)
            assert len(quoted) >= 2, f"{cell.id}: no source"
            known = {resource["name"] for resource in files.package()["resources"]}
            names = [name.strip() for name in quoted[-1].split(",")]
            unsourced = {"your own answer", "teaching choice"}
            assert set(names) <= known | unsourced, f"{cell.id}: {quoted[-1]}"
            after = next(later for later in listed[index + 1 :] if later.source)
            assert after.cell_type == "markdown", f"{cell.id} is not read"


@every_lesson
def test_hidden_tests_announce_themselves(lesson):
    hidden = [cell.source for cell in cells(lesson) if cell.id.endswith("-hidden")]
    assert hidden or lesson not in ROUNDS
    assert set(hidden) <= {"# More tests run here when your work is marked."}


@every_lesson_in_rounds
def test_every_source_named_in_the_text_is_listed_at_the_end(lesson):
    (listing,) = [cell.source for cell in cells(lesson) if cell.id == "sources"]
    *first, last = listing.splitlines()
    names = {"pd": pd, "tables": tables}
    exec("\n".join(first), names)
    listed = set(eval(last, names).index)
    known = set(tables.load("sources")["key"])
    named = set(re.findall(r"`([\w.-]+)`", "\n".join(prose(lesson)))) & known
    # Names of functions in questions that happen to be keys, too.
    asked = {name for cell in cells(lesson) for name in re.findall(r"def (\w+)", cell.source)}
    assert named - asked <= listed
