"""A cooperation plan as data: initiatives, key tasks, their contents. Labels are {zh, en, es}."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base

Labels = dict[str, str]


class Plan(Base):
    """One version of one plan. New listings take the current plan; old ones keep theirs."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[Labels]
    first_year: Mapped[int]
    last_year: Mapped[int]
    summary: Mapped[Labels]
    sides: Mapped[dict[str, Any]]  # beneficiary, partner, also_partner: lists of province codes
    safeguards: Mapped[
        dict[str, Any]
    ]  # {"items": [...], "coordinators": [...], "evaluator": {...}}
    is_current: Mapped[bool]
    loaded_at: Mapped[datetime]

    initiatives: Mapped[list[Initiative]] = relationship(
        back_populates="plan",
        order_by="Initiative.position",
        lazy="raise",
        cascade="all, delete-orphan",
    )


class Initiative(Base):
    __tablename__ = "initiatives"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    code: Mapped[str] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(2))
    title: Mapped[Labels]
    heading: Mapped[Labels]
    position: Mapped[int]

    plan: Mapped[Plan] = relationship(back_populates="initiatives", lazy="raise")
    tasks: Mapped[list[KeyTask]] = relationship(
        back_populates="initiative",
        order_by="KeyTask.position",
        lazy="raise",
        cascade="all, delete-orphan",
    )


class KeyTask(Base):
    __tablename__ = "key_tasks"
    __table_args__ = (UniqueConstraint("initiative_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), index=True)
    region: Mapped[str] = mapped_column(String(2))
    title: Mapped[Labels]
    asks: Mapped[Labels]
    clause: Mapped[Labels]
    fields: Mapped[list[Any]] = mapped_column()  # [{id, zh, en, es, keywords?}]
    partners: Mapped[list[Any]] = mapped_column()  # [{id, kind, zh, en, es, regions, with?}]
    instruments: Mapped[list[Any]] = mapped_column()  # [{id, zh, en, es, modes}]
    position: Mapped[int]

    initiative: Mapped[Initiative] = relationship(back_populates="tasks", lazy="raise")
