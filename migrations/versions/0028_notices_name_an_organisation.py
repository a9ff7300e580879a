"""Say of notices and mails which organisation they concern

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.add_column("outbox_mails", sa.Column("organisation_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_mails", "organisation_id")
    op.drop_column("notices", "organisation_id")
