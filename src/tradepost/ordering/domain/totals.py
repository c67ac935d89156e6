"""What an order comes to: its lines, its fees, their tax, and the coins it is paid in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from tradepost.kernel.errors import BadAmount
from tradepost.kernel.money import Money
from tradepost.kernel.money.amount import cash_rounded
from tradepost.kernel.whole import whole_number
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.terms import Assessed, Fees, Policy

LARGEST_TOTAL: Final = 10**15
"""More minor units than this no order comes to; sums of many orders stay inside 64 bits."""
PAID_IN_COINS = frozenset({"cash", "cod"})
"""Methods whose money is counted out in coins, so that a shop may round what they are to pay."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of an order, in the fields of the same names.

    total = subtotal − discount + shipping + cod_fee (+ tax, unless prices include it) + rounding
    """

    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    cod_fee: Money
    cod_fee_tax: Money
    tax: Money
    rounding: Money
    total: Money

    @classmethod
    def of(
        cls,
        lines: Sequence[OrderLine],
        fees: Fees,
        assessed: Assessed,
        method: str,
        policy: Policy,
        otherwise: int = 0,
    ) -> Totals:
        """The totals of lines and fees with their taxes, paid by a method.

        Where coins pay, they pay what is left when so much was paid ``otherwise``.

        :raises BadAmount: if they come to more than :data:`LARGEST_TOTAL`.
        """
        currency = policy.currency
        subtotal = sum(line.amount.amount for line in lines)
        discount = sum(line.discount.amount for line in lines)
        tax = sum(assessed.line_taxes) + assessed.shipping_tax + assessed.cod_fee_tax
        on_top = 0 if policy.prices_include_tax else tax
        owed = subtotal - discount + fees.shipping.amount + fees.cod.amount + on_top
        whole_number(owed, "total", at_most=LARGEST_TOTAL, refusal=BadAmount)
        due = Money(owed, currency)
        total, rounding = due, Money.zero(currency)
        if method in PAID_IN_COINS and owed > otherwise:
            rest = due - Money(otherwise, currency)
            _, rounding = cash_rounded(rest, policy.cash_step, policy.rounding.mode)
            total = due + rounding
        return cls(
            subtotal=Money(subtotal, currency),
            discount=Money(discount, currency),
            shipping=fees.shipping,
            shipping_tax=Money(assessed.shipping_tax, currency),
            cod_fee=fees.cod,
            cod_fee_tax=Money(assessed.cod_fee_tax, currency),
            tax=Money(tax, currency),
            rounding=rounding,
            total=total,
        )

    def amounts(self) -> dict[str, Any]:
        """The amounts by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
