"""The pages of the calendar: what they show, what the secretariat changes, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rankings import db
from rankings.models import Occurrence
from rankings.usecases import associations, calendar, cycles, journal
from rankings.web import calendar_page
from rankings.web.access import ROLES
from tests.web import members, members_copies
from tests.web.members import OURS, Members
from tests.web.members_calendar import PAYLOADS
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/calendar/"
STEP = f"{PAGE}cycles/2027"
# Twelve days before the self-assessments of 2027 close, 23:59 in Bangkok on 2 March.
LATER = datetime(2027, 2, 18, 3, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> tuple[Members, Path]:
    """A folder of which copies are made; the use cases are tested on both engines."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copy(migrated_file, folder / "db.sqlite")
    made = members.members(db.connect(f"sqlite:///{folder / 'db.sqlite'}"), folder)
    stop(made.app)
    made.engine.dispose()
    return made, folder


@pytest.fixture
def held(first: tuple[Members, Path], tmp_path: Path) -> Iterator[Members]:
    made, folder = first
    shutil.copytree(folder, tmp_path / "copy")
    found = members_copies.copied(made, tmp_path / "copy")
    yield found
    stop(found.app)
    found.engine.dispose()


def send(held: Members, client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": held.token} | fields)


def running(held: Members) -> None:
    """The planned cycle has opened, its opening ran, and time has passed."""
    with db.transaction(held.engine) as session:
        (plan,) = calendar.plans(session, OURS)
        rubric = (plan.rubric_code, plan.rubric_version)
        wanted = cycles.Plan(plan.id, plan.slug, plan.name, plan.as_of, rubric)
        cycles.open_cycle(session, OURS, wanted, journal.Act(journal.SCHEDULE, LATER))
        for step, state in (("opens", "done"), ("reminder_14", "failed")):
            ran = Occurrence(
                association=OURS,
                job="steps",
                key=f"2027 {step}",
                due_at=LATER,
                state=state,
                tries=1,
                fence=1,
                ended_at=LATER,
            )
            session.add(ran)
    held.app.extensions["clock"] = lambda: LATER


def test_everybody_on_the_staff_reads_the_calendar_and_only_the_secretariat_changes_it(
    held: Members,
) -> None:
    for role in ROLES:
        page = held.client(role).get(PAGE)
        assert page.status_code == (403 if role.startswith("agency") else 200), role
        may_change = "Change the rule" in page.text
        assert may_change == ("Move: Publication" in page.text) == (role == "secretariat"), role


def test_a_running_cycle_shows_what_has_run_and_what_is_next(held: Members) -> None:
    running(held)
    page = held.client("auditor").get(PAGE).text
    assert "Next: Second reminder, 7 days before <b>in 5 days</b>" in page
    assert "Tuesday, March 2, 2027, 11:59\u202fPM" in page
    assert "It is tried again." in page
    assert "a feast, ours" in page
    assert "Thailand Time" in page


def test_the_desk_gets_the_next_step_in_one_sentence(held: Members) -> None:
    running(held)
    closes = LATER + timedelta(days=11)
    with held.app.test_request_context("/"), db.reading(held.engine) as session:
        whose = associations.find(session, OURS)
        (found,) = calendar_page.next_steps(session, whose, closes)
        said = "tomorrow, Tuesday, March 2, 2027, 11:59\u202fPM (Thailand Time)"
        assert found.sentence == f"Self-assessments close: {said}"
        cycle = cycles.find(session, OURS, "2027")
        assert calendar_page.closes(session, whose, cycle, closes) == found.sentence
        over = calendar_page.closes(session, whose, cycle, found.at + timedelta(days=1))
        assert over
        assert over.startswith("Self-assessments closed: yesterday, Tuesday")
        by_hand = cycles.find(session, OURS, members.CYCLE)
        assert calendar_page.closes(session, whose, by_hand, closes) is None


def test_the_desk_says_what_comes_next_and_agencies_until_when_they_may_answer(
    held: Members,
) -> None:
    running(held)
    closes = "Self-assessments close: in 12 days, Tuesday, March 2, 2027, 11:59\u202fPM"
    reminder = "Second reminder, 7 days before: in 5 days, Tuesday, February 23, 2027"
    office = held.client("secretariat").get(f"/{OURS}/staff/").text
    assert reminder in office
    assert closes in office
    agency = held.client("agency_member").get(f"/{OURS}/staff/").text
    assert reminder not in agency
    assert closes in agency


def test_what_is_over_and_what_waits_for_two_persons_is_said(held: Members) -> None:
    running(held)
    held.app.extensions["clock"] = lambda: datetime(2027, 8, 11, tzinfo=UTC)
    page = held.client("regulator").get(PAGE).text
    assert "It waits for the approval of two persons." in page
    hearing = page.index("The hearing is over")
    assert "Done" in page[hearing : page.index("Two persons approve")]
    office = held.client("secretariat")
    assert "It can no longer be moved" in office.get(f"{STEP}/hearing_ends").text
    assert "Move this step" in office.get(f"{STEP}/publication").text


def test_a_step_is_moved_and_the_reason_shown_to_all(held: Members) -> None:
    office = held.client("secretariat")
    answer = send(held, office, f"{STEP}/publication", **PAYLOADS["calendar.move"])
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#2027")
    page = held.client("regulator").get(PAGE).text
    assert "Thursday, August 12, 2027" in page
    assert "Moved by secretariat on" in page


def test_a_wrong_move_is_shown_again_with_everything_typed(held: Members) -> None:
    office = held.client("secretariat")
    typed = PAYLOADS["calendar.move"] | {"day": "2027-08-01", "reason": HOSTILE}
    answer = send(held, office, f"{STEP}/publication", **typed)
    assert answer.status_code == 422
    assert "This must come after the step before it." in answer.text
    assert 'value="2027-08-01"' in answer.text
    assert "<script>alert" not in answer.text
    assert "{{ 7*7 }}" in answer.text
    empty = send(held, office, f"{STEP}/publication").text
    assert empty.count("Fill this in.") == 4


def test_what_cannot_be_moved_is_said_in_words(held: Members) -> None:
    office = held.client("secretariat")
    old = PAYLOADS["calendar.move"] | {"seen": "2027-08-09 09:00"}
    answer = send(held, office, f"{STEP}/publication", **old)
    assert answer.status_code == 409
    assert "Somebody else has moved this step" in answer.text
    assert "Reminders follow the day" in office.get(f"{STEP}/reminder_7").text
    running(held)
    office = held.client("secretariat")
    assert "It can no longer be moved" in office.get(f"{STEP}/opens").text
    assert office.get(f"{STEP}/tea").status_code == 404
    assert office.get(f"{PAGE}cycles/2031/opens").status_code == 404


def test_the_rule_is_filled_in_changed_and_refused_with_words(held: Members) -> None:
    office = held.client("secretariat")
    assert 'value="60"' in office.get(f"{PAGE}rule").text
    assert 'value="21"' in office.get(f"{PAGE}rule?every=quarter").text
    assert office.get(f"{PAGE}rule?every={HOSTILE}").status_code == 200
    wanted = PAYLOADS["calendar.set_rule"]
    short = send(held, office, f"{PAGE}rule", **(wanted | {"closes": "3", "approval": "x"}))
    assert short.status_code == 422
    assert "Enter a whole number" in short.text
    early = send(held, office, f"{PAGE}rule", **(wanted | {"closes": "3"}))
    assert "at least 15 days to answer" in early.text
    assert 'value="3"' in early.text
    assert send(held, office, f"{PAGE}rule", **wanted).status_code == 303
    assert "Monday, February 1, 2027" in office.get(PAGE).text
    late = send(held, office, f"{PAGE}rule", **(wanted | {"closes": "50"}))
    assert late.status_code == 409


def test_holidays_that_make_a_hearing_too_short_are_seen(held: Members) -> None:
    office = held.client("secretariat")
    assert "too short" not in office.get(PAGE).text
    for day in (12, 13):
        answer = send(held, office, f"{PAGE}holidays", day=f"2027-07-{day}", name="A feast")
        assert answer.status_code == 303
    assert "it is over on July 28, 2027 at the earliest" in office.get(PAGE).text
    again = send(held, office, f"{PAGE}holidays", day="2027-07-12", name="Another feast")
    assert again.status_code == 409
    wrong = send(held, office, f"{PAGE}holidays", day="12.7.2027", name="")
    assert wrong.status_code == 422
    assert 'value="12.7.2027"' in wrong.text
    for day in (12, 13):
        send(held, office, f"{PAGE}holidays/remove", which=f"2027-07-{day}")
    assert "A feast" not in office.get(f"{PAGE}holidays").text
    assert "too short" not in office.get(PAGE).text


def test_without_a_rule_the_page_says_that_nothing_runs_by_itself(held: Members) -> None:
    with db.transaction(held.engine) as session:
        for plan in calendar.plans(session, OURS):
            for step in calendar.steps(session, OURS, plan.id).values():
                session.delete(step)
            session.flush()
            session.delete(plan)
        session.delete(calendar.rule_of(session, OURS))
    page = held.client("secretariat").get(PAGE).text
    assert "nothing runs by itself" in page
    assert "Set a rule" in page


def test_agencies_read_until_when_they_may_answer(held: Members) -> None:
    running(held)
    page = f"/{OURS}/staff/cycles/2027/"
    assert "close: in 12 days, Tuesday, March 2, 2027" in held.client("secretariat").get(page).text
    code = held.things[OURS, members.OWN]["agency"]
    mine = held.client("agency_member").get(f"{page}agencies/{code}/self-assessment/")
    assert "close: in 12 days, Tuesday, March 2, 2027" in mine.text
    held.app.extensions["clock"] = lambda: LATER + timedelta(days=13)
    mine = held.client("agency_member").get(f"{page}agencies/{code}/self-assessment/")
    assert "closed: yesterday" in mine.text
    assert "Nothing was submitted." in mine.text
