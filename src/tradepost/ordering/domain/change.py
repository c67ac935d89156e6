"""The rules of changing an order that has not left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tradepost.kernel.ids import Ids, OrderLineId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import share_out
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.draft import Draft, agreed_lines, priced_draft, whole_draft
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Order
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.status import STATES
from tradepost.ordering.domain.terms import Assessed, Fees, Policy
from tradepost.ordering.domain.totals import Totals
from tradepost.ordering.errors import AboveAgreed, AlreadyShipped, MoreThanOpen, NothingWanted

GivenBack = Mapping[OrderLineId, tuple[int, int]]
"""What units of a line that came back were worth, tax inside, and the tax of it."""


def still_whole(order: Order) -> None:
    """Refuse to change an order that is closed or has left in part."""
    STATES.after(order.state, "complete")
    if order.units_shipped:
        raise AlreadyShipped(order.number)


def less(
    lines: Sequence[OrderLine],
    call_off: Sequence[tuple[OrderLineId, int]],
    policy: Policy,
    given: GivenBack,
) -> tuple[OrderLine, ...]:
    """The lines with units called off; a line called off wholly stays, and costs nothing.

    ``given`` is what units that came back were worth, tax inside, and the tax of it.

    :raises MoreThanOpen: for units that were called off before, or came back.
    """
    left = {line.id: line for line in lines}
    off: Counter[OrderLineId] = Counter()
    for line_id, units in call_off:
        line = left.get(line_id)
        still = line.still_wanted - off[line_id] if line else 0
        if line is None or not 0 < units <= still:
            raise MoreThanOpen(str(line_id), still, units)
        off[line_id] += units
    return tuple(
        one.less(off[one.id], policy, given.get(one.id, (0, 0))) if off[one.id] else one
        for one in lines
    )


def enlarged_draft(
    basket: Basket,
    order: Order,
    kept: Sequence[OrderLine],
    quotes: Quotes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
    *,
    fees_agreed: bool = False,
) -> tuple[Draft, Draft]:
    """What is wanted besides the lines kept of an order, and both together.

    The limits are those of both; nothing more has to be wanted. The fee for shipping is today's
    where something is added; else it stays as agreed, as long as there is something to ship. What
    comes in a slot keeps the fee that was agreed with it.

    :raises Refusal: the first rule of the shop that they break.
    """
    if basket.lines:
        open_lines = sum(line.quantity > line.cancelled for line in kept)
        policy.check_lines(open_lines + len(basket.lines))
    added = priced_draft(basket, kept, quotes, policy, actor, ids)
    whole = whole_draft(replace(added, lines=(*kept, *added.lines)), policy, actor)
    keeps_fee = fees_agreed or order.slot_id is not None or not basket.lines
    if keeps_fee and any(line.to_ship for line in whole.lines):
        whole = replace(whole, fees=replace(whole.fees, shipping=order.shipping))
    return replace(added, fees=replace(added.fees, shipping=whole.fees.shipping)), whole


def lowered(added: Draft, whole: Draft, off: int) -> tuple[Draft, Draft]:
    """What is added for less, shared by its lines for what they come to, and the whole with it.

    :raises AboveAgreed: if there is nothing left to lower.
    """
    worth = added.worth
    if not worth:
        raise AboveAgreed(off, added.fees.shipping.currency.code)
    shares = share_out(min(off, worth), [line.net.amount for line in added.lines])
    lines = tuple(one.discounted(off) for one, off in zip(added.lines, shares, strict=True))
    kept = whole.lines[: len(whole.lines) - len(lines)]
    return replace(added, lines=lines), replace(whole, lines=(*kept, *lines))


def check_something_left(draft: Draft) -> None:
    """Refuse to change an order to nothing; it is called off by cancelling it."""
    if all(line.cancelled == line.quantity for line in draft.lines):
        raise NothingWanted


def needs_assessing(order: Order, added: Draft) -> bool:
    """Whether a change brings something whose tax was not agreed before."""
    return bool(added.lines) or added.fees.shipping != order.shipping


def changed_order(
    order: Order, whole: Draft, added: Draft, assessed: Assessed | None, policy: Policy
) -> tuple[Order, tuple[OrderLine, ...]]:
    """The order under its new lines' totals, a version further; everything else stays agreed.

    What is kept keeps its tax, and so does the fee for paying at the door; ``assessed`` is that of
    what was added, and of a new fee for shipping.
    """
    kept = whole.lines[: len(whole.lines) - len(added.lines)]
    fresh = assessed or Assessed((), ())
    lines = (*kept, *agreed_lines(added, fresh, policy))
    same_fee = whole.fees.shipping == order.shipping
    shipping_tax = order.shipping_tax.amount if same_fee else fresh.shipping_tax
    taxed = tuple(one.tax.amount for one in lines)
    agreed = Assessed(taxed, (), shipping_tax, order.cod_fee_tax.amount)
    fees = Fees(whole.fees.shipping, order.cod_fee)
    totals = Totals.of(lines, fees, agreed, order.payment_method, policy)
    changed = replace(
        order,
        **totals.amounts(),
        units_to_ship=sum(one.to_ship for one in lines),
        version=order.version + 1,
    )
    return changed, lines
