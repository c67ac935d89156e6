"""Where accounts, staff, roles and sign-ins are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table

from tradepost.identity.domain import Account, CourierAccount, Role, SignIn, Staff, SubjectKind
from tradepost.identity.domain.pin import Pin
from tradepost.kernel.ids import CourierId, CustomerId, RefreshId, RoleId, StaffId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_delete,
    scoped_update,
)
from tradepost.platform.db.work import Work

accounts = tenant_table("accounts", Account, unique=[("email_key",)])
courier_accounts = tenant_table(
    "courier_accounts", CourierAccount, unique=[("email_key",), ("phone",)]
)
staff = tenant_table("staff", Staff, unique=[("email_key",)])
roles = tenant_table("roles", Role, unique=[("code",)])
sign_ins = tenant_table(
    "sign_ins", SignIn, indexes=[("kind", "subject_id", "ended_at"), ("expires_at",)]
)

pins = tenant_table("pins", Pin, references={"id": "staff"})

ACCOUNTS = Keeper("account", Account, accounts)
COURIERS = Keeper("courier", CourierAccount, courier_accounts)
STAFF = Keeper("member of the staff", Staff, staff)
ROLES = Keeper("role", Role, roles)
SIGN_INS = Keeper("sign-in", SignIn, sign_ins)
ACCOUNT_OF_EMAIL = Statement(ACCOUNTS.select.where(accounts.c.email_key == param("email_key")))
COURIER_OF_LOGIN = Statement(
    COURIERS.select.where(
        (courier_accounts.c.email_key == param("login"))
        | (courier_accounts.c.phone == param("login"))
    )
)
STAFF_OF_EMAIL = Statement(STAFF.select.where(staff.c.email_key == param("email_key")))
ROLES_CODED = Statement(ROLES.select.where(any_of(roles.c.code, "codes")).order_by(roles.c.code))
_subject = (sign_ins.c.kind == param("kind"), sign_ins.c.subject_id == param("subject_id"))
LIVING = Statement(
    SIGN_INS.select.where(*_subject, sign_ins.c.ended_at.is_(None)).order_by(
        sign_ins.c.started_at, sign_ins.c.id
    )
)
_LOCK = Statement(SIGN_INS.select.where(sign_ins.c.id == param("id")).with_for_update())
_RENEW = Statement(
    scoped_update(sign_ins)
    .where(sign_ins.c.id == param("id"))
    .values(
        token_hash=param("token_hash"),
        previous_hash=param("previous_hash"),
        renewed_at=param("renewed_at"),
    )
)
_EXPIRED = Statement(
    SIGN_INS.select.where(sign_ins.c.ended_at.is_(None), sign_ins.c.expires_at <= param("now"))
    .order_by(sign_ins.c.expires_at, sign_ins.c.id)
    .limit(param("at_most", like=sign_ins.c.version))
    .with_for_update()
)
_ENDED = Statement(
    scoped(sign_ins, sign_ins.c.id)
    .where(sign_ins.c.ended_at < param("before"))
    .limit(param("at_most", like=sign_ins.c.version))
)
_FORGET_THESE = Statement(scoped_delete(sign_ins).where(any_of(sign_ins.c.id, "ids")))
_FORGET = Statement(scoped_delete(sign_ins).where(*_subject))
_PIN_ROWS = Mapper(Pin, pins)
_PIN = Statement(scoped(pins, *_PIN_ROWS.columns).where(pins.c.id == param("id")))
PIN_OWNERS = Statement(scoped(pins, pins.c.id))
_DROP_PIN = Statement(scoped_delete(pins).where(pins.c.id == param("id")))
_TRY_PIN = Statement(
    scoped_update(pins).where(pins.c.id == param("id")).values(tries=pins.c.tries + 1)
)
_FIT_PIN = Statement(scoped_update(pins).where(pins.c.id == param("id")).values(tries=0))
_REMOVE = Statement(scoped_delete(accounts).where(accounts.c.id == param("id")))


def _strengthen(table: Table) -> Statement:
    return Statement(
        scoped_update(table)
        .where(table.c.id == param("id"), table.c.password_hash == param("was"))
        .values(password_hash=param("password_hash"))
    )


_STRENGTHEN_ACCOUNT = _strengthen(accounts)
_STRENGTHEN_COURIER = _strengthen(courier_accounts)
_STRENGTHEN_STAFF = _strengthen(staff)
OWN_ROLES = Statement(scoped(roles, *ROLES.rows.columns).order_by(roles.c.code))


class SqlAccounts:
    """Answers the ``Accounts`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def find(self, customer_id: CustomerId) -> Account | None:
        return await ACCOUNTS.find(self._work, customer_id)

    async def get(self, customer_id: CustomerId) -> Account:
        return await ACCOUNTS.get(self._work, customer_id)

    async def by_email(self, email_key: str) -> Account | None:
        return await ACCOUNTS.first(self._work, ACCOUNT_OF_EMAIL, email_key=email_key)

    def add(self, account: Account) -> None:
        ACCOUNTS.add(self._work, account)

    async def save(self, account: Account) -> int:
        return await ACCOUNTS.save(self._work, account, account.version)

    async def strengthen(self, customer_id: CustomerId, was: str, password_hash: str) -> None:
        values = {"was": was, "password_hash": password_hash}
        await self._work.run(_STRENGTHEN_ACCOUNT, id=customer_id, **values)

    async def remove(self, customer_id: CustomerId) -> None:
        await self._work.run(_REMOVE, id=customer_id)


class SqlCourierAccounts:
    """Answers the ``CourierAccounts`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def find(self, courier_id: CourierId) -> CourierAccount | None:
        return await COURIERS.find(self._work, courier_id)

    async def get(self, courier_id: CourierId) -> CourierAccount:
        return await COURIERS.get(self._work, courier_id)

    async def by_login(self, login: str) -> CourierAccount | None:
        return await COURIERS.first(self._work, COURIER_OF_LOGIN, login=login)

    def add(self, account: CourierAccount) -> None:
        COURIERS.add(self._work, account)

    async def save(self, account: CourierAccount) -> int:
        return await COURIERS.save(self._work, account, account.version)

    async def strengthen(self, courier_id: CourierId, was: str, password_hash: str) -> None:
        values = {"was": was, "password_hash": password_hash}
        await self._work.run(_STRENGTHEN_COURIER, id=courier_id, **values)


class SqlStaff:
    """Answers the ``StaffBook`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def find(self, staff_id: StaffId) -> Staff | None:
        return await STAFF.find(self._work, staff_id)

    async def get(self, staff_id: StaffId) -> Staff:
        return await STAFF.get(self._work, staff_id)

    async def by_email(self, email_key: str) -> Staff | None:
        return await STAFF.first(self._work, STAFF_OF_EMAIL, email_key=email_key)

    def add(self, staff: Staff) -> None:
        STAFF.add(self._work, staff)

    async def save(self, staff: Staff, version: int) -> int:
        return await STAFF.save(self._work, staff, version)

    async def strengthen(self, staff_id: StaffId, was: str, password_hash: str) -> None:
        values = {"was": was, "password_hash": password_hash}
        await self._work.run(_STRENGTHEN_STAFF, id=staff_id, **values)


class SqlPins:
    """Answers the ``Pins`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def keep(self, pin: Pin) -> None:
        await self._work.run(_DROP_PIN, id=pin.id)
        self._work.add(pins, _PIN_ROWS.dump(pin))

    async def tried(self, staff_id: StaffId) -> Pin | None:
        await self._work.run(_TRY_PIN, id=staff_id)
        row = await self._work.one(_PIN, id=staff_id)
        return _PIN_ROWS.load(row) if row else None

    async def fitted(self, staff_id: StaffId) -> None:
        await self._work.run(_FIT_PIN, id=staff_id)


class SqlRoles:
    """Answers the ``Roles`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, role_id: RoleId) -> Role:
        return await ROLES.get(self._work, role_id)

    async def coded(self, codes: Sequence[str]) -> list[Role]:
        return await ROLES.all(self._work, ROLES_CODED, codes=list(codes))

    def add(self, role: Role) -> None:
        ROLES.add(self._work, role)

    async def save(self, role: Role, version: int) -> int:
        return await ROLES.save(self._work, role, version)


class SqlSignIns:
    """Answers the ``SignIns`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock(self, sign_in_id: RefreshId) -> SignIn | None:
        return await SIGN_INS.first(self._work, _LOCK, id=sign_in_id)

    async def living(self, kind: SubjectKind, subject_id: UUID) -> list[SignIn]:
        return await SIGN_INS.all(self._work, LIVING, kind=kind, subject_id=subject_id)

    def add(self, sign_in: SignIn) -> None:
        SIGN_INS.add(self._work, sign_in)

    async def renew(self, sign_in: SignIn) -> None:
        await self._work.run(
            _RENEW,
            id=sign_in.id,
            token_hash=sign_in.token_hash,
            previous_hash=sign_in.previous_hash,
            renewed_at=sign_in.renewed_at,
        )

    async def end(self, sign_in: SignIn) -> int:
        return await SIGN_INS.save(self._work, sign_in, sign_in.version)

    async def expired(self, now: datetime, at_most: int) -> list[SignIn]:
        return await SIGN_INS.all(self._work, _EXPIRED, now=now, at_most=at_most)

    async def forget_ended(self, before: datetime, at_most: int) -> int:
        found = await self._work.all(_ENDED, before=before, at_most=at_most)
        if found:
            await self._work.run(_FORGET_THESE, ids=[row[0] for row in found])
        return len(found)

    async def forget(self, kind: SubjectKind, subject_id: UUID) -> None:
        await self._work.run(_FORGET, kind=kind, subject_id=subject_id)
