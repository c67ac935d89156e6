"""Two days at the mall: orders of several vendors, a refund, a payout, a refund after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.consignment import Party
from tradepost.kernel.ids import OrderId, VendorId
from tradepost.mall.commands import (
    CreateVendor,
    ExportPayouts,
    MakeRule,
    MoveVendor,
    PayPayout,
    RunPayouts,
)
from tradepost.mall.domain import VendorDetails
from tradepost.mall.domain.bank import BankDetails
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.wiring.demo.shops import Shop

HOME: Final = Address(
    "DE", name="A. Shopper", line1="Hafenstraße 1", postcode="20095", city="Hamburg"
)
DAY: Final = datetime(2026, 1, 14, 10, 0, tzinfo=UTC)
"""When the orders were placed: long enough ago for their period to be over."""
BANK: Final = "DE02120300000000202051"
"""An account number made for examples: its check digits are right, and it is nobody's."""
VENDORS: Final = {
    "bright-ideas": VendorDetails("Bright Ideas", 120_000),
    "clay-and-kiln": VendorDetails("Clay & Kiln", 90_000, seller=Party.VENDOR),
    "the-knit-room": VendorDetails("The Knit Room", 150_000, discount=Party.MALL),
}
ORDERS: Final[tuple[tuple[dict[str, int], str, int], ...]] = (
    ({"LAMP-OAK": 1, "BOWL-BLUE": 2, "WOOL-MERINO": 4}, "bank_transfer", 0),
    ({"CUP-SPECKLED": 6, "BULB-WARM": 3}, "bank_transfer", 1000),
    ({"NEEDLES-4": 1, "WOOL-MERINO": 2, "PATTERN-FJORD": 1}, "bank_transfer", 0),
    ({"LAMP-PAPER": 2, "VASE-TALL": 1}, "cod", 0),
)
"""What was ordered, how it is paid, and what the mall took off."""


async def invite(shop: Shop) -> Mapping[str, VendorId]:
    """The vendors of the mall, who keep less than all: two of them by a rule of the mall."""
    vendors: dict[str, VendorId] = {}
    for code, details in VENDORS.items():
        bank = BankDetails.parse(details.name, BANK, "", "")
        wish = CreateVendor(code, replace(details, bank=bank))
        vendor_id = await shop.once(f"vendor/{code}", wish)
        await shop.once(f"open/{code}", MoveVendor(vendor_id, "activate", 1))
        vendors[code] = vendor_id
    rule = MakeRule(200_000, vendor_id=vendors["the-knit-room"])
    await shop.once("rule", rule)
    return vendors


async def two_days(shop: Shop) -> None:
    """Yesterday's orders are paid out; today a customer wants money back."""
    placed = [await _order(shop, f"order/{place}", *wanted) for place, wanted in enumerate(ORDERS)]
    run: Any = await shop.once("payout-run", RunPayouts(DAY.date()))
    await shop.once("export", ExportPayouts(run.payout_ids))
    for payout_id in run.payout_ids[:1]:
        await shop.once("payout", PayPayout(payout_id, "statement 1"))
    refund = RefundPayment(placed[0], amount=1500, reason="a bowl came chipped")
    await shop.once("refund", refund)


async def _order(shop: Shop, name: str, wanted: dict[str, int], method: str, off: int) -> OrderId:
    """An order that is paid, unless at the door, and leaves in a parcel for each vendor."""
    lines = tuple(Wanted(units, shop.articles[sku]) for sku, units in wanted.items())
    basket = Basket(lines=lines, payment_method=method, ship_to=HOME, discount=off)
    order: Any = await shop.once(name, PlaceOrder(basket, at=DAY))
    order_id: OrderId = order.order_id
    if method != "cod":
        await shop.once(f"{name}/paid", RecordPayment((Share(order_id),), method, at=DAY))
        await shop.once(f"{name}/sent", ShipOrder(order_id, at=DAY))
    return order_id
