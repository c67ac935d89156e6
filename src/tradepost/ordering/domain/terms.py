"""What an order is made on: the shop's rules, the price book's quotes, the tax that is due."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.consignment import Contract
from tradepost.kernel.ids import LocationId, ProductId, StoreId, VariantId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Currency, Money, RoundingPolicy
from tradepost.ordering.domain.tariff import Tariff
from tradepost.ordering.errors import (
    BadQuantity,
    GuestsNotServed,
    NotSoldThere,
    OrderTooSmall,
    PaymentMethodUnknown,
    TooManyLines,
    TooMuchOfOne,
)


@dataclass(frozen=True, slots=True)
class Fees:
    """What an order costs besides its lines: for shipping, and for being paid at the door."""

    shipping: Money
    cod: Money


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one shop that an order is held to. Fees are in minor units of ``currency``."""

    currency: Currency
    time_zone: str
    cutoff_hour: int
    country: str
    store_id: StoreId | None
    locations: tuple[LocationId, ...]
    lines_max: int
    quantity_max: int
    rounding: RoundingPolicy
    prices_include_tax: bool
    payment_methods: tuple[str, ...]
    shipping_fee: int
    shipping_free_from: int | None
    first_number: int
    holds_at_cart: bool
    guest_checkout: bool = True
    order_amount_min: int = 0
    bank_transfer_days: int = 7
    cod_fee: int = 0
    cash_step: int = 1

    def check_lines(self, count: int) -> None:
        """Refuse more lines than one order may have."""
        if count > self.lines_max:
            raise TooManyLines(count, self.lines_max)

    def check_quantity(self, quantity: int, in_all: int, quote: Quote) -> None:
        """Refuse what cannot be sold in such steps, and more of an article than one order may have.

        ``in_all`` are the units of the article that the whole order wants.
        """
        if quantity <= 0 or quantity % quote.step:
            raise BadQuantity(quote.sku, quantity, quote.step)
        if in_all > self.quantity_max * quote.price_per:
            raise TooMuchOfOne(quote.sku, in_all, self.quantity_max * quote.price_per)

    def check_shopper(self, kind: str, subtotal: int, least: int = 0) -> None:
        """Refuse guests where only customers are served, and baskets worth less than the least.

        Neither holds for orders that staff or the house's own machinery place.
        """
        if kind == "guest" and not self.guest_checkout:
            raise GuestsNotServed
        least = max(least, self.order_amount_min)
        if kind in ("guest", "customer") and subtotal < least:
            raise OrderTooSmall(subtotal, least, self.currency.code)

    def check_method(self, method: str) -> None:
        """Refuse a payment method that the shop does not take."""
        if method not in self.payment_methods:
            raise PaymentMethodUnknown(method, ", ".join(self.payment_methods))

    def check_location(self, location_id: LocationId | None) -> None:
        """Refuse a location that is none of the shop's open ones; none is fine."""
        if location_id is not None and location_id not in self.locations:
            raise NotSoldThere(str(location_id))

    def as_agreed(self, *, tax_included: bool) -> Policy:
        """The rules for an order whose prices were agreed with tax inside, or on top of them."""
        return replace(self, prices_include_tax=tax_included)

    def fees_for(
        self, subtotal: int, method: str, *, ships: bool, tariff: Tariff | None = None
    ) -> Fees:
        """What shipping goods of this worth costs, by a tariff of its own or by the shop's, and
        paying at the door."""
        tariff = tariff or Tariff(self.shipping_fee, self.shipping_free_from)
        shipping = tariff.fee_for(subtotal) if ships else 0
        cod = self.cod_fee if method == "cod" else 0
        return Fees(Money(shipping, self.currency), Money(cod, self.currency))


@dataclass(frozen=True, slots=True)
class Quote:
    """What the price book says of an article for this shopper, here and now.

    ``price_micros`` buys ``price_per`` of the smallest unit; ``step`` is the least that can be
    bought, in smallest units. What is sold for a vendor is so under a ``contract``, for a
    commission in parts per million.
    """

    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    fulfillment_type: str
    on_sale: bool
    price_micros: int
    tax_class: str
    unit: str
    price_per: int
    step: int
    backorder: bool
    stocked: bool = True
    contract: Contract | None = None
    commission_ppm: int = 0

    def price_for(self, agreed_micros: int | None, actor: Actor) -> int:
        """Its price in millionths, or what was agreed on with somebody who may agree on prices."""
        if agreed_micros is None or agreed_micros == self.price_micros:
            return self.price_micros
        actor.must("orders.price_override")
        return agreed_micros


@dataclass(frozen=True, slots=True)
class Assessed:
    """The tax of one order: per line in order, and of its fees, in minor units."""

    line_taxes: tuple[int, ...]
    line_ppms: tuple[int, ...]
    shipping_tax: int = 0
    cod_fee_tax: int = 0


@dataclass(frozen=True, slots=True)
class Shortage:
    """An article of which too little is there."""

    variant_id: VariantId
    wanted: int
    available: int
