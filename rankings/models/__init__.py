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
from rankings.models.associations import Association, Rubric
from rankings.models.audits import (
    Audit,
    CorrectiveAction,
    Declaration,
    InterviewDraw,
    PanelSeat,
    SecondOpinion,
    UploadedFindings,
)
from rankings.models.cases import ComplaintCase, ComplaintItem, ComplaintKey, HelpLine
from rankings.models.complaints import Complaint
from rankings.models.cycles import AssessmentCycle
from rankings.models.editions import EditionBundle, Notice, RankingEdition
from rankings.models.evidence import Evidence, UploadedWorkbook
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

__all__ = [
    "Account",
    "Agency",
    "AgencyLink",
    "Answer",
    "AssessmentCycle",
    "Association",
    "Audit",
    "Complaint",
    "ComplaintCase",
    "ComplaintItem",
    "ComplaintKey",
    "CorrectiveAction",
    "Declaration",
    "Deployment",
    "EditionBundle",
    "Evidence",
    "FeeSchedule",
    "Finding",
    "FormerName",
    "HelpLine",
    "ImportedFile",
    "Interview",
    "InterviewDraw",
    "Invitation",
    "JournalDetail",
    "JournalEntry",
    "JournalSeal",
    "LicenceState",
    "Membership",
    "Notice",
    "Owner",
    "PanelSeat",
    "PasswordReset",
    "RankingEdition",
    "RecoveryCode",
    "Rubric",
    "SecondOpinion",
    "SelfAssessment",
    "SeriousFinding",
    "SignIn",
    "Throttle",
    "UploadedFindings",
    "UploadedWorkbook",
]
