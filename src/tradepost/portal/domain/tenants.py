"""A tenant as the portal knows it, and the life it leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.codes import Code
from tradepost.kernel.contact import Email
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import PersonId, TenantId, TransitionId
from tradepost.kernel.locales import locale_tag, zone_name
from tradepost.kernel.money import Currency
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line
from tradepost.portal.errors import NoLongerDraft

REASON_LENGTH_MAX: Final = 500
ABSENT: Final = "absent"
"""What a cell calls the state of a tenant that it does not have."""


class TenantType(StrEnum):
    """One brand's own shop, or a mall of many vendors."""

    SINGLE_BRAND = "single_brand"
    MALL = "mall"


class TenantState(StrEnum):
    """Where a tenant is in its life."""

    DRAFT = "draft"
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"


TENANT_STATES = States(
    "tenant",
    {
        TenantState.DRAFT: {"provision": TenantState.PROVISIONING},
        TenantState.PROVISIONING: {
            "activate": TenantState.ACTIVE,
            "withdraw": TenantState.DRAFT,
        },
        TenantState.ACTIVE: {"suspend": TenantState.SUSPENDED, "archive": TenantState.ARCHIVED},
        TenantState.SUSPENDED: {"reactivate": TenantState.ACTIVE, "archive": TenantState.ARCHIVED},
        TenantState.ARCHIVED: {},
    },
)


@dataclass(frozen=True, slots=True)
class By:
    """Who wishes something: the person, and the address that they were known by then."""

    person_id: PersonId | None
    email: str
    operator: bool = False

    def may_see(self, tenant: Tenant) -> bool:
        """Operators see all tenants, owners those in their name."""
        return self.operator or Email(self.email).key == tenant.owner_key


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody registers of a tenant, as it was typed."""

    code: str
    name: str
    type: str
    default_currency: str
    locale: str
    time_zone: str
    owner_email: str
    owner_name: str
    cell: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a tenant's life: who took it, when, and why."""

    id: TransitionId
    tenant_id: TenantId
    action: str
    state_before: TenantState
    state_after: TenantState
    changed_by: PersonId | None
    changed_by_email: str
    changed_at: datetime
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant; ``last_step`` numbers what its cell has been asked for it."""

    id: TenantId
    code: str
    name: str
    type: TenantType
    default_currency: str
    locale: str
    time_zone: str
    owner_email: str
    owner_key: str
    owner_name: str
    cell: str
    state: TenantState
    last_step: int
    created_at: datetime
    version: int

    @classmethod
    def registered(cls, id: TenantId, form: Form, at: datetime) -> Tenant:
        """A new tenant, in draft.

        :raises BadValue: for the first field that cannot be what it should be.
        """
        owner = Email.parse(form.owner_email, "owner_email")
        return cls(
            id,
            Code.parse(form.code).value,
            one_line(form.name, "name"),
            _type(form.type),
            Currency.parse(form.default_currency, "default_currency").code,
            locale_tag(form.locale),
            zone_name(form.time_zone),
            owner.value,
            owner.key,
            one_line(form.owner_name, "owner_name"),
            form.cell,
            TenantState.DRAFT,
            0,
            at,
            1,
        )

    def edited(self, form: Form) -> Tenant:
        """The draft as somebody has rewritten it.

        :raises NoLongerDraft: once it has left draft.
        """
        if self.state is not TenantState.DRAFT:
            raise NoLongerDraft(self.state)
        made = Tenant.registered(self.id, form, self.created_at)
        return replace(made, last_step=self.last_step, version=self.version)

    def moved(
        self, action: str, id: TransitionId, by: By, at: datetime, reason: str
    ) -> tuple[Tenant, Transition]:
        """The tenant after one step of its life, and the record of the step.

        :raises WrongState: if its state does not allow the action.
        """
        after = TENANT_STATES.after(self.state, action)
        version = self.version + 1
        step = Transition(
            id, self.id, action, self.state, after, by.person_id, by.email, at, reason, version
        )
        return replace(self, state=after, version=version), step

    def action_to(self, cell_state: str) -> str | None:
        """The one step that leads to where the cell is; none if we are there, or cannot go."""
        wanted = TenantState.DRAFT if cell_state == ABSENT else TenantState(cell_state)
        moves = TENANT_STATES.table[self.state]
        return next((action for action, to in moves.items() if to is wanted), None)


def _type(text: str) -> TenantType:
    try:
        return TenantType(text)
    except ValueError as why:
        raise BadValue("type", f"must be one of {', '.join(TenantType)}") from why


def checked_reason(text: str) -> str:
    """Why somebody does something; may be empty.

    :raises BadText: if it is too long.
    """
    return one_line(text, "reason", longest=REASON_LENGTH_MAX, shortest=0)
