"""`rankings test`: style, types and tests, one after the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rankings import machine
from rankings.bootstrap import ROOT

PARALLEL = ("-n", "auto", "--dist", "worksteal")
STEPS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict", "rankings", "tests"),
    ("pytest", *PARALLEL),
)

# A folder in memory, and the bytes that must be free in it. A run uses a fraction of them.
MEMORY, ENOUGH = Path("/dev/shm"), 4_000_000_000


def run(arguments: Sequence[str]) -> int:
    """Runs all steps, or pytest alone when it is told what to run; 0 if all is well."""
    asked = [argument for argument in arguments if argument != "--full"]
    if "--full" in arguments:
        os.environ["RANKINGS_TEST_FULL"] = "1"
    for name in machine.prepare():
        print(f"MISSING: {name}. The tests that need it are skipped, or fail in CI.", flush=True)
    os.environ.update(machine.environment())
    os.environ.update(_in_memory())
    steps = [("pytest", *asked)] if asked else STEPS
    failed = [" ".join(words) for words in steps if not succeeds(words)]
    print("\n".join(f"FAILED: {words}" for words in failed) or "everything passed", flush=True)
    return 1 if failed else 0


def succeeds(words: Sequence[str]) -> bool:
    print(f"\n== {' '.join(words)}", flush=True)
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode == 0


def _in_memory() -> Mapping[str, str]:
    """Temporary files go to memory where there is room: thousands of databases are made."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return {}
    return {"TMPDIR": str(MEMORY)} if shutil.disk_usage(MEMORY).free > ENOUGH else {}
