"""What an order posts: each portion of it to whoever earns it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tradepost.kernel.consignment import Contract
from tradepost.ledger.domain import Entry, Sold, earner, sale
from tradepost.ordering.domain import Order, OrderLine
from tradepost.ordering.domain.portions import Portion, portions
from tradepost.ordering.ports import Booked

NOTHING = Sold()


def sale_of(order: Order, lines: Sequence[OrderLine]) -> Iterator[Entry]:
    """What a placed order posts: to each who earns of it."""
    for contract, sold in _sold(order, lines).items():
        yield from sale(sold, earner(contract))


def difference(before: Booked, after: Booked) -> Iterator[Entry]:
    """What a changed order posts more, or less, than was posted before."""
    was, now = _sold(*before), _sold(*after)
    for contract in {**was, **now}:
        more = now.get(contract, NOTHING).less(was.get(contract, NOTHING))
        yield from sale(more, earner(contract))


def _sold(order: Order, lines: Sequence[OrderLine]) -> dict[Contract | None, Sold]:
    """What was sold under which contract."""
    inside = order.tax_included
    return {one.contract: _parts(one, inside=inside) for one in portions(order, lines)}


def _parts(portion: Portion, *, inside: bool) -> Sold:
    """What goes to which account; where prices include tax, it is taken out of its line."""
    goods = services = 0
    for line in portion.lines:
        net = line.amount.amount - (line.tax.amount if inside else 0)
        if line.ships:
            goods += net
        else:
            services += net
    return Sold(
        goods=goods,
        services=services,
        shipping=portion.shipping - (portion.shipping_tax if inside else 0),
        tax=portion.tax,
        discount=portion.discount,
        rounding=portion.rounding,
        cod_fee=portion.cod_fee - (portion.cod_fee_tax if inside else 0),
        commission=portion.commission,
    )
