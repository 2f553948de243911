"""Second witnesses of the tables on languages and domains of the web."""

from __future__ import annotations

import pytest

from course import tables

# Common Crawl, crawl statistics, plots/languages.csv as of two other days (commits 011ff43 and
# b56c583, both of 2024): crawl, language, pages, share in percent.
OTHER_EDITIONS = [
    ("CC-MAIN-2018-34", "eng", 1178882529, 43.8846),
    ("CC-MAIN-2018-34", "rus", 240333312, 8.9466),
    ("CC-MAIN-2018-34", "deu", 133628300, 4.9744),
    ("CC-MAIN-2018-34", "zho", 113531714, 4.2263),
    ("CC-MAIN-2018-34", "kaz", 361123, 0.0134),
    ("CC-MAIN-2018-39", "eng", 1280182051, 45.0579),
    ("CC-MAIN-2018-39", "rus", 261423303, 9.2012),
    ("CC-MAIN-2018-39", "por", 57804447, 2.0345),
    ("CC-MAIN-2018-39", "ukr", 11360127, 0.3998),
    ("CC-MAIN-2024-42", "eng", 1083513299, 43.4241),
    ("CC-MAIN-2024-42", "rus", 150820146, 6.0444),
    ("CC-MAIN-2024-42", "zho", 120090598, 4.8129),
    ("CC-MAIN-2024-42", "vie", 26084993, 1.0454),
]


@pytest.mark.parametrize(("crawl", "code", "pages", "share"), OTHER_EDITIONS)
def test_other_editions_count_the_same_pages(crawl, code, pages, share):
    rows = tables.load("web_languages").set_index(["crawl", "language_code"])
    assert rows.loc[(crawl, code), "pages"] == pages
    assert rows.loc[(crawl, code), "share_pct"] == share


def test_every_crawl_has_the_same_languages():
    rows = tables.load("web_languages")
    assert rows.groupby("crawl")["language"].nunique().eq(22).all()
    assert len(rows) == 16 * 22


def test_the_russian_domain_falls_in_the_years_in_which_the_language_falls():
    domains = tables.load("web_domains").set_index(["domain", "year"])["share_pct"]
    languages = tables.load("web_languages").query("language == 'Russian'")
    language = languages.groupby("year")["share_pct"].mean()
    for early, late in ((2018, 2019), (2018, 2022), (2018, 2025)):
        assert domains[".ru", late] < domains[".ru", early]
        assert language[late] < language[early]


@pytest.mark.parametrize(
    ("year", "domain", "share"),
    # Common Crawl, plots/tld/selected-tlds-by-year.csv as of another day (commit 21375bd).
    [
        (2009, ".com", 71.1978),
        (2013, ".ru", 0.0576),
        (2018, ".ru", 6.0598),
        (2023, ".br", 0.4871),
        (2023, ".uk", 0.7722),
        (2026, ".ru", 4.6563),
    ],
)
def test_another_edition_has_the_same_shares_of_domains(year, domain, share):
    rows = tables.load("web_domains").set_index(["year", "domain"])["share_pct"]
    assert rows[year, domain] == pytest.approx(share, abs=0.00006)


@pytest.mark.parametrize(
    ("language", "share"),
    # The Moscow Times, 21 March 2013, on W3Techs.
    [("English", 54.7), ("Russian", 5.9)],
)
def test_home_pages_of_2013_as_a_newspaper_had_them(language, share):
    rows = tables.load("language_shares").set_index(["language", "measured"])["share_pct"]
    assert rows[language, "2013-03-01"] == share


def test_the_comparison_is_a_small_extract():
    rows = tables.load("language_shares")
    assert rows["language"].nunique() == 10
