"""What one should know of the tables: their list, their columns, their traps, their sources."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from course.slips import called
from course.tables import files
from course.tables.loading import load

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["about", "catalogue", "codebook", "sources"]


@called("tables.catalogue")
def catalogue() -> pd.DataFrame:
    """List every table: what it is, what it is not, rows, licence, lessons and claims.

    Returns
    -------
    pandas.DataFrame
        Indexed by table name.
    """
    import pandas as pd

    records = []
    for resource in files.package()["resources"]:
        records.append(
            {
                "table": resource["name"],
                "strand": resource["strand"],
                "what it is": resource["description"],
                "what it is not": resource["what_it_is_not"],
                "coverage": resource["coverage"],
                "rows": sum(1 for _ in csv.reader(io.StringIO(files.text_of(resource), newline="")))
                - 1,
                "licence": ", ".join(licence["name"] for licence in resource["licenses"]),
                "lessons": ", ".join(resource["lessons"]),
                "claims": ", ".join(resource["claims"]),
            }
        )
    return pd.DataFrame(records).set_index("table").sort_index()


@called("tables.codebook")
def codebook(name: str) -> pd.DataFrame:
    """Explain a table column by column.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: type, unit, meaning, and the values that may stand there.
        ``.attrs["traps"]`` lists what the table makes easy to get wrong; `about` tells the rest.

    Raises
    ------
    TableError
        If there is no such table.

    Examples
    --------
    >>> codebook("reactors").loc["net_capacity_mw", "unit"]
    'MW'
    """
    import pandas as pd

    resource = files.resource_of(name)
    frame = pd.DataFrame(
        [
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "meaning": field["description"],
                "values": _values(field),
            }
            for field in resource["schema"]["fields"]
        ]
    ).set_index("column")
    frame.attrs["traps"] = list(resource["traps"])
    return frame


def _values(field: dict) -> str:
    """Say in words what the data package lets stand in a column."""
    rules = field.get("constraints", {})
    said = ["never empty" if rules.get("required") else "may be empty"]
    low, high = rules.get("minimum"), rules.get("maximum")
    if low is not None and high is not None:
        said.append(f"{low} to {high}")
    elif low is not None:
        said.append(f"{low} or more")
    elif high is not None:
        said.append(f"{high} or less")
    if "enum" in rules:
        said.append("one of: " + ", ".join(map(str, rules["enum"])))
    if rules.get("unique"):
        said.append("each once")
    return "; ".join(said)


class _Words(str):
    """Markdown that a notebook sets and that ``print`` gives as it stands."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


@called("tables.about")
def about(name: str) -> str:
    """Tell what one should know of a table before using it.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    str
        Markdown, which a notebook shows as text: what the table is and is not, what it covers,
        what bears it out, how old it is, its licence, its traps, and the lessons and claims that
        use it.

    Raises
    ------
    TableError
        If there is no such table.

    Examples
    --------
    >>> print(about("ireland_quarterly").splitlines()[0])
    **Metered electricity of data centres in Ireland.** Electricity that meters recorded at Irish \
data centres and at everybody else's, by quarter: the one national series that is measured and \
not modelled.
    """
    resource = files.resource_of(name)
    licences = [
        f"[{licence['title']}]({licence['path']})" if "path" in licence else licence["title"]
        for licence in resource["licenses"]
    ]
    said = [
        f"**{resource['title']}.** {resource['description']}",
        f"**What it is not.** {resource['what_it_is_not']}",
        f"**Coverage.** {resource['coverage'].rstrip('.')}. One row for each "
        f"{' and '.join(f'`{column}`' for column in resource['schema']['primaryKey'])}.",
    ]
    if "used_for" in resource:
        said.append(f"**Which figure the lessons use.** {resource['used_for']}")
    said.append("**Traps**")
    said.append("\n".join(f"* {trap}" for trap in resource["traps"]))
    for label, key in (
        ("Second witness", "second_witness"),
        ("What a newer one would change", "would_change"),
    ):
        if key in resource:
            said.append(f"**{label}.** {resource[key]}")
    if "vintage" in resource:
        said.append(f"**Vintage.** As of {resource['vintage']}, taken on {resource['retrieved']}.")
    said.append(f"**Licence.** {'; '.join(licences)}.")
    if resource["lessons"]:
        said.append(f"**Lessons.** {', '.join(resource['lessons'])}.")
    if "kept_for" in resource:
        said.append(f"**Kept for.** {resource['kept_for']}")
    if resource["claims"]:
        said.append(f"**Claims.** {', '.join(resource['claims'])}.")
    return _Words("\n\n".join(said))


@called("tables.sources")
def sources(name: str) -> pd.DataFrame:
    """List the sources that the rows of a table name, in a form one can paste.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    pandas.DataFrame
        Indexed by source key: rows that use it, grade (P primary or official, R research or
        agency, N news or trade press, W weak), licence, and a citation.

    Raises
    ------
    TableError
        If there is no such table, or a row names a source that is not in ``sources.csv``.
    """
    import pandas as pd

    if name == "sources":
        used = {key: 1 for key in files.rows("sources")}
    else:
        used = {}
        for row in load(name)["source"]:
            for key in row.split("|"):
                used[key] = used.get(key, 0) + 1
    known = files.rows("sources")
    records = []
    for key, count in used.items():
        if key not in known:
            raise files.TableError(
                f"{name}.csv names the source {key!r}, which sources.csv has not"
            )
        row = known[key]
        words = [row["publisher"], row["title"], row["published"], row["address"]]
        records.append(
            {
                "key": key,
                "rows": count,
                "grade": row["grade"],
                "licence": row["licence"],
                "citation": ". ".join(word for word in words if word),
            }
        )
    return pd.DataFrame(records).set_index("key").sort_index()
