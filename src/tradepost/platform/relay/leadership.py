"""A role that one process at a time has, on a session of its own."""

from __future__ import annotations

from contextlib import suppress

from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.work import RelaySession, Store


class Leadership:
    """Takes a role, and knows whether it was lost since."""

    def __init__(self, store: Store, role: str) -> None:
        self._store = store
        self._role = role
        self._session: RelaySession | None = None

    @property
    def session(self) -> RelaySession:
        """The session that leads, once it does."""
        assert self._session is not None
        return self._session

    async def take(self) -> bool:
        """Lead if nobody else does; whether it does now."""
        if self._session is None:
            self._session = await self._store.relay_session()
        return await self._session.lead(self._role)

    async def holds(self) -> bool:
        """Whether it leads still; who slept too long, or lost the connection, does not."""
        try:
            await self.session.hold()
        except StoreError:
            return False
        return True

    async def give_back(self) -> None:
        """Let another one lead."""
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(StoreError):
                await session.close()
