"""The audit's pages without a browser: claim and finding side by side, refusals, and the end."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rankings import db
from rankings.models import CorrectiveAction, Declaration, Finding, SecondOpinion, SelfAssessment
from rankings.usecases import audit_findings, corrective_actions, self_assessments
from tests.web import desk_pages, members, members_audits
from tests.web.members import CYCLE, OTHER, OURS, OWN, TODAY, Members

NONE = audit_findings.token(None)
CLAIMED, OTHERWISE = "lent", "own-staff"
ACTIONS = f"/{OURS}/staff/cycles/{CYCLE}/agencies/{OWN}/corrective-actions/"


@pytest.fixture(scope="module")
def desks(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """Members whose self-assessments are submitted."""
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("audits")) as found:
        found.submit_all()
        yield found


@pytest.fixture(scope="module")
def rewind(desks: Members) -> Callable[[], None]:
    return members_audits.rewinding(desks.engine)


@pytest.fixture
def held(desks: Members, rewind: Callable[[], None]) -> Iterator[Members]:
    """The same members as if nothing had happened."""
    yield desks
    rewind()


@pytest.fixture
def auditor(held: Members) -> FlaskClient:
    return held.client("auditor")


def at(held: Members, *more: str, agency: str = OWN) -> str:
    audit = held.things[OURS, agency]["audit"]
    return "/".join([f"/{OURS}/staff/audits/{audit}", *more])


def post(held: Members, client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": held.token} | fields)


def find(
    held: Members, client: FlaskClient, found: str, reason: str = "", **more: str
) -> TestResponse:
    path = at(held, "questions", more.pop("indicator", "1.1"))
    return post(held, client, path, found=found, reason=reason, **({"seen": NONE} | more))


def finished(held: Members, client: FlaskClient) -> None:
    """A finding, the day, and the end."""
    assert find(held, client, CLAIMED).status_code == 303
    visit = {"visited_on": "2026-02-20", "method": "visit_announced", "seen": " "}
    assert post(held, client, at(held, "visit"), **visit).status_code == 303
    assert post(held, client, at(held, "close")).status_code == 303


def findings(held: Members) -> dict[str, Finding]:
    with db.reading(held.engine) as session:
        audit = audit_findings.find(session, OURS, held.things[OURS, OWN]["audit"])[0]
        return audit_findings.of(session, audit)


def test_a_question_shows_claim_evidence_and_options_side_by_side(
    held: Members, auditor: FlaskClient
) -> None:
    said = html.unescape(auditor.get(at(held, "questions", "1.1")).text)
    for words in ("Another company uses the licence", "ours.pdf", "the agency's answer"):
        assert words in said
    assert "Only the agency's own staff recruit workers, in registered branches." in said


def test_a_draft_is_shown_as_not_submitted_and_its_answers_stay_the_agencys(
    held: Members, auditor: FlaskClient
) -> None:
    with db.transaction(held.engine) as session:
        cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
        key = self_assessments.key(cycle, agency.id)
        session.get_one(SelfAssessment, key).submitted_on = None
    page = auditor.get(at(held, "questions", "1.1")).text
    assert "has not been submitted yet" in page
    assert "ours.pdf" not in page


def test_saving_leads_to_the_next_question_without_a_finding_and_says_so(
    held: Members, auditor: FlaskClient
) -> None:
    answer = find(held, auditor, CLAIMED, then="next")
    assert answer.location == at(held, "questions", "1.2?saved=1.1")
    assert 'role="status"' in (page := auditor.get(answer.location).text)
    assert "Saved: Who recruits workers" in page
    back = find(held, auditor, "late", indicator="1.2")
    assert back.location == at(held, "?saved=1.2")


@pytest.mark.parametrize(
    ("found", "reason", "words"),
    [
        (OTHERWISE, "", "Say why the finding differs from the agency&#39;s answer."),
        ("", "Only a reason.", "Choose a finding as well: a reason alone is not saved."),
        ("nonsense", "Why.", "Choose one of the findings."),
        (OTHERWISE, "x" * 1001, "Write at most 1000 characters."),
    ],
)
def test_a_refused_finding_is_shown_again_with_what_was_written(
    held: Members, auditor: FlaskClient, found: str, reason: str, words: str
) -> None:
    answer = find(held, auditor, found, reason)
    assert answer.status_code == 422
    assert words in answer.text
    assert reason[:1001] in answer.text
    assert findings(held) == {}


def test_whoever_saves_second_sees_both_versions(held: Members, auditor: FlaskClient) -> None:
    find(held, auditor, OTHERWISE, "Two branches.")
    lead = held.client("lead_auditor")
    answer = find(held, lead, CLAIMED, "All rented.")
    assert answer.status_code == 409
    for words in ("Two branches.", "All rented.", "Saved by auditor", "Keep this one"):
        assert words in answer.text
    assert findings(held)["1.1"].found == OTHERWISE
    seen = audit_findings.token(findings(held)["1.1"])
    assert find(held, lead, CLAIMED, "All rented.", seen=seen).status_code == 303


def test_the_day_outside_of_the_cycle_is_refused_in_words(
    held: Members, auditor: FlaskClient
) -> None:
    for day in ("2026-03-02", "2025-12-31", "soon", ""):
        answer = post(held, auditor, at(held, "visit"), visited_on=day, method="x", seen=" ")
        assert answer.status_code == 422
        assert "Choose a day from January 1, 2026 to March 1, 2026." in answer.text


def test_a_day_that_somebody_changed_is_not_overwritten_unseen(
    held: Members, auditor: FlaskClient
) -> None:
    visit = {"visited_on": "2026-02-20", "method": "video", "seen": " "}
    unseen = post(held, auditor, at(held, "visit"), **(visit | {"seen": "something"}))
    assert (unseen.status_code, "No day is saved." in unseen.text) == (409, True)
    post(held, auditor, at(held, "visit"), **visit)
    again = visit | {"visited_on": "2026-02-21"}
    answer = post(held, held.client("lead_auditor"), at(held, "visit"), **again)
    assert answer.status_code == 409
    assert "February 20, 2026, Video call" in answer.text
    assert 'value="2026-02-21"' in answer.text
    assert 'value="2026-02-20 video"' in answer.text


def test_closing_says_what_is_missing_and_then_locks(held: Members, auditor: FlaskClient) -> None:
    answer = post(held, auditor, at(held, "close"))
    assert answer.status_code == 422
    for words in ("Say when and how it was checked.", "There is no finding yet."):
        assert words in answer.text
    finished(held, auditor)
    page = auditor.get(at(held, "")).text
    assert "The findings count and can no longer change." in page
    assert "finding-form" not in auditor.get(at(held, "questions", "1.1")).text
    assert find(held, auditor, OTHERWISE, "Why.").status_code == 409


def test_only_a_lead_auditor_opens_it_again(held: Members, auditor: FlaskClient) -> None:
    finished(held, auditor)
    assert "Open it again" not in auditor.get(at(held, "")).text
    lead = held.client("lead_auditor")
    assert "Open it again" in lead.get(at(held, "")).text
    assert post(held, auditor, at(held, "reopen"), reason="Why.").status_code == 403
    assert post(held, lead, at(held, "reopen")).status_code == 422
    assert post(held, lead, at(held, "reopen"), reason="Forgotten.").status_code == 303
    assert "finding-form" in auditor.get(at(held, "questions", "1.1")).text


def test_another_auditors_audit_is_not_there(held: Members, auditor: FlaskClient) -> None:
    for more in ("", "questions/1.1"):
        assert auditor.get(at(held, more, agency=OTHER)).status_code == 404


def test_whoever_is_tied_reads_why_nothing_can_be_saved(
    held: Members, auditor: FlaskClient
) -> None:
    with db.transaction(held.engine) as session:
        agency = self_assessments.find(session, OURS, CYCLE, OWN)[1]
        who = held.accounts["auditor"]
        session.add(
            Declaration(
                association=OURS,
                id=uuid4(),
                account=who,
                agency=agency.id,
                kind="owner",
                statement="a tenth of it",
                since=date(2026, 1, 1),
                declared_by=who,
                declared_at=TODAY,
            )
        )
    for page in (at(held, ""), at(held, "questions", "1.1")):
        assert "You are tied to this agency" in auditor.get(page).text
    assert find(held, auditor, CLAIMED).status_code == 409


def test_whoever_owes_a_second_opinion_sees_no_finding(held: Members, auditor: FlaskClient) -> None:
    find(held, auditor, OTHERWISE, "A REASON")
    with db.transaction(held.engine) as session:
        opinion = held.things[OURS, OWN]["opinion"]
        owed = session.get_one(SecondOpinion, (OURS, opinion))
        owed.auditor = held.accounts["lead_auditor"]
    lead = held.client("lead_auditor")
    for page in (at(held, ""), at(held, "questions", "1.1"), at(held, "questions", "1.2")):
        answer = lead.get(page)
        assert answer.status_code == 409
        assert "A REASON" not in answer.text


def actions(held: Members) -> list[CorrectiveAction]:
    with db.reading(held.engine) as session:
        cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
        return corrective_actions.of(session, cycle, agency.id)


def test_a_corrective_action_from_the_demand_to_its_end(
    held: Members, auditor: FlaskClient
) -> None:
    member = held.client("agency_member")
    sent = {"indicator": "1.2", "demand": "Send the reports.", "due_on": "2026-04-01"}
    assert post(held, auditor, ACTIONS, **sent).status_code == 303
    one = next(each for each in actions(held) if each.indicator == "1.2")
    assert "Send the reports." in member.get(ACTIONS).text
    seen = corrective_actions.token(one)
    said = {"report": "Sent on Monday.", "seen": seen}
    assert post(held, member, f"{ACTIONS}{one.id}/report", **said).status_code == 303
    late = {"because": "All came.", "seen": seen}
    answer = post(held, auditor, f"{ACTIONS}{one.id}/close", **late)
    assert answer.status_code == 409
    assert "Sent on Monday." in answer.text
    assert "All came." in answer.text
    now = corrective_actions.token(_stored(held, one.id))
    ended = post(held, auditor, f"{ACTIONS}{one.id}/close", **(late | {"seen": now}))
    assert ended.status_code == 303
    assert "All came." in member.get(ACTIONS).text
    assert "report" not in member.get(ACTIONS).text.partition("All came.")[2]


def _stored(held: Members, key: UUID) -> CorrectiveAction:
    return next(one for one in actions(held) if one.id == key)


def test_a_refused_demand_keeps_what_was_written(held: Members, auditor: FlaskClient) -> None:
    sent = {"indicator": "", "demand": "Send the reports.", "due_on": "2026-02-01"}
    answer = post(held, auditor, ACTIONS, **sent)
    assert answer.status_code == 422
    for words in ("Choose a question.", "Choose a day from today on", "Send the reports."):
        assert words in answer.text


def test_the_agency_reads_no_name_of_who_demanded(held: Members) -> None:
    assert "Demanded by" in held.client("secretariat").get(ACTIONS).text
    assert "Demanded by" not in held.client("agency_signatory").get(ACTIONS).text


def test_the_list_of_the_cycle_says_how_late_an_action_is(held: Members) -> None:
    page = held.client("secretariat").get(f"/{OURS}/staff/cycles/{CYCLE}/corrective-actions").text
    assert "Not closed: 2. Of these overdue: 2. Closed: 0." in page
    assert "Days late: 28" in page
    assert members.CANARY not in page
