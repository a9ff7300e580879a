"""Match quality, measured on curators' judgements

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_quality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("requested_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("computed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("engine_version", sa.String(length=40), nullable=False),
        sa.Column("weights_version", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_quality")),
        sa.UniqueConstraint("scope", name=op.f("uq_match_quality_scope")),
    )
    with op.batch_alter_table("match_quality", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_match_quality_requested_at"), ["requested_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("match_quality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_quality_requested_at"))

    op.drop_table("match_quality")
