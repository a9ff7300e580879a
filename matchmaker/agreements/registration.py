"""The way of an agreement through the registration of technology contracts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.agreements import contracts, queries, service
from matchmaker.agreements.models import Agreement, ContractRegistration
from matchmaker.agreements.states import ContractType
from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.permissions import Actor


@dataclass(frozen=True, slots=True)
class Result:
    """What the office has recorded. Values in yuan."""

    number: str
    registered_on: date
    contract_value: int
    technology_value: int


def prepare(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    contract_type: ContractType,
    *,
    papers: Collection[str],
    accepted_on: date | None,
    at: datetime | None = None,
) -> ContractRegistration:
    """Note the kind of contract, the papers at hand, and when the office took it on."""
    at = moment(at)
    agreement, kept = _hold(session, agreement, at=at)
    if accepted_on is not None and accepted_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    known = contracts.registration()["papers"]
    kept.contract_type, kept.accepted_on, kept.updated_at = contract_type, accepted_on, at
    kept.papers = [code for code in known if code in papers]
    session.flush()
    audit.record(
        session, actor, "agreement.prepare_registration", "agreement", agreement.id,
        contract_type=contract_type, papers=len(kept.papers), at=at,
    )  # fmt: skip
    return kept


def record_number(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    result: Result,
    *,
    at: datetime | None = None,
) -> None:
    """Record the number that the office gave; a number counts once. The audit log keeps an old one.

    Raises Refused when another agreement has the number, or technology exceeds the contract.
    """
    at = moment(at)
    agreement, kept = _hold(session, agreement, at=at)
    if result.registered_on > day_of(at):
        raise Refused(Refusal.DAY_TO_COME)
    if result.technology_value > result.contract_value:
        raise Refused(Refusal.TECHNOLOGY_OVER_CONTRACT)
    before, agreement_id = kept.number, agreement.id
    try:
        with session.begin_nested():
            kept.number = contracts.tidy_number(result.number)
            kept.registered_on, kept.updated_at = result.registered_on, at
            kept.contract_value = result.contract_value
            kept.technology_value = result.technology_value
    except IntegrityError as error:
        raise Refused(Refusal.CONTRACT_NUMBER_TAKEN) from error
    audit.record(
        session, actor, "agreement.register_contract", "agreement", agreement_id,
        number=kept.number, before=before, at=at,
    )  # fmt: skip
    service.advance_match(session, actor, agreement, "register", at=at)


def _hold(
    session: Session, agreement: Agreement, *, at: datetime
) -> tuple[Agreement, ContractRegistration]:
    """The agreement, held, and its registration, begun if need be."""
    agreement = queries.locked(session, agreement.id)
    kind = agreement.instrument.contract
    if kind is None:
        raise NotAllowed
    if agreement.current is None:
        raise Refused(Refusal.AGREEMENT_NOT_IN_FORCE)
    if agreement.registration is None:
        agreement.registration = ContractRegistration(contract_type=kind, papers=[], updated_at=at)
        session.flush()
    return agreement, agreement.registration
