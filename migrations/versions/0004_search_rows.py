"""Store what a listing is found by in one row, and its concepts in a table

Revision ID: 0004
Revises: 0003
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAMED = "named:"
BATCH = 500

terms = sa.table(
    "listing_terms",
    sa.column("listing_id", sa.Integer()),
    sa.column("term", sa.String()),
    sa.column("tier", sa.String()),
    sa.column("weight", sa.Float()),
)
rows = sa.table(
    "listing_search_rows",
    sa.column("listing_id", sa.Integer()),
    sa.column("public", sa.Text()),
    sa.column("members", sa.Text()),
)
concepts = sa.table(
    "listing_concepts",
    sa.column("listing_id", sa.Integer()),
    sa.column("code", sa.String()),
    sa.column("tier", sa.String()),
    sa.column("weight", sa.Float()),
)


def upgrade() -> None:
    op.create_table(
        "listing_search_rows",
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_search_rows_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_search_rows")),
    )
    op.create_table(
        "listing_concepts",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_concepts_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("listing_id", "code", name=op.f("pk_listing_concepts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("listing_concepts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_concepts_code_tier_listing_id"),
            ["code", "tier", "listing_id"],
            unique=False,
        )
    _move_terms(op.get_bind())
    with op.batch_alter_table("listing_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_terms_listing_id"))
    op.drop_table("listing_terms")


def downgrade() -> None:
    op.create_table(
        "listing_terms",
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_terms_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("term", "listing_id", name=op.f("pk_listing_terms")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("listing_terms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_terms_listing_id"), ["listing_id"], unique=False
        )
    _move_back(op.get_bind())
    with op.batch_alter_table("listing_concepts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_concepts_code_tier_listing_id"))
    op.drop_table("listing_concepts")
    op.drop_table("listing_search_rows")


def _move_terms(connection: sa.Connection) -> None:
    found = connection.execute(
        sa.select(terms).order_by(terms.c.listing_id), execution_options={"yield_per": 10_000}
    )
    for batch in _batches(
        (listing_id, list(group))
        for listing_id, group in groupby(found, lambda row: row.listing_id)
    ):
        made = [
            {
                "listing_id": listing_id,
                **{
                    tier: _packed(
                        row for row in group if row.tier == tier and not _is_named(row.term)
                    )
                    for tier in ("public", "members")
                },
            }
            for listing_id, group in batch
        ]
        named = [
            {
                "listing_id": row.listing_id,
                "code": row.term[len(NAMED) :],
                "tier": row.tier,
                "weight": row.weight,
            }
            for _, group in batch
            for row in group
            if _is_named(row.term)
        ]
        connection.execute(rows.insert(), made)
        if named:
            connection.execute(concepts.insert(), named)


def _move_back(connection: sa.Connection) -> None:
    for batch in _batches(
        connection.execute(sa.select(rows), execution_options={"yield_per": BATCH})
    ):
        made = [
            {"listing_id": row.listing_id, "term": term, "tier": tier, "weight": float(weight)}
            for row in batch
            for tier in ("public", "members")
            for weight, terms_of_weight in json.loads(getattr(row, tier)).items()
            for term in terms_of_weight
        ]
        if made:
            connection.execute(terms.insert(), made)
    connection.execute(
        terms.insert().from_select(
            ["listing_id", "term", "tier", "weight"],
            sa.select(
                concepts.c.listing_id,
                sa.literal(NAMED) + concepts.c.code,
                concepts.c.tier,
                concepts.c.weight,
            ),
        )
    )


def _packed(found: Iterable[Any]) -> str:
    by_weight: dict[float, list[str]] = {}
    for row in found:
        by_weight.setdefault(row.weight, []).append(row.term)
    return json.dumps(by_weight, ensure_ascii=False, separators=(",", ":"))


def _is_named(term: str) -> bool:
    return term.startswith(NAMED)


def _batches(found: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for one in found:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
