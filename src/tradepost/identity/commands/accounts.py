"""Opening, protecting and closing the accounts of customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.identity import AccountClosed, AccountOpened, AccountRevoked
from tradepost.identity.commands.ending import end_all
from tradepost.identity.domain import Account, SubjectKind
from tradepost.identity.errors import EmailTaken, WrongCredentials
from tradepost.identity.ports import Accounts, CustomerRecords, SignIns
from tradepost.kernel.contact import Email
from tradepost.kernel.ids import CustomerId
from tradepost.kernel.messages import Command, Facts

_CUSTOMER = SubjectKind.CUSTOMER


@dataclass(frozen=True, slots=True)
class OpenAccount(Command):
    """Sign somebody up: a record of a customer, and an account for it."""

    email: str
    password_hash: str
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class ChangeAccountPassword(Command):
    """Replace a password that was checked while the account was at ``epoch``."""

    customer_id: CustomerId
    password_hash: str
    epoch: int


@dataclass(frozen=True, slots=True)
class RevokeAccount(Command):
    """Sign a customer out everywhere."""

    customer_id: CustomerId
    because: str = "sign_out"


async def open_account(
    wish: OpenAccount, accounts: Accounts, records: CustomerRecords, facts: Facts
) -> CustomerId:
    """Keep a new account and the customer it belongs to."""
    email = Email.parse(wish.email)
    if await accounts.by_email(email.key):
        raise EmailTaken()
    customer_id = await records.register(wish.given_name, wish.family_name, email.value, wish.at)
    account = Account.opened(customer_id, email, wish.password_hash, wish.at)
    accounts.add(account)
    facts.tell(AccountOpened(customer_id), account.version, wish.at)
    return customer_id


async def change_account_password(
    wish: ChangeAccountPassword, accounts: Accounts, sign_ins: SignIns, facts: Facts
) -> int:
    """Keep a new password and throw out whoever came in by the old one; the new epoch."""
    account = await accounts.get(wish.customer_id)
    if account.token_epoch != wish.epoch:
        raise WrongCredentials()
    changed = account.with_password(wish.password_hash)
    await _revoked(changed, "password", accounts, sign_ins, facts, wish.at)
    return changed.token_epoch


async def revoke_account(
    wish: RevokeAccount, accounts: Accounts, sign_ins: SignIns, facts: Facts
) -> None:
    """Throw out every sign-in of a customer."""
    account = await accounts.get(wish.customer_id)
    await _revoked(account.revoked(), wish.because, accounts, sign_ins, facts, wish.at)


HANDLERS = {
    OpenAccount: open_account,
    ChangeAccountPassword: change_account_password,
    RevokeAccount: revoke_account,
}


async def bar_account(
    customer_id: CustomerId,
    blocked: bool,
    accounts: Accounts,
    sign_ins: SignIns,
    facts: Facts,
    at: datetime,
) -> None:
    """For customers: shut the account of somebody who is blocked, or open it again."""
    account = await accounts.find(customer_id)
    if account is not None:
        because = "block" if blocked else "unblock"
        await _revoked(account.barred(blocked), because, accounts, sign_ins, facts, at)


async def close_account(
    customer_id: CustomerId, accounts: Accounts, sign_ins: SignIns, facts: Facts, at: datetime
) -> None:
    """For customers: remove the account of somebody who is erased or was merged."""
    account = await accounts.find(customer_id)
    if account is not None:
        await end_all(_CUSTOMER, customer_id, "closed", sign_ins, facts, at)
        await sign_ins.forget(_CUSTOMER, customer_id)
        await accounts.remove(customer_id)
        facts.tell(AccountClosed(customer_id), account.version + 1, at)


async def move_account(
    from_id: CustomerId,
    into_id: CustomerId,
    accounts: Accounts,
    sign_ins: SignIns,
    facts: Facts,
    at: datetime,
) -> None:
    """For customers: two were one. The account goes to the one that is kept, if it has none."""
    account = await accounts.find(from_id)
    if account is None:
        return
    await close_account(from_id, accounts, sign_ins, facts, at)
    if await accounts.find(into_id) is None:
        moved = replace(account.revoked(), id=into_id, version=1)
        accounts.add(moved)
        facts.tell(AccountOpened(into_id), moved.version, at)


async def _revoked(
    account: Account,
    because: str,
    accounts: Accounts,
    sign_ins: SignIns,
    facts: Facts,
    at: datetime,
) -> None:
    version = await accounts.save(account)
    await end_all(_CUSTOMER, account.id, because, sign_ins, facts, at)
    facts.tell(AccountRevoked(account.id, because), version, at)
