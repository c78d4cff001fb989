"""Pages of the register: what is public when, what is refused in which words, hostile input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, text
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters import signature
from rankings.models import (
    Dispute,
    DisputeFile,
    Hearing,
    HearingNotice,
    Reply,
    SecondOpinion,
)
from rankings.usecases import notices
from rankings.web import shelf
from tests import publication
from tests.usecases import world
from tests.web import members
from tests.web.members import CYCLE, OTHER, OURS, OWN, Members
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/agencies/{OWN}"
LINKS = f"/{OURS}/staff/agency-links"
REVOKED = {"state": "revoked", "since": "2026-02-01", "reason": "fees", "source": "letter 1"}
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


@pytest.fixture
def held(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Members]:
    monkeypatch.setattr(shelf, "SECONDS", 0.0)
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


def send(held: Members, client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": held.token} | fields)


def publish(held: Members) -> None:
    """An edition after the cut-off day, without what would keep it back."""
    with db.transaction(held.engine) as session:
        for table in (DisputeFile, Dispute, Reply, HearingNotice, Hearing, SecondOpinion):
            session.exec(delete(table))
    order = publication.Order(OURS, CYCLE)
    known = held.app.extensions["settings"]
    publication.publish(held.engine, known, order, world.act(world.NOW))


def unpublish(held: Members) -> None:
    """As it was before anything was published."""
    with db.transaction(held.engine) as session:
        for table in ("withdrawal", "edition_bundle", "ranking_edition", "notice"):
            # By hand: the application itself never deletes these.
            session.connection().execute(text(f"DELETE FROM {table}"))


def newest(held: Members) -> int:
    with db.reading(held.engine) as session:
        return notices.newest(session).get(OURS, 0)


def test_a_changed_licence_is_public_at_once(held: Members) -> None:
    publish(held)
    before = newest(held)
    office, public = held.client("secretariat"), f"/{OURS}/en/agencies/{OWN}"
    assert "Licence valid" in office.get(public).text
    assert send(held, office, f"{PAGE}/licence", **REVOKED).status_code == 303
    assert "Licence taken away" in office.get(public).text
    assert send(held, office, f"{PAGE}/licence", **REVOKED).status_code == 303
    assert newest(held) == before + 1
    undone = {"which": "2026-02-01", "reversed_on": "2026-02-01", "because": "by mistake"}
    assert send(held, office, f"{PAGE}/licence/reverse", **undone).status_code == 303
    assert "Licence valid" in office.get(public).text
    assert newest(held) == before + 2


def test_without_the_key_a_change_waits_for_the_next_notice_and_says_so(held: Members) -> None:
    publish(held)
    before = newest(held)
    signature.private_file(held.app.extensions["settings"].keys, OURS).unlink()
    office = held.client("secretariat")
    assert send(held, office, f"{PAGE}/licence", **REVOKED).status_code == 303
    assert newest(held) == before
    assert "in public after the next notice" in office.get(f"{PAGE}/licence").text


def test_before_the_first_edition_no_notice_is_issued(held: Members) -> None:
    unpublish(held)
    office = held.client("secretariat")
    assert send(held, office, f"{PAGE}/licence", **REVOKED).status_code == 303
    assert newest(held) == 0
    assert "public" not in office.get(f"{PAGE}/licence").text


def test_a_second_state_of_a_day_is_refused_in_words(held: Members) -> None:
    office = held.client("secretariat")
    send(held, office, f"{PAGE}/licence", **REVOKED)
    answer = send(held, office, f"{PAGE}/licence", **(REVOKED | {"state": "suspended"}))
    assert answer.status_code == 409
    assert "there is another state already" in answer.text


def test_a_hostile_name_and_search_stay_text(held: Members) -> None:
    office = held.client("secretariat")
    owner = {"name": HOSTILE, "number": "", "share": "", "since": "2026-01-01", "source": HOSTILE}
    assert send(held, office, f"{PAGE}/owners", **owner).status_code == 303
    answers = [
        office.get(f"{PAGE}/owners"),
        office.get(f"{PAGE}/"),
        office.get(f"/{OURS}/staff/agencies/", query_string={"q": HOSTILE}),
        office.get(f"/{OURS}/staff/agencies/", query_string={"q": "\0" + "x" * 9_000}),
        office.get(f"{PAGE}/link", query_string={"predecessor": HOSTILE}),
        send(held, office, f"{PAGE}/fees", fee=HOSTILE, fee_currency=HOSTILE, destination="\0"),
    ]
    assert [one.status_code for one in answers] == [200, 200, 200, 200, 200, 422]
    assert not any("<script>alert" in one.text for one in answers)
    assert all("{{ 7*7 }}" in answers[place].text for place in (0, 1, 2, 5))


def test_who_only_watches_sees_no_proposal_before_its_approval(held: Members) -> None:
    watching, lead = held.client("regulator"), held.client("lead_auditor")
    assert "the same address" not in watching.get(f"{PAGE}/").text
    assert "Waits for a second person" not in watching.get(f"{PAGE}/").text
    assert watching.get(LINKS).status_code == 403
    assert "Waits for a second person" in lead.get(f"{PAGE}/").text
    key = held.things[OURS, OTHER]["proposal"]
    for decision in ("", "maybe"):
        answer = send(held, lead, f"{LINKS}/{key}/decide", decision=decision, seen="x")
        assert answer.status_code == 422
    answer = send(held, lead, f"{LINKS}/{key}/decide", decision="approve", seen="x")
    assert "changed since you saw it" in answer.text
    seen = members.TODAY.isoformat()
    answer = send(held, lead, f"{LINKS}/{key}/decide", decision="approve", seen=seen)
    assert answer.status_code == 303
    assert "Approved by lead_auditor" in watching.get(f"{PAGE}/").text


def test_a_proposer_who_becomes_lead_auditor_still_does_not_decide(held: Members) -> None:
    with db.transaction(held.engine) as session:
        members._grant(session, OURS, held.accounts["auditor"], "lead_auditor")
    proposer, key = held.client("auditor"), held.things[OURS, OWN]["proposal"]
    assert "You proposed this" in proposer.get(LINKS).text
    seen = members.TODAY.isoformat()
    answer = send(held, proposer, f"{LINKS}/{key}/decide", decision="approve", seen=seen)
    assert answer.status_code == 409
    assert "does not decide it" in answer.text
