"""An association at work in a real browser: who sits at which desk, and a clock set by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.adapters.receipts import Receipts
from rankings.app import create_app
from rankings.models import RankingEdition
from rankings.scoring.rules import Indicator, Level
from rankings.settings import Settings
from rankings.usecases import (
    accounts,
    agency_codes,
    cycles,
    edition_parts,
    journal,
    memberships,
    run_report,
    self_assessments,
    sign_ins,
)
from rankings.usecases.answers import Questions
from rankings.usecases.self_assessments import Change
from rankings.web.access import TOKEN
from tests import publication
from tests.adapters.assessment_workbooks import code
from tests.adapters.edition_samples import COC
from tests.usecases import register, world
from tests.web import desk_pages, small
from tests.web.serving import served, stop

FIRST, SECOND = small.FIRST, agency_codes.code("VN", 2)
AGENCY_ROLES = memberships.AGENCY_ROLES
# Who works here, by role.
PEOPLE = {
    "office": "secretariat",
    "lead": "lead_auditor",
    "first auditor": "auditor",
    "second auditor": "auditor",
    "officer": "case_officer",
    "signatory": "agency_signatory",
    "ministry": "regulator",
    "union": "regulator",
    "society": "regulator",
}
ASKED: Mapping[str, Indicator] = Questions(code(COC)).asked
NUMBER = "12"
# What changes with the first agency's score.
OF_FIRST = {edition_parts.agency_part(FIRST), edition_parts.RANKING, run_report.PART}
# How long a page may take on a machine that does much else.
PATIENCE = 20_000


@dataclass
class House:
    """The application with its clock; `script` says whether the desks' browsers run any."""

    engine: Engine
    settings: Settings
    app: Flask
    browser: Browser
    script: bool
    now: datetime
    address: str = ""
    people: dict[str, UUID] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def act(self, who: str) -> journal.Act:
        return journal.Act(str(self.people[who]), self.now)

    def sit(self, who: str) -> Page:
        """Somebody's desk, in a browser of that person's own."""
        page, client = self.visit(), self.app.test_client()
        with db.transaction(self.engine) as session:
            half = sign_ins.begin(session, self.people[who], "a browser", self.act(who))
            token = sign_ins.verify(session, half, self.act(who))
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        desk_pages.let_in(page.context, client, self.address)
        page.goto(f"{self.address}/{small.CODE}/staff/")
        return page

    def visit(self, **more: Any) -> Page:
        """A browser of somebody who is not signed in."""
        context = self.browser.new_context(java_script_enabled=self.script, locale="en-US", **more)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def submit(self, cycle: str) -> None:
        """The first agency says the best of itself."""
        act, none = self.act("signatory"), self_assessments.token(None)
        changes = [Change(one, best(one), "", none) for one in ASKED]
        with db.transaction(self.engine) as session:
            place = self_assessments.find(session, small.CODE, cycle, FIRST)
            self_assessments.save_answers(session, *place, changes, act)
            self_assessments.submit(session, *place, act)

    def candidate(self, cycle: str) -> dict[str, bytes]:
        """The parts of an edition as it would be published now."""
        with db.reading(self.engine) as session:
            return register.parts(session, cycles.find(session, small.CODE, cycle))

    def publish(self, cycle: str) -> RankingEdition:
        """The next edition, on the day after the cut-off day at the earliest."""
        order = publication.Order(small.CODE, cycle)
        with db.reading(self.engine) as session:
            as_of = cycles.find(session, small.CODE, cycle).as_of
        earliest = datetime.combine(as_of + timedelta(days=2), time(2), UTC)
        act = journal.Act(journal.OPERATOR, max(self.now, earliest))
        return publication.publish(self.engine, self.settings, order, act)


def options(indicator: str) -> list[str]:
    """What can be chosen, the worst first; nothing where a number is asked."""
    rule = ASKED[indicator].rule
    return [one.id for one in rule.options] if isinstance(rule, Level) else []


def best(indicator: str) -> str:
    return options(indicator)[-1] if options(indicator) else NUMBER


def score(parts: Mapping[str, bytes]) -> int:
    """Of the first agency, in tenths of a point."""
    entries = json.loads(parts[edition_parts.RANKING])["entries"]
    return int(next(one["score"] for one in entries if one["code"] == FIRST))


def moved(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """The parts that are not the same."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def printed(tenths: int) -> str:
    """A score as pages print it."""
    return f"{tenths // 10}.{tenths % 10} of 100"


def go(page: Page, *links: str) -> None:
    """Follow links by their texts, one after the other."""
    for name in links:
        page.get_by_role("link", name=name, exact=True).click()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def head(page: Page, text: str) -> None:
    """Wait for the page of this heading."""
    expect(page.locator("h1")).to_contain_text(text)


def _person(session: Session, name: str) -> UUID:
    newcomer = accounts.Newcomer(name.capitalize(), "en", "no password opens this")
    email = f"{name.replace(' ', '.')}@example.org"
    return accounts.add(session, email, newcomer, world.act(world.OPENED)).id


@contextmanager
def house(
    engine: Engine, folder: Path, browser: Browser, script: bool, now: datetime
) -> Iterator[House]:
    """Four agencies, an open cycle 2026, everybody who works on them; all ends with the block."""
    held = small.prepared(engine, folder)
    settings = replace(held.settings, complaint_keys=folder / "complaint-keys")
    app = create_app(settings)
    app.extensions["receipts"] = Receipts("secret", kibibytes=8, passes=1)
    found = House(engine, settings, app, browser, script, now)
    app.extensions["clock"] = lambda: found.now
    with db.transaction(engine) as session:
        for name, role in PEOPLE.items():
            found.people[name] = _person(session, name)
            agency = FIRST if role in AGENCY_ROLES else None
            grant = (small.CODE, found.people[name], role, agency, world.act(world.OPENED))
            memberships.grant(session, *grant)
    with served(app) as address:
        found.address = address
        yield found
        for context in found.contexts:
            context.close()
    stop(app)
