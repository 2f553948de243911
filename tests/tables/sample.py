"""Draw figures at random, for a stranger to trace by hand: ``python -m tests.tables.sample``.

Half are numbers that texts print (lessons, messages, guide, code book), with the way they are
worked out; half are cells of tables, with their row, sources and second witness. The same seed
draws the same figures from the same course.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

import pandas as pd

from course import tables
from course.tables import files
from tests.figures import registry
from tests.figures.reading import printed, squeeze

__all__ = ["cells", "draw", "numbers"]

_AROUND = 90


def numbers() -> Iterator[str]:
    """Give every number that a text prints and an entry works out."""
    books = [
        (name, registry._read(registry.HERE / f"{name}.toml"), registry.texts_of_lesson(name))
        for name in registry.LESSONS
    ]
    for resource in files.package()["resources"]:
        name = resource["name"]
        book = registry._read(registry.HERE / "tables" / f"{name}.toml")
        books.append((f"code book, {name}", book, registry.texts_of_table(name)))
    for name, book, texts in books:
        worked = {
            squeeze(text): how
            for entry in book.get("figure", [])
            for text, how in entry.get("is", {}).items()
        }
        for text in texts:
            for one in printed(text.words, tuple(book.get("names", []))):
                if squeeze(one.text) in worked:
                    around = text.words[max(0, one.start - _AROUND) : one.end + _AROUND]
                    yield f"{name}, {text.place}: **{one.text}** in «{squeeze(around)}»"


def cells() -> Iterator[str]:
    """Give every number and date of every table, with what is needed to trace it."""
    for resource in files.package()["resources"]:
        if resource["name"] == "sources":
            continue
        frame = tables.load(resource["name"])
        keys = resource["schema"]["primaryKey"]
        for field in resource["schema"]["fields"]:
            if field["type"] not in ("number", "integer", "date") or field["name"] in keys:
                continue
            for _, row in frame[frame[field["name"]].notna()].iterrows():
                where = ", ".join(str(row[key]) for key in keys)
                value = row[field["name"]]
                shown = value.date() if isinstance(value, pd.Timestamp) else value
                yield (
                    f"{resource['name']}, {where}: {field['name']} = **{shown}** "
                    f"{field.get('unit', '')} (sources: {row['source']})"
                )


def draw(count: int, seed: int) -> list[str]:
    """Draw figures: half from texts, half from tables, each table with the same chance.

    Parameters
    ----------
    count : int
        How many in all.
    seed : int
        Of the random numbers.

    Returns
    -------
    list of str
        One line each.
    """
    chance = random.Random(seed)
    drawn = chance.sample(sorted(numbers()), count // 2)
    by_table: dict[str, list[str]] = {}
    for line in cells():
        by_table.setdefault(line.partition(",")[0], []).append(line)
    while len(drawn) < count:
        table = chance.choice(sorted(by_table))
        line = chance.choice(by_table[table])
        if line not in drawn:
            drawn.append(line)
    return drawn


def main() -> None:
    """Print the figures drawn, numbered."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=100)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    for number, line in enumerate(draw(asked.count, asked.seed), start=1):
        print(f"{number}. {line}")


if __name__ == "__main__":
    main()
