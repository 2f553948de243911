"""A reviewer reproduces one number of a brief and breaks one assumption."""

import pytest

from course import brief
from course.brief import peer
from course.units import Q
from tests.brief import making


@pytest.fixture(autouse=True)
def _place_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def theirs(tmp_path):
    brief.write("their-brief", **making.parts(author="Ana & Bö"))
    return peer.read("their-brief.html")


def review(theirs, **changes):
    given = {
        "reviewer": "Chi",
        "reproduced": Q(3.4, "year"),
        "how": "By hand, from the table.",
        "assumption": "growth",
        "changed_to": 3.0,
        "number_then": Q(4.6, "year"),
        "verdict_then": "leaning for",
        "advice": "Say which list you took.",
    }
    claim = changes.pop("claim", "C21")
    return peer.review(theirs, claim, **(given | changes))


def test_a_review_says_whether_the_number_agrees_and_the_verdict_stands(theirs, capsys):
    capsys.readouterr()
    done = review(theirs, advice="Give a <range>.")
    assert done.agrees and done.difference_pct == pytest.approx(
        100 * (3.4 / making.gap_years().magnitude - 1)
    )
    assert not done.holds
    assert capsys.readouterr().out == (
        "C21: the number agrees (+1.3 %); the verdict falls to 'leaning for'.\n"
        "Wrote review-ana-bö-C21.html.\n"
    )
    page = done.path.read_text(encoding="utf-8")
    for words in ("Review of Ana &amp; Bö on C21", "reviewed by Chi", "3.357 year",
                  "growth: from 4.5 to 3.0", "4.6 year", "mixed before, leaning for after",
                  "Give a &lt;range&gt;.", "3 years or more"):  # fmt: skip
        assert words in page, words


def test_the_tolerance_decides(theirs):
    assert not review(theirs, reproduced=Q(3.6, "year")).agrees
    assert review(theirs, reproduced=Q(3.6, "year"), tolerance_pct=10).agrees
    assert review(theirs, reproduced=Q(3.3574 * 12, "month"), verdict_then="mixed").holds


def test_a_review_can_come_from_the_brief_in_memory(monkeypatch, tmp_path):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    done = review(brief.write("x", **making.parts()).record)
    assert done.path is None and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("undermines", ["more than 30 years", "above 360 months", "more than 30"])
def test_a_threshold_in_words_is_held_against_in_its_unit(undermines):
    own = making.plan(supports="less than 10 years", undermines=undermines)
    theirs = brief.write("words", **making.parts(plan=own)).record
    with pytest.raises(peer.PeerError, match=f"undermined: {undermines}"):
        review(theirs, number_then=Q(35, "year"), verdict_then="supported")
    assert review(theirs, number_then=Q(20, "year"), verdict_then="supported").holds is False


def test_zero_has_no_percentage(theirs):
    theirs["cards"][0] |= {"number": 0.0, "unit": ""}
    zero = {"claim": "C08", "number_then": 1, "verdict_then": "against"}
    assert review(theirs, reproduced=0, **zero).agrees
    assert not review(theirs, reproduced=0.1, **zero).agrees


def test_empty_fields_are_listed(capsys):
    assert review(None, reproduced=None, how="") is None
    assert capsys.readouterr().out == "No review yet. Still empty: theirs, reproduced, how.\n"
    assert review(None, reviewer="your name", advice=" ") is None
    assert capsys.readouterr().out == "No review yet. Still empty: theirs, advice, reviewer.\n"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"claim": "C01"}, "claim is 'C01'; the brief has C08, C09, C13, C21, C31"),
        ({"assumption": "mfu"}, "assumption is 'mfu'; the author's of C21 are gap, growth"),
        ({"changed_to": 4.5}, "changed_to is 4.5, as the author has it"),
        ({"reviewer": "ana"}, "reviewer is 'ana', who wrote the brief"),
        ({"reviewer": "Chi and Bö"}, "who wrote the brief"),
        (
            {"number_then": Q(0.5, "year"), "verdict_then": "supported"},
            "number_then is 0.5 (undermined: 1 year or less), verdict_then 'supported'",
        ),
        (
            {"number_then": Q(40, "month"), "verdict_then": "against"},
            "number_then is 3.333 (supported: 3 years or more)",
        ),
        ({"verdict_then": "false"}, "verdict_then is 'false'; it is one of supported"),
        ({"tolerance_pct": 0}, "tolerance_pct is 0; it is a number above 0"),
        ({"tolerance_pct": "5"}, "tolerance_pct is '5'"),
        ({"reproduced": 3.4}, 'reproduced is 3.4; the author\'s has a unit, so write Q(5, "year")'),
        ({"reproduced": Q(3, "MW")}, "reproduced is 3 MW; write it as the author's"),
        ({"number_then": "four"}, "number_then is 'four'; write it as the author's, Q(5"),
        ({"number_then": Q(float("nan"), "year")}, "number_then is nan"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(theirs, changes, says):
    with pytest.raises(peer.PeerError) as caught:
        review(theirs, **changes)
    assert says in str(caught.value)


def test_another_file_is_refused(tmp_path):
    with pytest.raises(peer.PeerError, match=r"there is no file 'nothing\.html'"):
        peer.read("nothing.html")
    for content in ("<p>Hello</p>", '<script type="application/json" id="course-brief">{</script>'):
        (tmp_path / "other.html").write_text(content, encoding="utf-8")
        with pytest.raises(peer.PeerError, match=r"other\.html is no brief"):
            peer.read("other.html")
