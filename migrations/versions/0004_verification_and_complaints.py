"""The register's owners and links, audits, draws of interviews, complaints being worked on."""

import sqlalchemy as sa
from alembic import op

from rankings.models.columns import JsonDoc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The new tables, in the order in which they can be dropped.
NEW = (
    "help_line",
    "complaint_item",
    "complaint_case",
    "complaint_key",
    "interview_draw",
    "uploaded_findings",
    "corrective_action",
    "second_opinion",
    "audit",
    "panel_seat",
    "declaration",
    "fee_schedule",
    "agency_link",
    "owner",
)
# What known tables have got.
COLUMNS = {
    "complaint": ("ground", "forced_labour"),
    "interview": ("entered_at", "entered_by", "draw"),
    "finding": ("found_at", "audit"),
    "licence_state": ("reversed_because", "reversed_on", "source", "reason"),
}
KEYS = {
    "interview": ("fk_interview_entered_by", "fk_interview_association_draw"),
    "finding": ("fk_finding_association_audit",),
}


def upgrade() -> None:
    _registry()
    _audits()
    _interviews()
    _complaints()


def _registry() -> None:
    op.create_table(
        "owner",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_owner_percent")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_owner_association_agency"),
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_owner")),
    )
    op.create_table(
        "agency_link",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("predecessor", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('renamed', 'new_licence', 'taken_over', 'same_owners')",
            name=op.f("ck_agency_link_known_kind"),
        ),
        sa.CheckConstraint("agency != predecessor", name=op.f("ck_agency_link_two_agencies")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_agency_link_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "predecessor"],
            ["agency.association", "agency.id"],
            name=op.f("fk_agency_link_association_predecessor"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_agency_link_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_agency_link_proposed_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_agency_link")),
        sa.UniqueConstraint(
            "association",
            "agency",
            "predecessor",
            name=op.f("uq_agency_link_association_agency_predecessor"),
        ),
    )
    op.create_table(
        "fee_schedule",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("contract_months", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("fee_currency", sa.String(), nullable=False),
        sa.Column("monthly_wage", sa.BigInteger(), nullable=True),
        sa.Column("wage_currency", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("contract_months >= 1", name=op.f("ck_fee_schedule_a_month_at_least")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_fee_schedule_fee_not_below_0")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_fee_schedule_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["account.id"], name=op.f("fk_fee_schedule_stated_by")
        ),
        sa.PrimaryKeyConstraint(
            "association",
            "agency",
            "destination",
            "programme",
            "contract_months",
            "since",
            name=op.f("pk_fee_schedule"),
        ),
    )
    with op.batch_alter_table("licence_state") as batch:
        batch.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch.add_column(sa.Column("source", sa.String(), nullable=True))
        batch.add_column(sa.Column("reversed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("reversed_because", sa.String(), nullable=True))


def _audits() -> None:
    op.create_table(
        "declaration",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('owner', 'employee', 'adviser', 'family', 'business', 'dispute', 'other')",
            name=op.f("ck_declaration_known_kind"),
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_declaration_account")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_declaration_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_declaration_association")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["account.id"], name=op.f("fk_declaration_declared_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_account"), "declaration", ["account"], unique=False)
    op.create_table(
        "panel_seat",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "seat IN ('association', 'ministry', 'union', 'civil_society')",
            name=op.f("ck_panel_seat_known_seat"),
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_panel_seat_account")),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_panel_seat_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_panel_seat")),
        sa.UniqueConstraint(
            "association", "cycle", "account", name=op.f("uq_panel_seat_association_cycle_account")
        ),
    )
    op.create_table(
        "audit",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("auditor", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "evidence IN ('document', 'audit')", name=op.f("ck_audit_known_evidence")
        ),
        sa.CheckConstraint(
            "method IN ('documents', 'visit_announced', 'visit_unannounced', 'video')",
            name=op.f("ck_audit_known_method"),
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["account.id"], name=op.f("fk_audit_assigned_by")),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_audit_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_audit_association_cycle"),
        ),
        sa.ForeignKeyConstraint(["auditor"], ["account.id"], name=op.f("fk_audit_auditor")),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_audit")),
        sa.UniqueConstraint(
            "association",
            "cycle",
            "agency",
            "evidence",
            name=op.f("uq_audit_association_cycle_agency_evidence"),
        ),
    )
    op.create_index(op.f("ix_audit_auditor"), "audit", ["auditor"], unique=False)
    op.create_table(
        "second_opinion",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("auditor", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "audit"],
            ["audit.association", "audit.id"],
            name=op.f("fk_second_opinion_association_audit"),
        ),
        sa.ForeignKeyConstraint(
            ["auditor"], ["account.id"], name=op.f("fk_second_opinion_auditor")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_second_opinion_settled_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_second_opinion")),
        sa.UniqueConstraint(
            "association",
            "audit",
            "indicator",
            name=op.f("uq_second_opinion_association_audit_indicator"),
        ),
    )
    op.create_index(op.f("ix_second_opinion_auditor"), "second_opinion", ["auditor"], unique=False)
    op.create_table(
        "corrective_action",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("demand", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("demanded_by", sa.Uuid(), nullable=False),
        sa.Column("demanded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_corrective_action_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_corrective_action_association_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_corrective_action_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["demanded_by"], ["account.id"], name=op.f("fk_corrective_action_demanded_by")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["account.id"], name=op.f("fk_corrective_action_reported_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_corrective_action")),
    )
    op.create_table(
        "uploaded_findings",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("changes", JsonDoc(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_uploaded_findings_association_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_uploaded_findings_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_uploaded_findings")),
    )
    with op.batch_alter_table("finding") as batch:
        batch.add_column(sa.Column("audit", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_finding_association_audit"),
            "audit",
            ["association", "audit"],
            ["association", "id"],
        )


def _interviews() -> None:
    op.create_table(
        "interview_draw",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("list_sha256", sa.String(), nullable=False),
        sa.Column("list_size", sa.Integer(), nullable=False),
        sa.Column("drawn", JsonDoc(), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_interview_draw_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_interview_draw_association_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["account.id"], name=op.f("fk_interview_draw_drawn_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_interview_draw")),
    )
    with op.batch_alter_table("interview") as batch:
        batch.add_column(sa.Column("draw", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("entered_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_interview_association_draw"),
            "interview_draw",
            ["association", "draw"],
            ["association", "id"],
        )
        batch.create_foreign_key(
            batch.f("fk_interview_entered_by"), "account", ["entered_by"], ["id"]
        )


def _complaints() -> None:
    op.create_table(
        "help_line",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("names", JsonDoc(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("hours", JsonDoc(), nullable=False),
        sa.Column("spoken", JsonDoc(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('help', 'urgent')", name=op.f("ck_help_line_known_kind")),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_help_line_association")
        ),
        sa.PrimaryKeyConstraint("association", "place", name=op.f("pk_help_line")),
    )
    op.create_table(
        "complaint_key",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_complaint_key_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_complaint_key")),
    )
    op.create_table(
        "complaint_case",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_key", sa.LargeBinary(), nullable=False),
        sa.Column("received_month", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("officer", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("may_tell_agency", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('web', 'telephone', 'walk_in', 'letter', 'partner')",
            name=op.f("ck_complaint_case_known_channel"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'asked', 'checking', 'decided', 'closed')",
            name=op.f("ck_complaint_case_known_status"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "key"],
            ["complaint_key.association", "complaint_key.id"],
            name=op.f("fk_complaint_case_association_key"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "merged_into"],
            ["complaint_case.association", "complaint_case.id"],
            name=op.f("fk_complaint_case_association_merged_into"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "number"],
            ["complaint.association", "complaint.number"],
            name=op.f("fk_complaint_case_association_number"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_complaint_case_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["officer"], ["account.id"], name=op.f("fk_complaint_case_officer")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_complaint_case")),
        sa.UniqueConstraint(
            "association", "number", name=op.f("uq_complaint_case_association_number")
        ),
        sa.UniqueConstraint(
            "association", "receipt_hash", name=op.f("uq_complaint_case_association_receipt_hash")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_complaint_case_officer"), "complaint_case", ["officer"], unique=False)
    op.create_table(
        "complaint_item",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("own_key", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('report', 'message', 'question', 'file', 'note', 'agency_answer')",
            name=op.f("ck_complaint_item_known_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "case"],
            ["complaint_case.association", "complaint_case.id"],
            name=op.f("fk_complaint_item_association_case"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "key"],
            ["complaint_key.association", "complaint_key.id"],
            name=op.f("fk_complaint_item_association_key"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_complaint_item_written_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_complaint_item")),
        sa.UniqueConstraint(
            "association", "case", "place", name=op.f("uq_complaint_item_association_case_place")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("complaint") as batch:
        batch.add_column(sa.Column("forced_labour", JsonDoc(), nullable=True))
        batch.add_column(sa.Column("ground", sa.String(), nullable=True))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name in KEYS.get(table, ()):
                batch.drop_constraint(batch.f(name), type_="foreignkey")
            for column in columns:
                batch.drop_column(column)
    for table in NEW:
        op.drop_table(table)
