"""Every explorer's picture in a real Chromium: no text is cut, none lies on another."""

from __future__ import annotations

import itertools
import os

import altair as alt
import pytest
import vl_convert
from lab import find_browser, running_browser

from course import explore

pytestmark = pytest.mark.browser

#: A prediction near each end of what is asked, and one within.
GUESSES = {
    "bloc_builder": (0, 50, 100),
    "chip_suppliers": (0, 41, 100),
    "claim_workbench": (0, 20, 39),
    "cluster_power": (1, 160, 3000),
    "did_bench": (0, 85, 100),
    "first_steps": (1, 600, 10_000),
    "race": (1, 16, 1000),
    "reactor_fleet": (1, 4, 12),
    "telephone_game": (0, 2, 9),
    "training_run": (0, 100, 1e9),
    "uncertain_megawatts": (0, 50, 100),
}

# As JupyterChart does it: drawn once, then only the named data change.
DRAW = """async spec => {
    document.body.innerHTML = '<div id="here"></div>';
    const options = {renderer: 'svg', actions: false};
    window.view = (await vegaEmbed('#here', spec, options)).view;
}"""
UPDATE = """async updates => {
    for (const one of updates) window.view.data(one.name, one.value);
    await window.view.runAsync();
}"""
SEE = """() => {
    const box = e => {
        const b = e.getBoundingClientRect();
        return [b.left, b.top, b.right, b.bottom];
    };
    const svg = document.querySelector('#here svg');
    const texts = [...svg.querySelectorAll('text')]
        .filter(e => e.textContent.trim() && getComputedStyle(e).display !== 'none'
            && Number(e.getAttribute('opacity') ?? 1) > 0)
        .map(e => ({words: e.textContent, box: box(e), rim: e.getAttribute('stroke') === 'white'}));
    const rules = [...svg.querySelectorAll('.mark-rule.role-mark line')].map(box);
    return {frame: box(svg), texts, rules};
}"""


@pytest.fixture(scope="module")
def page():
    if find_browser() is None:
        message = "no Chromium on this machine: install Debian's package chromium"
        if os.environ.get("COURSE_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content('<body style="margin:0"></body>')
        page.add_script_tag(
            content=vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), type="module"
        )
        page.wait_for_function("() => Boolean(window.vegaEmbed)")
        yield page


def crossing(one: list[float], other: list[float], slack: float = 1) -> bool:
    """Whether two boxes share more than a hair's breadth."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > slack and down > slack


def inked(text: dict) -> list[float]:
    """A text's box without the white above and below its letters."""
    left, top, right, bottom = text["box"]
    white = 0.15 * min(bottom - top, right - left)
    wide = right - left > bottom - top
    return [left, top + white, right, bottom - white] if wide else text["box"]


def faults(seen: dict) -> list[str]:
    """What a reader would find wrong with the texts of a picture."""
    found = []
    left, top, right, bottom = seen["frame"]
    texts = seen["texts"]
    for text in texts:
        a, b, c, d = text["box"]
        if a < left - 0.5 or b < top - 0.5 or c > right + 0.5 or d > bottom + 0.5:
            found.append(f"outside the picture: {text['words']}")
        if "…" in text["words"]:
            found.append(f"cut: {text['words']}")
        if "e+" in text["words"] or "NaN" in text["words"]:
            found.append(f"not written out: {text['words']}")
    # A label and the rim that keeps it readable are one.
    rimmed = {text["words"] for text in texts if text["rim"]}
    texts = [text for text in texts if not text["rim"]]
    for one, other in itertools.combinations(texts, 2):
        if crossing(inked(one), inked(other)):
            found.append(f"one on the other: {one['words']} / {other['words']}")
    for text, (a, b, c, d) in itertools.product(texts, seen["rules"]):
        line = [a - 0.5, b - 0.5, c + 0.5, d + 0.5]
        if text["words"] not in rimmed and crossing(inked(text), line, 0.9):
            found.append(f"a line through: {text['words']}")
    return found


def settings(here) -> list[dict[str, int]]:
    """Ends and middles of each control, each choice of a list; all at their ends together."""
    widgets = {
        control.name: widget for control, widget in zip(here._controls, here._widgets, strict=True)
    }
    found = [{}]
    for name, widget in widgets.items():
        last = len(widget.words) - 1
        places = range(last + 1) if widget.kind == "list" else {0, last // 2, last}
        found += [{name: place} for place in places]
    found.append(dict.fromkeys(widgets, 0))
    found.append({name: len(widget.words) - 1 for name, widget in widgets.items()})
    return found


@pytest.mark.parametrize("name", sorted(GUESSES))
def test_no_text_of_an_explorer_is_cut_and_none_lies_on_another(page, name):
    wrong = {}
    for guess in GUESSES[name]:
        here = getattr(explore, name)(guess)
        page.evaluate(DRAW, here.chart.chart.to_dict())
        page.evaluate("() => document.fonts.ready")
        opening = {
            control.name: widget.position
            for control, widget in zip(here._controls, here._widgets, strict=True)
        }
        for places in settings(here):
            for control, widget in zip(here._controls, here._widgets, strict=True):
                widget.position = (opening | places)[control.name]
            updates = here.chart._py_to_js_updates
            if updates is not alt.Undefined and updates:
                page.evaluate(UPDATE, updates)
            found = faults(page.evaluate(SEE))
            if found:
                wrong[f"{guess}: {here.code()}"] = found
    assert not wrong, "\n".join(f"{code}\n    {found}" for code, found in wrong.items())


def test_every_explorer_is_looked_at():
    assert sorted(GUESSES) == sorted(explore.__all__)
