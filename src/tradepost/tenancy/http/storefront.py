"""What a storefront needs to know of the shop before it shows anything."""

from __future__ import annotations

import msgspec
from litestar import get

from tradepost.platform.web import PUBLIC, FromCaller, Shared, door
from tradepost.tenancy.domain import PaymentMethod, TenantType
from tradepost.tenancy.queries import own_profile


class ShopView(msgspec.Struct, frozen=True):
    """A shop as shoppers see it."""

    code: str
    name: str
    type: TenantType
    currency: str
    locale: str
    time_zone: str
    prices_include_tax: bool
    payment_methods: tuple[PaymentMethod, ...]
    sign_up: bool
    guest_checkout: bool
    shipping_fee_amount: int
    free_shipping_from_amount: int | None


@get(
    "/api/v1/shop", opt=door(PUBLIC, cache=Shared(max_age_s=60), keeps=("tenancy",)), tags=["Shop"]
)
async def read_shop(caller: FromCaller) -> ShopView:
    """The shop: its name, currency and language, and how one may pay."""
    profile = await caller.ask(own_profile)
    settings = profile.settings
    return ShopView(
        profile.code,
        profile.name,
        profile.type,
        profile.default_currency.code,
        profile.locale,
        profile.time_zone,
        settings.prices_include_tax,
        settings.payment_methods,
        settings.sign_up,
        settings.guest_checkout,
        settings.shipping_fee_amount,
        settings.free_shipping_from_amount,
    )


ROUTES = (read_shop,)
