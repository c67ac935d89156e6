"""What the portal needs: where its records are kept, passwords reckoned, cells asked."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from tradepost.kernel.ids import CallId, PersonId, SessionId
from tradepost.portal.domain import Call, DatabaseConfig, Person, Session, Tenant, Transition


class Tenants(Protocol):
    """The tenant that the work is for."""

    async def get(self) -> Tenant:
        """It, locked until the work ends; refuses with ``Unknown``."""
        ...

    def add(self, tenant: Tenant) -> None:
        """Keep a new one."""
        ...

    async def save(self, tenant: Tenant, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    def record(self, step: Transition) -> None:
        """Keep a step of its life."""
        ...

    async def code_is_taken(self, code: str) -> bool:
        """Whether any tenant has the code."""
        ...


class Calls(Protocol):
    """What is asked of the tenant's cell."""

    async def get(self, call_id: CallId) -> Call:
        """A call; refuses with ``Unknown``."""
        ...

    async def open_ones(self) -> list[Call]:
        """Those that have not been answered yet."""
        ...

    def add(self, call: Call) -> None:
        """Keep a new one."""
        ...

    async def save(self, call: Call, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Databases(Protocol):
    """The databases that the tenant has submitted."""

    async def of_call(self, call_id: CallId) -> DatabaseConfig:
        """The one that a call looks at; refuses with ``Unknown``."""
        ...

    def add(self, config: DatabaseConfig) -> None:
        """Keep a new one."""
        ...

    async def save(self, config: DatabaseConfig, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Agenda(Protocol):
    """What is to be asked of all cells."""

    async def due(self, now: datetime) -> list[Call]:
        """Calls that are to be carried now, the longest due first."""
        ...

    async def about(self, call: Call) -> tuple[Tenant, DatabaseConfig | None]:
        """The tenant of a call, and the database that it looks at."""
        ...


class People(Protocol):
    """The portal's own people."""

    async def get(self, person_id: PersonId) -> Person:
        """Somebody; refuses with ``Unknown``."""
        ...

    async def by_email(self, email_key: str) -> Person | None:
        """Whoever signs in with an address."""
        ...

    def add(self, person: Person) -> None:
        """Keep somebody new."""
        ...

    async def save(self, person: Person, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Sessions(Protocol):
    """Their sign-ins."""

    async def get(self, session_id: SessionId) -> Session:
        """One of them; refuses with ``Unknown``."""
        ...

    def add(self, session: Session) -> None:
        """Keep a new one."""
        ...

    async def save(self, session: Session, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...
