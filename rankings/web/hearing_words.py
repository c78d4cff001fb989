"""The words of hearings, disputes, appeals and replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rankings.errors import Problem
from rankings.models import Dispute
from rankings.usecases import (
    dispute_decisions,
    dispute_filing,
    dispute_rules,
    disputes,
    replies,
    wording,
)
from rankings.web.languages import say as _


def outcome_word(outcome: str) -> str:
    """How a dispute was decided."""
    return {
        disputes.STANDS: _("The finding stands"),
        disputes.CHANGED: _("The finding is changed"),
        disputes.WITHDRAWN: _("The finding is withdrawn"),
    }[outcome]


def dispute_state(dispute: Dispute, today: date) -> tuple[str, str]:
    """How far a dispute is, and the colour of it."""
    if dispute.outcome:
        return outcome_word(dispute.outcome), "completed"
    if dispute.due_on < today:
        return _("Overdue"), "problem"
    return _("To be decided"), "in_progress"


def reply_state(state: str) -> tuple[str, str]:
    """How far a reply is, and the colour of it."""
    return {
        replies.WAITING: (_("Not read yet"), "in_progress"),
        replies.PRINTED: (_("Will be printed"), "completed"),
        replies.REFUSED: (_("Will not be printed"), "problem"),
    }[state]


def how_found(evidence: str | None) -> str:
    """How a finding was made."""
    words = {"document": _("Found by a desk check"), "audit": _("Found on a visit")}
    return words[evidence] if evidence else _("Very serious finding")


def reasons() -> Mapping[str, str]:
    """What the use cases of this part say no with."""
    return {
        dispute_rules.NO_HEARING: _("There is no hearing now, and nothing to appeal."),
        dispute_rules.NOT_SERVED: _(
            "The agency has not been told yet. Its time to answer has not begun."
        ),
        dispute_rules.NOT_DUE: _("Nothing changes for this agency. There is nothing to answer."),
        dispute_rules.OVER: _("The time to answer has ended."),
        dispute_rules.APPEAL_OVER: _("The time to appeal has ended."),
        dispute_filing.OPEN_ALREADY: _(
            "This finding is disputed already. It does not count until that is decided."
        ),
        dispute_filing.DECIDED_ALREADY: _("This finding was disputed and decided already."),
        dispute_filing.NOT_A_SIGNATORY: _("Only a signatory of the agency can do this."),
        **_of_decisions(),
        replies.MODERATED: _("The association has read your reply. It can no longer change."),
        replies.PUBLISHED: _("The edition has been published. Its replies no longer change."),
        replies.READ_ANOTHER: _("The agency has changed its reply in the meantime. Read it again."),
    }


def _of_decisions() -> Mapping[str, str]:
    return {
        dispute_decisions.NOT_A_DECIDER: _("Only a lead auditor or the secretariat decides this."),
        dispute_decisions.OWN: _("You made or judged this finding. Somebody else decides this."),
        dispute_decisions.DECIDED_BEFORE: _(
            "You decided the dispute of this finding. Somebody else decides the appeal."
        ),
        dispute_decisions.DECIDED: _("This has been decided."),
        dispute_decisions.AUDIT_OPEN: _(
            "The audit has been opened again. Decide when it is closed."
        ),
        dispute_decisions.GONE: _("The finding has been taken away. Nothing is left to decide."),
        dispute_decisions.FINDING_CHANGED: _(
            "The finding has changed in the meantime. Look at it again."
        ),
    }


def errors(problems: Iterable[Problem]) -> dict[str, str]:
    """What is wrong, by field."""
    return {one.place: _wrong(one) for one in problems}


def _wrong(problem: Problem) -> str:
    known = {
        wording.PILED: _("Too many marks stand on one letter. Write it plainly."),
        replies.NO_LANGUAGE: _("Choose the language you wrote in."),
        replies.NO_CHOICE: _("Choose whether it is printed."),
        dispute_filing.TOO_MANY_FILES: _(
            "Hand in at most %(most)d files.", most=dispute_filing.MAX_FILES
        ),
        dispute_decisions.NO_OUTCOME: _("Choose what becomes of the finding."),
        dispute_decisions.NO_FOUND: _("Choose what is found instead."),
        dispute_decisions.SAME_FOUND: _(
            "This is what was found before. Choose another answer, or let the finding stand."
        ),
    }
    return known.get(problem.remedy) or _length(problem.place)


def _length(place: str) -> str:
    least, most = {
        "text": (1, replies.MAX_TEXT),
        "statement": (1, dispute_filing.MAX_STATEMENT),
        "because": (1, replies.MAX_BECAUSE),
        "reason": (dispute_decisions.LEAST_REASON, dispute_decisions.MAX_REASON),
    }[place]
    return _("Write %(least)d to %(most)d letters.", least=least, most=most)
