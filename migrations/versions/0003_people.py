"""Accounts and their rights, the journal, drafts of self-assessments, evidence, workbooks.

Going back deletes drafts: before, every self-assessment was a submitted one.
"""

import sqlalchemy as sa
from alembic import op

from rankings.models.columns import JsonDoc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The new tables, in the order in which they can be dropped.
NEW = (
    *("journal_seal", "journal_detail", "journal_entry"),
    *("throttle", "recovery_code", "sign_in", "password_reset", "invitation", "membership"),
    "account",
)
KNOWN_ROLE = (
    "role IN ('agency_member', 'agency_signatory', 'auditor', 'lead_auditor', 'case_officer', "
    "'secretariat', 'regulator')"
)
DRAFT = (
    "(association, cycle, agency) IN (SELECT association, cycle, agency FROM self_assessment "
    "WHERE submitted_on IS NULL)"
)


def upgrade() -> None:
    _accounts()
    _ways_in()
    _staying_in()
    _journal()
    _drafts()
    _evidence()
    _workbooks()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "membership",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('agency_member', 'agency_signatory')) = (agency IS NOT NULL)",
            name=op.f("ck_membership_role_of_agency"),
        ),
        sa.CheckConstraint(
            KNOWN_ROLE,
            name=op.f("ck_membership_known_role"),
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_membership_account")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_membership_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_membership_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_account"), "membership", ["account"], unique=False)


def _ways_in() -> None:
    op.create_table(
        "invitation",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role IN ('agency_member', 'agency_signatory')) = (agency IS NOT NULL)",
            name=op.f("ck_invitation_role_of_agency"),
        ),
        sa.CheckConstraint(
            KNOWN_ROLE,
            name=op.f("ck_invitation_known_role"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_invitation_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_invitation_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "association", "token_hash", name=op.f("uq_invitation_association_token_hash")
        ),
    )
    op.create_table(
        "password_reset",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"], ["account.id"], name=op.f("fk_password_reset_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_reset")),
    )
    op.create_index(op.f("ix_password_reset_account"), "password_reset", ["account"], unique=False)


def _staying_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_sign_in_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_in_id")),
    )
    op.create_index(op.f("ix_sign_in_account"), "sign_in", ["account"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_recovery_code_account")),
        sa.PrimaryKeyConstraint("account", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )


def _journal() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_journal_entry")),
    )
    op.create_table(
        "journal_detail",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("entry", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("details", JsonDoc(), nullable=False),
        sa.PrimaryKeyConstraint("association", "entry", name=op.f("pk_journal_detail")),
    )
    op.create_table(
        "journal_seal",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "entry"],
            ["journal_entry.association", "journal_entry.id"],
            name=op.f("fk_journal_seal_association_entry"),
        ),
        sa.PrimaryKeyConstraint("association", "number", name=op.f("pk_journal_seal")),
        sa.UniqueConstraint("association", "entry", name=op.f("uq_journal_seal_association_entry")),
    )


def _drafts() -> None:
    with op.batch_alter_table("self_assessment") as batch:
        batch.add_column(sa.Column("submitted_by", sa.Uuid(), nullable=True))
        batch.alter_column("submitted_on", existing_type=sa.DATE(), nullable=True)
        batch.create_foreign_key(
            batch.f("fk_self_assessment_submitted_by"), "account", ["submitted_by"], ["id"]
        )
    with op.batch_alter_table("answer") as batch:
        batch.add_column(sa.Column("note", sa.String(), nullable=True))
        batch.add_column(sa.Column("answered_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_answer_answered_by"), "account", ["answered_by"], ["id"]
        )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("given_sha256", sa.String(), nullable=False),
        sa.Column("stored_sha256", sa.String(), nullable=False),
        sa.Column("has_active_content", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "cycle", "agency"],
            ["self_assessment.association", "self_assessment.cycle", "self_assessment.agency"],
            name=op.f("fk_evidence_association_cycle_agency"),
        ),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_evidence_given_by")),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "association",
            "cycle",
            "agency",
            "indicator",
            "given_sha256",
            name=op.f("uq_evidence_association_cycle_agency_indicator_given_sha256"),
        ),
    )
    op.create_index(op.f("ix_evidence_given_sha256"), "evidence", ["given_sha256"], unique=False)


def _workbooks() -> None:
    op.create_table(
        "uploaded_workbook",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("changes", JsonDoc(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "cycle", "agency"],
            ["self_assessment.association", "self_assessment.cycle", "self_assessment.agency"],
            name=op.f("fk_uploaded_workbook_association_cycle_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_uploaded_workbook_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_uploaded_workbook")),
    )


def downgrade() -> None:
    op.drop_table("uploaded_workbook")
    op.drop_table("evidence")
    for table in ("answer", "self_assessment"):
        op.execute(f"DELETE FROM {table} WHERE {DRAFT}")
    with op.batch_alter_table("self_assessment") as batch:
        batch.drop_constraint(batch.f("fk_self_assessment_submitted_by"), type_="foreignkey")
        batch.alter_column("submitted_on", existing_type=sa.DATE(), nullable=False)
        batch.drop_column("submitted_by")
    with op.batch_alter_table("answer") as batch:
        batch.drop_constraint(batch.f("fk_answer_answered_by"), type_="foreignkey")
        for column in ("answered_at", "answered_by", "note"):
            batch.drop_column(column)
    for table in NEW:
        op.drop_table(table)
