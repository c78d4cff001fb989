"""What an operator asks of the calendar from the command line."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from rankings import db
from rankings.cli_calendar import calendar
from rankings.models import Occurrence
from rankings.usecases import calendar_steps
from tests.commands import installed
from tests.usecases import driven

# A day that lies ahead for a long time.
SET = ("set", "--every", "half_year", "--first", "2090-01-31", "--rubric", "worked:1.0.0")


@pytest.fixture
def alpha(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An association in Yangon without a calendar; the environment names its database."""
    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'own.sqlite')}"
    installed(monkeypatch, url, tmp_path)
    engine = db.connect(url)
    with db.transaction(engine) as session:
        driven.association(session)
    yield engine
    engine.dispose()


def run(*arguments: str, association: str = "alpha") -> Result:
    return CliRunner().invoke(calendar, [*arguments, "--association", association])


def test_a_rule_is_set_once_and_its_steps_are_shown(alpha: Engine) -> None:
    assert run("show").stdout == "alpha, Asia/Yangon: no cycle is planned\n"
    assert run(*SET, "--days", "closes=40").stdout == "the rule is set\n"
    assert run(*SET, "--days", "closes=40").stdout == "this is the rule already\n"
    lines = run("show").stdout.splitlines()
    assert lines[:3] == [
        "alpha, Asia/Yangon",
        "2090-h1, judged as of 2090-05-11",
        "  opens          Tue 2090-01-31 09:00 coming",
    ]
    assert "  closes         Sun 2090-03-12 23:59 coming" in lines
    assert len(lines) == 2 + len(calendar_steps.STEPS)


def test_what_has_run_what_is_due_and_what_is_over_is_told(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        plan = driven.ruled(
            session, driven.given(opens="2021-01-01"), datetime(2020, 1, 1, tzinfo=UTC)
        )
        driven.note(session, calendar_steps.key(plan, "opens"), driven.SET)
        failed = session.get_one(Occurrence, ("alpha", "steps", "2021 opens"))
        failed.state = "failed"
    told = {line.split()[0]: line.split()[4:] for line in run("show").stdout.splitlines()[2:]}
    assert told["opens"] == ["failed"]
    assert told["hearing_ends"] == ["over"]
    assert told["publication"] == ["due"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*SET, "--days", "tea=3"), "tea: no such step"),
        ((*SET, "--days", "closes"), "closes"),
        ((*SET[:4], "2090-02-30", *SET[5:]), "first_opens_on"),
        ((*SET[:-1], "worked:2.0.0"), "no code of conduct of the association"),
    ],
)
def test_a_wrong_rule_is_refused(alpha: Engine, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "no cycle is planned" in run("show").stdout


def test_an_unknown_association_is_refused(alpha: Engine) -> None:
    for arguments in (SET, ("show",)):
        result = run(*arguments, association="gamma")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr
