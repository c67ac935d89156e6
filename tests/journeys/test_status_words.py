"""Looking for orders by status finds those that read so, whatever they have been through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from uuid import uuid4

from tests.journeys.spine import open_shop
from tests.journeys.test_order import HOME
from tradepost.kernel.ids import OrderId
from tradepost.kernel.money import Money
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Channel, Delivery, Order, OrderState, Stage, Status, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.status import WORDS, words_of
from tradepost.ordering.queries import OrderFilter, order_rows
from tradepost.ordering.storage.orders import ORDER_ROWS, orders
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store, Work

MANY = 100_000
_ONE = Statement(scoped(orders, *ORDER_ROWS.columns).where(orders.c.id == param("id")))
# what came in, is promised, went back and was credited, of 500
MONEY = (
    *((0, 0, 0, 0), (499, 0, 0, 0), (600, 0, 0, 0), (0, 499, 0, 0)),
    *((100, 400, 0, 0), (0, 400, 0, 100), (500, 0, 1, 0), (500, 500, 500, 0)),
)
UNITS = ((0, 0), (5, 0), (5, 2), (5, 5))


def _every(one: Order) -> Iterator[Order]:
    """The order in every combination of what its status may depend on."""
    kinds = product(Channel, Delivery, ("bank_transfer", "cod"))
    placed, closed = OrderState.PLACED, (OrderState.COMPLETED, OrderState.CANCELLED)
    number = one.number
    for channel, delivery, method in kinds:
        base = replace(one, channel=channel, delivery=delivery, payment_method=method)
        stages = WORDS.get(base.kind, (Stage.NONE,))
        lives = [*((placed, stage) for stage in stages), *((end, Stage.NONE) for end in closed)]
        for (state, stage), money, (wanted, left) in product(lives, MONEY, UNITS):
            number += 1
            paid, promised, refunded, credited = (Money(sum, one.currency) for sum in money)
            yield replace(
                base,
                id=OrderId(uuid4()),
                number=number,
                state=state,
                stage=stage,
                paid=paid,
                promised=promised,
                refunded=refunded,
                credited=credited,
                units_to_ship=wanted,
                units_shipped=left,
            )


async def test_the_list_of_a_status_holds_what_reads_so(store: Store) -> None:
    shop = await open_shop(store, shipping_fee_amount=0)
    await shop.article("tea", "5.00", stock=9)
    basket = Basket(lines=(Wanted(1, sku="tea"),), ship_to=HOME)
    placed = await shop.bus.send(shop.scope, PlaceOrder(basket))

    async def read(db: Reader) -> Order:
        row = await db.one(_ONE, id=placed.order_id)
        assert row is not None
        return ORDER_ROWS.load(row)

    first = await shop.bus.ask(shop.scope, read)
    assert first.total.amount == 500
    made = list(_every(first))

    async def write(work: Work) -> None:
        work.add(orders, *map(ORDER_ROWS.dump, made))

    await shop.bus.within(shop.scope, write)
    everyone = {one.id: one.status for one in [first, *made]}
    assert all(one.status in words_of(one.kind) for one in made)
    for status in Status:
        rows = await shop.bus.ask(shop.scope, order_rows, OrderFilter(status.value), None, MANY)
        assert all(row.status == status for row in rows), status
        assert {row.id for row in rows} == {id for id, word in everyone.items() if word is status}
