"""Lesson 03: shares of a trade, and how concentrated they are, by what one chooses to count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    IN_ORDER,
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
    long_labels,
    prediction_rule,
)
from course.explore.wording import gap_by_points, percent
from course.models import trade
from course.slips import called

__all__ = ["chip_suppliers"]

_FIRST, _LAST = 2013, 2024
_OPENING = ("Russia's imports, all goods", 2023)
_ROWS = ("without flagged ones", "as published", "Hong Kong with China", "without Hong Kong")
# Bars shown before the rest is summed up.
_SHOWN = 7
_WIDTH, _NAMES = 260, 190
# Share of the year before from which a part's absence is worth a word.
_LARGE = 0.02


class _Basket(NamedTuple):
    """What is shared out: values by year and part, and what to call them."""

    rows: pd.DataFrame
    of: str
    parts: str
    unit: str
    note: Callable[[int], str] = lambda year: ""
    # Parts with a row that the table flags: out in every year, or years could not be compared.
    flagged: tuple[str, ...] = ()


@called("explore.chip_suppliers")
def chip_suppliers(prediction_pct: float | None = None, **start: Any) -> Explorer | None:
    """Explore who supplies what, and how the answer moves with what is counted.

    Parameters
    ----------
    prediction_pct : float, optional
        What you think the largest supplier's share of Russia's imports of all goods was in 2023,
        in percent. The explorer stays locked without it.
    **start : number or str
        Opening values: ``basket`` (whose trade in which goods), ``year``, ``rows`` (without
        flagged ones, as published, Hong Kong with China, without Hong Kong), ``named`` (how many
        of the largest are known only by their joint share).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    baskets = _baskets()
    controls = [
        Choice(
            "basket", "What is shared out", list(baskets), _OPENING[0],
            hint="codes of the Harmonized System in figures; supply: shares of the world",
            told="“{}”",
        ),
        Range(
            "year", "Year", "", _FIRST, _LAST, _OPENING[1], step=1,
            hint="2024 is incomplete: large reporters are missing", form=".0f", told="{}",
        ),
        Choice(
            "rows", "Rows of the table", _ROWS, _ROWS[0],
            hint="Hong Kong mostly re-exports; flagged: sales to Russia that cannot be true",
            told="rows {}",
        ),
        Range(
            "named", "Known only together: the largest", "", 1, 5, 2, step=1,
            hint="as when a newspaper gives one share for two countries", form=".0f",
        ),
    ]  # fmt: skip

    def outcome(basket, year, rows, named) -> Outcome:
        chosen = baskets[basket]
        used = _nearest_year(chosen.rows, int(year))
        values = _in_year(chosen.rows, used)
        left_out = [part for part in chosen.flagged if part in values and rows != _ROWS[1]]
        values = _kept(values.drop(left_out), rows)
        share = trade.shares(values.sort_values(ascending=False))
        index = trade.herfindahl(share)
        count = min(int(named), len(share))
        together = min(float(share.iloc[:count].sum()), 1.0)
        low, high = trade.herfindahl_bounds(together, count)
        other_year = "" if used == year else f"There are no figures for {year:.0f}. "
        whose = " and ".join(share.index[:count]) if count < 3 else f"the {count} largest"
        joint = f"{100 * together:.0f} %" + (" together" if count > 1 else "")
        among = f"among {len(share)} {chosen.parts}" if len(share) > 1 else "the only one listed"
        told = (
            f"Told only that {whose} had {joint}, you could say {low:,.0f} to {high:,.0f}. "
            if round(low) < round(high)
            else ""
        )
        sentence = (
            f"{other_year}{chosen.of} in {used}: {share.index[0]} has {100 * share.iloc[0]:.1f} % "
            f"of {_amount(values.sum(), chosen.unit)}, {among}. "
            f"The HHI is {index:,.0f}. {told}{chosen.note(used)}"
            + (f"Left out, for their rows are flagged: {', '.join(left_out)}. " if left_out else "")
        )
        largest = 100 * float(share.iloc[0])
        return Outcome(_bars(share, values, chosen, count), sentence, largest)

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        names = long_labels()
        # Names come and go with the basket; the frame stays where it is.
        names.minExtent = _NAMES
        bars = (
            alt.Chart(rows)
            .mark_bar(color=charts.COLOURS[0])
            .encode(
                alt.X("share_pct:Q", title="Share, %").scale(domain=[0, 100], clamp=True),
                alt.Y("part:N", title=None, sort=IN_ORDER, axis=names),
                **MARK_IN_WORDS,
            )
        )
        # Beside the frame, where the prediction's line cannot cross them.
        labels = bars.mark_text(align="left", fontSize=12, color="black").encode(
            x=alt.value(_WIDTH + 8), text="label:N"
        )
        return (bars + labels + prediction_rule(guess)).properties(
            width=_WIDTH,
            height=270,
            title=alt.Title(
                "Who has which share",
                subtitle=[
                    "Source: course tables; each row below names its own",
                    f"(supply_shares: {charts.binding('supply_shares')})",
                ],
            ),
            description="Bars: the share of each of the largest parts, and of all others together; "
            "a dashed line marks your guess. The sentence above has the numbers.",
        )

    return explorer(
        "explore.chip_suppliers",
        Prediction(
            "prediction_pct",
            prediction_pct,
            "percent",
            "What percentage of Russia's imports of all goods came from the largest supplier in "
            "2023?",
            percent,
            gap_by_points,
            high=100,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _baskets() -> dict[str, _Basket]:
    """Every whole that the tables allow to be shared out."""
    russia = tables.load("russia_imports").query("partner != 'World'")
    suppliers = _tidy(russia, "partner", "import_value_musd", "russia_imports", 1e6)
    world = tables.load("chip_exports")
    world = world.assign(reporter=world["reporter"].str.partition(" (")[0])
    reporters = _tidy(world, "reporter", "export_value_usd", "chip_exports")
    taiwan = tables.load("taiwan_chip_exports").query("hs_code == '8542' and whole_year")
    armenia = tables.load("armenia_tech_exports").query("whole_year")
    armenia = armenia.assign(code=armenia["hs_code"] + " " + armenia["goods"].str.partition(":")[0])
    cards = armenia[armenia["hs_code"].str.startswith("8471") | (armenia["hs_code"] == "847330")]
    listed = armenia.dropna(subset=["priority_tier"])
    listed = listed.assign(tier="tier " + listed["priority_tier"])

    def armenian(rows: pd.DataFrame, part: str, what: str, parts: str) -> _Basket:
        return _Basket(
            _tidy(rows, part, "export_value_usd", "armenia_tech_exports"),
            f"Armenia's exports of {what} to the world",
            parts,
            "USD",
        )

    baskets = {
        _OPENING[0]: _Basket(
            suppliers,
            "Russia's imports of all goods",
            "partners with a figure",
            "USD",
            lambda year: (
                ("Estimated by the IMF from partners' reports. " if year > 2021 else "")
                + _absent(suppliers, year)
            ),
            tuple(sorted(russia.loc[russia["flag"].notna(), "partner"].unique())),
        ),
        "Chips of the world, 8542": _Basket(
            reporters,
            "Reported exports of chips",
            "reporters",
            "USD",
            lambda year: _absent(reporters, year),
        ),
        "Chips of Taiwan, 8542": _Basket(
            _tidy(taiwan, "destination", "export_value_usd", "taiwan_chip_exports"),
            "Taiwan's exports of chips by first destination",
            "destinations",
            "USD",
        ),
        "Armenia, all listed goods": armenian(armenia, "product_group", "technology", "groups"),
        "Armenia, chips: 8542": armenian(
            armenia[armenia["hs_code"].str.startswith("8542")], "code", "chips", "codes"
        ),
        "Armenia, where AI cards go": armenian(
            cards, "code", "computers and parts (8471, 8473.30)", "codes"
        ),
        "Armenia, priority list": armenian(listed, "tier", "goods of the priority list", "tiers"),
    }
    supply = tables.load("supply_shares")
    for name, rows in supply.groupby("input"):
        if name in _STEPS:
            total = rows["share_pct"].sum()
            baskets[f"Supply: {_STEPS[name]}"] = _Basket(
                _tidy(rows, "country", "share_pct", "supply_shares"),
                f"The world's supply of {name}",
                "countries or groups listed",
                "%",
                lambda year, total=total: (
                    "" if round(total) == 100 else f"Listed shares add up to {total:.0f} %. "
                ),
            )
    return baskets


_STEPS = {
    "design software (EDA)": "design software",
    "logic chip design": "logic chip design",
    "fabrication capacity": "fabrication capacity",
    "lithography tools, extreme ultraviolet": "EUV lithography",
    "wafers": "wafers",
}


def _tidy(rows: pd.DataFrame, part: str, value: str, table: str, factor: float = 1) -> pd.DataFrame:
    """Give the columns year, part, value and table, without parts that have no figure."""
    known = rows.dropna(subset=[value])
    return pd.DataFrame(
        {
            "year": known["year"].astype(int),
            "part": known[part],
            "value": known[value] * factor,
            "table": table,
        }
    )


def _nearest_year(rows: pd.DataFrame, year: int) -> int:
    return int(min(rows["year"].unique(), key=lambda there: (abs(there - year), there)))


def _in_year(rows: pd.DataFrame, year: int) -> pd.Series:
    return rows[rows["year"] == year].groupby("part")["value"].sum()


def _kept(values: pd.Series, rows: str) -> pd.Series:
    """Merge or leave out the parts that the control names."""
    if rows == "without Hong Kong":
        return values.drop("Hong Kong", errors="ignore")
    if rows == "Hong Kong with China" and "Hong Kong" in values:
        pair = ["China", "Hong Kong"]
        both = pd.Series({"China with Hong Kong": values[pair].sum()})
        return pd.concat([values.drop(pair), both])
    return values


def _absent(rows: pd.DataFrame, year: int) -> str:
    """Name the large parts of the year before that have no figure."""
    before = _in_year(rows, year - 1)
    large = before.index[before > _LARGE * before.sum()]
    gone = [part for part in large if part not in set(_in_year(rows, year).index)]
    return f"Missing, not zero: {', '.join(gone)}. " if gone else ""


def _bars(share: pd.Series, values: pd.Series, basket: _Basket, joint: int) -> pd.DataFrame:
    """Rows of the chart; the largest, where known only together, say so in their labels."""
    top = share.iloc[:_SHOWN]
    others = len(share) - len(top)
    shown = dict(zip(top.index, zip(top, values[top.index], strict=True), strict=True))
    if others:
        left = share.iloc[_SHOWN:].index
        shown[f"{others} others"] = (share[left].sum(), values[left].sum())
    table = basket.rows["table"].iloc[0]
    rows = pd.DataFrame(
        {
            "part": list(shown),
            "share_pct": [round(100 * part, 3) for part, _ in shown.values()],
            "label": [
                f"{percent(100 * part)}{', joint' if place < joint and joint > 1 else ''}"
                for place, (part, _) in enumerate(shown.values())
            ],
            "amount": [
                _amount(value, basket.unit) if basket.unit == "USD" else ""
                for _, value in shown.values()
            ],
            "table": table,
        }
    )
    rows["said"] = rows["part"] + ": " + rows["label"]
    return rows


def _amount(value: float, unit: str) -> str:
    if unit != "USD":
        return "what is listed"
    for size, word in ((1e9, "bn"), (1e6, "m"), (1e3, "thousand")):
        if value >= size:
            amount = value / size
            return f"{amount:,.0f} {word} USD" if amount >= 100 else f"{amount:.3g} {word} USD"
    return f"{value:,.0f} USD"
