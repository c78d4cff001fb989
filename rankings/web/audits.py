"""The audits of a cycle: who checks whom, by when, how far, and whom to visit next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Agency, Audit
from rankings.usecases import (
    agencies,
    associations,
    audit_assignments,
    cycles,
    panel,
    sampling,
    self_assessments,
    staff,
)
from rankings.usecases.audit_assignments import Change, Plan
from rankings.web import act, now, reading, transaction
from rankings.web.access import person, roles
from rankings.web.account_parts import go
from rankings.web.desk import OF_CYCLE
from rankings.web.verification_forms import AssignForm, ReassignForm
from rankings.web.verification_words import evidence_word, seat_word, state_word, why_visit
from rankings.web.words import Words

pages = Blueprint("audits", __name__)

AUDITS = f"{OF_CYCLE}audits/"
REASSIGN = f"{AUDITS}<uuid:audit>/reassign"
# Whoever has one of these roles sees all audits of a cycle.
SEE_ALL = {staff.LEAD, "secretariat", "regulator"}
# Who organises audits is reminded of what is missing.
ORGANISE = {staff.LEAD, "secretariat"}
# The strongest reasons; a list of all agencies helps nobody to choose.
SHOWN = 20

Place = tuple[str, str]


@pages.get(AUDITS)
def show(association: str, cycle: str) -> str:
    """All audits of the cycle, or an auditor's own, and how far each is."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        today = associations.day(whose, now())
        own = None if roles() & SEE_ALL else person().account
        lines = audit_assignments.lines(session, held, today, own)
        empty = panel.empty(session, held) if roles() & ORGANISE else []
    return render_template(
        "audits/show.html",
        association=whose,
        cycle=held,
        lines=lines,
        names={one.agency.id: Words.name(whose.country, one.agency.names) for one in lines},
        empty=[seat_word(one) for one in empty],
        opens={one.audit.id for one in lines if _opens(one.audit)},
        evidence_word=evidence_word,
        state_word=state_word,
        is_over=today > held.as_of,
    )


@pages.get(f"{AUDITS}new")
def new(association: str, cycle: str) -> str:
    """A form for an audit; the address may name the agency and the kind."""
    wanted = {name: request.args.get(name, "") for name in ("agency", "evidence")}
    form = AssignForm(formdata=None, **wanted)
    with reading() as session:
        return _form(session, (association, cycle), form)


@pages.post(f"{AUDITS}new")
def assign(association: str, cycle: str) -> ResponseReturnValue:
    """Give an auditor an agency to check."""
    form, place = AssignForm(), (association, cycle)

    def work(session: Session) -> ResponseReturnValue | None:
        held = cycles.find(session, association, cycle)
        _offer(session, place, form)
        if not form.validate():
            return _form(session, place, form), 422
        plan = Plan(form.agency.data, form.evidence.data or "", form.auditor.key, form.due_on.day)
        audit_assignments.assign(session, held, plan, act())
        return None

    try:
        refused = transaction(work)
    except (Invalid, Conflict) as refusal:
        return _form_again(place, form, form.refuse(refusal, "auditor"))
    return refused or go(".show", association=association, cycle=cycle)


def _form_again(place: Place, form: AssignForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        return _form(session, place, form), status


def _form(session: Session, place: Place, form: AssignForm) -> str:
    return render_template("audits/new.html", **_offer(session, place, form), form=form)


def _offer(session: Session, place: Place, form: AssignForm) -> dict[str, Any]:
    """Fill the lists of the form; the association and the cycle for the page."""
    association, slug = place
    whose = associations.find(session, association)
    people = audit_assignments.auditors(session, association)
    form.offer(whose.country, people, agencies.every(session, association))
    return {"association": whose, "cycle": cycles.find(session, association, slug)}


@pages.get(REASSIGN)
def change(association: str, cycle: str, audit: UUID) -> str:
    """A form to give an open audit to somebody else."""
    with reading() as session:
        held = _audit(session, (association, cycle), audit)
        form = ReassignForm(
            formdata=None,
            auditor=str(held.auditor),
            due_on=held.due_on.isoformat(),
            seen=str(held.auditor),
        )
        return _change_form(session, (association, cycle), audit, form)


@pages.post(REASSIGN)
def reassign(association: str, cycle: str, audit: UUID) -> ResponseReturnValue:
    """Give an open audit to somebody else, with a reason."""
    form, place = ReassignForm(), (association, cycle)

    def work(session: Session) -> ResponseReturnValue | None:
        held = _audit(session, place, audit)
        form.offer(audit_assignments.auditors(session, association))
        if not form.validate():
            return _change_form(session, place, audit, form), 422
        wanted = Change(
            form.auditor.key, form.due_on.day, form.reason.data or "", form.seen.data or ""
        )
        found = cycles.find(session, association, cycle)
        audit_assignments.reassign(session, found, held, wanted, act())
        return None

    try:
        refused = transaction(work)
    except (Invalid, Conflict) as refusal:
        status = form.refuse(refusal, "auditor")
        return _change_again(place, audit, form, status)
    return refused or go(".show", association=association, cycle=cycle)


def _change_again(
    place: Place, audit: UUID, form: ReassignForm, status: int
) -> ResponseReturnValue:
    with reading() as session:
        if status == 409:
            form.seen.data = str(_audit(session, place, audit).auditor)
        return _change_form(session, place, audit, form), status


def _change_form(session: Session, place: Place, audit: UUID, form: ReassignForm) -> str:
    association, slug = place
    whose = associations.find(session, association)
    held = _audit(session, place, audit)
    agency = session.get_one(Agency, (association, held.agency))
    form.offer(audit_assignments.auditors(session, association))
    return render_template(
        "audits/reassign.html",
        association=whose,
        cycle=cycles.find(session, association, slug),
        audit=held,
        agency=agency,
        name=Words.name(whose.country, agency.names),
        people=staff.names(session, {held.auditor}),
        evidence_word=evidence_word,
        form=form,
    )


@pages.get(f"{AUDITS}proposal")
def proposal(association: str, cycle: str) -> str:
    """Whom to visit next and why, the strongest reasons first."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        found = sampling.proposed(session, held, self_assessments.day(session, held, now()))
    return render_template(
        "audits/proposal.html",
        association=whose,
        cycle=held,
        proposals=found[:SHOWN],
        many=len(found),
        names={one.agency.id: Words.name(whose.country, one.agency.names) for one in found},
        why_visit=why_visit,
    )


def _opens(audit: Audit) -> bool:
    """Whether the person may open the audit's screen."""
    is_own = audit.auditor == person().account and staff.AUDITOR in roles()
    return is_own or staff.LEAD in roles()


def _audit(session: Session, place: Place, audit: UUID) -> Audit:
    """An audit of the cycle; NotFound where it has none such."""
    association, slug = place
    held = session.get(Audit, (association, audit))
    if held is None or held.cycle != cycles.find(session, association, slug).id:
        raise NotFound("There is no such audit.")
    return held
