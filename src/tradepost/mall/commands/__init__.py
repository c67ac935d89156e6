"""Wishes of the mall, and who grants them."""

from typing import Any

from tradepost.mall.commands import parcels, payouts, rules, vendors
from tradepost.mall.commands.parcels import DeliverOwn, ShipOwn
from tradepost.mall.commands.payouts import (
    CancelPayout,
    ExportAnswer,
    ExportPayouts,
    PayPayout,
    RunAnswer,
    RunPayouts,
)
from tradepost.mall.commands.rules import EndRule, MakeRule, RateRule
from tradepost.mall.commands.vendors import ChangeVendor, CreateVendor, MoveVendor

__all__ = [
    "HANDLERS",
    "CancelPayout",
    "ChangeVendor",
    "CreateVendor",
    "DeliverOwn",
    "EndRule",
    "ExportAnswer",
    "ExportPayouts",
    "MakeRule",
    "MoveVendor",
    "PayPayout",
    "RateRule",
    "RunAnswer",
    "RunPayouts",
    "ShipOwn",
]

HANDLERS: dict[type, Any] = {
    **parcels.HANDLERS,
    **payouts.HANDLERS,
    **rules.HANDLERS,
    **vendors.HANDLERS,
}
