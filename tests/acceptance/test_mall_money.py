"""Random orders of malls, in three currencies, leave nothing behind.

Twelve hundred of them in every run; TRADEPOST_MALL_ORDERS=10000 asks for as many, which takes half
an hour of a core.
"""

from __future__ import annotations

import os
import sys

import pytest
from tests.mall.market import DECIMALS, open_market
from tests.stores import sqlite_store

pytestmark = pytest.mark.acceptance

ORDERS_IN_ALL, SHOPS = int(os.environ.get("TRADEPOST_MALL_ORDERS") or 1_200), 6
BETWEEN_CHECKS = 400
SEED = 7_000


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
@pytest.mark.parametrize("currency", DECIMALS)
async def test_orders_in_six_malls(currency: str, *, inside: bool) -> None:
    """Parts are the whole all along, laws hold in between, and all of it goes back to zero."""
    seed = SEED + 2 * DECIMALS[currency] + inside
    sys.stdout.write(f"seed {seed}, {currency}\n")
    store = await sqlite_store(None)
    market = await open_market(store, currency, seed, prices_include_tax=inside)
    share = -(-ORDERS_IN_ALL // SHOPS)
    for placed in range(0, share, BETWEEN_CHECKS):
        await market.trade(min(BETWEEN_CHECKS, share - placed))
        await market.check_laws()
    assert len(market.orders) == share
    await market.give_everything_back()
    await market.check_laws()
    await market.check_nothing_left()
    wanted = {"refund_lines", "refund_amount", "refund_all", "give_back", "settle_payout", "run"}
    assert wanted <= market.done.keys(), market.done
    sys.stdout.write(f"{sorted(market.done.items())}\n")
    await store.close()
