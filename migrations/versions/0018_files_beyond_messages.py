"""Files of annexes, milestones and results; meetings to come; no notes on clauses

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annex_files",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_annex_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_annex_files_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("listing_id", "file_id", name=op.f("pk_annex_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_annex_files_file_id")),
    )
    op.create_table(
        "milestone_files",
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_milestone_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestones.id"],
            name=op.f("fk_milestone_files_milestone_id_milestones"),
        ),
        sa.PrimaryKeyConstraint("milestone_id", "file_id", name=op.f("pk_milestone_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_milestone_files_file_id")),
    )
    op.create_table(
        "result_files",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_result_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["outcome_versions.id"],
            name=op.f("fk_result_files_version_id_outcome_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "file_id", name=op.f("pk_result_files")),
    )
    op.create_index(op.f("ix_result_files_file_id"), "result_files", ["file_id"])
    op.add_column("matches", sa.Column("meets_at", db.UtcDateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE matches SET meets_at = (SELECT MAX(meetings.starts_at) FROM meetings "
        "WHERE meetings.match_id = matches.id AND meetings.status = 'accepted')"
    )
    op.drop_column("key_tasks", "clause_note")


def downgrade() -> None:
    op.add_column(
        "key_tasks", sa.Column("clause_note", sa.JSON(), nullable=False, server_default="{}")
    )
    op.drop_column("matches", "meets_at")
    op.drop_index(op.f("ix_result_files_file_id"), "result_files")
    op.drop_table("result_files")
    op.drop_table("milestone_files")
    op.drop_table("annex_files")
