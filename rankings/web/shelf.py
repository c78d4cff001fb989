"""The published editions on this machine: verified copies, read without the database.

The database is asked every other second whether there is a newer notice. When it does not answer,
what is here goes on being read, also after a restart.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from cachetools import LRUCache
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rankings import db
from rankings.adapters import key_trust
from rankings.adapters.bundle import Bundle
from rankings.errors import NotFound, Refusal, Unavailable
from rankings.settings import Settings
from rankings.usecases import editions, notices

log = logging.getLogger(__name__)

SECONDS, SECONDS_AFTER_FAILURE = 2.0, 10.0
CACHE_BYTES = 64_000_000
# Parsed JSON takes about so many times the room of its text.
PARSED = 8
BUNDLES_OPEN = 64

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """One edition as pages ask for it; `notice` says what holds today."""

    shelf: Shelf
    bundle: Bundle
    notice: Part

    @property
    def digest(self) -> str:
        """The digest of the edition's manifest."""
        return self.bundle.digest

    def part(self, name: str) -> Part:
        """A part as plain values, which nobody may change; NotFound."""
        return self.shelf.part(self.bundle, name)


class Shelf:
    """All editions that this machine has a copy of, and the way to get newer ones."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.keys = engine, settings.keys
        self.folder = settings.data / "editions"
        self._lock, self._asking = Lock(), Lock()
        self._due, self._asked, self._failed = 0.0, False, False
        self._bundles: LRUCache[str, Bundle] = LRUCache(BUNDLES_OPEN)
        self._parts: LRUCache[tuple[str, str], tuple[Part, int]] = LRUCache(
            CACHE_BYTES, getsizeof=lambda held: held[1]
        )
        self._notices: dict[str, Part] = {}
        self._signed: dict[str, bytes] = {}
        for file in sorted(self.folder.glob("*/notice.json")):
            self._take_notice(file.parent.name, file.read_bytes())

    def close(self) -> None:
        """Leaves no file open."""
        for bundle in self._bundles.values():
            bundle.close()

    def associations(self) -> list[Part]:
        """Who has published, by code."""
        self._look()
        held = [self._notices[code] for code in sorted(self._notices)]
        found = [one["association"] for one in held if one["editions"]]
        if not found and self._failed:
            raise Unavailable("Nothing is on this machine, nor can it be got.")
        return found

    def current(self, association: str) -> Published:
        """The newest edition; NotFound where nothing has been published."""
        held = self._notice(association)
        return self._published(held, held["editions"][0])

    def edition(self, association: str, cycle: str, number: int) -> Published:
        """One edition, old or new; NotFound where there is none."""
        held = self._notice(association)
        for one in held["editions"]:
            if (one["cycle"], one["number"]) == (cycle, number):
                return self._published(held, one)
        raise NotFound("There is no such edition.")

    def notice_body(self, association: str) -> bytes:
        """The current notice as it was signed; NotFound where nothing has been published."""
        self._notice(association)
        return self._signed[association]

    def part(self, bundle: Bundle, name: str) -> Part:
        """A part of an edition, read once and kept while there is room."""
        key = (bundle.digest, name)
        with self._lock:
            kept = self._parts.get(key)
        if kept is not None:
            return kept[0]
        found = bundle.part(name)
        size = PARSED * bundle.manifest["parts"][name]["size"]
        if size <= CACHE_BYTES:
            with self._lock:
                self._parts[key] = (found, size)
        return found

    def _notice(self, association: str) -> Part:
        self._look()
        held = self._notices.get(association)
        if held is not None and held["editions"]:
            return held
        if self._failed:
            raise Unavailable("It is not on this machine, nor can it be got.")
        raise NotFound("Nothing has been published here.")

    def _published(self, held: Part, listed: Part) -> Published:
        association = held["association"]["code"]
        with self._lock:
            bundle = self._bundles.get(listed["digest"])
        if bundle is None or not bundle.is_unchanged():
            bundle = self._open(association, listed)
            with self._lock:
                self._bundles[listed["digest"]] = bundle
        return Published(self, bundle, held)

    def _look(self) -> None:
        """Ask for newer notices if it is time; one thread asks, the others go on.

        On a machine that has nothing yet they wait for the first answer.
        """
        nothing_yet = not self._asked and not self._notices
        if time.monotonic() < self._due or not self._asking.acquire(blocking=nothing_yet):
            return
        try:
            if time.monotonic() >= self._due:
                self._ask_or_wait()
        finally:
            self._asking.release()

    def _ask_or_wait(self) -> None:
        try:
            self._ask()
            self._failed, seconds = False, SECONDS
        except (DBAPIError, PoolTimeout):
            log.warning("the database does not answer; reading goes on from this machine's copies")
            self._failed, seconds = True, SECONDS_AFTER_FAILURE
        self._asked, self._due = True, time.monotonic() + seconds

    def _ask(self) -> None:
        with db.reading(self.engine) as session:
            for association, number in notices.newest(session).items():
                held = self._notices.get(association)
                if held is None or held["number"] < number:
                    body = notices.body(session, association, number)
                    self._take_notice(association, body)

    def _take_notice(self, association: str, body: bytes) -> None:
        """Make a notice the current one: it must be signed, and its newest edition be here."""
        try:
            held = key_trust.of(self.keys, association).notice(body)
            if held["editions"]:
                self._published(held, held["editions"][0])
        except Refusal as refusal:
            log.error("notice of %s not taken: %s", association, refusal)
            return
        self._notices[association], self._signed[association] = held, body
        try:
            self._write(self.folder / association / "notice.json", body)
        except OSError as error:
            log.error("notice of %s is kept in memory only: %s", association, error)

    def _open(self, association: str, listed: Part) -> Bundle:
        """The copy of an edition, fetched if it is not here or was damaged."""
        trust = key_trust.of(self.keys, association)
        file = self.folder / association / f"{listed['cycle']}-{listed['number']}.zip"
        try:
            return _checked(trust.open(file), listed)
        except (Refusal, FileNotFoundError):
            body = self._fetch(association, listed)
        try:
            self._write(file, body)
        except OSError as error:
            raise Unavailable("This machine's disk takes no copy of the edition.") from error
        return _checked(trust.open(file), listed)

    def _fetch(self, association: str, listed: Part) -> bytes:
        try:
            with db.reading(self.engine) as session:
                return editions.bundle(session, association, listed["digest"])
        except (DBAPIError, PoolTimeout) as error:
            raise Unavailable("This edition is not on this machine, nor can it be got.") from error

    def _write(self, file: Path, body: bytes) -> None:
        """Whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.{os.getpid()}.{uuid4().hex}")
        try:
            part.write_bytes(body)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _checked(bundle: Bundle, listed: Part) -> Bundle:
    """The bundle, if it is the very edition that the notice lists."""
    if bundle.digest != listed["digest"]:
        bundle.close()
        raise NotFound("This is another edition than the notice lists.")
    return bundle
