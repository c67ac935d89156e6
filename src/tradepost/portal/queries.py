"""What the portal's pages and its API show, straight from its store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import SessionId, TenantId
from tradepost.platform.db.statement import Statement, param, platform_select
from tradepost.platform.db.work import Reader
from tradepost.portal.commands.tenants import OF_OPERATORS, actions_of
from tradepost.portal.domain import (
    By,
    Call,
    CallKind,
    CallState,
    DatabaseConfig,
    Person,
    PersonStatus,
    Session,
    Tenant,
    Transition,
)
from tradepost.portal.storage import tables as t
from tradepost.portal.storage.repositories import PERSON_OF_EMAIL

PAGE = 50
CALLS_SHOWN = 20
_after = t.tenants.c.code > param("after")
_EVERY = Statement(t.TENANTS.select.where(_after).order_by(t.tenants.c.code).limit(PAGE + 1))
_OWN = Statement(
    t.TENANTS.select.where(_after, t.tenants.c.owner_key == param("owner_key"))
    .order_by(t.tenants.c.code)
    .limit(PAGE + 1)
)
_of = param("of_tenant", like=t.tenants.c.id)
_HISTORY = Statement(
    platform_select(*t.TRANSITION_ROWS.columns)
    .where(t.transitions.c.tenant_id == _of)
    .order_by(t.transitions.c.version.desc())
)
_CALLS = Statement(
    t.CALLS.select.where(t.calls.c.tenant_id == _of)
    .order_by(t.calls.c.wished_at.desc(), t.calls.c.number.desc())
    .limit(CALLS_SHOWN)
)
_DATABASE = Statement(
    t.DATABASES.select.where(t.databases.c.tenant_id == _of)
    .order_by(t.databases.c.submitted_at.desc())
    .limit(1)
)
_PEOPLE = Statement(t.PEOPLE.select.order_by(t.people.c.email_key))


@dataclass(frozen=True, slots=True)
class TenantPage:
    """A tenant with its history, what its cell was asked, and what can be wished of it now."""

    tenant: Tenant
    history: list[Transition]
    calls: list[Call]
    database: DatabaseConfig | None
    actions: list[str]

    @property
    def pending(self) -> Call | None:
        """The step that is on its way to the cell."""
        steps = (one for one in self.calls if one.kind is not CallKind.CHECK_DATABASE)
        return next((one for one in steps if one.state is CallState.OPEN), None)

    @property
    def looking(self) -> bool:
        """Whether a look at a database is on its way."""
        return any(
            one.kind is CallKind.CHECK_DATABASE and one.state is CallState.OPEN
            for one in self.calls
        )

    @property
    def failed(self) -> Call | None:
        """The last step, if it failed and nothing else was wished since."""
        last = next((one for one in self.calls if one.kind is not CallKind.CHECK_DATABASE), None)
        return last if last is not None and last.state is CallState.FAILED else None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a session that still lives."""

    person: Person
    session: Session

    @property
    def who(self) -> By:
        """As what they wish and see."""
        return By(self.person.id, self.person.email, self.person.is_operator)


async def tenants_page(db: Reader, who: By, after: str) -> list[Tenant]:
    """Those that somebody may see, by code; one more than fits a page says that there are more."""
    if who.operator:
        return await t.TENANTS.all(db, _EVERY, after=after)
    return await t.TENANTS.all(db, _OWN, after=after, owner_key=Email(who.email).key)


async def tenant_page(db: Reader, who: By, tenant_id: TenantId) -> TenantPage:
    """One of them with everything; refuses with ``Unknown``, also for those of others."""
    tenant = await t.TENANTS.get(db, tenant_id)
    if not who.may_see(tenant):
        raise Unknown("tenant", str(tenant_id))
    history = [t.TRANSITION_ROWS.load(row) for row in await db.all(_HISTORY, of_tenant=tenant_id)]
    calls = await t.CALLS.all(db, _CALLS, of_tenant=tenant_id)
    database = await t.DATABASES.first(db, _DATABASE, of_tenant=tenant_id)
    page = TenantPage(tenant, history, calls, database, [])
    return TenantPage(tenant, history, calls, database, _wishable(page, who))


def _wishable(page: TenantPage, who: By) -> list[str]:
    """What can be wished now: nothing overtakes an open step but taking back a provisioning."""
    known: Sequence[str] = actions_of(page.tenant)
    if page.pending is not None:
        back = page.pending.kind is CallKind.PROVISION
        known = [one for one in known if one == "withdraw" and back]
    return [one for one in known if who.operator or one not in OF_OPERATORS]


async def people_page(db: Reader) -> list[Person]:
    """Everybody, by mail address."""
    return await t.PEOPLE.all(db, _PEOPLE)


async def person_of(db: Reader, email_key: str) -> Person | None:
    """Whoever signs in with an address."""
    return await t.PEOPLE.first(db, PERSON_OF_EMAIL, email_key=email_key)


async def signed_in(db: Reader, session_id: SessionId, now: datetime) -> SignedIn | None:
    """Who is behind a session; nobody once it is over, or they were shut out."""
    session = await t.SESSIONS.find(db, session_id)
    if session is None or session.ended_at is not None or session.expires_at <= now:
        return None
    person = await t.PEOPLE.get(db, session.person_id)
    if person.status is not PersonStatus.ACTIVE or person.epoch != session.epoch:
        return None
    return SignedIn(person, session)
