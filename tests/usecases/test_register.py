"""The register as it is read: search, owners, missing quarters, what looks like a link."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Owner
from rankings.usecases import agencies, licence_states, link_suggestions, owners, registry
from rankings.usecases.link_suggestions import LICENCE, NAME, OWNER_NAME, OWNER_NUMBER
from rankings.usecases.owners import BEFORE_IT_BEGAN, ENDED, NewOwner
from rankings.usecases.typed import MISSING, NO_CHOICE, NO_NUMBER, NOT_YET
from tests.usecases import register, world
from tests.usecases.register import code

TODAY = date(2026, 7, 1)
HOSTILE = "<script>alert(1)</script> =1+1 ' OR 1=1 --"


def new(**more: str) -> NewOwner:
    usual = {"name": "Bà Ví Dụ", "number": "012 345", "share": "60", "since": "2020-01-01"}
    return NewOwner(**({"source": "a register"} | usual | more))


def add(session: Session, which: int, **more: str) -> bool:
    return owners.add(session, "alpha", code(which), new(**more), world.act())


def found(session: Session, text: str) -> list[str]:
    return [one.agency.code for one in agencies.listing(session, "alpha", text, TODAY)]


def test_an_agency_is_found_by_name_former_name_licence_and_code(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        register.agencies(session, cycle)
        renamed = world.agency(licence_number="L-2", name_vi=("Đồi Chè", None))
        registry.save_agencies(session, cycle, [renamed], world.NOW)
        both = [code(1), code(2)]
        assert found(session, "") == found(session, " ") == both
        assert found(session, "vi du 1") == found(session, "VíDụ1") == [code(1)]
        assert found(session, "doiche") == found(session, "l-2") == [code(2)]
        assert found(session, "Ví Dụ 2") == found(session, code(2).lower()) == [code(2)]
        assert found(session, "L-") == both
        for nothing in ("Sao Mai", HOSTILE, "\0", "%", "_", "\u200b"):
            assert found(session, nothing) == []


def test_another_association_has_a_register_of_its_own(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        world.cycle(session, "beta")
        assert agencies.listing(session, "beta", "", TODAY) == []
        for association, wanted in (("beta", code(1)), ("alpha", "VN-99999"), ("alpha", "\0")):
            with pytest.raises(NotFound):
                agencies.one(session, association, wanted, TODAY)


def test_an_owner_is_added_once_and_ended_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        assert add(session, 1)
        assert not add(session, 1)
        (row,) = owners.of(session, agencies.find(session, "alpha", code(1)))
        for changed in (True, False):
            key = str(row.id)
            done = owners.end(session, "alpha", code(1), key, "2026-06-30", world.act())
            assert done is changed
        with pytest.raises(Conflict, match=ENDED):
            owners.end(session, "alpha", code(1), str(row.id), "2026-06-29", world.act())
        told = register.entries(session)
    assert (told["added an owner"], told["ended an ownership"]) == (1, 1)
    assert agencies.is_owner(row, date(2026, 6, 30))
    assert not agencies.is_owner(row, date(2026, 7, 1))


def test_what_cannot_be_an_owner_is_named_and_a_hostile_name_is_kept_as_it_is(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        for wrong, fault in (
            ({"name": "\u202e\0 "}, {"name": MISSING}),
            ({"share": "101"}, {"share": NO_NUMBER}),
            ({"share": "half"}, {"share": NO_NUMBER}),
            ({"since": "2026-07-02"}, {"since": NOT_YET}),
            ({"source": ""}, {"source": MISSING}),
        ):
            with pytest.raises(Invalid) as refusal:
                add(session, 1, **wrong)
            assert register.faults(refusal.value) == fault
        assert add(session, 1, name=f"\u202e{HOSTILE}\r\n\0", number="", share="")
        (row,) = owners.of(session, agencies.find(session, "alpha", code(1)))
        assert (row.name, row.number, row.share) == (HOSTILE, None, None)
        for key, day, fault in (
            ("x", "2026-01-01", {"owner": NO_CHOICE}),
            (str(row.id), "2019-12-31", {"until": BEFORE_IT_BEGAN}),
        ):
            with pytest.raises(Invalid) as refusal:
                owners.end(session, "alpha", code(1), key, day, world.act())
            assert register.faults(refusal.value) == fault


def signs(session: Session) -> dict[tuple[str, str], tuple[str, ...]]:
    made = link_suggestions.suggestions(session, "alpha", TODAY)
    return {(one.agency.code, one.predecessor.code): one.signs for one in made}


def test_agencies_of_one_owner_are_suggested(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session), 6)
        add(session, 1)
        add(session, 5, name="Công ty TNHH Ví Dụ Biển Xanh", number="")
        add(session, 6, name="Vi Du Bien Xanh JSC", number="")
        add(session, 3, name="Somebody Else", number="012345")
        add(session, 4, name="Ví Dụ Chín", number="")
        add(session, 2, name="VI DU CHIN", number="9")
        found = signs(session)
    assert found == {
        (code(3), code(1)): (OWNER_NUMBER,),
        (code(4), code(2)): (OWNER_NAME,),
        (code(6), code(5)): (OWNER_NAME,),
    }


def test_a_licence_that_ended_when_another_one_of_the_name_began_is_suggested(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        old = world.agency(name_vi=("Công ty TNHH Ví Dụ Sao Mai", None))
        fresh = world.agency(
            licence_number="L-2",
            name_vi=("Ví Dụ Sao Mai JSC", None),
            licensed_on=date(2026, 4, 1),
            licence_state_since=date(2026, 4, 1),
        )
        world.register(session, cycle, old, fresh)
        assert signs(session) == {(code(2), code(1)): (NAME,)}
        gone = licence_states.NewState("revoked", "2026-03-01", "fees", "letter 1")
        licence_states.add(session, "alpha", code(1), gone, world.act())
        assert signs(session) == {(code(2), code(1)): (NAME, LICENCE)}


def test_what_is_linked_or_was_refused_is_suggested_no_more(engine: Engine) -> None:
    with db.transaction(engine) as session:
        register.agencies(session, world.cycle(session))
        for number in (1, 2):
            add(session, number)
        assert list(signs(session)) == [(code(2), code(1))]
        acts = register.two_people(session)
        row = register.proposed(session, 2, 1, acts)
        register.decided(session, row, acts["second"], "refuse")
        assert signs(session) == {}


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ([], []),
        (["2026-Q1"], []),
        (["2025-Q4", "2026-Q1"], []),
        (["2025-Q2", "2026-Q2", "2025-Q2"], ["2025-Q3", "2025-Q4", "2026-Q1"]),
    ],
)
def test_missing_quarters_are_named(known: list[str], missing: list[str]) -> None:
    assert agencies.missing_quarters(known) == missing


def test_nobody_owns_before_the_first_day() -> None:
    row = Owner(
        association="alpha",
        id=UUID(int=1),
        agency=UUID(int=1),
        name="x",
        since=TODAY,
        source="x",
    )
    assert not agencies.is_owner(row, date(2026, 6, 30))
