"""What is wrong with a field of a case, in the language of the page."""

from __future__ import annotations

from rankings.errors import Invalid, Problem
from rankings.usecases import (
    case_classification,
    case_decisions,
    case_entry,
    case_hearing,
    case_redaction,
    case_rules,
    cases,
    complaint_keys,
)
from rankings.web.languages import say as _


def problem(found: Problem) -> str:
    """What is wrong with a field, and what to do."""
    if found.remedy.startswith(case_hearing.MARKS):
        return _marks(found.remedy.removeprefix(case_hearing.MARKS))
    return _problems().get(found.remedy) or _("Check this: %(what)s.", what=found.remedy)


def by_field(invalid: Invalid) -> dict[str, str]:
    """What is wrong, by the name of the field."""
    return {one.place: problem(one) for one in invalid.problems}


def reasons() -> dict[str, str]:
    """Why something cannot be done with a case now."""
    return {
        cases.TAKEN: _("Somebody else works on this case already."),
        cases.DONE: _("This case is decided. The secretariat can open it again for a reason."),
        cases.NOT_DONE: _("This case is still open."),
        case_hearing.NOT_CLASSIFIED: _("The case must be classified first."),
        case_hearing.NO_CONSENT: _("The worker has not agreed that the agency is told."),
        case_hearing.VISIBLE: _("The agency can read the summary already. It cannot change."),
        case_hearing.ANSWERED: _("This has been answered already."),
        case_hearing.OVER: _("This complaint is decided. It can no longer be answered."),
        case_decisions.ITSELF: _("A case is not merged into itself."),
        case_decisions.NOT_YOURS: _("Both cases must be given to the same person."),
        complaint_keys.NO_KEY: _("There is no key for complaints yet. Nothing can be sealed."),
    }


def _marks(found: str) -> str:
    words = {
        case_redaction.CODE: _("a number like a receipt"),
        case_redaction.EMAIL: _("an email address"),
        case_redaction.PASSPORT: _("a number like a passport"),
        case_redaction.ADDRESS: _("an address or account on the internet"),
        case_redaction.PHONE: _("a telephone number"),
    }
    named = ", ".join(words.get(one, one) for one in found.split(", "))
    return _("This may tell who complained: %(marks)s. Take it out.", marks=named)


def _problems() -> dict[str, str]:
    return _of_classifying() | _of_deciding() | _of_texts()


def _of_texts() -> dict[str, str]:
    return {
        case_hearing.EMPTY: _("Write something."),
        case_hearing.TOO_LONG: _("This is too long."),
        case_rules.CHOOSE: _("Choose one of the list."),
        case_entry.MONTH: _("Enter a month such as %(example)s.", example="2026-03"),
    }


def _of_classifying() -> dict[str, str]:
    rules = case_classification
    return {
        rules.UNKNOWN_AGENCY: _("Enter the code or the full name of an agency of the register."),
        rules.TOLD: _("The agency has been told. This can no longer change."),
        rules.COUNT: _("Enter a whole number from 1 on."),
        rules.AMOUNT: _("Enter an amount in figures, such as 2500000 or 150.50."),
        rules.CURRENCY: _("Choose the currency of the amount."),
    }


def _of_deciding() -> dict[str, str]:
    rules = case_rules
    return {
        rules.NOT_HEARD: _("The agency must be heard first: it answers, or its last day passes."),
        rules.NO_GROUND: _("Choose what the decision rests on."),
        rules.NO_SECOND: _(
            "There is no other case of this category on this agency that was found true by itself."
        ),
        rules.NOT_INDEPENDENT: _("Confirm that the two workers do not depend on each other."),
        rules.NO_ANSWER: _("The agency has not answered, so it has not admitted anything."),
        rules.NOT_DUE: _("This can be chosen once the last day has passed without an answer."),
        rules.NO_DAY: _("Enter the day on which it was put right."),
        rules.TOO_LATE: _("It was put right too late. Choose “Substantiated”."),
        rules.IN_FUTURE: _("This day lies in the future."),
        rules.NOT_CONFIRMED: _(
            "The worker has not confirmed it. Call back and tick the box, or decide otherwise."
        ),
        rules.CONFIRMED: _("The worker has confirmed it. Choose “Withdrawn, and confirmed”."),
        rules.WORKER_LEFT: _(
            "The worker has withdrawn it. It can only be decided so if an authority decided."
        ),
        rules.NOT_AUTHORITY: _(
            "The case counts by an authority's word. Choose “An authority decided” as the ground."
        ),
        rules.NO_REASON: _("Choose why."),
    }
