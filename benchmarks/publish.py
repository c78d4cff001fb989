"""Seconds and peak memory from imported rows to the published edition.

    python3 -m rankings test tests/test_settings.py   (makes the environment with its test parts)
    .venv/bin/python -m benchmarks.publish [--sizes 100 1000 10000] [--url postgresql+psycopg://…]

Each size runs in a process of its own, so that its peak memory is its own. Filling the tables, the
hearing and the approval are not timed; publishing is: reading, scoring with receipts, files, gates,
signature, storing, notice.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert
from sqlmodel import Session

from rankings import db, migrating, publishing
from rankings.adapters import rubric_files, signature
from rankings.models import (
    Agency,
    Answer,
    Complaint,
    Deployment,
    Finding,
    Interview,
    LicenceState,
    SelfAssessment,
)
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level, Numeric, Proportion
from rankings.scoring.source import read
from rankings.settings import Settings
from rankings.usecases import agency_codes, associations, cycles, rubrics
from rankings.usecases.journal import OPERATOR, Act
from tests import publication

RUBRIC = Path(__file__).resolve().parent.parent / "fixtures" / "rubrics" / "coc-vn-1.0.0"
NOW = datetime(2026, 7, 28, 2, tzinfo=UTC)
OPENED, AS_OF = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 6, 30)
LICENSED, SPRING = date(2015, 5, 1), date(2026, 4, 1)
QUARTERS = [f"{year}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)][:10]
CHUNK = 500

Rows = Iterator[tuple[type[Any], dict[str, Any]]]


def agency(rubric: Rubric, number: int, cycle: UUID, random: Random) -> Rows:
    """Everything that is known of an invented agency."""
    of = {"association": "bench", "agency": UUID(int=number)}
    yield (
        Agency,
        {
            "association": "bench",
            "id": of["agency"],
            "code": agency_codes.code("VN", number),
            "licensing_authority": "DOLAB",
            "licence_number": f"VD-{number}",
            "names": {"vi": f"Ví Dụ {number}", "en": f"Example {number}"},
            "names_as_given": {},
            "licensed_on": LICENSED,
            "code_signed_on": LICENSED,
            "added_at": NOW,
        },
    )
    yield LicenceState, {**of, "since": LICENSED, "state": "valid"}
    for quarter in QUARTERS:
        work = {"destination": "JP", "programme": "all", "sex": "all", "source": "DOLAB"}
        yield Deployment, {**of, **work, "quarter": quarter, "workers": random.randrange(5, 300)}
    yield from _said(rubric, {**of, "cycle": cycle}, number, random)
    yield from _complaints(of, number, random)


def _said(rubric: Rubric, of: dict[str, Any], number: int, random: Random) -> Rows:
    quality = random.uniform(0.4, 1)
    yield SelfAssessment, {**of, "submitted_on": SPRING}
    for one in rubric.indicators:
        if isinstance(one.rule, Level | Numeric):
            found, claimed = _values(one.rule, quality, random)
            yield Answer, {**of, "indicator": one.id, "value": claimed}
            if random.random() < 0.7:
                evidence = {"evidence": "audit", "found_on": SPRING, "auditor": "A1"}
                yield Finding, {**of, **evidence, "indicator": one.id, "found": found}
    asked = [one.id for one in rubric.indicators if isinstance(one.rule, Proportion)]
    for at in range(20):
        answers = {item: "yes" if random.random() < quality else "no" for item in asked}
        who = {"worker": "returned", "chosen_by": "association", "interviewed_on": SPRING}
        yield Interview, {**of, **who, "number": f"{number}-{at}", "answers": answers}


def _values(rule: Level | Numeric, quality: float, random: Random) -> tuple[str, str]:
    if isinstance(rule, Numeric):
        days = str(random.randrange(5, 120))
        return days, days
    top = len(rule.options) - 1
    found = min(top, max(0, round(random.gauss(quality, 0.2) * top)))
    return rule.options[found].id, rule.options[min(top, found + (random.random() < 0.2))].id


def _complaints(of: dict[str, Any], number: int, random: Random) -> Rows:
    for at in range(random.randrange(4)):
        yield (
            Complaint,
            {
                **of,
                "number": f"{number}-{at}",
                "received_on": date(2025, 2, 1),
                "category": "fees",
                "severity": random.choice(["minor", "moderate", "serious"]),
                "outcome": random.choice(["substantiated", "remedied", "rejected"]),
                "decided_on": date(2025, random.randrange(3, 13), 1),
                "agency_heard": True,
                "may_count": "worker",
                "workers_affected": 1,
            },
        )


def fill(engine: Engine, settings: Settings, agencies: int) -> None:
    """An association with an open cycle and everything imported."""
    migrating.upgrade(engine)
    signature.make(settings.keys, "bench", b"b" * 32)
    random = Random(1)
    opening = Act(OPERATOR, OPENED)
    with db.transaction(engine) as session:
        associations.add(session, "bench", "Benchmark", "VN", "Asia/Bangkok", opening)
        kept = rubrics.store(session, "bench", rubric_files.source(RUBRIC), opening)
        plan = cycles.Plan(UUID(int=1), "2026", "2026", AS_OF, (kept.code, kept.version))
        cycle = cycles.open_cycle(session, "bench", plan, opening)
        rubric = read(rubric_files.source(RUBRIC)).rubric
        for start in range(1, agencies + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, agencies + 1))
            _insert(session, [row for n in numbers for row in agency(rubric, n, cycle.id, random)])


def _insert(session: Session, rows: list[tuple[type[Any], dict[str, Any]]]) -> None:
    tables: dict[type[Any], list[dict[str, Any]]] = {}
    for table, row in rows:
        tables.setdefault(table, []).append(row)
    for table, held in tables.items():
        session.execute(insert(table), held)


def one(agencies: int, url: str | None, publish: bool) -> None:
    """Fill, or publish and print seconds, megabytes and the size of the bundle."""
    folder = Path(os.environ["BENCHMARK_FOLDER"])
    address = url or f"sqlite:///{folder / 'rankings.sqlite'}"
    data, keys, evidence = folder / "data", folder / "keys", folder / "evidence"
    settings = Settings("secret", address, data, keys, "http://x", evidence)
    engine = db.connect(address)
    if not publish:
        fill(engine, settings, agencies)
        return
    order, act = publication.Order("bench", "2026"), Act(OPERATOR, NOW)
    publication.approved(engine, settings, order, act)
    start = time.perf_counter()
    steps: list[tuple[str, float]] = []
    publishing.publish(
        engine,
        settings,
        order.of_cycle,
        act,
        lambda step: steps.append((step, time.perf_counter())),
    )
    end = time.perf_counter()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{end - start:.2f} {megabytes}")
    for (step, begun), after in zip(steps, [*(at for _, at in steps[1:]), end], strict=True):
        print(f"  {step:24} {after - begun:6.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--url", help="another database; it must be empty, one size at a time")
    parser.add_argument("--steps", action="store_true", help="seconds of each step")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--publish", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.url, options.publish)
        return
    print("agencies  seconds  agencies/s  peak MB")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.publish", "--one", str(size)]
            command += ["--url", options.url] if options.url else []
            environment = {**os.environ, "BENCHMARK_FOLDER": folder}
            subprocess.run(command, check=True, env=environment, capture_output=True)
            done = subprocess.run(
                [*command, "--publish"], check=True, env=environment, capture_output=True, text=True
            )
        first, *steps = done.stdout.splitlines()
        seconds, megabytes = map(float, first.split())
        print(f"{size:8} {seconds:8.2f} {size / seconds:11.0f} {megabytes:8.0f}", flush=True)
        print("\n".join(steps) if options.steps else "", end="\n" if options.steps else "")


if __name__ == "__main__":
    main()
