"""Signing in on a device, staying signed in, signing out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.events.identity import SignInStarted
from tradepost.identity.commands.ending import end_one
from tradepost.identity.domain import Renewal, SignIn, SubjectKind
from tradepost.identity.errors import WrongCredentials
from tradepost.identity.ports import Accounts, CourierAccounts, SignIns, StaffBook
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, CustomerId, RefreshId, StaffId
from tradepost.kernel.messages import Command, Facts

DEVICES_MAX = 20


@dataclass(frozen=True, slots=True)
class StartSignIn(Command):
    """Sign somebody in whose password was checked while they were at ``epoch``."""

    sign_in_id: RefreshId
    kind: SubjectKind
    subject_id: UUID
    epoch: int
    token_hash: str
    expires_at: datetime
    origin: str = ""
    device: str = ""
    by_pin: bool = False


@dataclass(frozen=True, slots=True)
class RenewSignIn(Command):
    """Show a refresh token; the successor takes its place."""

    sign_in_id: RefreshId
    kind: SubjectKind
    subject_id: UUID
    token_hash: str
    successor_hash: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """What came of it; the times make the same successor when it is asked for again."""

    outcome: Renewal
    epoch: int
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EndSignIn(Command):
    """Sign out on one device; somebody else's sign-in is not there."""

    sign_in_id: RefreshId
    kind: SubjectKind
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class StrengthenPassword(Command):
    """Keep a password that was just found good in today's form."""

    kind: SubjectKind
    subject_id: UUID
    was: str
    password_hash: str


async def start_sign_in(
    wish: StartSignIn,
    accounts: Accounts,
    staff: StaffBook,
    couriers: CourierAccounts,
    sign_ins: SignIns,
    facts: Facts,
) -> None:
    """Keep a new sign-in; of too many the oldest ends."""
    if await _epoch(wish.kind, wish.subject_id, accounts, staff, couriers) != wish.epoch:
        raise WrongCredentials()
    living = await sign_ins.living(wish.kind, wish.subject_id)
    for oldest in living[: max(0, len(living) + 1 - DEVICES_MAX)]:
        await end_one(oldest, "replaced", sign_ins, facts, wish.at)
    sign_in = _started(wish)
    sign_ins.add(sign_in)
    fact = SignInStarted(sign_in.id, sign_in.kind, sign_in.subject_id)
    facts.tell(fact, sign_in.version, wish.at)


async def renew_sign_in(
    wish: RenewSignIn,
    accounts: Accounts,
    staff: StaffBook,
    couriers: CourierAccounts,
    sign_ins: SignIns,
    facts: Facts,
) -> Renewed:
    """Rotate the token. A token used twice ends the sign-in, and that must be kept: no refusal."""
    found = await sign_ins.lock(wish.sign_in_id)
    epoch = await _epoch(wish.kind, wish.subject_id, accounts, staff, couriers)
    ours = found is not None and (found.kind, found.subject_id) == (wish.kind, wish.subject_id)
    if found is None or epoch is None or not ours:
        return Renewed(Renewal.ENDED, 0, wish.at, wish.at)
    after, outcome = found.shown(wish.token_hash, wish.successor_hash, wish.at)
    if outcome is Renewal.RENEWED:
        await sign_ins.renew(after)
    elif outcome is Renewal.REUSED:
        await end_one(found, "reuse", sign_ins, facts, wish.at)
    return Renewed(outcome, epoch, after.renewed_at, after.expires_at)


async def end_sign_in(wish: EndSignIn, sign_ins: SignIns, facts: Facts) -> None:
    """End a sign-in; one that has ended stays so."""
    found = await sign_ins.lock(wish.sign_in_id)
    if found is None or (found.kind, found.subject_id) != (wish.kind, wish.subject_id):
        raise Unknown("sign-in", str(wish.sign_in_id))
    if found.ended_at is None:
        await end_one(found, "sign_out", sign_ins, facts, wish.at)


async def strengthen_password(
    wish: StrengthenPassword, accounts: Accounts, staff: StaffBook, couriers: CourierAccounts
) -> None:
    """Replace the hash of the same password."""
    if wish.kind is SubjectKind.CUSTOMER:
        customer_id = CustomerId(wish.subject_id)
        await accounts.strengthen(customer_id, wish.was, wish.password_hash)
    elif wish.kind is SubjectKind.COURIER:
        await couriers.strengthen(CourierId(wish.subject_id), wish.was, wish.password_hash)
    else:
        await staff.strengthen(StaffId(wish.subject_id), wish.was, wish.password_hash)


HANDLERS = {
    StrengthenPassword: strengthen_password,
    StartSignIn: start_sign_in,
    RenewSignIn: renew_sign_in,
    EndSignIn: end_sign_in,
}


async def _epoch(
    kind: SubjectKind,
    subject_id: UUID,
    accounts: Accounts,
    staff: StaffBook,
    couriers: CourierAccounts,
) -> int | None:
    """The epoch of somebody who may sign in; none if they may not, or are gone."""
    if kind is SubjectKind.CUSTOMER:
        account = await accounts.find(CustomerId(subject_id))
        return account.token_epoch if account and account.status == "active" else None
    if kind is SubjectKind.COURIER:
        courier = await couriers.find(CourierId(subject_id))
        return courier.token_epoch if courier and courier.status == "active" else None
    member = await staff.find(StaffId(subject_id))
    return member.token_epoch if member and member.status == "active" else None


def _started(wish: StartSignIn) -> SignIn:
    return SignIn.started(
        wish.sign_in_id,
        wish.kind,
        wish.subject_id,
        wish.token_hash,
        wish.at,
        wish.expires_at,
        origin=wish.origin,
        device=wish.device,
        by_pin=wish.by_pin,
    )
