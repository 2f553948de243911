"""Plain data across the wall between candidate and examiner.

What a student's code made is never unpickled, evaluated or imported by the examiner: it crosses
as JSON whose every part is of a kind listed here, and what comes is checked before it is used. A
function stays where it is and crosses as a number under which it is called; what is of no known
kind crosses as the name of its type.

This file is one of two that the candidate's room holds, so it imports nothing of the course's
marking.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import fractions
import json
import math
import re
import socket
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["LONGEST", "Channel", "Closed", "Failed", "Opaque", "TooMuch", "decode", "encode"]

#: The longest message in bytes; the largest table of the course is 1 MB.
LONGEST = 16_000_000
_DEEPEST = 30
_MOST_PARTS = 200_000
_LONGEST_TEXT = 1_000_000
_MOST_DIGITS = 4_000
_LENGTH = struct.Struct(">Q")
# Types of arrays whose bytes are their meaning, so that nothing can hide in one.
_BYTES = "biufcmM"
_DTYPE = re.compile(rf"[<>|=]?[{_BYTES}][0-9]{{1,2}}(\[[0-9]{{0,4}}[A-Za-z]{{1,2}}\])?")


class Closed(EOFError):
    """The other side has gone."""


class TooMuch(ValueError):
    """What should cross is too long, too deep or of no kind that may."""


class Opaque(NamedTuple):
    """Something that is no plain data: all that crosses is the name of its type."""

    kind: str


class Failed(NamedTuple):
    """An exception on the other side: the name of its type and the first line of what it says."""

    kind: str
    says: str


class Channel:
    """One end of the socket between the rooms: whole messages, their length first.

    Parameters
    ----------
    end : socket.socket
        Connected to the other room.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, message: dict[str, Any]) -> None:
        """Send a message.

        Parameters
        ----------
        message : dict
            Of what JSON carries.

        Raises
        ------
        TooMuch
            If it is longer than `LONGEST` bytes.
        Closed
            If the other side has gone.
        """
        body = json.dumps(message, separators=(",", ":")).encode()
        if len(body) > LONGEST:
            raise TooMuch(f"a message of {len(body):,} bytes; at most {LONGEST:,} may cross")
        try:
            self._end.settimeout(None)
            self._end.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise Closed("the other side has gone") from error

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """Wait for a message.

        Parameters
        ----------
        seconds : float, optional
            How long to wait for any sign of it; without it, for ever.

        Returns
        -------
        dict

        Raises
        ------
        TimeoutError
            If nothing came in time.
        TooMuch
            If what comes is too long, or is no message.
        Closed
            If the other side has gone.
        """
        self._end.settimeout(seconds)
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > LONGEST:
            raise TooMuch(f"a message of {length:,} bytes; at most {LONGEST:,} may cross")
        try:
            message = json.loads(self._exactly(length))
        except (ValueError, RecursionError) as error:
            raise TooMuch("what came is no message") from error
        if not isinstance(message, dict):
            raise TooMuch("what came is no message")
        return message

    def _exactly(self, length: int) -> bytes:
        body = bytearray()
        while len(body) < length:
            try:
                part = self._end.recv(min(length - len(body), 1 << 20))
            except TimeoutError:
                raise
            except OSError as error:
                raise Closed("the other side has gone") from error
            if not part:
                raise Closed("the other side has gone")
            body += part
        return bytes(body)

    def close(self) -> None:
        """Close this end."""
        self._end.close()


# ---- out ------------------------------------------------------------------------------------


def encode(value: Any, function: Callable[[Any], dict[str, Any]] | None = None) -> Any:
    """Write a value as what JSON carries.

    Parameters
    ----------
    value : object
        Anything.
    function : callable, optional
        Describes a function so that the other side can call it (see `decode`). Without it a
        function is opaque.

    Returns
    -------
    object
        A text, a number, a truth value, None, or a list whose first item names the kind.

    Raises
    ------
    TooMuch
        If it is too long, too deep or has too many parts.
    """
    return _Writer(function).write(value, 0)


class _Writer:
    def __init__(self, function: Any) -> None:
        self._function = function
        self._left = _MOST_PARTS

    def write(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST:
            raise TooMuch(f"nested more than {_DEEPEST} deep")
        if self._left < 0:
            raise TooMuch(f"more than {_MOST_PARTS:,} parts")
        plain = self._plain(value, depth)
        if plain is not _NOT:
            return plain
        known = self._library(value, depth)
        if known is not _NOT:
            return known
        if callable(value) and self._function is not None:
            return ["function", self._function(value)]
        return ["opaque", type(value).__name__[:80]]

    def _plain(self, value: Any, depth: int) -> Any:
        # By exact type or its plain base: a subclass that lies about itself becomes the base.
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            if str.__len__(value) > _LONGEST_TEXT:
                raise TooMuch(f"a text of {str.__len__(value):,} characters")
            return str.__str__(value)
        if isinstance(value, int):
            number = int.__int__(value)
            if number.bit_length() > 53:
                if number.bit_length() > 3 * _MOST_DIGITS:
                    return ["float", "inf" if number > 0 else "-inf"]
                return ["int", hex(number)]
            return number
        if isinstance(value, float):
            number = float.__float__(value)
            # Also numpy.float64, which is a float: it stays one number of the same value.
            return number if math.isfinite(number) else ["float", repr(number)]
        for kind in (tuple, list, frozenset, set):
            if isinstance(value, kind):
                return [kind.__name__, [self.write(one, depth + 1) for one in kind.__iter__(value)]]
        if isinstance(value, dict):
            pairs = dict.items(value)
            return [
                "dict",
                [[self.write(k, depth + 1), self.write(v, depth + 1)] for k, v in pairs],
            ]
        return _NOT

    def _library(self, value: Any, depth: int) -> Any:
        import numpy as np
        import pandas as pd
        import pint

        if value is pd.NA or value is pd.NaT:
            return ["missing", "NA" if value is pd.NA else "NaT"]
        if isinstance(value, pd.Timestamp):
            return ["timestamp", value.isoformat()]
        if isinstance(value, pd.Timedelta):
            return ["timedelta", value.isoformat()]
        if isinstance(value, datetime.datetime):
            return ["datetime", value.isoformat()]
        if isinstance(value, datetime.date):
            return ["date", value.isoformat()]
        if isinstance(value, datetime.timedelta):
            return ["seconds", value.total_seconds()]
        if isinstance(value, decimal.Decimal):
            return ["decimal", str(value)[:_MOST_DIGITS]]
        if isinstance(value, fractions.Fraction):
            return ["fraction", [hex(value.numerator), hex(value.denominator)]]
        if isinstance(value, complex):
            return ["complex", [repr(value.real), repr(value.imag)]]
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "scalar", depth)
        if isinstance(value, np.ndarray):
            return self._array(value, "array", depth)
        if isinstance(value, (pd.Series, pd.DataFrame, pd.Index)):
            return self._table(value, depth)
        if isinstance(value, pint.Quantity):
            parts = [[str(name), float(power)] for name, power in value.unit_items()]
            return ["quantity", [self.write(value.magnitude, depth + 1), parts]]
        if isinstance(value, BaseException):
            lines = str(value).strip().splitlines()
            return ["failed", [type(value).__name__[:80], (lines or [""])[0][:300]]]
        return self._course(value, depth)

    def _array(self, array: Any, kind: str, depth: int) -> Any:
        if array.dtype.kind in _BYTES:
            body = base64.b64encode(array.tobytes()).decode()
            return [kind, [array.dtype.str, list(array.shape), body]]
        items = [self.write(one, depth + 1) for one in array.ravel().tolist()]
        return [f"{kind}s", [list(array.shape), items]]

    def _table(self, table: Any, depth: int) -> Any:
        import pandas as pd

        if isinstance(table, pd.DataFrame):
            columns = [self.write(table.iloc[:, i], depth + 1) for i in range(table.shape[1])]
            names = self.write(table.columns, depth + 1)
            return ["frame", [self.write(table.index, depth + 1), names, columns]]
        if isinstance(table, pd.MultiIndex):
            names = [self.write(name, depth + 1) for name in table.names]
            return ["multiindex", [names, [self.write(one, depth + 1) for one in table.tolist()]]]
        dtype = str(table.dtype)
        whole = table.to_numpy() if dtype[0] in "bifu" and "[" not in dtype else None
        values = (
            self._array(whole, "array", depth)
            if whole is not None
            else [self.write(one, depth + 1) for one in table.tolist()]
        )
        name = self.write(table.name, depth + 1)
        if isinstance(table, pd.Index):
            return ["index", [dtype, name, values]]
        return ["series", [dtype, name, values, self.write(table.index, depth + 1)]]

    def _course(self, value: Any, depth: int) -> Any:
        import sys

        altair = sys.modules.get("altair")
        if altair is not None and isinstance(value, altair.TopLevelMixin):
            return ["chart", value.to_dict()]
        parts = sys.modules.get("course.brief.parts")
        name = type(value).__name__
        if parts is not None and type(value) is getattr(parts, name, None):
            fields = {field: self.write(getattr(value, field), depth + 1) for field in vars(value)}
            return ["part", [name, fields]]
        return _NOT


# ---- in -------------------------------------------------------------------------------------


def decode(data: Any, function: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """Read what `encode` wrote, whoever wrote it.

    Parameters
    ----------
    data : object
        As it came out of a message. Nothing about it is taken on trust.
    function : callable, optional
        Makes something to call from the description of a function of the other side. Without it
        a function is read as `Opaque`.

    Returns
    -------
    object
        Of the kinds that the course's lessons and checks know, `Opaque` or `Failed`.

    Raises
    ------
    TooMuch
        If it is nothing that `encode` writes.
    """
    try:
        return _Reader(function).read(data, 0)
    except TooMuch:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # Libraries have their own words for a shape, a date or a type that does not fit.
        raise TooMuch(f"what came is no value ({type(error).__name__})") from error


class _Reader:
    def __init__(self, function: Any) -> None:
        self._make = function
        self._left = _MOST_PARTS

    def read(self, data: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise TooMuch("too deep, or too many parts")
        if data is None or isinstance(data, (bool, int, float)):
            return data
        if isinstance(data, str):
            if len(data) > _LONGEST_TEXT:
                raise TooMuch(f"a text of {len(data):,} characters")
            return data
        if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], str):
            raise TooMuch("what came is no value")
        kind, content = data
        reader = getattr(self, f"_{kind}", None) if kind in _KINDS else None
        if reader is None:
            raise TooMuch(f"no value is of the kind {kind[:40]!r}")
        return reader(content, depth + 1)

    def _many(self, content: Any, depth: int) -> list[Any]:
        if not isinstance(content, list):
            raise TooMuch("what came is no list")
        return [self.read(one, depth) for one in content]

    def _list(self, content: Any, depth: int) -> list:
        return self._many(content, depth)

    def _tuple(self, content: Any, depth: int) -> tuple:
        return tuple(self._many(content, depth))

    def _set(self, content: Any, depth: int) -> set:
        return set(self._many(content, depth))

    def _frozenset(self, content: Any, depth: int) -> frozenset:
        return frozenset(self._many(content, depth))

    def _dict(self, content: Any, depth: int) -> dict:
        return {self.read(key, depth): self.read(value, depth) for key, value in content}

    def _int(self, content: Any, _: int) -> int:
        if not isinstance(content, str) or len(content) > _MOST_DIGITS:
            raise TooMuch("a whole number of too many digits")
        return int(content, 16)

    def _float(self, content: Any, _: int) -> float:
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[content]

    def _complex(self, content: Any, _: int) -> complex:
        real, imag = content
        return complex(float(real), float(imag))

    def _decimal(self, content: Any, _: int) -> decimal.Decimal:
        if not isinstance(content, str) or len(content) > _MOST_DIGITS:
            raise TooMuch("a decimal of too many digits")
        return decimal.Decimal(content)

    def _fraction(self, content: Any, depth: int) -> fractions.Fraction:
        upper, lower = content
        return fractions.Fraction(self._int(upper, depth), self._int(lower, depth))

    def _missing(self, content: Any, _: int) -> Any:
        import pandas as pd

        return {"NA": pd.NA, "NaT": pd.NaT}[content]

    def _timestamp(self, content: Any, _: int) -> Any:
        import pandas as pd

        return pd.Timestamp(str(content))

    def _timedelta(self, content: Any, _: int) -> Any:
        import pandas as pd

        return pd.Timedelta(str(content))

    def _datetime(self, content: Any, _: int) -> datetime.datetime:
        return datetime.datetime.fromisoformat(content)

    def _date(self, content: Any, _: int) -> datetime.date:
        return datetime.date.fromisoformat(content)

    def _seconds(self, content: Any, _: int) -> datetime.timedelta:
        return datetime.timedelta(seconds=content)

    def _array(self, content: Any, _: int) -> Any:
        import numpy as np

        name, shape, body = content
        if not isinstance(name, str) or not _DTYPE.fullmatch(name):
            raise TooMuch("an array whose type does not cross by its bytes")
        dtype = np.dtype(name)
        flat = np.frombuffer(base64.b64decode(body, validate=True), dtype=dtype)
        return flat.reshape([_size(one) for one in shape]).copy()

    def _scalar(self, content: Any, depth: int) -> Any:
        return self._array(content, depth)[()]

    def _arrays(self, content: Any, depth: int) -> Any:
        import numpy as np

        shape, items = content
        flat = np.empty(len(items), dtype=object)
        flat[:] = self._many(items, depth)
        return flat.reshape([_size(one) for one in shape])

    def _scalars(self, content: Any, depth: int) -> Any:
        return self._arrays(content, depth)[()]

    def _values(self, dtype: Any, values: Any, depth: int) -> tuple[Any, str | None]:
        """The values of a column, and the type to give them; none where pandas shall choose."""
        if isinstance(values, list) and values[:1] == ["array"]:
            return self.read(values, depth), None
        known = isinstance(dtype, str) and dtype.startswith(_COLUMNS)
        return self._many(values, depth), dtype if known else "object"

    def _series(self, content: Any, depth: int) -> Any:
        import pandas as pd

        dtype, name, values, index = content
        found, kind = self._values(dtype, values, depth)
        index = self.read(index, depth)
        if not isinstance(index, pd.Index):
            raise TooMuch("a Series without an index")
        return pd.Series(found, index=index, name=self.read(name, depth), dtype=kind)

    def _index(self, content: Any, depth: int) -> Any:
        import pandas as pd

        dtype, name, values = content
        found, kind = self._values(dtype, values, depth)
        return pd.Index(found, name=self.read(name, depth), dtype=kind)

    def _multiindex(self, content: Any, depth: int) -> Any:
        import pandas as pd

        names, items = content
        return pd.MultiIndex.from_tuples(self._many(items, depth), names=self._many(names, depth))

    def _frame(self, content: Any, depth: int) -> Any:
        import pandas as pd

        index, names, columns = content
        index, names = self.read(index, depth), self.read(names, depth)
        found = self._many(columns, depth)
        alike = all(isinstance(one, pd.Series) and len(one) == len(index) for one in found)
        if not alike or len(names) != len(found):
            raise TooMuch("a table whose columns do not fit together")
        frame = pd.concat(found, axis=1) if found else pd.DataFrame(index=index)
        frame.index, frame.columns = index, names
        return frame

    def _quantity(self, content: Any, depth: int) -> Any:
        from course.units import units

        magnitude, parts = content
        unit = units.Unit("")
        for name, power in parts:
            if not isinstance(name, str) or name not in units:
                # A unit of the student's own making: its kind is all that a check could say of it.
                return Opaque("Quantity")
            unit = unit * units.Unit(name) ** float(power)
        return units.Quantity(self.read(magnitude, depth), unit)

    def _chart(self, content: Any, _: int) -> Any:
        import altair as alt

        if not isinstance(content, dict) or _reaches_out(content):
            raise TooMuch("a chart whose data are not in it")
        kinds = {"layer": alt.LayerChart, "hconcat": alt.HConcatChart, "vconcat": alt.VConcatChart}
        kinds |= {"concat": alt.ConcatChart, "repeat": alt.RepeatChart, "spec": alt.FacetChart}
        kind = next((kinds[part] for part in kinds if part in content), alt.Chart)
        return kind.from_dict(content, validate=False)

    def _part(self, content: Any, depth: int) -> Any:
        from course.brief import parts

        name, fields = content
        kind = {"Card": parts.Card, "Forecast": parts.Forecast, "Brief": parts.Brief}[name]
        return kind(**{str(field): self.read(one, depth) for field, one in fields.items()})

    def _failed(self, content: Any, _: int) -> Failed:
        kind, says = content
        return Failed(str(kind)[:80], str(says)[:300])

    def _opaque(self, content: Any, _: int) -> Opaque:
        return Opaque(str(content)[:80])

    def _function(self, content: Any, _: int) -> Any:
        if self._make is None:
            return Opaque("function")
        if not isinstance(content, dict):
            raise TooMuch("a function without a description")
        return self._make(content)


_NOT = object()
_KINDS = frozenset(
    name[1:] for name in vars(_Reader) if name[0] == "_" and name not in ("_many", "_values")
    and not name.startswith("__")
)  # fmt: skip
# Types of columns whose values cross one by one.
_COLUMNS = (
    "datetime64",
    "timedelta64",
    "str",
    "string",
    "boolean",
    "Int",
    "UInt",
    "Float",
    "object",
)


def _size(one: Any) -> int:
    if not isinstance(one, int) or one < 0:
        raise TooMuch("an array of no size")
    return one


def _reaches_out(spec: Any) -> bool:
    """Whether a chart takes data from an address: then it says nothing by itself."""
    waiting = [spec]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(part.get("url"), str) or part.get("type") == "image":
                return True
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return False
