"""Identities are proposed, promises are for one annex, and dates hold by themselves

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from matchmaker import db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FACETS = ["status", "kind", "goal", "language", "trl", "organisation_id"]
IN_FORCE = sa.text("ended_at IS NULL")

organisations = sa.table(
    "organisations", sa.column("id", sa.Integer()), sa.column("verified_until", sa.Date())
)
verifications = sa.table(
    "verifications",
    sa.column("organisation_id", sa.Integer()),
    sa.column("expires_on", sa.Date()),
    sa.column("ended_at", db.UtcDateTime(timezone=True)),
)
listings = sa.table(
    "listings",
    sa.column("id", sa.Integer()),
    sa.column("status", sa.String()),
    sa.column("title", sa.String()),
    sa.column("approved_title", sa.String()),
    sa.column("published_at", db.UtcDateTime(timezone=True)),
)
reviews = sa.table(
    "reviews",
    sa.column("id", sa.Integer()),
    sa.column("listing_id", sa.Integer()),
    sa.column("decision", sa.String()),
    sa.column("snapshot", sa.JSON()),
)
promises = sa.table(
    "confidentiality_acceptances", sa.column("ended_at", db.UtcDateTime(timezone=True))
)


def upgrade() -> None:
    op.create_table(
        "profile_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_profile_changes_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_profile_changes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_profile_changes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_changes")),
    )
    op.create_index(
        op.f("ix_profile_changes_organisation_id"), "profile_changes", ["organisation_id"]
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("administrator_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["administrator_id"], ["users.id"], name=op.f("fk_handovers_administrator_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_handovers_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_organisation_id"), "handovers", ["organisation_id"])
    op.create_table(
        "role_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_role_requests_asked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_role_requests_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_requests")),
    )
    op.create_index(op.f("ix_role_requests_user_id"), "role_requests", ["user_id"])
    with op.batch_alter_table("verifications") as batch_op:
        batch_op.add_column(
            sa.Column("awaits_second", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("second_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_verifications_second_id_users"), "users", ["second_id"], ["id"]
        )
    with op.batch_alter_table("confidentiality_acceptances") as batch_op:
        batch_op.add_column(
            sa.Column("annex_version", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(
            batch_op.f("uq_confidentiality_acceptances_match_id_organisation_id"), type_="unique"
        )
        batch_op.create_index(
            batch_op.f("ix_confidentiality_acceptances_match_id_organisation_id"),
            ["match_id", "organisation_id"],
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )
    with op.batch_alter_table("listings") as batch_op:
        batch_op.add_column(
            sa.Column("approved_title", sa.String(length=160), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("annex_version", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.drop_index(batch_op.f("ix_listings_status_kind_goal_language_trl_organisation_id"))
        batch_op.create_index("ix_listings_facets", [*FACETS, "deadline"])
    with op.batch_alter_table("organisations") as batch_op:
        batch_op.add_column(sa.Column("verified_until", sa.Date(), nullable=True))
    _fill()


def _fill() -> None:
    """Write what the new columns say of what is there."""
    last_day = (
        sa.select(sa.func.max(verifications.c.expires_on))
        .where(
            verifications.c.organisation_id == organisations.c.id,
            verifications.c.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    op.execute(organisations.update().values(verified_until=last_day))
    approved = (
        listings.update()
        .where(listings.c.published_at.is_not(None))
        .values(approved_title=listings.c.title)
    )
    op.execute(approved)
    # What was rewritten since its last approval keeps the title that a curator read.
    read = sa.select(reviews.c.listing_id, reviews.c.snapshot)
    read = read.join(listings, listings.c.id == reviews.c.listing_id)
    rewritten = listings.c.status.in_(("draft", "in_review", "changes_requested", "closed"))
    read = read.where(reviews.c.decision == "published", rewritten).order_by(reviews.c.id)
    connection = op.get_bind()
    for listing_id, snapshot in connection.execute(read).all():
        if title := snapshot.get("title"):
            is_it = listings.c.id == listing_id
            connection.execute(listings.update().where(is_it).values(approved_title=title))


def downgrade() -> None:
    op.execute(promises.delete().where(promises.c.ended_at.is_not(None)))
    # Columns are dropped in place: SQLite cannot make a table again that others point to.
    op.drop_column("organisations", "verified_until")
    op.drop_index("ix_listings_facets", "listings")
    op.create_index(
        op.f("ix_listings_status_kind_goal_language_trl_organisation_id"), "listings", FACETS
    )
    op.drop_column("listings", "annex_version")
    op.drop_column("listings", "approved_title")
    with op.batch_alter_table("confidentiality_acceptances") as batch_op:
        batch_op.drop_index(batch_op.f("ix_confidentiality_acceptances_match_id_organisation_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_confidentiality_acceptances_match_id_organisation_id"),
            ["match_id", "organisation_id"],
        )
        batch_op.drop_column("ended_at")
        batch_op.drop_column("annex_version")
    with op.batch_alter_table("verifications") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_verifications_second_id_users"), type_="foreignkey")
        batch_op.drop_column("second_id")
        batch_op.drop_column("awaits_second")
    op.drop_index(op.f("ix_role_requests_user_id"), "role_requests")
    op.drop_table("role_requests")
    op.drop_index(op.f("ix_handovers_organisation_id"), "handovers")
    op.drop_table("handovers")
    op.drop_index(op.f("ix_profile_changes_organisation_id"), "profile_changes")
    op.drop_table("profile_changes")
