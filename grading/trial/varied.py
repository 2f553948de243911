"""Arguments varied by machine from those of a key's calls, so that each stays a legal one."""

from __future__ import annotations

import copy
import inspect
import numbers
import reprlib
from collections.abc import Callable, Iterator
from typing import Any

from course.check.trying import alike

__all__ = ["NOTHING", "Varied", "strategies"]

#: What a strategy gives where it has nothing to vary.
NOTHING = object()
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 160
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxdict = 12

Arguments = dict[str, Any]
Strategy = Callable[[Arguments], Any]


class Varied:
    """A function called with varied arguments, which tells how it was called.

    Parameters
    ----------
    function : callable
        The function to try.
    right : callable
        The right one, whose parameters count.
    way : callable, optional
        Gives the varied arguments, or `NOTHING`; without one they stay as they are.
    """

    def __init__(self, function: Callable, right: Callable, way: Strategy | None) -> None:
        self.function, self.signature, self.way = function, inspect.signature(right), way
        self.varied, self.shown, self.changed = False, "", ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Vary, call, and look whether the arguments are as they were."""
        if self.way is None:
            before = copy.deepcopy((args, kwargs))
            given = self.function(*args, **kwargs)
            self._look(dict(enumerate(before[0])) | before[1], dict(enumerate(args)) | kwargs)
            return given
        bound = self.signature.bind(*args, **kwargs)
        made = self.way(copy.deepcopy(dict(bound.arguments)))
        if made is not NOTHING:
            self.varied = True
            bound.arguments.update(made)
            shown = ", ".join(f"{name}={_shown(value)}" for name, value in made.items())
            self.shown = self.shown or shown
        before = copy.deepcopy(dict(bound.arguments))
        given = self.function(*bound.args, **bound.kwargs)
        self._look(before, dict(bound.arguments))
        return given

    def _look(self, before: Arguments, after: Arguments) -> None:
        for name, value in before.items():
            if not alike(value, after[name]):
                self.changed = str(name)


def _shown(value: Any) -> str:
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        if len(value) > 12:
            return f"a table of {len(value)} rows"
        return f"pd.DataFrame({value.to_dict('list')})"
    return _SHOWN.repr(value)


def strategies(
    seen: list[Arguments], compared: list[tuple[set[str], set[float]]]
) -> dict[str, Strategy]:
    """Name the ways in which the arguments of some calls can be varied.

    Parameters
    ----------
    seen : list of dict
        The arguments of each call, by parameter.
    compared : list of tuple
        The names and the numbers that each comparison of the right code holds together.

    Returns
    -------
    dict of callable
        Each takes arguments (its own copy) and gives those that it changes, or `NOTHING`.
    """
    found: dict[str, Strategy] = {}
    params = {name: None for one in seen for name in one}
    pools = {name: [one[name] for one in seen if name in one] for name in params}
    for param, pool in pools.items():
        for what, change in _changes(pool):
            found[f"{param}: {what}"] = _of_one(param, change)
        for names, edges in compared:
            for edge in edges if param in names else ():
                found[f"{param}: at {edge:g}"] = _of_one(param, _at(edge))
                # Beyond a bound the right function refuses, or the input is none.
                for step in (0.2, -0.2):
                    beyond = round(edge + step * max(abs(edge), 1), 9)
                    found[f"{param}: beyond, at {beyond:g}"] = _of_one(param, _at(beyond))
            for other in names - {param}:
                if param in names and other in params:
                    found[f"{param}: as {other}"] = _as_other(param, other)
        edges = {edge for names, some in compared if not names & params.keys() for edge in some}
        for edge in edges:
            found[f"{param}: the first at {edge:g}"] = _of_one(param, _first_at(edge, pool))
    for what, change in _ROWS.items():
        found[f"rows: {what}"] = _of_all_rows(change)
    found["labels renamed"] = _renamed
    return found


def _of_one(param: str, change: Callable[[Any], Any]) -> Strategy:
    def vary(arguments: Arguments) -> Any:
        if param not in arguments:
            return NOTHING
        was = arguments[param]
        made = change(was)
        if made is NOTHING or _out_of_step(param, was, made, arguments):
            return NOTHING
        return {param: made}

    return vary


def _out_of_step(param: str, was: Any, made: Any, arguments: Arguments) -> bool:
    """Whether a list lost or gained rows, or their order, and lists beside it did not."""
    if not isinstance(was, (list, tuple)) or len(was) < 2:
        return False
    beside = [
        value
        for name, value in arguments.items()
        if name != param and isinstance(value, (list, tuple)) and len(value) == len(was)
    ]
    return bool(beside) and len(made) != len(was)


def _as_other(param: str, other: str) -> Strategy:
    def vary(arguments: Arguments) -> Any:
        if not {param, other} <= arguments.keys():
            return NOTHING
        one, two = arguments[param], arguments[other]
        alike = (_is_number(one) and _is_number(two)) or (_is_quantity(one) and _is_quantity(two))
        return {param: two} if alike else NOTHING

    return vary


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _is_quantity(value: Any) -> bool:
    return hasattr(value, "magnitude")


def _at(edge: float) -> Callable[[Any], Any]:
    def change(value: Any) -> Any:
        if not _is_number(value):
            return NOTHING
        return int(edge) if isinstance(value, int) and edge == int(edge) else edge

    return change


def _first_at(edge: float, pool: list[Any]) -> Callable[[Any], Any]:
    inside = [one for value in pool for one in _numbers(value)]

    def change(value: Any) -> Any:
        if not isinstance(value, list) or not value or not all(map(_is_number, value)):
            return NOTHING
        if not inside or not min(inside) <= edge <= max(inside):
            return NOTHING
        return [edge, *value[1:]]

    return change


def _numbers(value: Any) -> list[float]:
    """All numbers in a value, missing ones left out."""
    import pandas as pd

    if _is_number(value):
        return [] if value != value else [float(value)]
    if isinstance(value, (list, tuple)):
        return [one for each in value for one in _numbers(each)]
    if isinstance(value, dict):
        return [one for each in value.values() for one in _numbers(each)]
    if isinstance(value, (pd.Series, pd.DataFrame)):
        return [one for each in value.to_numpy().ravel().tolist() for one in _numbers(each)]
    return []


def _changes(pool: list[Any]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Ways to vary one argument, by what the calls give for it."""
    inside = [one for value in pool for one in _numbers(value)]
    share = bool(inside) and all(0 <= one <= 1 for one in inside)
    top = 1.0 if share else float("inf")
    low = 0.0 if inside and min(inside) >= 0 else -float("inf")

    def scaled(factor: float) -> Callable[[Any], Any]:
        def change(value: Any) -> Any:
            if isinstance(value, bool) or value is None:
                return NOTHING
            if isinstance(value, int):
                made: Any = int(value * factor)
                return made if low <= made and made != value and made else NOTHING
            if _is_number(value) or _is_quantity(value):
                made = value * factor
                return made if _is_quantity(made) or low <= made <= top else NOTHING
            return _each(value, change)

        return change

    for factor in (0.5, 0.9, 1.1, 2.0):
        yield f"times {factor}", scaled(factor)
    if any(isinstance(value, int) and not isinstance(value, bool) for value in pool):
        for step in (1, -1):
            yield (
                f"{step:+} ",
                lambda value, step=step: (
                    value + step
                    if isinstance(value, int)
                    and not isinstance(value, bool)
                    and value + step >= low
                    else NOTHING
                ),
            )
    if any(isinstance(value, bool) for value in pool):
        yield "turned", lambda value: not value if isinstance(value, bool) else NOTHING
    if any(_is_quantity(value) for value in pool):
        yield "a thousand times", lambda value: 1000 * value if _is_quantity(value) else NOTHING
        yield "a thousandth", lambda value: value / 1000 if _is_quantity(value) else NOTHING
        yield (
            "in base units",
            lambda value: value.to_base_units() if _is_quantity(value) else NOTHING,
        )
    plain = [value for value in pool if isinstance(value, (int, float, str))]
    for place, value in enumerate(dict.fromkeys(map(repr, plain))):
        other = next(one for one in plain if repr(one) == value)
        if place < 12:
            yield (
                f"as {value[:40]}",
                lambda was, other=other: (
                    other if isinstance(was, type(other)) and was != other else NOTHING
                ),
            )
    if any(isinstance(value, str) for value in pool):
        yield "in capitals", lambda value: value.upper() if isinstance(value, str) else NOTHING
    if any(isinstance(value, (list, tuple)) for value in pool):
        yield from _of_lists()
    if any(isinstance(value, dict) for value in pool):
        yield from _of_dicts(pool)
    yield from _of_tables(pool)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change every number inside a list, a tuple or a dict."""
    if isinstance(value, (list, tuple)):
        made = [change(one) for one in value]
        if all(one is NOTHING for one in made):
            return NOTHING
        kept = [was if one is NOTHING else one for was, one in zip(value, made, strict=True)]
        return type(value)(kept)
    if isinstance(value, dict):
        made = {key: change(one) for key, one in value.items()}
        if all(one is NOTHING for one in made.values()):
            return NOTHING
        return {key: value[key] if one is NOTHING else one for key, one in made.items()}
    return NOTHING


def _of_lists() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    def rows(change: Callable[[list], list]) -> Callable[[Any], Any]:
        def vary(value: Any) -> Any:
            if not isinstance(value, (list, tuple)) or len(value) < 2:
                return NOTHING
            return type(value)(change(list(value)))

        return vary

    yield "its first lost", rows(lambda value: value[1:])
    yield "its last lost", rows(lambda value: value[:-1])
    yield "turned round", rows(lambda value: value[::-1])
    yield "its first twice", rows(lambda value: [value[0], *value])
    yield "its second as its first", rows(lambda value: [value[0], value[0], *value[2:]])
    yield "its first alone", rows(lambda value: value[:1])


def _of_dicts(pool: list[Any]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    def entries(change: Callable[[list], list]) -> Callable[[Any], Any]:
        def vary(value: Any) -> Any:
            if not isinstance(value, dict) or len(value) < 2:
                return NOTHING
            return dict(change(list(value.items())))

        return vary

    yield "its first lost", entries(lambda rows: rows[1:])
    yield "turned round", entries(lambda rows: rows[::-1])
    yield (
        "two values exchanged",
        entries(lambda rows: [(rows[0][0], rows[-1][1]), *rows[1:-1], (rows[-1][0], rows[0][1])]),
    )
    yield "all values as the first", entries(lambda rows: [(key, rows[0][1]) for key, _ in rows])
    if any(None in value.values() for value in pool if isinstance(value, dict)):
        yield "its first missing", entries(lambda rows: [(rows[0][0], None), *rows[1:]])
    if any(isinstance(key, tuple) for value in pool if isinstance(value, dict) for key in value):
        yield (
            "its pairs turned",
            entries(
                lambda rows: [
                    (key[::-1] if isinstance(key, tuple) else key, one) for key, one in rows
                ]
            ),
        )


def _of_tables(pool: list[Any]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    import pandas as pd

    tables = [value for value in pool if isinstance(value, pd.DataFrame)]
    if not tables:
        return

    def rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Any], Any]:
        def vary(value: Any) -> Any:
            if not isinstance(value, pd.DataFrame) or len(value) < 2:
                return NOTHING
            return change(value)

        return vary

    yield "rows turned round", rows(lambda table: table.iloc[::-1])
    yield "its first row lost", rows(lambda table: table.iloc[1:])
    yield "its last row lost", rows(lambda table: table.iloc[:-1])
    yield "index from 7", rows(lambda table: table.set_axis(range(7, 7 + len(table))))
    yield "a column more", rows(lambda table: table.assign(note="x"))
    yield "columns turned round", rows(lambda table: table[table.columns[::-1]])
    for name in dict.fromkeys(name for table in tables for name in table.columns):

        def column(change: Callable[[pd.Series], Any], name: str = name) -> Callable[[Any], Any]:
            def vary(value: Any) -> Any:
                if not isinstance(value, pd.DataFrame) or name not in value.columns:
                    return NOTHING
                return value.assign(**{str(name): change(value[name])})

            return vary

        own = [table[name] for table in tables if name in table.columns]
        if all(pd.api.types.is_float_dtype(one) for one in own):
            yield f"{name} doubled", column(lambda values: 2 * values)
            yield (
                f"{name}'s first times 3",
                column(lambda values: values.where(values.index != values.index[0], 3 * values)),
            )
            if any(one.isna().any() for one in own):
                yield (
                    f"{name}'s first missing",
                    column(lambda values: values.mask(values.index == values.index[0])),
                )
        elif all(set(one.unique()) <= {0, 1} for one in own):
            yield f"{name} turned", column(lambda values: 1 - values)


def _renamed(arguments: Arguments) -> Any:
    """Give every label of a table or a dict a new name, wherever it stands."""
    import pandas as pd

    labels = set()
    for value in arguments.values():
        if isinstance(value, pd.DataFrame):
            texts = value.select_dtypes(include=["object", "string"])
            labels |= {one for name in texts for one in texts[name] if isinstance(one, str)}
        if isinstance(value, dict):
            labels |= {one for key in value for one in ([key] if isinstance(key, str) else key)}

    def new(value: Any) -> Any:
        if isinstance(value, str):
            return f"n{value}" if value in labels else value
        if isinstance(value, (list, tuple)):
            return type(value)(new(one) for one in value)
        if isinstance(value, dict):
            return {new(key): one for key, one in value.items()}
        if isinstance(value, pd.DataFrame):
            return value.map(new)
        return value

    return {name: new(value) for name, value in arguments.items()} if labels else NOTHING


def _of_all_rows(change: Callable[[list], list]) -> Strategy:
    def vary(arguments: Arguments) -> Any:
        rows = {
            name: value
            for name, value in arguments.items()
            if isinstance(value, (list, tuple)) and len(value) > 1
        }
        if len(rows) < 2 or len({len(value) for value in rows.values()}) > 1:
            return NOTHING
        return {name: type(value)(change(list(value))) for name, value in rows.items()}

    return vary


_ROWS: dict[str, Callable[[list], list]] = {
    "the first lost": lambda rows: rows[1:],
    "the last lost": lambda rows: rows[:-1],
    "turned round": lambda rows: rows[::-1],
    "the first twice": lambda rows: [rows[0], *rows],
    "the first alone": lambda rows: rows[:1],
}
