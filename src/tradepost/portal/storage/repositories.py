"""Answers the portal's ports from its tables."""

from __future__ import annotations

from tradepost.kernel.ids import CallId, PersonId, SessionId
from tradepost.platform.db.statement import Statement, param, platform_select
from tradepost.platform.db.work import Work
from tradepost.portal.domain import Call, DatabaseConfig, Person, Session, Tenant, Transition
from tradepost.portal.storage import tables as t
from tradepost.portal.storage.calls import database_of_call

_CODE = Statement(platform_select(t.tenants.c.id).where(t.tenants.c.code == param("code")))
_OPEN = Statement(
    t.CALLS.select.where(
        t.calls.c.tenant_id == param("of_tenant", like=t.calls.c.tenant_id),
        t.calls.c.state == "open",
    ).order_by(t.calls.c.wished_at)
)
PERSON_OF_EMAIL = Statement(t.PEOPLE.select.where(t.people.c.email_key == param("email_key")))


class _OfWork:
    def __init__(self, work: Work) -> None:
        self._work = work


class SqlTenants(_OfWork):
    """Answers the ``Tenants`` port."""

    async def get(self) -> Tenant:
        assert self._work.tenant_id is not None
        return await t.TENANTS.get(self._work, self._work.tenant_id, lock=True)

    def add(self, tenant: Tenant) -> None:
        t.TENANTS.add(self._work, tenant)

    async def save(self, tenant: Tenant, version: int) -> int:
        return await t.TENANTS.save(self._work, tenant, version)

    def record(self, step: Transition) -> None:
        self._work.add(t.transitions, t.TRANSITION_ROWS.dump(step))

    async def code_is_taken(self, code: str) -> bool:
        return await self._work.one(_CODE, code=code) is not None


class SqlCalls(_OfWork):
    """Answers the ``Calls`` port."""

    async def get(self, call_id: CallId) -> Call:
        return await t.CALLS.get(self._work, call_id, lock=True)

    async def open_ones(self) -> list[Call]:
        return await t.CALLS.all(self._work, _OPEN, of_tenant=self._work.tenant_id)

    def add(self, call: Call) -> None:
        t.CALLS.add(self._work, call)

    async def save(self, call: Call, version: int) -> int:
        return await t.CALLS.save(self._work, call, version)


class SqlDatabases(_OfWork):
    """Answers the ``Databases`` port."""

    async def of_call(self, call_id: CallId) -> DatabaseConfig:
        return await database_of_call(self._work, call_id)

    def add(self, config: DatabaseConfig) -> None:
        t.DATABASES.add(self._work, config)

    async def save(self, config: DatabaseConfig, version: int) -> int:
        return await t.DATABASES.save(self._work, config, version)


class SqlPeople(_OfWork):
    """Answers the ``People`` port."""

    async def get(self, person_id: PersonId) -> Person:
        return await t.PEOPLE.get(self._work, person_id)

    async def by_email(self, email_key: str) -> Person | None:
        return await t.PEOPLE.first(self._work, PERSON_OF_EMAIL, email_key=email_key)

    def add(self, person: Person) -> None:
        t.PEOPLE.add(self._work, person)

    async def save(self, person: Person, version: int) -> int:
        return await t.PEOPLE.save(self._work, person, version)


class SqlSessions(_OfWork):
    """Answers the ``Sessions`` port."""

    async def get(self, session_id: SessionId) -> Session:
        return await t.SESSIONS.get(self._work, session_id)

    def add(self, session: Session) -> None:
        t.SESSIONS.add(self._work, session)

    async def save(self, session: Session, version: int) -> int:
        return await t.SESSIONS.save(self._work, session, version)
