"""Every limit and policy that a tenant may set, by name, with its default and its bounds.

Amounts are minor units of the tenant's default currency. Units stand last in the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

from tradepost.kernel.money.rounding import RoundingLevel, RoundingMode, RoundingPolicy
from tradepost.tenancy.domain.taking import Whole, country, described, origins, take_for
from tradepost.tenancy.errors import BadSetting, UnknownSetting

AMOUNT_MAX = 10**12
DAY_MINUTES = 24 * 60


class HoldStart(StrEnum):
    """When goods are first held for a shopper."""

    CART = "cart"
    CHECKOUT = "checkout"


class GuestsBy(StrEnum):
    """What tells guests apart who hold goods: where they come from, or each cart by itself."""

    ADDRESS = "address"
    CART = "cart"


class TaxPlace(StrEnum):
    """Whose place decides the rate of tax."""

    DESTINATION = "destination"
    SELLER = "seller"


class PaymentMethod(StrEnum):
    """How shoppers may pay."""

    BANK_TRANSFER = "bank_transfer"
    COD = "cod"
    CASH = "cash"
    CARD_TERMINAL = "card_terminal"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """One tenant's limits and policies; every field has a default that suits a small web shop."""

    hold_starts: HoldStart = HoldStart.CHECKOUT
    hold_minutes: Annotated[int, Whole(1, DAY_MINUTES)] = 10
    hold_extensions_max: Annotated[int, Whole(0, 10)] = 1
    held_quantity_per_customer_max: Annotated[int, Whole(1, 10**9)] = 999

    guests_told_apart_by: GuestsBy = GuestsBy.ADDRESS
    """Whose holds count together, where nobody is signed in."""

    hot_window_seconds: Annotated[int, Whole(1, 300)] = 10
    hot_wishes_to_become: Annotated[int, Whole(1, 1_000_000)] = 100
    """Orders of one article in a window, at one process, that give it a lane of its own."""
    hot_wishes_to_stay: Annotated[int, Whole(1, 1_000_000)] = 20
    """So many keep it there; never more than it takes to become hot."""
    hot_minutes_min: Annotated[int, Whole(1, DAY_MINUTES)] = 10
    """How long it stays hot after the last window with so many."""

    rounding_level: RoundingLevel = RoundingLevel.LINE
    rounding_mode: RoundingMode = RoundingMode.HALF_UP
    cash_rounding_step_amount: Annotated[int, Whole(1, 100_000)] = 1
    charges_tax: bool = True
    prices_include_tax: bool = True
    tax_place: TaxPlace = TaxPlace.DESTINATION
    tax_country: Annotated[str | None, country] = None
    """The seller's country; needed where the seller's place decides the tax."""
    business_day_cutoff_hour: Annotated[int, Whole(0, 23)] = 0

    lines_per_order_max: Annotated[int, Whole(1, 100_000)] = 200
    quantity_per_line_max: Annotated[int, Whole(1, 10**9)] = 999
    order_number_first: Annotated[int, Whole(1, 10**12)] = 1001
    order_amount_min: Annotated[int, Whole(0, AMOUNT_MAX)] = 0
    shipping_fee_amount: Annotated[int, Whole(0, AMOUNT_MAX)] = 0
    free_shipping_from_amount: Annotated[int | None, Whole(0, AMOUNT_MAX, optional=True)] = None

    payment_methods: tuple[PaymentMethod, ...] = (
        PaymentMethod.BANK_TRANSFER,
        PaymentMethod.COD,
        PaymentMethod.CASH,
    )
    cod_fee_amount: Annotated[int, Whole(0, AMOUNT_MAX)] = 0
    bank_transfer_days: Annotated[int, Whole(1, 365)] = 7
    download_link_hours: Annotated[int, Whole(1, 10 * 365 * 24)] = 168
    """For how long the link to a digital article is good, unless the article says otherwise."""
    downloads_per_unit_max: Annotated[int, Whole(1, 1000)] = 5
    digital_file_bytes_max: Annotated[int, Whole(1, 10**12)] = 2_147_483_648
    return_days: Annotated[int, Whole(0, 3650)] = 30
    return_without_receipt_amount_max: Annotated[int, Whole(0, AMOUNT_MAX)] = 10_000

    pick_weight_tolerance_percent: Annotated[int, Whole(0, 100)] = 10
    """How far the weight of what is picked may be from what was ordered."""
    couriers_assigned_automatically: bool = True

    cors_origins: Annotated[tuple[str, ...], origins] = ()
    public_requests_per_minute: Annotated[int, Whole(1, 1_000_000)] = 100
    staff_requests_per_minute: Annotated[int, Whole(1, 1_000_000)] = 600
    sign_in_tries_per_account_per_minute: Annotated[int, Whole(1, 1000)] = 5
    sign_in_tries_per_address_per_minute: Annotated[int, Whole(1, 10_000)] = 20
    order_lookups_per_minute: Annotated[int, Whole(1, 1000)] = 5

    customer_access_minutes: Annotated[int, Whole(1, 10)] = 10
    customer_refresh_days: Annotated[int, Whole(1, 365)] = 30
    staff_access_minutes: Annotated[int, Whole(1, 5)] = 5
    staff_refresh_hours: Annotated[int, Whole(1, 168)] = 12
    cart_days: Annotated[int, Whole(1, 365)] = 30
    order_link_days: Annotated[int, Whole(1, 3650)] = 90
    password_length_min: Annotated[int, Whole(8, 64)] = 10

    sign_up: bool = True
    guest_checkout: bool = True
    graphql: bool = True

    @property
    def rounding(self) -> RoundingPolicy:
        """Level and mode together."""
        return RoundingPolicy(self.rounding_level, self.rounding_mode)

    def changed(self, changes: Mapping[str, object]) -> TenantSettings:
        """These settings with some of them changed; all of the changes are taken, or none.

        :raises UnknownSetting: for a name that is none.
        :raises BadSetting: for a value out of its bounds, or one that disagrees with another.
        """
        taken: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in BOUNDED:
                raise UnknownSetting(name)
            taken[name] = BOUNDED[name](value, name)
        return replace(self, **taken)._agreed()

    def _agreed(self) -> TenantSettings:
        if self.charges_tax and self.tax_place is TaxPlace.SELLER and self.tax_country is None:
            raise BadSetting("tax_country", "is needed where the seller's place decides the tax")
        return self


BOUNDED = {
    name: take_for(hint)
    for name, hint in get_type_hints(TenantSettings, include_extras=True).items()
}
"""What takes a value of each setting; it knows the setting's bounds."""


@dataclass(frozen=True, slots=True)
class SettingForm:
    """What one setting takes: for a number its bounds, for a choice its words."""

    name: str
    kind: str
    takes: tuple[Any, ...]
    default: Any


def forms() -> list[SettingForm]:
    """Every setting there is, in the order of their groups."""
    defaults = TenantSettings()
    return [
        SettingForm(name, *described(take), getattr(defaults, name))
        for name, take in BOUNDED.items()
    ]
