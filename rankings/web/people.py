"""The secretariat's page: who may do what in the association, and who is invited to."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select
from wtforms import SelectField, ValidationError

from rankings.models import Agency
from rankings.usecases import associations, invitations, memberships
from rankings.web import act, now, reading, transaction
from rankings.web.access import person
from rankings.web.account_forms import EmailForm
from rankings.web.account_parts import go, role_word
from rankings.web.account_platform import outside
from rankings.web.languages import say as _
from rankings.web.words import Words

pages = Blueprint("people", __name__)

PEOPLE = "/<association>/staff/people"


class InviteForm(EmailForm):
    """Whom, as what, and for which agency."""

    role = SelectField(validate_choice=False)
    agency = SelectField(validate_choice=False)

    def offer(self, agencies: list[tuple[str, str]]) -> None:
        """What can be chosen."""
        self.role.choices = [(role, role_word(role)) for role in memberships.ROLES]
        self.agency.choices = [("", _("No agency")), *agencies]

    def validate_role(self, field: SelectField) -> None:
        if field.data not in memberships.ROLES:
            raise ValidationError(_("Choose a role."))

    def validate_agency(self, field: SelectField) -> None:
        known = {code for code, _name in self.agency.choices}
        is_for_agency = self.role.data in memberships.AGENCY_ROLES
        if is_for_agency and (not field.data or field.data not in known):
            raise ValidationError(_("Choose the agency for which the person acts."))
        if not is_for_agency and field.data:
            raise ValidationError(_("This role is for no agency. Choose “No agency”."))


@pages.get(PEOPLE)
def show(association: str) -> ResponseReturnValue:
    """People, their roles and open invitations."""
    with reading() as held:
        return _page(held, association, InviteForm())


@pages.post(PEOPLE)
def invite(association: str) -> ResponseReturnValue:
    """Invite somebody; the link is shown once, to be handed over."""
    form = InviteForm()

    def work(held: Session) -> ResponseReturnValue:
        form.offer(_agencies(held, association))
        if not form.validate():
            return _page(held, association, form)
        email, role, agency = form.email.data, form.role.data, form.agency.data or None
        token = invitations.invite(held, association, email, role, agency, act())
        link = outside("links.invitation", association=association, link=token)
        back = url_for("people.show", association=association)
        return render_template("account/link.html", link=link, email=email, back=back)

    return transaction(work)


@pages.post(f"{PEOPLE}/<uuid:membership>/end")
def end(association: str, membership: UUID) -> ResponseReturnValue:
    """Take a role away; the person's next page knows."""
    transaction(lambda held: memberships.end(held, association, membership, act()))
    return go("people.show", association=association)


@pages.post("/<association>/staff/invitations/<uuid:invitation>/withdraw")
def withdraw(association: str, invitation: UUID) -> ResponseReturnValue:
    """Make an open invitation good for nothing."""
    transaction(lambda held: invitations.withdraw(held, association, invitation, act()))
    return go("people.show", association=association)


def _agencies(held: Session, association: str) -> list[tuple[str, str]]:
    """The agencies by code, with their names."""
    country = associations.find(held, association).country
    rows = held.exec(select(Agency).where(Agency.association == association).order_by(Agency.code))
    return [(one.code, f"{one.code} {Words.name(country, one.names)[0]}") for one in rows]


def _page(held: Session, association: str, form: InviteForm) -> ResponseReturnValue:
    form.offer(_agencies(held, association))
    body = render_template(
        "people/show.html",
        association=associations.find(held, association),
        people=memberships.people(held, association),
        invitations=invitations.opened(held, association, now()),
        me=person().account,
        form=form,
        role_word=role_word,
    )
    return body, 422 if form.errors else 200
