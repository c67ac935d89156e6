"""The four shops beside the one of real trade: a mall, a counter, a restaurant, a grocer."""

from __future__ import annotations

from typing import Final

from tradepost.pricing.domain.tax import SupplyKind
from tradepost.tenancy.domain import LocationKind, TenantType
from tradepost.wiring.demo.goods import CORNER, GREENS, HARBOUR, LANTERN
from tradepost.wiring.demo.shops import Plan

MALL: Final = Plan(
    code="harbour",
    name="Harbour Market",
    currency="EUR",
    place=LocationKind.WAREHOUSE,
    wares=HARBOUR,
    type=TenantType.MALL,
    time_zone="Europe/Berlin",
    country="DE",
    taxes={SupplyKind.ANY: "19"},
    settings={"shipping_fee_amount": 490, "free_shipping_from_amount": 15_000},
)
COUNTER: Final = Plan(
    code="corner",
    name="The Corner Shop",
    currency="GBP",
    place=LocationKind.SHOP,
    wares=CORNER,
    time_zone="Europe/London",
    country="GB",
    taxes={SupplyKind.ANY: "20"},
)
RESTAURANT: Final = Plan(
    code="lantern",
    name="提灯 The Lantern",
    currency="JPY",
    place=LocationKind.RESTAURANT,
    wares=LANTERN,
    locale="ja-JP",
    time_zone="Asia/Tokyo",
    country="JP",
    taxes={SupplyKind.ANY: "10", SupplyKind.TAKE_AWAY: "8"},
    settings={"business_day_cutoff_hour": 4},
)
GROCER: Final = Plan(
    code="greens",
    name="Green Street Grocer",
    currency="USD",
    place=LocationKind.DARK_STORE,
    wares=GREENS,
    locale="en-US",
    time_zone="America/New_York",
    country="US",
    settings={"quantity_per_line_max": 5000, "payment_methods": ["cod", "bank_transfer"]},
)
PLANS: Final = (MALL, COUNTER, RESTAURANT, GROCER)
