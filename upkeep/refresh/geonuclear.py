"""Reactors of the world, from GeoNuclearData as continued by Nowalski.

One CSV file, a row a unit, made from the World Nuclear Association's public pages: ``Capacity`` is
the design net capacity in MWe, ``OperationalFrom`` the start of commercial operation (or the first
grid connection where that is not known). Under the ODbL 1.0: the table stays under it.

What the list has not and our table has, the capacities of the IAEA's PRIS (2015), dates of grid
connection and notes, is kept from the present table, unit by unit. So is what we mended: while the
list still says what ``conflicts_with`` names, our value stands; a new value of the list is taken.

References
----------
- https://github.com/Nowalski/GeoNuclearData (read me, licence)
- https://raw.githubusercontent.com/Nowalski/GeoNuclearData/master/data/csv/denormalized/nuclear_power_plants.csv
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from upkeep.refresh.recipe import Recipe, Row, Source
from upkeep.refresh.web import Record, records

__all__ = ["Reactors"]

STATUS = {
    "Operational": "operational",
    "Under Construction": "under_construction",
    "Planned": "planned",
    "Shutdown": "shutdown",
}
KEPT = (
    "reference_net_capacity_mw",
    "gross_capacity_mw",
    "thermal_capacity_mw",
    "capacity_year",
    "grid_connection",
    "note",
    "conflicts_with",
)
# What a second list was compared with: a new value of one has no witness yet.
WITNESSED = (
    "construction_start",
    "commercial_operation",
    "permanent_shutdown",
    "net_capacity_mw",
)
# Countries that the tables call by another name.
NAMES = {"Türkiye": "Turkey"}
_COLUMNS = [
    *("DisplayName", "PlantName", "Country", "Status", "ReactorType", "ReactorModel", "Capacity"),
    *("ConstructionStartAt", "OperationalFrom", "OperationalTo", "Latitude", "Longitude"),
]
_CONFLICT = re.compile(r"(\w+)=([^;\[]*) \[([a-z0-9-]+)\]")
_PLACES = Decimal("0.0001")  # degrees: ten metres, and the list is no more exact


class Reactors(Recipe):
    """The table ``reactors``."""

    name = "geonuclear"
    table = "reactors"
    base_url = "https://raw.githubusercontent.com/Nowalski/GeoNuclearData/master"
    source = Source(
        key="geonuclear-list",
        title="GeoNuclearData as continued by Nowalski, from the World Nuclear Association's list",
        publisher="GeoNuclearData / Nowalski",
        address=f"{base_url}/data/csv/denormalized/nuclear_power_plants.csv",
        grade="R",
        licence="ODbL 1.0",
        note="design net capacity; operational includes suspended units; some dates are a day "
        "early",
        grade_reason="Compiled list that names its sources and is kept in public",
    )
    replaces = "geonuclear"
    steady: ClassVar = {"net_capacity_mw": 0.01}

    def read(self) -> list[Record]:
        """Fetch the whole list."""
        path = "data/csv/denormalized/nuclear_power_plants.csv"
        return records(self.web.get(path, "the list of reactors, a CSV file"), _COLUMNS)

    def shape(self, raw: list[Record]) -> list[Row]:
        """Take the list's columns, and keep what only our table knows of a unit."""
        before, codes, rows = self.by_key(), self.codes(), []
        for record in raw:
            unit, country = record.text("DisplayName"), record.text("Country")
            country = NAMES.get(country, country)
            if country not in codes:
                raise record.fault("Country", "a country that a table has a code for", country)
            if record.text("Status") not in STATUS:
                raise record.fault("Status", f"one of {', '.join(STATUS)}", record.text("Status"))
            old = before.get((unit,))
            row = {
                "reactor": unit,
                "plant": record.text("PlantName"),
                "country": country,
                "country_iso3": codes[country],
                "status": STATUS[record.text("Status")],
                "reactor_type": record.text("ReactorType"),
                "model": record.text("ReactorModel"),
                "net_capacity_mw": record.number("Capacity"),
                "construction_start": record.day("ConstructionStartAt"),
                "commercial_operation": record.day("OperationalFrom"),
                "permanent_shutdown": record.day("OperationalTo"),
                "latitude": _degrees(record, "Latitude"),
                "longitude": _degrees(record, "Longitude"),
                "source": self.cite(old),
                **{column: old[column] if old else "" for column in KEPT},
            }
            rows.append(row | (self._mended(row, old) if old else {}))
        return rows

    def _mended(self, row: Row, old: Row) -> Row:
        """Give our own values where the list still has what we found wrong in it."""
        mine, kept = {}, []
        for column, value, key in _CONFLICT.findall(old["conflicts_with"]):
            if key not in (self.replaces, self.source.key):
                kept.append(f"{column}={value} [{key}]")
            elif row.get(column) == value:
                mine[column] = old[column]
                kept.append(f"{column}={value} [{self.source.key}]")
        mine["conflicts_with"] = "; ".join(kept)
        same = all((row | mine)[column] == old[column] for column in WITNESSED)
        for column in ("confirmed_columns", "confirmed_by"):
            mine[column] = old[column] if same else ""
        return mine

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """No unit ends before it starts, none is larger than any ever built, statuses are there."""
        for row in rows:
            if row["permanent_shutdown"] and row["permanent_shutdown"] < row["construction_start"]:
                yield f"{row['reactor']}: shut down before construction began"
            if float(row["net_capacity_mw"] or 0) > 2000:
                yield f"{row['reactor']}: {row['net_capacity_mw']} MW, more than any unit has"
        for status in STATUS.values():
            if not any(row["status"] == status for row in rows):
                yield f"no unit is {status}"

    def coverage(self, rows: list[Row]) -> str:
        """Say countries, units by status and the day."""
        count = Counter(row["status"] for row in rows)
        return (
            f"{len({row['country'] for row in rows})} countries, {len(rows):,} units: "
            f"{count['operational']} operational, {count['under_construction']} under "
            f"construction, {count['construction_suspended']} with construction suspended, "
            f"{count['planned']} planned, {count['shutdown']} shut down; as of "
            f"{self.today.day} {self.today:%B %Y}"
        )

    def describe(self, resource: dict, rows: list[Row]) -> None:
        """Name the new day of the statuses."""
        super().describe(resource, rows)
        resource["vintage"] = resource["retrieved"] = self.today.isoformat()
        day = f"{self.today.day} {self.today:%B %Y}"
        for field in resource["schema"]["fields"]:
            if field["name"] == "status":
                field["description"] = (
                    f"As of {day}; operational includes suspended units; construction_suspended: "
                    "begun, stopped, not given up"
                )


def _degrees(record: Record, column: str) -> str:
    exact = record.number(column)
    return str(Decimal(exact).quantize(_PLACES).normalize()) if exact else ""
