"""Signs of gaming and requests for a new rating in the browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from rankings import db
from rankings.models import Audit, Evidence, SecondOpinion, SelfAssessment
from rankings.usecases import rating_requests, self_assessments
from rankings.web.access import RIGHTS
from tests.web import desk_pages, members
from tests.web.members import CYCLE, OTHER, OURS, OWN, Members
from tests.web.serving import served, stop

SIGNS = f"/{OURS}/staff/cycles/{CYCLE}/signs"
REQUEST = f"/{OURS}/staff/agencies/{OWN}/rating-request"
QUEUE = f"/{OURS}/staff/rating-requests"
REASON = "All deposits were given back in May."
ENDPOINTS = ("signs.show", "rating_requests.show", "rating_requests.index")


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def post(held: Members, who: str, path: str, **sent: str) -> Any:
    return held.client(who).post(path, data={"csrf_token": held.token} | sent)


def share_a_file(held: Members) -> None:
    """Both agencies submit, with the same bytes."""
    with db.transaction(held.engine) as session:
        for agency in (OWN, OTHER):
            cycle, row = self_assessments.find(session, OURS, CYCLE, agency)
            own = session.get_one(SelfAssessment, (OURS, cycle.id, row.id))
            own.submitted_on = date(2026, 2, 20)
            session.add(own)
            file: dict[str, Any] = {"name": "b.pdf", "media_type": "application/pdf", "size": 1}
            session.add(
                Evidence(
                    association=OURS,
                    id=uuid4(),
                    cycle=cycle.id,
                    agency=row.id,
                    indicator="1.2",
                    given_sha256="e" * 64,
                    stored_sha256="e" * 64,
                    given_by=held.accounts["agency_member"],
                    given_at=members.TODAY,
                    **file,
                )
            )


def newest(held: Members) -> str:
    """The key of the edition that is the current ranking."""
    with db.reading(held.engine) as session:
        found = rating_requests.newest(session, OURS)
    assert found
    return str(found.id)


def test_a_sign_says_what_was_seen_why_it_may_be_harmless_and_where_to_look(held: Members) -> None:
    client = held.client("secretariat")
    assert "There are none." in client.get(SIGNS).text
    share_a_file(held)
    page = client.get(SIGNS).text
    assert "Files that 2 agencies gave byte for byte the same: 1." in page
    assert "It may be a form of an authority" in page
    assert "Open the file" in page
    assert f"agencies/{OWN}/" in page
    assert "changes no score" in page


def test_an_auditor_who_still_has_to_judge_blindly_sees_no_sign_of_that_agency(
    held: Members,
) -> None:
    share_a_file(held)
    auditor = held.client("auditor")
    assert "byte for byte" in auditor.get(SIGNS).text
    with db.transaction(held.engine) as session:
        other = session.get_one(Audit, (OURS, held.things[OURS, OTHER]["audit"]))
        drawn = session.get_one(SecondOpinion, (OURS, held.things[OURS, OTHER]["opinion"]))
        assert other.auditor != held.accounts["auditor"]
        drawn.auditor = held.accounts["auditor"]
        session.add(drawn)
    assert "byte for byte" not in auditor.get(SIGNS).text
    assert "byte for byte" in held.client("secretariat").get(SIGNS).text


def test_a_request_is_asked_once_and_decided_with_a_reason(held: Members) -> None:
    edition = newest(held)
    page = held.client("agency_signatory").get(REQUEST).text
    assert "The rating can fall as well as rise." in page
    empty = post(held, "agency_signatory", REQUEST, reason=" ")
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.text
    assert post(held, "agency_signatory", REQUEST, reason=REASON).status_code == 303
    again = post(held, "agency_signatory", REQUEST, reason="Once more.")
    assert again.status_code == 409
    assert "It can ask once for each edition." in again.text
    assert OWN in held.client("secretariat").get(QUEUE).text
    wrong = post(held, "secretariat", f"{REQUEST}/decide", edition=edition, because="We come.")
    assert wrong.status_code == 422
    assert "We come." in wrong.text
    sent = {"edition": edition, "outcome": "granted", "because": "We come in June."}
    assert post(held, "secretariat", f"{REQUEST}/decide", **sent).status_code == 303
    decided = held.client("secretariat").get(REQUEST).text
    assert f"audits/new?agency={OWN}" in decided
    told = held.client("agency_member").get(REQUEST).text
    assert "We come in June." in told
    assert "audits/new" not in told
    assert "There are none." in held.client("secretariat").get(QUEUE).text


def test_the_pages_are_for_everybody_on_a_small_screen(held: Members, browser: Browser) -> None:
    desk_pages.quick(held)
    share_a_file(held)
    with served(held.app) as site:
        signatory = desk_pages.opened(browser, held, "agency_signatory", site, bypass_csp=True)
        signatory.goto(site + REQUEST)
        signatory.get_by_label("Why should the association check again?").fill(REASON)
        signatory.get_by_role("button", name="Ask for a new rating").click()
        wrong = desk_pages.look(signatory, "asked")
        signatory.context.close()
        secretary = desk_pages.opened(browser, held, "secretariat", site, bypass_csp=True)
        for endpoint in ENDPOINTS:
            secretary.goto(site + desk_pages.place(held, RIGHTS[endpoint]))
            wrong += desk_pages.look(secretary, endpoint)
        secretary.context.close()
    assert wrong == []
