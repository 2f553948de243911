"""Exports by country and heading, from UN Comtrade through the package ``comtradeapicall``.

The package is the United Nations' own. Without a key it asks the public preview, which gives at
most 500 records a call and about one call a second; with one (free of charge, in the environment
variable ``COMTRADE_KEY``) the ordinary interface. Either is asked once a year of data, for final
annual data of goods (``C``, ``A``, ``HS``), exports (``X``), all customs procedures (``C00``), all
means of transport (``0``) and no second partner (``0``), so that a heading is one record.

The package prints what goes wrong and gives back None, waits as long as the source tells it to and
knows one address only. So its requests go through our `Web`, put in the place of its urllib3.

Country codes are Comtrade's own: the United States are 842, and Taiwan is reported as 490, "Other
Asia, not elsewhere specified". The preview may leave the names of countries empty; they are taken
from the list of reporters.

References
----------
- https://github.com/uncomtrade/comtradeapicall (the package)
- https://comtradeapi.un.org/public/v1/preview/C/A/HS (preview), .../data/v1/get/C/A/HS (with a key)
- https://comtradeapi.un.org/files/v1/app/reference/Reporters.json (codes and names)
- https://comtradedeveloper.un.org/ (keys), https://comtradeplus.un.org/ (the site)
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, ClassVar

from upkeep.refresh.recipe import Recipe, Row, Source
from upkeep.refresh.web import CHANGED, Record, SourceError, Web

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ChipExports", "ExportsToRussia"]

PUBLISHER, LICENCE = (
    "United Nations, UN Comtrade",
    "UN Comtrade: free re-use of small extracts with attribution",
)
BASE_URL = "https://comtradeapi.un.org"
KEY_VARIABLE = "COMTRADE_KEY"
PREVIEW_LIMIT = 500
WORLD, RUSSIA = "0", "643"
REPORTERS = {
    "156": ("CHN", "China"),
    "344": ("HKG", "Hong Kong"),
    "792": ("TUR", "Turkey"),
    "784": ("ARE", "United Arab Emirates"),
    "398": ("KAZ", "Kazakhstan"),
    "417": ("KGZ", "Kyrgyzstan"),
    "51": ("ARM", "Armenia"),
    "410": ("KOR", "South Korea"),
    "392": ("JPN", "Japan"),
    "458": ("MYS", "Malaysia"),
    "276": ("DEU", "Germany"),
    "842": ("USA", "United States"),
    "490": ("TWN", "Taiwan"),
}
GOODS = {
    "8415": "Air conditioners",
    "8418": "Refrigerators and freezers",
    "8471": "Computers",
    "8473": "Parts of computers and office machines",
    "8486": "Machines that make chips",
    "8517": "Telephones and network equipment",
    "8541": "Diodes, transistors and other semiconductor devices",
    "8542": "Integrated circuits",
}
EDITIONS = {
    "H1": "HS1996",
    "H2": "HS2002",
    "H3": "HS2007",
    "H4": "HS2012",
    "H5": "HS2017",
    "H6": "HS2022",
}
_LICENCE = {
    "name": "LicenseRef-UN-Comtrade",
    "title": "UN Comtrade: free re-use of small extracts with attribution to UN Comtrade",
    "path": "https://comtradeplus.un.org/",
}
_TITLES = {
    "reporter_iso3": "Reporter code, ISO 3166-1 alpha-3",
    "reporter": "Exporting country or territory",
    "year": "Calendar year",
    "hs_code": "Customs code, Harmonized System",
    "goods": "What the heading covers",
    "export_value_usd": "Exports to Russia, FOB, USD",
    "net_weight_kg": "Net weight of the goods, kg",
    "hs_edition": "Edition of the Harmonized System",
    "summed_by_comtrade": "Added up by Comtrade?",
    "source": "Keys of the sources",
}
_COLUMNS = [
    *("period", "reporterCode", "flowCode", "partnerCode", "classificationCode", "cmdCode"),
    *("netWgt", "primaryValue", "isAggregate"),
]
_EXPECTED = "trade records as JSON, in a list called data"


class _Comtrade(Recipe):
    """What the two tables have in common."""

    name = "comtrade"
    base_url = BASE_URL
    first_year: int
    partner: str
    reporters: str | None
    headings: tuple[str, ...]

    def read(self) -> list[Record]:
        """Fetch one year after the other; the newest may not be there yet."""
        found: list[Record] = []
        years = range(self.first_year, self.today.year)
        for year in years:
            time.sleep(self.pause_s if found else 0)
            records = self._year(str(year))
            if not records and year == years[-1]:
                self.notes.append(f"{year} is not there yet")
            elif not records:
                raise SourceError(
                    f"{self.web.base_url} (comtradeapicall, {year})",
                    f"records of {', '.join(self.headings)} in {year}",
                    "an empty answer",
                    "Ask for the same year at https://comtradeplus.un.org/. If it has it, the "
                    "codes of the recipe want mending.",
                )
            found += records
        return found

    def _year(self, year: str) -> list[Record]:
        """Ask for one year, and check that the answer is what was asked for."""
        key = os.environ.get(KEY_VARIABLE) or None
        with _package(self.web) as comtradeapicall:
            asked = {
                "typeCode": "C",
                "freqCode": "A",
                "clCode": "HS",
                "period": year,
                "reporterCode": self.reporters,
                "cmdCode": ",".join(self.headings),
                "flowCode": "X",
                "partnerCode": self.partner,
                "partner2Code": "0",
                "customsCode": "C00",
                "motCode": "0",
                "format_output": "JSON",
                "breakdownMode": "classic",
                "includeDesc": True,
            }
            if key:
                frame = comtradeapicall.getFinalData(key, **asked)
            else:
                frame = comtradeapicall.previewFinalData(maxRecords=PREVIEW_LIMIT, **asked)
        address = f"{self.web.base_url} (comtradeapicall, {year})"
        records = _records(frame, address, year)
        if not key and len(records) >= PREVIEW_LIMIT:
            raise SourceError(
                address,
                f"fewer than {PREVIEW_LIMIT} records",
                f"{len(records)}: the preview cuts there",
                f"Get a free key at https://comtradedeveloper.un.org/ and set {KEY_VARIABLE}.",
            )
        for record in records:
            for column, wanted in (
                ("period", (year,)),
                ("flowCode", ("X",)),
                ("partnerCode", (self.partner,)),
                ("cmdCode", self.headings),
            ):
                if record.text(column) not in wanted:
                    raise record.fault(column, " or ".join(wanted), record.text(column))
        return records

    def _row(self, record: Record) -> Row:
        """Shape what both tables have."""
        edition = record.text("classificationCode")
        if edition not in EDITIONS:
            raise record.fault("classificationCode", f"one of {', '.join(EDITIONS)}", edition)
        summed = record.text("isAggregate").lower()
        if summed not in ("true", "false"):
            raise record.fault("isAggregate", "true or false", summed)
        return {
            "year": record.text("period"),
            "hs_code": record.text("cmdCode"),
            "export_value_usd": record.number("primaryValue"),
            "hs_edition": EDITIONS[edition],
            "summed_by_comtrade": summed,
            "source": self.cite(),
        }


class ExportsToRussia(_Comtrade):
    """The table ``exports_to_russia``: it comes to be when an instructor first runs this."""

    table = "exports_to_russia"
    source = Source(
        key="comtrade-russia",
        title="Exports to Russia by heading, as the exporting countries report them",
        publisher=PUBLISHER,
        address="https://comtradeplus.un.org/",
        grade="P",
        licence=LICENCE,
        note="Read from UN Comtrade's own interface",
        grade_reason="Official statistics, put together by the office that collects them",
    )
    first_year = 2015
    partner = RUSSIA
    reporters = ",".join(REPORTERS)
    headings = tuple(GOODS)
    steady: ClassVar = {"export_value_usd": 0.02}

    def shape(self, raw: list[Record]) -> list[Row]:
        """Name reporters and goods in our words."""
        rows = []
        for record in raw:
            if record.text("reporterCode") not in REPORTERS:
                raise record.fault(
                    "reporterCode", "a reporter asked for", record.text("reporterCode")
                )
            iso3, reporter = REPORTERS[record.text("reporterCode")]
            more = {
                "reporter_iso3": iso3,
                "reporter": reporter,
                "goods": GOODS[record.text("cmdCode")],
                "net_weight_kg": record.number("netWgt"),
            }
            rows.append(self._row(record) | more)
        return rows

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """China reports every year; a year is some billions of dollars, not thousands of them."""
        for year in sorted({row["year"] for row in rows}):
            of_year = [row for row in rows if row["year"] == year]
            whole = sum(float(row["export_value_usd"]) for row in of_year)
            reporters = {row["reporter_iso3"] for row in of_year}
            if len(reporters) < len(REPORTERS) / 2:
                yield f"{year}: {len(reporters)} of {len(REPORTERS)} reporters"
            elif "CHN" not in reporters:
                yield f"{year}: nothing from China, the largest of them"
            if not 1e9 < whole < 1e11:
                yield f"{year}: {whole:,.0f} USD in all, where 1 to 100 billion are possible"

    def coverage(self, rows: list[Row]) -> str:
        """Say reporters, headings, years and rows."""
        years = sorted({row["year"] for row in rows})
        reporters = {row["reporter_iso3"] for row in rows}
        return (
            f"{len(reporters)} reporters, {len(GOODS)} headings, {years[0]}-{years[-1]}, "
            f"{len(rows):,} rows."
        )

    def new_resource(self) -> dict:
        """Describe the table for the data package."""

        def field(name: str, kind: str, description: str, unit: str = "", **limits: object) -> dict:
            return (
                {"name": name, "type": kind, "title": _TITLES[name], "description": description}
                | ({"unit": unit} if unit else {})
                | {"constraints": {"required": True} | limits}
            )

        weight = field(
            "net_weight_kg",
            "number",
            "Net weight; often estimated by Comtrade, empty where it gives none",
            "kg",
            minimum=0,
        )
        weight["constraints"].pop("required")
        return {
            "name": self.table,
            "path": f"{self.table}.csv",
            "profile": "tabular-data-resource",
            "title": "Exports of electronics and cooling equipment to Russia",
            "description": "What thirteen makers and hubs of electronics reported as exports to "
            "Russia, by heading and year: chips, computers, phones, chip-making machines, and "
            "fridges and air conditioners beside them.",
            "what_it_is_not": "Not what Russia received: goods sent to a neighbour and carried on "
            "are not here, and smuggled ones nowhere. Not all reporters, and not 'advanced' chips.",
            "coverage": "",
            "traps": [
                "A missing row is missing, not zero: a country may not have reported yet, or have "
                "stopped telling its trade with Russia.",
                "Chips that pass through a hub count as the hub's exports, and again as the "
                "maker's exports to the hub.",
                "A heading is wide: 8471 is computers of all kinds, 8517 mostly mobile phones.",
                "AI accelerator boards cross borders as 8473.30 or 8471, not as 8542.",
                "Fridges and air conditioners are there to compare with: the tale of chips from "
                "fridges wants their numbers.",
                "Taiwan is reported by Comtrade as 'Other Asia, nes'.",
                "Values are FOB and nominal; Russia's own figures would be CIF, and it has "
                "published none since 2022.",
                "Countries report in editions HS2012 to HS2022; headings kept their names, 8541 "
                "and 8517 changed their content in 2022.",
            ],
            "second_witness": "None was compared: Russia publishes no imports by code since 2022. "
            "Taiwan's own customs and Eurostat have theirs in tables of this course.",
            "would_change": "A newer year adds rows, and the newest years are revised.",
            "claims": ["C05", "C09", "C29", "C35"],
            "lessons": ["03-chip-trade", "04-counterfactuals"],
            "licenses": [_LICENCE],
            "sources": [{"title": "UN Comtrade", "path": "https://comtradeplus.un.org/"}],
            "strand": "trade",
            "encoding": "utf-8",
            "format": "csv",
            "mediatype": "text/csv",
            "schema": {
                "fields": [
                    field(
                        "reporter_iso3",
                        "string",
                        "ISO 3166-1 alpha-3 code of the exporting country; Comtrade's 'Other Asia, "
                        "nes' is given as Taiwan (TWN), as is the practice",
                        enum=sorted(iso3 for iso3, _ in REPORTERS.values()),
                    ),
                    field("reporter", "string", "Exporting country or territory"),
                    field("year", "year", "Calendar year", minimum=self.first_year, maximum=2100),
                    field(
                        "hs_code",
                        "string",
                        "Heading of the Harmonized System, four digits",
                        enum=sorted(GOODS),
                    ),
                    field("goods", "string", "What the heading covers, in our words"),
                    field(
                        "export_value_usd",
                        "number",
                        "Exports to Russia, FOB, current US dollars, re-exports included where "
                        "the country counts them",
                        "USD",
                        minimum=0,
                    ),
                    weight,
                    field(
                        "hs_edition",
                        "string",
                        "Edition of the Harmonized System in which the country reported",
                        enum=list(EDITIONS.values()),
                    ),
                    field(
                        "summed_by_comtrade",
                        "boolean",
                        "True where Comtrade added the heading up from its subheadings",
                    ),
                    field(
                        "source", "string", "Keys of the row's sources in sources.csv, joined by |"
                    ),
                ],
                "primaryKey": ["reporter_iso3", "year", "hs_code"],
                "missingValues": [""],
            },
        }


class ChipExports(_Comtrade):
    """The table ``chip_exports``: integrated circuits to the world, by every reporter."""

    table = "chip_exports"
    source = Source(
        key="comtrade",
        title="Exports of integrated circuits (HS 8542) to the world by reporter",
        publisher=PUBLISHER,
        address="https://comtradeplus.un.org/",
        grade="P",
        licence=LICENCE,
        note="Read from UN Comtrade's own interface",
        grade_reason="Official statistics, put together by the office that collects them",
    )
    first_year = 2013
    partner = WORLD
    reporters = None
    headings = ("8542",)
    steady: ClassVar = {"export_value_usd": 0.02}

    def read(self) -> list[Record]:
        """Fetch the list of reporters, then the years."""
        path = "files/v1/app/reference/Reporters.json"
        expected = "the list of reporters as JSON, in a list called results"
        answer = self.web.get(path, expected)
        document = answer.json(expected)
        try:
            self._reporters = {
                str(entry["reporterCode"]): (entry["reporterCodeIsoAlpha3"], entry["text"])
                for entry in document["results"]
            }
        except (KeyError, TypeError):
            raise SourceError(
                answer.address,
                f"{expected}, with reporterCode, reporterCodeIsoAlpha3 and text",
                "other names",
                CHANGED,
            ) from None
        return super().read()

    def shape(self, raw: list[Record]) -> list[Row]:
        """Name reporters as the table does."""
        ours = {row["reporter_iso3"]: row["reporter"] for row in self.present}
        rows = []
        for record in raw:
            code = record.text("reporterCode")
            known = REPORTERS.get(code) or self._reporters.get(code)
            if not known:
                raise record.fault("reporterCode", "a reporter of the list", code)
            iso3, reporter = known
            names = {"reporter_iso3": iso3, "reporter": ours.get(iso3, reporter)}
            rows.append(names | self._row(record))
        return rows

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """A year is hundreds of billions of dollars."""
        for year in sorted({row["year"] for row in rows}):
            whole = sum(float(row["export_value_usd"]) for row in rows if row["year"] == year)
            if not 1e11 < whole < 1e13:
                yield f"{year}: {whole:,.0f} USD in all, where 100 to 10,000 billion are possible"

    def coverage(self, rows: list[Row]) -> str:
        """Say reporters, years and rows, and how many report the newest year."""
        years = sorted({row["year"] for row in rows})
        newest = sum(row["year"] == years[-1] for row in rows)
        before = sum(row["year"] == years[-2] for row in rows)
        return (
            f"{len({row['reporter_iso3'] for row in rows})} reporters, {years[0]}-{years[-1]}, "
            f"{len(rows):,} rows; {years[-1]} has {newest} of about {before} reporters."
        )

    def describe(self, resource: dict, rows: list[Row]) -> None:
        """Let the newest year in, and name it."""
        super().describe(resource, rows)
        newest = max(int(row["year"]) for row in rows)
        resource["description"] = (
            "What each country reported as its exports of integrated circuits (HS 8542) to the "
            f"world, {self.first_year} to {newest}."
        )
        for field in resource["schema"]["fields"]:
            if field["name"] == "year":
                field["constraints"]["maximum"] = newest


@contextmanager
def _package(web: Web) -> Iterator:
    """Give comtradeapicall, its requests going through ``web``."""
    try:
        import comtradeapicall
        from comtradeapicall import PreviewGet
    except ImportError as error:
        raise SourceError(
            web.base_url,
            "the package comtradeapicall",
            f"an import error: {error}",
            "Install the extra: pip install -e '.[refresh]'",
        ) from None
    kept = PreviewGet.urllib3
    PreviewGet.urllib3 = _Door(web, kept.exceptions)
    try:
        yield comtradeapicall
    finally:
        PreviewGet.urllib3 = kept


class _Door:
    """Stands where comtradeapicall has urllib3: the same two names, our way of asking."""

    def __init__(self, web: Web, exceptions: object) -> None:
        self.web, self.exceptions = web, exceptions

    def PoolManager(self) -> _Door:  # noqa: N802 - urllib3's name
        return self

    def request(self, method: str, url: str, fields: dict, timeout: int) -> SimpleNamespace:
        """Fetch through `Web`, and give only what the package can unpack."""
        path = url.removeprefix(BASE_URL)
        params = {name: str(value) for name, value in fields.items()}
        answer = self.web.get(path, _EXPECTED, params, secret="subscription-key")
        document = answer.json(_EXPECTED)
        if not isinstance(document, dict) or not isinstance(document.get("data"), list):
            raise SourceError(
                answer.address, _EXPECTED, f"JSON without it: {answer.text[:120]!r}", CHANGED
            )
        if document.get("error"):
            raise SourceError(answer.address, _EXPECTED, str(document["error"]), CHANGED)
        return SimpleNamespace(status=200, data=json.dumps(document).encode())


def _records(frame: pd.DataFrame, address: str, year: str) -> list[Record]:
    """Turn a frame of the package into records, if it has the columns we need."""
    if frame.empty:
        return []
    missing = [column for column in _COLUMNS if column not in frame]
    if missing:
        raise SourceError(
            address,
            f"records with {', '.join(_COLUMNS)}",
            f"no {', '.join(missing)}; there are {', '.join(map(str, frame.columns))}",
            CHANGED,
        )
    cells = frame[_COLUMNS].astype(object)
    return [
        Record(row, f"record {number} of {year}", address)
        for number, row in enumerate(cells.to_dict("records"), start=1)
    ]
