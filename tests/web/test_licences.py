"""Licences of today: a notice changes the pages, and the edition stays what it was."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from rankings import importing, publishing
from rankings.invented.files import COLUMNS
from rankings.settings import Settings
from rankings.usecases.journal import OPERATOR, Act
from tests.web import demonstration
from tests.web.asking import current, rated, seen, there, unrated
from tests.web.conftest import Start
from tests.web.names import LANGUAGES, download, places
from tests.web.reading import Read

pytestmark = pytest.mark.usefixtures("always")

# Some days after the demonstration's newer edition.
TODAY = datetime(2026, 8, 10, 3, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A demonstration of one's own: the register goes on after the edition."""

    settings: Settings
    engine: Engine
    client: FlaskClient
    folder: Path

    def take(self, agency: Mapping[str, Any], **changed: object) -> None:
        """A register with this one agency, as an association would send it."""
        file = self.folder / "agencies.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS["agencies.xlsx"])
            writer.writeheader()
            writer.writerow(row_of(agency) | changed)
        order = importing.Order("agencies", file, "vidu", "2026")
        assert importing.take(self.engine, order, Act(OPERATOR, TODAY)).saved

    def notice(self, later: int = 0) -> None:
        moment = TODAY + timedelta(days=later)
        publishing.issue_notice(self.engine, self.settings, "vidu", Act(OPERATOR, moment))

    def page(self, kind: str, agency: str = "", language: str = "en") -> Read:
        return seen(self.client, places("vidu", language, agency)[kind])


@pytest.fixture
def world(tmp_path: Path, start: Start) -> World:
    settings = demonstration.copied(tmp_path / "demo")
    client = start(settings)
    engine = client.application.extensions["engine"]
    return World(settings, engine, client, tmp_path)


def row_of(agency: Mapping[str, Any]) -> dict[str, object]:
    """The row by which the register knows an agency, as it stood in the edition."""
    licence = agency["licence"]
    return {
        "licensing_authority": licence["authority"],
        "licence_number": licence["number"],
        **{f"name_{language}": name for language, name in agency["names"].items()},
        "licensed_on": licence["licensed_on"],
        "licence_state": licence["state"],
        "licence_state_since": licence["since"],
        "licence_valid_until": licence["valid_until"] or "",
        "code_signed_on": "2020-02-03",
    }


def best(world: World) -> dict[str, Any]:
    return rated(world.client.application)[0]


def warnings(page: Read) -> list[str]:
    return [one.text for one in page.all("b", "warn")]


SUSPENDED = {"licence_state": "suspended", "licence_state_since": "2026-08-03"}
EVERYTHING = ("ranking.xlsx", "ranking.csv", "criteria.csv", "edition.zip")


def test_a_licence_suspended_after_the_edition_is_a_warning_on_every_page(world: World) -> None:
    agency, before = best(world), warnings(world.page("ranking"))
    assert (len(before), "✓" in world.page("agency", agency["code"]).text) == (3, True)
    world.take(agency, **SUSPENDED)
    assert warnings(world.page("ranking")) == before
    world.notice()
    assert warnings(world.page("ranking")) == ["Licence suspended since August 3, 2026", *before]
    page = world.page("agency", agency["code"])
    assert page.all("p", "lead")[0].text == "✗ Licence suspended since August 3, 2026"
    assert "Do not pay this agency for a new job." in page.text
    assert "Checked on August 10, 2026." in page.text


def test_the_edition_stays_what_it_was(world: World) -> None:
    agency, edition = best(world), current(world.client.application).digest
    files = [there(world.client, download("vidu", name)).data for name in EVERYTHING]
    receipt = there(world.client, places("vidu", "vi", agency["code"])["receipt"]).data
    shown = world.page("agency", agency["code"])
    world.take(agency, **SUSPENDED)
    world.notice()
    assert current(world.client.application).digest == edition
    assert [there(world.client, download("vidu", name)).data for name in EVERYTHING] == files
    assert there(world.client, places("vidu", "vi", agency["code"])["receipt"]).data == receipt
    after = world.page("agency", agency["code"])
    assert after.one("p", "big").text == shown.one("p", "big").text
    assert after.all("p", "lead")[1].text == shown.all("p", "lead")[1].text
    assert rated(world.client.application)[0] == agency


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_warning_is_said_in_every_language(world: World, language: str) -> None:
    agency = best(world)
    world.take(agency, **SUSPENDED)
    world.notice()
    first, *_ = warnings(world.page("ranking", language=language))
    lead = world.page("agency", agency["code"], language).all("p", "lead")[0].text
    assert lead == f"✗ {first}"
    assert ("suspended" in first) == (language == "en")
    assert "2026" in first


def test_a_licence_that_was_given_back_is_no_warning_any_more(world: World) -> None:
    (agency, *_) = [one for one in unrated(world.client.application) if one["state"] == "suspended"]
    assert warnings(world.page("ranking"))[0].startswith("Licence suspended")
    world.take(agency, licence_state="valid", licence_state_since="2026-08-01")
    world.notice()
    assert not warnings(world.page("ranking"))[0].startswith("Licence suspended")
    page = world.page("agency", agency["code"])
    assert page.all("p", "lead")[0].text == "✓ Licence valid"
    assert page.all("p", "lead")[1].text == "Licence suspended"


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (0, "✓ Licence valid until August 12, 2026"),
        (2, "✓ Licence valid until August 12, 2026"),
        (3, "✗ Licence expired on August 13, 2026"),
    ],
)
def test_a_licence_expires_by_itself_with_the_notice_of_the_day(
    world: World, later: int, sentence: str
) -> None:
    agency = best(world)
    world.take(agency, licence_valid_until="2026-08-12")
    world.notice(later)
    page = world.page("agency", agency["code"])
    assert page.all("p", "lead")[0].text == sentence
    assert ("Licence expired on August 13, 2026" in warnings(world.page("ranking"))) == (later == 3)


def test_a_name_that_changes_after_the_edition_waits_for_the_next(world: World) -> None:
    agency = best(world)
    world.take(agency, name_vi="Ví Dụ Tên Khác")
    world.notice()
    page = world.page("agency", agency["code"])
    assert page.one("h1").text == agency["names"]["vi"]
    assert "Ví Dụ Tên Khác" not in world.page("ranking").text


def test_an_agency_that_is_new_in_the_register_breaks_no_page(world: World) -> None:
    agency = best(world)
    world.take(agency, licence_number="VD-999", name_vi="Ví Dụ Mới")
    world.notice()
    assert "Ví Dụ Mới" not in world.page("ranking").text
    assert world.client.get("/vidu/en/agencies/VN-00990").status_code == 404


def test_the_unrated_are_listed_with_the_state_of_their_licence(world: World) -> None:
    listed = unrated(world.client.application)
    rows = world.page("ranking").all("li")[-len(listed) :]
    for entry, row in zip(listed, rows, strict=True):
        assert entry["names"]["vi"] in row.text
        assert "Licence" in row.text, entry["state"]
