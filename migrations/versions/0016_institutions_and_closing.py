"""Sign-in by an institution, and why an organisation was closed

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linked_sign_ins",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_linked_sign_ins_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_linked_sign_ins")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_sign_ins_issuer_subject")),
    )
    op.add_column(
        "organisations",
        sa.Column("closing_reason", sa.String(length=500), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("organisations", "closing_reason")
    op.drop_table("linked_sign_ins")
