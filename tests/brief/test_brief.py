"""An evidence brief: two pages, every part in both files, readable by all, and kind refusals."""

import json
import re
import socket
from datetime import UTC, datetime

import altair as alt
import numpy as np
import pypdf
import pytest

from course import brief
from course.brief.judging import WORDS, compute, ends
from course.threads import claims, ledger
from course.units import Q
from tests.brief import making


@pytest.fixture(autouse=True)
def _place_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(**changes):
    return brief.write("my-brief", **making.parts(**changes))


def pdf_text(path):
    reader = pypdf.PdfReader(path)
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def letters(text):
    """Without white space and hyphens, for a PDF breaks lines and words."""
    return re.sub(r"[\s\u00ad-]+", "", text)


# ---- what is written -------------------------------------------------------------------------


def test_a_brief_is_a_page_and_a_pdf_of_at_most_two_pages(capsys):
    done = written()
    assert (done.html.name, done.pdf.name) == ("my-brief.html", "my-brief.pdf")
    reader, _ = pdf_text(done.pdf)
    assert len(reader.pages) == done.pages <= 2
    assert "Wrote my-brief.html and my-brief.pdf" in capsys.readouterr().out
    assert repr(done) == "Brief of 2 pages: my-brief.html and my-brief.pdf"


def test_every_part_stands_in_both_files():
    done = written()
    page = done.html.read_text(encoding="utf-8").partition("<script")[0]
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    page = page.replace("&#x27;", "'").replace("&quot;", '"')
    html, pdf = letters(re.sub(r"<[^>]+>", " ", page)), letters(pdf_text(done.pdf)[1])
    wanted = ["Five claims, tested", "Ana Ångström", "next year's figures. They come soon.",
              "Until then, buy nothing.", "Years of growth between the two",
              "Supported: 3 years or more. Undermined: 1 year or less.",
              "no ledger shows when it was set", "The largest of the eight is far from the rest.",
              "3.36 years, 90 % interval 2.5 to 4.5 years, if gap = 156, growth = 4.5",
              "mixed, probability 0.6", "web_languages, parameters", "e-comp (R)",
              "Will a reactor serve a data centre? Probability 0.2, decided on 2031-12-31.",
              "Yes if the operator reports it", "Compute trend since 2010", "W weak"]  # fmt: skip
    for claim in making.CLAIMS:
        wanted += [f"Against {claim} speaks", f"{claim}. "]
        wanted += [claims.tables.claim(claim)[part] for part in ("quote", "plain_words")]
    for words in wanted:
        assert letters(words) in html, words
        assert letters(words) in pdf, words


def test_sources_of_the_page_have_their_address():
    page = written().html.read_text(encoding="utf-8")
    assert re.search(r'<li>e-comp \(R\).*?<a href="https://', page)


def test_pictures_have_alternative_texts_and_tables():
    done = written()
    page = done.html.read_text(encoding="utf-8")
    alts = re.findall(r'<img alt="([^"]+)"', page)
    assert len(alts) == 5 and all("Bar chart" in one and "Highest: " in one for one in alts)
    assert (
        page.count("<details") == 5 and len(set(re.findall("Data of the chart on C..", page))) == 5
    )
    assert '<html lang="en-GB">' in page and page.count("<h1>") == 1
    reader, _ = pdf_text(done.pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("en")
    assert reader.metadata.title == "Five claims, tested"
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            found.extend([str(node["/Alt"])] if "/Alt" in node else [])
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"])
    assert len(found) == 5 and all("Bar chart" in one for one in found)


def test_a_brief_needs_no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("something wanted a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = written().html.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|<link[^>]*href)="?https?:', page)


def test_an_authors_signs_are_words_and_no_code():
    done = written(title='#panic("x") *b* $y$ <b>', author="</script><script>x", minister="a & b")
    page = done.html.read_text(encoding="utf-8")
    assert "<b>" not in page and page.count("<script") == 1
    assert '#panic("x") *b* $y$ <b>' in pdf_text(done.pdf)[1].replace("“", '"').replace("”", '"')
    record = json.loads(re.search(r'id="course-brief">(.*?)</script>', page, re.DOTALL)[1])
    assert record["author"] == "</script><script>x"


def test_a_sign_that_no_font_has_is_named(monkeypatch):
    assert written(author="Анна Ωmega").pages == 2
    monkeypatch.setattr("typst.compile", _without_font)
    with pytest.raises(brief.BriefError, match="No font here has the sign 王"):
        written(author="王")


def _without_font(*_, **__):
    import typst

    raise typst.TypstError('PDF/UA-1 error: the text `"王"` could not be displayed with', "")


def test_every_part_at_its_full_length_fits_two_pages():
    def filled(field):
        return " ".join(["export"] * WORDS[field])  # longer than words are on average

    whole = making.parts(
        title=filled("title"),
        minister=filled("minister"),
        plan=making.plan(**{f: filled(f) + f[0] for f in ("measure", "supports", "undermines")}),
        cards=making.cards(finding=filled("finding")),
        forecasts=[
            brief.forecast(
                filled("question") + end,
                probability=0.1,
                by="2030-01-01",
                resolves=filled("resolves"),
            )
            for end in ("s", "ed")
        ],
    )
    whole["cards"] = [
        making.card(claim=one.claim, finding=filled("finding"), counter=filled("counter"))
        for one in whole["cards"]
    ]
    assert brief.write("full", **whole).pages == 2


def test_while_a_notebook_is_marked_nothing_is_written(monkeypatch, tmp_path):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    done = written()
    assert (done.html, done.pdf, done.pages) == (None, None, 2)
    assert list(tmp_path.iterdir()) == []
    assert repr(done) == "Brief of 2 pages, not written"


# ---- thresholds and the ledger ---------------------------------------------------------------


def test_a_locked_threshold_shows_its_day_and_a_changed_one_shows_both():
    for claim, own in making.plan().items():
        claims.lock(claim, **own)
    changed = making.plan()
    changed["C09"] = changed["C09"] | {"supports": Q(5, "year")}
    done = written(plan=changed)
    locks = {card["claim"]: card["locked"] for card in done.record["cards"]}
    day = ledger.read("threshold")[0].when[:10]
    assert locks["C08"] == f"locked {day}"
    assert locks["C09"] == f"locked {day} as 3 years and 1 year"


def test_a_threshold_that_was_changed_after_the_reveal_says_so():
    for claim, own in making.plan().items():
        claims.lock(claim, **own)
    claims.reveal("C21")
    changed = making.plan(supports=Q(2, "year"))
    claims.lock("C21", **changed["C21"])
    locks = {c["claim"]: c["locked"] for c in written(plan=changed).record["cards"]}
    assert "changed after the reveal" in locks["C21"] and "after" not in locks["C08"]


def test_two_numbers_say_which_way_they_count():
    done = written(plan=making.plan(supports=Q(1, "year"), undermines=Q(30, "month")))
    assert done.record["cards"][0]["supports"] == "1 year or less"
    assert done.record["cards"][0]["undermines"] == "30 months or more"


# ---- refusals --------------------------------------------------------------------------------


def test_empty_parts_are_listed_and_nothing_is_written(capsys, tmp_path):
    none = making.parts(title=None, minister=" ", plan=None, cards=[None, None], forecasts=None)
    assert brief.write("x", **none) is None
    assert capsys.readouterr().out == (
        "No brief yet. Still empty: title, minister, plan, card 1, card 2, forecasts.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_brief_that_runs_over_names_what_is_too_long(tmp_path, capsys):
    with pytest.raises(brief.BriefError) as caught:
        written(
            cards=[
                *(
                    making.card(claim=claim, finding="sanctions " * 200)
                    for claim in making.CLAIMS[:4]
                ),
                making.card(claim="C31", counter="word " * 120),
            ],
        )
    assert re.fullmatch(
        r"The brief runs to \d pages and has room for 2: 5 parts to mend, listed above\. "
        r"First: C21, finding: 200 words, 25 fit, so cut about 175\.",
        str(caught.value),
    )
    assert capsys.readouterr().out.splitlines()[-5:] == [
        *(
            f"- {one}, finding: 200 words, 25 fit, so cut about 175."
            for one in ("C21", "C13", "C09", "C08")
        ),
        "- C31, counter: 120 words, 35 fit, so cut about 85.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_brief_with_tall_pictures_says_so():
    one = making.chart().properties(height=900)
    tall = alt.vconcat(one, one)
    with pytest.raises(brief.BriefError, match="make your tallest charts lower"):
        written(cards=making.cards(chart=tall))


FAULTS = [
    ({"number": None}, "number is empty"),
    ({"number": 3}, "number is 3; give a function"),
    ({"number": lambda: 3}, "number has no argument"),
    ({"number": lambda gap: 3}, "number needs gap; give it a default"),
    ({"number": lambda gap=0: 1 / gap}, "number() stops: division by zero"),
    ({"number": lambda gap="a": gap}, "it must be one number or quantity"),
    ({"number": lambda gap=True: gap}, "it must be one number or quantity"),
    ({"number": lambda gap=1: np.inf * gap}, "number() gives inf"),
    ({"number": lambda a=1: np.random.default_rng().random()}, "fix the seed"),
    ({"number": max}, "number is max; write it with def"),
    ({"chart": None}, "chart is empty"),
    ({"chart": "bars"}, "chart is a text; give the Altair chart"),
    ({"chart": alt.Chart().mark_bar()}, "chart draws no row"),
    ({"finding": " "}, "finding is empty"),
    ({"finding": 3}, "finding is 3; write it in words"),
    ({"finding": "It grew."}, "finding is 'It grew.'; say it in a whole sentence"),
    ({"tables": []}, "tables is empty"),
    ({"tables": "web_languages, webs"}, "tables names 'webs'; tables.catalogue()"),
    ({"tables": 3}, "tables names '3'"),
    ({"sources": None}, "sources is empty"),
    ({"sources": ["nobody"]}, "sources names 'nobody'"),
    ({"verdict": "true"}, "verdict is 'true'; it is one of supported, leaning for"),
    ({"probability": None}, "probability is empty"),
    ({"probability": 70}, "probability is 70; write a number from 0 to 1"),
    ({"probability": True}, "probability is True"),
    ({"probability": float("nan")}, "probability is nan"),
    ({"interval": None}, "interval is empty"),
    ({"interval": 3}, "interval is 3; it has a low and a high end"),
    ({"interval": (1, "x")}, "interval has 'x'; write numbers in year"),
    ({"interval": (1, Q(3, "MW"))}, "number() is in year, so write the interval in that"),
    ({"interval": np.array([5, 6])}, "outside the interval from 5 to 6"),
    ({"interval": (4, 4)}, "interval is (4, 4); it runs from the low end"),
    ({"interval": (5, 6)}, "number() gives 3.35744, outside the interval from 5 to 6"),
    ({"counter": None}, "counter is empty"),
    ({"counter": "Nothing."}, "counter is 'Nothing.'; say it in a whole sentence"),
]


@pytest.mark.parametrize(("changes", "says"), FAULTS)
def test_a_fault_of_a_card_is_named_with_its_value_and_its_mend(changes, says, capsys):
    bad = making.card(claim="C31", **changes)
    assert says in " ".join(part.says for part in brief.judge("card", bad).values())
    assert repr(bad).startswith("Card on 'C31', 1 part to mend: ") and says in repr(bad)
    with pytest.raises(brief.BriefError) as caught:
        written(cards=[*making.cards()[:4], bad])
    told = f"{caught.value}\n{capsys.readouterr().out}"
    assert "card 5 (C31): " in told and says in told
    assert len(str(caught.value)) <= 200


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"plan": {**making.plan(), "C99": {}}}, "plan: claim is 'C99'; the claims are"),
        ({"plan": making.plan(measure="")}, "plan: C08: measure is empty"),
        ({"plan": making.plan(supports=None)}, "plan: C08: supports is empty"),
        ({"plan": making.plan(supports=float("inf"))}, "plan: C08: supports: inf is no number"),
        ({"plan": making.plan(undermines=Q(36, "month"))}, "are both 3 years. Leave room"),
        ({"plan": making.plan(undermines=Q(1, "MW"))}, "two different kinds of quantity"),
        ({"plan": dict.fromkeys(making.CLAIMS, 3)}, "C08 has 3; write dict(measure="),
        ({"plan": [1]}, "plan: the plan is a list"),
        ({"plan": making.plan(supports=Q(3, "MW"), undermines=Q(1, "MW"))},
         "card 1 (C08): number() is in year, supports of the plan is 3 MW"),
        ({"cards": making.cards()[:4]}, "cards are on C08, C09, C13, C21; the plan has"),
        ({"cards": [*making.cards()[:4], 3]}, "card 5 (?): the card is a number; make it with"),
        ({"forecasts": [making.forecasts()[0], None]}, "forecast 2 is empty"),
        ({"forecasts": making.forecasts()[:1] * 2}, "both forecasts ask the same question"),
        ({"minister": "sanctions " * 450}, "minister has 450 words; up to 200 are asked for"),
        ({"cards": [*making.cards()[:4], making.cards()[0]]}, "two cards are on C08"),
        ({"plan": {**making.plan(), "C28": making.plan()["C08"]}}, "C28, which is the worked"),
        ({"plan": dict.fromkeys(("C15", "C32", "C39", "C09", "C14"), making.plan()["C08"])},
         "C15, C32, C39 cannot be tested as worded"),
        ({"plan": making.plan(undermines=1)}, "is 3 years and the other 1 without"),
        ({"plan": making.plan(supports="x", undermines="y")}, "From which number on"),
        ({"plan": making.plan(supports="at least 3", undermines="more than 5")},
         "both count upwards. Which of the two is turned round?"),
        ({"plan": making.plan(supports="at least 3", undermines="below 5")},
         "4 would support and undermine at once"),
        ({"forecasts": making.forecasts()[:1]}, "forecasts: forecasts given: 1; the brief has 2"),
        ({"forecasts": making.forecasts(by="soon")}, "forecasts: by is 'soon'; write a day"),
        ({"forecasts": making.forecasts(by="2020-01-01")}, "by is 2020-01-01; a forecast needs"),
        ({"forecasts": making.forecasts(probability=2)}, "forecasts: probability is 2"),
        ({"forecasts": making.forecasts(resolves="yes")}, "forecasts: resolves is 'yes'"),
        ({"title": 3}, "title is a number; write it in words"),
    ],
)  # fmt: skip
def test_a_fault_of_another_part_is_named(changes, says, capsys):
    with pytest.raises(brief.BriefError) as caught:
        written(**changes)
    assert says in f"{caught.value}\n{capsys.readouterr().out}"
    assert len(str(caught.value)) <= 200 and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "../brief", "my brief", "a.html", None])
def test_a_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(brief.BriefError, match=r"name is .*; use letters"):
        brief.write(name, **making.parts())


# ---- small parts -----------------------------------------------------------------------------


def test_an_interval_may_come_in_another_unit():
    one = making.card(interval=(Q(30, "month"), Q(54, "month")))
    assert ends(one, compute(one).unit) == pytest.approx((2.5, 4.5))
    assert all(part.share == 1 for part in brief.judge("card", one).values())


def test_a_moment_is_a_day():
    given = making.forecasts(by=datetime(2031, 1, 1, 12, tzinfo=UTC))
    assert all(part.share == 1 for part in brief.judge("forecasts", given).values())


def test_a_percentage_keeps_its_unit():
    one = making.card(number=lambda a=6: Q(a, "percent"), interval=(Q(5, "percent"), 7))
    assert compute(one).unit == "percent"
    assert all(part.share == 1 for part in brief.judge("card", one).values())


def test_show_gives_a_card_or_what_is_to_be_mended(capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    brief.show(None)
    brief.show(making.card(verdict="true", probability=None))
    assert capsys.readouterr().out == (
        "No card yet.\nTo mend:\n- verdict is 'true'; it is one of supported, leaning for, mixed, "
        "leaning against, against.\n"
    )
    brief.show(making.card(), making.plan())
    assert "<h3>C21. " in shown[0].data and "Years of growth" in shown[0].data


def test_what_says_the_same_is_the_same():
    one = making.card(
        interval=np.array([2.5, 4.5]), probability="60 %", tables=("web_languages", "parameters")
    )
    assert all(part.share == 1 for part in brief.judge("card", one).values())
    asked = dict(enumerate(making.forecasts(probability=Q(20, "percent"))))
    assert all(part.share == 1 for part in brief.judge("forecasts", asked).values())
    whole = making.parts(cards=tuple(making.cards(probability="60 %")))
    assert brief.write("same", **whole).record["cards"][0]["probability"] == 0.6


def test_the_worked_claim_may_be_shown_and_not_chosen():
    card = making.card(claim="C28")
    assert repr(card) == "Card on 'C28', complete"
    assert "worked example" in brief.judge("card", card)["claim"].says
