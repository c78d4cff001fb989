"""Replies: in the agency's own words, in time, moderated with a public reason."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import Reply
from rankings.usecases import conflicts, dispute_rules, replies
from rankings.usecases.replies import Clash, Verdict, Words
from tests.usecases import hearing_world
from tests.usecases.hearing_world import OPENED, TOO_LATE, Court, place
from tests.usecases.offices import cycle

TEXT = "We have paid every worker back."
BECAUSE = "It names a worker."


@pytest.fixture
def court(engine: Engine) -> Court:
    return hearing_world.court(engine)


def stored(court: Court) -> Reply | None:
    def ask(session: Session) -> Reply | None:
        held, agency = place(session)
        return session.get(Reply, ("alpha", held.id, 1, agency.id))

    return court.office.ask(ask)


def write(
    court: Court,
    text: str = TEXT,
    language: str = "vi",
    who: str = "signatory",
    now: object = OPENED,
    seen: str | None = None,
) -> bool:
    token = replies.token(stored(court)) if seen is None else seen
    said, act = Words(text, language, token), court.by(who, now)  # type: ignore[arg-type]
    return court.office.do(lambda session: replies.write(session, *place(session), said, act))


def moderate(
    court: Court, choice: str = "print", because: str = "", who: str = "secretary", seen: str = ""
) -> bool:
    verdict = Verdict(choice, because, seen or replies.token(stored(court)))
    return court.office.do(
        lambda session: replies.moderate(session, *place(session), verdict, court.by(who))
    )


def part(court: Court) -> object:
    agency = court.office.agencies[0]
    return court.office.ask(lambda session: replies.part(session, cycle(session), 1, agency))


def waiting(court: Court) -> int:
    return len(court.office.ask(lambda session: replies.waiting(session, cycle(session))))


def test_a_reply_is_written_changed_and_printed(court: Court) -> None:
    assert part(court) is None
    assert write(court)
    assert not write(court, f"  {TEXT}\r\n")
    assert write(court, "We have paid back.\u202e")
    assert court.office.entries("wrote a reply") == 2
    assert part(court) == {"language": "vi", "state": "waiting", "because": None}
    assert waiting(court) == 1
    assert moderate(court)
    assert not moderate(court)
    printed = {"language": "vi", "state": "printed", "text": "We have paid back.", "because": None}
    assert part(court) == printed
    assert waiting(court) == 0
    people = court.office.people
    assert set(court.told("reply_moderated")) == {people["signatory"], people["member"]}
    with pytest.raises(Conflict, match=replies.MODERATED):
        write(court)


def test_a_refused_reply_is_not_printed_but_the_reason_is(court: Court) -> None:
    write(court)
    for because in ("", "b" * 301):
        with pytest.raises(Invalid, match="because"):
            moderate(court, "refuse", because)
    with pytest.raises(Invalid, match="choice"):
        moderate(court, "burn")
    moderate(court, "refuse", BECAUSE)
    assert part(court) == {"language": "vi", "state": "refused", "because": BECAUSE}
    listed = court.office.ask(lambda session: replies.listed(session, "alpha"))
    assert [one.reply.state for one in listed] == ["refused"]


def test_nothing_is_written_after_the_clock_nor_moderated_once_published(court: Court) -> None:
    write(court, now=hearing_world.IN_TIME)
    with pytest.raises(Conflict, match=dispute_rules.OVER):
        write(court, "Later.", now=TOO_LATE)
    court.publish()
    assert waiting(court) == 0
    with pytest.raises(Conflict, match=replies.PUBLISHED):
        moderate(court)
    with pytest.raises(Conflict, match=dispute_rules.OVER):
        write(court, "Later.")


def test_only_a_secretariat_without_a_tie_moderates(court: Court) -> None:
    write(court)
    with pytest.raises(NotAllowed, match=replies.NOT_SECRETARIAT):
        moderate(court, who="lead")
    court.office.tie("secretary")
    with pytest.raises(Conflict, match=conflicts.WHY):
        moderate(court)


def test_nothing_is_overwritten_or_moderated_unseen(court: Court) -> None:
    first = replies.token(None)
    write(court)
    with pytest.raises(Clash) as clash:
        write(court, "Mine.", seen=first)
    assert clash.value.theirs is not None
    assert (clash.value.theirs.text, clash.value.name) == (TEXT, "Signatory")
    seen = replies.token(stored(court))
    write(court, "Changed meanwhile.")
    with pytest.raises(Conflict, match=replies.READ_ANOTHER):
        moderate(court, seen=seen)


def test_a_signatory_writes_five_hundred_letters_as_a_reader_counts(court: Court) -> None:
    for who in ("member", "secretary"):
        with pytest.raises(NotAllowed, match=replies.NOT_A_SIGNATORY):
            write(court, who=who)
    with pytest.raises(NotFound):
        moderate(court)
    assert write(court, "ခြ" * 500)
    with pytest.raises(Invalid, match="text"):
        write(court, "ခြ" * 501)
    for hostile in ("", "\0\u202e\u200b", "a" + "\u0301" * 10_000, "\u200b" * 9_999):
        with pytest.raises(Invalid, match="text"):
            write(court, hostile)
    with pytest.raises(Invalid, match="language"):
        write(court, language="tlh")
