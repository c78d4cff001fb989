"""Evidence: added while there is room and time, told apart, and without weight for the score."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import Agency, AssessmentCycle, Evidence, JournalDetail, JournalEntry
from rankings.usecases import (
    agency_codes,
    cycles,
    evidence,
    journal,
    records,
    self_assessments,
)
from rankings.usecases.evidence import MAX_FILES, MAX_TOTAL, Full, Handed
from rankings.usecases.self_assessments import Change
from tests.usecases import world
from tests.usecases.persons import person

DURING = datetime(2026, 3, 1, 3, tzinfo=UTC)
OWN, OTHER = world.CODE, agency_codes.code("VN", 2)


@pytest.fixture
def act(engine: Engine) -> journal.Act:
    """A cycle with two agencies, and somebody who hands files in."""
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        second = world.agency(licence_number="L-2", name_vi=("Hai", None))
        world.register(session, cycle, world.agency(), second)
        return journal.Act(str(person(session).id), DURING)


def place(session: Session, code: str = OWN) -> tuple[AssessmentCycle, Agency]:
    return self_assessments.find(session, "alpha", "2026", code)


def file(name: str = "a.pdf", size: int = 1000) -> Handed:
    """A file whose contents are its name."""
    digest = sha256(name.encode()).hexdigest()
    return Handed(name, "application/pdf", size, digest, digest)


def add(
    engine: Engine,
    act: journal.Act,
    *files: Handed,
    indicator: str = "i1",
    code: str = OWN,
) -> list[Evidence]:
    def work(session: Session) -> list[Evidence]:
        return [evidence.add(session, *place(session, code), indicator, one, act) for one in files]

    return db.run(engine, work)


def remove(engine: Engine, act: journal.Act, file: UUID, indicator: str = "i1") -> None:
    db.run(engine, lambda session: evidence.remove(session, *place(session), indicator, file, act))


def held(engine: Engine, code: str = OWN) -> dict[str, Sequence[str]]:
    with db.reading(engine) as session:
        cycle, agency = place(session, code)
        found = evidence.of(session, cycle, agency.id)
        return {key: [one.name for one in files] for key, files in found.items()}


def submit(engine: Engine, act: journal.Act) -> None:
    def work(session: Session) -> None:
        change = Change("i2", "3", "", self_assessments.token(None))
        self_assessments.save_answers(session, *place(session), [change], act)
        self_assessments.submit(session, *place(session), act)

    db.run(engine, work)


def journalled(engine: Engine) -> list[str]:
    with db.reading(engine) as session:
        found = session.exec(select(JournalEntry).where(JournalEntry.association == "alpha"))
        return [f"{one.action} {one.about}" for one in found if "evidence" in one.action]


def test_a_file_stands_at_its_answer_with_who_and_when(engine: Engine, act: journal.Act) -> None:
    (added,) = add(engine, act, file())
    with db.reading(engine) as session:
        found = evidence.find(session, *place(session), "i1", added.id)
        assert (found.name, found.size, found.media_type) == ("a.pdf", 1000, "application/pdf")
        assert (found.given_by, found.given_at) == (act.account, DURING)
        assert evidence.names(session, [found]) == {found.given_by: "Linh"}
    assert held(engine) == {"i1": ["a.pdf"]}


def test_the_oldest_file_stands_first(engine: Engine, act: journal.Act) -> None:
    for hours, name in ((2, "c.pdf"), (0, "a.pdf"), (1, "b.pdf")):
        add(engine, replace(act, now=DURING + timedelta(hours=hours)), file(name))
    assert held(engine) == {"i1": ["a.pdf", "b.pdf", "c.pdf"]}


def test_the_same_bytes_twice_change_nothing(engine: Engine, act: journal.Act) -> None:
    (first,) = add(engine, act, file())
    (second,) = add(engine, act, replace(file(), name="renamed.pdf"))
    assert (second.id, second.name) == (first.id, "a.pdf")
    assert len(journalled(engine)) == 1


def test_of_many_who_add_the_same_bytes_one_does(engine: Engine, act: journal.Act) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = {rows[0].id for rows in pool.map(lambda _: add(engine, act, file()), range(8))}
    assert len(ids) == len(journalled(engine)) == 1


def test_the_same_bytes_may_prove_several_things(engine: Engine, act: journal.Act) -> None:
    add(engine, act, file())
    add(engine, act, file(), indicator="i2")
    assert held(engine) == {"i1": ["a.pdf"], "i2": ["a.pdf"]}


def test_adding_and_removing_are_journalled_without_names(engine: Engine, act: journal.Act) -> None:
    (added,) = add(engine, act, file("contract of Nguyen.pdf"))
    remove(engine, act, added.id)
    assert sorted(journalled(engine)) == [
        f"added evidence 2026 {OWN} i1",
        f"removed evidence 2026 {OWN} i1",
    ]
    with db.reading(engine) as session:
        told = [one.details for one in session.exec(select(JournalDetail))]
    assert added.given_sha256 in str(told)
    assert "Nguyen" not in str(told)
    assert held(engine) == {}


def test_an_answer_has_at_most_ten_files(engine: Engine, act: journal.Act) -> None:
    files = [file(f"{number}.pdf") for number in range(MAX_FILES)]
    add(engine, act, *files)
    with pytest.raises(Full, match="at most 10 files"):
        add(engine, act, file("one more.pdf"))
    add(engine, act, files[0])
    add(engine, act, file("one more.pdf"), indicator="i2")
    assert len(held(engine)["i1"]) == MAX_FILES


def test_of_several_files_too_many_none_is_added(engine: Engine, act: journal.Act) -> None:
    with pytest.raises(Full):
        add(engine, act, *(file(f"{number}.pdf") for number in range(MAX_FILES + 1)))
    assert held(engine) == {}


def test_an_agency_has_at_most_500_megabytes(engine: Engine, act: journal.Act) -> None:
    add(engine, act, file("large.pdf", MAX_TOTAL - 1000))
    add(engine, act, file("last.pdf", 1000), indicator="i2")
    with pytest.raises(Full, match="at most 500 MB"):
        add(engine, act, file("too much.pdf", 1), indicator="i3")
    add(engine, act, file("too much.pdf", 1), code=OTHER)


@pytest.mark.parametrize("indicator", ["v1", "c1", "nothing", "", "../i1"])
def test_what_is_not_asked_takes_no_file(engine: Engine, act: journal.Act, indicator: str) -> None:
    with pytest.raises(NotFound):
        add(engine, act, file(), indicator=indicator)


def test_after_submission_no_file_comes_or_goes(engine: Engine, act: journal.Act) -> None:
    (added,) = add(engine, act, file())
    submit(engine, act)
    with pytest.raises(Conflict, match="submitted"):
        add(engine, act, file("b.pdf"))
    with pytest.raises(Conflict, match="submitted"):
        remove(engine, act, added.id)
    assert held(engine) == {"i1": ["a.pdf"]}


def test_after_the_cut_off_day_no_file_comes_or_goes(engine: Engine, act: journal.Act) -> None:
    (added,) = add(engine, act, file())
    late = replace(act, now=datetime(2026, 6, 30, 17, tzinfo=UTC))
    with pytest.raises(Conflict, match="cut-off day"):
        add(engine, late, file("b.pdf"))
    with pytest.raises(Conflict, match="cut-off day"):
        remove(engine, late, added.id)
    add(engine, replace(late, now=late.now - timedelta(seconds=1)), file("b.pdf"))


def test_a_file_is_found_at_its_own_place_only(engine: Engine, act: journal.Act) -> None:
    (added,) = add(engine, act, file())
    with db.reading(engine) as session:
        for code, indicator, key in (
            (OTHER, "i1", added.id),
            (OWN, "i2", added.id),
            (OWN, "i1", uuid4()),
        ):
            with pytest.raises(NotFound):
                evidence.find(session, *place(session, code), indicator, key)
    with pytest.raises(NotFound):
        remove(engine, act, added.id, "i2")


def shared(engine: Engine, code: str) -> dict[str, list[str]]:
    with db.reading(engine) as session:
        cycle, agency = place(session, code)
        return evidence.shared_with(session, cycle, agency.id)


def test_a_file_that_others_gave_too_is_told(engine: Engine, act: journal.Act) -> None:
    add(engine, act, file("same.pdf"), file("own.pdf"))
    add(engine, act, file("same.pdf"), indicator="i4", code=OTHER)
    digest = file("same.pdf").given_sha256
    assert shared(engine, OWN) == {digest: [f"{OTHER} 2026 i4"]}
    assert shared(engine, OTHER) == {digest: [f"{OWN} 2026 i1"]}


def test_a_file_for_several_answers_is_told(engine: Engine, act: journal.Act) -> None:
    add(engine, act, file())
    add(engine, act, file(), indicator="i2")
    assert shared(engine, OWN) == {file().given_sha256: [f"{OWN} 2026 i1", f"{OWN} 2026 i2"]}


def test_a_file_of_an_earlier_cycle_is_told_if_another_gave_it(
    engine: Engine, act: journal.Act
) -> None:
    add(engine, act, file())
    with db.transaction(engine) as session:
        next_year = world.open_cycle(
            session, "alpha", "2027", world.AS_OF.replace(year=2027), DURING
        )
        for code in (OWN, OTHER):
            agency = place(session, code)[1]
            evidence.add(session, next_year, agency, "i1", file(), act)
        found = evidence.shared_with(session, next_year, place(session, OTHER)[1].id)
        own = evidence.shared_with(session, next_year, place(session, OWN)[1].id)
    assert found == {file().given_sha256: [f"{OWN} 2026 i1", f"{OWN} 2027 i1"]}
    assert own == {file().given_sha256: [f"{OTHER} 2027 i1"]}


def test_what_another_association_has_is_never_told(engine: Engine, act: journal.Act) -> None:
    with db.transaction(engine) as session:
        theirs = world.cycle(session, "beta")
        world.register(session, theirs)
        whose = self_assessments.find(session, "beta", "2026", world.CODE)
        evidence.add(session, *whose, "i1", file(), act)
    add(engine, act, file())
    assert shared(engine, OWN) == {}


def test_a_file_alone_counts_for_nothing(engine: Engine, act: journal.Act) -> None:
    add(engine, act, file(), file("b.pdf"))
    add(engine, act, file(), indicator="i2")
    submit(engine, act)
    with_files = scored(engine)
    with db.transaction(engine) as session:
        for one in session.exec(select(Evidence)):
            session.delete(one)
    assert scored(engine) == with_files


def scored(engine: Engine) -> object:
    """All that decides any agency's score."""
    with db.reading(engine) as session:
        cycle, _ = place(session)
        rubric = cycles.code_of(cycle).rubric
        return [one.record for one in records.listed(session, cycle, rubric, {})]


def test_only_a_person_hands_files_in(engine: Engine, act: journal.Act) -> None:
    with pytest.raises(ValueError, match="only a person"):
        add(engine, replace(act, who=journal.OPERATOR), file())
