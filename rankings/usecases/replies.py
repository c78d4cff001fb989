"""An agency's own words beside its rating: written in the hearing, read before they are printed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, desc, select

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from rankings.models import Account, Agency, AssessmentCycle, HearingNotice, RankingEdition, Reply
from rankings.usecases import (
    conflicts,
    dispute_rules,
    journal,
    memberships,
    messages,
    self_assessments,
    staff,
    wording,
)
from rankings.usecases.joins import same
from rankings.usecases.registry import LANGUAGES

MAX_TEXT, MAX_BECAUSE = 500, 300
WAITING, PRINTED, REFUSED = "waiting", "printed", "refused"
PRINT, REFUSE = "print", "refuse"
# The remedies.
NO_LANGUAGE = f"must be one of {', '.join(LANGUAGES)}"
NO_CHOICE = f"must be one of {PRINT}, {REFUSE}"
# The sentences.
MODERATED = "The association has read this reply. It can no longer change."
PUBLISHED = "The edition has been published. Its replies can no longer change."
READ_ANOTHER = "The agency has changed its reply since you opened the page. Read it again."
NOT_A_SIGNATORY = "Only a signatory of the agency writes its reply."
NOT_SECRETARIAT = "Only the secretariat decides whether a reply is printed."


class Clash(Conflict):
    """Somebody else changed the reply since it was shown; `theirs` is what stands there now."""

    def __init__(self, theirs: Reply | None, name: str | None) -> None:
        super().__init__("Somebody else has changed this reply in the meantime.")
        self.theirs, self.name = theirs, name


@dataclass(frozen=True, slots=True)
class Words:
    """A reply as it is wanted; `seen` is the token of the one that it replaces."""

    text: str
    language: str
    seen: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`print` or `refuse`; a refusal says why, in public. `seen` names the reply that was read."""

    choice: str
    because: str
    seen: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A reply with whose it is."""

    reply: Reply
    agency: Agency
    cycle: AssessmentCycle


def of(session: Session, notice: HearingNotice) -> Reply | None:
    """The reply of an agency in a hearing; None where it said nothing."""
    key = (notice.association, notice.cycle, notice.number, notice.agency)
    return session.get(Reply, key)


def token(reply: Reply | None) -> str:
    """Names what a reply says; whoever changes or moderates it sends it back."""
    said = {"text": reply.text, "language": reply.language} if reply else {}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def write(
    session: Session, cycle: AssessmentCycle, agency: Agency, said: Words, act: journal.Act
) -> bool:
    """Write the agency's reply or change it; whether anything changed.

    Invalid names what is wrong; Conflict outside the hearing's clock and once it was moderated,
    Clash where another reply stands there than `seen` names.
    """
    text = _checked(said)
    if not dispute_rules.signs(session, agency, act.account):
        raise NotAllowed(NOT_A_SIGNATORY)
    notice = dispute_rules.open_notice(session, cycle, agency, act.now)
    held = _held(session, notice)
    if held is not None and (held.text, held.language) == (text, said.language):
        return False
    if held is not None and held.state != WAITING:
        raise Conflict(MODERATED)
    if token(held) != said.seen:
        raise _clash(session, held)
    _keep(session, notice, held, {"text": text, "language": said.language}, act)
    told = {"language": said.language, "letters": wording.length(text)}
    about = f"{cycle.slug} {agency.code}"
    journal.record(session, cycle.association, act, "wrote a reply", about, told)
    return True


def moderate(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    verdict: Verdict,
    act: journal.Act,
) -> bool:
    """Print a reply, or refuse it with a public reason; until the publication also anew.

    Whether anything changed. Invalid names what is wrong; NotFound where there is no reply,
    Conflict for somebody with a tie, after the publication, and where another reply was read.
    """
    because = _because(verdict)
    if not staff.has(session, cycle.association, act.account, memberships.SECRETARIAT):
        raise NotAllowed(NOT_SECRETARIAT)
    held = newest(session, cycle, agency.id)
    today = self_assessments.day(session, cycle, act.now)
    conflicts.refuse(session, cycle.association, act.account or UUID(int=0), agency.id, today)
    state = PRINTED if verdict.choice == PRINT else REFUSED
    if (held.state, held.because) == (state, because):
        return False
    if _is_published(session, held):
        raise Conflict(PUBLISHED)
    if token(held) != verdict.seen:
        raise Conflict(READ_ANOTHER)
    held.state, held.because = state, because
    held.moderated_by, held.moderated_at = act.account, act.now
    session.add(held)
    session.flush()
    about, told = f"{cycle.slug} {agency.code}", {"state": state, "number": held.number}
    journal.record(session, cycle.association, act, "moderated a reply", about, told)
    values = {"cycle": cycle.slug, "agency": agency.code}
    occasion = f"reply {cycle.slug} {held.number} {agency.code} {act.now.isoformat()}"
    messages.to_agency(
        session, cycle.association, agency.id, occasion, "reply_moderated", values, act
    )
    return True


def newest(session: Session, cycle: AssessmentCycle, agency: UUID) -> Reply:
    """The agency's reply in the newest hearing in which it wrote one, for its moderator alone.

    NotFound where it wrote none. Nobody else changes it until the commit.
    """
    found = select(Reply).where(
        Reply.association == cycle.association, Reply.cycle == cycle.id, Reply.agency == agency
    )
    newest_first = found.order_by(desc(Reply.number)).with_for_update()
    held = session.exec(newest_first.execution_options(populate_existing=True)).first()
    if held is None:
        raise NotFound("There is no reply.")
    return held


def waiting(session: Session, cycle: AssessmentCycle) -> list[Reply]:
    """The replies that nobody has moderated, of editions that are still to come."""
    found = _listed(session, cycle.association, Reply.cycle == cycle.id, Reply.state == WAITING)
    return [one.reply for one in found if not _is_published(session, one.reply)]


def listed(session: Session, association: str) -> list[Listed]:
    """All replies to editions that are still to come, what waits first."""
    found = [one for one in _listed(session, association) if not _is_published(session, one.reply)]
    return sorted(found, key=lambda one: one.reply.state != WAITING)


def part(
    session: Session, cycle: AssessmentCycle, number: int, agency: UUID
) -> dict[str, Any] | None:
    """A reply as an edition prints it; the text only where it is printed. None without one."""
    held = session.get(Reply, (cycle.association, cycle.id, number, agency))
    if held is None:
        return None
    found: dict[str, Any] = {"language": held.language, "state": held.state}
    if held.state == PRINTED:
        found["text"] = held.text
    return found | {"because": held.because}


def _checked(said: Words) -> str:
    """The text as it is stored; Invalid names all that is wrong."""
    text = wording.cleaned(said.text)
    problems = wording.faults("text", text, 1, MAX_TEXT)
    if said.language not in LANGUAGES:
        problems.append(Problem("language", said.language[:20], NO_LANGUAGE))
    if problems:
        raise Invalid(problems)
    return text


def _because(verdict: Verdict) -> str | None:
    """The public reason as it is stored; nothing where the reply is printed."""
    if verdict.choice not in (PRINT, REFUSE):
        raise Invalid([Problem("choice", verdict.choice[:20], NO_CHOICE)])
    if verdict.choice == PRINT:
        return None
    because = wording.cleaned(verdict.because)
    problems = wording.faults("because", because, 1, MAX_BECAUSE)
    if problems:
        raise Invalid(problems)
    return because


def _held(session: Session, notice: HearingNotice) -> Reply | None:
    """The reply, which nobody else changes until the commit."""
    return session.exec(
        select(Reply)
        .where(
            Reply.association == notice.association,
            Reply.cycle == notice.cycle,
            Reply.number == notice.number,
            Reply.agency == notice.agency,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _keep(
    session: Session,
    notice: HearingNotice,
    held: Reply | None,
    said: dict[str, Any],
    act: journal.Act,
) -> None:
    of: dict[str, Any] = {
        name: getattr(notice, name) for name in ("association", "cycle", "number", "agency")
    }
    by: dict[str, Any] = {"written_by": act.account, "written_at": act.now}
    row = held or Reply(**of, **said, **by)
    for name, value in (said | by).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def _clash(session: Session, held: Reply | None) -> Clash:
    person = session.get(Account, held.written_by) if held else None
    if held:
        # It is read after the transaction was undone.
        session.expunge(held)
    return Clash(held, person.name if person else None)


def _listed(session: Session, association: str, *where: Any) -> list[Listed]:
    found = session.exec(
        select(Reply, Agency, AssessmentCycle)
        .join(Agency, same(Reply, Agency, "agency"))
        .join(AssessmentCycle, same(Reply, AssessmentCycle, "cycle"))
        .where(Reply.association == association, *where)
        .order_by(col(AssessmentCycle.as_of).desc(), col(Reply.number).desc(), Agency.code)
    )
    return [Listed(*one) for one in found]


def _is_published(session: Session, reply: Reply) -> bool:
    published = select(RankingEdition.id).where(
        RankingEdition.association == reply.association,
        RankingEdition.cycle == reply.cycle,
        RankingEdition.number >= reply.number,
    )
    return session.exec(published).first() is not None
