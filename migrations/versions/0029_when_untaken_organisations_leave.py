"""Note when an organisation that nobody takes over is deleted

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("leaves_on", sa.Date(), nullable=True))
    # Those that wait already have as long from now on: nobody was told before.
    organisations = sa.table(
        "organisations", sa.column("awaits_owner", sa.Boolean), sa.column("leaves_on", sa.Date)
    )
    today = db.today()
    day = today.replace(year=today.year + 2, day=min(today.day, 28))
    op.execute(organisations.update().where(organisations.c.awaits_owner).values(leaves_on=day))


def downgrade() -> None:
    op.drop_column("organisations", "leaves_on")
