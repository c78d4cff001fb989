"""The register in a real browser: from a sign that two agencies are one to an approved link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings import db
from rankings.usecases import agency_codes, cycles, registry
from tests.usecases import world
from tests.web import desk_pages
from tests.web.desk_pages import look, opened
from tests.web.members import CYCLE, OURS, OWN, Members
from tests.web.serving import served

OLD, NEW = agency_codes.code("VN", 3), agency_codes.code("VN", 4)
NAMES = ("Công ty TNHH Ví Dụ Sao Mai", "Ví Dụ Sao Mai JSC")
LIST = f"/{OURS}/staff/agencies/"


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """Two more agencies of nearly the same name, of which one has sent workers."""
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("register")) as found:
        with db.transaction(found.engine) as session:
            cycle = cycles.find(session, OURS, CYCLE)
            rows = [
                world.agency(licence_number=f"L-{number}", name_vi=(name, None))
                for number, name in enumerate(NAMES, 3)
            ]
            assert registry.save_agencies(session, cycle, rows, world.OPENED).problems == []
            sent = world.deployments(("2024-Q3", 40), ("2025-Q4", 120), agency="L-3")
            assert registry.save_deployments(session, cycle, sent, world.OPENED).problems == []
        yield found


@pytest.fixture(scope="module")
def site(held: Members) -> Iterator[str]:
    with served(held.app) as address:
        yield address


def fill(page: Page, form: str, **fields: str) -> None:
    """Fill the form that goes to an address, and send it."""
    found = page.locator(f"main form[action$='{form}'], main form:not([action])").first
    for name, value in fields.items():
        field = found.locator(f"[name={name}]")
        if field.evaluate("(one) => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    found.locator("button").first.click()
    page.wait_for_load_state()


def fine(page: Page, where: str) -> None:
    assert look(page, where) == []


def test_the_register_from_a_sign_to_an_approved_link(
    held: Members, site: str, browser: Browser
) -> None:
    office = opened(browser, held, "secretariat", site, bypass_csp=True)
    office.goto(f"{site}{LIST}?q=vi+du+saomai")
    expect(office.locator("main tbody tr")).to_have_count(2)
    fine(office, "the list")
    office.get_by_role("link", name=NAMES[0]).click()
    expect(office.locator("h1")).to_have_text(NAMES[0])
    expect(office.get_by_text("2024-Q4, 2025-Q1, 2025-Q2, 2025-Q3")).to_be_visible()
    fine(office, "an agency")
    _owners_and_state(office, site)
    _proposed(office, site)
    lead = opened(browser, held, "lead_auditor", site, bypass_csp=True)
    lead.goto(f"{site}/{OURS}/staff/agency-links")
    waits = lead.locator("section.box").filter(has_text=NEW)
    waits.get_by_role("button", name="Approve").click()
    expect(lead.get_by_text("Approved by lead_auditor")).to_be_visible()
    fine(lead, "decided links")
    office.goto(f"{site}{LIST}{NEW}/")
    expect(office.locator(".tasks").get_by_text("Follows")).to_be_visible()
    fine(office, "a linked agency")
    for page in (office, lead):
        page.context.close()


def _owners_and_state(office: Page, site: str) -> None:
    """The same owner of both; the licence of the first ends."""
    for agency in (OLD, NEW):
        office.goto(f"{site}{LIST}{agency}/owners")
        owner = {"name": "Bà Ví Dụ", "number": "012 345", "since": "2020-01-01"}
        fill(office, "/owners", **owner, share="101", source="an extract")
        expect(office.locator(".errors")).to_contain_text("Share in percent")
        assert office.locator("[name=name]").input_value() == "Bà Ví Dụ"
        fine(office, "owners after a mistake")
        fill(office, "/owners", share="60")
        expect(office.locator("main tbody")).to_contain_text("012 345")
    office.goto(f"{site}{LIST}{OLD}/licence")
    state = {"since": "2026-01-10", "reason": "fees", "source": "letter 1"}
    fill(office, "/licence", state="revoked", **state)
    expect(office.locator("main")).to_contain_text("Licence taken away")
    fill(office, "/licence/reverse", which="2026-01-10", reversed_on="2026-01-09", because="")
    expect(office.locator(".errors p")).to_have_count(1)
    fine(office, "the licence after a mistake")


def _proposed(office: Page, site: str) -> None:
    """From the suggestion to a proposal, which whoever made it cannot decide."""
    office.goto(f"{site}/{OURS}/staff/agency-links")
    found = office.locator("section.box").filter(has_text="An owner with the same number")
    expect(found).to_contain_text("Nearly the same company name")
    fine(office, "suggestions")
    found.get_by_role("link").click()
    assert office.locator("[name=predecessor]").input_value() == OLD
    fill(office, "/link", kind="new_licence", since="2026-02-01", reason="")
    expect(office.locator(".errors")).to_contain_text("What shows it")
    fine(office, "a proposal after a mistake")
    fill(office, "/link", reason="the same owner and address")
    mine = office.locator("section.box").filter(has_text="the same owner and address")
    expect(mine).to_contain_text("You proposed this. Somebody else decides.")
    expect(mine.get_by_role("button")).to_have_count(0)


def test_an_agency_states_its_fee_and_reads_the_limit(
    held: Members, site: str, browser: Browser
) -> None:
    member = opened(browser, held, "agency_member", site, bypass_csp=True)
    member.goto(f"{site}{LIST}{OWN}/fees")
    work = {"destination": "JP", "programme": "all", "contract_months": "24"}
    work |= {"since": "2026-02-01", "fee_currency": "USD", "wage_currency": "USD"}
    fill(member, "/fees", **work, fee="3,600", monthly_wage="1100")
    expect(member.locator(".errors")).to_contain_text("Enter the amount in digits")
    fine(member, "a fee after a mistake")
    fill(member, "/fees", fee="3600")
    row = member.locator("main tbody tr").filter(has_text="24 months")
    expect(row).to_contain_text("USD 1,400 above the limit of USD 2,200")
    expect(row).to_contain_text("The agency")
    fine(member, "fees")
    member.context.close()
