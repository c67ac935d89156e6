"""A line of an order, as it was agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.ids import Ids, OrderId, OrderLineId, ProductId, VariantId
from tradepost.kernel.money import Money, UnitPrice, line_minor_units
from tradepost.ordering.domain.terms import Policy, Quote


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as it was agreed: title, price and tax are snapshots that nothing rewrites.

    ``quantity`` counts the smallest unit; ``amount`` is price times quantity rounded once, tax
    inside it or not as the order says. ``tax_ppm`` is the rate in parts per million.
    """

    id: OrderLineId
    order_id: OrderId
    position: int
    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    fulfillment_type: str
    quantity: int
    unit: str
    price_per: int
    unit_price: UnitPrice
    amount: Money
    discount: Money
    tax: Money
    tax_class: str
    tax_ppm: int
    shipped: int = 0
    returned: int = 0
    cancelled: int = 0

    @property
    def ships(self) -> bool:
        """Whether goods leave a shelf for this line."""
        return self.fulfillment_type in ("physical", "prepared")

    @property
    def to_ship(self) -> int:
        """Units that still have to leave."""
        return self.quantity - self.cancelled - self.shipped if self.ships else 0

    @property
    def still_wanted(self) -> int:
        """Units that nobody called off or brought back."""
        return self.quantity - self.cancelled - self.returned

    def called_off(self) -> OrderLine:
        """With all of it called off but what came back already."""
        return replace(self, cancelled=self.quantity - self.returned)

    @classmethod
    def agreed(
        cls,
        order: tuple[OrderId, int],
        quantity: int,
        quote: Quote,
        micros: int,
        rules: Policy,
        ids: Ids,
    ) -> OrderLine:
        """A line of an ``order`` (identifier and position) at a price in millionths.

        The amount is price times quantity, rounded once.
        """
        currency, nothing = rules.currency, Money.zero(rules.currency)
        amount = line_minor_units(micros, quantity, currency, rules.rounding_mode, quote.price_per)
        return cls(
            id=OrderLineId(ids.new()),
            order_id=order[0],
            position=order[1],
            variant_id=quote.variant_id,
            product_id=quote.product_id,
            sku=quote.sku,
            title=quote.title,
            fulfillment_type=quote.fulfillment_type,
            quantity=quantity,
            unit=quote.unit,
            price_per=quote.price_per,
            unit_price=UnitPrice(micros, currency),
            amount=Money(amount, currency),
            discount=nothing,
            tax=nothing,
            tax_class=quote.tax_class,
            tax_ppm=0,
        )
