"""The words of each kind of message, and the page to which it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Say = Callable[[str], str]
DESK = "/{association}/staff/"
CYCLE = DESK + "cycles/{cycle}/"
PUBLICATION = CYCLE + "publication/"
AGENCY = CYCLE + "agencies/{agency}/"
PUBLIC = "/{association}/{lang}/"


@dataclass(frozen=True)
class Kind:
    """How a kind of message is said, and the page it leads to."""

    words: Callable[[Say], tuple[str, str]]
    page: str = DESK
    is_public: bool = False


def _opened(_: Say) -> tuple[str, str]:
    return (
        _("Self-assessment %(cycle)s is open until %(day)s"),
        _(
            "The assessment cycle %(cycle)s has opened. Answer the questions for agency "
            "%(agency)s; a signatory has to submit the self-assessment by %(until)s."
        ),
    )


def _reminder(_: Say) -> tuple[str, str]:
    return (
        _("Not submitted yet: self-assessment %(cycle)s, until %(day)s"),
        _(
            "The self-assessment %(cycle)s of agency %(agency)s has not been submitted. A "
            "signatory has to submit it by %(until)s; what is missing then stays unanswered."
        ),
    )


def _closed(_: Say) -> tuple[str, str]:
    return (
        _("Self-assessments %(cycle)s are closed"),
        _(
            "The time for self-assessments of the cycle %(cycle)s is over. They can be read and no "
            "longer be changed. Audits go on."
        ),
    )


def _audits_ending(_: Say) -> tuple[str, str]:
    return (
        _("Audits %(cycle)s end on %(day)s"),
        _("Audits of yours are still open in the cycle %(cycle)s. Close them by %(until)s."),
    )


def _hearing_opened(_: Say) -> tuple[str, str]:
    return (
        _("Hearing %(cycle)s: your rating can be read until %(day)s"),
        _(
            "Before anything is published, agency %(agency)s can read its own rating of the cycle "
            "%(cycle)s. A signatory may reply to it or dispute a finding until %(until)s. The "
            "rating is confidential until it is published."
        ),
    )


def _hearing_ending(_: Say) -> tuple[str, str]:
    return (
        _("Hearing %(cycle)s ends on %(day)s"),
        _(
            "Agency %(agency)s can reply to its rating of the cycle %(cycle)s, or dispute a "
            "finding, until %(until)s. Whoever says nothing agrees to nothing: the rating is then "
            "published without a reply."
        ),
    )


def _dispute_filed(_: Say) -> tuple[str, str]:
    return (
        _("Agency %(agency)s disputes a finding: decide by %(day)s"),
        _(
            "Agency %(agency)s disputes a finding of the cycle %(cycle)s. Somebody other than the "
            "auditor has to decide by %(until)s."
        ),
    )


def _dispute_decided(_: Say) -> tuple[str, str]:
    return (
        _("A dispute of agency %(agency)s has been decided"),
        _(
            "A finding that agency %(agency)s disputed in the cycle %(cycle)s has been decided. "
            "The page says how, and why."
        ),
    )


def _dispute_overdue(_: Say) -> tuple[str, str]:
    return (
        _("Overdue since %(day)s: a dispute of agency %(agency)s"),
        _(
            "A dispute of agency %(agency)s in the cycle %(cycle)s had to be decided by %(until)s "
            "and is not. The agency sees that it is overdue. Decide it now."
        ),
    )


def _reply_moderated(_: Say) -> tuple[str, str]:
    return (
        _("Decided: the reply of agency %(agency)s"),
        _(
            "The association has decided whether the reply of agency %(agency)s is printed beside "
            "its rating of the cycle %(cycle)s. The page says so, and why."
        ),
    )


def _approval_asked(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s waits for two persons"),
        _(
            "The ranking of the cycle %(cycle)s is not approved yet. One person prepares it and "
            "another one checks and approves it; only then can it be published. The page says "
            "which of the two is missing."
        ),
    )


def _candidate_void(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s must be prepared and approved again"),
        _(
            "The ranking of the cycle %(cycle)s has changed or was sent back since it was "
            "prepared. What was prepared or approved is void: check it, then prepare and approve "
            "it again."
        ),
    )


def _published(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s is published"),
        _("%(association)s has published the ranking of the cycle %(cycle)s."),
    )


def _corrected(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s has been corrected"),
        _(
            "%(association)s has published a corrected ranking of the cycle %(cycle)s. The page "
            "says what was corrected."
        ),
    )


def _withdrawn(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s has been withdrawn"),
        _(
            "%(association)s has withdrawn the ranking of the cycle %(cycle)s. It can still be "
            "read; the page says that it no longer holds, and why."
        ),
    )


def _complaints_overdue(_: Say) -> tuple[str, str]:
    return (
        _("Complaints past their deadline: %(count)s"),
        _("Complaints that are past a deadline: %(count)s. Please go on with them today."),
    )


def _gates_red(_: Say) -> tuple[str, str]:
    return (
        _("Ranking %(cycle)s cannot be published yet"),
        _(
            "Conditions that the ranking of the cycle %(cycle)s does not meet: %(count)s. As long "
            "as there is one nothing is published. The page names them."
        ),
    )


def _job_failed(_: Say) -> tuple[str, str]:
    return (
        _("The schedule could not do its work: %(job)s"),
        _(
            "The job “%(job)s” has failed so often that it is no longer tried. The page says what "
            "went wrong; the job can be tried again there."
        ),
    )


def _rating_request_decided(_: Say) -> tuple[str, str]:
    return (
        _("Decided: your request for a new rating of agency %(agency)s"),
        _(
            "The association has decided on the request for a new rating of agency %(agency)s. The "
            "page says how, and why."
        ),
    )


KINDS: Mapping[str, Kind] = {
    "opened": Kind(_opened, AGENCY + "self-assessment/"),
    "reminder": Kind(_reminder, AGENCY + "self-assessment/"),
    "closed": Kind(_closed),
    "audits_ending": Kind(_audits_ending, CYCLE + "audits/"),
    "hearing_opened": Kind(_hearing_opened, AGENCY + "hearing"),
    "hearing_ending": Kind(_hearing_ending, AGENCY + "hearing"),
    "dispute_filed": Kind(_dispute_filed, DESK + "disputes/"),
    "dispute_decided": Kind(_dispute_decided, AGENCY + "hearing"),
    "dispute_overdue": Kind(_dispute_overdue, DESK + "disputes/"),
    "reply_moderated": Kind(_reply_moderated, AGENCY + "hearing"),
    "approval_asked": Kind(_approval_asked, PUBLICATION),
    "candidate_void": Kind(_candidate_void, PUBLICATION),
    "published": Kind(_published, PUBLIC, is_public=True),
    "corrected": Kind(_corrected, PUBLIC, is_public=True),
    "withdrawn": Kind(_withdrawn, PUBLIC, is_public=True),
    "complaints_overdue": Kind(_complaints_overdue, DESK + "complaints/"),
    "gates_red": Kind(_gates_red, PUBLICATION),
    "job_failed": Kind(_job_failed, DESK + "schedule/"),
    "rating_request_decided": Kind(
        _rating_request_decided, DESK + "agencies/{agency}/rating-request"
    ),
}
