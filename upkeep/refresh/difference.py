"""What changes between two states of a table, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

__all__ = ["Change", "Difference", "difference"]

Row = Mapping[str, str]
_NUMBERS = ("integer", "number", "year")
_SMALL = Decimal("0.001")


class Change(NamedTuple):
    """One cell that changes."""

    key: tuple[str, ...]
    column: str
    old: str
    new: str
    move: Decimal | None  # relative, where both are numbers and the old one is not zero

    def __str__(self) -> str:
        moved = "" if self.move is None else f" ({self.move * 100:+.2g} %)"
        return (
            f"{', '.join(self.key)} · {self.column}: "
            f"{self.old or '(empty)'} -> {self.new or '(empty)'}{moved}"
        )


class Difference(NamedTuple):
    """Rows added, rows removed, and cells changed in rows that stay."""

    before: int
    after: int
    added: list[tuple[str, ...]]
    removed: list[tuple[str, ...]]
    changed: list[Change]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def lines(self, limit: int | None = 20) -> Iterator[str]:
        """Tell it: a summary first, then each list, cut with a count.

        Parameters
        ----------
        limit : int or None
            Lines of each list; None for all.

        Yields
        ------
        str
            Lines without their ends.
        """
        rows = len({change.key for change in self.changed})
        yield f"rows: {self.before:,} here, {self.after:,} there"
        yield f"      {len(self.added):,} added, {len(self.removed):,} removed, {rows:,} changed"
        small = sum(
            change.move is not None and abs(change.move) < _SMALL for change in self.changed
        )
        if self.changed:
            yield f"      {len(self.changed):,} cells change, {small:,} of them by less than 0.1 %"
        for title, entries in (
            ("added", [", ".join(key) for key in self.added]),
            ("removed", [", ".join(key) for key in self.removed]),
            ("changed, the largest moves first", [str(change) for change in self.changed]),
        ):
            if entries:
                yield f"{title}:"
                yield from (f"  {entry}" for entry in entries[:limit])
                if limit is not None and len(entries) > limit:
                    yield f"  ... and {len(entries) - limit:,} more (--all shows them)"


def difference(
    before: Sequence[Row], after: Sequence[Row], fields: Sequence[Mapping], key: Sequence[str]
) -> Difference:
    """Compare two states of a table.

    Numbers are compared as numbers: 88.980 is 88.98.

    Parameters
    ----------
    before, after : sequence of mappings of str to str
        The rows.
    fields : sequence of mappings
        Fields of the data package's schema.
    key : sequence of str
        Columns that tell the rows apart.

    Returns
    -------
    Difference
        What changes.

    Examples
    --------
    >>> fields = [{"name": "unit", "type": "string"}, {"name": "mw", "type": "number"}]
    >>> found = difference(
    ...     [{"unit": "A-1", "mw": "950"}, {"unit": "A-2", "mw": "950"}],
    ...     [{"unit": "A-1", "mw": "950.0"}, {"unit": "A-2", "mw": "1000"}],
    ...     fields,
    ...     ["unit"],
    ... )
    >>> [str(change) for change in found.changed]
    ['A-2 · mw: 950 -> 1000 (+5.3 %)']
    """
    old = {tuple(row[column] for column in key): row for row in before}
    new = {tuple(row[column] for column in key): row for row in after}
    changed = [
        change
        for place in new
        if place in old
        for field in fields
        if (change := _change(place, field, old[place], new[place]))
    ]
    changed.sort(key=lambda change: (change.move is not None, -abs(change.move or 0), change.key))
    return Difference(
        len(before),
        len(after),
        [place for place in new if place not in old],
        [place for place in old if place not in new],
        changed,
    )


def _change(key: tuple[str, ...], field: Mapping, old: Row, new: Row) -> Change | None:
    was, now = old[field["name"]], new[field["name"]]
    if was == now:
        return None
    if field["type"] not in _NUMBERS or not was or not now:
        return Change(key, field["name"], was, now, None)
    first, second = Decimal(was), Decimal(now)
    if first == second:
        return None
    return Change(key, field["name"], was, now, (second - first) / abs(first) if first else None)
