"""Choices about notices, mails put together or given up, erased accounts

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOST_ATTEMPTS = 12  # until now, a mail that had been tried so often was left lying


def upgrade() -> None:
    op.create_table(
        "notice_preferences",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notice_preferences_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_notice_preferences")),
    )
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("frequency", sa.String(length=10), nullable=False, server_default="at_once")
        )
        batch_op.add_column(sa.Column("bundle_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("given_up_at", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reported_at", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_mails_bundle_id"), ["bundle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mails_user_id"), ["user_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_mails_user_id_users"), "users", ["user_id"], ["id"]
        )
    mails = sa.table(
        "outbox_mails",
        *(
            sa.column(name)
            for name in ("attempts", "sent_at", "next_attempt_at", "given_up_at", "reported_at")
        ),
    )
    op.execute(
        mails.update()
        .where(mails.c.sent_at.is_(None), mails.c.attempts >= MOST_ATTEMPTS)
        .values(given_up_at=mails.c.next_attempt_at, reported_at=mails.c.next_attempt_at)
    )
    op.add_column("users", sa.Column("erased_at", db.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "erased_at")
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_mails_user_id_users"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbox_mails_user_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_mails_bundle_id"))
        batch_op.drop_column("reported_at")
        batch_op.drop_column("given_up_at")
        batch_op.drop_column("bundle_id")
        batch_op.drop_column("frequency")
        batch_op.drop_column("user_id")
    op.drop_table("notice_preferences")
