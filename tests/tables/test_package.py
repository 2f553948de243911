"""The package of tables as a whole: every rule holds, and every breach of one is seen and named."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from course import tables
from course.tables import files, loading
from upkeep.tables import derived, drawing, make, package

DATASETS = tables.folder()
RESOURCES = json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))["resources"]
NAMES = [resource["name"] for resource in RESOURCES]


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Path:
    """A copy of the tables that may be spoilt, which ``course.tables`` reads in their place."""
    place = tmp_path / "datasets"
    shutil.copytree(DATASETS, place, ignore=shutil.ignore_patterns("pictures"))
    monkeypatch.setattr(files, "folder", lambda: place)
    files.package.cache_clear()
    files.rows.cache_clear()
    yield place
    files.package.cache_clear()
    files.rows.cache_clear()


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, drawing.Picture], str]:
    return make.made()


def cell(place: Path, table: str, row: int, column: str, value: str) -> None:
    """Write into one cell of a copied table; the header is row 1."""
    path = place / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def resource(place: Path, table: str, **changes: object) -> None:
    """Change what the copied data package says of a table; None takes it away."""
    path = place / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    for entry in whole["resources"]:
        if entry["name"] == table:
            entry.update(changes)
            for key in [key for key, value in changes.items() if value is None]:
                del entry[key]
    path.write_text(json.dumps(whole), encoding="utf-8")


def field(place: Path, table: str, column: str, **changes: object) -> None:
    """Change what the copied data package says of a column."""
    schema = next(entry for entry in RESOURCES if entry["name"] == table)["schema"]
    fields = [one | changes if one["name"] == column else one for one in schema["fields"]]
    resource(place, table, schema=schema | {"fields": fields})


def whole(place: Path, **changes: object) -> None:
    """Change what the copied data package says of itself."""
    path = place / "datapackage.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | changes), encoding="utf-8")


@pytest.mark.parametrize("check", package.CHECKS, ids=lambda check: check.__name__)
def test_every_table_keeps_the_rule(check):
    assert check(DATASETS) == []


# What is spoilt, and the rule that has to see it, with words of what it says.
SPOILT = {
    "a file of no resource": (
        lambda place: (place / "odd.csv").write_text("a,source\n1,course\n"),
        package.files_known,
        "odd.csv",
    ),
    "a word for a number": (
        lambda place: cell(place, "ireland_quarterly", 5, "data_centre_gwh", "many"),
        package.valid,
        "ireland_quarterly.csv.*many",
    ),
    "a value past its limit": (
        lambda place: cell(place, "ireland_quarterly", 5, "quarter", "5"),
        package.valid,
        "maximum",
    ),
    "too many rows": (
        lambda place: (place / "priority_codes.csv").write_text(
            "hs_code,heading,tier,tier_meaning,goods,source\n" + "1,1,1,x,y,bis-chpl\n" * 5_000,
        ),
        package.small,
        "priority_codes.csv has 5,000 rows",
    ),
    "foreign line ends": (
        lambda place: (place / "omissions.csv").write_bytes(
            (place / "omissions.csv").read_bytes().replace(b"\n", b"\r\n")
        ),
        package.form,
        "omissions.csv: wants line ends",
    ),
    "a whole number with '.0'": (
        lambda place: cell(place, "plant_output", 2, "generation_gwh", "127.0"),
        package.form,
        r"plant_output.csv, row 2, column 'generation_gwh': write 127.0 without",
    ),
    "spaces around a cell": (
        lambda place: cell(place, "omissions", 3, "omitted", "Money "),
        package.form,
        "omissions.csv, row 3, column 'omitted': spaces",
    ),
    "rows out of order": (
        lambda place: cell(place, "priority_codes", 2, "hs_code", "999999"),
        package.order,
        "priority_codes.csv, row 3: not sorted by hs_code",
    ),
    "a key twice": (
        lambda place: cell(place, "priority_codes", 3, "hs_code", "845710"),
        package.keys_unique,
        "priority_codes.csv, row 3: the key .* stands in row 2 too",
    ),
    "an unknown source": (
        lambda place: cell(place, "claims", 4, "source", "wes|hearsay"),
        package.sources_resolve,
        "claims.csv, row 4: the source 'hearsay' is not in sources.csv",
    ),
    "no source": (
        lambda place: cell(place, "claims", 4, "source", ""),
        package.sources_resolve,
        "claims.csv, row 4: the source '' is not",
    ),
    "a source that nobody names": (
        lambda place: cell(place, "sources", 2, "key", "aaa"),
        package.sources_resolve,
        "sources.csv: no row names 'aaa'",
    ),
    "a source without a title": (
        lambda place: cell(place, "sources", 3, "title", ""),
        package.sources_complete,
        r"sources.csv, row 3 \([a-z0-9-]+\): no title",
    ),
    "a source without its terms": (
        lambda place: cell(place, "sources", 3, "licence", ""),
        package.sources_complete,
        r"row 3 \([a-z0-9-]+\): no licence",
    ),
    "a source read on no day": (
        lambda place: cell(place, "sources", 3, "accessed", ""),
        package.sources_complete,
        r"row 3 \([a-z0-9-]+\): wants an address and the day it was read",
    ),
    "a copy's address": (
        lambda place: cell(place, "sources", 3, "address", "https://tomesphere.com/paper/1"),
        package.sources_complete,
        r"row 3 \([a-z0-9-]+\): tomesphere.com copies others",
    ),
    "a page without an address": (
        lambda place: cell(place, "sources", 3, "address", "a letter"),
        package.sources_complete,
        r"row 3 \([a-z0-9-]+\): 'a letter' is no address",
    ),
    "a code of no country": (
        lambda place: cell(place, "armenia_trade_by_partner", 5, "partner_iso3", "QQQ"),
        package.valid,
        "armenia_trade_by_partner.csv.*foreign",
    ),
    "a claim of no number, among several": (
        lambda place: cell(place, "omissions", 2, "claims", "C05|C99"),
        package.joined,
        "omissions.csv, row 2, column 'claims': there is no 'C99'",
    ),
    "a figure that disagrees with none": (
        lambda place: cell(place, "published_figures", 2, "conflicts_with", "K999"),
        package.joined,
        "published_figures.csv, row 2, column 'conflicts_with': there is no 'K999'",
    ),
    "a column without its foreign key": (
        lambda place: resource(
            place, "plant_output", schema={"fields": [{"name": "country_iso3", "type": "string"}]}
        ),
        package.joined,
        "plant_output: its foreign keys should be .*countries",
    ),
    "no word on what a table is not": (
        lambda place: resource(place, "reactors", what_it_is_not=None),
        package.described,
        "reactors: no what_it_is_not",
    ),
    "no traps": (
        lambda place: resource(place, "reactors", traps=[]),
        package.described,
        "reactors: no traps",
    ),
    "no second witness, nor a word on why": (
        lambda place: resource(place, "reactors", second_witness=None),
        package.described,
        "reactors: no second_witness",
    ),
    "a vintage that is no month": (
        lambda place: resource(place, "reactors", vintage="lately"),
        package.described,
        "reactors: vintage 'lately' is no month or day",
    ),
    "a table newer than the day it was taken": (
        lambda place: resource(place, "reactors", vintage="2031-01"),
        package.described,
        "reactors: its vintage, 2031-01, is later",
    ),
    "a lesson there is not": (
        lambda place: resource(place, "reactors", lessons=["12-epilogue"]),
        package.described,
        "reactors: a lesson '12-epilogue'",
    ),
    "a table that no lesson reads": (
        lambda place: resource(place, "reactors", lessons=[]),
        package.described,
        "reactors: no lesson's code reads it",
    ),
    "a claim there is not": (
        lambda place: resource(place, "reactors", claims=["C99"]),
        package.described,
        "reactors: a claim 'C99'",
    ),
    "a licence given away": (
        lambda place: resource(place, "reactors", licenses=[{"name": "CC-BY-4.0"}]),
        package.described,
        "reactors: has to stay under ODbL-1.0",
    ),
    "a number without a unit": (
        lambda place: resource(
            place,
            "plant_output",
            schema={"fields": [{"name": "hours", "type": "integer", "description": "Hours"}]},
        ),
        package.described,
        r"plant_output.hours: a number without a unit",
    ),
    "a title that is the name again": (
        lambda place: field(place, "ireland_quarterly", "quarter_start", title="Quarter start"),
        package.titled,
        "ireland_quarterly.quarter_start: the title 'Quarter start' is the name again",
    ),
    "one title over two columns": (
        lambda place: field(place, "ireland_quarterly", "year", title="First day of the quarter"),
        package.titled,
        "ireland_quarterly.quarter_start: the title 'First day of the quarter' is year's",
    ),
    "a package of no version": (
        lambda place: whole(place, version=None),
        package.whole,
        "datapackage.json: no version",
    ),
    "a source of no address": (
        lambda place: resource(place, "reactors", sources=[{"title": "A list"}]),
        package.whole,
        "reactors: a source without title or path",
    ),
    "a licence of no name": (
        lambda place: resource(place, "omissions", licenses=[{"name": "free", "title": "Free"}]),
        package.whole,
        "omissions: the licence 'free' is no SPDX id",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_breach_is_seen_and_named(what, copy):
    spoil, check, words = SPOILT[what]
    assert check(copy) == []
    spoil(copy)
    said = "\n".join(check(copy))
    assert re.search(words, said), said


def test_the_package_has_the_version_of_the_course():
    whole = json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))
    project = tomllib.loads((DATASETS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert whole["version"] == project["project"]["version"]


def test_share_alike_and_non_commercial_tables_keep_their_licences():
    licences = tables.catalogue()["licence"]
    assert "ODbL-1.0" in licences["reactors"]
    assert "CC-BY-NC-4.0" in licences["supply_shares"]


def test_the_lessons_named_are_those_there_are():
    folders = {path.name for path in (DATASETS.parent / "solutions").glob("[0-9][0-9]-*")}
    assert folders <= set(package.LESSONS)


@pytest.mark.parametrize("name", NAMES)
class TestEachTable:
    def test_it_loads_with_the_types_it_declares(self, name):
        frame = tables.load(name)
        assert len(frame) > 0
        for field in files.resource_of(name)["schema"]["fields"]:
            column = frame[field["name"]]
            if field["type"] == "number":
                assert column.dtype == "float64", field["name"]
            elif field["type"] in ("integer", "year"):
                assert column.dtype in ("int64", "Int64"), field["name"]
            elif field["type"] in ("date", "yearmonth"):
                assert pd.api.types.is_datetime64_any_dtype(column), field["name"]
            elif field["type"] == "boolean":
                assert column.dtype in (bool, "boolean"), field["name"]

    def test_it_tells_of_itself(self, name):
        book, words = tables.codebook(name), tables.about(name)
        assert list(book.index) == list(tables.load(name).columns)
        assert book["meaning"].str.len().gt(0).all()
        assert all(trap in words for trap in book.attrs["traps"])
        assert words._repr_markdown_() == words
        assert tables.sources(name)["citation"].str.len().gt(0).all()

    def test_money_says_of_which_years_it_is(self, name):
        resource = next(one for one in RESOURCES if one["name"] == name)
        years = re.compile(r"current|[Nn]ominal|of that year|prices of \d{4}|of January \d{4}")
        for field in resource["schema"]["fields"]:
            if re.search("USD|EUR", field.get("unit") or "") and "rate" not in field["description"]:
                told = [field["title"], field["description"], *resource["traps"]]
                assert years.search(" ".join(told)), field["name"]

    def test_its_picture_is_made_of_what_the_table_holds(self, name, made):
        path = DATASETS / "pictures" / f"{name}.svg"
        text = path.read_text(encoding="utf-8")
        assert drawing.state(text, made[0][name]) == "", "run `make tables`"
        assert path.stat().st_size < 150_000
        head = path.read_text(encoding="utf-8")[:1_000]
        assert 'role="img"' in head and "<title" in head and "<desc" in head

    def test_it_has_a_picture_of_its_own(self, name):
        assert name in drawing.PICTURES, "write its picture in upkeep/tables/"


def test_all_that_is_made_is_up_to_date(made):
    assert make.stale(DATASETS, *made) == {}, "run `make tables`"


def test_the_code_book_has_every_table_and_no_dead_link(made):
    text = made[1]
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors)), "two headings of one anchor"
    anchors += re.findall(r'<a id="(\w+)">', text)
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(anchors)
    assert set(NAMES) <= set(headings)
    for target in set(re.findall(r"\]\(([\w/]+\.\w+)\)", text)):
        assert (DATASETS / target).is_file(), target
    pictures = re.findall(r"!\[(.+)\]\(pictures/(\w+)\.svg\)", text)
    assert sorted(name for _, name in pictures) == sorted(NAMES)
    assert all(len(words) > 80 for words, _ in pictures), "a picture without a description"


def test_a_picture_is_the_same_whatever_was_drawn_before():
    first = drawing.draw("reactors").svg()
    drawing.draw("mirror_trade").svg()
    assert drawing.draw("reactors").svg() == first


def test_a_picture_drawn_with_other_fonts_is_up_to_date(made, monkeypatch):
    here = vl_convert.vegalite_to_svg

    def wider(spec):
        return re.sub(r' width="(\d+)"', lambda w: f' width="{int(w[1]) + 1}"', here(spec), count=1)

    there = made[0]["sources"].svg()
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", wider)
    assert made[0]["sources"].svg() != there, "the bytes differ"
    assert drawing.state(made[0]["sources"].svg(), made[0]["sources"]) == ""


@pytest.mark.parametrize(
    ("spoil", "matter"),
    [
        (lambda svg: svg.replace("#0072B2", "#FF0000"), "was changed by hand"),
        (lambda svg: re.sub(r"made of \w{64}", f"made of {'0' * 64}", svg), "is out of date"),
        (lambda svg: re.sub(r"<metadata>.*?</metadata>", "", svg), "is out of date"),
    ],
)
def test_a_picture_that_is_not_what_was_made_is_told(spoil, matter, made):
    drawn = made[0]["reactors"].svg()
    assert drawing.state(spoil(drawn), made[0]["reactors"]) == matter


def test_a_value_changed_in_its_table_puts_a_picture_out_of_date(copy, made):
    drawn = drawing.draw("ireland_quarterly").svg()
    cell(copy, "ireland_quarterly", 5, "data_centre_gwh", "300")
    assert drawing.state(drawn, drawing.draw("ireland_quarterly")) == "is out of date"


def test_a_title_that_the_table_no_longer_bears_out_is_refused(copy):
    table = copy / "references.csv"
    text = table.read_text(encoding="utf-8")
    assert drawing.draw("references").finding.startswith("3 of the article's 9 references")
    table.write_text(text.replace(",no,", ",yes,"), encoding="utf-8")
    with pytest.raises(drawing.PictureError, match=r"no longer bears out .0 of the article"):
        drawing.draw("references")


def test_a_table_without_a_picture_gets_a_plain_one(monkeypatch):
    monkeypatch.delitem(drawing.PICTURES, "plant_output")
    plain = drawing.draw("plant_output")
    # The design year and the five years together have no year, and some rows no note.
    assert plain.finding == "10 of 13 columns are filled in every row"
    assert plain.svg().startswith("<svg ")


def test_what_is_stale_missing_or_left_over_is_told(copy, made):
    pictures, book = made
    shutil.copytree(DATASETS / "pictures", copy / "pictures")
    assert make.stale(copy, pictures, book) == {}
    (copy / "README.md").write_text("old")
    (copy / "pictures" / "claims.svg").unlink()
    (copy / "pictures" / "gone.svg").write_text("<svg/>")
    resource(copy, "claims", lessons=["00-start"])
    assert make.stale(copy, pictures, book) == {
        "pictures/claims.svg": "is missing",
        "pictures/gone.svg": "belongs to no table",
        "README.md": "is out of date",
        "datapackage.json": "is out of date",
    }


def test_lessons_of_a_table_are_those_that_read_it():
    read = derived.lessons()
    assert read["ireland_quarterly"] == ["06-megawatts"]
    # Through an explorer, too.
    assert "07-reactor-sizes" in read["parameters"]
    assert "00-start" in read["parameters"]


class TestACopyOfOnesOwn:
    """What a student does to a table stays in that table."""

    def test_no_change_in_place_reaches_the_next_one(self):
        want = tables.load("plant_output").copy(deep=True)
        spoilt = tables.load("plant_output")
        first = spoilt.columns[0]
        text = next(name for name in spoilt if spoilt[name].dtype == "str")
        number = next(name for name in spoilt if spoilt[name].dtype.kind in "if")
        spoilt.loc[0, number] = -1
        spoilt[text].array[0] = "spoilt"
        numbers = spoilt[number].to_numpy()
        numbers.flags.writeable = True
        numbers[:] = -2
        spoilt.pop(first)
        spoilt["added"] = 1
        spoilt.index.name = spoilt.columns.name = "spoilt"
        spoilt.attrs["table"] = "spoilt"
        again = tables.load("plant_output")
        pd.testing.assert_frame_equal(again, want)
        assert again.attrs == {"table": "plant_output"}

    def test_the_first_one_is_a_copy_too(self):
        loading._loaded.pop("omissions", None)
        tables.load("omissions").iloc[:, 0].array[0] = "spoilt"
        assert "spoilt" not in set(tables.load("omissions").iloc[:, 0])

    def test_a_table_is_made_once(self, monkeypatch):
        tables.load("omissions")
        monkeypatch.setattr(loading, "_cast", None)  # calling it fails
        assert len(tables.load("omissions")) > 0

    def test_a_file_that_was_changed_is_read_anew(self, copy):
        before = tables.load("omissions")
        path = copy / "omissions.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:-1]), encoding="utf-8", newline="")
        assert len(tables.load("omissions")) == len(before) - 1


class TestMishaps:
    """What a student's spoilt copy says: which file, which row, which column."""

    def test_a_typing_slip_gets_the_nearest_name(self):
        with pytest.raises(tables.TableError, match=r"no table 'reactor'\. .*'reactors'"):
            tables.load("reactor")

    def test_a_name_like_none_is_told_where_the_list_is(self):
        with pytest.raises(tables.TableError, match=r"tables\.catalogue\(\)"):
            tables.load("zzz")

    def test_a_missing_file_is_named(self, copy):
        (copy / "reactors.csv").unlink()
        with pytest.raises(tables.TableError, match=r"'reactors' has no file reactors\.csv in "):
            tables.load("reactors")

    def test_no_tables_at_all(self, tmp_path, monkeypatch):
        monkeypatch.setattr(files, "__file__", str(tmp_path / "course" / "tables" / "files.py"))
        with pytest.raises(tables.TableError, match="install the course again"):
            tables.folder()

    @pytest.mark.parametrize(
        ("column", "value", "wanted"),
        [
            ("year", "MMXX", "a year"),
            ("year", "2020.5", "a year"),
            ("data_centre_gwh", "1,291", "wants a whole number"),
            ("data_centre_gwh", "inf", "wants a whole number"),
            ("data_centre_gwh", "-4", "a minimum of 0"),
            ("quarter", "7", "a maximum of 4"),
            ("quarter_start", "01/04/2020", "a date such as 2025-11-19"),
            ("all_metered_gwh", "", "a value, and finds an empty cell"),
        ],
    )
    def test_a_wrong_cell_is_named_with_row_and_column(self, copy, column, value, wanted):
        cell(copy, "ireland_quarterly", 7, column, value)
        with pytest.raises(tables.TableError) as caught:
            tables.load("ireland_quarterly")
        said = str(caught.value)
        assert f"ireland_quarterly.csv, row 7, column {column!r}" in said
        assert re.search(wanted, said)

    def test_a_value_that_is_none_of_those_allowed(self, copy):
        cell(copy, "reactors", 9, "status", "resting")
        with pytest.raises(tables.TableError, match=r"row 9, column 'status': 'resting'.*one of"):
            tables.load("reactors")

    def test_neither_true_nor_false(self, copy):
        cell(copy, "forecasts", 3, "open_ended", "perhaps")
        with pytest.raises(tables.TableError, match=r"row 3, column 'open_ended'.*true or false"):
            tables.load("forecasts")

    def test_a_column_lost_or_renamed(self, copy):
        cell(copy, "omissions", 1, "claims", "claim")
        with pytest.raises(
            tables.TableError, match=r"omissions\.csv, row 1: .*missing: claims; unknown: claim\)"
        ):
            tables.load("omissions")

    def test_a_row_cut_short(self, copy):
        path = copy / "omissions.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[4] = "O4,Money"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with pytest.raises(
            tables.TableError, match=r"omissions\.csv, row 5: 2 cells .* end at column 'omitted'"
        ):
            tables.load("omissions")

    def test_an_empty_file(self, copy):
        (copy / "omissions.csv").write_bytes(b"")
        with pytest.raises(tables.TableError, match=r"row 1: .*missing: omission_id, omitted"):
            tables.load("omissions")

    @pytest.mark.parametrize("read", [tables.load, files.rows], ids=["load", "rows"])
    def test_bytes_that_are_not_utf_8(self, copy, read):
        path = copy / "omissions.csv"
        path.write_bytes(path.read_bytes().replace(b"Money", b"Mon\xe9y"))
        with pytest.raises(
            tables.TableError, match=r"omissions\.csv, row 5, column 'omitted': a byte"
        ):
            read("omissions")

    def test_a_source_that_is_not_listed(self, copy):
        cell(copy, "omissions", 2, "source", "hearsay")
        with pytest.raises(tables.TableError, match=r"omissions.csv names the source 'hearsay'"):
            tables.sources("omissions")
