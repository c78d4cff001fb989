"""What an agency sees before it is published: its very receipt, what moved, and until when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from rankings import db, publishing
from rankings.app import create_app
from rankings.usecases import audits, cycles, journal, memberships, sign_ins
from rankings.web.access import TOKEN
from tests import publication
from tests.usecases import persons, world
from tests.web import small
from tests.web.serving import stop
from tests.web.small import CODE, FIRST, Small

FINDINGS = (("1.1", "own-staff"), ("1.2", "late"))
PAGE = f"/{CODE}/staff/cycles/2026/agencies/{FIRST}/hearing"
AFTER, LAST = 10, 40
MOVED = re.compile(r"<tr><td>[^<]+</td><td class=\"n\">([+−-]?[\d.]+)</td></tr>")


@dataclass
class Site:
    """A small association with one edition, in the hearing before its correction."""

    small: Small
    client: FlaskClient
    now: datetime

    def at(self, days: int) -> None:
        """So many days after the first edition, the signatory signs in."""
        self.now = small.after(days)
        with self.client.session_transaction() as cookie:
            cookie[TOKEN] = signed_in(self.small.engine, self.now)

    def get(self, address: str = PAGE) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return str(answer.get_data(as_text=True))


@pytest.fixture(scope="module")
def site(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hearing")
    file = folder / "db.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    held = small.prepared(db.connect(f"sqlite:///{file}"), folder)
    held.publish()
    correct(held)
    app = create_app(held.settings)
    made = Site(held, app.test_client(), small.after(AFTER))
    app.extensions["clock"] = lambda: made.now
    made.at(AFTER)
    yield made
    stop(app)
    held.engine.dispose()


def correct(held: Small) -> None:
    """Two findings that were forgotten, and the hearing before the correction."""
    with db.transaction(held.engine) as session:
        cycle = cycles.find(session, CODE, "2026")
        rows = [world.finding(code, found, agency="L-1") for code, found in FINDINGS]
        assert audits.save_findings(session, cycle, rows, world.NOW).problems == []
        publication.people(session, CODE, world.act(world.NOW))
        act = world.act(world.OPENED)
        person = persons.person(session, "signatory")
        person.language = "en"
        memberships.grant(session, CODE, person.id, "agency_signatory", FIRST, act)
    order = publishing.Order(CODE, "2026")
    act = world.act(small.after(AFTER))
    assert publishing.open_hearing(held.engine, held.settings, order, "Forgotten.", act) == 1


def signed_in(engine: Engine, now: datetime) -> str:
    """The token of the signatory."""
    with db.transaction(engine) as session:
        people = memberships.people(session, CODE)
        whom = next(one.account.id for one in people if one.agency == FIRST)
        act = journal.Act(str(whom), now)
        return sign_ins.verify(session, sign_ins.begin(session, whom, "-", act), act)


def elsewhere(held: Small) -> TestResponse:
    """The published receipt, on a machine that has nothing yet."""
    app = create_app(held.elsewhere("elsewhere"))
    answer = app.test_client().get(f"/{CODE}/en/agencies/{FIRST}/receipt")
    stop(app)
    return answer


def rows(page: str) -> list[str]:
    """The lines of a receipt, and the numbers above them."""
    return re.findall(r'<div class="row">.*?</div>|<p class="big">.*?</p>', page, re.S)


def test_it_says_until_when_and_what_moved(site: Site) -> None:
    page = site.get()
    assert "July 24, 2026, 24:00" in page
    assert "Working days left after today: 10" in page
    assert "Do not pass it on" in page
    before, then = re.findall(r"<dd>.*?<b>([\d.]+)</b></dd>", page, re.S)
    moved = [float(one.replace("−", "-")) for one in MOVED.findall(page)]
    assert len(moved) >= 2
    assert round(sum(moved), 1) == round(float(then) - float(before), 1)


def test_the_findings_that_count_can_be_disputed(site: Site) -> None:
    page = site.get()
    for code, _found in FINDINGS:
        assert f"{PAGE}/findings/audit-{code}" in page
        assert "Dispute this finding" in site.get(f"{PAGE}/findings/audit-{code}")
    assert site.client.get(f"{PAGE}/findings/audit-1.3").status_code == 404
    assert site.client.get(f"{PAGE}/findings/nonsense").status_code == 404


def test_after_the_publication_it_is_appealed_and_the_receipt_was_the_very_one(site: Site) -> None:
    """Runs last: it publishes."""
    shown = rows(site.get(f"{PAGE}/receipt"))
    site.at(AFTER + LAST)
    assert "The time to answer has ended" in site.get()
    act = world.act(site.now)
    with db.transaction(site.small.engine) as session:
        publication.end_hearings(session, CODE, act)
        publication.no_thresholds(session, CODE, act)
    order = publication.Order(CODE, "2026", "Forgotten.")
    publishing.score(site.small.engine, site.small.settings, order.of_cycle, act)
    with db.transaction(site.small.engine) as session:
        publication.sign(session, order, act)
    publishing.publish(site.small.engine, site.small.settings, order.of_cycle, act)
    public = elsewhere(site.small).get_data(as_text=True)
    assert len(shown) > 20
    assert rows(public) == shown
    page = site.get()
    until = (site.now + timedelta(days=30)).date()
    assert f"{until:%B} {until.day}, {until.year}, 24:00" in page
    assert "Findings that you can appeal" in page
    site.at(AFTER + LAST + 31)
    assert "The time to appeal has ended" in site.get()
