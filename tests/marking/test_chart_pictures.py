"""Charts are judged by what they draw: a picture is right by any route, a spoiled one is named."""

import builtins
import sys
import tomllib
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

import course.charts  # noqa: F401 - registers the course's look
from course.check import chart as chart_check
from course.check import history
from course.check.call import questions
from course.check.chart_faults import first_fault
from course.check.chart_slips import SLIPS
from course.check.picture import draw
from grading.cases import run_code
from grading.chart_key import chart_of, sealed_chart
from grading.trial.charts import right_charts, spoiled_charts
from tests.marking.made_up import LESSONS, every, scope_of

CHARTS = every("chart")
BY_HAND = tomllib.loads(Path(__file__).with_name("charts_by_hand.toml").read_text("utf-8"))
IDS = [name for name, _ in CHARTS]


def judged(name, answer):
    return chart_check.judge({**questions()[name], "id": name}, answer)


def in_lesson(name, code):
    """The chart that code of the key makes in the lesson's own names."""
    scope = dict(scope_of(next(one for one in LESSONS if one.startswith(name[:2]))))
    exec(code, scope)
    return scope["chart"]


@pytest.mark.parametrize(("name", "question"), CHARTS, ids=IDS)
def test_the_same_picture_by_any_route_is_right(name, question):
    routes = right_charts(question, "chart")
    assert len(routes) >= 20
    refused = {}
    for one in routes:
        verdict = judged(name, run_code(one.code, "chart"))
        if verdict.share < 1:
            refused[one.what] = verdict.says
    for code in [question["right"], *question["also_right"]]:
        verdict = judged(name, in_lesson(name, code))
        if verdict.share < 1:
            refused[code] = verdict.says
    assert refused == {}


@pytest.mark.parametrize(("name", "question"), CHARTS, ids=IDS)
def test_what_spoils_a_picture_is_named(name, question):
    charts = spoiled_charts(question, "chart")
    assert len(charts) + len(question["slips"]) >= 40
    missed = {}
    for one in charts:
        verdict = judged(name, run_code(one.code, "chart"))
        start = SLIPS[one.fault][1].partition("{")[0]
        named = verdict.says.startswith(f"Not yet: {start}") and len(verdict.says) <= 160
        if not named or verdict.share != SLIPS[one.fault][0]:
            missed[one.what] = verdict
    assert missed == {}


@pytest.mark.parametrize("name", BY_HAND)
def test_charts_as_students_write_them(name):
    """Right ones earn all, and each wrong one is told the fault that it has."""
    scope = dict(scope_of(next(one for one in LESSONS if one.startswith(name[:2]))))
    record = {**questions()[name], "id": name}
    misjudged = {}
    for wanted, code in [*((None, one) for one in BY_HAND[name]["right"]), *BY_HAND[name]["wrong"]]:
        fault = first_fault(draw(eval(code, scope).to_dict()), record)
        if (fault.name if fault else None) != wanted:
            misjudged[code] = fault
    assert misjudged == {}


@pytest.mark.parametrize(("name", "question"), CHARTS, ids=IDS)
def test_a_measure_that_the_key_foresees_is_named(name, question):
    for slip in question["slips"]:
        verdict = judged(name, chart_of(question, slip["draws"], run_code))
        assert verdict[:2] == (slip.get("credit", 0), f"Not yet: {slip['says']}")


@pytest.mark.parametrize(("name", "question"), CHARTS, ids=IDS)
def test_something_else_than_a_chart(name, question):
    chart = in_lesson(name, question["right"])
    for answer in (chart.to_dict(), pd.DataFrame({"x": [1]}), "chart", alt.Chart, 5, [chart]):
        verdict = judged(name, answer)
        assert verdict.share == 0 and "no Altair chart" in verdict.says
    half = alt.Chart("x").mark_line().encode(x="no type given")
    far = alt.Chart("https://example.org/table.csv").mark_line().encode(x="year:O", y="value:Q")
    large = alt.Chart(pd.DataFrame({"year": range(30_000)})).mark_line().encode(x="year:O")
    for answer, said in ((half, "cannot be drawn"), (far, "is an address"), (large, "30,000 rows")):
        verdict = judged(name, answer)
        assert verdict.share == 0 and said in verdict.says and len(verdict.says) <= 160


def test_where_nothing_can_be_drawn_the_check_says_so(monkeypatch):
    name, question = CHARTS[0]
    chart = in_lesson(name, question["right"])
    monkeypatch.delitem(sys.modules, "vl_convert", raising=False)
    real = builtins.__import__

    def without(module, *args, **kwargs):
        if module == "vl_convert":
            raise ImportError(module)
        return real(module, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    verdict = judged(name, chart)
    assert not verdict.answered and "needs the installed course" in verdict.says


def test_a_chart_that_was_only_shown_is_asked_for(monkeypatch):
    class Shell:
        user_ns = {  # noqa: RUF012
            "In": ["", "%matplotlib inline", 'chart_q6 = charts.show(chart, "A title", "source")',
                   'check("06-q6", chart_q6)']
        }  # fmt: skip

    monkeypatch.setattr(history, "get_ipython", Shell)
    assert "charts.show shows it and gives nothing back" in judged("06-q6", None).says
    Shell.user_ns["In"].insert(3, "chart_q6 = None")
    assert "Replace None" in judged("06-q6", None).says


def test_the_seal_is_the_same_in_every_look():
    stored = questions()
    for theme in ("default", "course", "dark"):
        with alt.theme.enable(theme):
            for name, question in CHARTS:
                again = sealed_chart(question, stored[name]["salt"], run_code)
                assert again["rows"] == stored[name]["rows"]


def test_no_sealed_row_tells_its_value():
    for name, _ in CHARTS:
        for row in questions()[name]["rows"]:
            assert row.keys() <= {"series", "along", "right", "near"}
            assert row["right"].keys() == {"offset", "width", "hash"}
