"""Resources with their details, references by number, and ranges of readiness

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FACETS = ["status", "kind", "goal", "language", "trl", "organisation_id", "deadline"]


def upgrade() -> None:
    op.create_table(
        "listing_references",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("shows", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_references_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_references")),
    )
    for column in ("listing_id", "number"):
        op.create_index(op.f(f"ix_listing_references_{column}"), "listing_references", [column])
    # In place: matches, suggestions and much else point to the table.
    resource = sa.Column("resource", sa.String(12), nullable=False, server_default="technology")
    op.add_column("listings", resource)
    op.add_column("listings", sa.Column("trl_high", sa.Integer(), nullable=True))
    op.add_column("listings", sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
    op.execute(
        "UPDATE listings SET resource = 'people' WHERE goal = 'talent' AND talent_kind <> ''"
    )
    op.drop_index("ix_listings_facets", "listings")
    op.create_index("ix_listings_facets", "listings", [*FACETS[:2], "resource", *FACETS[2:]])


def downgrade() -> None:
    op.drop_index("ix_listings_facets", "listings")
    op.create_index("ix_listings_facets", "listings", FACETS)
    for column in ("details", "trl_high", "resource"):
        op.drop_column("listings", column)
    op.drop_table("listing_references")
