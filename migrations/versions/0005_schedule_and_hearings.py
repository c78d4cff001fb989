"""The schedule, what an association decides for itself, candidates, hearings."""

import sqlalchemy as sa
from alembic import op

from rankings.models.columns import JsonDoc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The new tables, in the order in which they can be dropped.
NEW = (
    "dispute_file",
    "dispute",
    "reply",
    "hearing_notice",
    "hearing",
    "rating_request",
    "method_report",
    "withdrawal",
    "approval",
    "candidate_body",
    "candidate",
    "cycle_step",
    "cycle_plan",
    "calendar_rule",
    "message",
    "occurrence",
    "lease",
    "public_holiday",
    "exchange_rate",
    "fee_cap_table",
    "association_settings",
)


def upgrade() -> None:
    _settings()
    _schedule()
    _candidates()
    _hearings()
    with op.batch_alter_table("serious_finding") as batch:
        batch.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))
    with op.batch_alter_table("sign_in") as batch:
        batch.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))


def _settings() -> None:
    op.create_table(
        "association_settings",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("hearing_days", sa.Integer(), nullable=False),
        sa.Column("dispute_days", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("least_rated_percent", sa.Integer(), nullable=False),
        sa.Column("most_over_claims_percent", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_association_settings_association")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_association_settings_changed_by")
        ),
        sa.PrimaryKeyConstraint("association", name=op.f("pk_association_settings")),
    )
    op.create_table(
        "fee_cap_table",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("stored_by", sa.Uuid(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_fee_cap_table_association")
        ),
        sa.ForeignKeyConstraint(
            ["stored_by"], ["account.id"], name=op.f("fk_fee_cap_table_stored_by")
        ),
        sa.PrimaryKeyConstraint("association", "number", name=op.f("pk_fee_cap_table")),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_exchange_rate_association")
        ),
        sa.PrimaryKeyConstraint(
            "association", "base", "quote", "since", name=op.f("pk_exchange_rate")
        ),
    )
    op.create_table(
        "public_holiday",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_public_holiday_association")
        ),
        sa.PrimaryKeyConstraint("association", "day", name=op.f("pk_public_holiday")),
    )


def _schedule() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "occurrence",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('done', 'failed', 'given_up')", name=op.f("ck_occurrence_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_occurrence_association")
        ),
        sa.PrimaryKeyConstraint("association", "job", "key", name=op.f("pk_occurrence")),
    )
    op.create_table(
        "message",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("values", JsonDoc(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unsure', 'given_up')",
            name=op.f("ck_message_known_state"),
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_message_account")),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_message_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "association",
            "account",
            "occasion",
            name=op.f("uq_message_association_account_occasion"),
        ),
    )
    op.create_index(op.f("ix_message_account"), "message", ["account"], unique=False)
    op.create_table(
        "calendar_rule",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("first_opens_on", sa.Date(), nullable=False),
        sa.Column("time_of_day", sa.String(), nullable=False),
        sa.Column("days", JsonDoc(), nullable=False),
        sa.Column("rubric_code", sa.String(), nullable=False),
        sa.Column("rubric_version", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "every IN ('year', 'half_year', 'quarter')", name=op.f("ck_calendar_rule_known_rule")
        ),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_calendar_rule_association")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_calendar_rule_changed_by")
        ),
        sa.PrimaryKeyConstraint("association", name=op.f("pk_calendar_rule")),
    )
    op.create_table(
        "cycle_plan",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rubric_code", sa.String(), nullable=False),
        sa.Column("rubric_version", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association"], ["association.id"], name=op.f("fk_cycle_plan_association")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_cycle_plan")),
        sa.UniqueConstraint("association", "slug", name=op.f("uq_cycle_plan_association_slug")),
    )
    op.create_table(
        "cycle_step",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("plan", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("time_of_day", sa.String(), nullable=False),
        sa.Column("moved_because", sa.String(), nullable=True),
        sa.Column("moved_by", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "plan"],
            ["cycle_plan.association", "cycle_plan.id"],
            name=op.f("fk_cycle_step_association_plan"),
        ),
        sa.ForeignKeyConstraint(["moved_by"], ["account.id"], name=op.f("fk_cycle_step_moved_by")),
        sa.PrimaryKeyConstraint("association", "plan", "step", name=op.f("pk_cycle_step")),
    )


def _candidates() -> None:
    op.create_table(
        "candidate",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("contents", JsonDoc(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scored_by", sa.String(), nullable=False),
        sa.Column("void_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_because", JsonDoc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_candidate_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_candidate")),
    )
    op.create_table(
        "candidate_body",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("candidate", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "candidate"],
            ["candidate.association", "candidate.id"],
            name=op.f("fk_candidate_body_association_candidate"),
        ),
        sa.PrimaryKeyConstraint("association", "candidate", name=op.f("pk_candidate_body")),
    )
    op.create_table(
        "approval",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("candidate", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step IN ('prepared', 'approved')", name=op.f("ck_approval_known_step")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_approval_account")),
        sa.ForeignKeyConstraint(
            ["association", "candidate"],
            ["candidate.association", "candidate.id"],
            name=op.f("fk_approval_association_candidate"),
        ),
        sa.PrimaryKeyConstraint("association", "candidate", "step", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "association",
            "candidate",
            "account",
            name=op.f("uq_approval_association_candidate_account"),
        ),
    )
    op.create_table(
        "withdrawal",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_withdrawal_approved_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_withdrawal_asked_by")),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_withdrawal_association_edition"),
        ),
        sa.PrimaryKeyConstraint("association", "edition", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "method_report",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("rubric_code", sa.String(), nullable=False),
        sa.Column("rubric_version", sa.String(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.Column("body", JsonDoc(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_method_report_association_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "rubric_code", "rubric_version"],
            ["rubric.association", "rubric.code", "rubric.version"],
            name=op.f("fk_method_report_association_rubric_code_rubric_version"),
        ),
        sa.PrimaryKeyConstraint(
            "association", "rubric_code", "rubric_version", "edition", name=op.f("pk_method_report")
        ),
    )
    op.create_table(
        "rating_request",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_rating_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_rating_request_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_rating_request_association_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_rating_request_decided_by")
        ),
        sa.PrimaryKeyConstraint("association", "edition", "agency", name=op.f("pk_rating_request")),
    )


def _hearings() -> None:
    op.create_table(
        "hearing",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "number = 1 OR reason IS NOT NULL", name=op.f("ck_hearing_correction_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_hearing_association_cycle"),
        ),
        sa.PrimaryKeyConstraint("association", "cycle", "number", name=op.f("pk_hearing")),
    )
    op.create_table(
        "hearing_notice",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("frozen", JsonDoc(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("served_by", sa.String(), nullable=True),
        sa.CheckConstraint("how IN ('page', 'letter')", name=op.f("ck_hearing_notice_known_way")),
        sa.CheckConstraint(
            "(served_on IS NULL) = (ends_on IS NULL)",
            name=op.f("ck_hearing_notice_served_has_an_end"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_hearing_notice_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle", "number"],
            ["hearing.association", "hearing.cycle", "hearing.number"],
            name=op.f("fk_hearing_notice_association_cycle_number"),
        ),
        sa.PrimaryKeyConstraint(
            "association", "cycle", "number", "agency", name=op.f("pk_hearing_notice")
        ),
    )
    op.create_table(
        "reply",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("moderated_by", sa.Uuid(), nullable=True),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'printed', 'refused')", name=op.f("ck_reply_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle", "number", "agency"],
            [
                "hearing_notice.association",
                "hearing_notice.cycle",
                "hearing_notice.number",
                "hearing_notice.agency",
            ],
            name=op.f("fk_reply_association_cycle_number_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["moderated_by"], ["account.id"], name=op.f("fk_reply_moderated_by")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_reply_written_by")),
        sa.PrimaryKeyConstraint("association", "cycle", "number", "agency", name=op.f("pk_reply")),
    )
    op.create_table(
        "dispute",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("found_before", sa.String(), nullable=True),
        sa.Column("found_after", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('finding', 'serious')", name=op.f("ck_dispute_known_kind")),
        sa.CheckConstraint(
            "outcome IN ('stands', 'changed', 'withdrawn')", name=op.f("ck_dispute_known_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_dispute_decided_has_an_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "agency"],
            ["agency.association", "agency.id"],
            name=op.f("fk_dispute_association_agency"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "cycle"],
            ["assessment_cycle.association", "assessment_cycle.id"],
            name=op.f("fk_dispute_association_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["association", "edition"],
            ["ranking_edition.association", "ranking_edition.id"],
            name=op.f("fk_dispute_association_edition"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_dispute_decided_by")),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_dispute_filed_by")),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_dispute")),
    )
    op.create_table(
        "dispute_file",
        sa.Column("association", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("given_sha256", sa.String(), nullable=False),
        sa.Column("stored_sha256", sa.String(), nullable=False),
        sa.Column("has_active_content", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association", "dispute"],
            ["dispute.association", "dispute.id"],
            name=op.f("fk_dispute_file_association_dispute"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["account.id"], name=op.f("fk_dispute_file_given_by")
        ),
        sa.PrimaryKeyConstraint("association", "id", name=op.f("pk_dispute_file")),
        sa.UniqueConstraint(
            "association",
            "dispute",
            "given_sha256",
            name=op.f("uq_dispute_file_association_dispute_given_sha256"),
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_column("proved_at")
    with op.batch_alter_table("serious_finding") as batch:
        batch.drop_column("withdrawn_on")
    for table in NEW:
        op.drop_table(table)
