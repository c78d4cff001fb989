"""Readers who ask again and again, and keep what was wrong with the answers."""

from __future__ import annotations

import http.client
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, Thread

from tests.web.small import CODE, FIRST

# Every edition has its number in every name, and says it below every page.
MARK = re.compile(r"\bN(\d+)N\b")
NUMBER = re.compile(rf"/{CODE}/[a-z]+/rankings/2026/editions/(\d+)\b")
HEAD = re.compile(r"<title>.*?</title>|<h1.*?</h1>", re.S)
PATIENCE = 20


@dataclass
class Readers:
    """Some threads that share a rate; `numbers` are the editions that they saw."""

    port: int
    a_second: float
    many: int
    wrong: list[str] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    answers: int = 0
    slowest: float = 0
    lock: Lock = field(default_factory=Lock)
    stopped: Event = field(default_factory=Event)

    @contextmanager
    def reading(self) -> Iterator[float]:
        """They read while the block runs; it gets the moment at which they began."""
        threads = [Thread(target=self._read, args=(place,)) for place in range(self.many)]
        for one in threads:
            one.start()
        try:
            yield time.monotonic()
        finally:
            self.stopped.set()
            for one in threads:
                one.join()

    def _read(self, place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        start, apart = time.monotonic(), self.many / self.a_second
        newest = 1
        for turn in count(place):
            if self.stopped.wait(max(0, start + (turn - place) * apart - time.monotonic())):
                break
            path, check = self._next(turn, newest)
            newest = self._asked(connection, path, check) or newest
        connection.close()

    def _next(self, turn: int, newest: int) -> tuple[str, Callable[[bytes], set[int]]]:
        edition = f"rankings/2026/editions/{newest}"
        return (
            (f"/{CODE}/en/", marks),
            (f"/{CODE}/vi/agencies/{FIRST}", marks_of_agency),
            (f"/{CODE}/{edition}/ranking.xlsx", marks_of_workbook),
            (f"/{CODE}/en/{edition}", foot),
        )[turn % 4]

    def _asked(
        self, connection: http.client.HTTPConnection, path: str, check: Callable[[bytes], set[int]]
    ) -> int | None:
        """The one edition that an answer is of; None where it is of none, or of several."""
        began = time.monotonic()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except OSError as error:
            connection.close()
            self._note(path, f"no answer: {error!r}", began)
            return None
        if answer.status != 200:
            self._note(path, f"status {answer.status}", began)
            return None
        found = check(body)
        asked = {int(one) for one in re.findall(r"editions/(\d+)", path)}
        if len(found | asked) != 1:
            self._note(path, f"a mixture of {sorted(found)}", began)
            return None
        (number,) = found
        self._note(path, "", began, number)
        return number

    def _note(self, path: str, wrong: str, began: float, number: int | None = None) -> None:
        with self.lock:
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if wrong:
                self.wrong.append(f"{path}: {wrong}")
            if number is not None:
                self.numbers.add(number)


def foot(body: bytes) -> set[int]:
    """The edition to which a page leads from its foot."""
    return {int(one) for one in NUMBER.findall(body.decode())[-1:]}


def marks(body: bytes) -> set[int]:
    """The same, and the editions from which the names on the ranking are."""
    return foot(body) | {int(one) for one in MARK.findall(body.decode())}


def marks_of_agency(body: bytes) -> set[int]:
    """The same of an agency's page, which also tells its former names and editions."""
    head = "".join(HEAD.findall(body.decode()))
    return foot(body) | {int(one) for one in MARK.findall(head)}


def marks_of_workbook(body: bytes) -> set[int]:
    """The editions from which the names in a workbook are."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = "".join(archive.read(one).decode("utf-8", "replace") for one in archive.namelist())
    return {int(one) for one in MARK.findall(text)}
