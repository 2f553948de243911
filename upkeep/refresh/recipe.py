"""What every recipe has in common: read, shape, validate, write."""

from __future__ import annotations

import csv
import io
import json
import shutil
import statistics
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from upkeep.refresh.difference import Difference, difference
from upkeep.refresh.web import SourceError, Web
from upkeep.tables import derived, package

__all__ = ["Candidate", "Recipe", "Row", "Source"]

Row = dict[str, str]
# What only our table knows of a row: why it is set aside, and who bears or contradicts it.
_OURS = ("flag", "flag_note", "confirmed_by", "conflicts_with")
_NUMBERS = ("integer", "number", "year")
_SAID = 5
_PACKAGE, _SOURCES = "datapackage.json", "sources.csv"
_BESIDE = ("claims", "countries", "sources")  # tables that the house's rules look into


class Source(NamedTuple):
    """A row of ``sources.csv``, without the days of publication and of reading."""

    key: str
    title: str
    publisher: str
    address: str
    grade: str
    licence: str
    note: str
    grade_reason: str


class Candidate(NamedTuple):
    """What a recipe would write: files whole and checked, by name, in the order of writing."""

    rows: list[Row]
    files: dict[str, bytes]
    difference: Difference


class Recipe(ABC):
    """One table and the interface it comes from.

    Parameters
    ----------
    folder : pathlib.Path
        Where ``datapackage.json``, ``sources.csv`` and the table are.
    base_url : str, optional
        Where the source is, if it has moved; by default the published address.
    timeout_s : float, optional
        Seconds to wait for each part of an answer.
    today : datetime.date, optional
        Day of reading, which the table then names.
    pause_s : float, optional
        Seconds between two requests to one source.

    Attributes
    ----------
    resource : dict
        The table's description: the one it has, or `new_resource` for a table not here yet.
    present : list of Row
        Rows the table has; none for a table not here yet.
    notes : list of str
        What the instructor should know about what was read.
    published : str
        When the source says that it was updated; empty if it does not say.
    """

    name: ClassVar[str]  # what the command line calls the source: the module
    table: ClassVar[str]
    base_url: ClassVar[str]
    source: ClassVar[Source]
    replaces: ClassVar[str] = ""  # key that rows bore which were compiled by another way
    shrink_limit: ClassVar[float] = 0.1  # share of the rows that may go at once
    steady: ClassVar[dict[str, float]] = {}  # columns and how far their median may move

    def __init__(
        self,
        folder: Path,
        base_url: str | None = None,
        timeout_s: float = 60.0,
        today: date | None = None,
        pause_s: float = 1.0,
    ) -> None:
        self.folder = folder
        self.web = Web(base_url or self.base_url, timeout_s)
        self.today = today or datetime.now(UTC).date()
        self.pause_s = pause_s
        self.notes: list[str] = []
        self.published = ""
        text = (folder / _PACKAGE).read_text(encoding="utf-8")
        self._package = json.loads(text)
        known = {resource["name"]: resource for resource in self._package["resources"]}
        self.exists = self.table in known
        self.resource = known[self.table] if self.exists else self.new_resource()
        self.present = _read_rows(folder / self.resource["path"]) if self.exists else []

    @abstractmethod
    def read(self) -> Any:
        """Fetch what the source has.

        Raises
        ------
        SourceError
            If it does not give it.
        """

    @abstractmethod
    def shape(self, raw: Any) -> list[Row]:
        """Turn it into our columns, units and source keys.

        Raises
        ------
        SourceError
            If it is not of the shape that the recipe knows.
        """

    @abstractmethod
    def coverage(self, rows: list[Row]) -> str:
        """Say in a sentence which years and places the rows cover."""

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """Say what cannot be true of the rows, beyond what the data package forbids."""
        return ()

    def describe(self, resource: dict, rows: list[Row]) -> None:
        """Change what the data package says of the table: coverage, vintage, day of refreshing."""
        resource["coverage"] = self.coverage(rows)
        resource["refreshed"] = resource["retrieved"] = self.today.isoformat()
        resource["vintage"] = self._vintage(rows) or resource["retrieved"]

    def _vintage(self, rows: list[Row]) -> str:
        """Find the newest month or day in the rows that is not yet to come."""
        kinds = {"date": "", "yearmonth": "", "year": "-12"}
        dated = {
            field["name"]: kinds[field["type"]]
            for field in self.resource["schema"]["fields"]
            if field["type"] in kinds
        }
        found = {row[column] + month for row in rows for column, month in dated.items()}
        today = self.today.isoformat()
        return max((day for day in found if len(day) > 3 and day <= today), default="")

    def new_resource(self) -> dict:
        """Give the description of a table that is not here yet."""
        raise ValueError(f"{self.table!r} is in no resource of {self.folder / _PACKAGE}")

    def validate(self, rows: list[Row]) -> Candidate:
        """Refuse rows that do not fit the table; make the files that would be written.

        Parameters
        ----------
        rows : list of Row
            What `shape` gave.

        Returns
        -------
        Candidate
            Files that passed Frictionless, the house's rules and the recipe's own.

        Raises
        ------
        SourceError
            With what does not fit, the first few sentences of it.
        """
        fields = self.resource["schema"]["fields"]
        columns = [field["name"] for field in fields]
        before = self.by_key() if self.present else {}
        primary = self.resource["schema"]["primaryKey"]
        rows = [
            {column: old[column] for column in _OURS if column in old} | row
            for row in rows
            for old in [before.get(tuple(row.get(column, "") for column in primary), {})]
        ]
        rows = self._sorted([{column: row.get(column, "") for column in columns} for row in rows])
        wrong = [*self._like_before(rows), *self.sane(rows)]
        if wrong:
            raise self._unfit(wrong)

        resource = json.loads(json.dumps(self.resource))
        self.describe(resource, rows)
        derived.bound(resource, rows)
        files = {_SOURCES: self._sources(), resource["path"]: _csv(columns, rows)}
        files[_PACKAGE] = self._described(resource, files)
        wrong = self._house_rules(resource, rows, files)
        if wrong:
            raise self._unfit(wrong)
        key = resource["schema"]["primaryKey"]
        return Candidate(rows, files, difference(self.present, rows, fields, key))

    def write(self, candidate: Candidate) -> None:
        """Put the files in place, each at once: whoever reads sees the old one or the new.

        Parameters
        ----------
        candidate : Candidate
            What `validate` gave.

        Raises
        ------
        OSError
            If the folder cannot be written; nothing is replaced then.
        """
        beside = {name: self.folder / f".{name}.new" for name in candidate.files}
        try:
            for name, content in candidate.files.items():
                beside[name].write_bytes(content)
            for name, path in beside.items():
                path.replace(self.folder / name)
        finally:
            for path in beside.values():
                path.unlink(missing_ok=True)

    def cite(self, row: Row | None = None) -> str:
        """Join the recipe's source key with those that a row of the table already names."""
        own = self.source.key
        others = row["source"].split("|") if row else []
        return "|".join([own, *(key for key in others if key not in (own, self.replaces))])

    def by_key(self) -> dict[tuple[str, ...], Row]:
        """Index the present rows by their primary key."""
        key = self.resource["schema"]["primaryKey"]
        return {tuple(row[column] for column in key): row for row in self.present}

    def codes(self) -> dict[str, str]:
        """Collect the country codes that the tables use, by country name."""
        known = {}
        for resource in self._package["resources"]:
            names = {field["name"] for field in resource["schema"]["fields"]}
            pairs = [(name, f"{name}_iso3") for name in names if f"{name}_iso3" in names]
            if pairs:
                for row in _read_rows(self.folder / resource["path"]):
                    known |= {row[name]: row[code] for name, code in pairs if len(row[code]) == 3}
        return known

    def _sorted(self, rows: list[Row]) -> list[Row]:
        """Sort rows as the data package declares, what is empty last."""
        types = {field["name"]: field["type"] for field in self.resource["schema"]["fields"]}
        columns = self.resource.get("order", self.resource["schema"]["primaryKey"])

        def place(row: Row) -> tuple:
            return tuple(
                (not row[name], float(row[name]) if row[name] and number else row[name])
                for name, number in ((name, types[name] in _NUMBERS) for name in columns)
            )

        return sorted(rows, key=place)

    def _like_before(self, rows: list[Row]) -> Iterable[str]:
        """Say where the rows are too unlike the table to be the same statistic."""
        least = (1 - self.shrink_limit) * len(self.present)
        if len(rows) < max(least, 1):
            yield (
                f"{len(rows):,} rows where the table has {len(self.present):,}: a part of the "
                "data, or another selection"
            )
        key = self.resource["schema"]["primaryKey"]
        before = self.by_key()
        for column, limit in self.steady.items():
            ratios = [
                float(row[column]) / float(old[column])
                for row in rows
                if (old := before.get(tuple(row[name] for name in key)))
                and row[column]
                and float(old[column] or 0)
            ]
            middle = statistics.median(ratios) if ratios else 1.0
            if abs(middle - 1) > limit:
                yield (
                    f"{column} is {middle:.4g} times what the table has (median of "
                    f"{len(ratios):,} rows): another unit or another definition?"
                )

    def _house_rules(self, resource: dict, rows: list[Row], files: dict[str, bytes]) -> list[str]:
        """Say what Frictionless and the house forbid, from a small package around the table."""
        others = [known for known in self._package["resources"] if known["name"] in _BESIDE]
        beside = [
            row
            for known in others
            if known["path"] != _SOURCES
            for row in _read_rows(self.folder / known["path"])
        ]
        named = {key for row in [*rows, *beside] for key in package.sources_of(row)}
        cited = [row for row in _parsed(files[_SOURCES]) if row["key"] in named]
        # The small package has fewer sources, so the files are not held to hash and length.
        loose = [
            {key: value for key, value in known.items() if key not in ("hash", "bytes")}
            for known in [resource, *others]
        ]
        package_text = json.dumps(self._package | {"resources": loose})
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            for known in others:
                shutil.copy(self.folder / known["path"], folder)
            (folder / resource["path"]).write_bytes(files[resource["path"]])
            (folder / _SOURCES).write_bytes(_csv(list(cited[0]), cited))
            (folder / _PACKAGE).write_text(package_text, encoding="utf-8")
            return package.faults(folder)

    def _unfit(self, wrong: list[str]) -> SourceError:
        more = len(wrong) - _SAID
        said = [*wrong[:_SAID], *([f"and {more:,} more faults"] if more > 0 else [])]
        return SourceError(
            self.web.base_url,
            f"rows that fit the table {self.table}",
            "\n            ".join(said),
            "Look whether the source has changed what it counts. If the new figures are right, "
            "change the data package or the recipe's limits on purpose.",
        )

    def _sources(self) -> bytes:
        """Write ``sources.csv`` with the recipe's own source as it was read today."""
        rows = {row["key"]: row for row in _read_rows(self.folder / _SOURCES)}
        header = list(next(iter(rows.values())))
        rows[self.source.key] = {
            "published": self.published or "undated",
            "accessed": self.today.isoformat(),
            **self.source._asdict(),
        }
        return _csv(header, [rows[key] for key in sorted(rows)])

    def _described(self, resource: dict, files: dict[str, bytes]) -> bytes:
        """Write ``datapackage.json`` with the table's description changed or added."""
        others = [known for known in self._package["resources"] if known["name"] != self.table]
        resources = [
            known | derived.measured(files[known["path"]]) if known["path"] in files else known
            for known in sorted([*others, resource], key=lambda known: known["name"])
        ]
        text = json.dumps(self._package | {"resources": resources}, indent=2, ensure_ascii=False)
        return f"{text}\n".encode()


def _parsed(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def _read_rows(path: Path) -> list[Row]:
    return _parsed(path.read_bytes())


def _csv(columns: list[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
