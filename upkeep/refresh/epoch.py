"""AI models, accelerators and data centres, from the CSV files that Epoch AI publishes.

Three pages, each with a download of plain CSV files under CC BY 4.0: notable and large-scale models
(two overlapping sets: a model in both is one row of ours), machine-learning hardware, and data
centres with their timelines. Watts, FLOP/s and bytes are turned into our MW, TFLOP/s and GB by
powers of ten, without rounding. Owners of data centres carry a mark of confidence
(``Microsoft #confident``), which we leave out.

References
----------
- https://epoch.ai/data/ai-models: notable_ai_models.csv, large_scale_ai_models.csv
- https://epoch.ai/data/machine-learning-hardware: ml_hardware.csv
- https://epoch.ai/data/ai-data-centers: data_centers/data_centers.csv and
  data_centers/data_center_timelines.csv
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from upkeep.refresh.recipe import Recipe, Row, Source
from upkeep.refresh.web import Record, SourceError, records

__all__ = ["Accelerators", "Models", "Sites"]

PUBLISHER, LICENCE = "Epoch AI", "CC BY 4.0"
SHORT = {
    "United States of America": "United States",
    "United Kingdom of Great Britain and Northern Ireland": "United Kingdom",
    "Korea (Republic of)": "South Korea",
    "Iran (Islamic Republic of)": "Iran",
    "Russian Federation": "Russia",
}
NO_COUNTRY = "Multinational"
_SITE = {
    "it_power_mw": "IT power (MW)",
    "facility_power_mw": "Power (MW)",
    "h100_equivalents": "H100 equivalents",
    "capital_cost_usd_bn": "Total capital cost (2025 USD billions)",
}
_CHIP = {
    "tdp_w": ("TDP (W)", "1"),
    "dense_fp16_tflops": ("Tensor-FP16/BF16 performance (FLOP/s)", "1e-12"),
    "fp32_tflops": ("FP32 (single precision) performance (FLOP/s)", "1e-12"),
    "int8_tops": ("INT8 performance (OP/s)", "1e-12"),
    "total_processing_performance": ("Total processing performance (bit-OP/s)", "1e-12"),
    "memory_gb": ("Memory (bytes)", "1e-9"),  # until 2025: Memory size per board (Byte)
    "memory_bandwidth_gb_per_s": ("Memory bandwidth (byte/s)", "1e-9"),
    "process_nm": ("Process size (nm)", "1"),
    "release_price_usd": ("Release price (USD)", "1"),
}
# Columns of the accelerators that do not come from Epoch AI.
_CHECKED = ("announced_date", "confirmed_by", "conflicts_with", "flag", "flag_note")


class _Epoch(Recipe):
    """What the three tables have in common."""

    name = "epoch"
    base_url = "https://epoch.ai/data"

    def _day(self) -> str:
        return f"{self.today.day} {self.today:%B %Y}"


class Models(_Epoch):
    """The table ``ai_models``."""

    table = "ai_models"
    source = Source(
        key="epoch-models",
        title="Notable and large-scale AI models",
        publisher=PUBLISHER,
        address="https://epoch.ai/data/ai-models",
        grade="R",
        licence=LICENCE,
        note="most compute figures are estimates, and are revised",
        grade_reason="Research institute with a stated method and named authors",
    )
    steady: ClassVar = {"training_flop": 0.02, "parameters": 0.02}
    _columns = (
        *("Model", "Organization", "Country (of organization)", "Publication date", "Domain"),
        *("Parameters", "Training compute (FLOP)", "Training time (hours)", "Training hardware"),
        *("Hardware quantity", "Training power draw (W)", "Confidence", "Model accessibility"),
    )

    def read(self) -> dict[str, list[Record]]:
        """Fetch both sets."""
        return {
            column: records(self.web.get(path, "a list of AI models, a CSV file"), self._columns)
            for column, path in (
                ("in_notable_set", "notable_ai_models.csv"),
                ("in_large_scale_set", "large_scale_ai_models.csv"),
            )
        }

    def shape(self, raw: dict[str, list[Record]]) -> list[Row]:
        """Make one row of a model that is in both sets."""
        before, codes = self.by_key(), self.codes()
        rows: dict[str, Row] = {}
        undated = 0
        for column, found in raw.items():
            for record in found:
                if not record.text("Model") or not record.text("Publication date"):
                    undated += 1
                    continue
                row = self._model(record, codes, before.get((record.text("Model"),)))
                known = rows.setdefault(row["model"], row)
                if known[column] == "true":
                    raise record.fault("Model", "a name once in a set", f"{row['model']!r} twice")
                known[column] = "true"
                # One of the two sets leaves the power of some models empty.
                known["training_power_mw"] = known["training_power_mw"] or row["training_power_mw"]
        if undated:
            self.notes.append(f"{undated} rows without a name or a date of publication left out")
        return list(rows.values())

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """Models come out after 1940 and before today; both sets are there."""
        for column in ("in_notable_set", "in_large_scale_set"):
            if not any(row[column] == "true" for row in rows):
                yield f"no model has {column}"
        for row in rows:
            if not "1940" < row["date"] <= self.today.isoformat():
                yield f"{row['model']}: published on {row['date']}"

    def coverage(self, rows: list[Row]) -> str:
        """Say years and sets."""
        notable = sum(row["in_notable_set"] == "true" for row in rows)
        large = sum(row["in_large_scale_set"] == "true" for row in rows)
        years = sorted(row["date"][:4] for row in rows)
        return (
            f"{years[0]}-{years[-1]}: {notable:,} notable and {large:,} large-scale models, "
            f"{notable + large - len(rows):,} of them in both, {len(rows):,} rows"
        )

    def describe(self, resource: dict, rows: list[Row]) -> None:
        """Name the new snapshot."""
        super().describe(resource, rows)
        for field in resource["schema"]["fields"]:
            if field["name"] == "training_flop":
                field["description"] = (
                    f"Computation of the training run, snapshot of {self._day()}, mostly estimated"
                )

    def _model(self, record: Record, codes: dict[str, str], old: Row | None) -> Row:
        countries = _countries(record, "Country (of organization)", codes)
        return {
            "model": record.text("Model"),
            "organization": record.text("Organization"),
            "countries": ", ".join(countries),
            "country_iso3": "|".join(codes[name] for name in countries if name != NO_COUNTRY),
            "date": record.day("Publication date"),
            "domain": _listed(record, "Domain"),
            "in_notable_set": "false",
            "in_large_scale_set": "false",
            "parameters": record.number("Parameters"),
            "training_flop": record.number("Training compute (FLOP)"),
            "training_flop_2025_02": old["training_flop_2025_02"] if old else "",
            "training_hours": record.number("Training time (hours)"),
            "hardware": _listed(record, "Training hardware"),
            "hardware_count": record.number("Hardware quantity"),
            "training_power_mw": record.number("Training power draw (W)", "1e-6"),
            "confidence": record.text("Confidence"),
            "access": record.text("Model accessibility"),
            "source": self.cite(old),
        }


class Accelerators(_Epoch):
    """The table ``accelerators``."""

    table = "accelerators"
    source = Source(
        key="epoch-hardware",
        title="Machine learning hardware",
        publisher=PUBLISHER,
        address="https://epoch.ai/data/machine-learning-hardware",
        grade="R",
        licence=LICENCE,
        note="compiled from makers' data sheets and trade press",
        grade_reason="Research institute with a stated method and named authors",
    )
    steady: ClassVar = {"dense_fp16_tflops": 0.01, "memory_gb": 0.01, "tdp_w": 0.01}

    def read(self) -> list[Record]:
        """Fetch the list."""
        words = ("Hardware name", "Manufacturer", "Type", "Release date", "Foundry")
        wanted = [*words, "Link to datasheet", *(column for column, _ in _CHIP.values())]
        return records(
            self.web.get("ml_hardware.csv", "a list of accelerators, a CSV file"), wanted
        )

    def shape(self, raw: list[Record]) -> list[Row]:
        """Turn units, keep the first address of a data sheet, and what second lists showed."""
        rows, before = [], self.by_key()
        for record in raw:
            link = re.search(r"https?://\S+", record.text("Link to datasheet"))
            numbers = {
                name: record.number(column, times) for name, (column, times) in _CHIP.items()
            }
            rows.append(
                numbers
                | {
                    "accelerator": record.text("Hardware name"),
                    "maker": record.text("Manufacturer"),
                    "kind": record.text("Type"),
                    "release_date": record.day("Release date"),
                    "foundry": _listed(record, "Foundry"),
                    "datasheet": link.group(0).strip('",;') if link else "",
                }
            )
            self._keep_checked(rows[-1], before.get((rows[-1]["accelerator"],)))
        return rows

    def _keep_checked(self, row: Row, old: Row | None) -> None:
        """Carry over what was compared by hand: a mended value stays until the source changes."""
        row["source"] = self.cite(old)
        if not old:
            return
        row |= {column: old[column] for column in _CHECKED}
        kept = []
        for conflict in filter(None, old["conflicts_with"].split("; ")):
            column, _, was = conflict.removesuffix(f" [{self.source.key}]").partition("=")
            if not conflict.endswith(f" [{self.source.key}]"):
                kept.append(conflict)
            elif _same(row[column], was):
                row[column] = old[column]
                kept.append(conflict)
            else:
                self.notes.append(f"{row['accelerator']}: {column} was {was} there, look again")
        row["conflicts_with"] = "; ".join(kept)

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """No board draws more than 20 kW, none has more than a petabyte."""
        for row in rows:
            if float(row["tdp_w"] or 0) > 20_000:
                yield f"{row['accelerator']}: {row['tdp_w']} W"
            if float(row["memory_gb"] or 0) > 10_000:
                yield f"{row['accelerator']}: {row['memory_gb']} GB"

    def coverage(self, rows: list[Row]) -> str:
        """Say how many and when."""
        years = sorted(row["release_date"][:4] for row in rows if row["release_date"])
        return (
            f"{len(rows)} accelerators, {years[0]}-{years[-1]}, makers from the United States, "
            "China and others"
        )


class Sites(_Epoch):
    """The table ``ai_sites``."""

    table = "ai_sites"
    source = Source(
        key="epoch-data-centres",
        title="AI data centers",
        publisher=PUBLISHER,
        address="https://epoch.ai/data/ai-data-centers",
        grade="R",
        licence=LICENCE,
        note="coverage began in the United States",
        grade_reason="Research institute with a stated method and named authors",
    )
    steady: ClassVar = {"facility_power_mw": 0.05, "it_power_mw": 0.05}

    def read(self) -> tuple[list[Record], list[Record]]:
        """Fetch the sites, then their timelines."""
        sites = self.web.get("data_centers/data_centers.csv", "a list of sites, a CSV file")
        steps = self.web.get("data_centers/data_center_timelines.csv", "timelines, a CSV file")
        return (
            records(sites, ["Name", "Country", "Owner", "Current chip types"]),
            records(steps, ["Data center", "Date", *_SITE.values()]),
        )

    def shape(self, raw: tuple[list[Record], list[Record]]) -> list[Row]:
        """Give each step its site's country, owner and chips; what lies after today is a plan."""
        codes = self.codes()
        sites = {record.text("Name"): record for record in raw[0]}
        rows, unknown = [], set()
        for step in raw[1]:
            site = sites.get(step.text("Data center"))
            if site is None or not site.text("Country"):
                unknown.add(step.text("Data center"))
                continue
            country = _countries(site, "Country", codes)[0]
            day = step.day("Date")
            rows.append(
                {name: step.number(column) for name, column in _SITE.items()}
                | {
                    "site": step.text("Data center"),
                    "date": day,
                    "country": country,
                    "country_iso3": codes[country],
                    "owner": re.sub(r"\s*#\w+", "", site.text("Owner")),
                    "projected": "true" if day > self.today.isoformat() else "false",
                    "chips": _listed(site, "Current chip types"),
                    "source": self.cite(),
                }
            )
        if unknown:
            self.notes.append(f"left out, of no known country: {', '.join(sorted(unknown))}")
        return rows

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """A site draws at least what its equipment draws, and less than a country."""
        for row in rows:
            equipment, whole = (float(row[c] or 0) for c in ("it_power_mw", "facility_power_mw"))
            if whole and equipment > whole:
                yield f"{row['site']}, {row['date']}: IT draws more than the whole site"
            if whole > 50_000:
                yield f"{row['site']}, {row['date']}: {whole:,.0f} MW"

    def coverage(self, rows: list[Row]) -> str:
        """Say sites, countries and days."""
        days = sorted(row["date"] for row in rows)
        return (
            f"{len({row['site'] for row in rows})} sites in "
            f"{len({row['country'] for row in rows})} countries, {days[0]} to {days[-1]} "
            f"(later than {self._day()}: projected)"
        )

    def describe(self, resource: dict, rows: list[Row]) -> None:
        """Name the day that parts what was seen from what is planned."""
        super().describe(resource, rows)
        for field in resource["schema"]["fields"]:
            if field["name"] == "projected":
                field["description"] = (
                    f"True when the date lies after the day of reading ({self._day()}): a plan, "
                    "not a fact"
                )


def _same(one: str, other: str) -> bool:
    """Compare two cells, as numbers where they are."""
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _listed(record: Record, column: str) -> str:
    """Write a list with a space after each comma."""
    return re.sub(r"\s*,\s*", ", ", record.text(column))


def _countries(record: Record, column: str, codes: dict[str, str]) -> list[str]:
    """Name the countries of a cell as our tables do, each once, in the order given."""
    listed = [SHORT.get(name.strip(), name.strip()) for name in record.text(column).split(",")]
    countries = list(dict.fromkeys(name for name in listed if name))
    unknown = [name for name in countries if name not in codes and name != NO_COUNTRY]
    if unknown:
        raise _no_code(record, column, unknown)
    return countries


def _no_code(record: Record, column: str, names: list[str]) -> SourceError:
    fault = record.fault(column, "countries that a table has a code for", ", ".join(names))
    fault.advice = "Add the name to SHORT in upkeep/refresh/epoch.py, as our tables spell it."
    return fault
