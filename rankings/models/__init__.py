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
from rankings.models.complaints import Complaint
from rankings.models.cycles import AssessmentCycle
from rankings.models.editions import EditionBundle, Notice, RankingEdition
from rankings.models.evidence import Evidence, UploadedWorkbook
from rankings.models.imports import ImportedFile
from rankings.models.journal import JournalDetail, JournalEntry, JournalSeal
from rankings.models.registry import Agency, Deployment, FormerName, LicenceState

__all__ = [
    "Account",
    "Agency",
    "Answer",
    "AssessmentCycle",
    "Association",
    "Complaint",
    "Deployment",
    "EditionBundle",
    "Evidence",
    "Finding",
    "FormerName",
    "ImportedFile",
    "Interview",
    "Invitation",
    "JournalDetail",
    "JournalEntry",
    "JournalSeal",
    "LicenceState",
    "Membership",
    "Notice",
    "PasswordReset",
    "RankingEdition",
    "RecoveryCode",
    "Rubric",
    "SelfAssessment",
    "SeriousFinding",
    "SignIn",
    "Throttle",
    "UploadedWorkbook",
]
