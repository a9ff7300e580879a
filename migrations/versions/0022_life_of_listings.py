"""Reminders of listings, changes that readers saw, and when a listing was confirmed

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users.id"],
            name=op.f("fk_listing_reminders_answered_by_id_users"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listings.id"],
            name=op.f("fk_listing_reminders_listing_id_listings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_reminders")),
    )
    op.create_index(op.f("ix_listing_reminders_listing_id"), "listing_reminders", ["listing_id"])
    op.create_table(
        "published_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_small", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listings.id"],
            name=op.f("fk_published_changes_listing_id_listings"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_published_changes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_changes")),
    )
    op.create_index(op.f("ix_published_changes_listing_id"), "published_changes", ["listing_id"])
    op.add_column(
        "listings", sa.Column("confirmed_at", db.UtcDateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE listings SET confirmed_at = updated_at WHERE published_at IS NOT NULL")


def downgrade() -> None:
    op.drop_column("listings", "confirmed_at")
    op.drop_table("published_changes")
    op.drop_table("listing_reminders")
