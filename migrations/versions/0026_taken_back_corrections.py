"""Add corrections of published listings that a curator took back

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_back_corrections",
        sa.Column("correction_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["published_changes.id"],
            name=op.f("fk_taken_back_corrections_change_id_published_changes"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["published_changes.id"],
            name=op.f("fk_taken_back_corrections_correction_id_published_changes"),
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_taken_back_corrections")),
        sa.UniqueConstraint("change_id", name=op.f("uq_taken_back_corrections_change_id")),
    )


def downgrade() -> None:
    op.drop_table("taken_back_corrections")
