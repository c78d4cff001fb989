"""The register in the words of the page: states, kinds of links, signs, fees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rankings.models import FeeSchedule
from rankings.scoring.codes import COUNTRIES
from rankings.scoring.fees import FeeCap, Money
from rankings.usecases import (
    agency_links,
    fee_cap_values,
    fee_schedules,
    licence_states,
    link_suggestions,
    owners,
)
from rankings.usecases.fee_schedules import Comparison
from rankings.usecases.registry import ALL
from rankings.web import fee_caps
from rankings.web.languages import say as _
from rankings.web.moments import long_day

PROGRAMMES = ("ship-crew", "technical-intern", "skilled-worker", "second-stay")


def licence(held: Mapping[str, Any]) -> str:
    """The state of a licence on a day."""
    since, until = long_day(date.fromisoformat(held["since"])), held["valid_until"]
    if held["state"] == "valid":
        if until:
            return _("Licence valid until %(day)s", day=long_day(date.fromisoformat(until)))
        return _("Licence valid")
    return {
        "suspended": _("Licence suspended since %(day)s", day=since),
        "revoked": _("Licence taken away on %(day)s", day=since),
        "expired": _("Licence expired on %(day)s", day=since),
    }[held["state"]]


def states() -> dict[str, str]:
    """The states of a licence."""
    return {
        "valid": _("Valid"),
        "suspended": _("Suspended"),
        "revoked": _("Taken away"),
        "expired": _("Expired"),
    }


def kinds() -> dict[str, str]:
    """Why one agency stands for another."""
    return {
        "renamed": _("The same company under a new name"),
        "new_licence": _("The same company with a new licence"),
        "taken_over": _("Took the business over"),
        "same_owners": _("Another company of the same owners"),
    }


def signs() -> dict[str, str]:
    """What two agencies have in common."""
    return {
        link_suggestions.OWNER_NUMBER: _("An owner with the same number"),
        link_suggestions.OWNER_NAME: _("Owners with the same or nearly the same name"),
        link_suggestions.NAME: _("Nearly the same company name"),
        link_suggestions.LICENCE: _("One licence ended when the other began"),
    }


def decided(shown: agency_links.Shown) -> str:
    """What became of a proposal."""
    if shown.link.is_approved is None:
        return _("Waits for a second person")
    name = shown.decider or ""
    if shown.link.is_approved:
        return _("Approved by %(name)s", name=name)
    return _("Refused by %(name)s", name=name)


def sex(word: str) -> str:
    """Whom a row of deployments counts."""
    return {"women": _("Women"), "men": _("Men"), ALL: _("All")}.get(word, word)


def programme(word: str) -> str:
    """Kinds of work; `all` where none is named."""
    return fee_caps.programme("*" if word == ALL else word)


def programmes(known: Iterable[str]) -> list[tuple[str, str]]:
    """What can be chosen: every kind of work, those of the law, those that were sent for."""
    others = sorted(set(known) - {ALL, *PROGRAMMES})
    return [(one, programme(one)) for one in (ALL, *PROGRAMMES, *others)]


def country(code: str) -> str:
    """A country by its name."""
    return fee_caps.country(code)


def countries() -> list[tuple[str, str]]:
    """All countries by their names."""
    named = [(code, country(code)) for code in COUNTRIES]
    return sorted(named, key=lambda one: (one[1].casefold(), one[0]))


def fee(held: FeeSchedule) -> str:
    """What a worker is charged."""
    return fee_caps.money(held.fee, held.fee_currency)


def wage(held: FeeSchedule) -> str:
    """The monthly wage that goes with a fee."""
    if held.monthly_wage is None or held.wage_currency is None:
        return ""
    return fee_caps.money(held.monthly_wage, held.wage_currency)


def source(held: FeeSchedule) -> str:
    """Who said so."""
    if held.source == fee_schedules.BY_AGENCY:
        return _("The agency")
    document = held.source.removeprefix(fee_schedules.BY_SECRETARIAT)
    return _("The secretariat, from: %(document)s", document=document)


def compared(found: Comparison) -> str:
    """How a fee stands to the law."""
    if found.word == fee_schedules.NO_CAP:
        return _("No limit is known here. That does not mean that nothing may be charged.")
    if found.word == fee_schedules.NO_COMPARISON:
        if found.most is None:
            return _("Cannot be compared: the monthly wage is missing.")
        return _("Cannot be compared: the limit is in another currency.")
    if found.above is None:
        return _("Within the limit of %(most)s", most=_money(found.most))
    above, most = _money(found.above), _money(found.most)
    return _("%(above)s above the limit of %(most)s", above=above, most=most)


def limit(cap: FeeCap) -> str:
    """The most that the law allows, as the law says it."""
    return fee_caps.limit(fee_cap_values.value(cap)["limit"])


def _money(amount: Money | None) -> str:
    return fee_caps.money(amount.units, amount.currency) if amount else ""


def reasons() -> dict[str, str]:
    """Why the register does not take something now."""
    return {
        licence_states.TAKEN: _("From this day on there is another state already."),
        licence_states.REVERSED: _("This state has been reversed already."),
        owners.ENDED: _("This ownership has ended already."),
        agency_links.KNOWN: _("This link is proposed or approved already."),
        agency_links.RING: _("The other agency follows this one itself."),
        agency_links.PROPOSER: _("Whoever proposed a link does not decide it."),
        agency_links.DECIDED: _("This link has been decided already."),
        agency_links.CHANGED: _("The proposal has changed since you saw it. Look at it again."),
        fee_schedules.STATED: _(
            "Another fee is stated from this day on. State the new one from a later day."
        ),
    }
