"""Add working texts of listings, and keys of their forms

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "working_texts",
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_working_texts_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_working_texts_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_working_texts")),
    )
    op.add_column("listings", sa.Column("form_key", sa.String(length=36), nullable=True))
    op.create_index(
        op.f("ix_listings_organisation_id_form_key"),
        "listings",
        ["organisation_id", "form_key"],
        unique=True,
    )


def downgrade() -> None:
    # Dropped in place: SQLite cannot make a table again that others point to.
    op.drop_index(op.f("ix_listings_organisation_id_form_key"), table_name="listings")
    op.drop_column("listings", "form_key")
    op.drop_table("working_texts")
