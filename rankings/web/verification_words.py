"""The words of declarations, panels, assignments, proposals and second opinions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rankings.usecases import (
    audit_assignments,
    conflicts,
    declarations,
    panel,
    second_opinions,
    settlements,
)
from rankings.usecases.sampling import MONTHS, UPHELD_MONTHS, Reason
from rankings.usecases.second_opinions import Pair
from rankings.web.languages import say as _
from rankings.web.words import short


def tie_word(kind: str) -> str:
    """A kind of tie."""
    return {
        "owner": _("Owner or shareholder"),
        "employee": _("Works or has worked there"),
        "adviser": _("Adviser or lawyer"),
        "family": _("Family or close friends"),
        "business": _("Business together"),
        "dispute": _("Dispute or court case"),
        "other": _("Something else"),
    }[kind]


def seat_word(seat: str) -> str:
    """For whom somebody sits on a panel."""
    return {
        "association": _("Association"),
        "ministry": _("Ministry"),
        "union": _("Union"),
        "civil_society": _("Civil society"),
    }[seat]


def evidence_word(kind: str) -> str:
    """A kind of audit."""
    return {"document": _("Desk check"), "audit": _("Visit")}[kind]


def state_word(state: str) -> str:
    """How far an audit is."""
    return {
        audit_assignments.NOT_BEGUN: _("Not begun"),
        audit_assignments.BEGUN: _("Begun"),
        audit_assignments.CLOSED: _("Closed"),
        audit_assignments.OPINIONS: _("Second opinions open"),
        audit_assignments.DIFFERENCES: _("Differences open"),
    }[state]


def change_word(reason: str) -> str:
    """Why an audit goes to somebody else."""
    return {
        "conflict": _("Tie to the agency"),
        "absence": _("Absence"),
        "workload": _("Too much work"),
        "rotation": _("Rotation: not the same auditor again"),
        "other": _("Something else"),
    }[reason]


def opinion_state(pair: Pair) -> str:
    """How far a second opinion is, without saying what anybody found."""
    if pair.is_waiting:
        return _("Waiting") if pair.opinion.auditor else _("Nobody asked yet")
    if pair.is_open:
        return _("Different: to be settled")
    return _("Different: settled") if pair.opinion.settled_at else _("Same finding")


def why_visit(reason: Reason) -> str:
    """A reason of the proposal, with its numbers."""
    said = {name: short(Fraction(number)) for name, number in reason.numbers.items()}
    if reason.code == "unaudited":
        return _("Months since the last visit: %(months)s", **said) if said else _("Never visited")
    if reason.code == "claims":
        return _(
            "Claims above the last finding: %(higher)s of %(compared)s (average gap: %(gap)s)",
            **said,
        )
    if reason.code == "silence":
        return _(
            "No complaint in %(span)d months, about %(expected)s expected", span=MONTHS, **said
        )
    if reason.code == "complaint":
        return _upheld(said)
    if reason.code == "reversal":
        return _("Licence states reversed in %(span)d months: %(reversals)s", span=MONTHS, **said)
    return _("New: licensed for %(months)s months", **said)


def _upheld(said: Mapping[str, str]) -> str:
    """Complaints that were upheld, against what the agency's size lets expect."""
    if "grave" in said:
        return _(
            "Complaints upheld in %(span)d months: %(cases)s, of the gravest kind: %(grave)s"
            " (severity points: %(weight)s, usual for its size: %(expected)s)",
            span=UPHELD_MONTHS,
            **said,
        )
    return _(
        "Complaints upheld in %(span)d months: %(cases)s"
        " (severity points: %(weight)s, usual for its size: %(expected)s)",
        span=UPHELD_MONTHS,
        **said,
    )


def reasons() -> Mapping[str, str]:
    """What the use cases of this part say no with."""
    return {
        conflicts.WHY: _(
            "This person is tied to the agency, or to one close to it. Choose somebody else."
        ),
        declarations.ENDED: _("This tie has ended already."),
        panel.SEATED: _("This person has another seat on the panel already."),
        audit_assignments.OVER: _(
            "The last day of this cycle has passed. Nothing can be assigned."
        ),
        audit_assignments.TAKEN: _(
            "This agency has an audit of this kind in the cycle already. Give that one to somebody"
            " else instead."
        ),
        audit_assignments.AUDIT_CLOSED: _("This audit is closed. It stays with who made it."),
        audit_assignments.CHANGED: _("Somebody else has changed this in the meantime. Look again."),
        second_opinions.CHANGED: _("Somebody else has changed this in the meantime. Look again."),
        second_opinions.FIRST: _("Whoever made the first finding does not make the second one."),
        second_opinions.GIVEN: _("This second opinion has been given. It can no longer change."),
        settlements.OWN: _("You made one of the two findings. Another lead auditor settles this."),
        settlements.NOT_OPEN: _("Nothing is left to settle here."),
        settlements.AUDIT_OPEN: _("This audit has been opened again. Settle when it is closed."),
        settlements.CHANGED: _("The first finding has changed in the meantime. Look again."),
    }


def remedies() -> Mapping[str, str]:
    """What is said beside a field that cannot be taken, by the remedy of the use case."""
    return {
        declarations.NO_PERSON: _("Choose a person of the staff."),
        declarations.NO_KIND: _("Choose a kind of tie."),
        declarations.NO_STATEMENT: _(
            "Say in at most %(most)d characters what the tie is.", most=declarations.MAX_STATEMENT
        ),
        declarations.IN_FUTURE: _("Enter today or an earlier day."),
        declarations.IN_PAST: _("Enter today or a later day."),
        panel.NO_SEAT: _("Choose for whom the person sits on the panel."),
        panel.NO_PERSON: _("Choose a person who has no role in an agency."),
        audit_assignments.NO_KIND: _("Choose a desk check or a visit."),
        audit_assignments.NO_REASON: _("Choose a reason."),
        audit_assignments.NO_AUDITOR: _("Choose an auditor."),
        audit_assignments.NO_DAY: _("Enter a day from today to the last day of the cycle."),
        second_opinions.NO_AUDITOR: _("Choose an auditor who is no lead auditor."),
        second_opinions.NO_REASON: _(
            "Say why in at most %(most)d characters.", most=second_opinions.MAX_REASON
        ),
        settlements.NO_CHOICE: _("Choose which of both findings holds."),
        settlements.NO_BECAUSE: _(
            "Say why in at most %(most)d characters.", most=settlements.MAX_BECAUSE
        ),
    }
