"""The tables, by noun; no methods."""

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
from rankings.models.imports import ImportedFile
from rankings.models.registry import Agency, Deployment, FormerName, LicenceState

__all__ = [
    "Agency",
    "Answer",
    "AssessmentCycle",
    "Association",
    "Complaint",
    "Deployment",
    "EditionBundle",
    "Finding",
    "FormerName",
    "ImportedFile",
    "Interview",
    "LicenceState",
    "Notice",
    "RankingEdition",
    "Rubric",
    "SelfAssessment",
    "SeriousFinding",
]
