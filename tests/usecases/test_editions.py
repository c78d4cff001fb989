"""Editions and notices as they are published: what moves a byte of them, and what never does."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import NotFound
from rankings.models import Finding
from rankings.scoring.source import RubricSource
from rankings.usecases import editions, notices, rubrics
from tests.usecases import world
from tests.usecases.desk import BEFORE, BEFORE_AS_OF, Desk, Rows, desk, unpacked

ODD = 'Ví Dụ \N{GRINNING FACE} \u2028\x7f\ue000 "\\</script> ဥပမာ'
UNDECIDED = {"outcome": "open", "decided_on": None, "may_count": None, "agency_heard": None}
AGENCY = f"parts/agencies/{world.CODE}.json"


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Desk:
    return desk(engine, tmp_path / "alpha")


def asked(v1: int, v2: int, agency: str = "L-1", on: date = date(2026, 3, 1)) -> Rows:
    """Twelve interviews: how many say yes to the first and to the second question."""
    columns = "interview agency interviewed_on worker chosen_by v1 v2"
    usual = (agency, on, "returned", "association")
    said = [(f"{agency}-{n}", *usual, world.yes(n < v1), world.yes(n < v2)) for n in range(12)]
    return [("interviews", row) for row in world.rows(columns, *said)]


def known(v1: int = 9, v2: int = 5, agency: str = "L-1") -> Rows:
    """What the worked example knows of its agency; 57.7 points as it stands."""
    of: Any = {"agency": agency}
    old = {"severity": "serious", "outcome": "remedied", "received_on": BEFORE_AS_OF}
    sent = (("2026-Q2", 100), ("2025-Q3", 300), ("2025-Q2", 300), ("2023-Q4", 200))
    return [
        *(("deployments", row) for row in world.deployments(*sent, agency=agency)),
        ("self-assessments", world.answer("i2", "4", **of)),
        ("self-assessments", world.answer("i3", "not_applicable", **of)),
        ("findings", world.finding("i1", "3", **of)),
        ("findings", world.finding("i3", "not_applicable", evidence="document", **of)),
        ("findings", world.finding("i4", "2", evidence="document", **of)),
        *asked(v1, v2, agency),
        *(("complaints", world.complaint(f"{agency}-{n}", **of)) for n in (1, 2)),
        ("complaints", world.complaint(f"{agency}-3", decided_on=BEFORE_AS_OF, **old, **of)),
    ]


REGISTER: Rows = [
    ("agencies", world.agency(licence_number=f"L-{n}", name_en=(ODD, None))) for n in (1, 2, 3)
]
EVERYTHING: Rows = [
    *(*known(), *known(12, 8, "L-2"), *known(5, 2, "L-3")),
    ("findings", world.serious(agency="L-2")),
    ("findings", world.finding("i5", "1", agency="L-3", disputed_on=date(2026, 5, 1))),
]
# A year ago: half of the workers content; or all of them, and claims to match.
AGO = date(2025, 3, 1)
LOW = asked(2, 6, on=AGO)
CLAIMED = [world.answer(f"i{n}", "4", submitted_on=AGO) for n in range(1, 6)]
HIGH = [*asked(12, 12, on=AGO), *(("self-assessments", row) for row in CLAIMED)]


def test_numbers_count_per_cycle_and_each_edition_names_the_one_before(alpha: Desk) -> None:
    alpha.open()
    alpha.take([*REGISTER, *known()])
    order = ("2026", "2026", "2025", "2026", "2025")
    made = [alpha.publish(cycle, at) for at, cycle in enumerate(order)]
    manifests = [alpha.manifest(one) for one in made]
    assert [one.number for one in made] == [one["number"] for one in manifests] == [1, 2, 1, 3, 2]
    assert [one["previous"] for one in manifests] == [None, *(one.digest for one in made[:-1])]


@pytest.mark.parametrize(
    ("former", "before", "good", "alone", "after"),
    [
        (HIGH, "345", (6, 3), ("2", 548), ("3", 550)),
        (HIGH, "345", (5, 2), ("2", 537), ("2", 537)),
        (LOW, "12", (8, 2), ("3", 554), ("2", 549)),
        (LOW, "12", (9, 2), ("3", 560), ("3", 560)),
    ],
    ids=["a fall is held", "too deep a fall", "a rise is held", "a rise by the whole buffer"],
)
def test_within_the_buffer_the_former_band_decides(
    alpha: Desk, former: Rows, before: str, good: Any, alone: Any, after: Any
) -> None:
    alpha.open()
    alpha.take([*REGISTER, *known(*good)])
    without = alpha.publish()
    alpha.take(former, "2025")
    band = alpha.entry(alpha.publish("2025", 1))["points_band"]
    with_it = alpha.publish("2026", 2)
    assert band in before
    inputs = [alpha.part(one, AGENCY)["inputs"] for one in (without, with_it)]
    assert [one.get("previous_band") for one in inputs] == [None, band]
    told = [alpha.entry(one) for one in (without, with_it)]
    assert [one["points"] for one in told] == [alone[1], alone[1]]
    assert [(one["band"], one["score"]) for one in told] == [alone, after]


def test_former_bands_that_the_rubric_lacks_give_no_buffer(alpha: Desk) -> None:
    text = world.source().document.replace('code = "worked"', 'code = "former"')
    for before in ('ceiling = "', '[[bands]]\nid = "'):
        text = text.replace(before, f"{before}B")
    with db.transaction(alpha.engine) as session:
        rubrics.store(session, "alpha", RubricSource(text), world.act(BEFORE))
    alpha.open("former")
    alpha.take([*REGISTER, *known(6, 3)])
    alpha.take(HIGH, "2025")
    assert alpha.entry(alpha.publish("2025"))["points_band"] in {"B3", "B4", "B5"}
    edition = alpha.publish("2026", 1)
    assert "previous_band" not in alpha.part(edition, AGENCY)["inputs"]
    assert (alpha.entry(edition)["points"], alpha.entry(edition)["band"]) == (548, "2")


def test_another_association_sees_nothing_of_it(alpha: Desk) -> None:
    alpha.take(REGISTER)
    edition = alpha.publish()
    with db.reading(alpha.engine) as session:
        assert notices.newest(session) == {"alpha": 1}
        assert editions.digest_of(session, "alpha", "2026", None) == edition.digest
        with pytest.raises(NotFound):
            editions.digest_of(session, "beta", "2026", None)
        with pytest.raises(NotFound):
            editions.bundle(session, "beta", edition.digest)
    told = alpha.notice(world.NOW, "beta")
    assert (told["number"], told["editions"], told["licences"]) == (1, [], {})
    own = alpha.manifest(alpha.publish(hours=1, whose="beta"))
    assert (own["number"], own["previous"], own["association"]["code"]) == (1, None, "beta")


def test_the_edition_carries_the_rubric_that_its_cycle_froze(alpha: Desk) -> None:
    newer = world.source().document.replace('version = "1.0.0"', 'version = "1.1.0"')
    with db.transaction(alpha.engine) as session:
        rubrics.store(session, "alpha", RubricSource(newer), world.act())
    edition = alpha.publish()
    assert alpha.part(edition, "parts/rubric.json")["document"] == world.source().document
    assert alpha.manifest(edition)["rubric"]["sha256"] == rubrics.digest(world.source())


def test_every_changed_input_changes_the_digest_of_the_inputs(alpha: Desk) -> None:
    alpha.take([*REGISTER, *known()])
    changes: Rows = [
        ("findings", world.finding("i1", "4")),
        ("findings", world.serious()),
        ("self-assessments", world.answer("i2", "3")),
        ("interviews", world.interview(99, v1="yes")),
        ("complaints", world.complaint("9", severity="minor")),
        *(("deployments", row) for row in world.deployments(("2026-Q1", 1))),
        ("agencies", world.agency(code_signed_on=None)),
    ]
    found = [alpha.manifest(alpha.publish())["inputs"]]
    for hours, change in enumerate(changes, start=1):
        alpha.take([change])
        found.append(alpha.manifest(alpha.publish(hours=hours))["inputs"])
    assert len(set(found)) == len(changes) + 1


@pytest.mark.parametrize("step", [1, -1], ids=["in the same order", "in the opposite order"])
def test_the_same_rows_give_the_same_bytes_in_any_database(
    alpha: Desk, migrated_file: Path, tmp_path: Path, step: int
) -> None:
    file = shutil.copy(migrated_file, tmp_path / "twin.sqlite")
    twin = desk(db.connect(f"sqlite:///{file}"), tmp_path / "twin")
    alpha.take([*REGISTER, *EVERYTHING])
    twin.take([*REGISTER, *EVERYTHING[::step]])
    bodies = [one.body(one.publish()) for one in (alpha, twin)]
    twin.engine.dispose()
    assert bodies[0] == bodies[1]
    told = {name: body for name, body in unpacked(bodies[0]).items() if name.endswith(".json")}
    assert len(told) == 4 + len(REGISTER) + 1
    assert all(rfc8785.dumps(json.loads(body)) == body for body in told.values())
    assert json.loads(told[AGENCY])["names"]["en"] == ODD


def test_what_is_undecided_or_said_by_a_few_moves_no_byte(alpha: Desk) -> None:
    alpha.take([*REGISTER, *(row for row in known() if row[0] != "interviews")])
    kept, before = ("parts", "files", "inputs"), alpha.publish()
    alpha.take([("complaints", world.complaint(f"F{n}", **UNDECIDED)) for n in range(500)])
    alpha.take([("interviews", world.interview(n, v2="no")) for n in range(4)])
    after = alpha.publish(hours=1)
    first, second = (alpha.manifest(one) for one in (before, after))
    assert [first[name] for name in kept] == [second[name] for name in kept]
    alpha.take([("interviews", world.interview(4, v2="yes"))])
    assert alpha.part(alpha.publish(hours=2), AGENCY)["inputs"]["interviews"] == {"v2": [1, 5]}


def test_auditors_reasons_and_numbers_of_cases_are_in_no_byte(alpha: Desk) -> None:
    words = {"auditor": "CANARY-A", "reason": "CANARY-R"}
    disputed = world.finding("i5", "1", disputed_on=date(2026, 5, 1), **words)
    findings = [world.finding("i1", "2", **words), disputed, world.serious(**words)]
    cases = [world.complaint("CANARY-C"), world.complaint("CANARY-D", outcome="rejected")]
    rows = [*(("findings", row) for row in findings), *(("complaints", row) for row in cases)]
    alpha.take([*REGISTER, *known(), *rows])
    with db.reading(alpha.engine) as session:
        assert "CANARY-R" in list(session.exec(select(Finding.reason)))
    held = unpacked(alpha.body(alpha.publish()))
    held |= unpacked(held["files/ranking.xlsx"])
    assert [name for name, body in held.items() if b"canary" in body.lower()] == []


def test_the_notice_says_editions_and_licences_by_the_associations_own_day(alpha: Desk) -> None:
    last, next_day = date(2026, 7, 1), date(2026, 7, 2)
    alpha.open()
    alpha.take(REGISTER)
    state = {"licence_state": "suspended", "licence_state_since": next_day}
    changed: list[Any] = [{"licence_valid_until": last}, {"licence_number": "L-2"} | state]
    alpha.take([("agencies", world.agency(**one)) for one in changed])
    made = [alpha.publish(*order) for order in (("2026", 14), ("2025", 15), ("2026", 16))]
    days = [str(last), str(next_day), str(next_day)]
    assert [alpha.manifest(one)["published_on"] for one in made] == days
    midnight = world.NOW + timedelta(hours=15)
    before, after = (alpha.notice(midnight - timedelta(seconds=left)) for left in (1, 0))
    listed = [(one["digest"], one["published_on"]) for one in before["editions"]]
    assert listed == [(made[at].digest, days[at]) for at in (2, 0, 1)]
    assert (before["issued_on"], after["issued_on"]) == (str(last), str(next_day))
    states = [[one["state"] for _, one in sorted(n["licences"].items())] for n in (before, after)]
    assert states == [["valid"] * 3, ["expired", "suspended", "valid"]]
    assert after["licences"][world.CODE]["since"] == str(next_day)
    assert alpha.entry(made[-1])["licence"]["state"] == "valid"
