"""Ask a source, and say plainly what is wrong with its answer.

Whatever a source does (silence, a refusal, a web page, half a file, other columns) becomes one
`SourceError` that names the address, what was expected, what came and what to do.
"""

from __future__ import annotations

import csv
import difflib
import functools
import io
import json
import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import httpx

__all__ = ["Answer", "Record", "SourceError", "Web", "plain_number", "records"]

LATER = "Try again later; nothing here depends on it."
QUEUED = "The source queues what it finds large: run it again in some minutes."
CHANGED = (
    "The source has changed its form. Look at the address in a browser and at the recipe's "
    "docstring, then mend the recipe's `shape`; until then the table serves as it is."
)
_EXPONENT_FROM = Decimal("1e15")


class SourceError(Exception):
    """A source did not give what its recipe expects.

    Parameters
    ----------
    address : str
        What was asked.
    expected, came, advice : str
        What should have come, what came, and what the instructor can do.
    """

    def __init__(self, address: str, expected: str, came: str, advice: str = LATER) -> None:
        super().__init__(came)
        self.address, self.expected, self.came, self.advice = address, expected, came, advice

    def __str__(self) -> str:
        return (
            f"  asked:    {self.address}\n"
            f"  expected: {self.expected}\n"
            f"  came:     {self.came}\n"
            f"  to do:    {self.advice}"
        )


class Answer(NamedTuple):
    """The text a source gave, and the address it gave it under."""

    address: str
    text: str

    def json(self, expected: str) -> Any:
        """Parse the text as JSON.

        Parameters
        ----------
        expected : str
            What should have come, for the message.

        Returns
        -------
        object
            What the text says.

        Raises
        ------
        SourceError
            If it is no JSON, or only a part of one.
        """
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise SourceError(
                self.address,
                expected,
                f"JSON that breaks off or is garbled at character {error.pos:,} of "
                f"{len(self.text):,}: {_excerpt(self.text[max(error.pos - 40, 0) :])}",
                "Most likely the download broke off: try again. If it stays so, the source has "
                "changed its form and the recipe wants mending.",
            ) from None


@dataclass(frozen=True)
class Web:
    """Where a source is, and how long to wait for it.

    Parameters
    ----------
    base_url : str
        Beginning of every address.
    timeout_s : float
        Seconds to wait for a connection, and for each part of the answer.

    Raises
    ------
    ValueError
        If ``base_url`` is no address.
    """

    base_url: str
    timeout_s: float = 60.0

    def __post_init__(self) -> None:
        if not re.match(r"https?://[^/\s]+", self.base_url):
            raise ValueError(
                f"base_url: {self.base_url!r} is no address that begins with http:// or https://"
            )

    def get(
        self, path: str, expected: str, params: Mapping[str, str] | None = None, secret: str = ""
    ) -> Answer:
        """Fetch one address.

        Parameters
        ----------
        path : str
            What follows ``base_url``.
        expected : str
            What should come, for the message.
        params : mapping of str to str, optional
            The query.
        secret : str, optional
            Name of a parameter that no message may show.

        Returns
        -------
        Answer
            A text that is not empty and no web page.

        Raises
        ------
        SourceError
            If the source cannot be reached, refuses, or answers with something else.
        """
        asked = {name: value for name, value in (params or {}).items() if value}
        url = f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"
        shown = {name: value for name, value in asked.items() if name != secret}
        address = str(httpx.URL(url, params=shown)) if shown else url
        try:
            with httpx.Client(
                timeout=self.timeout_s, follow_redirects=True, verify=_certificates()
            ) as client:
                response = client.get(url, params=asked or None)
        except httpx.TimeoutException:
            raise SourceError(
                address, expected, f"nothing within {self.timeout_s:g} seconds: it timed out"
            ) from None
        except httpx.RemoteProtocolError:
            raise SourceError(
                address, expected, "a part of it: the source closed the connection too early"
            ) from None
        except httpx.RequestError as error:
            raise SourceError(
                address,
                expected,
                f"no connection: {error}",
                "Check this machine's network. If other pages open, the source is down: try "
                "again later.",
            ) from None
        return Answer(address, _text(response, address, expected))


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Read the certificates once: a client that reads them anew takes longer than a request."""
    return httpx.create_ssl_context()


def _text(response: httpx.Response, address: str, expected: str) -> str:
    """Take the text out of a response, and refuse what is no data."""
    status = f"status {response.status_code} ({response.reason_phrase})"
    try:
        text = response.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            address, expected, f"bytes that are no UTF-8 text (at byte {error.start:,})", CHANGED
        ) from None
    wait = response.headers.get("Retry-After")
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise SourceError(
            address,
            expected,
            f"{status}: asked too often. {_excerpt(text)}".strip(),
            f"Wait {_wait(wait)}, then run it again." if wait else "Wait an hour, then try again.",
        )
    if response.is_server_error:
        advice = f"Wait {_wait(wait)}, then run it again." if wait else LATER
        raise SourceError(
            address, expected, f"{status}: the source is out of order. {_excerpt(text)}", advice
        )
    if response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        raise SourceError(address, expected, f"{status}: {_excerpt(text)}", QUEUED)
    if response.is_error:
        raise SourceError(address, expected, f"{status}: {_excerpt(text)}", CHANGED)
    kind = response.headers.get("Content-Type", "")
    if "html" in kind or re.match(r"\s*<(!doctype|html)", text, flags=re.IGNORECASE):
        raise SourceError(
            address,
            expected,
            f"a web page: {_excerpt(text)}",
            "Open the address in a browser: it may ask to prove that you are no robot, or be "
            "closed for repair. If the data moved, give the new address with --base-url.",
        )
    if not text.strip():
        raise SourceError(address, expected, "an empty answer")
    return text


def _wait(header: str) -> str:
    """Say a Retry-After header, which is a number of seconds or a date."""
    return f"{header} seconds" if header.isdigit() else f"until {header}"


def _excerpt(text: str, length: int = 120) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= length else words[:length] + " ...")


def plain_number(text: object, times: str = "1") -> str:
    """Write a number as the tables do: as given, without a trailing ``.0``.

    Parameters
    ----------
    text : object
        The number as the source prints it; empty, ``nan`` and None are missing.
    times : str
        What to multiply it by, exactly.

    Returns
    -------
    str
        The number, in exponent form from 1e15 up; empty if it is missing.

    Raises
    ------
    ValueError
        If it is no finite number.

    Examples
    --------
    >>> plain_number("989500000000000.0", "1e-12"), plain_number("5e+26"), plain_number("nan")
    ('989.5', '5e26', '')
    """
    words = "" if text is None else str(text).strip()
    if words.lower() in ("", "nan"):
        return ""
    try:
        value = Decimal(words) * Decimal(times)
    except InvalidOperation:
        raise ValueError(f"{words!r} is no number") from None
    if not value.is_finite():
        raise ValueError(f"{words!r} is no finite number")
    if abs(value) >= _EXPONENT_FROM:
        return f"{value.normalize():e}".replace("e+", "e")
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


class Record:
    """One row of an answer, that knows where it stood.

    Parameters
    ----------
    cells : mapping of str to object
        Values by the source's own column names.
    place : str
        Where it stands, for messages: ``"row 12"``.
    address : str
        Address of the answer.
    """

    def __init__(self, cells: Mapping[str, object], place: str, address: str) -> None:
        self.cells, self.place, self.address = cells, place, address

    def text(self, column: str) -> str:
        """Give a cell as text, runs of white space made one space."""
        value = self.cells[column]
        return "" if value is None or value != value else " ".join(str(value).split())

    def number(self, column: str, times: str = "1") -> str:
        """Give a cell as `plain_number` writes it.

        Raises
        ------
        SourceError
            If it is no number.
        """
        try:
            return plain_number(self.text(column), times)
        except ValueError as error:
            raise self.fault(column, "a number", str(error)) from None

    def day(self, column: str) -> str:
        """Give a cell as an ISO date, without the time of day.

        Raises
        ------
        SourceError
            If it does not begin with an ISO date.
        """
        words = self.text(column)
        if not words:
            return ""
        try:
            return date.fromisoformat(words[:10]).isoformat()
        except ValueError:
            raise self.fault(column, "a date such as 2025-11-19", repr(words)) from None

    def fault(self, column: str, expected: str, came: str) -> SourceError:
        """Make the error for a cell that is not what it should be."""
        where = f"{expected} in {self.place}, column {column!r}"
        return SourceError(self.address, where, came, CHANGED)


def records(answer: Answer, columns: Iterable[str]) -> list[Record]:
    """Parse an answer as a CSV file with a header.

    Parameters
    ----------
    answer : Answer
        What the source gave.
    columns : iterable of str
        The columns a recipe needs; others are let be.

    Returns
    -------
    list of Record
        One a row.

    Raises
    ------
    SourceError
        If a column is missing, a row has not as many cells as the header, a quotation is not
        closed, or there are no rows.
    """
    needed = list(columns)
    expected = f"a CSV file with the columns {', '.join(needed)}"
    broken = (
        "Most likely the download broke off: try again. If it stays so, look at the file in a "
        "browser."
    )
    try:
        rows = list(csv.reader(io.StringIO(answer.text, newline=""), strict=True))
    except csv.Error as error:
        raise SourceError(
            answer.address, expected, f"a file that is cut off or garbled: {error}", broken
        ) from None
    header = rows[0]
    missing = [name for name in needed if name not in header]
    if missing:
        near = difflib.get_close_matches(missing[0], header, n=1, cutoff=0.5)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise SourceError(
            answer.address,
            expected,
            f"no column {', '.join(map(repr, missing))}{hint}; it begins {_excerpt(answer.text)}",
            CHANGED,
        )
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if row]
    for number, row in filled:
        if len(row) != len(header):
            raise SourceError(
                answer.address,
                expected,
                f"row {number} of {len(rows)} has {len(row)} cells where the header has "
                f"{len(header)}: the file is cut off or garbled",
                broken,
            )
    if not filled:
        raise SourceError(answer.address, expected, "a header and no rows")
    return [
        Record(dict(zip(header, row, strict=True)), f"row {number}", answer.address)
        for number, row in filled
    ]
