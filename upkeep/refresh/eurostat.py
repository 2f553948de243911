"""Monthly exports of the EU to Russia and its neighbours, from Eurostat's Comext.

The dissemination API of Comext answers in JSON-stat 2.0. Dataset ``DS-045409`` (EU trade since 1988
by HS2-4-6 and CN8) has the dimensions freq, reporter, partner, product, flow, indicators and time:
here monthly, the EU of 27, one partner a request, product ``TOTAL``, flow 2 (exports),
``VALUE_IN_EUROS``. What is too large is not answered but queued (status 413), so we ask partner by
partner. The newest months are revised for years.

References
----------
- https://ec.europa.eu/eurostat/web/user-guides/data-browser/api-data-access
- https://ec.europa.eu/eurostat/api/comext/dissemination/statistics/1.0/data/DS-045409
- https://json-stat.org
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any, ClassVar

from upkeep.refresh.recipe import Recipe, Row, Source
from upkeep.refresh.web import CHANGED, QUEUED, Answer, SourceError, plain_number

__all__ = ["MonthlyExports"]

PARTNERS = {
    "ARM": ("AM", "Armenia"),
    "GEO": ("GE", "Georgia"),
    "KAZ": ("KZ", "Kazakhstan"),
    "KGZ": ("KG", "Kyrgyzstan"),
    "RUS": ("RU", "Russia"),
    "UZB": ("UZ", "Uzbekistan"),
}
FIRST_MONTH = "2019-01"
EXPECTED = "monthly exports as JSON-stat, with id, size, dimension and value"


class MonthlyExports(Recipe):
    """The table ``eu_exports_monthly``."""

    name = "eurostat"
    table = "eu_exports_monthly"
    base_url = "https://ec.europa.eu/eurostat/api/comext/dissemination"
    source = Source(
        key="eurostat-monthly",
        title="EU trade since 1988 by HS2-4-6 and CN8 (DS-045409): monthly exports of the EU27, "
        "all goods",
        publisher="Eurostat",
        address=f"{base_url}/statistics/1.0/data/DS-045409",
        grade="P",
        licence="CC-BY-4.0 (reuse policy)",
        note="Read from Eurostat's own interface; the newest months are revised later",
        grade_reason="Official statistics by the office that counts them",
    )
    replaces = "eurostat"
    steady: ClassVar = {"export_value_eur": 0.02}

    def read(self) -> dict[str, Answer]:
        """Fetch one series a partner."""
        answers = {}
        for number, (iso3, (code, _)) in enumerate(PARTNERS.items()):
            time.sleep(self.pause_s if number else 0)
            query = {
                "format": "JSON",
                "lang": "EN",
                "freq": "M",
                "reporter": "EU27_2020",
                "partner": code,
                "product": "TOTAL",
                "flow": "2",
                "indicators": "VALUE_IN_EUROS",
                "sinceTimePeriod": FIRST_MONTH,
            }
            answers[iso3] = self.web.get("statistics/1.0/data/DS-045409", EXPECTED, query)
        return answers

    def shape(self, raw: dict[str, Answer]) -> list[Row]:
        """Unfold the series; end where the slowest partner ends."""
        series = {}
        for iso3, answer in raw.items():
            document = answer.json(EXPECTED)
            self._check_selection(answer, document, PARTNERS[iso3][0])
            series[iso3] = _unfold(answer, document)
            self.published = max(self.published, str(document.get("updated", ""))[:10])
        last = min(max(months) for months in series.values())
        ahead = sorted(iso3 for iso3, months in series.items() if max(months) > last)
        if ahead:
            self.notes.append(
                f"months after {last} are left out: only {', '.join(ahead)} have them"
            )
        return [
            {
                "partner_iso3": iso3,
                "partner": PARTNERS[iso3][1],
                "month": month,
                "export_value_eur": value,
                "source": self.cite(),
            }
            for iso3, months in series.items()
            for month, value in months.items()
            if month <= last
        ]

    def sane(self, rows: list[Row]) -> Iterable[str]:
        """Every partner has every month, one after the other."""
        for iso3 in PARTNERS:
            months = sorted(row["month"] for row in rows if row["partner_iso3"] == iso3)
            counted = [int(month[:4]) * 12 + int(month[5:]) for month in months]
            if months[0] != FIRST_MONTH:
                yield f"{iso3} begins in {months[0]}, not in {FIRST_MONTH}"
            if counted != list(range(counted[0], counted[-1] + 1)):
                yield f"{iso3}: months are missing between {months[0]} and {months[-1]}"

    def coverage(self, rows: list[Row]) -> str:
        """Say months, destinations and rows."""
        months = sorted(row["month"] for row in rows)
        return f"{months[0]} to {months[-1]}, six destinations, {len(rows)} rows."

    @staticmethod
    def _check_selection(answer: Answer, document: Any, partner: str) -> None:
        """Refuse an answer to another question than was asked."""
        if isinstance(document, dict) and {"warning", "error"} & set(document):
            came = str(document.get("error") or document["warning"])
            raise SourceError(answer.address, EXPECTED, came, QUEUED)
        if not isinstance(document, dict) or not {"id", "size", "dimension", "value"} <= set(
            document
        ):
            came = document if isinstance(document, list) else list(document)
            raise SourceError(answer.address, EXPECTED, f"JSON with {came[:8]}", CHANGED)
        wanted = {
            "freq": "M",
            "reporter": "EU27_2020",
            "partner": partner,
            "product": "TOTAL",
            "flow": "2",
            "indicators": "VALUE_IN_EUROS",
        }
        missing = {*wanted, "time"} - set(document["id"])
        if missing:
            raise SourceError(
                answer.address,
                f"the dimensions {', '.join([*wanted, 'time'])}",
                f"no dimension {', '.join(sorted(missing))}; there are {document['id']}",
                CHANGED,
            )
        for dimension, code in wanted.items():
            codes = _codes(document, dimension)
            if codes != [code]:
                raise SourceError(
                    answer.address, f"{dimension} {code} alone", f"{dimension} {codes}", CHANGED
                )


def _codes(document: dict, dimension: str) -> list[str]:
    """Give the codes of a dimension in their order."""
    index = document["dimension"][dimension]["category"]["index"]
    return sorted(index, key=index.get) if isinstance(index, dict) else list(index)


def _unfold(answer: Answer, document: dict) -> dict[str, str]:
    """Read the values of a document of which only time has more than one category."""
    months = _codes(document, "time")
    value = document["value"]
    cells = value if isinstance(value, dict) else dict(enumerate(value))
    if math.prod(document["size"]) != len(months):
        raise SourceError(answer.address, "one value a month", f"sizes {document['size']}", CHANGED)
    series = {}
    for place, figure in cells.items():
        if figure is not None:
            try:
                series[months[int(place)]] = plain_number(figure)
            except (ValueError, IndexError):
                raise SourceError(
                    answer.address, "a number a month", f"{figure!r} at {place!r}", CHANGED
                ) from None
    if not series:
        raise SourceError(
            answer.address,
            "a value for every month",
            "no values at all",
            "Open the address without its query in a browser and see which codes the dataset has "
            "now; mend the recipe's query.",
        )
    return dict(sorted(series.items()))
