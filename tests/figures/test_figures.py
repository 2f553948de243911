"""Every printed number is what it is worked out from, to the digits printed."""

from __future__ import annotations

import re

import pytest

from course import tables
from course.tables import files
from tests.figures import registry
from tests.figures.reading import agrees, printed
from tests.figures.registry import Text

TABLES = [resource["name"] for resource in files.package()["resources"]]


@pytest.mark.parametrize("lesson", registry.LESSONS)
def test_every_figure_of_a_lesson(lesson):
    assert registry.lesson_faults(lesson) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_that_the_data_package_gives_of_a_table(name):
    assert registry.faults_of_table(name) == []


def test_every_figure_of_the_readmes():
    assert registry.faults_of_documents() == []


def test_no_file_of_the_registry_speaks_of_nothing():
    known = {*registry.LESSONS, *(f"tables/{name}" for name in TABLES), "documents"}
    files = {
        str(path.relative_to(registry.HERE).with_suffix("")).replace("\\", "/")
        for path in registry.HERE.glob("**/*.toml")
    }
    assert files <= known


@pytest.mark.parametrize(
    ("worked_out_from", "said", "wanted"),
    [
        # The source's share is of "GPUs and other advanced components".
        (
            r"X00[23]'|cn_hk_share_gpu",
            r"graphics processors",
            r"and (the like|other advanced parts)",
        ),
        # The fit is to all notable models; only that of power is to the frontier.
        (r"par\('compute_growth'\)", r"leading|largest|frontier", r"notable"),
    ],
)
def test_a_sentence_names_what_its_figure_is_of(worked_out_from, said, wanted):
    for file in registry.HERE.glob("**/*.toml"):
        for entry in registry._read(file).get("figure", []):
            from_it = re.search(worked_out_from, str(entry.get("is")))
            if from_it and re.search(said, entry["says"]):
                assert re.search(wanted, entry["says"]), entry["says"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It fell from 1,007 to −0.08, by 21 %.", ["1,007", "−0.08", "21"]),
        ("5 × 10²⁶ FLOP in 3 to 4½ years, from 10²⁰", ["5 × 10²⁶", "3", "4½", "10²⁰"]),
        ("On 28 April 2018 and in November 2025", ["28 April 2018", "November 2025"]),
        ("In 2021, by C05, q3 and lesson 4, code 8542.32 of an H100 at `70 MW`", []),
        ("2.6GW of energy; 30-154 MW", ["2.6GW"[:3], "30", "154"]),
        ("*(1 point here, 1 for hidden tests)* Write 80 to 150 words.", []),
        ("```\nf(100)\n```\nand [12 rows](page/3)", ["12"]),
        ("an RTX 4070 at 200 W", ["200"]),
    ],
)
def test_numbers_are_told_from_labels(text, found):
    assert [one.text for one in printed(text, ("RTX 4070",))] == found


@pytest.mark.parametrize(
    ("text", "value", "digits", "right"),
    [
        ("9", 8.506, None, True),
        ("8", 8.506, None, False),
        ("8.5", 8.45, None, True),  # halves go away from zero
        ("−8.5", -8.45, None, True),
        ("8.4", 8.45, None, False),
        ("0.3", 0.1 + 0.2, None, True),
        ("2,700", 2_654.0, None, False),
        ("2,700", 2_654.0, 2, True),
        ("2,700", 2_654.0, 3, False),
        ("1.1 × 10²⁵", 1.08e25, None, True),
        ("1.1 × 10²⁵", 1.16e25, None, False),
        ("4½", 4.4, None, True),
        ("4½", 4.3, None, False),
        ("28 April 2018", "2018-04-28", None, True),
        ("28 April 2018", "2018-04-29", None, False),
        ("November 2025", "2025-11-19", None, True),
        ("November 2025", "2025-10-31", None, False),
    ],
)
def test_the_rounding_rule(text, value, digits, right):
    assert agrees(text, value, digits) is right


@pytest.mark.parametrize("value", [True, "many", None, float("nan")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match="is printed"):
        agrees("9", value)


# A small text, an entry, and what is said when they do not go together.
SENTENCE = Text("reading", "Hong Kong leads with 21 % of 1,007 billion dollars.")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "reading: 21 has no entry"),
        ({"says": "leads with 21 %", "is": {"21": "share"}}, "1,007 has no entry"),
        ({"says": "leads with 22 %", "is": {"22": "share"}}, "no text says 'leads with 22 %'"),
        ({"says": "leads with 21 %", "is": {"21": "share", "3": "x"}}, "prints no 3"),
        ({"says": "leads with 21 %", "is": {"21": "20 + 1"}}, "only repeats the figure"),
        ({"says": "leads with 21 %", "at": "title", "is": {"21": "x"}}, "no text says"),
    ],
)
def test_a_number_or_an_entry_left_over_is_named(entry, words):
    book = {"figure": [entry] if entry else []}
    assert words in "\n".join(registry.faults_of_texts(book, [SENTENCE]))


@pytest.mark.parametrize(
    ("given", "text", "refused"),
    [
        ("share = 21", "share", True),
        ("share = 21", "share * 1.0", True),
        ("share = 0.21", "100 * share", True),
        ("share, rest = [int(word) for word in ('21', '79')]", "share", True),
        ("share, all = 7, 3", "share * all", False),
        ("half = 10.5", "2 * half", False),
        ("share = load('claims').size", "share", False),
        ("limit = 21; kept = load('claims').head(limit)", "limit", False),
    ],
)
def test_a_constant_is_no_computation_under_a_name_either(given, text, refused):
    entry = {"says": "leads with 21 %", "given": given, "is": {"21": text}}
    said = "\n".join(registry.faults_of_texts({"figure": [entry]}, [SENTENCE]))
    assert ("only repeats the figure" in said) is refused


def test_a_choice_gives_its_reason():
    choice = {"says": SENTENCE.words}
    assert "why it is a choice" in registry.faults_of_texts({"choice": [choice]}, [SENTENCE])[0]
    choice["why"] = "made up"
    assert registry.faults_of_texts({"choice": [choice]}, [SENTENCE]) == []


def test_what_no_table_is_said_to_have_is_in_none():
    published = tables.load("published_figures")
    for lesson in registry.LESSONS:
        book = registry._read(registry.HERE / f"{lesson}.toml")
        rows = [row for text in registry.texts_of_lesson(lesson) for row in text.words.split("\n")]
        for entry in book.get("choice", []):
            if "no table" not in entry["why"] or "says" not in entry:
                continue
            printed_there = {one.text for one in printed(entry["says"], book.get("names", []))}
            for row in rows:
                if entry["says"] in row:
                    own = published[published["source"].isin(re.findall(r"`([\w-]+)`", row))]
                    known = own[["value", "value_high"]].stack().map("{:g}".format)
                    assert not printed_there & set(known), (lesson, entry["says"])


def test_a_choice_may_take_a_whole_section_and_no_more():
    text = Text("guide", "# A\n\n3 cats\n\n## Times\n\n| 20 | round 1 |\n\n## Later\n\n7 dogs\n")
    book = {"choice": [{"section": "## Times", "why": "minutes"}]}
    said = registry.faults_of_texts(book, [text])
    assert len(said) == 2 and "guide: 3 has" in said[0] and "guide: 7 has" in said[1]
    gone = {"choice": [{"section": "## Gone", "why": "minutes"}]}
    assert "no text says '## Gone'" in registry.faults_of_texts(gone, [text])[0]


def test_a_choice_may_take_a_whole_cell_but_never_all_messages():
    texts = [Text("q1-ask", "**a** 3 **b** 4"), Text("key", "5 is too many")]
    cell = {"at": ["q1-ask"], "why": "givens"}
    said = registry.faults_of_texts({"choice": [cell]}, texts)
    assert len(said) == 1 and "key: 5 has no entry" in said[0]
    everything = {"at": ["key"], "why": "lazy"}
    assert "only a cell" in registry.faults_of_texts({"choice": [everything]}, texts)[0]


def test_a_figure_that_drifted_is_told_with_both_values():
    book = {
        "figure": [
            {"says": "of 39 claims", "is": {"39": "len(t)"}, "holds": ["len(t) > 50"]},
            {"says": "and 8", "is": {"8": "t.no_such_column"}},
        ]
    }
    said = registry._here(book, {"t": tables.load("claims").head(38)})
    assert said[0] == "'of 39 claims' prints 39, and len(t) is 38"
    assert said[1] == "'of 39 claims': len(t) > 50 does not hold (False)"
    assert "stops with AttributeError" in said[2]
