"""Keep each move of a match, when it last showed life, and what reminders were sent

What the audit log knows of earlier moves becomes the history of the matches.

Revision ID: 0011
Revises: 0010
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Audited action → (move, where it leads when that does not depend on who has said yes).
MOVES = {
    "match.propose": ("propose", "proposed"),
    "match.interest": ("interest", ""),
    "match.accept": ("accept", ""),
    "match.decline": ("decline", "declined"),
    "match.withdraw": ("cancel", "cancelled"),
    "match.expire": ("expire", "expired"),
    "match.end": ("end", "withdrawn"),
}
OPEN = ("proposed", "one_side_interested")

records = sa.table(
    "audit_records",
    sa.column("id", sa.Integer),
    sa.column("at", db.UtcDateTime(timezone=True)),
    sa.column("actor_id", sa.Integer),
    sa.column("action", sa.String),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("detail", sa.JSON),
)
matches = sa.table(
    "matches",
    sa.column("id", sa.Integer),
    sa.column("status", sa.String),
    sa.column("version", sa.Integer),
    sa.column("active_at", db.UtcDateTime(timezone=True)),
)


def upgrade() -> None:
    steps = op.create_table(
        "match_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=30), nullable=False),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("match_version", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_match_steps_match_id_matches")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_match_steps_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_steps")),
    )
    op.create_index(op.f("ix_match_steps_match_id"), "match_steps", ["match_id"])
    with op.batch_alter_table("matches") as batch_op:
        batch_op.add_column(sa.Column("active_at", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("reminders", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("followed_up_at", db.UtcDateTime(timezone=True), nullable=True)
        )
    op.execute(matches.update().values(active_at=db.now()))  # no clock has run out by surprise
    with op.batch_alter_table("matches") as batch_op:
        batch_op.alter_column("active_at", nullable=False)
        batch_op.drop_column("ended_by")  # the step says it
    _rename("terminated", "withdrawn")
    found = _steps(op.get_bind())
    if found:
        op.bulk_insert(steps, found)


def downgrade() -> None:
    _rename("withdrawn", "terminated")
    _rename("stalled", "terminated")
    with op.batch_alter_table("matches") as batch_op:
        batch_op.add_column(
            sa.Column("ended_by", sa.String(length=10), nullable=False, server_default="")
        )
        batch_op.drop_column("followed_up_at")
        batch_op.drop_column("reminders")
        batch_op.drop_column("active_at")
    op.drop_index(op.f("ix_match_steps_match_id"), "match_steps")
    op.drop_table("match_steps")


def _rename(old: str, new: str) -> None:
    op.execute(matches.update().where(matches.c.status == old).values(status=new))


def _steps(connection: sa.Connection) -> list[dict[str, object]]:
    """The moves that were audited, as steps. None of them can be taken back any more."""
    query = (
        sa.select(records, matches.c.id.label("match_id"))
        .join(matches, matches.c.id == records.c.subject_id)
        .where(records.c.subject_type == "match", records.c.action.in_(MOVES))
        .order_by(matches.c.id, records.c.id)
    )
    found: list[dict[str, object]] = []
    for match_id, rows in groupby(connection.execute(query), key=lambda row: row.match_id):
        status, willing = "", set()
        for row in rows:
            move, after = MOVES[row.action]
            side = row.detail.get("side", "")
            if status not in OPEN:
                willing = set()
            if not after:
                willing.add(side)
                after = "mutual" if len(willing) == 2 else "one_side_interested"
            found.append(
                {
                    "match_id": match_id,
                    "move": move if move != "interest" or status not in OPEN else "accept",
                    "before": status,
                    "after": after,
                    "side": side,
                    "user_id": row.actor_id,
                    "reason": row.detail.get("reason", ""),
                    "note": "",
                    "at": row.at,
                    "match_version": 0,
                }
            )
            status = after
    return found
