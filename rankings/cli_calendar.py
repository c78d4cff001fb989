"""What an association's operator does with its calendar: set the rule, see the steps."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import click
from sqlmodel import Session

from rankings import db, journaling
from rankings.cli_association import of_association, operating
from rankings.usecases import associations, calendar_rules, calendar_steps
from rankings.usecases import calendar as use
from rankings.usecases.calendar import GivenRule
from rankings.usecases.calendar_rules import CHOSEN, DEFAULTS


@click.group("calendar")
def calendar() -> None:
    """By which rule cycles come, and when each step is."""


@calendar.command("set")
@of_association
@click.option("--every", type=click.Choice(list(DEFAULTS)), required=True)
@click.option("--first", required=True, help="Day of the first opening, e.g. 2027-01-01.")
@click.option("--time", "clock", default="09:00", show_default=True, help="By the local clock.")
@click.option("--rubric", required=True, help="CODE:VERSION, e.g. coc-vn:1.0.0.")
@click.option(
    "--days",
    multiple=True,
    metavar="STEP=DAYS",
    help=f"Days after the opening, of one of {', '.join(CHOSEN)}; the usual ones if left out.",
)
def set_rule(
    association: str, every: str, first: str, clock: str, rubric: str, days: Sequence[str]
) -> None:
    """Set the rule and plan the next cycle by it."""
    wanted = {step: str(many) for step, many in DEFAULTS[every].items()} | _days(days)
    given = GivenRule(every, first, clock, rubric.replace(":", " ", 1), wanted)
    with operating() as (settings, engine, act):

        def work(session: Session) -> bool:
            seen = calendar_rules.token(use.rule_of(session, association))
            return use.set_rule(session, association, given, seen, act)

        changed = journaling.run(engine, settings.data, work)
        click.echo("the rule is set" if changed else "this is the rule already")


def _days(given: Sequence[str]) -> dict[str, str]:
    found = dict(one.partition("=")[::2] for one in given)
    unknown = sorted(found.keys() - set(CHOSEN))
    if unknown:
        raise click.BadParameter(f"{unknown[0]}: no such step", param_hint="--days")
    return found


@calendar.command("show")
@of_association
def show(association: str) -> None:
    """Every planned cycle with its steps, by the association's own clock."""
    with operating() as (_, engine, act), db.reading(engine) as session:
        whose = associations.find(session, association)
        zone, ran = ZoneInfo(whose.time_zone), calendar_steps.ran(session, association)
        plans = use.plans(session, association)
        click.echo(f"{association}, {whose.time_zone}" + ("" if plans else ": no cycle is planned"))
        for plan in reversed(plans):
            click.echo(f"{plan.slug}, judged as of {plan.as_of}")
            for step in use.steps(session, association, plan.id).values():
                at = calendar_steps.moment(step, zone)
                known = ran.get(calendar_steps.key(plan, step.step))
                state = calendar_steps.state(step, at, known, act.now)
                line = f"  {step.step:14} {step.on_day:%a %Y-%m-%d} {step.time_of_day} {state}"
                click.echo(line.rstrip())
