"""A worker's way on a phone: no script, no cookie, nothing left behind that tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from rankings import db
from tests.web import desk_pages, helping
from tests.web.helping import COMPANY, STORY, Helping
from tests.web.serving import served, stop

# Words that would tell who looks over a shoulder what the pages are about.
TELLING = (
    *("complain", "report", "abuse", "victim", "denounce", "whistle", "grievance", "accuse"),
    *("khiếu nại", "tố cáo", "phản ánh", "nạn nhân", "lạm dụng", "khieu", "to-cao", "victim"),
    *("បណ្តឹង", "ប្តឹង", "ជនរងគ្រោះ", "តវ៉ា", "រាយការណ៍", "រំលោភ", "ចោទ", "បរិហារ"),
    *("တိုင်ကြား", "တိုင်တန်း", "မကျေနပ်", "သတင်းပို့", "စွပ်စွဲ", "နှိပ်စက်", "ကျူးလွန်", "ဖွင့်ချ"),
    *("苦情", "通報", "告発", "訴え", "被害", "虐待", "報告", "申告"),
)


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Helping]:
    (tmp_path / "db.sqlite").write_bytes(migrated_file.read_bytes())
    engine = db.connect(f"sqlite:///{tmp_path / 'db.sqlite'}")
    found = helping.helping(engine, tmp_path)
    yield found
    stop(found.app)
    engine.dispose()


def phone(browser: Browser, address: str, *, script: bool) -> BrowserContext:
    return browser.new_context(
        base_url=address,
        viewport={"width": desk_pages.NARROW, "height": 640},
        has_touch=True,
        java_script_enabled=script,
        bypass_csp=script,
    )


@dataclass
class Walk:
    """One page after the other on a small phone."""

    page: Page
    script: bool
    # What the history has of each.
    seen: list[str] = field(default_factory=list)

    def look(self, heading: str) -> None:
        """The page is there, for everybody, and fits the screen."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.seen.append(f"{self.page.title()} /{self.page.url.split('/', 3)[3]}")
        box = self.page.locator("body").bounding_box()
        assert box is not None
        assert box["width"] <= desk_pages.NARROW
        if self.script:
            assert desk_pages.look(self.page, heading) == []

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def write(self) -> str:
        """From the first page to the number."""
        self.page.goto("/alpha/en/help/")
        self.look("Help")
        self.page.get_by_role("link", name="Write to us").click()
        self.look("Write to us")
        self.page.get_by_label("Which company?").fill(" ")
        self.page.get_by_label("What happened?").fill(STORY)
        self.press("Send")
        expect(self.page.get_by_label("What happened?")).to_have_value(STORY)
        self.look("Write to us")
        self.page.get_by_label("Which company?").fill(COMPANY)
        self.press("Send")
        self.look("We have it")
        return "".join(self.page.locator(".number span").all_inner_texts())

    def come_back(self, number: str) -> None:
        """Opens the number, writes more, and wants no more."""
        self.page.goto("/alpha/en/help/")
        self.page.get_by_role("link", name="I have a number").click()
        self.look("Your number")
        self.page.get_by_label("The 16 digits").fill(" ".join(number))
        self.press("Continue")
        expect(self.page.locator(".lead")).to_contain_text("We have it")
        self.look("Your number")
        self.page.get_by_label("Write to us").fill("One thing more")
        self.press("Send")
        expect(self.page.get_by_role("status")).to_contain_text("We have your answer")
        self.press("Ask us to stop")
        expect(self.page.locator("main")).to_contain_text("Shall we stop?")
        self.look("Your number")
        self.press("Yes, stop")
        expect(self.page.locator("main")).to_contain_text("You asked us to stop")


KEPT = """async () => [localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]
"""


@pytest.mark.parametrize("script", [False, True])
def test_a_worker_writes_comes_back_and_leaves_no_trace(
    held: Helping, browser: Browser, script: bool
) -> None:
    """UX-SAFE-1, with script on and off."""
    with served(held.app) as address:
        context = phone(browser, address, script=script)
        walk = Walk(context.new_page(), script)
        number = walk.write()
        walk.page.goto("/alpha/en/help/")
        with pytest.raises(Error, match="CACHE_MISS"):
            walk.page.go_back()
        walk.page = context.new_page()
        walk.page.goto("/alpha/en/help/write")
        expect(walk.page.get_by_label("What happened?")).to_have_value("")
        walk.come_back(number)
        assert context.cookies() == []
        if script:
            assert walk.page.evaluate(KEPT) == [0, 0, 0, 0]
        context.close()
    told = " ".join(walk.seen).lower()
    assert len(walk.seen) == 7
    assert [word for word in TELLING if word in told] == []
