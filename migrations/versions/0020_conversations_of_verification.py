"""Conversations about verifications, requests to join, shown people, and bodies without a code

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "join_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_join_requests_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_join_requests_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_join_requests_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
    )
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_join_requests_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_join_requests_user_id"), ["user_id"], unique=False)

    op.create_table(
        "shown_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("consented_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name=op.f("fk_shown_people_added_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_shown_people_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_people")),
    )
    with op.batch_alter_table("shown_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shown_people_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "staff_contacts",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_staff_contacts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_contacts")),
    )
    op.create_table(
        "verification_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_verification_messages_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_verification_messages_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_messages")),
    )
    with op.batch_alter_table("verification_messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_verification_messages_organisation_id"),
            ["organisation_id"],
            unique=False,
        )

    op.create_table(
        "verification_files",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_verification_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["verification_messages.id"],
            name=op.f("fk_verification_files_message_id_verification_messages"),
        ),
        sa.PrimaryKeyConstraint("message_id", "file_id", name=op.f("pk_verification_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_verification_files_file_id")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("country", sa.String(length=2), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("register_number", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("zone", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("lapse_warning", sa.Integer(), nullable=True))

    _let_code_be_null(True)
    op.execute(
        "UPDATE organisations SET search_text ="
        " lower(name_zh || ' ' || name_other || ' ' || city || ' ' || summary)"
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("joins", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("office", sa.String(length=120), nullable=False, server_default="")
        )


def downgrade() -> None:
    op.drop_column("verifications", "office")
    op.drop_column("verifications", "checks")
    op.drop_column("registrations", "joins")
    op.execute("UPDATE organisations SET uscc = 'NONE' || id WHERE uscc IS NULL")
    op.execute("UPDATE organisations SET status = 'registered' WHERE status = 'refused'")
    _let_code_be_null(False)
    for name in ("lapse_warning", "search_text", "details", "zone", "register_number", "country"):
        op.drop_column("organisations", name)
    op.drop_table("verification_files")
    with op.batch_alter_table("verification_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_messages_organisation_id"))

    op.drop_table("verification_messages")
    op.drop_table("staff_contacts")
    with op.batch_alter_table("shown_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shown_people_organisation_id"))

    op.drop_table("shown_people")
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_requests_user_id"))
        batch_op.drop_index(batch_op.f("ix_join_requests_organisation_id"))

    op.drop_table("join_requests")


def _let_code_be_null(nullable: bool) -> None:
    """Change the column alone.

    On SQLite a copy of the table cannot take its place while others refer to it. The declaration
    is rewritten there, as https://www.sqlite.org/lang_altertable.html describes for NOT NULL.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("organisations", "uscc", nullable=nullable)
        return
    old, new = ("uscc VARCHAR(18) NOT NULL", "uscc VARCHAR(18)")[:: 1 if nullable else -1]
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :old, :new)"
            " WHERE type = 'table' AND name = 'organisations'"
        ),
        {"old": old, "new": new},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
