"""Associations, rubrics, assessment cycles and ranking editions."""

import sqlalchemy as sa
from alembic import op

from rankings.models.columns import JsonDoc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "association",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_association_country_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association")),
    )
    op.create_table(
        "rubric",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("labels", JsonDoc(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_rubric_association")
        ),
        sa.PrimaryKeyConstraint("association", "code", "version", name=op.f("pk_rubric")),
    )
    _cycles()
    _editions()


def _cycles() -> None:
    op.create_table(
        "assessment_cycle",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rubric_code", sa.String(), nullable=False),
        sa.Column("rubric_version", sa.String(), nullable=False),
        sa.Column("rubric_document", sa.String(), nullable=False),
        sa.Column("rubric_labels", JsonDoc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_assessment_cycle_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_assessment_cycle")),
        sa.UniqueConstraint(
            "association", "slug", name=op.f("uq_assessment_cycle_association_slug")
        ),
    )


def _editions() -> None:
    op.create_table(
        "ranking_edition",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_ranking_edition_number_from_one")),
        sa.CheckConstraint(
            "number = 1 OR reason IS NOT NULL",
            name=op.f("ck_ranking_edition_correction_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_ranking_edition_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_ranking_edition")),
        sa.UniqueConstraint(
            "association",
            "cycle",
            "number",
            name=op.f("uq_ranking_edition_association_cycle_number"),
        ),
    )
    op.create_table(
        "edition_part",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_edition_part_association_edition"),
        ),
        sa.PrimaryKeyConstraint("association", "edition", "name", name=op.f("pk_edition_part")),
    )


def downgrade() -> None:
    for table in ("edition_part", "ranking_edition", "assessment_cycle", "rubric", "association"):
        op.drop_table(table)
