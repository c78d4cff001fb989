"""The schedule from the command line: by itself, with the pages, and job by job."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db, jobs
from rankings.cli import commands
from rankings.models import Message, Occurrence
from rankings.usecases import leases
from tests import smtp_server
from tests.usecases import driven, post

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60


@pytest.fixture
def alpha(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An association without a calendar, named in the environment."""
    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'own.sqlite')}"
    engine = db.connect(url)
    with db.transaction(engine) as session:
        driven.association(session)
    folders = {name: str(tmp_path / name.lower()) for name in ("DATA", "KEYS", "EVIDENCE")}
    said = {"SECRET_KEY": "secret", "DATABASE_URL": url, "BASE_URL": "http://127.0.0.1"}
    for name, value in (folders | said).items():
        monkeypatch.setenv(f"RANKINGS_{name}", value)
    yield engine
    engine.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["job", *arguments])


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program as a process of its own, killed if it does not end."""
    code = "import sys; from rankings.cli import main; main(sys.argv[1:])"
    with subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def is_done(engine: Engine) -> bool:
    with db.reading(engine) as session:
        return len(session.exec(select(Occurrence)).all()) == len(jobs.NIGHTS)


def is_held(engine: Engine) -> bool:
    with db.reading(engine) as session:
        found = leases.holding(session)
    return found is not None and found.is_held


def test_the_schedule_runs_what_is_due_and_gives_the_lease_back(alpha: Engine) -> None:
    with started("schedule") as process:
        until(lambda: is_done(alpha))
        assert is_held(alpha)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not is_held(alpha)


def test_the_schedule_sends_what_was_written(
    alpha: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction(alpha) as session:
        post.tell(session, post.somebody(session, "linh", "secretariat"))
    with smtp_server.running(tmp_path / "taken") as mail_server:
        monkeypatch.setenv("RANKINGS_SMTP_URL", mail_server.url)
        monkeypatch.setenv("RANKINGS_MAIL_FROM", "ranking@example.org")
        with started("schedule") as process:
            until(lambda: mail_server.ids)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert [one["To"] for one in mail_server.taken] == ["linh@example.org"]
    with db.reading(alpha) as session:
        assert session.exec(select(Message.state)).all() == ["sent"]


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_pages_and_schedule_run_together_and_end_together(alpha: Engine) -> None:
    address = f"127.0.0.1:{free_port()}"
    with started("serve", "--bind", address, "--workers", "1") as process:
        until(lambda: answers(f"http://{address}/") and is_done(alpha))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not is_held(alpha)
    assert not answers(f"http://{address}/")


def test_where_no_page_can_be_served_nothing_runs_on(alpha: Engine) -> None:
    with started("serve", "--bind", "127.0.0.1:none") as process:
        assert process.wait(PATIENCE) == 1
    assert not is_held(alpha)


def test_an_operator_sees_what_is_due_and_runs_it_once(alpha: Engine) -> None:
    listed = run("list")
    assert listed.exit_code == 0
    assert listed.stdout.count("  alpha: ") == len(jobs.NIGHTS)
    for told in ("New complaints: 0.", "done already"):
        done = run("run", "complaint_count", "--association", "alpha")
        assert (done.exit_code, done.stdout.partition(": ")[2].strip()) == (0, told)
    assert run("list").stdout.count("  alpha: ") == len(jobs.NIGHTS) - 1


def test_a_job_or_association_that_is_not_there_is_one_sentence(alpha: Engine) -> None:
    wrong = run("run", "nothing", "--association", "alpha")
    assert wrong.exit_code == 2
    assert "there is no job nothing; there are: steps, " in wrong.stderr
    wrong = run("run", "steps", "--association", "beta")
    assert (wrong.exit_code, wrong.stderr) == (2, "There is no such association.\n")
