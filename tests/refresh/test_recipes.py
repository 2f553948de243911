"""Each recipe from end to end against a source on this machine: what it shows, what it writes."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from course import tables
from course.tables import files
from tests.refresh import sources
from tests.refresh.sources import HTML, Reply
from upkeep.refresh import RECIPES
from upkeep.refresh.__main__ import listing, main, refresh
from upkeep.refresh.difference import difference
from upkeep.refresh.recipe import Recipe
from upkeep.refresh.web import SourceError
from upkeep.tables import package

TODAY = date(2026, 11, 2)
BY_TABLE = {recipe.table: recipe for recipe in RECIPES}
COMTRADE = ("exports_to_russia", "chip_exports")
ALL = sorted(BY_TABLE)

# What is left of each table in the copy, by the columns of its key; and what is put into it, so
# that the made-up answers can be compared with it.
KEPT = {
    "accelerators": ["NVIDIA H100 SXM5 80GB", "AMD Instinct MI300X", "NVIDIA HGX H20"],
    "ai_models": ["Theseus", "GPT-3 175B (davinci)", "GPT-4", "MiniMax-M2", "YaLM", "YandexGPT 3"],
    "ai_sites": ["Colossus 2", "Alibaba Zhangbei"],
    "chip_exports": [("CHN", "2021"), ("TWN", "2021"), ("ABW", "2013")],
    "electricity_by_country": ["Argentina", "Russia", "European Union (27)", "World"],
    "eu_exports_monthly": [(name, "2019-01") for name in ("Armenia", "Russia", "Uzbekistan")],
    "reactors": [
        *("Atucha-1", "Carem25", "Armenian-1", "Kursk 2-1", "Akademik Lomonosov-1", "Bushehr-3"),
    ],
}
SUMMED = {"hs_edition": "HS2017", "summed_by_comtrade": "true"}
PUT = {
    ("CHN", "2021"): {"export_value_usd": "150000000000", **SUMMED},
    ("TWN", "2021"): {"export_value_usd": "119000000000", **SUMMED},
    ("ABW", "2013"): SUMMED,
    ("Russia", "2019-01"): {"export_value_eur": "6500000000"},
    ("Uzbekistan", "2019-01"): {"export_value_eur": "160000000"},
}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A copy of the tables in which those to refresh have a few rows."""
    folder = tmp_path_factory.mktemp("small") / "datasets"
    shutil.copytree(tables.folder(), folder, ignore=shutil.ignore_patterns("pictures"))
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    resources = {entry["name"]: entry for entry in json.loads(text)["resources"]}
    for table, kept in KEPT.items():
        key = resources[table]["schema"]["primaryKey"]
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                place = tuple(row[column] for column in key)
                late = table != "electricity_by_country" or row["year"] >= "2023"
                if (place in kept or place[0] in kept) and late:
                    writer.writerow(row | PUT.get(place, {}))
    return folder


@pytest.fixture
def folder(small, tmp_path):
    return Path(shutil.copytree(small, tmp_path / "datasets"))


@pytest.fixture(scope="module")
def served():
    with sources.serving() as (source, url):
        yield source, url


@pytest.fixture
def source(served):
    """The source in good order; a test may spoil it."""
    served[0].fault, served[0].spoils = None, ""
    served[0].asked.clear()
    yield served[0]
    served[0].fault, served[0].spoils = None, ""


@pytest.fixture
def url(served, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    return served[1]


@pytest.fixture
def loaded_from(folder, monkeypatch):
    """Let `course.tables` read the copy, and forget it afterwards."""
    caches = [thing for thing in vars(files).values() if hasattr(thing, "cache_clear")]
    monkeypatch.setattr(files, "folder", lambda: folder)
    for cache in caches:
        cache.cache_clear()
    yield folder
    for cache in caches:
        cache.cache_clear()


@pytest.fixture(params=ALL)
def table(request):
    if request.param in COMTRADE:
        pytest.importorskip("comtradeapicall")
    return request.param


def made(table: str, folder: Path, url: str, **more) -> Recipe:
    return BY_TABLE[table](folder, url, today=TODAY, pause_s=0, **more)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# (added, removed, cells changed without the sources), and lines that the list must show.
# Columns that name the list, which has another key then, or tell which values have a witness.
KEYED = ("source", "conflicts_with", "confirmed_columns", "confirmed_by")
SHOWN = {
    "exports_to_russia": (1144, 0, 0, ["ARE, 2015, 8415", "and 1,124 more"]),
    "chip_exports": (37, 0, 1, ["TWN, 2021 · export_value_usd: 119000000000 -> 120000000000"]),
    "ai_models": (
        1,
        0,
        1,
        [
            "Made-up 1",
            "GPT-4 · training_flop: 2.1e25 -> 2.2e25 (+4.8 %)",
            "1 rows without a name or a date of publication left out",
        ],
    ),
    "accelerators": (
        2,
        0,
        1,
        ["Made-up A1", "NVIDIA HGX H20 · release_price_usd: 12000 -> 13000 (+8.3 %)"],
    ),
    "ai_sites": (
        1,
        0,
        1,
        [
            "Colossus 2, 2027-03-01",
            "facility_power_mw: 1276 -> 1300 (+1.9 %)",
            "left out, of no known country: Somewhere",
        ],
    ),
    "eu_exports_monthly": (
        549,
        0,
        1,
        [
            "Uzbekistan, 2019-01 · export_value_eur: 160000000 -> 170000000 (+6.2 %)",
            "months after 2026-08 are left out: only RUS have them",
        ],
    ),
    "reactors": (
        1,
        0,
        2,
        [
            "Ramna 1-1",
            "Carem25 · status: construction_suspended -> operational",
            "Carem25 · commercial_operation: (empty) -> 2026-09-30",
        ],
    ),
    "electricity_by_country": (
        1,
        0,
        1,
        ["Russia, 2026", "Russia, 2024 · generation_twh: 1209.31 -> 1212.3 (+0.25 %)"],
    ),
}


def test_every_recipe_is_tested_here():
    assert sorted(SHOWN) == ALL


def test_a_run_without_write_shows_what_would_change_and_changes_nothing(
    table, folder, source, url, capsys
):
    before = content(folder)
    recipe = made(table, folder, url)
    assert refresh(recipe)
    shown = capsys.readouterr().out
    added, removed, changed, lines = SHOWN[table]
    assert f"{added:,} added, {removed:,} removed" in shown
    for line in lines:
        assert line in shown
    candidate = recipe.validate(recipe.shape(recipe.read()))
    cells = [change for change in candidate.difference.changed if change.column not in KEYED]
    assert len(cells) == changed
    assert "Nothing is written" in shown
    assert content(folder) == before


def test_write_gives_a_table_that_is_valid_and_loads(table, loaded_from, source, url, capsys):
    folder = loaded_from
    before = content(folder)
    recipe = made(table, folder, url)
    rows = len(recipe.present)
    assert refresh(recipe, write=True)
    assert "make tables" in capsys.readouterr().out

    after = content(folder)
    assert {name for name in after if after[name] != before.get(name)} == {
        *(f"{table}.csv", "datapackage.json", "sources.csv"),
    }
    frame = tables.load(table)
    added, removed, *_ = SHOWN[table]
    assert len(frame) == rows + added - removed
    entry = {entry["name"]: entry for entry in json.loads(after["datapackage.json"])["resources"]}
    assert entry[table]["refreshed"] == "2026-11-02"
    assert tables.sources(table).loc[recipe.source.key, "rows"] == len(frame)
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as handle:
        cited = {row["key"]: row for row in csv.DictReader(handle)}
    assert cited[recipe.source.key]["accessed"] == "2026-11-02"
    assert f"{table}  " in listing(folder) and "2026-11-02" in listing(folder)

    # A second run finds nothing to do.
    again = content(folder)
    assert refresh(made(table, folder, url), write=True)
    assert "nothing to write" in capsys.readouterr().out
    assert content(folder) == again


def test_a_table_refreshed_keeps_the_rules_of_the_house(folder, source, url):
    quick = [check for check in package.CHECKS if check is not package.valid]
    before = {fault for check in quick for fault in check(folder)}
    for table in ("reactors", "eu_exports_monthly"):  # those whose rows change their source
        assert refresh(made(table, folder, url), write=True)
    assert {fault for check in quick for fault in check(folder)} <= before


def test_what_only_our_table_knows_of_a_unit_is_kept(loaded_from, source, url):
    assert refresh(made("reactors", loaded_from, url), write=True)
    units = tables.load("reactors").set_index("reactor")
    lomonosov = units.loc["Akademik Lomonosov-1"]
    assert lomonosov["gross_capacity_mw"] == 38 and lomonosov["grid_connection"].year == 2019
    assert lomonosov["source"] == "geonuclear-list|fnpp-cost|iaea-pris"
    assert units.loc["Ramna 1-1", "country_iso3"] == "GHA"
    assert units.loc["Ramna 1-1", "latitude"] == 5.1235


def test_units_are_turned_by_powers_of_ten_exactly(loaded_from, source, url):
    for table in ("accelerators", "ai_models", "ai_sites"):
        assert refresh(made(table, loaded_from, url), write=True)
    chip = tables.load("accelerators").set_index("accelerator").loc["NVIDIA H100 SXM5 80GB"]
    assert (chip["dense_fp16_tflops"], chip["memory_gb"], chip["tdp_w"]) == (989.4, 80, 700)
    assert (
        chip["datasheet"]
        == "https://resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet"
    )
    models = tables.load("ai_models").set_index("model")
    assert models.loc["Made-up 1", "training_power_mw"] == 5.7
    assert models.loc["Made-up 1", "countries"] == "South Korea, United States"
    assert models.loc["Made-up 1", "country_iso3"] == "KOR|USA"
    both = models.loc["GPT-4"]
    assert both["in_notable_set"] and both["in_large_scale_set"]
    assert both["training_flop_2025_02"] == 2.1e25
    steps = tables.load("ai_sites").set_index(["site", "date"])
    assert not steps.loc[("Colossus 2", "2026-07-01"), "projected"]
    assert steps.loc[("Colossus 2", "2027-03-01"), "projected"]
    assert set(tables.load("ai_sites")["owner"]) == {"SpaceXAI", "Alibaba"}


def test_a_mended_rating_stays_until_the_source_changes_its_own(loaded_from, source, url, capsys):
    path = loaded_from / "accelerators.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = {row["accelerator"]: row for row in csv.DictReader(handle)}
    rows["NVIDIA H100 SXM5 80GB"] |= {
        "tdp_w": "650",
        "conflicts_with": "tdp_w=700 [epoch-hardware]; memory_gb=81 [wiki-gpus]",
    }
    rows["NVIDIA HGX H20"] |= {"tdp_w": "390", "conflicts_with": "tdp_w=410 [epoch-hardware]"}
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows["NVIDIA HGX H20"]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    assert refresh(made("accelerators", loaded_from, url), write=True)
    assert "NVIDIA HGX H20: tdp_w was 410 there, look again" in capsys.readouterr().out
    chips = tables.load("accelerators").set_index("accelerator")
    assert chips.loc["NVIDIA H100 SXM5 80GB", "tdp_w"] == 650
    assert chips.loc["NVIDIA H100 SXM5 80GB", "conflicts_with"].startswith("tdp_w=700 [")
    assert chips.loc["NVIDIA HGX H20", "tdp_w"] == 400
    assert pd.isna(chips.loc["NVIDIA HGX H20", "conflicts_with"])
    assert chips.loc["AMD Instinct MI300X", "confirmed_by"].startswith("amd-datasheets|")


def test_comtrade_is_asked_as_its_package_asks(folder, source, url, monkeypatch):
    pytest.importorskip("comtradeapicall")
    made("exports_to_russia", folder, url).read()
    path, query = source.asked[0]
    assert path == "/public/v1/preview/C/A/HS" and len(source.asked) == 11
    assert query["period"] == "2015" and query["partnerCode"] == "643"
    assert query["cmdCode"] == "8415,8418,8471,8473,8486,8517,8541,8542"
    assert query["motCode"] == "0" and query["customsCode"] == "C00"

    monkeypatch.setenv("COMTRADE_KEY", "a-secret")
    source.asked.clear()
    made("exports_to_russia", folder, url).read()
    path, query = source.asked[0]
    assert path == "/data/v1/get/C/A/HS" and query["subscription-key"] == "a-secret"


def test_a_key_is_never_shown(folder, source, url, monkeypatch):
    pytest.importorskip("comtradeapicall")
    monkeypatch.setenv("COMTRADE_KEY", "a-secret")
    source.fault = lambda good: good._replace(status=403, body=b'{"message": "no"}')
    with pytest.raises(SourceError) as caught:
        made("exports_to_russia", folder, url).read()
    assert "a-secret" not in str(caught.value) and "period=2015" in str(caught.value)


def test_the_preview_may_not_be_cut(folder, source, url, monkeypatch):
    pytest.importorskip("comtradeapicall")
    monkeypatch.setattr("upkeep.refresh.comtrade.PREVIEW_LIMIT", 100)
    with pytest.raises(SourceError, match="the preview cuts there"):
        made("exports_to_russia", folder, url).read()


def test_the_newest_year_may_be_missing_and_no_other(folder, source, url):
    pytest.importorskip("comtradeapicall")

    def without(year: str):
        def fault(good: Reply) -> Reply:
            empty = json.dumps({"count": 0, "data": [], "error": ""}).encode()
            return good._replace(body=empty) if source.asked[-1][1]["period"] == year else good

        return fault

    source.fault = without("2025")
    recipe = made("exports_to_russia", folder, url)
    assert len(recipe.shape(recipe.read())) == 1040
    assert recipe.notes == ["2025 is not there yet"]
    source.fault = without("2021")
    with pytest.raises(SourceError, match="an empty answer"):
        made("exports_to_russia", folder, url).read()


# --- Every fault leaves the tables as they are, and says what happened and what to do.
def renamed(good: Reply) -> Reply:
    """Rename one column or key that each recipe needs."""
    body = good.body
    for old, new in (
        (b"electricity_generation", b"electricity_generation_twh"),
        (b"DisplayName", b"DisplayedName"),
        (b"Publication date", b"Date of publication"),
        (b"Memory (bytes)", b"Memory (B)"),
        (b"Data center,", b"Site,"),
        (b'"indicators"', b'"indicator"'),
        (b'"primaryValue"', b'"tradeValue"'),
        (b'"reporterCodeIsoAlpha3"', b'"iso3"'),
    ):
        body = body.replace(old, new)
    return good._replace(body=body)


FAULTS = {
    "timeout": (lambda good: good._replace(wait_s=5), "it timed out", "later"),
    "429": (
        lambda good: Reply(
            b'{"statusCode": 429, "message": "Rate limit is exceeded. Try again in 26 seconds."}',
            429,
            "application/json",
            (("Retry-After", "26"),),
        ),
        "Rate limit is exceeded",
        "Wait 26 seconds",
    ),
    "503": (lambda good: Reply(b"Service Unavailable", 503), "status 503", "later"),
    "413": (
        lambda good: Reply(b'{"error": [{"status": 413, "label": "EXTRACTION_TOO_BIG"}]}', 413),
        "EXTRACTION_TOO_BIG",
        "in some minutes",
    ),
    "404": (lambda good: Reply(b"not here", 404), "status 404", "mend the recipe"),
    "web page": (lambda good: Reply(HTML.encode(), kind="text/html"), "a web page", "browser"),
    "web page that says it is data": (
        lambda good: good._replace(body=HTML.encode()),
        "a web page",
        "browser",
    ),
    "empty": (lambda good: good._replace(body=b""), "an empty answer", "later"),
    "broken off": (
        lambda good: good._replace(body=good.body[:-40], missing=40),
        "closed the connection too early",
        "later",
    ),
    "cut": (
        lambda good: good._replace(body=good.body[: len(good.body) * 3 // 5]),
        ("cut off or garbled", "breaks off or is garbled"),
        "try again",
    ),
    "garbled": (
        lambda good: good._replace(body=good.body[:200] + b"\xff\xfe\x00" + good.body[200:]),
        "no UTF-8 text",
        "mend the recipe",
    ),
    "renamed": (renamed, ("no column", "no dimension", "no primaryValue", "other names"), "mend"),
}


def run(table: str, folder: Path, url: str, capsys, timeout: str = "5") -> str:
    """Refresh and write from the command line; give what stands on stderr.

    Nothing may be written, so all faults are tried on one copy of the tables.
    """
    before = content(folder)
    options = ["--write", "--base-url", url, "--folder", str(folder)]
    assert main([table, *options, "--timeout", timeout, "--pause", "0"]) == 1
    assert content(folder) == before
    return capsys.readouterr().err


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_the_table_and_names_what_happened(table, fault, small, source, url, capsys):
    source.fault, came, advice = FAULTS[fault]
    said = run(table, small, url, capsys, "0.2" if fault == "timeout" else "5")
    source.over.set()
    source.over.clear()
    assert any(words in said for words in ([came] if isinstance(came, str) else came))
    assert advice in said
    assert f"{BY_TABLE[table].name}: {table} was not refreshed" in said
    assert url in said and "expected: " in said


def test_a_source_that_is_down(table, small, url, capsys):
    with sources.serving() as (_, gone):
        pass
    said = run(table, small, gone, capsys)
    assert "no connection" in said and gone in said and "network" in said


@pytest.mark.parametrize(
    ("table", "path"),
    [("ai_models", "large_scale_ai_models.csv"), ("ai_sites", "data_center_timelines.csv")],
)
def test_a_fault_in_the_second_file(table, path, small, source, url, capsys):
    source.fault, source.spoils = FAULTS["web page"][0], path
    said = run(table, small, url, capsys)
    assert path in said and "a web page" in said


def replaced(old: bytes, new: bytes):
    return lambda good: good._replace(body=good.body.replace(old, new))


WRONG = {
    "another unit": ("electricity_by_country", "thousandfold", "another unit"),
    "no number": (
        "electricity_by_country",
        replaced(b",1212.3,", b",n/a,"),
        "column 'electricity_generation'",
    ),
    "country gone": (
        "electricity_by_country",
        replaced(b"World,", b"Earth,"),
        "none of ['World']",
    ),
    "part above the whole": (
        "electricity_by_country",
        replaced(b",1212.3,", b",100.3,"),
        "is more than generation_twh",
    ),
    "unknown status": ("reactors", replaced(b"Planned", b"Suspended"), "column 'Status'"),
    "unknown country": ("reactors", replaced(b"Ghana", b"Atlantis"), "Atlantis"),
    "key twice": ("reactors", replaced(b"Ramna 1-1", b"Atucha-1"), "primary key"),
    "no date": ("reactors", replaced(b"2026-09-30", b"30.9.2026"), "'30.9.2026'"),
    "new word": ("ai_models", replaced(b",Likely,", b",Probable,"), 'constraint "enum"'),
    "model twice": ("ai_models", replaced(b"YaLM", b"YandexGPT 3"), "twice"),
    "country without a code": (
        "ai_models",
        replaced(b"Korea (Republic of)", b"Ruritania"),
        "Add the name to SHORT",
    ),
    "IT above the site": ("ai_sites", replaced(b"1300.0", b"13.0"), "IT draws more"),
    "board of a megawatt": ("accelerators", replaced(b"1400.0", b"1400000.0"), "1400000 W"),
    "another flow": (
        "eu_exports_monthly",
        replaced(b'{"2": 0}', b'{"1": 0}'),
        "flow ['1']",
    ),
    "no values": (
        "eu_exports_monthly",
        lambda good: good._replace(body=good.body.partition(b'"value"')[0] + b'"value": {}}'),
        "no values at all",
    ),
    "a month missing": (
        "eu_exports_monthly",
        lambda good: good._replace(body=good.body.replace(b'"7": ', b'"6": ')),
        "months are missing",
    ),
    "Eurostat's queue": (
        "eu_exports_monthly",
        lambda good: Reply(
            b'{"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}}',
            kind="application/json",
        ),
        "ASYNCHRONOUS_RESPONSE",
    ),
    "another partner": (
        "exports_to_russia",
        replaced(b'"partnerCode": 643', b'"partnerCode": 0'),
        "column 'partnerCode'",
    ),
    "dollars in thousands": (
        "exports_to_russia",
        lambda good: good._replace(
            body=good.body.replace(b"000000.0", b"000.0").replace(b"12345678.25", b"12345.67825")
        ),
        "1 to 100 billion are possible",
    ),
    "new edition": ("exports_to_russia", replaced(b'"H5"', b'"H9"'), "'classificationCode'"),
    "Comtrade's own error": (
        "exports_to_russia",
        lambda good: Reply(b'{"count": 0, "data": [], "error": "Invalid period"}'),
        "Invalid period",
    ),
}


def thousandfold(good: Reply) -> Reply:
    """Print generation in GWh."""
    lines = good.body.decode().splitlines()
    column = lines[0].split(",").index("electricity_generation")
    cells = [line.split(",") for line in lines]
    for row in cells[1:]:
        row[column] = str(float(row[column]) * 1000) if row[column] else ""
    return good._replace(body="\n".join(",".join(row) for row in cells).encode())


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_refused(case, small, source, url, capsys):
    table, fault, expected = WRONG[case]
    if table in COMTRADE:
        pytest.importorskip("comtradeapicall")
    source.fault = thousandfold if fault == "thousandfold" else fault
    assert expected in run(table, small, url, capsys)


def test_half_of_the_rows_is_no_new_state_of_a_table(small, source, url, capsys):
    kept = 3
    source.fault = lambda good: good._replace(
        body=b"".join(good.body.splitlines(keepends=True)[: kept + 1])
    )
    said = run("reactors", small, url, capsys)
    assert f"{kept} rows where the table has 6" in said


def test_a_folder_that_cannot_be_written_keeps_its_files(folder, source, url, monkeypatch):
    recipe = made("reactors", folder, url)
    candidate = recipe.validate(recipe.shape(recipe.read()))
    before = content(folder)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        recipe.write(candidate)
    assert content(folder) == before


def test_the_list_of_recipes(folder, capsys):
    assert main(["--folder", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "not here yet" in shown and "as compiled" in shown
    for recipe in RECIPES:
        assert recipe.table in shown and recipe.source.licence in shown


def test_a_name_that_is_no_recipe(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["owidd"])
    assert caught.value.code == 2 and "owid" in capsys.readouterr().err


def test_an_address_that_is_none(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["owid", "--base-url", "owid.example"])
    assert caught.value.code == 2 and "'owid.example' is no address" in capsys.readouterr().err


def test_a_source_runs_all_its_tables(folder, source, url, capsys):
    source.fault, source.spoils = FAULTS["empty"][0], "ml_hardware.csv"
    assert main(["epoch", "--base-url", url, "--folder", str(folder), "--pause", "0"]) == 1
    shown = capsys.readouterr()
    assert "ai_models, from Epoch AI" in shown.out and "ai_sites, from Epoch AI" in shown.out
    assert "accelerators was not refreshed" in shown.err


def test_long_lists_are_cut_with_a_count():
    fields = [{"name": "unit", "type": "string"}, {"name": "mw", "type": "number"}]
    before = [{"unit": f"A-{i}", "mw": "100"} for i in range(30)]
    after = [{"unit": f"A-{i}", "mw": f"{100 + i}"} for i in range(30)]
    found = difference(before, after, fields, ["unit"])
    lines = list(found.lines(limit=3))
    assert lines[:3] == [
        "rows: 30 here, 30 there",
        "      0 added, 0 removed, 29 changed",
        "      29 cells change, 0 of them by less than 0.1 %",
    ]
    assert lines[4] == "  A-29 · mw: 100 -> 129 (+29 %)"
    assert lines[-1] == "  ... and 26 more (--all shows them)"
    assert len(list(found.lines(limit=None))) == 4 + 29
