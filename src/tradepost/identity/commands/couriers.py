"""Couriers' accounts: opened and shut by those who hire them, protected by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.events.identity import CourierAccountOpened, CourierAccountRevoked
from tradepost.identity.commands.ending import end_all
from tradepost.identity.domain import CourierAccount, SubjectKind
from tradepost.identity.errors import EmailTaken, PhoneTaken, WrongCredentials
from tradepost.identity.ports import CourierAccounts, SignIns
from tradepost.kernel.contact import Email, Phone
from tradepost.kernel.ids import CourierId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class OpenCourierAccount(Command):
    """Let a courier sign in."""

    courier_id: CourierId
    email: str | None
    phone: str | None
    password_hash: str


@dataclass(frozen=True, slots=True)
class ChangeCourierPassword(Command):
    """Replace a password or PIN; one that was checked, while the account was at ``epoch``."""

    courier_id: CourierId
    password_hash: str
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class BarCourier(Command):
    """Let a courier in no more, or again."""

    courier_id: CourierId
    barred: bool


@dataclass(frozen=True, slots=True)
class RevokeCourier(Command):
    """Sign a courier out everywhere."""

    courier_id: CourierId


async def open_courier_account(
    wish: OpenCourierAccount, couriers: CourierAccounts, facts: Facts
) -> CourierId:
    """A new account, by a mail address and a number that nobody else has."""
    email = Email.parse(wish.email) if wish.email else None
    phone = Phone.parse(wish.phone) if wish.phone else None
    if email and await couriers.by_login(email.key):
        raise EmailTaken()
    if phone and await couriers.by_login(phone.value):
        raise PhoneTaken()
    made = CourierAccount.opened(wish.courier_id, email, phone, wish.password_hash, wish.at)
    couriers.add(made)
    facts.tell(CourierAccountOpened(made.id), made.version, wish.at)
    return made.id


async def change_courier_password(
    wish: ChangeCourierPassword, couriers: CourierAccounts, sign_ins: SignIns, facts: Facts
) -> int:
    """Keep a new password and throw out whoever came in by the old one; the new epoch."""
    account = await couriers.get(wish.courier_id)
    if wish.epoch not in (None, account.token_epoch):
        raise WrongCredentials()
    changed = account.with_password(wish.password_hash)
    await _revoked(changed, "password", couriers, sign_ins, facts, wish.at)
    return changed.token_epoch


async def bar_courier(
    wish: BarCourier, couriers: CourierAccounts, sign_ins: SignIns, facts: Facts
) -> None:
    """Shut the account, or open it again."""
    account = (await couriers.get(wish.courier_id)).barred(wish.barred)
    because = "block" if wish.barred else "unblock"
    await _revoked(account, because, couriers, sign_ins, facts, wish.at)


async def revoke_courier(
    wish: RevokeCourier, couriers: CourierAccounts, sign_ins: SignIns, facts: Facts
) -> None:
    """Throw out every sign-in of a courier."""
    account = (await couriers.get(wish.courier_id)).revoked()
    await _revoked(account, "sign_out", couriers, sign_ins, facts, wish.at)


async def _revoked(
    account: CourierAccount,
    because: str,
    couriers: CourierAccounts,
    sign_ins: SignIns,
    facts: Facts,
    at: datetime,
) -> None:
    version = await couriers.save(account)
    await end_all(SubjectKind.COURIER, account.id, because, sign_ins, facts, at)
    facts.tell(CourierAccountRevoked(account.id, because), version, at)


HANDLERS = {
    OpenCourierAccount: open_courier_account,
    ChangeCourierPassword: change_courier_password,
    BarCourier: bar_courier,
    RevokeCourier: revoke_courier,
}
