"""A line of an order, as it was agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import Ids, OrderId, OrderLineId, ProductId, VariantId, VendorId
from tradepost.kernel.money import Money, Rate, UnitPrice, priced_minor_units, share_out, tax_on
from tradepost.ordering.domain.substitution import Substitution
from tradepost.ordering.domain.terms import Policy, Quote
from tradepost.ordering.errors import BadDiscount


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as it was agreed: title, price and tax are snapshots that nothing rewrites.

    ``quantity`` counts the smallest unit; ``amount`` is price times quantity rounded once, tax
    inside it or not as the order says. ``discount`` is taken off it, and tax is on what is left.
    ``tax_ppm`` is the rate in parts per million; ``tax_agreed`` and ``discount_agreed`` are those
    of all the units that were ordered at first. What was sold for a vendor keeps the ``contract``
    and the rate of that day; ``commission`` is on its net amount.
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
    discount_agreed: Money
    tax: Money
    tax_agreed: Money
    tax_class: str
    tax_ppm: int
    vendor_id: VendorId | None
    contract: Contract | None
    commission_ppm: int
    commission: Money
    stocked: bool = True
    shipped: int = 0
    returned: int = 0
    cancelled: int = 0
    substitution: Substitution | None = None

    @property
    def net(self) -> Money:
        """What the line comes to after its discount."""
        return self.amount - self.discount

    @property
    def ships(self) -> bool:
        """Whether goods leave a shelf for this line."""
        return self.fulfillment_type in ("physical", "prepared")

    @property
    def takes_stock(self) -> bool:
        """Whether they are taken from stock; some dishes are made to order."""
        return self.ships and self.stocked

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

    def taxed(self, tax: int, ppm: int) -> OrderLine:
        """With its tax, in minor units, as it is agreed."""
        money = Money(tax, self.amount.currency)
        return replace(self, tax=money, tax_agreed=money, tax_ppm=ppm)

    def commissioned(self, rules: Policy) -> OrderLine:
        """With the shop's commission on what its vendor gets for it, tax left out, rounded once."""
        if self.contract is None:
            return self
        theirs = self.net if self.contract.discount is Party.VENDOR else self.amount
        base = theirs.amount - (self.tax.amount if rules.prices_include_tax else 0)
        kept = tax_on(base, Rate(self.commission_ppm), rules.rounding.mode)
        return replace(self, commission=Money(kept, rules.currency))

    def discounted(self, off: int) -> OrderLine:
        """With so much more taken off, in minor units, as it is agreed.

        :raises BadDiscount: if that is below zero, or more than the line comes to.
        """
        if not 0 <= off <= self.net.amount:
            raise BadDiscount(off, self.net.amount, self.amount.currency.code)
        whole = self.discount + Money(off, self.amount.currency)
        return replace(self, discount=whole, discount_agreed=whole)

    def less(self, units: int, rules: Policy, given: tuple[int, int] = (0, 0)) -> OrderLine:
        """With units called off: what is left costs what was agreed, and bears its share of the
        discount and of the tax that were agreed.

        ``given`` is what units that came back were worth, tax inside, and the tax of it: where
        nothing else is left, the line comes to just that.
        """
        cancelled = self.cancelled + units
        if self.returned and cancelled + self.returned == self.quantity:
            return self._come_back(cancelled, rules, *given)
        whole = self._amount_of(self.quantity, rules)
        amount = self._amount_of(self.quantity - cancelled, rules)
        weights = (amount, max(whole - amount, 0))
        tax, off = (
            share_out(one.amount, weights)[0] if any(weights) else 0
            for one in (self.tax_agreed, self.discount_agreed)
        )
        cost, share = Money(amount, rules.currency), Money(tax, rules.currency)
        less = Money(off, rules.currency)
        left = replace(self, cancelled=cancelled, amount=cost, discount=less, tax=share)
        return left.commissioned(rules)

    def _come_back(self, cancelled: int, rules: Policy, gross: int, tax: int) -> OrderLine:
        cost = amount = gross if rules.prices_include_tax else gross - tax
        if self.discount_agreed.amount:
            amount = max(cost, self._amount_of(self.quantity - cancelled, rules))
        left = replace(
            self,
            cancelled=cancelled,
            amount=Money(amount, rules.currency),
            discount=Money(amount - cost, rules.currency),
            tax=Money(tax, rules.currency),
        )
        return left.commissioned(rules)

    def _amount_of(self, quantity: int, rules: Policy) -> int:
        price, per = self.unit_price, self.price_per
        return priced_minor_units(price.micros, quantity, rules.currency, rules.rounding, per)

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
        amount = priced_minor_units(micros, quantity, currency, rules.rounding, quote.price_per)
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
            discount_agreed=nothing,
            tax=nothing,
            tax_agreed=nothing,
            tax_class=quote.tax_class,
            tax_ppm=0,
            vendor_id=quote.contract.vendor_id if quote.contract else None,
            contract=quote.contract,
            commission_ppm=quote.commission_ppm,
            commission=nothing,
            stocked=quote.stocked,
        )
