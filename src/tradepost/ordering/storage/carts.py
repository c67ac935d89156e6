"""Carts as rows; their lines are a document inside."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_

from tradepost.kernel.ids import CartId, CustomerId, OrderId
from tradepost.ordering.domain import Cart, CartState
from tradepost.ordering.storage.orders import orders
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    same_tenant,
    scoped,
)
from tradepost.platform.db.work import Row, Work

carts = tenant_table("carts", Cart, indexes=[("customer_id", "state")], without=("order_id",))
CART_ROWS = Mapper(Cart, carts, without=("order_id",))
_became = and_(same_tenant(carts, orders), orders.c.cart_id == carts.c.id)
_FOUND = scoped(carts, *CART_ROWS.columns, orders.c.id).select_from(
    carts.outerjoin(orders, _became)
)
FIND = Statement(_FOUND.where(any_of(carts.c.id, "ids")))
_LOCK = Statement(
    _FOUND.where(any_of(carts.c.id, "ids")).order_by(carts.c.id).with_for_update(of=carts)
)
_LOCK_OF = Statement(
    _FOUND.where(carts.c.customer_id == param("customer_id"))
    .order_by(carts.c.id)
    .with_for_update(of=carts)
)
_open_of = (
    _FOUND.where(carts.c.customer_id == param("customer_id"))
    .where(carts.c.state == CartState.OPEN)
    .where(orders.c.id.is_(None))
    .order_by(carts.c.changed_at.desc())
    .limit(1)
)
OPEN_OF = Statement(_open_of)
_LOCK_OPEN_OF = Statement(_open_of.with_for_update(of=carts))
_BECAME = Statement(
    scoped(orders, orders.c.cart_id, orders.c.id).where(any_of(orders.c.cart_id, "ids"))
)
_CHANGING = (
    "state",
    "customer_id",
    "email",
    "lines",
    "ship_to",
    "delivery",
    "location_id",
    "slot_id",
    "payment_method",
    "changed_at",
    "version",
)


class SqlCarts:
    """Answers the Carts port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock(self, ids: Sequence[CartId]) -> dict[CartId, Cart]:
        """The carts with the orders they became, locked in the order of their identifiers."""
        rows = await self._work.all(_LOCK, ids=sorted(set(ids)))
        return {cart.id: cart for cart in await self._with_orders(rows)}

    def add(self, cart: Cart) -> None:
        """Keep a fresh cart."""
        self._work.add(carts, CART_ROWS.dump(cart))

    async def save(self, changed: Sequence[Cart]) -> None:
        """Write locked carts back."""
        rows = [CART_ROWS.dump(cart) for cart in changed]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(carts, ("id",), kept)

    async def lock_of(self, customer_id: CustomerId) -> list[Cart]:
        """A customer's carts, locked in the order of their identifiers."""
        return await self._with_orders(await self._work.all(_LOCK_OF, customer_id=customer_id))

    async def open_of(self, customer_id: CustomerId) -> Cart | None:
        """The customer's open cart that changed last."""
        row = await self._work.one(_LOCK_OPEN_OF, customer_id=customer_id)
        return (await self._with_orders([row]))[0] if row else None

    async def _with_orders(self, rows: Sequence[Row]) -> list[Cart]:
        """Carts as they are under their locks.

        Whoever waited for a lock sees what was there before the wait, and placing an order leaves
        the row of its cart alone: so the orders are looked up again, where anybody can wait.
        """
        if self._work.is_alone:
            return [load_cart(row) for row in rows]
        ids = [row[0] for row in rows]
        became: dict[CartId, OrderId] = dict(await self._work.all(_BECAME, ids=ids)) if ids else {}
        return [CART_ROWS.load(row[:-1], order_id=became.get(row[0])) for row in rows]


def load_cart(row: Sequence[object]) -> Cart:
    """A row of cart columns followed by the identifier of the order it became."""
    return CART_ROWS.load(row[:-1], order_id=row[-1])
