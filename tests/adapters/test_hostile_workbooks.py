"""Workbooks made to harm: each is refused in its own words, soon, and leaves nothing behind."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from rankings.adapters import capped, sheets, workbook, workbook_child
from rankings.adapters.capped import Limits
from rankings.bootstrap import ROOT
from rankings.errors import Invalid, Problem
from tests.adapters import hostile_workbooks as hostile
from tests.adapters.hostile_zips import ZIPS, entries, pack, parts, sheet

CASES = {**ZIPS, **hostile.PARTS, **hostile.CELLS}
# What would take much memory if anything were read before it is checked or counted.
LARGE = ["300 MB of text", "60 MB in all", "far cell", "laughs", "much text", "many strings"]

READ = """
import sys
from pathlib import Path
from rankings.adapters import sheets
from rankings.errors import Invalid

def memory(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

sheets.read(Path(sys.argv[1]))
before = memory("VmRSS")
try:
    sheets.read(Path(sys.argv[2]))
except Invalid:
    print(memory("VmHWM") - before)
"""


def problems(file: Path, content: bytes) -> tuple[Problem, ...]:
    file.write_bytes(content)
    with pytest.raises(Invalid) as refusal:
        sheets.read(file)
    return refusal.value.problems


def test_there_are_enough() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_workbook_is_refused_in_its_own_words(name: str, tmp_path: Path) -> None:
    make, words = CASES[name]
    found = problems(tmp_path / "table.xlsx", make())
    assert words in "\n".join(map(str, found))
    assert len(found) <= 50
    for problem in found:
        assert problem.place
        assert len(problem.value) <= 200
        assert problem.remedy


@pytest.mark.parametrize("name", LARGE)
def test_reading_takes_little_memory_and_leaves_no_file(name: str, tmp_path: Path) -> None:
    good, bad, scratch = tmp_path / "good.xlsx", tmp_path / "bad.xlsx", tmp_path / "scratch"
    scratch.mkdir()
    good.write_bytes(pack(entries()))
    bad.write_bytes(CASES[name][0]())
    done = subprocess.run(
        [sys.executable, "-c", READ, good, bad],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert int(done.stdout) < 20 * 1024
    assert sorted(tmp_path.iterdir()) == [bad, good, scratch]
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    ("make", "limits", "words"),
    [
        (hostile.many_names, Limits(cpu_seconds=1), "takes too long"),
        (hostile.many_names, Limits(wall_seconds=0.3), "takes too long"),
        (hostile.many_strings, Limits(memory=32 * 1024 * 1024), "needs too much memory"),
    ],
)
def test_a_reader_that_swells_is_stopped(
    make: Callable[[], bytes], limits: Limits, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(make())
    with pytest.raises(Invalid, match=words):
        workbook.read(file, limits)


def test_a_reader_that_fails_is_an_unreadable_file(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(pack(entries()))
    with pytest.raises(Invalid, match="cannot be read; open it in a spreadsheet program"):
        workbook.read(file, Limits(cpu_seconds=2**70))


def test_the_reader_can_open_nothing_and_knows_nothing_of_ours() -> None:
    script = """
import os, socket, sys
from rankings.adapters import workbook_child
workbook_child.limit(1 << 29, 10)
for attempt in (lambda: open("/etc/hostname"), lambda: socket.socket(), lambda: os.pipe()):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
print(sorted(name for name in os.environ if not name.startswith(("LC_", "PYTHON"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=capped.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    *refused, names = done.stdout.splitlines()
    assert len(refused) == 3
    assert names in ("[]", "['LD_LIBRARY_PATH']")


def test_the_reader_imports_nothing_that_networks() -> None:
    script = "import sys, rankings.adapters.workbook_child; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"socket", "ssl", "urllib.request", "http.client"} & set(done.stdout.split())


def mutated(content: bytes, random: Random) -> bytes:
    """Some bytes changed, taken out or put in."""
    changed = bytearray(content)
    for _ in range(random.randrange(1, 5)):
        at = random.randrange(len(changed))
        new = bytes(random.randrange(256) for _ in range(random.randrange(3)))
        changed[at : at + random.randrange(3)] = new
    return bytes(changed)


def test_no_change_of_bytes_breaks_the_reader(tmp_path: Path) -> None:
    file, random, good = tmp_path / "table.xlsx", Random(6), pack(entries())
    read = 0
    for _ in range(200):
        file.write_bytes(mutated(good, random))
        with suppress(Invalid):
            read += bool(sheets.read(file).header)
    assert read < 20


@pytest.mark.parametrize("name", ["sheet", "book", "relations", "strings", "styles", "types"])
def test_no_change_of_what_is_packed_breaks_the_reader(name: str) -> None:
    random = Random(name)
    cells = '<c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>45000</v></c><c t="b"><v>1</v></c>'
    rows = f'<row r="1">{hostile.HEAD}</row><row r="2">{cells}</row>'
    usual = parts(sheet=sheet(rows, '<cols><col min="1" max="2" width="9"/></cols>'))
    key = list(usual)[["types", "book", "relations", "sheet", "strings", "styles"].index(name)]
    for _ in range(100):
        content = pack(entries({**usual, key: mutated(usual[key], random)}))
        first = next(workbook_child.answer(content))
        assert set(first) <= {"header", "problems", "refused"}
