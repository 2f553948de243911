"""A source on this machine that plays answers of the recorded shapes, and every fault of one.

The answers in ``answers/`` were written for these tests: columns and forms as the sources publish
them, a handful of rows, some figures changed so that a difference is there to be found.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

ANSWERS = Path(__file__).with_name("answers")
HTML = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Robot?</body></html>"


class Reply(NamedTuple):
    """One answer of the server."""

    body: bytes
    status: int = 200
    kind: str = "text/csv"
    headers: tuple[tuple[str, str], ...] = ()
    missing: int = 0  # bytes announced that never come
    wait_s: float = 0.0


Fault = Callable[[Reply], Reply]


class Source:
    """A server on 127.0.0.1; ``fault`` spoils the answers to paths that end in ``spoils``."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.spoils = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        self.asked.append((path, query))
        good = answer(path, query)
        return self.fault(good) if self.fault and path.endswith(self.spoils) else good


@contextmanager
def serving() -> Iterator[tuple[Source, str]]:
    """Run a source, and give it and its address."""
    source = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = source.reply(parts.path, query)
            source.over.wait(reply.wait_s)
            try:
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.kind)
                self.send_header("Content-Length", str(len(reply.body) + reply.missing))
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # who asked has given up waiting

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield source, f"http://127.0.0.1:{server.server_port}"
    finally:
        source.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def answer(path: str, query: dict[str, str]) -> Reply:
    """Give what a source in good order answers."""
    if path.endswith("DS-045409"):
        return as_json(comext(query["partner"]))
    if path.endswith("Reporters.json"):
        return as_json(REPORTERS)
    if "/v1/" in path:
        return as_json(comtrade(query))
    return Reply((ANSWERS / path.rpartition("/")[2]).read_bytes())


def as_json(document: object) -> Reply:
    return Reply(json.dumps(document).encode(), kind="application/json")


# --- Eurostat: JSON-stat 2.0, from January 2019 to the month before last.
MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2027) for month in range(1, 13)][:93]
EXPORTS = {"AM": 42_974_778, "GE": 150e6, "KZ": 480e6, "KG": 20e6, "RU": 6.5e9, "UZ": 170e6}


def comext(partner: str) -> dict:
    """Answer as DS-045409 does: values in a mapping by place, the codes with their places."""
    months = MONTHS if partner == "RU" else MONTHS[:-1]
    size = {"freq": "M", "reporter": "EU27_2020", "partner": partner, "product": "TOTAL"}
    size |= {"flow": "2", "indicators": "VALUE_IN_EUROS"}
    dimensions = {
        name: {"label": name, "category": {"index": {code: 0}}} for name, code in size.items()
    }
    places = {month: place for place, month in enumerate(months)}
    dimensions["time"] = {"label": "Time", "category": {"index": places}}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "EU trade since 1988 by HS2-4-6 and CN8",
        "source": "ESTAT",
        "updated": "2026-10-15T11:00:00+0200",
        "id": list(dimensions),
        "size": [1, 1, 1, 1, 1, 1, len(months)],
        "dimension": dimensions,
        "value": {str(place): EXPORTS[partner] for place in places.values()},
    }


# --- UN Comtrade: one record a reporter and heading, the names left empty as the preview does.
REPORTERS = {
    "results": [
        {"id": 156, "text": "China", "reporterCode": 156, "reporterCodeIsoAlpha3": "CHN"},
        {"id": 490, "text": "Other Asia, nes", "reporterCode": 490, "reporterCodeIsoAlpha3": "S19"},
        {"id": 533, "text": "Aruba", "reporterCode": 533, "reporterCodeIsoAlpha3": "ABW"},
        {"id": 288, "text": "Ghana", "reporterCode": 288, "reporterCodeIsoAlpha3": "GHA"},
    ]
}


def record(query: dict[str, str], reporter: str, heading: str, value: float) -> dict:
    """Shape one record as the interface does."""
    return {
        "typeCode": "C",
        "freqCode": "A",
        "refPeriodId": int(query["period"]) * 10_000 + 101,
        "refYear": int(query["period"]),
        "refMonth": 52,
        "period": query["period"],
        "reporterCode": int(reporter),
        "reporterISO": None,
        "reporterDesc": None,
        "flowCode": query["flowCode"],
        "partnerCode": int(query["partnerCode"]),
        "partnerISO": None,
        "partner2Code": 0,
        "classificationCode": "H6" if query["period"] >= "2022" else "H5",
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        "cmdCode": heading,
        "aggrLevel": 4,
        "isLeaf": False,
        "customsCode": "C00",
        "motCode": 0,
        "qtyUnitCode": -1,
        "netWgt": None if heading == "8486" else 1234.5,
        "cifvalue": None,
        "fobvalue": value,
        "primaryValue": value,
        "isReported": False,
        "isAggregate": True,
    }


def comtrade(query: dict[str, str]) -> dict:
    """Answer for one year; the world is asked of every reporter, Russia of those named."""
    records = []
    for heading in query["cmdCode"].split(","):
        if query["partnerCode"] == "0":
            records += [
                record(query, "156", heading, 150e9),
                record(query, "490", heading, 120e9),
                record(query, "533", heading, 15_013.0),
            ]
            if query["period"] == "2025":
                records.append(record(query, "288", heading, 1_016.5))
        else:
            records += [
                record(query, reporter, heading, 900e6 if reporter == "156" else 12_345_678.25)
                for reporter in query["reportercode"].split(",")
            ]
    return {"elapsedTime": "0.1 secs", "count": len(records), "data": records, "error": ""}
