"""Electricity by country and year, from Our World in Data's energy table.

One CSV file with a row a country and year and some 130 columns, described column by column in
``owid-energy-codebook.csv`` of the same project. It is built from Ember's yearly electricity data
and the Energy Institute's *Statistical Review of World Energy*, in TWh and per cent. Aggregates
have an empty ``iso_code``, or one that begins with ``OWID``.

References
----------
- https://github.com/owid/energy-data (read me, code book, licence CC BY 4.0)
- https://owid-public.owid.io/data/energy/owid-energy-data.csv (the file)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from upkeep.refresh.recipe import Recipe, Row, Source
from upkeep.refresh.web import CHANGED, Record, SourceError, records

__all__ = ["Electricity"]

FIRST_YEAR = 2000
MEASURES = {
    "population": "population",
    "generation_twh": "electricity_generation",
    "nuclear_twh": "nuclear_electricity",
    "nuclear_share_pct": "nuclear_share_elec",
    "gas_twh": "gas_electricity",
    "coal_twh": "coal_electricity",
    "hydro_twh": "hydro_electricity",
    "renewables_share_pct": "renewables_share_elec",
    "carbon_intensity_g_per_kwh": "carbon_intensity_elec",
}


class Electricity(Recipe):
    """The table ``electricity_by_country``: the countries it has, in all years from 2000 on."""

    name = "owid"
    table = "electricity_by_country"
    base_url = "https://owid-public.owid.io/data/energy"
    source = Source(
        key="owid-electricity",
        title="Electricity generation by source and carbon intensity",
        publisher="Our World in Data, from Ember and the Energy Institute",
        address=f"{base_url}/owid-energy-data.csv ; https://github.com/owid/energy-data",
        grade="R",
        licence="CC BY 4.0",
        note="a processed compilation; generation, not demand",
        grade_reason="Processed compilation by a research group that names its two sources",
    )
    steady: ClassVar = {"generation_twh": 0.03, "nuclear_twh": 0.03, "population": 0.03}

    def read(self) -> list[Record]:
        """Fetch the whole file: some 9 MB."""
        wanted = ["country", "year", "iso_code", *MEASURES.values()]
        expected = "the energy table of Our World in Data, a CSV file"
        return records(self.web.get("owid-energy-data.csv", expected), wanted)

    def shape(self, raw: list[Record]) -> list[Row]:
        """Keep the table's countries, under its names, and the years in which they have data."""
        ours = {row["country_iso3"] or row["country"]: row for row in self.present}
        before, rows, read = self.by_key(), [], set()
        for record in raw:
            kept = ours.get(record.text("iso_code")) or ours.get(record.text("country"))
            year = record.number("year")
            if not kept or float(year) < FIRST_YEAR:
                continue
            read.add(kept["country"])
            measures = {name: record.number(column) for name, column in MEASURES.items()}
            # A year with people alone is one that nobody has reported yet.
            told = any(measures[name] for name in MEASURES if name != "population")
            if told or (kept["country"], year) in before:
                names = {
                    name: kept[name] for name in ("country", "country_iso3", "generation_kind")
                }
                rows.append(names | measures | {"year": year, "source": self.cite()})
        lost = sorted({row["country"] for row in self.present} - read)
        if lost:
            raise SourceError(
                raw[0].address, "every country that the table has", f"none of {lost}", CHANGED
            )
        return rows

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """No part is larger than the whole, and the World is larger than its countries."""
        for row in rows:
            whole = float(row["generation_twh"] or "inf")
            for part in ("nuclear_twh", "gas_twh", "coal_twh", "hydro_twh"):
                if float(row[part] or 0) > whole * 1.001:
                    yield f"{row['country']} {row['year']}: {part} is more than generation_twh"
        world = {row["year"]: float(row["generation_twh"]) for row in rows if _is_world(row)}
        for year, whole in world.items():
            parts = sum(
                float(row["generation_twh"] or 0)
                for row in rows
                if row["year"] == year and row["country_iso3"]
            )
            if parts > whole * 1.001:
                yield f"{year}: the countries add up to more than the World"

    def coverage(self, rows: list[Row]) -> str:
        """Say years, countries and rows."""
        countries = {row["country"] for row in rows if row["country_iso3"]}
        years = sorted(row["year"] for row in rows)
        return (
            f"{len(countries)} countries, the European Union and the World, "
            f"{years[0]}-{years[-1]}, {len(rows):,} rows"
        )


def _is_world(row: Row) -> bool:
    return row["country"] == "World" and bool(row["generation_twh"])
