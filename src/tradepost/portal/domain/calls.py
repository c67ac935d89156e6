"""What the portal has to ask of a cell: written down first, then asked until it is answered.

The record survives a restart, and its number makes a repetition harmless: the cell takes each step
of a tenant once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tradepost.kernel.ids import CallId, PersonId, TenantId
from tradepost.kernel.states import States
from tradepost.portal.domain.tenants import By, TenantState

WAIT_FIRST_MS: Final = 500
WAIT_MAX_MS: Final = 300_000
"""A cell that stays silent is asked every five minutes."""


class CallKind(StrEnum):
    """What is asked for."""

    PROVISION = "provision"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    ARCHIVE = "archive"
    CHECK_DATABASE = "check_database"


class CallState(StrEnum):
    """What has become of it."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    """The cell has answered, and it did not come to what was wished."""
    DROPPED = "dropped"
    """It is wished no more; an answer that still comes counts for nothing."""


CALL_STATES = States(
    "call",
    {
        CallState.OPEN: {
            "finish": CallState.DONE,
            "fail": CallState.FAILED,
            "drop": CallState.DROPPED,
        },
        CallState.DONE: {},
        CallState.FAILED: {},
        CallState.DROPPED: {},
    },
)
LEADS_TO: Final = {
    CallKind.PROVISION: TenantState.ACTIVE,
    CallKind.WITHDRAW: TenantState.DRAFT,
    CallKind.SUSPEND: TenantState.SUSPENDED,
    CallKind.REACTIVATE: TenantState.ACTIVE,
    CallKind.ARCHIVE: TenantState.ARCHIVED,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the cell has looked at; ``problem`` is a word that screens translate."""

    name: str
    passed: bool
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing asked of a cell; ``number`` is the tenant's step, 0 for a look at a database."""

    id: CallId
    tenant_id: TenantId
    kind: CallKind
    number: int
    state: CallState
    wished_by: PersonId | None
    wished_by_email: str
    reason: str
    wished_at: datetime
    tries: int
    next_at: datetime
    problem: str
    checks: tuple[Check, ...]
    answered_at: datetime | None
    version: int

    @classmethod
    def wished(
        cls,
        id: CallId,
        tenant_id: TenantId,
        kind: CallKind,
        number: int,
        by: By,
        reason: str,
        at: datetime,
    ) -> Call:
        """A call that is due at once."""
        return cls(
            id, tenant_id, kind, number, CallState.OPEN, by.person_id, by.email, reason,
            at, 0, at, "", (), None, 1,
        )  # fmt: skip

    @property
    def by(self) -> By:
        """Who wished it."""
        return By(self.wished_by, self.wished_by_email)

    def postponed(self, problem: str, at: datetime) -> Call:
        """After a try without an answer: due again later, each time later, never in step."""
        tries = self.tries + 1
        longest = min(WAIT_MAX_MS, WAIT_FIRST_MS << min(tries - 1, 20))
        wait = random.randint(longest // 2, longest)  # noqa: S311  jitter, no secret
        return replace(
            self, tries=tries, problem=problem, next_at=at + timedelta(milliseconds=wait)
        )

    def renumbered(self, last: int, at: datetime) -> Call:
        """The same wish as the step after the cell's last."""
        return replace(self, number=last + 1, next_at=at)

    def ended(
        self, action: str, at: datetime, problem: str = "", checks: tuple[Check, ...] = ()
    ) -> Call:
        """The call with what has become of it.

        :raises WrongState: if that was known already.
        """
        state = CALL_STATES.after(self.state, action)
        return replace(self, state=state, problem=problem, checks=checks, answered_at=at)
