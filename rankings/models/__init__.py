"""The tables, by noun; no methods."""

from rankings.models.accounts import (
    Account,
    Invitation,
    Membership,
    PasswordReset,
    RecoveryCode,
    SignIn,
    Throttle,
)
from rankings.models.assessments import (
    Answer,
    Finding,
    Interview,
    SelfAssessment,
    SeriousFinding,
)
from rankings.models.associations import (
    Association,
    AssociationSettings,
    ExchangeRate,
    FeeCapTable,
    Rubric,
)
from rankings.models.audits import (
    Audit,
    CorrectiveAction,
    Declaration,
    InterviewDraw,
    PanelSeat,
    SecondOpinion,
    UploadedFindings,
)
from rankings.models.calendars import CalendarRule, CyclePlan, CycleStep, PublicHoliday
from rankings.models.candidates import (
    Approval,
    Candidate,
    CandidateBody,
    MethodReport,
    RatingRequest,
    Withdrawal,
)
from rankings.models.cases import ComplaintCase, ComplaintItem, ComplaintKey, HelpLine
from rankings.models.complaints import Complaint
from rankings.models.cycles import AssessmentCycle
from rankings.models.editions import EditionBundle, Notice, RankingEdition
from rankings.models.evidence import Evidence, UploadedWorkbook
from rankings.models.hearings import Dispute, DisputeFile, Hearing, HearingNotice, Reply
from rankings.models.imports import ImportedFile
from rankings.models.journal import JournalDetail, JournalEntry, JournalSeal
from rankings.models.registry import (
    Agency,
    AgencyLink,
    Deployment,
    FeeSchedule,
    FormerName,
    LicenceState,
    Owner,
)
from rankings.models.schedule import Lease, Message, Occurrence

__all__ = [
    "Account",
    "Agency",
    "AgencyLink",
    "Answer",
    "Approval",
    "AssessmentCycle",
    "Association",
    "AssociationSettings",
    "Audit",
    "CalendarRule",
    "Candidate",
    "CandidateBody",
    "Complaint",
    "ComplaintCase",
    "ComplaintItem",
    "ComplaintKey",
    "CorrectiveAction",
    "CyclePlan",
    "CycleStep",
    "Declaration",
    "Deployment",
    "Dispute",
    "DisputeFile",
    "EditionBundle",
    "Evidence",
    "ExchangeRate",
    "FeeCapTable",
    "FeeSchedule",
    "Finding",
    "FormerName",
    "Hearing",
    "HearingNotice",
    "HelpLine",
    "ImportedFile",
    "Interview",
    "InterviewDraw",
    "Invitation",
    "JournalDetail",
    "JournalEntry",
    "JournalSeal",
    "Lease",
    "LicenceState",
    "Membership",
    "Message",
    "MethodReport",
    "Notice",
    "Occurrence",
    "Owner",
    "PanelSeat",
    "PasswordReset",
    "PublicHoliday",
    "RankingEdition",
    "RatingRequest",
    "RecoveryCode",
    "Reply",
    "Rubric",
    "SecondOpinion",
    "SelfAssessment",
    "SeriousFinding",
    "SignIn",
    "Throttle",
    "UploadedFindings",
    "UploadedWorkbook",
    "Withdrawal",
]
