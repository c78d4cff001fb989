"""An agency's own self-assessment: saved by several people, submitted once, locked then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import Agency, Answer, AssessmentCycle, JournalEntry
from rankings.usecases import cycles, gathering, journal, records, self_assessments
from rankings.usecases.answers import Questions
from rankings.usecases.self_assessments import Change, Clash
from tests.usecases import world
from tests.usecases.persons import person

DURING = datetime(2026, 3, 1, 3, tzinfo=UTC)
NONE = self_assessments.token(None)


@pytest.fixture
def people(engine: Engine) -> list[journal.Act]:
    """A cycle with one agency, and two people who work for it."""
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        return [journal.Act(str(person(session, name).id), DURING) for name in ("an", "binh")]


def place(session: Session) -> tuple[AssessmentCycle, Agency]:
    return self_assessments.find(session, "alpha", "2026", world.CODE)


def options(session: Session) -> dict[str, list[str]]:
    asked = Questions(cycles.code_of(place(session)[0])).asked
    return {
        code: [option.id for option in getattr(one.rule, "options", ())]
        for code, one in asked.items()
    }


def save(engine: Engine, act: journal.Act, *changes: Change) -> int:
    def work(session: Session) -> int:
        return self_assessments.save_answers(session, *place(session), changes, act)

    return db.run(engine, work)


def submit(engine: Engine, act: journal.Act) -> None:
    db.run(engine, lambda session: self_assessments.submit(session, *place(session), act))


def stored(engine: Engine) -> dict[str, Answer]:
    with db.reading(engine) as session:
        cycle, agency = place(session)
        return self_assessments.answers(session, cycle, agency.id)


def a_question(engine: Engine) -> tuple[str, list[str]]:
    with db.reading(engine) as session:
        return next((code, ids) for code, ids in options(session).items() if len(ids) > 2)


def test_an_answer_is_kept_with_who_and_when(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    assert save(engine, people[0], Change(code, ids[1], " A note ", NONE)) == 1
    kept = stored(engine)[code]
    assert (kept.value, kept.note, kept.answered_by) == (ids[1], "A note", people[0].account)
    assert kept.answered_at == DURING


def test_saving_what_is_there_changes_nothing(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[1], "", NONE))
    with db.reading(engine) as session:
        before = len(session.exec(select(JournalEntry)).all())
    assert save(engine, people[1], Change(code, ids[1], "", "something else")) == 0
    assert stored(engine)[code].answered_by == people[0].account
    with db.reading(engine) as session:
        assert len(session.exec(select(JournalEntry)).all()) == before


def test_somebody_elses_newer_answer_is_not_overwritten(
    engine: Engine, people: list[journal.Act]
) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[1], "mine", NONE))
    with pytest.raises(Clash) as clash:
        save(engine, people[1], Change(code, ids[2], "", NONE))
    theirs = clash.value.theirs
    assert theirs is not None
    assert (theirs.value, theirs.note, clash.value.name) == (ids[1], "mine", "An")
    assert stored(engine)[code].value == ids[1]
    assert save(engine, people[1], Change(code, ids[2], "", self_assessments.token(theirs))) == 1


def test_of_200_interleaved_edits_of_two_people_none_is_lost(
    engine: Engine, people: list[journal.Act]
) -> None:
    """Each sees a page, the other saves in between or not; every edit is kept or told."""
    chance = Random(4)
    with db.reading(engine) as session:
        asked = {code: ids for code, ids in options(session).items() if len(ids) > 1}
    kept: dict[str, str] = {}
    seen: list[dict[str, str]] = [{}, {}]
    told: list[tuple[str | None, str]] = []
    for number in range(200):
        who = chance.randrange(2)
        if chance.random() < 0.5:
            seen[who] = {code: self_assessments.token(one) for code, one in stored(engine).items()}
        code = chance.choice(list(asked)[:5])
        change = Change(code, chance.choice(asked[code]), str(number), seen[who].get(code, NONE))
        try:
            save(engine, people[who], change)
            kept[code] = str(number)
        except Clash as clash:
            told.append((clash.theirs.note if clash.theirs else None, kept[code]))
    assert {code: one.note for code, one in stored(engine).items()} == kept
    assert len(told) > 20
    assert all(shown == there for shown, there in told)


@pytest.mark.parametrize(
    ("value", "note", "seen_at"),
    [("nonsense", "", "answer"), ("", "only a note", "answer"), (None, "x" * 1001, "note")],
)
def test_a_wrong_answer_is_named_and_nothing_is_kept(
    engine: Engine, people: list[journal.Act], value: str | None, note: str, seen_at: str
) -> None:
    code, ids = a_question(engine)
    with pytest.raises(Invalid) as refused:
        save(engine, people[0], Change(code, ids[0] if value is None else value, note, NONE))
    assert refused.value.problems[0].place == f"{code} {seen_at}"
    assert stored(engine) == {}


def test_of_several_answers_all_are_kept_or_none(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    with pytest.raises(Invalid):
        save(engine, people[0], Change(code, ids[0], "", NONE), Change("none", "1", "", NONE))
    assert stored(engine) == {}


def test_an_answer_can_be_taken_away(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[0], "", NONE))
    token = self_assessments.token(stored(engine)[code])
    assert save(engine, people[0], Change(code, "", "", token)) == 1
    assert stored(engine) == {}


def test_a_draft_counts_for_nothing_until_it_is_submitted(
    engine: Engine, people: list[journal.Act]
) -> None:
    def known() -> gathering.Known:
        with db.reading(engine) as session:
            cycle, agency = place(session)
            return gathering.gathered(session, cycle, [agency.id])[agency.id]

    def answered() -> set[str]:
        with db.reading(engine) as session:
            cycle, _ = place(session)
            rubric = cycles.code_of(cycle).rubric
            return {
                code
                for one in records.listed(session, cycle, rubric, {})
                for code in one.record.answers
            }

    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[1], "", NONE))
    assert (list(known().answers), list(known().self_assessments), answered()) == ([], [], set())
    submit(engine, people[0])
    assert answered() == {code}


def test_nothing_can_be_submitted_empty(engine: Engine, people: list[journal.Act]) -> None:
    with pytest.raises(Conflict):
        submit(engine, people[0])


def test_after_submission_nothing_changes(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[0], "", NONE))
    submit(engine, people[0])
    for again in (
        lambda: save(engine, people[1], Change(code, ids[1], "", NONE)),
        lambda: submit(engine, people[1]),
    ):
        with pytest.raises(Conflict):
            again()
    assert stored(engine)[code].value == ids[0]


def test_of_32_threads_that_edit_and_submit_one_wins_and_no_edit_follows(
    engine: Engine, people: list[journal.Act]
) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[0], "0", NONE))

    def attempt(number: int) -> str:
        work: Callable[[], object]
        if number % 4 == 0:
            work = lambda: submit(engine, people[0])  # noqa: E731
        else:
            seen = self_assessments.token(stored(engine)[code])
            work = lambda: save(engine, people[1], Change(code, ids[1], str(number), seen))  # noqa: E731
        try:
            work()
        except (Conflict, Clash):
            return "refused"
        return "submitted" if number % 4 == 0 else str(number)

    with ThreadPoolExecutor(32) as pool:
        ends = list(pool.map(attempt, range(32)))
    assert ends.count("submitted") == 1
    with db.reading(engine) as session:
        entries = session.exec(
            select(JournalEntry).where(JournalEntry.association == "alpha")
        ).all()
    saved = [one for one in entries if one.action == "saved an answer"]
    assert len(saved) == 1 + sum(end.isdigit() for end in ends)
    assert stored(engine)[code].note in {"0", *ends}


@pytest.mark.parametrize(
    ("moment", "signed"),
    [
        (datetime(2026, 6, 30, 17, 1, tzinfo=UTC), True),
        (DURING, False),
    ],
)
def test_too_late_or_not_taking_part(
    engine: Engine, people: list[journal.Act], moment: datetime, signed: bool
) -> None:
    """The cut-off day ends at midnight in Bangkok, which is 17:00 UTC."""
    code, ids = a_question(engine)
    if not signed:
        with db.transaction(engine) as session:
            place(session)[1].code_signed_on = None
    with pytest.raises(Conflict):
        save(engine, journal.Act(people[0].who, moment), Change(code, ids[0], "", NONE))
    assert stored(engine) == {}


def test_until_the_last_minute_it_is_open(engine: Engine, people: list[journal.Act]) -> None:
    code, ids = a_question(engine)
    last = datetime(2026, 6, 30, 16, 59, tzinfo=UTC)
    assert save(engine, journal.Act(people[0].who, last), Change(code, ids[0], "", NONE)) == 1


def test_the_answers_of_the_cycle_before_are_at_hand(
    engine: Engine, people: list[journal.Act]
) -> None:
    code, ids = a_question(engine)
    save(engine, people[0], Change(code, ids[1], "", NONE))
    submit(engine, people[0])
    with db.transaction(engine) as session:
        as_of, opened = world.AS_OF.replace(year=2027), DURING.replace(year=2027)
        later = world.open_cycle(session, "alpha", "2027", as_of, opened)
        agency: UUID = place(session)[1].id
        before = self_assessments.before(session, later, agency)
        assert {key: one.value for key, one in before.items()} == {code: ids[1]}
        assert self_assessments.before(session, place(session)[0], agency) == {}
