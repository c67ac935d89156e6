"""A mall's money: whatever happens in any order, parts are the whole, and all goes back to zero."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from tests.mall.market import DECIMALS, Market, open_market
from tradepost.platform.db.work import Store

SEED = 20_260_301
ORDERS = {"sqlite": 25, "postgresql": 3}


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
@pytest.mark.parametrize("currency", DECIMALS)
async def test_random_orders_leave_nothing_behind(
    store: Store, currency: str, *, inside: bool
) -> None:
    seed = SEED + 2 * DECIMALS[currency] + inside
    market = await open_market(store, currency, seed, prices_include_tax=inside)
    await lived(market, ORDERS[store.dialect])


async def lived(market: Market, orders: int) -> Counter[str]:
    """Trade, check; give everything back, check."""
    sys.stdout.write(f"seed {market.seed}, {market.currency}\n")
    await market.trade(orders)
    await market.check_laws()
    await market.give_everything_back()
    await market.check_laws()
    await market.check_nothing_left()
    sys.stdout.write(f"{sorted(market.done.items())}\n")
    return market.done
