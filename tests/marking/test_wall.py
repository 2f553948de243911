"""Only plain data crosses the wall, and what comes is checked."""

import contextlib
import datetime
import decimal
import fractions
import json
import random
import socket

import altair as alt
import numpy as np
import pandas as pd
import pytest

from course import tables
from course.units import Q
from grading.marking import wall
from grading.marking.wall import Channel, Closed, Opaque, TooMuch, decode, encode


def across(value):
    return decode(json.loads(json.dumps(encode(value))))


PLAIN = [
    None,
    True,
    0,
    -7,
    2**80,
    2.5,
    float("inf"),
    "five ✓",
    [1, (2, "x"), {"a": [None]}],
    {1: "one", (2, 3): "pair"},
    {1, 2},
    1 + 2j,
    decimal.Decimal("1.50"),
    fractions.Fraction(1, 3),
    datetime.date(2026, 11, 25),
    datetime.datetime(2026, 11, 25, 12, 30),
    datetime.timedelta(hours=3),
    pd.Timestamp("2026-11-25 10:00"),
    pd.Timedelta(days=2),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_arrive_as_they_left(value):
    got = across(value)
    assert type(got) is type(value)
    assert got == value


def test_not_a_number_and_missing_values_arrive():
    assert np.isnan(across(float("nan")))
    assert across(pd.NA) is pd.NA
    assert across(pd.NaT) is pd.NaT


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array([1.5, np.nan]),
        np.array([True, False]),
        np.array(["2026-01", "2026-02"], dtype="datetime64[M]"),
        np.array([], dtype=float),
    ],
    ids=str,
)
def test_arrays_arrive_with_shape_and_type(array):
    got = across(array)
    assert got.dtype == array.dtype
    np.testing.assert_array_equal(got, array)


@pytest.mark.parametrize("name", ["claims", "reactors", "chip_exports", "eu_exports_by_code"])
def test_a_table_of_the_course_arrives_whole(name):
    table = tables.load(name)
    pd.testing.assert_frame_equal(across(table), table)


def test_series_keep_their_labels_and_names():
    series = tables.load("reactors").groupby(["country", "status"])["net_capacity_mw"].sum()
    pd.testing.assert_series_equal(across(series), series)
    gaps = pd.Series([1, None, 3], dtype="Int64", index=["a", "b", "c"], name="n")
    pd.testing.assert_series_equal(across(gaps), gaps)


def test_quantities_arrive_by_their_units_parts():
    for quantity in (Q(5, "MW"), Q(70, "percent") ** 4, Q(np.array([1.0, 2.0]), "kWh/day")):
        got = across(quantity)
        assert got.units == quantity.units
        np.testing.assert_array_equal(got.magnitude, quantity.magnitude)


def test_a_chart_arrives_as_its_specification():
    chart = alt.Chart(pd.DataFrame({"a": [1], "b": [2]})).mark_bar().encode(x="a:Q", y="b:Q")
    for one in (chart, chart + chart.mark_text(), chart | chart, chart.facet("a:N")):
        assert across(one).to_dict() == one.to_dict()


def test_a_chart_that_takes_its_data_from_elsewhere_does_not_cross():
    chart = alt.Chart("https://example.org/data.csv").mark_bar().encode(x="a:Q")
    with pytest.raises(TooMuch):
        across(chart)


def test_nothing_crosses_that_is_no_plain_data():
    class Anything:
        def __eq__(self, other):
            return True

    assert across(Anything()) == Opaque("Anything")
    assert across(lambda x: x) == Opaque("function")
    assert across(open) == Opaque("builtin_function_or_method")


def test_a_subclass_that_lies_about_itself_arrives_as_what_it_is():
    class Number(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class Text(str):
        def lower(self):
            return "b"

        def __str__(self):
            return "b"

    assert type(across(Number(3))) is float
    assert across(Number(3)) != 4
    assert across(Text("a")) == "a"


@pytest.mark.parametrize(
    "value",
    ["x" * 2_000_000, list(range(300_000)), np.zeros(3_000_000)],
    ids=["text", "list", "array"],
)
def test_what_is_too_large_does_not_cross(value):
    here, there = socket.socketpair()
    with here, there, pytest.raises(TooMuch):
        Channel(here).send({"value": encode(value)})


def test_what_holds_itself_does_not_cross():
    endless = []
    endless.append(endless)
    with pytest.raises(TooMuch):
        encode(endless)


HOSTILE = [
    ["function", {"number": 0}],
    ["opaque", 5],
    ["array", ["O", [1], "AAAA"]],
    ["array", ["<f8", [10**12], ""]],
    ["array", ["<f8", [-1], ""]],
    ["array", ["<f8", [1], "no base 64"]],
    ["frame", [["index", ["int64", None, ["array", ["<i8", [1], "AAAAAAAAAAA="]]]], [], []]],
    ["series", ["int64", None, [1, 2], ["list", [1]]]],
    ["timestamp", "never"],
    ["decimal", "9" * 10_000],
    ["int", "f" * 10_000],
    ["fraction", ["0x1", "0x0"]],
    ["part", ["__class__", {}]],
    ["part", ["Card", {"nothing": 1}]],
    ["_many", []],
    ["__init__", None],
    ["read", 1],
    ["chart", {"data": {"url": "file:///etc/passwd"}}],
    ["quantity", [1, [["__class__", 1]]]],
    {"a": 1},
    ["dict", 5],
    [],
]


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: json.dumps(data)[:40])
def test_what_encode_never_writes_is_refused_or_opaque(data):
    with contextlib.suppress(TooMuch):
        assert isinstance(decode(data), Opaque)


def test_damaged_messages_raise_nothing_but_their_own_error():
    draw = random.Random(7)
    whole = json.dumps(encode([*PLAIN, tables.load("claims").head(3), Q(5, "MW"), np.eye(2)]))
    tags = [str(one) for one in wall._KINDS]
    for _ in range(2000):
        text = list(whole)
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(text))
            text[place] = draw.choice(['"', "[", "]", "null", "1e999", draw.choice(tags), "-", ","])
        try:
            data = json.loads("".join(text))
        except (ValueError, RecursionError):
            continue
        with contextlib.suppress(TooMuch):
            decode(data)


def test_a_message_that_is_longer_than_allowed_is_not_read():
    here, there = socket.socketpair()
    with here, there:
        here.sendall((wall.LONGEST + 1).to_bytes(8, "big"))
        with pytest.raises(TooMuch):
            Channel(there).receive(5)


def test_an_end_that_is_gone_is_told():
    here, there = socket.socketpair()
    here.close()
    with there, pytest.raises(Closed):
        Channel(there).receive(5)
