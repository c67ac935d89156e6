"""An order in portions: what of it the shop sold for itself, and what for each vendor.

Fees that are charged once are shared by what the goods of each are worth, by largest remainder, so
that all portions together are the order to the last minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import VendorId
from tradepost.kernel.money import share_out
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Order

Fee = tuple[int, int]
"""An amount, and the tax of it."""
NOTHING: Fee = (0, 0)


@dataclass(frozen=True, slots=True)
class Portion:
    """What was sold under one contract, in minor units; without a contract it is the shop's own.

    ``shipping`` and ``cod_fee`` are what it earns of these fees, with the tax of that share inside
    or on top as the order says; ``rounding`` is nobody's but the shop's.
    """

    contract: Contract | None
    lines: tuple[OrderLine, ...]
    shipping: int = 0
    shipping_tax: int = 0
    cod_fee: int = 0
    cod_fee_tax: int = 0
    rounding: int = 0

    @property
    def discount(self) -> int:
        """What was taken off its lines."""
        return sum(line.discount.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax of its lines and of its share of the fees."""
        return sum(line.tax.amount for line in self.lines) + self.shipping_tax + self.cod_fee_tax

    @property
    def commission(self) -> int:
        """What the shop keeps of it."""
        return sum(line.commission.amount for line in self.lines)

    def total(self, *, tax_included: bool) -> int:
        """What the customer pays for it."""
        net = sum(line.net.amount for line in self.lines) + self.shipping + self.cod_fee
        return net + self.rounding + (0 if tax_included else self.tax)


def portions(order: Order, lines: Sequence[OrderLine]) -> list[Portion]:
    """The order in portions, as they come in its lines; what the shop earns itself comes last.

    An order of a shop that sells for nobody is one portion.
    """
    shipping = order.shipping.amount, order.shipping_tax.amount
    cod_fee = order.cod_fee.amount, order.cod_fee_tax.amount
    if all(line.contract is None for line in lines):
        return [Portion(None, tuple(lines), *shipping, *cod_fee, order.rounding.amount)]
    by_contract: dict[Contract | None, list[OrderLine]] = {None: []}
    for line in lines:
        by_contract.setdefault(line.contract, []).append(line)
    own = tuple(by_contract.pop(None))
    carried = _shared(shipping, [(line, line.net.amount * line.ships) for line in lines])
    at_door = _shared(cod_fee, [(line, line.net.amount) for line in lines])
    made: list[Portion] = []
    for contract, its_lines in by_contract.items():
        assert contract is not None
        ours = carried.pop(contract.vendor_id, NOTHING) if _earns(contract.shipping) else NOTHING
        fee = at_door.pop(contract.vendor_id, NOTHING) if _earns(contract.cod_fee) else NOTHING
        made.append(Portion(contract, tuple(its_lines), *ours, *fee))
    left = *_sum(carried.values()), *_sum(at_door.values())
    return [*made, Portion(None, own, *left, order.rounding.amount)]


def _earns(party: Party) -> bool:
    return party is Party.VENDOR


def _shared(fee: Fee, weighed: Sequence[tuple[OrderLine, int]]) -> dict[VendorId | None, Fee]:
    """The shares of a fee, and of its tax, by whose lines they are for."""
    weights: dict[VendorId | None, int] = {}
    for line, weight in weighed:
        weights[line.vendor_id] = weights.get(line.vendor_id, 0) + weight
    amounts = share_out(fee[0], list(weights.values()))
    taxes = share_out(fee[1], amounts)
    return dict(zip(weights, zip(amounts, taxes, strict=True), strict=True))


def _sum(fees: Iterable[Fee]) -> Fee:
    shares = list(fees)
    return sum(amount for amount, _ in shares), sum(tax for _, tax in shares)
