"""The audit screen as an auditor uses it: the day, question after question, closed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.adapters.assessment_workbooks import code
from tests.adapters.edition_samples import COC
from tests.web import small
from tests.web.journey_house import ASKED, best, go, head, options, press

VISITED = "2026-02-20"
SEEN = "Seen at the counter"
# At every other question much less was found than the agency says.
FOUND = {
    one: options(one)[1] if place % 2 == 0 and options(one) else best(one)
    for place, one in enumerate(ASKED)
}


def words(indicator: str) -> str:
    return code(COC).labels["en"].of("indicators", indicator, "question")


def audit(page: Page, many: int, script: bool) -> None:
    """Day and method, then so many questions, one after the other."""
    go(page, "Audits", small.NAMES[0])
    page.get_by_label("Day of the visit or check").fill(VISITED)
    page.get_by_label("Visit, announced").check()
    press(page, "Save day and method")
    expect(page.locator(".status")).to_have_text("Saved")
    go(page, "Next question to find")
    first, *others = list(FOUND)[:many]
    head(page, words(first))
    be_refused(page, first)
    listen(page, script)
    save(page, first, script)
    for one in others:
        head(page, words(one))
        listen(page, script)
        choose(page, one, script)
        save(page, one, script)
    if many < len(ASKED):
        head(page, words(list(FOUND)[many]))
        go(page, f"Visit, {small.NAMES[0]}")
    head(page, small.NAMES[0])
    expect(page.locator("main")).to_contain_text(f"Findings: {many} of {len(ASKED)}")


def be_refused(page: Page, indicator: str) -> None:
    """A finding that differs needs a reason; what was chosen is still there."""
    chosen = page.locator(f"input[name=found][value='{FOUND[indicator]}']")
    chosen.check()
    press(page, "Save and next")
    expect(page.locator(".errors")).to_contain_text("Say why the finding differs")
    expect(chosen).to_be_checked()


def listen(page: Page, script: bool) -> None:
    """Wait until the page heeds keys."""
    if script:
        expect(page.locator("#keys")).to_be_visible()


def choose(page: Page, indicator: str, script: bool) -> None:
    """By its number on the keyboard, or with the mouse."""
    if not options(indicator):
        page.get_by_label("Your finding").fill(FOUND[indicator])
        return
    chosen = page.locator(f"input[name=found][value='{FOUND[indicator]}']")
    if script:
        page.keyboard.press(str(options(indicator).index(FOUND[indicator]) + 1))
        expect(chosen).to_be_checked()
    else:
        chosen.check()


def save(page: Page, indicator: str, script: bool) -> None:
    page.get_by_label("Reason", exact=True).fill(f"{SEEN}: {indicator}.")
    if script:
        page.keyboard.press("Control+Enter")
    else:
        press(page, "Save and next")


def close(page: Page) -> None:
    press(page, "Close the audit")
    expect(page.locator(".done")).to_contain_text("The findings count")
