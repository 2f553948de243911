"""What holds for every table: ``faults`` says in sentences what does not.

Beyond what Frictionless validates (types, limits, primary keys), the house's own rules: size, form
of the files, sources that resolve, and a description whole enough to teach from.
"""

from __future__ import annotations

import csv
import json
import logging
import re
from pathlib import Path

__all__ = ["BYTES", "CHECKS", "LESSONS", "ROWS", "STRANDS", "faults"]

ROWS, BYTES = 5_000, 1_000_000
STRANDS = ["trade", "energy and compute", "reactors", "claims and sources"]
LESSONS = [
    "00-start",
    "01-claims",
    "02-sources",
    "03-chip-trade",
    "04-counterfactuals",
    "05-compute-gap",
    "06-megawatts",
    "07-reactor-sizes",
    "08-time-and-cost",
    "09-schism",
    "10-verdicts",
    "11-capstone",
]
# Licences that bind what is made of a table, which it therefore has to keep.
_BOUND = {"datacentres_mapped": "ODbL-1.0", "reactors": "ODbL-1.0", "supply_shares": "CC-BY-NC-4.0"}
# Where a column's keys lead: by table and column, or by column alone.
_TO = {
    ("", "source"): ("sources", "key"),
    ("forecast_outcomes", "forecast_id"): ("forecasts", "forecast_id"),
    ("reactor_costs", "reactor"): ("reactors", "reactor"),
    ("us_reactor_outages", "reactor"): ("us_reactor_units", "reactor"),
}
# What each source has; address and day of reading too, but for what stands on no page.
_WHOLE_SOURCE = ("title", "publisher", "published", "grade", "grade_reason", "licence")
_NO_PAGE = "not read from a page"
# Sites that carry others' texts: what was read there has its address in read_at.
_COPIES = [
    "1119.maymay6760.eu.org",
    "agorahub/pen0",
    "anccranes.com",
    "arcxiv.org",
    "arxiver.lazybrains.com",
    "arxivlens.com",
    "auto-epoch.owid.pages.dev",
    "businesstelegraph.co.uk",
    "chernobyltwentyfive.org",
    "cultureru.com",
    "docslib.org",
    "efinder.lk",
    "europesays.com",
    "exbulletin.com",
    "forum.finance.ua",
    "fxbaogao.com",
    "github.cotory.com",
    "greaterwrong.com",
    "humanprogress.org",
    "indiaenvironmentportal.org.in",
    "javigos.com",
    "mediated.wiki",
    "news.yahoo.com",
    "nucnet.herokuapp.com",
    "pubt.io",
    "reference.org",
    "republicofmining.com",
    "review.clateway.com",
    "rumble.com",
    "srnnews.com",
    "staging.",
    "stage.",
    "strategicstudyindia.com",
    "studyres.com",
    "tech-pt.netlify.app",
    "tomesphere.com",
    "tutordasher.com",
    "upsite.com",
    "wikimili.com",
    "wnn.origindigital.co",
    "yumpu.com",
]
_NUMBERS = ("integer", "number")
# Ids of the SPDX list that tables have; others are LicenseRef-... with a title in words.
_SPDX = {"CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0", "Etalab-2.0", "MIT", "ODbL-1.0"}
_OWN_LICENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
# What the Data Package standard has for the whole, and every one of which we give.
_WHOLE = ("name", "id", "title", "description", "version", "created", "keywords")
_WHOLE += ("contributors", "licenses", "sources")
_TOLD = ("title", "description", "what_it_is_not", "coverage", "traps", "licenses")
_TOLD += ("second_witness", "would_change")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def _resources(folder: Path) -> list[dict]:
    return _package(folder)["resources"]


def _rows(folder: Path, resource: dict) -> list[dict[str, str]]:
    with (folder / resource["path"]).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _fields(resource: dict) -> dict[str, dict]:
    return {field["name"]: field for field in resource["schema"]["fields"]}


def valid(folder: Path) -> list[str]:
    """Say what Frictionless finds wrong with the data package and its files."""
    from frictionless import Package

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    report = Package(str(folder / "datapackage.json")).validate()
    said = [error.message for error in report.errors]
    for task in report.tasks:
        said += [f"{Path(task.place).name}: {error.message}" for error in task.errors]
    return said


def files_known(folder: Path) -> list[str]:
    """Say which CSV file no resource describes."""
    known = {resource["path"] for resource in _resources(folder)}
    return [
        f"{path.name} is in no resource of datapackage.json"
        for path in sorted(folder.glob("*.csv"))
        if path.name not in known
    ]


def small(folder: Path) -> list[str]:
    """Say which table is larger than a lesson should load."""
    said = []
    for resource in _resources(folder):
        rows, size = len(_rows(folder, resource)), (folder / resource["path"]).stat().st_size
        if rows >= ROWS or size >= BYTES:
            said.append(
                f"{resource['path']} has {rows:,} rows and {size:,} bytes: keep it under "
                f"{ROWS:,} and {BYTES:,}"
            )
    return said


def form(folder: Path) -> list[str]:
    """Say where a file is not UTF-8 with plain line ends and plain numbers."""
    said = []
    for resource in _resources(folder):
        name, fields = resource["path"], _fields(resource)
        raw = (folder / name).read_bytes()
        if b"\r" in raw or not raw.endswith(b"\n") or raw.startswith(b"\xef\xbb\xbf"):
            said.append(f"{name}: wants line ends of one \\n, the last line too, and no mark")
        for number, row in enumerate(_rows(folder, resource), start=2):
            for column, cell in row.items():
                if cell != cell.strip():
                    said.append(f"{name}, row {number}, column {column!r}: spaces around {cell!r}")
                if fields[column]["type"] in _NUMBERS and re.fullmatch(r"-?\d+\.0+", cell):
                    said.append(
                        f"{name}, row {number}, column {column!r}: write {cell} without '.0'"
                    )
    return said


def order(folder: Path) -> list[str]:
    """Say which table is not sorted as its ``order``, or else its primary key, declares."""
    said = []
    for resource in _resources(folder):
        fields = _fields(resource)
        columns = resource.get("order", resource["schema"]["primaryKey"])

        def place(row: dict, columns: list = columns, fields: dict = fields) -> tuple:
            numeric = [fields[name]["type"] in (*_NUMBERS, "year") for name in columns]
            return tuple(
                (row[name] == "", float(row[name]) if number and row[name] else row[name])
                for name, number in zip(columns, numeric, strict=True)
            )

        rows = _rows(folder, resource)
        places = [place(row) for row in rows]
        for number in range(1, len(places)):
            if places[number - 1] > places[number]:
                said.append(
                    f"{resource['path']}, row {number + 2}: not sorted by {', '.join(columns)}"
                )
                break
    return said


def keys_unique(folder: Path) -> list[str]:
    """Say which table has two rows of one primary key."""
    said = []
    for resource in _resources(folder):
        columns, seen = resource["schema"]["primaryKey"], {}
        for number, row in enumerate(_rows(folder, resource), start=2):
            key = tuple(row[column] for column in columns)
            if key in seen:
                said.append(
                    f"{resource['path']}, row {number}: the key {key} stands in row {seen[key]} too"
                )
            seen.setdefault(key, number)
    return said


def sources_of(row: dict[str, str]) -> list[str]:
    """Give the keys of all sources of a row: what it is from, bears it out, differs or decides."""
    keys = row["source"].split("|")
    for column in ("confirmed_by", "resolved_by"):
        keys += [key for key in row.get(column, "").split("|") if key]
    return keys + re.findall(r"\[([^\]]+)\]", row.get("conflicts_with", ""))


def sources_resolve(folder: Path) -> list[str]:
    """Say which row names no source, or one that ``sources.csv`` has not; and which goes unused."""
    said, used = [], set()
    resources = _resources(folder)
    known = {
        row["key"]
        for resource in resources
        if resource["name"] == "sources"
        for row in _rows(folder, resource)
    }
    for resource in resources:
        # A key between square brackets in the words on a table is a witness of the whole of it.
        used.update(re.findall(r"\[([\w.-]+)\]", resource.get("second_witness", "")))
        if resource["name"] == "sources":
            continue
        for number, row in enumerate(_rows(folder, resource), start=2):
            keys = sources_of(row)
            used.update(keys)
            said += [
                f"{resource['path']}, row {number}: the source {key!r} is not in sources.csv"
                for key in keys
                if key not in known
            ]
    said += [
        f"sources.csv: no row names {key!r}: let a row or a second_witness name it, or drop it"
        for key in sorted(known - used)
    ]
    return said


def sources_complete(folder: Path) -> list[str]:
    """Say which source lacks a part, or has a copy for its address."""
    said = []
    for resource in _resources(folder):
        if resource["name"] != "sources":
            continue
        for number, row in enumerate(_rows(folder, resource), start=2):
            where = f"sources.csv, row {number} ({row['key']})"
            said += [f"{where}: no {part}" for part in _WHOLE_SOURCE if not row[part]]
            no_page = _NO_PAGE in row["note"]
            if no_page == bool(row["address"]) or no_page == bool(row["accessed"]):
                said.append(
                    f"{where}: wants an address and the day it was read, or neither and "
                    f"{_NO_PAGE!r} in its note"
                )
            for address in filter(None, row["address"].split(" ; ")):
                if not re.fullmatch(r"https?://[^\s;]+", address):
                    said.append(f"{where}: {address!r} is no address")
                if copy := next((host for host in _COPIES if host in address), None):
                    said.append(f"{where}: {copy} copies others; give the original's address")
    return said


def foreign_keys(resource: dict, rows: list[dict[str, str]]) -> list[dict]:
    """Give the foreign keys that a table's schema declares, those of single keys that is.

    Parameters
    ----------
    resource : dict
        The table's entry in the data package.
    rows : list of dict of str
        Its rows.

    Returns
    -------
    list of dict
        As Frictionless wants them. A column with several keys in a cell cannot have one: `joined`
        looks into that.
    """
    name, found = resource["name"], []
    for column in _fields(resource):
        to = _TO.get((name, column)) or _TO.get(("", column))
        if not to and column.endswith("_iso3"):
            to = ("countries", "country_iso3")
        if to and to[0] != name and not any("|" in row[column] for row in rows):
            reference = {"resource": to[0], "fields": [to[1]]}
            found.append({"fields": [column], "reference": reference})
    return found


def joined(folder: Path) -> list[str]:
    """Say which column lacks its foreign key, and which of several keys in a cell names nothing."""
    said = []
    resources = {resource["name"]: resource for resource in _resources(folder)}
    rows = {name: _rows(folder, resource) for name, resource in resources.items()}

    def known(name: str, column: str) -> set[str]:
        return {row[column] for row in rows.get(name, [])}

    several = {
        "claims": known("claims", "claim_id"),
        "lessons": set(LESSONS),
        "country_iso3": known("countries", "country_iso3"),
    }
    for name, resource in resources.items():
        wanted = foreign_keys(resource, rows[name])
        if resource["schema"].get("foreignKeys", []) != wanted:
            said.append(f"{name}: its foreign keys should be {json.dumps(wanted)}: `make tables`")
        of_table = several | {"conflicts_with": known("published_figures", "figure_id")}
        for column in _fields(resource):
            if column == "conflicts_with" and name != "published_figures":
                continue
            if column in of_table and name != "countries":
                for number, row in enumerate(rows[name], start=2):
                    said += [
                        f"{resource['path']}, row {number}, column {column!r}: there is no {key!r}"
                        for key in filter(None, row[column].split("|"))
                        if key not in of_table[column]
                    ]
    return said


def described(folder: Path) -> list[str]:
    """Say which table or column is not described whole."""
    said = []
    resources = _resources(folder)
    claims = {
        row["claim_id"]
        for resource in resources
        if resource["name"] == "claims"
        for row in _rows(folder, resource)
    }
    for resource in resources:
        name = resource["name"]
        said += [f"{name}: no {key}" for key in _TOLD if not resource.get(key)]
        vintage, retrieved = resource.get("vintage", ""), resource.get("retrieved", "")
        if not _DAY.fullmatch(retrieved):
            said.append(f"{name}: retrieved {retrieved!r} is no day, such as 2026-11-25")
        if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", vintage):
            said.append(f"{name}: vintage {vintage!r} is no month or day, such as 2026-03")
        elif vintage > retrieved:
            said.append(f"{name}: its vintage, {vintage}, is later than the day it was retrieved")
        if not resource.get("lessons") and not resource.get("kept_for"):
            said.append(
                f"{name}: no lesson's code reads it; say in kept_for why it stays, or let it go"
            )
        said += [f"{name}: a claim {c!r}" for c in resource.get("claims", []) if c not in claims]
        said += [f"{name}: a lesson {x!r}" for x in resource.get("lessons", []) if x not in LESSONS]
        if resource.get("strand") not in STRANDS:
            said.append(f"{name}: strand {resource.get('strand')!r} is none of {STRANDS}")
        licences = {licence["name"] for licence in resource.get("licenses", [])}
        if name in _BOUND and _BOUND[name] not in licences:
            said.append(f"{name}: has to stay under {_BOUND[name]}")
        for column, field in _fields(resource).items():
            if not field.get("description"):
                said.append(f"{name}.{column}: no description")
            if field["type"] in _NUMBERS and not field.get("unit"):
                said.append(f"{name}.{column}: a number without a unit (or 'rank', 'ratio' ...)")
    return said


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def titled(folder: Path) -> list[str]:
    """Say which column's title only repeats its name, or stands over two columns of a table."""
    said = []
    for resource in _resources(folder):
        seen: dict[str, str] = {}
        for column, field in _fields(resource).items():
            title = field.get("title", "")
            if _plain(title) in ("", _plain(column)):
                said.append(
                    f"{resource['name']}.{column}: the title {title!r} is the name again; say in "
                    "words what the column holds, and its unit"
                )
            elif title in seen:
                said.append(f"{resource['name']}.{column}: the title {title!r} is {seen[title]}'s")
            seen.setdefault(title, column)
    return said


def whole(folder: Path) -> list[str]:
    """Say what the package does not tell of itself: version, origin, licences and the like."""
    package = _package(folder)
    said = [f"datapackage.json: no {key}" for key in _WHOLE if not package.get(key)]
    for part in [package, *package["resources"]]:
        name = part["name"]
        for source in part.get("sources", []):
            if not (source.get("title") and source.get("path")):
                said.append(f"{name}: a source without title or path: {source}")
        for licence in part.get("licenses", []):
            known = licence["name"] in _SPDX or _OWN_LICENCE.fullmatch(licence["name"])
            if not known:
                said.append(
                    f"{name}: the licence {licence['name']!r} is no SPDX id that we know and no "
                    "LicenseRef-..."
                )
            if not licence.get("title"):
                said.append(f"{name}: the licence {licence['name']!r} has no title in words")
    return said


CHECKS = [
    files_known,
    valid,
    small,
    form,
    order,
    keys_unique,
    sources_resolve,
    sources_complete,
    joined,
    described,
    titled,
    whole,
]


def faults(folder: Path) -> list[str]:
    """Say everything that is wrong with the tables of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where ``datapackage.json`` and the CSV files are.

    Returns
    -------
    list of str
        Sentences with file, row and column; empty when all is well.
    """
    return [fault for check in CHECKS for fault in check(folder)]
