"""The page's server: on this machine alone, for whoever knows the address with its secret.

A request must name this server as its host, hold the secret in its path and, where it reads or
changes marks, come from the page itself. Nothing that is sent to the page names a student.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import threading
from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.exc import OperationalError

from grading.manual.answers import Answer, Changed, Class
from grading.manual.guide import Question
from grading.manual.prose import parts
from grading.manual.rubric import LEVELS, read, total

__all__ = ["Server"]

_FILES = {
    "": ("page.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
#: A longer request is no mark and no comment.
_LONGEST = 60_000


class Refused(Exception):
    """A request that is not answered, with the status and the reason."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Server(ThreadingHTTPServer):
    """Serve the page for one lesson on 127.0.0.1.

    Parameters
    ----------
    group : Class
        The lesson's answers.
    questions : sequence of Question
        Its argued questions.
    port : int, optional
        0 for any that is free.
    """

    daemon_threads = True

    def __init__(self, group: Class, questions: Sequence[Question], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.group = group
        self.questions = {one.id: one for one in questions}
        self.secret = secrets.token_urlsafe(32)
        # The gradebook has one reader or writer of ours at a time.
        self.lock = threading.Lock()

    @property
    def hosts(self) -> set[str]:
        """Names by which this machine's browser may ask for the page."""
        return {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}

    @property
    def address(self) -> str:
        """Where the page is, with the secret."""
        return f"http://127.0.0.1:{self.server_port}/{self.secret}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    # A browser opens connections that it may never use.
    timeout = 60

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, *_: Any) -> None:
        """Write nothing: the path holds the secret."""

    def version_string(self) -> str:
        return "grading.manual"

    def _answer(self, how) -> None:
        try:
            place, query = self._place()
            kind, body = how(place, query)
            self._send(HTTPStatus.OK, kind, body)
        except Refused as refusal:
            self._send(refusal.status, "text/plain", str(refusal).encode())
        except Changed as change:
            self._send(HTTPStatus.CONFLICT, "text/plain", str(change).encode())
        except OperationalError as fault:
            why = f"Not saved: the gradebook cannot be used ({fault.orig}). Try again."
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", why.encode())
        except LookupError as missing:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", str(missing.args[0]).encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # A page that was closed waits for no answer.
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(body)

    def _place(self) -> tuple[str, dict[str, str]]:
        """Refuse strangers; give the path behind the secret, and the query."""
        if self.headers.get("Host") not in self.server.hosts:
            raise Refused(HTTPStatus.FORBIDDEN, "this server has another name")
        address = urlsplit(self.path)
        secret, _, place = address.path.removeprefix("/").partition("/")
        if not hmac.compare_digest(secret.encode(), self.server.secret.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "open the address that the terminal shows")
        return place, {name: values[-1] for name, values in parse_qs(address.query).items()}

    def _from_the_page(self) -> None:
        own = {f"http://{host}" for host in self.server.hosts}
        origin = self.headers.get("Origin")
        if origin is not None and origin not in own:
            raise Refused(HTTPStatus.FORBIDDEN, "asked from another page")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused(HTTPStatus.FORBIDDEN, "asked from another page")

    def _get(self, place: str, query: dict[str, str]) -> tuple[str, bytes]:
        if place in _FILES:
            name, kind = _FILES[place]
            return kind, resources.files("grading.manual").joinpath(name).read_bytes()
        self._from_the_page()
        if place == "lesson":
            return _json(self._lesson())
        question = self._question(query)
        with self.server.lock:
            if place == "class":
                return _json(self._class(question))
            if place == "answer":
                return _json(self._one(question, query.get("answer", "")))
        raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")

    def _post(self, place: str, _: dict[str, str]) -> tuple[str, bytes]:
        self._from_the_page()
        if self.headers.get("Origin") is None:
            raise Refused(HTTPStatus.FORBIDDEN, "asked from another page")
        sent = self._sent()
        with self.server.lock:
            if place == "undo":
                done = self.server.group.undo()
                return _json(done and {"answer": done[0], "question": done[1].id})
            question = self._question(sent)
            answer, seen = _text(sent, "answer"), _text(sent, "seen")
            free, closing = _text(sent, "free"), sent.get("closing") is True
            if place == "levels":
                levels = _levels(sent, len(question.rows))
                self.server.group.set_levels(answer, question, seen, levels, free, closing)
            elif place == "comment":
                goes_on = sent.get("goes_on") is True
                self.server.group.set_comment(answer, question, seen, free, goes_on, closing)
            elif place == "keep":
                self.server.group.keep(answer, question, seen)
            else:
                raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")
            return _json(self._one(question, answer))

    def _sent(self) -> dict[str, Any]:
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send at most {_LONGEST} bytes")
        try:
            sent = json.loads(self.rfile.read(int(length)))
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "send a JSON object")
        return sent

    def _question(self, sent: dict[str, Any]) -> Question:
        name = _text(sent, "question")
        if name not in self.server.questions:
            raise LookupError(f"{self.server.group.lesson} has no argued question {name!r}")
        return self.server.questions[name]

    def _lesson(self) -> dict[str, Any]:
        return {
            "lesson": self.server.group.lesson,
            "questions": [
                {
                    "id": one.id,
                    "asks": one.asks,
                    "points": one.points,
                    "prompt": parts(one.prompt),
                    "rows": [row._asdict() for row in one.rows],
                    "models": [[head, parts(text)] for head, text in one.models],
                }
                for one in self.server.questions.values()
            ],
        }

    def _class(self, question: Question) -> dict[str, Any]:
        """The class at a glance: no text, no name."""
        answers = self.server.group.answers(question)
        return {
            "answers": [_told(one, question) for one in answers],
            "same": _same(answers, question),
            "phrases": self.server.group.phrases(question),
            "unread": len(self.server.group.unread),
        }

    def _one(self, question: Question, answer: str) -> dict[str, Any]:
        """One answer with its text."""
        for one in self.server.group.answers(question):
            if one.id == answer:
                return _told(one, question) | {
                    "text": _shown(*one.cells[question.id]),
                    "beside": [
                        [name, _shown(*one.cells[name])]
                        for name in question.beside
                        if name in one.cells
                    ],
                }
        raise LookupError("that answer is not in the gradebook; autograde the lesson again")


def _told(one: Answer, question: Question) -> dict[str, Any]:
    levels, free = read(question.rows, one.mark.comment)
    return {
        "id": one.id,
        "blank": one.mark.blank and one.mark.manual is None,
        "waits": one.mark.waits,
        "score": one.mark.score,
        "levels": levels,
        "free": free,
        "version": one.mark.version,
        # Given in Formgrader, or by a rubric that has changed since.
        "otherwise": one.mark.manual is not None
        and one.mark.manual != total(question.rows, levels),
    }


def _same(answers: list[Answer], question: Question) -> list[list[str]]:
    """Groups of answers with the same words, however they are spaced."""
    groups = defaultdict(list)
    for one in answers:
        words = " ".join(one.cells[question.id][1].split()).casefold()
        if words and one.mark.auto is None:
            groups[hashlib.sha256(words.encode()).digest()].append(one.id)
    return [group for group in groups.values() if len(group) > 1]


def _shown(kind: str, text: str) -> list[Any]:
    return parts(text) if kind == "markdown" else [["pre", text]]


def _json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is {value!r}; send a text")
    return value


def _levels(sent: dict[str, Any], rows: int) -> list[str | None]:
    levels = sent.get("levels")
    if (
        not isinstance(levels, list)
        or len(levels) != rows
        or not all(one is None or one in tuple(LEVELS) for one in levels)
    ):
        raise Refused(HTTPStatus.BAD_REQUEST, f"levels is {levels!r}; send one for each row")
    return levels
