"""Rows that come in: what is new, what changed, what is refused and why."""

from datetime import date

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.models import (
    Agency,
    Answer,
    Complaint,
    Deployment,
    Finding,
    FormerName,
    LicenceState,
    SelfAssessment,
)
from rankings.usecases import (
    agency_codes,
    assessments,
    audits,
    complaints,
    registry,
)
from rankings.usecases.incoming import Given, Intake
from tests.usecases import world
from tests.usecases.refused import ANSWER, FOUND, REFUSED, Save


def taken(engine: Engine, save: Save, *rows: Given) -> Intake:
    """What became of rows, beside the example's agency."""
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        return save(session, cycle, rows, world.NOW)


def counted(intake: Intake) -> tuple[int, int, int]:
    return intake.new, intake.changed, intake.same


def test_a_new_licence_gets_the_next_code(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        numbers = ["L-1", "L-2", "L-3"]
        rows = [world.agency(licence_number=number) for number in numbers]
        assert counted(world.register(session, cycle, *rows)) == (3, 0, 0)
        found = session.exec(select(Agency.licence_number, Agency.code)).all()
    assert sorted(found) == [("L-1", "VN-00011"), ("L-2", "VN-00020"), ("L-3", "VN-00038")]


@generated(st.sampled_from(["VN", "KH", "MM"]), st.integers(1, 200_000))
def test_every_slip_of_one_digit_in_a_code_is_found(country: str, number: int) -> None:
    code = agency_codes.code(country, number)
    assert agency_codes.number(code) == number
    for at, letter in enumerate(code):
        for other in "0123456789":
            wrong = code[:at] + other + code[at + 1 :]
            assert letter == other or agency_codes.number(wrong) is None


def test_the_same_register_twice_changes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        rows = [world.agency(), world.agency(licence_number="L-2")]
        world.register(session, cycle, *rows)
        assert counted(world.register(session, cycle, *rows)) == (0, 0, 2)


def test_the_same_number_of_another_authority_is_another_agency(engine: Engine) -> None:
    other = world.agency(licensing_authority="DOLISA")
    assert counted(taken(engine, registry.save_agencies, other)) == (1, 0, 0)


def test_a_number_that_two_authorities_gave_needs_the_public_code(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle, world.agency(), world.agency(licensing_authority="DOLISA"))
        numbers = world.deployments(("2026-Q1", 5))
        refused = registry.save_deployments(session, cycle, numbers, world.NOW)
        by_code = world.deployments(("2026-Q1", 5), agency="VN-00020")
        assert registry.save_deployments(session, cycle, by_code, world.NOW).new == 1
    assert [one.place for one in refused.problems] == ["the row's agency"]
    assert "several authorities" in refused.problems[0].remedy


def test_a_renamed_agency_keeps_its_code_and_its_earlier_name(engine: Engine) -> None:
    renamed = world.agency(name_vi=("Ví Dụ Mới", None), name_en=("Example New", None))
    assert counted(taken(engine, registry.save_agencies, renamed)) == (0, 1, 0)
    with db.reading(engine) as session:
        agency = session.exec(select(Agency)).one()
        former = session.exec(select(FormerName)).one()
    assert (agency.code, agency.names["vi"]) == (world.CODE, "Ví Dụ Mới")
    assert (former.names, former.until) == ({"vi": "Ví Dụ"}, date(2026, 7, 1))


def test_a_name_in_a_further_language_is_no_renaming(engine: Engine) -> None:
    taken(engine, registry.save_agencies, world.agency(name_en=("Example", None)))
    with db.reading(engine) as session:
        assert session.exec(select(FormerName)).all() == []


def test_what_stood_in_a_zawgyi_file_is_kept_beside_the_name(engine: Engine) -> None:
    taken(engine, registry.save_agencies, world.agency(name_my=("ဥပမာ", "ဥပမာ*")))
    with db.reading(engine) as session:
        agency = session.exec(select(Agency)).one()
    assert (agency.names["my"], agency.names_as_given) == ("ဥပမာ", {"my": "ဥပမာ*"})


def test_a_new_licence_state_leaves_the_earlier_one_with_its_days(engine: Engine) -> None:
    row = world.agency(licence_state="suspended", licence_state_since=date(2026, 6, 1))
    assert counted(taken(engine, registry.save_agencies, row)) == (0, 1, 0)
    with db.reading(engine) as session:
        found = session.exec(select(LicenceState).order_by(LicenceState.since)).all()  # type: ignore[arg-type]
    assert [one.state for one in found] == ["valid", "suspended"]


@pytest.mark.parametrize(
    ("save", "rows", "column", "words"),
    REFUSED,
    ids=[f"{save.__name__} {column} {words}" for save, _, column, words in REFUSED],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_place_and_remedy(
    engine: Engine, save: Save, rows: list[Given], column: str, words: str
) -> None:
    intake = taken(engine, save, *rows)
    assert [one.place for one in intake.problems] == [f"the row's {column}"]
    assert words in intake.problems[0].remedy
    assert len(intake.faulty) == 1


@pytest.mark.parametrize(
    "first",
    [{"sex": "women"}, {"programme": "technical-intern"}],
)
def test_workers_are_not_counted_among_all_and_again_among_some(
    engine: Engine, first: dict[str, str]
) -> None:
    def row(**more: str) -> Given:
        (usual,) = world.deployments(("2026-Q1", 5))
        return world.given(**(dict(usual.values) | more))

    intake = taken(engine, registry.save_deployments, row(**first), row())
    assert [one.place for one in intake.problems] == ["the row's programme"] * 2
    with db.transaction(engine) as session:
        assert session.exec(select(Deployment)).all() == []


def test_women_and_men_of_several_programmes_stand_side_by_side(engine: Engine) -> None:
    sexes = [{"sex": sex, "programme": work} for sex in ("women", "men") for work in ("a", "b")]
    (usual,) = world.deployments(("2026-Q1", 5))
    rows = [world.given(**(dict(usual.values) | more)) for more in sexes]
    assert counted(taken(engine, registry.save_deployments, *rows)) == (4, 0, 0)


def test_an_agency_that_does_not_take_part_cannot_answer(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle, world.agency(code_signed_on=date(2026, 1, 2)))
        intake = assessments.save_self_assessments(session, cycle, [ANSWER], world.NOW)
    assert "does not take part" in intake.problems[0].remedy


def test_only_what_differs_is_changed(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        for save, first, second, table in (
            (assessments.save_self_assessments, ANSWER, world.answer("i1", "4"), Answer),
            (audits.save_findings, FOUND, world.finding("i1", "2"), Finding),
            (
                complaints.save_complaints,
                world.complaint("1", outcome="open", decided_on=None, may_count=None),
                world.complaint("1"),
                Complaint,
            ),
        ):
            more = world.answer("i2", "1") if table is Answer else None
            rows = [first, *([more] if more else [])]
            assert save(session, cycle, rows, world.NOW).new == len(rows)
            again = save(session, cycle, [second, *([more] if more else [])], world.NOW)
            assert counted(again) == (0, 1, len(rows) - 1)
            assert save(session, cycle, [second], world.NOW).same == 1


def test_a_later_day_of_submission_is_a_change(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        assessments.save_self_assessments(session, cycle, [ANSWER], world.NOW)
        later = [world.answer("i1", "3", submitted_on=date(2026, 3, 9))]
        assert counted(assessments.save_self_assessments(session, cycle, later, world.NOW)) == (
            0,
            1,
            0,
        )
        assert session.exec(select(SelfAssessment)).one().submitted_on == date(2026, 3, 9)


def test_another_associations_agencies_are_not_found(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session, "alpha"))
        other = world.cycle(session, "beta")
        for agency in (world.LICENCE, world.CODE):
            numbers = world.deployments(("2026-Q1", 5), agency=agency)
            intake = registry.save_deployments(session, other, numbers, world.NOW)
            assert "not in the register" in intake.problems[0].remedy
