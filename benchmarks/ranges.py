"""Seconds and memory of the ranges, beside a plain loop and a library for multi-criteria decisions.

    .venv/bin/python -m benchmarks.ranges [--sizes 100 1000 10000] [--rubric kh-code-1.0.0]
    python3 -m pip install --target FOLDER pymcdm      (for --mcda FOLDER, this benchmark only)

Each size runs in a process of its own, so that its peak memory is its own. "score" is scoring every
agency and noting what of it may vary, "ranges" is 2,000 draws of all of them with their bands,
score ranges and place ranges. The plain loop is the same through the exact engine, for a few
agencies, scaled up. The library gives weighted sums and ranks for as many drawn tables, without
evidence, bands, conditions, caps and rounding.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks import score as scoring
from rankings import rehearsal
from rankings.adapters import table
from rankings.scoring import ranges
from rankings.scoring.ranges_fast import fast
from rankings.scoring.rank import Standing, rank, standing
from rankings.scoring.score import Scorer
from rankings.scoring.spread import Spread, spread

RUBRICS = Path(__file__).resolve().parent.parent / "fixtures" / "rubrics"
AS_OF = date(2026, 6, 30)
SEED, DRAWS, INDICATORS = 20260630, 2000, 50
# So many agencies go through the plain loop.
PLAIN = 12
LIBRARY = """
import sys, time
import numpy as np
from pymcdm.methods import WSM
agencies, indicators, draws = map(int, sys.argv[1:])
random = np.random.default_rng(1)
levels = random.integers(1, 6, size=(agencies, indicators)).astype(float)
weights, types, method = np.full(indicators, 1 / indicators), np.ones(indicators), WSM()
places = np.empty((draws, agencies), dtype=np.int32)
start = time.perf_counter()
for draw in range(draws):
    moved = levels + random.choice([-1, 0, 1], p=[0.05, 0.9, 0.05], size=levels.shape)
    places[draw] = method.rank(method(np.clip(moved, 1, 5), weights, types))
np.percentile(places, [5, 95], axis=0)
print(time.perf_counter() - start)
"""


def measured(agencies: int, rubric: str) -> None:
    """Print the seconds of scoring, of the ranges, and the peak in megabytes."""
    scorer = Scorer(rehearsal.load(RUBRICS / rubric).rubric)
    given = scoring.lines(scorer, agencies)
    gc.disable()  # as publishing does
    units = list(table.units(scorer.rubric, given))
    start = time.perf_counter()
    spreads, standings = rated(scorer, units)
    scored = time.perf_counter()
    found = ranges.ranges(scorer, spreads, rank(scorer.rubric, standings), SEED, fast(scorer))
    done = time.perf_counter()
    if len(found.agencies) != len(standings):
        raise SystemExit("a range is missing")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{scored - start:.3f} {done - scored:.3f} {megabytes}")


def rated(scorer: Scorer, units: list[table.Unit]) -> tuple[list[Spread], list[Standing]]:
    """What may vary of each rated agency, and where it stands."""
    spreads, standings = [], []
    for unit in units:
        card = scorer.score(unit.record, AS_OF)
        place = standing(scorer.rubric, card)
        if place is not None:
            standings.append(place)
            spreads.append(spread(scorer, unit.record, card, AS_OF))
    return spreads, standings


def plain(rubric: str) -> float:
    """Seconds of the plain loop for one agency."""
    scorer = Scorer(rehearsal.load(RUBRICS / rubric).rubric)
    units = list(table.units(scorer.rubric, scoring.lines(scorer, 2 * PLAIN)))
    spreads, _ = rated(scorer, units)
    start = time.perf_counter()
    for one in spreads[:PLAIN]:
        ranges.draw(scorer, one, SEED)
    return (time.perf_counter() - start) / len(spreads[:PLAIN])


def library(agencies: int, folder: Path) -> float:
    """Seconds of the library for as many agencies, indicators and draws."""
    command = [sys.executable, "-c", LIBRARY, str(agencies), str(INDICATORS), str(DRAWS)]
    told = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=told)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds and memory of the ranges.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--rubric", default="kh-code-1.0.0")
    parser.add_argument("--mcda", type=Path, help="where pymcdm was installed")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measured(options.one, options.rubric)
        return
    each = plain(options.rubric)
    print("agencies  score s  ranges s  together s  peak MB  plain loop s  pymcdm s")
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.ranges", "--rubric", options.rubric]
        command += ["--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        scored, drawn, megabytes = map(float, done.stdout.split())
        theirs = f"{library(size, options.mcda):9.2f}" if options.mcda else "        –"
        print(
            f"{size:8} {scored:8.2f} {drawn:9.2f} {scored + drawn:11.2f} {megabytes:8.0f} "
            f"{each * size:13.0f} {theirs}"
        )


if __name__ == "__main__":
    main()
