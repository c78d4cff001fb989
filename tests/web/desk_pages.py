"""Pages of people who are signed in, in a real browser: who opens them, and what is measured."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyotp
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, Response
from sqlalchemy import delete, update
from werkzeug.serving import make_server

from rankings import db
from rankings.adapters.passwords import Hasher
from rankings.app import create_app
from rankings.models import Account, SignIn
from rankings.settings import Settings
from rankings.usecases import cycles, journal, password_resets, sign_ins
from rankings.usecases.throttles import Caller
from rankings.web.access import RIGHTS, ROLES, TOKEN, Right
from tests.adapters.assessment_workbooks import typed
from tests.web import members
from tests.web.members import OURS, OWN, PLATFORM, Members
from tests.web.serving import Silent, stop

NARROW, HIGH = 320, 640
PASSWORD = "four quiet cats nap"
WIDTH = "document.documentElement.scrollWidth"
BIG_TEXT = "html{font-size:200%!important}"
# What stands alone on its line is a target for thumbs; links in running text may be lower.
LOW = """() => [...document.querySelectorAll(
    "a[href], button, summary, select, textarea, input:not([type=hidden])")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.height || one.matches(".skip, .choice input")) return false;
  const alone = !one.matches("a")
    || one.parentElement.textContent.trim() === one.textContent.trim();
  return box.height < (alone ? 48 : 20);
}).map((one) => one.outerHTML.slice(0, 200) + " " + one.getBoundingClientRect().height)"""
# A box to tick is at least this high, and so is the label beside it, which ticks it too.
SMALL_BOXES = """() => [...document.querySelectorAll(".choice input, .choice label")]
  .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""


@contextmanager
def desks(migrated: Path, folder: Path) -> Iterator[Members]:
    """Two associations with people in every role, on a database of one's own."""
    file = shutil.copy(migrated, folder / "desks.sqlite")
    held = members.members(db.connect(f"sqlite:///{file}"), folder)
    quick(held)
    yield held
    stop(held.app)


def quick(held: Members) -> None:
    """A password for everybody, by a hasher that takes no time."""
    hasher = held.app.extensions["hasher"] = Hasher(kibibytes=8, passes=1, lanes=1)
    hashed = hasher.hash(PASSWORD)
    with db.transaction(held.engine) as session:
        session.connection().execute(update(Account).values(password_hash=hashed))


def speak(held: Members, language: str) -> None:
    """Everybody's language."""
    with db.transaction(held.engine) as session:
        session.connection().execute(update(Account).values(language=language))


def sign_everybody_out(held: Members) -> None:
    with db.transaction(held.engine) as session:
        session.connection().execute(delete(SignIn))


def give_factor(held: Members, who: str) -> pyotp.TOTP:
    """A second factor for somebody."""
    secret = pyotp.random_base32()
    sealed = held.app.extensions["sealer"].seal(secret.encode())
    whose = update(Account).where(Account.id == held.accounts[who])  # type: ignore[arg-type]
    with db.transaction(held.engine) as session:
        session.connection().execute(whose.values(totp_secret=sealed))
    return pyotp.TOTP(secret)


def reset_link(held: Members, who: str) -> str:
    """The token of a link to a new password."""
    caller = Caller(b"secret", "operator")
    act = journal.Act(journal.OPERATOR, held.now)
    with db.transaction(held.engine) as session:
        return password_resets.make(session, held.accounts[who], caller, act)


def half_in(held: Members, who: str) -> FlaskClient:
    """A browser in which somebody gave the password only."""
    act = journal.Act(str(held.accounts[who]), held.now)
    with db.transaction(held.engine) as session:
        token = sign_ins.begin(session, held.accounts[who], "a browser", act)
    client = held.client(None)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def let_in(context: BrowserContext, client: FlaskClient, address: str) -> None:
    """The browser holds what the client holds."""
    cookie = client.get_cookie("rankings")
    assert cookie
    context.add_cookies([{"name": "rankings", "value": cookie.value, "url": address}])


def opened(browser: Browser, held: Members, who: str | None, address: str, **more: Any) -> Page:
    """A page of somebody who is signed in, or of nobody; close its context afterwards."""
    context = browser.new_context(**{"viewport": {"width": NARROW, "height": HIGH}} | more)
    let_in(context, held.client(who), address)
    return context.new_page()


def reader(right: Right) -> str | None:
    """Somebody who may see a page; None where nobody needs to be signed in."""
    if right["anyone"]:
        return None
    if right[PLATFORM]:
        return PLATFORM
    if right["signed_in"]:
        return "agency_member"
    # The signatory and the secretariat see the most.
    wanted = ("agency_signatory", "secretariat", *ROLES)
    return next(role for role in wanted if right[role])


def views(held: Members) -> list[tuple[str | None, Right]]:
    """Every page that is no public one and no file, with somebody who may see it."""
    found = []
    for endpoint, right in RIGHTS.items():
        if right.method != "GET" or endpoint == "static" or endpoint.startswith("public."):
            continue
        who = reader(right)
        answer = held.client(who).get(place(held, right), buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append((who, right))
    return found


def place(held: Members, right: Right, language: str = "en") -> str:
    return held.path(right, held.things[OURS, OWN] | {"lang": language})


def filled_workbook(held: Members) -> bytes:
    """A downloaded workbook with an answer, a note, the name of a file and a later conflict."""
    client = held.client("agency_member")
    body = client.get(members.address("workbook.xlsx"), buffered=True).get_data()
    book, file = load_workbook(io.BytesIO(body)), io.BytesIO()
    for indicator, answer in (("1.1", "own-staff"), ("1.2", "late")):
        typed(book, indicator, "answer", label(held, indicator, answer))
    typed(book, "1.2", "note", "One register for all branches.")
    typed(book, "1.2", "evidence", "register.pdf")
    book.save(file)
    return file.getvalue()


def label(held: Members, indicator: str, value: str) -> str:
    """An answer in the words of the workbook's list."""
    with db.reading(held.engine) as session:
        code = cycles.code_of(cycles.find(session, OURS, members.CYCLE))
    return str(code.labels["en"].of("indicators", indicator, "options", value, "label"))


def form(page: Page, address: str = "") -> None:
    """Send the last form of the page, or the one that goes to `address`, whatever is in it."""
    found = page.locator(f"main form{f'[action$={address!r}]' if address else ''}").last
    found.evaluate("(one) => { one.noValidate = true; }")
    found.locator("button").first.click()


def sent(page: Page, address: str = "") -> Response:
    """The answer to the form."""
    with page.expect_response(lambda one: one.request.method == "POST") as waiting:
        form(page, address)
    page.wait_for_load_state()
    return waiting.value


def broken(page: Page) -> str:
    """What the accessibility rules find on the page, its targets included."""
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    return "" if found.violations_count == 0 else f"{page.url}\n{found.generate_report()}"


def cramped(page: Page) -> list[str]:
    """What does not fit on a small screen, at twice the text too, or is too low for a thumb."""
    found = [*page.evaluate(LOW), *page.evaluate(SMALL_BOXES)]
    if page.evaluate(WIDTH) > NARROW:
        found.append("scrolls sideways")
    style = page.add_style_tag(content=BIG_TEXT)
    if page.evaluate(WIDTH) > NARROW:
        found.append("scrolls sideways with large text")
    style.evaluate("(one) => one.remove()")
    return found


def look(page: Page, where: str) -> list[str]:
    """What is wrong with the page that is open, once its style is there."""
    wrong = fitting(page, where)
    return [*wrong, *([found] if (found := broken(page)) else [])]


def fitting(page: Page, where: str) -> list[str]:
    """What of that is wrong with its measures."""
    page.wait_for_load_state()
    return [f"{where}: {one}" for one in cramped(page)]


def alone() -> None:
    """The application of the environment in a process of its own, until it is killed."""
    app = create_app(Settings.from_env(os.environ))
    app.extensions["clock"] = lambda: members.TODAY
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()
