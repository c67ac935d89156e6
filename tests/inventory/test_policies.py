"""Safety stock, backorder and hot goods, on both stores."""

from __future__ import annotations

import pytest

from tests.inventory.room import NOON, Room
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.commands.policies import AllowBackorder, SetSafetyStock
from tradepost.inventory.errors import Shortage
from tradepost.kernel.errors import BadQuantity
from tradepost.kernel.ids import LocationId, RandomIds


async def test_safety_stock_is_promised_to_nobody(room: Room) -> None:
    mug = await room.variant(5)
    await room.send(SetSafetyStock(room.main, mug, 3, at=NOON))
    with pytest.raises(Shortage) as refused:
        await room.order((mug, 3))
    assert refused.value.available == 2
    order = await room.order((mug, 2))
    await room.ship(order)
    assert (await room.stock(mug)).available == 0
    await room.send(SetSafetyStock(room.main, mug, 5, at=NOON))
    assert (await room.stock(mug)).available == -2
    with pytest.raises(BadQuantity):
        await room.send(SetSafetyStock(room.main, mug, -1, at=NOON))


async def test_a_variant_that_may_be_promised_before_it_arrives(room: Room) -> None:
    mug = await room.variant()
    await room.send(AllowBackorder(room.main, mug, True, at=NOON))
    await room.order((mug, 2))
    assert (await room.stock(mug)).available == -2
    await room.send(AllowBackorder(room.main, mug, False, at=NOON))
    with pytest.raises(Shortage):
        await room.order((mug, 1))


async def test_hot_goods_are_hot_everywhere(room: Room) -> None:
    far = LocationId(RandomIds().new())
    mug, never = await room.variant(5), await room.variant()
    await room.receive(mug, 1, far)
    assert await room.send(MarkHot(mug, True, at=NOON)) == 2
    assert (await room.stock(mug)).is_hot and (await room.stock(mug, far)).is_hot
    assert await room.send(MarkHot(mug, False, at=NOON)) == 2
    assert not (await room.stock(mug)).is_hot
    assert await room.send(MarkHot(never, True, at=NOON)) == 0
    changed = [f for f in (await room.books()).facts if f.name == "inventory.policy_changed"]
    assert [[line["is_hot"] for line in f.body["lines"]] for f in changed] == [
        [True, True],
        [False, False],
    ]
