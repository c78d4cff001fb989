"""The association's calendar: every step of the cycles, the rule they come by, holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from rankings.errors import Invalid, NotFound
from rankings.models import Association, CycleStep, Rubric
from rankings.usecases import (
    association_settings,
    associations,
    calendar_moves,
    calendar_rules,
    calendar_steps,
    public_holidays,
)
from rankings.usecases import calendar as use
from rankings.web import act, calendar_page, now, reading, transaction
from rankings.web.account_parts import go
from rankings.web.calendar_forms import (
    HolidayForm,
    MoveForm,
    RuleForm,
    filled,
    labels,
)

pages = Blueprint("calendar", __name__)
PAGE = "/<association>/staff/calendar/"
STEP = f"{PAGE}cycles/<plan>/<step>"
HOLIDAYS = f"{PAGE}holidays"


@pages.get(PAGE)
def show(association: str) -> str:
    """The cycles that run and that are to come, with every step."""
    with reading() as session:
        whose = associations.find(session, association)
        current, earlier = calendar_page.planned(session, whose, now())
        today = associations.day(whose, now())
        ahead = [one for one in public_holidays.of(session, association) if one.day >= today]
        return render_template(
            "calendar/show.html",
            association=whose,
            zone=calendar_page.zone_word(whose),
            rule=use.rule_of(session, association),
            current=current,
            earlier=earlier,
            holidays=ahead[:5],
            words=calendar_page,
        )


@pages.get(f"{PAGE}rule")
def rule(association: str) -> str:
    """The form of the rule; `every` in the address fills it with what suits most."""
    with reading() as session:
        held = use.rule_of(session, association)
        every = request.args.get("every", "")
        values = filled(held, every, _first(associations.find(session, association)))
        form = RuleForm(data=values | {"seen": calendar_rules.token(held)})
        return _rule_page(session, association, form)


@pages.post(f"{PAGE}rule")
def set_rule(association: str) -> ResponseReturnValue:
    """Set the rule and plan the next cycle by it."""
    form = RuleForm()

    def work(session: Session) -> None:
        use.set_rule(session, association, form.given(), form.seen.data or "", act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(lambda session: _rule_page(session, association, form))
    return go("calendar.show", association=association)


@pages.get(STEP)
def step(association: str, plan: str, step: str) -> str:
    """The form to move a step."""
    with reading() as session:
        held = _held(session, association, plan, step)
        values = {"day": held.on_day.isoformat(), "time_of_day": held.time_of_day}
        form = MoveForm(data=values | {"seen": calendar_moves.token(held)})
        return _step_page(session, association, plan, step, form)


@pages.post(STEP)
def move(association: str, plan: str, step: str) -> ResponseReturnValue:
    """Move a step."""
    form = MoveForm()

    def work(session: Session) -> None:
        use.move(session, association, plan, form.move(step), act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(lambda session: _step_page(session, association, plan, step, form))
    return go("calendar.show", association=association, _anchor=plan)


@pages.get(HOLIDAYS)
def holidays(association: str) -> str:
    """The public holidays, and the form to add one."""
    with reading() as session:
        return _holidays_page(session, association, HolidayForm(formdata=None))


@pages.post(HOLIDAYS)
def add_holiday(association: str) -> ResponseReturnValue:
    """Add a public holiday."""
    form = HolidayForm()
    day, name = form.day.data or "", form.name.data or ""
    try:
        transaction(lambda session: public_holidays.add(session, association, day, name, act()))
    except Invalid as refusal:
        form.say(refusal)
        return _again(lambda session: _holidays_page(session, association, form))
    return go("calendar.holidays", association=association)


@pages.post(f"{HOLIDAYS}/remove")
def remove_holiday(association: str) -> ResponseReturnValue:
    """Take a public holiday away."""
    which, form = request.form.get("which", ""), HolidayForm(formdata=None)
    try:
        transaction(lambda session: public_holidays.remove(session, association, which, act()))
    except Invalid:
        return _again(lambda session: _holidays_page(session, association, form))
    return go("calendar.holidays", association=association)


def _again(page: Callable[[Session], str]) -> ResponseReturnValue:
    """The same page with everything typed and what is wrong with it."""
    with reading() as session:
        return page(session), 422


def _first(whose: Association) -> str:
    """New year's day that comes next, by the association's clock."""
    return date(associations.day(whose, now()).year + 1, 1, 1).isoformat()


def _rule_page(session: Session, association: str, form: RuleForm) -> str:
    stored = (
        select(col(Rubric.code), col(Rubric.version))
        .where(Rubric.association == association)
        .order_by(col(Rubric.code), col(Rubric.stored_at).desc())
    )
    form.offer(f"{code} {version}" for code, version in session.exec(stored))
    return render_template(
        "calendar/rule.html",
        association=associations.find(session, association),
        form=form,
        labels=labels(),
        has_rule=use.rule_of(session, association) is not None,
        hearing_days=association_settings.of(session, association).hearing_days,
        chosen=calendar_rules.CHOSEN,
        first=form.first(),
        defaults=calendar_rules.DEFAULTS,
        words=calendar_page,
    )


def _held(session: Session, association: str, plan: str, step: str) -> CycleStep:
    found = calendar_steps.find(session, association, plan)
    held = use.steps(session, association, found.id).get(step)
    if held is None:
        raise NotFound("There is no such step.")
    return held


def _step_page(session: Session, association: str, plan: str, step: str, form: MoveForm) -> str:
    whose = associations.find(session, association)
    found = calendar_steps.find(session, association, plan)
    row, ran = _held(session, association, plan, step), calendar_steps.ran(session, association)
    fixed = calendar_moves.why_fixed(session, found, step, now())
    return render_template(
        "calendar/step.html",
        association=whose,
        zone=calendar_page.zone_word(whose),
        plan=found,
        step=calendar_page.shown(session, whose, found, row, ran, now()),
        why_fixed=calendar_page.reasons()[fixed] if fixed else "",
        is_open=calendar_steps.is_open(session, found),
        form=form,
        labels=labels(),
    )


def _holidays_page(session: Session, association: str, form: HolidayForm) -> str:
    return render_template(
        "calendar/holidays.html",
        association=associations.find(session, association),
        holidays=public_holidays.of(session, association),
        form=form,
        labels=labels(),
        words=calendar_page,
    )
