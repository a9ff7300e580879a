from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.cooperation.models import Match
from matchmaker.db import Base, now
from matchmaker.meetings.states import standing


class Meeting(Base):
    """A meeting of the two sides of a match: first times to choose from, then one time."""

    __tablename__ = "meetings"
    __table_args__ = (Index(None, "status", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    proposed_by: Mapped[str] = mapped_column(String(10))  # the side that named the times
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # who did
    topic: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]  # how long it lasts
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    starts_at: Mapped[datetime | None]  # the time that was accepted
    # Its entry in calendars: the same for good, and a number that rises with each change of it.
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_by: Mapped[str] = mapped_column(String(10), default="")  # "": the match had ended
    cancel_note: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    match: Mapped[Match] = relationship(lazy="raise")
    times: Mapped[list[MeetingTime]] = relationship(
        lazy="raise", order_by="MeetingTime.starts_at", cascade="all, delete-orphan"
    )
    attendances: Mapped[list[Attendance]] = relationship(
        lazy="raise", order_by="Attendance.id", cascade="all, delete-orphan"
    )
    records: Mapped[list[Minutes]] = relationship(
        lazy="raise", order_by="Minutes.number.desc()", cascade="all, delete-orphan"
    )

    @property
    def standing(self) -> str:
        """Its status now: a meeting begins by the clock, not by a job."""
        times = [time.starts_at for time in self.times]
        return standing(self.status, times, self.starts_at, now())

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at and self.starts_at + timedelta(minutes=self.minutes)

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.match.organisation_ids

    def attendance_by(self, side: str) -> Attendance | None:
        """What a side has said about who came."""
        return next((one for one in self.attendances if one.side == side), None)


class MeetingTime(Base):
    """One of the times to choose from."""

    __tablename__ = "meeting_times"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    starts_at: Mapped[datetime]


class Attendance(Base):
    """What one side says about who came to a meeting."""

    __tablename__ = "meeting_attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    side: Mapped[str] = mapped_column(String(10))  # the side that says so
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    we_came: Mapped[bool]
    they_came: Mapped[bool]


class Minutes(Base):
    """One version of the minutes of a meeting; the highest number is the one that holds."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[int]
    side: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
