"""Real outages: the database goes and comes back, keeps silent, or offers somebody else's work."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update

from rankings import db, publishing
from rankings.adapters import signature
from rankings.models import EditionBundle
from rankings.usecases import editions
from rankings.web import shelf
from tests import publication
from tests.usecases import world
from tests.web import small
from tests.web.asking import current, seen, there
from tests.web.conftest import Start
from tests.web.names import LANGUAGES
from tests.web.outage import away, silent
from tests.web.small import CODE, Small, after, row

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("/", "/alpha/vi/", f"/alpha/km/agencies/{small.FIRST}", "/alpha/my/method")
FILE = "/alpha/rankings/2026/editions/1/edition.zip"
FIRST_ONE, SECOND_ONE = (f"/alpha/en/rankings/2026/editions/{number}" for number in (1, 2))
WHOLE = """
import hashlib, sys
from pathlib import Path
from rankings.app import create_app
from rankings.settings import Settings

url, data, keys, path = sys.argv[1:]
app = create_app(Settings("secret", url, Path(data), Path(keys), "http://x", Path(data)))
answer = app.test_client().get(path, buffered=True)
print(answer.status_code, hashlib.sha256(answer.data).hexdigest())
"""


@contextmanager
def without_database(alpha: Small, client: FlaskClient) -> Iterator[None]:
    """The application has no open connection left; of a SQLite file it would keep the former."""
    pool: Engine = client.application.extensions["engine"]
    with away(alpha.engine):
        if alpha.engine.dialect.name == "sqlite":
            pool.dispose()
        yield
    if alpha.engine.dialect.name == "sqlite":
        pool.dispose()


def everything(client: FlaskClient) -> list[bytes]:
    return [there(client, path).data for path in (*PAGES, FILE)]


@pytest.mark.usefixtures("always")
def test_reading_goes_on_through_an_outage_and_news_come_after_it(
    alpha: Small, start: Start
) -> None:
    alpha.publish()
    client = start(alpha.settings)
    before = everything(client)
    with without_database(alpha, client):
        assert everything(client) == before
        assert everything(start(alpha.settings)) == before
    alpha.publish("A name was wrong.", later=1)
    assert "The reason: A name was wrong." in seen(client, SECOND_ONE).text
    assert there(client, FILE).data == before[-1]


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_here_is_there_again_after_the_outage(
    alpha: Small, start: Start, language: str
) -> None:
    alpha.publish()
    alpha.publish("A name was wrong.", later=1)
    client = start(alpha.settings)
    there(client, "/alpha/vi/")
    path = FIRST_ONE.replace("/en/", f"/{language}/")
    with without_database(alpha, client):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert f'<html lang="{language}">' in answer.text
        assert "ETag" not in answer.headers
        file = client.get(FILE, headers={"Accept-Language": language})
        assert (file.status_code, file.headers["Retry-After"]) == (503, "10")
        assert f'<html lang="{language}">' in file.text
    assert len(seen(client, path).all("p", "limit")) == 1


@pytest.mark.usefixtures("always")
def test_a_silent_database_keeps_one_reader_waiting_and_no_other(
    alpha: Small, start: Start
) -> None:
    alpha.publish()
    before = there(start(alpha.settings), "/alpha/vi/").data
    with silent() as (url, listening):
        application = start(replace(alpha.settings, database_url=url)).application
        found: list[bytes] = []
        clients = [application.test_client() for _ in range(5)]
        waiting = Thread(target=lambda: found.append(there(clients[0], "/alpha/vi/").data))
        waiting.start()
        caller, _ = listening.accept()
        began = time.monotonic()
        assert [there(client, "/alpha/vi/").data for client in clients[1:]] == [before] * 4
        assert time.monotonic() - began < 5
        assert (waiting.is_alive(), found) == (True, [])
        caller.close()
        listening.close()
        waiting.join(30)
    assert found == [before]


def test_between_two_questions_no_page_needs_the_database(
    alpha: Small, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "SECONDS", 3600.0)
    alpha.publish()
    client, said = start(alpha.settings), []
    there(client, "/")
    engine = client.application.extensions["engine"]
    event.listen(engine, "before_cursor_execute", lambda *more: said.append(more[2]))
    everything(client)
    assert said == []


def test_news_are_seen_within_two_seconds(alpha: Small, start: Start) -> None:
    alpha.publish()
    client = start(alpha.settings)
    there(client, "/alpha/en/")
    suspended = {"licence_state": "suspended", "licence_state_since": world.AS_OF}
    alpha.register(row(1, **suspended))
    alpha.notice(later=1)
    began = time.monotonic()
    while not seen(client, "/alpha/en/").all("b", "warn"):
        assert time.monotonic() - began < 3
        time.sleep(0.05)
    assert time.monotonic() - began <= shelf.SECONDS + 0.5


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("offered", ["signed by another key", "the former edition", "nothing"])
def test_a_signed_notice_of_an_edition_that_is_not_there_is_not_followed(
    alpha: Small, start: Start, tmp_path: Path, offered: str
) -> None:
    first = alpha.publish()
    client = start(alpha.settings)
    before = there(client, "/alpha/vi/").data
    second = alpha.publish("A name was wrong.", later=1)
    bodies = {
        "signed by another key": forged(alpha, tmp_path),
        "the former edition": bundle(alpha, first),
        "nothing": b"",
    }
    whole = bundle(alpha, second)
    replaced(alpha, second, bodies[offered])
    assert there(client, "/alpha/vi/").data == before
    assert current(client.application, CODE).digest == first.digest
    assert client.get(SECOND_ONE).status_code == 404
    replaced(alpha, second, whole)
    assert current(client.application, CODE).digest == second.digest


def forged(alpha: Small, folder: Path) -> bytes:
    """An edition of the same cycle that somebody else signed; it is taken out again."""
    keys = folder / "other"
    signature.make(keys, CODE, b"x" * 32)
    order, act = publication.Order(CODE, "2026", "Bought."), world.act(after(2))
    publication.approved(alpha.engine, alpha.settings, order, act)
    intruder = replace(alpha.settings, keys=keys)
    edition = publishing.publish(alpha.engine, intruder, order.of_cycle, act)
    body = bundle(alpha, edition)
    with alpha.engine.begin() as connection:
        for table, column in (("edition_bundle", "edition"), ("ranking_edition", "id")):
            connection.exec_driver_sql(
                f"DELETE FROM {table} WHERE {column} = '{stored_id(alpha, edition.id)}'"
            )
        connection.exec_driver_sql("DELETE FROM notice WHERE number = 3")
    return body


def stored_id(alpha: Small, key: Any) -> str:
    return key.hex if alpha.engine.dialect.name == "sqlite" else str(key)


def bundle(alpha: Small, edition: Any) -> bytes:
    with db.reading(alpha.engine) as session:
        return editions.bundle(session, CODE, edition.digest)


def replaced(alpha: Small, edition: Any, body: bytes) -> None:
    """Past every guard, as somebody with the database's password would."""
    wanted = update(EditionBundle).where(EditionBundle.edition == edition.id).values(body=body)
    with alpha.engine.begin() as connection:
        connection.execute(wanted)


def test_many_processes_that_start_at_once_have_the_same(alpha: Small) -> None:
    edition = alpha.publish()
    elsewhere = alpha.elsewhere("fresh")
    arguments = [elsewhere.database_url, str(elsewhere.data), str(elsewhere.keys), FILE]
    command = [sys.executable, "-c", WHOLE, *arguments]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    told = [one.communicate(timeout=120) for one in started]
    assert [one.returncode for one in started] == [0] * 3, told
    digest = hashlib.sha256(bundle(alpha, edition)).hexdigest()
    assert {out.decode().strip() for out, _ in told} == {f"200 {digest}"}
    kept = sorted(one.name for one in (elsewhere.data / "editions" / CODE).iterdir())
    assert kept == ["2026-1.zip", "notice.json"]
