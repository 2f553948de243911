"""Each lesson in a real JupyterLab in a real Chromium, as a student meets it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import Notebook, find_browser, running_browser, running_lab

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
CHART = ".jp-RenderedVegaLite"

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _browser_is_here():
    if find_browser() is None:
        message = "no Chromium on this machine: install Debian's package chromium"
        if os.environ.get("COURSE_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def lesson_page(request, tmp_path):
    """The solved lesson, run from top to bottom in the browser."""
    lesson = request.param
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copy(ROOT / "solutions" / lesson / f"{lesson}.ipynb", folder)
    with running_lab(folder, tmp_path / "home") as address, running_browser() as browser:
        book = Notebook.open(browser, address, f"{lesson}.ipynb")
        book.run_all()
        yield lesson, book


def explorer_call(lesson: str) -> tuple[int, str]:
    """Index and source of the cell that calls the explorer, with a prediction typed in."""
    notebook = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and "explore." in cell.source and "=None" in cell.source:
            return index, re.sub(r"(prediction_\w+)=None", r"\1=30", cell.source)
    raise AssertionError(f"{lesson} has no explorer that waits for a prediction")


def type_into(book: Notebook, index: int, source: str) -> None:
    """Replace a cell's source by typing, and run it."""
    cell = book.cells().nth(index)
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    book.page.keyboard.press("Control+a")
    book.page.keyboard.insert_text(source)
    book.page.keyboard.press("Control+Enter")
    book.finish()


def drawn(book: Notebook, explorer) -> str:
    """The explorer's chart as drawn: labels and shapes."""
    return explorer.locator("svg.marks").first.inner_html()


def until_changes(book: Notebook, read, before: str, what: str) -> str:
    for _ in range(60):
        now = read()
        if now != before:
            return now
        book.page.wait_for_timeout(50)
    raise AssertionError(f"{what} did not change")


@pytest.mark.parametrize("lesson_page", LESSONS, indirect=True, ids=LESSONS)
def test_a_student_works_through_the_lesson(lesson_page):
    lesson, book = lesson_page
    page = book.page

    # Every chart is drawn, with marks one can see.
    charts = page.locator(CHART)
    assert charts.count() >= (1 if lesson == "00-start" else 2)
    for index in range(charts.count()):
        chart = book.show(charts.nth(index))
        chart.locator("svg.marks").wait_for()
        box = chart.locator("svg.marks").bounding_box()
        assert box["width"] > 150
        assert box["height"] > 80
        marks = chart.locator("svg .mark-rect path, svg .mark-line path, svg .mark-symbol path")
        rules = chart.locator("svg .mark-rule line, svg .mark-text text")
        assert marks.count() + rules.count() > 0, f"chart {index + 1} of {lesson} is empty"

    # In a narrow window a chart shrinks; it is not cut off at the right.
    page.set_viewport_size({"width": 800, "height": 900})
    for index in range(charts.count()):
        chart = book.show(charts.nth(index))
        room, box = chart.bounding_box(), chart.locator("svg.marks").bounding_box()
        assert box["x"] + box["width"] <= room["x"] + room["width"] + 1, f"chart {index + 1}"
    page.set_viewport_size({"width": 1280, "height": 900})

    ours = [CHART, ".course-details", ".course-check"]
    if lesson != "11-capstone":  # which has no explorer of its own
        try_explorer(lesson, book)
        ours.append(".course-explorer")

    # Readers with assistive technology find nothing seriously wrong inside our elements.
    page.wait_for_timeout(300)
    for part in ours:
        found = Axe().run(page, context=part).response["violations"]
        grave = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not grave, [(one["id"], one["nodes"][0]["html"][:200]) for one in grave]

    assert book.errors == []
    assert book.left_machine == []


def rows_stand_as_in_the_table(explorer) -> None:
    """Where rows of the chart are rows of the table, both have them in one order."""
    table, ticks = [], {}
    for _ in range(60):
        # In one go, since a chart that is drawn anew takes its labels along.
        table, ticks = explorer.evaluate(
            """e => [
                [...e.querySelectorAll('.course-details td:first-child')].map(t => t.textContent),
                Object.fromEntries([...e.querySelectorAll('svg.marks .role-axis-label text')]
                    .map(t => [t.textContent, t.getBoundingClientRect().y])),
            ]"""
        )
        if not set(table) <= set(ticks) or len(set(table)) < len(table):
            return  # what the rows hold is not on an axis
        if [ticks[name] for name in table] == sorted(ticks[name] for name in table):
            return
        explorer.page.wait_for_timeout(50)
    raise AssertionError(f"the table has {table}, the chart {sorted(ticks, key=ticks.get)}")


def try_explorer(lesson: str, book: Notebook) -> None:
    """Open the explorer with a prediction and move each of its controls by keyboard."""
    page = book.page
    # It is locked, says so, and opens with the prediction.
    index, source = explorer_call(lesson)
    cell = book.cells().nth(index)
    book.show(cell.locator(".course-locked"))
    type_into(book, index, source)
    explorer = cell.locator(".course-explorer")
    explorer.wait_for()
    explorer.locator("svg.marks").first.wait_for()
    more = explorer.get_by_role("button", name="More controls")
    if more.count():
        more.focus()
        page.keyboard.press("Space")
        explorer.get_by_role("button", name="Fewer controls").wait_for()

    # Each control, by keyboard alone, changes the sentence and the chart.
    sentence = explorer.locator(".course-reading p")
    controls = explorer.locator("input[type=range], select")
    assert controls.count() >= 4
    for number in range(controls.count()):
        control = controls.nth(number)
        label = control.evaluate("e => e.labels[0].textContent")
        assert label.strip()
        words, picture = sentence.inner_text(), drawn(book, explorer)
        control.focus()
        kind = control.evaluate("e => e.tagName")
        up, down = ("ArrowRight", "ArrowLeft") if kind == "INPUT" else ("ArrowDown", "ArrowUp")
        steps = 3 if kind == "INPUT" else 1
        room = control.evaluate("e => Number(e.max || e.options.length - 1) - Number(e.value)")
        if room < steps:
            up, down = down, up
        for _ in range(steps):
            page.keyboard.press(up)
        until_changes(book, sentence.inner_text, words, f"the sentence ({label})")
        # The prediction stays with its question: in the text, and in the picture where it is drawn.
        away = "Your guess, " in sentence.inner_text()
        assert away != ("You predicted" in sentence.inner_text())
        until_changes(book, lambda: drawn(book, explorer), picture, f"the chart ({label})")
        if "your guess" in picture:
            assert ("your guess was for" in drawn(book, explorer)) == away
        rows_stand_as_in_the_table(explorer)
        for _ in range(steps):
            page.keyboard.press(down)
        back = explorer.locator(".course-reading p", has_text=words)
        back.wait_for()  # the way back leads to where it began
        page.wait_for_timeout(200)

    # In a narrow window nothing of it is cut off: pictures and controls stay within their cell.
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_timeout(300)
    room = cell.locator(".jp-OutputArea-output", has=page.locator(".course-explorer")).last
    right = room.evaluate("e => e.getBoundingClientRect().right")
    inside = "svg.marks, input, select, output, .course-reading p"
    for edge in explorer.locator(inside).evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    ):
        assert edge <= right + 1
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("lesson_page", ["03-chip-trade"], indirect=True)
def test_the_validate_button_accepts_the_solved_lesson(lesson_page):
    _, book = lesson_page
    page = book.page
    page.keyboard.press("Control+s")
    page.wait_for_timeout(500)
    page.get_by_text("Validate", exact=True).first.click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for(timeout=120_000)
    assert "passes all the tests" in dialog.inner_text()
    assert book.errors == []
