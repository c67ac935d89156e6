"""What is taken off lines, by those who may: off one of them, or off all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.kernel.messages import Actor
from tradepost.kernel.money import share_out
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.errors import BadDiscount


def lowered(line: OrderLine, off: int, actor: Actor) -> OrderLine:
    """A line with so many minor units off.

    :raises BadDiscount: if that is below zero, or more than the line comes to.
    """
    if not off:
        return line
    actor.must("orders.discount")
    return line.discounted(off)


def all_lowered(lines: Sequence[OrderLine], off: int, actor: Actor) -> tuple[OrderLine, ...]:
    """Lines with so many minor units off together, each its share of them by what it comes to.

    :raises BadDiscount: if that is below zero, or more than they come to together.
    """
    if not off:
        return tuple(lines)
    actor.must("orders.discount")
    worth = [line.net.amount for line in lines]
    if not 0 < off <= sum(worth):
        raise BadDiscount(off, sum(worth), lines[0].amount.currency.code)
    shares = share_out(off, worth)
    return tuple(line.discounted(share) for line, share in zip(lines, shares, strict=True))
