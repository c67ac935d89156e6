"""A tenant, the life it leads, and the profile that everybody else sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tradepost.kernel.clock import business_date
from tradepost.kernel.codes import Code
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import TenantId, TransitionId
from tradepost.kernel.locales import locale_tag, zone_name
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Currency
from tradepost.kernel.states import States, WrongState
from tradepost.kernel.text import one_line
from tradepost.tenancy.domain.settings import TenantSettings
from tradepost.tenancy.errors import ShopArchived, ShopSuspended


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


class Use(StrEnum):
    """What a request wants of a shop."""

    SHOP = "shop"
    """Shoppers: look, buy, look up an order."""
    READ = "read"
    """Staff look."""
    WORK = "work"
    """Staff change something."""
    COMPLIANCE = "compliance"
    """Staff export or erase what the law gives people a right to."""


_ADMITS = {
    TenantState.DRAFT: frozenset[Use](),
    TenantState.PROVISIONING: frozenset[Use](),
    TenantState.ACTIVE: frozenset(Use),
    TenantState.SUSPENDED: frozenset({Use.COMPLIANCE}),
    TenantState.ARCHIVED: frozenset({Use.READ, Use.COMPLIANCE}),
}


@dataclass(frozen=True, slots=True)
class TenantProfile:
    """What the rest of the house knows of a tenant; up to five seconds old."""

    id: TenantId
    code: str
    name: str
    type: TenantType
    state: TenantState
    default_currency: Currency
    locale: str
    time_zone: str
    settings: TenantSettings
    version: int

    def admit(self, use: Use) -> None:
        """Let a request in, or say why not; a shop that has not opened yet is not there.

        :raises Unknown: before it has opened.
        :raises ShopSuspended: while it is suspended.
        :raises ShopArchived: after it has closed.
        """
        if use in _ADMITS[self.state]:
            return
        if self.state is TenantState.SUSPENDED:
            raise ShopSuspended(self.code)
        if self.state is TenantState.ARCHIVED:
            raise ShopArchived(self.code)
        raise Unknown("shop", self.code)

    def business_date(self, instant: datetime) -> date:
        """The trading day of an instant, by the shop's time zone and cut-off hour."""
        return business_date(instant, self.time_zone, self.settings.business_day_cutoff_hour)


@dataclass(frozen=True, slots=True)
class TenantHost:
    """A host name by which a tenant is found."""

    host: str
    tenant_id: TenantId


@dataclass(frozen=True, slots=True)
class TenantTransition:
    """One step of a tenant's life, and who took it."""

    id: TransitionId
    action: str
    state_before: TenantState
    state_after: TenantState
    changed_by_kind: str
    changed_by: UUID | None
    changed_at: datetime
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """A merchant with everything it may decide for itself."""

    id: TenantId
    type: TenantType
    code: str
    name: str
    default_currency: Currency
    locale: str
    time_zone: str
    state: TenantState
    settings: TenantSettings
    created_at: datetime
    version: int

    @classmethod
    def drafted(
        cls,
        *,
        id: TenantId,
        type: TenantType,
        code: str,
        name: str,
        default_currency: str,
        locale: str,
        time_zone: str,
        settings: Mapping[str, object],
        at: datetime,
    ) -> Tenant:
        """A new tenant, in draft.

        :raises BadValue: for the first field that cannot be what it should be.
        """
        return cls(
            id,
            type,
            Code.parse(code).value,
            one_line(name, "name"),
            Currency.parse(default_currency, "default_currency"),
            locale_tag(locale),
            zone_name(time_zone),
            TenantState.DRAFT,
            TenantSettings().changed(settings),
            at,
            1,
        )

    def redrafted(self, draft: Tenant) -> Tenant:
        """The tenant as a new draft says, as long as nobody has worked with the old one.

        :raises WrongState: once it has left draft.
        """
        TENANT_STATES.after(self.state, "provision")
        return replace(draft, created_at=self.created_at, version=self.version)

    def moved(
        self, action: str, id: TransitionId, actor: Actor, at: datetime, reason: str
    ) -> tuple[Tenant, TenantTransition]:
        """The tenant after one step of its life, and the record of the step.

        :raises WrongState: if its state does not allow the action.
        """
        after = TENANT_STATES.after(self.state, action)
        version = self.version + 1
        told = one_line(reason, "reason", longest=500, shortest=0)
        step = TenantTransition(
            id, action, self.state, after, actor.kind, actor.id, at, told, version
        )
        return replace(self, state=after, version=version), step

    def changed(
        self, name: str, locale: str, time_zone: str, settings: Mapping[str, object]
    ) -> Tenant:
        """The tenant under another name, or with other settings.

        :raises WrongState: once it is archived.
        """
        if self.state is TenantState.ARCHIVED:
            raise WrongState("tenant", self.state.value, "change", "nothing")
        return replace(
            self,
            name=one_line(name, "name"),
            locale=locale_tag(locale),
            time_zone=zone_name(time_zone),
            settings=self.settings.changed(settings),
        )

    @property
    def profile(self) -> TenantProfile:
        """What the rest of the house sees."""
        return TenantProfile(
            self.id,
            self.code,
            self.name,
            self.type,
            self.state,
            self.default_currency,
            self.locale,
            self.time_zone,
            self.settings,
            self.version,
        )
