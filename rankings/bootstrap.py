"""Makes the environment from the locked requirements and starts the program inside it."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-test.txt"

NO_PIP = "pip is missing: install it (on Debian: apt-get install python3-pip) and run this again."
NO_PLACE = "no place for the environment: make {} writable, or set XDG_CACHE_HOME to a folder."


def main(arguments: Sequence[str]) -> None:
    """Runs the command line here if everything is here, else inside the environment."""
    locks = locks_for(arguments)
    home = place(locks)
    if not is_complete(home, locks):
        enter(home, locks, arguments)
    from rankings import cli

    cli.main(list(arguments))


def locks_for(arguments: Sequence[str]) -> list[Path]:
    return [RUN_LOCK, TEST_LOCK] if arguments[:1] == ["test"] else [RUN_LOCK]


def place(locks: Sequence[Path]) -> Path:
    """`.venv` in the checkout, or a folder of the user's where the checkout is read only."""
    own = ROOT / ".venv"
    if all(is_stamped(own, lock) for lock in locks):
        return own
    if all(os.access(folder, os.W_OK) for folder in (ROOT, own) if folder.exists()):
        return own
    return cache() / hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]


def cache() -> Path:
    """The user's own folder for things that can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(base, "rankings")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        sys.exit(NO_PLACE.format(ROOT))
    return folder


def is_complete(home: Path, locks: Sequence[Path]) -> bool:
    """Whether the running Python has all of the locks: by stamp, or by versions if not ours."""
    if Path(sys.prefix).resolve() == home.resolve():
        return all(is_stamped(home, lock) for lock in locks)
    return all(has_versions(lock) for lock in locks)


def has_versions(lock: Path) -> bool:
    """Whether every package of the lock is here in its version; a conditional one may be absent."""
    wanted = re.findall(r"^([\w.-]+)==(\S+)( ;)?", lock.read_text("utf-8"), re.MULTILINE)
    allowed: dict[str, set[str]] = {}
    for name, version, condition in wanted:
        allowed.setdefault(name, {""} if condition else set()).add(version)
    return all(version_of(name) in versions for name, versions in allowed.items())


def version_of(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def stamp(lock: Path) -> str:
    """Changes when the lock or the Python changes."""
    return hashlib.sha256(lock.read_bytes() + sys.version.split()[0].encode()).hexdigest()


def stamp_file(home: Path, lock: Path) -> Path:
    return home / f"{lock.stem}.stamp"


def is_stamped(home: Path, lock: Path) -> bool:
    file = stamp_file(home, lock)
    return python_of(home).exists() and file.exists() and file.read_text() == stamp(lock)


def python_of(home: Path) -> Path:
    return home / "bin" / "python"


def enter(home: Path, locks: Sequence[Path], arguments: Sequence[str]) -> None:
    """Makes what is missing and starts again inside; does not return."""
    if not all(is_stamped(home, lock) for lock in locks):
        if Path(sys.prefix).resolve() == home.resolve():
            restart(os.path.realpath(python_of(home)), arguments)  # not from the branch it sits on
        make(home, locks)
    restart(str(python_of(home)), arguments)


def restart(python: str, arguments: Sequence[str]) -> None:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.stdout.flush()
    os.execv(python, [python, "-m", "rankings", *arguments])


def make(home: Path, locks: Sequence[Path]) -> None:
    """Makes the environment or adds to it; the stamps come last, so half a one never counts."""
    if importlib.util.find_spec("pip") is None:
        sys.exit(NO_PIP)
    with turn(home) as lock_file:
        missing = [lock for lock in locks if not is_stamped(home, lock)]
        if locks[0] in missing:
            with step(f"[1/2] making the environment in {home}"):
                venv.EnvBuilder(clear=True, symlinks=True).create(home)
        if missing:
            install(home, locks, lock_file)
        for lock in missing:
            stamp_file(home, lock).write_text(stamp(lock))


@contextmanager
def turn(home: Path) -> Iterator[int]:
    """One process at a time; the lock goes with the process, however it ends."""
    with open(f"{home}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another process is making {home}; waiting for it …", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def install(home: Path, locks: Sequence[Path], lock_file: int) -> None:
    """Runs pip, which holds the turn too: it may outlive us when we are killed."""
    command = [
        *(sys.executable, "-m", "pip", "--python", str(python_of(home))),
        *("install", "--require-hashes", "--only-binary", ":all:"),
        *("--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
        *(part for lock in locks for part in ("-r", str(lock))),
    ]
    with step("[2/2] installing packages"):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, pass_fds=[lock_file]
        ) as pip:
            said = list(counted(pip.stdout or []))
        if pip.returncode:
            print("\n" + "".join(said[-20:]))
            sys.exit("The packages could not be installed; what pip said stands above.")


def counted(lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    """Passes pip's lines on and says how far it is."""
    packages = 0
    for line in lines:
        if line.startswith("Collecting "):
            packages += 1
            if packages % 10 == 0:
                print(f"{packages} … ", end="", flush=True)
        yield line


@contextmanager
def step(words: str) -> Iterator[None]:
    """Says what is being done, and afterwards how long it took."""
    start = time.monotonic()
    print(f"{words} … ", end="", flush=True)
    yield
    print(f"{time.monotonic() - start:.0f} s", flush=True)
