"""Add requests to manage an account

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_account_claims_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_account_claims_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_account_claims_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_claims")),
    )
    with op.batch_alter_table("account_claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_claims_organisation_id_user_id"),
            ["organisation_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_account_claims_user_id"), ["user_id"], unique=False)

    op.create_table(
        "claim_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_claim_messages_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["account_claims.id"],
            name=op.f("fk_claim_messages_claim_id_account_claims"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_messages")),
    )
    with op.batch_alter_table("claim_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_messages_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "claim_files",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_claim_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["claim_messages.id"],
            name=op.f("fk_claim_files_message_id_claim_messages"),
        ),
        sa.PrimaryKeyConstraint("message_id", "file_id", name=op.f("pk_claim_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_claim_files_file_id")),
    )


def downgrade() -> None:
    op.drop_table("claim_files")
    with op.batch_alter_table("claim_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_messages_claim_id"))

    op.drop_table("claim_messages")
    with op.batch_alter_table("account_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_claims_user_id"))
        batch_op.drop_index(
            batch_op.f("ix_account_claims_organisation_id_user_id"),
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.drop_table("account_claims")
