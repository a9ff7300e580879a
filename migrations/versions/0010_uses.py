"""Add the table of acts that limits count

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uses")),
    )
    op.create_index(op.f("ix_uses_act_key_at"), "uses", ["act", "key", "at"])
    op.create_index(op.f("ix_uses_at"), "uses", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_uses_at"), "uses")
    op.drop_index(op.f("ix_uses_act_key_at"), "uses")
    op.drop_table("uses")
