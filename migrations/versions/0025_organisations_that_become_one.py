"""Add organisations that became one, and people who belong to several

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status_before", sa.String(length=20), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["users.id"], name=op.f("fk_organisation_merges_curator_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_merges_kept_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_merges_merged_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["users.id"], name=op.f("fk_organisation_merges_undone_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merges")),
    )
    with op.batch_alter_table("organisation_merges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_merges_kept_id"), ["kept_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_merges_merged_id"),
            ["merged_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_memberships_user_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_memberships_organisation_id_user_id"), ["organisation_id", "user_id"]
        )
        batch_op.create_index(batch_op.f("ix_memberships_user_id"), ["user_id"], unique=False)
    op.add_column("user_sessions", sa.Column("organisation_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_sessions", "organisation_id")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_user_id"))
        batch_op.drop_constraint(
            batch_op.f("uq_memberships_organisation_id_user_id"), type_="unique"
        )
        batch_op.create_unique_constraint(batch_op.f("uq_memberships_user_id"), ["user_id"])
    with op.batch_alter_table("organisation_merges", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_organisation_merges_merged_id"),
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_organisation_merges_kept_id"))

    op.drop_table("organisation_merges")
