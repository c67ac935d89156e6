"""What a portal has asked of a tenant's cell: numbered steps, each taken once.

A portal numbers what it asks for each tenant. An answer can be lost, a request can come twice or
after its successor; the number tells which of these it is (a fencing token).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tradepost.tenancy.domain.tenant import Tenant, TenantState
from tradepost.tenancy.errors import ProvisionedOtherwise, StepDiffers, StepPassed

ABSENT: Final = "absent"
"""The state of a tenant that the cell does not have."""
DONE_ALREADY: Final = {
    "suspend": TenantState.SUSPENDED,
    "reactivate": TenantState.ACTIVE,
    "archive": TenantState.ARCHIVED,
    "withdraw": TenantState.DRAFT,
}
"""Where each move leads; a tenant that is there has nothing left to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what is wrong with it, as a word that screens translate."""

    name: str
    passed: bool
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What a step has led to."""

    state: str
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvisioningStep:
    """A step that was taken: its number, a digest of all it said, and its answer.

    ``about`` is the digest of what a provisioning said of the tenant; empty for other steps.
    """

    number: int
    digest: str
    about: str
    state_after: str
    checks: tuple[Check, ...]
    taken_at: datetime

    @property
    def answer(self) -> StepAnswer:
        """What it led to."""
        return StepAnswer(self.state_after, self.checks)


@dataclass(frozen=True, slots=True)
class StepsTaken:
    """All steps of one tenant, the oldest first."""

    steps: Sequence[ProvisioningStep]

    def repeated(self, number: int, digest: str) -> StepAnswer | None:
        """The answer of a step that was taken before; none for the next one.

        :raises StepDiffers: if it said something else then.
        :raises StepPassed: if it comes after one that follows it.
        """
        for step in self.steps:
            if step.number == number:
                if step.digest != digest:
                    raise StepDiffers(number)
                return step.answer
        if self.steps and self.steps[-1].number > number:
            raise StepPassed(number, self.steps[-1].number)
        return None

    def check_same(self, tenant: Tenant, about: str) -> None:
        """Refuse to provision a tenant that is there already as another one.

        :raises ProvisionedOtherwise: unless the last provisioning said the same of it.
        """
        told = [step.about for step in self.steps if step.about]
        if tenant.state is not TenantState.DRAFT and (not told or told[-1] != about):
            raise ProvisionedOtherwise(tenant.code, tenant.state)
