"""A whole year of one association by its own schedule, from the opening to a second edition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import select

from rankings import verifying
from rankings.adapters import key_trust
from rankings.app import create_app
from rankings.models import CyclePlan
from rankings.usecases import disputes, notices
from rankings.verifying_notice import Stale
from tests import year_doings as doings
from tests.web import small
from tests.web.asking import seen
from tests.web.serving import served, stop
from tests.year import AS_OF, CYCLE, FIRST, SECOND, Year, begun, cycle

HOME = f"/{small.CODE}/en/"
EDITIONS = f"{HOME}rankings/{CYCLE}/editions"
WRITTEN = {
    *("opened", "reminder", "closed", "audits_ending", "complaints_overdue", "hearing_opened"),
    *("hearing_ending", "dispute_filed", "dispute_overdue", "dispute_decided", "reply_moderated"),
    *("approval_asked", "candidate_void", "gates_red", "published", "corrected"),
}


@pytest.fixture
def year(engine: Engine, tmp_path: Path) -> Iterator[Year]:
    with begun(engine, tmp_path) as found:
        yield found


def test_a_year_runs_by_itself_from_the_opening_to_a_corrected_edition(
    year: Year, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    answers(year)
    checks(year)
    is_killed(year)
    hearing(year)
    two_persons(year)
    publication(year)
    reads(year, request)
    correction(year)
    reads_both(year)
    verifies(year, tmp_path)
    goes_on(year)


def answers(year: Year) -> None:
    """Two agencies are told, one answers, the other one is reminded three times."""
    year.at(year.wall.now)
    assert year.told("opens") == ""
    year.to("opens")
    assert year.heard("opened") == ["signatory", "silent"]
    doings.sent(year)
    year.on(2, 10)
    doings.submit(year)
    year.to("reminder_14", "reminder_7", "reminder_2", "closes")
    assert year.heard("reminder") == ["silent"] * 3
    assert year.heard("closed") == ["signatory", "silent"]


def checks(year: Year) -> None:
    """A visit, interviews, a complaint that nobody looks at, and another name."""
    year.on(3, 15)
    doings.audit(year)
    doings.interview(year)
    doings.complain(year)
    year.on(4, 10)
    assert year.heard("complaints_overdue") == ["officer"]
    doings.register(year, 2, name_vi=(doings.RENAMED, None))
    for day in (26, 28, 29):
        year.on(6, day)
    assert year.heard("audits_ending") == ["auditor"]
    year.to("audits_end")
    assert year.told("audits_end") == "Audits that were not closed: 1."


def is_killed(year: Year) -> None:
    """The schedule's process dies when the candidate is there and not kept; another goes on."""
    year.killed_in("candidate")
    assert year.run(f"{CYCLE} candidate") is None
    assert year.patiently() > 0
    held = year.run(f"{CYCLE} candidate")
    assert held is not None
    assert (held.state, held.tries, held.told[:7]) == ("done", 1, "Scored:")
    assert year.candidate().number == 1
    assert year.failures() == []


def hearing(year: Year) -> None:
    """A reply; a dispute that is decided late, by somebody else than the auditor."""
    year.to("hearing_opens")
    assert year.told("hearing_opens") == "Agencies to be told: 4."
    assert year.heard("hearing_opened") == ["signatory", "silent"]
    year.on(7, 12)
    assert doings.letters(year) == 2
    year.on(7, 14)
    doings.reply(year)
    key = doings.dispute(year, doings.DISPUTED)
    assert year.heard("dispute_filed") == sorted(["lead", "other-lead", "office", "other-office"])
    due = doings.of_dispute(year, key).due_on
    year.on(7, 20)
    assert year.heard("hearing_ending") == []
    # Two working days before the end on the 23rd, and the last day for the decision.
    year.on(7, 21)
    assert year.heard("hearing_ending") == ["signatory", "silent"]
    assert due == date(2027, 7, 21)
    assert year.heard("dispute_overdue") == []
    year.on(7, 22)
    assert year.heard("hearing_ending") == ["signatory", "silent"]
    late = doings.of_dispute(year, key)
    assert late.escalated_at is not None
    assert late.outcome is None
    assert len(year.heard("dispute_overdue")) == 4
    year.on(7, 28)
    doings.decide(year, key, "other lead")
    before = year.candidate().digest
    year.on(7, 29)
    assert year.candidate().digest != before, "what was decided is scored at night"


def two_persons(year: Year) -> None:
    """Nobody has read the reply: that blocks. Approved, void by another input, approved again."""
    year.to("approval")
    assert set(year.heard("gates_red")) == {"office", "other-office"}
    doings.moderate(year)
    year.on(8, 4)
    doings.prepare(year)
    doings.approve(year)
    approved = year.candidate().digest
    since = date(2027, 6, 1)
    doings.register(year, 3, licence_state="suspended", licence_state_since=since)
    year.on(8, 6)
    assert year.candidate().digest != approved
    assert year.heard("candidate_void") == ["office", "other-office"]
    doings.prepare(year, "other office")
    doings.approve(year, "lead")


def publication(year: Year) -> None:
    """At the planned minute, not before."""
    planned = year.step("publication")
    year.at(planned.replace(hour=planned.hour - 1))
    assert year.editions() == []
    year.to("publication")
    (edition,) = year.editions()
    assert edition.published_at == planned
    assert year.heard("published") == ["signatory", "silent"]


def reads(year: Year, request: pytest.FixtureRequest) -> None:
    """Everybody reads it; on SQLite in a browser."""
    if year.engine.dialect.name == "sqlite":
        page: Page = request.getfixturevalue("page")
        app = create_app(year.settings)
        with served(app) as address:
            page.goto(f"{address}{HOME}")
            texts = [page.locator("main").inner_text()]
            for code in (FIRST, SECOND):
                page.locator(f"main a[href$='/agencies/{code}']").first.click()
                texts.append(page.locator("main").inner_text())
                page.goto(f"{address}{HOME}")
        stop(app)
    else:
        client = opened(year)
        agencies = (f"{HOME}agencies/{code}" for code in (FIRST, SECOND))
        texts = [seen(client, one).one("main").text for one in (HOME, *agencies)]
        stop(client.application)
    ranking, first, second = texts
    assert all(one in ranking for one in (small.NAMES[0], doings.RENAMED))
    assert doings.SAID in first
    assert all(one in second for one in (doings.RENAMED, small.NAMES[1]))


def correction(year: Year) -> None:
    """An appeal is upheld; only who is concerned is heard, and then two persons stand for it."""
    year.on(8, 20)
    key = doings.dispute(year, doings.APPEALED)
    year.on(8, 24)
    doings.decide(year, key, "lead")
    assert year.ask(lambda s: [one.id for one in disputes.corrections_due(s, cycle(s))]) == [key]
    assert doings.begin_correction(year) == 1
    assert year.heard("hearing_opened") == ["signatory", "signatory", "silent"]
    year.on(9, 15)
    doings.prepare(year)
    doings.approve(year)
    year.on(9, 15, 13)
    assert [one.number for one in year.editions()] == [1, 2]
    assert year.heard("corrected") == ["signatory", "silent"]
    assert year.ask(lambda s: disputes.corrections_due(s, cycle(s))) == []


def reads_both(year: Year) -> None:
    """The first edition stays readable and says that there is another one."""
    client = opened(year)
    old, new = (seen(client, f"{EDITIONS}/{number}") for number in (1, 2))
    assert doings.CORRECTED in new.text
    assert (len(old.all("p", "limit")), len(new.all("p", "limit"))) == (1, 0)
    stop(client.application)


def opened(year: Year) -> FlaskClient:
    app = create_app(year.settings)
    app.extensions["clock"] = year.wall
    return app.test_client()


def verifies(year: Year, folder: Path) -> None:
    """Both editions hold by their own inputs; by the notice the first one is stale."""
    trust = key_trust.of(year.settings.keys, small.CODE)
    first, second = (year.file(one, folder) for one in year.editions())
    body = year.ask(lambda s: notices.body(s, small.CODE, notices.newest(s)[small.CODE]))
    listed = json.loads(body)["notice"]["editions"]
    assert [(one["cycle"], one["number"]) for one in listed] == [(CYCLE, 2), (CYCLE, 1)]
    assert verifying.verify(first, trust).number == 1
    assert verifying.verify(second, trust, notice=body).number == 2
    with pytest.raises(Stale):
        verifying.verify(first, trust, notice=body)


def goes_on(year: Year) -> None:
    """The cycle after it is planned; everybody has heard of everything, and of nothing twice."""
    year.to("next_cycle")
    slugs = year.ask(lambda s: sorted(s.exec(select(CyclePlan.slug))))
    assert slugs == [CYCLE, "2028"]
    assert year.kinds() == WRITTEN
    assert set(year.messages().values()) == {1}
    assert year.failures() == []
    as_of = {one.as_of.isoformat() for one in year.editions()}
    assert as_of == {AS_OF}
