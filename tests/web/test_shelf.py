"""Reading goes on without the database, and never shows what the association did not sign."""

import shutil
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text, update

from rankings import db
from rankings.adapters import signature
from rankings.models import EditionBundle
from rankings.settings import Settings
from rankings.usecases import agency_codes
from rankings.web import shelf
from rankings.web.shelf import Shelf
from tests.web import small
from tests.web.asking import seen, there
from tests.web.conftest import Start
from tests.web.names import LANGUAGES
from tests.web.small import Small

PAGES = ("/", "/alpha/vi/", f"/alpha/vi/agencies/{small.FIRST}", "/alpha/vi/method")
FILE = "/alpha/rankings/2026/editions/1/edition.zip"
DEAD = {
    "sqlite": "sqlite:////nowhere/at/all.sqlite",
    "postgresql": "postgresql+psycopg://nobody@/nothing?host=/nowhere",
}


def dead(settings: Settings, engine: Engine) -> Settings:
    """The same machine when its database is gone."""
    return replace(settings, database_url=DEAD[engine.dialect.name])


def copies(settings: Settings) -> list[Path]:
    return sorted((settings.data / "editions").rglob("*.zip"))


@pytest.mark.usefixtures("always")
def test_pages_and_files_are_read_after_a_restart_without_a_database(
    alpha: Small, engine: Engine, start: Start
) -> None:
    alpha.publish()
    before = {path: there(start(alpha.settings), path, "vi").data for path in (*PAGES, FILE)}
    client = start(dead(alpha.settings, engine))
    assert {path: there(client, path, "vi").data for path in (*PAGES, FILE)} == before


@pytest.mark.usefixtures("always")
def test_reading_goes_on_when_the_database_goes_away(alpha: Small, start: Start) -> None:
    alpha.publish()
    client = start(alpha.settings)
    before = {path: there(client, path, "vi").data for path in PAGES}
    with db.transaction(alpha.engine) as session:
        session.exec(text("DROP TABLE notice"))  # type: ignore[call-overload]  # text is no select
    for _ in range(3):
        assert {path: there(client, path, "vi").data for path in PAGES} == before


def test_without_a_database_and_without_any_copy_it_is_said_that_it_cannot_be_shown_now(
    alpha: Small, engine: Engine, start: Start
) -> None:
    client = start(dead(alpha.settings, engine))
    for path in ("/", "/alpha/en/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "cannot be shown now" in answer.text


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edition_that_cannot_be_got_now_is_said_in_words(
    alpha: Small, engine: Engine, start: Start, language: str
) -> None:
    alpha.publish()
    alpha.publish("A name was wrong.", later=1)
    there(start(alpha.settings), "/alpha/vi/")
    assert len(copies(alpha.settings)) == 1
    client = start(dead(alpha.settings, engine))
    answer = client.get(f"/alpha/{language}/rankings/2026/editions/1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert ("cannot be shown now" in answer.text) == (language == "en")


@pytest.mark.usefixtures("always")
def test_a_damaged_copy_is_fetched_again_and_never_shown(alpha: Small, start: Start) -> None:
    alpha.publish()
    whole = there(start(alpha.settings), FILE).data
    (copy,) = copies(alpha.settings)
    for damaged in (whole[:-1], whole[:500], b"", whole[:700] + b"x" + whole[701:]):
        copy.write_bytes(damaged)
        assert there(start(alpha.settings), FILE).data == whole
        assert copy.read_bytes() == whole


@pytest.mark.usefixtures("always")
def test_a_damaged_copy_is_never_shown_without_the_database_either(
    alpha: Small, engine: Engine, start: Start
) -> None:
    alpha.publish()
    there(start(alpha.settings), "/alpha/vi/")
    (copy,) = copies(alpha.settings)
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    assert start(dead(alpha.settings, engine)).get("/alpha/vi/").status_code == 503


@pytest.mark.usefixtures("always")
def test_what_another_key_signed_is_refused_and_the_former_edition_stays(
    alpha: Small, start: Start, tmp_path: Path
) -> None:
    first = alpha.publish()
    client = start(alpha.settings)
    there(client, "/alpha/vi/")
    intruder = replace(alpha, settings=replace(alpha.settings, keys=tmp_path / "other"))
    signature.make(intruder.settings.keys, "alpha", b"x" * 32)
    # The former edition is read with the association's key; the next one is signed with another.
    honest, other = (signature.public_file(one.settings.keys, "alpha") for one in (alpha, intruder))
    shutil.copy(honest, other)
    shutil.copytree(alpha.settings.data, tmp_path / "kept", dirs_exist_ok=True)
    intruder.publish("Bought.", later=1)
    assert "Bought." not in client.get("/alpha/en/rankings/2026/editions/2").text
    held: Shelf = client.application.extensions["shelf"]
    assert held.current("alpha").digest == first.digest


@pytest.mark.usefixtures("always")
def test_a_bundle_that_was_changed_in_the_database_is_never_shown(
    alpha: Small, engine: Engine, start: Start
) -> None:
    alpha.publish()
    there(start(alpha.settings), "/alpha/vi/")
    with engine.begin() as connection:
        connection.execute(update(EditionBundle).values(body=b"PK changed"))  # past the guard
    elsewhere = alpha.elsewhere("other-machine")
    assert start(elsewhere).get("/alpha/vi/").status_code == 404
    assert there(start(alpha.settings), "/alpha/vi/")


def test_a_new_edition_is_seen_when_it_is_time_to_ask(
    alpha: Small, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha.publish()
    client = start(alpha.settings)
    number = "/alpha/en/rankings/2026/editions/2"
    there(client, "/alpha/en/")
    alpha.publish("A name was wrong.", later=1)
    held: Shelf = client.application.extensions["shelf"]
    monkeypatch.setattr(held, "_due", held._due - shelf.SECONDS)
    there(client, number)
    assert shelf.SECONDS <= 2


@pytest.mark.usefixtures("always")
def test_nobody_waits_while_another_asks_the_database(
    alpha: Small, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha.publish()
    client = start(alpha.settings)
    there(client, "/alpha/vi/")
    held: Shelf = client.application.extensions["shelf"]
    asked, answered = Event(), Event()

    def slow() -> None:
        asked.set()
        assert answered.wait(10)

    monkeypatch.setattr(held, "_ask", slow)
    waiting = Thread(target=client.application.test_client().get, args=["/alpha/vi/"])
    waiting.start()
    assert asked.wait(10)
    assert "Ví Dụ Một" in seen(client, "/alpha/vi/").text
    answered.set()
    waiting.join()


def test_the_cache_of_parts_is_bounded(
    alpha: Small, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "CACHE_BYTES", 100_000)
    alpha.publish()
    client = start(alpha.settings)
    for number in range(1, 5):
        path = f"/alpha/vi/agencies/{agency_codes.code('VN', number)}"
        there(client, path)
        held: Shelf = client.application.extensions["shelf"]
        assert held._parts.currsize <= 100_000
    assert held._parts.currsize > 0


def test_two_machines_each_have_their_copy(alpha: Small, start: Start) -> None:
    alpha.publish()
    here, there_ = alpha.settings, alpha.elsewhere("other-machine")
    bodies = [there(start(settings), FILE).data for settings in (here, there_)]
    assert bodies[0] == bodies[1]
    assert len(copies(here)) == len(copies(there_)) == 1
