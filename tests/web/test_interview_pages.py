"""The pages of interviews without a browser: who sees what, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlmodel import col, delete, select
from werkzeug.test import TestResponse

from rankings import db
from rankings.models import Interview, InterviewDraw
from rankings.usecases import interview_draws
from tests.web import desk_pages
from tests.web.members import CYCLE, OTHER, OURS, OWN, TODAY, Members

ITEMS = [f"v{number}" for number in range(1, 8)]
LIST = "worker,destination,state\n" + "".join(f"D-{n},JP,abroad\n" for n in range(1, 31))


@pytest.fixture(scope="module")
def desks(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("interviews")) as found:
        yield found


@pytest.fixture
def held(desks: Members) -> Iterator[Members]:
    """Members of whose second agency nobody has been drawn."""
    with db.transaction(desks.engine) as session:
        for table in (Interview, InterviewDraw):
            session.execute(delete(table).where(col(table.association) == OURS))
    yield desks
    desks.app.extensions["clock"] = lambda: TODAY


def at(*more: str, agency: str = OTHER) -> str:
    return "/".join([f"/{OURS}/staff/cycles/{CYCLE}/agencies/{agency}/interviews", *more])


def draw(held: Members, who: str = "auditor", body: str = LIST, **more: str) -> TestResponse:
    with db.reading(held.engine) as session:
        rows = session.exec(
            select(InterviewDraw)
            .where(InterviewDraw.association == OURS)
            .order_by(col(InterviewDraw.drawn_at))
        ).all()
    fields = {"csrf_token": held.token, "source": "DOLAB", "many": "10"}
    fields |= {"seen": interview_draws.token(rows)} | more
    file = (io.BytesIO(body.encode()), "list.csv")
    return held.client(who).post(at(""), data=fields | {"list": file} if body else fields)


def drawn(held: Members) -> list[str]:
    with db.reading(held.engine) as session:
        rows = session.exec(select(InterviewDraw).where(InterviewDraw.association == OURS)).all()
        return [one.number for row in rows for one in interview_draws.of_draw(row)]


def enter(held: Members, who: str, given: str, page: str = "new", **more: str) -> TestResponse:
    fields = {"csrf_token": held.token, "number": given, "worker": "abroad"}
    fields |= {"interviewed_on": "2026-02-20", "agreed": "yes", "alone": "yes"}
    fields |= {f"answer-{item}": "no" for item in ITEMS}
    return held.client(who).post(at(page), data=fields | more)


def get(held: Members, who: str, *more: str) -> str:
    answer = held.client(who).get(at(*more))
    assert answer.status_code == 200
    return answer.text


def test_drawn_numbers_are_listed_and_the_others_are_nowhere(held: Members) -> None:
    assert draw(held).status_code == 303
    page = get(held, "secretariat", "")
    assert len(drawn(held)) == 10
    assert all(f">{number}<" in page for number in drawn(held))
    others = {f"D-{n}" for n in range(1, 31)} - set(drawn(held))
    assert not any(f">{number}<" in page for number in others)


def test_pasted_numbers_are_drawn_from_too(held: Members) -> None:
    assert draw(held, body="", numbers="A-1\nA-2\nA-3", many="2").status_code == 303
    assert len(drawn(held)) == 2


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("worker,name\nD-1,x\n", {}, "stay in your own list"),
        ("worker\nD-1\n0912345678\n", {}, "looks like the number of a telephone"),
        ("worker\nD-1\nD-1\n", {}, "stands twice"),
        ("", {}, "Choose a file or paste the numbers."),
        (LIST, {"source": ""}, "Say who gave you the list."),
        (LIST, {"many": "0"}, "A whole number from 1 to 200."),
    ],
)
def test_a_list_that_cannot_be_taken_is_told_and_nobody_is_drawn(
    held: Members, body: str, more: dict[str, str], said: str
) -> None:
    answer = draw(held, body=body, **more)
    assert answer.status_code == 422
    assert said in answer.text
    assert drawn(held) == []


def test_who_draws_over_an_older_page_is_told(held: Members) -> None:
    assert draw(held).status_code == 303
    answer = draw(held, seen=interview_draws.token([]))
    assert answer.status_code == 409
    assert "Somebody else has drawn workers in the meantime." in answer.text
    assert len(drawn(held)) == 10


def answers_shown(page: str) -> bool:
    return 'id="v1-no" value="no" checked' in page or "<dd>No</dd>" in page


def test_answers_are_shown_to_who_entered_them_and_to_lead_auditors_only(held: Members) -> None:
    draw(held)
    number = drawn(held)[0]
    assert enter(held, "auditor", number).status_code == 303
    shown = {
        who: answers_shown(get(held, who, "workers", number))
        for who in ("auditor", "lead_auditor", "secretariat")
    }
    assert shown == {"auditor": True, "lead_auditor": True, "secretariat": False}
    assert not any(answers_shown(get(held, who, "")) for who in shown)
    # A form that is refused shows what was typed, never what is stored.
    answer = enter(
        held, "secretariat", "", f"workers/{number}", **{"answer-v1": "yes", "alone": ""}
    )
    assert answer.status_code == 422
    assert 'id="v1-no" value="no" checked' not in answer.text
    assert enter(held, "secretariat", "", f"workers/{number}").status_code == 403


def test_fewer_than_must_answer_are_no_number_for_a_regulator_ever(held: Members) -> None:
    draw(held)
    for number in drawn(held)[:4]:
        enter(held, "auditor", number)
    assert "Asked so far: fewer than 5" in get(held, "regulator", "")
    held.app.extensions["clock"] = lambda: TODAY + timedelta(days=200)
    assert "said yes" not in get(held, "regulator", "")
    held.app.extensions["clock"] = lambda: TODAY
    enter(held, "auditor", drawn(held)[4])
    page = get(held, "regulator", "")
    assert "Asked so far: 5" in page
    assert "said yes" not in page
    assert not any(f">{number}<" in page for number in drawn(held))
    held.app.extensions["clock"] = lambda: TODAY + timedelta(days=200)
    assert get(held, "regulator", "").count("0 of 5 said yes.") == len(ITEMS)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"agreed": ""}, "Workers who did not agree are not asked."),
        ({"alone": ""}, "An interview at which the agency is present does not count."),
        ({"interviewed_on": "2026-03-02"}, "Give a day of this cycle, not after today."),
        ({"answer-v3": ""}, "No answer: "),
        ({f"answer-{item}": "unknown" for item in ITEMS}, "At least one question needs"),
        ({"worker": "home"}, "Say where the worker is."),
        ({"number": "D-999"}, "This number was not drawn."),
        ({"by_agency": "yes"}, "This number was drawn. Take the tick away."),
    ],
)
def test_a_form_with_a_mistake_comes_back_as_it_was_typed(
    held: Members, more: dict[str, str], said: str
) -> None:
    draw(held)
    answer = enter(held, "auditor", drawn(held)[0], **({"answer-v2": "yes"} | more))
    assert answer.status_code == 422
    assert said in answer.text
    assert ('id="v2-yes" value="yes" checked' in answer.text) != ("answer-v2" in more)
    with db.reading(held.engine) as session:
        assert session.exec(select(Interview).where(Interview.association == OURS)).all() == []


def test_the_same_number_twice_is_told_and_the_first_one_stays(held: Members) -> None:
    draw(held)
    number = drawn(held)[0]
    enter(held, "auditor", number)
    answer = enter(held, "lead_auditor", number, **{"answer-v1": "yes"})
    assert answer.status_code == 409
    assert "An interview with this number has been entered already." in answer.text
    with db.reading(held.engine) as session:
        (stored,) = session.exec(select(Interview).where(Interview.association == OURS)).all()
    assert stored.answers["v1"] == "no"


def test_a_worker_whom_the_agency_named_is_marked(held: Members) -> None:
    draw(held)
    assert enter(held, "auditor", "X-1", by_agency="yes").status_code == 303
    assert "Weighs nothing" in get(held, "secretariat", "")
    assert "the interview weighs nothing in the score" in get(held, "auditor", "workers", "X-1")


def test_ones_own_interview_is_corrected_and_an_older_window_is_told(held: Members) -> None:
    draw(held)
    number = drawn(held)[0]
    enter(held, "auditor", number)
    old = _seen(held.client("auditor"), number)
    page = f"workers/{number}"
    assert enter(held, "auditor", "", page, seen=old, **{"answer-v1": "yes"}).status_code == 303
    answer = enter(held, "auditor", "", page, seen=old, **{"answer-v1": "unknown"})
    assert answer.status_code == 409
    assert "What is saved now" in answer.text


def _seen(client: FlaskClient, number: str) -> str:
    return client.get(at("workers", number)).text.partition('name="seen" value="')[2][:16]


def test_the_questionnaire_holds_whoever_was_not_asked_yet(held: Members) -> None:
    draw(held)
    numbers = drawn(held)
    enter(held, "auditor", numbers[0])
    body = held.client("secretariat").get(at("workbook.xlsx"), buffered=True).get_data()
    page = openpyxl.load_workbook(io.BytesIO(body))["Interviews"]
    told = [page.cell(row, 1).value for row in range(2, page.max_row + 1)]
    assert [one for one in told if one] == [f"{OTHER}/{number}" for number in numbers[1:]]


def test_agencies_see_none_of_it(held: Members) -> None:
    for path in (at("", agency=OWN), at("new", agency=OWN), at("workbook.xlsx", agency=OWN)):
        assert held.client("agency_signatory").get(path).status_code == 403
