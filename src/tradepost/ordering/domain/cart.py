"""The cart: what somebody may want to order. It becomes at most one order.

A guest's cart that nothing has happened to is not kept: its identifier and token are all there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CartId,
    CartLineId,
    CustomerId,
    LocationId,
    OrderId,
    SlotId,
    VariantId,
)
from tradepost.kernel.money import Currency
from tradepost.kernel.states import States
from tradepost.ordering.domain.address import Address
from tradepost.ordering.domain.status import Delivery
from tradepost.ordering.domain.substitution import Substitution
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.errors import CartClosed, CartFull


class CartState(StrEnum):
    """A ``merged`` cart lives on in another; an ordered one is told by its order."""

    OPEN = "open"
    MERGED = "merged"


CART_STATES = States(
    "cart",
    {
        CartState.OPEN: {"change": CartState.OPEN, "merge": CartState.MERGED},
        CartState.MERGED: {},
    },
)


@dataclass(frozen=True, slots=True)
class CartLine:
    """How many smallest units of an article somebody wants, and what they would take instead."""

    id: CartLineId
    variant_id: VariantId
    quantity: int
    substitution: Substitution | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """A guest's or a customer's cart; its lines are kept with it as one document.

    ``order_id`` is the order it became, if it did: the cart is then that order's frozen evidence.
    """

    id: CartId
    state: CartState
    customer_id: CustomerId | None
    email: str | None
    currency: Currency
    lines: tuple[CartLine, ...]
    ship_to: Address | None
    delivery: Delivery
    location_id: LocationId | None
    slot_id: SlotId | None
    payment_method: str
    opened_at: datetime
    changed_at: datetime
    version: int
    order_id: OrderId | None = None

    @property
    def status(self) -> str:
        """``open``, ``ordered`` or ``merged``."""
        return "ordered" if self.order_id else self.state.value

    def of(self, *owners: CustomerId | None) -> Cart:
        """The cart of one of these (``None``: a guest); anybody else's is :class:`Unknown`."""
        if self.customer_id not in owners:
            raise Unknown("cart", str(self.id))
        return self

    def check_open(self) -> None:
        """Raise :class:`CartClosed` for one that may no longer change."""
        if self.status != "open":
            raise CartClosed(str(self.id), self.status)

    def opened(self, at: datetime) -> Cart:
        """The cart as one that may still change; :class:`CartClosed` otherwise."""
        self.check_open()
        return replace(self, changed_at=at)

    def with_line(self, line: CartLine, lines_max: int, at: datetime) -> Cart:
        """With more of an article; a line of the same article grows."""
        self.check_open()
        for place, old in enumerate(self.lines):
            if old.variant_id == line.variant_id:
                grown = replace(
                    old,
                    quantity=old.quantity + line.quantity,
                    substitution=line.substitution or old.substitution,
                )
                lines = (*self.lines[:place], grown, *self.lines[place + 1 :])
                return replace(self, lines=lines, changed_at=at)
        if len(self.lines) >= lines_max:
            raise CartFull(lines_max)
        return replace(self, lines=(*self.lines, line), changed_at=at)

    def with_quantity(self, line_id: CartLineId, quantity: int, at: datetime) -> Cart:
        """With a line's quantity set; zero takes the line out."""
        self.check_open()
        if all(line.id != line_id for line in self.lines):
            raise Unknown("cart line", str(line_id))
        changed = (
            replace(line, quantity=quantity) if line.id == line_id else line for line in self.lines
        )
        return replace(self, lines=tuple(line for line in changed if line.quantity), changed_at=at)

    def with_choices(
        self,
        at: datetime,
        *,
        email: str | None,
        ship_to: Address | None,
        delivery: Delivery,
        payment_method: str,
        location_id: LocationId | None = None,
        slot_id: SlotId | None = None,
    ) -> Cart:
        """With where it goes, how, and how it will be paid."""
        self.check_open()
        return replace(
            self,
            email=email,
            ship_to=ship_to,
            delivery=delivery,
            payment_method=payment_method,
            location_id=location_id,
            slot_id=slot_id,
            changed_at=at,
        )

    def anonymized(self) -> Cart:
        """The same cart of nobody; one that names nobody stays as it is."""
        place = None if self.ship_to is None else self.ship_to.anonymized()
        kept = replace(self, email=None, ship_to=place)
        return self if kept == self else replace(kept, version=self.version + 1)

    def merged_into(self, other: Cart, lines_max: int, at: datetime) -> tuple[Cart, Cart]:
        """This cart closed, and the other with this one's lines: what signing in does."""
        mine = self.opened(at)
        for line in mine.lines:
            other = other.with_line(line, lines_max, at)
        return replace(mine, state=CartState.MERGED), other


def empty_cart(id: CartId, customer_id: CustomerId | None, policy: Policy, at: datetime) -> Cart:
    """A fresh cart that nothing has happened to yet."""
    return Cart(
        id=id,
        state=CartState.OPEN,
        customer_id=customer_id,
        email=None,
        currency=policy.currency,
        lines=(),
        ship_to=None,
        delivery=Delivery.SHIP,
        location_id=None,
        slot_id=None,
        payment_method=policy.payment_methods[0],
        opened_at=at,
        changed_at=at,
        version=0,
    )
