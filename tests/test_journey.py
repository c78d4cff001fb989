"""From files on a disk to a page in a browser and back to a file: the whole road, once."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from rankings import db
from rankings.app import create_app
from rankings.cli import commands
from rankings.settings import Settings
from tests import journey_files, publication
from tests.journey_files import ABSENT, BEST, BURMESE, FIRST_CODE, GOOD, HELD, KHMER, NAMES, STOPPED
from tests.office import Convert
from tests.web.serving import served, stop

NAME = "Hiệp hội Hành Trình"
OF = ("--association", "vamas")
WHERE = (*OF, "--cycle", "2026")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Operator:
    """Who types commands in one environment; files lie in one folder."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(commands, [*map(str, arguments)], env=self.environment)

    def fine(self, *arguments: str | Path) -> str:
        """What a command says that must succeed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    @property
    def key(self) -> Path:
        return self.folder / "keys" / "vamas.public.pem"


@dataclass(frozen=True)
class Shown:
    """One agency as it is printed."""

    place: str
    name: str
    score: str
    band: str


def operator(engine: Engine, folder: Path) -> Operator:
    named = {
        "SECRET_KEY": "a secret of this journey",
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "BASE_URL": "http://localhost",
        **{name: str(folder / name.lower()) for name in ("DATA", "KEYS", "EVIDENCE")},
    }
    return Operator(folder, {f"RANKINGS_{name}": value for name, value in named.items()})


def set_up(operator: Operator) -> str:
    """Tables, an association, its code of conduct, a cycle; gives the fingerprint of the key."""
    operator.fine("db", "upgrade")
    who = ("--name", NAME, "--country", "VN", "--time-zone", "Asia/Ho_Chi_Minh")
    said = operator.fine("association", "add", "vamas", *who)
    operator.fine("rubric", "adopt", journey_files.RUBRIC, *OF)
    rules = ("--rubric", "coc-vn:1.0.0", "--as-of", "2026-06-30", "--opened-on", "2026-01-01")
    assert "is open" in operator.fine("cycle", "open", "2026", *OF, *rules)
    return said.partition("its key ")[2].partition(" is in ")[0]


def stored(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table."""
    with db.reading(engine) as session:
        return {
            table.name: sorted(repr(row) for row in session.connection().execute(select(table)))
            for table in SQLModel.metadata.sorted_tables
        }


def take_in(operator: Operator, engine: Engine, files: Mapping[str, Path]) -> None:
    """Each file dry, which changes nothing, then for good, then again."""
    for kind, file in files.items():
        before = stored(engine)
        dry = operator.fine("import", kind, file, *WHERE)
        assert "new; nothing has been saved" in dry
        assert "add --apply to save" in dry
        assert stored(engine) == before, kind
        if kind == "complaints":
            slip(operator, engine)
        saved = operator.fine("import", kind, file, *WHERE, "--apply")
        assert saved == dry.partition("nothing")[0] + "saved\n"
        assert stored(engine) != before, kind
        again = operator.fine("import", kind, file, *WHERE, "--apply")
        assert again == saved.replace("new", "unchanged")


def slip(operator: Operator, engine: Engine) -> None:
    """A file with one bad row is kept out as a whole, and the row is named."""
    before = stored(engine)
    bad = journey_files.write_bad(operator.folder)
    result = operator.run("import", "complaints", bad, *WHERE, "--apply")
    number = len(journey_files.complaints()) + 1
    assert result.exit_code == 2
    assert f"cell G{number} (decided_on)" in result.stderr
    assert result.stdout.endswith("1 with problems; nothing has been saved\n")
    assert stored(engine) == before


def published(operator: Operator) -> Path:
    """The first edition, published, exported and verified."""
    publication.approved_now(operator.environment, publication.Order("vamas", "2026"))
    assert "edition 1 of 2026 is published" in operator.fine("publish", *WHERE)
    file = operator.folder / "edition.zip"
    operator.fine("export", *WHERE, file)
    verify(operator, file)
    return file


def verify(operator: Operator, file: Path) -> None:
    """The signature is that of the association, and the scores are made anew."""
    said = operator.fine("verify", file, "--key", operator.key)
    assert said.startswith("vamas, cycle 2026, edition 1\nsignature: good")
    assert "taken from the file itself" not in said
    assert f"scores: {len(NAMES)} agencies made anew" in said


@contextmanager
def reading(operator: Operator, browser: Browser) -> Iterator[Page]:
    """A reader without script who has the front page before her; nothing stays open after."""
    app = create_app(Settings.from_env(operator.environment))
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    try:
        with served(app) as address:
            page = context.new_page()
            page.goto(address)
            yield page
    finally:
        context.close()
        stop(app)


def listed(page: Page) -> list[Shown]:
    """The agencies of the ranking page."""
    return [
        Shown(
            "".join(row.locator(".place").all_inner_texts()),
            row.locator("a > span").first.inner_text(),
            "".join(row.locator(".score").all_inner_texts()),
            row.locator(".band").inner_text(),
        )
        for row in page.locator(".list li").all()
    ]


def line(page: Page, licence: str) -> Locator:
    return page.locator(".list li").filter(has_text=NAMES[licence])


def read_ranking(page: Page) -> list[Shown]:
    """From the front page to the ranking; warnings and second names stand beside the names."""
    assert NAME in page.locator("main").inner_text()
    page.get_by_role("link", name="English").click()
    found = listed(page)
    assert [one.name for one in found[:2]] == [NAMES[BEST], NAMES[GOOD]]
    assert "Licence suspended since May 18, 2026" in line(page, STOPPED).inner_text()
    assert "Does not take part" in line(page, ABSENT).inner_text()
    expect(page.locator(".list .warn")).to_have_count(1)
    return found


def read_stopped(page: Page) -> None:
    """Of an agency without a licence the warning stands first, under nothing but its name."""
    line(page, STOPPED).get_by_role("link").click()
    lines = [one for one in page.locator("main").inner_text().split("\n") if one]
    warning = ["✗ Licence suspended since May 18, 2026", "Do not pay this agency for a new job."]
    assert lines[:3] == [NAMES[STOPPED], *warning]
    page.locator("header > a").click()


def read_second_names(page: Page) -> None:
    """A name in another script stands where its language is read, with its language said."""
    for language, names in (("km", KHMER), ("my", BURMESE)):
        page.locator(f"nav a[lang={language}]").click()
        for licence, second in names.items():
            assert line(page, licence).locator(".also").inner_text() == second
    page.locator("nav a[lang=en]").click()


def read_agency(page: Page, best: Shown, row: Mapping[str, str]) -> None:
    """The best one's page and receipt say what the list says, and the receipt adds up."""
    line(page, BEST).get_by_role("link").click()
    assert FIRST_CODE in page.locator("main").inner_text()
    assert page.locator("h1").inner_text() == best.name
    assert page.locator("p.big").inner_text() == f"{best.score} of 100"
    assert best.band.rpartition(" ")[0] in page.locator("main").inner_text()
    page.locator("main a.go").first.click()
    expect(page).to_have_url(re.compile(f"/agencies/{FIRST_CODE}/receipt$"))
    assert page.locator("p.big").inner_text() == f"{best.score} of 100"
    earned = page.locator(".nums span:first-child b").all_inner_texts()
    assert sum(map(Decimal, earned)) == Decimal(row["points"])


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """A file of the edition page, as the browser saves it; its SHA-256 is printed there."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    file = folder / name
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == f"vamas-2026-1-{name}"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest in page.locator(".list li").filter(has_text=name).inner_text()
    return file


def texts(row: tuple[Any, ...]) -> list[str]:
    """Cells as a spreadsheet prints them; all decimals of the ranking have one place."""
    return [f"{one:.1f}" if isinstance(one, float) else str(one or "") for one in row]


def in_workbook(file: Path) -> dict[str, Rows]:
    """The two sheets that matter, by openpyxl."""
    book = load_workbook(file, data_only=True)
    found: dict[str, Rows] = {}
    for name in ("Ranking", "Bands"):
        head, *rows = book[name].iter_rows(values_only=True)
        keys = texts(head)
        found[name] = [dict(zip(keys, texts(row), strict=True)) for row in rows]
    book.close()
    return found


def in_office(folder: Path) -> dict[str, Rows]:
    """The same two, as LibreOffice prints them."""
    found: dict[str, Rows] = {}
    for name in ("Ranking", "Bands"):
        with (folder / f"ranking-{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
            found[name] = list(csv.DictReader(lines))
    return found


def printed(sheets: Mapping[str, Rows]) -> list[Shown]:
    """What the page must show by a workbook: its ranking in the words of its bands."""
    labels = {(one["kind"], one["code"]): one["label"] for one in sheets["Bands"]}
    found = []
    for row in sheets["Ranking"]:
        said = labels.get(("state", row["status"]), "")
        if row["band"]:
            full = int(row["stars"])
            ends = dict.fromkeys(f"{Decimal(row[end]):.1f}" for end in ("score_from", "score_to"))
            said = f"{'★' * full}{'☆' * (5 - full)} {labels['band', row['band']]} {'–'.join(ends)}"
        score = f"{Decimal(row['score']):.1f}" if row["score"] else ""
        place = row["rank"] or ("" if row["band"] else "–")
        found.append(Shown(place, row["name"], score, said))
    return found


def test_from_files_to_a_ranking_that_anybody_can_read_and_verify(
    empty_engine: Engine, tmp_path: Path, browser: Browser, convert: Convert
) -> None:
    types = operator(empty_engine, tmp_path)
    fingerprint = set_up(types)
    take_in(types, empty_engine, journey_files.write(tmp_path / "files"))
    exported = published(types)
    types.fine("export", *WHERE, tmp_path / "table.xlsx")
    sheets = in_workbook(tmp_path / "table.xlsx")
    with reading(types, browser) as page:
        shown = read_ranking(page)
        read_stopped(page)
        read_second_names(page)
        read_agency(page, shown[0], sheets["Ranking"][0])
        page.get_by_role("link", name="Tables to download").click()
        assert fingerprint in page.locator(".steps").inner_text()
        bundle = downloaded(page, "edition.zip", tmp_path)
        workbook = downloaded(page, "ranking.xlsx", tmp_path)
    verify(types, bundle)
    assert bundle.read_bytes() == exported.read_bytes()
    assert workbook.read_bytes() == (tmp_path / "table.xlsx").read_bytes()
    assert shown == printed(sheets) == printed(in_office(convert(workbook, ALL_SHEETS).parent))
    assert {one.name for one in shown} == set(NAMES.values())
    ranking = sheets["Ranking"]
    found = {row["licence_number"]: row["band"] or row["status"] for row in ranking}
    assert (found[BEST], found[HELD]) == ("5", "1")
    assert (found[ABSENT], found[STOPPED]) == ("not_participating", "suspended")
