"""The association's settings on their pages: read, changed, refused with all that was typed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rankings import db
from rankings.usecases import association_settings, exchange_rates, fee_cap_tables
from tests.web import members
from tests.web.members import Members

HOME = "/alpha/staff/settings/"
TERMS = {
    "hearing_days": "12",
    "dispute_days": "20",
    "appeal_days": "30",
    "least_rated_percent": "50",
    "most_over_claims_percent": "60",
}
RATE = {"base": "usd", "quote": "KHR", "since": "2026-01-31", "rate": "4000.5", "source": "A bank"}
CSV = "quote;base;since;rate;source\nKHR;USD;2026-01-01;4000;A bank\nMMK;USD;2026-01-01;2100;Else\n"


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Members:
    folder = tmp_path_factory.mktemp("settings")
    file = shutil.copy(migrated_file, folder / "db.sqlite")
    return members.members(db.connect(f"sqlite:///{file}"), folder)


@pytest.fixture
def client(held: Members) -> FlaskClient:
    return held.client("secretariat")


def send(held: Members, client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(HOME + path, data={"csrf_token": held.token} | fields)
    return answer.status_code, answer.text


def rates(held: Members) -> list[tuple[str, str]]:
    with db.reading(held.engine) as session:
        return [(one.quote, one.rate) for one in exchange_rates.of(session, "alpha")]


def seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_the_entrance_tells_what_was_decided(client: FlaskClient) -> None:
    page = client.get(HOME).text
    assert "Hearing before publication, in working days" in page
    assert "Legal fee caps" in page
    assert "Stored versions: 1 (coc-vn)" in page
    assert f"{HOME}terms" in page


def test_who_only_reads_is_offered_nothing_to_change(held: Members) -> None:
    client = held.client("regulator")
    for path in ("", "fee-caps", "exchange-rates", "rubrics/", "rubrics/coc-vn/1.0.0/"):
        page = client.get(HOME + path).text
        forms = page.count('<form method="post"') - page.count('action="/account/')
        assert forms == 0, path
    assert f"{HOME}terms" not in client.get(HOME).text


def test_times_and_limits_are_changed(held: Members, client: FlaskClient) -> None:
    token = seen(client.get(f"{HOME}terms").text)
    assert send(held, client, "terms", seen=token, **TERMS)[0] == 303
    with db.reading(held.engine) as session:
        assert association_settings.of(session, "alpha").hearing_days == 12
    status, page = send(held, client, "terms", seen=token, **TERMS | {"appeal_days": "40"})
    assert status == 422
    assert "Somebody else changed this" in page
    assert 'value="40"' in page
    assert send(held, client, "terms", seen=seen(page), **TERMS | {"appeal_days": "40"})[0] == 303


@pytest.mark.parametrize("wrong", ["4", "61", "ten", "", "1e1", "٩"])
def test_a_number_out_of_its_bounds_is_told_beside_it(
    wrong: str, held: Members, client: FlaskClient
) -> None:
    status, page = send(held, client, "terms", **TERMS | {"hearing_days": wrong})
    assert status == 422
    assert '<a href="#hearing_days">Enter a whole number from 5 to 60.</a>' in page
    assert 'value="20"' in page


def test_a_table_of_caps_goes_out_and_comes_back(held: Members, client: FlaskClient) -> None:
    table, token = client.get(f"{HOME}fee-caps.csv").text, seen(client.get(f"{HOME}fee-caps").text)
    assert table.startswith("\ufefforigin,destination,")
    changed = table.replace("Law 69/2020", "Law 70/2030")
    assert send(held, client, "fee-caps", table=changed, seen=token)[0] == 303
    with db.reading(held.engine) as session:
        row = fee_cap_tables.newest(session, "alpha")
        assert row is not None
        assert "Law 70/2030" in row.document
        assert fee_cap_tables.newest(session, "beta") is None
    assert "Law 70/2030" in client.get(f"{HOME}fee-caps").text
    assert "Law 70/2030" in client.get(f"{HOME}fee-caps.csv").text


def test_a_wrong_cap_is_named_and_nothing_is_lost(held: Members, client: FlaskClient) -> None:
    text = '[[caps]]\norigin = "XX"\n'
    status, page = send(held, client, "fee-caps", document=text, seen="0")
    assert status == 422
    assert "<b>caps[1].origin</b>" in page
    assert "origin = &#34;XX&#34;" in page
    status, page = send(held, client, "fee-caps", table="origin,colour\nVN,red\n", seen="0")
    assert status == 422
    assert "colour" in page


def test_a_rate_is_added_and_replaced_only_when_meant(held: Members, client: FlaskClient) -> None:
    assert send(held, client, "exchange-rates", **RATE)[0] == 303
    assert "1 USD = 4000.5 KHR" in client.get(f"{HOME}exchange-rates").text
    status, page = send(held, client, "exchange-rates", **RATE | {"rate": "4001"})
    assert status == 422
    assert "Another rate is stored for this day" in page
    assert 'value="4001"' in page
    again = RATE | {"rate": "4001", "replace": "y"}
    assert send(held, client, "exchange-rates", **again)[0] == 303
    assert "1 USD = 4001 KHR" in client.get(f"{HOME}exchange-rates").text


def test_what_is_no_rate_is_told_beside_each_field(held: Members, client: FlaskClient) -> None:
    sent = {"base": "us", "quote": "", "since": "soon", "rate": "1,5", "source": ""}
    status, page = send(held, client, "exchange-rates", **sent)
    assert status == 422
    for field in ("base", "quote", "since", "rate", "source"):
        assert f'<a href="#{field}">' in page


def test_many_rates_are_added_at_once(held: Members, client: FlaskClient) -> None:
    assert send(held, client, "exchange-rates/many", table=CSV)[0] == 303
    assert ("MMK", "2100") in rates(held)
    assert ("KHR", "4000") in rates(held)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "base"),
        ("base,quote\n", "is missing"),
        (CSV.replace("4000", "much"), "1 rate"),
        (CSV + "a;b;c;d;e;f\n", "row 3"),
        (CSV.replace("4000", '"4000'), "table"),
    ],
)
def test_a_wrong_table_is_named_by_row(
    table: str, said: str, held: Members, client: FlaskClient
) -> None:
    before = rates(held)
    status, page = send(held, client, "exchange-rates/many", table=table)
    assert status == 422
    assert said in page
    assert rates(held) == before
