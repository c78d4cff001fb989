"""The tables, by noun; no methods."""

from rankings.models.associations import Association, Rubric
from rankings.models.cycles import AssessmentCycle
from rankings.models.editions import EditionPart, RankingEdition

__all__ = ["AssessmentCycle", "Association", "EditionPart", "RankingEdition", "Rubric"]
