"""From an assignment to a settled difference, in a browser without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from rankings import db
from rankings.models import Audit, Finding, SecondOpinion
from rankings.usecases import memberships, second_opinions
from tests.usecases import world
from tests.web import desk_pages, members
from tests.web.desk_pages import opened
from tests.web.members import CYCLE, INDICATOR, OURS, OWN, Members
from tests.web.serving import served

REASON = "The sign names another company."


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path) as found:
        yield found


def test_from_an_assignment_to_a_settled_difference(held: Members, browser: Browser) -> None:
    with served(held.app) as site:

        def sit_down(who: str, path: str) -> Page:
            page = opened(browser, held, who, site, java_script_enabled=False)
            page.goto(f"{site}/{OURS}/staff/{path}")
            return page

        lead = sit_down("lead_auditor", f"cycles/{CYCLE}/audits/")
        assign(lead)
        close(held)
        lead.goto(f"{site}/{OURS}/staff/second-opinions/")
        ask(lead)
        auditor = sit_down("auditor", "second-opinions/")
        give(auditor)
        lead.goto(f"{site}/{OURS}/staff/second-opinions/differences")
        lead.get_by_role("link", name="Compare and settle").click()
        expect(lead.locator("main")).to_contain_text("You made one of the two findings")
        other = sit_down("secretariat", "second-opinions/differences")
        settle(other)
        for page in (lead, auditor, other):
            page.context.close()
    with db.reading(held.engine) as session:
        finding = session.exec(select(Finding)).one()
        assert (finding.found, finding.reason) == ("lent", REASON)


def assign(page: Page) -> None:
    """The lead gives herself the desk check."""
    page.get_by_role("link", name="Assign an audit").click()
    page.get_by_role("button", name="Assign").click()
    expect(page.locator(".errors a")).to_have_text(
        ["Choose an agency.", "Choose a person.", "Enter a day like 2026-03-31."]
    )
    page.get_by_label("Agency").select_option(OWN)
    page.get_by_label("Kind").select_option("document")
    page.get_by_label("Auditor").select_option(label="lead_auditor")
    page.get_by_label("To be done by").fill("2026-04-01")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("tbody tr").first).to_contain_text("Desk check")


def close(held: Members) -> None:
    """She has found something and closed the audit; there is another lead auditor by now."""

    def found(session: Session) -> Audit:
        audit = session.exec(select(Audit).where(Audit.evidence == "document")).one()
        audit.visited_on, audit.closed_at = members.TODAY.date(), members.TODAY
        of: dict[str, Any] = {
            name: getattr(audit, name) for name in ("association", "cycle", "agency", "evidence")
        }
        first: dict[str, Any] = {
            "found": "registered",
            "reason": "Contracts of all.",
            "found_on": audit.visited_on,
        }
        who: dict[str, Any] = {
            "auditor": str(audit.auditor),
            "audit": audit.id,
            "found_at": world.OPENED,
        }
        session.add(Finding(**of, **first, **who, indicator=INDICATOR))
        session.flush()
        return audit

    with db.transaction(held.engine) as session:
        for one in session.exec(select(SecondOpinion).where(SecondOpinion.association == OURS)):
            session.delete(one)
        second_opinions.draw(session, found(session), [INDICATOR], world.act(members.TODAY))
        by = world.act(members.TODAY)
        other = held.accounts["secretariat"]
        memberships.grant(session, OURS, other, "lead_auditor", None, by)


def ask(page: Page) -> None:
    page.get_by_role("link", name="Ask an auditor").click()
    page.get_by_label("Auditor").select_option(label="auditor")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("main")).to_contain_text("Waiting")


def give(page: Page) -> None:
    page.get_by_role("link", name="Give your opinion").click()
    expect(page.locator("main")).not_to_contain_text("Contracts of all.")
    page.get_by_label("Another company uses the licence").check()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Give this opinion").click()
    expect(page.locator(".done")).to_contain_text("can no longer change")


def settle(page: Page) -> None:
    """Whoever made neither finding takes the second one."""
    page.get_by_role("link", name="Compare and settle").click()
    for reason in ("Contracts of all.", REASON):
        expect(page.locator("main")).to_contain_text(reason)
    page.get_by_label("Take the second one in its place").check()
    page.get_by_label("Why").fill("The sign was photographed.")
    page.get_by_role("button", name="Settle").click()
    expect(page.locator("main")).to_contain_text("Different: settled")
