"""From nothing to a running program: environment, stamp, locked requirements."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rankings import bootstrap

CLI = '"""Stub."""\nimport sys\n\n\ndef main(arguments):\n    print(sys.prefix, *arguments)\n'
METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs one package, which lies beside it: no network."""
    package = tmp_path / "rankings"
    package.mkdir()
    for name in ("__init__.py", "__main__.py", "bootstrap.py"):
        shutil.copy(bootstrap.ROOT / "rankings" / name, package)
    (package / "cli.py").write_text(CLI)
    wheel = tmp_path / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny-1.dist-info/METADATA", METADATA)
        archive.writestr("tiny-1.dist-info/WHEEL", WHEEL)
        archive.writestr("tiny-1.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (tmp_path / "requirements.txt").write_text(f"tiny==1 --hash=sha256:{digest}\n")
    (tmp_path / "requirements-test.txt").write_text("# nothing more\n")
    return tmp_path


def start(checkout: Path, *arguments: str) -> subprocess.Popen[str]:
    """Starts the program with the Python that made this environment."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PYTHONPATH": ""}
    return subprocess.Popen(
        [os.path.realpath(sys.executable), "-m", "rankings", *arguments],
        cwd=checkout,
        env=environ | {"PIP_FIND_LINKS": str(checkout)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> list[str]:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said.splitlines()


def test_the_first_start_makes_an_environment_and_the_next_uses_it(checkout: Path) -> None:
    first = "\n".join(output(start(checkout, "hello", "world")))
    assert "[1/2] making the environment" in first
    assert "[2/2] installing packages" in first
    assert first.endswith(f"{checkout}/.venv hello world")
    assert output(start(checkout, "again")) == [f"{checkout}/.venv again"]


def test_an_old_stamp_makes_a_new_environment(checkout: Path) -> None:
    output(start(checkout))
    left_over = checkout / ".venv" / "left-over"
    left_over.touch()
    with (checkout / "requirements.txt").open("a") as lock:
        lock.write("# changed\n")
    assert "[1/2]" in "".join(output(start(checkout)))
    assert not left_over.exists()


def test_half_an_environment_does_not_count(checkout: Path) -> None:
    output(start(checkout))
    (checkout / ".venv" / "requirements.stamp").unlink()
    assert "[1/2]" in "".join(output(start(checkout)))


def test_the_environment_renews_itself_from_inside(checkout: Path) -> None:
    output(start(checkout))
    (checkout / ".venv" / "requirements.stamp").write_text("old")
    done = subprocess.run(
        [checkout / ".venv/bin/python", "-m", "rankings", "inside"],
        cwd=checkout,
        env=os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith(f"{checkout}/.venv inside\n")


def test_tests_add_to_the_environment(checkout: Path) -> None:
    output(start(checkout))
    said = "".join(output(start(checkout, "test")))
    assert "[1/2]" not in said
    assert "[2/2]" in said


def test_two_starts_at_once_make_one_environment(checkout: Path) -> None:
    both = [start(checkout, str(number)) for number in range(2)]
    said = [output(process) for process in both]
    assert [lines[-1] for lines in said] == [f"{checkout}/.venv {number}" for number in range(2)]
    assert "".join(map("".join, said)).count("[1/2]") == 1


def test_a_wrong_hash_stops_the_start_and_shows_what_pip_said(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text(f"tiny==1 --hash=sha256:{'0' * 64}\n")
    process = start(checkout)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "DO NOT MATCH THE HASHES" in said
    assert not (checkout / ".venv" / "requirements.stamp").exists()


def test_another_environment_with_everything_is_used_as_it_is(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("never==1 ; python_version < '3'\n")
    assert output(start(checkout, "here")) == [f"{sys.base_prefix} here"]
    assert not (checkout / ".venv").exists()


def test_a_version_that_differs_is_not_everything(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"pytest=={pytest.__version__} \\\n")
    assert bootstrap.has_versions(lock)
    lock.write_text("pytest==1.0 \\\n")
    assert not bootstrap.has_versions(lock)
