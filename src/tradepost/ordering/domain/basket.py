"""What somebody wants to order, whether it came by a cart or in one request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.kernel.ids import CartId, CustomerId, LocationId, OrderId, SlotId, VariantId
from tradepost.kernel.messages import NOBODY, NOT_STAMPED, Scope
from tradepost.ordering.domain.address import Address
from tradepost.ordering.domain.cart import Cart
from tradepost.ordering.domain.status import Channel, Delivery
from tradepost.ordering.domain.substitution import Substitution
from tradepost.ordering.domain.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a wish: an article by identifier or SKU, how many smallest units, and the price
    agreed on (millionths of the major unit) where it is not the catalogue's.

    ``discount`` is what is taken off this line, in minor units; ``substitution`` what may be given
    instead where the article is not there.
    """

    quantity: int
    variant_id: VariantId | None = None
    sku: str | None = None
    agreed_price_micros: int | None = None
    discount: int = 0
    substitution: Substitution | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """Everything an order is made from; ``expected_total`` (minor units) guards the charge.

    ``discount`` (minor units) is taken off the whole and shared by its lines. What names a
    ``location_id`` is sold from there and from nowhere else. ``slot_id`` are the hours in which
    the goods come, and ``tariff`` what that costs where it is not what the shop's shipping costs.
    Of what it comes to, so much is ``paid_otherwise`` (minor units) than in coins. Goods that are
    ``handed_over`` already are promised whether they are known to be there or not.
    ``order_id`` is given by those who keep identifiers of their own: tills and imports. ``at`` and
    ``by`` are those of the wish.
    """

    lines: tuple[Wanted, ...] = ()
    channel: Channel = Channel.WEB
    delivery: Delivery = Delivery.SHIP
    payment_method: str = "bank_transfer"
    ship_to: Address | None = None
    customer_id: CustomerId | None = None
    cart_id: CartId | None = None
    email: str | None = None
    external_code: str | None = None
    location_id: LocationId | None = None
    slot_id: SlotId | None = None
    tariff: Tariff | None = None
    discount: int = 0
    paid_otherwise: int = 0
    handed_over: bool = False
    expected_total: int | None = None
    order_id: OrderId | None = None
    at: datetime = NOT_STAMPED
    by: Scope = NOBODY

    def filled(self, cart: Cart) -> Basket:
        """With what the cart holds and the choices made in it."""
        cart.check_open()
        return replace(
            self,
            lines=tuple(
                Wanted(line.quantity, line.variant_id, substitution=line.substitution)
                for line in cart.lines
            ),
            delivery=cart.delivery,
            location_id=cart.location_id,
            slot_id=cart.slot_id,
            payment_method=cart.payment_method,
            ship_to=cart.ship_to,
            customer_id=cart.customer_id,
            email=cart.email,
        )
