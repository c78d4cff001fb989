"""The process that reads a file: it can do no harm, and the one that asked stays small."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

import pytest

from rankings.adapters import capped, evidence, evidence_process
from rankings.adapters.capped import Limits
from rankings.adapters.evidence_kinds import BY_ENDING, MAX_STORED, Fault, Unfit
from rankings.bootstrap import ROOT
from tests.adapters.evidence_files import good, picture, word
from tests.adapters.hostile_zips import noise

FULL = "RANKINGS_TEST_FULL" in os.environ
MUTATIONS = 1_000 if FULL else 8
CROWD = 200_000
MEGABYTE = 1024 * 1024

MEASURE = """
import sys
from pathlib import Path
from rankings.adapters import evidence
from rankings.adapters.evidence_kinds import Unfit

def memory(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

evidence.accept("good.docx", Path(sys.argv[1]))
before = memory("VmRSS")
try:
    print(evidence.accept(Path(sys.argv[2]).name, Path(sys.argv[2])).size)
except Unfit as unfit:
    print(unfit.fault)
print(memory("VmHWM") - before)
"""
LARGE = {
    "plan.png": lambda: picture("PNG", "L", (8_000, 5_000)),
    "photo.jpg": lambda: picture("JPEG", "RGB", (8_000, 5_000), quality=95),
    "bomb.docx": lambda: word({"word/styles.xml": b"<a>" + b"x" * 40_000_000}),
    "packed.docx": lambda: word({f"word/{n}.xml": noise(15_000_000) for n in range(3)}),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_process_that_asks_stays_small_and_leaves_no_file(name: str, tmp_path: Path) -> None:
    small, large, scratch = tmp_path / "good.docx", tmp_path / name, tmp_path / "scratch"
    scratch.mkdir()
    small.write_bytes(word())
    large.write_bytes(LARGE[name]())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, small, large],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    verdict, grown = done.stdout.split()
    assert verdict == Fault.TOO_MUCH if name == "bomb.docx" else int(verdict) < MAX_STORED
    assert int(grown) < 20 * 1024
    assert not list(scratch.iterdir())


@cache
def large_picture() -> bytes:
    return picture("PNG", "RGB", (8_000, 5_000))


@cache
def crowded_pdf() -> bytes:
    """So many objects that reading them takes several seconds on any machine."""
    body = bytearray(b"%PDF-1.4\n")
    first = (
        "/Type/Catalog/Pages 2 0 R",
        "/Type/Pages/Kids[3 0 R]/Count 1",
        "/Type/Page/Parent 2 0 R",
    )
    places = []
    for number in range(1, CROWD):
        places.append(len(body))
        inside = first[number - 1] if number <= len(first) else "/A 1"
        body += f"{number} 0 obj<<{inside}>>endobj\n".encode()
    start = len(body)
    body += f"xref\n0 {CROWD}\n0000000000 65535 f \n".encode()
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += f"trailer<</Size {CROWD}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)


@pytest.mark.parametrize(
    ("name", "body", "limits"),
    [
        ("a.pdf", crowded_pdf, Limits(cpu_seconds=1)),
        ("a.pdf", crowded_pdf, Limits(wall_seconds=0.5)),
        ("a.png", large_picture, Limits(memory=150 * MEGABYTE)),
    ],
)
def test_a_reader_that_swells_or_hangs_is_stopped(
    name: str, body: Callable[[], bytes], limits: Limits
) -> None:
    with pytest.raises(Unfit) as refusal:
        evidence.accept(name, body(), limits)
    assert refusal.value.fault in (Fault.TOO_MUCH, Fault.DAMAGED)


@pytest.mark.parametrize("ending", good())
def test_the_reader_opens_nothing_while_it_reads(ending: str, tmp_path: Path) -> None:
    """Whatever it imports late it could not import, for it can open no file."""
    kind = BY_ENDING[ending]
    script = f"""
import sys
from rankings.adapters import evidence_child
from rankings.adapters.evidence_kinds import KINDS
kind = KINDS[{kind.word!r}]
evidence_child.import_module("rankings.adapters.evidence_" + kind.reader)
known = set(sys.modules)
print(evidence_child.answer(open(sys.argv[1], "rb").read(), kind)[0])
print(set(sys.modules) - known)
"""
    file = tmp_path / f"a{ending}"
    file.write_bytes(good()[ending])
    done = subprocess.run(
        [sys.executable, "-c", script, file],
        env=capped.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "{'active': False}\nset()\n"


def mutated(content: bytes, random: Random) -> bytes:
    """Some bytes changed, taken out or put in, or all of the end gone."""
    changed = bytearray(content)
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(changed))
        new = random.randbytes(random.randrange(4))
        changed[at : at + random.randrange(4)] = new
    if random.random() < 0.1:
        del changed[random.randrange(len(changed)) :]
    return bytes(changed)


@pytest.mark.parametrize("ending", good())
def test_no_change_of_bytes_harms_the_process_that_asks(ending: str) -> None:
    random, body = Random(ending), good()[ending]
    for _ in range(MUTATIONS):
        with suppress(Unfit):
            taken = evidence.accept(f"a{ending}", mutated(body, random))
            assert taken.media_type == BY_ENDING[ending].media_type


def test_no_more_than_two_are_read_at_a_time() -> None:
    assert evidence_process.AT_A_TIME == 2
