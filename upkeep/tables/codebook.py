"""The code book, ``datasets/README.md``, written from the data package, the tables and pictures."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

import pandas as pd

from course import tables
from course.tables import files
from upkeep.tables.drawing import Picture
from upkeep.tables.package import STRANDS

__all__ = ["write"]

_CELL, _WIDE, _SOURCES = 70, 8, 12

_OPENING = """# Code book

What is in each table of the course, and what is not. **Made by `make tables` from
[datapackage.json](datapackage.json), the tables and their pictures: edit those, not this page.**

## How to read it

A table is a CSV file in this folder: UTF-8, commas, one header row. In a notebook:

```python
from course import tables

tables.catalogue()              # every table in a line
tables.about("{name}")        # what it is, what it is not, its traps
tables.codebook("{name}")     # its columns
tables.load("{name}")         # its rows, typed as this page says
tables.sources("{name}")      # where they come from, ready to paste
```

* **Units stand in the names of columns** (`net_capacity_mw`, `value_usd`, `share_pct`) and again
  below. A column whose unit changes from row to row says `see unit`.
* **An empty cell is a figure not known**, never a zero. The last column below says how many are.
* **Countries** have ISO 3166-1 alpha-3 codes (`*_iso3`) beside their names: join on the code. The
  table `countries` has each code with its one name. A group of countries has a name and no code.
* **Dates** are ISO dates: 2025-11-19, or 2025-11 for a month.
* **Every row names its sources** in its last column, by keys of [sources.csv](sources.csv) joined
  with `|`. Their grade says how far to trust them: **P** primary or official, **R** research or
  agency, **N** news or trade press, **W** weak: a lead or a bad example, never the only support of
  a figure.
* **Where sources conflict, both figures stand.** “Which figure the lessons use” says which, and
  why.
* **Each picture** is one reading of its table, and its title a finding worked out from it. The
  three rows under it are the first, the middle and the last of the file, long cells cut.
* **Licences** differ. Most tables are ours to share under CC BY 4.0; the list of reactors and the
  mapped data centres are under the ODbL 1.0 (what you make of them stays open), the extract on
  supply chains under CC BY-NC 4.0.
  Cite the office or firm that made a figure: `tables.sources` writes the citation.
"""


def _clean(text: object) -> str:
    """Make a text fit for a cell of a Markdown table."""
    words = re.sub(r"\s+", " ", str(text)).strip()
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _short(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 1].rstrip() + "…"


def _table(header: list[str], rows: list[list[str]], right: tuple[int, ...] = ()) -> str:
    rule = ["---:" if place in right else "---" for place in range(len(header))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def _columns(name: str, frame: pd.DataFrame) -> str:
    book = tables.codebook(name)
    rows = []
    for column, field in book.iterrows():
        empty = int(frame[column].isna().sum())
        rows.append(
            [
                f"`{column}`",
                field["type"],
                _clean(field["unit"]),
                _clean(field["meaning"]),
                _clean(field["values"]),
                f"{empty:,}" if empty else "",
            ]
        )
    return _table(["column", "type", "unit", "meaning", "values", "empty"], rows, right=(5,))


def _examples(name: str) -> str:
    path = tables.folder() / files.resource_of(name)["path"]
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    places = sorted({0, len(rows) // 2, len(rows) - 1})
    shown = [[_clean(_short(cell)) for cell in rows[place]] for place in places]
    if len(header) <= _WIDE:
        return _table([f"`{column}`" for column in header], shown)
    turned = [[f"`{column}`", *cells] for column, *cells in zip(header, *shown, strict=True)]
    return _table(["column", *(f"row {place + 1}" for place in places)], turned)


def _linked(address: str) -> str:
    """Put the parts of an address of several in links, and keep them short."""
    parts = [part for part in address.split(" ; ") if part]
    return ", ".join(f"[{part.split('/')[2]}](<{part}>)" for part in parts)


def _origins(name: str) -> str:
    used = tables.sources(name).sort_values(["rows"], ascending=False, kind="stable")
    known = tables.load("sources").set_index("key").fillna("")
    rows = []
    for key, source in used.head(_SOURCES).iterrows():
        told = known.loc[key]
        words = ". ".join(
            _clean(told[part]) for part in ("publisher", "title", "published") if told[part]
        )
        rows.append(
            [
                f"`{key}`",
                source["grade"],
                f"{source['rows']:,}",
                words + (f". {_linked(told['address'])}" if told["address"] else ""),
                _clean(source["licence"]) if isinstance(source["licence"], str) else "",
            ]
        )
    text = _table(["source", "grade", "rows", "what it is", "licence"], rows, right=(2,))
    rest = len(used) - len(rows)
    return text + (f'\n\nAnd {rest} more: `tables.sources("{name}")`.' if rest > 0 else "")


def _section(resource: dict, picture: Picture) -> str:
    name = resource["name"]
    frame = tables.load(name)
    told = []
    for part in tables.about(name).split("\n\n"):
        if part.startswith("**Claims.**"):
            part = re.sub(r"C\d\d", lambda claim: f"[{claim[0]}](#{claim[0].lower()})", part)
        told.append(part)
    alternative = _clean(picture.description).replace("[", "(").replace("]", ")")
    parts = [
        f"### {name}",
        *told,
        f"![{alternative}](pictures/{name}.svg)",
        f"[{resource['path']}]({resource['path']}) has {len(frame):,} rows and "
        f"{frame.shape[1]} columns.",
        _columns(name, frame),
        "Three rows:",
        _examples(name),
    ]
    # The table of sources would only name itself.
    if name != "sources":
        parts += ["Sources:", _origins(name)]
    return "\n\n".join(parts)


def _contents(resources: list[dict]) -> str:
    rows = [
        [
            f"[{resource['name']}](#{resource['name']})",
            _clean(resource["description"]),
            f"{len(tables.load(resource['name'])):,}",
        ]
        for resource in resources
    ]
    return _table(["table", "what it is", "rows"], rows, right=(2,))


def write(pictures: Mapping[str, Picture]) -> str:
    """Write the code book.

    Parameters
    ----------
    pictures : mapping of str to Picture
        The picture of each table.

    Returns
    -------
    str
        Markdown.
    """
    resources = sorted(files.package()["resources"], key=lambda resource: resource["name"])
    strands = {
        strand: [resource for resource in resources if resource["strand"] == strand]
        for strand in STRANDS
    }
    parts = [_OPENING.format(name="reactors").rstrip(), "## The tables"]
    for strand, members in strands.items():
        parts += [f"**{strand.capitalize()}**", _contents(members)]
    for strand, members in strands.items():
        parts.append(f"## Tables on {strand}")
        parts += [_section(resource, pictures[resource["name"]]) for resource in members]
    claims = [
        [f'<a id="{row.claim_id.lower()}"></a>{row.claim_id}', _clean(row.plain_words)]
        for row in tables.load("claims").itertuples()
    ]
    parts += [
        "## The claims",
        'In plain words; `tables.claim("C01")` gives the article\'s own and how to test it.',
        _table(["claim", "what it says"], claims),
    ]
    return "\n\n".join(parts) + "\n"
