"""Registry, assessments, findings, interviews, complaints; editions become signed files.

Parts of editions from before were not signed and are not kept.
"""

import sqlalchemy as sa
from alembic import op

from rankings.models.columns import JsonDoc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _registry()
    _assessments()
    _complaints()
    _files()
    op.drop_table("edition_part")


def _registry() -> None:
    op.create_table(
        "agency",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("licensing_authority", sa.String(), nullable=False),
        sa.Column("licence_number", sa.String(), nullable=False),
        sa.Column("names", JsonDoc(), nullable=False),
        sa.Column("names_as_given", JsonDoc(), nullable=False),
        sa.Column("licensed_on", sa.Date(), nullable=False),
        sa.Column("licence_valid_until", sa.Date(), nullable=True),
        sa.Column("code_signed_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_agency_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_agency")),
        sa.UniqueConstraint("association", "code", name=op.f("uq_agency_association_code")),
        sa.UniqueConstraint(
            "association",
            "licensing_authority",
            "licence_number",
            name=op.f("uq_agency_association_licensing_authority_licence_number"),
        ),
    )
    op.create_table(
        "former_name",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("names", JsonDoc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_former_name_association_agency"),
        ),
        sa.PrimaryKeyConstraint("association", "agency", "until", name=op.f("pk_former_name")),
    )
    op.create_table(
        "licence_state",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('valid', 'suspended', 'revoked', 'expired')",
            name=op.f("ck_licence_state_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_licence_state_association_agency"),
        ),
        sa.PrimaryKeyConstraint("association", "agency", "since", name=op.f("pk_licence_state")),
    )
    op.create_table(
        "deployment",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("workers >= 0", name=op.f("ck_deployment_not_below_0")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_deployment_association_agency"),
        ),
        sa.PrimaryKeyConstraint(
            "association",
            "agency",
            "quarter",
            "destination",
            "programme",
            "sex",
            name=op.f("pk_deployment"),
        ),
    )


def _assessments() -> None:
    op.create_table(
        "self_assessment",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_self_assessment_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_self_assessment_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "cycle", "agency", name=op.f("pk_self_assessment")),
    )
    op.create_table(
        "answer",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "cycle", "agency"],
            ["self_assessment.association", "self_assessment.cycle", "self_assessment.agency"],
            name=op.f("fk_answer_association_cycle_agency"),
        ),
        sa.PrimaryKeyConstraint(
            "association", "cycle", "agency", "indicator", name=op.f("pk_answer")
        ),
    )
    op.create_table(
        "finding",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("disputed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("auditor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "evidence IN ('document', 'audit')", name=op.f("ck_finding_known_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_finding_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_finding_association_cycle"),
        ),
        sa.PrimaryKeyConstraint(
            "association", "cycle", "agency", "indicator", "evidence", name=op.f("pk_finding")
        ),
    )
    op.create_table(
        "serious_finding",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("put_right_on", sa.Date(), nullable=True),
        sa.Column("disputed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("auditor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_serious_finding_association_agency"),
        ),
        sa.PrimaryKeyConstraint(
            "association", "agency", "code", "found_on", name=op.f("pk_serious_finding")
        ),
    )
    op.create_table(
        "interview",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("interviewed_on", sa.Date(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=False),
        sa.Column("answers", JsonDoc(), nullable=False),
        sa.CheckConstraint(
            "chosen_by IN ('association', 'agency')", name=op.f("ck_interview_chosen_by")
        ),
        sa.CheckConstraint(
            "worker IN ('abroad', 'returned', 'before_departure')", name=op.f("ck_interview_worker")
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_interview_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_interview_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "cycle", "number", name=op.f("pk_interview")),
    )


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("agency_heard", sa.Boolean(), nullable=False),
        sa.Column("may_count", sa.String(), nullable=True),
        sa.Column("workers_affected", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=True),
        sa.Column("recovered", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("destination", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'open') = (decided_on IS NULL)", name=op.f("ck_complaint_decided_has_a_day")
        ),
        sa.CheckConstraint("workers_affected >= 1", name=op.f("ck_complaint_somebody_affected")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_complaint_association_agency"),
        ),
        sa.PrimaryKeyConstraint("association", "number", name=op.f("pk_complaint")),
    )


def _files() -> None:
    op.create_table(
        "imported_file",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_imported_file_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_imported_file")),
    )
    op.create_table(
        "edition_bundle",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_edition_bundle_association_edition"),
        ),
        sa.PrimaryKeyConstraint("association", "edition", name=op.f("pk_edition_bundle")),
    )
    op.create_table(
        "notice",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_notice_association")
        ),
        sa.PrimaryKeyConstraint("association", "number", name=op.f("pk_notice")),
    )


def downgrade() -> None:
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
    for table in (
        "notice",
        "edition_bundle",
        "imported_file",
        "complaint",
        "interview",
        "serious_finding",
        "finding",
        "answer",
        "self_assessment",
        "deployment",
        "licence_state",
        "former_name",
        "agency",
    ):
        op.drop_table(table)
