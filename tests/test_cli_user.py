"""What an operator types for people: links, lists, and who is kept out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from rankings import db, migrating
from rankings.cli import commands
from rankings.usecases import invitations, memberships, password_resets
from tests.commands import installed
from tests.usecases import world
from tests.usecases.persons import OPERATOR, person


@pytest.fixture(autouse=True)
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database with an association, named in the environment."""
    url = f"sqlite:///{tmp_path / 'rankings.sqlite'}"
    installed(monkeypatch, url, tmp_path, "https://ranking.example.org/")
    engine = db.connect(url)
    migrating.upgrade(engine)
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
    engine.dispose()
    return engine


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["user", *arguments])


def fine(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    return result.stderr


def token(said: str, before: str) -> str:
    """The end of the link that was printed."""
    start = f"https://ranking.example.org/account/{before}/"
    assert said.startswith(start)
    return said.removeprefix(start)


def test_a_person_is_invited_by_a_link(engine: Engine) -> None:
    said = fine("add", "Linh@Example.org", "--association", "alpha", "--role", "secretariat")
    link = token(said, "en/invitations/alpha")
    with db.reading(engine) as session:
        found = invitations.find(session, "alpha", link, datetime.now(UTC))
    assert (found.email, found.role) == ("linh@example.org", "secretariat")


def test_an_operator_gets_an_account_that_only_the_link_opens(engine: Engine) -> None:
    said = fine("add", "op@example.org", "--operator", "--name", "Op", "--language", "vi")
    link = token(said, "vi/resets")
    with db.reading(engine) as session:
        found = password_resets.find(session, link, datetime.now(UTC))
        assert (found.email, found.is_operator, found.password_hash) == ("op@example.org", True, "")
    assert fine("list") == "op@example.org operator"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--operator", "--role", "auditor"), "either --operator"),
        ((), "either --operator"),
        (("--operator",), "--name"),
        (("--association", "alpha"), "belong together"),
        (("--association", "gamma", "--role", "auditor"), "no such association"),
        (("--association", "alpha", "--role", "agency_member"), "agency"),
    ],
)
def test_what_does_not_fit_is_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused("add", "linh@example.org", *arguments)


def test_a_password_is_reset_by_a_link(engine: Engine) -> None:
    with db.transaction(engine) as session:
        person(session)
    link = token(fine("reset", "linh@example.org"), "vi/resets")
    with db.reading(engine) as session:
        assert password_resets.find(session, link, datetime.now(UTC)).email == "linh@example.org"
    assert "no account" in refused("reset", "nobody@example.org")


def test_somebody_is_kept_out_and_let_in_again(engine: Engine) -> None:
    with db.transaction(engine) as session:
        person(session)
    assert fine("disable", "linh@example.org") == "linh@example.org is kept out"
    assert fine("list") == "linh@example.org disabled"
    fine("enable", "linh@example.org")
    assert fine("list") == "linh@example.org"
    assert "no account" in refused("disable", "nobody@example.org")


def test_a_role_is_taken_away(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session).id
        memberships.grant(session, "alpha", linh, "agency_member", world.CODE, OPERATOR)
        memberships.grant(session, "alpha", linh, "secretariat", None, OPERATOR)
    assert fine("list", "--association", "alpha").splitlines() == [
        f"linh@example.org agency_member {world.CODE}",
        "linh@example.org secretariat",
    ]
    fine("end", "alpha", "linh@example.org", "agency_member")
    fine("end", "alpha", "linh@example.org", "secretariat")
    assert fine("list", "--association", "alpha") == ""
    assert "has no role" in refused("end", "alpha", "linh@example.org", "secretariat")
    assert "no such association" in refused("list", "--association", "gamma")
